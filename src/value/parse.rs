//! A cell as COPY reads it: text to wire bytes.
//!
//! What [`write`](super::csv::write) writes comes back to the bit, and what cqlsh reads is read, in its words where it
//! is refused. Refused is also what cqlsh would take for another value than the one written.

mod composite;

use std::borrow::Cow;

use super::csv::{CsvStyle, EMPTY};
use super::decimal::NotADecimal;
use super::float::NotAFloat;
use super::integer::NotAnInteger;
use super::repr::repr;
use super::time::NotADate;
use super::{decimal, duration, escapes, float, hex, inet, integer, time, timestamp, wire};
use crate::cql::types::{CqlType, NativeType};

/// Why a text is no value of the type: cqlsh's words, e.g. `invalid literal for int() with base 10: 'x'`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ParseError(pub String);

/// Appends the wire form (without its length) of the value that `text` stands for. The caller has dealt with null.
/// After an error `out` ends with part of a value; the caller cuts it off.
pub fn parse(ty: &CqlType, text: &str, style: &CsvStyle, out: &mut Vec<u8>) -> Result<(), ParseError> {
    if text == EMPTY && !is_text(ty) && wire::allows_empty(ty) {
        return Ok(());
    }
    match ty {
        CqlType::Native(native) => parse_native(*native, text, style, out),
        CqlType::Custom(_) => parse_blob(text, out),
        CqlType::List(element) | CqlType::Set(element) => composite::list(element, text, style, out),
        CqlType::Map(key, value) => composite::map(key, value, text, style, out),
        CqlType::Tuple(types) => composite::tuple(types, text, style, out),
        CqlType::Vector(element, dimensions) => composite::vector(element, *dimensions, text, style, out),
        CqlType::UserType(user_type) => composite::user_type(user_type, text, style, out),
    }
}

fn is_text(ty: &CqlType) -> bool {
    matches!(ty, CqlType::Native(NativeType::Text | NativeType::Ascii))
}

fn parse_native(native: NativeType, text: &str, style: &CsvStyle, out: &mut Vec<u8>) -> Result<(), ParseError> {
    use NativeType as N;
    match native {
        N::Text => out.extend_from_slice(plain_text(text, style)?.as_bytes()),
        N::Ascii => return parse_ascii(&plain_text(text, style)?, out),
        N::Blob => return parse_blob(text, out),
        N::Boolean => out.push(parse_boolean(text, style)?.into()),
        N::Tinyint => out.extend_from_slice(&parse_integer::<i8>(native, text, style)?.to_be_bytes()),
        N::Smallint => out.extend_from_slice(&parse_integer::<i16>(native, text, style)?.to_be_bytes()),
        N::Int => out.extend_from_slice(&parse_integer::<i32>(native, text, style)?.to_be_bytes()),
        N::Bigint | N::Counter => out.extend_from_slice(&parse_integer::<i64>(native, text, style)?.to_be_bytes()),
        N::Varint => {
            let digits = integer::python_digits(&without(&style.thousands_separator, text));
            let encoded = digits.and_then(|digits| integer::encode_varint(&digits, out));
            return encoded.ok_or_else(|| not_an_int(text));
        }
        N::Decimal => {
            return decimal::parse(&plain_number(text, style), out).map_err(|why| match why {
                // cqlsh: the text that Python has for this.
                NotADecimal::Syntax => ParseError("[<class 'decimal.ConversionSyntax'>]".to_owned()),
                NotADecimal::Range => ParseError(format!("{} has an exponent that no decimal has", repr(text))),
            });
        }
        N::Float => out.extend_from_slice(&parse_float::<f32>(native, text, style)?.to_be_bytes()),
        N::Double => out.extend_from_slice(&parse_float::<f64>(native, text, style)?.to_be_bytes()),
        N::Uuid | N::Timeuuid => {
            let malformed = || ParseError("badly formed hexadecimal UUID string".to_owned());
            let bytes = hex::parse_uuid(text).ok_or_else(malformed)?;
            if native == N::Timeuuid && bytes[6] >> 4 != 1 {
                return error("Invalid version for TimeUUID type.".to_owned());
            }
            out.extend_from_slice(&bytes);
        }
        N::Inet => {
            let refused = || ParseError(format!("can't interpret {} as an inet address", repr(text)));
            return inet::parse(text.trim(), out).ok_or_else(refused);
        }
        N::Timestamp => {
            let format = &style.timestamp_format;
            let refused =
                || ParseError(format!("can't interpret {} as a date with format {format} or as int", repr(text)));
            out.extend_from_slice(&timestamp::parse(text, format).ok_or_else(refused)?.to_be_bytes());
        }
        N::Date => out.extend_from_slice(&time::days_to_wire(parse_date(text, style)?)),
        N::Time => {
            let refused = || ParseError(format!("can't interpret {} as a time", repr(text)));
            out.extend_from_slice(&time::parse_time(text).ok_or_else(refused)?.to_be_bytes());
        }
        N::Duration => {
            let refused = || ParseError(format!("can't interpret {} as a duration", repr(text)));
            duration::Duration::parse(text.trim()).ok_or_else(refused)?.encode(out);
        }
    }
    Ok(())
}

