//! Timestamps: moments in milliseconds, as text in a format that the user may choose, and ISO 8601 in every shape that
//! says which moment it is. What does not say it is refused, never guessed.

use jiff::fmt::strtime::{self, BrokenDownTime};
use jiff::tz::TimeZone;

use super::calendar::Date;
use super::strftime::{self, Digits};
use super::time::{self, put_digits};
use super::{Sink, integer};

/// The format cqlsh has unless somebody chooses another one.
const DEFAULT_FORMAT: &str = "%Y-%m-%d %H:%M:%S.%f%z";

/// Writes a timestamp for the screen, in a time zone; a number of milliseconds if its year is not from 1 to 9999.
pub(super) fn write_local(millis: i64, format: &str, zone: &TimeZone, out: &mut impl Sink) {
    let digits = Digits { year: 1, microseconds: true };
    if strftime::write(format, millis, zone, digits, out).is_none() {
        integer::write(millis, "", out);
    }
}

/// Writes a timestamp for a file: always in UTC, with the three digits of a second that there are.
pub(super) fn write_utc(millis: i64, format: &str, out: &mut impl Sink) {
    let seconds = millis.div_euclid(1000);
    let days = seconds.div_euclid(86_400);
    if !time::is_in_calendar(days) {
        return integer::write(millis, "", out);
    }
    if format != DEFAULT_FORMAT {
        let digits = Digits { year: 4, microseconds: false };
        let _ = strftime::write(format, millis, &TimeZone::UTC, digits, out);
        return;
    }
    let (date, second) = (Date::from_days(days), seconds.rem_euclid(86_400));
    let mut text = *b"0000-00-00 00:00:00.000+0000";
    put_digits(&mut text[..4], date.year);
    put_digits(&mut text[5..7], date.month.into());
    put_digits(&mut text[8..10], date.day.into());
    put_digits(&mut text[11..13], second / 3600);
    put_digits(&mut text[14..16], second / 60 % 60);
    put_digits(&mut text[17..19], second % 60);
    put_digits(&mut text[20..23], millis.rem_euclid(1000));
    out.put(time::ascii(&text));
}

/// Writes `YYYY-MM-DD HH:MM:SS.mmmZ`, as the server does in JSON; a number of milliseconds if its year is not from 1 to
/// 9999.
pub(super) fn write_iso(millis: i64, out: &mut String) {
    write_utc(millis, DEFAULT_FORMAT, out);
    if out.ends_with("+0000") {
        out.truncate(out.len() - "+0000".len());
        out.push('Z');
    }
}

/// Reads a timestamp: in the format, or in ISO 8601, or as a number of milliseconds. Without an offset it is in UTC.
/// Digits finer than a millisecond are cut.
pub(super) fn parse(text: &str, format: &str) -> Option<i64> {
    // A text that fits the format is in the format, also where it could be read as something else.
    if format != DEFAULT_FORMAT
        && let Ok(read) = strtime::parse(format, text)
    {
        return parse_formatted(read);
    }
    parse_iso(text).or_else(|| integer::parse(text, i64::MIN, i64::MAX).ok())
}

fn parse_formatted(mut read: BrokenDownTime) -> Option<i64> {
    if let Some(timestamp) = read.timestamp() {
        return Some(timestamp.as_millisecond());
    }
    // As in Python, the first of what a format leaves out; but no year is made up.
    if read.month().is_none() && read.day_of_year().is_none() && read.iso_week().is_none() {
        read.set_month(Some(1)).ok()?;
    }
    if read.month().is_some() && read.day().is_none() {
        read.set_day(Some(1)).ok()?;
    }
    let datetime = read.to_datetime().ok().filter(|datetime| datetime.year() > 0)?;
    let date = Date::new(datetime.year().into(), datetime.month().cast_unsigned(), datetime.day().cast_unsigned())?;
    let second = i64::from(datetime.hour()) * 3600 + i64::from(datetime.minute()) * 60 + i64::from(datetime.second());
    let offset = read.offset().map_or(0, |offset| i64::from(offset.seconds()));
    Some((date.days() * 86_400 + second - offset) * 1000 + i64::from(datetime.millisecond()))
}

