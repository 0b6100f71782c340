//! Records of a CSV file: fields to bytes and bytes to fields. Pure; it knows nothing of files, types or null.
//!
//! The dialect is that of Python's csv module, which cqlsh writes and reads through. Beyond what that module tells, the
//! reader keeps whether a field stood in quotes, and refuses a quote that is never closed.

mod read;
mod write;

pub use read::{Open, Record, Stop, open_after, read, skip};
pub use write::{Quoting, Writer, stands_unquoted};

/// What some programs put before UTF-8. At the start of a file it belongs to no record.
pub(super) const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

#[cfg(test)]
mod python;
