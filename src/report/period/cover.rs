//! Which stored periods make up a period: whole months from month rows, the rest from day rows.

use jiff::{
    ToSpan,
    civil::{Date, Weekday},
};

use super::{Kind, Period};
use crate::{
    report::need::{Grain, Slice},
    site::number_of,
};

impl Period {
    /// The fewest stored periods that add up to this one. `at` is what rows come back with.
    pub fn cover(&self, at: usize) -> Vec<Slice> {
        let days = |from: Date, to: Date| slice(at, Grain::Day, from, to);
        let Some((first, last)) = whole_months(self.first, self.last) else {
            return vec![self.as_days(at)];
        };
        let mut slices = Vec::with_capacity(3);
        if self.first < first {
            slices.push(days(self.first, first.saturating_sub(1.day())));
        }
        slices.push(slice(at, Grain::Month, first, last.first_of_month()));
        if last < self.last {
            slices.push(days(last.saturating_add(1.day()), self.last));
        }
        slices
    }

    /// All days of this period, however long it is: what is stored by days alone.
    pub fn as_days(&self, at: usize) -> Slice {
        slice(at, Grain::Day, self.first, self.last)
    }

    /// The one stored period, longer than a day, that counts the distinct visitors of this one.
    pub fn uniques(&self, at: usize) -> Option<Slice> {
        let one = |grain| slice(at, grain, self.first, self.first);
        let grain = match self.kind {
            Kind::Week => Grain::Week,
            Kind::Month => Grain::Month,
            Kind::Year => Grain::Year,
            Kind::Range => {
                let grains = [Grain::Week, Grain::Month, Grain::Year, Grain::SchoolYear];
                let whole = |it: &Grain| {
                    begins(*it, self.first) && one(*it).last_day() == number_of(self.last)
                };
                grains.into_iter().find(whole)?
            }
            Kind::Day => return None,
        };
        Some(one(grain))
    }

    /// The months and days that this period is put together of, so many at most: distinct visitors of each
    /// are counted.
    pub fn counted_parts(&self, most: usize) -> Vec<Self> {
        let mut parts = Vec::new();
        let mut at = self.first;
        while at <= self.last && parts.len() < most {
            let month = Kind::Month.holding(at);
            let is_whole = month.first == at && month.last <= self.last;
            let part = if is_whole { month } else { Kind::Day.holding(at) };
            parts.push(part);
            at = part.last.saturating_add(1.day());
        }
        parts
    }

    /// Its parts by school year: of each, distinct visitors of any range of days are known.
    pub fn by_school_year(&self) -> Vec<Self> {
        let mut parts = Vec::new();
        let mut at = self.first;
        while at <= self.last {
            let year = if at.month() < 9 { at.year() } else { at.year().saturating_add(1) };
            let end = Date::new(year, 8, 31).unwrap_or(self.last).min(self.last);
            parts.push(Self::range(at, end));
            let Ok(next) = end.tomorrow() else { break };
            at = next;
        }
        parts
    }

    /// The stored weeks or months that add up to this period, where it is one of whole ones: what is
    /// not stored by days.
    pub fn cover_without_days(&self, at: usize) -> Option<Vec<Slice>> {
        if self.kind == Kind::Week {
            return Some(vec![slice(at, Grain::Week, self.first, self.first)]);
        }
        let months = self.first.day() == 1 && self.last == self.last.last_of_month();
        months.then(|| vec![slice(at, Grain::Month, self.first, self.last.first_of_month())])
    }

    /// Each day under the number of its weekday: `at * 7` is Monday, `at * 7 + 6` Sunday.
    pub fn weekdays(&self, at: usize) -> impl Iterator<Item = Slice> {
        self.days().map(move |day| {
            let weekday = usize::from(day.weekday().to_monday_zero_offset().unsigned_abs());
            slice(at * 7 + weekday, Grain::Day, day, day)
        })
    }
}

/// Whether a stored period begins with a day.
fn begins(grain: Grain, day: Date) -> bool {
    match grain {
        Grain::Day => true,
        Grain::Week => day.weekday() == Weekday::Monday,
        Grain::Month => day.day() == 1,
        Grain::Year => (day.month(), day.day()) == (1, 1),
        Grain::SchoolYear => (day.month(), day.day()) == (9, 1),
    }
}

fn slice(period: usize, grain: Grain, from: Date, to: Date) -> Slice {
    Slice { period, grain, from: number_of(from), to: number_of(to) }
}

/// First day of the first and last day of the last whole month between two days.
fn whole_months(first: Date, last: Date) -> Option<(Date, Date)> {
    let from =
        if first.day() == 1 { first } else { first.last_of_month().checked_add(1.day()).ok()? };
    let to = if last == last.last_of_month() {
        last
    } else {
        last.first_of_month().checked_sub(1.day()).ok()?
    };
    (from < to).then_some((from, to))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::date_of;

    fn cover(kind: Kind, first: &str, last: &str) -> String {
        let period = Period { kind, first: first.parse().unwrap(), last: last.parse().unwrap() };
        let one = |slice: &Slice| {
            format!("{:?} {}..{}", slice.grain, date_of(slice.from), date_of(slice.to))
        };
        period.cover(0).iter().map(one).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn whole_months_are_read_as_months() {
        for (kind, first, last, want) in [
            (Kind::Day, "2026-03-31", "2026-03-31", "Day 2026-03-31..2026-03-31"),
            (Kind::Week, "2026-03-30", "2026-04-05", "Day 2026-03-30..2026-04-05"),
            (Kind::Month, "2026-02-01", "2026-02-28", "Month 2026-02-01..2026-02-01"),
            (Kind::Year, "2026-01-01", "2026-12-31", "Month 2026-01-01..2026-12-01"),
            (
                Kind::Range,
                "2025-12-30",
                "2026-03-02",
                "Day 2025-12-30..2025-12-31, Month 2026-01-01..2026-02-01, Day 2026-03-01..2026-03-02",
            ),
            (Kind::Range, "2026-01-31", "2026-02-27", "Day 2026-01-31..2026-02-27"),
            (
                Kind::Range,
                "2026-01-31",
                "2026-02-28",
                "Day 2026-01-31..2026-01-31, Month 2026-02-01..2026-02-01",
            ),
        ] {
            assert_eq!(cover(kind, first, last), want);
        }
    }

    #[test]
    fn every_day_of_a_range_is_read_once() {
        let start: Date = "2024-01-15".parse().unwrap();
        for length in 0..500 {
            let period = Period::range(start, start.saturating_add(length.days()));
            let mut days = Vec::new();
            for slice in period.cover(0) {
                let last = match slice.grain {
                    Grain::Day => date_of(slice.to),
                    _ => date_of(slice.to).last_of_month(),
                };
                days.extend(Period::range(date_of(slice.from), last).days());
            }
            assert_eq!(days, period.days().collect::<Vec<_>>());
        }
    }
}
