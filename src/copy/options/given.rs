//! The options as the statement gives them: names with texts, read in cqlsh's order and refused in its words.

use std::time::Duration;

use crate::copy::configuration::as_dict;
use crate::copy::python;

/// The options of a statement that nobody has asked for yet.
pub(super) struct Given(Vec<(String, String)>);

impl Given {
    /// Nobody has asked for any.
    pub(super) fn new(options: &[(String, String)]) -> Self {
        Self(as_dict(options))
    }

    /// The text of an option, if it was given.
    pub(super) fn take(&mut self, name: &str) -> Option<String> {
        let index = self.0.iter().position(|(known, _)| known == name)?;
        Some(self.0.remove(index).1)
    }

    /// The text of an option.
    pub(super) fn text(&mut self, name: &str, default: &str) -> String {
        self.take(name).unwrap_or_else(|| default.to_owned())
    }

    /// Whether it is the word `true`.
    pub(super) fn is_true(&mut self, name: &str, default: &str) -> bool {
        self.text(name, default).to_lowercase() == "true"
    }

    /// A number, if it was given.
    pub(super) fn optional_int(&mut self, name: &str) -> Result<Option<i128>, String> {
        self.take(name).map(|text| python::int(&text)).transpose()
    }

    /// A number.
    pub(super) fn int(&mut self, name: &str, default: i128) -> Result<i128, String> {
        Ok(self.optional_int(name)?.unwrap_or(default))
    }

    /// A number with decimals.
    pub(super) fn float(&mut self, name: &str, default: f64) -> Result<f64, String> {
        self.take(name).map_or(Ok(default), |text| python::float(&text))
    }

    /// The names that nobody asked for.
    pub(super) fn left(self) -> Vec<String> {
        self.0.into_iter().map(|(name, _)| name).collect()
    }
}

/// As many seconds, at least one.
pub(super) fn seconds(number: i128) -> Duration {
    Duration::from_secs(u64::try_from(number.max(1)).unwrap_or(u64::MAX))
}

/// cqlsh hangs or divides by zero on what is refused here.
pub(super) fn at_least<T: TryFrom<i128>>(name: &str, number: i128, least: i128) -> Result<T, String> {
    let refused = || format!("{name} must be a number from {least} on that fits its purpose, not {number}");
    if number < least { Err(refused()) } else { T::try_from(number).map_err(|_| refused()) }
}

/// The same for an option that counts in one direction only, and is passed over in the other, as in cqlsh.
pub(super) fn at_least_if<T: TryFrom<i128>>(counts: bool, name: &str, number: i128, least: i128) -> Result<T, String> {
    at_least(name, if counts { number } else { least }, least)
}
