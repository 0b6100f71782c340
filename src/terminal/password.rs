//! The password question.
//!
//! Echo is off before the question appears, so that what is typed at once does not show either.

use std::fs::File;
use std::io::{self, IsTerminal, Read, Write};
use std::os::fd::AsFd;

use rustix::termios::{self, LocalModes, OptionalActions, Termios};

use super::interrupt::{Interruptible, Interrupts, is_ctrl_c};
use super::{Line, LineSource, output};

/// Asks `Password: ` on the controlling terminal, without echo, also when standard input is something else. What was
/// typed before the question is dropped. Without a terminal it says so and reads a line of standard input, as Python's
/// `getpass` does: of `lines`, if that is where they come from. Only after an answer does the cursor go to a new line.
pub fn ask(lines: Option<&mut dyn LineSource>) -> io::Result<Line> {
    match ask_on_terminal("Password: ")? {
        Some(line) => Ok(line),
        None => {
            output::prompt_on_stderr("Warning: Password input may be echoed.\nPassword: ")?;
            let line = match lines.and_then(LineSource::next_of_stdin) {
                Some(line) => without_end(line?),
                None => read(Interruptible::new(rustix::stdio::stdin(), Interrupts::listen()?))?,
            };
            output::prompt_on_stderr("\n")?;
            Ok(line)
        }
    }
}

/// Asks on the controlling terminal, without echo; `None` where there is none.
pub fn ask_on_terminal(question: &str) -> io::Result<Option<Line>> {
    let Ok(mut terminal) = File::options().read(true).write(true).open("/dev/tty") else { return Ok(None) };
    let keys = Interruptible::new(terminal.try_clone()?, Interrupts::listen()?);
    let _silent = Silent::new(terminal.try_clone()?)?;
    terminal.write_all(question.as_bytes())?;
    let line = read(keys)?;
    if matches!(line, Line::Text(_)) {
        terminal.write_all(b"\n")?;
    }
    Ok(Some(line))
}

/// The first line of standard input, without its end; the statements that follow it are left there. A person who types it
/// is asked.
pub fn first_of_stdin() -> io::Result<Line> {
    if io::stdin().is_terminal() {
        return ask(None);
    }
    read(Interruptible::new(rustix::stdio::stdin(), Interrupts::listen()?))
}

fn without_end(line: Line) -> Line {
    match line {
        Line::Text(text) => Line::Text(text.trim_end_matches('\n').trim_end_matches('\r').to_owned()),
        line => line,
    }
}

/// A line without its end, byte by byte: what follows it belongs to the next reader.
fn read(mut source: Interruptible<impl AsFd>) -> io::Result<Line> {
    let mut line = Vec::new();
    let mut byte = [0];
    loop {
        match source.read(&mut byte) {
            Ok(0) if line.is_empty() => return Ok(Line::End),
            Ok(0) => break,
            Ok(_) if byte == *b"\n" => break,
            Ok(_) => line.extend(byte),
            Err(error) if is_ctrl_c(&error) => return Ok(Line::Interrupted),
            Err(error) => return Err(error),
        }
    }
    line.pop_if(|last| *last == b'\r');
    match String::from_utf8(line) {
        Ok(line) => Ok(Line::Text(line)),
        Err(_) => Err(io::Error::new(io::ErrorKind::InvalidData, "what was typed is not UTF-8")),
    }
}

/// A terminal that reads whole lines and does not echo, until this is dropped.
struct Silent {
    terminal: File,
    found: Termios,
}

impl Silent {
    fn new(terminal: File) -> io::Result<Self> {
        let found = termios::tcgetattr(&terminal)?;
        let mut mode = found.clone();
        mode.input_modes.insert(termios::InputModes::ICRNL);
        mode.local_modes.insert(LocalModes::ICANON | LocalModes::ISIG);
        mode.local_modes.remove(LocalModes::ECHO);
        termios::tcsetattr(&terminal, OptionalActions::Flush, &mode)?;
        Ok(Self { terminal, found })
    }
}

impl Drop for Silent {
    fn drop(&mut self) {
        // Nothing more can be done for a terminal that refuses.
        let _ = termios::tcsetattr(&self.terminal, OptionalActions::Drain, &self.found);
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixStream;

    use super::*;

    #[test]
    fn one_line_is_taken_and_the_next_left_alone() {
        let (source, mut writer) = UnixStream::pair().unwrap();
        writer.write_all(b"secret\r\nSELECT 1;\n").unwrap();
        drop(writer);
        let mut rest = source.try_clone().unwrap();
        assert_eq!(
            read(Interruptible::new(source, Interrupts::listen().unwrap())).unwrap(),
            Line::Text("secret".to_owned())
        );
        let mut text = String::new();
        rest.read_to_string(&mut text).unwrap();
        assert_eq!(text, "SELECT 1;\n");
    }
}
