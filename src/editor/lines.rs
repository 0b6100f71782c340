//! What was typed as lines, one after the other, and what the shell tells the editor of its statements.

use std::io;

use super::Editor;
use super::keys::Decoder;
use crate::terminal::{Line, LineSource, output, text_editor};

impl Editor {
    /// The next line of what was typed or pasted, or else of what is typed now.
    fn next(&mut self, prompt: &str, continuation: Option<&str>) -> io::Result<Line> {
        if self.lines.is_empty() {
            match self.read(prompt, continuation)? {
                Line::Text(text) => self.lines.extend(text.split_inclusive('\n').map(str::to_owned)),
                line => return Ok(line),
            }
        }
        Ok(self.lines.pop_front().map_or(Line::End, Line::Text))
    }
}

impl LineSource for Editor {
    fn next_line(&mut self, prompt: &str) -> io::Result<Line> {
        self.next(prompt, None)
    }

    fn next_of_statement(&mut self, prompt: &str, continuation: &str) -> io::Result<Line> {
        self.next(prompt, Some(continuation))
    }

    fn answer(&mut self, question: &str) -> io::Result<Line> {
        self.read(question, None)
    }

    fn edit(&mut self, text: &str) -> io::Result<()> {
        if !self.is_rich() {
            return Err(io::Error::new(io::ErrorKind::Unsupported, "only a prompt that edits whole statements has it"));
        }
        let edited = text_editor::edit(&self.text_editor, text)?;
        self.prepared = edited.trim_end().to_owned();
        Ok(())
    }

    fn remember(&mut self, line: &str) {
        self.history.line(line);
        self.in_statement = true;
    }

    fn end_statement(&mut self, complete: bool) {
        self.history.end_statement(complete);
        self.in_statement = false;
    }

    fn interrupted(&mut self) -> io::Result<()> {
        self.drop_typed_ahead()?;
        // The terminal does not echo; this is what it would show.
        if std::mem::take(&mut self.interrupted) { Ok(()) } else { output::end_interrupted("^C") }
    }

    fn drop_typed_ahead(&mut self) -> io::Result<()> {
        self.lines.clear();
        self.keyboard.drop_ahead();
        self.decoder = Decoder::default();
        Ok(())
    }

    fn history(&self, count: usize) -> Option<Vec<String>> {
        let entries = self.history.last_entries(count.saturating_add(1));
        // The line that asks is not part of the answer.
        Some(entries.split_last().map(|(_, before)| before.to_vec()).unwrap_or_default())
    }
}