fn error<T>(message: String) -> Result<T, ParseError> {
    Err(ParseError(message))
}

fn not_an_int(text: &str) -> ParseError {
    ParseError(format!("invalid literal for int() with base 10: {}", repr(text)))
}

fn parse_integer<I>(native: NativeType, text: &str, style: &CsvStyle) -> Result<I, ParseError>
where
    I: Bounded,
{
    let bare = without(&style.thousands_separator, text);
    match integer::parse(&bare, I::MIN, I::MAX) {
        Ok(value) => Ok(I::from_i64(value)),
        Err(NotAnInteger::Syntax) => Err(not_an_int(&bare)),
        Err(NotAnInteger::Range) => {
            let (name, min, max) = (native.name(), I::MIN, I::MAX);
            error(format!("{} is out of range for {name} ({min} to {max})", bare.trim()))
        }
    }
}

/// The integers that have bounds.
trait Bounded {
    const MIN: i64;
    const MAX: i64;
    fn from_i64(value: i64) -> Self;
}

macro_rules! bounded {
    ($($int:ty),*) => {$(
        impl Bounded for $int {
            const MIN: i64 = <$int>::MIN as i64;
            const MAX: i64 = <$int>::MAX as i64;
            fn from_i64(value: i64) -> Self {
                value as $int
            }
        }
    )*};
}
bounded!(i8, i16, i32, i64);

fn parse_float<F: float::Binary>(native: NativeType, text: &str, style: &CsvStyle) -> Result<F, ParseError> {
    let plain = plain_number(text, style);
    float::parse(&plain).map_err(|why| match why {
        NotAFloat::Syntax => ParseError(format!("could not convert string to float: {}", repr(&plain))),
        NotAFloat::Range => ParseError(format!("{} is out of range for {}", plain.trim(), native.name())),
    })
}

/// A number with the usual decimal point and without groups.
fn plain_number<'t>(text: &'t str, style: &CsvStyle) -> Cow<'t, str> {
    let point = &style.decimal_separator;
    let mut plain = without(&style.thousands_separator, text);
    if point != "." && !point.is_empty() {
        plain = plain.replace(point, ".").into();
    }
    plain
}

fn without<'t>(separator: &str, text: &'t str) -> Cow<'t, str> {
    if separator.is_empty() { text.into() } else { text.replace(separator, "").into() }
}

/// A text without the escape sequences of Apache cqlsh.
fn plain_text<'t>(text: &'t str, style: &CsvStyle) -> Result<Cow<'t, str>, ParseError> {
    if !style.by_cqlsh {
        return Ok(text.into());
    }
    escapes::undo(text).map_err(|sequence| ParseError(format!("Apache cqlsh does not write {sequence}")))
}

fn parse_ascii(text: &str, out: &mut Vec<u8>) -> Result<(), ParseError> {
    if let Some((at, c)) = text.chars().enumerate().find(|(_, c)| !c.is_ascii()) {
        let c = repr(&c.to_string());
        return error(format!("'ascii' codec can't encode character {c} in position {at}"));
    }
    out.extend_from_slice(text.as_bytes());
    Ok(())
}

fn parse_boolean(text: &str, style: &CsvStyle) -> Result<bool, ParseError> {
    let (yes, no) = &style.booleans;
    let is = |word: &str| {
        text.eq_ignore_ascii_case(word) || (!word.is_ascii() && text.to_lowercase() == word.to_lowercase())
    };
    if is(yes) {
        Ok(true)
    } else if is(no) {
        Ok(false)
    } else {
        // cqlsh takes everything else for false.
        error(format!("{} is neither {} nor {}", repr(text), repr(yes), repr(no)))
    }
}

fn parse_blob(text: &str, out: &mut Vec<u8>) -> Result<(), ParseError> {
    // cqlsh drops the first two characters, whatever they are.
    let Some(digits) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) else {
        return error(format!("a blob starts with 0x: {}", repr(text)));
    };
    let not_hex = |at| ParseError(format!("non-hexadecimal number found in fromhex() arg at position {at}"));
    hex::parse(digits, out).map_err(not_hex)
}

fn parse_date(text: &str, style: &CsvStyle) -> Result<i32, ParseError> {
    // Apache cqlsh writes the number of a day where Python has no date for it, and never a date without hyphens.
    let number = (style.by_cqlsh && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| format!("+{text}"));
    time::parse_date(number.as_deref().unwrap_or(text)).map_err(|why| match why {
        NotADate::Syntax => ParseError(format!("time data {} does not match format '%Y-%m-%d'", repr(text))),
        NotADate::Unconverted(rest) => ParseError(format!("unconverted data remains: {rest}")),
        NotADate::NoSuchDay => ParseError("day is out of range for month".to_owned()),
        NotADate::Ambiguous => {
            let message = format!("{text} may be a date or the number of a day: write YYYY-MM-DD or +{text}");
            ParseError(message)
        }
    })
}

#[cfg(test)]
mod tests;
