//! A cell as JSON, in the forms that `SELECT JSON` gives and `INSERT … JSON` takes: numbers of any size as numbers, what
//! JSON has no form for as a string. Names of fields are as they are, without the quotes those put around capitals.

use super::wire::{self, Bytes, Value};
use super::{ValueError, decimal, float, hex, inet, integer, joined, time, timestamp};
use crate::cql::types::CqlType;

/// Appends the value of a cell; null is `null`.
///
/// # Errors
/// Bytes that are no value of the type.
pub fn write(ty: &CqlType, bytes: Bytes<'_>, out: &mut String) -> Result<(), ValueError> {
    let Some(bytes) = bytes else {
        out.push_str("null");
        return Ok(());
    };
    match wire::decode(ty, bytes)? {
        // Neither null nor a value: only a text is of no length otherwise.
        Value::Empty => out.push_str("\"\""),
        Value::Text(text) => string(text, out),
        Value::Blob(bytes) | Value::Custom(bytes) => hexadecimal(bytes, out),
        Value::Boolean(value) => out.push_str(if value { "true" } else { "false" }),
        Value::Integer(value) => integer::write(value, "", out),
        Value::Varint(bytes) => integer::write_varint(bytes, "", out),
        Value::Decimal { scale, unscaled } => decimal::write(scale, unscaled, ".", "", out),
        Value::Float(value) if value.is_finite() => float::write_shortest(value, float::PLAIN, out),
        Value::Float(value) => out.push_str(not_finite(value.into())),
        Value::Double(value) if value.is_finite() => float::write_shortest(value, float::PLAIN, out),
        Value::Double(value) => out.push_str(not_finite(value)),
        Value::Uuid(bytes) => quoted(out, |out| hex::write_uuid(bytes, out)),
        Value::Inet(address) => quoted(out, |out| inet::write(address, out)),
        Value::Timestamp(milliseconds) => quoted(out, |out| timestamp::write_iso(milliseconds, out)),
        Value::Date(days) => quoted(out, |out| time::write_date(days, out)),
        Value::Time(nanoseconds) => quoted(out, |out| time::write_time(nanoseconds, out)),
        Value::Duration(duration) => quoted(out, |out| duration.write(out)),
        Value::List(elements) | Value::Set(elements) | Value::Vector(elements) => {
            let element = elements.ty();
            joined::write('[', elements, ']', out, |bytes, out| write(element, bytes, out))?;
        }
        Value::Tuple(fields) => joined::write('[', fields, ']', out, |(ty, bytes), out| write(ty, bytes, out))?,
        Value::Map(pairs) => {
            let (key_type, value_type) = (pairs.key(), pairs.value());
            joined::write('{', pairs, '}', out, |(key, value), out| {
                self::key(key_type, key, out)?;
                out.push_str(": ");
                write(value_type, value, out)
            })?;
        }
        Value::UserType(fields) => {
            joined::write('{', fields.named(), '}', out, |(name, ty, bytes), out| {
                string(name, out);
                out.push_str(": ");
                write(ty, bytes, out)
            })?;
        }
    }
    Ok(())
}

/// Appends a string.
pub fn string(text: &str, out: &mut String) {
    // A text always has a form in JSON.
    out.push_str(&serde_json::to_string(text).unwrap_or_default());
}

/// Appends bytes as a string of `0x` and hexadecimal digits.
pub fn hexadecimal(bytes: &[u8], out: &mut String) {
    quoted(out, |out| {
        out.push_str("0x");
        hex::write(bytes, out);
    });
}

/// A map's key, which has to be a string: that of the key, or else the JSON of the key.
fn key(ty: &CqlType, bytes: Bytes<'_>, out: &mut String) -> Result<(), ValueError> {
    let start = out.len();
    write(ty, bytes, out)?;
    if !out[start..].starts_with('"') {
        let json = out.split_off(start);
        string(&json, out);
    }
    Ok(())
}

