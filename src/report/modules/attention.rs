//! Attention: how long somebody was really before each page, as the tracker measures it: visible, and
//! no more than two minutes after a sign of life. PADOQE's own module.

use crate::{
    report::{
        need::{By, Need},
        refusal::Refusal,
        registry::Report,
        scene::{Asked, Scene},
        table::{Cell, Record, Table},
    },
    rollup::{Shape, subject},
};

const MODULE: &str = "Attention";

pub(super) const REPORTS: &[Report] =
    &[Report::new(MODULE, "getPages", needs, pages).of(&["Attention_Page"]).unsorted()];

fn needs(_: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    Ok(vec![
        Need::of(Shape::Event, subject::ATTENTION, By::VALUE),
        Need::of(Shape::Action, subject::PAGE_URL, By::VALUE),
    ])
}

/// Pages by their address, those that held attention longest first.
fn pages(scene: &Scene<'_>) -> Table {
    let (sum, views) = (Shape::Event.at("value_sum"), Shape::Action.at("hits"));
    let mut told: Vec<_> = scene.rows(0).to_vec();
    told.sort_by_key(|row| (-row.figures[sum], row.value.id));
    let record = |row: &&crate::report::Row| {
        let seconds = row.figures[sum] / 1_000_000;
        let page = scene.rows(1).iter().find(|it| it.value.id == row.value.id);
        let views = page.map_or(0, |page| page.figures[views]);
        let columns = vec![
            ("nb_hits".into(), Cell::Count(views)),
            ("sum_attention".into(), Cell::Count(seconds)),
            ("avg_attention".into(), Cell::Count(seconds / views.max(1))),
        ];
        Record::new(row.value.as_str().to_owned(), columns)
    };
    Table::of(told.iter().map(record).collect())
}
