//! What COPY and the printing of headers need of the schema, read from `system_schema` by our own queries.

use super::{QueryError, Session};

/// The part a column plays in its table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// Part of the partition key, with its position.
    PartitionKey(usize),
    /// A clustering column, with its position.
    Clustering(usize),
    /// A static column.
    Static,
    /// Any other.
    Regular,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableColumn {
    /// Its name, unquoted.
    pub name: String,
    /// Its part.
    pub kind: ColumnKind,
    /// Its type as `system_schema` spells it.
    pub type_text: String,
}

/// A table, in the driver's column order: partition key, clustering columns, then the rest by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its keyspace.
    pub keyspace: String,
    /// Its name.
    pub name: String,
    /// Its columns.
    pub columns: Vec<TableColumn>,
}

impl Session {
    /// Whether the keyspace exists (virtual keyspaces too).
    pub async fn has_keyspace(&self, _keyspace: String) -> Result<bool, QueryError> {
        todo!()
    }

    /// A table's columns; `None` when there is no such table. Materialized views count only when `views` is set.
    pub async fn table(&self, _keyspace: String, _table: String, _views: bool) -> Result<Option<Table>, QueryError> {
        todo!()
    }

    /// The tokens of the ring, sorted, of all nodes.
    pub async fn ring(&self) -> Result<Vec<i64>, QueryError> {
        todo!()
    }
}
