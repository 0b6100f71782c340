//! Which token ranges an export asks for. Pure arithmetic on tokens.

use std::fmt;

/// Fewer ranges than this keep too few requests in flight and make a failed one expensive.
const FEWEST: usize = 16;
/// More ranges than this cost a small table in a large ring hundreds of empty answers.
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

/// Splits `whole` at the ring's tokens (sorted), and finer or coarser where that gives too few or too many ranges.
pub(super) fn split(ring: &[i64], whole: TokenRange) -> Vec<TokenRange> {
    let mut ends: Vec<i64> =
        ring.iter().copied().filter(|token| *token > whole.after && *token < whole.up_to).collect();
    ends.dedup();
    ends.push(whole.up_to);
    let together = ends.len().div_ceil(MOST);
    let pieces = FEWEST.div_ceil(ends.len());
    let mut ranges = Vec::new();
    let mut after = whole.after;
    for group in ends.chunks(together) {
        let Some(up_to) = group.last() else { continue };
        cut(TokenRange { after, up_to: *up_to }, pieces, &mut ranges);
        after = *up_to;
    }
    ranges
}

/// Cuts a range in equal pieces; fewer when it holds fewer tokens.
fn cut(range: TokenRange, pieces: usize, ranges: &mut Vec<TokenRange>) {
    let width = i128::from(range.up_to) - i128::from(range.after);
    let pieces = (pieces as i128).min(width).max(1);
    let mut after = range.after;
    for piece in 1..=pieces {
        let up_to = (i128::from(range.after) + width * piece / pieces) as i64;
        ranges.push(TokenRange { after, up_to });
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

    #[test]
    fn a_single_node_is_asked_in_a_few_ranges() {
        assert_eq!(split(&[], WHOLE).len(), FEWEST);
        assert_eq!(split(&[0], WHOLE).len(), 16);
        let vnodes: Vec<i64> = (0..16).map(|i| i64::MIN / 2 + i * 1000).collect();
        assert_eq!(split(&vnodes, WHOLE).len(), 17);
    }

    #[test]
    fn a_large_ring_is_not_asked_in_thousands_of_ranges() {
        let vnodes: Vec<i64> = (0..2560).map(|i| i * 1000).collect();
        assert!(split(&vnodes, WHOLE).len() <= MOST);
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
            let ranges = split(&ring, whole);
            prop_assert_eq!(ranges.first().map(|range| range.after), Some(whole.after));
            prop_assert_eq!(ranges.last().map(|range| range.up_to), Some(whole.up_to));
            for pair in ranges.windows(2) {
                prop_assert_eq!(pair[0].up_to, pair[1].after);
                prop_assert!(pair[0].after < pair[0].up_to);
            }
        }
    }
}
