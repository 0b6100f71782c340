//! cqlsh's own table, and its vertical form (EXPAND).

use crate::value::screen::Cell;

/// Appends one page as a table: header and rule if asked, rows, and a blank line after them on a terminal.
pub fn page(_names: &[Cell], _rows: &[Vec<Cell>], _with_header: bool, _tty: bool, _out: &mut String) {
    todo!()
}

/// Appends one page vertically (EXPAND ON); rows are numbered from `first_row`.
pub fn expanded(_names: &[Cell], _rows: &[Vec<Cell>], _first_row: u64, _out: &mut String) {
    todo!()
}
