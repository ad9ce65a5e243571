//! Goals.get: conversions of all goals or of one, of new visitors and of those who came back.

use std::ops::RangeInclusive;

use super::{rows::millionths, visitor_interest};
use crate::{
    report::{
        labels::Language,
        metrics::quotient,
        need::{By, Figures, Need, Row, total},
        refusal::Refusal,
        registry::Report,
        scene::{Asked, Scene},
        table::{Cell, Fields, Record, Table, count_as_number},
    },
    rollup::{DAYS_BUCKETS, Shape, subject},
};

pub(super) const REPORTS: &[Report] = &[
    Report::new("Goals", "get", needs, get),
    Report::new("Goals", "getDaysToConversion", days_needs, days)
        .of(&["Goals_DaysToConversion"])
        .unsorted(),
    Report::new("Goals", "getVisitsUntilConversion", visits_needs, visits)
        .of(&["Goals_VisitsUntilConversion"])
        .unsorted(),
];

/// Whose visits: all (0, 1), or by whether the visitor came back (2, 3).
const GROUPS: [(Option<i64>, &str); 3] =
    [(None, ""), (Some(0), "_new_visit"), (Some(1), "_returning_visit")];

/// A goal that is asked for must be one of the site's.
fn check(asked: &Asked<'_>) -> Result<(), Refusal> {
    if let Some(goal) = asked.params.get("idGoal") {
        // Orders and carts are goals to Matomo; nothing is sold here.
        let known = goal.parse().is_ok_and(|goal| goal == 0 || asked.site.goal(goal).is_some());
        if !known && !goal.starts_with("ecommerce") {
            return Err(Refusal::new(format!("The goal '{goal}' does not exist.")));
        }
    }
    Ok(())
}

pub(super) fn needs(asked: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    check(asked)?;
    Ok(vec![
        Need::of(Shape::Visit, subject::ALL, By::NOTHING),
        Need::of(Shape::Goal, subject::ALL, By::LEAF),
        Need::of(Shape::Visit, subject::RETURNING, By::VALUE),
        Need::of(Shape::Goal, subject::RETURNING, By::VALUE_LEAF),
    ])
}

/// The goal that is asked for; nothing for all of them.
fn goal_of(scene: &Scene<'_>) -> Option<i64> {
    match scene.params.get("idGoal") {
        None | Some("0") => None,
        // A word that is no number is of no goal.
        Some(goal) => Some(goal.parse().unwrap_or(-1)),
    }
}

fn days_needs(asked: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    check(asked)?;
    Ok(vec![Need::of(Shape::Goal, subject::DAYS_SINCE_FIRST, By::VALUE_LEAF)])
}

/// From the first visit that is known of the visitor: of the day, or of the school year where the policy lets
/// it be known.
fn days(scene: &Scene<'_>) -> Table {
    let (one, many) = match scene.language() {
        Language::English => ("day", "days"),
        Language::French => ("jour", "jours"),
    };
    until(scene, visitor_interest::buckets(&DAYS_BUCKETS), one, many)
}

fn visits_needs(asked: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    check(asked)?;
    Ok(vec![Need::of(Shape::Goal, subject::VISIT_COUNT, By::VALUE_LEAF)])
}

fn visits(scene: &Scene<'_>) -> Table {
    const FROM: [i64; 13] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 26, 51, 101];
    let (one, many) = match scene.language() {
        Language::English => ("visit", "visits"),
        Language::French => ("visite", "visites"),
    };
    until(scene, visitor_interest::buckets(&FROM), one, many)
}

