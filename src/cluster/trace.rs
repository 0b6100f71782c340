//! Traces of requests, as the server keeps them in `system_traces`. It writes them after the answer, a row at a time.

use std::net::IpAddr;
use std::time::{Duration, Instant};

use uuid::Uuid;

use super::cells::{cell, inet, text, uuid};
use super::{Consistency, QueryError, Session};

/// The pause before a trace that is not complete is looked at again; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(3);

/// What the server did for one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// Its id.
    pub id: Uuid,
    /// What was asked, in the server's words.
    pub request: Option<String>,
    /// When it began, in milliseconds since 1970.
    pub started_at: Option<i64>,
    /// The node that was asked.
    pub coordinator: Option<IpAddr>,
    /// Who asked.
    pub client: Option<IpAddr>,
    /// How long it took, in microseconds, once it is over.
    pub duration: Option<i64>,
    /// What was done, in order.
    pub events: Vec<TraceEvent>,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceEvent {
    /// What was done.
    pub activity: Option<String>,
    /// The thread that did it.
    pub thread: Option<String>,
    /// The timeuuid that tells when.
    pub id: Uuid,
    /// The node that did it.
    pub source: Option<IpAddr>,
    /// Microseconds since that node's part began.
    pub elapsed: Option<i32>,
}

impl Trace {
    /// Whether the request is over and all of its own row is written.
    fn is_complete(&self) -> bool {
        self.duration.is_some() && self.started_at.is_some()
    }
}

impl Session {
    /// The trace once it is complete; `None` if it is not within the limit.
    pub async fn completed_trace(
        &self,
        id: Uuid,
        limit: Duration,
        consistency: Consistency,
    ) -> Result<Option<Trace>, QueryError> {
        let end = Instant::now() + limit;
        let mut pause = FIRST_PAUSE;
        loop {
            match self.trace(id, consistency).await? {
                Some(trace) if trace.is_complete() => return Ok(Some(trace)),
                _ if Instant::now() + pause >= end => return Ok(None),
                _ => tokio::time::sleep(pause).await,
            }
            pause *= 2;
        }
    }

    /// What is written of a trace so far; `None` if nothing is.
    pub async fn trace(&self, id: Uuid, consistency: Consistency) -> Result<Option<Trace>, QueryError> {
        let columns = "request, started_at, coordinator, client, duration";
        let mut found = None;
        let cql = format!("SELECT {columns} FROM system_traces.sessions WHERE session_id = {id}");
        self.rows_at(cql, consistency).await?.for_each_row(|cells| {
            found = Some(Trace {
                id,
                request: text(cells, 0),
                started_at: cell(cells, 1).and_then(|bytes| bytes.try_into().ok()).map(i64::from_be_bytes),
                coordinator: inet(cells, 2),
                client: inet(cells, 3),
                duration: cell(cells, 4).and_then(|bytes| bytes.try_into().ok()).map(i32::from_be_bytes).map(i64::from),
                events: Vec::new(),
            });
            Ok::<(), QueryError>(())
        })?;
        let Some(mut trace) = found else { return Ok(None) };
        let columns = "activity, thread, event_id, source, source_elapsed";
        let cql = format!("SELECT {columns} FROM system_traces.events WHERE session_id = {id}");
        self.rows_at(cql, consistency).await?.for_each_row(|cells| {
            trace.events.push(TraceEvent {
                activity: text(cells, 0),
                thread: text(cells, 1),
                id: uuid(cells, 2).unwrap_or_default(),
                source: inet(cells, 3),
                elapsed: cell(cells, 4).and_then(|bytes| bytes.try_into().ok()).map(i32::from_be_bytes),
            });
            Ok::<(), QueryError>(())
        })?;
        Ok(Some(trace))
    }
}
