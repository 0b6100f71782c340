//! A cell as COPY reads it: text to wire bytes.

use super::csv::CsvStyle;
use crate::cql::types::CqlType;

/// Why a text is no value of the type: cqlsh's words, e.g. `invalid literal for int() with base 10: 'x'`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ParseError(pub String);

/// Appends the wire form (without its length) of the value that `text` stands for. The caller has dealt with null.
pub fn parse(_ty: &CqlType, _text: &str, _style: &CsvStyle, _out: &mut Vec<u8>) -> Result<(), ParseError> {
    todo!()
}
