//! What an address says about the period → the period.

use jiff::civil::Date;

use super::{Choice, Grain, Moving};

/// The longest range, in days: ten years.
const LONGEST: u32 = 3660;

/// The first and last year a date may have: far enough, and no arithmetic on it can overflow.
const YEARS: std::ops::RangeInclusive<i16> = 2000..=2199;

/// What is wrong with a period that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    UnknownPeriod,
    BadDate,
    /// A range needs both ends.
    MissingDate,
    EndsBeforeItStarts,
    TooLong,
}

impl Problem {
    /// The key of its sentence.
    pub(in crate::dash) fn key(self) -> &'static str {
        match self {
            Self::UnknownPeriod => "picker.problem.unknown_period",
            Self::BadDate => "picker.problem.bad_date",
            Self::MissingDate => "picker.problem.missing_date",
            Self::EndsBeforeItStarts => "picker.problem.ends_before_it_starts",
            Self::TooLong => "picker.problem.too_long",
        }
    }
}

/// The period to show, and what was wrong with the one asked for, if anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    pub choice: Choice,
    pub problem: Option<Problem>,
}

/// Reads `period=`, `date=` and `to=` (the form's second date). What cannot be understood gives the
/// usual period and the reason.
pub fn ask(period: Option<&str>, date: Option<&str>, to: Option<&str>, today: Date) -> Asked {
    let set = |it: Option<&str>| it.map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned);
    match understand(set(period), set(date), set(to), today) {
        Ok(choice) => Asked { choice, problem: None },
        Err(problem) => Asked { choice: Choice::usual(today), problem: Some(problem) },
    }
}

fn understand(
    period: Option<String>,
    date: Option<String>,
    to: Option<String>,
    today: Date,
) -> Result<Choice, Problem> {
    let Some(period) = period else {
        return Ok(Choice::usual(today));
    };
    let grain = Grain::parse(&period).ok_or(Problem::UnknownPeriod)?;
    if grain == Grain::Range {
        return range(&date.ok_or(Problem::MissingDate)?, to.as_deref(), today);
    }
    let (day, moving) = match date.as_deref() {
        None => (today, None),
        Some("today") => (today, Some(Moving::Today)),
        Some("yesterday") => (super::back(today, 1), Some(Moving::Yesterday)),
        Some(date) => (day(date)?, None),
    };
    Ok(Choice { moving, ..Choice::around(grain, day) })
}

fn range(date: &str, to: Option<&str>, today: Date) -> Result<Choice, Problem> {
    if let Some(days) = date.strip_prefix("last") {
        let days = days.parse().map_err(|_| Problem::BadDate)?;
        return match days {
            0 => Err(Problem::BadDate),
            days if LONGEST < u32::from(days) => Err(Problem::TooLong),
            days => Ok(Choice::last(days, today)),
        };
    }
    let (from, to) = match date.split_once(',') {
        Some((from, to)) => (from, to),
        None => (date, to.ok_or(Problem::MissingDate)?),
    };
    let (from, to) = (day(from)?, day(to)?);
    if to < from {
        return Err(Problem::EndsBeforeItStarts);
    }
    let choice = Choice { grain: Grain::Range, from, to, moving: None };
    if LONGEST < choice.days() { Err(Problem::TooLong) } else { Ok(choice) }
}

/// `2026-03-16`, nothing looser: an address should say one thing in one way.
fn day(text: &str) -> Result<Date, Problem> {
    let text = text.trim();
    let date: Date = text.parse().map_err(|_| Problem::BadDate)?;
    if date.to_string() == text && YEARS.contains(&date.year()) {
        Ok(date)
    } else {
        Err(Problem::BadDate)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    const TODAY: Date = date(2026, 3, 18);

    #[test]
    fn addresses_are_understood() {
        for (period, day, to, from, last) in [
            (None, None, None, "2026-02-17", "2026-03-18"),
            (Some("day"), None, None, "2026-03-18", "2026-03-18"),
            (Some("day"), Some("yesterday"), None, "2026-03-17", "2026-03-17"),
            (Some("week"), Some("2026-01-01"), Some("2026-09-01"), "2025-12-29", "2026-01-04"),
            (Some("month"), Some("today"), None, "2026-03-01", "2026-03-31"),
            (Some("schoolyear"), Some(""), None, "2025-09-01", "2026-08-31"),
            (Some("range"), Some("last7"), None, "2026-03-12", "2026-03-18"),
            (Some("range"), Some("2026-03-02,2026-03-08"), None, "2026-03-02", "2026-03-08"),
            (Some("range"), Some("2026-03-02"), Some("2026-03-08"), "2026-03-02", "2026-03-08"),
        ] {
            let asked = ask(period, day, to, TODAY);
            assert_eq!(asked.problem, None, "{period:?} {day:?}");
            assert_eq!(asked.choice.from.to_string(), from, "{period:?} {day:?}");
            assert_eq!(asked.choice.to.to_string(), last, "{period:?} {day:?}");
        }
    }

    #[test]
    fn what_is_not_understood_gives_the_usual_period_and_the_reason() {
        for (period, day, to, problem) in [
            ("decade", None, None, Problem::UnknownPeriod),
            ("day", Some("2026-02-30"), None, Problem::BadDate),
            ("day", Some("18/03/2026"), None, Problem::BadDate),
            ("day", Some("20260318"), None, Problem::BadDate),
            ("day", Some("9999-12-31"), None, Problem::BadDate),
            ("range", None, None, Problem::MissingDate),
            ("range", Some("2026-03-08"), None, Problem::MissingDate),
            ("range", Some("2026-03-08"), Some("2026-03-02"), Problem::EndsBeforeItStarts),
            ("range", Some("2000-01-01,2199-01-01"), None, Problem::TooLong),
            ("range", Some("last0"), None, Problem::BadDate),
            ("range", Some("last9999"), None, Problem::TooLong),
        ] {
            let asked = ask(Some(period), day, to, TODAY);
            assert_eq!(asked.problem, Some(problem), "{period} {day:?}");
            assert_eq!(asked.choice, Choice::usual(TODAY));
        }
    }

    #[test]
    fn a_choice_leads_back_to_itself() {
        for (period, date) in [("range", "last7"), ("day", "today"), ("week", "2026-03-16")] {
            let choice = ask(Some(period), Some(date), None, TODAY).choice;
            assert_eq!(choice.words(), (period, date.to_owned()));
        }
    }

    proptest! {
        #[test]
        fn any_address_gives_a_period(period in "[a-z]{0,10}|range|day|schoolyear", date in ".{0,30}", to in ".{0,12}") {
            let choice = ask(Some(&period), Some(&date), Some(&to), TODAY).choice;
            prop_assert!(choice.from <= choice.to);
        }
    }
}
