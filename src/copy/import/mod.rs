//! COPY FROM: a thread cuts the input into chunks of records, threads turn them into rows and put those together that
//! travel together, the network thread sends them, and the thread that runs the statement counts.
//!
//! The result is that of importing the rows one after the other: each row carries a timestamp of ours that grows in the
//! order of the file, so that of two rows with the same key the later one wins, whatever the order they arrive in, and
//! a row that is sent again changes nothing. (Sums of counters need no order, and they are never sent again.)
//!
//! Memory is bounded: [`CHUNK_BYTES`] of input are kept at most, and [`IN_FLIGHT_BYTES`] of encoded rows.

mod batch;
mod columns;
mod encode;
mod feed;
mod lines;
mod pipeline;
mod rejects;
mod room;
mod send;

use std::io;
use std::ops::Range;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use batch::Limits;
use columns::Plan;
use encode::Encoder;
use feed::{Fed, Feeder, Portion};
use lines::Lines;
use pipeline::Packer;
use rejects::{Failure, Rejects};
use room::Room;
use send::Courier;

use super::interrupt::{Interrupt, Stop};
use super::options::Options;
use super::progress::Progress;
use super::source::{self, Broken};
use super::statements::Subject;
use super::{Context, Ended, retry};
use crate::cluster::{Interrupted, Prepared};

/// Input that is read and not yet answered for, unless a single record is longer.
const CHUNK_BYTES: usize = 16 * 1024 * 1024;
/// Encoded rows on their way to the server, unless a single one is longer.
const IN_FLIGHT_BYTES: usize = 16 * 1024 * 1024;
/// Requests on their way, if MAXINFLIGHTMESSAGES does not say otherwise.
const IN_FLIGHT: usize = 64;
/// Rows a batch, if MAXBATCHSIZE does not say otherwise.
const BATCH_ROWS: usize = 64;
/// Bytes of cells a batch: the server warns of batches of more than 5 KiB by its own count, which runs a little higher.
const BATCH_BYTES: usize = 4 * 1024;
/// How often Ctrl-C is looked for while nothing else happens.
const TICK: Duration = Duration::from_millis(100);
/// How long after Ctrl-C answers are waited for.
const LAST_WAIT: Duration = Duration::from_millis(800);

/// What the counting thread hears of.
enum Event {
    /// Rows the server has taken.
    Written(u64),
    /// Rows that were not imported.
    Failed { failure: Failure, portion: Arc<Portion>, records: Vec<Range<usize>> },
    /// A rest of the input that is no record.
    Broken(Broken),
    /// A file that cannot be read.
    NoFile(String),
    /// A failure that will be tried again.
    Remark(String),
}

/// Carries out a COPY FROM. `files` is the list as cqlsh normalizes it; `None` is stdin.
pub(super) fn run(
    subject: &Subject,
    options: &Options,
    files: Option<&str>,
    mut progress: Progress,
    context: &mut Context<'_>,
) -> Result<(), Ended> {
    super::refuse_unrecognized("FROM", options)?;
    super::check_columns(subject)?;
    let plan = Plan::new(subject, options)?;
    let now = jiff::Zoned::now().strftime("%Y%m%d_%H%M%S").to_string();
    let rejects = Rejects::new(&options.import, &now).map_err(|error| unusable_error_file(options, &error))?;
    let columns = plan.columns.join(", ");
    progress.say(&format!("\nStarting copy of {} with columns [{columns}].", subject.name()), context.terminal)?;

    let interrupt = Interrupt::watch(context.runtime);
    let fed = Arc::new(Fed::default());
    let (session, cql) = (context.session.clone(), plan.cql.clone());
    let mut count = Count { rejects, progress: &mut progress, stop: Stop::default(), unusable: None };
    let mut interrupted = false;
    match context.runtime.run(async move { session.prepare(cql).await })? {
        Ok(prepared) => {
            let (events, heard) = channel();
            let feeder = start(subject, options, &plan, prepared, &fed, &count.stop, events, context)?;
            match files {
                Some(list) => {
                    let list = list.to_owned();
                    let feed = thread::Builder::new().name("copy-read".to_owned()).spawn(move || feeder.files(&list));
                    feed.map_err(no_thread)?;
                }
                None => interrupted = feed_lines(feeder, context)?,
            }
            interrupted |= count.listen(&heard, &interrupt, interrupted, context)?;
        }
        Err(error) => {
            let failure = Failure::Insert { told: retry::told(&error), attempts: 1 };
            context.terminal.error(&failure.line(&[]));
        }
    }
    count.conclude(&fed, options, interrupted, context)
}

