//! The threads and queues of an export, all but the writer.

use std::io;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread;

use super::fetch::{Fetcher, Work};
use super::format::Formatter;
use super::page_size::PageSize;
use super::scan::Portion;
use crate::cluster::PreparedRead;
use crate::copy::Context;
use crate::copy::faults::Faults;
use crate::copy::options::Options;

/// Portions in flight, whatever NUMPROCESSES and MAXREQUESTS say.
pub(super) const MOST_SLOTS: usize = 64;
/// Pages that wait for one formatter.
pub(super) const WAITING_PAGES: usize = 2;
/// Formatted pages that wait for the writer.
pub(super) const WAITING_BUFFERS: usize = 4;

/// What the writer hears of.
#[derive(Debug)]
pub(super) enum Event {
    /// Formatted rows of one page.
    Rows {
        /// The records.
        csv: Vec<u8>,
        /// Where each of them ends in `csv`.
        row_ends: Vec<usize>,
    },
    /// All pages of a portion were formatted.
    Done,
    /// A failure that will be tried again.
    Remark(String),
    /// A failure that ends the export.
    Failed(String),
}

/// Starts fetching and formatting. The events end when all portions were handed on; dropping the receiver ends the work.
pub(super) fn start(
    portions: Vec<Portion>,
    prepared: PreparedRead,
    options: &Options,
    faults: Faults,
    context: &Context<'_>,
) -> io::Result<Receiver<Event>> {
    let page_size = Arc::new(PageSize::new(options.export.page_size));
    let slots = options.processes.saturating_mul(options.export.max_requests).min(MOST_SLOTS).min(portions.len());
    let (events, received) = sync_channel(WAITING_BUFFERS);
    let mut formatters = Vec::new();
    for number in 0..options.processes.min(slots) {
        let (work, pages) = tokio::sync::mpsc::channel(WAITING_PAGES);
        start_formatter(number, Formatter::new(options, Arc::clone(&page_size)), pages, events.clone())?;
        formatters.push(work);
    }
    let fetcher = Arc::new(Fetcher {
        session: context.session.clone(),
        prepared,
        consistency: context.consistency,
        timeout: options.export.page_timeout,
        max_attempts: options.max_attempts,
        page_size,
        faults,
        portions: Mutex::new(portions.into_iter().enumerate()),
        formatters,
    });
    for _ in 0..slots {
        context.runtime.handle().spawn(Arc::clone(&fetcher).run());
    }
    Ok(received)
}

/// A plain thread that formats the pages of its portions in order.
fn start_formatter(
    number: usize,
    mut formatter: Formatter,
    mut pages: tokio::sync::mpsc::Receiver<Work>,
    events: SyncSender<Event>,
) -> io::Result<()> {
    let name = format!("copy-format-{number}");
    thread::Builder::new().name(name).spawn(move || {
        while let Some(work) = pages.blocking_recv() {
            // The writer is gone when the export has failed or was interrupted.
            if events.send(formatter.carry_out(work)).is_err() {
                break;
            }
        }
    })?;
    Ok(())
}
