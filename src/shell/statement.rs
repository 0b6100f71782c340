//! One statement: a shell command is carried out, anything else is asked of the server.

use std::time::{Duration, Instant};

use super::{Fatal, Input, Next, Shell};
use crate::cluster::{QueryErrorKind, Request};
use crate::copy::{self, CopyError};
use crate::cql::command::{self, Command, CqlKind, Parsed};
use crate::describe::{self, DescribeError};
use crate::terminal::Terminal;

impl Shell {
    /// Runs one statement. What goes wrong inside it is printed and is no `Err`.
    pub(super) fn statement(
        &mut self,
        text: &str,
        input: &mut Input<'_>,
        terminal: &mut Terminal,
    ) -> Result<Next, Fatal> {
        let parsed = if self.surface.has_prompts() { command::parse_at_prompt(text) } else { command::parse(text) };
        if !self.may_run(text, &parsed, input, terminal)? {
            return Ok(Next::Continue);
        }
        let (explains, errors) = (self.explains(&parsed), terminal.errors());
        let next = self.run_parsed(text, parsed, input, terminal)?;
        if explains && terminal.errors() > errors {
            self.explain(text, terminal);
        }
        Ok(next)
    }

    fn run_parsed(
        &mut self,
        text: &str,
        parsed: Parsed,
        input: &mut Input<'_>,
        terminal: &mut Terminal,
    ) -> Result<Next, Fatal> {
        match parsed {
            Parsed::Improper(message) => {
                terminal.error(&message);
                Ok(Next::Continue)
            }
            Parsed::Cql(kind) => {
                self.cql(text, &kind, input, terminal)?;
                Ok(Next::Continue)
            }
            Parsed::Command(Command::Exit) => Ok(Next::Exit),
            Parsed::Command(command) => {
                self.command(text, command, input, terminal)?;
                Ok(Next::Continue)
            }
        }
    }

    fn command(
        &mut self,
        text: &str,
        command: Command,
        input: &mut Input<'_>,
        terminal: &mut Terminal,
    ) -> Result<(), Fatal> {
        match command {
            Command::Describe(describe) => {
                self.reconnect(terminal)?;
                self.last = Some(text.to_owned());
                let described = describe::describe(
                    text,
                    describe,
                    self.keyspace.as_deref(),
                    &self.session,
                    &self.fixed.runtime,
                    terminal,
                );
                described.map_err(|error| match error {
                    DescribeError::Interrupted(interrupted) => Fatal::Interrupted(interrupted),
                    DescribeError::Output(error) => Fatal::Output(error),
                })
            }
            Command::Copy(copy) => {
                self.reconnect(terminal)?;
                self.copy(&copy, input, terminal)
            }
            Command::Source(path) => self.source(&path, terminal),
            Command::Capture(capture) => self.capture(capture, terminal),
            Command::Consistency(level) => self.set_consistency(level.as_deref(), terminal),
            Command::SerialConsistency(level) => self.set_serial_consistency(level.as_deref(), terminal),
            Command::Show(show) => self.show(&show, terminal),
            Command::Tracing(switch) => self.set_tracing(switch, terminal),
            Command::Elapsed(switch) => self.set_elapsed(switch, terminal),
            Command::Expand(switch) => self.set_expand(switch, terminal),
            Command::Paging(paging) => self.set_paging(paging, terminal),
            Command::Login { user, password } => self.login(&user, password, input, terminal),
            Command::Help(topics) => self.help(&topics, terminal),
            Command::History(count) => self.history(count, input, terminal),
            Command::Clear => self.clear(terminal),
            Command::Debug => {
                terminal.error("DEBUG opens the Python debugger in Apache cqlsh; there is none here.");
                Ok(())
            }
            Command::Exit => Ok(()),
        }
    }

