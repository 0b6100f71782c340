//! The settings file, cqlshrc: where it is, and its values as types. It knows nothing of what they are for.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::notices::Notices;
use super::{ConfigError, Ini};
use crate::print::python::strerror;
use crate::value::python_digits;

/// cqlshrc, read; without any section when there is no such file.
#[derive(Debug, Clone)]
pub struct Cqlshrc {
    /// Where it is, or would be.
    pub path: PathBuf,
    ini: Ini,
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
            notices.unused(key, section, &self.path, &error);
            None
        })
    }

    /// A text as it stands there.
    pub fn raw(&self, section: &str, key: &str) -> Option<&str> {
        self.ini.raw(section, key)
    }

    /// All options of a section, with names of others in them replaced.
    ///
    /// # Errors
    /// One in which they cannot be.
    pub fn items(&self, section: &str) -> Result<Vec<(String, String)>, ConfigError> {
        let replaced = |(key, _): (&str, &str)| match self.ini.get(section, key) {
            Ok(value) => Ok((key.to_owned(), value.unwrap_or_default())),
            Err(error) => Err(ConfigError::Interpolation { path: self.path.clone(), key: key.to_owned(), error }),
        };
        self.ini.items(section).into_iter().map(replaced).collect()
    }

    /// A whole number, as Python's `int()` takes it.
    ///
    /// # Errors
    /// Anything else.
    pub fn integer(
        &self,
        section: &'static str,
        key: &'static str,
        notices: &mut Notices,
    ) -> Result<Option<i64>, ConfigError> {
        self.value(section, key, "a whole number", notices, |text| python_digits(text)?.parse().ok())
    }

    /// A whole number of seconds that can be a time limit.
    ///
    /// # Errors
    /// Anything else.
    pub fn seconds(
        &self,
        section: &'static str,
        key: &'static str,
        notices: &mut Notices,
    ) -> Result<Option<Duration>, ConfigError> {
        self.value(section, key, "a whole number of seconds from 1 on", notices, time_limit)
    }

    /// A number.
    ///
    /// # Errors
    /// Anything else.
    pub fn number(
        &self,
        section: &'static str,
        key: &'static str,
        notices: &mut Notices,
    ) -> Result<Option<f64>, ConfigError> {
        self.value(section, key, "a number", notices, |text| {
            text.trim().parse().ok().filter(|number: &f64| !number.is_nan())
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

    /// A value that `read` takes.
    ///
    /// # Errors
    /// One that it does not, with what was `expected`.
    pub fn value<T>(
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

/// As long as any wait can be: what is longer is meant to be without end.
pub(super) const LONGEST: Duration = Duration::from_secs(366 * 24 * 3600);

/// A time limit in whole seconds, as Python's `int()` takes them.
pub(super) fn time_limit(text: &str) -> Option<Duration> {
    let digits = python_digits(text)?;
    let seconds = digits.parse().unwrap_or(if digits.starts_with('-') { 0 } else { u64::MAX });
    (seconds > 0).then(|| Duration::from_secs(seconds).min(LONGEST))
}

/// The INI file at a path; without any section if it is not there or may not be read.
pub(super) fn read_ini(path: &Path, notices: &mut Notices) -> Result<Ini, ConfigError> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            // cqlsh goes on without a word, to another host perhaps than the file names.
            if !matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) {
                notices.note(&format!("Warning: '{}' is not read: {}.\n", path.display(), strerror(&error)));
            }
            return Ok(Ini::default());
        }
    };
    parse_ini(path, bytes)
}

/// What the INI file at `path` says, from its content.
///
/// # Errors
/// Content that is no INI in UTF-8.
pub fn parse_ini(path: &Path, content: Vec<u8>) -> Result<Ini, ConfigError> {
    let text = String::from_utf8(content).map_err(|_| ConfigError::NotUtf8 { path: path.to_owned() })?;
    Ini::parse(&text).map_err(|error| ConfigError::Malformed { path: path.to_owned(), error })
}
