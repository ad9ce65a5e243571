//! Weeks counted from the first day of school.

use super::{SchoolYear, Zone, holidays};
use crate::site::{DayNumber, date_of};

/// A week of a school year, Monday first. Week 1 holds the first day of school; holidays count on.
/// Days before it, the first of September included, are of the last week of the year before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SchoolWeek {
    pub year: SchoolYear,
    /// From 1 to 53.
    pub number: u8,
}

impl SchoolWeek {
    /// The school week that a day lies in.
    pub fn of(day: DayNumber) -> Self {
        // The first week may begin in August, or after the first days of September.
        let around = SchoolYear::of(day);
        let year = [around.next(), around, around.previous()]
            .into_iter()
            .find(|year| first_monday(*year) <= day)
            .unwrap_or(around);
        let weeks = day.saturating_sub(first_monday(year)).div_euclid(7);
        Self { year, number: u8::try_from(weeks + 1).unwrap_or(1) }
    }

    /// Its Monday.
    pub fn monday(self) -> DayNumber {
        first_monday(self.year) + 7 * (i32::from(self.number) - 1)
    }

    /// Whether there is no school from its Monday to its Friday for holidays; none where the zone's
    /// calendar is not known.
    pub fn is_holidays(self, zone: Zone) -> Option<bool> {
        let (monday, friday) = (self.monday(), self.monday() + 4);
        let known = holidays(zone, monday, friday)?;
        Some(known.iter().any(|it| it.first <= monday && friday <= it.last))
    }
}

/// The Monday of the first week.
fn first_monday(year: SchoolYear) -> DayNumber {
    let rentree = year.rentree();
    rentree - i32::from(date_of(rentree).weekday().to_monday_zero_offset())
}

/// The same weekday of the school week of the same number, a year before; none where that year had no
/// week of the number (53).
pub fn same_school_week_last_year(day: DayNumber) -> Option<DayNumber> {
    let week = SchoolWeek::of(day);
    let earlier = SchoolWeek { year: week.year.previous(), number: week.number };
    let same = earlier.monday() + (day - week.monday());
    (SchoolWeek::of(same) == earlier).then_some(same)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::site::number_of;

    #[test]
    fn weeks_are_counted_from_the_first_day_of_school() {
        for (day, year, number) in [
            // The first day of school of 2022 is Thursday 1 September: its week begins in August.
            (date(2022, 8, 28), 2021, 52),
            (date(2022, 8, 29), 2022, 1),
            (date(2022, 9, 1), 2022, 1),
            (date(2022, 9, 5), 2022, 2),
            (date(2023, 1, 1), 2022, 18),
            (date(2023, 1, 2), 2022, 19),
            // That of 2023 is Monday 4 September: the days before are of a 53rd week.
            (date(2023, 8, 31), 2022, 53),
            (date(2023, 9, 3), 2022, 53),
            (date(2023, 9, 4), 2023, 1),
            (date(2026, 11, 23), 2026, 13),
        ] {
            let week = SchoolWeek::of(number_of(day));
            assert_eq!((week.year.begins_in(), week.number), (year, number), "{day}");
        }
    }

    #[test]
    fn a_day_compares_with_its_school_week_of_last_year() {
        for (day, same) in [
            (date(2026, 9, 1), Some(date(2025, 9, 2))),
            (date(2026, 8, 31), Some(date(2025, 9, 1))),
            (date(2023, 9, 4), Some(date(2022, 8, 29))),
            (date(2026, 1, 5), Some(date(2025, 1, 6))),
            // The school year before had 52 weeks.
            (date(2023, 9, 1), None),
        ] {
            let got = same_school_week_last_year(number_of(day));
            assert_eq!(got.map(date_of), same, "{day}");
        }
    }

    #[test]
    fn weeks_of_holidays_count_and_are_marked() {
        let of = |day| SchoolWeek::of(number_of(day));
        let winter_b = of(date(2026, 2, 18));
        assert_eq!(winter_b.is_holidays(Zone::B), Some(true));
        assert_eq!(winter_b.is_holidays(Zone::C), Some(false));
        assert_eq!(winter_b.is_holidays(Zone::Own), None);
        assert_eq!(of(date(2035, 2, 18)).is_holidays(Zone::B), None);
        assert_eq!(of(date(2026, 3, 18)).is_holidays(Zone::B), Some(false));
    }

    proptest! {
        #[test]
        fn weeks_follow_each_other(day in -20_000_i32..60_000) {
            let week = SchoolWeek::of(day);
            prop_assert!((1..=53).contains(&week.number));
            prop_assert!((0..7).contains(&(day - week.monday())));
            prop_assert_eq!(date_of(week.monday()).weekday().to_monday_zero_offset(), 0);
            let next = SchoolWeek::of(day + 7);
            let follows = next.year == week.year && next.number == week.number + 1
                || next.year == week.year.next() && next.number == 1 && week.number >= 52;
            prop_assert!(follows, "{week:?} {next:?}");
        }

        #[test]
        fn the_same_week_of_last_year_is_about_a_year_before(day in -20_000_i32..60_000) {
            if let Some(same) = same_school_week_last_year(day) {
                prop_assert_eq!((day - same) % 7, 0);
                prop_assert!((357..=378).contains(&(day - same)), "{}", day - same);
                prop_assert_eq!(SchoolWeek::of(same).number, SchoolWeek::of(day).number);
            } else {
                prop_assert_eq!(SchoolWeek::of(day).number, 53);
            }
        }
    }
}
