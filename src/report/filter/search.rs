//! Which rows stay: patterns and small figures.

use crate::report::{
    options::{LowPopulation, Options, Pattern},
    table::{Cell, Record, Table},
};

/// A figure below this share of the column's sum is small.
const SMALL: f64 = 0.02;

pub(super) fn apply(table: &mut Table, options: &Options) {
    if let Some(pattern) = &options.pattern {
        table.rows.retain(|row| matches(row, pattern));
    }
    if let Some(pattern) = &options.pattern_recursive {
        keep_branches(table, pattern);
    }
    if let Some(low) = &options.low_population {
        drop_small(table, low);
    }
}

fn matches(row: &Record, pattern: &Pattern) -> bool {
    if pattern.column == "label" {
        return row.label.as_deref().is_some_and(|label| pattern.regex.is_match(label));
    }
    let cell = row.get(&pattern.column).or_else(|| row.about(&pattern.column));
    cell.and_then(Cell::print).is_some_and(|text| pattern.regex.is_match(&text))
}

/// Keeps a row when it or a row under it matches; of the rows under it, those that do.
fn keep_branches(table: &mut Table, pattern: &Pattern) -> bool {
    table.rows.retain_mut(|row| {
        let deeper = match &mut row.below {
            Some(below) => keep_branches(&mut below.table, pattern),
            None => false,
        };
        deeper || matches(row, pattern)
    });
    !table.rows.is_empty()
}

fn drop_small(table: &mut Table, low: &LowPopulation) {
    let least = if low.least == 0.0 {
        SMALL * table.rows.iter().map(|row| row.number(&low.column)).sum::<f64>()
    } else {
        low.least
    };
    table.rows.retain(|row| row.number(&low.column) >= least);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visits(label: &str, visits: i64) -> Record {
        Record::new(label, vec![("nb_visits".into(), Cell::Count(visits))])
    }

    #[test]
    fn two_percent_is_the_least_that_stays() {
        let mut table = Table::of(vec![visits("a", 980), visits("b", 20), visits("c", 1)]);
        drop_small(&mut table, &LowPopulation { column: "nb_visits".into(), least: 0.0 });
        assert_eq!(table.rows.len(), 1);
        drop_small(&mut table, &LowPopulation { column: "nb_visits".into(), least: 981.0 });
        assert!(table.rows.is_empty());
    }
}
