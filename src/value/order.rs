//! The order in which Python sorts keys and elements, which is not always the server's (inet, timeuuid).

use std::cmp::Ordering;

use super::wire::{Bytes, Value, decode};
use super::{decimal, inet, integer};
use crate::cql::types::CqlType;

/// Compares two cells of one type. Nulls come first; what Python cannot order, or does not order by size (sets, maps),
/// is equal, so that a stable sort leaves it in the server's order.
pub(super) fn compare(ty: &CqlType, a: Bytes<'_>, b: Bytes<'_>) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => match (decode(ty, a), decode(ty, b)) {
            (Ok(a), Ok(b)) => compare_values(a, b),
            (a, b) => a.is_ok().cmp(&b.is_ok()),
        },
        (a, b) => a.is_some().cmp(&b.is_some()),
    }
}

fn compare_values(a: Value<'_>, b: Value<'_>) -> Ordering {
    use Value as V;
    match (a, b) {
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
        (V::Float(a), V::Float(b)) => compare_floats(a.into(), b.into()),
        (V::Double(a), V::Double(b)) => compare_floats(a, b),
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
            compare_sequences(a.map(|e| e.map(|e| (ty, e)).ok()), b.map(|e| e.map(|e| (ty, e)).ok()))
        }
        (V::Tuple(a), V::Tuple(b)) | (V::UserType(a), V::UserType(b)) => {
            compare_sequences(a.map(Result::ok), b.map(Result::ok))
        }
        _ => Ordering::Equal,
    }
}

/// NaN, which Python cannot order, stays at the end, where the server has it.
fn compare_floats(a: f64, b: f64) -> Ordering {
    a.partial_cmp(&b).unwrap_or_else(|| a.is_nan().cmp(&b.is_nan()))
}

fn compare_sequences<'a>(
    mut a: impl Iterator<Item = Option<(&'a CqlType, Bytes<'a>)>>,
    mut b: impl Iterator<Item = Option<(&'a CqlType, Bytes<'a>)>>,
) -> Ordering {
    loop {
        let order = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (Some(Some((ty, a))), Some(Some((_, b)))) => compare(ty, a, b),
            (a, b) => return a.is_some().cmp(&b.is_some()),
        };
        if order.is_ne() {
            return order;
        }
    }
}