/// Starts all threads but the one that reads, whose work is returned.
#[expect(clippy::too_many_arguments, reason = "everything an import stands on comes together here")]
fn start(
    subject: &Subject,
    options: &Options,
    plan: &Plan,
    prepared: Prepared,
    fed: &Arc<Fed>,
    stop: &Stop,
    events: Sender<Event>,
    context: &Context<'_>,
) -> Result<Feeder, Ended> {
    let session = context.session.clone();
    let ring = context.runtime.run(async move { session.ring().await })?.map_err(|error| Ended::Refused(error.line))?;
    let ring = Arc::new(ring);
    let runtime = context.runtime.handle();
    let import = &options.import;
    let encoder = Encoder {
        dialect: options.dialect.clone(),
        style: options.style.clone(),
        skipped: plan.skipped.clone(),
        bound: plan.bind(subject, &prepared, &options.style),
        timestamps: !plan.counters,
    };
    let courier = Arc::new(Courier {
        session: context.session.clone(),
        prepared,
        counters: plan.counters,
        consistency: context.consistency,
        timeout: import.request_timeout,
        max_attempts: options.max_attempts,
        stop: stop.clone(),
        events: events.clone(),
    });
    let room = Room::new(IN_FLIGHT_BYTES, import.max_in_flight.unwrap_or(IN_FLIGHT), runtime.clone());
    let packer = || Packer {
        encoder: encoder.clone(),
        ring: Arc::clone(&ring),
        limits: Limits {
            most_rows: import.max_batch_size.unwrap_or(BATCH_ROWS),
            most_bytes: BATCH_BYTES,
            few: import.min_batch_size,
        },
        room: room.clone(),
        courier: Arc::clone(&courier),
        runtime: runtime.clone(),
        stop: stop.clone(),
        events: events.clone(),
    };
    let chunks = pipeline::start((0..options.processes).map(|_| packer())).map_err(no_thread)?;
    let room = Room::new(CHUNK_BYTES, usize::MAX, runtime.clone());
    Ok(Feeder::new(options, room, chunks, events, stop.clone(), Arc::clone(fed)))
}

/// Reads the lines after the statement; tells whether Ctrl-C ended them.
fn feed_lines(feeder: Feeder, context: &mut Context<'_>) -> Result<bool, Ended> {
    context.terminal.say("[Use . on a line by itself to end input]")?;
    context.terminal.flush()?;
    let mut lines = Lines::new(context.input);
    let fed = feeder.lines(&mut lines);
    let interrupted = lines.were_interrupted();
    if context.tty {
        context.terminal.say("")?;
    }
    fed.map(|()| interrupted).map_err(|error| Ended::Refused(format!("Can't read the input: {error}")))
}

fn no_thread(error: io::Error) -> Ended {
    Ended::Refused(format!("COPY cannot start its threads: {error}"))
}

fn unusable_error_file(options: &Options, error: &io::Error) -> Ended {
    let path = &options.import.error_file;
    let why = crate::print::python::os_error(error, path);
    Ended::Refused(format!("Can't write {}: {why}", crate::print::python::repr(path)))
}

