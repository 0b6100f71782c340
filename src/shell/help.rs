//! HELP: the list of topics, a topic's text, or where the documentation has it.

use super::{Fatal, Shell};
use crate::cql::help::{self, Topic};
use crate::print::columns::section;
use crate::terminal::Terminal;

/// Where cqlsh sends a reader who has no documentation installed.
const DOCUMENTATION: &str = "https://cassandra.apache.org/doc/latest/cassandra/cql/cql_singlefile.html";

impl Shell {
    pub(super) fn help(&self, topics: &[String], terminal: &mut Terminal) -> Result<(), Fatal> {
        if topics.is_empty() {
            let mut list = String::new();
            for part in help::sections() {
                section(part.heading, &part.topics, &mut list);
            }
            terminal.raw(list.as_bytes())?;
        }
        for name in topics {
            match help::topic(name) {
                Some(Topic::Shell(text)) => terminal.say(&text)?,
                Some(Topic::Cql(anchor)) => terminal.error(&format!(
                    "*** No browser to display CQL help. URL for help topic {name} : {DOCUMENTATION}#{anchor}"
                )),
                None => terminal.error(&format!("*** No help on {name}")),
            }
        }
        Ok(())
    }
}
