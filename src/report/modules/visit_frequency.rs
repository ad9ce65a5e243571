//! VisitFrequency: new visitors beside those who came back.

use super::visits_summary::{RATES, overview};
use crate::{
    report::{
        metrics,
        need::{By, Need, total},
        registry::Report,
        scene::Scene,
        table::{Fields, Table},
    },
    rollup::{Shape, subject},
};

pub(super) const REPORTS: &[Report] = &[Report::new("VisitFrequency", "get", |_| Ok(needs()), get)];

pub(super) fn needs() -> Vec<Need> {
    vec![Need::of(Shape::Visit, subject::RETURNING, By::VALUE)]
}

/// Distinct visitors of a week or a month are sums of days here: they are counted for all visitors
/// together only.
fn get(scene: &Scene<'_>) -> Table {
    let columns = columns(scene);
    let mut table = Table::overview(columns);
    if scene.in_map && scene.rows(0).is_empty() {
        table.rows.clear();
    }
    table
}

fn columns(scene: &Scene<'_>) -> Fields {
    let mut columns = Vec::new();
    for (returning, suffix) in [(0, "new"), (1, "returning")] {
        let rows = scene.rows(0).iter().copied().filter(|row| row.value.id == returning);
        let figures = total(Shape::Visit, rows);
        let mut part = Table::overview(overview(scene, &figures, None));
        metrics::add(&mut part, RATES);
        for (name, cell) in part.rows.into_iter().flat_map(|row| row.columns) {
            columns.push((format!("{name}_{suffix}").into(), cell));
        }
    }
    columns
}
