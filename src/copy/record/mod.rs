//! Records of a CSV file: fields to bytes and bytes to fields. Pure; it knows nothing of files, types or null.
//!
//! The dialect is that of Python's csv module, which cqlsh writes and reads through. Beyond what that module tells, the
//! reader keeps whether a field stood in quotes, and refuses a quote that is never closed.

mod read;
mod write;

pub(super) use read::{Record, Stop, read, skip};
pub(super) use write::{Quoting, Writer, stands_unquoted};

#[cfg(test)]
mod python;