/// Puts quotes around what holds nothing that would have to be escaped.
fn quoted(out: &mut String, write: impl FnOnce(&mut String)) {
    out.push('"');
    write(out);
    out.push('"');
}

fn not_finite(value: f64) -> &'static str {
    match value {
        value if value.is_nan() => "\"NaN\"",
        value if value > 0.0 => "\"Infinity\"",
        _ => "\"-Infinity\"",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cql::types::NativeType as N;
    use crate::value::types::{list, map, native, set, tuple, user_type};

    #[test]
    fn values_have_the_forms_that_insert_json_takes() {
        let ints = b"\0\0\0\x02\0\0\0\x04\0\0\0\x01\0\0\0\x04\0\0\0\x02";
        let pair = b"\0\0\0\x01\0\0\0\x04\0\0\0\x01\0\0\0\x01a";
        for (ty, bytes, json) in [
            (native(N::Text), &b"a\"\\\n\x01\xc3\xa9"[..], "\"a\\\"\\\\\\n\\u0001\u{e9}\""),
            (native(N::Blob), b"\x00\xff", "\"0x00ff\""),
            (native(N::Bigint), &i64::MIN.to_be_bytes(), "-9223372036854775808"),
            (native(N::Varint), b"\x01\0\0\0\0\0\0\0\0", "18446744073709551616"),
            (native(N::Decimal), b"\xff\xff\xff\xfd\x01", "1E+3"),
            (native(N::Boolean), b"\x01", "true"),
            (native(N::Float), &0.1f32.to_be_bytes(), "0.1"),
            (native(N::Double), &1e300f64.to_be_bytes(), "1e+300"),
            (native(N::Double), &f64::NEG_INFINITY.to_be_bytes(), "\"-Infinity\""),
            (native(N::Float), &f32::NAN.to_be_bytes(), "\"NaN\""),
            (native(N::Timestamp), &1500i64.to_be_bytes(), "\"1970-01-01 00:00:01.500Z\""),
            (native(N::Timestamp), &i64::MAX.to_be_bytes(), "\"9223372036854775807\""),
            (native(N::Int), b"", "\"\""),
            (list(native(N::Int)), ints, "[1, 2]"),
            (set(native(N::Int)), ints, "[1, 2]"),
            (map(native(N::Int), native(N::Text)), pair, "{\"1\": \"a\"}"),
            (map(native(N::Text), native(N::Int)), b"\0\0\0\x01\0\0\0\x01\"\0\0\0\x04\0\0\0\x01", "{\"\\\"\": 1}"),
            (tuple(vec![native(N::Int), native(N::Int)]), b"\0\0\0\x04\0\0\0\x01\xff\xff\xff\xff", "[1, null]"),
            (user_type("u", vec![("A b", native(N::Int))]), b"\0\0\0\x04\0\0\0\x01", "{\"A b\": 1}"),
        ] {
            let mut out = String::new();
            write(&ty, Some(bytes), &mut out).unwrap();
            assert_eq!(out, json, "{ty:?}");
            serde_json::from_str::<serde_json::Value>(&out).unwrap();
        }
    }

    #[test]
    fn a_key_that_is_no_string_is_its_json_in_one() {
        let ty = map(list(native(N::Text)), native(N::Int));
        let mut out = String::new();
        write(&ty, Some(b"\0\0\0\x01\0\0\0\x09\0\0\0\x01\0\0\0\x01a\0\0\0\x04\0\0\0\x07"), &mut out).unwrap();
        assert_eq!(out, "{\"[\\\"a\\\"]\": 7}");
    }

    #[test]
    fn bytes_behind_the_last_field_are_told() {
        let ty = user_type("u", vec![("a", native(N::Int))]);
        let surplus = b"\0\0\0\x04\0\0\0\x01\0\0\0\x01x";
        assert!(write(&ty, Some(surplus), &mut String::new()).is_err());
    }

    #[test]
    fn null_is_null() {
        let mut out = String::new();
        write(&native(N::Int), None, &mut out).unwrap();
        assert_eq!(out, "null");
    }
}
