//! How statements, the shell and the program end.

use std::io;

use crate::cluster::Interrupted;
use crate::print::python::strerror;

/// How a run ended, and the exit status that says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExitStatus {
    /// Everything went well, or a person was there to see what did not.
    Success,
    /// The program could not start or connect, read its script, or write its output.
    StartFailure,
    /// Bad usage, or a statement of a script failed.
    Failure,
    /// Ctrl-C ended a script.
    Interrupted,
}

impl ExitStatus {
    /// The number for the operating system.
    pub fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::StartFailure => 1,
            Self::Failure => 2,
            Self::Interrupted => 130,
        }
    }
}

/// Why the shell stops before its input ends.
#[derive(Debug, thiserror::Error)]
pub enum Fatal {
    /// Ctrl-C.
    #[error(transparent)]
    Interrupted(#[from] Interrupted),
    /// Stdout cannot be written.
    #[error("Cannot write the output: {}", strerror(.0))]
    Output(io::Error),
    /// The input cannot be read (not a file, not UTF-8).
    #[error("Cannot read {name}: {}", strerror(error))]
    Input {
        /// The source's name.
        name: String,
        /// Why.
        error: io::Error,
    },
}

impl From<io::Error> for Fatal {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// Whether the loop goes on after a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    Continue,
    Exit,
}
