//! COPY TO: token ranges are fetched page by page on the network thread, formatted on plain threads, and written by the
//! thread that runs the statement.
//!
//! Memory is bounded: at most [`pipeline::MOST_SLOTS`] pages are being fetched, [`pipeline::WAITING_PAGES`] wait for
//! each formatter and [`pipeline::WAITING_BUFFERS`] formatted ones for the writer; a page aims at
//! [`page_size::TARGET_BYTES`].

mod fetch;
mod files;
mod format;
mod page_size;
mod pipeline;
mod scan;

use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use files::{FileError, Files};
use pipeline::Event;
use scan::Scan;

use super::faults::Faults;
use super::interrupt::Interrupt;
use super::options::Options;
use super::progress::{Extent, Progress};
use super::python;
use super::ranges::Limits;
use super::record::{self, Quoting, Writer};
use super::statements::Subject;
use super::{Context, Ended};
use crate::cluster::Interrupted;
use crate::print::python::{repr, strerror};

/// How often Ctrl-C is looked for while nothing else happens.
const TICK: Duration = Duration::from_millis(100);

/// How the writing ended.
enum Outcome {
    Complete,
    /// The line that tells why not.
    Failed(String),
    /// A file or stdout took no more.
    Unwritable(FileError),
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
    if let (Some(rows), None) = (options.export.max_output_size, file) {
        context.terminal.error(&format!("WARNING: maxoutputsize {rows} ignored when writing to STDOUT"));
    }
    super::refuse_unrecognized("TO", options)?;
    super::check_columns(subject)?;
    check_null(options)?;
    let scan = Scan::plan(subject, limits, context)?;
    let session = context.session.clone();
    let cql = scan.cql.clone();
    let prepared = context
        .runtime
        .run(async move { session.prepare_read(cql).await })?
        .map_err(|error| Ended::Refused(error.line))?;

    let faults = Faults::read(context.tests.failures.as_deref()).map_err(Ended::Refused)?;
    let interrupt = Interrupt::watch(context.runtime);
    let header = header(subject, options);
    let mut files = Files::open(file, header, options.export.max_output_size, &interrupt)?;
    let columns = subject.columns.join(", ");
    progress.say(&format!("\nStarting copy of {} with columns [{columns}].", subject.name()), context.terminal)?;
    let total = scan.portions.len();
    let mut done = 0;
    let outcome = match files.begin(context.terminal) {
        Ok(()) => {
            let events = pipeline::start(scan.portions, prepared, options, faults, context).map_err(refused)?;
            receive(&events, total, &mut done, &mut files, &mut progress, &interrupt, context)?
        }
        Err(error) => Outcome::Unwritable(error),
    };
    let (written, replaced) = (files.count(), files.replace());
    let outcome = match outcome {
        Outcome::Complete => files.finish(context.terminal).map_or_else(Outcome::Unwritable, |()| Outcome::Complete),
        // Dropping them removes what was written under another name.
        other => {
            drop(files);
            other
        }
    };
    if let Outcome::Failed(line) = &outcome {
        context.terminal.error(line);
        let told = format!("Exported {done} ranges out of {total} total ranges, some records might be missing");
        context.terminal.error(&told);
    }
    let written = if replaced && !matches!(outcome, Outcome::Complete) { 0 } else { written };
    conclude(outcome, file, written, progress, context)
}

/// Says what became of the files, of which so many were written.
fn conclude(
    outcome: Outcome,
    file: Option<&str>,
    written: usize,
    mut progress: Progress,
    context: &mut Context<'_>,
) -> Result<(), Ended> {
    let rows = progress.rows();
    let summary = format!("{rows} rows exported to {written} files");
    match outcome {
        Outcome::Complete | Outcome::Failed(_) => Ok(progress.finish(&summary, "", context.terminal)?),
        Outcome::Unwritable(FileError::Stdout(error)) => Err(Ended::Output(error)),
        Outcome::Unwritable(error) => {
            context.terminal.error(&error.to_string());
            Ok(progress.finish(&summary, "", context.terminal)?)
        }
        Outcome::Interrupted => {
            progress.finish(&summary, "", context.terminal)?;
            let fate = match file {
                None => String::new(),
                Some(path) if written == 0 => format!("; {} was not written", repr(path)),
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
    Ended::Refused(format!("COPY cannot start its threads: {}", strerror(&error)))
}

/// Writes what comes until everything has come, something failed or Ctrl-C was pressed.
fn receive(
    events: &Receiver<Event>,
    total: usize,
    done: &mut usize,
    files: &mut Files<'_>,
    progress: &mut Progress,
    interrupt: &Interrupt,
    context: &mut Context<'_>,
) -> Result<Outcome, Ended> {
    let mut bytes = 0;
    while !interrupt.is_pressed() {
        progress.draw(|| Extent { bytes, share: Some(*done as f64 / total.max(1) as f64) }, context.terminal);
        match events.recv_timeout(TICK) {
            Ok(Event::Rows { csv, row_ends }) => match files.write(&csv, &row_ends, context.terminal) {
                Ok(()) => {
                    bytes += csv.len() as u64;
                    progress.add(row_ends.len() as u64, context.terminal)?;
                }
                Err(FileError::GivenUp) => return Ok(Outcome::Interrupted),
                Err(error) => return Ok(Outcome::Unwritable(error)),
            },
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
