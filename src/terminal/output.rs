//! Results, remarks and errors.

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};

use indicatif::ProgressBar;
use rustix::termios::Winsize;

use super::mode::after_ctrl_c;
use super::pager::Pager;
use crate::value::screen::colour::{RED, RESET};

/// The ways out, and whether anything went wrong on them.
#[derive(Debug)]
pub struct Terminal {
    stdout: BufWriter<io::Stdout>,
    capture: Option<Captured>,
    /// Where results go while they are complete only in parts.
    pub(super) pager: Option<Pager>,
    /// The terminal's width where it does not tell it itself.
    columns: Option<usize>,
    colour: bool,
    place: Option<Place>,
    errors: u64,
    /// What the last of them said.
    last_error: String,
    pub(super) bars_allowed: bool,
    /// The bar that stands below what is written.
    pub(super) bar: Option<ProgressBar>,
}

/// The file that results go to.
#[derive(Debug)]
struct Captured {
    path: String,
    file: BufWriter<File>,
}

/// What stands in front of an error in batch mode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The source's name: the path as given, or `<stdin>`.
    pub name: String,
    /// cqlsh's line number: that of the line after the last one read.
    pub line: u64,
}

/// How much a screen can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Lines.
    pub rows: usize,
    /// Characters a line.
    pub columns: usize,
}

impl Size {
    /// That of the terminal on stdout. Where it does not tell them, `columns` (`COLUMNS`) or else 80, and 24 rows.
    pub fn of_screen(columns: Option<usize>) -> Self {
        let told = rustix::termios::tcgetwinsize(io::stdout()).ok();
        let told =
            |length: fn(&Winsize) -> u16| told.as_ref().map(length).filter(|length| *length > 0).map(usize::from);
        Self {
            rows: told(|size| size.ws_row).unwrap_or(24),
            columns: told(|size| size.ws_col).or(columns).unwrap_or(80),
        }
    }
}

/// A capture that waits to be resumed.
#[derive(Debug)]
pub struct Suspended(Option<Captured>);

/// Prints a prompt without a newline.
pub fn prompt(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()
}

/// Ends the line that Ctrl-C left unfinished; `echo` is what the terminal did not show of the key.
pub fn end_interrupted(echo: &str) -> io::Result<()> {
    after_ctrl_c(rustix::stdio::stdin());
    prompt(&format!("{echo}\n"))
}

/// Prints a prompt without a newline where stdout must not have it.
pub(super) fn prompt_on_stderr(text: &str) -> io::Result<()> {
    io::stderr().write_all(text.as_bytes())
}

impl Terminal {
    /// Opens the doors; `colour` as decided from the settings.
    pub fn new(colour: bool) -> Self {
        Self {
            stdout: BufWriter::with_capacity(64 * 1024, io::stdout()),
            capture: None,
            pager: None,
            columns: None,
            colour,
            place: None,
            errors: 0,
            last_error: String::new(),
            bars_allowed: false,
            bar: None,
        }
    }

    /// Whether results are coloured: not while they are captured.
    pub fn colour(&self) -> bool {
        self.colour && self.capture.is_none()
    }

    /// Sets the width of a terminal that does not tell it itself (`COLUMNS`).
    pub fn set_columns(&mut self, columns: Option<usize>) {
        self.columns = columns;
    }

    /// How large the screen is now.
    pub fn size(&self) -> Size {
        Size::of_screen(self.columns)
    }

    /// Whether stderr is a terminal, so that progress may be drawn there.
    pub fn may_draw(&self) -> bool {
        io::stderr().is_terminal()
    }

    /// Sets what stands in front of errors; `None` on a prompt.
    pub fn set_place(&mut self, place: Option<Place>) -> Option<Place> {
        std::mem::replace(&mut self.place, place)
    }

    /// Moves the place of the errors to come down by this many lines.
    pub fn move_place(&mut self, lines: u64) {
        if let Some(place) = &mut self.place {
            place.line += lines;
        }
    }

    /// Writes result text as it is: to the captured file if there is one.
    pub fn result(&mut self, text: &str) -> io::Result<()> {
        match (&mut self.capture, &mut self.pager) {
            (Some(captured), _) => captured.file.write_all(text.as_bytes()),
            (None, Some(pager)) => {
                // What was written before stands above it.
                self.stdout.flush()?;
                pager.write(text)
            }
            (None, None) => self.stdout.write_all(text.as_bytes()),
        }
    }

    /// Writes bytes to stdout as they are, never captured (COPY TO STDOUT).
    pub fn raw(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stdout.write_all(bytes)
    }

    /// Writes a remark and a newline to stdout, never captured.
    pub fn say(&mut self, text: &str) -> io::Result<()> {
        self.stdout.write_all(text.as_bytes())?;
        self.stdout.write_all(b"\n")
    }

    /// Writes an error and a newline to stderr, after everything that went to stdout before it.
    pub fn error(&mut self, text: &str) {
        self.errors += 1;
        text.clone_into(&mut self.last_error);
        let line = match &self.place {
            Some(place) => format!("{}:{}:{text}", place.name, place.line),
            None => text.to_owned(),
        };
        let line = if self.colour() { format!("{RED}{line}{RESET}\n") } else { format!("{line}\n") };
        self.note(&line);
    }

    /// Writes text to stderr as it is: warnings, progress, what the program itself has to say.
    pub fn note(&mut self, text: &str) {
        // Nowhere is left to report a failure of stdout or stderr itself here: a broken stdout shows at the next result.
        let _ = self.end_pages().and_then(|()| self.flush());
        let write = || drop(io::stderr().write_all(text.as_bytes()));
        match &self.bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    /// Writes a line of result text in red: what went wrong inside a result.
    pub fn result_error(&mut self, text: &str) -> io::Result<()> {
        let line = if self.colour() { format!("{RED}{text}{RESET}\n") } else { format!("{text}\n") };
        self.result(&line)
    }

    /// Makes everything written so far visible.
    pub fn flush(&mut self) -> io::Result<()> {
        if let Some(captured) = &mut self.capture {
            captured.file.flush()?;
        }
        self.stdout.flush()
    }

    /// Whether an error was written since the start.
    pub fn has_failed(&self) -> bool {
        self.errors > 0
    }

    /// What the last error said.
    pub fn last_error(&self) -> &str {
        &self.last_error
    }

    /// How many errors were written since the start.
    pub fn errors(&self) -> u64 {
        self.errors
    }

    /// The file that results go to, if they do.
    pub fn captured_path(&self) -> Option<&str> {
        self.capture.as_ref().map(|captured| captured.path.as_str())
    }

    /// Sends results to the end of this file from now on.
    pub fn start_capture(&mut self, path: &str) -> io::Result<()> {
        let file = File::options().append(true).create(true).open(path)?;
        self.capture = Some(Captured { path: path.to_owned(), file: BufWriter::new(file) });
        Ok(())
    }

    /// Sends results to stdout until [`Terminal::resume_capture`] is given what this returns.
    pub fn suspend_capture(&mut self) -> Suspended {
        Suspended(self.capture.take())
    }

    /// Sends results where they went before [`Terminal::suspend_capture`].
    pub fn resume_capture(&mut self, suspended: Suspended) {
        self.capture = suspended.0;
    }

    /// Sends results to stdout again.
    pub fn stop_capture(&mut self) -> io::Result<()> {
        match self.capture.take() {
            Some(mut captured) => captured.file.flush(),
            None => Ok(()),
        }
    }
}
