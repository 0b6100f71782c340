//! COPY FROM: a thread cuts the input into chunks of records, threads turn them into rows and put those together that
//! travel together, the network thread sends them, and the thread that runs the statement counts.
//!
//! The result is that of importing the rows one after the other: each row carries a timestamp of ours that grows in the
//! order of the file, so that of two rows with the same key the later one wins, whatever the order they arrive in, and
//! a row that is sent again changes nothing. (Sums of counters need no order, and they are never sent again.)
//!
//! Memory is bounded: at most [`CHUNK_BYTES`] of input are kept, with what they are encoded to, and
//! [`dispatch::IN_FLIGHT_BYTES`] of requests.

mod authorship;
mod batch;
mod blocks;
mod columns;
mod count;
mod dispatch;
mod encode;
mod feed;
mod header;
mod lines;
mod literals;
mod pipeline;
mod rejects;
mod retries;
mod room;
mod send;
mod target;
mod window;

use std::ops::Range;
use std::sync::Arc;
use std::sync::mpsc::{Sender, SyncSender, channel};
use std::{io, thread};

use authorship::Authorship;
use batch::Limits;
use columns::Plan;
use count::{Count, Reading, Written};
use dispatch::Strain;
use feed::{Columns, Fed, Feeder, Portion};
use lines::{End, Lines};
use pipeline::Packer;
use rejects::{Failure, Rejects};
use room::Room;
use target::{Targets, Unprepared};
use window::Window;

use super::dialect::Dialect;
use super::faults::Faults;
use super::interrupt::{Interrupt, Stop};
use super::options::{Options, Origin};
use super::progress::Progress;
use super::source::Broken;
use super::statements::Subject;
use super::{Context, Ended, paths, retry};
use crate::cluster::Batch;
use crate::print::python::strerror;
use crate::terminal::Terminal;

/// Input that is read and not yet answered for, unless a single record is longer.
const CHUNK_BYTES: usize = 8 * 1024 * 1024;
/// Requests on their way at most, if MAXINFLIGHTMESSAGES does not say otherwise.
const IN_FLIGHT: usize = 512;
/// The same whatever it says: the protocol has 32,768 numbers for requests, and those whose answer is overdue keep theirs.
const MOST_IN_FLIGHT: usize = 16 * 1024;
/// Chunks whose batches wait to be sent.
const WAITING_PARCELS: usize = 1;
/// Rows a batch, if MAXBATCHSIZE does not say otherwise.
const BATCH_ROWS: usize = 500;
/// Bytes a batch as the server counts them, where it does not tell: it warns, and fills its log, from 5 KiB on.
const BATCH_BYTES: usize = 5 * 1024;
/// The same for a batch of one partition, which is a single mutation to the server and has no such bound.
const PARTITION_BATCH_BYTES: usize = 32 * 1024;
/// What the counting thread hears of.
enum Event {
    /// Rows that were not imported.
    Failed { failure: Failure, portion: Arc<Portion>, records: Vec<Range<usize>> },
    /// A rest of the input that is no record.
    Broken(Broken),
    /// A file that cannot be read.
    NoFile(String),
    /// A file whose first line does not fit the table: the line that says so.
    Refused(String),
    /// Rows that will be sent again, and why.
    Retry { rows: usize, why: String },
    /// A worker has ended because a test asks for it.
    Died,
}

/// Carries out a COPY FROM. `files` is the list as cqlsh normalizes it; `None` is stdin.
pub(super) fn run(
    subject: &Subject,
    options: &Options,
    files: Option<&str>,
    progress: Progress,
    context: &mut Context<'_>,
) -> Result<(), Ended> {
    super::refuse_unrecognized("FROM", options)?;
    super::check_columns(subject)?;
    let plan = Plan::new(subject, options).map_err(Ended::Refused)?;
    let named = options.header && !subject.listed;
    if let (true, Some(list)) = (named, files) {
        header::check(list, subject, options).map_err(Ended::Refused)?;
    }
    let faults = Faults::read(context.tests.failures.as_deref()).map_err(Ended::Refused)?;
    let now = jiff::Zoned::now().strftime("%Y%m%d_%H%M%S").to_string();
    let rejects = Rejects::new(&options.import, &now)
        .map_err(|error| Ended::Refused(count::no_error_file(&options.import, &error)))?;
    let columns = plan.columns.join(", ");
    progress.say(&format!("\nStarting copy of {} with columns [{columns}].", subject.name()), context.terminal)?;

    let interrupt = Interrupt::watch(context.runtime);
    let fed = Arc::new(Fed::default());
    let stop = Stop::default();
    let (written, strain) = (Written::default(), Strain::default());
    let mut count = Count::new(written.clone(), rejects, progress, stop.clone());
    let (events, heard) = channel();
    let authorship =
        (options.origin == Origin::Ours).then(|| Arc::new(Authorship::new(&options.dialect, &options.style.null)));
    let targets = Targets {
        subject: subject.clone(),
        options: options.clone(),
        session: context.session.clone(),
        runtime: context.runtime.handle().clone(),
        consistency: context.consistency,
        stop: stop.clone(),
        pressed: interrupt.pressed(),
        events: events.clone(),
        written,
        strain: strain.clone(),
        faults: Arc::new(faults),
        authorship: authorship.clone(),
        known: Vec::new(),
    };
    let columns =
        if named { Ok(Columns::Named(Box::new(targets))) } else { targets.into_one(&plan).map(Columns::Fixed) };
    let mut interrupted = false;
    match columns {
        Ok(columns) => {
            let chunks = start(subject, options, strain, &stop, events.clone(), context)?;
            let room = Room::new(CHUNK_BYTES, context.runtime.handle().clone());
            let feeder = Feeder::new(options, columns, room, chunks, events, stop.clone(), Arc::clone(&fed));
            match files {
                Some(list) => {
                    let list = list.to_owned();
                    let feed = thread::Builder::new().name("copy-read".to_owned()).spawn(move || feeder.files(&list));
                    feed.map_err(no_thread)?;
                }
                None => {
                    let mut hear = |terminal: &mut Terminal| count.glance(&heard, terminal);
                    interrupted = feed_lines(feeder, &options.dialect, &interrupt, &stop, &mut hear, context)?;
                }
            }
            // Only a bar shows how much of them all is done.
            let bytes = files.filter(|_| context.terminal.draws_bars()).and_then(paths::total_size);
            let reading = Reading { fed: &fed, bytes, silence: options.import.child_timeout };
            interrupted |= count.listen(&heard, &interrupt, interrupted, reading, context.terminal)?;
        }
        Err(Unprepared::Interrupted) => interrupted = true,
        Err(Unprepared::Failed(error)) => {
            let failure = Failure::Insert { told: retry::told(&error), attempts: 1 };
            context.terminal.error(&failure.line(0, &[]));
        }
    }
    if let Some(line) = authorship.and_then(|authorship| authorship.line()) {
        context.terminal.note(&format!("{line}\n"));
    }
    count.conclude(&fed, &options.import, interrupted, context.terminal)
}

