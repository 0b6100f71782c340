//! Counting: what became of each row, what is said of those that failed, and the summary.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use super::Event;
use super::feed::Fed;
use super::rejects::{Failure, MOST_PLACES, Rejects};
use crate::cluster::Interrupted;
use crate::copy::interrupt::{Interrupt, Stop};
use crate::copy::options::ImportOptions;
use crate::copy::progress::Progress;
use crate::copy::{Context, Ended, source};
use crate::print::python::{os_error, repr};

/// How often Ctrl-C is looked for while nothing else happens.
const TICK: Duration = Duration::from_millis(100);
/// How long after Ctrl-C answers are waited for.
const LAST_WAIT: Duration = Duration::from_millis(800);

/// How long nothing may happen once everything is read.
pub(super) struct Patience<'f> {
    /// What is read.
    pub(super) fed: &'f Fed,
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
    progress: Progress,
    stop: Stop,
    /// Why failed rows cannot be kept.
    unusable: Option<io::Error>,
}

impl Count {
    /// Nothing has happened yet. `stop` is set when the import is to end early.
    pub(super) fn new(written: Written, rejects: Rejects, progress: Progress, stop: Stop) -> Self {
        Self { written, rejects, progress, stop, unusable: None }
    }

    /// Counts until every row is answered for or the import ends early. Tells whether Ctrl-C ended it.
    pub(super) fn listen(
        &mut self,
        events: &Receiver<Event>,
        interrupt: &Interrupt,
        interrupted: bool,
        limit: Patience<'_>,
        context: &mut Context<'_>,
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
            let heard = events.recv_timeout(TICK);
            let written = self.written.take();
            if written > 0 {
                self.progress.add(written, context.terminal)?;
                last_heard = Instant::now();
            }
            match heard {
                Ok(event) => {
                    self.hear(event, context)?;
                    last_heard = Instant::now();
                }
                Err(RecvTimeoutError::Timeout) if !limit.fed.complete.load(Ordering::Relaxed) => {
                    last_heard = Instant::now();
                }
                Err(RecvTimeoutError::Timeout) if last_heard.elapsed() > limit.silence => {
                    let seconds = limit.silence.as_secs();
                    context.terminal.error(&format!("No records inserted in {seconds} seconds, aborting"));
                    self.stop.set();
                    return Ok(end.is_some());
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(end.is_some()),
            }
        }
    }

    fn hear(&mut self, event: Event, context: &mut Context<'_>) -> Result<(), Ended> {
        match event {
            Event::Remark(line) => context.terminal.note(&format!("{line}\n")),
            Event::NoFile(why) => {
                let failure = Failure::Insert { told: format!("OSError - {why}"), attempts: 1 };
                context.terminal.error(&failure.line(0, &[]));
            }
            Event::Refused(line) => context.terminal.error(&line),
            Event::Died => {
                context.terminal.error("1 child process(es) died unexpectedly, aborting");
                self.stop.set();
            }
            Event::Broken(broken) => {
                let failure = Failure::Parse(broken.why.to_owned());
                self.reject(&failure, 1, &[broken.place], std::iter::once(broken.bytes.as_slice()), context)?;
            }
            Event::Failed { failure, portion, records } => {
                let told = records.iter().take(MOST_PLACES);
                let places: Vec<String> = told.map(|record| portion.chunk.place(record.start)).collect();
                let bytes = source::records(&portion.chunk, &records);
                self.reject(&failure, records.len(), &places, bytes, context)?;
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
        context: &mut Context<'_>,
    ) -> Result<(), Ended> {
        context.terminal.error(&failure.line(rows, places));
        if let Err(error) = self.rejects.add(failure, records) {
            self.stop.set();
            self.unusable.get_or_insert(error);
        }
        self.progress.add(rows as u64, context.terminal)?;
        if let Some(line) = self.rejects.too_many().filter(|_| !self.stop.is_set()) {
            context.terminal.error(&line);
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
        context: &mut Context<'_>,
    ) -> Result<(), Ended> {
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
        self.progress.finish(&summary, &format!(" ({} skipped)", options.skip_rows), context.terminal)?;
        if let Some(error) = self.unusable.take() {
            return Err(no_error_file(options, &error));
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

/// Whatever ended the counting, nothing goes on behind it.
impl Drop for Count {
    fn drop(&mut self) {
        self.stop.set();
    }
}

/// What is said when failed rows cannot be kept.
pub(super) fn no_error_file(options: &ImportOptions, error: &io::Error) -> Ended {
    let path = &options.error_file;
    Ended::Refused(format!("Can't write {}: {}", repr(path), os_error(error, path)))
}
