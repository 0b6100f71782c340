//! The keyboard of a terminal whose keys come one by one: bytes as they are, and what disturbs the screen meanwhile.

use std::collections::VecDeque;
use std::io;
use std::rc::Rc;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::stdio::stdin;
use signal_hook::consts::{SIGCONT, SIGWINCH};

use super::interrupt::Interrupts;

/// What came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// A byte.
    Byte(u8),
    /// The terminal may have another size, or another program had it: its mode and the screen are to be set up again.
    Disturbed,
    /// Nothing in the time there was.
    Nothing,
    /// The terminal is gone.
    End,
}

/// Reads a terminal on standard input.
#[derive(Debug)]
pub struct Keyboard {
    /// Readable after SIGWINCH and SIGCONT.
    disturbances: Interrupts,
    /// What was read and not taken yet.
    ahead: VecDeque<u8>,
    interrupts: Rc<Interrupts>,
}

impl Keyboard {
    /// Begins to listen.
    pub fn open() -> io::Result<Self> {
        let disturbances = Interrupts::listen_for(&[SIGWINCH, SIGCONT])?;
        Ok(Self { disturbances, ahead: VecDeque::new(), interrupts: Interrupts::listen()? })
    }

    /// Whether Ctrl-C came as a signal since this was asked last: in an editor's hands the terminal makes it a key.
    pub fn take_interrupt(&mut self) -> bool {
        self.interrupts.take()
    }

    /// Waits for what comes next, as long as `patience` lasts; `None` is without end.
    pub fn next(&mut self, patience: Option<Duration>) -> io::Result<Input> {
        if let Some(byte) = self.ahead.pop_front() {
            return Ok(Input::Byte(byte));
        }
        let (keys, disturbances) = (stdin(), self.disturbances.signals());
        let mut waits = [PollFd::new(&keys, PollFlags::IN), PollFd::new(disturbances, PollFlags::IN)];
        let timeout = patience.and_then(|patience| Timespec::try_from(patience).ok());
        loop {
            match poll(&mut waits, timeout.as_ref()) {
                Err(Errno::INTR) => continue,
                Err(error) => return Err(error.into()),
                Ok(0) => return Ok(Input::Nothing),
                Ok(_) => {}
            }
            if !waits[1].revents().is_empty() {
                self.disturbances.forget();
                return Ok(Input::Disturbed);
            }
            let mut bytes = [0; 4096];
            match rustix::io::read(keys, &mut bytes) {
                Err(Errno::INTR | Errno::AGAIN) => {}
                // cqlsh: a terminal that is gone is the end of the input.
                Ok(0) | Err(Errno::IO) => return Ok(Input::End),
                Err(error) => return Err(error.into()),
                Ok(read) => {
                    self.ahead.extend(&bytes[1..read]);
                    return Ok(Input::Byte(bytes[0]));
                }
            }
        }
    }

    /// The byte after the last one, if it is at hand.
    pub fn peek(&self) -> Option<u8> {
        self.ahead.front().copied()
    }

    /// Forgets what was typed ahead.
    pub fn drop_ahead(&mut self) {
        self.ahead.clear();
    }
}
