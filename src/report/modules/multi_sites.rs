//! MultiSites and the live counters: what is read of each site; `compose` puts the sites together.

use super::rows::millionths;
use crate::{
    report::{
        need::{By, Need, total},
        refusal::Refusal,
        registry::Report,
        scene::{Asked, Scene},
        table::{Cell, Fields, Table},
    },
    rollup::{Shape, subject},
};

const MODULE: &str = "MultiSites";

pub(super) const REPORTS: &[Report] = &[
    Report::new(MODULE, "getAll", needs, figures).of(&["MultiSites_Website"]),
    Report::new(MODULE, "getOne", needs, figures),
    Report::new(MODULE, "getAllWithGroups", needs, figures).one_date(),
    Report::new("Live", "getCounters", hours, |_| Table::default()),
];

fn hours(_: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    Ok(vec![Need::of(Shape::Visit, subject::SERVER_HOUR, By::VALUE)])
}

fn needs(_: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    Ok(vec![
        Need::of(Shape::Visit, subject::ALL, By::NOTHING),
        Need::of(Shape::Action, subject::TOTAL, By::VALUE),
        Need::of(Shape::Goal, subject::ALL, By::NOTHING),
    ])
}

fn figures(scene: &Scene<'_>) -> Table {
    let visits = total(Shape::Visit, scene.rows(0).iter().copied());
    let is_page = |value: i64| value == i64::from(subject::PAGE_URL);
    let pages = scene.rows(1).iter().copied().filter(|row| is_page(row.value.id));
    let pages = total(Shape::Action, pages);
    let goals = total(Shape::Goal, scene.rows(2).iter().copied());
    let columns: Fields = vec![
        ("nb_visits".into(), Cell::Count(visits[Shape::Visit.at("visits")])),
        ("nb_actions".into(), Cell::Count(visits[Shape::Visit.at("actions")])),
        ("nb_pageviews".into(), Cell::Count(pages[Shape::Action.at("hits")])),
        ("revenue".into(), Cell::Money(millionths(goals[Shape::Goal.at("revenue")]))),
        ("nb_conversions".into(), Cell::Count(goals[Shape::Goal.at("conversions")])),
    ];
    Table::overview(columns)
}
