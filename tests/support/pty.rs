//! The real binary on a pseudo terminal, as a person or an expect script drives it.

use std::io::{Read, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// How long an expected text may take before the test counts as failed; nothing waits that long when all is well.
const PATIENCE: Duration = Duration::from_secs(60);

/// A program on a terminal of its own. Its output is only read when something is expected: until then it waits in the
/// terminal, and soon the program waits too.
pub struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    keyboard: Sender<Vec<u8>>,
    screen: Receiver<Vec<u8>>,
    /// What the program wrote and no expectation has used up, cleaned.
    seen: Vec<u8>,
    cleaner: Cleaner,
    threads: [JoinHandle<()>; 2],
    master: Box<dyn MasterPty + Send>,
}

impl Terminal {
    /// Starts a program on a terminal that is wide enough that no line is ever wrapped. Its environment is only what is
    /// given here.
    pub fn start(program: &str, arguments: &[&str], environment: &[(&str, &str)], directory: &str) -> Self {
        Self::start_on((200, 40), program, arguments, environment, directory)
    }

    /// Starts a program on a terminal of so many columns and rows.
    pub fn start_on(
        size: (u16, u16),
        program: &str,
        arguments: &[&str],
        environment: &[(&str, &str)],
        directory: &str,
    ) -> Self {
        let pair = native_pty_system().openpty(pty_size(size)).expect("a pseudo terminal");
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
        let mut output = pair.master.try_clone_reader().expect("a reader");
        let (sender, screen) = sync_channel(1);
        let reader = thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(read @ 1..) = output.read(&mut bytes) {
                if sender.send(bytes[..read].to_vec()).is_err() {
                    return;
                }
            }
        });
        let mut input = pair.master.take_writer().expect("a writer");
        let (keyboard, keys) = channel::<Vec<u8>>();
        let writer = thread::spawn(move || {
            for bytes in keys {
                if input.write_all(&bytes).and_then(|()| input.flush()).is_err() {
                    return;
                }
            }
        });
        let threads = [reader, writer];
        Self { child, keyboard, screen, seen: Vec::new(), cleaner: Cleaner::Text, threads, master: pair.master }
    }

    /// From now on what it writes is seen as it is, escape sequences and all.
    pub fn uncleaned(mut self) -> Self {
        self.cleaner = Cleaner::Off;
        self
    }

    /// Types the text as it is.
    pub fn send(&mut self, text: impl Into<Vec<u8>>) {
        self.keyboard.send(text.into()).expect("the program reads");
    }

    /// Makes the terminal as large as this.
    pub fn resize(&mut self, size: (u16, u16)) {
        self.master.resize(pty_size(size)).expect("another size");
    }

    /// What it writes next; `None` when it writes nothing for as long as a test waits, or has ended.
    pub fn output(&mut self) -> Option<Vec<u8>> {
        let seen = std::mem::take(&mut self.seen);
        if !seen.is_empty() {
            return Some(seen);
        }
        self.screen.recv_timeout(PATIENCE).ok()
    }

    /// Waits for the text and gives what stood before it.
    #[track_caller]
    pub fn expect(&mut self, text: &str) -> String {
        self.wait_for(text, PATIENCE).unwrap_or_else(|| panic!("{text:?} did not come; there is\n{}", self.left()))
    }

    /// Waits no longer than that for the text and gives what stood before it, if it comes.
    #[track_caller]
    pub fn wait_for(&mut self, text: &str, patience: Duration) -> Option<String> {
        let until = Instant::now() + patience;
        let mut searched = 0;
        loop {
            let place = self.seen[searched..].windows(text.len()).position(|window| window == text.as_bytes());
            if let Some(place) = place.map(|place| searched + place) {
                let rest = self.seen.split_off(place + text.len());
                let mut before = std::mem::replace(&mut self.seen, rest);
                before.truncate(place);
                return Some(String::from_utf8(before).expect("UTF-8"));
            }
            searched = (self.seen.len() + 1).saturating_sub(text.len());
            match self.screen.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(bytes) => self.cleaner.clean(&bytes, &mut self.seen),
                Err(RecvTimeoutError::Timeout) => return None,
                Err(RecvTimeoutError::Disconnected) => panic!("{text:?} did not come before the end:\n{}", self.left()),
            }
        }
    }

    /// Waits for the end and gives everything not yet expected, and the exit status.
    #[track_caller]
    pub fn end(mut self) -> (String, u32) {
        let until = Instant::now() + PATIENCE;
        loop {
            match self.screen.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(bytes) => self.cleaner.clean(&bytes, &mut self.seen),
                Err(RecvTimeoutError::Timeout) => panic!("it does not end:\n{}", self.left()),
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        let status = self.child.wait().expect("its status").exit_code();
        (self.left(), status)
    }

    /// Closes the terminal as a closed window does, in the middle of output that waits to be read, and waits until the
    /// program has ended.
    pub fn hang_up(self) {
        let Self { mut child, keyboard, screen, threads, master, .. } = self;
        // The reader lets go of the terminal when nobody takes what it has. The writer types an end of input first, which
        // a program that waits for its output to be read does not see.
        drop(screen);
        drop(keyboard);
        for thread in threads {
            thread.join().expect("the thread ends");
        }
        drop(master);
        child.wait().expect("its status");
    }

    /// The program's process id.
    pub fn pid(&self) -> i32 {
        i32::try_from(self.child.process_id().expect("it runs")).expect("a process id")
    }

    fn left(&self) -> String {
        String::from_utf8_lossy(&self.seen).into_owned()
    }
}

fn pty_size((cols, rows): (u16, u16)) -> PtySize {
    PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }
}

/// Takes out what a line editor may write at will: escape sequences (colours, cursor moves, bracketed paste), and
/// carriage returns that end no line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cleaner {
    Off,
    Text,
    Return,
    Escape,
    Sequence,
}

impl Cleaner {
    fn clean(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        for &byte in bytes {
            *self = match (*self, byte) {
                (Self::Off, byte) => {
                    out.push(byte);
                    Self::Off
                }
                (Self::Text | Self::Return, b'\x1b') => Self::Escape,
                (Self::Text | Self::Return, b'\r') => Self::Return,
                (Self::Return, b'\n') => {
                    out.extend(b"\r\n");
                    Self::Text
                }
                (Self::Text | Self::Return, byte) => {
                    out.push(byte);
                    Self::Text
                }
                (Self::Escape, b'[') => Self::Sequence,
                (Self::Sequence, b'@'..=b'~') | (Self::Escape, _) => Self::Text,
                (Self::Sequence, _) => Self::Sequence,
            };
        }
    }
}
