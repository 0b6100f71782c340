//! What is asked in bulk, in the protocol's form. Encoded rows are copied once: to what is written to the connection.

use std::ops::Range;
use std::sync::Arc;

use scylla::statement::batch::BatchType;
use scylla_cql::frame::request::{RequestOpcode, SerializableRequest};
use scylla_cql::frame::types::write_consistency;

use super::{BatchKind, Consistency, QueryError, errors};

/// Version 4 of the protocol, as frames from the client to the server begin.
pub(super) const VERSION: u8 = 4;

/// Bytes of a frame before its body; the last four of them are the body's length.
pub(super) const HEADER: usize = 9;

/// What a statement of a batch is: text, or prepared.
const TEXT: u8 = 0;
const PREPARED: u8 = 1;

/// Of a request's flags the one that says that values follow, and none.
const VALUES: u8 = 1;
const NO_FLAGS: u8 = 0;

/// A prepared statement as it stands before the cells of each row of a batch: that it is prepared, its id, and how many
/// cells there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Statement(Vec<u8>);

impl Statement {
    /// The statement that the server knows by this id, with so many bind markers; none if the protocol has no room for
    /// that.
    pub(super) fn new(id: &[u8], markers: usize) -> Option<Self> {
        let length = u16::try_from(id.len()).ok()?.to_be_bytes();
        let markers = u16::try_from(markers).ok()?.to_be_bytes();
        Some(Self([&[PREPARED], &length[..], id, &markers].concat()))
    }
}

/// Rows of a prepared statement, ready to be sent: for each row all cells in order, each as in the protocol: a big-endian
/// `i32` length (-1 null, -2 unset) and that many bytes.
#[derive(Debug)]
pub struct EncodedRows {
    statement: Statement,
    /// The statement and the cells, once for each row.
    bytes: Vec<u8>,
    /// Where each row ends.
    ends: Vec<usize>,
}

impl EncodedRows {
    /// No rows, and room for so many, with cells of so many bytes together.
    pub(super) fn new(statement: Statement, rows: usize, bytes: usize) -> Self {
        let bytes = Vec::with_capacity(bytes + rows * statement.0.len());
        Self { statement, bytes, ends: Vec::with_capacity(rows) }
    }

    /// Adds a row, by all of its cells.
    pub fn push(&mut self, cells: &[u8]) {
        self.bytes.extend_from_slice(&self.statement.0);
        self.bytes.extend_from_slice(cells);
        self.ends.push(self.bytes.len());
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Some rows as they stand in a batch.
    fn slice(&self, rows: &Range<usize>) -> &[u8] {
        let end = |row: usize| row.checked_sub(1).and_then(|last| self.ends.get(last)).copied().unwrap_or(0);
        self.bytes.get(end(rows.start)..end(rows.end)).unwrap_or_default()
    }
}

/// Rows that are sent together. Cloning is cheap: the rows are shared.
#[derive(Debug, Clone)]
pub struct Batch {
    rows: Arc<EncodedRows>,
    these: Range<usize>,
}

impl Batch {
    /// As many rows as there may be in a batch.
    pub const MOST_ROWS: usize = u16::MAX as usize;

    /// These of the rows.
    pub fn new(rows: Arc<EncodedRows>, these: Range<usize>) -> Self {
        let these = these.start.min(rows.len())..these.end.min(rows.len());
        Self { rows, these }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.these.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.these.is_empty()
    }
}

/// What is asked. Cloning is cheap.
#[derive(Debug, Clone)]
pub(super) enum Request {
    /// To execute a prepared statement with the cells of the only row.
    Row(Batch, Consistency),
    /// To execute it for each row, as a batch. There are no more than [`Batch::MOST_ROWS`].
    Batch(Batch, BatchKind, Consistency),
    /// Anything else: what it is, and its body.
    Other(RequestOpcode, Arc<[u8]>),
}

impl Request {
    /// A request as the driver writes it.
    pub(super) fn of<R: SerializableRequest>(request: &R) -> Result<Self, QueryError> {
        let mut body = Vec::new();
        request.serialize(&mut body).map_err(|error| errors::refused(error.to_string()))?;
        Ok(Self::Other(R::OPCODE, body.into()))
    }

