//! What a shell reads, with its name and the line that errors are told with.

use std::io;

use crate::terminal::{Line, LineSource, NotText};

/// Where a shell's lines come from, and how far it has read.
pub(super) struct Input<'a> {
    pub(super) lines: &'a mut dyn LineSource,
    pub(super) name: String,
    /// cqlsh: starts at 1 and counts up with every line read, so errors name the line after their statement.
    pub(super) line: u64,
}

impl LineSource for Input<'_> {
    fn next_line(&mut self, prompt: &str) -> io::Result<Line> {
        let line = self.lines.next_line(prompt);
        // One that is no text is one too: whoever asks for it takes its bytes.
        if matches!(line, Ok(Line::Text(_))) || line.as_ref().is_err_and(NotText::is_why) {
            self.line += 1;
        }
        line
    }

    fn next_of_statement(&mut self, prompt: &str, continuation: &str) -> io::Result<Line> {
        let line = self.lines.next_of_statement(prompt, continuation)?;
        if matches!(line, Line::Text(_)) {
            self.line += 1;
        }
        Ok(line)
    }

    fn edit(&mut self, text: &str) -> io::Result<()> {
        self.lines.edit(text)
    }

    fn answer(&mut self, question: &str) -> io::Result<Line> {
        self.lines.answer(question)
    }

    // cqlsh: a password is no line of the script, and is not counted.
    fn next_of_stdin(&mut self) -> Option<io::Result<Line>> {
        self.lines.next_of_stdin()
    }

    fn remember(&mut self, line: &str) {
        self.lines.remember(line);
    }

    fn end_statement(&mut self, complete: bool) {
        self.lines.end_statement(complete);
    }

    fn interrupted(&mut self) -> io::Result<()> {
        self.lines.interrupted()
    }

    fn drop_typed_ahead(&mut self) -> io::Result<()> {
        self.lines.drop_typed_ahead()
    }

    fn history(&self, count: usize) -> Option<Vec<String>> {
        self.lines.history(count)
    }
}
