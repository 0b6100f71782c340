//! Which token ranges an export asks for. Pure arithmetic on tokens.

use std::fmt;

use crate::cluster::{Place, Placement};

/// Fewer ranges than this keep too few requests in flight and make a failed one expensive.
const FEWEST: usize = 16;
/// More ranges than this cost a small table in a large ring hundreds of empty answers. It is exceeded where fewer would not
/// have a replica each.
const MOST: usize = 512;

/// The partitions whose token is greater than `after` and at most `up_to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TokenRange {
    /// Excluded. The smallest token is that of no partition, so that it leaves nothing out.
    pub(super) after: i64,
    /// Included.
    pub(super) up_to: i64,
}

/// As cqlsh names a range in its errors: an open end is `None`.
impl fmt::Display for TokenRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = |token: i64, open: i64| if token == open { "None".to_owned() } else { token.to_string() };
        write!(f, "({}, {})", end(self.after, i64::MIN), end(self.up_to, i64::MAX))
    }
}

/// What BEGINTOKEN and ENDTOKEN leave of the ring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Limits {
    /// BEGINTOKEN, excluded.
    pub(super) begin: Option<i128>,
    /// ENDTOKEN, included.
    pub(super) end: Option<i128>,
}

impl Limits {
    /// Refuses limits in cqlsh's words; `smallest` is the partitioner's smallest token.
    // cqlsh: a BEGINTOKEN of 0 counts as not given there, which exports more than was asked for; here it counts.
    pub(super) fn check(&self, smallest: i128) -> Result<(), String> {
        match (self.begin, self.end) {
            (Some(begin), _) if begin < smallest => {
                Err(format!("Begin token {begin} must be bigger or equal to min token {smallest}"))
            }
            (Some(begin), Some(end)) if begin > end => {
                Err(format!("Begin token {begin} must be smaller than end token {end}"))
            }
            _ => Ok(()),
        }
    }

    /// The Murmur3 tokens between the limits; `None` when there are none.
    pub(super) fn murmur3(&self) -> Option<TokenRange> {
        let token = |limit: Option<i128>, open: i64| {
            limit.map_or(open, |token| token.clamp(i64::MIN.into(), i64::MAX.into()) as i64)
        };
        let range = TokenRange { after: token(self.begin, i64::MIN), up_to: token(self.end, i64::MAX) };
        // The server takes the smallest token as an upper bound for no bound at all.
        (range.up_to > i64::MIN).then_some(range)
    }
}

/// Splits `whole` where the replicas change, and finer or coarser where that gives too few or too many ranges. Each comes
/// with the place where all of its rows are.
pub(super) fn split(placement: &Placement, whole: TokenRange) -> Vec<(TokenRange, Place)> {
    let mut ends: Vec<i64> =
        placement.ends().iter().copied().filter(|token| *token > whole.after && *token < whole.up_to).collect();
    ends.dedup();
    ends.push(whole.up_to);
    let together = ends.len().div_ceil(MOST);
    let pieces = FEWEST.div_ceil(ends.len());
    let first_replica = |end: &i64| placement.first_replica(placement.stretch(*end));
    let mut ranges = Vec::new();
    let mut after = whole.after;
    let of_one = ends.chunk_by(|end, next| first_replica(end) == first_replica(next));
    for group in of_one.flat_map(|ends| ends.chunks(together)) {
        let Some(up_to) = group.last() else { continue };
        let place = match group {
            [end] => Place::Stretch(placement.stretch(*end)),
            _ => Place::Node(first_replica(up_to)),
        };
        cut(TokenRange { after, up_to: *up_to }, pieces, |range| ranges.push((range, place)));
        after = *up_to;
    }
    ranges
}

