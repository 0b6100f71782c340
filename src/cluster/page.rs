//! One page of a result: columns, rows as raw cells, warnings, and where the next page starts.
//!
//! The frame stays as it came; cells are slices of it. What the bytes mean is the business of the `value` room.

use std::ops::ControlFlow;

use scylla::deserialize::row::ColumnIterator;
use scylla::response::PagingStateResponse;
use scylla::response::query_result::{QueryResult, QueryRowsResult};

use super::{column, custom};
use crate::cql::types::CqlType;
use crate::value::ValueError;

/// A column of a result.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its keyspace (empty where the server names none).
    pub keyspace: String,
    /// Its table.
    pub table: String,
    /// Its name, unquoted.
    pub name: String,
    /// Its type.
    pub ty: CqlType,
}

/// Where the next page starts. Opaque bytes of the server.
#[derive(Debug, Clone)]
pub struct PagingState {
    pub(super) state: scylla::response::PagingState,
    /// Whether it follows a page that the driver could not read.
    pub(super) custom: bool,
}

/// One page. A statement without a result has no columns.
#[derive(Debug)]
pub struct Page {
    columns: Vec<Column>,
    rows: Rows,
    warnings: Vec<String>,
    next: Option<PagingState>,
    tracing_id: Option<uuid::Uuid>,
}

/// Rows as the frame has them.
#[derive(Debug)]
enum Rows {
    /// There are none, nor columns.
    None,
    /// Read by the driver.
    Driver(QueryRowsResult),
    /// Read by ourselves.
    Custom(custom::Rows),
}

impl Page {
    pub(super) fn new(result: QueryResult, next: PagingStateResponse) -> Self {
        let warnings = result.warnings().map(str::to_owned).collect();
        let tracing_id = result.tracing_id();
        let next = match next.into_paging_control_flow() {
            ControlFlow::Continue(state) => Some(PagingState { state, custom: false }),
            ControlFlow::Break(()) => None,
        };
        // The only refusal is that there are no rows.
        let rows = result.into_rows_result().ok();
        let columns =
            rows.as_ref().map(|rows| rows.column_specs().iter().map(column::from_spec).collect()).unwrap_or_default();
        let rows = rows.map_or(Rows::None, Rows::Driver);
        Self { columns, rows, warnings, next, tracing_id }
    }

    pub(super) fn of_rows(mut rows: custom::Rows, warnings: Vec<String>, tracing_id: Option<uuid::Uuid>) -> Self {
        let columns = rows.columns.clone();
        let next = rows
            .next
            .take()
            .map(|state| PagingState { state: scylla::response::PagingState::new_from_raw_bytes(state), custom: true });
        Self { columns, rows: Rows::Custom(rows), warnings, next, tracing_id }
    }

    /// The columns; empty when the server answered without rows metadata (DDL, plain DML).
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Number of rows in this page.
    pub fn len(&self) -> usize {
        match &self.rows {
            Rows::None => 0,
            Rows::Driver(rows) => rows.rows_num(),
            Rows::Custom(rows) => rows.count,
        }
    }

    /// Whether there are no rows in this page.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes of the rows in this page.
    pub fn bytes(&self) -> usize {
        match &self.rows {
            Rows::None => 0,
            Rows::Driver(rows) => rows.rows_bytes_size(),
            Rows::Custom(rows) => rows.cells.len(),
        }
    }

    /// Hands each row's cells (`None` = null) to `visit`, in order. The slice is valid during the call only.
    /// Fails when the frame's bytes are not rows of these columns.
    pub fn for_each_row<E: From<ValueError>>(
        &self,
        mut visit: impl FnMut(&[Option<&[u8]>]) -> Result<(), E>,
    ) -> Result<(), E> {
        // Rows without columns take no room: there could be any number of them.
        if self.columns.is_empty() && !self.is_empty() {
            return Err(ValueError("it has rows without columns".to_owned()).into());
        }
        let rows = match &self.rows {
            Rows::None => return Ok(()),
            Rows::Driver(rows) => rows,
            Rows::Custom(rows) => return rows.for_each(visit),
        };
        let mut cells = Vec::with_capacity(self.columns.len());
        for row in rows.rows::<ColumnIterator<'_, '_>>().map_err(cut_short)? {
            cells.clear();
            for cell in row.map_err(cut_short)? {
                cells.push(cell.map_err(cut_short)?.slice.map(|slice| slice.as_slice()));
            }
            visit(&cells)?;
        }
        Ok(())
    }

    /// The server's warnings.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// The next page's start, if there is one.
    pub fn next(&self) -> Option<&PagingState> {
        self.next.as_ref()
    }

    /// The trace's id, if the request was traced.
    pub fn tracing_id(&self) -> Option<uuid::Uuid> {
        self.tracing_id
    }
}

/// The driver checks nothing of a row but that it is there.
fn cut_short<E>(_: E) -> ValueError {
    ValueError("its rows are cut short".to_owned())
}
