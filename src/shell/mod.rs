//! One statement in, effects out. The same loop serves the prompt, `-e`, `-f`, standard input and SOURCE.

mod backslash;
mod capture;
mod completion;
mod connection;
mod consent;
mod ending;
mod explain;
mod help;
mod input;
mod layout;
mod login;
mod pages;
mod prompt;
mod result;
mod scripts;
mod settings;
mod show;
mod source;
mod start;
mod statement;
mod time_zones;
mod tls;
mod trace;
mod wait;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use completion::LiveNames;
use ending::Next;
pub use ending::{ExitStatus, Fatal};
use input::Input;
pub use start::{Ready, StartError};

use crate::cluster::{Consistency, Interrupted, Interrupts, Runtime, SerialConsistency, Session};
use crate::cql::backslash::Format;
use crate::cql::split::{Fed, LexError, Splitter};
use crate::settings::{CopyTests, Prompt};
use crate::terminal::{Browser, Line, LineSource, Place, Surface, Terminal};
use crate::value::screen::ScreenStyle;

/// What does not change while the program runs, shared with the shells that SOURCE makes.
#[derive(Debug)]
pub struct Fixed {
    runtime: Runtime,
    home: Option<PathBuf>,
    prompt: Option<String>,
    processors: usize,
    copy_tests: CopyTests,
    /// The machine's own time zone, which traces are shown in.
    local: jiff::tz::TimeZone,
    debug: bool,
    /// How long a trace is waited for after its request.
    max_trace_wait: Duration,
    /// What shows the pages of HELP.
    browsers: Vec<Browser>,
    /// What prompts start with, and what keeps from harm.
    defaults: Prompt,
    /// What runs commands of the system.
    system_shell: String,
    /// The settings file, where COPY looks for options.
    cqlshrc: PathBuf,
    /// Whether a script ends at its first error.
    stop_on_error: bool,
    /// Time limit of what all nodes have to carry out.
    alteration_timeout: Duration,
}

/// A shell: a session and the settings that commands change.
pub struct Shell {
    fixed: Arc<Fixed>,
    session: Session,
    keyspace: Option<String>,
    consistency: Consistency,
    serial_consistency: SerialConsistency,
    paging: bool,
    page_size: u64,
    format: Format,
    /// Whether results that do not fit the screen go to a pager, and which.
    pages: bool,
    pager: String,
    /// The statement that `\G` and `\watch` are about when they stand alone.
    last: Option<String>,
    /// Whether a person was told that there is no connection.
    lost: bool,
    /// When there was last nobody to connect to in the place of a lost connection.
    unreachable_since: Option<Instant>,
    /// Whether a statement is repeated by the clock: nobody is asked anything then.
    watching: bool,
    tracing: bool,
    elapsed: bool,
    history_shown: usize,
    style: ScreenStyle,
    surface: Surface,
    /// What TAB completes with; a script has none.
    names: Option<LiveNames>,
    /// Ctrl-C since the script began, or on a prompt since the last line was read.
    interrupts: Interrupts,
    /// Errors that were written before it began.
    errors_before: u64,
}

/// cqlsh's page size, which is also what it lays out at a time.
const PAGE_SIZE: u64 = 100;

impl Shell {
    fn new(fixed: Arc<Fixed>, session: Session, style: ScreenStyle, surface: Surface) -> Self {
        let keyspace = session.options().keyspace.clone();
        let defaults = fixed.defaults.clone();
        let has_prompts = surface.has_prompts();
        Self {
            interrupts: fixed.runtime.interrupts(),
            fixed,
            session,
            keyspace,
            consistency: Consistency::One,
            serial_consistency: SerialConsistency::Serial,
            paging: true,
            page_size: PAGE_SIZE,
            format: if has_prompts { defaults.format } else { Format::default() },
            pages: has_prompts && defaults.pages,
            pager: defaults.pager,
            last: None,
            lost: false,
            unreachable_since: None,
            watching: false,
            tracing: false,
            elapsed: has_prompts && defaults.timing,
            history_shown: 50,
            names: None,
            style,
            surface,
            errors_before: 0,
        }
    }

