//! What a person is told about an error beside the error: where in the statement it is, and what may have been meant.

use super::Shell;
use crate::complete::meant;
use crate::cql::command::{Command, Parsed};
use crate::cql::place::Place;
use crate::print::caret;
use crate::terminal::{Surface, Terminal};
use crate::value::screen::colour::{RED, RESET};

impl Shell {
    /// Explains the last error, which is that of this statement.
    pub(super) fn explain(&mut self, statement: &str, terminal: &mut Terminal) {
        let error = terminal.last_error().to_owned();
        if let Some((line, offset)) = Place::of_syntax_error(&error).and_then(|place| place.on_line(statement)) {
            let (line, blanks) = caret::under(line, offset, terminal.size().columns);
            let (start, end) = if terminal.colour() { (RED, RESET) } else { ("", "") };
            terminal.note(&format!("{line}\n{blanks}{start}^{end}\n"));
        }
        let keyspace = self.keyspace.clone();
        if let Some(meant) = meant(&error, statement, keyspace.as_deref(), || self.live_names().catalogue()) {
            terminal.note(&format!("Did you mean {meant}?\n"));
        }
    }

    /// Whether the errors of a statement are about its own text, and somebody reads them.
    pub(super) fn explains(&self, parsed: &Parsed) -> bool {
        let is_asked = matches!(parsed, Parsed::Cql(_) | Parsed::Command(Command::Describe(_) | Command::Copy(_)));
        self.surface == Surface::Rich && is_asked
    }
}
