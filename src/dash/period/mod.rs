//! The period a page is about: which days, what comes before and after, what it compares with.
//!
//! Addresses say it in Matomo's words (`period=week&date=2026-03-16`,
//! `period=range&date=2026-03-02,2026-03-08`, `date=today`, `date=last7`), plus `schoolyear`: from
//! 1 September to 31 August.

mod ask;
mod picker;

use jiff::{ToSpan, civil::Date};

pub use ask::{Asked, Problem, ask};
pub(super) use picker::{Link, Picker};

use super::{dates, text::Text};

/// How long a period is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grain {
    Day,
    /// Monday to Sunday.
    Week,
    Month,
    Year,
    /// 1 September to 31 August.
    SchoolYear,
    Range,
}

impl Grain {
    pub const ALL: [Self; 6] =
        [Self::Day, Self::Week, Self::Month, Self::SchoolYear, Self::Year, Self::Range];

    /// The word of `period=`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
            Self::SchoolYear => "schoolyear",
            Self::Range => "range",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.word() == word)
    }
}

/// A date that moves with the calendar, kept so that a bookmark moves too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moving {
    Today,
    Yesterday,
    /// That many days, today included.
    Last(u16),
}

/// A period: first and last day, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    pub grain: Grain,
    pub from: Date,
    pub to: Date,
    pub moving: Option<Moving>,
}

impl Choice {
    /// The period of that length that `day` is in; a range is that day alone.
    pub fn around(grain: Grain, day: Date) -> Self {
        let (from, to) = match grain {
            Grain::Day | Grain::Range => (day, day),
            Grain::Week => {
                let monday = back(day, i64::from(day.weekday().to_monday_zero_offset()));
                (monday, back(monday, -6))
            }
            Grain::Month => (day.first_of_month(), day.last_of_month()),
            Grain::Year => (day.first_of_year(), day.last_of_year()),
            Grain::SchoolYear => {
                let year = if day.month() < 9 { day.year() - 1 } else { day.year() };
                (Date::constant(year, 9, 1), Date::constant(year + 1, 8, 31))
            }
        };
        Self { grain, from, to, moving: None }
    }

    /// The last `days` days, `today` included.
    pub fn last(days: u16, today: Date) -> Self {
        let from = back(today, i64::from(days.max(1)) - 1);
        Self { grain: Grain::Range, from, to: today, moving: Some(Moving::Last(days)) }
    }

    /// What a dashboard shows when nothing was chosen: the last 30 days.
    pub fn usual(today: Date) -> Self {
        Self::last(30, today)
    }

    /// How many days.
    pub fn days(&self) -> u32 {
        let days = self.to.since(self.from).map_or(0, |span| span.get_days());
        u32::try_from(days).unwrap_or(0) + 1
    }

    pub fn contains(&self, day: Date) -> bool {
        self.from <= day && day <= self.to
    }

    /// The period just before.
    pub fn previous(&self) -> Self {
        match self.grain {
            Grain::Range => {
                let to = back(self.from, 1);
                let from = back(to, i64::from(self.days()) - 1);
                Self { grain: Grain::Range, from, to, moving: None }
            }
            grain => Self::around(grain, back(self.from, 1)),
        }
    }

    /// The period just after; none when it has not begun.
    pub fn next(&self, today: Date) -> Option<Self> {
        let from = back(self.to, -1);
        if today < from {
            return None;
        }
        Some(match self.grain {
            Grain::Range => {
                let to = back(from, 1 - i64::from(self.days()));
                Self { grain: Grain::Range, from, to, moving: None }
            }
            grain => Self::around(grain, from),
        })
    }

    /// The days to compare with. A day compares with the same weekday a week before: a Monday says
    /// nothing about a Sunday. A period that is not over compares with as many days of the one
    /// before.
    pub fn comparison(&self, today: Date) -> (Date, Date) {
        if self.grain == Grain::Day {
            let day = back(self.from, 7);
            return (day, day);
        }
        let previous = self.previous();
        if !self.contains(today) || today == self.to {
            return (previous.from, previous.to);
        }
        let so_far = today.since(self.from).map_or(0, |span| span.get_days());
        (previous.from, back(previous.from, -i64::from(so_far)).min(previous.to))
    }

    /// The values of `period=` and `date=` that lead here.
    pub fn words(&self) -> (&'static str, String) {
        let date = match (self.moving, self.grain) {
            (Some(Moving::Today), _) => "today".to_owned(),
            (Some(Moving::Yesterday), _) => "yesterday".to_owned(),
            (Some(Moving::Last(days)), _) => format!("last{days}"),
            (None, Grain::Range) => format!("{},{}", self.from, self.to),
            (None, _) => self.from.to_string(),
        };
        (self.grain.word(), date)
    }

