//! Decimals of any precision, written as Python's `Decimal` writes them. No digit ever passes through a float.

use std::cmp::Ordering;
use std::fmt::Write;

use super::{Sink, integer};

/// Writes a decimal with a given decimal point and grouping.
pub(super) fn write(scale: i32, unscaled: &[u8], point: &str, thousands: &str, out: &mut impl Sink) {
    let mut text = String::new();
    integer::write_varint(unscaled, "", &mut text);
    let digits = text.trim_start_matches('-');
    if digits.len() < text.len() {
        out.put("-");
    }
    let length = digits.len() as i64;
    let exponent = -i64::from(scale);
    // Digits before the decimal point if nothing was moved.
    let before = exponent + length;
    if exponent <= 0 && before > -6 {
        if before <= 0 {
            out.put("0");
            out.put(point);
            (before..0).for_each(|_| out.put("0"));
            out.put(digits);
        } else {
            let (whole, fraction) = digits.split_at(before as usize);
            integer::group(whole, thousands, out);
            if !fraction.is_empty() {
                out.put(point);
                out.put(fraction);
            }
        }
    } else {
        let (whole, fraction) = digits.split_at(1);
        out.put(whole);
        if !fraction.is_empty() {
            out.put(point);
            out.put(fraction);
        }
        let _ = write!(out.formatter(), "E{:+}", before - 1);
    }
}

/// Why a text is no decimal.
pub(super) enum NotADecimal {
    /// It is no number (or is NaN or infinite, which Cassandra's decimals are not).
    Syntax,
    /// Its exponent does not fit.
    Range,
}

/// Appends the wire form of a number such as `-1.50` or `1E+3`, digit by digit.
pub(super) fn parse(text: &str, out: &mut Vec<u8>) -> Result<(), NotADecimal> {
    // Python drops underscores wherever they stand.
    let text = text.trim().replace('_', "");
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, parse_exponent(exponent)?),
        None => (&text[..], 0),
    };
    let (sign, unsigned) = match mantissa.strip_prefix(['+', '-']) {
        Some(rest) => (mantissa.split_at(1).0, rest),
        None => ("", mantissa),
    };
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let digits = format!("{}{whole}{fraction}", sign.trim_start_matches('+'));
    let bare = digits.trim_start_matches('-');
    if bare.is_empty() || bare.len() != whole.len() + fraction.len() || !bare.bytes().all(|b| b.is_ascii_digit()) {
        return Err(NotADecimal::Syntax);
    }
    let scale = (fraction.len() as i64).checked_sub(exponent).and_then(|scale| i32::try_from(scale).ok());
    out.extend_from_slice(&scale.ok_or(NotADecimal::Range)?.to_be_bytes());
    integer::encode_varint(&digits, out).ok_or(NotADecimal::Syntax)
}

fn parse_exponent(text: &str) -> Result<i64, NotADecimal> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(NotADecimal::Syntax);
    }
    text.parse().map_err(|_| NotADecimal::Range)
}

/// Which of two decimals is the smaller number.
pub(super) fn compare(a: (i32, &[u8]), b: (i32, &[u8])) -> Ordering {
    let (a, b) = (Magnitude::new(a), Magnitude::new(b));
    match a.sign.cmp(&b.sign) {
        Ordering::Equal if a.sign < 0 => b.compare(&a),
        Ordering::Equal => a.compare(&b),
        different => different,
    }
}

/// The size of a decimal as digits without leading and trailing zeros, and the place of the first.
struct Magnitude {
    sign: i8,
    first: i64,
    digits: String,
}

impl Magnitude {
    fn new((scale, unscaled): (i32, &[u8])) -> Self {
        let mut text = String::new();
        integer::write_varint(unscaled, "", &mut text);
        let digits = text.trim_start_matches('-');
        let sign = if digits == "0" {
            0
        } else if digits.len() < text.len() {
            -1
        } else {
            1
        };
        let first = digits.len() as i64 - i64::from(scale);
        Self { sign, first, digits: digits.trim_end_matches('0').to_owned() }
    }

    fn compare(&self, other: &Self) -> Ordering {
        if self.sign == 0 {
            return Ordering::Equal;
        }
        self.first.cmp(&other.first).then_with(|| self.digits.cmp(&other.digits))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(scale: i32, unscaled: i128) -> String {
        let mut bytes = Vec::new();
        integer::encode_varint(&unscaled.to_string(), &mut bytes).unwrap();
        let mut out = String::new();
        write(scale, &bytes, ".", "", &mut out);
        out
    }

    #[test]
    fn decimals_look_as_pythons() {
        // str(Decimal('%de%d' % (unscaled, -scale)))
        for (scale, unscaled, text) in [
            (5, 1_995_211_882, "19952.11882"),
            (14, 1, "1E-14"),
            (13, 100_000_000_000_000, "10.0000000000000"),
            (10, 0, "0E-10"),
            (6, 0, "0.000000"),
            (7, 1, "1E-7"),
            (6, 1, "0.000001"),
            (7, 12, "0.0000012"),
            (8, -12, "-1.2E-7"),
            (0, -5, "-5"),
            (-3, 10, "1.0E+4"),
            (-3, 1, "1E+3"),
            (i32::MAX, 1, "1E-2147483647"),
            (i32::MIN, -12, "-1.2E+2147483649"),
        ] {
            assert_eq!(written(scale, unscaled), text);
            let mut wire = Vec::new();
            assert!(parse(text, &mut wire).is_ok(), "{text}");
            let mut expected = scale.to_be_bytes().to_vec();
            integer::encode_varint(&unscaled.to_string(), &mut expected).unwrap();
            assert_eq!(wire, expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_decimal_is_refused() {
        for text in ["", ".", "-", "1e", "e5", "NaN", "Infinity", "1.2.3", "1,5", "1e+-5", "--1", "+-1", "0x1", "1 2"] {
            assert!(matches!(parse(text, &mut Vec::new()), Err(NotADecimal::Syntax)), "{text}");
        }
        for text in ["1e2147483649", "1e-2147483648", "1e99999999999999999999"] {
            assert!(matches!(parse(text, &mut Vec::new()), Err(NotADecimal::Range)), "{text}");
        }
    }

    #[test]
    fn decimals_compare_as_numbers() {
        let wire = |text: &str| {
            let mut out = Vec::new();
            assert!(parse(text, &mut out).is_ok());
            out
        };
        let ascending =
            ["-1E+9", "-10", "-9.5", "-0.1", "0", "1E-300", "0.09", "0.1", "9", "10", "10.01", "1E+2147483647"];
        for (i, a) in ascending.iter().enumerate() {
            for (j, b) in ascending.iter().enumerate() {
                let (a, b) = (wire(a), wire(b));
                let split = |w: &[u8]| i32::from_be_bytes(w[..4].try_into().unwrap());
                assert_eq!(compare((split(&a), &a[4..]), (split(&b), &b[4..])), i.cmp(&j));
            }
        }
        assert_eq!(compare((1, &[100]), (0, &[10])), Ordering::Equal);
    }
}
