//! Dates and times of day.

use std::fmt::Write;

use super::calendar::{Date, FIRST_DAY, LAST_DAY};
use super::{Sink, integer};

const SECOND: i64 = 1_000_000_000;
const DAY: i64 = 86_400 * SECOND;

/// Days since 1970-01-01, which the wire has in the middle of an unsigned range.
pub(super) fn days_from_wire(bytes: [u8; 4]) -> i32 {
    (u32::from_be_bytes(bytes) ^ 0x8000_0000).cast_signed()
}

/// The wire form of a day.
pub(super) fn days_to_wire(days: i32) -> [u8; 4] {
    (days.cast_unsigned() ^ 0x8000_0000).to_be_bytes()
}

/// Whether cqlsh's calendar has the day; if not, it shows its number.
pub(super) fn is_in_calendar(days: i64) -> bool {
    (FIRST_DAY..=LAST_DAY).contains(&days)
}

/// Writes `YYYY-MM-DD`, or the number of the day if it is in no year from 1 to 9999.
pub(super) fn write_date(days: i32, out: &mut impl Sink) {
    if !is_in_calendar(days.into()) {
        return integer::write(days.into(), "", out);
    }
    let Date { year, month, day } = Date::from_days(days.into());
    let mut text = *b"0000-00-00";
    put_digits(&mut text[..4], year);
    put_digits(&mut text[5..7], month.into());
    put_digits(&mut text[8..], day.into());
    out.put(ascii(&text));
}

/// Writes `HH:MM:SS.nnnnnnnnn`, or the number of nanoseconds if it is no time of a day.
pub(super) fn write_time(nanoseconds: i64, out: &mut impl Sink) {
    if !(0..DAY).contains(&nanoseconds) {
        return integer::write(nanoseconds, "", out);
    }
    let mut text = *b"00:00:00.000000000";
    let seconds = nanoseconds / SECOND;
    put_digits(&mut text[..2], seconds / 3600);
    put_digits(&mut text[3..5], seconds / 60 % 60);
    put_digits(&mut text[6..8], seconds % 60);
    put_digits(&mut text[9..], nanoseconds % SECOND);
    out.put(ascii(&text));
}

/// Fills a field with the digits of a number, from the right.
pub(super) fn put_digits(field: &mut [u8], number: i64) {
    let mut number = number;
    for digit in field.iter_mut().rev() {
        *digit = b'0' + (number % 10) as u8;
        number /= 10;
    }
}

pub(super) fn ascii(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or_default()
}

/// Why a text is no date.
pub(super) enum NotADate {
    /// It is no date, but it begins with one; the rest.
    Unconverted(String),
    /// The month has no such day.
    NoSuchDay,
    /// An eight-digit number, which may be a date without hyphens or the number of a day.
    Ambiguous,
    /// It does not look like a date.
    Syntax,
}

/// Reads `YYYY-MM-DD`, or the number of a day that is in no year from 1 to 9999.
pub(super) fn parse_date(text: &str) -> Result<i32, NotADate> {
    if let Ok(days) = text.parse::<i32>()
        && !is_in_calendar(days.into())
    {
        // `20200101` is a day number of the year 57275, and more likely a date; a sign makes it a number.
        let ambiguous = text.len() == 8 && !text.starts_with(['+', '-']);
        return if ambiguous { Err(NotADate::Ambiguous) } else { Ok(days) };
    }
    let text = text.strip_prefix('+').unwrap_or(text);
    let mut rest = text;
    let year = digits(&mut rest, 4, 4).ok_or(NotADate::Syntax)?;
    let month = separated(&mut rest, b'-').ok_or(NotADate::Syntax)?;
    let day = separated(&mut rest, b'-').ok_or(NotADate::Syntax)?;
    if !rest.is_empty() {
        return Err(NotADate::Unconverted(rest.to_owned()));
    }
    if year == 0 || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return Err(NotADate::Syntax);
    }
    let date = Date::new(year, month as u8, day as u8).ok_or(NotADate::NoSuchDay)?;
    i32::try_from(date.days()).map_err(|_| NotADate::Syntax)
}

/// Reads `HH:MM:SS` with up to nine digits of a fraction, or a number of nanoseconds that is no time of a day.
pub(super) fn parse_time(text: &str) -> Option<i64> {
    if let Ok(nanoseconds) = text.parse::<i64>() {
        return (!(0..DAY).contains(&nanoseconds)).then_some(nanoseconds);
    }
    let mut rest = text;
    let hours = digits(&mut rest, 1, 2)?;
    let minutes = separated(&mut rest, b':')?;
    let seconds = separated(&mut rest, b':')?;
    let fraction = if mark(&mut rest, b'.').is_some() { fraction(&mut rest, 9)? } else { 0 };
    let valid = rest.is_empty() && hours < 24 && minutes < 60 && seconds < 60;
    valid.then_some((hours * 3600 + minutes * 60 + seconds) * SECOND + fraction)
}

