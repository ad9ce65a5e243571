//! Actions.get: how many pages, downloads, outlinks and searches there were.

use std::collections::HashSet;

use crate::{
    report::{
        need::{By, Need, total},
        refusal::Refusal,
        scene::{Asked, Scene},
        table::{Cell, Fields, Table},
    },
    rollup::{Shape, subject},
};

pub(super) fn needs(_: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    Ok(vec![
        Need::of(Shape::Action, subject::TOTAL, By::VALUE),
        Need::of(Shape::Action, subject::SEARCH, By::VALUE),
    ])
}

pub(super) fn get(scene: &Scene<'_>) -> Table {
    let figure = |kind: i16, column: &str| {
        let rows = scene.rows(0).iter().copied();
        let of_kind = rows.filter(|row| row.value.id == i64::from(kind));
        Cell::Count(total(Shape::Action, of_kind)[Shape::Action.at(column)])
    };
    let mut columns: Fields = Vec::with_capacity(8);
    for (name, unique, kind) in [
        ("nb_pageviews", "nb_uniq_pageviews", subject::PAGE_URL),
        ("nb_downloads", "nb_uniq_downloads", subject::DOWNLOAD),
        ("nb_outlinks", "nb_uniq_outlinks", subject::OUTLINK),
    ] {
        columns.push((name.into(), figure(kind, "hits")));
        columns.push((unique.into(), figure(kind, "visits")));
    }
    columns.push(("nb_searches".into(), figure(subject::SEARCH, "hits")));
    let keywords: HashSet<i64> = scene.rows(1).iter().map(|row| row.value.id).collect();
    let keywords = i64::try_from(keywords.len()).unwrap_or(i64::MAX);
    columns.push(("nb_keywords".into(), Cell::Count(keywords)));
    let mut table = Table::overview(columns);
    if scene.in_map && scene.rows(0).is_empty() {
        table.rows.clear();
    }
    table
}
