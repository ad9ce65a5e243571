//! VisitsSummary: the visits of a site in figures.

use super::rows::visit_columns;
use crate::{
    report::{
        labels::Language,
        metrics::Processed,
        need::{By, Figures, Need, total},
        period::Kind,
        pretty,
        refusal::Refusal,
        registry::Report,
        scene::{Asked, Scene},
        table::{Cell, Fields, Form, Table},
    },
    rollup::{Shape, subject},
};

const MODULE: &str = "VisitsSummary";

pub(super) const REPORTS: &[Report] = &[
    Report::new(MODULE, "get", needs, get).with(RATES),
    Report::new(MODULE, "getVisits", needs, |scene| number(scene, "nb_visits")),
    Report::new(MODULE, "getActions", needs, |scene| number(scene, "nb_actions")),
    Report::new(MODULE, "getUniqueVisitors", unique, |scene| number(scene, "nb_uniq_visitors")),
    Report::new(MODULE, "getUsers", users, |scene| number(scene, "nb_users")),
    Report::new(MODULE, "getMaxActions", needs, |scene| number(scene, "max_actions")),
    Report::new(MODULE, "getBounceCount", needs, |scene| number(scene, "bounce_count")),
    Report::new(MODULE, "getVisitsConverted", needs, |scene| number(scene, "nb_visits_converted")),
    Report::new(MODULE, "getSumVisitsLength", needs, |scene| number(scene, "sum_visit_length")),
    Report::new(MODULE, "getSumVisitsLengthPretty", needs, length_in_words),
];

pub(super) const RATES: &[Processed] =
    &[Processed::BounceRate, Processed::ActionsPerVisit, Processed::TimeOnSite];

/// Columns in the order of an overview.
const ORDER: [&str; 8] = [
    "nb_uniq_visitors",
    "nb_users",
    "nb_visits",
    "nb_actions",
    "nb_visits_converted",
    "bounce_count",
    "sum_visit_length",
    "max_actions",
];

pub(super) fn needs(asked: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    let mut needs = vec![Need::of(Shape::Visit, subject::ALL, By::NOTHING)];
    if matches!(asked.kind, Kind::Week | Kind::Month) {
        needs.push(Need::Uniques);
    }
    Ok(needs)
}

fn unique(asked: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    counted_people(asked, "nb_uniq_visitors")
}

fn users(asked: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    counted_people(asked, "nb_users")
}

/// Nobody is recognised over a year: there is nothing to count.
fn counted_people(asked: &Asked<'_>, metric: &str) -> Result<Vec<Need>, Refusal> {
    match asked.kind {
        Kind::Year | Kind::Range => Err(Refusal::no_uniques(metric)),
        Kind::Day | Kind::Week | Kind::Month => needs(asked),
    }
}

fn get(scene: &Scene<'_>) -> Table {
    let columns = columns(scene);
    let mut table = Table::overview(columns);
    if scene.in_map && table.rows[0].number("nb_visits") == 0.0 {
        table.rows.clear();
    }
    table
}

/// The columns of the overview, without the rates.
pub(super) fn columns(scene: &Scene<'_>) -> Fields {
    let figures = total(Shape::Visit, scene.rows(0).iter().copied());
    let uniques = scene.rows(1).first().map(|row| &row.figures);
    overview(scene, &figures, uniques)
}

/// Figures of visits as an overview. Distinct visitors of a week or a month are counted apart; where
/// they were not, the sum of days is the nearest there is.
pub(super) fn overview(scene: &Scene<'_>, figures: &Figures, uniques: Option<&Figures>) -> Fields {
    let mut columns = visit_columns(scene.period, figures);
    let visits = figures[Shape::Visit.at("visits")];
    if matches!(scene.period.kind, Kind::Week | Kind::Month) {
        let (visitors, users) = match uniques {
            Some(uniques) => (uniques[0], uniques[1]),
            None => (figures[Shape::Visit.at("visitors")], figures[Shape::Visit.at("users")]),
        };
        columns.push(("nb_uniq_visitors".into(), Cell::Count(visitors.min(visits))));
        columns.push(("nb_users".into(), Cell::Count(users.min(visits))));
    }
    let place = |name: &str| ORDER.iter().position(|it| *it == name);
    columns.retain(|(name, _)| place(name).is_some());
    columns.sort_by_key(|(name, _)| place(name));
    columns
}

fn number(scene: &Scene<'_>, name: &str) -> Table {
    let mut columns = columns(scene);
    columns.retain(|(it, _)| it == name);
    Table { form: Form::Number, ..Table::overview(columns) }
}

fn length_in_words(scene: &Scene<'_>) -> Table {
    let mut table = number(scene, "sum_visit_length");
    let language: Language = scene.language();
    for (_, cell) in table.rows.iter_mut().flat_map(|row| &mut row.columns) {
        *cell = Cell::text(&pretty::sentence(cell.number().unwrap_or_default(), language));
    }
    table
}
