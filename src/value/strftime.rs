//! `strftime` as Python has it on Linux, in the C locale.

use std::fmt::Write;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::calendar::{self, Date};
use super::{Sink, time};

/// The details in which the screen and COPY differ.
#[derive(Debug, Clone, Copy)]
pub(super) struct Digits {
    /// The least number of digits of a year.
    pub(super) year: usize,
    /// Whether `%f` has six digits or, cut, three.
    pub(super) microseconds: bool,
}

/// Writes a timestamp in a time zone; `None` if Python's calendar, years 1 to 9999, has no such moment there.
pub(super) fn write(format: &str, millis: i64, zone: &TimeZone, digits: Digits, out: &mut impl Sink) -> Option<()> {
    let seconds = millis.div_euclid(1000);
    if !time::is_in_calendar(seconds.div_euclid(86_400)) {
        return None;
    }
    // The last hours of the year 9999 are beyond jiff's last moment, whose offset is theirs too.
    let timestamp = Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX);
    let info = zone.to_offset_info(timestamp);
    let offset = i64::from(info.offset().seconds());
    let local = seconds + offset;
    let days = local.div_euclid(86_400);
    if !time::is_in_calendar(days) {
        return None;
    }
    let moment = Moment {
        days,
        date: Date::from_days(days),
        second: local.rem_euclid(86_400),
        millis: millis.rem_euclid(1000),
        epoch: seconds,
        offset,
        zone: info.abbreviation(),
        digits,
    };
    moment.write(format, out);
    Some(())
}

struct Moment<'a> {
    days: i64,
    date: Date,
    second: i64,
    millis: i64,
    epoch: i64,
    offset: i64,
    zone: &'a str,
    digits: Digits,
}

const DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

impl Moment<'_> {
    fn write(&self, format: &str, out: &mut impl Sink) {
        let mut rest = format;
        while let Some(at) = rest.find('%') {
            out.put(&rest[..at]);
            rest = &rest[at..];
            let directive = Directive::of(rest);
            match self.expand(directive, out) {
                Some(()) => rest = &rest[directive.length..],
                None => {
                    out.put("%");
                    rest = &rest[1..];
                }
            }
        }
        out.put(rest);
    }

    /// Writes one directive; `None` if it is none, and stands for itself.
    fn expand(&self, directive: Directive, out: &mut impl Sink) -> Option<()> {
        let Date { year, month, day } = self.date;
        let (hour, minute, second) = (self.second / 3600, self.second / 60 % 60, self.second % 60);
        let (weekday, day_of_year) = (calendar::weekday(self.days), self.date.day_of_year());
        let hour12 = (hour + 11) % 12 + 1;
        let mut number = |value: i64, width: usize, fill: char| directive.number(value, width, fill, out);
        match directive.letter {
            'd' => number(day.into(), 2, '0'),
            'e' => number(day.into(), 2, ' '),
            'm' => number(month.into(), 2, '0'),
            'y' => number(year % 100, 2, '0'),
            // cqlsh: the C library does not fill up years, so that the year 987 has three digits.
            'Y' => number(year, self.digits.year, '0'),
            'C' => number(year / 100, self.digits.year / 2, '0'),
            'H' => number(hour, 2, '0'),
            'k' => number(hour, 2, ' '),
            'I' => number(hour12, 2, '0'),
            'l' => number(hour12, 2, ' '),
            'M' => number(minute, 2, '0'),
            'S' => number(second, 2, '0'),
            'f' if self.digits.microseconds => number(self.millis * 1000, 6, '0'),
            'f' => number(self.millis, 3, '0'),
            'j' => number(day_of_year + 1, 3, '0'),
            'w' => number(weekday, 1, '0'),
            'u' => number((weekday + 6) % 7 + 1, 1, '0'),
            'U' => number((day_of_year + 7 - weekday) / 7, 2, '0'),
            'W' => number((day_of_year + 7 - (weekday + 6) % 7) / 7, 2, '0'),
            'V' => number(calendar::iso_week(self.days).1, 2, '0'),
            'G' => number(calendar::iso_week(self.days).0, self.digits.year, '0'),
            'g' => number(calendar::iso_week(self.days).0 % 100, 2, '0'),
            's' => number(self.epoch, 1, '0'),
            'a' => out.put(DAYS.get(weekday as usize)?.get(..3)?),
            'A' => out.put(DAYS.get(weekday as usize)?),
            'b' | 'h' => out.put(MONTHS.get(usize::from(month) - 1)?.get(..3)?),
            'B' => out.put(MONTHS.get(usize::from(month) - 1)?),
            'p' => out.put(if hour < 12 { "AM" } else { "PM" }),
            'P' => out.put(if hour < 12 { "am" } else { "pm" }),
            'z' => time::write_offset(self.offset, out),
            'Z' => out.put(self.zone),
            'c' => self.write("%a %b %e %H:%M:%S %Y", out),
            'x' | 'D' => self.write("%m/%d/%y", out),
            'X' | 'T' => self.write("%H:%M:%S", out),
            'F' => self.write("%Y-%m-%d", out),
            'r' => self.write("%I:%M:%S %p", out),
            'R' => self.write("%H:%M", out),
            'n' => out.put("\n"),
            't' => out.put("\t"),
            '%' => out.put("%"),
            _ => return None,
        }
        Some(())
    }
}

