//! `period=` and `date=` as days of the site's zone.

use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};

use super::{Kind, Period, Periods};
use crate::report::refusal::Refusal;

/// The first website went online that day; Matomo refuses what is earlier.
const FIRST: Date = Date::constant(1991, 8, 6);

/// What was asked, before a site's zone says which days it means.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Dates {
    kind: Kind,
    date: String,
}

/// Reads the two parameters as far as they need no zone.
pub(crate) fn read(period: &str, date: &str) -> Result<Dates, Refusal> {
    let kind = Kind::parse(period).ok_or_else(|| Refusal::bad_period(period))?;
    Ok(Dates { kind, date: date.to_owned() })
}

impl Dates {
    /// The periods that are meant where it is `now` (Unix seconds) in `zone`.
    pub(crate) fn periods(&self, now: i64, zone: &TimeZone) -> Result<Periods, Refusal> {
        let now = Timestamp::from_second(now).unwrap_or(Timestamp::UNIX_EPOCH);
        let today = now.to_zoned(zone.clone()).date();
        if let Some((from, count)) = last_n(&self.date, self.kind, today) {
            return Ok(self.counted(from, count));
        }
        if let Some((first, last)) = self.date.split_once(',') {
            return self.between(first, last, today);
        }
        if self.kind == Kind::Range {
            return Err(Refusal::bad_range(&self.date));
        }
        let day = single(&self.date, today).ok_or_else(Refusal::bad_date)?;
        if day < FIRST {
            return Err(Refusal::too_early(&self.date));
        }
        Ok(Periods { list: vec![self.kind.holding(day)], by_date: false })
    }

    /// `count` periods (days, for a range) that end with the one of `last`.
    fn counted(&self, last: Date, count: i64) -> Periods {
        if self.kind == Kind::Range {
            let first = last.saturating_sub((count - 1).days()).max(FIRST);
            return Periods { list: vec![Period::range(first, last)], by_date: false };
        }
        let list = (0..count)
            .rev()
            .map(|back| self.kind.holding(self.kind.back(self.kind.holding(last).first, back)))
            .filter(|period| period.last >= FIRST)
            .collect();
        Periods { list, by_date: true }
    }

    fn between(&self, first: &str, last: &str, today: Date) -> Result<Periods, Refusal> {
        let wrong = || Refusal::bad_range(&self.date);
        let first = calendar(first).or_else(|| ago(first, today)).ok_or_else(wrong)?;
        let last = calendar(last)
            .or_else(|| ago(last, today))
            .or_else(|| named(last, today))
            .ok_or_else(wrong)?;
        if first < FIRST {
            return Err(Refusal::too_early(&self.date));
        }
        // Further than ten years ahead nothing is stored; it would only make long answers.
        let last = last.min(today.saturating_add(10.years()).last_of_year());
        if first > last {
            return Err(Refusal::empty_range());
        }
        if self.kind == Kind::Range {
            return Ok(Periods { list: vec![Period::range(first, last)], by_date: false });
        }
        let mut list = Vec::new();
        let mut period = self.kind.holding(first);
        while period.first <= last {
            list.push(period);
            period = self.kind.holding(period.last.saturating_add(1.day()));
        }
        Ok(Periods { list, by_date: true })
    }
}

/// `lastN` and `previousN`: the day they end with and how many periods they count.
fn last_n(date: &str, kind: Kind, today: Date) -> Option<(Date, i64)> {
    let date = date.to_ascii_lowercase();
    let (digits, end) = match (date.strip_prefix("last"), date.strip_prefix("previous")) {
        (Some(digits), _) => (digits, today),
        (_, Some(digits)) => (digits, kind.back(kind.holding(today).first, 1)),
        _ => return None,
    };
    if !digits.chars().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let most = match kind {
        Kind::Day | Kind::Range => 1825,
        Kind::Week => 520,
        Kind::Month => 120,
        Kind::Year => 10,
    };
    let end = if kind == Kind::Range && end != today { today.saturating_sub(1.day()) } else { end };
    // A number too long to be read is as good as the greatest.
    let count = if digits.is_empty() { 0 } else { digits.parse().unwrap_or(most) };
    Some((end, count.clamp(1, most)))
}

/// One day, in any of the forms of `strtotime` that clients use.
fn single(text: &str, today: Date) -> Option<Date> {
    named(text, today)
        .or_else(|| calendar(text))
        .or_else(|| ago(text, today))
        .or_else(|| calendar(text.split_once([' ', 'T'])?.0))
        .or_else(|| days_ago(text, today))
}

fn named(text: &str, today: Date) -> Option<Date> {
    match text.to_ascii_lowercase().as_str() {
        "today" | "now" => Some(today),
        "yesterday" | "yesterdaysametime" => today.checked_sub(1.day()).ok(),
        "tomorrow" => today.checked_add(1.day()).ok(),
        _ => None,
    }
}

