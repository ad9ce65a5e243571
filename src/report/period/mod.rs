//! Periods of an answer: which days they cover and how a map of them is keyed.

mod cover;
mod dates;
mod words;

use jiff::{ToSpan, civil::Date};

pub(super) use dates::read;
pub(super) use words::{in_short, in_words};

/// The kind of period that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    Day,
    Week,
    Month,
    Year,
    Range,
}

impl Kind {
    /// The kind of that name.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "day" => Some(Self::Day),
            "week" => Some(Self::Week),
            "month" => Some(Self::Month),
            "year" => Some(Self::Year),
            "range" => Some(Self::Range),
            _ => None,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
            Self::Range => "range",
        }
    }

    /// The period of this kind that holds `date`; for a range the day itself.
    pub fn holding(self, date: Date) -> Period {
        let (first, last) = match self {
            Self::Day | Self::Range => (date, date),
            Self::Week => {
                let from_monday = i64::from(date.weekday().to_monday_zero_offset());
                let monday = date.saturating_sub(from_monday.days());
                (monday, monday.saturating_add(6.days()))
            }
            Self::Month => (date.first_of_month(), date.last_of_month()),
            Self::Year => (date.first_of_year(), date.last_of_year()),
        };
        Period { kind: self, first, last }
    }

    /// The day that stands for the period `count` periods before that of `date`.
    fn back(self, date: Date, count: i64) -> Date {
        date.saturating_sub(match self {
            Self::Day | Self::Range => count.days(),
            Self::Week => count.weeks(),
            Self::Month => count.months(),
            Self::Year => count.years(),
        })
    }
}

/// A run of days of the site's zone, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    pub kind: Kind,
    pub first: Date,
    pub last: Date,
}

impl Period {
    /// A range; two times the same day is that day, so that it has unique visitors.
    pub fn range(first: Date, last: Date) -> Self {
        let kind = if first == last { Kind::Day } else { Kind::Range };
        Self { kind, first, last }
    }

    /// The name of the period as the key of a map.
    pub fn key(&self) -> String {
        match self.kind {
            Kind::Day => self.first.to_string(),
            Kind::Week | Kind::Range => format!("{},{}", self.first, self.last),
            Kind::Month => self.first.strftime("%Y-%m").to_string(),
            Kind::Year => self.first.strftime("%Y").to_string(),
        }
    }

    /// Whether rows of this period count distinct visitors.
    pub fn is_day(&self) -> bool {
        self.kind == Kind::Day
    }

    /// The days, first to last.
    pub fn days(&self) -> impl Iterator<Item = Date> {
        let last = self.last;
        self.first.series(1.day()).take_while(move |day| *day <= last)
    }
}

/// The periods that two parameters mean where it is `now` (Unix seconds) in `zone`.
///
/// # Errors
/// They mean none.
pub fn periods(
    period: &str,
    date: &str,
    now: i64,
    zone: &jiff::tz::TimeZone,
) -> Result<Vec<Period>, super::Refusal> {
    Ok(read(period, date)?.periods(now, zone)?.list)
}

/// The periods of a question for one site.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Periods {
    pub list: Vec<Period>,
    /// Whether the answer is a map by date, also when it has one entry.
    pub by_date: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_holds_its_days_and_has_a_key() {
        for (kind, date, first, last, key) in [
            (Kind::Day, "2010-03-06", "2010-03-06", "2010-03-06", "2010-03-06"),
            (Kind::Week, "2010-01-10", "2010-01-04", "2010-01-10", "2010-01-04,2010-01-10"),
            (Kind::Week, "2026-01-01", "2025-12-29", "2026-01-04", "2025-12-29,2026-01-04"),
            (Kind::Month, "2024-02-10", "2024-02-01", "2024-02-29", "2024-02"),
            (Kind::Year, "2010-07-14", "2010-01-01", "2010-12-31", "2010"),
        ] {
            let period = kind.holding(date.parse().unwrap());
            assert_eq!(period.first.to_string(), first);
            assert_eq!(period.last.to_string(), last);
            assert_eq!(period.key(), key);
        }
    }

    #[test]
    fn the_days_of_a_week_are_seven() {
        let week = Kind::Week.holding("2026-03-29".parse().unwrap());
        assert_eq!(week.days().count(), 7);
    }
}
