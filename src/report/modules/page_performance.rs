//! PagePerformance: how long pages took to load.

use crate::{
    report::{
        metrics::quotient,
        need::{By, Need},
        registry::Report,
        scene::Scene,
        table::{Cell, Fields, Table, count_as_number},
    },
    rollup::{Shape, subject},
};

pub(super) const REPORTS: &[Report] =
    &[Report::new("PagePerformance", "get", |_| Ok(needs()), get)];

/// Means of the phases in the order of their numbers, and of all of them together.
const AVERAGES: [&str; 7] = [
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
        Need::of(Shape::Timing, subject::TOTAL, By::LEAF),
    ]
}

fn get(scene: &Scene<'_>) -> Table {
    if scene.in_map && scene.rows(0).is_empty() {
        return Table { rows: Vec::new(), ..Table::overview(Vec::new()) };
    }
    let seconds = |phase: i64| {
        let row = scene.rows(1).iter().find(|row| row.leaf.id == phase);
        row.map_or(0.0, |row| {
            let figure = |column| count_as_number(row.figures[Shape::Timing.at(column)]);
            quotient(figure("sum"), figure("n") * 1_000.0, 2)
        })
    };
    let averages: Fields = (1_i64..)
        .zip(AVERAGES)
        .map(|(phase, name)| (name.into(), Cell::Time(seconds(phase))))
        .collect();
    Table::overview(averages)
}