    /// Reads and runs statements until the input ends or says EXIT.
    fn run(&mut self, input: &mut Input<'_>, terminal: &mut Terminal) -> Result<(), Fatal> {
        let mut splitter = if self.surface.has_prompts() { Splitter::at_prompt() } else { Splitter::new() };
        let mut prompt = self.prompt();
        let mut blank_lines = 0;
        loop {
            if !self.surface.has_prompts() {
                self.interrupts.check()?;
            }
            let text = match self.next_line(&prompt, input, terminal)? {
                Line::Text(text) => text,
                Line::Interrupted if self.surface.has_prompts() => {
                    splitter.clear();
                    input.end_statement(false);
                    prompt = self.prompt();
                    continue;
                }
                Line::Interrupted => return Err(Interrupted.into()),
                Line::End => {
                    input.end_statement(false);
                    return self.end_of_input(&mut splitter, input, terminal);
                }
            };
            input.remember(&text);
            match splitter.feed(&text) {
                Fed::Pending => prompt = self.continuation_prompt(text == "\n", &mut blank_lines),
                fed => {
                    input.end_statement(true);
                    if self.run_fed(fed, input, terminal)? == Next::Exit {
                        return Ok(());
                    }
                    prompt = self.prompt();
                }
            }
        }
    }

    /// The next line. A person who sends what is no text is told so and starts anew.
    fn next_line(&self, prompt: &str, input: &mut Input<'_>, terminal: &mut Terminal) -> Result<Line, Fatal> {
        terminal.flush()?;
        match input.next_of_statement(prompt, &self.continuation()) {
            Ok(line) => Ok(line),
            Err(error) if self.surface.has_prompts() && error.kind() == io::ErrorKind::InvalidData => {
                terminal.error(&format!("This line cannot be read and is dropped: {error}"));
                input.drop_typed_ahead()?;
                Ok(Line::Interrupted)
            }
            Err(error) => Err(Fatal::Input { name: format!("{} (line {})", input.name, input.line), error }),
        }
    }

    /// Runs the statements of a text given with `-e`. cqlsh: all of it counts as one line, the first.
    fn run_text(&mut self, text: &str, input: &mut Input<'_>, terminal: &mut Terminal) -> Result<(), Fatal> {
        let mut splitter = Splitter::new();
        match splitter.feed(text) {
            Fed::Pending => self.end_of_input(&mut splitter, input, terminal),
            fed => self.run_fed(fed, input, terminal).map(|_| ()),
        }
    }

    /// What is left at the end is run if it is complete, and an error otherwise.
    fn end_of_input(
        &mut self,
        splitter: &mut Splitter,
        input: &mut Input<'_>,
        terminal: &mut Terminal,
    ) -> Result<(), Fatal> {
        match splitter.finish() {
            Fed::Pending => {
                self.set_place(input, terminal);
                terminal.error("Incomplete statement at end of file");
            }
            fed => {
                self.run_fed(fed, input, terminal)?;
            }
        }
        Ok(())
    }

    /// Runs what a line completed. An error in one statement does not stop the next, unless that was asked for; Ctrl-C on a
    /// prompt drops the rest.
    fn run_fed(&mut self, fed: Fed, input: &mut Input<'_>, terminal: &mut Terminal) -> Result<Next, Fatal> {
        self.set_place(input, terminal);
        let (statements, command) = match fed {
            Fed::Pending => return Ok(Next::Continue),
            Fed::Invalid(error) => {
                self.report_invalid(&error, terminal);
                return Ok(if self.ends_at_error(terminal) { Next::Exit } else { Next::Continue });
            }
            Fed::Statements(statements) => (statements, None),
            Fed::Backslash(statements, command) => (statements, Some(command)),
        };
        if self.surface.has_prompts() {
            self.interrupts = self.fixed.runtime.interrupts();
        }
        match self.run_statements(statements, command.as_deref(), input, terminal) {
            Err(Fatal::Interrupted(_)) if self.surface.has_prompts() => {
                terminal.clear_bar();
                terminal.end_pages()?;
                terminal.flush()?;
                input.interrupted()?;
                Ok(Next::Continue)
            }
            ended => ended,
        }
    }

    /// Whether this is a script, there was an error in it, and it was asked to end at the first one.
    fn ends_at_error(&self, terminal: &Terminal) -> bool {
        self.fixed.stop_on_error && !self.surface.has_prompts() && terminal.errors() > self.errors_before
    }

    fn set_place(&self, input: &Input<'_>, terminal: &mut Terminal) {
        terminal.set_place((!self.surface.has_prompts()).then(|| Place { name: input.name.clone(), line: input.line }));
    }

    /// A character that starts no token: the whole buffer is dropped.
    fn report_invalid(&self, error: &LexError, terminal: &mut Terminal) {
        if self.surface.has_prompts() {
            terminal.error(&format!("Invalid syntax at char {}", error.column));
        } else {
            terminal.error(&format!("Invalid syntax at line {}, char {}", error.line, error.column));
        }
        terminal.error(&format!("  {}", error.source));
        terminal.error(&format!(" {}^", " ".repeat(error.column)));
    }
}
