//! Feeding: files or lines in, chunks of records out, with HEADER, SKIPROWS, MAXROWS and INGESTRATE applied.

use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, SyncSender};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::Event;
use super::room::{Place, Room};
use super::target::{Target, Targets, Unprepared};
use crate::copy::interrupt::Stop;
use crate::copy::options::Options;
use crate::copy::paths;
use crate::copy::source::{Chunk, Cutter, SourceError};
use crate::print::python::{os_error, repr};

/// A chunk on its way, and its place in memory.
pub(super) struct Portion {
    /// The records.
    pub(super) chunk: Chunk,
    /// The timestamp of the first row in microseconds; each row after it has one more.
    pub(super) first_timestamp: i64,
    /// Its number, from 1.
    pub(super) number: u64,
    /// What becomes of them.
    pub(super) target: Arc<Target>,
    _place: Place,
}

/// What was read so far, for the summary.
#[derive(Debug, Default)]
pub(super) struct Fed {
    /// Files opened.
    pub(super) files: AtomicUsize,
    /// Rows handed on.
    pub(super) rows: AtomicU64,
    /// Their bytes.
    pub(super) bytes: AtomicU64,
    /// Whether there is nothing left to read.
    pub(super) complete: AtomicBool,
}

/// What becomes of the records of a file.
pub(super) enum Columns {
    /// The same in each file.
    Fixed(Arc<Target>),
    /// What its first line says.
    Named(Box<Targets>),
}

/// Reads the input and hands it on.
pub(super) struct Feeder {
    options: Options,
    columns: Columns,
    room: Room,
    chunks: SyncSender<Portion>,
    events: Sender<Event>,
    stop: Stop,
    fed: Arc<Fed>,
    /// Records read, headers not counted.
    read: u64,
    last_timestamp: i64,
    chunks_handed_on: u64,
    pace: Option<Pace>,
}

/// Nothing more is to be read.
struct Enough;

/// Why an input gives no more rows.
enum FeedError {
    /// It cannot be read, or what is left is no record.
    Source(SourceError),
    /// Its first line does not fit the table, or the server refuses what is made of it: the line that says so.
    Header(String),
    /// Ctrl-C was pressed.
    Interrupted,
}

impl From<SourceError> for FeedError {
    fn from(error: SourceError) -> Self {
        Self::Source(error)
    }
}

impl From<Unprepared> for FeedError {
    fn from(error: Unprepared) -> Self {
        match error {
            Unprepared::Interrupted => Self::Interrupted,
            Unprepared::Failed(error) => Self::Header(error.line),
        }
    }
}

impl Feeder {
    /// A feeder that has read nothing.
    pub(super) fn new(
        options: &Options,
        columns: Columns,
        room: Room,
        chunks: SyncSender<Portion>,
        events: Sender<Event>,
        stop: Stop,
        fed: Arc<Fed>,
    ) -> Self {
        let pace = options.import.ingest_rate.map(Pace::new);
        let (read, last_timestamp, chunks_handed_on) = (0, 0, 0);
        let options = options.clone();
        Self { options, columns, room, chunks, events, stop, fed, read, last_timestamp, chunks_handed_on, pace }
    }

    /// Reads the files of a list; the first that cannot be read ends it.
    pub(super) fn files(mut self, list: &str) {
        self.each_of(list);
        self.fed.complete.store(true, Ordering::Relaxed);
    }

    fn each_of(&mut self, list: &str) {
        for item in paths::items(list) {
            let found = paths::matching(item);
            if found.is_empty() {
                let item = repr(item);
                self.send(Event::NoFile(format!("Can't open {item} for reading: no matching file found")));
                return;
            }
            for path in found {
                let name = path.to_string_lossy();
                if let Err(error) = self.file(&path, &name) {
                    let why = os_error(&error, &name);
                    self.send(Event::NoFile(format!("Can't open {} for reading: {why}", repr(&name))));
                    return;
                }
                if self.stop.is_set() {
                    return;
                }
            }
        }
    }

    fn file(&mut self, path: &std::path::Path, name: &str) -> io::Result<()> {
        let file = File::open(path)?;
        if file.metadata()?.is_dir() {
            // Asking a directory for bytes gives the error that Python has for it.
            (&file).read_exact(&mut [0])?;
        }
        self.fed.files.fetch_add(1, Ordering::Relaxed);
        self.input(file, name)
    }

