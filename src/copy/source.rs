//! The input of an import cut into chunks of whole records. It knows where a record stands, and nothing of what it
//! means.

use std::io::{self, Read};
use std::mem;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use memchr::memchr2_iter;

use super::dialect::Dialect;
use super::record::{self, BYTE_ORDER_MARK, Stop};

/// Bytes asked for at a time.
const BLOCK: usize = 256 * 1024;
/// A chunk is handed on when it holds this much, however few records that is.
const LARGEST_CHUNK: usize = 1024 * 1024;
/// No record the server takes is longer: the native protocol's frames end at 256 MiB.
const LONGEST_RECORD: usize = 256 * 1024 * 1024;

/// Whole records that follow each other in one input.
#[derive(Debug)]
pub(super) struct Chunk {
    /// What the input is called.
    pub(super) source: Arc<str>,
    /// The line its first record begins on, from 1.
    pub(super) first_line: u64,
    /// The records as they stand.
    pub(super) bytes: Vec<u8>,
    /// How many they are.
    pub(super) rows: usize,
    /// Where lines end, found when the first record is placed.
    line_ends: OnceLock<Vec<usize>>,
}

impl Chunk {
    /// The records of `bytes`, as many as `rows`.
    pub(super) fn new(source: Arc<str>, first_line: u64, bytes: Vec<u8>, rows: usize) -> Self {
        Self { source, first_line, bytes, rows, line_ends: OnceLock::new() }
    }

    /// Where the record that begins at this offset stands: `file:line`.
    pub(super) fn place(&self, offset: usize) -> String {
        let line_ends = self.line_ends.get_or_init(|| line_breaks(&self.bytes).collect());
        let before = line_ends.partition_point(|end| *end < offset);
        format!("{}:{}", self.source, self.first_line + before as u64)
    }
}

/// Why an input gives no more records.
#[derive(Debug)]
pub(super) enum SourceError {
    /// Reading failed.
    Read(io::Error),
    /// What is left is no record.
    Broken(Broken),
}

/// The rest of an input, which is no record.
#[derive(Debug)]
pub(super) struct Broken {
    /// Why.
    pub(super) why: &'static str,
    /// Where it begins: `file:line`.
    pub(super) place: String,
    /// Its bytes.
    pub(super) bytes: Vec<u8>,
}

/// Cuts one input into chunks.
pub(super) struct Cutter<'d, R> {
    input: R,
    source: Arc<str>,
    dialect: &'d Dialect,
    buffer: Vec<u8>,
    /// Where the chunk in the making begins in `buffer`.
    start: usize,
    /// Where the next record begins.
    at: usize,
    /// The line at `start`.
    line: u64,
    rows: usize,
    begun: bool,
    ended: bool,
}

impl<'d, R: Read> Cutter<'d, R> {
    /// Nothing is read yet.
    pub(super) fn new(input: R, source: Arc<str>, dialect: &'d Dialect) -> Self {
        let buffer = Vec::new();
        Self { input, source, dialect, buffer, start: 0, at: 0, line: 1, rows: 0, begun: false, ended: false }
    }

    /// Adds the next record to the chunk in the making; `false` at the end of the input.
    pub(super) fn add(&mut self) -> Result<bool, SourceError> {
        while self.at == self.buffer.len() && !self.ended {
            self.fill()?;
        }
        if self.at == self.buffer.len() {
            return Ok(false);
        }
        loop {
            match record::skip(&self.buffer[self.at..], self.ended, self.dialect) {
                Ok(length) => {
                    self.at += length;
                    self.rows += 1;
                    return Ok(true);
                }
                Err(Stop::More) if self.buffer.len() - self.at < LONGEST_RECORD => self.fill()?,
                Err(Stop::More) => return Err(self.broken("The record is longer than 256 MiB: is a quote missing?")),
                Err(Stop::Unterminated) => {
                    return Err(self.broken("The file ends inside quotes or after an escape character"));
                }
            }
        }
    }

    /// Passes over what has been added to the chunk in the making.
    pub(super) fn discard(&mut self) {
        self.line += line_breaks(&self.buffer[self.start..self.at]).count() as u64;
        self.start = self.at;
        self.rows = 0;
    }

    /// The chunk in the making as it stands.
    pub(super) fn pending(&self) -> &[u8] {
        &self.buffer[self.start..self.at]
    }

    /// Whether the chunk in the making is large enough.
    pub(super) fn is_full(&self, most_rows: usize) -> bool {
        self.rows >= most_rows || self.at - self.start >= LARGEST_CHUNK
    }

    /// The chunk in the making, if there is anything in it.
    pub(super) fn take(&mut self) -> Option<Chunk> {
        if self.rows == 0 {
            return None;
        }
        let bytes = self.buffer[self.start..self.at].to_vec();
        let chunk = Chunk::new(Arc::clone(&self.source), self.line, bytes, self.rows);
        self.discard();
        Some(chunk)
    }

