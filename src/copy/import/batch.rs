//! Which rows travel together. Pure: rows in, groups of them out.
//!
//! A batch costs the server a third of what its rows cost one by one, if they live on the same replicas. So the rows of a
//! chunk are put in the order of their tokens, which brings those of one partition together too, and cut at the ring's
//! tokens where enough of them lie in one range.

use std::mem;
use std::ops::Range;

use super::encode::Row;

/// What a batch may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Limits {
    /// Rows a batch.
    pub(super) most_rows: usize,
    /// Bytes a batch as the server counts them, unless a single row has more.
    pub(super) most_bytes: usize,
    /// The same for a batch of one partition, of which the server does not warn.
    pub(super) most_bytes_of_partition: usize,
    /// Ranges with at most this many rows share batches with their neighbours.
    pub(super) few: usize,
}

/// Puts the rows in the order of their tokens, rows of one partition in the file's order.
pub(super) fn sort(rows: &mut [Row]) {
    rows.sort_by_cached_key(|row| row.token);
}

/// Cuts sorted rows into batches.
pub(super) fn cut(rows: &[Row], ring: &[i64], limits: Limits) -> Vec<Range<usize>> {
    let mut batches = Vec::new();
    let mut shared = 0..0;
    for range in by_ring(rows, ring) {
        if range.len() > limits.few {
            fill(rows, mem::replace(&mut shared, range.end..range.end), limits, &mut batches);
            fill(rows, range, limits, &mut batches);
        } else {
            shared.end = range.end;
        }
    }
    fill(rows, shared, limits, &mut batches);
    batches
}

/// Splits sorted rows where a token of the ring lies between them.
fn by_ring<'r>(rows: &'r [Row], ring: &'r [i64]) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0;
    std::iter::from_fn(move || {
        let first = rows.get(start)?;
        let next = ring.partition_point(|token| *token < first.token);
        let end = match ring.get(next) {
            Some(token) => start + rows[start..].partition_point(|row| row.token <= *token),
            None => rows.len(),
        };
        Some(mem::replace(&mut start, end)..end)
    })
}

/// Fills batches with consecutive rows.
fn fill(rows: &[Row], range: Range<usize>, limits: Limits, batches: &mut Vec<Range<usize>>) {
    let mut start = range.start;
    let mut bytes = 0;
    for at in range.clone() {
        let row = &rows[at];
        // Sorted rows are of one partition when the first and the last have the same token.
        let one_partition = rows[start].token == row.token;
        let most_bytes = if one_partition { limits.most_bytes_of_partition } else { limits.most_bytes };
        if at > start && (at - start >= limits.most_rows || bytes + row.weight > most_bytes) {
            batches.push(mem::replace(&mut start, at)..at);
            bytes = 0;
        }
        bytes += row.weight;
    }
    if start < range.end {
        batches.push(start..range.end);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rows(tokens: &[i64]) -> Vec<Row> {
        let row = |(at, token): (usize, &i64)| Row {
            cells: at * 3..at * 3 + 3,
            record: at..at + 1,
            token: *token,
            weight: 10,
        };
        tokens.iter().enumerate().map(row).collect()
    }

    const LIMITS: Limits = Limits { most_rows: 3, most_bytes: 1000, most_bytes_of_partition: 1000, few: 1 };
    const WIDE: Limits = Limits { most_rows: 100, few: 0, ..LIMITS };

    #[test]
    fn a_range_with_enough_rows_has_batches_of_its_own() {
        let rows = rows(&[1, 2, 3, 4, 11, 12]);
        assert_eq!(cut(&rows, &[10, 20], LIMITS), [0..3, 3..4, 4..6]);
    }

    #[test]
    fn ranges_with_few_rows_share_batches() {
        let rows = rows(&[1, 11, 21, 22, 31]);
        assert_eq!(cut(&rows, &[10, 20, 30], LIMITS), [0..2, 2..4, 4..5]);
    }

    #[test]
    fn a_batch_ends_before_it_holds_too_many_bytes() {
        let limits = Limits { most_bytes: 25, ..WIDE };
        assert_eq!(cut(&rows(&[1, 2, 3]), &[], limits), [0..2, 2..3]);
        let tight = Limits { most_bytes: 1, ..limits };
        assert_eq!(cut(&rows(&[1, 2]), &[], tight), [0..1, 1..2]);
    }

    #[test]
    fn a_token_of_the_ring_ends_its_range() {
        assert_eq!(cut(&rows(&[9, 10, 11]), &[10], WIDE), [0..2, 2..3]);
    }

    #[test]
    fn rows_of_one_partition_may_fill_a_larger_batch() {
        let limits = Limits { most_bytes: 25, most_bytes_of_partition: 45, ..WIDE };
        assert_eq!(cut(&rows(&[1, 1, 1, 1, 1, 2]), &[], limits), [0..4, 4..6]);
        assert_eq!(cut(&rows(&[1, 1, 1, 2, 3]), &[], limits), [0..3, 3..5]);
    }

    proptest! {
        #[test]
        fn every_row_is_in_one_batch_and_no_batch_is_too_large(
            tokens in proptest::collection::vec(-50i64..50, 0..200),
            mut ring in proptest::collection::vec(-50i64..50, 0..10),
            most_rows in 1usize..20,
            most_bytes in 1usize..200,
            few in 0usize..20,
        ) {
            ring.sort_unstable();
            let mut rows = rows(&tokens);
            sort(&mut rows);
            let limits = Limits { most_rows, most_bytes, most_bytes_of_partition: most_bytes, few };
            let batches = cut(&rows, &ring, limits);
            let mut next = 0;
            for batch in &batches {
                prop_assert_eq!(batch.start, next);
                prop_assert!(!batch.is_empty() && batch.len() <= most_rows);
                prop_assert!(batch.len() == 1 || batch.len() * 10 <= most_bytes);
                next = batch.end;
            }
            prop_assert_eq!(next, rows.len());
        }
    }
}
