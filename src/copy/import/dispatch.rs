//! Sending off: parcels in, as many on their way as the server can take, what became of them in the hands of their couriers.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::mpsc::Receiver;
use tokio::task::JoinSet;

use super::send::Parcel;
use super::window::Window;
use crate::cluster::Placement;
use crate::copy::interrupt::Stop;

/// Bytes on their way, unless a single parcel has more.
pub(super) const IN_FLIGHT_BYTES: usize = 16 * 1024 * 1024;

/// Counts the requests that a busy server has failed.
#[derive(Debug, Clone, Default)]
pub(super) struct Strain(Arc<AtomicUsize>);

impl Strain {
    /// One more.
    pub(super) fn add(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    fn take(&self) -> usize {
        self.0.swap(0, Ordering::Relaxed)
    }
}

/// A parcel that is no longer on its way.
struct Landed {
    bytes: usize,
    /// How long the answer took, if there was one at the first attempt.
    took: Option<Duration>,
}

/// What is on its way.
struct Dispatcher {
    flights: JoinSet<Landed>,
    bytes: usize,
    window: Window,
    /// Where rows are kept, which tells how many nodes share the requests.
    placement: Arc<Placement>,
    strain: Strain,
}

/// Sends parcels until no more come or the import ends early, and waits for those on their way.
pub(super) async fn dispatch(
    mut packed: Receiver<Vec<Parcel>>,
    window: Window,
    placement: Arc<Placement>,
    strain: Strain,
    stop: Stop,
) {
    let mut dispatcher = Dispatcher { flights: JoinSet::new(), bytes: 0, window, placement, strain };
    while let Some(parcels) = packed.recv().await {
        for parcel in parcels {
            dispatcher.make_room(parcel.bytes).await;
            if stop.is_set() {
                return dispatcher.land_all().await;
            }
            dispatcher.send(parcel);
        }
    }
    dispatcher.land_all().await;
}

impl Dispatcher {
    /// Waits until this many bytes more may go.
    async fn make_room(&mut self, bytes: usize) {
        while let Some(landed) = self.flights.try_join_next() {
            self.land(landed.ok());
        }
        while self.flights.len() >= self.limit() || self.bytes + bytes > IN_FLIGHT_BYTES && !self.flights.is_empty() {
            let Some(landed) = self.flights.join_next().await else { return };
            self.land(landed.ok());
        }
    }

    fn limit(&mut self) -> usize {
        (0..self.strain.take()).for_each(|_| self.window.overloaded());
        self.window.limit()
    }

    fn send(&mut self, parcel: Parcel) {
        let bytes = parcel.bytes;
        self.bytes += bytes;
        let delivery = parcel.deliver();
        self.flights.spawn(async move { Landed { bytes, took: delivery.await } });
    }

    /// A flight that ended without a word has panicked: its rows stay unanswered, which the count tells of.
    fn land(&mut self, landed: Option<Landed>) {
        let Some(Landed { bytes, took }) = landed else { return };
        self.bytes -= bytes;
        if let Some(took) = took {
            let full = self.flights.len() + 1 >= self.window.limit();
            self.window.answered(took, full, || self.placement.connected());
        }
    }

    async fn land_all(mut self) {
        while self.flights.join_next().await.is_some() {}
    }
}
