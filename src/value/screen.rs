//! A cell as SELECT shows it (cqlsh's `formatting.py`).

use super::ValueError;
use crate::cql::types::CqlType;

/// How values look on the screen.
#[derive(Debug, Clone)]
pub struct ScreenStyle {
    /// strftime format of timestamps (cqlsh: `%Y-%m-%d %H:%M:%S.%f%z`; `%f` is six digits).
    pub timestamp_format: String,
    /// The time zone timestamps are shown in.
    pub time_zone: jiff::tz::TimeZone,
    /// Significant digits of float, and of everything floating inside collections.
    pub float_precision: usize,
    /// Significant digits of a top-level double.
    pub double_precision: usize,
    /// Whether colour escapes are wanted.
    pub colour: bool,
}

/// A formatted cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// What is printed (with colour escapes when the style asks for them).
    pub text: String,
    /// Columns it takes on a terminal, escapes not counted.
    pub width: usize,
}

/// Formats a cell; `None` is null.
pub fn cell(_ty: &CqlType, _bytes: Option<&[u8]>, _style: &ScreenStyle) -> Result<Cell, ValueError> {
    todo!()
}
