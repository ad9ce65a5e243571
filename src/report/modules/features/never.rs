//! What nobody uses.

use jiff::{ToSpan, civil::Date};

use super::{
    levels,
    question::{Measure, Question},
    reading::{Reading, Who},
};
use crate::{
    report::{
        need::Need,
        period::{Kind, Period},
        refusal::Refusal,
        registry::MOST_PARTS,
        scene::{Asked, Scene},
        table::{Cell, Record, Table},
    },
    rollup::Shape,
    site::{self, Feature, number_of},
};

/// How far back a last use is looked for: as long as figures are kept.
const MONTHS_BACK: i64 = 25;

/// Uses alone.
const MEASURES: [Measure; 1] = [Measure::USE];

/// The period, then what was before it, the latest first: what is left of its first month, and months.
pub(super) fn parts(_: &Asked<'_>, period: &Period) -> Result<Vec<Period>, Refusal> {
    let mut parts = vec![*period];
    let month = period.first.first_of_month();
    if month < period.first {
        parts.push(Period::range(month, period.first.saturating_sub(1.day())));
    }
    let back = |count: i64| Kind::Month.holding(month.saturating_sub(count.months()));
    parts.extend((1..=MONTHS_BACK).map(back));
    Ok(parts)
}

pub(super) fn needs(asked: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    Question::read(asked)?.needs(&MEASURES)
}

/// Features that were there to be used in the period and were not, the longest released first.
pub(super) fn build(scene: &Scene<'_>) -> Table {
    let asked = scene.asked();
    let Ok(question) = Question::read(&asked) else { return Table::default() };
    let reading = Reading::new(&question, &MEASURES, scene);
    let parts = parts(&asked, scene.period).unwrap_or_default();
    let end = scene.period.last.min(scene.today);
    let mut features: Vec<&Feature> = question.features();
    features.retain(|it| was_there(it, end));
    features.sort_by_key(|it| (it.released.unwrap_or(it.since), it.id));
    let mut rows = Vec::new();
    for feature in features {
        match last_use(&reading, i64::from(feature.id)) {
            Some(0) => (),
            part => rows.push(row(&question, feature, part.and_then(|at| parts.get(at)), end)),
        }
    }
    Table::of(rows)
}

/// Whether it was released and counted by that day.
fn was_there(feature: &Feature, day: Date) -> bool {
    let day = number_of(day);
    feature.since <= day && feature.released.is_none_or(|it| it <= day)
}

/// The latest part with a use.
fn last_use(reading: &Reading<'_>, feature: i64) -> Option<usize> {
    let uses = Shape::Feature.at("uses");
    let rows = reading.rows(0, feature, Who::All).iter();
    rows.filter(|row| row.figures[uses] > 0).map(|row| row.period % MOST_PARTS).min()
}

fn row(question: &Question<'_>, feature: &Feature, last: Option<&Period>, end: Date) -> Record {
    let date = |day: i32| Cell::text(&site::date_of(day).to_string());
    let released = feature.released;
    let used = last.map(|it| Cell::text(&Kind::Month.holding(it.first).key()));
    let columns = vec![
        ("released".into(), released.map_or(Cell::Null, date)),
        (
            "days_since_release".into(),
            released.map_or(Cell::Null, |day| Cell::Count(i64::from(number_of(end) - day))),
        ),
        ("counted_since".into(), date(feature.since)),
        ("last_used".into(), used.unwrap_or(Cell::Null)),
    ];
    let metadata = vec![
        ("feature".into(), Cell::text(&feature.key)),
        ("group".into(), Cell::text(&feature.group)),
        ("owner".into(), Cell::text(&feature.owner)),
    ];
    levels::record(question.name(feature), columns, metadata, &[], None)
}
