//! Where lines come from: a file, standard input, the line editor.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::rc::Rc;

use super::compressed::Compression;
use super::interrupt::{Interruptible, Interrupts, is_ctrl_c};

/// What reading a line gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// A physical line with its `\n`, which only the last line of a file may lack.
    Text(String),
    /// No more input.
    End,
    /// Ctrl-C while waiting for the line; what was typed of it is dropped.
    Interrupted,
}

/// A line that is not UTF-8, as what reading it fails with.
#[derive(Debug, thiserror::Error)]
#[error("byte 0x{:02x} at column {} is not UTF-8", bytes[*at], at + 1)]
pub struct NotText {
    bytes: Vec<u8>,
    at: usize,
}

impl NotText {
    /// Whether this is why reading failed.
    pub fn is_why(error: &io::Error) -> bool {
        error.get_ref().is_some_and(|inner| inner.is::<Self>())
    }

    /// The line after all, if nothing but its bytes was wrong.
    ///
    /// # Errors
    /// Any other error, as it was.
    pub fn bytes(error: io::Error) -> io::Result<Vec<u8>> {
        error.downcast().map(|line: Self| line.bytes)
    }
}

/// A source of physical lines, and what follows them on a terminal: answers, history, Ctrl-C. All who read what a person
/// types read it here, so that nothing is lost between them.
pub trait LineSource {
    /// The next line of the script; `prompt` is shown where there is somebody to see it. COPY FROM STDIN reads the lines
    /// that follow its statement this way. After `End` and `Interrupted` a terminal's cursor is on a new line.
    fn next_line(&mut self, prompt: &str) -> io::Result<Line>;

    /// The next line of a statement. An editor may read the statement's other lines with it, behind `continuation`, and
    /// give them out one by one.
    fn next_of_statement(&mut self, prompt: &str, _continuation: &str) -> io::Result<Line> {
        self.next_line(prompt)
    }

    /// Opens a text in the editor that the environment names; the next statement begins with what it becomes.
    ///
    /// # Errors
    /// An editor that cannot be started or fails; always where there is no person.
    fn edit(&mut self, _text: &str) -> io::Result<()> {
        Err(io::Error::new(io::ErrorKind::Unsupported, "nobody is there to edit it"))
    }

    /// What a person answers to a question: never a line of a script that was pasted whole.
    fn answer(&mut self, question: &str) -> io::Result<Line> {
        self.next_line(question)
    }

    /// The next line, without a prompt, if it is standard input that the lines come from: it has no other reader then.
    fn next_of_stdin(&mut self) -> Option<io::Result<Line>> {
        None
    }

    /// Takes a line of a statement into the history, where there is one.
    fn remember(&mut self, _line: &str) {}

    /// The lines remembered since the last call were a whole statement, or were dropped before they became one.
    fn end_statement(&mut self, _complete: bool) {}

    /// Ctrl-C ended a statement: drops what was typed ahead and puts a terminal's cursor on a new line.
    fn interrupted(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// Drops what was typed ahead: it was not meant for the question that comes now.
    fn drop_typed_ahead(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// The last `count` entries of the history, oldest first; `None` where there is no history.
    fn history(&self, _count: usize) -> Option<Vec<String>> {
        None
    }
}

/// A text that is read line by line: a file or a pipe. UTF-8, or UTF-16 when it starts with that byte order mark; it may be
/// compressed.
pub struct Script {
    reader: Box<dyn BufRead>,
    is_stdin: bool,
    encoding: Option<Encoding>,
    decoded: VecDeque<String>,
}

/// What a byte order mark says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Utf16LittleEndian,
    Utf16BigEndian,
}

impl Encoding {
    /// Its byte order mark.
    fn mark(self) -> &'static [u8] {
        match self {
            Self::Utf8 => &[0xef, 0xbb, 0xbf],
            Self::Utf16LittleEndian => &[0xff, 0xfe],
            Self::Utf16BigEndian => &[0xfe, 0xff],
        }
    }
}

