//! School time: which week is which, when classes work, when teachers sit down at home.

use anyhow::{Context, Result};
use jiff::{
    Span, Timestamp,
    civil::{Date, Weekday},
    tz::TimeZone,
};

/// Days that are played.
pub(crate) const DAYS: i32 = 21;
/// Where the schools are.
const ZONE: &str = "Europe/Paris";

/// Three weeks of school: an ordinary one, holidays, an ordinary one.
#[derive(Clone, Debug)]
pub struct Calendar {
    start: Date,
    zone: TimeZone,
}

/// A day that is played.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Day {
    /// From 0 to 20.
    pub(crate) number: i32,
    pub(crate) date: Date,
}

/// A stretch of a day, in seconds since its midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stretch {
    pub(crate) from: i32,
    pub(crate) to: i32,
}

const fn hours(from: i32, to: i32) -> Stretch {
    Stretch { from: from * 60, to: to * 60 }
}

const MORNING: Stretch = hours(8 * 60, 12 * 60);
const AFTERNOON: Stretch = hours(13 * 60 + 30, 16 * 60 + 30);
const FREE_AFTERNOON: Stretch = hours(13 * 60 + 30, 18 * 60);
const EVENING: Stretch = hours(18 * 60, 22 * 60);
const DAYTIME: Stretch = hours(9 * 60, 18 * 60);

impl Calendar {
    pub(crate) fn new(start: Date) -> Result<Self> {
        let zone = TimeZone::get(ZONE).context("the time zone of France is unknown here")?;
        Ok(Self { start, zone })
    }

    /// The three weeks that end today.
    pub(crate) fn until_today(now: Timestamp) -> Result<Date> {
        let zone = TimeZone::get(ZONE).context("the time zone of France is unknown here")?;
        Ok(now.to_zoned(zone).date().checked_sub(Span::new().days(DAYS - 1))?)
    }

    pub(crate) fn days(&self) -> impl Iterator<Item = Day> {
        let dates = self.start.series(Span::new().days(1));
        (0..DAYS).zip(dates).map(|(number, date)| Day { number, date })
    }

    /// The moment of that second of the day, in Unix seconds.
    pub(crate) fn moment(&self, day: Day, second: i32) -> Result<i64> {
        let local = day.date.at(0, 0, 0, 0).checked_add(Span::new().seconds(second))?;
        Ok(local.to_zoned(self.zone.clone())?.timestamp().as_second())
    }

    /// The time on the wall at that moment.
    pub fn local(&self, time: i64) -> jiff::civil::DateTime {
        let moment = Timestamp::from_second(time).unwrap_or(Timestamp::UNIX_EPOCH);
        moment.to_zoned(self.zone.clone()).datetime()
    }
}

impl Day {
    pub(crate) fn is_holiday(self) -> bool {
        self.number / 7 == 1
    }

    /// Whether the day is of the first week, before the drawn answers were released.
    pub(crate) fn is_first_week(self) -> bool {
        self.number < 7
    }

    /// When classes are at school. Wednesday afternoons are free, as are weekends and holidays.
    pub(crate) fn lessons(self) -> &'static [Stretch] {
        if self.is_holiday() {
            return &[];
        }
        match self.date.weekday() {
            Weekday::Saturday | Weekday::Sunday => &[],
            Weekday::Wednesday => &[MORNING],
            _ => &[MORNING, AFTERNOON],
        }
    }

    /// When teachers work at home, and which share of them does.
    pub(crate) fn work_at_home(self) -> &'static [(Stretch, f64)] {
        if self.is_holiday() {
            return &[(DAYTIME, 0.015), (EVENING, 0.01)];
        }
        match self.date.weekday() {
            Weekday::Wednesday => &[(FREE_AFTERNOON, 0.26), (EVENING, 0.2)],
            Weekday::Friday => &[(EVENING, 0.1)],
            Weekday::Saturday => &[(DAYTIME, 0.04), (EVENING, 0.02)],
            Weekday::Sunday => &[(DAYTIME, 0.05), (EVENING, 0.36)],
            _ => &[(EVENING, 0.22)],
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn days() -> Vec<Day> {
        // A Monday; the clocks go back on the last day but none of the hours used is affected.
        Calendar::new(date(2026, 10, 5)).unwrap().days().collect()
    }

    #[test]
    fn no_class_on_wednesday_afternoon_at_weekends_and_in_holidays() {
        for day in days() {
            let lessons = day.lessons().len();
            let expected = match (day.number / 7, day.date.weekday()) {
                (1, _) | (_, Weekday::Saturday | Weekday::Sunday) => 0,
                (_, Weekday::Wednesday) => 1,
                _ => 2,
            };
            assert_eq!(lessons, expected, "{}", day.date);
        }
    }

    #[test]
    fn teachers_work_most_on_wednesday_and_sunday_evening_and_hardly_in_holidays() {
        let share = |day: &Day| day.work_at_home().iter().map(|(_, share)| share).sum::<f64>();
        let days = days();
        let [wednesday, friday, saturday, sunday] = [2, 4, 5, 6].map(|number| share(&days[number]));
        assert!(wednesday > sunday && sunday > friday && friday > saturday);
        assert!(days[7..14].iter().all(|day| share(day) < saturday));
        let evening = |day: &Day| day.work_at_home().iter().find(|(s, _)| *s == EVENING).unwrap().1;
        assert!((0..7).all(|number| number == 6 || evening(&days[6]) > evening(&days[number])));
    }

    #[test]
    fn the_three_weeks_end_today_in_french_time() {
        // Half past eleven in the evening of the 21st in London is the 22nd in Paris.
        let now = "2026-11-21T23:30:00Z".parse().unwrap();
        let start = Calendar::until_today(now).unwrap();
        assert_eq!(start, date(2026, 11, 2));
        let last = Calendar::new(start).unwrap().days().last().unwrap();
        assert_eq!((last.number, last.date), (20, date(2026, 11, 22)));
    }

    #[test]
    fn a_moment_is_that_of_the_clock_on_the_wall() {
        let calendar = Calendar::new(date(2026, 11, 2)).unwrap();
        let day = calendar.days().next().unwrap();
        let eight = calendar.moment(day, MORNING.from).unwrap();
        assert_eq!(eight, "2026-11-02T07:00:00Z".parse::<Timestamp>().unwrap().as_second());
        assert_eq!(calendar.local(eight).hour(), 8);
    }
}
