//! Retention: of those who came for the first time in a week, how many come back weeks later.
//!
//! Cohorts are told by the application (an audience of that kind) or, where none is declared, by the
//! buckets that devices tell, which are as long as a week up to the fourth week only.

use std::collections::BTreeMap;

use jiff::{
    ToSpan,
    civil::{Date, ISOWeekDate, Weekday},
};

use super::{
    columns::{count, share},
    levels,
    question::{Lens, Question, not_told},
    trend::stepped,
};
use crate::{
    report::{
        modules::rows::below,
        need::{By, Need, Row},
        period::{Kind, Period},
        refusal::Refusal,
        registry::MOST_PARTS,
        scene::{Asked, Scene},
        table::{Cell, Fields, Name, Record, Table},
    },
    rollup::{Shape, subject},
    site::{Audience, AudienceKind},
    strip::Text,
};

/// Weeks since first use that devices tell one by one.
const TOLD_BY_WEEK: i64 = 4;

/// The weeks that the period touches and that have begun, then its months.
pub(super) fn parts(asked: &Asked<'_>, period: &Period) -> Result<Vec<Period>, Refusal> {
    let around = |step: Kind| {
        let whole = Period {
            kind: Kind::Range,
            first: step.holding(period.first).first,
            last: step.holding(period.last.min(asked.today)).last,
        };
        stepped(step, &whole, asked.today)
    };
    let mut parts = around(Kind::Week);
    if cohort(asked).is_some() {
        parts.extend(around(Kind::Month));
    }
    Ok(parts)
}

fn cohort<'a>(asked: &Asked<'a>) -> Option<&'a Audience> {
    asked.site.register.audiences.iter().find(|it| it.kind == AudienceKind::Cohort)
}

/// Cohorts of each value of an audience, or of one: the declared pair of both tells them.
#[derive(Clone, Copy)]
struct Split {
    cut: u8,
    cohort_first: bool,
    /// The number of the one value that is asked about.
    only: Option<i64>,
}

impl Split {
    /// What a question with an audience asks; nothing where it has none.
    fn of(question: &Question<'_>, cohort: Option<&Audience>) -> Result<Option<Self>, Refusal> {
        let (told, only) = match question.lens {
            Lens::Everyone => return Ok(None),
            Lens::Split(told) => (told, None),
            Lens::Only(told, value) => (told, Some(told.number(value))),
        };
        let Some(cohort) = cohort else {
            return Err(Refusal::new(
                "Devices tell when they were first used, not who uses them: declare an audience of the kind 'cohort', and the pair of it and this audience, or leave 'audience' out.",
            ));
        };
        let audience = question.register.audiences.iter().find(|it| it.cut == told.cut);
        let audience = audience.filter(|it| told.wider.is_none() && it.key != cohort.key);
        let Some(audience) = audience else {
            return Err(Refusal::new(
                "Retention is split by one audience beside the cohort: not by the cohort itself, nor by a pair or a wider place.",
            ));
        };
        let Some(pair) = question.register.pair(&cohort.key, &audience.key) else {
            return Err(Refusal::new(format!(
                "Retention by '{0}' needs the pair of it and the cohort. Declare it in the register, and it counts from then on: [[pair]] of = [\"{1}\", \"{0}\"].",
                audience.key, cohort.key
            )));
        };
        let cohort_first = pair.of.first() == Some(&cohort.key);
        Ok(Some(Self { cut: pair.cut, cohort_first, only }))
    }

    /// The label of the cohort and the value beside it.
    fn halves<'a>(&self, label: &'a str) -> (&'a str, &'a str) {
        let (first, second) = label.split_once(subject::PAIR).unwrap_or_default();
        if self.cohort_first { (first, second) } else { (second, first) }
    }

    fn takes(&self, value: &str) -> bool {
        let number = if value.is_empty() { 0 } else { Text::new(value).id };
        self.only.is_none_or(|only| only == number)
    }
}

