//! Lines that one thread reads and another cuts into records.

use std::io::{self, Read};
use std::mem;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};

/// Bytes of a block, about.
pub(super) const SIZE: usize = 64 * 1024;

/// Where blocks are handed on. Dropping it before its end breaks the input off.
pub(super) struct Blocks(SyncSender<Vec<u8>>);

/// Where they arrive: an input that is over after its end alone.
pub(super) struct Arriving {
    blocks: Receiver<Vec<u8>>,
    block: Vec<u8>,
    read: usize,
    ended: bool,
}

/// One block may wait.
pub(super) fn channel() -> (Blocks, Arriving) {
    let (sender, blocks) = sync_channel(1);
    (Blocks(sender), Arriving { blocks, block: Vec::new(), read: 0, ended: false })
}

impl Blocks {
    /// Hands a block on, an empty one at the end, if there is room for it; an early end of the import is room enough.
    pub(super) fn hand_on(&self, block: &mut Vec<u8>) -> bool {
        match self.0.try_send(mem::take(block)) {
            Err(TrySendError::Full(back)) => {
                *block = back;
                false
            }
            Ok(()) | Err(TrySendError::Disconnected(_)) => true,
        }
    }
}

impl Read for Arriving {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.read == self.block.len() && !self.ended {
            let broken = |_| io::Error::other("the lines broke off");
            (self.block, self.read) = (self.blocks.recv().map_err(broken)?, 0);
            self.ended = self.block.is_empty();
        }
        let length = (&self.block[self.read..]).read(out)?;
        self.read += length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_handed_on_arrives_up_to_its_end() {
        let (blocks, mut arriving) = channel();
        let mut first = b"1,a\n".to_vec();
        assert!(blocks.hand_on(&mut first));
        let mut second = b"2,b\n".to_vec();
        assert!(!blocks.hand_on(&mut second));
        assert_eq!(second, b"2,b\n");
        let mut four = [0; 4];
        arriving.read_exact(&mut four).unwrap();
        assert_eq!(&four, b"1,a\n");
        assert!(blocks.hand_on(&mut Vec::new()));
        assert_eq!(arriving.read(&mut four).unwrap(), 0);
        drop(blocks);
        assert_eq!(arriving.read(&mut four).unwrap(), 0);
    }

    #[test]
    fn lines_that_break_off_are_no_end() {
        let (blocks, mut arriving) = channel();
        assert!(blocks.hand_on(&mut b"1,a".to_vec()));
        drop(blocks);
        assert_eq!(arriving.read_to_end(&mut Vec::new()).unwrap_err().to_string(), "the lines broke off");
    }
}
