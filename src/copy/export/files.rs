//! What an export is written to: stdout or a file, or as many files as MAXOUTPUTSIZE makes of one. They appear together,
//! when all of them are complete.

use std::io;

use crate::cluster::Interrupted;
use crate::copy::Ended;
use crate::copy::interrupt::Interrupt;
use crate::copy::sink::{Complete, Sink};
use crate::print::python::{os_error, repr, strerror};
use crate::terminal::Terminal;

/// Complete files that are kept open: each of them takes one of the numbers that a process has for open files.
const MOST_OPEN: usize = 200;

/// The files of one export, the last of them being written.
pub(super) struct Files<'a> {
    /// The name of the first file; `None` is stdout.
    name: Option<&'a str>,
    /// What each file begins with.
    header: Vec<u8>,
    /// Rows a file at most.
    most_rows: u64,
    interrupt: &'a Interrupt,
    current: Sink,
    /// Rows in the current file.
    rows: u64,
    complete: Vec<Complete>,
}

/// Why a file takes no more.
#[derive(Debug, thiserror::Error)]
pub(super) enum FileError {
    /// Stdout does not.
    #[error("Can't write to stdout: {}", strerror(.0))]
    Stdout(io::Error),
    /// The file of this name cannot be opened.
    #[error("Can't open {} for writing: {}", repr(.0), os_error(.1, .0))]
    Open(String, io::Error),
    /// The file of this name cannot be written.
    #[error("Can't write {}: {}", repr(.0), os_error(.1, .0))]
    Write(String, io::Error),
    /// Ctrl-C, while a FIFO waited for its reader.
    #[error("Ctrl-C was pressed")]
    GivenUp,
}

impl From<FileError> for Ended {
    fn from(error: FileError) -> Self {
        match error {
            FileError::Stdout(error) => Self::Output(error),
            FileError::GivenUp => Interrupted.into(),
            error => Self::Refused(error.to_string()),
        }
    }
}

impl<'a> Files<'a> {
    /// Opens the first file.
    pub(super) fn open(
        name: Option<&'a str>,
        header: Vec<u8>,
        most_rows: Option<u64>,
        interrupt: &'a Interrupt,
    ) -> Result<Self, FileError> {
        let current = match name {
            Some(name) => open(name, interrupt)?,
            None => Sink::Stdout,
        };
        let most_rows = most_rows.filter(|_| name.is_some()).unwrap_or(u64::MAX);
        Ok(Self { name, header, most_rows, interrupt, current, rows: 0, complete: Vec::new() })
    }

    /// Writes the header of the first file.
    pub(super) fn begin(&mut self, terminal: &mut Terminal) -> Result<(), FileError> {
        let header = self.header.clone();
        self.put(&header, terminal)
    }

    /// Writes records, which end at `row_ends`, to this file and the next ones.
    pub(super) fn write(&mut self, csv: &[u8], row_ends: &[usize], terminal: &mut Terminal) -> Result<(), FileError> {
        let (mut start, mut left) = (0, row_ends);
        while let Some(last) = left.len().checked_sub(1) {
            if self.rows == self.most_rows {
                self.next(terminal)?;
            }
            let room = usize::try_from(self.most_rows - self.rows).unwrap_or(usize::MAX);
            let fitting = last.min(room - 1);
            let end = left[fitting];
            self.put(&csv[start..end], terminal)?;
            self.rows += fitting as u64 + 1;
            (start, left) = (end, &left[fitting + 1..]);
        }
        Ok(())
    }

    /// Makes all files appear.
    pub(super) fn finish(mut self, terminal: &mut Terminal) -> Result<(), FileError> {
        let name = self.current_name();
        let failed = |error| match &name {
            Some(name) => FileError::Write(name.clone(), error),
            None => FileError::Stdout(error),
        };
        self.complete.push(self.current.complete().map_err(failed)?);
        self.complete.into_iter().try_for_each(Complete::appear).map_err(failed)?;
        if name.is_none() { terminal.flush().map_err(FileError::Stdout) } else { Ok(()) }
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        if self.name.is_some() { self.complete.len() + 1 } else { 0 }
    }

    /// Whether nothing stands under their names until the end.
    pub(super) fn replace(&self) -> bool {
        self.current.replaces()
    }

    fn next(&mut self, terminal: &mut Terminal) -> Result<(), FileError> {
        let (full, next) = (self.current_name(), self.complete.len() + 1);
        let (Some(full), Some(first)) = (full, self.name) else { return Ok(()) };
        let opened = open(&format!("{first}.{next}"), self.interrupt)?;
        let complete = std::mem::replace(&mut self.current, opened).complete();
        let complete = complete.and_then(|file| if self.complete.len() < MOST_OPEN { Ok(file) } else { file.close() });
        self.complete.push(complete.map_err(|error| FileError::Write(full, error))?);
        self.rows = 0;
        self.begin(terminal)
    }

    fn put(&mut self, bytes: &[u8], terminal: &mut Terminal) -> Result<(), FileError> {
        let interrupt = self.interrupt;
        let written = self.current.write(bytes, &|| interrupt.is_pressed(), terminal);
        written.map_err(|error| match self.current_name() {
            Some(_) if error.kind() == io::ErrorKind::Interrupted => FileError::GivenUp,
            Some(name) => FileError::Write(name, error),
            None => FileError::Stdout(error),
        })
    }

    /// cqlsh: the further files have a number behind the name, from 1 on.
    fn current_name(&self) -> Option<String> {
        let name = self.name?;
        Some(match self.complete.len() {
            0 => name.to_owned(),
            number => format!("{name}.{number}"),
        })
    }
}

fn open(name: &str, interrupt: &Interrupt) -> Result<Sink, FileError> {
    match Sink::open(name, &|| interrupt.is_pressed()) {
        Ok(Some(sink)) => Ok(sink),
        Ok(None) => Err(FileError::GivenUp),
        Err(error) => Err(FileError::Open(name.to_owned(), error)),
    }
}
