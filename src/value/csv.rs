//! A cell as COPY writes it: the text between the delimiters, before CSV quoting.

use super::ValueError;
use crate::cql::types::CqlType;

/// How values look in a CSV file, both ways.
#[derive(Debug, Clone)]
pub struct CsvStyle {
    /// strftime format of timestamps, always in UTC (default `%Y-%m-%d %H:%M:%S.%f%z` with `%f` cut to 3 digits).
    pub timestamp_format: String,
    /// Significant digits of float; `None` writes the shortest text that reads back to the same bits.
    pub float_precision: Option<usize>,
    /// Significant digits of double; `None` as above.
    pub double_precision: Option<usize>,
    /// The decimal separator, normally `.`.
    pub decimal_separator: String,
    /// The thousands separator, normally empty.
    pub thousands_separator: String,
    /// The words for true and false.
    pub booleans: (String, String),
    /// The text that stands for null (cqlsh compares it with elements inside collections too).
    pub null: String,
}

/// Appends the text of a non-null cell to `out`, without CSV quoting.
pub fn write(_ty: &CqlType, _bytes: &[u8], _style: &CsvStyle, _out: &mut Vec<u8>) -> Result<(), ValueError> {
    todo!()
}
