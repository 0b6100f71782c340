//! Standard input with prompts on stdout and no editing: pipes under `--tty`, and terminals that cannot edit.

use std::io::{self, Read};
use std::os::fd::BorrowedFd;

use super::interrupt::Interruptible;
use super::output::prompt;
use super::{Line, LineSource, Script};

/// Standard input behind prompts. Echo and editing are the kernel's, if it is a terminal.
pub struct Prompted(Script);

impl Prompted {
    /// Reads standard input.
    pub fn stdin() -> io::Result<Self> {
        Ok(Self(Script::new(WhileWaiting(Interruptible::new(rustix::stdio::stdin())?))))
    }
}

impl LineSource for Prompted {
    fn next_line(&mut self, text: &str) -> io::Result<Line> {
        prompt(text)?;
        let line = self.0.next_line(text)?;
        if matches!(line, Line::End | Line::Interrupted) {
            prompt("\n")?;
        }
        Ok(line)
    }

    fn interrupted(&mut self) -> io::Result<()> {
        prompt("\n")
    }
}

/// Hears Ctrl-C only while it waits: one that came before was for the statement that ran then.
struct WhileWaiting(Interruptible<BorrowedFd<'static>>);

impl Read for WhileWaiting {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.forget();
        self.0.read(buffer)
    }
}
