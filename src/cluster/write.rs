//! Rows in bulk: prepared INSERTs and UPDATEs, batches of already encoded rows.
//!
//! Nothing is tried twice here: counters must not be, and who may be is decided by COPY.

use scylla::routing::partitioner::{Murmur3Partitioner, Partitioner};
use scylla::statement::batch::BatchType;
use scylla_cql::frame::request::query::{Query, QueryParameters};

use super::prepared::Prepared;
use super::request::{Request, Statement};
use super::{Batch, Column, EncodedRows, QueryError, Session, Terms, errors};

/// A prepared INSERT or UPDATE, which names its table in full. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct PreparedWrite {
    prepared: Prepared,
    statement: Statement,
}

impl PreparedWrite {
    /// The bind markers in order.
    pub fn parameters(&self) -> &[Column] {
        self.prepared.parameters()
    }

    /// No rows of it yet, and room for so many, with cells of so many bytes together.
    pub fn rows(&self, rows: usize, bytes: usize) -> EncodedRows {
        EncodedRows::new(self.statement.clone(), rows, bytes)
    }
}

/// What kind of batch the server is asked for when there is more than one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BatchKind {
    /// `BEGIN UNLOGGED BATCH`.
    Unlogged,
    /// `BEGIN COUNTER BATCH`.
    Counter,
}

impl From<BatchKind> for BatchType {
    fn from(kind: BatchKind) -> Self {
        match kind {
            BatchKind::Unlogged => Self::Unlogged,
            BatchKind::Counter => Self::Counter,
        }
    }
}

impl Session {
    /// Prepares an INSERT or UPDATE.
    pub async fn prepare_write(&self, cql: String) -> Result<PreparedWrite, QueryError> {
        let prepared = self.prepare(cql).await?;
        let statement = Statement::new(prepared.id(), prepared.parameters().len());
        let statement = statement.ok_or_else(|| QueryError::unreadable("a statement has too many bind markers"))?;
        Ok(PreparedWrite { prepared, statement })
    }

    /// Writes rows of the prepared statement: one as a plain EXECUTE, more as one batch of that kind. No rows are no
    /// request. Warnings of the server are dropped: they would come once a batch.
    pub async fn write(
        &self,
        prepared: &PreparedWrite,
        batch: Batch,
        kind: BatchKind,
        terms: &Terms,
    ) -> Result<(), QueryError> {
        let consistency = terms.consistency;
        let request = match batch.len() {
            0 => return Ok(()),
            1 => Request::Row(batch, consistency),
            rows if rows <= Batch::MOST_ROWS => Request::Batch(batch, kind, consistency),
            rows => return Err(errors::refused(format!("{rows} rows are no batch"))),
        };
        let (answer, node) = self.execute(&prepared.prepared, &request, terms).await?;
        answer.written(node.host())
    }

    /// Writes with statements of text: one as a plain QUERY, more as one batch of that kind; none are no request. Warnings
    /// are dropped as in [`Session::write`].
    pub async fn write_text(&self, statements: &[&str], kind: BatchKind, terms: &Terms) -> Result<(), QueryError> {
        let consistency = terms.consistency;
        let request = match statements {
            [] => return Ok(()),
            [statement] => {
                let parameters = QueryParameters { consistency: consistency.into(), ..QueryParameters::default() };
                Request::of(&Query { contents: (*statement).into(), parameters })?
            }
            statements if statements.len() <= Batch::MOST_ROWS => Request::texts(statements, kind, consistency),
            statements => return Err(errors::refused(format!("{} rows are no batch", statements.len()))),
        };
        let (answer, node) = self.nodes().ask(&terms.route, &request, terms.timeout).await?;
        answer.written(node.host())
    }
}

/// The Murmur3 token of an encoded partition key (for a composite key: each part as `u16` length, bytes, zero byte).
pub fn murmur3_token(partition_key: &[u8]) -> i64 {
    Murmur3Partitioner.hash_one(partition_key).value()
}

#[cfg(test)]
mod tests {
    use super::*;

    // The tokens are those Cassandra 5.0.6 gives for these keys with `SELECT token(k)`.
    #[test]
    fn tokens_are_those_of_the_server() {
        assert_eq!(murmur3_token(b"a"), -8_839_064_797_231_613_815);
        assert_eq!(murmur3_token(b"hello, token"), -961_388_427_284_116_338);
        assert_eq!(murmur3_token("a key that is longer than sixteen bytes é".as_bytes()), -5_654_270_337_124_013_955);
        assert_eq!(murmur3_token(b"\0\x04\0\0\0\x01\0\0\x01x\0"), 746_584_927_563_629_270);
    }
}
