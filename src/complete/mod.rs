//! What may come next at the cursor: the grammar walked along the tokens before it, and names from the schema.
//!
//! Pure: text and [`Names`] in, a [`Completion`] out. It knows nothing of keys, screens and servers; the editor asks a
//! [`Completer`], which the shell makes from its session and its current keyspace.

mod backslash;
mod meant;
mod names;
mod network;
mod offers;
mod text;
mod walk;

use std::sync::Arc;

pub use meant::meant;
pub use names::{Entry, Names};

/// What TAB asks: the text typed since the last statement ended, all its lines up to the cursor, and what may come next
/// there. It may be called from any thread, and answers in a moment.
pub type Completer = Arc<dyn Fn(&str) -> Completion + Send + Sync>;

/// What may come next.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Completion {
    /// How many bytes before the cursor a candidate takes the place of: the beginning of a word.
    pub replaced: usize,
    /// What may stand there, blanks and all, sorted. A single one goes on as far as there is no other way.
    pub candidates: Vec<String>,
    /// What is to be told and cannot be inserted (`<identifier>`), sorted. With a hint there may be other ways than the
    /// candidates, so that not even a single one is to be inserted at once.
    pub hints: Vec<String>,
}

impl Completion {
    /// What the first TAB puts in the place of the word (as typed so far), if it puts anything: the single candidate, or
    /// what all of them begin with.
    pub fn inserted(&self) -> Option<&str> {
        let (first, others) = self.candidates.split_first()?;
        if !self.hints.is_empty() {
            return None;
        }
        let common = others.iter().fold(first.as_str(), |common, other| text::common_prefix(common, other));
        (!common.is_empty()).then_some(common)
    }

    /// What the second TAB lists: hints and candidates, sorted. cqlsh: a line of its own that is empty goes with hints.
    pub fn listed(&self) -> Vec<&str> {
        let mut listed: Vec<&str> = self.hints.iter().chain(&self.candidates).map(String::as_str).collect();
        if !self.hints.is_empty() {
            listed.push("");
        }
        listed.sort_unstable();
        listed.dedup();
        listed
    }
}

/// What may come next after `before`, the text typed since the last statement ended up to the cursor.
pub fn complete(before: &str, keyspace: Option<&str>, names: &dyn Names) -> Completion {
    let word = text::word_start(before);
    let (context, partial) = before.split_at(word);
    let asked = text::Asked { keyspace, names };
    backslash::complete(&asked, context, partial).unwrap_or_else(|| text::complete(&asked, context, partial))
}

#[cfg(test)]
mod tests;
