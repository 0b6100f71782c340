//! COPY TO: token ranges are fetched page by page on the network thread, formatted on plain threads, and written by the
//! thread that runs the statement.
//!
//! Memory is bounded: at most [`pipeline::MOST_SLOTS`] pages are being fetched, [`pipeline::WAITING_PAGES`] wait for
//! each formatter and [`pipeline::WAITING_BUFFERS`] formatted ones for the writer; a page aims at
//! [`page_size::TARGET_BYTES`].

mod fetch;
mod format;
mod page_size;
mod pipeline;
mod scan;

use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use pipeline::Event;
use scan::Scan;

use super::interrupt::Interrupt;
use super::options::Options;
use super::progress::Progress;
use super::python;
use super::ranges::Limits;
use super::record::{self, Quoting, Writer};
use super::sink::Sink;
use super::statements::Subject;
use super::{Context, Ended};
use crate::cluster::Interrupted;
use crate::print::python::{os_error, repr};

/// How often Ctrl-C is looked for while nothing else happens.
const TICK: Duration = Duration::from_millis(100);

/// How the writing ended.
enum Outcome {
    Complete,
    /// The line that tells why not.
    Failed(String),
    /// The file or stdout took no more.
    Unwritable(io::Error),
    Interrupted,
}

/// Carries out a COPY TO. `file` is the path as written; `None` is stdout.
pub(super) fn run(
    subject: &Subject,
    options: &Options,
    file: Option<&str>,
    mut progress: Progress,
    context: &mut Context<'_>,
) -> Result<(), Ended> {
    let limits = Limits { begin: token(&options.export.begin_token)?, end: token(&options.export.end_token)? };
    super::refuse_unrecognized("TO", options)?;
    super::check_columns(subject)?;
    check_null(options)?;
    let scan = Scan::plan(subject, limits, context)?;
    let session = context.session.clone();
    let cql = scan.cql.clone();
    let prepared =
        context.runtime.run(async move { session.prepare(cql).await })?.map_err(|error| Ended::Refused(error.line))?;

    let interrupt = Interrupt::watch(context.runtime);
    let mut sink = open(file, &interrupt)?;
    let columns = subject.columns.join(", ");
    progress.say(&format!("\nStarting copy of {} with columns [{columns}].", subject.name()), context.terminal)?;
    let total = scan.portions.len();
    let mut done = 0;
    let outcome = match sink.write(&header(subject, options), context.terminal) {
        Ok(()) => {
            let events = pipeline::start(scan.portions, prepared, options, context).map_err(refused)?;
            receive(&events, total, &mut done, &mut sink, &mut progress, &interrupt, context)?
        }
        Err(error) => Outcome::Unwritable(error),
    };
    let replaces = sink.replaces();
    let outcome = match outcome {
        Outcome::Complete => sink.finish(context.terminal).map_or_else(Outcome::Unwritable, |()| Outcome::Complete),
        // Dropping the sink removes what was written under another name.
        other => {
            drop(sink);
            other
        }
    };
    if let Outcome::Failed(line) = &outcome {
        context.terminal.error(line);
        let told = format!("Exported {done} ranges out of {total} total ranges, some records might be missing");
        context.terminal.error(&told);
    }
    conclude(outcome, file, replaces, progress, context)
}

/// Says what became of the file.
fn conclude(
    outcome: Outcome,
    file: Option<&str>,
    replaces: bool,
    mut progress: Progress,
    context: &mut Context<'_>,
) -> Result<(), Ended> {
    let rows = progress.rows();
    let files = usize::from(file.is_some() && (matches!(outcome, Outcome::Complete) || !replaces));
    let summary = format!("{rows} rows exported to {files} files");
    match (outcome, file) {
        (Outcome::Complete | Outcome::Failed(_), _) => Ok(progress.finish(&summary, "", context.terminal)?),
        (Outcome::Unwritable(error), None) => Err(Ended::Output(error)),
        (Outcome::Unwritable(error), Some(path)) => {
            context.terminal.error(&format!("Can't write {}: {}", repr(path), os_error(&error, path)));
            Ok(progress.finish(&summary, "", context.terminal)?)
        }
        (Outcome::Interrupted, file) => {
            progress.finish(&summary, "", context.terminal)?;
            let fate = match file {
                None => String::new(),
                Some(path) if replaces => format!("; {} was not written", repr(path)),
                Some(path) => format!("; {} is incomplete", repr(path)),
            };
            context.terminal.note(&format!("Interrupted after {rows} rows{fate}.\n"));
            Err(Interrupted.into())
        }
    }
}

/// BEGINTOKEN or ENDTOKEN as a number.
fn token(text: &str) -> Result<Option<i128>, Ended> {
    if text.is_empty() { Ok(None) } else { python::int(text).map(Some).map_err(Ended::Refused) }
}

/// A NULL that must stand in quotes could not be told from a text when it is read.
fn check_null(options: &Options) -> Result<(), Ended> {
    if record::stands_unquoted(options.style.null.as_bytes(), &options.dialect) {
        return Ok(());
    }
    let null = repr(&options.style.null);
    Err(Ended::Refused(format!("NULL {null} cannot be told from a text where ESCAPE is equal to QUOTE")))
}

fn open(file: Option<&str>, interrupt: &Interrupt) -> Result<Sink, Ended> {
    let Some(path) = file else { return Ok(Sink::Stdout) };
    match Sink::open(path, &|| interrupt.is_pressed()) {
        Ok(Some(sink)) => Ok(sink),
        Ok(None) => Err(Interrupted.into()),
        Err(error) => {
            let why = os_error(&error, path);
            Err(Ended::Refused(format!("Can't open {} for writing: {why}", repr(path))))
        }
    }
}

/// The line of names, if there is to be one.
fn header(subject: &Subject, options: &Options) -> Vec<u8> {
    let mut line = Vec::new();
    if options.header {
        let mut writer = Writer::new(&options.dialect);
        for name in &subject.columns {
            writer.field(name.as_bytes(), Quoting::Needed, &mut line);
        }
        writer.end(&mut line);
    }
    line
}

fn refused(error: io::Error) -> Ended {
    Ended::Refused(format!("COPY cannot start its threads: {error}"))
}

/// Writes what comes until everything has come, something failed or Ctrl-C was pressed.
fn receive(
    events: &Receiver<Event>,
    total: usize,
    done: &mut usize,
    sink: &mut Sink,
    progress: &mut Progress,
    interrupt: &Interrupt,
    context: &mut Context<'_>,
) -> Result<Outcome, Ended> {
    while !interrupt.is_pressed() {
        match events.recv_timeout(TICK) {
            Ok(Event::Rows { csv, rows }) => {
                if let Err(error) = sink.write(&csv, context.terminal) {
                    return Ok(Outcome::Unwritable(error));
                }
                progress.add(rows, context.terminal)?;
            }
            Ok(Event::Done) => *done += 1,
            Ok(Event::Remark(line)) => context.terminal.note(&format!("{line}\n")),
            Ok(Event::Failed(line)) => return Ok(Outcome::Failed(line)),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) if *done == total => return Ok(Outcome::Complete),
            Err(RecvTimeoutError::Disconnected) => {
                return Ok(Outcome::Failed("A part of the export ended without an answer".to_owned()));
            }
        }
    }
    Ok(Outcome::Interrupted)
}
