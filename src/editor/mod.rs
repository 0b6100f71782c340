//! The line editor of a terminal: rustyline, and the history that it shares with Apache cqlsh.
//!
//! It reads physical lines and knows nothing of statements; the shell tells it when one has ended. A paste is one text in
//! the editor until Enter; then it is a script, line after line, and what the keyboard sends meanwhile comes after it.

mod history;
mod keys;

use std::collections::VecDeque;
use std::io;
use std::path::Path;

use rustyline::Config;
use rustyline::config::{BellStyle, Builder, Configurer};
use rustyline::error::ReadlineError;
use rustyline::history::MemHistory;

use crate::terminal::{Line, LineSource, mode, output};
use history::HistoryFile;
use keys::Ending;

type Lines = rustyline::Editor<(), MemHistory>;

/// A line editor on a terminal.
pub struct Editor {
    lines: Lines,
    history: HistoryFile,
    ending: Ending,
    /// The lines of a paste that are still to be read.
    pasted: VecDeque<String>,
    /// Whether the last line was ended by Ctrl-C: the cursor is on a new line then.
    interrupted: bool,
    /// Its drop gives the terminal back.
    _terminal: mode::Held,
}

impl Editor {
    /// Takes the terminal and loads the history file, if it is there; `save` says whether what is typed goes there too.
    pub fn open(history: Option<&Path>, save: bool) -> io::Result<Self> {
        let terminal = mode::hold()?;
        let mut memory = memory().map_err(other)?;
        let history = HistoryFile::open(history, save, &mut memory);
        let ending = Ending::default();
        let lines = edit_lines(memory, &ending)?;
        Ok(Self { lines, history, ending, pasted: VecDeque::new(), interrupted: false, _terminal: terminal })
    }

    /// Gives the terminal back; tells why the history could not be saved, if it could not.
    pub fn close(self) -> io::Result<()> {
        self.history.failure().map_or(Ok(()), Err)
    }

    /// A line from the keyboard, or the first of those that were pasted.
    fn read(&mut self, prompt: &str) -> io::Result<Line> {
        // The editor redraws its prompt: of several lines (CQLSH_PROMPT) it gets the last.
        let (above, prompt) = prompt.split_at(prompt.rfind('\n').map_or(0, |newline| newline + 1));
        output::prompt(above)?;
        let line = match self.lines.readline(prompt) {
            Ok(text) => self.ending.take().unwrap_or(Line::Text(text + "\n")),
            Err(ReadlineError::Eof) => Line::End,
            Err(ReadlineError::Interrupted) => Line::Interrupted,
            Err(error) => return Err(other(error)),
        };
        self.interrupted = line == Line::Interrupted;
        Ok(line)
    }
}

fn config() -> rustyline::Result<Config> {
    // What is an entry is decided here, not by rustyline.
    let builder = Builder::new().auto_add_history(false).history_ignore_dups(false)?.history_ignore_space(false);
    let mut builder = builder.max_history_size(usize::MAX)?.bell_style(BellStyle::Audible);
    // Two more escape sequences a line, and nothing here is redrawn so slowly that it would flicker.
    builder.enable_synchronized_output(false);
    Ok(builder.build())
}

fn memory() -> rustyline::Result<MemHistory> {
    Ok(MemHistory::with_config(&config()?))
}

fn edit_lines(memory: MemHistory, ending: &Ending) -> io::Result<Lines> {
    let mut lines = Lines::with_history(config().map_err(other)?, memory).map_err(other)?;
    for (key, handler) in ending.bindings() {
        lines.bind_sequence(key, handler);
    }
    Ok(lines)
}

fn other(error: ReadlineError) -> io::Error {
    match error {
        ReadlineError::Io(error) => error,
        error => io::Error::other(error),
    }
}

impl LineSource for Editor {
    fn next_line(&mut self, prompt: &str) -> io::Result<Line> {
        if let Some(line) = self.pasted.pop_front() {
            return Ok(Line::Text(line));
        }
        match self.read(prompt)? {
            Line::Text(text) => {
                self.pasted.extend(text.split_inclusive('\n').map(str::to_owned));
                Ok(self.pasted.pop_front().map_or(Line::End, Line::Text))
            }
            line => Ok(line),
        }
    }

    fn answer(&mut self, question: &str) -> io::Result<Line> {
        self.read(question)
    }

    fn remember(&mut self, line: &str) {
        self.history.line(line, self.lines.history_mut());
    }

    fn end_statement(&mut self, complete: bool) {
        self.history.end_statement(complete, self.lines.history_mut());
    }

    fn interrupted(&mut self) -> io::Result<()> {
        self.drop_typed_ahead()?;
        // The terminal does not echo; this is what it would show.
        if std::mem::take(&mut self.interrupted) { Ok(()) } else { output::end_interrupted("^C") }
    }

    fn drop_typed_ahead(&mut self) -> io::Result<()> {
        self.pasted.clear();
        // rustyline does not let go of what it has read ahead, but it can be left behind with it.
        let memory = std::mem::take(self.lines.history_mut());
        self.lines = edit_lines(memory, &self.ending)?;
        Ok(())
    }

    fn history(&self, count: usize) -> Option<Vec<String>> {
        let mut entries = history::last_entries(self.lines.history(), count.saturating_add(1));
        // The line that asks is not part of the answer.
        entries.pop();
        Some(entries)
    }
}
