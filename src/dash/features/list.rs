//! The table of features: how many use each, how often, how long, and how that went.

use serde::Serialize;

use super::{Features, Tables, trend::step_name};
use crate::{
    dash::{address::Address, chart, number, period::Link, svg::Svg, text::Text},
    report::{Record, Table},
};

#[derive(Debug, Serialize)]
pub(super) struct List {
    rows: Vec<Row>,
    /// Whether distinct visitors are known for the period; else visitors are sums of days.
    distinct: bool,
    trend: Option<Trend>,
}

#[derive(Debug, Serialize)]
struct Row {
    feature: Link,
    group: String,
    bar: Svg,
    share: String,
    visits: String,
    visitors: String,
    uses: String,
    per_visit: String,
    median: Option<String>,
    p90: Option<String>,
    spark: Svg,
}

/// The sparks' figures: uses by step and feature.
#[derive(Debug, Serialize)]
struct Trend {
    heads: Vec<String>,
    rows: Vec<TrendRow>,
}

#[derive(Debug, Serialize)]
struct TrendRow {
    step: String,
    /// What happened then.
    marks: String,
    uses: Vec<String>,
}

/// What a row calls its feature.
pub(super) fn key(row: &Record) -> Option<&str> {
    match row.about("feature") {
        Some(crate::report::Cell::Text(text)) => Some(text),
        _ => None,
    }
}

/// The row about the same feature in another table.
fn same<'a>(table: &'a Table, row: &Record) -> Option<&'a Record> {
    table.rows.iter().find(|it| key(it) == key(row))
}

/// A figure that is never less than nothing.
pub(super) fn whole(row: Option<&Record>, column: &str) -> u64 {
    // The cast saturates; counts are whole.
    row.map_or(0.0, |row| row.number(column)).max(0.0) as u64
}

/// A text of what is told about a row.
pub(super) fn told(row: &Record, name: &str) -> String {
    row.about(name).and_then(|cell| cell.print()).map(|it| it.into_owned()).unwrap_or_default()
}

impl List {
    pub(super) fn new(page: &Features, address: &Address, text: &Text) -> Self {
        let Tables { adoption, .. } = &page.tables;
        let distinct = adoption.rows.iter().any(|row| row.get("nb_uniq_visitors").is_some());
        let rows = adoption.rows.iter().map(|it| row(page, it, distinct, address, text)).collect();
        Self { rows, distinct, trend: trend(&page.tables, text) }
    }
}

fn row(page: &Features, row: &Record, distinct: bool, address: &Address, text: &Text) -> Row {
    let lang = text.lang();
    let count = |column| number::integer(whole(Some(row), column), lang);
    let Tables { frequency, duration, trend, .. } = &page.tables;
    let seconds = |column: &str| {
        let cell = same(duration, row).and_then(|row| row.get(column)).and_then(|it| it.number());
        cell.map(|seconds| number::duration(seconds, lang))
    };
    let per_visit = same(frequency, row).map_or(0.0, |row| row.number("avg_uses_per_visit"));
    let rate = row.number("adoption_visits_rate");
    Row {
        feature: Link {
            href: format!(
                "{}#use-trend-title",
                address.with("feature", key(row)).period(&page.asked.choice)
            ),
            label: row.caption().unwrap_or_default().to_owned(),
            current: page.feature.is_some() && key(row) == page.feature.as_deref(),
        },
        group: told(row, "group"),
        bar: chart::bar(rate, 1.0),
        share: number::percent(rate, lang),
        visits: count("nb_visits"),
        visitors: count(if distinct { "nb_uniq_visitors" } else { "nb_visitor_days" }),
        uses: count("nb_uses"),
        per_visit: number::decimal(per_visit, 1, lang),
        median: seconds("median_time_used"),
        p90: seconds("p90_time_used"),
        spark: chart::spark(&points(same(trend, row))),
    }
}

/// Uses by step.
fn points(row: Option<&Record>) -> Vec<u64> {
    let steps = row.and_then(|row| row.below.as_ref());
    let steps = steps.map_or(&[][..], |below| &below.table.rows);
    steps.iter().map(|step| whole(Some(step), "nb_uses")).collect()
}

fn trend(tables: &Tables, text: &Text) -> Option<Trend> {
    let features = &tables.trend.rows;
    let steps = |row: &Record| row.below.as_ref().map_or(0, |below| below.table.rows.len());
    let step = |row: &'_ Record, at: usize| {
        row.below.as_ref().and_then(|below| below.table.rows.get(at).cloned())
    };
    let count = features.iter().map(steps).max().filter(|count| *count > 0)?;
    let rows = (0..count).filter_map(|at| {
        let of: Vec<Option<Record>> = features.iter().map(|row| step(row, at)).collect();
        let first = of.iter().flatten().next()?;
        Some(TrendRow {
            step: step_name(first, text),
            marks: marks(features, &of, text),
            uses: of
                .iter()
                .map(|it| number::integer(whole(it.as_ref(), "nb_uses"), text.lang()))
                .collect(),
        })
    });
    let heads = features.iter().map(|row| row.caption().unwrap_or_default().to_owned());
    Some(Trend { heads: heads.collect(), rows: rows.collect() })
}

/// Releases, changes of rules and notes of a step in words.
fn marks(features: &[Record], of: &[Option<Record>], text: &Text) -> String {
    let mut said: Vec<String> = Vec::new();
    for (feature, step) in features.iter().zip(of) {
        let name = feature.caption().unwrap_or_default();
        let has = |what: &str| step.as_ref().is_some_and(|step| step.about(what).is_some());
        if has("released") {
            said.push(text.fill("usage.released", &[("feature", name)]));
        }
        if has("rules_changed") {
            said.push(text.fill("usage.rules_changed", &[("feature", name)]));
        }
    }
    said.extend(
        of.iter().flatten().next().map(|step| told(step, "notes")).filter(|it| !it.is_empty()),
    );
    said.join("\u{a0}; ")
}
