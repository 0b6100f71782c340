//! The order in which Python shows keys and elements, which is not always the server's (inet, timeuuid, sets, NaN).

use std::cmp::Ordering;

use super::collection::Elements;
use super::wire::{Bytes, Value, decode};
use super::{decimal, inet, integer};
use crate::cql::types::{CqlType, NativeType};

// cqlsh: where neither of two is less, as with NaN and with sets, it shows how they are sorted. The driver's sets search a
// place for one element after the other by halving. Python's `sorted` takes the leading run as it is and does the same with
// what follows, but goes to the other side of what is not less; from 64 on it merges several such runs, and we do not.

/// Sorts the elements of a set as the driver does.
pub(super) fn sort_set(ty: &CqlType, elements: &mut [Bytes<'_>]) {
    match ty {
        CqlType::Map(..) => {} // cqlsh: the driver cannot compare maps, and leaves them in the server's order.
        _ if is_total(ty) => elements.sort_by(|a, b| compare(ty, *a, *b).unwrap_or(Ordering::Equal)),
        _ => insert_behind(elements, 1, |before, element| compare(ty, *before, *element) == Some(Ordering::Less)),
    }
}

/// Sorts the entries of a map, whose types are those of its keys and values, as Python does.
pub(super) fn sort_map((key, value): (&CqlType, &CqlType), entries: &mut [(Bytes<'_>, Bytes<'_>)]) {
    if is_total(key) {
        return entries.sort_by(|(a, _), (b, _)| compare(key, *a, *b).unwrap_or(Ordering::Equal));
    }
    let is_greater = |a: &(Bytes<'_>, Bytes<'_>), b: &(Bytes<'_>, Bytes<'_>)| {
        let order = match compare(key, a.0, b.0) {
            Some(Ordering::Equal) => compare(value, a.1, b.1), // 0 and -0
            order => order,
        };
        order == Some(Ordering::Greater)
    };
    let descends = entries.len() > 1 && is_greater(&entries[0], &entries[1]);
    let run = 1 + entries.windows(2).take_while(|pair| is_greater(&pair[0], &pair[1]) == descends).count();
    if descends {
        entries[..run].reverse();
    }
    insert_behind(entries, run, |before, entry| !is_greater(before, entry));
}

/// Moves each item behind the first `sorted` to its place among those before it, which it finds by halving: behind those
/// that `stay` before it.
fn insert_behind<T>(items: &mut [T], sorted: usize, stay: impl Fn(&T, &T) -> bool) {
    for at in sorted..items.len() {
        let place = halve(at, |before| stay(&items[before], &items[at]));
        items[place..=at].rotate_right(1);
    }
}

// Where the order is partial, what is found depends on what is compared, which `partition_point` does not promise.
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

/// Whether of any two different values one is less.
fn is_total(ty: &CqlType) -> bool {
    match ty {
        CqlType::Native(native) => !matches!(native, NativeType::Float | NativeType::Double),
        CqlType::Custom(_) => true,
        CqlType::List(element) | CqlType::Vector(element, _) => is_total(element),
        CqlType::Tuple(types) => types.iter().all(is_total),
        CqlType::UserType(user_type) => user_type.fields.iter().all(|(_, ty)| is_total(ty)),
        CqlType::Set(_) | CqlType::Map(..) => false,
    }
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

// cqlsh: of two of the driver's sets the less is a subset of the other, as far as the driver finds its elements there: NaN,
// and what stands in the wrong half because of it, is not found.
fn compare_sets(a: Elements<'_>, b: Elements<'_>) -> Option<Ordering> {
    let ty = a.ty();
    let [a, b] = [a, b].map(|elements| {
        let mut elements: Vec<_> = elements.flatten().collect();
        sort_set(ty, &mut elements);
        elements
    });
    let equal = |a: &Bytes<'_>, b: &Bytes<'_>| compare(ty, *a, *b) == Some(Ordering::Equal);
    let holds = |set: &[Bytes<'_>], element: &Bytes<'_>| match ty {
        CqlType::Map(..) => set.contains(element),
        _ => {
            let place = halve(set.len(), |at| compare(ty, set[at], *element) == Some(Ordering::Less));
            set.get(place).is_some_and(|found| equal(found, element))
        }
    };
    let order = a.len().cmp(&b.len());
    let related = match order {
        Ordering::Less => a.iter().all(|element| holds(&b, element)),
        Ordering::Equal => a.iter().zip(&b).all(|(a, b)| equal(a, b)),
        Ordering::Greater => b.iter().all(|element| holds(&a, element)),
    };
    related.then_some(order)
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
