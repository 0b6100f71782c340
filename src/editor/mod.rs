//! The line editor of a terminal: rustyline, and the history file that it shares with Apache cqlsh.
//!
//! It reads one physical line at a time and knows nothing of statements; the shell tells it when one is complete.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rustyline::config::{BellStyle, Builder};
use rustyline::error::ReadlineError;
use rustyline::history::{History, MemHistory, SearchDirection};

use crate::cql::secret::bears_password;
use crate::terminal::{Line, LineSource};

/// A line editor on a terminal.
pub struct Editor {
    lines: rustyline::Editor<(), MemHistory>,
    file: Option<PathBuf>,
    last_statement: Option<String>,
    /// How many entries there were when the last statement was complete.
    complete: usize,
    /// Entries that hold a password: they stay in memory and are never written.
    secret: BTreeSet<usize>,
}

impl Editor {
    /// Opens the terminal and loads the history file, if it is there.
    pub fn open(history: Option<&Path>, save: bool) -> io::Result<Self> {
        let config = Builder::new()
            .auto_add_history(false)
            .history_ignore_dups(false)
            .map_err(other)?
            .history_ignore_space(false)
            .max_history_size(usize::MAX)
            .map_err(other)?
            .bell_style(BellStyle::Audible)
            .build();
        let memory = MemHistory::with_config(&config);
        let mut lines = rustyline::Editor::with_history(config, memory).map_err(other)?;
        if let Some(bytes) = history.and_then(|path| fs::read(path).ok()) {
            // cqlsh: GNU readline's format, an entry a line.
            for entry in String::from_utf8_lossy(&bytes).lines() {
                lines.add_history_entry(entry).map_err(other)?;
            }
        }
        let complete = lines.history().len();
        Ok(Self {
            lines,
            file: history.filter(|_| save).map(Path::to_path_buf),
            last_statement: None,
            complete,
            secret: BTreeSet::new(),
        })
    }

    /// Writes the history file, readable by its owner only.
    pub fn save(&self) -> io::Result<()> {
        let Some(path) = &self.file else { return Ok(()) };
        let mut text = String::new();
        for (index, entry) in self.entries(usize::MAX).iter().enumerate() {
            if !self.secret.contains(&index) {
                text.push_str(entry);
                text.push('\n');
            }
        }
        write_private(path, &text)
    }

    /// The last `count` entries, oldest first.
    fn entries(&self, count: usize) -> Vec<String> {
        let history = self.lines.history();
        let first = history.len().saturating_sub(count);
        (first..history.len())
            .filter_map(|index| history.get(index, SearchDirection::Forward).ok().flatten())
            .map(|found| found.entry.into_owned())
            .collect()
    }

    fn add(&mut self, entry: &str) {
        if !entry.trim().is_empty() {
            // A history in memory has no way to fail.
            let _ = self.lines.add_history_entry(entry);
        }
    }
}

/// Replaces the file's content; a device (`/dev/null`) is written through.
fn write_private(path: &Path, text: &str) -> io::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?.write_all(text.as_bytes())
}

fn other(error: ReadlineError) -> io::Error {
    match error {
        ReadlineError::Io(error) => error,
        error => io::Error::other(error),
    }
}

impl LineSource for Editor {
    fn next_line(&mut self, prompt: &str) -> io::Result<Line> {
        // A prompt of several lines (CQLSH_PROMPT) is printed up to its last line, which is what the editor redraws.
        match self.lines.readline(prompt) {
            Ok(text) => {
                self.add(&text);
                Ok(Line::Text(format!("{text}\n")))
            }
            Err(ReadlineError::Eof) => Ok(Line::End),
            Err(ReadlineError::Interrupted) => Ok(Line::Interrupted),
            Err(error) => Err(other(error)),
        }
    }

    fn remember(&mut self, statement: &str) {
        // cqlsh: a statement of several lines is added once more as one line, unless it repeats the one before.
        let joined = statement.replace('\n', " ").trim_end().to_owned();
        if statement.matches('\n').count() > 1 && self.last_statement.as_deref() != Some(joined.as_str()) {
            self.add(&joined);
        }
        let entries = self.lines.history().len();
        if bears_password(statement) {
            self.secret.extend(self.complete..entries);
        }
        self.complete = entries;
        self.last_statement = Some(joined);
    }

    fn history(&self, count: usize) -> Option<Vec<String>> {
        let mut entries = self.entries(count.saturating_add(1));
        // The line that asks is not part of the answer.
        entries.pop();
        Some(entries)
    }
}
