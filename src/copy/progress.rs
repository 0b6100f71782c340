//! What a COPY says while it runs and at its end.

use std::fs::{self, File};
use std::io::{self, Write};
use std::time::Instant;

use super::meter::{self, Meter};
use super::options::Options;
use crate::terminal::Terminal;

/// The remarks of one COPY, and the clock behind them.
#[derive(Debug)]
pub(super) struct Progress {
    meter: Meter,
    start: Instant,
    rate_file: Option<File>,
    silent: bool,
}

impl Progress {
    /// Starts the clock. `silent` is an export to stdout, which says nothing. Fails when the RATEFILE, which begins
    /// anew, cannot be written.
    pub(super) fn start(options: &Options, silent: bool) -> io::Result<Self> {
        let start = Instant::now();
        let rate_file = match &options.rate_file {
            Some(path) => {
                match fs::remove_file(path) {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                    _ => {}
                }
                Some(File::options().append(true).create(true).open(path)?)
            }
            None => None,
        };
        Ok(Self { meter: Meter::new(start, options.report_every), start, rate_file, silent })
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
            Some(line) => self.report(&line, terminal),
            None => Ok(()),
        }
    }

    /// Rows counted so far.
    pub(super) fn rows(&self) -> u64 {
        self.meter.rows()
    }

    /// The last report and the summary: `8 rows exported to 1 files in 0.095 seconds.`
    pub(super) fn finish(&mut self, what_happened: &str, remark: &str, terminal: &mut Terminal) -> io::Result<()> {
        let line = self.meter.line(Instant::now());
        self.report(&line, terminal)?;
        self.say(&format!("\n{what_happened} in {}{remark}.", meter::describe(self.start.elapsed())), terminal)
    }

    fn report(&mut self, line: &str, terminal: &mut Terminal) -> io::Result<()> {
        if self.silent {
            return Ok(());
        }
        terminal.raw(line.as_bytes())?;
        terminal.flush()?;
        if let Some(file) = &mut self.rate_file {
            // cqlsh: the file gets one of the two carriage returns.
            file.write_all(line.strip_suffix('\r').unwrap_or(line).as_bytes())?;
            file.write_all(b"\n")?;
        }
        Ok(())
    }
}
