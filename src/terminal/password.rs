//! The password question.
//!
//! Echo is off before the question appears, so that what is typed at once does not show either.

use std::fs::File;
use std::io::{self, Read, Write};

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

const INTERRUPT: u8 = 0x03;
const END: u8 = 0x04;
const BACKSPACE: u8 = 0x08;
const DELETE: u8 = 0x7f;
const CLEAR: u8 = 0x15;

/// Asks `Password: ` on the controlling terminal, without echo, also when standard input is something else; without a
/// terminal it reads a line of standard input, as Python's `getpass` does.
///
/// # Errors
/// `Interrupted` for Ctrl-C, `UnexpectedEof` for Ctrl-D on an empty answer.
pub fn ask() -> io::Result<String> {
    let Ok(terminal) = File::options().read(true).write(true).open("/dev/tty") else {
        let mut line = String::new();
        io::stdin().read_line(&mut line)?;
        return Ok(line.trim_end_matches(['\r', '\n']).to_owned());
    };
    let mut silent = Silent::new(&terminal)?;
    silent.terminal.write_all(b"Password: ")?;
    let answer = silent.read_line();
    silent.terminal.write_all(b"\n")?;
    answer
}

/// A terminal that neither echoes nor acts on keys; it is as it was before when this is dropped.
struct Silent<'a> {
    terminal: &'a File,
    before: Termios,
}

impl<'a> Silent<'a> {
    fn new(terminal: &'a File) -> io::Result<Self> {
        let before = tcgetattr(terminal)?;
        let mut silent = before.clone();
        silent.local_modes -= LocalModes::ECHO | LocalModes::ECHONL | LocalModes::ICANON | LocalModes::ISIG;
        tcsetattr(terminal, OptionalActions::Flush, &silent)?;
        Ok(Self { terminal, before })
    }

    fn read_line(&mut self) -> io::Result<String> {
        let mut answer = Vec::new();
        let mut key = [0];
        while self.terminal.read(&mut key)? == 1 {
            match key[0] {
                b'\r' | b'\n' => break,
                INTERRUPT => return Err(io::ErrorKind::Interrupted.into()),
                END if answer.is_empty() => return Err(io::ErrorKind::UnexpectedEof.into()),
                END => break,
                CLEAR => answer.clear(),
                BACKSPACE | DELETE => erase_character(&mut answer),
                byte => answer.push(byte),
            }
        }
        String::from_utf8(answer).map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "the password is not UTF-8"))
    }
}

impl Drop for Silent<'_> {
    fn drop(&mut self) {
        // There is nobody left to tell if the terminal is gone.
        let _ = tcsetattr(self.terminal, OptionalActions::Flush, &self.before);
    }
}

/// Takes the last character off, all bytes of it.
fn erase_character(text: &mut Vec<u8>) {
    while let Some(byte) = text.pop() {
        if byte & 0b1100_0000 != 0b1000_0000 {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::erase_character;

    #[test]
    fn a_character_is_erased_with_all_its_bytes() {
        let mut text = "aé語".to_owned().into_bytes();
        erase_character(&mut text);
        assert_eq!(text, "aé".as_bytes());
        erase_character(&mut text);
        assert_eq!(text, b"a");
        erase_character(&mut text);
        erase_character(&mut text);
        assert_eq!(text, b"");
    }
}
