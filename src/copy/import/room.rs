//! How much may be on its way at a time, in bytes.

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What one permit stands for.
const UNIT: usize = 1024;
/// How often a wait looks whether it still makes sense.
const TICK: Duration = Duration::from_millis(100);

/// A budget that threads wait for.
#[derive(Debug, Clone)]
pub(super) struct Room {
    permits: Arc<Semaphore>,
    total: u32,
    runtime: Handle,
}

/// A part of the budget, given back when it is dropped.
pub(super) type Place = OwnedSemaphorePermit;

impl Room {
    /// Room for this many bytes.
    pub(super) fn new(bytes: usize, runtime: Handle) -> Self {
        let total = u32::try_from(bytes / UNIT).unwrap_or(u32::MAX).max(1);
        Self { permits: Arc::new(Semaphore::new(total as usize)), total, runtime }
    }

    /// Waits for room, from a plain thread; `None` when the wait was given up. What is larger than the whole room has it
    /// to itself.
    pub(super) fn take(&self, bytes: usize, given_up: impl Fn() -> bool) -> Option<Place> {
        let units = u32::try_from(bytes.div_ceil(UNIT)).unwrap_or(u32::MAX).clamp(1, self.total);
        while !given_up() {
            let wait = Arc::clone(&self.permits).acquire_many_owned(units);
            match self.runtime.block_on(async { tokio::time::timeout(TICK, wait).await }) {
                Ok(place) => return place.ok(),
                Err(_) => continue,
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    fn room(bytes: usize) -> (tokio::runtime::Runtime, Room) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let room = Room::new(bytes, runtime.handle().clone());
        (runtime, room)
    }

    /// Gives up when it is asked the second time.
    fn once() -> impl Fn() -> bool {
        let asked = Cell::new(false);
        move || asked.replace(true)
    }

    #[test]
    fn what_is_larger_than_the_room_has_it_to_itself() {
        let (_runtime, room) = room(8 * UNIT);
        let all = room.take(100 * UNIT, once());
        assert!(all.is_some());
        assert_eq!(room.permits.available_permits(), 0);
        drop(all);
        assert_eq!(room.permits.available_permits(), 8);
    }

    #[test]
    fn a_wait_that_is_given_up_takes_nothing() {
        let (_runtime, room) = room(8 * UNIT);
        assert!(room.take(1, || true).is_none());
        assert_eq!(room.permits.available_permits(), 8);
    }
}
