//! Which rows travel together. Pure: rows in, groups of them out.
//!
//! A batch costs the server a third of what its rows cost one by one, if they live on the same replicas. So the rows of a
//! chunk are put in the order of their tokens, which brings those of one partition together too, and cut where the replicas
//! change. Stretches of the ring with few rows share batches where they share a replica.

use std::mem;
use std::ops::Range;

use super::encode::Row;
use crate::cluster::{Place, Placement};

/// What a batch may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Limits {
    /// Rows a batch.
    pub(super) most_rows: usize,
    /// Bytes a batch as the server counts them, unless a single row has more.
    pub(super) most_bytes: usize,
    /// The same for a batch of one partition, of which the server does not warn.
    pub(super) most_bytes_of_partition: usize,
    /// Stretches with at most this many rows share batches.
    pub(super) few: usize,
}

/// A batch: which rows, and where they are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cut {
    pub(super) rows: Range<usize>,
    pub(super) place: Place,
}

/// Puts the rows in order: by stretches of the ring, and by their tokens in each; rows of one partition stay in the file's
/// order. Behind the stretches with many rows those with few come, by their first replicas.
pub(super) fn sort(rows: &mut [Row], placement: &Placement, few: usize) {
    let mut counts = vec![0; placement.stretches()];
    for row in rows.iter() {
        counts[placement.stretch(row.token)] += 1;
    }
    rows.sort_by_cached_key(|row| {
        let stretch = placement.stretch(row.token);
        let shares = (counts[stretch] <= few).then(|| placement.first_replica(stretch));
        (shares, stretch, row.token)
    });
}

/// Cuts sorted rows into batches.
pub(super) fn cut(rows: &[Row], placement: &Placement, limits: Limits) -> Vec<Cut> {
    let mut batches = Vec::new();
    let mut shared: Option<Cut> = None;
    for Cut { rows: these, place } in by_stretch(rows, placement) {
        let Place::Stretch(stretch) = place else { continue };
        let first = placement.first_replica(stretch);
        let shares = |shared: &Cut| match shared.place {
            Place::Stretch(other) => placement.first_replica(other) == first,
            Place::Node(node) => node == first,
        };
        match &mut shared {
            Some(shared) if these.len() <= limits.few && shares(shared) => {
                *shared = Cut { rows: shared.rows.start..these.end, place: Place::Node(first) };
            }
            _ => {
                shared.take().into_iter().for_each(|shared| fill(rows, shared, limits, &mut batches));
                let cut = Cut { rows: these, place };
                if cut.rows.len() <= limits.few {
                    shared = Some(cut);
                } else {
                    fill(rows, cut, limits, &mut batches);
                }
            }
        }
    }
    shared.into_iter().for_each(|shared| fill(rows, shared, limits, &mut batches));
    batches
}

/// Splits sorted rows where one stretch of the ring ends and another begins.
fn by_stretch(rows: &[Row], placement: &Placement) -> impl Iterator<Item = Cut> {
    let mut start = 0;
    std::iter::from_fn(move || {
        let stretch = placement.stretch(rows.get(start)?.token);
        let end = start + rows[start..].partition_point(|row| placement.stretch(row.token) == stretch);
        Some(Cut { rows: mem::replace(&mut start, end)..end, place: Place::Stretch(stretch) })
    })
}