/// Values of the audience first, where all of them are asked for.
pub(super) fn names(asked: &Asked<'_>) -> Vec<Name> {
    let split = Question::read(asked).is_ok_and(|it| matches!(it.lens, Lens::Split(_)));
    let value = split.then_some("Features_AudienceValue");
    let names = value.into_iter().chain(["Features_Cohort", "Features_Since"]);
    names.map(Name::from).collect()
}

pub(super) fn needs(asked: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    let question = Question::read(asked)?;
    let split = Split::of(&question, cohort(asked))?;
    let Some(cohort) = cohort(asked) else {
        if question.feature.is_some() {
            return Err(Refusal::new(
                "Devices tell when they were first used, not with which feature: declare an audience of the kind 'cohort' to have the retention of a feature, or leave 'feature' out.",
            ));
        }
        return Ok(vec![Need::of(Shape::Returned, subject::WEEKS_SINCE_FIRST, By::SUB)]);
    };
    let by = By::ALL;
    let days = subject::cut(subject::DAYS_USED, split.map_or(cohort.cut, |it| it.cut));
    Ok(vec![Need::of(Shape::WeekDistinct, days, by), Need::of(Shape::MonthDistinct, days, by)])
}

/// When a cohort began: a Monday, or the first of a month.
type Start = (Kind, Date);

