//! The rows of a result, laid out a page at a time as the shell's settings want them.

use crate::cluster::Column;
use crate::print::table;
use crate::value::ValueError;
use crate::value::screen::{Cells, ScreenStyle};

/// Lays out rows. Its buffers are those of one page, whatever the size of the result.
#[derive(Debug)]
pub(super) struct Layout {
    names: Cells,
    style: ScreenStyle,
    expand: bool,
    tty: bool,
    with_header: bool,
    /// The rows of the page that is not laid out yet, and how many they are.
    cells: Cells,
    pending: usize,
    laid_out: u64,
    text: String,
    errors: Vec<String>,
}

impl Layout {
    /// A result of columns with these names; `expand` turns each row into a table of its own.
    pub(super) fn new(names: Cells, style: ScreenStyle, expand: bool, tty: bool) -> Self {
        Self {
            names,
            style,
            expand,
            tty,
            with_header: true,
            cells: Cells::default(),
            pending: 0,
            laid_out: 0,
            text: String::new(),
            errors: Vec::new(),
        }
    }

    /// Adds a row. A cell whose bytes are no value of its type is shown as those bytes.
    pub(super) fn add(&mut self, columns: &[Column], row: &[Option<&[u8]>]) {
        for (column, bytes) in columns.iter().zip(row) {
            if let Err(error) = self.cells.push(&column.ty, *bytes, &self.style) {
                let bytes = bytes.unwrap_or_default();
                self.cells.push_raw(bytes);
                let shown = self.cells.iter().last().map(|cell| cell.text.to_owned()).unwrap_or_default();
                self.errors.push(format!("{shown} : {error}"));
            }
        }
        self.pending += 1;
    }

    /// Notes that the rows after the last one cannot be read.
    pub(super) fn add_error(&mut self, error: &ValueError) {
        self.errors.push(error.to_string());
    }

    /// Rows since the last page.
    pub(super) fn pending(&self) -> usize {
        self.pending
    }

    /// Rows of all pages.
    pub(super) fn rows(&self) -> u64 {
        self.laid_out + self.pending as u64
    }

    /// What could not be read.
    pub(super) fn errors(&self) -> &[String] {
        &self.errors
    }

    /// The rows since the last page as a page. The header stands above the first one, and above each on a terminal.
    pub(super) fn page(&mut self) -> &str {
        self.text.clear();
        if self.expand && self.pending > 0 {
            table::expanded(&self.names, &self.cells, self.laid_out + 1, &mut self.text);
        } else {
            table::page(&self.names, &self.cells, self.with_header, self.tty, &mut self.text);
        }
        self.laid_out = self.rows();
        self.cells.clear();
        self.pending = 0;
        self.with_header = self.tty;
        &self.text
    }
}
