//! School years.

use std::fmt;

use jiff::civil::{Date, Weekday};

use super::holidays::back_to_school;
use crate::site::{DayNumber, date_of, number_of};

/// From 1 September to 31 August, named by the calendar year it begins in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SchoolYear(i16);

impl SchoolYear {
    /// The school year that begins in that calendar year; years that the calendar does not have are
    /// the nearest that it has.
    pub fn starting_in(year: i16) -> Self {
        Self(year.clamp(1, 9_998))
    }

    /// The school year that a day lies in.
    pub fn of(day: DayNumber) -> Self {
        let date = date_of(day);
        Self::starting_in(if date.month() < 9 { date.year() - 1 } else { date.year() })
    }

    /// The calendar year it begins in.
    pub fn begins_in(self) -> i16 {
        self.0
    }

    /// 1 September.
    pub fn first(self) -> DayNumber {
        number_of(self.september())
    }

    /// 31 August.
    pub fn last(self) -> DayNumber {
        self.next().first() - 1
    }

    /// The day on which pupils come back: the day after the summer holidays where the calendar of that
    /// year is known, else the first Monday to Thursday from 1 September on, as it was in every year
    /// known so far.
    pub fn rentree(self) -> DayNumber {
        back_to_school(self.0).unwrap_or_else(|| {
            let wait = match self.september().weekday() {
                Weekday::Friday => 3,
                Weekday::Saturday => 2,
                Weekday::Sunday => 1,
                _ => 0,
            };
            self.first() + wait
        })
    }

    pub fn next(self) -> Self {
        Self::starting_in(self.0.saturating_add(1))
    }

    pub fn previous(self) -> Self {
        Self::starting_in(self.0.saturating_sub(1))
    }

    fn september(self) -> Date {
        Date::new(self.0, 9, 1).unwrap_or_default()
    }
}

impl fmt::Display for SchoolYear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.0, self.0 + 1)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_school_year_goes_from_september_to_august() {
        for (day, name) in [
            (date(2026, 8, 31), "2025-2026"),
            (date(2026, 9, 1), "2026-2027"),
            (date(2026, 12, 31), "2026-2027"),
            (date(2027, 1, 1), "2026-2027"),
        ] {
            let year = SchoolYear::of(number_of(day));
            assert_eq!(year.to_string(), name);
            assert!((year.first()..=year.last()).contains(&number_of(day)));
        }
        assert_eq!(SchoolYear::starting_in(2023).last(), number_of(date(2024, 8, 31)));
    }

    #[test]
    fn pupils_come_back_on_the_day_after_the_holidays() {
        for (year, day) in [
            (2019, date(2019, 9, 2)),
            (2020, date(2020, 9, 1)),
            (2022, date(2022, 9, 1)),
            (2023, date(2023, 9, 4)),
            (2024, date(2024, 9, 2)),
            (2025, date(2025, 9, 1)),
            (2026, date(2026, 9, 1)),
            // Not laid down yet: 1 September 2028 is a Friday.
            (2028, date(2028, 9, 4)),
            (2029, date(2029, 9, 3)),
        ] {
            assert_eq!(date_of(SchoolYear::starting_in(year).rentree()), day);
        }
    }

    #[test]
    fn the_rule_for_years_to_come_fits_the_known_ones() {
        for year in 2019..=2027 {
            let first = SchoolYear::starting_in(year).september();
            let rule = match first.weekday() {
                Weekday::Friday => 3,
                Weekday::Saturday => 2,
                Weekday::Sunday => 1,
                _ => 0,
            };
            assert_eq!(back_to_school(year), Some(number_of(first) + rule), "{year}");
        }
    }

    #[test]
    fn no_day_is_outside_the_calendar() {
        for day in [i32::MIN, -5_000_000, 0, 5_000_000, i32::MAX] {
            let year = SchoolYear::of(day);
            assert!(year.first() <= year.last());
        }
    }
}
