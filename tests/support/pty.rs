//! The real binary on a pseudo terminal, as a person or an expect script drives it.

use std::io::{Read, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// How long an expected text may take before the test counts as failed; nothing waits that long when all is well.
const PATIENCE: Duration = Duration::from_secs(60);

/// A program on a terminal of its own.
pub struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    keyboard: Box<dyn Write + Send>,
    screen: Receiver<Vec<u8>>,
    seen: String,
    /// How much of `seen` earlier expectations have used up.
    used: usize,
    _master: Box<dyn MasterPty + Send>,
}

impl Terminal {
    /// Starts a program. Its environment is only what is given here.
    pub fn start(program: &str, arguments: &[&str], environment: &[(&str, &str)], directory: &str) -> Self {
        let pair = native_pty_system()
            .openpty(PtySize { rows: 40, cols: 120, pixel_width: 0, pixel_height: 0 })
            .expect("a pseudo terminal");
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        command.cwd(directory);
        command.env_clear();
        for (name, value) in environment {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).expect("the program starts");
        // Kept open here, the slave would keep the end of the output from ever being seen.
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let (sender, screen) = channel();
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(read @ 1..) = reader.read(&mut bytes) {
                if sender.send(bytes[..read].to_vec()).is_err() {
                    return;
                }
            }
        });
        let keyboard = pair.master.take_writer().expect("a writer");
        Self { child, keyboard, screen, seen: String::new(), used: 0, _master: pair.master }
    }

    /// Types the text as it is.
    pub fn send(&mut self, text: &str) {
        self.keyboard.write_all(text.as_bytes()).expect("the program reads");
        self.keyboard.flush().expect("the program reads");
    }

    /// Waits for the text and gives what stood before it, escape sequences taken out.
    #[track_caller]
    pub fn expect(&mut self, text: &str) -> String {
        let until = Instant::now() + PATIENCE;
        loop {
            let plain = without_escapes(&self.seen[self.used..]);
            if let Some(place) = plain.find(text) {
                let before = plain[..place].to_owned();
                // The rest, cleaned, stands for what is still to be expected.
                let rest = plain[place + text.len()..].to_owned();
                self.seen.truncate(self.used);
                self.used = self.seen.len();
                self.seen.push_str(&rest);
                return before;
            }
            match self.screen.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(bytes) => self.seen.push_str(&String::from_utf8_lossy(&bytes)),
                Err(RecvTimeoutError::Timeout) => panic!("{text:?} did not come; there is\n{plain}"),
                Err(RecvTimeoutError::Disconnected) => panic!("{text:?} did not come before the end:\n{plain}"),
            }
        }
    }

    /// Waits for the end and gives everything not yet expected, and the exit status.
    pub fn end(mut self) -> (String, u32) {
        let until = Instant::now() + PATIENCE;
        loop {
            match self.screen.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(bytes) => self.seen.push_str(&String::from_utf8_lossy(&bytes)),
                Err(RecvTimeoutError::Timeout) => panic!("it does not end:\n{}", self.seen),
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        let status = self.child.wait().expect("its status").exit_code();
        (without_escapes(&self.seen[self.used..]), status)
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

/// The text without CSI sequences (colours, cursor moves, bracketed paste), which the line editor may write at will.
fn without_escapes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\x1b' {
            out.push(c);
            continue;
        }
        if chars.next() == Some('[') {
            for c in chars.by_ref() {
                if ('@'..='~').contains(&c) {
                    break;
                }
            }
        }
    }
    out
}
