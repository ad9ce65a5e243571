//! The columns of a page, a download, a keyword.

use std::collections::BTreeMap;

use crate::{
    report::{
        metrics::{quotient, round},
        modules::rows::millionths,
        need::{Figures, Row, merge},
        table::{Cell, Fields, Name, count_as_number},
    },
    rollup::{LOAD_PHASES, Shape, load_places},
};

/// What was counted of a page or of all pages of a folder.
#[derive(Default)]
pub(super) struct Counted {
    figures: Figures,
    goals: BTreeMap<i64, Figures>,
    /// How long it took to load.
    load: Figures,
    /// The shortest and the longest, where any was told.
    bounds: Option<Figures>,
}

/// The phases of a page's loading, in the order of their numbers.
const PHASES: [[&str; 4]; LOAD_PHASES] = [
    ["nb_hits_with_time_network", "min_time_network", "max_time_network", "avg_time_network"],
    ["nb_hits_with_time_server", "min_time_server", "max_time_server", "avg_time_server"],
    ["nb_hits_with_time_transfer", "min_time_transfer", "max_time_transfer", "avg_time_transfer"],
    [
        "nb_hits_with_time_dom_processing",
        "min_time_dom_processing",
        "max_time_dom_processing",
        "avg_time_dom_processing",
    ],
    [
        "nb_hits_with_time_dom_completion",
        "min_time_dom_completion",
        "max_time_dom_completion",
        "avg_time_dom_completion",
    ],
    ["nb_hits_with_time_on_load", "min_time_on_load", "max_time_on_load", "avg_time_on_load"],
];

/// Columns of something counted: is it a day's, is it a folder's, and the conversions per goal where
/// rates are measured by them.
pub(super) type Columns = fn(&Counted, bool, bool, Option<&BTreeMap<i64, i64>>) -> Fields;

impl Counted {
    pub(super) fn add(&mut self, row: &Row) {
        merge(Shape::Action, &mut self.figures, &row.figures);
    }

    pub(super) fn add_goal(&mut self, row: &Row) {
        let goal = self.goals.entry(row.leaf.id).or_default();
        merge(Shape::PageGoal, goal, &row.figures);
    }

    pub(super) fn add_load(&mut self, row: &Row) {
        merge(Shape::Load, &mut self.load, &row.figures);
    }

    pub(super) fn add_bounds(&mut self, row: &Row) {
        self.widen(&row.figures);
    }

