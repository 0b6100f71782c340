//! The rows of a result, laid out a page at a time as the shell's settings want them.

use crate::cluster::Column;
use crate::cql::backslash::Format;
use crate::cql::command::Expand;
use crate::cql::types::{CqlType, NativeType};
use crate::print::records::{Field, Records};
use crate::print::{grid, records, table};
use crate::value::screen::{Cells, ScreenStyle};

/// Lays out rows. Its buffers are those of one page, whatever the size of the result.
#[derive(Debug)]
pub(super) struct Layout {
    names: Cells,
    style: ScreenStyle,
    look: Look,
    /// Whether a column holds numbers.
    numbers: Vec<bool>,
    with_header: bool,
    /// The rows of the page that is not laid out yet, and how many they are.
    rows: Rows,
    pending: usize,
    laid_out: u64,
    text: String,
    errors: Vec<String>,
}

/// Rows, as their form wants them.
#[derive(Debug)]
enum Rows {
    Table(Expand, Cells),
    Markdown(Cells),
    Box(Cells),
    Objects(String),
    Records(Records),
}

/// What rows look like.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look {
    /// The form.
    pub(super) format: Format,
    /// Whether pages are shown to somebody who reads them one by one.
    pub(super) on_prompt: bool,
    /// The columns that rows may take before [`Expand::Auto`] shows them vertically.
    pub(super) columns: usize,
}

impl Layout {
    /// A result with these columns, whose names look like this. An answer may have names without columns.
    pub(super) fn new(columns: &[Column], names: Cells, style: ScreenStyle, look: Look) -> Self {
        let rows = match look.format {
            Format::Rows(expand) => Rows::Table(expand, Cells::default()),
            Format::Markdown => Rows::Markdown(Cells::default()),
            Format::Box => Rows::Box(Cells::default()),
            Format::Json => Rows::Objects(String::new()),
            Format::Csv => Rows::Records(Records::new(columns.iter().map(|column| column.name.as_str()))),
        };
        Self {
            names,
            style,
            look,
            numbers: columns.iter().map(|column| is_number(&column.ty)).collect(),
            with_header: true,
            rows,
            pending: 0,
            laid_out: 0,
            text: String::new(),
            errors: Vec::new(),
        }
    }

    /// Adds a row. A cell whose bytes are no value of its type is shown as those bytes.
    pub(super) fn add(&mut self, columns: &[Column], row: &[Option<&[u8]>]) {
        let cells = columns.iter().zip(row);
        let fields = cells.clone().map(|(column, bytes)| Field { name: &column.name, ty: &column.ty, bytes: *bytes });
        let mut unreadable = Vec::new();
        match &mut self.rows {
            Rows::Objects(objects) => records::object(fields, objects, &mut unreadable),
            Rows::Records(records) => records.row(fields, &mut unreadable),
            Rows::Table(_, rows) | Rows::Markdown(rows) | Rows::Box(rows) => {
                for (column, bytes) in cells {
                    if let Err(error) = rows.push(&column.ty, *bytes, &self.style) {
                        let bytes = bytes.unwrap_or_default();
                        rows.push_raw(bytes);
                        let shown = rows.iter().last().map(|cell| cell.text.to_owned()).unwrap_or_default();
                        self.errors.push(format!("{shown} : {error}"));
                    }
                }
            }
        }
        self.errors.extend(unreadable.iter().map(ToString::to_string));
        self.pending += 1;
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

    /// The rows since the last page as a page. The header of a table stands above the first one, and above each
    /// on a prompt.
    pub(super) fn page(&mut self) -> &str {
        let grid = grid::Columns { names: &self.names, numbers: &self.numbers };
        let text = &mut self.text;
        text.clear();
        match &mut self.rows {
            Rows::Table(expand, rows) => {
                let is_too_wide = || table::width(&self.names, rows) > self.look.columns;
                if self.pending > 0 && (*expand == Expand::On || (*expand == Expand::Auto && is_too_wide())) {
                    table::expanded(&self.names, rows, self.laid_out + 1, text);
                    // Once is for all: what follows looks the same.
                    *expand = Expand::On;
                } else {
                    table::page(&self.names, rows, self.with_header, self.look.on_prompt, text);
                }
                self.with_header = self.look.on_prompt;
                rows.clear();
            }
            Rows::Markdown(rows) => {
                grid::markdown(grid, self.with_header, rows, text);
                self.with_header = false;
                rows.clear();
            }
            Rows::Box(rows) => {
                grid::boxed(grid, rows, text);
                rows.clear();
            }
            Rows::Objects(objects) => std::mem::swap(text, objects),
            Rows::Records(records) => records.take(text),
        }
        self.laid_out += self.pending as u64;
        self.pending = 0;
        &self.text
    }
}

fn is_number(ty: &CqlType) -> bool {
    use NativeType as N;
    let CqlType::Native(native) = ty else { return false };
    let whole = matches!(native, N::Tinyint | N::Smallint | N::Int | N::Bigint | N::Counter | N::Varint);
    whole || matches!(native, N::Float | N::Double | N::Decimal)
}
