//! Goals.get: conversions of all goals or of one, of new visitors and of those who came back.

use super::rows::millionths;
use crate::{
    report::{
        metrics::quotient,
        need::{By, Figures, Need, Row, total},
        refusal::Refusal,
        registry::Report,
        scene::{Asked, Scene},
        table::{Cell, Fields, Table, count_as_number},
    },
    rollup::{Shape, subject},
};

pub(super) const REPORTS: &[Report] = &[Report::new("Goals", "get", needs, get)];

/// Whose visits: all (0, 1), or by whether the visitor came back (2, 3).
const GROUPS: [(Option<i64>, &str); 3] =
    [(None, ""), (Some(0), "_new_visit"), (Some(1), "_returning_visit")];

pub(super) fn needs(asked: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    if let Some(goal) = asked.params.get("idGoal") {
        // Orders and carts are goals to Matomo; nothing is sold here.
        let known = goal.parse().is_ok_and(|goal| goal == 0 || asked.site.goal(goal).is_some());
        if !known && !goal.starts_with("ecommerce") {
            return Err(Refusal::new(format!("The goal '{goal}' does not exist.")));
        }
    }
    Ok(vec![
        Need::of(Shape::Visit, subject::ALL, By::NOTHING),
        Need::of(Shape::Goal, subject::ALL, By::LEAF),
        Need::of(Shape::Visit, subject::RETURNING, By::VALUE),
        Need::of(Shape::Goal, subject::RETURNING, By::VALUE_LEAF),
    ])
}

fn get(scene: &Scene<'_>) -> Table {
    let goal = match scene.params.get("idGoal") {
        None | Some("0") => None,
        // A word that is no number is of no goal.
        Some(goal) => Some(goal.parse().unwrap_or(-1)),
    };
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