/// `2024-01-31`, also with one digit for the month or the day.
fn calendar(text: &str) -> Option<Date> {
    let mut parts = text.trim().split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let digits = |part: &str, most| {
        !part.is_empty() && part.len() <= most && part.chars().all(|c| c.is_ascii_digit())
    };
    if parts.next().is_some() || year.len() != 4 || !digits(year, 4) {
        return None;
    }
    if !digits(month, 2) || !digits(day, 2) {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

/// `last week`, `lastMonth`, `last-year`.
fn ago(text: &str, today: Date) -> Option<Date> {
    let text = text.trim().to_ascii_lowercase();
    match text.strip_prefix("last")?.trim_start_matches([' ', '-']) {
        "week" => today.checked_sub(1.week()).ok(),
        "month" => today.checked_sub(1.month()).ok(),
        "year" => today.checked_sub(1.year()).ok(),
        _ => None,
    }
}

/// `3 days ago`, `1 month ago`.
fn days_ago(text: &str, today: Date) -> Option<Date> {
    let text = text.to_ascii_lowercase();
    let mut words = text.split_whitespace();
    let count: i64 = words.next()?.parse().ok().filter(|count| (0..10_000).contains(count))?;
    let unit = words.next()?;
    if words.next() != Some("ago") || words.next().is_some() {
        return None;
    }
    let span = match unit.trim_end_matches('s') {
        "day" => count.days(),
        "week" => count.weeks(),
        "month" => count.months(),
        "year" => count.years(),
        _ => return None,
    };
    today.checked_sub(span).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-03-31 00:30 in Paris, still the 30th in UTC.
    const NOW: i64 = 1_774_909_800;

    fn keys(period: &str, date: &str) -> Result<String, String> {
        let zone = TimeZone::get("Europe/Paris").unwrap();
        let dates = read(period, date).map_err(|refusal| refusal.message)?;
        let periods = dates.periods(NOW, &zone).map_err(|refusal| refusal.message)?;
        let keys: Vec<String> = periods.list.iter().map(Period::key).collect();
        Ok(format!("{}{}", keys.join(" "), if periods.by_date { " map" } else { "" }))
    }

    #[test]
    fn dates_are_read_in_the_zone_of_the_site() {
        for (period, date, want) in [
            ("day", "today", "2026-03-31"),
            ("day", "now", "2026-03-31"),
            ("day", "yesterday", "2026-03-30"),
            ("day", "tomorrow", "2026-04-01"),
            ("day", "2026-3-5", "2026-03-05"),
            ("day", "2026-03-05 10:00:00", "2026-03-05"),
            ("day", "3 days ago", "2026-03-28"),
            ("day", "last-week", "2026-03-24"),
            ("day", "lastMonth", "2026-02-28"),
            ("month", "last year", "2025-03"),
            ("day", "last2", "2026-03-30 2026-03-31 map"),
            ("day", "previous2", "2026-03-29 2026-03-30 map"),
            ("day", "last", "2026-03-31 map"),
            ("month", "last3", "2026-01 2026-02 2026-03 map"),
            ("month", "previous2", "2026-01 2026-02 map"),
            ("year", "last2", "2025 2026 map"),
            ("week", "previous1", "2026-03-23,2026-03-29 map"),
            ("week", "2026-03-28,today", "2026-03-23,2026-03-29 2026-03-30,2026-04-05 map"),
            ("day", "2026-03-30,2026-03-30", "2026-03-30 map"),
            ("range", "2026-03-01,yesterday", "2026-03-01,2026-03-30"),
            ("range", "2026-03-01,2026-03-01", "2026-03-01"),
            ("range", "last7", "2026-03-25,2026-03-31"),
            ("range", "previous7", "2026-03-24,2026-03-30"),
            ("range", "last-week,today", "2026-03-24,2026-03-31"),
        ] {
            assert_eq!(keys(period, date).as_deref(), Ok(want), "{period} {date}");
        }
    }

    #[test]
    fn what_is_no_date_is_refused_in_the_words_of_matomo() {
        for (period, date, want) in [
            ("hour", "today", "The period 'hour' is not supported."),
            ("day", "soon", "Date format must be: YYYY-MM-DD, or 'today'"),
            ("day", "2026-02-30", "Date format must be"),
            ("day", "1990-01-01", "The date '1990-01-01' is a date before first website"),
            ("range", "today", "The date 'today' is not a correct date range."),
            ("range", "2026-03-02,2026-03-01", "Specified date range is invalid."),
            ("day", "today,2026-03-01", "The date 'today,2026-03-01' is not a correct"),
            ("week", "2026-03-01,", "The date '2026-03-01,' is not a correct"),
        ] {
            let message = keys(period, date).unwrap_err();
            assert!(message.starts_with(want), "{period} {date}: {message}");
        }
    }

    #[test]
    fn no_answer_is_endless() {
        assert_eq!(keys("day", "last99999999999999999999").unwrap().split(' ').count(), 1825 + 1);
        assert_eq!(keys("year", "previous11").unwrap().split(' ').count(), 10 + 1);
        let all = keys("day", "1991-08-06,9999-12-31").unwrap();
        assert!(all.ends_with("2036-12-31 map"));
    }
}
