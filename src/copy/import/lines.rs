//! COPY FROM STDIN: the lines after the statement as input.

use std::io;

use super::blocks;
use crate::copy::dialect::Dialect;
use crate::copy::record::{Open, open_after};
use crate::terminal::{Line, LineSource, NotText};

/// The lines up to one that ends them.
pub(super) struct Lines<'a> {
    input: &'a mut dyn LineSource,
    /// By which a point inside a field is told from the end; `None` if it ends the lines anywhere.
    dialect: Option<&'a Dialect>,
    open: Open,
    /// Lines taken from the input, the one that ended them included.
    taken: u64,
    /// How the lines ended, when they have.
    end: Option<End>,
}

/// How the lines ended.
#[derive(Debug)]
pub(super) enum End {
    /// With `.`, with `\.`, or with the input.
    Input,
    /// With Ctrl-C at the prompt.
    Interrupted,
    /// Before a line that cannot be read.
    Broken(io::Error),
}

impl<'a> Lines<'a> {
    /// Nothing is read yet. With a dialect, only a point between two records ends the lines.
    // cqlsh: a point inside quotes ends them too, and the rest of the value is run as statements. That is kept for a person
    // at the prompt, who may have typed a quote too many.
    pub(super) fn new(input: &'a mut dyn LineSource, dialect: Option<&'a Dialect>) -> Self {
        Self { input, dialect, open: Open::default(), taken: 0, end: None }
    }

    /// How many lines were taken from the input, the one that ended them included.
    pub(super) fn taken(&self) -> u64 {
        self.taken
    }

    /// How the lines ended, when they have.
    pub(super) fn end(&self) -> Option<&End> {
        self.end.as_ref()
    }

    /// Whether the lines ended with Ctrl-C.
    pub(super) fn were_interrupted(&self) -> bool {
        matches!(self.end, Some(End::Interrupted))
    }

    /// The next lines, about [`blocks::SIZE`] bytes of them; nothing when they have ended.
    pub(super) fn block(&mut self) -> Vec<u8> {
        let mut block = self.next().unwrap_or_default();
        while block.len() < blocks::SIZE
            && let Some(mut line) = self.next()
        {
            block.append(&mut line);
        }
        block
    }

    fn next(&mut self) -> Option<Vec<u8>> {
        if self.end.is_some() {
            return None;
        }
        let line = match self.input.next_line("[copy] ") {
            Ok(Line::Text(line)) => Ok(line.into_bytes()),
            Ok(Line::End) => Err(End::Input),
            Ok(Line::Interrupted) => Err(End::Interrupted),
            // What is no text may be a record all the same, and is told of as one.
            Err(error) => NotText::bytes(error).map_err(End::Broken),
        };
        self.taken += u64::from(line.is_ok());
        match line.and_then(|line| if self.open == Open::Nothing && is_end(&line) { Err(End::Input) } else { Ok(line) })
        {
            Ok(line) => {
                if let Some(dialect) = self.dialect {
                    self.open = open_after(&line, self.open, dialect);
                }
                Some(line)
            }
            Err(end) => {
                self.end = Some(end);
                None
            }
        }
    }
}

// cqlsh: its help names `\.`, which it takes for data.
fn is_end(line: &[u8]) -> bool {
    let end = line.iter().rposition(|byte| !matches!(byte, b'\r' | b'\n')).map_or(0, |last| last + 1);
    matches!(&line[..end], b"." | b"\\.")
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Script(Vec<Line>);

    impl LineSource for Script {
        fn next_line(&mut self, _prompt: &str) -> io::Result<Line> {
            Ok(if self.0.is_empty() { Line::End } else { self.0.remove(0) })
        }
    }

    fn text(line: &str) -> Line {
        Line::Text(line.to_owned())
    }

    fn read(lines: Vec<Line>) -> (String, bool, usize) {
        read_in(lines, None)
    }

    fn read_in(lines: Vec<Line>, dialect: Option<&Dialect>) -> (String, bool, usize) {
        let mut script = Script(lines);
        let mut lines = Lines::new(&mut script, dialect);
        let read = String::from_utf8(lines.block()).unwrap();
        let interrupted = lines.were_interrupted();
        (read, interrupted, script.0.len())
    }

    #[test]
    fn a_line_with_a_point_ends_the_input_and_leaves_the_rest_of_the_script() {
        for end in [".\n", "\\.\n", ".\r\n", "."] {
            let lines = vec![text("1,a\n"), text(".b\n"), text(end), text("SELECT 1;\n")];
            assert_eq!(read(lines), ("1,a\n.b\n".to_owned(), false, 1), "{end:?}");
        }
    }

    #[test]
    fn a_point_inside_a_record_is_data_unless_a_person_typed_it() {
        let dialect = Dialect::new(",", "\"", "\\").unwrap();
        let lines = || vec![text("1,\"a\n"), text(".\n"), text("b\"\n"), text(".\n"), text("SELECT 1;\n")];
        assert_eq!(read_in(lines(), Some(&dialect)), ("1,\"a\n.\nb\"\n".to_owned(), false, 1));
        assert_eq!(read_in(lines(), None), ("1,\"a\n".to_owned(), false, 3));
    }

    #[test]
    fn a_line_that_is_no_text_is_a_line_all_the_same() {
        let mut script = crate::terminal::Script::new(&b"1,a\n2,\xff\n.\nSELECT 1;\n"[..]);
        assert_eq!(Lines::new(&mut script, None).block(), b"1,a\n2,\xff\n");
        assert_eq!(script.next_line("").unwrap(), text("SELECT 1;\n"));
    }

    #[test]
    fn ctrl_c_at_the_prompt_is_told_from_the_end() {
        assert_eq!(read(vec![text("1,a\n"), Line::Interrupted]), ("1,a\n".to_owned(), true, 0));
        assert_eq!(read(vec![text("1,a")]), ("1,a".to_owned(), false, 0));
    }
}
