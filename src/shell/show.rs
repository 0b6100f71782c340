//! SHOW and CLEAR.

use std::process::Command;

use super::{Fatal, Shell};
use crate::cql::command::Show;
use crate::print::python::{repr, strerror};
use crate::settings::VERSION;
use crate::terminal::Terminal;
use crate::value::screen::colour::{BLUE, RESET};

impl Shell {
    pub(super) fn show(&self, show: &Show, terminal: &mut Terminal) -> Result<(), Fatal> {
        match show {
            Show::Version => self.show_version(terminal)?,
            Show::Host => self.show_host(terminal)?,
            Show::Session(id) => self.show_trace(id, terminal)?,
            Show::Replicas(token, keyspace) => {
                self.show_replicas(token, keyspace.as_deref().or(self.keyspace.as_deref()), terminal)?;
            }
        }
        Ok(())
    }

    /// Where this shell is connected.
    pub(super) fn show_host(&self, terminal: &mut Terminal) -> Result<(), Fatal> {
        let options = self.session.options();
        let cluster = &self.session.server().cluster_name;
        let cluster = if terminal.colour() { format!("{BLUE}{cluster}{RESET}") } else { cluster.clone() };
        Ok(terminal.say(&format!("Connected to {cluster} at {}:{}", options.host, options.port))?)
    }

    /// The nodes that keep the rows of a token, as Python prints a list; none where there is no keyspace.
    fn show_replicas(&self, token: &str, keyspace: Option<&str>, terminal: &mut Terminal) -> Result<(), Fatal> {
        let replicas = match keyspace.map(str::to_owned) {
            None => Ok(Vec::new()),
            Some(keyspace) => {
                let session = self.session.clone();
                // No partitioner has tokens that do not fit: what is too large is beyond all of them.
                let beyond = if token.starts_with('-') { i128::MIN } else { i128::MAX };
                let token = token.parse().unwrap_or(beyond);
                self.fixed.runtime.run(async move { session.replicas(&keyspace, token).await })?
            }
        };
        match replicas {
            Ok(replicas) => {
                let listed: Vec<String> = replicas.iter().map(|address| repr(&address.to_string())).collect();
                terminal.say(&format!("[{}]", listed.join(", ")))?;
            }
            Err(error) => terminal.error(&error.to_string()),
        }
        Ok(())
    }

    /// What talks to what.
    pub(super) fn show_version(&self, terminal: &mut Terminal) -> Result<(), Fatal> {
        let server = self.session.server();
        Ok(terminal.say(&format!(
            "[cqlsh {VERSION} | Cassandra {} | CQL spec {} | Native protocol v4]",
            server.release_version, server.cql_version
        ))?)
    }

    // cqlsh: a shell runs the terminal's own `clear`, and says so if there is none, which is no error.
    pub(super) fn clear(&self, terminal: &mut Terminal) -> Result<(), Fatal> {
        terminal.flush()?;
        if let Err(error) = Command::new("/bin/sh").args(["-c", "clear"]).status() {
            terminal.error(&format!("Cannot run /bin/sh: {}", strerror(&error)));
        }
        Ok(())
    }
}
