//! COPY both ways. It takes the shell's road as far as [`run`] and then its own: raw wire bytes, bounded queues, many
//! requests in flight.
//!
//! `options` and `statements` say what is to be done; `export` and `import` do it, each with a module for every
//! stage of its pipeline. What they share knows nothing of them: [`record`] and [`dialect`] of CSV, `ranges` of the
//! ring, `sink` and `source` of files.

mod configuration;
pub mod dialect;
mod export;
mod faults;
mod import;
mod interrupt;
mod meter;
mod options;
mod paths;
mod progress;
mod python;
mod ranges;
pub mod record;
mod retry;
mod sink;
mod source;
mod statements;

use std::io;
use std::path::Path;

use configuration::Gathered;
use options::{Defaults, Options};
use progress::Progress;
use statements::Subject;

use crate::cluster::{Consistency, Interrupted, Runtime, Session};
use crate::cql::command::{Copy, Direction};
use crate::print::python::{os_error, repr, strerror};
use crate::settings::CopyTests;
use crate::terminal::{LineSource, Terminal};

/// What COPY needs of the shell that runs it.
pub struct Context<'a> {
    /// The session to read and write through.
    pub session: &'a Session,
    /// The thread that network work runs on.
    pub runtime: &'a Runtime,
    /// Remarks go to stdout, errors to stderr with the shell's place in front.
    pub terminal: &'a mut Terminal,
    /// The lines after the statement, for COPY FROM STDIN.
    pub input: &'a mut dyn LineSource,
    /// Whether a person types at `input` (`[copy] ` prompt).
    pub tty: bool,
    /// The shell's keyspace, for tables without one.
    pub keyspace: Option<&'a str>,
    /// The shell's consistency level.
    pub consistency: Consistency,
    /// The shell's timestamp format, the default of DATETIMEFORMAT.
    pub timestamp_format: &'a str,
    /// Processors of this machine: cqlsh's default of NUMPROCESSES is one less, between 1 and 16.
    pub processors: usize,
    /// The user's home directory, for `~` in the names of files to read.
    pub home: Option<&'a Path>,
    /// The settings file, which may hold options.
    pub cqlshrc: &'a Path,
    /// Whether `--debug` was given.
    pub debug: bool,
    /// What tests of COPY have set.
    pub tests: &'a CopyTests,
}

