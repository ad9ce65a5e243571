//! Contents: what was shown and what was touched, by name and by piece.

use std::collections::BTreeMap;

use super::rows::below;
use crate::{
    report::{
        labels::{Absent, encode},
        metrics::Processed,
        need::{By, Label, Need, Row, total},
        refusal::Refusal,
        registry::Report,
        scene::{Asked, Scene},
        table::{Cell, Fields, Record, Table},
    },
    rollup::{Shape, subject},
};

const MODULE: &str = "Contents";
const RATES: &[Processed] = &[Processed::InteractionRate];

pub(super) const REPORTS: &[Report] = &[
    Report::new(MODULE, "getContentNames", needs, |scene| table(scene, true))
        .of(&["Contents_ContentName"])
        .with(RATES),
    Report::new(MODULE, "getContentPieces", needs, |scene| table(scene, false))
        .of(&["Contents_ContentPiece"])
        .with(RATES),
];

fn needs(_: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    Ok(vec![Need::of(Shape::Content, subject::CONTENT, By::SUB)])
}

/// Names with their pieces, or pieces with the names they were shown under.
fn table(scene: &Scene<'_>, names_first: bool) -> Table {
    let absent = Absent::ContentPiece.text(scene.language());
    let name = |row: &Row| text(&row.value, absent);
    let piece = |row: &Row| text(&row.sub, absent);
    let is_day = scene.period.is_day();
    let rows = scene.rows(0).to_vec();
    let parts = if names_first { split(rows, name) } else { split(rows, piece) };
    let segment = if names_first { "contentName" } else { "contentPiece" };
    let record = |(label, part): (String, Vec<&Row>)| {
        let mut record = Record::new(label.clone(), columns(&part, is_day));
        let segment = format!("{segment}=={}", encode(&label));
        let under = if names_first { split(part, piece) } else { split(part, name) };
        let rows = under.into_iter().map(|(under, part)| {
            let mut record = Record::new(under, columns(&part, is_day));
            if scene.options.flat {
                record.tell("segment", Cell::text(&segment));
            }
            record
        });
        record.below = below(&[&label], Table::of(rows.collect()));
        record.tell("segment", Cell::text(&segment));
        record
    };
    Table::of(parts.into_iter().map(record).collect())
}

fn text(label: &Label, absent: &str) -> String {
    let text = label.as_str();
    if text.is_empty() { absent.to_owned() } else { text.to_owned() }
}

fn split(rows: Vec<&Row>, name: impl Fn(&Row) -> String) -> BTreeMap<String, Vec<&Row>> {
    let mut parts: BTreeMap<String, Vec<&Row>> = BTreeMap::new();
    rows.into_iter().for_each(|row| parts.entry(name(row)).or_default().push(row));
    parts
}

fn columns(rows: &[&Row], is_day: bool) -> Fields {
    let figures = total(Shape::Content, rows.iter().copied());
    let figure = |column| Cell::Count(figures[Shape::Content.at(column)]);
    let mut columns: Fields = Vec::with_capacity(5);
    if is_day {
        columns.push(("nb_uniq_visitors".into(), figure("visitors")));
    }
    columns.push(("nb_visits".into(), figure("visits")));
    columns.push(("nb_impressions".into(), figure("impressions")));
    columns.push(("nb_interactions".into(), figure("interactions")));
    if !is_day {
        columns.push(("sum_daily_nb_uniq_visitors".into(), figure("visitors")));
    }
    columns
}