/// Cuts a range in equal pieces; fewer when it holds fewer tokens.
fn cut(range: TokenRange, pieces: usize, mut each: impl FnMut(TokenRange)) {
    let width = i128::from(range.up_to) - i128::from(range.after);
    let pieces = (pieces as i128).min(width).max(1);
    let mut after = range.after;
    for piece in 1..=pieces {
        let up_to = (i128::from(range.after) + width * piece / pieces) as i64;
        each(TokenRange { after, up_to });
        after = up_to;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const WHOLE: TokenRange = TokenRange { after: i64::MIN, up_to: i64::MAX };

    fn limits(begin: Option<i128>, end: Option<i128>) -> Limits {
        Limits { begin, end }
    }

    /// Stretches that end at these tokens, of nodes that take turns.
    fn ring(ends: impl IntoIterator<Item = i64>, nodes: usize) -> Placement {
        let stretches: Vec<(i64, usize)> = ends.into_iter().enumerate().map(|(at, end)| (end, at % nodes)).collect();
        Placement::of(&stretches)
    }

    #[test]
    fn a_single_node_is_asked_in_a_few_ranges() {
        assert_eq!(split(&ring([], 1), WHOLE).len(), FEWEST);
        assert_eq!(split(&ring((0..16).map(|i| i64::MIN / 2 + i * 1000), 2), WHOLE).len(), 17);
    }

    #[test]
    fn a_range_is_where_its_rows_are_and_what_lies_behind_the_ring_where_it_begins() {
        let ranges = split(&ring([-100, 0, 100], 3), TokenRange { after: -50, up_to: 200 });
        let seen = |place| ranges.iter().filter(move |(_, known)| *known == place).map(|(range, _)| *range);
        assert!(seen(Place::Stretch(1)).all(|range| range.after >= -50 && range.up_to <= 0));
        assert!(seen(Place::Stretch(2)).all(|range| range.after >= 0 && range.up_to <= 100));
        assert!(seen(Place::Stretch(0)).all(|range| range.after >= 100));
        let sizes = [0, 1, 2].map(|stretch| seen(Place::Stretch(stretch)).count());
        assert_eq!((sizes, ranges.len()), ([6, 6, 6], 18));
    }

    #[test]
    fn a_large_ring_is_not_asked_in_thousands_of_ranges_where_they_share_a_node() {
        let of_pairs: Vec<(i64, usize)> = (0..2560).map(|i| (i * 1000, i as usize / 10)).collect();
        let ranges = split(&Placement::of(&of_pairs), WHOLE);
        assert!(ranges.len() <= MOST + 256, "{}", ranges.len());
        assert!(ranges.iter().any(|(_, place)| *place == Place::Node(0)));
        // Neighbours without one are asked apart.
        assert_eq!(split(&ring((0..2560).map(|i| i * 1000), 10), WHOLE).len(), 2561);
    }

    #[test]
    fn open_ends_are_shown_as_none() {
        assert_eq!(TokenRange { after: i64::MIN, up_to: -5 }.to_string(), "(None, -5)");
        assert_eq!(WHOLE.to_string(), "(None, None)");
    }

    #[test]
    fn limits_are_refused_in_the_words_of_cqlsh() {
        assert_eq!(
            limits(Some(-5), None).check(-1),
            Err("Begin token -5 must be bigger or equal to min token -1".to_owned())
        );
        assert_eq!(
            limits(Some(5), Some(4)).check(-1),
            Err("Begin token 5 must be smaller than end token 4".to_owned())
        );
        assert_eq!(limits(Some(5), Some(5)).check(-1), Ok(()));
    }

    #[test]
    fn an_end_below_every_token_leaves_nothing() {
        assert_eq!(limits(None, Some(i64::MIN.into())).murmur3(), None);
        assert_eq!(limits(None, Some(0)).murmur3(), Some(TokenRange { after: i64::MIN, up_to: 0 }));
    }

    proptest! {
        #[test]
        fn ranges_cover_every_token_once(
            mut ring in proptest::collection::vec(any::<i64>(), 0..700),
            begin in proptest::option::of(any::<i64>()),
            end in proptest::option::of(any::<i64>()),
        ) {
            ring.sort_unstable();
            let limits = limits(begin.map(Into::into), end.map(Into::into));
            prop_assume!(limits.check(i64::MIN.into()).is_ok());
            let Some(whole) = limits.murmur3() else { return Ok(()) };
            let ranges: Vec<TokenRange> =
                split(&self::ring(ring, 3), whole).into_iter().map(|(range, _)| range).collect();
            prop_assert_eq!(ranges.first().map(|range| range.after), Some(whole.after));
            prop_assert_eq!(ranges.last().map(|range| range.up_to), Some(whole.up_to));
            for pair in ranges.windows(2) {
                prop_assert_eq!(pair[0].up_to, pair[1].after);
                prop_assert!(pair[0].after < pair[0].up_to);
            }
        }
    }
}