/// Takes between `min` and `max` digits, at most 18.
pub(super) fn digits(rest: &mut &str, min: usize, max: usize) -> Option<i64> {
    let (mut value, mut length) = (0, 0);
    for digit in rest.bytes().take(max).take_while(u8::is_ascii_digit) {
        value = value * 10 + i64::from(digit - b'0');
        length += 1;
    }
    *rest = rest.get(length..).filter(|_| length >= min)?;
    Some(value)
}

/// Takes this character of ASCII.
pub(super) fn mark(rest: &mut &str, character: u8) -> Option<()> {
    *rest = rest.get(1..).filter(|_| rest.as_bytes().first() == Some(&character))?;
    Some(())
}

/// Takes all digits there are (one at least, `places` at most) as a fraction in units of the last place.
pub(super) fn fraction(rest: &mut &str, places: usize) -> Option<i64> {
    let before = rest.len();
    let value = digits(rest, 1, places)?;
    let missing = places - (before - rest.len());
    (!starts_with_digit(rest)).then_some(value * 10_i64.pow(missing as u32))
}

/// Whether a digit stands here.
pub(super) fn starts_with_digit(rest: &str) -> bool {
    rest.as_bytes().first().is_some_and(u8::is_ascii_digit)
}

fn separated(rest: &mut &str, separator: u8) -> Option<i64> {
    mark(rest, separator)?;
    digits(rest, 1, 2)
}

/// A difference from UTC as `+HHMM`, with seconds where there are some.
pub(super) fn write_offset(seconds: i64, out: &mut impl Sink) {
    let sign = if seconds < 0 { '-' } else { '+' };
    let seconds = seconds.unsigned_abs();
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let _ = write!(out.formatter(), "{sign}{hours:02}{minutes:02}");
    if seconds > 0 {
        let _ = write!(out.formatter(), "{seconds:02}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(days: i32) -> String {
        let mut out = String::new();
        write_date(days, &mut out);
        out
    }

    #[test]
    fn dates_outside_pythons_calendar_are_numbers() {
        // str(cassandra.util.Date(days))
        for (days, text) in [
            (0, "1970-01-01"),
            (-719_162, "0001-01-01"),
            (-719_163, "-719163"),
            (2_932_896, "9999-12-31"),
            (2_932_897, "2932897"),
            (i32::MIN, "-2147483648"),
        ] {
            assert_eq!(date(days), text);
            assert_eq!(parse_date(text).ok(), Some(days));
        }
    }

    #[test]
    fn a_number_that_may_be_a_date_is_refused() {
        assert!(matches!(parse_date("20200101"), Err(NotADate::Ambiguous)));
        assert_eq!(parse_date("+20200101").ok(), Some(20_200_101));
        assert!(matches!(parse_date("2020"), Err(NotADate::Syntax)));
        assert!(matches!(parse_date("18262"), Err(NotADate::Syntax)));
    }

    #[test]
    fn only_days_that_exist_are_dates() {
        assert_eq!(parse_date("+2020-1-5").ok(), Some(18_266));
        assert!(matches!(parse_date("2023-02-29"), Err(NotADate::NoSuchDay)));
        assert!(matches!(parse_date("2023-02-01 10:00"), Err(NotADate::Unconverted(rest)) if rest == " 10:00"));
        for text in ["", "2020-13-01", "2020-01-00", "20-01-01", "2020/01/01", "0000-01-01", "x"] {
            assert!(matches!(parse_date(text), Err(NotADate::Syntax)), "{text}");
        }
    }

    #[test]
    fn times_have_nine_digits_after_the_point() {
        for (nanoseconds, text) in [
            (0, "00:00:00.000000000"),
            (DAY - 1, "23:59:59.999999999"),
            (3_723_000_000_004, "01:02:03.000000004"),
            (DAY, "86400000000000"),
            (-1, "-1"),
        ] {
            let mut out = String::new();
            write_time(nanoseconds, &mut out);
            assert_eq!(out, text);
            assert_eq!(parse_time(text), Some(nanoseconds));
        }
        assert_eq!(parse_time("1:2:3.5"), Some(3_723_500_000_000));
        for text in ["", "12", "24:00:00", "10:00", "10:60:00", "10:00:60", "1:2:3.", "1:2:3.1234567890", "1:2:3x"] {
            assert_eq!(parse_time(text), None, "{text}");
        }
    }
}
