//! The order in which Python shows keys and elements, which is not always the server's (inet, timeuuid, sets, NaN).

use std::cmp::Ordering;
use std::collections::BTreeSet;

use super::collection::Elements;
use super::wire::{Bytes, Value, decode};
use super::{decimal, inet, integer};
use crate::cql::types::CqlType;

// cqlsh: the driver's sets and Python's `sorted` search a place for one element after the other by halving, and differ in
// which side they go to where neither is less. It shows in NaN, which a set has first and a map last, and in sets of sets.

/// Where an element has its place among those of its set that came before it.
pub(super) fn place_in_set(ty: &CqlType, before: &[Bytes<'_>], element: Bytes<'_>) -> usize {
    halve(before.len(), |at| compare(ty, before[at], element) == Some(Ordering::Less))
}

/// Where a key has its place among those of its map that came before it.
pub(super) fn place_in_map(ty: &CqlType, before: &[(Bytes<'_>, Bytes<'_>)], key: Bytes<'_>) -> usize {
    halve(before.len(), |at| compare(ty, before[at].0, key) != Some(Ordering::Greater))
}

fn halve(length: usize, is_before: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, length);
    while low < high {
        let middle = usize::midpoint(low, high);
        if is_before(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

/// Compares two cells of one type as Python does. Nulls come first; what Python cannot compare (maps) is less than what
/// comes after it, and so stays in the server's order.
fn compare(ty: &CqlType, a: Bytes<'_>, b: Bytes<'_>) -> Option<Ordering> {
    match (a, b) {
        (Some(a), Some(b)) => match (decode(ty, a), decode(ty, b)) {
            (Ok(a), Ok(b)) => compare_values(a, b),
            (a, b) => Some(a.is_ok().cmp(&b.is_ok())),
        },
        (a, b) => Some(a.is_some().cmp(&b.is_some())),
    }
}

fn compare_values(a: Value<'_>, b: Value<'_>) -> Option<Ordering> {
    use Value as V;
    Some(match (a, b) {
        (V::Empty, V::Empty) => Ordering::Equal,
        (V::Empty, _) => Ordering::Less,
        (_, V::Empty) => Ordering::Greater,
        (V::Text(a), V::Text(b)) => a.cmp(b),
        (V::Blob(a), V::Blob(b)) | (V::Custom(a), V::Custom(b)) => a.cmp(b),
        (V::Boolean(a), V::Boolean(b)) => a.cmp(&b),
        (V::Integer(a), V::Integer(b)) | (V::Timestamp(a), V::Timestamp(b)) | (V::Time(a), V::Time(b)) => a.cmp(&b),
        (V::Varint(a), V::Varint(b)) => match (integer::small(a), integer::small(b)) {
            (Some(a), Some(b)) => a.cmp(&b),
            _ => decimal::compare((0, a), (0, b)),
        },
        (V::Decimal { scale: s, unscaled: a }, V::Decimal { scale: t, unscaled: b }) => {
            decimal::compare((s, a), (t, b))
        }
        (V::Float(a), V::Float(b)) => return a.partial_cmp(&b),
        (V::Double(a), V::Double(b)) => return a.partial_cmp(&b),
        (V::Uuid(a), V::Uuid(b)) => a.cmp(&b),
        (V::Inet(a), V::Inet(b)) => {
            // cqlsh: the driver's addresses are strings, `10.0.0.1` before `9.0.0.1`.
            let (mut left, mut right) = (String::new(), String::new());
            inet::write(a, &mut left);
            inet::write(b, &mut right);
            left.cmp(&right)
        }
        (V::Date(a), V::Date(b)) => a.cmp(&b),
        (V::List(a), V::List(b)) | (V::Vector(a), V::Vector(b)) => {
            let ty = a.ty();
            return compare_sequences(a.map(|e| e.map(|e| (ty, e)).ok()), b.map(|e| e.map(|e| (ty, e)).ok()));
        }
        (V::Tuple(a), V::Tuple(b)) | (V::UserType(a), V::UserType(b)) => {
            return compare_sequences(a.map(Result::ok), b.map(Result::ok));
        }
        (V::Set(a), V::Set(b)) => return compare_sets(a, b),
        _ => Ordering::Less,
    })
}

// cqlsh: of two of the driver's sets the less is a subset of the other.
fn compare_sets(a: Elements<'_>, b: Elements<'_>) -> Option<Ordering> {
    let [a, b] = [a, b].map(|elements| elements.flatten().collect::<BTreeSet<_>>());
    match (a.is_subset(&b), b.is_subset(&a)) {
        (true, true) => Some(Ordering::Equal),
        (true, false) => Some(Ordering::Less),
        (false, true) => Some(Ordering::Greater),
        (false, false) => None,
    }
}

fn compare_sequences<'a>(
    mut a: impl Iterator<Item = Option<(&'a CqlType, Bytes<'a>)>>,
    mut b: impl Iterator<Item = Option<(&'a CqlType, Bytes<'a>)>>,
) -> Option<Ordering> {
    loop {
        let order = match (a.next(), b.next()) {
            (None, None) => return Some(Ordering::Equal),
            (Some(Some((ty, a))), Some(Some((_, b)))) => compare(ty, a, b),
            (a, b) => return Some(a.is_some().cmp(&b.is_some())),
        };
        if order != Some(Ordering::Equal) {
            return order;
        }
    }
}