/// Counts what happens to the rows.
struct Count<'p> {
    rejects: Rejects,
    progress: &'p mut Progress,
    stop: Stop,
    /// Why failed rows cannot be kept.
    unusable: Option<io::Error>,
}

impl Count<'_> {
    /// Counts until every row is answered for or the import ends early. Tells whether Ctrl-C ended it.
    fn listen(
        &mut self,
        events: &Receiver<Event>,
        interrupt: &Interrupt,
        interrupted: bool,
        context: &mut Context<'_>,
    ) -> Result<bool, Ended> {
        let mut end = interrupted.then(|| Instant::now() + LAST_WAIT);
        loop {
            if end.is_none() && interrupt.is_pressed() {
                end = Some(Instant::now() + LAST_WAIT);
            }
            if let Some(end) = end {
                self.stop.set();
                if Instant::now() >= end {
                    return Ok(true);
                }
            }
            match events.recv_timeout(TICK) {
                Ok(event) => self.hear(event, context)?,
                Err(mpsc::RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(end.is_some()),
            }
        }
    }

    fn hear(&mut self, event: Event, context: &mut Context<'_>) -> Result<(), Ended> {
        match event {
            Event::Written(rows) => self.progress.add(rows, context.terminal)?,
            Event::Remark(line) => context.terminal.note(&format!("{line}\n")),
            Event::NoFile(why) => {
                let failure = Failure::Insert { told: format!("OSError - {why}"), attempts: 1 };
                context.terminal.error(&failure.line(&[]));
            }
            Event::Broken(broken) => {
                let failure = Failure::Parse(broken.why.to_owned());
                self.reject(&failure, &[broken.place], std::iter::once(broken.bytes.as_slice()), context)?;
            }
            Event::Failed { failure, portion, records } => {
                let places: Vec<String> = records.iter().map(|record| portion.chunk.place(record.start)).collect();
                self.reject(&failure, &places, source::records(&portion.chunk, &records), context)?;
            }
        }
        Ok(())
    }

    fn reject<'r>(
        &mut self,
        failure: &Failure,
        places: &[String],
        records: impl Iterator<Item = &'r [u8]>,
        context: &mut Context<'_>,
    ) -> Result<(), Ended> {
        context.terminal.error(&failure.line(places));
        if let Err(error) = self.rejects.add(failure, records) {
            self.stop.set();
            self.unusable.get_or_insert(error);
        }
        self.progress.add(places.len() as u64, context.terminal)?;
        if let Some(line) = self.rejects.too_many().filter(|_| !self.stop.is_set()) {
            context.terminal.error(&line);
            self.stop.set();
        }
        Ok(())
    }

    /// Says what became of the rows.
    fn conclude(self, fed: &Fed, options: &Options, interrupted: bool, context: &mut Context<'_>) -> Result<(), Ended> {
        let (failed, handed_on) = (self.rejects.rows(), fed.rows.load(Ordering::Relaxed));
        let answered = self.progress.rows();
        if failed > 0 {
            let path = self.rejects.path();
            context.terminal.error(&format!("Failed to process {failed} rows; failed rows written to {path}"));
        }
        if !self.stop.is_set() && answered != handed_on {
            let lost = handed_on.abs_diff(answered);
            context.terminal.error(&format!("{lost} rows are not answered for: a part of the import has failed"));
        }
        let files = fed.files.load(Ordering::Relaxed);
        let summary = format!("{} rows imported from {files} files", answered.saturating_sub(failed));
        self.progress.finish(&summary, &format!(" ({} skipped)", options.import.skip_rows), context.terminal)?;
        if let Some(error) = self.unusable {
            return Err(unusable_error_file(options, &error));
        }
        if interrupted {
            let unknown = handed_on.saturating_sub(answered);
            context.terminal.note(&format!(
                "Interrupted: {answered} rows were answered for; of {unknown} more that were read some may be written.\n"
            ));
            return Err(Interrupted.into());
        }
        Ok(())
    }
}
