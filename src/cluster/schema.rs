//! What COPY and the printing of headers need of the schema, read from `system_schema` by our own queries.
//!
//! Nothing is kept: each question is asked anew, so that the answer is never stale. Works from Cassandra 3.0 on; virtual
//! tables, since 4.0, have a schema of their own.

use super::cells::{self, cell};
use super::errors::QueryErrorKind;
use super::{Consistency, Page, QueryError, Request, SerialConsistency, Session, collection};
use crate::cql::names::literal;

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

/// Where ordinary tables are described, and where virtual ones are.
pub(super) const SCHEMA: &str = "system_schema";
pub(super) const VIRTUAL_SCHEMA: &str = "system_virtual_schema";

impl Session {
    /// Whether the keyspace exists (virtual keyspaces too).
    pub async fn has_keyspace(&self, keyspace: String) -> Result<bool, QueryError> {
        let question = |schema: &str| {
            format!("SELECT keyspace_name FROM {schema}.keyspaces WHERE keyspace_name = {}", literal(&keyspace))
        };
        Ok(!self.rows(question(SCHEMA)).await?.is_empty() || self.has_virtual_rows(question(VIRTUAL_SCHEMA)).await?)
    }

    /// A table's columns; `None` when there is no such table. Materialized views count only when `views` is set.
    pub async fn table(&self, keyspace: String, table: String, views: bool) -> Result<Option<Table>, QueryError> {
        let of_table = format!("keyspace_name = {} AND table_name = {}", literal(&keyspace), literal(&table));
        let flags = self.rows(format!("SELECT flags FROM {SCHEMA}.tables WHERE {of_table}"));
        let columns = self.columns(SCHEMA, &of_table);
        let (flags, columns) = tokio::join!(flags, columns);
        let (flags, columns) = (flags?, columns?);
        let (storage, columns) = if !flags.is_empty() {
            (Storage::from_flags(&texts(&flags)?), columns)
        } else if views && self.is_view(&keyspace, &table).await? {
            (Storage::Ordinary, columns)
        } else if self
            .has_virtual_rows(format!("SELECT table_name FROM {VIRTUAL_SCHEMA}.tables WHERE {of_table}"))
            .await?
        {
            (Storage::Ordinary, self.columns(VIRTUAL_SCHEMA, &of_table).await?)
        } else {
            return Ok(None);
        };
        Ok(Some(Table { columns: arrange(columns, storage), keyspace, name: table }))
    }

    async fn is_view(&self, keyspace: &str, view: &str) -> Result<bool, QueryError> {
        let of_view = format!("keyspace_name = {} AND view_name = {}", literal(keyspace), literal(view));
        let rows = self.rows(format!("SELECT view_name FROM {SCHEMA}.views WHERE {of_view}")).await?;
        Ok(!rows.is_empty())
    }

    async fn columns(&self, schema: &str, of_table: &str) -> Result<Vec<SchemaRow>, QueryError> {
        let cql = format!("SELECT column_name, kind, position, type FROM {schema}.columns WHERE {of_table}");
        let mut columns = Vec::new();
        self.rows(cql).await?.for_each_row(|cells| {
            let text = |i| cells::text(cells, i).unwrap_or_default();
            let position = cell(cells, 2).and_then(|bytes| bytes.try_into().ok()).map_or(0, i32::from_be_bytes);
            columns.push(SchemaRow { name: text(0), kind: text(1), position, type_text: text(3) });
            Ok::<(), QueryError>(())
        })?;
        Ok(columns)
    }

    /// Whether a question about virtual tables has an answer. A server without virtual tables refuses it.
    async fn has_virtual_rows(&self, cql: String) -> Result<bool, QueryError> {
        match self.rows(cql).await {
            Ok(page) => Ok(!page.is_empty()),
            Err(error) if error.kind == QueryErrorKind::Refused => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The rows of a system table, all at once.
    pub(super) async fn rows(&self, cql: String) -> Result<Page, QueryError> {
        self.rows_at(cql, Consistency::One).await
    }

    /// The same with another consistency.
    pub(super) async fn rows_at(&self, cql: String, consistency: Consistency) -> Result<Page, QueryError> {
        self.query(system_request(cql, consistency, None)).await
    }
}

/// What a system table is asked.
pub(super) fn system_request(cql: String, consistency: Consistency, page_size: Option<i32>) -> Request {
    Request {
        cql,
        consistency,
        serial_consistency: SerialConsistency::Serial,
        page_size,
        paging_state: None,
        tracing: false,
    }
}

/// A row of `system_schema.columns`.
pub(super) struct SchemaRow {
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) position: i32,
    pub(super) type_text: String,
}

/// How a table's columns came about, as far as some of them are hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Storage {
    /// Every column is one of CQL.
    Ordinary,
    /// A Thrift table without clustering columns: only those called static are real, and they are regular ones.
    CompactStatic,
    /// A Thrift table whose only value may be nameless, of type `empty`.
    Dense,
}

impl Storage {
    pub(super) fn from_flags(flags: &[String]) -> Self {
        let has = |flag: &str| flags.iter().any(|f| f == flag);
        match (has("dense"), has("super") || has("compound")) {
            (true, _) => Self::Dense,
            (false, true) => Self::Ordinary,
            (false, false) => Self::CompactStatic,
        }
    }

