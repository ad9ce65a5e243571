//! When features are used, which together, which never.

use jiff::civil::Date;
use serde::Serialize;

use super::list::{key, told, whole};
use crate::{
    dash::{chart, dates, number, svg::Svg, text::Text},
    report::{Cell, Record, Table},
};

/// Pairs that are shown; the Reporting API has the others.
const MOST_PAIRS: usize = 15;

/// Uses by weekday and hour, of one feature or of all together.
pub(super) fn moments(table: &Table, feature: &Option<String>) -> [[u64; 24]; 7] {
    let mut uses = [[0; 24]; 7];
    let meant = |row: &&Record| feature.is_none() || key(row) == feature.as_deref();
    for row in table.rows.iter().filter(meant) {
        let days = row.below.as_ref().map_or(&[][..], |below| &below.table.rows);
        for (day, row) in uses.iter_mut().zip(days) {
            let hours = row.below.as_ref().map_or(&[][..], |below| &below.table.rows);
            for row in hours {
                let hour: usize = told(row, "hour").parse().unwrap_or(usize::MAX);
                if let Some(cell) = day.get_mut(hour) {
                    *cell += whole(Some(row), "nb_uses");
                }
            }
        }
    }
    uses
}

/// Two features of the same visits.
#[derive(Debug, Serialize)]
pub(super) struct Pair {
    name: String,
    bar: Svg,
    visits: String,
    share: String,
    lift: String,
}

/// The pairs that most visits used.
pub(super) fn pairs(table: &Table, text: &Text) -> Vec<Pair> {
    let lang = text.lang();
    let pair = |row: &Record| Pair {
        name: row.caption().unwrap_or_default().to_owned(),
        bar: chart::bar(row.number("smaller_rate"), 1.0),
        visits: number::integer(whole(Some(row), "nb_visits"), lang),
        share: number::percent(row.number("smaller_rate"), lang),
        lift: format!("×\u{202f}{}", number::decimal(row.number("lift"), 1, lang)),
    };
    table.rows.iter().take(MOST_PAIRS).map(pair).collect()
}

/// A feature that nobody used.
#[derive(Debug, Serialize)]
pub(super) struct Never {
    name: String,
    group: String,
    owner: String,
    released: Option<String>,
    last_used: String,
}

impl Never {
    pub(super) fn new(row: &Record, text: &Text) -> Self {
        let cell = |name: &str| match row.get(name) {
            Some(Cell::Text(text)) => Some(text.to_string()),
            _ => None,
        };
        let day = |text: String| text.parse::<Date>().ok();
        let month = cell("last_used").and_then(|month| day(format!("{month}-01")));
        Self {
            name: row.caption().unwrap_or_default().to_owned(),
            group: told(row, "group"),
            owner: told(row, "owner"),
            released: cell("released").and_then(day).map(|it| dates::full(it, text)),
            last_used: month.map_or_else(
                || text.say("usage.never_before"),
                |month| dates::month_year(month, text),
            ),
        }
    }
}
