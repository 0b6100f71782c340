//! A cell as a term of CQL: the text that a statement writes to give the server the same bytes.

use std::net::IpAddr;

use super::wire::{self, Bytes, Value};
use super::{ValueError, decimal, float, hex, inet, integer, joined};
use crate::cql::names::quote;
use crate::cql::types::CqlType;

/// Decimals with more digits behind the point are not written out. Nor are those with an exponent: the server takes them for
/// doubles first, which are infinite from 1E+309 on.
const MOST_SCALE: i32 = 300;
/// Nanoseconds of a day, which a literal of type time stays below.
const DAY: i64 = 86_400_000_000_000;

/// Appends the term for a cell.
///
/// # Errors
/// Bytes that are no value of the type, and a composite value of no bytes, for which CQL has no term.
pub fn write(ty: &CqlType, bytes: Bytes<'_>, out: &mut String) -> Result<(), ValueError> {
    let Some(bytes) = bytes else {
        out.push_str("null");
        return Ok(());
    };
    match wire::decode(ty, bytes)? {
        Value::Text(text) => quoted(text, out),
        Value::Blob(bytes) | Value::Custom(bytes) => {
            out.push_str("0x");
            hex::write(bytes, out);
        }
        Value::Boolean(value) => out.push_str(if value { "true" } else { "false" }),
        Value::Integer(value) => integer::write(value, "", out),
        Value::Varint(bytes) => integer::write_varint(bytes, "", out),
        Value::Decimal { scale, unscaled } if (0..=MOST_SCALE).contains(&scale) => {
            let start = out.len();
            decimal::write(scale, unscaled, ".", "", out);
            if out[start..].contains('E') {
                out.truncate(start);
                return from_blob(ty, bytes, out);
            }
        }
        // The word NaN stands for one NaN only, and the server takes it and Infinity for decimals inside of collections.
        Value::Float(value) if value.is_finite() => float::write_shortest(value, float::PLAIN, out),
        Value::Double(value) if value.is_finite() => float::write_shortest(value, float::PLAIN, out),
        Value::Uuid(bytes) => hex::write_uuid(bytes, out),
        Value::Inet(address) if !is_mapped(address) => {
            out.push('\'');
            inet::write(address, out);
            out.push('\'');
        }
        Value::Timestamp(millis) => integer::write(millis, "", out),
        // The wire's number: days since 1970-01-01 with 2^31 added.
        Value::Date(days) => integer::write(i64::from(days) + (1 << 31), "", out),
        Value::Time(nanoseconds) if (0..DAY).contains(&nanoseconds) => integer::write(nanoseconds, "", out),
        Value::List(elements) | Value::Vector(elements) => {
            let element = elements.ty();
            joined::write('[', elements, ']', out, |bytes, out| write(element, bytes, out))?;
        }
        Value::Set(elements) => {
            let element = elements.ty();
            joined::write('{', elements, '}', out, |bytes, out| write(element, bytes, out))?;
        }
        Value::Tuple(fields) => joined::write('(', fields, ')', out, |(ty, bytes), out| write(ty, bytes, out))?,
        Value::Map(pairs) => {
            let (key_type, value_type) = (pairs.key(), pairs.value());
            joined::write('{', pairs, '}', out, |(key, value), out| {
                write(key_type, key, out)?;
                out.push_str(": ");
                write(value_type, value, out)
            })?;
        }
        Value::UserType(fields) => {
            joined::write('{', fields.named(), '}', out, |(name, ty, bytes), out| {
                out.push_str(&quote(name));
                out.push_str(": ");
                write(ty, bytes, out)
            })?;
        }
        Value::Empty if matches!(ty, CqlType::Custom(_)) => out.push_str("0x"),
        _ => return from_blob(ty, bytes, out),
    }
    Ok(())
}

fn quoted(text: &str, out: &mut String) {
    out.push('\'');
    out.push_str(&text.replace('\'', "''"));
    out.push('\'');
}

/// Java makes four bytes of an address of this form.
fn is_mapped(address: IpAddr) -> bool {
    matches!(address, IpAddr::V6(address) if address.to_ipv4_mapped().is_some())
}

/// Bytes that have no other term, by the function that every version of CQL has for them.
fn from_blob(ty: &CqlType, bytes: &[u8], out: &mut String) -> Result<(), ValueError> {
    let CqlType::Native(native) = ty else {
        return Err(ValueError(format!("CQL has no term for a {ty} of no bytes")));
    };
    let name = native.name();
    let (first, rest) = name.split_at(1);
    out.push_str("blobAs");
    out.push_str(&first.to_ascii_uppercase());
    out.push_str(rest);
    out.push_str("(0x");
    hex::write(bytes, out);
    out.push(')');
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cql::types::NativeType as N;
    use crate::value::types::{list, map, native, set, tuple, user_type};

    fn written(ty: &CqlType, bytes: &[u8]) -> String {
        let mut out = String::new();
        write(ty, Some(bytes), &mut out).unwrap();
        out
    }

    #[test]
    fn values_are_written_as_terms() {
        for (ty, bytes, term) in [
            (native(N::Text), &b"it's"[..], "'it''s'"),
            (native(N::Blob), b"", "0x"),
            (CqlType::Custom("org.example.Type".to_owned()), b"", "0x"),
            (native(N::Int), &(-7i32).to_be_bytes(), "-7"),
            (native(N::Date), &[0x80, 0, 0, 0], "2147483648"),
            (native(N::Timestamp), &(-1500i64).to_be_bytes(), "-1500"),
            (native(N::Inet), &[127, 0, 0, 1], "'127.0.0.1'"),
            (native(N::Decimal), b"\0\0\0\x02\x01\xe2", "4.82"),
            (native(N::Float), &(-1.5f32).to_be_bytes(), "-1.5"),
            (list(native(N::Int)), b"\0\0\0\x01\0\0\0\x04\0\0\0\x01", "[1]"),
            (set(native(N::Text)), b"\0\0\0\0", "{}"),
            (map(native(N::Int), native(N::Text)), b"\0\0\0\x01\0\0\0\x04\0\0\0\x01\0\0\0\x01a", "{1: 'a'}"),
            (tuple(vec![native(N::Int), native(N::Int)]), b"\0\0\0\x04\0\0\0\x01\xff\xff\xff\xff", "(1, null)"),
            (user_type("u", vec![("A", native(N::Int))]), b"\0\0\0\x04\0\0\0\x01", "{\"A\": 1}"),
        ] {
            assert_eq!(written(&ty, bytes), term, "{ty:?}");
        }
    }

    #[test]
    fn what_has_no_other_term_is_written_by_its_bytes() {
        for (ty, bytes, term) in [
            (native(N::Int), &b""[..], "blobAsInt(0x)"),
            (native(N::Float), &[0x7f, 0xc0, 0, 1], "blobAsFloat(0x7fc00001)"),
            (native(N::Double), &f64::INFINITY.to_be_bytes(), "blobAsDouble(0x7ff0000000000000)"),
            (native(N::Time), &(-1i64).to_be_bytes(), "blobAsTime(0xffffffffffffffff)"),
            (native(N::Duration), b"\x02\x04\x06", "blobAsDuration(0x020406)"),
        ] {
            assert_eq!(written(&ty, bytes), term, "{ty:?}");
        }
        assert!(write(&tuple(vec![native(N::Int)]), Some(b""), &mut String::new()).is_err());
    }
}
