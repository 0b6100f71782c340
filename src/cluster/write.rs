//! Prepared statements in bulk: pages by token range, batches of already encoded rows.

use std::sync::Arc;
use std::time::Duration;

use super::{Column, Consistency, Page, PagingState, QueryError, Session};

/// A prepared statement. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct Prepared {}

impl Prepared {
    /// The bind markers in order.
    pub fn parameters(&self) -> &[Column] {
        todo!()
    }
}

/// Rows ready to be sent: for each row all cells in order, each as in the protocol: a big-endian `i32` length (-1 null,
/// -2 unset) and that many bytes. Shared, so that a failed batch is sent again without a copy.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// The cells of all rows, one after the other.
    pub cells: Arc<Vec<u8>>,
    /// Where each row ends in `cells`.
    pub row_ends: Arc<Vec<usize>>,
}

/// What kind of batch the server is asked for when there is more than one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchKind {
    /// `BEGIN UNLOGGED BATCH`.
    Unlogged,
    /// `BEGIN COUNTER BATCH`.
    Counter,
}

impl Session {
    /// Prepares a statement.
    pub async fn prepare(&self, _cql: String) -> Result<Prepared, QueryError> {
        todo!()
    }

    /// Asks for one page of a prepared statement whose bind markers are all `bigint` (token bounds).
    pub async fn execute_page(
        &self,
        _prepared: &Prepared,
        _tokens: &[i64],
        _consistency: Consistency,
        _page_size: i32,
        _paging_state: Option<PagingState>,
        _timeout: Duration,
    ) -> Result<Page, QueryError> {
        todo!()
    }

    /// Writes the rows: one row as a plain EXECUTE, more as one batch of that kind.
    pub async fn write(
        &self,
        _prepared: &Prepared,
        _batch: &Batch,
        _kind: BatchKind,
        _consistency: Consistency,
        _timeout: Duration,
    ) -> Result<(), QueryError> {
        todo!()
    }
}

/// The Murmur3 token of an encoded partition key (for a composite key: each part as `u16` length, bytes, zero byte).
pub fn murmur3_token(_partition_key: &[u8]) -> i64 {
    todo!()
}
