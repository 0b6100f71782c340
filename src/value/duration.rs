//! Durations: months, days and nanoseconds, which do not add up to one another.

use std::fmt::Write;

use super::{Sink, ValueError, vint};

/// A duration. All parts are of one sign, or zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Duration {
    /// Months.
    pub months: i32,
    /// Days.
    pub days: i32,
    /// Nanoseconds.
    pub nanoseconds: i64,
}

const MICROSECOND: u64 = 1000;
const MILLISECOND: u64 = 1000 * MICROSECOND;
const SECOND: u64 = 1000 * MILLISECOND;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;

impl Duration {
    /// Three signed vints.
    pub(super) fn decode(bytes: &[u8]) -> Result<Self, ValueError> {
        let parts = || {
            let (months, rest) = vint::read_signed(bytes)?;
            let (days, rest) = vint::read_signed(rest)?;
            let (nanoseconds, rest) = vint::read_signed(rest)?;
            let (months, days) = (months.try_into().ok()?, days.try_into().ok()?);
            rest.is_empty().then_some(Self { months, days, nanoseconds })
        };
        parts().ok_or_else(|| ValueError("a value of duration takes three vints".to_owned()))
    }

    /// Appends the wire form.
    pub(super) fn encode(self, out: &mut Vec<u8>) {
        vint::write_signed(self.months.into(), out);
        vint::write_signed(self.days.into(), out);
        vint::write_signed(self.nanoseconds, out);
    }

    /// Whether one part is below zero and another above, which no text can say.
    pub(super) fn has_mixed_signs(self) -> bool {
        let (months, days) = (self.months.signum(), self.days.signum());
        let signs = [months, days, self.nanoseconds.signum() as i32];
        signs.contains(&1) && signs.contains(&-1)
    }

    /// Writes the parts that are not zero; nothing for no time at all.
    pub(super) fn write(self, out: &mut impl Sink) {
        if self.months < 0 || self.days < 0 || self.nanoseconds < 0 {
            out.put("-");
        }
        let mut out = out.formatter();
        let mut part = |amount: u64, unit: &str| {
            if amount > 0 {
                let _ = write!(out, "{amount}{unit}");
            }
        };
        let (months, nanoseconds) = (u64::from(self.months.unsigned_abs()), self.nanoseconds.unsigned_abs());
        part(months / 12, "y");
        part(months % 12, "mo");
        part(self.days.unsigned_abs().into(), "d");
        part(nanoseconds / HOUR, "h");
        part(nanoseconds % HOUR / MINUTE, "m");
        part(nanoseconds % MINUTE / SECOND, "s");
        part(nanoseconds % SECOND / MILLISECOND, "ms");
        part(nanoseconds % MILLISECOND / MICROSECOND, "us");
        part(nanoseconds % MICROSECOND, "ns");
    }

    /// Reads every form that CQL has: `1y2mo3w4d5h6m7s8ms9us10ns`, `P1Y2M3DT4H5M6S`, `P3W`, `P0001-02-03T04:05:06`,
    /// each with a `-` in front of it or not.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let mut sum = Sum::default();
        match text.strip_prefix('P') {
            None => sum.read(text, UNITS)?,
            Some(date) if date.contains('-') => sum.read_alternative(date)?,
            Some(weeks) if weeks.ends_with('W') => sum.read(weeks, &[("W", Part::Days(7))])?,
            Some(iso) => match iso.split_once('T') {
                None => sum.read(iso, ISO_DATE)?,
                Some((date, time)) => {
                    if !date.is_empty() {
                        sum.read(date, ISO_DATE)?;
                    }
                    sum.read(time, ISO_TIME)?;
                }
            },
        }
        sum.finish(negative)
    }
}

#[derive(Clone, Copy)]
enum Part {
    Months(u64),
    Days(u64),
    Nanoseconds(u64),
}

/// The units in the order they have to come in; their case does not matter, except that of the ISO forms.
const UNITS: &[(&str, Part)] = &[
    ("y", Part::Months(12)),
    ("mo", Part::Months(1)),
    ("w", Part::Days(7)),
    ("d", Part::Days(1)),
    ("h", Part::Nanoseconds(HOUR)),
    ("m", Part::Nanoseconds(MINUTE)),
    ("s", Part::Nanoseconds(SECOND)),
    ("ms", Part::Nanoseconds(MILLISECOND)),
    ("us", Part::Nanoseconds(MICROSECOND)),
    ("µs", Part::Nanoseconds(MICROSECOND)),
    ("ns", Part::Nanoseconds(1)),
];
const ISO_DATE: &[(&str, Part)] = &[("Y", Part::Months(12)), ("M", Part::Months(1)), ("D", Part::Days(1))];
const ISO_TIME: &[(&str, Part)] =
    &[("H", Part::Nanoseconds(HOUR)), ("M", Part::Nanoseconds(MINUTE)), ("S", Part::Nanoseconds(SECOND))];

