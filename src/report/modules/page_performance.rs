//! PagePerformance: how long pages took to load. No timing is collected, so all of it is 0.

use crate::{
    report::{
        need::{By, Need},
        registry::Report,
        scene::Scene,
        table::{Cell, Fields, Table},
    },
    rollup::{Shape, subject},
};

pub(super) const REPORTS: &[Report] =
    &[Report::new("PagePerformance", "get", |_| Ok(needs()), get)];

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
    vec![Need::of(Shape::Visit, subject::ALL, By::NOTHING)]
}

fn get(scene: &Scene<'_>) -> Table {
    if scene.in_map && scene.rows(0).is_empty() {
        return Table { rows: Vec::new(), ..Table::overview(Vec::new()) };
    }
    let averages: Fields = AVERAGES.iter().map(|name| ((*name).into(), Cell::Time(0.0))).collect();
    Table::overview(averages)
}
