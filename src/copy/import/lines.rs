//! COPY FROM STDIN: the lines after the statement as input.

use std::io::{self, Read};

use crate::copy::dialect::Dialect;
use crate::copy::record::{Open, open_after};
use crate::terminal::{Line, LineSource};

/// The lines up to one that ends them.
pub(super) struct Lines<'a> {
    input: &'a mut dyn LineSource,
    /// By which a point inside a field is told from the end; `None` if it ends the lines anywhere.
    dialect: Option<&'a Dialect>,
    open: Open,
    line: Vec<u8>,
    read: usize,
    /// Lines taken from the input, the one that ended them included.
    taken: u64,
    /// How the lines ended, when they have.
    end: Option<End>,
}

/// How the lines ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// With `.`, with `\.`, or with the input.
    Input,
    /// With Ctrl-C at the prompt.
    Interrupted,
}

impl<'a> Lines<'a> {
    /// Nothing is read yet. With a dialect, only a point between two records ends the lines.
    // cqlsh: a point inside quotes ends them too, and the rest of the value is run as statements. That is kept for a person
    // at the prompt, who may have typed a quote too many.
    pub(super) fn new(input: &'a mut dyn LineSource, dialect: Option<&'a Dialect>) -> Self {
        Self { input, dialect, open: Open::default(), line: Vec::new(), read: 0, taken: 0, end: None }
    }

    /// Ends the lines where one cannot be read. Those of a script are passed over up to their end, for they are no
    /// statements; what a person typed ahead is dropped.
    pub(super) fn break_off(&mut self) {
        if self.dialect.is_none() {
            // Who asks for the next line hears of it when the terminal is gone.
            let _ = self.input.drop_typed_ahead();
        } else {
            // A line that is no text may have some behind it.
            while io::copy(self, &mut io::sink()).is_err_and(|error| error.kind() == io::ErrorKind::InvalidData) {}
        }
        self.end.get_or_insert(End::Input);
    }

    /// How many lines were taken from the input, the one that ended them included.
    pub(super) fn taken(&self) -> u64 {
        self.taken
    }

    /// Whether the lines ended with Ctrl-C.
    pub(super) fn were_interrupted(&self) -> bool {
        self.end == Some(End::Interrupted)
    }
}

impl Read for Lines<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.read == self.line.len() {
            if self.end.is_some() {
                return Ok(0);
            }
            let line = self.input.next_line("[copy] ")?;
            self.taken += u64::from(matches!(line, Line::Text(_)));
            self.end = match line {
                Line::Text(line) if self.open == Open::Nothing && is_end(&line) => Some(End::Input),
                Line::Text(line) => {
                    self.line = line.into_bytes();
                    if let Some(dialect) = self.dialect {
                        self.open = open_after(&self.line, self.open, dialect);
                    }
                    self.read = 0;
                    None
                }
                Line::End => Some(End::Input),
                Line::Interrupted => Some(End::Interrupted),
            };
            if self.end.is_some() {
                return Ok(0);
            }
        }
        let length = (&self.line[self.read..]).read(out)?;
        self.read += length;
        Ok(length)
    }
}

// cqlsh: its help names `\.`, which it takes for data.
fn is_end(line: &str) -> bool {
    matches!(line.trim_end_matches(['\r', '\n']), "." | "\\.")
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
        let mut read = String::new();
        lines.read_to_string(&mut read).unwrap();
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
    fn what_breaks_off_takes_the_rest_of_its_lines_with_it() {
        let dialect = Dialect::new(",", "\"", "\\").unwrap();
        let mut script = crate::terminal::Script::new(&b"1,a\n2,\xff\n3,\xff\n4,d\n.\nSELECT 1;\n"[..]);
        let mut lines = Lines::new(&mut script, Some(&dialect));
        let mut read = String::new();
        assert!(lines.read_to_string(&mut read).is_err());
        lines.break_off();
        assert_eq!((lines.read(&mut [0]).unwrap(), lines.were_interrupted()), (0, false));
        assert_eq!(script.next_line("").unwrap(), text("SELECT 1;\n"));
    }

    #[test]
    fn ctrl_c_at_the_prompt_is_told_from_the_end() {
        assert_eq!(read(vec![text("1,a\n"), Line::Interrupted]), ("1,a\n".to_owned(), true, 0));
        assert_eq!(read(vec![text("1,a")]), ("1,a".to_owned(), false, 0));
    }
}
