//! What the program waits for, on stderr: a spinner for a person, a line each for anyone else.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::Terminal;

/// How often the spinner turns.
const TURN: Duration = Duration::from_millis(100);

/// Tells what is being waited for until it is dropped.
pub struct Waiting<'a> {
    terminal: &'a mut Terminal,
}

impl<'a> Waiting<'a> {
    /// Nothing is shown before the first [`Waiting::on`].
    pub fn new(terminal: &'a mut Terminal) -> Self {
        Self { terminal }
    }

    /// Says what is waited for now.
    pub fn on(&mut self, what: &str) {
        if !self.terminal.may_draw() {
            self.terminal.note(&format!("{what} ...\n"));
            return;
        }
        self.terminal.show_spinner(what.to_owned(), Duration::ZERO);
    }
}

impl Terminal {
    /// Shows that something is waited for, and since when, until the bar is taken away.
    pub fn show_spinner(&mut self, words: String, waited: Duration) {
        self.bar.get_or_insert_with(|| turning().with_elapsed(waited)).set_message(words);
    }
}

fn turning() -> ProgressBar {
    let spinner = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} ({elapsed})") {
        spinner.set_style(style);
    }
    spinner.enable_steady_tick(TURN);
    spinner
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.terminal.clear_bar();
    }
}
