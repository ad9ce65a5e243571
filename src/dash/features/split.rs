//! Adoption side by side for the values of an audience.

use serde::Serialize;

use super::{
    Features,
    list::{self, told},
};
use crate::{
    dash::{address::Address, chart, number, period::Link, svg::Svg, text::Text},
    report::{Record, Table},
};

/// Values side by side; the Reporting API has the others.
const MOST_VALUES: usize = 12;

#[derive(Debug, Serialize)]
pub(super) struct Split {
    name: String,
    heads: Vec<Link>,
    rows: Vec<Row>,
    /// How many values are not shown.
    more: Option<String>,
}

#[derive(Debug, Serialize)]
struct Row {
    feature: String,
    group: String,
    cells: Vec<Cell>,
}

#[derive(Debug, Serialize)]
struct Cell {
    share: String,
    visits: String,
    bar: Svg,
}

impl Split {
    pub(super) fn new(page: &Features, table: &Table, address: &Address, text: &Text) -> Self {
        let below =
            |row: &Record| row.below.as_ref().map(|it| it.table.rows.clone()).unwrap_or_default();
        // The values with most visits first; they are the same under each feature.
        let mut values: Vec<(String, u64)> = Vec::new();
        for row in table.rows.iter().flat_map(below) {
            let label = row.caption().unwrap_or_default().to_owned();
            if !values.iter().any(|(it, _)| *it == label) {
                values.push((label, list::whole(Some(&row), "nb_active_visits")));
            }
        }
        values.retain(|(_, visits)| *visits > 0);
        values.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let hidden = values.len().saturating_sub(MOST_VALUES);
        values.truncate(MOST_VALUES);
        let name = page.audience.as_ref().and_then(|audience| {
            page.audiences.iter().find(|(key, _)| key == audience).map(|(_, name)| name.clone())
        });
        let head = |(label, _): &(String, u64)| {
            let current = page.value.as_ref() == Some(label);
            let value = (!current).then_some(label.as_str());
            Link {
                href: address.with("value", value).period(&page.asked.choice),
                label: label.clone(),
                current,
            }
        };
        let row = |row: &Record| Row {
            feature: row.caption().unwrap_or_default().to_owned(),
            group: told(row, "group"),
            cells: values.iter().map(|(label, _)| cell(&below(row), label, text)).collect(),
        };
        Self {
            name: name.unwrap_or_default(),
            heads: values.iter().map(head).collect(),
            rows: table.rows.iter().map(row).collect(),
            more: (hidden > 0).then(|| text.count("usage.more_values", hidden as u64)),
        }
    }
}

fn cell(rows: &[Record], label: &str, text: &Text) -> Cell {
    let row = rows.iter().find(|row| row.caption() == Some(label));
    let rate = row.map_or(0.0, |row| row.number("adoption_visits_rate"));
    Cell {
        share: number::percent(rate, text.lang()),
        visits: text.count("counts.visits", list::whole(row, "nb_visits")),
        bar: chart::bar(rate, 1.0),
    }
}
