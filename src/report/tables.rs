//! From what was read to the tables of an answer.

use super::{
    compose::{self, Made},
    filter::{self, Rules},
    need::Row,
    options::Options,
    period::Period,
    plan::{Found, Part, Plan},
    refusal::Refusal,
    registry::Report,
    scene::Scene,
    table::{Answer, Form, Key, Table},
};

/// The answer as tables. `found` holds what was read for each part, in order; what is missing counts
/// as nothing.
///
/// # Errors
/// What was read does not answer the question, as where a page was not seen.
pub fn tables(plan: &Plan, found: &[Found]) -> Result<Answer, Refusal> {
    match compose::made(plan, found) {
        Some(Made::Answer(answer)) => return Ok(answer),
        Some(Made::Value(value)) => return Ok(Answer::Value(value)),
        Some(Made::Refusal(refusal)) => return Err(refusal),
        None => {}
    }
    let nothing = Found::new();
    let mut answers = Vec::with_capacity(plan.parts.len());
    for (at, part) in plan.parts.iter().enumerate() {
        let found = found.get(at).unwrap_or(&nothing);
        answers.push((part.site.id.to_string(), of_site(plan, part, found)));
    }
    Ok(match answers.pop() {
        Some((_, only)) if !plan.by_site => only,
        last => {
            answers.extend(last);
            Answer::Map(Key::Site, answers)
        }
    })
}

fn of_site(plan: &Plan, part: &Part, found: &Found) -> Answer {
    let tables = of_periods(plan, &plan.options, part, found);
    let keys = part.periods.list.iter().map(Period::key);
    let mut answers: Vec<_> = keys.zip(tables.into_iter().map(Answer::Table)).collect();
    match answers.pop() {
        Some((_, only)) if !part.periods.by_date => only,
        last => {
            answers.extend(last);
            Answer::Map(Key::Date, answers)
        }
    }
}

/// One table for each period of a part, as `options` want it.
pub(super) fn of_periods(plan: &Plan, options: &Options, part: &Part, found: &Found) -> Vec<Table> {
    let Some(report) = plan.report else { return Vec::new() };
    let rows = by_period(found, part.periods.list.len(), report.cut.stride());
    let periods = part.periods.list.iter().zip(rows);
    periods.map(|(period, rows)| one(plan, options, report, part, period, rows)).collect()
}

/// Rows by period, then by need.
fn by_period(found: &Found, periods: usize, stride: usize) -> Vec<Vec<Vec<&Row>>> {
    let mut sorted = vec![vec![Vec::new(); found.len()]; periods];
    for (need, rows) in found.iter().enumerate() {
        for row in rows {
            if let Some(of_period) = sorted.get_mut(row.period / stride) {
                of_period[need].push(row);
            }
        }
    }
    sorted
}

fn one(
    plan: &Plan,
    options: &Options,
    report: &Report,
    part: &Part,
    period: &Period,
    rows: Vec<Vec<&Row>>,
) -> Table {
    let in_map = part.periods.by_date || plan.by_site;
    let params = &plan.params;
    let Part { site, today, marks, .. } = part;
    let scene = Scene { params, options, site, period, today: *today, marks, in_map, rows };
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
