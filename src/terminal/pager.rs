//! Results in a pager: what is taller or wider than the screen is shown by another program, what fits is not.
//!
//! A result is handed over as it comes; of what is held back until that is decided there is never more than a screen.

use std::io::{self, IsTerminal, Write};
use std::process::{Child, Command, Stdio};

use unicode_width::UnicodeWidthChar;

use super::mode::{self, Lent};
use super::{Size, Terminal};

/// The status of a shell whose command is not there, or cannot be run.
const NO_COMMAND: [i32; 2] = [126, 127];

/// A result on its way to the screen or the pager.
#[derive(Debug)]
pub(super) struct Pager {
    command: String,
    screen: Size,
    /// What came so far, as long as it fits.
    held: String,
    lines: usize,
    running: Option<Running>,
    /// Whether the person left the pager before the end of the result.
    left: bool,
}

/// The pager at work. The terminal is its own until it ends.
#[derive(Debug)]
struct Running {
    child: Child,
    _terminal: Lent,
}

impl Terminal {
    /// From now on results go to the pager if they do not fit the screen, unless they are captured.
    pub fn start_pages(&mut self, command: &str) {
        if self.captured_path().is_none() && io::stdout().is_terminal() {
            let (command, screen) = (command.to_owned(), self.size());
            let pager = Pager { command, screen, held: String::new(), lines: 0, running: None, left: false };
            self.pager = Some(pager);
        }
    }

    /// The result is complete: shows what was held back, or waits until the person has left the pager.
    pub fn end_pages(&mut self) -> io::Result<()> {
        let Some(pager) = self.pager.take() else { return Ok(()) };
        let Some(Running { mut child, _terminal }) = pager.running else {
            return self.result(&pager.held);
        };
        drop(child.stdin.take());
        let status = child.wait()?;
        drop(_terminal);
        if status.code().is_some_and(|code| NO_COMMAND.contains(&code)) {
            self.error(&format!("The pager {} cannot be run; \\pager off shows results without one.", pager.command));
        }
        Ok(())
    }

    /// Whether the person has left the pager, and nothing more is wanted of the result.
    pub fn has_left_pages(&self) -> bool {
        self.pager.as_ref().is_some_and(|pager| pager.left)
    }

    /// Whether results are looked at in a pager from their beginning to their end.
    pub fn has_pages(&self) -> bool {
        self.pager.is_some()
    }
}

impl Pager {
    /// Takes more of the result.
    pub(super) fn write(&mut self, text: &str) -> io::Result<()> {
        if self.running.is_none() {
            if self.fits(text) {
                self.held.push_str(text);
                return Ok(());
            }
            let mut shell = Command::new("sh");
            let child = shell.arg("-c").arg(&self.command).stdin(Stdio::piped());
            let terminal = mode::lend();
            self.running = Some(Running { child: child.spawn()?, _terminal: terminal });
            let held = std::mem::take(&mut self.held);
            self.pass(&held)?;
        }
        self.pass(text)
    }

    fn pass(&mut self, text: &str) -> io::Result<()> {
        let stdin = self.running.as_mut().and_then(|running| running.child.stdin.as_mut());
        match stdin.filter(|_| !self.left).map(|stdin| stdin.write_all(text.as_bytes())) {
            Some(Err(error)) if error.kind() == io::ErrorKind::BrokenPipe => self.left = true,
            Some(Err(error)) => return Err(error),
            _ => {}
        }
        Ok(())
    }

    /// Whether there is room on the screen for more, and counts it. Results come in whole lines.
    fn fits(&mut self, text: &str) -> bool {
        self.lines += text.matches('\n').count();
        // The prompt has a line too.
        self.lines < self.screen.rows && text.lines().all(|line| width(line) <= self.screen.columns)
    }
}

/// The columns that a line takes on the screen; sequences that colour it take none.
fn width(line: &str) -> usize {
    let mut in_escape = false;
    let mut columns = 0;
    for character in line.chars() {
        match (in_escape, character) {
            (false, '\x1b') => in_escape = true,
            (false, _) => columns += character.width().unwrap_or(0),
            (true, 'm') => in_escape = false,
            (true, _) => {}
        }
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pager(rows: usize, columns: usize) -> Pager {
        let screen = Size { rows, columns };
        Pager { command: String::new(), screen, held: String::new(), lines: 0, running: None, left: false }
    }

    #[test]
    fn what_fits_leaves_a_line_for_the_prompt() {
        let mut three = pager(4, 10);
        assert!(three.fits("\n1\n") && three.fits("2\n") && !three.fits("3\n"));
    }

    #[test]
    fn a_line_is_as_wide_as_it_looks() {
        assert!(pager(9, 4).fits("\x1b[0;1;31m1234\x1b[0m\n") && pager(9, 4).fits("\u{4f60}\u{597d}\n"));
        assert!(!pager(9, 4).fits("12345\n") && !pager(9, 4).fits("\u{4f60}\u{597d}5\n"));
    }
}
