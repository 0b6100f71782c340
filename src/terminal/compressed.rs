//! Texts that are compressed: gzip and Zstandard, told by their first bytes, which begin no text in UTF-8.

use std::error::Error;
use std::io::{self, BufRead, BufReader, ErrorKind, Read};

use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use super::interrupt::{ctrl_c, is_ctrl_c};

/// How a text is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compression {
    Gzip,
    Zstandard,
}

impl Compression {
    /// What a text of this compression begins with.
    pub(super) fn mark(self) -> &'static [u8] {
        match self {
            Self::Gzip => &[0x1f, 0x8b],
            Self::Zstandard => &[0x28, 0xb5, 0x2f, 0xfd],
        }
    }

    /// The text.
    pub(super) fn open(self, source: Box<dyn BufRead>) -> Box<dyn BufRead> {
        match self {
            Self::Gzip => Box::new(BufReader::new(MultiGzDecoder::new(source))),
            Self::Zstandard => Box::new(BufReader::new(Frames::new(source))),
        }
    }
}

/// The frames of a Zstandard stream, one after the other.
struct Frames<R> {
    source: R,
    decoder: FrameDecoder,
    in_frame: bool,
}

impl<R: BufRead> Frames<R> {
    fn new(source: R) -> Self {
        Self { source, decoder: FrameDecoder::new(), in_frame: false }
    }

    /// Goes on to the next frame; whether there is one.
    fn next_frame(&mut self) -> io::Result<bool> {
        loop {
            if self.source.fill_buf()?.is_empty() {
                return Ok(false);
            }
            match self.decoder.init(&mut self.source) {
                Ok(()) => {
                    self.in_frame = true;
                    return Ok(true);
                }
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame { length, .. })) => {
                    io::copy(&mut self.source.by_ref().take(length.into()), &mut io::sink())?;
                }
                Err(error) => return Err(unreadable(error)),
            }
        }
    }

    fn end_frame(&mut self) -> io::Result<()> {
        self.in_frame = false;
        let (kept, found) = (self.decoder.get_checksum_from_data(), self.decoder.get_calculated_checksum());
        match kept {
            Some(_) if kept != found => Err(unreadable("the checksum is another")),
            _ => Ok(()),
        }
    }
}

impl<R: BufRead> Read for Frames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.decoder.can_collect() == 0 {
            if !self.in_frame {
                if !self.next_frame()? {
                    return Ok(0);
                }
            } else if self.decoder.is_finished() {
                self.end_frame()?;
            } else {
                let one = BlockDecodingStrategy::UptoBlocks(1);
                self.decoder.decode_blocks(&mut self.source, one).map_err(unreadable)?;
            }
        }
        self.decoder.read(buffer)
    }
}

/// What is no Zstandard; or Ctrl-C, which the decoder wraps up.
fn unreadable(error: impl Into<Box<dyn Error + Send + Sync>>) -> io::Error {
    let error = error.into();
    let mut cause: Option<&(dyn Error + 'static)> = Some(error.as_ref());
    while let Some(error) = cause {
        if error.downcast_ref().is_some_and(is_ctrl_c) {
            return ctrl_c();
        }
        cause = error.source();
    }
    io::Error::new(ErrorKind::InvalidData, error)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::write::GzEncoder;
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};

    use super::*;

    fn zstandard(text: &str) -> Vec<u8> {
        compress_to_vec(text.as_bytes(), CompressionLevel::Fastest)
    }

    fn gzip(text: &str) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    fn read(compression: Compression, bytes: Vec<u8>) -> io::Result<String> {
        assert!(bytes.starts_with(compression.mark()));
        let mut text = String::new();
        compression.open(Box::new(io::Cursor::new(bytes))).read_to_string(&mut text).map(|_| text)
    }

    #[test]
    fn members_and_frames_follow_each_other() {
        let long = "SELECT 1;\n".repeat(100_000);
        let skipped = [&[0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 9, 9][..]].concat();
        let frames = [zstandard(&long), skipped, zstandard(""), zstandard("b")].concat();
        assert_eq!(read(Compression::Zstandard, frames).unwrap(), long.clone() + "b");
        let members = [gzip(&long), gzip(""), gzip("b")].concat();
        assert_eq!(read(Compression::Gzip, members).unwrap(), long + "b");
    }

    #[test]
    fn what_is_cut_short_or_changed_is_an_error() {
        let text = (0..10_000).map(|i| format!("INSERT {i};\n")).collect::<String>();
        for (compression, whole) in [(Compression::Gzip, gzip(&text)), (Compression::Zstandard, zstandard(&text))] {
            for end in [whole.len() / 2, whole.len() - 1] {
                assert!(read(compression, whole[..end].to_vec()).is_err(), "{compression:?} cut at {end}");
            }
            let mut changed = whole.clone();
            changed[whole.len() / 2] ^= 1;
            assert!(read(compression, changed).is_err(), "{compression:?}");
        }
    }
}
