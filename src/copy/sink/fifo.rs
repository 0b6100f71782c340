//! A FIFO as the target of an export: opening it waits for a reader, and writing waits while the reader does not read.

use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::ioctl_fionbio;

/// How often a wait looks whether it was given up.
const TICK: Duration = Duration::from_millis(50);

/// The writing end.
#[derive(Debug)]
pub(in crate::copy) struct Fifo(File);

impl Fifo {
    /// Waits for a reader until `given_up` says otherwise; then there is no FIFO.
    pub(super) fn open(path: PathBuf, given_up: &dyn Fn() -> bool) -> io::Result<Option<Self>> {
        let (opened, result) = mpsc::channel();
        // On a thread of its own, because nothing else ends that wait.
        thread::Builder::new().name("copy-open".to_owned()).spawn(move || {
            // Nobody listens any more when the user has given up.
            let _ = opened.send(File::options().write(true).open(path));
        })?;
        while !given_up() {
            match result.recv_timeout(TICK) {
                Ok(file) => {
                    let file = file?;
                    ioctl_fionbio(&file, true)?;
                    return Ok(Some(Self(file)));
                }
                Err(mpsc::RecvTimeoutError::Timeout) => {}
                Err(mpsc::RecvTimeoutError::Disconnected) => return Err(io::Error::other("the FIFO was not opened")),
            }
        }
        Ok(None)
    }

    /// Writes all of it as fast as it is read, unless `given_up` says otherwise.
    pub(super) fn write(&mut self, mut bytes: &[u8], given_up: &dyn Fn() -> bool) -> io::Result<()> {
        let tick = Timespec { tv_sec: 0, tv_nsec: TICK.as_nanos() as i64 };
        while !bytes.is_empty() {
            match self.0.write(bytes) {
                Ok(written) => bytes = &bytes[written..],
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    if given_up() {
                        return Err(io::ErrorKind::Interrupted.into());
                    }
                    match poll(&mut [PollFd::new(&self.0, PollFlags::OUT)], Some(&tick)) {
                        Ok(_) | Err(rustix::io::Errno::INTR) => {}
                        Err(error) => return Err(error.into()),
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}
