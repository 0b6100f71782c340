//! SOURCE: the statements of a file, in a shell of their own.

use std::sync::Arc;

use super::{Fatal, Input, Shell};
use crate::cluster::{ConnectOptions, Session};
use crate::print::python;
use crate::settings::expand_home;
use crate::terminal::{Script, Surface, Terminal};

impl Shell {
    /// Runs the file. cqlsh: it starts with this shell's keyspace and display settings and the default consistency,
    /// paging and EXPAND; results go to stdout even under CAPTURE; nothing it changes comes back, not even USE.
    pub(super) fn source(&mut self, path: &str, terminal: &mut Terminal) -> Result<(), Fatal> {
        let file = expand_home(path, self.fixed.home.as_deref());
        let name = file.to_string_lossy().into_owned();
        let mut script = match Script::open(&file) {
            Ok(script) => script,
            Err(error) => {
                let reason = python::os_error(&error, &name);
                terminal.error(&format!("Could not open {}: {reason}", python::repr(&name)));
                return Ok(());
            }
        };
        let options = ConnectOptions { keyspace: self.keyspace.clone(), ..self.session.options().clone() };
        let session = match self.fixed.runtime.run(Session::connect(options))? {
            Ok(session) => session,
            Err(error) => {
                terminal.error(&error.to_string());
                return Ok(());
            }
        };
        let mut shell = Self::new(Arc::clone(&self.fixed), session, self.style.clone(), Surface::Batch);
        shell.tracing = self.tracing;
        shell.elapsed = self.elapsed;
        shell.interrupts = self.interrupts.clone();
        shell.errors_before = terminal.errors();
        let mut input = Input { lines: &mut script, name, line: 1 };
        let captured = terminal.suspend_capture();
        let outcome = shell.run(&mut input, terminal);
        terminal.resume_capture(captured);
        match outcome {
            // A file that cannot be read to its end is this statement's failure, not the whole shell's.
            Err(error @ Fatal::Input { .. }) => {
                terminal.error(&error.to_string());
                Ok(())
            }
            outcome => outcome,
        }
    }
}
