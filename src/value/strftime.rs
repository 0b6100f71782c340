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
            let (written, after) = rest.split_at(directive.length);
            if !directive.is_known() || self.expand(directive, out).is_none() {
                directive.text(written, out);
            }
            rest = after;
        }
        out.put(rest);
    }

    /// Writes one directive; `None` if it is none, and stands for itself.
    fn expand(&self, directive: Directive, out: &mut impl Sink) -> Option<()> {
        let Date { year, month, day } = self.date;
        let (hour, minute, second) = (self.second / 3600, self.second / 60 % 60, self.second % 60);
        let (weekday, day_of_year) = (calendar::weekday(self.days), self.date.day_of_year());
        let hour12 = (hour + 11) % 12 + 1;
        let month_name = MONTHS.get(usize::from(month) - 1)?;
        let weekday_name = DAYS.get(weekday as usize)?;
        let name = Directive { upper: directive.upper || directive.swapped, ..directive };
        let mut number = |value: i64, digits: usize, fill: char| directive.number(value, digits, fill, out);
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
            'j' => number(day_of_year + 1, 3, '0'),
            'w' => number(weekday, 1, '0'),
            'u' => number((weekday + 6) % 7 + 1, 1, '0'),
            'U' => number((day_of_year + 7 - weekday) / 7, 2, '0'),
            'W' => number((day_of_year + 7 - (weekday + 6) % 7) / 7, 2, '0'),
            'V' => number(calendar::iso_week(self.days).1, 2, '0'),
            'G' => number(calendar::iso_week(self.days).0, self.digits.year, '0'),
            'g' => number(calendar::iso_week(self.days).0 % 100, 2, '0'),
            's' => directive.text(&self.epoch.to_string(), out),
            'a' => name.text(weekday_name.get(..3)?, out),
            'A' => name.text(weekday_name, out),
            'b' | 'h' => name.text(month_name.get(..3)?, out),
            'B' => name.text(month_name, out),
            'p' if hour < 12 => directive.text(if directive.swapped { "am" } else { "AM" }, out),
            'p' => directive.text(if directive.swapped { "pm" } else { "PM" }, out),
            'P' => Directive { upper: false, ..directive }.text(if hour < 12 { "am" } else { "pm" }, out),
            // Python's own, and only bare.
            'f' if directive.length > 2 => return None,
            'f' if self.digits.microseconds => number(self.millis * 1000, 6, '0'),
            'f' => number(self.millis, 3, '0'),
            'z' => time::write_offset(self.offset, out),
            'Z' if directive.swapped => directive.text(&self.zone.to_lowercase(), out),
            'Z' => directive.text(self.zone, out),
            'c' => self.nested("%a %b %e %H:%M:%S %Y", directive, out),
            'x' | 'D' => self.nested("%m/%d/%y", directive, out),
            'X' | 'T' => self.nested("%H:%M:%S", directive, out),
            'F' => self.nested("%Y-%m-%d", directive, out),
            'r' => self.nested("%I:%M:%S %p", directive, out),
            'R' => self.nested("%H:%M", directive, out),
            'n' => directive.text("\n", out),
            't' => directive.text("\t", out),
            '%' => directive.text("%", out),
            _ => return None,
        }
        Some(())
    }

    /// A directive that stands for several.
    fn nested(&self, format: &str, directive: Directive, out: &mut impl Sink) {
        let mut text = String::new();
        self.write(format, &mut text);
        directive.text(&text, out);
    }
}

/// `%d`, or with what glibc takes between the two: flags, the least width and a modifier.
#[derive(Debug, Clone, Copy)]
struct Directive {
    /// `-` does not fill up, `_` fills up with blanks, `0` with zeros.
    fill: Option<char>,
    /// `^`: capital letters.
    upper: bool,
    /// `#`: the other letters, which are capital ones for names and small ones for AM and PM.
    swapped: bool,
    width: usize,
    /// `E` or `O`, which say nothing in the C locale.
    modifier: Option<char>,
    letter: char,
    /// In bytes, from `%` to the letter.
    length: usize,
}

/// What is filled up at most; glibc's own limit is the memory.
const WIDEST: usize = 1023;

impl Directive {
    /// Takes apart a text that begins with `%`.
    fn of(text: &str) -> Self {
        let flags = text.char_indices().skip(1);
        let mut directive = Self {
            fill: None,
            upper: false,
            swapped: false,
            width: 0,
            modifier: None,
            letter: '\0',
            length: text.len(),
        };
        let mut in_flags = true;
        for (at, letter) in flags {
            match letter {
                '-' | '_' | '0' if in_flags => directive.fill = Some(letter),
                '^' if in_flags => directive.upper = true,
                '#' if in_flags => directive.swapped = true,
                '0'..='9' if directive.modifier.is_none() => {
                    in_flags = false;
                    let digit = letter as usize - '0' as usize;
                    directive.width = (directive.width * 10 + digit).min(WIDEST);
                }
                'E' | 'O' if directive.modifier.is_none() => {
                    in_flags = false;
                    directive.modifier = Some(letter);
                }
                _ => {
                    directive.letter = letter;
                    directive.length = at + letter.len_utf8();
                    break;
                }
            }
        }
        directive
    }

    /// Whether the modifier goes with the letter.
    fn is_known(self) -> bool {
        match self.modifier {
            None => true,
            Some('E') => "cnprstxyzCPRTXYZ%".contains(self.letter),
            Some(_) => "bdeghjklmnprstuwyzBCGHIMPRSTUVWZ%".contains(self.letter),
        }
    }

    fn number(self, value: i64, digits: usize, fill: char, out: &mut impl Sink) {
        let (fill, digits) = match self.fill {
            Some('-') => (' ', 1),
            Some('_') => (' ', digits),
            Some(_) => ('0', digits),
            None => (fill, digits),
        };
        let width = digits.max(self.width);
        let mut out = out.formatter();
        let _ = if fill == '0' { write!(out, "{value:0width$}") } else { write!(out, "{value:width$}") };
    }

    fn text(self, text: &str, out: &mut impl Sink) {
        let fill = if self.fill == Some('0') { "0" } else { " " };
        for _ in text.chars().count()..self.width {
            out.put(fill);
        }
        if self.upper {
            out.put(&text.to_uppercase());
        } else {
            out.put(text);
        }
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
            ("%5d|%-5d|%_5d|%5e|%0e|%6Y|%-j|%20s", "00004|    4|    4|    4|04|000987|63|        -31015076033"),
            ("%^a %#B %^B %#p %^P %^c", "SUN MARCH MARCH am am SUN MAR  4 05:06:07 987"),
            ("%5a|%05a|%12D|%3%|%030c", "  Sun|00Sun|    03/04/87|  %|0000000Sun Mar  4 05:06:07 987"),
            ("%Ey %Od %OB %EA %Ox %E%", "87 04 March %EA %Ox %"),
            ("%5q|%^q|%3f|%5Z|%#Z|%5", "  %5q|%^Q|%3f|  UTC|utc|   %5"),
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
