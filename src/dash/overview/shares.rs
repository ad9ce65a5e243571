//! Devices, browsers, systems: small tables of shares.

use serde::Serialize;

use super::Share;
use crate::dash::{chart, number, svg::Svg, text::Text};

#[derive(Debug, Serialize)]
pub(super) struct Shares {
    id: &'static str,
    title: String,
    caption: String,
    /// Title of the first column.
    head: String,
    rows: Vec<Row>,
}

#[derive(Debug, Serialize)]
struct Row {
    label: String,
    bar: Svg,
    visits: String,
    share: String,
}

impl Shares {
    pub(super) fn new(id: &'static str, shares: &[Share], text: &Text) -> Self {
        let whole = shares.iter().fold(0u64, |sum, it| sum.saturating_add(it.visits));
        let rows = shares
            .iter()
            .map(|it| Row {
                label: label(&it.label, text),
                bar: chart::bar(it.visits as f64, whole as f64),
                visits: number::integer(it.visits, text.lang()),
                share: number::share(it.visits, whole, text.lang()),
            })
            .collect();
        Self {
            id,
            title: text.say(&format!("shares.{id}.title")),
            caption: text.say(&format!("shares.{id}.caption")),
            head: text.say(&format!("shares.{id}.head")),
            rows,
        }
    }
}

/// Kinds of device come as codes; names of browsers and systems are the same in every language.
fn label(label: &str, text: &Text) -> String {
    let code = label.trim().to_lowercase().replace([' ', '-', '/'], "_");
    let code = if code.is_empty() { "unknown" } else { &code };
    text.get(&format!("labels.{code}")).unwrap_or(label).to_owned()
}