/// `%d`, or with one of glibc's flags `%-d` (no filling), `%_d` (blanks), `%0d` (zeros).
#[derive(Clone, Copy)]
struct Directive {
    flag: Option<char>,
    letter: char,
    length: usize,
}

impl Directive {
    /// Takes apart a text that begins with `%`.
    fn of(text: &str) -> Self {
        let mut letters = text.chars().skip(1);
        match letters.next() {
            Some(flag @ ('-' | '_' | '0')) => {
                let letter = letters.next().unwrap_or('\0');
                Self { flag: Some(flag), letter, length: 2 + letter.len_utf8() }
            }
            letter => {
                let letter = letter.unwrap_or('\0');
                Self { flag: None, letter, length: 1 + letter.len_utf8() }
            }
        }
    }

    fn number(self, value: i64, width: usize, fill: char, out: &mut impl Sink) {
        let mut out = out.formatter();
        let _ = match (self.flag, fill) {
            (Some('-'), _) => write!(out, "{value}"),
            (Some('_'), _) | (None, ' ') => write!(out, "{value:width$}"),
            _ => write!(out, "{value:0width$}"),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(format: &str, millis: i64) -> Option<String> {
        in_zone(format, millis, &TimeZone::UTC)
    }

    fn in_zone(format: &str, millis: i64, zone: &TimeZone) -> Option<String> {
        let mut out = String::new();
        write(format, millis, zone, Digits { year: 1, microseconds: true }, &mut out).map(|()| out)
    }

    #[test]
    fn directives_are_pythons() {
        // datetime(987, 3, 4, 5, 6, 7, 8000, tzinfo=timezone.utc).strftime(...) on Linux
        const MOMENT: i64 = -31_015_076_033_000 + 8;
        for (format, text) in [
            ("%a %A %w %d %b %B", "Sun Sunday 0 04 Mar March"),
            ("%m %y %Y %H %I %p %M %S %f", "03 87 987 05 05 AM 06 07 008000"),
            ("%z %Z %j %U %W", "+0000 UTC 063 09 09"),
            ("%c|%x|%X|%%", "Sun Mar  4 05:06:07 987|03/04/87|05:06:07|%"),
            ("%G %u %V %C %D %e %F", "987 7 09 9 03/04/87  4 987-03-04"),
            ("%g %h %k %l %n %P %r %R %s %t %T", "87 Mar  5  5 \n am 05:06:07 AM 05:06 -31015076033 \t 05:06:07"),
            ("%-d %_d %q %L %", "4  4 %q %L %"),
            ("no directive, é", "no directive, é"),
        ] {
            assert_eq!(utc(format, MOMENT).as_deref(), Some(text));
        }
    }

    #[test]
    fn the_calendar_ends_with_the_years_1_and_9999() {
        assert_eq!(utc("%Y-%m-%d", -62_135_596_800_000).as_deref(), Some("1-01-01"));
        assert_eq!(utc("%Y-%m-%d", -62_135_596_800_001), None);
        assert_eq!(utc("%F %T.%f", 253_402_300_799_999).as_deref(), Some("9999-12-31 23:59:59.999000"));
        assert_eq!(utc("%Y", 253_402_300_800_000), None);
        assert_eq!(utc("%Y", i64::MIN), None);
        assert_eq!(utc("%Y", i64::MAX), None);
    }

    #[test]
    fn zones_bring_their_offset_and_their_name() {
        let paris = TimeZone::get("Europe/Paris").unwrap();
        let shown = |millis| in_zone("%Y-%m-%d %H:%M:%S%z %Z", millis, &paris);
        assert_eq!(shown(1_593_561_600_000).as_deref(), Some("2020-07-01 02:00:00+0200 CEST"));
        assert_eq!(shown(1_577_836_800_000).as_deref(), Some("2020-01-01 01:00:00+0100 CET"));
        // Local mean time, before 1911.
        assert_eq!(shown(-2_500_000_000_000).as_deref(), Some("1890-10-11 19:42:41+000921 LMT"));
        assert_eq!(shown(253_402_300_799_999), None);
        let new_york = TimeZone::get("America/New_York").unwrap();
        let shown = in_zone("%F %T%z", 253_402_300_799_999, &new_york);
        assert_eq!(shown.as_deref(), Some("9999-12-31 18:59:59-0500"));
    }
}
