//! API.get: the overviews of all modules in one row.

use super::{actions, goals, page_performance, referrers, visit_frequency, visits_summary};
use crate::report::{
    metrics,
    need::Need,
    refusal::Refusal,
    registry::Report,
    scene::{Asked, Scene},
    table::{Fields, Table},
};

pub(super) const REPORTS: &[Report] = &[Report::new("API", "get", needs, get)];

/// The overviews in the order Matomo merges them: last name first.
const OVERVIEWS: [&[Report]; 6] = [
    visits_summary::REPORTS,
    visit_frequency::REPORTS,
    referrers::REPORTS,
    page_performance::REPORTS,
    goals::REPORTS,
    actions::REPORTS,
];

/// Columns that an overview has and the whole has not.
const LEFT_OUT: [&str; 3] = ["bounce_count_", "sum_visit_length_", "nb_visits_converted_"];

/// Each module's overview stands first among its reports.
fn overviews() -> impl Iterator<Item = &'static Report> {
    OVERVIEWS.iter().filter_map(|reports| reports.first())
}

fn needs(asked: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    let mut needs = Vec::new();
    for report in overviews() {
        needs.extend((report.needs)(asked)?);
    }
    Ok(needs)
}

fn get(scene: &Scene<'_>) -> Table {
    let mut first = 0;
    let mut columns: Fields = Vec::new();
    for report in overviews() {
        let asked = scene.asked();
        let count = (report.needs)(&asked).map_or(0, |needs| needs.len());
        let rows = (first..first + count).map(|need| scene.rows(need).to_vec()).collect();
        first += count;
        let mut table = (report.build)(&Scene { rows, ..*scene });
        metrics::add(&mut table, report.processed);
        for (name, cell) in table.rows.into_iter().flat_map(|row| row.columns) {
            let is_left_out = LEFT_OUT.iter().any(|start| {
                name.strip_prefix(start).is_some_and(|rest| rest == "new" || rest == "returning")
            });
            if !is_left_out && columns.iter().all(|(it, _)| *it != name) {
                columns.push((name, cell));
            }
        }
    }
    let mut table = Table::overview(columns);
    if scene.in_map && table.rows[0].columns.is_empty() {
        table.rows.clear();
    }
    table
}
