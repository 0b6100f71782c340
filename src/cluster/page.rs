//! One page of a result: columns, rows as raw cells, warnings, and where the next page starts.

use crate::cql::types::CqlType;

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
pub struct PagingState {}

/// One page. A statement without a result has no columns.
#[derive(Debug)]
pub struct Page {}

impl Page {
    /// The columns; empty when the server answered without rows metadata (DDL, plain DML).
    pub fn columns(&self) -> &[Column] {
        todo!()
    }

    /// Number of rows in this page.
    pub fn len(&self) -> usize {
        todo!()
    }

    /// Whether there are no rows in this page.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Hands each row's cells (`None` = null) to `visit`, in order. The slice is valid during the call only.
    /// Fails when the frame's bytes are not rows of these columns.
    pub fn for_each_row<E: From<crate::value::ValueError>>(
        &self,
        mut _visit: impl FnMut(&[Option<&[u8]>]) -> Result<(), E>,
    ) -> Result<(), E> {
        todo!()
    }

    /// The server's warnings.
    pub fn warnings(&self) -> &[String] {
        todo!()
    }

    /// The next page's start, if there is one.
    pub fn next(&self) -> Option<&PagingState> {
        todo!()
    }

    /// The trace's id, if the request was traced.
    pub fn tracing_id(&self) -> Option<uuid::Uuid> {
        todo!()
    }
}