/// Conversions by how much went before them, in buckets; nothing where there were none.
fn until(
    scene: &Scene<'_>,
    buckets: impl Iterator<Item = RangeInclusive<i64>>,
    one: &str,
    many: &str,
) -> Table {
    let goal = goal_of(scene);
    let rows = scene.rows(0).iter().copied();
    let rows: Vec<&Row> = rows.filter(|row| goal.is_none_or(|goal| row.leaf.id == goal)).collect();
    if total(Shape::Goal, rows.iter().copied())[Shape::Goal.at("conversions")] == 0 {
        return Table::default();
    }
    let record = |bucket: RangeInclusive<i64>| {
        let within = rows.iter().copied().filter(|row| bucket.contains(&row.value.id));
        let count = total(Shape::Goal, within)[Shape::Goal.at("conversions")];
        let (from, to) = (*bucket.start(), *bucket.end());
        let label = match to {
            i64::MAX => format!("{from}+ {many}"),
            1 if from == 1 => format!("1 {one}"),
            _ if from == to => format!("{from} {many}"),
            _ => format!("{from}-{to} {many}"),
        };
        let mut record =
            Record::new(label.clone(), vec![("nb_conversions".into(), Cell::Count(count))]);
        record.shown = Some(label);
        record
    };
    Table::of(buckets.map(record).collect())
}

fn get(scene: &Scene<'_>) -> Table {
    let goal = goal_of(scene);
    let mut columns = Vec::new();
    for (returning, suffix) in GROUPS {
        columns.extend(group(scene, goal, returning, suffix));
    }
    if scene.params.is_on("showAllGoalSpecificMetrics") && goal.is_none() {
        for goal in &scene.site.goals {
            columns.extend(one_goal(scene, goal.id.into()));
        }
    }
    let mut table = Table::overview(columns);
    if scene.in_map && scene.rows(0).is_empty() {
        table.rows.clear();
    }
    table
}

/// Conversions of one goal or all, by visitors of one kind or all.
fn group(scene: &Scene<'_>, goal: Option<i64>, returning: Option<i64>, suffix: &str) -> Fields {
    let first = if returning.is_some() { 2 } else { 0 };
    let is_theirs = |row: &Row| returning.is_none_or(|it| row.value.id == it);
    let visits = scene.rows(first).iter().copied().filter(|row| is_theirs(row));
    let visits = total(Shape::Visit, visits);
    let conversions = scene
        .rows(first + 1)
        .iter()
        .copied()
        .filter(|row| is_theirs(row) && goal.is_none_or(|goal| row.leaf.id == goal));
    let conversions = total(Shape::Goal, conversions);
    // A visit that reached two goals converted once.
    let converted = match goal {
        None => visits[Shape::Visit.at("converted")],
        Some(_) => conversions[Shape::Goal.at("converted")],
    };
    let name = |name: &str| format!("{name}{suffix}").into();
    vec![
        (name("nb_conversions"), Cell::Count(conversions[Shape::Goal.at("conversions")])),
        (name("nb_visits_converted"), Cell::Count(converted)),
        (name("revenue"), revenue(&conversions)),
        (name("conversion_rate"), rate(converted, &visits)),
    ]
}

fn one_goal(scene: &Scene<'_>, goal: i64) -> Fields {
    let visits = total(Shape::Visit, scene.rows(0).iter().copied());
    let rows = scene.rows(1).iter().copied().filter(|row| row.leaf.id == goal);
    let figures = total(Shape::Goal, rows);
    let converted = figures[Shape::Goal.at("converted")];
    let name = |name: &str| format!("goal_{goal}_{name}").into();
    vec![
        (name("nb_conversions"), Cell::Count(figures[Shape::Goal.at("conversions")])),
        (name("nb_visits_converted"), Cell::Count(converted)),
        (name("revenue"), revenue(&figures)),
        (name("conversion_rate"), rate(converted, &visits)),
    ]
}

fn revenue(figures: &Figures) -> Cell {
    Cell::Money(millionths(figures[Shape::Goal.at("revenue")]))
}

fn rate(converted: i64, visits: &Figures) -> Cell {
    let visits = visits[Shape::Visit.at("visits")];
    Cell::Share(quotient(count_as_number(converted), count_as_number(visits), 4))
}
