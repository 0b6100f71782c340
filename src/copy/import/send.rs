//! Sending: a batch again after a failure that may pass, and row by row when it is refused, so that only the rows that
//! are at fault fail.

use std::ops::Range;
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use super::count::Written;
use super::dispatch::Strain;
use super::feed::Portion;
use super::literals::Literals;
use super::{Event, Failure};
use crate::cluster::write::BatchKind;
use crate::cluster::{
    Batch, Consistency, EncodedRows, PreparedWrite, QueryError, QueryErrorKind, Route, Session, Terms,
};
use crate::copy::faults::{ChunkFault, Faults};
use crate::copy::interrupt::Stop;
use crate::copy::retry;

/// What is sent of the rows of a chunk.
pub(super) enum Load {
    /// Their cells, for a prepared statement.
    Bound(Arc<EncodedRows>),
    /// A statement for each; none for a row that there is nothing to write of.
    Text(Vec<Option<String>>),
}

/// Rows of a chunk that are sent by the same courier, in the order in which they travel.
pub(super) struct Packed {
    /// What is sent of them.
    pub(super) load: Load,
    /// Their records in the chunk.
    pub(super) records: Vec<Range<usize>>,
    /// The chunk they come from.
    pub(super) portion: Arc<Portion>,
    /// Who sends them.
    pub(super) courier: Arc<Courier>,
}

/// Rows that travel together.
pub(super) struct Parcel {
    /// They and others.
    pub(super) packed: Arc<Packed>,
    /// Which of them.
    pub(super) rows: Range<usize>,
    /// The way to where they are kept.
    pub(super) route: Route,
    /// About how many bytes they take in a request.
    pub(super) bytes: usize,
}

impl Parcel {
    /// Sends the rows and reports on each of them. Gives the time the answer took if the first attempt succeeded.
    pub(super) async fn deliver(self) -> Option<Duration> {
        self.packed.courier.deliver(&self).await
    }

    /// The rows' records.
    fn records(&self) -> &[Range<usize>] {
        self.packed.records.get(self.rows.clone()).unwrap_or_default()
    }
}

/// Sends parcels.
pub(super) struct Courier {
    /// The session to write through.
    pub(super) session: Session,
    /// The INSERT or UPDATE.
    pub(super) prepared: PreparedWrite,
    /// What writes statements with values in them, instead of the prepared one.
    pub(super) literals: Option<Literals>,
    /// Whether counters are added to: an answer that was lost must not be asked for again.
    pub(super) counters: bool,
    /// The shell's consistency.
    pub(super) consistency: Consistency,
    /// Time limit of one request.
    pub(super) timeout: Duration,
    /// Attempts for each batch.
    pub(super) max_attempts: u32,
    /// Set when the import ends early.
    pub(super) stop: Stop,
    /// What happened.
    pub(super) events: Sender<Event>,
    /// Rows the server has taken.
    pub(super) written: Written,
    /// What tells that the server is too busy.
    pub(super) strain: Strain,
    /// Failures that a test asks for.
    pub(super) faults: Arc<Faults>,
}

impl Courier {
    async fn deliver(&self, parcel: &Parcel) -> Option<Duration> {
        let rows = parcel.rows.len();
        let portion = &parcel.packed.portion;
        match self.faults.of_chunk(portion.number) {
            Some(ChunkFault::Dies) => {
                self.report(Event::Died);
                return None;
            }
            Some(ChunkFault::NeverAnswers) => std::future::pending().await,
            None => {}
        }
        let (error, attempts) = match self.attempt(parcel).await {
            Ok(took) => {
                self.written.add(rows as u64);
                return took;
            }
            Err(failure) => failure,
        };
        // Counters only when none of them was added to.
        let may_be_divided = !self.counters || error.kind == QueryErrorKind::Refused;
        if rows > 1 && may_be_divided && !self.stop.is_set() {
            // In a box, because this is rare, and a future is as large as its largest part.
            Box::pin(self.one_by_one(parcel, attempts)).await;
        } else {
            self.fail(&error, attempts, portion, parcel.records().to_vec());
        }
        None
    }