/// Why a COPY ended before its summary. What cqlsh reports as an error line is printed and is no `Err`.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// Ctrl-C.
    #[error(transparent)]
    Interrupted(#[from] Interrupted),
    /// Stdout cannot be written.
    #[error("Cannot write the result: {}", strerror(.0))]
    Output(#[from] std::io::Error),
}

/// How a COPY ended before its summary.
enum Ended {
    /// With a line that is printed as an error.
    Refused(String),
    /// With Ctrl-C.
    Interrupted(Interrupted),
    /// Because stdout is gone.
    Output(io::Error),
}

impl From<Interrupted> for Ended {
    fn from(interrupted: Interrupted) -> Self {
        Self::Interrupted(interrupted)
    }
}

/// Only the terminal's failures come this way; those of files have words of their own.
impl From<io::Error> for Ended {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// Carries out a COPY.
pub fn run(copy: &Copy, mut context: Context<'_>) -> Result<(), CopyError> {
    let ended = carry_out(copy, &mut context);
    context.terminal.clear_bar();
    match ended {
        Ok(()) => Ok(()),
        Err(Ended::Refused(line)) => {
            context.terminal.error(&line);
            Ok(())
        }
        Err(Ended::Interrupted(interrupted)) => Err(interrupted.into()),
        Err(Ended::Output(error)) => Err(error.into()),
    }
}

/// What both directions have in common, in the order in which cqlsh checks and speaks.
fn carry_out(copy: &Copy, context: &mut Context<'_>) -> Result<(), Ended> {
    let subject = find(copy, context)?;
    let (keyspace, table) = (&subject.table.keyspace, &subject.table.name);
    let defaults = Defaults {
        timestamp_format: context.timestamp_format,
        processors: context.processors,
        processors_for_tests: context.tests.cores.as_deref(),
        error_file: &format!("import_{keyspace}_{table}.err"),
    };
    let silent = copy.direction == Direction::To && copy.file.is_none() && !context.debug;
    let gathered = configuration::gather(&copy.options, copy.direction, &subject, context.cqlshrc, context.debug);
    let Gathered { options: given, remarks, warning } = gathered.map_err(Ended::Refused)?;
    for remark in remarks.iter().filter(|_| !silent) {
        context.terminal.say(remark)?;
    }
    if let Some(warning) = warning {
        context.terminal.note(&format!("{warning}\n"));
    }
    let mut options = options::read(&given, copy.direction, defaults).map_err(Ended::Refused)?;
    options.import.error_file = paths::normalize(&options.import.error_file, context.home);
    options.rate_file = options.rate_file.map(|path| paths::normalize(&path, context.home));

    if context.debug {
        let detected = context.tests.cores.clone().unwrap_or_else(|| context.processors.to_string());
        context.terminal.say(&format!("Detected {} core(s)", detected.trim()))?;
    }
    let bar = context.terminal.draws_bars() && copy.file.is_some();
    let progress = Progress::start(&options, silent, bar).map_err(|error| {
        let path = options.rate_file.as_deref().unwrap_or_default();
        Ended::Refused(format!("Can't open {} for writing: {}", repr(path), os_error(&error, path)))
    })?;
    progress.say(&format!("Using {} child processes", options.processes), context.terminal)?;
    match copy.direction {
        Direction::To => export::run(&subject, &options, copy.file.as_deref(), progress, context),
        Direction::From => {
            let files = copy.file.as_deref().map(|files| paths::normalize(files, context.home));
            import::run(&subject, &options, files.as_deref(), progress, context)
        }
    }
}

/// Looks the table up.
fn find(copy: &Copy, context: &Context<'_>) -> Result<Subject, Ended> {
    let Some(keyspace) = copy.table.keyspace.as_deref().or(context.keyspace) else {
        return Err(Ended::Refused("Not in any keyspace.".to_owned()));
    };
    let (session, keyspace, table) = (context.session.clone(), keyspace.to_owned(), copy.table.table.clone());
    let found = context.runtime.run(async move {
        match session.table(keyspace.clone(), table.clone(), false).await? {
            Some(table) => Ok(Ok(table)),
            None if session.has_keyspace(keyspace.clone()).await? => {
                Ok(Err(format!("Column family {table} not found")))
            }
            None => Ok(Err(format!("Keyspace {} not found.", repr(&keyspace)))),
        }
    })?;
    let table = found.map_err(|error: crate::cluster::QueryError| Ended::Refused(error.line))?;
    let table = table.map_err(Ended::Refused)?;
    let columns = match &copy.columns {
        Some(columns) => columns.clone(),
        None => table.columns.iter().map(|column| column.name.clone()).collect(),
    };
    Ok(Subject { table, columns, listed: copy.columns.is_some() })
}

fn refuse_unrecognized(direction: &str, options: &Options) -> Result<(), Ended> {
    if options.unrecognized.is_empty() {
        return Ok(());
    }
    let names = options.unrecognized.join(", ");
    Err(Ended::Refused(format!("Unrecognized COPY {direction} options: {names}")))
}

fn check_columns(subject: &Subject) -> Result<(), Ended> {
    if subject.columns.is_empty() {
        return Err(Ended::Refused("No column specified".to_owned()));
    }
    let is_known = |name: &String| subject.table.columns.iter().any(|column| column.name == *name);
    match subject.columns.iter().find(|name| !is_known(name)) {
        Some(name) => Err(Ended::Refused(format!("Invalid column name {name}"))),
        None => Ok(()),
    }
}
