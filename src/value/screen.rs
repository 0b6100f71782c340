//! A cell as SELECT shows it (cqlsh's `formatting.py`).

mod cells;
pub(crate) mod colour;
mod painter;
mod text;

pub use cells::{Cell, Cells};

use super::ValueError;
use super::wire::Bytes;
use crate::cql::types::{CqlType, NativeType};

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

#[cfg(test)]
impl ScreenStyle {
    /// Without colours, for tests of something else than formats and time zones.
    pub(crate) const PLAIN: Self = Self {
        timestamp_format: String::new(),
        time_zone: jiff::tz::TimeZone::UTC,
        float_precision: 5,
        double_precision: 5,
        colour: false,
    };
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

/// What stands for a null inside a collection, and its colour, as cqlsh has it: where Python can write its `None`, it does.
fn null_element(ty: &CqlType) -> (&'static str, &'static str) {
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
        )
        | CqlType::Custom(_) => ("None", colour::GREEN),
        // cqlsh: the driver calls it varchar, which is not among the names that have a form of their own.
        CqlType::Native(N::Text) => ("None", colour::YELLOW),
        CqlType::Native(N::Inet | N::Timestamp) => ("'None'", colour::GREEN),
        // cqlsh fails on these, and shows the whole value as Python would print it.
        _ => ("null", colour::RED),
    }
}

#[cfg(test)]
mod tests;
