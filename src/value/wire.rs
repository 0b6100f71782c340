//! The bytes of a cell read as a value of its type. Nothing is copied: text, blobs, numbers without bounds and
//! collections stay slices of the frame, and a collection is walked only when somebody iterates over it.

use std::net::IpAddr;

use super::duration::Duration;
use super::{ValueError, inet, time};
use crate::cql::types::{CqlType, NativeType};

pub use super::collection::{Elements, Fields, Pairs};

/// A cell's bytes, or null.
pub type Bytes<'a> = Option<&'a [u8]>;

/// A value that borrows from the bytes it was read from.
#[derive(Debug, Clone)]
pub enum Value<'a> {
    /// Zero bytes of a type that needs some: Cassandra's "empty" value, neither null nor anything else.
    Empty,
    /// text, varchar, ascii.
    Text(&'a str),
    /// blob.
    Blob(&'a [u8]),
    /// boolean.
    Boolean(bool),
    /// tinyint, smallint, int, bigint, counter.
    Integer(i64),
    /// varint: two's complement, most significant byte first.
    Varint(&'a [u8]),
    /// decimal: `unscaled` (as a varint) times ten to the power of `-scale`.
    Decimal {
        /// Digits after the decimal point; negative for trailing zeros that are not written.
        scale: i32,
        /// The digits.
        unscaled: &'a [u8],
    },
    /// float.
    Float(f32),
    /// double.
    Double(f64),
    /// uuid and timeuuid.
    Uuid([u8; 16]),
    /// inet.
    Inet(IpAddr),
    /// timestamp: milliseconds since 1970-01-01 UTC.
    Timestamp(i64),
    /// date: days since 1970-01-01.
    Date(i32),
    /// time: nanoseconds since midnight (the server does not check the range).
    Time(i64),
    /// duration.
    Duration(Duration),
    /// list.
    List(Elements<'a>),
    /// set, in the server's order.
    Set(Elements<'a>),
    /// map, in the server's order.
    Map(Pairs<'a>),
    /// tuple.
    Tuple(Fields<'a>),
    /// User-defined type.
    UserType(Fields<'a>),
    /// vector.
    Vector(Elements<'a>),
    /// A type this program knows nothing about.
    Custom(&'a [u8]),
}

/// Reads the bytes of a non-null cell. Collections are checked while they are iterated, not here.
pub fn decode<'a>(ty: &'a CqlType, bytes: &'a [u8]) -> Result<Value<'a>, ValueError> {
    Ok(match ty {
        CqlType::Native(native) => decode_native(*native, bytes)?,
        _ if bytes.is_empty() => Value::Empty,
        CqlType::List(element) => Value::List(Elements::counted(element, bytes)?),
        CqlType::Set(element) => Value::Set(Elements::counted(element, bytes)?),
        CqlType::Map(key, value) => Value::Map(Pairs::new(key, value, bytes)?),
        CqlType::Tuple(types) => Value::Tuple(Fields::of_tuple(types, bytes)),
        CqlType::Vector(element, dimensions) => Value::Vector(Elements::of_vector(element, *dimensions, bytes)?),
        CqlType::UserType(user_type) => Value::UserType(Fields::of_user_type(user_type, bytes)),
        CqlType::Custom(_) => Value::Custom(bytes),
    })
}

fn decode_native<'a>(native: NativeType, bytes: &'a [u8]) -> Result<Value<'a>, ValueError> {
    use NativeType as N;
    Ok(match native {
        N::Ascii | N::Text => Value::Text(text(native, bytes)?),
        N::Blob => Value::Blob(bytes),
        _ if bytes.is_empty() => Value::Empty,
        N::Boolean => Value::Boolean(u8::from_be_bytes(fixed(native, bytes)?) != 0),
        N::Tinyint => Value::Integer(i8::from_be_bytes(fixed(native, bytes)?).into()),
        N::Smallint => Value::Integer(i16::from_be_bytes(fixed(native, bytes)?).into()),
        N::Int => Value::Integer(i32::from_be_bytes(fixed(native, bytes)?).into()),
        N::Bigint | N::Counter => Value::Integer(i64::from_be_bytes(fixed(native, bytes)?)),
        N::Varint => Value::Varint(bytes),
        N::Decimal => match bytes.split_first_chunk::<4>() {
            Some((scale, unscaled)) if !unscaled.is_empty() => {
                Value::Decimal { scale: i32::from_be_bytes(*scale), unscaled }
            }
            _ => return Err(wrong_length(native, "at least 5", bytes)),
        },
        N::Float => Value::Float(f32::from_be_bytes(fixed(native, bytes)?)),
        N::Double => Value::Double(f64::from_be_bytes(fixed(native, bytes)?)),
        N::Uuid | N::Timeuuid => Value::Uuid(fixed(native, bytes)?),
        N::Inet => Value::Inet(inet::decode(bytes).ok_or_else(|| wrong_length(native, "4 or 16", bytes))?),
        N::Timestamp => Value::Timestamp(i64::from_be_bytes(fixed(native, bytes)?)),
        N::Date => Value::Date(time::days_from_wire(fixed(native, bytes)?)),
        N::Time => Value::Time(i64::from_be_bytes(fixed(native, bytes)?)),
        N::Duration => Value::Duration(Duration::decode(bytes)?),
    })
}

fn text(native: NativeType, bytes: &[u8]) -> Result<&str, ValueError> {
    std::str::from_utf8(bytes).map_err(|e| {
        let (name, at) = (native.name(), e.valid_up_to());
        ValueError(format!("a value of {name} is not UTF-8 (at byte {at})"))
    })
}

fn fixed<const N: usize>(native: NativeType, bytes: &[u8]) -> Result<[u8; N], ValueError> {
    bytes.try_into().map_err(|_| wrong_length(native, &N.to_string(), bytes))
}

fn wrong_length(native: NativeType, expected: &str, bytes: &[u8]) -> ValueError {
    ValueError(format!("a value of {} takes {expected} bytes, not {}", native.name(), bytes.len()))
}

/// Whether the server takes zero bytes for a value of this type that is not null.
pub(super) fn allows_empty(ty: &CqlType) -> bool {
    use NativeType as N;
    match ty {
        CqlType::Native(N::Tinyint | N::Smallint | N::Date | N::Time | N::Duration) => false,
        CqlType::Native(_) | CqlType::Tuple(_) | CqlType::UserType(_) | CqlType::Custom(_) => true,
        CqlType::List(_) | CqlType::Set(_) | CqlType::Map(..) | CqlType::Vector(..) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn native(native: NativeType, bytes: &[u8]) -> Result<Value<'_>, ValueError> {
        decode_native(native, bytes)
    }

    #[test]
    fn bytes_of_the_wrong_length_are_refused() {
        assert_eq!(native(NativeType::Int, &[0, 0, 1]).unwrap_err().to_string(), "a value of int takes 4 bytes, not 3");
        assert!(native(NativeType::Inet, &[1, 2, 3]).is_err());
        assert!(native(NativeType::Decimal, &[0, 0, 0, 1]).is_err());
        assert!(native(NativeType::Text, &[0xff]).is_err());
    }

    #[test]
    fn no_bytes_are_an_empty_value_unless_the_type_has_a_value_of_no_bytes() {
        assert!(matches!(native(NativeType::Int, b""), Ok(Value::Empty)));
        assert!(matches!(native(NativeType::Text, b""), Ok(Value::Text(""))));
        assert!(matches!(native(NativeType::Blob, b""), Ok(Value::Blob(b""))));
    }
}
