//! The commands that show and change the shell's own settings.

use super::{Fatal, Input, PAGE_SIZE, Shell};
use crate::cluster::{Consistency, SerialConsistency};
use crate::cql::command::Paging;
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

    pub(super) fn set_expand(&mut self, switch: Option<bool>, terminal: &mut Terminal) -> Result<(), Fatal> {
        self.expand = turn("EXPAND", self.expand, switch, terminal)?;
        Ok(())
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
    let word = |on| if on { "ON" } else { "OFF" };
    match switch {
        None => terminal.say(&format!("{name} is {}", word(on)))?,
        Some(wanted) if wanted == on => terminal.say(&format!("{name} is already {}", word(on)))?,
        Some(wanted) => terminal.say(&format!("{name} set to {}", word(wanted)))?,
    }
    Ok(switch.unwrap_or(on))
}
