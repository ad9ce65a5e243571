//! How many establishments use features: of each feature, or of the chosen one in each territory.

use serde::Serialize;

use super::{Features, list};
use crate::{
    dash::{address::Address, chart, number, period::Link, svg::Svg, text::Text},
    report::{Record, Table},
};

/// What establishments can be told apart by, as the API calls it.
pub(super) const BY: [&str; 6] = ["academy", "region", "department", "type", "level", "sector"];

/// What is known of the reach.
#[derive(Clone, Debug)]
pub enum Reach {
    /// The period is made of days, which are not counted by establishment.
    Days,
    Of(Table),
}

#[derive(Debug, Serialize)]
pub(super) struct View {
    /// The period has none.
    days: bool,
    /// No directory was imported: there is nothing to be a share of.
    no_directory: bool,
    by: Vec<Link>,
    /// The chosen feature, whose territories rows are.
    of: Option<String>,
    rows: Vec<Row>,
}

#[derive(Debug, Serialize)]
struct Row {
    name: String,
    bar: Svg,
    share: Option<String>,
    used: String,
    active: String,
    open: Option<String>,
}

impl View {
    pub(super) fn new(page: &Features, reach: &Reach, address: &Address, text: &Text) -> Self {
        let link = |by: &&str| Link {
            href: format!(
                "{}#reach-title",
                address.with("by", Some(by)).period(&page.asked.choice)
            ),
            label: text.say(&format!("usage.reach_by_{by}")),
            current: *by == page.by,
        };
        let table = match reach {
            Reach::Days => None,
            Reach::Of(table) => Some(table),
        };
        let features = table.map_or(&[][..], |table| &table.rows);
        let open = features.iter().any(|row| row.number("nb_establishments") > 0.0);
        let chosen = features.iter().find(|row| list::key(row) == page.feature.as_deref());
        let chosen = chosen.filter(|_| page.feature.is_some());
        let rows = match chosen {
            Some(feature) => feature.below.as_ref().map_or(&[][..], |below| &below.table.rows),
            None => features,
        };
        Self {
            days: table.is_none(),
            no_directory: table.is_some() && !features.is_empty() && !open,
            by: BY.iter().filter(|_| chosen.is_some()).map(link).collect(),
            of: chosen.and_then(Record::caption).map(str::to_owned),
            rows: rows.iter().map(|it| row(it, text)).collect(),
        }
    }
}

fn row(row: &Record, text: &Text) -> Row {
    let lang = text.lang();
    let count = |column| number::integer(list::whole(Some(row), column), lang);
    let rate = row.get("reach_rate").and_then(|cell| cell.number());
    Row {
        name: row.caption().unwrap_or_default().to_owned(),
        bar: chart::bar(rate.unwrap_or_default(), 1.0),
        share: rate.map(|rate| number::percent(rate, lang)),
        used: count("nb_establishments_with_use"),
        active: count("nb_establishments_active"),
        open: rate.map(|_| count("nb_establishments")),
    }
}
