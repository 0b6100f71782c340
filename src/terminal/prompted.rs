//! Standard input with prompts on stdout and no editing: pipes under `--tty`, and terminals that cannot edit.

use std::io;
use std::rc::Rc;

use super::interrupt::Interrupts;
use super::output::{end_interrupted, prompt};
use super::{Line, LineSource, Script};

/// Standard input behind prompts. Echo and editing are the kernel's, if it is a terminal.
pub struct Prompted {
    script: Script,
    interrupts: Rc<Interrupts>,
}

impl Prompted {
    /// Reads standard input.
    pub fn stdin() -> io::Result<Self> {
        let interrupts = Interrupts::listen()?;
        let script = Script::of_stdin(Rc::clone(&interrupts));
        Ok(Self { script, interrupts })
    }
}

impl LineSource for Prompted {
    fn next_line(&mut self, text: &str) -> io::Result<Line> {
        // Those before the prompt were for the statement that ran then.
        self.interrupts.forget();
        prompt(text)?;
        let line = self.script.next_line(text)?;
        if matches!(line, Line::End | Line::Interrupted) {
            prompt("\n")?;
        }
        Ok(line)
    }

    fn next_of_stdin(&mut self) -> Option<io::Result<Line>> {
        self.script.next_of_stdin()
    }

    fn interrupted(&mut self) -> io::Result<()> {
        end_interrupted("")
    }
}
