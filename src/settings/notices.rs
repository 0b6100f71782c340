//! What the user is to be told while settings are read, kept until there is a terminal to tell it.

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

    /// Adds lines for stderr.
    pub(super) fn note(&mut self, text: &str) {
        self.stderr.push_str(text);
    }
}