impl Script {
    /// Opens a file. A read that waits (of a FIFO) ends as that of [`Script::stdin`] does.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        if file.metadata()?.is_dir() {
            // Reading would say so too, but only after the connection is made. 21 is EISDIR.
            return Err(io::Error::from_raw_os_error(21));
        }
        Ok(Self::new(Interruptible::new(file, Interrupts::listen()?)))
    }

    /// Standard input. A read that waits ends with [`Line::Interrupted`] on Ctrl-C, also on one that came before it.
    pub fn stdin() -> io::Result<Self> {
        Ok(Self::of_stdin(Interrupts::listen()?))
    }

    /// Standard input, with what hears of Ctrl-C given.
    pub(super) fn of_stdin(interrupts: Rc<Interrupts>) -> Self {
        Self { is_stdin: true, ..Self::new(Interruptible::new(rustix::stdio::stdin(), interrupts)) }
    }

    /// A text at hand.
    pub fn new(source: impl Read + 'static) -> Self {
        let reader = Box::new(BufReader::with_capacity(64 * 1024, source));
        Self { reader, is_stdin: false, encoding: None, decoded: VecDeque::new() }
    }

    /// Looks at the first bytes, opens what is compressed and takes a byte order mark off.
    fn detect(&mut self) -> io::Result<Encoding> {
        use Encoding::{Utf8, Utf16BigEndian, Utf16LittleEndian};
        let compressions = [Compression::Gzip, Compression::Zstandard];
        if let Some(compression) = self.find(compressions, Compression::mark)? {
            let compressed = std::mem::replace(&mut self.reader, Box::new(io::empty()));
            self.reader = compression.open(compressed);
        }
        let encoding = self.find([Utf8, Utf16LittleEndian, Utf16BigEndian], Encoding::mark)?;
        if let Some(encoding) = encoding {
            io::copy(&mut self.reader.by_ref().take(encoding.mark().len() as u64), &mut io::sink())?;
        }
        Ok(encoding.unwrap_or(Utf8))
    }

    /// Which of these the text begins with. No more is read than it takes to tell, so that a pipe's first line is not waited
    /// for in vain.
    fn find<T: Copy, const N: usize>(&mut self, kinds: [T; N], mark: fn(T) -> &'static [u8]) -> io::Result<Option<T>> {
        let mut start = Vec::new();
        while kinds.iter().any(|kind| mark(*kind).len() > start.len() && mark(*kind).starts_with(&start)) {
            let mut byte = [0];
            match self.reader.read(&mut byte)? {
                0 => break,
                _ => start.extend(byte),
            }
        }
        let found = kinds.into_iter().find(|kind| start.starts_with(mark(*kind)));
        let rest = std::mem::replace(&mut self.reader, Box::new(io::empty()));
        self.reader = Box::new(io::Cursor::new(start).chain(rest));
        Ok(found)
    }

    fn decoded_line(&mut self) -> io::Result<Line> {
        let encoding = match self.encoding {
            Some(encoding) => encoding,
            None => {
                let encoding = self.detect()?;
                self.encoding = Some(encoding);
                encoding
            }
        };
        match encoding {
            Encoding::Utf8 => self.next_utf8(),
            _ => self.next_utf16(encoding),
        }
    }

    fn next_utf8(&mut self) -> io::Result<Line> {
        let mut bytes = Vec::new();
        if self.reader.read_until(b'\n', &mut bytes)? == 0 {
            return Ok(Line::End);
        }
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Line::Text(text)),
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                Err(io::Error::new(io::ErrorKind::InvalidData, NotText { bytes: error.into_bytes(), at }))
            }
        }
    }

    /// UTF-16 scripts are rare and small: they are decoded whole.
    fn next_utf16(&mut self, encoding: Encoding) -> io::Result<Line> {
        let mut bytes = Vec::new();
        self.reader.read_to_end(&mut bytes)?;
        if !bytes.is_empty() {
            let (pairs, rest) = bytes.as_chunks::<2>();
            let unit = |pair: &[u8; 2]| match encoding {
                Encoding::Utf16LittleEndian => u16::from_le_bytes(*pair),
                _ => u16::from_be_bytes(*pair),
            };
            let units: Vec<u16> = pairs.iter().map(unit).collect();
            let text = String::from_utf16(&units).map_err(|_| invalid("not UTF-16".to_owned()))?;
            if !rest.is_empty() {
                return Err(invalid("not UTF-16: the last character is cut short".to_owned()));
            }
            self.decoded = text.split_inclusive('\n').map(str::to_owned).collect();
        }
        Ok(self.decoded.pop_front().map_or(Line::End, Line::Text))
    }
}

fn invalid(message: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message)
}

impl LineSource for Script {
    fn next_line(&mut self, _prompt: &str) -> io::Result<Line> {
        match self.decoded_line() {
            Err(error) if is_ctrl_c(&error) => Ok(Line::Interrupted),
            line => line,
        }
    }

    fn next_of_stdin(&mut self) -> Option<io::Result<Line>> {
        self.is_stdin.then(|| self.next_line(""))
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::{Line, LineSource, Script};

    fn lines(bytes: &'static [u8]) -> Vec<Line> {
        let mut script = Script::new(bytes);
        let mut lines = Vec::new();
        loop {
            match script.next_line("").expect("readable") {
                Line::End => return lines,
                line => lines.push(line),
            }
        }
    }

    fn text(line: &str) -> Line {
        Line::Text(line.to_owned())
    }

    #[test]
    fn lines_keep_their_ends_and_the_last_may_lack_one() {
        assert_eq!(lines(b"a\r\n\nb"), [text("a\r\n"), text("\n"), text("b")]);
    }

    #[test]
    fn byte_order_marks_choose_the_encoding_and_vanish() {
        assert_eq!(lines(b"\xef\xbb\xbfa\n"), [text("a\n")]);
        assert_eq!(lines(b"\xff\xfea\0\n\0b\0"), [text("a\n"), text("b")]);
        assert_eq!(lines(b"\xfe\xff\0a\0\n"), [text("a\n")]);
    }

    #[test]
    fn a_mark_may_come_byte_by_byte() {
        struct Slow(&'static [u8]);
        impl io::Read for Slow {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                let end = buffer.len().min(1);
                self.0.read(&mut buffer[..end])
            }
        }
        let mut script = Script::new(Slow(b"\xef\xbb\xbfa\n"));
        assert_eq!(script.next_line("").expect("readable"), text("a\n"));
    }

    #[test]
    fn what_is_compressed_is_opened_and_its_mark_taken_off() {
        let zipped: &[u8] = &[
            0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 3, 0x7b, 0xbf, 0x7b, 0x7f, 0x22, 0x17, 0, 0x5d, 0x64, 0xe4, 0xf4, 5, 0, 0,
            0,
        ];
        assert_eq!(lines(zipped), [text("a\n")]);
    }

    #[test]
    fn a_byte_that_is_not_utf8_is_an_error_with_its_place() {
        let error = Script::new(&b"ab\xff\n"[..]).next_line("").expect_err("not UTF-8");
        assert_eq!(error.to_string(), "byte 0xff at column 3 is not UTF-8");
    }
}
