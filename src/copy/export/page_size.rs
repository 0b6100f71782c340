//! How many rows to ask for at a time.

use std::sync::atomic::{AtomicU64, Ordering};

/// What a page aims at, in bytes of CSV.
pub(super) const TARGET_BYTES: u64 = 512 * 1024;
/// Rows of the pages asked for before anything is known of the rows' size.
const FIRST: u64 = 20;
const FEWEST: u64 = 10;
const MOST: u64 = 5000;

/// The page size: PAGESIZE as given, or what fits the rows seen so far.
#[derive(Debug)]
pub(super) struct PageSize {
    given: Option<i32>,
    rows: AtomicU64,
    bytes: AtomicU64,
}

impl PageSize {
    /// Nothing is known yet but what was given.
    pub(super) fn new(given: Option<i32>) -> Self {
        Self { given, rows: AtomicU64::new(0), bytes: AtomicU64::new(0) }
    }

    /// Tells of rows that were formatted.
    pub(super) fn learn(&self, rows: u64, bytes: u64) {
        self.rows.fetch_add(rows, Ordering::Relaxed);
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Rows to ask for, after this many failures of the same page: half as many each time.
    pub(super) fn rows(&self, failures: u32) -> i32 {
        let whole = self.given.unwrap_or_else(|| {
            let (rows, bytes) = (self.rows.load(Ordering::Relaxed), self.bytes.load(Ordering::Relaxed));
            let fitting = if rows == 0 { FIRST } else { TARGET_BYTES * rows / bytes.max(1) };
            fitting.clamp(FEWEST, MOST) as i32
        });
        whole.checked_shr(failures).unwrap_or(0).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_holds_as_many_rows_as_fit() {
        let page_size = PageSize::new(None);
        assert_eq!(page_size.rows(0), 20);
        page_size.learn(100, 100 * 1024);
        assert_eq!(page_size.rows(0), 512);
        page_size.learn(1, 1024 * 1024 * 1024);
        assert_eq!(page_size.rows(0), 10);
    }

    #[test]
    fn small_rows_do_not_make_endless_pages() {
        let page_size = PageSize::new(None);
        page_size.learn(1000, 1000);
        assert_eq!(page_size.rows(0), 5000);
    }

    #[test]
    fn a_page_size_that_was_given_is_kept() {
        let page_size = PageSize::new(Some(7));
        page_size.learn(1000, 1000);
        assert_eq!(page_size.rows(0), 7);
    }

    #[test]
    fn a_page_that_failed_is_asked_for_in_smaller_ones() {
        let page_size = PageSize::new(Some(1000));
        assert_eq!((page_size.rows(1), page_size.rows(9), page_size.rows(40)), (500, 1, 1));
    }
}