    /// Asks the server and prints what it answers.
    fn cql(&mut self, text: &str, kind: &CqlKind, input: &mut Input<'_>, terminal: &mut Terminal) -> Result<(), Fatal> {
        if self.surface.has_prompts() {
            self.last = Some(text.to_owned());
        }
        let request = Request {
            cql: text.to_owned(),
            consistency: self.consistency,
            serial_consistency: self.serial_consistency,
            page_size: self.fetch_size(),
            paging_state: None,
            tracing: self.tracing && !self.reads_traces(kind),
        };
        self.reconnect(terminal)?;
        let asked = Instant::now();
        let mut answer = self.ask(request.clone(), terminal)?;
        // It was not known to be gone, and nothing was sent.
        if answer.as_ref().is_err_and(|error| error.kind == QueryErrorKind::Unsent) && self.reconnect(terminal)? {
            answer = self.ask(request.clone(), terminal)?;
        }
        let page = match answer {
            Ok(page) => page,
            Err(error) => {
                terminal.error(&error.to_string());
                self.tell_if_lost(&error, *kind == CqlKind::Other, terminal);
                return Ok(());
            }
        };
        if changes_schema(text) {
            if let Some(names) = &self.names {
                names.changed();
            }
            self.await_agreement(terminal)?;
        }
        let elapsed = asked.elapsed();
        if self.pages && !self.watching {
            terminal.start_pages(&self.pager);
        }
        let mut warnings = page.warnings().to_vec();
        let mut traces = Vec::from_iter(page.tracing_id());
        match kind {
            CqlKind::Use(keyspace) => {
                // cqlsh: USE shows neither.
                warnings.clear();
                traces.clear();
                self.keyspace = Some(keyspace.clone());
                if let Some(names) = &self.names {
                    names.set_keyspace(self.keyspace.clone());
                }
            }
            CqlKind::Select(_) | CqlKind::List => {
                warnings = self.print_rows(page, &request, &mut traces, input, terminal)?;
            }
            CqlKind::Other => self.print_applied(page, terminal)?,
        }
        if self.elapsed {
            self.aside(&format!("({}ms elapsed)\n", elapsed.as_millis()), terminal)?;
        }
        if !warnings.is_empty() {
            let mut out = String::new();
            crate::print::warnings(&warnings, &mut out);
            self.aside(&out, terminal)?;
        }
        self.print_traces(&traces, terminal)?;
        terminal.end_pages()?;
        terminal.flush()?;
        Ok(())
    }

    /// cqlsh does not trace the reading of traces.
    fn reads_traces(&self, kind: &CqlKind) -> bool {
        let CqlKind::Select(Some(table)) = kind else { return false };
        table.keyspace.as_deref().or(self.keyspace.as_deref()) == Some("system_traces")
    }

    /// cqlsh warns when the nodes do not agree on the schema after a change.
    fn await_agreement(&self, terminal: &mut Terminal) -> Result<(), Fatal> {
        let session = self.session.clone();
        if !self.fixed.runtime.run(async move { session.schema_agrees().await })? {
            terminal.error(
                "Warning: schema version mismatch detected; check the schema versions of your \
                 nodes in system.local and system.peers.",
            );
        }
        Ok(())
    }

    fn copy(&mut self, copy: &command::Copy, input: &mut Input<'_>, terminal: &mut Terminal) -> Result<(), Fatal> {
        let context = copy::Context {
            session: &self.session,
            runtime: &self.fixed.runtime,
            terminal,
            input,
            tty: self.surface.has_prompts(),
            keyspace: self.keyspace.as_deref(),
            consistency: self.consistency,
            timestamp_format: &self.style.timestamp_format,
            processors: self.fixed.processors,
            home: self.fixed.home.as_deref(),
            cqlshrc: &self.fixed.cqlshrc,
            debug: self.fixed.debug,
            tests: &self.fixed.copy_tests,
        };
        copy::run(copy, context).map_err(|error| match error {
            CopyError::Interrupted(interrupted) => Fatal::Interrupted(interrupted),
            CopyError::Output(error) => Fatal::Output(error),
        })
    }
}

/// Whether a statement is one after which the nodes must agree on the schema.
fn changes_schema(text: &str) -> bool {
    begins_with(text, &["create", "alter", "drop"])
}

/// How long a statement's answer is waited for: one that all nodes have to carry out may take them longer than others.
pub(super) fn limit(text: &str, request: Duration, alteration: Duration) -> Duration {
    if changes_schema(text) || begins_with(text, &["truncate"]) { alteration } else { request }
}

fn begins_with(text: &str, verbs: &[&str]) -> bool {
    let word = text.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    verbs.iter().any(|verb| word.eq_ignore_ascii_case(verb))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_all_nodes_carry_out_has_more_time() {
        let (request, alteration) = (Duration::from_secs(10), Duration::from_secs(70));
        for text in ["CREATE TABLE t (k int PRIMARY KEY)", "alter table t DROP c", "Drop\nKEYSPACE k", "TRUNCATE t"] {
            assert_eq!(limit(text, request, alteration), alteration, "{text}");
        }
        for text in ["SELECT * FROM t", "INSERT INTO t (k) VALUES (1)", "BEGIN BATCH", "created", "truncated", ""] {
            assert_eq!(limit(text, request, alteration), request, "{text}");
        }
    }
}
