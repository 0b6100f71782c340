//! Cells of answers to this room's own questions, whose types are known.

use std::net::IpAddr;

use uuid::Uuid;

/// The bytes of a cell; none if it is null, or the row ends before it.
pub(super) fn cell<'c>(cells: &[Option<&'c [u8]>], column: usize) -> Option<&'c [u8]> {
    cells.get(column).copied().flatten()
}

/// A text.
pub(super) fn text(cells: &[Option<&[u8]>], column: usize) -> Option<String> {
    cell(cells, column).map(|bytes| String::from_utf8_lossy(bytes).into_owned())
}

/// An address of either kind.
pub(super) fn inet(cells: &[Option<&[u8]>], column: usize) -> Option<IpAddr> {
    let bytes = cell(cells, column)?;
    let four = <[u8; 4]>::try_from(bytes).map(IpAddr::from);
    four.or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from)).ok()
}

/// A UUID of any kind.
pub(super) fn uuid(cells: &[Option<&[u8]>], column: usize) -> Option<Uuid> {
    Uuid::from_slice(cell(cells, column)?).ok()
}