    /// To execute these statements as a batch. There are no more than [`Batch::MOST_ROWS`].
    pub(super) fn texts(statements: &[&str], kind: BatchKind, consistency: Consistency) -> Self {
        let mut body = vec![BatchType::from(kind) as u8];
        body.extend_from_slice(&(statements.len() as u16).to_be_bytes());
        for statement in statements {
            body.push(TEXT);
            body.extend_from_slice(&(statement.len() as u32).to_be_bytes());
            body.extend_from_slice(statement.as_bytes());
            body.extend_from_slice(&[0, 0]);
        }
        write_consistency(consistency.into(), &mut body);
        body.push(NO_FLAGS);
        Self::Other(RequestOpcode::Batch, body.into())
    }

    /// Appends the request's frame. `stream` is the number by which its answer is known.
    pub(super) fn write(&self, stream: i16, out: &mut Vec<u8>) {
        let start = out.len();
        let opcode = match self {
            Self::Row(..) => RequestOpcode::Execute,
            Self::Batch(..) => RequestOpcode::Batch,
            Self::Other(opcode, _) => *opcode,
        };
        let [high, low] = stream.to_be_bytes();
        out.extend_from_slice(&[VERSION, NO_FLAGS, high, low, opcode as u8, 0, 0, 0, 0]);
        self.write_body(out);
        let body = start + HEADER;
        let length = (out.len() - body) as u32;
        out[body - 4..body].copy_from_slice(&length.to_be_bytes());
    }

    fn write_body(&self, out: &mut Vec<u8>) {
        match self {
            Self::Row(Batch { rows, these }, consistency) => {
                let Statement(statement) = &rows.statement;
                let (head, cells) = rows.slice(these).split_at_checked(statement.len()).unwrap_or_default();
                let (id, markers) = head.split_at(head.len().saturating_sub(2));
                out.extend_from_slice(id.get(1..).unwrap_or_default());
                write_consistency((*consistency).into(), out);
                out.push(VALUES);
                out.extend_from_slice(markers);
                out.extend_from_slice(cells);
            }
            Self::Batch(Batch { rows, these }, kind, consistency) => {
                out.push(BatchType::from(*kind) as u8);
                out.extend_from_slice(&(these.len() as u16).to_be_bytes());
                out.extend_from_slice(rows.slice(these));
                write_consistency((*consistency).into(), out);
                out.push(NO_FLAGS);
            }
            Self::Other(_, body) => out.extend_from_slice(body),
        }
    }
}

#[cfg(test)]
mod tests {
    use scylla_cql::frame::SerializedRequest;
    use scylla_cql::frame::protocol_features::ProtocolFeatures;
    use scylla_cql::frame::request::batch::BatchStatement;
    use scylla_cql::frame::request::{self, RequestV2};
    use scylla_cql::frame::types::{Consistency as Level, RawValue};
    use scylla_cql::serialize::row::SerializedValues;

    use super::*;

    fn frame(request: &Request) -> Vec<u8> {
        let mut frame = b"what is before it".to_vec();
        request.write(0x0102, &mut frame);
        frame.split_off(17)
    }

    /// The request as the driver reads it.
    fn read(request: &Request, opcode: RequestOpcode) -> RequestV2<'static> {
        let frame = frame(request);
        let (header, mut body) = frame.split_at(HEADER);
        assert_eq!(header[..5], [4, 0, 1, 2, opcode as u8]);
        assert_eq!(header[5..], (body.len() as u32).to_be_bytes());
        let read = RequestV2::deserialize(&mut body, opcode, &ProtocolFeatures::default()).unwrap();
        assert!(body.is_empty(), "{body:?} is left");
        read
    }

