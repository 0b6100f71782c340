//! LOGIN: another role, on a connection of its own.

use super::{Fatal, Input, Shell};
use crate::cluster::{ConnectOptions, Credentials, Interrupted, Secret, Session};
use crate::print::python::strerror;
use crate::terminal::{Line, LineSource, Terminal, password};

impl Shell {
    /// The old session stays in use when the new one cannot be made.
    pub(super) fn login(
        &mut self,
        user: &str,
        password: Option<Secret>,
        input: &mut Input<'_>,
        terminal: &mut Terminal,
    ) -> Result<(), Fatal> {
        let password = match password {
            Some(password) => password,
            None => {
                terminal.flush()?;
                input.drop_typed_ahead()?;
                match password::ask(Some(input)) {
                    Ok(Line::Text(password)) => Secret::new(password),
                    Ok(Line::Interrupted) => return Err(Interrupted.into()),
                    // cqlsh: Python's EOFError has no words.
                    Ok(Line::End) => {
                        terminal.error("");
                        return Ok(());
                    }
                    Err(error) => {
                        terminal.error(&format!("Cannot ask for a password: {}", strerror(&error)));
                        return Ok(());
                    }
                }
            }
        };
        let options = ConnectOptions {
            credentials: Some(Credentials { user: user.to_owned(), password }),
            keyspace: self.keyspace.clone(),
            ..self.session.options().clone()
        };
        match self.fixed.runtime.run(Session::connect(options))? {
            Ok(session) => {
                self.take_session(session);
            }
            Err(error) => terminal.error(&error.to_string()),
        }
        Ok(())
    }
}
