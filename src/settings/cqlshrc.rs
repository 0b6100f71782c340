//! The settings file, cqlshrc: where it is, and its values as types. It knows nothing of what they are for.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::notices::Notices;
use super::{Ini, IniError};
use crate::print::python::repr;

/// cqlshrc, read; without any section when there is no such file.
#[derive(Debug, Clone)]
pub struct Cqlshrc {
    /// Where it is, or would be.
    pub path: PathBuf,
    ini: Ini,
}

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

impl Cqlshrc {
    /// Reads the file at `path`.
    ///
    /// # Errors
    /// A file that is no INI in UTF-8. One that is not there, or may not be read, is as if it were empty.
    pub fn read(path: PathBuf, notices: &mut Notices) -> Result<Self, ConfigError> {
        let ini = read_ini(&path, notices)?;
        Ok(Self { path, ini })
    }

    /// A text, with names of other options in it replaced. One in which they cannot be is as if it were not there.
    pub fn text(&self, section: &str, key: &str, notices: &mut Notices) -> Option<String> {
        self.ini.get(section, key).unwrap_or_else(|error| {
            // cqlsh does not say so.
            notices
                .note(&format!("Warning: '{key}' in [{section}] of '{}' is not used: {error}.\n", self.path.display()));
            None
        })
    }

    /// A yes or no, in any of Python's words for it.
    ///
    /// # Errors
    /// Any other word.
    pub fn boolean(
        &self,
        section: &'static str,
        key: &'static str,
        notices: &mut Notices,
    ) -> Result<Option<bool>, ConfigError> {
        let expected = "one of true, yes, on, 1, false, no, off, 0";
        self.value(section, key, expected, notices, |text| match text.to_lowercase().as_str() {
            "1" | "yes" | "true" | "on" => Some(true),
            "0" | "no" | "false" | "off" => Some(false),
            _ => None,
        })
    }

    fn value<T>(
        &self,
        section: &'static str,
        key: &'static str,
        expected: &'static str,
        notices: &mut Notices,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, ConfigError> {
        let Some(text) = self.text(section, key, notices) else { return Ok(None) };
        match read(&text) {
            Some(value) => Ok(Some(value)),
            None => Err(ConfigError::Value { path: self.path.clone(), section, key, expected, value: text }),
        }
    }
}

/// The INI file at a path; without any section if it is not there or may not be read.
pub(super) fn read_ini(path: &Path, notices: &mut Notices) -> Result<Ini, ConfigError> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            // cqlsh goes on without a word, to another host perhaps than the file names.
            if error.kind() != io::ErrorKind::NotFound {
                let reason = error.to_string();
                let reason = reason.split(" (os error").next().unwrap_or(&reason);
                notices.note(&format!("Warning: '{}' is not read: {reason}.\n", path.display()));
            }
            return Ok(Ini::default());
        }
    };
    let text = String::from_utf8(bytes).map_err(|_| ConfigError::NotUtf8 { path: path.to_owned() })?;
    Ini::parse(&text).map_err(|error| ConfigError::Malformed { path: path.to_owned(), error })
}
