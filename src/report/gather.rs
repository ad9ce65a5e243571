//! Rows out of rollups that are in memory, as the store reads them from its tables.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    need::{Ask, By, Figures, Grain, Label, Need, Row, Slice},
    plan::Found,
};
use crate::{
    rollup::{Delta, Key, Shape, subject},
    site::DayNumber,
    strip::Period,
};

/// The rows of each ask, from rollups of one site.
pub fn gather(delta: &Delta, asks: &[Ask]) -> Found {
    let rows = delta.sorted_rows();
    let uniques: BTreeMap<Period, (i64, i64)> = delta
        .sorted_uniques()
        .into_iter()
        .map(|(_, period, visitors, users)| (period, (visitors, users)))
        .collect();
    let texts: BTreeMap<i64, &Arc<str>> = delta.texts().collect();
    let pairs: BTreeMap<i64, (i64, i64)> = delta.pairs().into_iter().collect();
    let text = |id: i64| texts.get(&id).map(|text| Arc::clone(text));
    let label = |id: i64| {
        let both = pairs.get(&id).map(|(first, second)| {
            let half = |id: i64| text(id).unwrap_or_default();
            Arc::from(format!("{}{}{}", half(*first), subject::PAIR, half(*second)))
        });
        Label { id, text: both.or_else(|| text(id)) }
    };
    let of = |ask: &Ask| match ask.need {
        Need::Rollup { shape, subject, by } => {
            let mine: Vec<&(Key, Figures)> = rows
                .iter()
                .filter(|(key, _)| key.shape == shape && key.subject == subject)
                .filter(|(key, _)| ask.only.takes(key.value, key.sub, key.leaf))
                .collect();
            grouped(shape, by, &mine, &ask.slices)
                .into_iter()
                .map(|((period, value, sub, leaf), figures)| Row {
                    period,
                    value: label(value),
                    sub: label(sub),
                    leaf: label(leaf),
                    figures,
                })
                .collect()
        }
        // The directory is not in memory.
        Need::Reach { .. } | Need::Open { .. } => Vec::new(),
        Need::Uniques => ask.slices.iter().filter_map(|slice| distinct(&uniques, slice)).collect(),
    };
    asks.iter().map(of).collect()
}

type Group = (usize, i64, i64, i64);

fn grouped(
    shape: Shape,
    by: By,
    rows: &[&(Key, Figures)],
    slices: &[Slice],
) -> BTreeMap<Group, Figures> {
    let mut groups: BTreeMap<Group, Figures> = BTreeMap::new();
    let pick = |wanted: bool, id: i64| if wanted { id } else { 0 };
    for slice in slices {
        for (key, figures) in rows.iter().filter(|(key, _)| holds(slice, key.day)) {
            let group = (
                slice.period,
                pick(by.value, key.value),
                pick(by.sub, key.sub),
                pick(by.leaf, key.leaf),
            );
            match groups.get_mut(&group) {
                None => drop(groups.insert(group, *figures)),
                Some(sum) => shape.merge(sum, figures),
            }
        }
    }
    groups
}

/// Whether a day's rows belong to a slice.
fn holds(slice: &Slice, day: DayNumber) -> bool {
    (slice.from..=slice.last_day()).contains(&day)
}

fn distinct(uniques: &BTreeMap<Period, (i64, i64)>, slice: &Slice) -> Option<Row> {
    let inside = uniques.iter().filter(|(period, _)| match (slice.grain, period) {
        (Grain::Week, Period::Week(first))
        | (Grain::Month, Period::Month(first))
        | (Grain::Year, Period::Year(first))
        | (Grain::SchoolYear, Period::SchoolYear(first)) => (slice.from..=slice.to).contains(first),
        _ => false,
    });
    let sum = inside.fold(None, |sum: Option<(i64, i64)>, (_, (visitors, users))| {
        let sum = sum.unwrap_or_default();
        Some((sum.0 + visitors, sum.1 + users))
    });
    sum.map(|(visitors, users)| {
        let mut row = Row { period: slice.period, ..Row::default() };
        let [first, second, ..] = &mut row.figures;
        (*first, *second) = (visitors, users);
        row
    })
}

impl Ask {
    /// First and last day that the answer looks at; nothing where it looks at none.
    pub fn days(&self) -> Option<(DayNumber, DayNumber)> {
        let first = self.slices.iter().map(|slice| slice.from).min()?;
        Some((first, self.slices.iter().map(|it| it.last_day()).max()?))
    }
}