/// What was read so far, without its sign.
#[derive(Default)]
struct Sum {
    months: u64,
    days: u64,
    nanoseconds: u64,
}

impl Sum {
    /// Reads `<digits><unit>` one after the other, each unit once at most and in the order given.
    fn read(&mut self, text: &str, mut units: &[(&str, Part)]) -> Option<()> {
        let mut rest = text;
        loop {
            let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let (amount, after) = rest.split_at_checked(digits)?;
            let unit = after.find(|c: char| c.is_ascii_digit()).unwrap_or(after.len());
            let (unit, after) = after.split_at_checked(unit)?;
            let at = units.iter().position(|(name, _)| name.eq_ignore_ascii_case(unit))?;
            self.add(amount.parse().ok()?, units[at].1)?;
            units = &units[at + 1..];
            rest = after;
            if rest.is_empty() {
                return Some(());
            }
        }
    }

    /// Reads `YYYY-MM-DDThh:mm:ss`.
    fn read_alternative(&mut self, text: &str) -> Option<()> {
        const SHAPE: &str = "0000-00-00T00:00:00";
        let fits = |(c, shape): (u8, u8)| if shape == b'0' { c.is_ascii_digit() } else { c == shape };
        if text.len() != SHAPE.len() || !text.bytes().zip(SHAPE.bytes()).all(fits) {
            return None;
        }
        let units = [ISO_DATE, ISO_TIME].concat();
        for (amount, (_, part)) in text.split(['-', 'T', ':']).zip(units) {
            self.add(amount.parse().ok()?, part)?;
        }
        Some(())
    }

    fn add(&mut self, amount: u64, part: Part) -> Option<()> {
        let (total, unit) = match part {
            Part::Months(unit) => (&mut self.months, unit),
            Part::Days(unit) => (&mut self.days, unit),
            Part::Nanoseconds(unit) => (&mut self.nanoseconds, unit),
        };
        *total = amount.checked_mul(unit)?.checked_add(*total)?;
        Some(())
    }

    fn finish(self, negative: bool) -> Option<Duration> {
        let signed = |amount: u64| if negative { -i128::from(amount) } else { i128::from(amount) };
        Some(Duration {
            months: signed(self.months).try_into().ok()?,
            days: signed(self.days).try_into().ok()?,
            nanoseconds: signed(self.nanoseconds).try_into().ok()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Option<(i32, i32, i64)> {
        Duration::parse(text).map(|d| (d.months, d.days, d.nanoseconds))
    }

    #[test]
    fn every_form_of_cql_is_read() {
        let hour = HOUR as i64;
        for (text, expected) in [
            ("1y2mo3w4d5h6m7s8ms9us10ns", (14, 25, 18_367_008_009_010)),
            ("1Y2MO", (14, 0, 0)),
            ("-12h", (0, 0, -12 * hour)),
            ("9µs", (0, 0, 9_000)),
            ("P1Y2M3DT4H5M6S", (14, 3, 14_706_000_000_000)),
            ("-P1D", (0, -1, 0)),
            ("PT3H", (0, 0, 3 * hour)),
            ("P2W", (0, 14, 0)),
            ("P0001-02-03T04:05:06", (14, 3, 14_706_000_000_000)),
            ("0s", (0, 0, 0)),
            ("-9223372036854775808ns", (0, 0, i64::MIN)),
            ("-178956970y8mo2147483648d", (i32::MIN, i32::MIN, 0)),
        ] {
            assert_eq!(parsed(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_duration_is_refused() {
        for text in [
            "",
            "-",
            "1",
            "h",
            "1h1h",
            "1m1h",
            "1.5h",
            "P",
            "PT",
            "P1",
            "P1H",
            "PT1D",
            "P1W2D",
            "1x",
            "1 h",
            "--1h",
            "9223372036854775808ns",
            "2147483648d",
            "99999999999999999999y",
            "P1-02-03T04:05:06",
            "p1y",
        ] {
            assert_eq!(parsed(text), None, "{text}");
        }
    }

    #[test]
    fn parts_are_written_as_cqlsh_writes_them() {
        // formatting.duration_as_str
        for ((months, days, nanoseconds), text) in [
            ((0, 0, 0), ""),
            ((14, 3, 0), "1y2mo3d"),
            ((0, 0, 45_030_250_000_000), "12h30m30s250ms"),
            ((-1, -2, -3), "-1mo2d3ns"),
            ((0, 0, i64::MIN), "-2562047h47m16s854ms775us808ns"),
            ((i32::MAX, i32::MAX, i64::MAX), "178956970y7mo2147483647d2562047h47m16s854ms775us807ns"),
        ] {
            let mut out = String::new();
            Duration { months, days, nanoseconds }.write(&mut out);
            assert_eq!(out, text);
        }
    }
}
