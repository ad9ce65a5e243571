//! The order of rows.

use std::cmp::Ordering;

use super::natural;
use crate::report::{
    options::Options,
    table::{Cell, Record, Table},
};

const VISITS: &str = "nb_visits";
const LABEL: &str = "label";

/// How rows are compared.
struct Order {
    column: String,
    ascending: bool,
    by_number: bool,
}

/// What a row is compared by.
struct Rank {
    number: Option<f64>,
    visits: f64,
    text: String,
    place: usize,
}

/// Sorts a table and what is under its rows.
pub(super) fn apply(table: &mut Table, options: &Options, sorted: bool) {
    let column = match options.sort.column.as_deref() {
        Some("") => return,
        Some(column) => column,
        None if sorted => VISITS,
        None => return,
    };
    sort(table, column, options.sort.ascending.unwrap_or(false));
}

fn sort(table: &mut Table, column: &str, ascending: bool) {
    let order = order_of(table, column, ascending);
    let mut ranks: Vec<Rank> =
        (0..).zip(&table.rows).map(|(at, row)| order.rank(at, row)).collect();
    ranks.sort_by(|a, b| order.compare(a, b));
    let mut rows: Vec<Option<Record>> = table.rows.drain(..).map(Some).collect();
    table.rows.extend(ranks.iter().filter_map(|rank| rows.get_mut(rank.place)?.take()));
    for below in table.rows.iter_mut().filter_map(|row| row.below.as_mut()) {
        sort(&mut below.table, column, ascending);
    }
}

/// A column that no row has gives way to the visits.
fn order_of(table: &Table, column: &str, ascending: bool) -> Order {
    let has = |column: &str| table.rows.iter().any(|row| row.get(column).is_some());
    let column = if column == LABEL || has(column) || !has(VISITS) { column } else { VISITS };
    let is_number = |row: &Record| row.get(column).and_then(Cell::number).is_some();
    let by_number = column != LABEL && table.rows.iter().any(is_number);
    Order { column: column.to_owned(), ascending, by_number }
}

impl Order {
    fn rank(&self, place: usize, row: &Record) -> Rank {
        let text = match (self.column.as_str(), self.by_number) {
            (LABEL | VISITS, _) => row.label.clone().unwrap_or_default(),
            (_, true) => String::new(),
            (column, false) => {
                row.get(column).and_then(Cell::print).unwrap_or_default().into_owned()
            }
        };
        let number = row.get(&self.column).and_then(Cell::number);
        Rank { number, visits: row.number(VISITS), text, place }
    }

    fn compare(&self, a: &Rank, b: &Rank) -> Ordering {
        if !self.by_number {
            return self.turn(natural::compare(&a.text, &b.text));
        }
        let first = match (a.number, b.number) {
            (Some(a), Some(b)) => self.turn(a.total_cmp(&b)),
            (left, right) => right.is_some().cmp(&left.is_some()),
        };
        first.then_with(|| match self.column.as_str() {
            VISITS => self.turn(natural::compare(&a.text, &b.text)).reverse(),
            _ => self.turn(a.visits.total_cmp(&b.visits)),
        })
    }

    fn turn(&self, order: Ordering) -> Ordering {
        if self.ascending { order } else { order.reverse() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(column: &str, ascending: bool) -> Vec<String> {
        let row = |label: &str, visits, hits: Option<i64>| {
            let mut row = Record::new(label, vec![(VISITS.into(), Cell::Count(visits))]);
            row.columns.extend(hits.map(|hits| ("nb_hits".into(), Cell::Count(hits))));
            row
        };
        let mut table = Table::of(vec![
            row("b", 2, Some(1)),
            row("a10", 2, Some(5)),
            row("a9", 2, None),
            row("c", 7, Some(5)),
        ]);
        sort(&mut table, column, ascending);
        table.rows.into_iter().filter_map(|row| row.label).collect()
    }

    #[test]
    fn equal_visits_stand_by_label_and_equal_hits_by_visits() {
        assert_eq!(sorted("nb_visits", false), ["c", "a9", "a10", "b"]);
        assert_eq!(sorted("nb_visits", true), ["b", "a10", "a9", "c"]);
        assert_eq!(sorted("nb_hits", false), ["c", "a10", "b", "a9"]);
        assert_eq!(sorted("nb_hits", true), ["b", "a10", "c", "a9"]);
        assert_eq!(sorted("no_such", false), ["c", "a9", "a10", "b"]);
        assert_eq!(sorted("label", true), ["a9", "a10", "b", "c"]);
    }
}
