//! PagePerformance: how long pages took to load.

use crate::{
    report::{
        metrics::quotient,
        need::{By, Need},
        registry::Report,
        scene::Scene,
        table::{Cell, Fields, Table, count_as_number},
    },
    rollup::{Shape, WHOLE_LOAD, load_places, subject},
};

pub(super) const REPORTS: &[Report] =
    &[Report::new("PagePerformance", "get", |_| Ok(needs()), get)];

/// Means of the phases in the order of their numbers, and of all of them together.
const AVERAGES: [&str; WHOLE_LOAD + 1] = [
    "avg_time_network",
    "avg_time_server",
    "avg_time_transfer",
    "avg_time_dom_processing",
    "avg_time_dom_completion",
    "avg_time_on_load",
    "avg_page_load_time",
];

fn needs() -> Vec<Need> {
    vec![
        Need::of(Shape::Visit, subject::ALL, By::NOTHING),
        Need::of(Shape::Load, subject::TOTAL, By::NOTHING),
    ]
}

fn get(scene: &Scene<'_>) -> Table {
    if scene.in_map && scene.rows(0).is_empty() {
        return Table { rows: Vec::new(), ..Table::overview(Vec::new()) };
    }
    let seconds = |phase: usize| {
        scene.rows(1).first().map_or(0.0, |row| {
            let [n, sum] = load_places(phase).map(|place| count_as_number(row.figures[place]));
            quotient(sum, n * 1_000.0, 2)
        })
    };
    let averages: Fields = AVERAGES
        .iter()
        .enumerate()
        .map(|(phase, name)| ((*name).into(), Cell::Time(seconds(phase))))
        .collect();
    Table::overview(averages)
}
