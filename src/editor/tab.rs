//! TAB: what is certain is put in, and what else may come is listed. What that is the completer says.

use std::io;

use super::action::Action;
use super::keys::Key;
use super::{Asked, Editor, Face, plain};
use crate::complete::Completion;
use crate::terminal::keyboard::Input;

/// So many candidates are only listed if the user says yes.
const MANY: usize = 100;

impl Editor {
    /// TAB: puts in what is common to all candidates; or lists them, when the one before had nothing to put in.
    pub(super) fn complete(&mut self, lists: bool, asked: Asked<'_>) -> io::Result<()> {
        let before = &self.typing.buffer.text()[..self.typing.buffer.cursor()];
        let completion = match (&self.completer, asked.continuation) {
            (Some(completer), Some(_)) => completer(&format!("{}{before}", self.history.pending())),
            _ => Completion::default(),
        };
        let listed = completion.listed();
        if lists && !listed.is_empty() {
            self.tab_found_nothing = true;
            return self.list(&listed, asked);
        }
        let cursor = self.typing.buffer.cursor();
        let word = cursor.saturating_sub(completion.replaced)..cursor;
        let inserted = completion.inserted().filter(|text| self.typing.buffer.text().get(word.clone()) != Some(*text));
        self.tab_found_nothing = inserted.is_none();
        if let Some(text) = inserted {
            let end = word.start + text.len();
            self.typing.apply(Action::Replace(word, text.to_owned(), end), &[]);
        }
        if listed.len() > 1 || inserted.is_none() {
            self.ring();
        }
        Ok(())
    }

    fn list(&mut self, candidates: &[&str], asked: Asked<'_>) -> io::Result<()> {
        let (width, height) = self.size();
        if let Face::Rich { listed, .. } = &mut self.face {
            *listed = plain::columns(candidates, width).iter().map(|row| row.trim_end().to_owned()).collect();
            return Ok(());
        }
        self.show(asked);
        self.out.push('\n');
        if candidates.len() < MANY || self.says_yes(candidates.len())? {
            for (number, row) in plain::columns(candidates, width).iter().enumerate() {
                if number > 0 && number % (height - 1) == 0 && !self.wants_more()? {
                    break;
                }
                self.out.push_str(row);
            }
        }
        if let Face::Plain(screen) = &mut self.face {
            screen.begin();
        }
        Ok(())
    }

    /// Asks whether so many candidates are to be listed.
    fn says_yes(&mut self, count: usize) -> io::Result<bool> {
        self.out.push_str(&format!("Display all {count} possibilities? (y or n)"));
        let answer = loop {
            match self.next_key()? {
                Some(Key::Char('y' | 'Y' | ' ')) => break true,
                Some(Key::Char('n' | 'N') | Key::Backspace | Key::Ctrl('C' | 'G')) | None => break false,
                Some(_) => self.ring(),
            }
        };
        self.out.push('\n');
        Ok(answer)
    }

    /// Waits below a screenful of candidates.
    fn wants_more(&mut self) -> io::Result<bool> {
        const QUESTION: &str = "--More--";
        self.out.push_str(QUESTION);
        let answer = loop {
            match self.next_key()? {
                Some(Key::Char('y' | 'Y' | ' ') | Key::Enter) => break true,
                Some(Key::Char('n' | 'N' | 'q' | 'Q') | Key::Backspace | Key::Ctrl('C' | 'G')) | None => break false,
                Some(_) => self.ring(),
            }
        };
        self.out.push_str(&format!("\r{}\r", " ".repeat(QUESTION.len())));
        Ok(answer)
    }

    /// The next key; `None` if there will be none.
    fn next_key(&mut self) -> io::Result<Option<Key>> {
        loop {
            self.flush()?;
            match self.keyboard.next(None)? {
                Input::Byte(byte) => {
                    if let Some(key) = self.decoder.feed(byte) {
                        return Ok(Some(key));
                    }
                }
                Input::End => return Ok(None),
                Input::Disturbed | Input::Nothing => {}
            }
        }
    }
}
