//! From what was read to the tables of an answer.

use super::{
    filter::{self, Rules},
    need::Row,
    period::Period,
    plan::{Found, Part, Plan, VERSION},
    registry::Report,
    scene::Scene,
    table::{Answer, Form, Key, Table},
    value::Value,
};

/// The answer as tables. `found` holds what was read for each part, in order; what is missing counts
/// as nothing.
pub fn tables(plan: &Plan, found: &[Found]) -> Answer {
    let Some(report) = plan.report else { return Answer::Value(Value::from(VERSION)) };
    let nothing = Found::new();
    let mut answers = Vec::with_capacity(plan.parts.len());
    for (at, part) in plan.parts.iter().enumerate() {
        let found = found.get(at).unwrap_or(&nothing);
        answers.push((part.site.id.to_string(), of_site(plan, report, part, found)));
    }
    match answers.pop() {
        Some((_, only)) if !plan.by_site => only,
        last => {
            answers.extend(last);
            Answer::Map(Key::Site, answers)
        }
    }
}

fn of_site(plan: &Plan, report: &Report, part: &Part, found: &Found) -> Answer {
    let mut rows = by_period(found, part.periods.list.len(), report.weekdays);
    let mut answers = Vec::with_capacity(part.periods.list.len());
    for period in part.periods.list.iter().rev() {
        let rows = rows.pop().unwrap_or_default();
        let table = one(plan, report, part, period, rows);
        answers.push((period.key(), Answer::Table(table)));
    }
    answers.reverse();
    match answers.pop() {
        Some((_, only)) if !part.periods.by_date => only,
        last => {
            answers.extend(last);
            Answer::Map(Key::Date, answers)
        }
    }
}

/// Rows by period, then by need.
fn by_period(found: &Found, periods: usize, weekdays: bool) -> Vec<Vec<Vec<&Row>>> {
    let mut sorted = vec![vec![Vec::new(); found.len()]; periods];
    for (need, rows) in found.iter().enumerate() {
        for row in rows {
            let period = if weekdays { row.period / 7 } else { row.period };
            if let Some(of_period) = sorted.get_mut(period) {
                of_period[need].push(row);
            }
        }
    }
    sorted
}

fn one(plan: &Plan, report: &Report, part: &Part, period: &Period, rows: Vec<Vec<&Row>>) -> Table {
    let in_map = part.periods.by_date || plan.by_site;
    let Plan { params, options, .. } = plan;
    let scene = Scene { params, options, site: &part.site, period, in_map, rows };
    let mut table = (report.build)(&scene);
    if let (Some(id), Form::Rows) = (options.subtable, table.form) {
        table = table.below(id).unwrap_or_default();
    }
    let rules = Rules {
        flat: report.flat,
        dimensions: &report.dimensions_of(&scene.asked()),
        sorted: report.sorted,
        processed: report.processed,
        goals: &part.site.goals.iter().map(|goal| goal.id).collect::<Vec<_>>(),
        currency: &part.site.currency,
    };
    filter::apply(table, options, &rules)
}
