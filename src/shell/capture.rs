//! CAPTURE: results go to a file.

use super::{Fatal, Shell};
use crate::cql::command::Capture;
use crate::print::python;
use crate::settings::expand_home;
use crate::terminal::Terminal;

impl Shell {
    pub(super) fn capture(&self, capture: Capture, terminal: &mut Terminal) -> Result<(), Fatal> {
        let current = terminal.captured_path().map(str::to_owned);
        match (capture, current) {
            (Capture::Show, Some(path)) => {
                terminal.say(&format!("Currently capturing query output to {}.", python::repr(&path)))?;
            }
            (Capture::Show, None) => terminal.say("Currently not capturing query output.")?,
            (Capture::Off, Some(_)) => terminal.stop_capture()?,
            (Capture::Off, None) => terminal.error("Not currently capturing output."),
            (Capture::File(_), Some(path)) => {
                terminal.error(&format!("Already capturing output to {path}. Use CAPTURE OFF to disable."));
            }
            (Capture::File(file), None) => {
                let path = expand_home(&file, self.fixed.home.as_deref()).to_string_lossy().into_owned();
                match terminal.start_capture(&path) {
                    Ok(()) => terminal.say(&format!("Now capturing query output to {}.", python::repr(&path)))?,
                    Err(error) => {
                        let reason = python::os_error(&error, &path);
                        terminal.error(&format!("Could not open {} for append: {reason}", python::repr(&path)));
                    }
                }
            }
        }
        Ok(())
    }
}
