//! Floating point numbers: the shortest text that reads back to the same bits, and cqlsh's significant digits.

use std::fmt::{LowerExp, Write};

use super::{Sink, integer};

/// The marks of a number's text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Marks<'a> {
    /// Between the whole part and the fraction.
    pub(super) point: &'a str,
    /// Between groups of three digits; empty for none.
    pub(super) thousands: &'a str,
}

/// The usual text: a point, no groups.
pub(super) const PLAIN: Marks<'static> = Marks { point: ".", thousands: "" };

/// A binary floating point type of the protocol.
pub(super) trait Binary: std::str::FromStr + Into<f64> + LowerExp + Copy {
    /// The bits as hex digits if it is a NaN other than the usual one, which CQL and Python know alone.
    fn unusual_nan(self) -> Option<String>;

    /// The NaN of those bits; `None` if they are no hex digits of that length or no NaN.
    fn from_nan_bits(digits: &str) -> Option<Self>;
}

macro_rules! binary {
    ($float:ty, $bits:ty, $digits:literal) => {
        impl Binary for $float {
            fn unusual_nan(self) -> Option<String> {
                let bits = self.to_bits();
                let unusual = self.is_nan() && bits != Self::NAN.to_bits();
                unusual.then(|| format!(concat!("{:0", $digits, "x}"), bits))
            }

            fn from_nan_bits(digits: &str) -> Option<Self> {
                let bits = <$bits>::from_str_radix(digits, 16).ok().filter(|_| digits.len() == $digits)?;
                Some(Self::from_bits(bits)).filter(|value| value.is_nan())
            }
        }
    };
}

binary!(f32, u32, 8);
binary!(f64, u64, 16);

/// Writes the shortest digits that read back to the same float or double, laid out as Python's `repr` does, without
/// the `.0` that it adds to whole numbers. A NaN with a payload is written with its bits: `NaN(0x7fc00001)`.
pub(super) fn write_shortest<F: Binary>(value: F, marks: Marks<'_>, out: &mut impl Sink) {
    if let Some(bits) = value.unusual_nan() {
        out.put("NaN(0x");
        out.put(&bits);
        out.put(")");
        return;
    }
    if special(value.into(), out) {
        return;
    }
    let mut buffer = Buffer::default();
    let _ = write!(buffer, "{value:e}");
    let number = Digits::of(buffer.text());
    let scientific = !(-4..16).contains(&number.exponent);
    number.write(scientific, marks, out);
}

/// Writes cqlsh's `precision` significant digits: `%g`, with more digits where that alone decides the notation.
pub(super) fn write_significant(value: f64, precision: usize, marks: Marks<'_>, out: &mut impl Sink) {
    if special(value, out) {
        return;
    }
    // Beyond 1100 digits there are only zeros, and no exponent is that large.
    let mut precision = precision.min(1100) as i64;
    if !marks.thousands.is_empty() {
        return write_grouped(value, precision as usize, marks, out);
    }
    if value.abs() > f64::EPSILON {
        let exponent = value.abs().log10().trunc() as i64;
        if (-4..precision).contains(&exponent) {
            precision += exponent + 1;
        }
    }
    let precision = precision.max(1);
    let text = format!("{value:.*e}", (precision - 1) as usize);
    let number = Digits::of(&text);
    let scientific = !(-4..precision).contains(&number.exponent);
    number.write(scientific, marks, out);
}

/// cqlsh writes every digit before the point when there is a thousands separator, and `precision` after it.
fn write_grouped(value: f64, precision: usize, marks: Marks<'_>, out: &mut impl Sink) {
    let text = format!("{value:.precision$}");
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    integer::group(whole, marks.thousands, out);
    let fraction = fraction.trim_end_matches('0');
    if !fraction.is_empty() {
        out.put(marks.point);
        out.put(fraction);
    }
}

/// Writes what has no digits.
fn special(value: f64, out: &mut impl Sink) -> bool {
    let text = match value {
        _ if value.is_nan() => "NaN",
        f64::INFINITY => "Infinity",
        f64::NEG_INFINITY => "-Infinity",
        _ => return false,
    };
    out.put(text);
    true
}

/// A number as `d.ddd` times a power of ten.
struct Digits<'a> {
    negative: bool,
    first: &'a str,
    others: &'a str,
    exponent: i64,
}

