//! Prepared statements in bulk: pages by token range, batches of already encoded rows.
//!
//! Nothing is tried twice here: counters must not be, and who may be is decided by COPY.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use scylla::routing::partitioner::{Murmur3Partitioner, Partitioner};
use scylla::statement::Statement;
use scylla::statement::batch::{Batch as Statements, BatchStatement, BatchType};
use scylla::statement::prepared::PreparedStatement;
use scylla_cql::frame::request::batch as frame;
use scylla_cql::frame::request::query::{Query, QueryParameters};

use super::arena::Row;
use super::{Column, Consistency, Page, PagingState, QueryError, QueryErrorKind, Session, column, custom};

/// Lists of statements up to this size are kept for the next batch of the same size.
const KEPT_SIZES: usize = 64;

/// What stands in front of a `bigint`: its length.
const BIGINT: [u8; 4] = 8_u32.to_be_bytes();

/// A prepared statement. Cloning is cheap.
#[derive(Clone)]
pub struct Prepared(Arc<Inner>);

struct Inner {
    form: Form,
    parameters: Vec<Column>,
    /// The same statement many times over, by kind, consistency and number: the driver wants one for each row.
    lists: Mutex<HashMap<(BatchKind, Consistency, usize), Arc<Statements>>>,
}

/// How it is sent.
enum Form {
    /// By the driver.
    Prepared(PreparedStatement),
    /// As text with its values beside it, where the driver does not know the types.
    Text(String),
}

impl fmt::Debug for Prepared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match &self.0.form {
            Form::Prepared(statement) => statement.get_statement(),
            Form::Text(text) => text,
        };
        f.debug_tuple("Prepared").field(&text).finish()
    }
}

impl Prepared {
    /// The bind markers in order.
    pub fn parameters(&self) -> &[Column] {
        &self.0.parameters
    }

    /// As many of its statement as there are rows.
    fn list(
        &self,
        statement: &PreparedStatement,
        kind: BatchKind,
        consistency: Consistency,
        rows: usize,
    ) -> Arc<Statements> {
        let make = || {
            let statements = vec![BatchStatement::PreparedStatement(statement.clone()); rows];
            let mut list = Statements::new_with_statements(kind.into(), statements);
            list.set_consistency(consistency.into());
            Arc::new(list)
        };
        if rows > KEPT_SIZES {
            return make();
        }
        let mut lists = self.0.lists.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(lists.entry((kind, consistency, rows)).or_insert_with(make))
    }
}

