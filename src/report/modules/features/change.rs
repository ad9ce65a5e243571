//! Before and after a day: whether a release changed anything.

use super::{
    interval::{self, Difference},
    levels,
    question::{Measure, Question},
    reading::{Reading, Who},
    trend::{by_part, stepped},
};
use crate::{
    report::{
        metrics::round,
        need::Need,
        period::{Kind, Period},
        refusal::Refusal,
        scene::{Asked, Scene},
        table::{Cell, Fields, Table, count_as_number},
    },
    rollup::Shape,
    site::{Feature, date_of},
};
use jiff::{ToSpan, civil::Date};

const MEASURES: [Measure; 1] = [Measure::USE];

/// Days that are over: a day that still runs would look like a fall.
pub(super) fn parts(asked: &Asked<'_>, period: &Period) -> Result<Vec<Period>, Refusal> {
    Ok(stepped(Kind::Day, period, asked.today.saturating_sub(1.day())))
}

/// The day that is compared at, where the question names it.
fn compare_at(asked: &Asked<'_>) -> Result<Option<Date>, Refusal> {
    let Some(date) = asked.params.get("compareAt") else { return Ok(None) };
    date.parse().map(Some).map_err(|_| Refusal::bad_date())
}

pub(super) fn needs(asked: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    let question = Question::read(asked)?;
    let at = compare_at(asked)?;
    if let (None, Some(Feature { released: None, key, .. })) = (at, question.feature) {
        return Err(Refusal::new(format!(
            "The feature '{key}' has no day of release to compare at: say which with compareAt=YYYY-MM-DD, or add the day to the register."
        )));
    }
    question.needs(&MEASURES)
}

pub(super) fn build(scene: &Scene<'_>) -> Table {
    let asked = scene.asked();
    let (Ok(question), Ok(at)) = (Question::read(&asked), compare_at(&asked)) else {
        return Table::default();
    };
    let parts = parts(&asked, scene.period).unwrap_or_default();
    let reading = Reading::new(&question, &MEASURES, scene);
    let released = |id: i64| {
        let feature = question.register.features.iter().find(|it| i64::from(it.id) == id);
        feature.and_then(|it| it.released).map(date_of)
    };
    let mut topics = levels::features(&question);
    topics.list.retain(|topic| at.or_else(|| released(topic.id)).is_some());
    levels::table(&question, &reading, &topics, |topic, who| {
        let day = at.or_else(|| released(topic.id)).unwrap_or(scene.today);
        (columns(&Sides::read(&reading, &parts, topic.id, who, day), day), None)
    })
}

/// The days before and those from a day on: uses, visits with a use, all visits.
struct Sides {
    before: Vec<[f64; 3]>,
    after: Vec<[f64; 3]>,
}

impl Sides {
    fn read(reading: &Reading<'_>, parts: &[Period], feature: i64, who: Who, day: Date) -> Self {
        let used = by_part(reading.rows(0, feature, who), parts.len());
        let active = by_part(reading.rows(0, 0, who), parts.len());
        let mut sides = Self { before: Vec::new(), after: Vec::new() };
        for ((part, used), active) in parts.iter().zip(used).zip(active) {
            let sum = |rows: &[&crate::report::Row], column| {
                let place = Shape::Feature.at(column);
                count_as_number(rows.iter().map(|row| row.figures[place]).sum())
            };
            let of_day = [sum(&used, "uses"), sum(&used, "visits"), sum(&active, "visits")];
            let side = if part.first < day { &mut sides.before } else { &mut sides.after };
            side.push(of_day);
        }
        sides
    }
}

fn columns(sides: &Sides, day: Date) -> Fields {
    let Sides { before, after } = sides;
    let uses = |days: &[[f64; 3]]| days.iter().map(|[uses, ..]| *uses).collect::<Vec<_>>();
    let visits =
        |days: &[[f64; 3]]| days.iter().map(|[_, used, all]| (*used, *all)).collect::<Vec<_>>();
    let daily = |days: &[f64]| {
        let sum: f64 = days.iter().sum();
        let count = days.len() as f64;
        if days.is_empty() { Cell::Null } else { Cell::Number(round(sum / count, 2)) }
    };
    let rate = |days: &[(f64, f64)]| {
        let (part, whole) = days.iter().fold((0.0, 0.0), |sum, it| (sum.0 + it.0, sum.1 + it.1));
        if whole > 0.0 { Cell::Share(round(part / whole, 4)) } else { Cell::Null }
    };
    let (uses_before, uses_after) = (uses(before), uses(after));
    let (visits_before, visits_after) = (visits(before), visits(after));
    let count = |days: &[[f64; 3]]| Cell::Count(i64::try_from(days.len()).unwrap_or(i64::MAX));
    let means = interval::of_means(&uses_before, &uses_after);
    let shares = interval::of_shares(&visits_before, &visits_after);
    let number = |x: f64| Cell::Number(round(x, 2));
    let share = |x: f64| Cell::Share(round(x, 4));
    let mut columns: Fields = vec![
        ("compared_at".into(), Cell::text(&day.to_string())),
        ("days_before".into(), count(before)),
        ("days_after".into(), count(after)),
        ("daily_uses_before".into(), daily(&uses_before)),
        ("daily_uses_after".into(), daily(&uses_after)),
    ];
    columns.extend(told(
        ["daily_uses_difference", "daily_uses_low", "daily_uses_high"],
        means,
        number,
    ));
    columns.push(("visits_rate_before".into(), rate(&visits_before)));
    columns.push(("visits_rate_after".into(), rate(&visits_after)));
    columns.extend(told(
        ["visits_rate_difference", "visits_rate_low", "visits_rate_high"],
        shares,
        share,
    ));
    columns
}

/// A difference and its interval; nothing where there is too little to tell.
fn told(
    names: [&'static str; 3],
    difference: Option<Difference>,
    cell: impl Fn(f64) -> Cell,
) -> Fields {
    let values = match difference {
        Some(it) => [it.value, it.low, it.high].map(cell),
        None => [Cell::Null, Cell::Null, Cell::Null],
    };
    names.into_iter().map(Into::into).zip(values).collect()
}
