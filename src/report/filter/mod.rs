//! What the generic parameters do to a table, in the order Matomo does it.
//!
//! The order is part of the rules: rows are sorted and searched by the labels as they are stored,
//! decoded afterwards; a label asked for by name is looked up in what is left.

mod columns;
mod cut;
mod flat;
mod goals;
mod label;
mod natural;
mod pivot;
mod search;
mod sort;
mod values;

pub(super) use values::values;

use super::{
    metrics::{self, Processed},
    options::Options,
    pretty,
    table::{Form, Name, Table},
};

/// How rows of a report become one level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flat {
    /// Labels joined by ` - `.
    Joined,
    /// Labels joined by `/`.
    Path,
    /// Labels joined by `/`, with one in front, and without `index` at the end.
    Pages,
    /// The report has no rows under rows that make sense beside each other.
    Never,
}

/// What the filters must know of a report.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules<'a> {
    pub flat: Flat,
    /// Names of the dimensions, outermost first. One name: all levels are that dimension.
    pub dimensions: &'a [Name],
    /// Whether rows are sorted by visits unless the question says otherwise.
    pub sorted: bool,
    pub processed: &'a [Processed],
    /// Numbers of the site's goals.
    pub goals: &'a [u32],
    pub currency: &'a str,
}

/// Applies everything a question asks for to the table of a report.
pub(super) fn apply(mut table: Table, options: &Options, rules: &Rules<'_>) -> Table {
    let is_overview = table.form == Form::Overview;
    if let Some(pivot) = &options.pivot {
        pivot::apply(&mut table, pivot, rules.dimensions);
    }
    if options.flat && is_overview {
        table.form = Form::Rows;
    }
    if options.flat && table.form == Form::Rows {
        table = flat::flatten(table, options, rules);
    }
    // Columns of another dimension have no rates.
    let mut processed = if options.pivot.is_some() { Vec::new() } else { rules.processed.to_vec() };
    if let Some(drop_empty) = options.add_columns {
        processed.extend(columns::ALL_COLUMNS.iter().filter(|_| is_about_visits(&table)));
        if drop_empty {
            columns::drop_empty_rows(&mut table);
        }
    }
    let first = decides(options, &processed);
    if first {
        metrics::add(&mut table, &processed);
    }
    if let Some(goal) = options.goal_columns {
        goals::add(&mut table, goal.as_ref().map_or(rules.goals, std::slice::from_ref));
    }
    let totals = options.totals.as_ref().map(|label| cut::totals(&table, label, &processed));
    if options.generic && table.form == Form::Rows {
        search::apply(&mut table, options);
        sort::apply(&mut table, options, rules.sorted);
        cut::truncate(&mut table, options.truncate, &processed);
        if options.labels.is_empty() {
            cut::limit(&mut table, options);
        }
    }
    if !first {
        metrics::add(&mut table, &processed);
    }
    table.rows.extend(totals.filter(|_| table.form == Form::Rows));
    label::decode(&mut table);
    columns::apply(&mut table, options);
    if is_overview {
        columns::keep_metrics(&mut table, &options.metrics);
    }
    if !options.labels.is_empty() {
        table = label::find(table, &options.labels);
    }
    pretty::print(&mut table, options.pretty, options.language, rules.currency);
    if !options.expanded && !options.flat {
        columns::close(&mut table);
    }
    table
}

/// Whether what is worked out decides which rows stay and in which order. Where it does not, it is
/// worked out only for the rows that stay.
fn decides(options: &Options, processed: &[Processed]) -> bool {
    let columns = [
        options.sort.column.as_ref(),
        options.pattern.as_ref().map(|pattern| &pattern.column),
        options.pattern_recursive.as_ref().map(|pattern| &pattern.column),
        options.low_population.as_ref().map(|low| &low.column),
    ];
    let is_asked = |figure: &Processed| columns.iter().flatten().any(|it| *it == figure.name());
    processed.contains(&Processed::VisitsShare) || processed.iter().any(is_asked)
}

fn is_about_visits(table: &Table) -> bool {
    table.rows.iter().any(|row| row.get("sum_visit_length").is_some())
}