/// Rows ready to be sent: for each row all cells in order, each as in the protocol: a big-endian `i32` length (-1 null,
/// -2 unset) and that many bytes. The cells are shared with other batches, so that none is copied before it stands in a
/// request.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// The cells of these rows and of others.
    pub cells: Arc<Vec<u8>>,
    /// Where each row's cells stand in `cells`.
    pub rows: Vec<Range<usize>>,
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
    /// Prepares a statement.
    pub async fn prepare(&self, cql: String) -> Result<Prepared, QueryError> {
        let (form, parameters) = match self.prepare_by_driver(cql.clone()).await {
            Ok(Some((statement, parameters))) => (Form::Prepared(statement), parameters),
            Err(error) if error.kind != QueryErrorKind::UnknownTypes => return Err(error),
            Ok(None) | Err(_) => {
                let parameters = self.reserve().prepare(&cql).await?;
                (Form::Text(cql), parameters)
            }
        };
        Ok(Prepared(Arc::new(Inner { form, parameters, lists: Mutex::default() })))
    }

    /// None if the driver may take a type for another one.
    async fn prepare_by_driver(&self, cql: String) -> Result<Option<(PreparedStatement, Vec<Column>)>, QueryError> {
        let statement = self.ask(self.options().request_timeout, self.driver().prepare(cql)).await?;
        let parameters: Vec<Column> = statement.get_variable_col_specs().iter().map(column::from_spec).collect();
        let columns: Vec<Column> =
            statement.get_current_result_set_col_specs().get().iter().map(column::from_spec).collect();
        let misread = custom::may_be_misread(&parameters) || custom::may_be_misread(&columns);
        Ok((!misread).then_some((statement, parameters)))
    }

    /// Asks for one page of a prepared statement whose bind markers are all `bigint` (token bounds).
    pub async fn execute_page(
        &self,
        prepared: &Prepared,
        tokens: &[i64],
        consistency: Consistency,
        page_size: i32,
        paging_state: Option<PagingState>,
        timeout: Duration,
    ) -> Result<Page, QueryError> {
        let start = paging_state.map(|state| state.state).unwrap_or_default();
        match &prepared.0.form {
            Form::Prepared(statement) => {
                let mut statement = statement.clone();
                statement.set_consistency(consistency.into());
                statement.set_page_size(page_size.max(1));
                let page = self.driver().execute_single_page(&statement, tokens, start);
                let (result, next) = self.ask(timeout, page).await?;
                Ok(Page::new(result, next))
            }
            Form::Text(text) => {
                let cells: Vec<u8> =
                    tokens.iter().flat_map(|token| [&BIGINT[..], &token.to_be_bytes()].concat()).collect();
                let parameters = QueryParameters {
                    consistency: consistency.into(),
                    page_size: Some(page_size.max(1)),
                    paging_state: start,
                    values: Cow::Owned(Row(&cells).values(tokens.len())?),
                    ..QueryParameters::default()
                };
                self.reserve().page(&Query { contents: text.into(), parameters }, timeout).await
            }
        }
    }

    /// Writes the rows: one row as a plain EXECUTE, more as one batch of that kind. No rows are no request. Warnings of
    /// the server are dropped: they would come once a batch.
    pub async fn write(
        &self,
        prepared: &Prepared,
        batch: &Batch,
        kind: BatchKind,
        consistency: Consistency,
        timeout: Duration,
    ) -> Result<(), QueryError> {
        let rows = batch.len();
        match &prepared.0.form {
            _ if rows == 0 => {}
            Form::Prepared(statement) if rows == 1 => {
                let mut statement = statement.clone();
                statement.set_consistency(consistency.into());
                self.ask(timeout, self.driver().execute_unpaged(&statement, batch.row(0))).await?;
            }
            Form::Prepared(statement) => {
                let list = prepared.list(statement, kind, consistency, rows);
                self.ask(timeout, self.driver().batch(&list, batch)).await?;
            }
            Form::Text(text) => {
                let markers = prepared.parameters().len();
                let values = (0..rows).map(|i| batch.row(i).values(markers)).collect::<Result<Vec<_>, _>>()?;
                let statement = frame::BatchStatement::Query { text: text.into() };
                let batch = frame::Batch {
                    statements: vec![statement; rows].into(),
                    batch_type: BatchType::from(kind),
                    consistency: consistency.into(),
                    serial_consistency: None,
                    timestamp: None,
                    values,
                };
                self.reserve().write(&batch, timeout).await?;
            }
        }
        Ok(())
    }

    /// Writes with statements of text: one as a plain QUERY, more as one batch of that kind; none are no request. Warnings
    /// are dropped as in [`Session::write`].
    pub async fn write_text(
        &self,
        mut statements: Vec<String>,
        kind: BatchKind,
        consistency: Consistency,
        timeout: Duration,
    ) -> Result<(), QueryError> {
        match statements.len() {
            0 => {}
            1 => {
                let mut statement = Statement::new(statements.remove(0));
                statement.set_consistency(consistency.into());
                self.ask(timeout, self.driver().query_unpaged(statement, ())).await?;
            }
            rows => {
                let statements =
                    statements.into_iter().map(|text| BatchStatement::Query(Statement::new(text))).collect();
                let mut list = Statements::new_with_statements(kind.into(), statements);
                list.set_consistency(consistency.into());
                self.ask(timeout, self.driver().batch(&list, vec![(); rows])).await?;
            }
        }
        Ok(())
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