    /// `semaine du 16 au 22 mars 2026`, `mars 2026`, `année scolaire 2025-2026`.
    pub fn name(&self, text: &Text) -> String {
        let year = self.from.year().to_string();
        match self.grain {
            Grain::Day => dates::full(self.from, text),
            Grain::Week => {
                let span = dates::span(self.from, self.to, text);
                text.fill("period.week_of", &[("span", &span)])
            }
            Grain::Month => dates::month_year(self.from, text),
            Grain::Year => text.fill("period.year_of", &[("year", &year)]),
            Grain::SchoolYear => {
                let next = self.to.year().to_string();
                text.fill("period.school_year_of", &[("from", &year), ("to", &next)])
            }
            Grain::Range => dates::span(self.from, self.to, text),
        }
    }
}

/// `days` before (negative: after); at the calendar's end it stays where it is.
fn back(day: Date, days: i64) -> Date {
    day.saturating_sub(days.days())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::dash::{assets, lang::Lang};

    #[test]
    fn periods_know_their_ends_and_neighbours() {
        for (grain, day, from, to, previous, next) in [
            (Grain::Day, "2026-03-01", "2026-03-01", "2026-03-01", "2026-02-28", "2026-03-02"),
            (Grain::Week, "2026-01-01", "2025-12-29", "2026-01-04", "2025-12-22", "2026-01-05"),
            (Grain::Week, "2026-03-22", "2026-03-16", "2026-03-22", "2026-03-09", "2026-03-23"),
            (Grain::Month, "2028-02-29", "2028-02-01", "2028-02-29", "2028-01-01", "2028-03-01"),
            (Grain::Month, "2026-12-31", "2026-12-01", "2026-12-31", "2026-11-01", "2027-01-01"),
            (Grain::Year, "2026-12-31", "2026-01-01", "2026-12-31", "2025-01-01", "2027-01-01"),
            (
                Grain::SchoolYear,
                "2026-08-31",
                "2025-09-01",
                "2026-08-31",
                "2024-09-01",
                "2026-09-01",
            ),
            (
                Grain::SchoolYear,
                "2026-09-01",
                "2026-09-01",
                "2027-08-31",
                "2025-09-01",
                "2027-09-01",
            ),
        ] {
            let it = Choice::around(grain, day.parse().unwrap());
            assert_eq!((it.from.to_string(), it.to.to_string()), (from.into(), to.into()), "{day}");
            assert_eq!(it.previous().from.to_string(), previous);
            assert_eq!(it.next(date(2030, 1, 1)).unwrap().from.to_string(), next);
            assert_eq!(it.next(it.to), None, "what has not begun cannot be opened");
        }
    }

    #[test]
    fn a_running_period_compares_with_as_much_of_the_one_before() {
        let compare = |it: Choice, today| {
            let (from, to) = it.comparison(today);
            format!("{from} {to}")
        };
        let month = Choice::around(Grain::Month, date(2026, 3, 1));
        assert_eq!(compare(month, date(2026, 3, 16)), "2026-02-01 2026-02-16");
        assert_eq!(compare(month, date(2026, 3, 30)), "2026-02-01 2026-02-28");
        assert_eq!(compare(month, date(2026, 5, 1)), "2026-02-01 2026-02-28");
        let monday = Choice::around(Grain::Day, date(2026, 3, 16));
        assert_eq!(compare(monday, date(2026, 3, 16)), "2026-03-09 2026-03-09");
        let week = Choice::last(7, date(2026, 3, 16));
        assert_eq!(compare(week, date(2026, 3, 16)), "2026-03-03 2026-03-09");
    }

    #[test]
    fn periods_have_names() {
        let [fr, en] = assets::TEXTS.map(|(lang, toml)| Text::parse(lang, toml).unwrap());
        let day = date(2026, 3, 18);
        for (grain, in_fr, in_en) in [
            (Grain::Day, "mercredi 18 mars 2026", "Wednesday 18 March 2026"),
            (Grain::Week, "semaine du 16 au 22 mars 2026", "week of 16 to 22 March 2026"),
            (Grain::Month, "mars 2026", "March 2026"),
            (Grain::Year, "année 2026", "year 2026"),
            (Grain::SchoolYear, "année scolaire 2025-2026", "school year 2025-2026"),
        ] {
            assert_eq!(Choice::around(grain, day).name(&fr), in_fr);
            assert_eq!(Choice::around(grain, day).name(&en), in_en);
        }
        assert_eq!(Choice::last(7, day).name(&fr), "du 12 au 18 mars 2026");
        assert_eq!(fr.lang(), Lang::Fr);
    }

    proptest! {
        #[test]
        fn neighbours_touch_and_lead_back(at in 0..60_000_i64, grain in 0..6_usize) {
            let day = date(2000, 1, 1).saturating_add(at.days());
            let it = Choice::around(Grain::ALL[grain], day);
            prop_assert!(it.contains(day));
            prop_assert_eq!(back(it.previous().to, -1), it.from);
            prop_assert_eq!(it.previous().next(day).unwrap().from, it.from);
            let (from, to) = it.comparison(day);
            prop_assert!(from <= to && to < it.from);
        }
    }
}
