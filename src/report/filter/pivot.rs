//! `pivotBy`: what stands under a row becomes its columns.

use crate::report::{
    options::Pivot,
    table::{Cell, Fields, Name, Record, Table},
};

/// What stands for all columns beyond the most.
const OTHERS: &str = "Others";

/// Turns the table around where what is under its rows is what was asked for.
pub(super) fn apply(table: &mut Table, pivot: &Pivot, dimensions: &[Name]) {
    if dimensions.get(1).is_none_or(|name| *name != pivot.dimension) {
        return;
    }
    let mut sums: Vec<(String, f64)> = Vec::new();
    for (name, cell) in table.rows.iter().flat_map(|row| cells(row, &pivot.column)) {
        match sums.iter_mut().find(|(it, _)| *it == name) {
            Some((_, sum)) => *sum += number(&cell),
            None => sums.push((name, number(&cell))),
        }
    }
    sums.sort_by(|(a, left), (b, right)| right.total_cmp(left).then_with(|| a.cmp(b)));
    let too_many = sums.len() > pivot.most;
    sums.truncate(pivot.most);
    for row in &mut table.rows {
        let own: Vec<(String, Cell)> = cells(row, &pivot.column).collect();
        let mut columns: Fields = Vec::with_capacity(sums.len() + 1);
        for (name, _) in &sums {
            let cell = own.iter().find(|(it, _)| it == name).map(|(_, cell)| cell.clone());
            columns.push((name.clone().into(), cell.unwrap_or(Cell::Null)));
        }
        if too_many {
            let others = own.iter().filter(|(name, _)| sums.iter().all(|(it, _)| it != name));
            columns.push((OTHERS.into(), Cell::Number(others.map(|(_, cell)| number(cell)).sum())));
        }
        row.columns = columns;
        row.below = None;
    }
}

fn number(cell: &Cell) -> f64 {
    cell.number().unwrap_or_default()
}

/// The column of every row under a row, by that row's name.
fn cells<'a>(row: &'a Record, column: &'a str) -> impl Iterator<Item = (String, Cell)> + 'a {
    let under = row.below.iter().flat_map(|below| &below.table.rows);
    under.filter_map(move |row| {
        Some((row.caption()?.to_owned(), row.get(column).cloned().unwrap_or(Cell::Null)))
    })
}
