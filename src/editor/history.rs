//! The history: what the arrow keys find, and the file it shares with Apache cqlsh.
//!
//! The file is GNU readline's: an entry a line, nothing else. Entries are appended as statements end, so that several
//! shells can share it and a shell that is killed has lost nothing.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rustyline::history::{History as _, MemHistory, SearchDirection};

use crate::cql::secret::bears_password;

/// Where entries are saved.
#[derive(Debug)]
pub(super) struct HistoryFile {
    file: Option<File>,
    failure: Option<io::Error>,
    /// Whether the file ends in the middle of a line, as an editor may leave it.
    mid_line: bool,
    /// What was typed of the statement that is not ended yet, and the entries that came of it.
    statement: String,
    entries: Vec<String>,
    /// The last statement on one line.
    last: Option<String>,
}

impl HistoryFile {
    /// Reads the file into the memory, and opens it for what is to come if that is to be saved.
    pub(super) fn open(path: Option<&Path>, save: bool, memory: &mut MemHistory) -> Self {
        let bytes = path.and_then(|path| fs::read(path).ok()).unwrap_or_default();
        for entry in String::from_utf8_lossy(&bytes).lines() {
            add(memory, entry);
        }
        let opened = path.filter(|_| save).map(|path| File::options().append(true).create(true).mode(0o600).open(path));
        let (file, failure) = match opened {
            Some(Ok(file)) => (Some(file), None),
            Some(Err(error)) => (None, Some(error)),
            None => (None, None),
        };
        let mid_line = bytes.last().is_some_and(|last| *last != b'\n');
        Self { file, failure, mid_line, statement: String::new(), entries: Vec::new(), last: None }
    }

    /// A line of a statement was read: it is an entry unless it repeats the one before.
    pub(super) fn line(&mut self, line: &str, memory: &mut MemHistory) {
        self.statement.push_str(line);
        let entry = line.trim_end_matches('\n');
        if !entry.is_empty() && last_entries(memory, 1).first().is_none_or(|last| last != entry) {
            self.entry(entry, memory);
        }
    }

    /// The statement ended. One that gives a password stays in memory and is not written.
    pub(super) fn end_statement(&mut self, complete: bool, memory: &mut MemHistory) {
        let statement = std::mem::take(&mut self.statement);
        if complete {
            // cqlsh: a statement of several lines becomes an entry of one line too, unless it repeats the statement before.
            let joined = statement.replace('\n', " ").trim_end().to_owned();
            if statement.matches('\n').count() > 1 && self.last.as_deref() != Some(&joined) {
                self.entry(&joined, memory);
            }
            self.last = Some(joined);
        }
        let entries = std::mem::take(&mut self.entries);
        if !entries.is_empty() && !bears_password(&statement) {
            self.append(&entries);
        }
    }

    /// Why entries could not be saved, if they could not.
    pub(super) fn failure(self) -> Option<io::Error> {
        self.failure
    }

    fn entry(&mut self, entry: &str, memory: &mut MemHistory) {
        add(memory, entry);
        self.entries.push(entry.to_owned());
    }

    fn append(&mut self, entries: &[String]) {
        let Some(file) = &mut self.file else { return };
        let mut text = if std::mem::take(&mut self.mid_line) { "\n".to_owned() } else { String::new() };
        for entry in entries {
            text.push_str(entry);
            text.push('\n');
        }
        if let Err(error) = file.write_all(text.as_bytes()) {
            self.file = None;
            self.failure = Some(error);
        }
    }
}

fn add(memory: &mut MemHistory, entry: &str) {
    // A history in memory has no way to fail.
    let _ = memory.add(entry);
}

/// The last `count` entries, oldest first.
pub(super) fn last_entries(memory: &MemHistory, count: usize) -> Vec<String> {
    let first = memory.len().saturating_sub(count);
    (first..memory.len())
        .filter_map(|index| memory.get(index, SearchDirection::Forward).ok().flatten())
        .map(|found| found.entry.into_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Types statements, given as lines, into a shell whose history file holds `before`; gives the file and the memory.
    fn typed(before: &str, statements: &[&[&str]]) -> (String, Vec<String>) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("history");
        fs::write(&path, before).unwrap();
        let mut memory = super::super::memory().unwrap();
        let mut history = HistoryFile::open(Some(&path), true, &mut memory);
        for lines in statements {
            for line in *lines {
                history.line(&format!("{line}\n"), &mut memory);
            }
            history.end_statement(true, &mut memory);
        }
        assert!(history.failure().is_none());
        (fs::read_to_string(&path).unwrap(), last_entries(&memory, usize::MAX))
    }

    #[test]
    fn lines_are_entries_and_statements_of_several_lines_are_entries_once_more() {
        // The file that Apache cqlsh writes for the same keys.
        let (file, memory) = typed("old\n", &[&["SELECT 1;"], &["SELECT", "", " 2;"], &["SELECT 1;"], &["SELECT 1;"]]);
        assert_eq!(file, "old\nSELECT 1;\nSELECT\n 2;\nSELECT   2;\nSELECT 1;\n");
        assert_eq!(memory.join("\n") + "\n", file);
    }

    #[test]
    fn a_statement_that_gives_a_password_is_found_again_but_not_written() {
        let (file, memory) =
            typed("", &[&["LOGIN bob 'secret'"], &["ALTER ROLE bob", "WITH PASSWORD = 'x';"], &["EXIT"]]);
        assert_eq!(file, "EXIT\n");
        assert_eq!(memory.len(), 5);
    }

    #[test]
    fn a_file_without_a_last_newline_is_not_glued_to_what_follows() {
        assert_eq!(typed("old", &[&["new;"]]).0, "old\nnew;\n");
    }

    #[test]
    fn a_dropped_statement_leaves_its_lines() {
        let mut memory = super::super::memory().unwrap();
        let mut history = HistoryFile::open(None, true, &mut memory);
        for line in ["SELECT\n", "a\n"] {
            history.line(line, &mut memory);
        }
        history.end_statement(false, &mut memory);
        assert_eq!(last_entries(&memory, 9), ["SELECT", "a"]);
    }
}