/// Starts the threads that encode what comes out of the channel, and the task that sends it.
fn start(
    subject: &Subject,
    options: &Options,
    strain: Strain,
    stop: &Stop,
    events: Sender<Event>,
    context: &Context<'_>,
) -> Result<SyncSender<Portion>, Ended> {
    let session = context.session.clone();
    let keyspace = subject.table.keyspace.clone();
    let asked = async move { tokio::join!(session.placement(&keyspace), session.batch_size_warn_threshold()) };
    let (placement, threshold) = context.runtime.run(asked)?;
    let placement = Arc::new(placement.map_err(|error| Ended::Refused(error.line))?);
    let import = &options.import;
    let (parcels, packed) = tokio::sync::mpsc::channel(WAITING_PARCELS);
    let most = import.max_in_flight.unwrap_or(IN_FLIGHT).min(MOST_IN_FLIGHT);
    let dispatch = dispatch::dispatch(packed, Window::new(most), Arc::clone(&placement), strain, stop.clone());
    context.runtime.handle().spawn(dispatch);
    let most_bytes = threshold.unwrap_or(BATCH_BYTES);
    let packer = || Packer {
        placement: Arc::clone(&placement),
        limits: Limits {
            most_rows: import.max_batch_size.unwrap_or(BATCH_ROWS).min(Batch::MOST_ROWS),
            most_bytes,
            most_bytes_of_partition: PARTITION_BATCH_BYTES.max(most_bytes),
            few: import.min_batch_size,
        },
        parcels: parcels.clone(),
        stop: stop.clone(),
        events: events.clone(),
    };
    pipeline::start((0..options.processes).map(|_| packer()), import.max_pending_chunks).map_err(no_thread)
}

/// Reads the lines after the statement; tells whether Ctrl-C ended them. While the lines wait to be imported, `hear` is
/// what counts.
fn feed_lines(
    feeder: Feeder,
    dialect: &Dialect,
    interrupt: &Interrupt,
    stop: &Stop,
    hear: &mut dyn FnMut(&mut Terminal) -> Result<(), Ended>,
    context: &mut Context<'_>,
) -> Result<bool, Ended> {
    context.terminal.say("[Use . on a line by itself to end input]")?;
    context.terminal.flush()?;
    let (blocks, read) = blocks::channel();
    let feed = thread::Builder::new().name("copy-read".to_owned()).spawn(move || feeder.lines(read));
    feed.map_err(no_thread)?;
    let mut lines = Lines::new(context.input, (!context.tty).then_some(dialect));
    let mut last = false;
    while !last && !interrupt.is_pressed() {
        let mut block = lines.block();
        if lines.were_interrupted() {
            break;
        }
        last = block.is_empty();
        // Whatever ended the import early, what is left of the lines are no statements.
        while !interrupt.is_pressed() && !blocks.hand_on(&mut block) {
            hear(context.terminal)?;
        }
    }
    let interrupted = lines.were_interrupted() || interrupt.is_pressed();
    if interrupted {
        stop.set();
    }
    drop(blocks);
    // cqlsh: what is wrong with a line is told with the number of the line after them all.
    context.terminal.move_place(lines.taken());
    if context.tty {
        context.terminal.say("")?;
    }
    if let Some(End::Broken(error)) = lines.end() {
        let (line, why) = (lines.taken() + 1, strerror(error));
        context
            .terminal
            .error(&format!("The import ends before line {line} of the input, which cannot be read: {why}"));
        // What was typed ahead was not meant for a prompt.
        if context.tty {
            context.input.drop_typed_ahead()?;
        }
    }
    Ok(interrupted)
}

fn no_thread(error: io::Error) -> Ended {
    Ended::Refused(format!("COPY cannot start its threads: {}", strerror(&error)))
}
