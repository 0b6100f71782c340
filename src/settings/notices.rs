//! What the user is to be told while settings are read, kept until there is a terminal to tell it.

use std::path::Path;

use super::InterpolationError;

/// Lines for each stream, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Notices {
    /// For stdout.
    pub stdout: String,
    /// For stderr.
    pub stderr: String,
}

impl Notices {
    /// Adds lines for stdout. cqlsh: some of its warnings go there.
    pub(super) fn say(&mut self, text: &str) {
        self.stdout.push_str(text);
    }

    /// Adds that an option is as if it were not there. cqlsh does not say so.
    pub(super) fn unused(&mut self, key: &str, section: &str, path: &Path, why: &InterpolationError) {
        self.note(&format!("Warning: '{key}' in [{section}] of '{}' is not used: {why}.\n", path.display()));
    }

    /// Adds lines for stderr.
    pub(super) fn note(&mut self, text: &str) {
        self.stderr.push_str(text);
    }
}
