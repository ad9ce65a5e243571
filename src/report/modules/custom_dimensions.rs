//! CustomDimensions: values that the site gives its visits or its actions.

use std::collections::BTreeMap;

use super::rows::{Part, below, table, value, visits_and_goals};
use crate::{
    report::{
        labels::{Absent, encode},
        metrics::{self, Processed},
        need::{By, Need, Row, total},
        params::Params,
        refusal::Refusal,
        registry::Report,
        scene::{Asked, Scene},
        table::{Cell, Fields, Name, Record, Table},
    },
    rollup::{Shape, subject},
    site::{Dimension, Scope, Site},
};

pub(super) const REPORTS: &[Report] =
    &[Report::new("CustomDimensions", "getCustomDimension", needs, get).named(names)];

/// Rates of visits stand in the table itself, before sorting, unlike those of other reports.
const VISIT_RATES: &[Processed] =
    &[Processed::TimeOnSite, Processed::BounceRate, Processed::ActionsPerVisit];

const ACTION_RATES: &[Processed] =
    &[Processed::BounceRate, Processed::ExitRate, Processed::TimeOnDimension];

/// The one name of all levels: the value and the pages it was seen on.
fn names(asked: &Asked<'_>) -> Vec<Name> {
    let id = asked.params.get("idDimension").unwrap_or_default();
    vec![format!("CustomDimension_CustomDimension{id}").into()]
}

fn asked_for<'a>(params: &Params, site: &'a Site) -> Result<&'a Dimension, Refusal> {
    let id = params.get("idDimension").ok_or_else(|| Refusal::missing("idDimension"))?;
    let known = id.parse().ok().and_then(|id| site.dimension(id));
    known.ok_or_else(|| {
        Refusal::new(format!("Dimension {id} for website {} does not exist", site.id))
    })
}

/// A dimension's own number is kept in its subject.
fn subject_of(dimension: &Dimension) -> Result<i16, Refusal> {
    let number = i16::try_from(dimension.id).ok().and_then(|id| subject::DIMENSION.checked_add(id));
    number.ok_or_else(|| Refusal::new(format!("Dimension {} is out of range", dimension.id)))
}

fn needs(asked: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    let dimension = asked_for(asked.params, asked.site)?;
    let subject = subject_of(dimension)?;
    Ok(match dimension.scope {
        Scope::Visit => visits_and_goals(asked, subject, By::VALUE),
        Scope::Action => vec![Need::of(Shape::Action, subject, By::SUB)],
    })
}

fn get(scene: &Scene<'_>) -> Table {
    match asked_for(scene.params, scene.site) {
        Ok(dimension) if dimension.scope == Scope::Action => of_actions(scene, dimension.id),
        Ok(dimension) => of_visits(scene, dimension.id),
        Err(_) => Table::default(),
    }
}

fn of_visits(scene: &Scene<'_>, id: u16) -> Table {
    let absent = Absent::Value.text(scene.language());
    let name = |row: &Row| Some(value(row).unwrap_or_else(|| absent.to_owned()));
    let parts = Part::of(scene, 0, 1).split(name);
    let mut table = table(parts, scene.period, |record, label, _| {
        let value = if label == absent { "" } else { label };
        record.tell("segment", Cell::text(&format!("dimension{id}=={}", encode(value))));
    });
    metrics::add(&mut table, VISIT_RATES);
    table
}

fn of_actions(scene: &Scene<'_>, id: u16) -> Table {
    let absent = Absent::Value.text(scene.language());
    let mut parts: BTreeMap<String, Vec<&Row>> = BTreeMap::new();
    for row in scene.rows(0) {
        parts.entry(value(row).unwrap_or_else(|| absent.to_owned())).or_default().push(row);
    }
    let record = |(label, rows): (String, Vec<&Row>)| {
        let (own, pages): (Vec<&Row>, Vec<&Row>) =
            rows.into_iter().partition(|row| row.sub.id == 0);
        // The row of the value itself counts each visit once; pages add up to more.
        let counted = if own.is_empty() { &pages } else { &own };
        let mut record = Record::new(label.clone(), action_columns(counted, scene));
        let of_value =
            format!("dimension{id}=={}", encode(if label == absent { "" } else { &label }));
        record.tell("segment", Cell::text(&of_value));
        if !pages.is_empty() {
            record.below = below(&[&label], of_pages(pages, scene, &of_value));
        }
        record
    };
    let mut table = Table::of(parts.into_iter().map(record).collect());
    metrics::add(&mut table, ACTION_RATES);
    table
}

fn of_pages(pages: Vec<&Row>, scene: &Scene<'_>, of_value: &str) -> Table {
    let mut parts: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for row in pages {
        parts.entry(without_scheme(row.sub.as_str())).or_default().push(row);
    }
    let record = |(address, rows): (&str, Vec<&Row>)| {
        let mut record = Record::new(address, action_columns(&rows, scene));
        let encoded = encode(address);
        let segment = format!("{of_value};actionUrl=${encoded}");
        record.tell("url", Cell::text(&encoded));
        record.tell("segment", Cell::text(&segment));
        record
    };
    Table::of(parts.into_iter().map(record).collect())
}

/// An address as Matomo keeps it: without scheme and `www.`.
fn without_scheme(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest.strip_prefix("www.").unwrap_or(rest)
}

fn action_columns(rows: &[&Row], scene: &Scene<'_>) -> Fields {
    let figures = total(Shape::Action, rows.iter().copied());
    let figure = |column| Cell::Count(figures[Shape::Action.at(column)]);
    let is_day = scene.period.is_day();
    let mut columns: Fields = vec![("nb_visits".into(), figure("visits"))];
    if is_day {
        columns.push(("nb_uniq_visitors".into(), figure("visitors")));
    }
    columns.push(("nb_hits".into(), figure("hits")));
    columns.push(("sum_time_spent".into(), figure("time_spent")));
    columns.push(("bounce_count".into(), figure("entry_bounces")));
    columns.push(("exit_nb_visits".into(), figure("exit_visits")));
    if !is_day {
        columns.push(("sum_daily_nb_uniq_visitors".into(), figure("visitors")));
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lose_scheme_and_www() {
        for (address, want) in [
            ("https://www.quiziniere.com/creer", "quiziniere.com/creer"),
            ("http://example.org", "example.org"),
            ("example.org/www.", "example.org/www."),
        ] {
            assert_eq!(without_scheme(address), want);
        }
    }
}
