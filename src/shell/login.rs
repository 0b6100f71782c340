//! LOGIN: another role, on a connection of its own.

use super::{Fatal, Shell};
use crate::cluster::{ConnectOptions, Credentials, Secret, Session};
use crate::terminal::{Terminal, password};

impl Shell {
    /// The old session stays in use when the new one cannot be made.
    pub(super) fn login(&mut self, user: &str, password: Option<String>, terminal: &mut Terminal) -> Result<(), Fatal> {
        terminal.flush()?;
        let password = match password {
            Some(password) => password,
            None => match password::ask() {
                Ok(password) => password,
                Err(error) => {
                    terminal.error(&format!("cannot ask for a password: {error}"));
                    return Ok(());
                }
            },
        };
        let options = ConnectOptions {
            credentials: Some(Credentials { user: user.to_owned(), password: Secret::new(password) }),
            keyspace: self.keyspace.clone(),
            ..self.session.options().clone()
        };
        match self.fixed.runtime.run(Session::connect(options))? {
            Ok(session) => self.session = session,
            Err(error) => terminal.error(&error.to_string()),
        }
        Ok(())
    }
}