impl<'a> Digits<'a> {
    /// Takes apart what `{:e}` writes.
    fn of(text: &'a str) -> Self {
        let (negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
        let (first, others) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        Self { negative, first, others: others.trim_end_matches('0'), exponent: exponent.parse().unwrap_or(0) }
    }

    fn write(&self, scientific: bool, marks: Marks<'_>, out: &mut impl Sink) {
        let Self { negative, first, others, exponent } = *self;
        if negative {
            out.put("-");
        }
        if scientific {
            out.put(first);
            self.put_fraction(others, marks, out);
            let sign = if exponent < 0 { '-' } else { '+' };
            let _ = write!(out.formatter(), "e{sign}{:02}", exponent.unsigned_abs());
        } else if exponent < 0 {
            out.put("0");
            out.put(marks.point);
            (exponent..-1).for_each(|_| out.put("0"));
            out.put(first);
            out.put(others);
        } else {
            let whole = exponent as usize;
            let (more, fraction) = others.split_at_checked(whole).unwrap_or((others, ""));
            if marks.thousands.is_empty() {
                out.put(first);
                out.put(more);
                (more.len()..whole).for_each(|_| out.put("0"));
            } else {
                integer::group(&format!("{first}{more:0<whole$}"), marks.thousands, out);
            }
            self.put_fraction(fraction, marks, out);
        }
    }

    fn put_fraction(&self, digits: &str, marks: Marks<'_>, out: &mut impl Sink) {
        if !digits.is_empty() {
            out.put(marks.point);
            out.put(digits);
        }
    }
}

/// Room for the longest shortest form, `-2.2250738585072014e-308`.
#[derive(Default)]
struct Buffer {
    bytes: [u8; 32],
    length: usize,
}

impl Buffer {
    fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.length]).unwrap_or_default()
    }
}

impl Write for Buffer {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        let end = self.length + text.len();
        self.bytes.get_mut(self.length..end).ok_or(std::fmt::Error)?.copy_from_slice(text.as_bytes());
        self.length = end;
        Ok(())
    }
}

/// Why a text is no floating point number.
pub(super) enum NotAFloat {
    /// It is no number.
    Syntax,
    /// It is a number beyond the largest one.
    Range,
}

/// Reads what Python's `float()` reads, as the float or double nearest to it, and what [`write_shortest`] writes.
pub(super) fn parse<F: Binary>(text: &str) -> Result<F, NotAFloat> {
    let text = text.trim();
    if let Some(digits) = text.strip_prefix("NaN(0x").and_then(|rest| rest.strip_suffix(')')) {
        return F::from_nan_bits(digits).ok_or(NotAFloat::Syntax);
    }
    let value = match text.parse::<F>() {
        Ok(value) => value,
        Err(_) => without_underscores(text).and_then(|t| t.parse().ok()).ok_or(NotAFloat::Syntax)?,
    };
    let wide: f64 = value.into();
    // Python gives an infinity for digits that are too large; that would be another value than the one written.
    if wide.is_infinite() && text.contains(|c: char| c.is_ascii_digit()) {
        return Err(NotAFloat::Range);
    }
    Ok(value)
}

