//! Reading that Ctrl-C can end.
//!
//! SIGINT only counts what a request waits for; a read that blocks for a person or a pipe would sleep through it.

use std::ffi::c_int;
use std::io::{self, Read};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::rc::Rc;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use signal_hook::SigId;
use signal_hook::consts::SIGINT;
use signal_hook::low_level;

use super::mode::after_ctrl_c;

/// Ctrl-C as something that can be waited for.
#[derive(Debug)]
pub(super) struct Interrupts {
    signals: UnixStream,
    registrations: Vec<SigId>,
}

/// A source whose reads fail with [`CtrlC`] when SIGINT arrives while they wait. It reads no further than it is asked.
#[derive(Debug)]
pub(super) struct Interruptible<S> {
    source: S,
    interrupts: Rc<Interrupts>,
}

/// Ctrl-C ended a read.
#[derive(Debug, thiserror::Error)]
#[error("interrupted")]
struct CtrlC;

/// Whether a read failed because of Ctrl-C.
pub(super) fn is_ctrl_c(error: &io::Error) -> bool {
    error.get_ref().is_some_and(|inner| inner.is::<CtrlC>())
}

/// A read that Ctrl-C ended.
pub(super) fn ctrl_c() -> io::Error {
    io::Error::other(CtrlC)
}

impl Interrupts {
    /// Listens from here on; SIGINT does not end the process by itself any more.
    pub(super) fn listen() -> io::Result<Rc<Self>> {
        Self::listen_for(&[SIGINT]).map(Rc::new)
    }

    /// Listens for these signals in place of SIGINT.
    pub(super) fn listen_for(signals: &[c_int]) -> io::Result<Self> {
        let (heard, sender) = UnixStream::pair()?;
        heard.set_nonblocking(true)?;
        let mut interrupts = Self { signals: heard, registrations: Vec::new() };
        for &signal in signals {
            interrupts.registrations.push(low_level::pipe::register(signal, sender.try_clone()?)?);
        }
        Ok(interrupts)
    }

    /// What can be read when one has come.
    pub(super) fn signals(&self) -> &UnixStream {
        &self.signals
    }

    /// Forgets those that came while nothing was read.
    pub(super) fn forget(&self) {
        self.take();
    }

    /// Whether there were some since the last call; they are forgotten then.
    pub(super) fn take(&self) -> bool {
        let (mut bytes, mut any) = ([0; 64], false);
        while let Ok(1..) = (&self.signals).read(&mut bytes) {
            any = true;
        }
        any
    }
}

impl Drop for Interrupts {
    fn drop(&mut self) {
        for registration in self.registrations.drain(..) {
            low_level::unregister(registration);
        }
    }
}

impl<S> Interruptible<S> {
    /// Reads that hear the interrupts since they were listened for or last forgotten.
    pub(super) fn new(source: S, interrupts: Rc<Interrupts>) -> Self {
        Self { source, interrupts }
    }
}

impl<S: AsFd> Read for Interruptible<S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let (source, signals) = (self.source.as_fd(), self.interrupts.signals.as_fd());
        let mut waits = [PollFd::new(&signals, PollFlags::IN), PollFd::new(&source, PollFlags::IN)];
        loop {
            match poll(&mut waits, None) {
                Err(Errno::INTR) => continue,
                Err(error) => return Err(error.into()),
                Ok(_) => {}
            }
            if !waits[0].revents().is_empty() {
                after_ctrl_c(source);
                self.interrupts.forget();
                return Err(ctrl_c());
            }
            match rustix::io::read(source, &mut *buffer) {
                // Another process took what there was.
                Err(Errno::INTR | Errno::AGAIN) => {}
                read => return Ok(read?),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use signal_hook::consts::SIGUSR1;

    use super::*;

    #[test]
    fn what_is_there_is_read_to_the_end() {
        let (source, mut writer) = UnixStream::pair().unwrap();
        writer.write_all(b"text").unwrap();
        drop(writer);
        let mut text = String::new();
        Interruptible::new(source, Interrupts::listen().unwrap()).read_to_string(&mut text).unwrap();
        assert_eq!(text, "text");
    }

    #[test]
    fn ctrl_c_ends_a_read_that_waits_and_is_heard_once() {
        // In place of SIGINT, which every other test of this process would hear.
        let (source, mut writer) = UnixStream::pair().unwrap();
        let interrupts = Rc::new(Interrupts::listen_for(&[SIGUSR1]).unwrap());
        let mut reader = Interruptible::new(source, Rc::clone(&interrupts));
        low_level::raise(SIGUSR1).unwrap();
        assert!(is_ctrl_c(&reader.read(&mut [0; 8]).unwrap_err()));
        writer.write_all(b"x").unwrap();
        assert_eq!(reader.read(&mut [0; 8]).unwrap(), 1);
        low_level::raise(SIGUSR1).unwrap();
        interrupts.forget();
        writer.write_all(b"y").unwrap();
        assert_eq!(reader.read(&mut [0; 8]).unwrap(), 1);
    }
}
