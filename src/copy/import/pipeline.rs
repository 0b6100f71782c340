//! The threads and queues of an import, all but the one that counts.

use std::io;
use std::ops::Range;
use std::sync::mpsc::{Receiver, Sender, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use tokio::sync::mpsc::Sender as Parcels;

use super::Event;
use super::batch::{self, Limits};
use super::encode::{Row, Rows};
use super::feed::Portion;
use super::literals::Literals;
use super::rejects::Failure;
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
        batch::sort(&mut rows);
        let cells = Arc::new(batch::gather(&mut rows, cells));
        let batches = batch::cut(&rows, &self.ring, self.limits);
        batches.into_iter().filter_map(|together| self.parcel(&rows[together], &cells, portion, courier)).collect()
    }

    /// What travels together; nothing if no row of it can be written.
    fn parcel(
        &self,
        rows: &[Row],
        cells: &Arc<Vec<u8>>,
        portion: &Arc<Portion>,
        courier: &Arc<Courier>,
    ) -> Option<Parcel> {
        let (load, records) = match &courier.literals {
            Some(literals) => self.write(literals, cells, rows, portion),
            None => {
                let places = rows.iter().map(|row| row.cells.clone()).collect();
                let records = rows.iter().map(|row| row.record.clone()).collect();
                (Load::Bound(Batch { cells: Arc::clone(cells), rows: places }), records)
            }
        };
        (!records.is_empty()).then(|| Parcel {
            load,
            portion: Arc::clone(portion),
            records,
            bytes: rows.iter().map(|row| row.cells.len()).sum(),
            courier: Arc::clone(courier),
        })
    }

    /// The statements of the rows and their records, without those rows that CQL cannot write, which fail.
    fn write(
        &self,
        literals: &Literals,
        cells: &[u8],
        rows: &[Row],
        portion: &Arc<Portion>,
    ) -> (Load, Vec<Range<usize>>) {
        let (mut statements, mut records) = (Vec::new(), Vec::new());
        for row in rows {
            match literals.statement(&cells[row.cells.clone()]) {
                Ok(statement) => {
                    statements.push(statement);
                    records.push(row.record.clone());
                }
                Err(why) => {
                    let failure = Failure::Parse(why.to_string());
                    let (portion, records) = (Arc::clone(portion), vec![row.record.clone()]);
                    let _ = self.events.send(Event::Failed { failure, portion, records });
                }
            }
        }
        (Load::Text(statements), records)
    }
}