    /// The part that a column plays for CQL; `None` if CQL does not show it.
    pub(super) fn column_kind(self, kind: &str, position: usize, type_text: &str) -> Option<ColumnKind> {
        Some(match (kind, self) {
            ("partition_key", _) => ColumnKind::PartitionKey(position),
            ("static", Self::CompactStatic) => ColumnKind::Regular,
            (_, Self::CompactStatic) => return None,
            (_, Self::Dense) if type_text == "empty" => return None,
            ("clustering", _) => ColumnKind::Clustering(position),
            ("static", _) => ColumnKind::Static,
            _ => ColumnKind::Regular,
        })
    }
}

/// Puts columns into the driver for Python's order: partition key and clustering columns by position, the rest as it came.
pub(super) fn arrange(rows: Vec<SchemaRow>, storage: Storage) -> Vec<TableColumn> {
    let mut columns: Vec<TableColumn> = rows
        .into_iter()
        .filter_map(|row| {
            let position = usize::try_from(row.position).unwrap_or(0);
            let kind = storage.column_kind(&row.kind, position, &row.type_text)?;
            Some(TableColumn { name: row.name, kind, type_text: row.type_text })
        })
        .collect();
    // The sort is stable, so that the rest keeps its order.
    columns.sort_by_key(|column| match column.kind {
        ColumnKind::PartitionKey(position) => (0, position),
        ColumnKind::Clustering(position) => (1, position),
        ColumnKind::Static | ColumnKind::Regular => (2, 0),
    });
    columns
}

/// All elements of a page's only column, which is a `set<text>`.
fn texts(page: &Page) -> Result<Vec<String>, QueryError> {
    let mut texts = Vec::new();
    page.for_each_row(|cells| {
        let cell = cell(cells, 0).unwrap_or_default();
        texts.extend(collection::texts(cell).ok_or_else(|| QueryError::unreadable("a set of texts is cut short"))?);
        Ok::<(), QueryError>(())
    })?;
    Ok(texts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(rows: &[(&str, &str, i32, &str)]) -> Vec<SchemaRow> {
        let row = |&(name, kind, position, type_text): &(&str, &str, i32, &str)| SchemaRow {
            name: name.to_owned(),
            kind: kind.to_owned(),
            position,
            type_text: type_text.to_owned(),
        };
        rows.iter().map(row).collect()
    }

    fn arranged(given: &[(&str, &str, i32, &str)], storage: Storage) -> Vec<(String, ColumnKind)> {
        arrange(rows(given), storage).into_iter().map(|column| (column.name, column.kind)).collect()
    }

    fn flags(flags: &[&str]) -> Storage {
        Storage::from_flags(&flags.iter().map(|&flag| flag.to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn keys_come_first_by_position_and_the_rest_as_the_schema_lists_it() {
        let given = [
            ("a", "regular", -1, "int"),
            ("b", "partition_key", 1, "int"),
            ("c", "clustering", 1, "int"),
            ("d", "static", -1, "int"),
            ("e", "clustering", 0, "int"),
            ("f", "partition_key", 0, "int"),
            ("g", "regular", -1, "int"),
        ];
        let expected = [
            ("f", ColumnKind::PartitionKey(0)),
            ("b", ColumnKind::PartitionKey(1)),
            ("e", ColumnKind::Clustering(0)),
            ("c", ColumnKind::Clustering(1)),
            ("a", ColumnKind::Regular),
            ("d", ColumnKind::Static),
            ("g", ColumnKind::Regular),
        ];
        let expected: Vec<_> = expected.iter().map(|&(name, kind)| (name.to_owned(), kind)).collect();
        assert_eq!(arranged(&given, Storage::Ordinary), expected);
    }

    #[test]
    fn a_compact_static_table_shows_its_static_columns_as_regular_ones_and_nothing_else() {
        let given = [
            ("column1", "clustering", 0, "text"),
            ("key", "partition_key", 0, "text"),
            ("v", "static", -1, "int"),
            ("value", "regular", -1, "blob"),
        ];
        let expected = vec![("key".to_owned(), ColumnKind::PartitionKey(0)), ("v".to_owned(), ColumnKind::Regular)];
        assert_eq!(arranged(&given, Storage::CompactStatic), expected);
    }

    #[test]
    fn a_dense_table_hides_a_nameless_value() {
        let given =
            [("c", "clustering", 0, "int"), ("k", "partition_key", 0, "int"), ("value", "regular", -1, "empty")];
        let expected = vec![("k".to_owned(), ColumnKind::PartitionKey(0)), ("c".to_owned(), ColumnKind::Clustering(0))];
        assert_eq!(arranged(&given, Storage::Dense), expected);
    }

    #[test]
    fn flags_tell_how_a_table_is_stored() {
        assert_eq!(flags(&["compound"]), Storage::Ordinary);
        assert_eq!(flags(&["compound", "counter"]), Storage::Ordinary);
        assert_eq!(flags(&["dense"]), Storage::Dense);
        assert_eq!(flags(&["compound", "dense"]), Storage::Dense);
        assert_eq!(flags(&["super"]), Storage::Ordinary);
        assert_eq!(flags(&["counter"]), Storage::CompactStatic);
        assert_eq!(flags(&[]), Storage::CompactStatic);
    }
}
