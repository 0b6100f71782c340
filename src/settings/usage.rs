//! Why the program ends before it starts, in argparse's words where it has them.

use super::ConfigError;
use super::VERSION;

/// Why the program ends before it starts.
#[derive(Debug, PartialEq, Eq)]
pub enum Stop {
    /// Help or version: this text on stdout, status 0.
    Text(String),
    /// Bad usage: this text on stderr, status 2.
    Usage(String),
    /// Settings that cannot be used: this text on stderr, status 1.
    Config(String),
}

impl From<ConfigError> for Stop {
    fn from(error: ConfigError) -> Self {
        Self::Config(format!("{error}\n"))
    }
}

impl From<clap::Error> for Stop {
    fn from(error: clap::Error) -> Self {
        use clap::error::{ContextKind, ErrorKind};
        let context = |kind| error.get(kind).map(ToString::to_string).unwrap_or_default();
        match error.kind() {
            ErrorKind::DisplayVersion => Self::Text(format!("cqlsh {VERSION}\n")),
            ErrorKind::DisplayHelp => Self::Text(error.to_string()),
            ErrorKind::ValueValidation => {
                let option = context(ContextKind::InvalidArg);
                let option = option.split([' ', '=', '[']).next().unwrap_or(&option);
                let value = context(ContextKind::InvalidValue);
                usage(format_args!("argument {option}: invalid choice: '{value}' (choose from 5.0, 4.1, 4.0, 3.11)"))
            }
            _ => usage(error.to_string().lines().next().unwrap_or_default().trim_start_matches("error: ")),
        }
    }
}

/// A usage error as argparse words it.
pub(super) fn usage(message: impl std::fmt::Display) -> Stop {
    Stop::Usage(format!("usage: Usage: cqlsh [options] [host [port]]\ncqlsh: error: {message}\n"))
}