/// Python takes single underscores between digits.
fn without_underscores(text: &str) -> Option<String> {
    let digit = |at: Option<usize>| at.and_then(|at| text.as_bytes().get(at)).is_some_and(u8::is_ascii_digit);
    let between = |(at, _): (usize, &str)| digit(at.checked_sub(1)) && digit(Some(at + 1));
    text.match_indices('_').all(between).then(|| text.replace('_', ""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn significant(value: f64, precision: usize) -> String {
        let mut out = String::new();
        write_significant(value, precision, PLAIN, &mut out);
        out
    }

    fn shortest<F: Binary>(value: F) -> String {
        let mut out = String::new();
        write_shortest(value, PLAIN, &mut out);
        out
    }

    #[test]
    fn significant_digits_are_cqlshs() {
        // formatting.format_floating_point_type
        for &(value, precision, text) in FLOATS {
            assert_eq!(significant(value, precision), text, "{value:e} with {precision}");
        }
    }

    #[test]
    fn groups_are_cqlshs() {
        for (value, precision, text) in [
            (1_234_567.891, 12, "1,234,567.891000000061"),
            (-0.5, 5, "-0.5"),
            (1000.0, 5, "1,000"),
            (1e15, 5, "1,000,000,000,000,000"),
            // cqlsh loses the one that is carried
            (1.999_999_9, 5, "2"),
        ] {
            let mut out = String::new();
            write_significant(value, precision, Marks { point: ".", thousands: "," }, &mut out);
            assert_eq!(out, text);
        }
    }

    #[test]
    fn the_shortest_text_is_pythons_repr_without_a_useless_zero() {
        for (value, text) in [
            (0.0, "0"),
            (-0.0, "-0"),
            (0.1, "0.1"),
            (1.0 / 3.0, "0.3333333333333333"),
            (1e15, "1000000000000000"),
            (1e16, "1e+16"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (123_456.789, "123456.789"),
            (5e-324, "5e-324"),
            (f64::MAX, "1.7976931348623157e+308"),
            (f64::NEG_INFINITY, "-Infinity"),
            (f64::NAN, "NaN"),
        ] {
            assert_eq!(shortest(value), text);
        }
        assert_eq!(shortest(0.1_f32), "0.1");
        assert_eq!(shortest(f32::MIN_POSITIVE), "1.1754944e-38");
    }

    #[test]
    fn text_is_read_as_python_reads_it_but_never_turned_into_an_infinity() {
        for (text, value) in
            [(" 1_0.5 ", 10.5), ("inf", f64::INFINITY), ("-Infinity", f64::NEG_INFINITY), ("1.", 1.0), (".5e1", 5.0)]
        {
            assert_eq!(parse::<f64>(text).ok(), Some(value), "{text}");
        }
        assert!(parse::<f64>("nan").is_ok_and(f64::is_nan));
        assert!(matches!(parse::<f64>("1e400"), Err(NotAFloat::Range)));
        assert!(matches!(parse::<f32>("1e39"), Err(NotAFloat::Range)));
        for text in ["", "x", "1__0", "_1", "1_", "1_.5", "0x10", "1,5"] {
            assert!(matches!(parse::<f64>(text), Err(NotAFloat::Syntax)), "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_double_reads_back_to_its_bits(bits: u64, point in prop::sample::select(vec![".", ","])) {
            let value = f64::from_bits(bits);
            prop_assume!(!value.is_nan());
            let mut text = String::new();
            write_shortest(value, Marks { point, thousands: "" }, &mut text);
            let back = parse::<f64>(&text.replace(',', ".")).ok();
            prop_assert_eq!(back.map(f64::to_bits), Some(bits));
        }

        #[test]
        fn every_float_reads_back_to_its_bits(bits: u32) {
            let value = f32::from_bits(bits);
            prop_assume!(!value.is_nan());
            prop_assert_eq!(parse::<f32>(&shortest(value)).ok().map(f32::to_bits), Some(bits));
        }
    }

    #[rustfmt::skip]
    const FLOATS: &[(f64, usize, &str)] = &[
        (123456.0, 5, "1.2346e+05"), (123456.0, 12, "123456"), (123456.0, 0, "1e+05"), (123456.0, 17, "123456"), (123456.0, 3, "1.23e+05"),
        (99999.999, 5, "99999.999"), (99999.999, 12, "99999.998999999996"), (99999.999, 0, "1e+05"), (99999.999, 17, "99999.99899999999615829"), (99999.999, 3, "1e+05"),
        (9999999.999, 5, "1e+07"), (9999999.999, 12, "9999999.998999999836"), (9999999.999, 0, "1e+07"), (9999999.999, 17, "9999999.99899999983608723"), (9999999.999, 3, "1e+07"),
        (123.456789, 5, "123.45679"), (123.456789, 12, "123.456789"), (123.456789, 0, "1e+02"), (123.456789, 17, "123.45678900000000056"), (123.456789, 3, "123.457"),
        (16.12345, 5, "16.12345"), (16.12345, 12, "16.12345"), (16.12345, 0, "2e+01"), (16.12345, 17, "16.12344999999999828"), (16.12345, 3, "16.123"),
        (0.3333333333333333, 5, "0.333333"), (0.3333333333333333, 12, "0.3333333333333"), (0.3333333333333333, 0, "0.3"), (0.3333333333333333, 17, "0.333333333333333315"), (0.3333333333333333, 3, "0.3333"),
        (0.00012345678, 5, "0.000123"), (0.00012345678, 12, "0.00012345678"), (0.00012345678, 0, "0.0001"), (0.00012345678, 17, "0.00012345678"), (0.00012345678, 3, "0.0001"),
        (-0.0, 5, "-0"), (-0.0, 12, "-0"), (-0.0, 0, "-0"), (-0.0, 17, "-0"), (-0.0, 3, "-0"),
        (1e-05, 5, "1e-05"), (1e-05, 12, "1e-05"), (1e-05, 0, "1e-05"), (1e-05, 17, "1.0000000000000001e-05"), (1e-05, 3, "1e-05"),
        (0.0, 5, "0"), (0.0, 12, "0"), (0.0, 0, "0"), (0.0, 17, "0"), (0.0, 3, "0"),
        (1e+100, 5, "1e+100"), (1e+100, 12, "1e+100"), (1e+100, 0, "1e+100"), (1e+100, 17, "1e+100"), (1e+100, 3, "1e+100"),
        (5e-324, 5, "4.9407e-324"), (5e-324, 12, "4.94065645841e-324"), (5e-324, 0, "5e-324"), (5e-324, 17, "4.9406564584124654e-324"), (5e-324, 3, "4.94e-324"),
        (2.2e-16, 5, "2.2e-16"), (2.2e-16, 12, "2.2e-16"), (2.2e-16, 0, "2e-16"), (2.2e-16, 17, "2.2e-16"), (2.2e-16, 3, "2.2e-16"),
        (2.3e-16, 5, "2.3e-16"), (2.3e-16, 12, "2.3e-16"), (2.3e-16, 0, "2e-16"), (2.3e-16, 17, "2.2999999999999999e-16"), (2.3e-16, 3, "2.3e-16"),
        (0.5, 5, "0.5"), (0.5, 12, "0.5"), (0.5, 0, "0.5"), (0.5, 17, "0.5"), (0.5, 3, "0.5"),
        (0.05, 5, "0.05"), (0.05, 12, "0.05"), (0.05, 0, "0.05"), (0.05, 17, "0.050000000000000003"), (0.05, 3, "0.05"),
        (1000000000000000.0, 5, "1e+15"), (1000000000000000.0, 12, "1e+15"), (1000000000000000.0, 0, "1e+15"), (1000000000000000.0, 17, "1000000000000000"), (1000000000000000.0, 3, "1e+15"),
        (123456789012.0, 5, "1.2346e+11"), (123456789012.0, 12, "123456789012"), (123456789012.0, 0, "1e+11"), (123456789012.0, 17, "123456789012"), (123456789012.0, 3, "1.23e+11"),
        (12345.678901234, 5, "12345.6789"), (12345.678901234, 12, "12345.678901234"), (12345.678901234, 0, "1e+04"), (12345.678901234, 17, "12345.67890123399956792"), (12345.678901234, 3, "1.23e+04"),
        (-2.5, 5, "-2.5"), (-2.5, 12, "-2.5"), (-2.5, 0, "-2"), (-2.5, 17, "-2.5"), (-2.5, 3, "-2.5"),
        (100.0, 5, "100"), (100.0, 12, "100"), (100.0, 0, "1e+02"), (100.0, 17, "100"), (100.0, 3, "100"),
        (0.0001, 5, "0.0001"), (0.0001, 12, "0.0001"), (0.0001, 0, "0.0001"), (0.0001, 17, "0.0001"), (0.0001, 3, "0.0001"),
        (9.9999e-05, 5, "0.0001"), (9.9999e-05, 12, "9.9999e-05"), (9.9999e-05, 0, "0.0001"), (9.9999e-05, 17, "9.9999e-05"), (9.9999e-05, 3, "0.0001"),
        (99999.5, 5, "99999.5"), (99999.5, 12, "99999.5"), (99999.5, 0, "1e+05"), (99999.5, 17, "99999.5"), (99999.5, 3, "1e+05"),
        (999999.5, 5, "1e+06"), (999999.5, 12, "999999.5"), (999999.5, 0, "1e+06"), (999999.5, 17, "999999.5"), (999999.5, 3, "1e+06"),
        (2.5e-05, 5, "2.5e-05"), (2.5e-05, 12, "2.5e-05"), (2.5e-05, 0, "3e-05"), (2.5e-05, 17, "2.5e-05"), (2.5e-05, 3, "3e-05"),
        (f64::NAN, 5, "NaN"), (f64::NAN, 12, "NaN"), (f64::NAN, 0, "NaN"), (f64::NAN, 17, "NaN"), (f64::NAN, 3, "NaN"),
        (f64::INFINITY, 5, "Infinity"), (f64::INFINITY, 12, "Infinity"), (f64::INFINITY, 0, "Infinity"), (f64::INFINITY, 17, "Infinity"), (f64::INFINITY, 3, "Infinity"),
        (f64::NEG_INFINITY, 5, "-Infinity"), (f64::NEG_INFINITY, 12, "-Infinity"), (f64::NEG_INFINITY, 0, "-Infinity"), (f64::NEG_INFINITY, 17, "-Infinity"), (f64::NEG_INFINITY, 3, "-Infinity"),
        (1.7976931348623157e+308, 5, "1.7977e+308"), (1.7976931348623157e+308, 12, "1.79769313486e+308"), (1.7976931348623157e+308, 0, "2e+308"), (1.7976931348623157e+308, 17, "1.7976931348623157e+308"), (1.7976931348623157e+308, 3, "1.8e+308"),
        (0.30000000000000004, 5, "0.3"), (0.30000000000000004, 12, "0.3"), (0.30000000000000004, 0, "0.3"), (0.30000000000000004, 17, "0.300000000000000044"), (0.30000000000000004, 3, "0.3"),
        (3.4028234663852886e+38, 5, "3.4028e+38"), (3.4028234663852886e+38, 12, "3.40282346639e+38"), (3.4028234663852886e+38, 0, "3e+38"), (3.4028234663852886e+38, 17, "3.4028234663852886e+38"), (3.4028234663852886e+38, 3, "3.4e+38"),
        (0.10000000149011612, 5, "0.1"), (0.10000000149011612, 12, "0.1000000014901"), (0.10000000149011612, 0, "0.1"), (0.10000000149011612, 17, "0.100000001490116119"), (0.10000000149011612, 3, "0.1"),
    ];
}
