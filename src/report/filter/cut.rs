//! How many rows stay.

use crate::report::{
    metrics::{self, Processed},
    options::Options,
    table::{Cell, Record, Table},
};

/// Drops what stands before the offset and after the limit. Rows under rows all stay.
pub(super) fn limit(table: &mut Table, options: &Options) {
    table.rows.drain(..options.offset.min(table.rows.len()));
    table.rows.truncate(options.limit.unwrap_or(usize::MAX));
}

/// Keeps `most` rows and adds the others up into one, at every depth.
pub(super) fn truncate(table: &mut Table, most: Option<usize>, processed: &[Processed]) {
    let Some(most) = most else { return };
    for below in table.rows.iter_mut().filter_map(|row| row.below.as_mut()) {
        truncate(&mut below.table, Some(most), processed);
    }
    if table.rows.len() <= most + 1 {
        return;
    }
    let others: Vec<Record> = table.rows.drain(most..).collect();
    table.rows.push(sum_of(&others, "Others", processed));
}

/// A row that adds up all rows of a table.
pub(super) fn totals(table: &Table, label: &str, processed: &[Processed]) -> Record {
    sum_of(&table.rows, label, processed)
}

/// Rows added up, rates worked out anew.
fn sum_of(rows: &[Record], label: &str, processed: &[Processed]) -> Record {
    let mut sum = Record::new(label, Vec::new());
    rows.iter().for_each(|row| add(&mut sum, row, processed));
    let mut alone = Table::of(vec![sum]);
    metrics::add(&mut alone, processed);
    alone.rows.pop().unwrap_or_default()
}

fn add(others: &mut Record, row: &Record, processed: &[Processed]) {
    for (name, cell) in &row.columns {
        // Rates do not add up.
        let is_rate = matches!(cell, Cell::Share(_));
        if is_rate || processed.iter().any(|figure| figure.name() == *name) {
            continue;
        }
        let Some(known) = others.columns.iter_mut().find(|(it, _)| it == name) else {
            others.columns.push((name.clone(), cell.clone()));
            continue;
        };
        known.1 = sum(name, &known.1, cell);
    }
}

fn sum(name: &str, a: &Cell, b: &Cell) -> Cell {
    match (a, b) {
        (Cell::Count(a), Cell::Count(b)) if name.starts_with("max_") => Cell::Count(*a.max(b)),
        (Cell::Count(a), Cell::Count(b)) => Cell::Count(a.saturating_add(*b)),
        (Cell::Null, other) | (other, Cell::Null) => other.clone(),
        _ => match (a.number(), b.number()) {
            (Some(a), Some(b)) if name.starts_with("max_") => Cell::Number(a.max(b)),
            (Some(a), Some(b)) if name.starts_with("min_") => Cell::Number(a.min(b)),
            (Some(a), Some(b)) => Cell::Number(a + b),
            _ => a.clone(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_others_are_added_up_and_rated_anew() {
        let row = |label: &str, visits, bounces| {
            let columns = [("nb_visits", visits), ("bounce_count", bounces)];
            Record::new(label, columns.map(|(name, it)| (name.into(), Cell::Count(it))).to_vec())
        };
        let mut table = Table::of(vec![row("a", 9, 9), row("b", 3, 0), row("c", 1, 1)]);
        metrics::add(&mut table, &[Processed::BounceRate]);
        truncate(&mut table, Some(2), &[Processed::BounceRate]);
        assert_eq!(table.rows.len(), 3, "one row too many is not worth a sum");
        truncate(&mut table, Some(1), &[Processed::BounceRate]);
        let others = table.row("Others").unwrap();
        assert_eq!(others.get("nb_visits"), Some(&Cell::Count(4)));
        assert_eq!(others.get("bounce_rate"), Some(&Cell::Share(0.25)));
    }
}
