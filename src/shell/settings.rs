//! The commands that show and change the shell's own settings.

use super::{Fatal, Input, PAGE_SIZE, Shell};
use crate::cluster::{Consistency, SerialConsistency};
use crate::cql::backslash::Format;
use crate::cql::command::{Expand, Paging};
use crate::terminal::{LineSource, Terminal};

impl Shell {
    pub(super) fn set_consistency(&mut self, level: Option<&str>, terminal: &mut Terminal) -> Result<(), Fatal> {
        let Some(name) = level else {
            return Ok(terminal.say(&format!("Current consistency level is {}.", self.consistency.name()))?);
        };
        match Consistency::from_name(name) {
            Some(level) => {
                self.consistency = level;
                terminal.say(&format!("Consistency level set to {name}."))?;
            }
            // cqlsh: its grammar knows NODE_LOCAL and its driver does not; the error is Python's KeyError.
            None => terminal.error(&format!("'{name}'")),
        }
        Ok(())
    }

    pub(super) fn set_serial_consistency(&mut self, level: Option<&str>, terminal: &mut Terminal) -> Result<(), Fatal> {
        if let Some(name) = level {
            self.serial_consistency =
                if name == "LOCAL_SERIAL" { SerialConsistency::LocalSerial } else { SerialConsistency::Serial };
            terminal.say(&format!("Serial consistency level set to {name}."))?;
        } else {
            let name = self.serial_consistency.name();
            terminal.say(&format!("Current serial consistency level is {name}."))?;
        }
        Ok(())
    }

    pub(super) fn set_elapsed(&mut self, switch: Option<bool>, terminal: &mut Terminal) -> Result<(), Fatal> {
        self.elapsed = turn("ELAPSED", self.elapsed, switch, terminal)?;
        Ok(())
    }

    /// EXPAND is one of the ways to choose a format.
    pub(super) fn set_expand(&mut self, expand: Option<Expand>, terminal: &mut Terminal) -> Result<(), Fatal> {
        let is_already = expand.map(Format::Rows) == Some(self.format);
        self.format = expand.map_or(self.format, Format::Rows);
        let name = match self.format {
            Format::Rows(Expand::On) => "ON",
            Format::Rows(Expand::Auto) => "AUTO",
            _ => "OFF",
        };
        tell_switch("EXPAND", name, expand.is_some(), is_already, terminal)
    }

    pub(super) fn set_format(&mut self, format: Option<Format>, terminal: &mut Terminal) -> Result<(), Fatal> {
        let is_already = format == Some(self.format);
        self.format = format.unwrap_or(self.format);
        tell_switch("FORMAT", self.format.name(), format.is_some(), is_already, terminal)
    }

    pub(super) fn set_paging(&mut self, paging: Paging, terminal: &mut Terminal) -> Result<(), Fatal> {
        match paging {
            Paging::Show => {
                turn("PAGING", self.paging, None, terminal)?;
            }
            Paging::Switch(on) => self.paging = turn("PAGING", self.paging, Some(on), terminal)?,
            Paging::Size(rows) => {
                self.paging = true;
                self.page_size = rows;
            }
        }
        if self.paging {
            terminal.say(&format!("Page size: {}", self.page_size))?;
        } else {
            self.page_size = PAGE_SIZE;
        }
        Ok(())
    }

    pub(super) fn history(
        &mut self,
        count: Option<usize>,
        input: &Input<'_>,
        terminal: &mut Terminal,
    ) -> Result<(), Fatal> {
        self.history_shown = count.unwrap_or(self.history_shown);
        match input.history(self.history_shown) {
            Some(entries) => {
                for entry in entries {
                    terminal.say(&entry)?;
                }
            }
            None => terminal.error("HISTORY is kept only for what is typed on a terminal."),
        }
        Ok(())
    }
}

/// Shows or turns a switch, in cqlsh's words; gives its new state.
pub(super) fn turn(name: &str, on: bool, switch: Option<bool>, terminal: &mut Terminal) -> Result<bool, Fatal> {
    let state = switch.unwrap_or(on);
    tell_switch(name, if state { "ON" } else { "OFF" }, switch.is_some(), state == on, terminal)?;
    Ok(state)
}

/// Says how a switch stands: whether it was turned there, and whether it stood there before.
fn tell_switch(name: &str, state: &str, turned: bool, as_before: bool, terminal: &mut Terminal) -> Result<(), Fatal> {
    let verb = match (turned, as_before) {
        (false, _) => "is",
        (true, true) => "is already",
        (true, false) => "set to",
    };
    Ok(terminal.say(&format!("{name} {verb} {state}"))?)
}