/// `YYYY-MM-DD`, then perhaps a blank or `T` and `HH:MM[:SS[.f…]]`, then perhaps `Z` or `±HH[[:]MM]`.
fn parse_iso(text: &str) -> Option<i64> {
    let mut rest = text.trim();
    let year = time::digits(&mut rest, 4, 4)?;
    let month = after(&mut rest, b'-')?;
    let day = after(&mut rest, b'-')?;
    let date = Date::new(year, month as u8, day as u8)?;
    let (mut second, mut millis) = (0, 0);
    let separator = ["'T'", "T", "t", " "].into_iter().find(|separator| rest.starts_with(separator));
    if let Some(separator) = separator {
        let mut clock = &rest[separator.len()..];
        if separator == " " {
            clock = clock.trim_start();
        }
        // A blank may also stand before an offset, as in `2020-01-01 +0100`.
        if separator != " " || time::starts_with_digit(clock) {
            (second, millis) = parse_clock(&mut clock)?;
            rest = clock;
        }
    }
    let offset = parse_offset(rest.trim_start())?;
    Some((date.days() * 86_400 + second - offset) * 1000 + millis)
}

/// `HH:MM[:SS[.f…]]` as seconds of the day and milliseconds.
fn parse_clock(rest: &mut &str) -> Option<(i64, i64)> {
    let hour = time::digits(rest, 2, 2)?;
    let minute = after(rest, b':')?;
    let mut second = 0;
    let mut millis = 0;
    if time::mark(rest, b':').is_some() {
        second = time::digits(rest, 2, 2)?;
        if time::mark(rest, b'.').or_else(|| time::mark(rest, b',')).is_some() {
            millis = time::fraction(rest, 9)? / 1_000_000;
        }
    }
    (hour < 24 && minute < 60 && second < 60).then_some((hour * 3600 + minute * 60 + second, millis))
}

