//! Formatting: pages in, CSV records out. One formatter a thread; its buffers are used again.

use std::sync::Arc;

use super::fetch::Work;
use super::page_size::PageSize;
use super::pipeline::Event;
use crate::cluster::{Column, Page};
use crate::copy::dialect::Dialect;
use crate::copy::options::Options;
use crate::copy::record::{Quoting, Writer};
use crate::value::ValueError;
use crate::value::csv::{self, CsvStyle};

/// Turns pages into CSV.
#[derive(Debug)]
pub(super) struct Formatter {
    dialect: Dialect,
    style: CsvStyle,
    page_size: Arc<PageSize>,
    cell: Vec<u8>,
}

impl Formatter {
    /// A formatter that tells the page size what rows take.
    pub(super) fn new(options: &Options, page_size: Arc<PageSize>) -> Self {
        Self { dialect: options.dialect.clone(), style: options.style.clone(), page_size, cell: Vec::new() }
    }

    /// Formats if it is a page.
    pub(super) fn carry_out(&mut self, work: Work) -> Event {
        let (page, name) = match work {
            Work::Page(page, name) => (page, name),
            Work::Done => return Event::Done,
            Work::Remark(line) => return Event::Remark(line),
            Work::Failed(line) => return Event::Failed(line),
        };
        let mut csv = Vec::new();
        let mut row_ends = Vec::with_capacity(page.len());
        match self.page(&page, &mut csv, &mut row_ends) {
            Ok(()) => {
                self.page_size.learn(row_ends.len() as u64, csv.len() as u64);
                Event::Rows { csv, row_ends }
            }
            Err(error) => Event::Failed(format!("Error for {name}: {error} (permanently given up)")),
        }
    }

    fn page(&mut self, page: &Page, out: &mut Vec<u8>, row_ends: &mut Vec<usize>) -> Result<(), ValueError> {
        let columns = page.columns();
        let mut writer = Writer::new(&self.dialect);
        page.for_each_row(|cells| {
            for (column, cell) in columns.iter().zip(cells) {
                field(column, *cell, &self.style, &mut self.cell, &mut writer, out)?;
            }
            writer.end(out);
            row_ends.push(out.len());
            Ok(())
        })
    }
}

/// Writes one cell. A text that reads like the null marker stands in quotes, which tells the two apart.
fn field(
    column: &Column,
    cell: Option<&[u8]>,
    style: &CsvStyle,
    text: &mut Vec<u8>,
    writer: &mut Writer<'_>,
    out: &mut Vec<u8>,
) -> Result<(), ValueError> {
    let null = style.null.as_bytes();
    let Some(bytes) = cell else {
        writer.field(null, Quoting::Never, out);
        return Ok(());
    };
    text.clear();
    csv::write(&column.ty, bytes, style, text)
        .map_err(|error| ValueError(format!("column {}: {error}", column.name)))?;
    // A backslash in quotes is one of ours: Apache cqlsh, whose backslashes mean more, has no quotes for it alone.
    let always = text.as_slice() == null || memchr::memchr(b'\\', text).is_some();
    let quoting = if always { Quoting::Always } else { Quoting::Needed };
    writer.field(text, quoting, out);
    Ok(())
}
