//! The proleptic Gregorian calendar: days since 1970-01-01 to dates and back, by arithmetic alone.

/// The first day that Python's calendar has, 0001-01-01.
pub(super) const FIRST_DAY: i64 = -719_162;
/// The last day that Python's calendar has, 9999-12-31.
pub(super) const LAST_DAY: i64 = 2_932_896;

/// A year, a month from 1 and a day from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Date {
    pub(super) year: i64,
    pub(super) month: u8,
    pub(super) day: u8,
}

/// Days of an era of 400 years, after which the calendar repeats.
const ERA: i64 = 146_097;
/// Days from 0000-03-01, where an era starts, to 1970-01-01.
const EPOCH: i64 = 719_468;

impl Date {
    /// The date of a day. Years start in March inside, so that the leap day comes last.
    pub(super) fn from_days(days: i64) -> Self {
        let days = days + EPOCH;
        let day_of_era = days.rem_euclid(ERA);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        let year = year_of_era + days.div_euclid(ERA) * 400 + i64::from(month <= 2);
        Self { year, month: month as u8, day: day as u8 }
    }

    /// The date if there is such a day.
    pub(super) fn new(year: i64, month: u8, day: u8) -> Option<Self> {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days = match month {
            2 => 28 + u8::from(leap),
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => 0,
        };
        (1..=days).contains(&day).then_some(Self { year, month, day })
    }

    /// Days since 1970-01-01.
    pub(super) fn days(self) -> i64 {
        let (month, day) = (i64::from(self.month), i64::from(self.day));
        let year = self.year - i64::from(month <= 2);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let year_of_era = year.rem_euclid(400);
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        year.div_euclid(400) * ERA + day_of_era - EPOCH
    }

    /// Days since the first of January of its year.
    pub(super) fn day_of_year(self) -> i64 {
        self.days() - Self { year: self.year, month: 1, day: 1 }.days()
    }
}

/// The day of the week, 0 for Sunday.
pub(super) fn weekday(days: i64) -> i64 {
    (days + 4).rem_euclid(7)
}

/// The year and the week of ISO 8601.
pub(super) fn iso_week(days: i64) -> (i64, i64) {
    // A week belongs to the year that its Thursday is in.
    let thursday = days - (weekday(days) + 6) % 7 + 3;
    let date = Date::from_days(thursday);
    (date.year, date.day_of_year() / 7 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_bounds_are_those_of_pythons_calendar() {
        assert_eq!(Date::from_days(FIRST_DAY), Date { year: 1, month: 1, day: 1 });
        assert_eq!(Date::from_days(LAST_DAY), Date { year: 9999, month: 12, day: 31 });
        assert_eq!(Date::from_days(0), Date { year: 1970, month: 1, day: 1 });
    }

    #[test]
    fn days_that_do_not_exist_are_no_dates() {
        assert!(Date::new(2023, 2, 29).is_none());
        assert!(Date::new(1900, 2, 29).is_none());
        assert!(Date::new(2000, 2, 29).is_some());
        assert!(Date::new(2020, 13, 1).is_none());
        assert!(Date::new(2020, 4, 31).is_none());
        assert!(Date::new(2020, 1, 0).is_none());
    }

    proptest! {
        #[test]
        fn days_and_dates_agree_with_jiff(days in -4_371_222_i64..=LAST_DAY) {
            let span = jiff::Span::new().days(days);
            let theirs = jiff::civil::date(1970, 1, 1).checked_add(span).unwrap();
            let date = Date::from_days(days);
            prop_assert_eq!(date.year, i64::from(theirs.year()));
            prop_assert_eq!((i64::from(date.month), i64::from(date.day)), (theirs.month().into(), theirs.day().into()));
            prop_assert_eq!(weekday(days), i64::from(theirs.weekday().to_sunday_zero_offset()));
            let week = theirs.iso_week_date();
            prop_assert_eq!(iso_week(days), (i64::from(week.year()), i64::from(week.week())));
            prop_assert_eq!(date.day_of_year() + 1, i64::from(theirs.day_of_year()));
            prop_assert_eq!(date.days(), days);
        }
    }
}