    /// Reads the lines of stdin, which counts as one file. Whoever hands them on knows why they break off.
    pub(super) fn lines(mut self, lines: impl Read) {
        self.fed.files.fetch_add(1, Ordering::Relaxed);
        let _ = self.input(lines, "STDIN");
        self.fed.complete.store(true, Ordering::Relaxed);
    }

    fn input(&mut self, input: impl Read, name: &str) -> io::Result<()> {
        let dialect = self.options.dialect.clone();
        let mut cutter = Cutter::new(input, name.into(), &dialect);
        match self.records(&mut cutter, name) {
            Ok(()) | Err(FeedError::Interrupted) => Ok(()),
            Err(FeedError::Source(SourceError::Read(error))) => Err(error),
            Err(FeedError::Header(line)) => {
                self.send(Event::Refused(line));
                self.stop.set();
                Ok(())
            }
            Err(FeedError::Source(SourceError::Broken(broken))) => {
                self.fed.rows.fetch_add(1, Ordering::Relaxed);
                self.send(Event::Broken(broken));
                Ok(())
            }
        }
    }

    fn records(&mut self, cutter: &mut Cutter<'_, impl Read>, name: &str) -> Result<(), FeedError> {
        let header = if self.options.header && cutter.add()? { Some(cutter.pending()) } else { None };
        let target = match (&mut self.columns, header) {
            (Columns::Fixed(target), _) => Arc::clone(target),
            (Columns::Named(targets), Some(header)) => {
                let plan = targets.named(header, name).map_err(FeedError::Header)?;
                targets.of(&plan)?
            }
            // An empty file.
            (Columns::Named(_), None) => return Ok(()),
        };
        cutter.discard();
        let import = &self.options.import;
        let (skip, most) = (import.skip_rows, import.max_rows.unwrap_or(u64::MAX));
        let chunk_size = match import.ingest_rate {
            Some(rate) => import.chunk_size.min(usize::try_from(rate).unwrap_or(usize::MAX)),
            None => import.chunk_size,
        };
        while self.read < most {
            match cutter.add() {
                Ok(true) => self.read += 1,
                Ok(false) => break,
                Err(error) => {
                    let _ = self.hand_on(cutter.take(), &target);
                    return Err(error.into());
                }
            }
            if self.read <= skip {
                cutter.discard();
            } else if cutter.is_full(chunk_size) && self.hand_on(cutter.take(), &target).is_err() {
                return Ok(());
            }
        }
        let _ = self.hand_on(cutter.take(), &target);
        Ok(())
    }

    fn hand_on(&mut self, chunk: Option<Chunk>, target: &Arc<Target>) -> Result<(), Enough> {
        let Some(chunk) = chunk else { return Ok(()) };
        if let Some(pace) = &mut self.pace {
            pace.wait_for(chunk.rows as u64, &self.stop);
        }
        let place = self.room.take(chunk.bytes.len(), || self.stop.is_set()).ok_or(Enough)?;
        let rows = chunk.rows as u64;
        let first_timestamp = self.timestamps(rows as i64);
        self.fed.rows.fetch_add(rows, Ordering::Relaxed);
        self.fed.bytes.fetch_add(chunk.bytes.len() as u64, Ordering::Relaxed);
        self.chunks_handed_on += 1;
        let (number, target) = (self.chunks_handed_on, Arc::clone(target));
        self.chunks.send(Portion { chunk, first_timestamp, number, target, _place: place }).map_err(|_| Enough)
    }

    /// The first of as many timestamps, all later than any before: now, unless rows come faster than microseconds pass.
    fn timestamps(&mut self, rows: i64) -> i64 {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_micros() as i64);
        let first = now.max(self.last_timestamp + 1);
        self.last_timestamp = first + rows;
        first
    }

    fn send(&self, event: Event) {
        // Nobody listens any more when the import has ended.
        let _ = self.events.send(event);
    }
}

/// Holds rows back to a rate.
#[derive(Debug)]
struct Pace {
    start: Instant,
    rate: u64,
    rows: u64,
}

impl Pace {
    fn new(rate: u64) -> Self {
        Self { start: Instant::now(), rate, rows: 0 }
    }

    /// Waits until as many rows more may go.
    fn wait_for(&mut self, rows: u64, stop: &Stop) {
        let due = self.start + Duration::from_secs_f64(self.rows as f64 / self.rate as f64);
        self.rows += rows;
        while !stop.is_set() {
            let left = due.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            thread::sleep(left.min(Duration::from_millis(100)));
        }
    }
}
