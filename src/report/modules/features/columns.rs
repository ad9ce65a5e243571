//! Figures that several reports of features have.

use super::{
    question::Measure,
    reading::{Reading, Who},
};
use crate::report::{
    metrics::quotient,
    period::Kind,
    table::{Cell, Fields, Name, Record, Table, count_as_number},
};

/// The measure that counts distinct visitors of such a period, where there is one.
pub(in crate::report::modules) fn distinct(kind: Kind) -> Option<Measure> {
    match kind {
        Kind::Week => Some(Measure::WEEK),
        Kind::Month => Some(Measure::MONTH),
        Kind::Day | Kind::Year | Kind::Range => None,
    }
}

/// Distinct visitors. Of a day they are counted with the visits (measure 0), of a week and a month
/// apart (measure `at`, leaf 0); of longer
/// periods, and of wider places, nobody can tell.
pub(in crate::report::modules) fn visitors(
    reading: &Reading<'_>,
    at: usize,
    of: i64,
    who: Who,
    kind: Kind,
) -> Option<i64> {
    if !reading.knows_people(who) {
        return None;
    }
    match kind {
        Kind::Day => Some(reading.sum(0, of, who, "visitors")),
        Kind::Week | Kind::Month => {
            let rows = reading.rows(at, of, who);
            let all = rows.iter().filter(|row| row.leaf.id == 0);
            let distinct = all.map(|row| row.figures[0]).max();
            // Nothing was used: nobody used it. Used, but not counted: nobody can tell.
            distinct.or((reading.sum(0, of, who, "visits") == 0).then_some(0))
        }
        Kind::Year | Kind::Range => None,
    }
}

pub(in crate::report::modules) fn count(name: &'static str, count: i64) -> (Name, Cell) {
    (name.into(), Cell::Count(count))
}

pub(in crate::report::modules) fn share(name: &'static str, part: i64, whole: i64) -> (Name, Cell) {
    (name.into(), Cell::Share(of(part, whole, 4)))
}

pub(super) fn average(name: &'static str, sum: i64, count: i64) -> (Name, Cell) {
    (name.into(), Cell::Number(of(sum, count, 2)))
}

/// A quotient; 0 where there is nothing to divide by.
pub(super) fn of(part: i64, whole: i64, places: i32) -> f64 {
    quotient(count_as_number(part), count_as_number(whole), places)
}

/// How a figure is spread over buckets: a row for each, also for those that nothing fell into.
pub(super) fn spread(
    buckets: impl IntoIterator<Item = (String, i64)>,
    counted: &'static str,
) -> Table {
    let buckets: Vec<(String, i64)> = buckets.into_iter().collect();
    let whole = buckets.iter().map(|(_, n)| n).sum();
    let row = |(label, n): (String, i64)| {
        let columns: Fields = vec![count(counted, n), share("distribution_rate", n, whole)];
        Record { shown: Some(label.clone()), ..Record::new(label, columns) }
    };
    Table::of(buckets.into_iter().map(row).collect())
}

/// Names of buckets that are known by their least: `1`, `6-10`, `21+`.
pub(super) fn names(least: &[i64]) -> Vec<(i64, String)> {
    let next = least.iter().skip(1).copied().map(Some).chain([None]);
    let name = |(from, next): (&i64, Option<i64>)| match next {
        None => (*from, format!("{from}+")),
        Some(next) if next == from + 1 => (*from, from.to_string()),
        Some(next) => (*from, format!("{from}-{}", next - 1)),
    };
    least.iter().zip(next).map(name).collect()
}
