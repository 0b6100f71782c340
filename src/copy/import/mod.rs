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
mod count;
mod encode;
mod feed;
mod lines;
mod pipeline;
mod rejects;
mod room;
mod send;

use std::ops::Range;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::{io, thread};

use batch::Limits;
use columns::Plan;
use count::Count;
use encode::Encoder;
use feed::{Fed, Feeder, Portion};
use lines::Lines;
use pipeline::Packer;
use rejects::{Failure, Rejects};
use room::Room;
use send::Courier;

use super::dialect::Dialect;
use super::interrupt::{Interrupt, Stop};
use super::options::Options;
use super::progress::Progress;
use super::source::Broken;
use super::statements::Subject;
use super::{Context, Ended, retry};
use crate::cluster::{Prepared, QueryError, Session};

/// Input that is read and not yet answered for, unless a single record is longer.
const CHUNK_BYTES: usize = 16 * 1024 * 1024;
/// Encoded rows on their way to the server, unless a single one is longer.
const IN_FLIGHT_BYTES: usize = 16 * 1024 * 1024;
/// Requests on their way, if MAXINFLIGHTMESSAGES does not say otherwise.
const IN_FLIGHT: usize = 64;
/// Rows a batch, if MAXBATCHSIZE does not say otherwise.
const BATCH_ROWS: usize = 64;
/// Bytes a batch as the server counts them: it warns, and fills its log, from 5 KiB on.
const BATCH_BYTES: usize = 5 * 1024;
/// The same for a batch of one partition, which is a single mutation to the server and has no such bound.
const PARTITION_BATCH_BYTES: usize = 32 * 1024;
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
    progress: Progress,
    context: &mut Context<'_>,
) -> Result<(), Ended> {
    super::refuse_unrecognized("FROM", options)?;
    super::check_columns(subject)?;
    let plan = Plan::new(subject, options)?;
    let now = jiff::Zoned::now().strftime("%Y%m%d_%H%M%S").to_string();
    let rejects = Rejects::new(&options.import, &now).map_err(|error| count::no_error_file(&options.import, &error))?;
    let columns = plan.columns.join(", ");
    progress.say(&format!("\nStarting copy of {} with columns [{columns}].", subject.name()), context.terminal)?;

    let interrupt = Interrupt::watch(context.runtime);
    let fed = Arc::new(Fed::default());
    let statements = prepare(context.session.clone(), plan.cql.clone(), plan.statics.as_ref().map(|s| s.cql.clone()));
    let stop = Stop::default();
    let mut count = Count::new(rejects, progress, stop.clone());
    let mut interrupted = false;
    match context.runtime.run(statements)? {
        Ok(statements) => {
            let (events, heard) = channel();
            let feeder = start(subject, options, &plan, statements, &fed, &stop, events, context)?;
            match files {
                Some(list) => {
                    let list = list.to_owned();
                    let feed = thread::Builder::new().name("copy-read".to_owned()).spawn(move || feeder.files(&list));
                    feed.map_err(no_thread)?;
                }
                None => interrupted = feed_lines(feeder, &options.dialect, context)?,
            }
            interrupted |= count.listen(&heard, &interrupt, interrupted, context)?;
        }
        Err(error) => {
            let failure = Failure::Insert { told: retry::told(&error), attempts: 1 };
            context.terminal.error(&failure.line(0, &[]));
        }
    }
    count.conclude(&fed, &options.import, interrupted, context)
}

/// The prepared statements of an import.
struct Statements {
    /// For rows.
    rows: Prepared,
    /// For static columns of partitions without rows.
    statics: Option<Prepared>,
}

async fn prepare(session: Session, rows: String, statics: Option<String>) -> Result<Statements, QueryError> {
    let rows = session.prepare(rows).await?;
    let statics = match statics {
        Some(cql) => Some(session.prepare(cql).await?),
        None => None,
    };
    Ok(Statements { rows, statics })
}

/// Starts all threads but the one that reads, whose work is returned.
#[expect(clippy::too_many_arguments, reason = "everything an import stands on comes together here")]
fn start(
    subject: &Subject,
    options: &Options,
    plan: &Plan,
    statements: Statements,
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
        bound: plan.bind(subject, &statements.rows, &options.style),
        statics: statements.statics.iter().flat_map(|p| plan.bind_statics(subject, p, &options.style)).collect(),
        timestamps: !plan.counters,
        expiring: import.ttl.is_some(),
    };
    let courier = |prepared| {
        Arc::new(Courier {
            session: context.session.clone(),
            prepared,
            counters: plan.counters,
            consistency: context.consistency,
            timeout: import.request_timeout,
            max_attempts: options.max_attempts,
            stop: stop.clone(),
            events: events.clone(),
        })
    };
    let (courier, static_courier) = (courier(statements.rows), statements.statics.map(courier));
    let room = Room::new(IN_FLIGHT_BYTES, import.max_in_flight.unwrap_or(IN_FLIGHT), runtime.clone());
    let packer = || Packer {
        encoder: encoder.clone(),
        ring: Arc::clone(&ring),
        limits: Limits {
            most_rows: import.max_batch_size.unwrap_or(BATCH_ROWS),
            most_bytes: BATCH_BYTES,
            most_bytes_of_partition: PARTITION_BATCH_BYTES,
            few: import.min_batch_size,
        },
        room: room.clone(),
        courier: Arc::clone(&courier),
        static_courier: static_courier.clone(),
        runtime: runtime.clone(),
        stop: stop.clone(),
        events: events.clone(),
    };
    let chunks = pipeline::start((0..options.processes).map(|_| packer())).map_err(no_thread)?;
    let room = Room::new(CHUNK_BYTES, usize::MAX, runtime.clone());
    Ok(Feeder::new(options, room, chunks, events, stop.clone(), Arc::clone(fed)))
}

/// Reads the lines after the statement; tells whether Ctrl-C ended them.
fn feed_lines(feeder: Feeder, dialect: &Dialect, context: &mut Context<'_>) -> Result<bool, Ended> {
    context.terminal.say("[Use . on a line by itself to end input]")?;
    context.terminal.flush()?;
    let mut lines = Lines::new(context.input, (!context.tty).then_some(dialect));
    let fed = feeder.lines(&mut lines);
    let (interrupted, taken) = (lines.were_interrupted(), lines.taken());
    // cqlsh: what is wrong with a line is told with the number of the line after them all.
    context.terminal.move_place(taken);
    if context.tty {
        context.terminal.say("")?;
    }
    fed.map(|()| interrupted).map_err(|error| Ended::Refused(format!("Can't read the input: {error}")))
}

fn no_thread(error: io::Error) -> Ended {
    Ended::Refused(format!("COPY cannot start its threads: {error}"))
}