    /// Reads on. A record that is still incomplete is looked at again from its start, so the buffer doubles.
    fn fill(&mut self) -> Result<(), SourceError> {
        self.buffer.drain(..self.start);
        self.at -= self.start;
        self.start = 0;
        let wanted = BLOCK.max(self.buffer.len() - self.at);
        let read = (&mut self.input).take(wanted as u64).read_to_end(&mut self.buffer).map_err(SourceError::Read)?;
        self.ended = read < wanted;
        if !mem::replace(&mut self.begun, true) && self.buffer.starts_with(BYTE_ORDER_MARK) {
            self.start = BYTE_ORDER_MARK.len();
            self.at = self.start;
        }
        Ok(())
    }

    fn broken(&mut self, why: &'static str) -> SourceError {
        let line = self.line + line_breaks(&self.buffer[self.start..self.at]).count() as u64;
        let bytes = self.buffer[self.at..].to_vec();
        SourceError::Broken(Broken { why, place: format!("{}:{line}", self.source), bytes })
    }
}

/// Where lines end: each LF, each CR, and each CRLF at its LF.
fn line_breaks(bytes: &[u8]) -> impl Iterator<Item = usize> {
    let is_break = |at: &usize| bytes[*at] == b'\n' || bytes.get(at + 1) != Some(&b'\n');
    memchr2_iter(b'\n', b'\r', bytes).filter(is_break)
}

/// The bytes of some records of a chunk, each by itself.
pub(super) fn records<'c>(chunk: &'c Chunk, places: &'c [Range<usize>]) -> impl Iterator<Item = &'c [u8]> {
    places.iter().map(|place| &chunk.bytes[place.clone()])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn dialect() -> Dialect {
        Dialect::new(",", "\"", "\\").unwrap()
    }

    /// Gives one byte at a time: the hardest input to put records together from.
    struct Dribble<'a>(&'a [u8]);

    impl Read for Dribble<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            let Some((first, rest)) = self.0.split_first() else { return Ok(0) };
            let Some(slot) = out.first_mut() else { return Ok(0) };
            *slot = *first;
            self.0 = rest;
            Ok(1)
        }
    }

    fn cut(input: &[u8], most_rows: usize) -> Result<Vec<Chunk>, SourceError> {
        let dialect = dialect();
        let mut cutter = Cutter::new(Dribble(input), "f.csv".into(), &dialect);
        let mut chunks = Vec::new();
        while cutter.add()? {
            if cutter.is_full(most_rows) {
                chunks.extend(cutter.take());
            }
        }
        chunks.extend(cutter.take());
        Ok(chunks)
    }

    #[test]
    fn a_record_with_line_breaks_in_it_stays_whole() {
        let chunks = cut(b"1,\"a\nb\"\n2,c\n3,d", 1).unwrap();
        let texts: Vec<&[u8]> = chunks.iter().map(|chunk| chunk.bytes.as_slice()).collect();
        assert_eq!(texts, [&b"1,\"a\nb\"\n"[..], b"2,c\n", b"3,d"]);
        let lines: Vec<u64> = chunks.iter().map(|chunk| chunk.first_line).collect();
        assert_eq!(lines, [1, 3, 4]);
    }

    #[test]
    fn a_record_is_placed_by_the_line_it_begins_on() {
        let chunks = cut(b"1,a\r\n2,\"x\r\ny\"\r3,c\n", 9).unwrap();
        let at = chunks[0].bytes.iter().position(|byte| *byte == b'3').unwrap();
        assert_eq!(chunks[0].place(at), "f.csv:4");
        assert_eq!(chunks[0].rows, 3);
    }

    #[test]
    fn a_byte_order_mark_belongs_to_no_record() {
        let chunks = cut("\u{feff}1,a\n\u{feff}2,b\n".as_bytes(), 9).unwrap();
        assert_eq!(chunks[0].bytes, "1,a\n\u{feff}2,b\n".as_bytes());
        assert!(cut("\u{feff}".as_bytes(), 9).unwrap().is_empty());
    }

    #[test]
    fn what_is_passed_over_still_counts_its_lines() {
        let dialect = dialect();
        let mut cutter = Cutter::new(&b"header\n1\n2\n"[..], "f.csv".into(), &dialect);
        assert!(cutter.add().unwrap());
        cutter.discard();
        assert!(cutter.add().unwrap());
        let chunk = cutter.take().unwrap();
        assert_eq!((chunk.first_line, chunk.bytes.as_slice(), chunk.rows), (2, &b"1\n"[..], 1));
    }

    #[test]
    fn a_file_that_ends_inside_quotes_is_broken_and_told_where() {
        let Err(SourceError::Broken(broken)) = cut(b"1,a\n2,\"b\n3,c\n", 9) else { panic!("it was read") };
        assert_eq!((broken.place.as_str(), broken.bytes.as_slice()), ("f.csv:2", &b"2,\"b\n3,c\n"[..]));
    }

    proptest! {
        #[test]
        fn chunks_are_the_input_in_order(text in "[a,\"\n\r\\\\]{0,80}", most_rows in 1usize..4) {
            let mut seen = Vec::new();
            match cut(text.as_bytes(), most_rows) {
                Ok(chunks) => {
                    seen.extend(chunks.iter().flat_map(|chunk| chunk.bytes.clone()));
                    prop_assert_eq!(seen, text.as_bytes());
                }
                Err(SourceError::Broken(broken)) => prop_assert!(text.as_bytes().ends_with(&broken.bytes)),
                Err(SourceError::Read(error)) => prop_assert!(false, "{}", error),
            }
        }
    }
}
