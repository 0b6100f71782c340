//! Backslash commands: what each does at a prompt. Most are cqlsh's own commands in other words.

use std::process::Command as Program;
use std::time::Duration;

use jiff::Timestamp;

use super::{Fatal, Input, Next, Shell};
use crate::cql::backslash::{self, Backslash, Format, Pager};
use crate::cql::command::{Capture, Expand};
use crate::cql::split::Statement;
use crate::print::python::strerror;
use crate::terminal::{LineSource, Terminal, mode};

impl Shell {
    /// Runs statements, and the backslash command after them.
    pub(super) fn run_statements(
        &mut self,
        mut statements: Vec<Statement>,
        command: Option<&str>,
        input: &mut Input<'_>,
        terminal: &mut Terminal,
    ) -> Result<Next, Fatal> {
        let command = command.map(backslash::parse);
        // It runs the statement that it ends.
        let ended = match &command {
            Some(Ok(command)) if command.takes_statement() => statements.pop(),
            _ => None,
        };
        for statement in statements {
            self.interrupts.check()?;
            if self.statement(&statement.text, input, terminal)? == Next::Exit || self.ends_at_error(terminal) {
                return Ok(Next::Exit);
            }
            self.set_place(input, terminal);
        }
        match command {
            None => Ok(Next::Continue),
            Some(Ok(command)) => self.backslash(command, ended.map(|statement| statement.text), input, terminal),
            Some(Err(error)) => {
                terminal.error(&error.to_string());
                Ok(Next::Continue)
            }
        }
    }

    /// Carries out a command; `ended` is the statement that it ends, if it ends one.
    fn backslash(
        &mut self,
        command: Backslash,
        ended: Option<String>,
        input: &mut Input<'_>,
        terminal: &mut Terminal,
    ) -> Result<Next, Fatal> {
        match command {
            Backslash::Statement(text) => return self.statement(&text, input, terminal),
            Backslash::Vertical => match ended.or_else(|| self.last.clone()) {
                Some(statement) => return self.run_vertically(&statement, input, terminal),
                None => terminal.error(NOTHING_RUN),
            },
            Backslash::Watch(interval) => match ended.or_else(|| self.last.clone()) {
                Some(statement) => {
                    self.watching = true;
                    let watched = self.watch(&statement, interval, input, terminal);
                    self.watching = false;
                    return watched;
                }
                None => terminal.error(NOTHING_RUN),
            },
            Backslash::Expand(None) => {
                let other = if self.format == Format::Rows(Expand::On) { Expand::Off } else { Expand::On };
                self.set_expand(Some(other), terminal)?;
            }
            Backslash::Expand(expand) => self.set_expand(expand, terminal)?,
            Backslash::Timing(switch) => self.set_elapsed(Some(switch.unwrap_or(!self.elapsed)), terminal)?,
            Backslash::Format(format) => self.set_format(format, terminal)?,
            Backslash::Pager(pager) => {
                self.pages = match pager {
                    Pager::Toggle => !self.pages,
                    Pager::Switch(on) => on,
                    Pager::Command(command) => {
                        self.pager = command;
                        true
                    }
                };
                let pager = if self.pages { format!("ON: {}", self.pager) } else { "OFF".to_owned() };
                terminal.say(&format!("PAGER set to {pager}"))?;
            }
            Backslash::Output(None) => self.capture(Capture::Off, terminal)?,
            Backslash::Output(Some(file)) => self.capture(Capture::File(file), terminal)?,
            Backslash::System(command) => self.run_program(command.as_deref(), terminal)?,
            Backslash::Connection => self.show_connection(terminal)?,
            Backslash::Edit => {
                terminal.flush()?;
                let text = ended.or_else(|| self.last.clone()).unwrap_or_default();
                if let Err(error) = input.edit(&text) {
                    terminal.error(&format!("\\e has changed nothing: {error}."));
                }
            }
            Backslash::Help => terminal.raw(backslash::list().as_bytes())?,
        }
        Ok(Next::Continue)
    }

    /// The rows of this statement vertically, whatever the settings say.
    fn run_vertically(&mut self, text: &str, input: &mut Input<'_>, terminal: &mut Terminal) -> Result<Next, Fatal> {
        let format = std::mem::replace(&mut self.format, Format::Rows(Expand::On));
        let ran = self.statement(text, input, terminal);
        self.format = format;
        ran
    }

    /// Runs a statement again and again until Ctrl-C, or until it fails.
    fn watch(
        &mut self,
        text: &str,
        interval: Duration,
        input: &mut Input<'_>,
        terminal: &mut Terminal,
    ) -> Result<Next, Fatal> {
        let before = terminal.errors();
        loop {
            let now = Timestamp::now().to_zoned(self.fixed.local.clone());
            let seconds = interval.as_secs_f64();
            self.aside(&format!("{} (every {seconds}s)\n", now.strftime("%Y-%m-%d %H:%M:%S")), terminal)?;
            let next = self.statement(text, input, terminal)?;
            if next == Next::Exit || terminal.errors() > before {
                return Ok(next);
            }
            terminal.flush()?;
            self.fixed.runtime.run(async move { tokio::time::sleep(interval).await })?;
        }
    }

    /// A command line of the system, or a shell until it ends.
    fn run_program(&self, command: Option<&str>, terminal: &mut Terminal) -> Result<(), Fatal> {
        terminal.flush()?;
        let shell = &self.fixed.system_shell;
        let mut program = Program::new(shell);
        program.args(command.map(|command| ["-c", command]).iter().flatten());
        let lent = mode::lend();
        let status = program.status();
        drop(lent);
        match status {
            Ok(status) if !status.success() && command.is_some() => match status.code() {
                Some(code) => terminal.error(&format!("The command ended with status {code}.")),
                None => terminal.error(&format!("The command was ended: {status}.")),
            },
            Ok(_) => {}
            Err(error) => terminal.error(&format!("Cannot run {shell}: {}", strerror(&error))),
        }
        Ok(())
    }

    fn show_connection(&self, terminal: &mut Terminal) -> Result<(), Fatal> {
        self.show_host(terminal)?;
        self.show_version(terminal)?;
        let options = self.session.options();
        let user = options.credentials.as_ref().map(|login| login.user.as_str());
        let keyspace = self.keyspace.as_deref();
        let encrypted = if options.tls.is_some() { "" } else { "not " };
        terminal.say(&format!("The connection is {encrypted}encrypted."))?;
        terminal.say(&user.map_or("Nobody is logged in.".to_owned(), |user| format!("Logged in as {user}.")))?;
        Ok(terminal
            .say(&keyspace.map_or("No keyspace is used.".to_owned(), |name| format!("Keyspace {name} is used.")))?)
    }
}

const NOTHING_RUN: &str = "No statement was run yet that could be run again.";
