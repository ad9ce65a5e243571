//! Retention: who comes back, told by the devices themselves as buckets. PADOQE's own module.
//!
//! Devices that keep nothing tell nothing, so these figures are of those that can, less than visits.
//! Over several days, weeks or months they add up: `nb_weekly` over a month is the sum of its weeks.

use crate::{
    report::{
        need::{By, Need, Row},
        refusal::Refusal,
        registry::Report,
        scene::{Asked, Scene},
        table::{Cell, Fields, Record, Table},
    },
    rollup::{RETURN_DAYS, RETURN_WEEKS, Shape, subject},
};

const MODULE: &str = "Retention";

pub(super) const REPORTS: &[Report] = &[
    Report::new(MODULE, "get", devices_needs, get),
    Report::new(MODULE, "getWeeksSinceFirstUse", weeks_needs, per_week)
        .of(&["Retention_WeeksSinceFirstUse"])
        .unsorted(),
    Report::new(MODULE, "getDaysOfUse", days_needs, per_days)
        .of(&["Retention_DaysOfUse"])
        .unsorted(),
];

/// Devices by the span of which this use is the first.
const COLUMNS: [(&str, i64); 4] = [
    ("nb_daily", subject::span::DAY),
    ("nb_weekly", subject::span::WEEK),
    ("nb_monthly", subject::span::MONTH),
    ("nb_yearly", subject::span::SCHOOL_YEAR),
];

fn devices_needs(_: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    Ok(vec![Need::of(Shape::Returned, subject::DEVICES, By::VALUE)])
}

fn weeks_needs(_: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    Ok(vec![Need::of(Shape::Returned, subject::WEEKS_SINCE_FIRST, By::SUB)])
}

fn days_needs(_: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    Ok(vec![Need::of(Shape::Returned, subject::DAYS_OF_USE, By::SUB)])
}

fn columns(rows: &[&Row], is: impl Fn(&Row, i64) -> bool) -> Fields {
    let count = |span| rows.iter().filter(|row| is(row, span)).map(|row| row.figures[0]).sum();
    COLUMNS.iter().map(|(name, span)| ((*name).into(), Cell::Count(count(*span)))).collect()
}

fn get(scene: &Scene<'_>) -> Table {
    Table::overview(columns(scene.rows(0), |row, span| row.value.id == span))
}

fn per_week(scene: &Scene<'_>) -> Table {
    buckets(scene, &RETURN_WEEKS)
}

fn per_days(scene: &Scene<'_>) -> Table {
    buckets(scene, &RETURN_DAYS)
}

/// A row for each bucket that any device told, from the least on: `0`, `5-8`, `27+`.
fn buckets(scene: &Scene<'_>, from: &[u8]) -> Table {
    let rows = scene.rows(0);
    let next = from.iter().skip(1).copied().map(Some).chain([None]);
    let named = from.iter().zip(next).map(|(from, next)| match next {
        None => (*from, format!("{from}+")),
        Some(next) if next == from + 1 => (*from, from.to_string()),
        Some(next) => (*from, format!("{from}-{}", next - 1)),
    });
    let told = named.filter(|(from, _)| rows.iter().any(|row| row.value.id == i64::from(*from)));
    let record = |(from, label): (u8, String)| {
        let from = i64::from(from);
        let is = |row: &Row, span| row.value.id == from && row.sub.id == span;
        // A plus in a label that is not shown as it stands would be read as a space.
        Record { shown: Some(label.clone()), ..Record::new(label, columns(rows, is)) }
    };
    Table::of(told.map(record).collect())
}
