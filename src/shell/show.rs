//! SHOW and CLEAR.

use std::process::Command;

use super::{Fatal, Shell};
use crate::cql::command::Show;
use crate::settings::VERSION;
use crate::terminal::Terminal;
use crate::value::screen::colour::{BLUE, RESET};

impl Shell {
    pub(super) fn show(&self, show: &Show, terminal: &mut Terminal) -> Result<(), Fatal> {
        match show {
            Show::Version => self.show_version(terminal)?,
            Show::Host => self.show_host(terminal)?,
            Show::Session(id) => self.show_trace(id, terminal)?,
            Show::Replicas(..) => terminal.error("SHOW REPLICAS is not supported yet: use nodetool getendpoints."),
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

    /// What talks to what.
    pub(super) fn show_version(&self, terminal: &mut Terminal) -> Result<(), Fatal> {
        let server = self.session.server();
        Ok(terminal.say(&format!(
            "[cqlsh {VERSION} | Cassandra {} | CQL spec {} | Native protocol v4]",
            server.release_version, server.cql_version
        ))?)
    }

    /// cqlsh runs the terminal's own `clear`.
    pub(super) fn clear(&self, terminal: &mut Terminal) -> Result<(), Fatal> {
        terminal.flush()?;
        if let Err(error) = Command::new("clear").status() {
            terminal.error(&format!("cannot run clear: {error}"));
        }
        Ok(())
    }
}
