//! Which columns stay.

use crate::report::{
    metrics::Processed,
    options::Options,
    table::{Cell, Record, Table},
};

/// What `filter_add_columns_when_show_all_columns` adds.
pub(super) const ALL_COLUMNS: [Processed; 4] = [
    Processed::ActionsPerVisit,
    Processed::TimeOnSite,
    Processed::BounceRate,
    Processed::ConversionRate,
];

/// Rows that nobody visited and where nothing happened.
pub(super) fn drop_empty_rows(table: &mut Table) {
    table.rows.retain(|row| row.number("nb_visits") > 0.0 || row.number("nb_actions") > 0.0);
}

/// `showColumns` and `hideColumns`. The label always stays, what is told about a row too.
pub(super) fn apply(table: &mut Table, options: &Options) {
    if !options.show.is_empty() || !options.hide.is_empty() {
        choose(table, options);
    }
    if !options.show_metadata {
        table.rows.iter_mut().for_each(|row| row.metadata.clear());
    }
}

fn choose(table: &mut Table, options: &Options) {
    for row in &mut table.rows {
        row.columns.retain_mut(|(name, cell)| {
            if let (true, Cell::Nested(groups)) = (options.hide_recursively, cell) {
                for (_, fields) in groups {
                    fields.retain(|(name, _)| !options.hide.iter().any(|it| it == name));
                }
            }
            let shown = options.show.is_empty()
                || options.show.iter().any(|it| it == name)
                || name.starts_with("a__");
            shown && !options.hide.iter().any(|it| it == name)
        });
        if let Some(below) = &mut row.below {
            choose(&mut below.table, options);
        }
    }
}

/// The metrics of an overview that were asked for by name.
pub(super) fn keep_metrics(table: &mut Table, metrics: &[String]) {
    if !metrics.is_empty() {
        let is_asked = |name: &str| metrics.iter().any(|metric| metric == name);
        table.rows.iter_mut().for_each(|row| row.columns.retain(|(name, _)| is_asked(name)));
    }
}

/// Leaves of what is under a row only its id.
pub(super) fn close(table: &mut Table) {
    for below in table.rows.iter_mut().filter_map(|row: &mut Record| row.below.as_mut()) {
        below.table.rows = Vec::new();
    }
}
