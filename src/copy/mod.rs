//! COPY both ways. It takes the shell's road as far as [`run`] and then its own: raw wire bytes, bounded queues, many
//! requests in flight.

mod dialect;
mod meter;
mod options;
mod paths;
mod python;
mod ranges;
mod record;
mod sink;
mod source;
mod statements;

use crate::cluster::{Consistency, Interrupted, Runtime, Session};
use crate::cql::command::Copy;
use crate::terminal::{LineSource, Terminal};

/// What COPY needs of the shell that runs it.
pub struct Context<'a> {
    /// The session to read and write through.
    pub session: &'a Session,
    /// The thread that network work runs on.
    pub runtime: &'a Runtime,
    /// Remarks go to stdout, errors to stderr with the shell's place in front.
    pub terminal: &'a mut Terminal,
    /// The lines after the statement, for COPY FROM STDIN.
    pub input: &'a mut dyn LineSource,
    /// Whether a person types at `input` (`[copy] ` prompt).
    pub tty: bool,
    /// The shell's keyspace, for tables without one.
    pub keyspace: Option<&'a str>,
    /// The shell's consistency level.
    pub consistency: Consistency,
    /// The shell's timestamp format, the default of DATETIMEFORMAT.
    pub timestamp_format: &'a str,
    /// Processors of this machine: cqlsh's default of NUMPROCESSES is one less, between 1 and 16.
    pub processors: usize,
    /// Whether `--debug` was given.
    pub debug: bool,
}

/// Why a COPY ended before its summary. What cqlsh reports as an error line is printed and is no `Err`.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// Ctrl-C.
    #[error(transparent)]
    Interrupted(#[from] Interrupted),
    /// Stdout cannot be written.
    #[error("cannot write the result: {0}")]
    Output(#[from] std::io::Error),
}

/// Carries out a COPY.
pub fn run(_copy: &Copy, _context: Context<'_>) -> Result<(), CopyError> {
    todo!()
}
