//! What is wrong with the files that settings come from, in a sentence that names the file.

use std::io;
use std::path::PathBuf;

use super::{IniError, InterpolationError};
use crate::print::python::{repr, strerror};

/// What is wrong with a settings file.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// It is no INI file.
    #[error("Cannot read '{}': {error}.", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Why.
        error: IniError,
    },
    /// It is not UTF-8.
    #[error("Cannot read '{}': it is not UTF-8.", path.display())]
    NotUtf8 {
        /// The file.
        path: PathBuf,
    },
    /// It is there, or not, and cannot be read.
    #[error("Cannot read '{}': {}.", path.display(), strerror(error))]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// A password file whose first line is empty.
    #[error("The password file '{}' has no password in its first line.", path.display())]
    NoPassword {
        /// The file.
        path: PathBuf,
    },
    /// Nothing can be learnt about it.
    #[error("Cannot look at '{}': {}.", path.display(), strerror(error))]
    Inaccessible {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// A file of an old release cannot be moved.
    #[error("Cannot move '{}' to '{}': {}.", old.display(), new.display(), strerror(error))]
    Move {
        /// Where it is.
        old: PathBuf,
        /// Where it belongs.
        new: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// An option of `[auth_provider]` with a `%` that cannot be replaced.
    #[error("'{key}' in [auth_provider] of '{}' cannot be used: {error}.", path.display())]
    Interpolation {
        /// The file.
        path: PathBuf,
        /// The option.
        key: String,
        /// Why.
        error: InterpolationError,
    },
    /// A way to log in that there is not.
    #[error(
        "[auth_provider] of '{}' asks for {provider}; there is cassandra.auth.PlainTextAuthProvider alone.",
        path.display()
    )]
    AuthProvider {
        /// The file.
        path: PathBuf,
        /// Module and class.
        provider: String,
    },
    /// An option that logging in has no use for.
    #[error("PlainTextAuthProvider takes username and password; '{}' has '{key}' for it too.", path.display())]
    AuthOption {
        /// The file.
        path: PathBuf,
        /// The option.
        key: String,
    },
    /// A value of another type.
    #[error("'{key}' in [{section}] of '{}' must be {expected}, not {}.", path.display(), repr(value))]
    Value {
        /// The file.
        path: PathBuf,
        /// The section.
        section: &'static str,
        /// The option.
        key: &'static str,
        /// What would be right.
        expected: &'static str,
        /// What stands there.
        value: String,
    },
}
