//! One cell: wire bytes to text and back. Pure, and never panics, whatever the bytes.
//!
//! Everything works straight on the bytes of the protocol (v4), guided by the [`CqlType`](crate::cql::types::CqlType):
//! no value is built that owns memory, so that COPY pays no allocation per cell.

pub mod csv;
pub mod parse;
pub mod screen;

/// Why bytes are not a value of their type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ValueError(pub String);
