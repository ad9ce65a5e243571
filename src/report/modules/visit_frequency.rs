//! VisitFrequency: new visitors beside those who came back.

use super::visits_summary::{RATES, overview};
use crate::{
    report::{
        metrics,
        need::{By, Figures, Need, total},
        period::Kind,
        refusal::Refusal,
        registry::Report,
        scene::{Asked, Scene},
        table::{Fields, Table},
    },
    rollup::{Shape, subject},
};

pub(super) const REPORTS: &[Report] = &[Report::new("VisitFrequency", "get", needs, get)];

fn needs(asked: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    let mut needs = vec![Need::of(Shape::Visit, subject::RETURNING, By::VALUE)];
    let subject = subject::cut(subject::NEW_AND_RETURNING, 0);
    match asked.kind {
        Kind::Week => needs.push(Need::of(Shape::WeekDistinct, subject, By::VALUE)),
        Kind::Month => needs.push(Need::of(Shape::MonthDistinct, subject, By::VALUE)),
        Kind::Day | Kind::Year | Kind::Range => (),
    }
    Ok(needs)
}

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
        // Users are not told apart by whether they came back: the sum of days is the nearest there is.
        let distinct = scene.rows(1).iter().find(|row| row.value.id == returning).map(|row| {
            let mut uniques = Figures::default();
            uniques[0] = row.figures[0];
            uniques[1] = figures[Shape::Visit.at("users")];
            uniques
        });
        let mut part = Table::overview(overview(scene, &figures, distinct.as_ref()));
        metrics::add(&mut part, RATES);
        for (name, cell) in part.rows.into_iter().flat_map(|row| row.columns) {
            columns.push((format!("{name}_{suffix}").into(), cell));
        }
    }
    columns
}