    /// Sends until it succeeds, cannot, or was tried often enough. Gives the time that the first attempt took.
    async fn attempt(&self, parcel: &Parcel) -> Result<Option<Duration>, (QueryError, u32)> {
        let rows = parcel.rows.len();
        let mut attempts = 0;
        loop {
            let start = Instant::now();
            let sent = match self.faults.of_attempt(parcel.packed.portion.number, attempts + 1) {
                Some(fault) => Err(fault),
                None => self.send(parcel, parcel.rows.clone()).await,
            };
            let Err(error) = sent else { return Ok((attempts == 0).then(|| start.elapsed())) };
            attempts += 1;
            if retry::is_worthwhile(&error) {
                self.strain.add();
            }
            let final_attempt = attempts >= self.max_attempts || self.must_not_repeat(&error) || self.stop.is_set();
            if final_attempt || !retry::is_worthwhile(&error) {
                return Err((error, attempts));
            }
            let (told, most) = (retry::told(&error), self.max_attempts);
            let why = format!("{told},  will retry later, attempt {attempts} of {most}");
            self.report(Event::Retry { rows, why });
            tokio::time::sleep(retry::pause(&error, attempts, self.session.is_reachable(&parcel.route))).await;
        }
    }

    /// Sends each row on its own, once, as long as there is a server that answers.
    async fn one_by_one(&self, parcel: &Parcel, attempts: u32) {
        let mut written = 0;
        let mut failures: Vec<(QueryError, Vec<Range<usize>>)> = Vec::new();
        let mut rows = parcel.rows.clone().zip(parcel.records().iter().cloned());
        while let Some((row, record)) = rows.next() {
            let Err(error) = self.send(parcel, row..row + 1).await else {
                written += 1;
                continue;
            };
            let mut records = vec![record];
            if error.is_disconnected() || error.kind == QueryErrorKind::Timeout || self.stop.is_set() {
                records.extend(rows.by_ref().map(|(_, record)| record));
            }
            match failures.iter_mut().find(|(known, _)| known.line == error.line) {
                Some((_, known)) => known.append(&mut records),
                None => failures.push((error, records)),
            }
        }
        self.written.add(written);
        for (error, records) in failures {
            self.fail(&error, attempts + 1, &parcel.packed.portion, records);
        }
    }

    /// Sends these of the rows that the parcel is of.
    async fn send(&self, parcel: &Parcel, rows: Range<usize>) -> Result<(), QueryError> {
        let kind = if self.counters { BatchKind::Counter } else { BatchKind::Unlogged };
        let terms = Terms { route: parcel.route.clone(), consistency: self.consistency, timeout: self.timeout };
        match &parcel.packed.load {
            Load::Bound(encoded) => {
                let batch = Batch::new(Arc::clone(encoded), rows);
                self.session.write(&self.prepared, batch, kind, &terms).await
            }
            Load::Text(statements) => {
                let statements: Vec<&str> = statements[rows].iter().flatten().map(String::as_str).collect();
                self.session.write_text(&statements, kind, &terms).await
            }
        }
    }

    fn fail(&self, error: &QueryError, attempts: u32, portion: &Arc<Portion>, records: Vec<Range<usize>>) {
        let unsure =
            if self.must_not_repeat(error) { " (the counters may have been changed nevertheless)" } else { "" };
        let failure = Failure::Insert { told: format!("{}{unsure}", retry::told(error)), attempts };
        self.report(Event::Failed { failure, portion: Arc::clone(portion), records });
    }

    /// What may have been added to counters must not be added again.
    fn must_not_repeat(&self, error: &QueryError) -> bool {
        self.counters && retry::is_unsure(error)
    }

    fn report(&self, event: Event) {
        // Nobody listens any more when the import has ended.
        let _ = self.events.send(event);
    }
}
