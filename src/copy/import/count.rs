//! Counting: what became of each row, what is said of those that failed, and the summary.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use super::Event;
use super::feed::Fed;
use super::rejects::{Failure, MOST_PLACES, Rejects};
use super::retries::Retries;
use crate::cluster::Interrupted;
use crate::copy::interrupt::{Interrupt, Stop};
use crate::copy::options::ImportOptions;
use crate::copy::progress::{Extent, Progress};
use crate::copy::{Ended, source};
use crate::print::python::{os_error, repr};
use crate::terminal::Terminal;

/// How often Ctrl-C is looked for while nothing else happens.
const TICK: Duration = Duration::from_millis(100);

/// How long what waits for something else looks at events: that it can go on, no event tells.
const MOMENT: Duration = Duration::from_millis(1);
/// How long after Ctrl-C answers are waited for.
const LAST_WAIT: Duration = Duration::from_millis(800);

/// What there is to count, and how long nothing may happen once all of it is read.
pub(super) struct Reading<'f> {
    /// What is read.
    pub(super) fed: &'f Fed,
    /// Bytes of all files, where they can be told.
    pub(super) bytes: Option<u64>,
    /// CHILDTIMEOUT.
    pub(super) silence: Duration,
}

/// Rows the server has taken and nobody has counted yet. They come too fast to be told of one batch after the other.
#[derive(Debug, Clone, Default)]
pub(super) struct Written(Arc<AtomicU64>);

impl Written {
    /// So many more.
    pub(super) fn add(&self, rows: u64) {
        self.0.fetch_add(rows, Ordering::Relaxed);
    }

    fn take(&self) -> u64 {
        self.0.swap(0, Ordering::Relaxed)
    }
}

/// Counts what happens to the rows.
pub(super) struct Count {
    written: Written,
    rejects: Rejects,
    retries: Retries,
    progress: Progress,
    stop: Stop,
    /// Why failed rows cannot be kept.
    unusable: Option<io::Error>,
}

impl Count {
    /// Nothing has happened yet. `stop` is set when the import is to end early.
    pub(super) fn new(written: Written, rejects: Rejects, progress: Progress, stop: Stop) -> Self {
        Self { written, rejects, retries: Retries::default(), progress, stop, unusable: None }
    }

    /// Counts until every row is answered for or the import ends early. Tells whether Ctrl-C ended it.
    pub(super) fn listen(
        &mut self,
        events: &Receiver<Event>,
        interrupt: &Interrupt,
        interrupted: bool,
        reading: Reading<'_>,
        terminal: &mut Terminal,
    ) -> Result<bool, Ended> {
        let mut end = interrupted.then(|| Instant::now() + LAST_WAIT);
        let mut last_heard = Instant::now();
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
            self.draw(&reading, terminal);
            let heard = events.recv_timeout(TICK);
            if self.count_written(terminal)? > 0 {
                last_heard = Instant::now();
            }
            match heard {
                Ok(event) => {
                    self.hear(event, terminal)?;
                    last_heard = Instant::now();
                }
                Err(RecvTimeoutError::Timeout) if !reading.fed.complete.load(Ordering::Relaxed) => {
                    last_heard = Instant::now();
                }
                Err(RecvTimeoutError::Timeout) if last_heard.elapsed() > reading.silence => {
                    let seconds = reading.silence.as_secs();
                    terminal.error(&format!("No records inserted in {seconds} seconds, aborting"));
                    self.stop.set();
                    return Ok(end.is_some());
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(end.is_some() || interrupt.is_pressed()),
            }
        }
    }

    /// Counts what has happened meanwhile, or the next that happens within a moment.
    pub(super) fn glance(&mut self, events: &Receiver<Event>, terminal: &mut Terminal) -> Result<(), Ended> {
        let heard = events.recv_timeout(MOMENT);
        self.count_written(terminal)?;
        heard.map_or(Ok(()), |event| self.hear(event, terminal))
    }

    /// Gives the number of rows. Retries that wait to be told of are told when it is time.
    fn count_written(&mut self, terminal: &mut Terminal) -> io::Result<u64> {
        for line in self.retries.due(Instant::now()) {
            terminal.note(&format!("{line}\n"));
        }
        let written = self.written.take();
        if written > 0 {
            self.progress.add(written, terminal)?;
        }
        Ok(written)
    }

