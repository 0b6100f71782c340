//! The threads and queues of an import, all but the one that counts.

use std::io;
use std::sync::mpsc::{Receiver, Sender, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use tokio::runtime::Handle;

use super::Event;
use super::batch::{self, Limits};
use super::encode::{Row, Rows};
use super::feed::Portion;
use super::rejects::Failure;
use super::room::Room;
use super::send::{Courier, Load, Parcel};
use crate::cluster::Batch;
use crate::copy::interrupt::Stop;

/// Chunks that wait for an encoder, if MAXPENDINGCHUNKS does not say otherwise.
const WAITING_CHUNKS: usize = 2;

const MOST_WAITING_CHUNKS: usize = 1024;

/// Encodes chunks and sends them off. One a thread.
pub(super) struct Packer {
    /// The ring's tokens, sorted.
    pub(super) ring: Arc<Vec<i64>>,
    /// What a batch may hold.
    pub(super) limits: Limits,
    /// How much may be in flight.
    pub(super) room: Room,
    /// Where sending happens.
    pub(super) runtime: Handle,
    /// Set when the import ends early.
    pub(super) stop: Stop,
    /// What happened.
    pub(super) events: Sender<Event>,
}

/// Starts the packers' threads; what is sent into the channel is packed by one of them.
pub(super) fn start(
    packers: impl Iterator<Item = Packer>,
    most_waiting: Option<usize>,
) -> io::Result<SyncSender<Portion>> {
    // However many may wait, their bytes are bounded where they are read.
    let (chunks, waiting) = sync_channel(most_waiting.map_or(WAITING_CHUNKS, |most| most.min(MOST_WAITING_CHUNKS)));
    let waiting = Arc::new(Mutex::new(waiting));
    for (number, packer) in packers.enumerate() {
        let waiting = Arc::clone(&waiting);
        thread::Builder::new().name(format!("copy-pack-{number}")).spawn(move || {
            while let Some(portion) = next(&waiting) {
                packer.pack(portion);
            }
        })?;
    }
    Ok(chunks)
}

fn next(waiting: &Mutex<Receiver<Portion>>) -> Option<Portion> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

impl Packer {
    fn pack(&self, portion: Portion) {
        if self.stop.is_set() {
            return;
        }
        let target = Arc::clone(&portion.target);
        let Rows { cells, rows, statics, refused } = target.encoder.encode(&portion.chunk, portion.first_timestamp);
        let portion = Arc::new(portion);
        for (reason, records) in refused.into_reasons() {
            let failure = Failure::Parse(reason);
            // Nobody listens any more when the import has ended.
            let _ = self.events.send(Event::Failed { failure, portion: Arc::clone(&portion), records });
        }
        self.send(rows, &cells, &portion, &target.courier);
        if let Some(courier) = &target.static_courier {
            self.send(statics, &cells, &portion, courier);
        }
    }

    /// Puts the rows into batches and hands them to the courier, as soon as there is room for each.
    fn send(&self, mut rows: Vec<Row>, cells: &[u8], portion: &Arc<Portion>, courier: &Arc<Courier>) {
        batch::sort(&mut rows);
        for together in batch::cut(&rows, &self.ring, self.limits) {
            let together = &rows[together];
            let bytes = together.iter().map(|row| row.cells.len()).sum();
            let Some(place) = self.room.take(bytes, || self.stop.is_set()) else { return };
            let load = match &courier.literals {
                Some(literals) => literals.statements(together.iter().map(|row| &cells[row.cells.clone()])),
                None => Ok(Load::Bound(gather(cells, together, bytes))),
            };
            let records: Vec<_> = together.iter().map(|row| row.record.clone()).collect();
            let load = match load {
                Ok(load) => load,
                Err(why) => {
                    let failure = Failure::Parse(why.to_string());
                    let _ = self.events.send(Event::Failed { failure, portion: Arc::clone(portion), records });
                    continue;
                }
            };
            let parcel = Parcel { load, portion: Arc::clone(portion), records, _place: place };
            self.runtime.spawn(Arc::clone(courier).deliver(parcel));
        }
    }
}

/// The rows' cells one after the other.
fn gather(cells: &[u8], rows: &[Row], bytes: usize) -> Batch {
    let mut gathered = Vec::with_capacity(bytes);
    let mut row_ends = Vec::with_capacity(rows.len());
    for row in rows {
        gathered.extend_from_slice(&cells[row.cells.clone()]);
        row_ends.push(gathered.len());
    }
    Batch { cells: Arc::new(gathered), row_ends: Arc::new(row_ends) }
}
