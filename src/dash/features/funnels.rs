//! Funnels: a bar for each step, as long as the visits that reached it.

use serde::Serialize;

use super::list::{told, whole};
use crate::{
    dash::{chart, number, svg::Svg, text::Text},
    report::Record,
};

#[derive(Debug, Serialize)]
pub(super) struct Funnel {
    name: String,
    summary: String,
    steps: Vec<Step>,
}

#[derive(Debug, Serialize)]
struct Step {
    name: String,
    optional: bool,
    bar: Svg,
    visits: String,
    of_first: String,
    of_before: String,
    lost: Option<String>,
}

impl Funnel {
    pub(super) fn new(row: &Record, text: &Text) -> Self {
        let lang = text.lang();
        let through = number::percent(row.number("completion_rate"), lang);
        let entered = text.count("counts.visits", whole(Some(row), "nb_visits"));
        let steps = row.below.as_ref().map_or(&[][..], |below| &below.table.rows);
        Self {
            name: row.caption().unwrap_or_default().to_owned(),
            summary: text
                .fill("usage.funnel_summary", &[("visits", &entered), ("share", &through)]),
            steps: steps.iter().map(|step| self::step(step, text)).collect(),
        }
    }
}

fn step(row: &Record, text: &Text) -> Step {
    let lang = text.lang();
    let lost = whole(Some(row), "nb_visits_lost");
    Step {
        name: row.caption().unwrap_or_default().to_owned(),
        optional: told(row, "optional") == "1",
        bar: chart::bar(row.number("reached_rate"), 1.0),
        visits: number::integer(whole(Some(row), "nb_visits"), lang),
        of_first: number::percent(row.number("reached_rate"), lang),
        of_before: number::percent(row.number("step_rate"), lang),
        lost: (lost > 0).then(|| number::integer(lost, lang)),
    }
}
