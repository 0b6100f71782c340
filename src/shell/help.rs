//! HELP: the list of topics, a topic's text, or the documentation's page in a browser. A person is shown the syntax of a
//! statement too.

use super::{Fatal, Shell};
use crate::cql::help::{self, Topic};
use crate::print::columns::section;
use crate::terminal::{Surface, Terminal};

/// The documentation's page on CQL, which topics are anchors of.
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
                Some(Topic::Cql { anchor, syntax }) => {
                    let address = format!("{DOCUMENTATION}#{anchor}");
                    let syntax = syntax.filter(|_| self.surface == Surface::Rich);
                    if let Some(syntax) = &syntax {
                        terminal.say(&format!("{syntax}  {address}\n"))?;
                    }
                    // What a browser prints comes after what was printed before.
                    terminal.flush()?;
                    let shown =
                        self.fixed.browsers.iter().any(|browser| browser.show(&address, self.surface.has_prompts()));
                    if !shown && syntax.is_none() {
                        terminal.error(&format!(
                            "*** No browser to display CQL help. URL for help topic {name} : {address}"
                        ));
                    }
                }
                None => terminal.error(&format!("*** No help on {name}")),
            }
        }
        Ok(())
    }
}