/// How many of a cohort came how many weeks (months) after it began.
type Cohorts = BTreeMap<(Date, &'static str), (Kind, BTreeMap<i64, i64>)>;

/// A row for each cohort, and under it one for each week (month) since.
pub(super) fn build(scene: &Scene<'_>) -> Table {
    let asked = scene.asked();
    let Ok(question) = Question::read(&asked) else { return Table::default() };
    let parts = parts(&asked, scene.period).unwrap_or_default();
    let part_of = |row: &Row| parts.get(row.period % MOST_PARTS);
    let feature = question.feature.map_or(0, |it| i64::from(it.id));
    let split = Split::of(&question, cohort(&asked)).ok().flatten();
    // By the value that those of the cohort told; all under the same where nobody asks.
    let mut by_value: BTreeMap<String, Cohorts> = BTreeMap::new();
    let mut add = |value: &str, (kind, start): Start, since: i64, n: i64| {
        if since >= 0 {
            let cohorts = by_value.entry(value.to_owned()).or_default();
            let cohort = cohorts.entry((start, kind.name())).or_insert((kind, BTreeMap::new()));
            *cohort.1.entry(since).or_default() += n;
        }
    };
    if cohort(&asked).is_none() {
        for row in scene.rows(0) {
            let since = row.value.id;
            let is_told = row.sub.id == subject::span::WEEK && since <= TOLD_BY_WEEK;
            if let (true, Some(week)) = (is_told, part_of(row)) {
                let start = week.first.saturating_sub(since.weeks());
                add("", (Kind::Week, start), since, row.figures[0]);
            }
        }
    }
    for (need, kind) in [(0, Kind::Week), (1, Kind::Month)] {
        for row in scene.rows(need) {
            let is_meant = row.value.id == feature && row.leaf.id == 0;
            let (label, value) = match &split {
                None => (row.sub.as_str(), ""),
                Some(split) => split.halves(row.sub.as_str()),
            };
            let is_meant = is_meant && split.is_none_or(|split| split.takes(value));
            let start = began(label).filter(|(it, _)| *it == kind);
            if let (true, Some(start), Some(part)) = (is_meant, start, part_of(row)) {
                add(value, start, since(kind, start.1, part.first), row.figures[0]);
            }
        }
    }
    if split.is_none_or(|split| split.only.is_some()) {
        return Table::of(by_value.values().flat_map(|it| rows(it, &[])).collect());
    }
    let row = |(value, cohorts): (String, Cohorts)| {
        let name = if value.is_empty() { not_told(question.language) } else { &value };
        // Nobody is of two cohorts.
        let came = cohorts.values().filter_map(|(_, counts)| counts.get(&0)).sum();
        let columns = vec![count("nb_uniq_visitors", came)];
        let under = Table::of(rows(&cohorts, &[name]));
        levels::record(name, columns, Vec::new(), &[name], Some(under))
    };
    Table::of(by_value.into_iter().map(row).collect())
}

fn rows(cohorts: &Cohorts, path: &[&str]) -> Vec<Record> {
    let each = cohorts.iter();
    each.map(|((start, _), (kind, counts))| row(*kind, *start, counts, path)).collect()
}

/// The start that a label names: `2026-S36`, `2026-W36` or `2026-09`.
fn began(label: &str) -> Option<Start> {
    let (year, rest) = label.split_once('-')?;
    let year: i16 = year.parse().ok()?;
    if let Some(week) = rest.strip_prefix(['S', 'W', 's', 'w']) {
        let week = ISOWeekDate::new(year, week.parse().ok()?, Weekday::Monday).ok()?;
        return Some((Kind::Week, week.date()));
    }
    Some((Kind::Month, Date::new(year, rest.parse().ok()?, 1).ok()?))
}

/// Weeks or months from one start to another.
fn since(kind: Kind, from: Date, to: Date) -> i64 {
    match kind {
        Kind::Month => {
            let months = |day: Date| i64::from(day.year()) * 12 + i64::from(day.month());
            months(to) - months(from)
        }
        _ => i64::from(crate::site::number_of(to) - crate::site::number_of(from)).div_euclid(7),
    }
}

fn row(kind: Kind, start: Date, counts: &BTreeMap<i64, i64>, path: &[&str]) -> Record {
    let name = match kind {
        Kind::Month => start.strftime("%Y-%m").to_string(),
        _ => {
            let week = start.iso_week_date();
            format!("{}-W{:02}", week.year(), week.week())
        }
    };
    // Shares are of the first week: where it is outside the period there are none.
    let first = counts.get(&0).copied().filter(|n| *n > 0);
    let later = counts.iter().map(|(since, n)| {
        let mut columns: Fields = vec![count("nb_uniq_visitors", *n)];
        columns.extend(first.map(|first| share("retention_rate", *n, first)));
        levels::record(&since.to_string(), columns, Vec::new(), &[], None)
    });
    let under = Table::of(later.collect());
    let columns = vec![("nb_uniq_visitors".into(), first.map_or(Cell::Null, Cell::Count))];
    let metadata = vec![
        ("first_day".into(), Cell::text(&start.to_string())),
        ("step".into(), Cell::text(kind.name())),
    ];
    let path: Vec<&str> = path.iter().copied().chain([name.as_str()]).collect();
    Record { below: below(&path, under), ..levels::record(&name, columns, metadata, &[], None) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cohorts_are_weeks_or_months() {
        for (label, want) in [
            ("2026-S36", Some((Kind::Week, "2026-08-31"))),
            ("2026-W01", Some((Kind::Week, "2025-12-29"))),
            ("2026-09", Some((Kind::Month, "2026-09-01"))),
            ("2026-13", None),
            ("2026-S54", None),
            ("2026", None),
            ("", None),
            ("rentrée-2026", None),
        ] {
            let got = began(label).map(|(kind, start)| (kind, start.to_string()));
            assert_eq!(got, want.map(|(kind, start)| (kind, start.to_owned())), "{label}");
        }
    }

    #[test]
    fn time_since_is_counted_in_steps_of_the_cohort() {
        let day = |text: &str| text.parse().unwrap();
        assert_eq!(since(Kind::Week, day("2026-08-31"), day("2026-09-14")), 2);
        assert_eq!(since(Kind::Week, day("2026-09-14"), day("2026-08-31")), -2);
        assert_eq!(since(Kind::Month, day("2025-11-01"), day("2026-02-01")), 3);
    }
}