/// Fills batches with consecutive rows.
fn fill(rows: &[Row], cut: Cut, limits: Limits, batches: &mut Vec<Cut>) {
    let Cut { rows: range, place } = cut;
    let mut start = range.start;
    let mut bytes = 0;
    for at in range.clone() {
        let row = &rows[at];
        // Sorted rows are of one partition when the first and the last have the same token.
        let one_partition = rows[start].token == row.token;
        let most_bytes = if one_partition { limits.most_bytes_of_partition } else { limits.most_bytes };
        if at > start && (at - start >= limits.most_rows || bytes + row.weight > most_bytes) {
            batches.push(Cut { rows: mem::replace(&mut start, at)..at, place });
            bytes = 0;
        }
        bytes += row.weight;
    }
    if start < range.end {
        batches.push(Cut { rows: start..range.end, place });
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

    /// The batches of rows with these tokens, by their tokens, and where they go.
    fn batches(tokens: &[i64], stretches: &[(i64, usize)], limits: Limits) -> Vec<(Vec<i64>, Place)> {
        let (mut rows, placement) = (rows(tokens), Placement::of(stretches));
        sort(&mut rows, &placement, limits.few);
        let tokens = |these: Range<usize>| rows[these].iter().map(|row| row.token).collect();
        cut(&rows, &placement, limits).into_iter().map(|cut| (tokens(cut.rows), cut.place)).collect()
    }

    /// The same where there is one stretch.
    fn whole(tokens: &[i64], limits: Limits) -> Vec<Vec<i64>> {
        batches(tokens, &[], limits).into_iter().map(|(tokens, _)| tokens).collect()
    }

    #[test]
    fn a_stretch_with_enough_rows_has_batches_of_its_own() {
        let found = batches(&[12, 4, 3, 2, 1, 11, 99], &[(10, 0), (20, 1)], LIMITS);
        let own = |tokens: &[i64], stretch| (tokens.to_vec(), Place::Stretch(stretch));
        // What lies behind the ring belongs to where it begins.
        assert_eq!(found, [own(&[1, 2, 3], 0), own(&[4, 99], 0), own(&[11, 12], 1)]);
    }

    #[test]
    fn stretches_with_few_rows_share_batches_where_they_share_a_node() {
        let stretches = [(10, 0), (20, 1), (30, 0), (40, 2)];
        let found = batches(&[1, 11, 22, 31], &stretches, LIMITS);
        let expected = [(vec![1, 22], Place::Node(0)), (vec![11], Place::Stretch(1)), (vec![31], Place::Stretch(3))];
        assert_eq!(found, expected);
        let found = batches(&[1, 2, 11, 22], &stretches, LIMITS);
        assert_eq!(found[0], (vec![1, 2], Place::Stretch(0)));
        assert_eq!(found.len(), 3);
    }

    #[test]
    fn a_batch_ends_before_it_holds_too_many_bytes() {
        let limits = Limits { most_bytes: 25, ..WIDE };
        assert_eq!(whole(&[1, 2, 3], limits), [vec![1, 2], vec![3]]);
        let tight = Limits { most_bytes: 1, ..limits };
        assert_eq!(whole(&[1, 2], tight), [[1], [2]]);
    }

    #[test]
    fn a_token_where_a_stretch_ends_belongs_to_it() {
        let found = batches(&[9, 10, 11], &[(10, 0), (20, 1)], WIDE);
        assert_eq!(found, [(vec![9, 10], Place::Stretch(0)), (vec![11], Place::Stretch(1))]);
    }

    #[test]
    fn rows_of_one_partition_may_fill_a_larger_batch() {
        let limits = Limits { most_bytes: 25, most_bytes_of_partition: 45, ..WIDE };
        assert_eq!(whole(&[1, 1, 1, 1, 1, 2], limits), [vec![1; 4], vec![1, 2]]);
        assert_eq!(whole(&[1, 1, 1, 2, 3], limits), [vec![1; 3], vec![2, 3]]);
    }

    proptest! {
        #[test]
        fn every_row_is_in_one_batch_and_no_batch_is_too_large(
            tokens in proptest::collection::vec(-50i64..50, 0..200),
            ring in proptest::collection::btree_set(-50i64..50, 0..10),
            most_rows in 1usize..20,
            most_bytes in 1usize..200,
            few in 0usize..20,
        ) {
            let stretches: Vec<(i64, usize)> = ring.into_iter().enumerate().map(|(at, end)| (end, at % 3)).collect();
            let placement = Placement::of(&stretches);
            let mut rows = rows(&tokens);
            sort(&mut rows, &placement, few);
            let limits = Limits { most_rows, most_bytes, most_bytes_of_partition: most_bytes, few };
            let mut next = 0;
            for Cut { rows: batch, place } in cut(&rows, &placement, limits) {
                prop_assert_eq!(batch.start, next);
                prop_assert!(!batch.is_empty() && batch.len() <= most_rows);
                prop_assert!(batch.len() == 1 || batch.len() * 10 <= most_bytes);
                for row in &rows[batch.clone()] {
                    let stretch = placement.stretch(row.token);
                    match place {
                        Place::Stretch(number) => prop_assert_eq!(stretch, number),
                        Place::Node(node) => prop_assert_eq!(placement.first_replica(stretch), node),
                    }
                }
                next = batch.end;
            }
            prop_assert_eq!(next, rows.len());
            // Rows of one partition stay in the file's order.
            for pair in rows.windows(2) {
                prop_assert!(pair[0].token != pair[1].token || pair[0].record.start < pair[1].record.start);
            }
        }
    }
}