/// Seconds east of UTC.
fn parse_offset(text: &str) -> Option<i64> {
    if text.is_empty() || text.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let mut rest = text;
    let sign = if time::mark(&mut rest, b'-').is_some() { -1 } else { 1 };
    if sign > 0 {
        time::mark(&mut rest, b'+')?;
    }
    let hours = time::digits(&mut rest, 2, 2)?;
    let mut minutes = 0;
    if !rest.is_empty() {
        // The colon may be missing.
        let _ = time::mark(&mut rest, b':');
        minutes = time::digits(&mut rest, 2, 2).filter(|_| rest.is_empty())?;
    }
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

/// Two digits after a separator.
fn after(rest: &mut &str, separator: u8) -> Option<i64> {
    time::mark(rest, separator)?;
    time::digits(rest, 2, 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2020-01-01 00:00 UTC.
    const NEW_YEAR: i64 = 1_577_836_800_000;
    const HOUR: i64 = 3_600_000;

    fn default(text: &str) -> Option<i64> {
        parse(text, DEFAULT_FORMAT)
    }

    #[test]
    fn every_shape_of_iso_8601_gives_its_moment() {
        for (text, hours) in [
            ("2020-01-01", 0),
            ("2020-01-01 10:00", 10),
            ("2020-01-01T10:00", 10),
            ("2020-01-01'T'10:00", 10),
            ("2020-01-01 10:00:00", 10),
            ("2020-01-01T10:00:00Z", 10),
            ("2020-01-01t10:00:00z", 10),
            ("2020-01-01 10:00:00+0200", 8),
            ("2020-01-01 10:00:00 +0200", 8),
            ("2020-01-01T10:00:00-02:00", 12),
            ("2020-01-01T10:00-02", 12),
            ("2020-01-01+01:00", -1),
            ("2020-01-01 -0100", 1),
            ("2020-01-01 10:00:00.000+0000", 10),
            (" 2020-01-01  10:00:00.000000+0000 ", 10),
        ] {
            assert_eq!(default(text), Some(NEW_YEAR + hours * HOUR), "{text}");
        }
        assert_eq!(default("2020-01-01 00:00:00.5"), Some(NEW_YEAR + 500));
        assert_eq!(default("2020-01-01 00:00:00,123999Z"), Some(NEW_YEAR + 123));
        assert_eq!(default("1969-12-31 23:59:59.9999"), Some(-1));
    }

    #[test]
    fn numbers_are_milliseconds() {
        assert_eq!(default("0"), Some(0));
        assert_eq!(default("-9223372036854775808"), Some(i64::MIN));
        assert_eq!(default(" +1_000 "), Some(1000));
        assert_eq!(default("9223372036854775808"), None);
    }

    #[test]
    fn what_names_no_moment_is_refused() {
        for text in [
            "",
            "abc",
            "2020-01",
            "2020-01-01T",
            "2020-01-01T10",
            "2020-01-01T10:00:00+",
            "2020-01-01T10:00:00+2",
            "2020-01-01T10:00:00+02:",
            "2020-01-01T10:00:00 Europe/Paris",
            "2020-02-30",
            "2020-01-01T24:00:00",
            "2020-01-01T10:00:60",
            "2020-01-01T10:00:00.",
            "20200101T100000Z",
            "2020-W01-1",
            "2020-01-01x",
            "2020-01-01T10:00:00+24:00",
            "2020-1-1",
            "10:00",
        ] {
            assert_eq!(default(text), None, "{text}");
        }
    }

    #[test]
    fn a_chosen_format_is_tried_first() {
        assert_eq!(parse("31/12/2019 22:00 -0200", "%d/%m/%Y %H:%M %z"), Some(NEW_YEAR));
        assert_eq!(parse("02/01/2020", "%d/%m/%Y"), Some(NEW_YEAR + 24 * HOUR));
        assert_eq!(parse("2020-01-01T00:00:00Z", "%d/%m/%Y"), Some(NEW_YEAR));
        assert_eq!(parse("2020", "%Y"), Some(NEW_YEAR));
        assert_eq!(parse("2020 001", "%Y %j"), Some(NEW_YEAR));
        assert_eq!(parse("1577836800", "%s"), Some(NEW_YEAR));
        assert_eq!(parse("10:00", "%H:%M"), None);
        assert_eq!(parse("20200101000000", "%Y%m%d%H%M%S"), Some(NEW_YEAR));
        assert_eq!(parse("253402300800000", "%Y%m%d%H%M%S"), Some(253_402_300_800_000));
        assert_eq!(parse("-90001010101010", "%Y%m%d%H%M%S"), None);
    }

    #[test]
    fn files_have_utc_and_milliseconds() {
        let written = |millis, format| {
            let mut out = String::new();
            write_utc(millis, format, &mut out);
            out
        };
        assert_eq!(written(NEW_YEAR + 456, DEFAULT_FORMAT), "2020-01-01 00:00:00.456+0000");
        assert_eq!(written(-1, DEFAULT_FORMAT), "1969-12-31 23:59:59.999+0000");
        assert_eq!(written(-62_135_596_800_000, DEFAULT_FORMAT), "0001-01-01 00:00:00.000+0000");
        assert_eq!(written(253_402_300_799_999, DEFAULT_FORMAT), "9999-12-31 23:59:59.999+0000");
        assert_eq!(written(253_402_300_800_000, DEFAULT_FORMAT), "253402300800000");
        assert_eq!(written(NEW_YEAR + 456, "%d.%m.%Y %H:%M:%S.%f"), "01.01.2020 00:00:00.456");
    }
}
