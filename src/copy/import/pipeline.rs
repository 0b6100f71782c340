//! The threads and queues of an import, all but the one that counts.

use std::io;
use std::ops::Range;
use std::sync::mpsc::{Receiver, Sender, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use tokio::sync::mpsc::Sender as Parcels;

use super::Event;
use super::batch::{self, Cut, Limits};
use super::encode::{Row, Rows};
use super::feed::Portion;
use super::literals::Literals;
use super::rejects::Failure;
use super::send::{Courier, Load, Packed, Parcel};
use crate::cluster::{EncodedRows, Placement, PreparedWrite};
use crate::copy::interrupt::Stop;

/// Chunks that wait for an encoder, if MAXPENDINGCHUNKS does not say otherwise.
const WAITING_CHUNKS: usize = 2;

const MOST_WAITING_CHUNKS: usize = 1024;

/// Encodes chunks and sends them off. One a thread.
pub(super) struct Packer {
    /// Where rows are kept.
    pub(super) placement: Arc<Placement>,
    /// What a batch may hold.
    pub(super) limits: Limits,
    /// Where the parcels of a chunk go.
    pub(super) parcels: Parcels<Vec<Parcel>>,
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
        let mut parcels = self.parcels(rows, &cells, &portion, &target.courier);
        if let Some(courier) = &target.static_courier {
            parcels.extend(self.parcels(statics, &cells, &portion, courier));
        }
        // Nobody sends any more when the import has ended.
        let _ = self.parcels.blocking_send(parcels);
    }

    /// Puts the rows into batches.
    fn parcels(&self, mut rows: Vec<Row>, cells: &[u8], portion: &Arc<Portion>, courier: &Arc<Courier>) -> Vec<Parcel> {
        batch::sort(&mut rows, &self.placement, self.limits.few);
        let load = match &courier.literals {
            Some(literals) => Load::Text(self.statements(literals, &mut rows, cells, portion)),
            None => Load::Bound(Arc::new(bind(&courier.prepared, &rows, cells))),
        };
        let batches = batch::cut(&rows, &self.placement, self.limits);
        let records = rows.iter().map(|row| row.record.clone()).collect();
        let packed = Packed { load, records, portion: Arc::clone(portion), courier: Arc::clone(courier) };
        let packed = Arc::new(packed);
        let parcel = |Cut { rows: these, place }| Parcel {
            packed: Arc::clone(&packed),
            route: self.placement.route(place),
            bytes: rows[Range::clone(&these)].iter().map(|row| row.cells.len()).sum(),
            rows: these,
        };
        batches.into_iter().map(parcel).collect()
    }

    /// The statements of the rows. Those rows that CQL cannot write fail, and are taken out.
    fn statements(
        &self,
        literals: &Literals,
        rows: &mut Vec<Row>,
        cells: &[u8],
        portion: &Arc<Portion>,
    ) -> Vec<Option<String>> {
        let mut statements = Vec::with_capacity(rows.len());
        rows.retain(|row| match literals.statement(&cells[row.cells.clone()]) {
            Ok(statement) => {
                statements.push(statement);
                true
            }
            Err(why) => {
                let failure = Failure::Parse(why.to_string());
                let (portion, records) = (Arc::clone(portion), vec![row.record.clone()]);
                let _ = self.events.send(Event::Failed { failure, portion, records });
                false
            }
        });
        statements
    }
}

/// The rows as the statement takes them, one after the other: who sends them, on another processor, reads from one end to
/// the other.
fn bind(prepared: &PreparedWrite, rows: &[Row], cells: &[u8]) -> EncodedRows {
    let mut encoded = prepared.rows(rows.len(), cells.len());
    for row in rows {
        encoded.push(cells.get(row.cells.clone()).unwrap_or_default());
    }
    encoded
}