    fn values(row: &SerializedValues) -> Vec<Option<&[u8]>> {
        let value = |value| match value {
            RawValue::Value(bytes) => Some(bytes),
            RawValue::Null | RawValue::Unset => None,
        };
        row.iter().map(value).collect()
    }

    /// Three rows of two cells.
    fn rows() -> Arc<EncodedRows> {
        let mut rows = EncodedRows::new(Statement::new(b"ID", 2).unwrap(), 1, 1);
        rows.push(b"\0\0\0\x01b\xff\xff\xff\xff");
        rows.push(b"\0\0\0\0\0\0\0\x02aa");
        rows.push(b"\xff\xff\xff\xff\0\0\0\x01c");
        assert_eq!(rows.len(), 3);
        Arc::new(rows)
    }

    #[test]
    fn a_batch_names_the_statement_before_each_row() {
        let batch = Batch::new(rows(), 0..2);
        let request = Request::Batch(batch, BatchKind::Counter, Consistency::LocalQuorum);
        let RequestV2::Batch(read) = read(&request, RequestOpcode::Batch) else { panic!("it is no batch") };
        assert_eq!((read.batch_type, read.consistency), (BatchType::Counter, Level::LocalQuorum));
        assert_eq!((read.serial_consistency, read.timestamp), (None, None));
        let named =
            |statement: &BatchStatement<'_>| matches!(statement, BatchStatement::Prepared { id } if **id == *b"ID");
        assert!(read.statements.len() == 2 && read.statements.iter().all(named), "{:?}", read.statements);
        let rows: Vec<_> = read.values.iter().map(values).collect();
        assert_eq!(rows, [[Some(&b"b"[..]), None], [Some(b""), Some(b"aa")]]);
    }

    #[test]
    fn a_row_alone_is_executed() {
        for (row, cells) in [(1, [Some(&b""[..]), Some(b"aa")]), (2, [None, Some(b"c")])] {
            let request = Request::Row(Batch::new(rows(), row..row + 1), Consistency::One);
            let RequestV2::Execute(read) = read(&request, RequestOpcode::Execute) else {
                panic!("it is something else")
            };
            assert_eq!((read.id.as_ref(), read.parameters.consistency), (&b"ID"[..], Level::One));
            assert_eq!(values(&read.parameters.values), cells);
            assert!(read.parameters.page_size.is_none() && read.parameters.timestamp.is_none());
        }
    }

    #[test]
    fn other_requests_are_what_the_driver_writes() {
        let cql = "INSERT INTO ks.t (k) VALUES (?)";
        let mut other = SerializedRequest::make(&request::Prepare { query: cql }, None, false).unwrap();
        other.set_stream(0x0102);
        let request = Request::of(&request::Prepare { query: cql }).unwrap();
        assert_eq!(frame(&request), other.get_data());
    }

    #[test]
    fn texts_make_a_batch_without_values() {
        let request = Request::texts(&["INSERT a", "INSERT é"], BatchKind::Unlogged, Consistency::Quorum);
        let RequestV2::Batch(read) = read(&request, RequestOpcode::Batch) else { panic!("it is no batch") };
        assert_eq!((read.batch_type, read.consistency), (BatchType::Unlogged, Level::Quorum));
        let text = |statement: &BatchStatement<'_>| match statement {
            BatchStatement::Query { text } => text.to_string(),
            other => panic!("{other:?} is no text"),
        };
        let texts: Vec<_> = read.statements.iter().map(text).collect();
        assert_eq!(texts, ["INSERT a", "INSERT é"]);
        assert!(read.values.iter().all(|values| values.is_empty()) && read.timestamp.is_none());
    }

    #[test]
    fn what_the_protocol_has_no_room_for_is_no_statement() {
        assert_eq!(Statement::new(&[0; 1 << 16], 1), None);
        assert_eq!(Statement::new(b"ID", 1 << 16), None);
    }

    #[test]
    fn rows_that_are_not_there_are_in_no_batch() {
        assert_eq!(Batch::new(rows(), 1..9).len(), 2);
        assert!(Batch::new(rows(), 9..10).is_empty());
    }
}
