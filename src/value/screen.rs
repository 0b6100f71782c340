//! A cell as SELECT shows it (cqlsh's `formatting.py`).

pub(crate) mod colour;
mod painter;
mod text;

use super::wire::Bytes;
use super::{ValueError, hex};
use crate::cql::types::{CqlType, NativeType};
use painter::Painter;

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

/// What a column is in its table; decides the colour of its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Part of the partition key.
    PartitionKey,
    /// A clustering column.
    Clustering,
    /// A static column.
    Static,
    /// Any other column, or a name that is no column of a table.
    Other,
}

/// Formats a cell; `None` is null.
pub fn cell(ty: &CqlType, bytes: Option<&[u8]>, style: &ScreenStyle) -> Result<Cell, ValueError> {
    let precision = match ty {
        CqlType::Native(NativeType::Double) => style.double_precision,
        _ => style.float_precision,
    };
    let mut painter = Painter::new(style, precision);
    painter.cell(ty, bytes)?;
    Ok(painter.finish())
}

/// Bytes that are no value of their type, as they are: `0x` and hexadecimal digits, never coloured.
pub fn raw(bytes: &[u8]) -> Cell {
    let mut text = "0x".to_owned();
    hex::write(bytes, &mut text);
    Cell { width: text.len(), text }
}

/// Formats the name of a column.
pub fn header(name: &str, role: Role, style: &ScreenStyle) -> Cell {
    let colour = match role {
        Role::PartitionKey => colour::RED,
        Role::Clustering => colour::CYAN,
        Role::Static => colour::WHITE,
        Role::Other => colour::MAGENTA,
    };
    let mut painter = Painter::new(style, style.float_precision);
    painter.text(name, colour, false);
    painter.finish()
}

/// What stands for a null inside a collection, as cqlsh has it: where Python can write its `None`, it does.
fn null_element(ty: &CqlType) -> &'static str {
    use NativeType as N;
    match ty {
        CqlType::Native(
            N::Tinyint
            | N::Smallint
            | N::Int
            | N::Bigint
            | N::Counter
            | N::Varint
            | N::Decimal
            | N::Boolean
            | N::Uuid
            | N::Timeuuid
            | N::Date
            | N::Time,
        ) => "None",
        CqlType::Native(N::Inet | N::Timestamp) => "'None'",
        // cqlsh fails on these, and shows the whole value as Python would print it.
        _ => "null",
    }
}

#[cfg(test)]
mod tests;
