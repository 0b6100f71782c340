//! Whole numbers: digits out, digits in as Python's `int()` reads them.

use num_bigint::BigInt;

use super::Sink;

/// Writes a number, its digits grouped by threes when there is a separator.
pub(super) fn write(value: i64, thousands: &str, out: &mut impl Sink) {
    group(itoa::Buffer::new().format(value), thousands, out);
}

/// Writes the two's complement number of a varint (never empty).
pub(super) fn write_varint(bytes: &[u8], thousands: &str, out: &mut impl Sink) {
    match small(bytes) {
        Some(value) => group(itoa::Buffer::new().format(value), thousands, out),
        None => group(&BigInt::from_signed_bytes_be(bytes).to_string(), thousands, out),
    }
}

/// The number if it fits 16 bytes, which nearly all do.
pub(super) fn small(bytes: &[u8]) -> Option<i128> {
    let &first = bytes.first()?;
    if bytes.len() > 16 {
        return None;
    }
    let mut wide = [if first & 0x80 == 0 { 0 } else { 0xff }; 16];
    wide[16 - bytes.len()..].copy_from_slice(bytes);
    Some(i128::from_be_bytes(wide))
}

/// Writes digits (with or without a sign) in groups of three.
pub(super) fn group(digits: &str, thousands: &str, out: &mut impl Sink) {
    if thousands.is_empty() {
        return out.put(digits);
    }
    let (sign, digits) = digits.split_at(usize::from(digits.starts_with('-')));
    out.put(sign);
    let first = match digits.len() % 3 {
        0 => 3.min(digits.len()),
        some => some,
    };
    let (mut head, mut tail) = digits.split_at(first);
    out.put(head);
    while !tail.is_empty() {
        (head, tail) = tail.split_at(3);
        out.put(thousands);
        out.put(head);
    }
}

/// A number as Python's `int()` takes it: blanks around it, a sign, single underscores between digits. Gives the sign
/// and digits that Rust reads.
pub(crate) fn python_digits(text: &str) -> Option<String> {
    let text = text.trim();
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let bytes = digits.as_bytes();
    let grouped = bytes.first().is_some_and(u8::is_ascii_digit)
        && bytes.last().is_some_and(u8::is_ascii_digit)
        && bytes.iter().all(|b| b.is_ascii_digit() || *b == b'_')
        && !digits.contains("__");
    grouped.then(|| text.trim_start_matches('+').replace('_', ""))
}

/// Why a text is no integer of a bounded type.
pub(super) enum NotAnInteger {
    /// It is no number at all.
    Syntax,
    /// It is a number that the type cannot hold.
    Range,
}

/// Reads a number between two bounds.
pub(super) fn parse(text: &str, min: i64, max: i64) -> Result<i64, NotAnInteger> {
    let value = match text.parse::<i64>() {
        Ok(value) => value,
        Err(_) => {
            let digits = python_digits(text).ok_or(NotAnInteger::Syntax)?;
            digits.parse().map_err(|_| NotAnInteger::Range)?
        }
    };
    if (min..=max).contains(&value) { Ok(value) } else { Err(NotAnInteger::Range) }
}

/// Appends the shortest two's complement form of digits that [`python_digits`] gave.
pub(super) fn encode_varint(digits: &str, out: &mut Vec<u8>) -> Option<()> {
    if let Ok(value) = digits.parse::<i128>() {
        let bytes = value.to_be_bytes();
        let redundant = bytes
            .windows(2)
            .take_while(|pair| (pair[0] == 0 && pair[1] & 0x80 == 0) || (pair[0] == 0xff && pair[1] & 0x80 != 0));
        out.extend_from_slice(&bytes[redundant.count()..]);
    } else {
        out.extend_from_slice(&digits.parse::<BigInt>().ok()?.to_signed_bytes_be());
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grouped(digits: &str) -> String {
        let mut out = String::new();
        group(digits, ",", &mut out);
        out
    }

    #[test]
    fn digits_are_grouped_by_threes() {
        assert_eq!(grouped("0"), "0");
        assert_eq!(grouped("-123"), "-123");
        assert_eq!(grouped("1234"), "1,234");
        assert_eq!(grouped("-1234567"), "-1,234,567");
        assert_eq!(grouped("123456"), "123,456");
    }

    #[test]
    fn python_takes_blanks_signs_and_single_underscores() {
        for (text, digits) in [(" 12\n", "12"), ("+1_000", "1000"), ("-0_1", "-01")] {
            assert_eq!(python_digits(text).as_deref(), Some(digits), "{text}");
        }
        for text in ["", " ", "_1", "1_", "1__0", "+ 1", "0x1", "1.0", "--1", "+-1"] {
            assert_eq!(python_digits(text), None, "{text}");
        }
    }

    #[test]
    fn a_varint_takes_as_few_bytes_as_java_gives_it() {
        for (digits, bytes) in [
            ("0", &b"\0"[..]),
            ("-1", b"\xff"),
            ("127", b"\x7f"),
            ("128", b"\0\x80"),
            ("-128", b"\x80"),
            ("-129", b"\xff\x7f"),
            ("170141183460469231731687303715884105728", b"\0\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
        ] {
            let mut out = Vec::new();
            encode_varint(digits, &mut out).unwrap();
            assert_eq!(out, bytes, "{digits}");
            let mut text = String::new();
            write_varint(&out, "", &mut text);
            assert_eq!(text, digits);
        }
    }
}
