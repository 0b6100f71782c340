//! The history: what the arrow keys find, and the file it shares with Apache cqlsh.
//!
//! The file is GNU readline's: an entry a line, nothing else. Entries are appended as statements end, so that several
//! shells can share it and a shell that is killed has lost nothing.

use std::fs::{self, File, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use crate::cql::secret::bears_password;

/// What was typed, and where it is saved.
#[derive(Debug, Default)]
pub(super) struct History {
    /// Line by line, as cqlsh lists and saves it.
    entries: Vec<String>,
    /// Statement by statement, for an editor that takes a statement as a whole; `None` for one that takes lines.
    statements: Option<Vec<String>>,
    file: Option<File>,
    failure: Option<io::Error>,
    /// Whether the file ends in the middle of a line, as an editor may leave it.
    mid_line: bool,
    /// What was typed of the statement that is not ended yet, and the entries that came of it.
    statement: String,
    unsaved: Vec<String>,
    /// The last statement on one line.
    last: Option<String>,
}

impl History {
    /// Reads the file, and opens it for what is to come if that is to be saved. With `whole`, statements of several lines
    /// are found again as such.
    pub(super) fn open(path: Option<&Path>, save: bool, whole: bool) -> Self {
        let bytes = path.and_then(|path| fs::read(path).ok()).unwrap_or_default();
        let entries: Vec<String> = String::from_utf8_lossy(&bytes).lines().map(str::to_owned).collect();
        let statements = whole.then(|| entries.clone());
        let opened = path.filter(|_| save).map(open_private);
        let (file, failure) = match opened {
            Some(Ok(file)) => (Some(file), None),
            Some(Err(error)) => (None, Some(error)),
            None => (None, None),
        };
        let mid_line = bytes.last().is_some_and(|last| *last != b'\n');
        Self { entries, statements, file, failure, mid_line, ..Self::default() }
    }

    /// A line of a statement was read: it is an entry unless it repeats the one before.
    pub(super) fn line(&mut self, line: &str) {
        self.statement.push_str(line);
        let entry = line.trim_end_matches('\n');
        if !entry.is_empty() && self.entries.last().is_none_or(|last| last != entry) {
            self.entry(entry);
        }
    }

    /// The statement ended. One that gives a password stays in memory and is not written.
    pub(super) fn end_statement(&mut self, complete: bool) {
        let statement = std::mem::take(&mut self.statement);
        if complete {
            // cqlsh: a statement of several lines becomes an entry of one line too, unless it repeats the statement before.
            let joined = statement.replace('\n', " ").trim_end().to_owned();
            if statement.matches('\n').count() > 1 && self.last.as_deref() != Some(&joined) {
                self.entry(&joined);
            }
            self.last = Some(joined);
            if let Some(statements) = &mut self.statements {
                let whole = statement.trim_end();
                if !whole.is_empty() && statements.last().is_none_or(|last| last != whole) {
                    statements.push(whole.to_owned());
                }
            }
        }
        let entries = std::mem::take(&mut self.unsaved);
        if !entries.is_empty() && !bears_password(&statement) {
            self.append(&entries);
        }
    }

    /// Why entries could not be saved, if they could not.
    pub(super) fn failure(self) -> Option<io::Error> {
        self.failure
    }

    /// What was typed of the statement that is not ended yet, all its lines.
    pub(super) fn pending(&self) -> &str {
        &self.statement
    }

    /// What the arrow keys find, oldest first.
    pub(super) fn recalled(&self) -> &[String] {
        self.statements.as_ref().unwrap_or(&self.entries)
    }

    /// The last `count` entries, oldest first.
    pub(super) fn last_entries(&self, count: usize) -> &[String] {
        &self.entries[self.entries.len().saturating_sub(count)..]
    }

    fn entry(&mut self, entry: &str) {
        self.entries.push(entry.to_owned());
        self.unsaved.push(entry.to_owned());
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

/// A file that only its owner can read. A device (`/dev/null`) is left as it is.
fn open_private(path: &Path) -> io::Result<File> {
    let file = File::options().append(true).create(true).mode(0o600).open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_file() && metadata.permissions().mode() & 0o077 != 0 {
        // Somebody else's file that may be written is no reason to keep no history.
        let _ = file.set_permissions(Permissions::from_mode(0o600));
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Types statements, given as lines, into a shell whose history file holds `before`; gives the file and the entries.
    fn typed(before: &str, statements: &[&[&str]]) -> (String, Vec<String>) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("history");
        fs::write(&path, before).unwrap();
        let mut history = History::open(Some(&path), true, false);
        for lines in statements {
            for line in *lines {
                history.line(&format!("{line}\n"));
            }
            history.end_statement(true);
        }
        let entries = history.last_entries(usize::MAX).to_vec();
        assert!(history.failure().is_none());
        (fs::read_to_string(&path).unwrap(), entries)
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
        let mut history = History::open(None, true, false);
        for line in ["SELECT\n", "a\n"] {
            history.line(line);
        }
        history.end_statement(false);
        assert_eq!(history.last_entries(9), ["SELECT", "a"]);
    }

    #[test]
    fn an_editor_of_whole_statements_finds_them_as_they_were_typed() {
        let mut history = History::open(None, true, true);
        for statement in [&["SELECT\n", " 1;\n"][..], &["\n"], &["SELECT\n", " 1;\n"], &["EXIT\n"]] {
            statement.iter().for_each(|line| history.line(line));
            history.end_statement(true);
        }
        assert_eq!(history.recalled(), ["SELECT\n 1;", "EXIT"]);
        assert_eq!(history.last_entries(1), ["EXIT"]);
    }
}
