//! What visitors looked for on the site.

use std::collections::HashMap;

use super::{
    columns::{self, Counted},
    tree::{self, Segments, Style},
};
use crate::{
    report::{
        labels::{Absent, encode},
        modules::rows::value,
        need::{By, Need, Row, total},
        refusal::Refusal,
        scene::{Asked, Scene},
        table::{Cell, Fields, Record, Table},
    },
    rollup::{Shape, subject},
};

pub(super) fn keyword_needs(_: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    Ok(vec![Need::of(Shape::Action, subject::SEARCH, By::VALUE)])
}

/// All searches beside those that found nothing.
pub(super) fn no_result_needs(_: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    let by_keyword = |subject| Need::of(Shape::Action, subject, By::VALUE);
    Ok(vec![by_keyword(subject::SEARCH), by_keyword(subject::SEARCH_NO_RESULT)])
}

pub(super) fn category_needs(_: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    Ok(vec![Need::of(Shape::Action, subject::SEARCH_CATEGORY, By::VALUE)])
}

pub(super) fn keywords(scene: &Scene<'_>) -> Table {
    keywords_among(scene, scene.rows(0).to_vec())
}

/// Keywords that never found anything: one good search takes a keyword off the list.
pub(super) fn keywords_without_result(scene: &Scene<'_>) -> Table {
    let hits = |row: &Row| row.figures[Shape::Action.at("hits")];
    let in_vain: HashMap<i64, i64> =
        scene.rows(1).iter().map(|row| (row.value.id, hits(row))).collect();
    let never = |row: &&&Row| in_vain.get(&row.value.id).is_some_and(|vain| *vain >= hits(row));
    keywords_among(scene, scene.rows(0).iter().filter(never).copied().collect())
}

fn keywords_among(scene: &Scene<'_>, rows: Vec<&Row>) -> Table {
    let scene = &Scene { rows: vec![rows], ..*scene };
    let style = Style {
        path: |keyword| vec![keyword.to_owned()],
        absent: Absent::Keyword.text(scene.language()).to_owned(),
        segment: Segments { page: "siteSearchKeyword==", folder: "siteSearchKeyword==" },
        has_address: false,
        columns: |counted, _, _, _| keyword_columns(counted),
        keep: |_| true,
    };
    let mut table = tree::table(scene, &style);
    for row in &mut table.rows {
        // Keywords are encoded once, unlike addresses.
        let keyword = row.label.as_deref().unwrap_or_default();
        row.metadata = vec![(
            "segment".into(),
            Cell::text(&format!("siteSearchKeyword=={}", encode(keyword))),
        )];
    }
    table
}

fn keyword_columns(counted: &Counted) -> Fields {
    let mut columns = columns::page(counted, false, true, None);
    columns.retain(|(name, _)| {
        matches!(name.as_ref(), "nb_visits" | "nb_hits" | "sum_time_spent" | "exit_nb_visits")
    });
    columns
}

pub(super) fn categories(scene: &Scene<'_>) -> Table {
    let rows = scene.rows(0).iter().filter_map(|row| {
        let category = value(row)?;
        let figures = total(Shape::Action, [*row]);
        let figure = |column| Cell::Count(figures[Shape::Action.at(column)]);
        let mut columns: Fields =
            vec![("nb_visits".into(), figure("visits")), ("nb_actions".into(), figure("hits"))];
        if !scene.period.is_day() {
            columns.push(("sum_daily_nb_uniq_visitors".into(), figure("visitors")));
        }
        let segment = format!("siteSearchCategory=={}", encode(&category));
        let mut record = Record::new(category, columns);
        record.tell("segment", Cell::text(&segment));
        Some(record)
    });
    let mut rows: Vec<Record> = rows.collect();
    rows.sort_by(|a, b| a.label.cmp(&b.label));
    Table::of(rows)
}