    /// The least of nothing is not 0.
    fn widen(&mut self, more: &Figures) {
        match &mut self.bounds {
            None => self.bounds = Some(*more),
            Some(known) => merge(Shape::LoadBounds, known, more),
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        merge(Shape::Load, &mut self.load, &other.load);
        if let Some(bounds) = &other.bounds {
            self.widen(bounds);
        }
        merge(Shape::Action, &mut self.figures, &other.figures);
        for (goal, figures) in &other.goals {
            merge(Shape::PageGoal, self.goals.entry(*goal).or_default(), figures);
        }
    }

    pub(super) fn figure(&self, column: &str) -> i64 {
        self.figures[Shape::Action.at(column)]
    }

    fn count(&self, column: &str) -> Cell {
        Cell::Count(self.figure(column))
    }
}

/// Hits, least, greatest and mean seconds of each phase that any hit told.
fn load(counted: &Counted) -> (Fields, Fields) {
    let (mut told, mut means) = (Fields::new(), Fields::new());
    let Some(bounds) = &counted.bounds else { return (told, means) };
    for (phase, [hits, least, most, mean]) in PHASES.into_iter().enumerate() {
        let [n, sum] = load_places(phase).map(|place| counted.load[place]);
        if n == 0 {
            continue;
        }
        let seconds = |ms| quotient(count_as_number(ms), 1_000.0, 3);
        let [shortest, longest] = load_places(phase).map(|place| seconds(bounds[place]));
        told.push((hits.into(), Cell::Count(n)));
        told.push((least.into(), Cell::Number(shortest)));
        told.push((most.into(), Cell::Number(longest)));
        let mean_seconds = quotient(count_as_number(sum), count_as_number(n) * 1_000.0, 3);
        means.push((mean.into(), Cell::Time(mean_seconds)));
    }
    (told, means)
}

/// A page, or a folder of pages. Visitors of pages do not add up: a folder has none.
pub(super) fn page(
    counted: &Counted,
    is_day: bool,
    is_folder: bool,
    conversions: Option<&BTreeMap<i64, i64>>,
) -> Fields {
    let uniques = is_day && !is_folder;
    let mut columns = link(counted, is_day, is_folder, None);
    let sums: Fields = columns.extract_if(.., |(name, _)| name.starts_with("sum_daily")).collect();
    let (told, means) = load(counted);
    columns.extend(told);
    let mut push = |name: &'static str, cell: Cell| columns.push((name.into(), cell));
    let (entries, exits) = (counted.figure("entry_visits") > 0, counted.figure("exit_visits") > 0);
    if entries {
        if uniques {
            push("entry_nb_uniq_visitors", counted.count("entry_visitors"));
        }
        push("entry_nb_visits", counted.count("entry_visits"));
        push("entry_nb_actions", counted.count("entry_actions"));
        push("entry_sum_visit_length", counted.count("entry_length"));
        push("entry_bounce_count", counted.count("entry_bounces"));
    }
    if exits {
        if uniques {
            push("exit_nb_uniq_visitors", counted.count("exit_visitors"));
        }
        push("exit_nb_visits", counted.count("exit_visits"));
    }
    columns.extend(goals(counted, conversions));
    columns.extend(sums);
    if !is_day && !is_folder {
        if entries {
            columns
                .push(("sum_daily_entry_nb_uniq_visitors".into(), counted.count("entry_visitors")));
        }
        if exits {
            columns
                .push(("sum_daily_exit_nb_uniq_visitors".into(), counted.count("exit_visitors")));
        }
    }
    columns.extend(means);
    columns
}

/// A download or an outlink, or a host of them.
pub(super) fn link(
    counted: &Counted,
    is_day: bool,
    is_folder: bool,
    _: Option<&BTreeMap<i64, i64>>,
) -> Fields {
    let mut columns: Fields = Vec::with_capacity(16);
    columns.push(("nb_visits".into(), counted.count("visits")));
    if is_day && !is_folder {
        columns.push(("nb_uniq_visitors".into(), counted.count("visitors")));
    }
    columns.push(("nb_hits".into(), counted.count("hits")));
    columns.push(("sum_time_spent".into(), counted.count("time_spent")));
    if counted.figure("after_search") > 0 {
        columns.push(("nb_hits_following_search".into(), counted.count("after_search")));
    }
    if !is_day && !is_folder {
        columns.push(("sum_daily_nb_uniq_visitors".into(), counted.count("visitors")));
    }
    columns
}

/// What a page had to do with each goal.
fn goals(counted: &Counted, conversions: Option<&BTreeMap<i64, i64>>) -> Option<(Name, Cell)> {
    let entries = count_as_number(counted.figure("entry_visits"));
    let nested: Vec<(Name, Fields)> = counted
        .goals
        .iter()
        .map(|(goal, figures)| {
            let all = conversions.and_then(|all| all.get(goal)).copied().unwrap_or_default();
            (format!("idgoal={goal}").into(), goal_columns(figures, all, entries))
        })
        .collect();
    (!nested.is_empty()).then(|| ("goals".into(), Cell::Nested(nested)))
}

fn goal_columns(figures: &Figures, conversions: i64, entries: f64) -> Fields {
    let figure = |column| figures[Shape::PageGoal.at(column)];
    let amount = |column| millionths(figure(column));
    let visits = count_as_number(figure("visits"));
    // A folder's pages may take part in one conversion twice.
    let rate = quotient(visits, count_as_number(conversions), 3).min(1.0);
    let mut columns: Fields = vec![
        ("nb_conversions".into(), Cell::Count(figure("conversions"))),
        ("revenue".into(), Cell::Money(amount("revenue"))),
        ("nb_conv_pages_before".into(), Cell::Count(figure("pages_before"))),
        ("nb_conversions_attrib".into(), Cell::Number(round(amount("attributed"), 4))),
        ("nb_conversions_page_rate".into(), Cell::Number(rate)),
        ("nb_conversions_page_uniq".into(), Cell::Count(figure("visits"))),
        ("revenue_attrib".into(), Cell::Money(round(amount("revenue_attributed"), 4))),
    ];
    if figure("entry_conversions") > 0 {
        let converted = count_as_number(figure("entry_conversions"));
        let revenue = amount("entry_revenue");
        columns.extend([
            ("nb_conversions_entry".into(), Cell::Count(figure("entry_conversions"))),
            ("nb_conversions_entry_rate".into(), Cell::Number(quotient(converted, entries, 3))),
            ("revenue_entry".into(), Cell::Money(revenue)),
            ("revenue_per_entry".into(), Cell::Money(quotient(revenue, entries, 3))),
        ]);
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_was_no_entry_has_no_entry_columns() {
        let mut counted = Counted::default();
        let mut row = Row::default();
        row.figures[Shape::Action.at("visits")] = 2;
        row.figures[Shape::Action.at("exit_visits")] = 1;
        counted.add(&row);
        let names = |is_day, is_folder| {
            let columns = page(&counted, is_day, is_folder, None);
            columns.into_iter().map(|(name, _)| name.into_owned()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(
            names(true, false),
            "nb_visits nb_uniq_visitors nb_hits sum_time_spent exit_nb_uniq_visitors exit_nb_visits"
        );
        assert_eq!(names(true, true), "nb_visits nb_hits sum_time_spent exit_nb_visits");
        assert_eq!(
            names(false, false),
            "nb_visits nb_hits sum_time_spent exit_nb_visits sum_daily_nb_uniq_visitors sum_daily_exit_nb_uniq_visitors"
        );
    }
}
