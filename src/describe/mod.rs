//! DESCRIBE: the server answers with rows, and they are laid out here as cqlsh lays them out.
//!
//! The statement is sent as it was written. Servers before 4.0 do not know it, and what they would say is `written`.

mod layout;
mod rows;
mod written;

use crate::cluster::{Consistency, Interrupted, Page, QueryError, Request, Runtime, SerialConsistency, Session};
use crate::cql::command::{Describe, DescribeTarget};
use crate::print;
use crate::print::python::strerror;
use crate::terminal::Terminal;
use layout::Names;

/// Why a DESCRIBE ended early.
#[derive(Debug, thiserror::Error)]
pub enum DescribeError {
    /// Ctrl-C.
    #[error(transparent)]
    Interrupted(#[from] Interrupted),
    /// Stdout or the captured file cannot be written.
    #[error("Cannot write the result: {}", strerror(.0))]
    Output(#[from] std::io::Error),
}

/// Runs the DESCRIBE statement as written and prints the answer. The server's refusals are printed as cqlsh prints them
/// and are no `Err`.
pub fn describe(
    statement: &str,
    describe: Describe,
    current_keyspace: Option<&str>,
    session: &Session,
    runtime: &Runtime,
    terminal: &mut Terminal,
) -> Result<(), DescribeError> {
    let release = &session.server().release_version;
    if layout::precedes(release, 3) {
        return Ok(terminal.say(&layout::not_before_4(release))?);
    }
    let page = match runtime.run(ask(session.clone(), statement.to_owned()))? {
        Ok(page) => page,
        // Some that call themselves 3 know it all the same, so that all are asked.
        Err(error) if error.is_syntax_error() && layout::precedes(release, 4) => {
            return write(describe, current_keyspace, session, runtime, terminal);
        }
        Err(error) => {
            terminal.error(error_text(&error));
            return Ok(());
        }
    };
    match Answer::read(describe.target, &page, current_keyspace.is_none()) {
        Ok(answer) => answer.print(terminal)?,
        Err(error) => terminal.error(error_text(&error)),
    }
    let mut text = String::new();
    print::warnings(page.warnings(), &mut text);
    Ok(terminal.result(&text)?)
}

/// Prints what a server that does not know DESCRIBE would say.
fn write(
    describe: Describe,
    current_keyspace: Option<&str>,
    session: &Session,
    runtime: &Runtime,
    terminal: &mut Terminal,
) -> Result<(), DescribeError> {
    match runtime.run(written::answer(describe, current_keyspace.map(str::to_owned), session.clone()))? {
        Ok(answer) => answer.print(terminal)?,
        Err(refusal) => terminal.error(&refusal.to_string()),
    }
    Ok(())
}

/// Asks for the whole answer at once: between two pages the schema may change, and the server would give up.
async fn ask(session: Session, cql: String) -> Result<Page, QueryError> {
    let request = Request {
        cql,
        consistency: Consistency::LocalOne,
        serial_consistency: SerialConsistency::Serial,
        page_size: None,
        paging_state: None,
        tracing: false,
    };
    session.query(request).await
}

/// What is printed of an error: of the server's, what follows `message=`; a failure that the server had no part in is
/// told in full.
// cqlsh: nothing is left of an error of the server without `message=`.
fn error_text(error: &QueryError) -> &str {
    match (&error.message, error.line.split_once("message=")) {
        (None, _) => &error.line,
        (Some(_), Some((_, message))) => message.trim_matches('"'),
        (Some(_), None) => "",
    }
}

/// What there is to print.
enum Answer {
    Keyspaces(Vec<String>),
    Names(Names),
    Cluster(String),
    Statements(Vec<String>),
}

impl Answer {
    /// What the server's rows say. Keyspaces are named above their names when `all_keyspaces` are listed.
    fn read(target: DescribeTarget, page: &Page, all_keyspaces: bool) -> Result<Self, QueryError> {
        let first = |rows: Vec<[String; 1]>| rows.into_iter().map(|[text]| text).collect();
        Ok(match target {
            DescribeTarget::Keyspaces => Self::Keyspaces(first(rows::texts(page, ["name"])?)),
            DescribeTarget::Names => {
                let mut names = Names::new(all_keyspaces);
                for [keyspace, name] in rows::texts(page, ["keyspace_name", "name"])? {
                    names.push(&keyspace, name);
                }
                Self::Names(names)
            }
            DescribeTarget::Cluster => {
                let mut text = String::new();
                let ownership = rows::range_ownership(page)?;
                let rows = rows::texts(page, ["cluster", "partitioner", "snitch"])?;
                for (i, [cluster, partitioner, snitch]) in rows.iter().enumerate() {
                    let ownership = ownership.as_ref().and_then(|rows| rows.get(i)).map(Vec::as_slice);
                    text.push_str(&layout::cluster(cluster, partitioner, Some(snitch), ownership));
                }
                Self::Cluster(text)
            }
            DescribeTarget::Statements => Self::Statements(first(rows::texts(page, ["create_statement"])?)),
        })
    }

    fn print(self, terminal: &mut Terminal) -> std::io::Result<()> {
        match self {
            Self::Keyspaces(names) => terminal.raw(layout::keyspaces(&names).as_bytes()),
            Self::Names(names) => terminal.raw(names.finish().as_bytes()),
            Self::Cluster(text) => terminal.raw(text.as_bytes()),
            Self::Statements(statements) => statements.into_iter().try_for_each(|statement| {
                // cqlsh: only the statement itself goes to a captured file.
                terminal.say("")?;
                terminal.result(&statement)?;
                terminal.say("")
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::cluster::QueryErrorKind;

    use super::*;

    fn text(line: &str, message: Option<&str>) -> String {
        let message = message.map(str::to_owned);
        error_text(&QueryError { line: line.to_owned(), message, kind: QueryErrorKind::Refused }).to_owned()
    }

    // The first two expected texts are what cqlsh 6.2.2 printed.

    #[test]
    fn the_servers_message_stands_alone_without_its_quotes() {
        let line = r#"InvalidRequest: Error from server: code=2200 [Invalid query] message="'users2' not found in keyspace 'test'""#;
        assert_eq!(text(line, Some("'users2' not found in keyspace 'test'")), "'users2' not found in keyspace 'test'");
    }

    #[test]
    fn an_error_of_the_server_in_another_form_leaves_an_empty_line() {
        assert_eq!(text("SyntaxException: line 1:9 no viable alternative", Some("line 1:9 no viable alternative")), "");
    }

    #[test]
    fn a_lost_connection_is_told_in_full() {
        let line = "NoHostAvailable: ('Unable to complete the operation against any hosts', {})";
        assert_eq!(text(line, None), line);
    }
}
