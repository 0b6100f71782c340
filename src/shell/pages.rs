//! How many rows a page of a result is asked to have, so that nobody can tell it from cqlsh's small pages.
//!
//! What cqlsh shows depends on its pages: widths are those of one page, warnings those of the last. A larger page is
//! therefore only taken when it is as many of cqlsh's pages put together; if it cannot be, the same place is read again
//! in cqlsh's own steps.

use std::time::{Duration, Instant};

use crate::cluster::{Page, PagingState, QueryError, Request, Session};
use crate::cql::limit::row_limit;

/// The bytes a page aims at: enough to make its cost one of rows, not of pages.
const TARGET_BYTES: usize = 512 * 1024;
/// A page that takes longer than this is not followed by a larger one: a server that looks long for few rows would
/// exceed its time limit.
const QUICK: Duration = Duration::from_millis(50);
/// Rows at most.
const MOST: usize = 5000;
/// How much larger than the one before a page may be.
const GROWTH: usize = 4;

/// The pages of one request.
#[derive(Debug, Clone)]
pub(super) struct Pages {
    session: Session,
    request: Request,
    /// Rows of a page as cqlsh has it; `None` for all.
    step: Option<usize>,
    /// Rows of the next page, a multiple of `step`.
    rows: usize,
    /// Rows at most.
    most: usize,
}

/// A page, and how its rows are laid out.
#[derive(Debug)]
pub(super) struct Fetched {
    pub(super) page: Page,
    /// Rows that cqlsh would have had in a page.
    pub(super) step: usize,
}

impl Pages {
    /// The pages after the first one, which was asked for with this request; all are as large as that if they
    /// `may_grow` not.
    pub(super) fn new(session: Session, request: Request, first: &Page, may_grow: bool) -> Self {
        let step = request.page_size.and_then(|rows| usize::try_from(rows).ok()).filter(|rows| *rows > 0);
        let rows = step.unwrap_or_default();
        let most = if may_grow && first.len() == rows && !is_of_the_system(first) {
            // A page that the limit fits in would begin at the first row again: Cassandra does not page then.
            row_limit(&request.cql).map_or(MOST, |limit| limit.saturating_sub(1).min(MOST))
        } else {
            0
        };
        Self { session, request, step, rows, most }
    }

    /// The page that begins here, and what the one after it is asked with.
    pub(super) async fn next(mut self, start: PagingState) -> (Result<Fetched, QueryError>, Self) {
        self.request.paging_state = Some(start);
        let asked = Instant::now();
        let step = self.step.unwrap_or(usize::MAX);
        if self.rows > step {
            match self.ask(self.rows).await {
                Ok(page) if is_whole(&page, self.rows) => {
                    self.resize(&page, asked.elapsed());
                    return (Ok(Fetched { page, step }), self);
                }
                // Asking again would tell of the lost connection in other words.
                Err(error) if error.is_disconnected() => return (Err(error), self),
                _ => (self.rows, self.most) = (step, 0),
            }
        }
        let answer = self.ask(self.rows).await;
        if let Ok(page) = &answer {
            self.resize(page, asked.elapsed());
        }
        (answer.map(|page| Fetched { page, step: usize::MAX }), self)
    }

    async fn ask(&self, rows: usize) -> Result<Page, QueryError> {
        let page_size = self.step.map(|_| i32::try_from(rows).unwrap_or(i32::MAX));
        self.session.query(Request { page_size, ..self.request.clone() }).await
    }

    /// Sets the size of the page after this one.
    fn resize(&mut self, page: &Page, took: Duration) {
        if let Some(step) = self.step {
            let fitting = TARGET_BYTES.saturating_mul(page.len()) / page.bytes().max(1);
            self.rows = next_size(step, self.rows, fitting.min(self.most), took);
        }
    }
}

/// Whether the rows are of the system's own keyspaces: virtual tables cut their pages as they like.
fn is_of_the_system(page: &Page) -> bool {
    page.columns().first().is_none_or(|column| column.keyspace.starts_with("system"))
}

/// Whether a page of this size is surely the same rows as cqlsh's pages, without anything between them to tell.
fn is_whole(page: &Page, rows: usize) -> bool {
    let full = page.len() == rows || (page.len() < rows && page.next().is_none());
    full && page.warnings().is_empty()
}

/// The rows to ask for after a page of `rows` that took this long, when no more than so many fit.
fn next_size(step: usize, rows: usize, fitting: usize, took: Duration) -> usize {
    let quick = if took <= QUICK { rows.saturating_mul(GROWTH) } else { rows / GROWTH };
    let wanted = quick.min(fitting);
    (wanted / step).max(1) * step
}

#[cfg(test)]
mod tests {
    use super::*;

    const SLOW: Duration = Duration::from_secs(1);

    #[test]
    fn pages_grow_while_the_server_is_quick_and_rows_are_small() {
        assert_eq!(next_size(100, 100, 10_000, QUICK), 400);
        assert_eq!(next_size(100, 1600, 5000, QUICK), 5000);
        assert_eq!(next_size(100, 1600, 777, QUICK), 700);
        assert_eq!(next_size(7, 7, 10_000, QUICK), 28);
    }

    #[test]
    fn pages_shrink_when_they_take_long_but_not_below_cqlshs() {
        assert_eq!(next_size(100, 5000, 10_000, SLOW), 1200);
        assert_eq!(next_size(100, 100, 10_000, SLOW), 100);
        assert_eq!(next_size(100, 100, 3, QUICK), 100);
        assert_eq!(next_size(9000, 9000, 10_000, QUICK), 9000);
    }
}