    /// Of what is read, so much counts as done as rows are answered for.
    fn draw(&mut self, reading: &Reading<'_>, terminal: &mut Terminal) {
        let answered = self.progress.rows() as f64;
        let extent = || {
            let (rows, bytes) = (reading.fed.rows.load(Ordering::Relaxed), reading.fed.bytes.load(Ordering::Relaxed));
            let done = if rows == 0 { 0.0 } else { bytes as f64 * answered / rows as f64 };
            let share = reading.bytes.map(|all| done / all.max(1) as f64);
            Extent { bytes: done as u64, share }
        };
        self.progress.draw(extent, terminal);
    }

    fn tell_retries(&mut self, terminal: &mut Terminal) {
        for line in self.retries.all() {
            terminal.note(&format!("{line}\n"));
        }
    }

    fn hear(&mut self, event: Event, terminal: &mut Terminal) -> Result<(), Ended> {
        match event {
            Event::Retry { rows, why } => self.retries.add(rows, why),
            Event::NoFile(why) => {
                let failure = Failure::Insert { told: format!("OSError - {why}"), attempts: 1 };
                terminal.error(&failure.line(0, &[]));
            }
            Event::Refused(line) => terminal.error(&line),
            Event::Died => {
                terminal.error("1 child process(es) died unexpectedly, aborting");
                self.stop.set();
            }
            Event::Broken(broken) => {
                let failure = Failure::Parse(broken.why.to_owned());
                self.reject(&failure, 1, &[broken.place], std::iter::once(broken.bytes.as_slice()), terminal)?;
            }
            Event::Failed { failure, portion, records } => {
                let told = records.iter().take(MOST_PLACES);
                let places: Vec<String> = told.map(|record| portion.chunk.place(record.start)).collect();
                let bytes = source::records(&portion.chunk, &records);
                self.reject(&failure, records.len(), &places, bytes, terminal)?;
            }
        }
        Ok(())
    }

    fn reject<'r>(
        &mut self,
        failure: &Failure,
        rows: usize,
        places: &[String],
        records: impl Iterator<Item = &'r [u8]>,
        terminal: &mut Terminal,
    ) -> Result<(), Ended> {
        self.tell_retries(terminal);
        terminal.error(&failure.line(rows, places));
        if let Err(error) = self.rejects.add(failure, records) {
            self.stop.set();
            self.unusable.get_or_insert(error);
        }
        self.progress.add(rows as u64, terminal)?;
        if let Some(line) = self.rejects.too_many().filter(|_| !self.stop.is_set()) {
            terminal.error(&line);
            self.stop.set();
        }
        Ok(())
    }

    /// Says what became of the rows.
    pub(super) fn conclude(
        mut self,
        fed: &Fed,
        options: &ImportOptions,
        interrupted: bool,
        terminal: &mut Terminal,
    ) -> Result<(), Ended> {
        self.count_written(terminal)?;
        self.tell_retries(terminal);
        let (failed, handed_on) = (self.rejects.rows(), fed.rows.load(Ordering::Relaxed));
        let answered = self.progress.rows();
        if failed > 0 {
            let path = self.rejects.path();
            let kept = if self.unusable.is_none() { "" } else { "not all " };
            terminal.error(&format!("Failed to process {failed} rows; {kept}failed rows written to {path}"));
        }
        if !interrupted && answered != handed_on {
            let lost = handed_on.abs_diff(answered);
            let why = if self.stop.is_set() { "the import ended early" } else { "a part of the import has failed" };
            terminal.error(&format!("{lost} rows are not answered for: {why}"));
        }
        let files = fed.files.load(Ordering::Relaxed);
        let summary = format!("{} rows imported from {files} files", answered.saturating_sub(failed));
        self.progress.finish(&summary, &format!(" ({} skipped)", options.skip_rows), terminal)?;
        if let Some(error) = self.unusable.take() {
            terminal.error(&no_error_file(options, &error));
        }
        if interrupted {
            let unknown = handed_on.saturating_sub(answered);
            terminal.note(&format!(
                "Interrupted: {answered} rows were answered for; of {unknown} more that were read some may be written.\n"
            ));
            return Err(Interrupted.into());
        }
        Ok(())
    }
}

/// Whatever ended the counting, nothing goes on behind it.
impl Drop for Count {
    fn drop(&mut self) {
        self.stop.set();
    }
}

/// What is said when failed rows cannot be kept.
pub(super) fn no_error_file(options: &ImportOptions, error: &io::Error) -> String {
    let path = &options.error_file;
    format!("Can't write {}: {}", repr(path), os_error(error, path))
}
