//! What a COPY says while it runs and at its end.

use std::fs::{self, File};
use std::io::{self, Write};
use std::time::{Duration, Instant};

use super::meter::{self, Meter};
use super::options::Options;
use crate::print::python::{os_error, repr};
use crate::terminal::Terminal;

/// How long a COPY may take without a bar, and how often one moves.
const BAR_EVERY: Duration = Duration::from_millis(250);

/// The remarks of one COPY, and the clock behind them.
#[derive(Debug)]
pub(super) struct Progress {
    meter: Meter,
    start: Instant,
    rate_file: Option<(String, File)>,
    silent: bool,
    bar: bool,
    bar_drawn: Instant,
}

/// How far a COPY is, for a bar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Extent {
    /// Bytes of CSV that are done with.
    pub(super) bytes: u64,
    /// Which part of everything is done, between 0 and 1, where that can be told.
    pub(super) share: Option<f64>,
}

impl Progress {
    /// Starts the clock. `silent` is an export to stdout, which says nothing; `bar` is whether a bar may take the place
    /// of the lines on the way. Fails when the RATEFILE, which begins anew, cannot be written.
    pub(super) fn start(options: &Options, silent: bool, bar: bool) -> io::Result<Self> {
        let start = Instant::now();
        let open = |path: &String| {
            let file = File::options().append(true).create(true).open(path)?;
            // A device, or a link to one as /dev/stderr is, stays what it is.
            if fs::symlink_metadata(path)?.is_file() {
                file.set_len(0)?;
            }
            Ok::<_, io::Error>((path.clone(), file))
        };
        let rate_file = options.rate_file.as_ref().map(open).transpose()?;
        let meter = Meter::new(start, options.report_every);
        Ok(Self { meter, start, rate_file, silent, bar: bar && !silent, bar_drawn: start })
    }

    /// Says something, with a newline.
    pub(super) fn say(&self, text: &str, terminal: &mut Terminal) -> io::Result<()> {
        if self.silent {
            return Ok(());
        }
        terminal.say(text)?;
        terminal.flush()
    }

    /// Counts rows, and reports if it is time.
    pub(super) fn add(&mut self, rows: u64, terminal: &mut Terminal) -> io::Result<()> {
        match self.meter.add(rows, Instant::now()) {
            Some(line) => self.report(&line, !self.bar, terminal),
            None => Ok(()),
        }
    }

    /// Moves the bar, if there is to be one and it is time.
    pub(super) fn draw(&mut self, extent: impl FnOnce() -> Extent, terminal: &mut Terminal) {
        let now = Instant::now();
        if self.bar && now.duration_since(self.bar_drawn) >= BAR_EVERY {
            self.bar_drawn = now;
            let Extent { bytes, share } = extent();
            terminal.draw_bar(share, meter::in_words(self.rows(), bytes, share, self.start.elapsed()));
        }
    }

    /// Rows counted so far.
    pub(super) fn rows(&self) -> u64 {
        self.meter.rows()
    }

    /// The last report and the summary: `8 rows exported to 1 files in 0.095 seconds.`
    pub(super) fn finish(&mut self, what_happened: &str, remark: &str, terminal: &mut Terminal) -> io::Result<()> {
        terminal.clear_bar();
        let line = self.meter.line(Instant::now());
        self.report(&line, true, terminal)?;
        self.say(&format!("\n{what_happened} in {}{remark}.", meter::describe(self.start.elapsed())), terminal)
    }

    fn report(&mut self, line: &str, on_stdout: bool, terminal: &mut Terminal) -> io::Result<()> {
        if self.silent {
            return Ok(());
        }
        if on_stdout {
            terminal.raw(line.as_bytes())?;
            terminal.flush()?;
        }
        if let Some((path, file)) = &mut self.rate_file {
            // cqlsh: the file gets one of the two carriage returns.
            let line = format!("{}\n", line.strip_suffix('\r').unwrap_or(line));
            if let Err(error) = file.write_all(line.as_bytes()) {
                terminal.error(&format!("Can't write {}: {}", repr(path), os_error(&error, path)));
                // The rows matter more.
                self.rate_file = None;
            }
        }
        Ok(())
    }
}
