//! What a batch of changes adds to the rollups.

use std::{collections::HashMap, sync::Arc};

use foldhash::fast::FixedState;

use super::shape::{Figures, Merge, Shape, WIDEST};
use crate::{
    site::{DayNumber, SiteId},
    strip::{Period, Text},
};

/// A row of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    pub shape: Shape,
    pub site: SiteId,
    pub day: DayNumber,
    pub subject: i16,
    pub value: i64,
    pub sub: i64,
    pub leaf: i64,
}

/// Rows to be added, texts they are known by, and new visitors of weeks and months.
#[derive(Default)]
pub struct Delta {
    rows: HashMap<Key, Figures, FixedState>,
    uniques: HashMap<(SiteId, Period), (i64, i64), FixedState>,
    texts: HashMap<i64, Arc<str>, FixedState>,
    pairs: HashMap<i64, (i64, i64), FixedState>,
}

/// What leaves a row as it is.
fn neutral(shape: Shape) -> Figures {
    let mut figures = [0; WIDEST];
    for (figure, column) in figures.iter_mut().zip(shape.columns()) {
        *figure = match column.merge {
            Merge::Sum => 0,
            Merge::Max => i64::MIN,
            Merge::Min => i64::MAX,
        };
    }
    figures
}

impl Delta {
    /// The row of that key, to be changed by `figure` calls.
    pub(super) fn row(&mut self, key: Key) -> Row<'_> {
        let figures = self.rows.entry(key).or_insert_with(|| neutral(key.shape));
        Row { shape: key.shape, figures }
    }

    /// Adds new distinct visitors and users of a week or a month.
    pub fn unique(&mut self, site: SiteId, period: Period, visitors: i64, users: i64) {
        let sum = self.uniques.entry((site, period)).or_default();
        sum.0 += visitors;
        sum.1 += users;
    }

    /// Remembers a text that rows name by its number.
    pub(super) fn text(&mut self, text: &Text) {
        self.texts.entry(text.id).or_insert_with(|| Arc::clone(&text.text));
    }

    /// Remembers that a text is two others.
    pub(super) fn pair(&mut self, id: i64, of: (i64, i64)) {
        self.pairs.insert(id, of);
    }

    /// What is to be added to `before` to come to `self`. A greatest or least figure that `before` had
    /// cannot be taken back: it stays.
    #[must_use]
    pub fn less(mut self, before: &Self) -> Self {
        for (key, figures) in &before.rows {
            let mine = self.rows.entry(*key).or_insert_with(|| neutral(key.shape));
            for ((mine, theirs), column) in mine.iter_mut().zip(figures).zip(key.shape.columns()) {
                match column.merge {
                    Merge::Sum => *mine = mine.saturating_sub(*theirs),
                    Merge::Max if *mine == *theirs => *mine = i64::MIN,
                    Merge::Min if *mine == *theirs => *mine = i64::MAX,
                    Merge::Max | Merge::Min => (),
                }
            }
        }
        self
    }

    /// The rows under another number in place of their site's, without distinct visitors of weeks
    /// and months.
    #[must_use]
    pub fn as_series(self, series: SiteId) -> Self {
        // Distinct visitors of weeks and months do not follow from the days of those touched.
        let by_day = |key: &Key| !key.shape.is_distinct();
        let rows = self.rows.into_iter().filter(|(key, _)| by_day(key));
        let rows = rows.map(|(key, figures)| (Key { site: series, ..key }, figures));
        Self {
            rows: rows.collect(),
            uniques: HashMap::default(),
            texts: self.texts,
            pairs: self.pairs,
        }
    }

    /// Adds another delta.
    pub fn merge(&mut self, other: Self) {
        for (key, figures) in other.rows {
            let mine = self.rows.entry(key).or_insert_with(|| neutral(key.shape));
            key.shape.merge(mine, &figures);
        }
        for ((site, period), (visitors, users)) in other.uniques {
            self.unique(site, period, visitors, users);
        }
        self.texts.extend(other.texts);
        self.pairs.extend(other.pairs);
    }

    /// Rows that change something, in one order for every writer.
    pub fn sorted_rows(&self) -> Vec<(Key, Figures)> {
        let changes = |(key, figures): &(Key, Figures)| *figures != neutral(key.shape);
        let mut rows: Vec<_> =
            self.rows.iter().map(|(key, figures)| (*key, *figures)).filter(changes).collect();
        rows.sort_unstable_by_key(|(key, _)| *key);
        rows
    }

    /// New visitors and users of weeks and months, in order.
    pub fn sorted_uniques(&self) -> Vec<(SiteId, Period, i64, i64)> {
        let mut uniques: Vec<_> = self
            .uniques
            .iter()
            .map(|((site, period), (visitors, users))| (*site, *period, *visitors, *users))
            .collect();
        uniques.sort_unstable_by_key(|(site, period, ..)| (*site, *period));
        uniques
    }

    /// Every text that rows name.
    pub fn texts(&self) -> impl Iterator<Item = (i64, &Arc<str>)> {
        self.texts.iter().map(|(id, text)| (*id, text))
    }

    /// Texts that are made of two others, in order: number, and the numbers of the two (0: not told).
    pub fn pairs(&self) -> Vec<(i64, (i64, i64))> {
        let mut pairs: Vec<_> = self.pairs.iter().map(|(id, of)| (*id, *of)).collect();
        pairs.sort_unstable();
        pairs
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.uniques.is_empty()
    }
}

/// A row being added to.
pub(super) struct Row<'a> {
    shape: Shape,
    figures: &'a mut Figures,
}

impl Row<'_> {
    /// Merges a figure into the column at a place (see `Shape::columns`).
    pub(super) fn add(&mut self, place: usize, amount: i64) -> &mut Self {
        if let (Some(figure), Some(column)) =
            (self.figures.get_mut(place), self.shape.columns().get(place))
        {
            *figure = column.merge.of(*figure, amount);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn delta(rows: &[(i64, usize, i64)]) -> Delta {
        let mut delta = Delta::default();
        for (value, place, amount) in rows {
            let key = Key {
                shape: Shape::Event,
                site: 1,
                day: 1,
                subject: 1,
                value: *value,
                sub: 0,
                leaf: 0,
            };
            delta.row(key).add(*place, *amount);
        }
        delta
    }

    proptest! {
        #[test]
        fn merging_commutes_and_splitting_changes_nothing(
            rows in proptest::collection::vec((0_i64..4, 0_usize..7, -50_i64..50), 0..40),
            at in 0_usize..40,
        ) {
            let (left, right) = rows.split_at(at.min(rows.len()));
            let whole = delta(&rows).sorted_rows();
            let mut forth = delta(left);
            forth.merge(delta(right));
            let mut back = delta(right);
            back.merge(delta(left));
            prop_assert_eq!(&forth.sorted_rows(), &whole);
            prop_assert_eq!(&back.sorted_rows(), &whole);
        }

        #[test]
        fn what_is_missing_leads_from_one_to_the_other(
            rows in proptest::collection::vec((0_i64..4, 0_usize..5, -50_i64..50), 0..40),
            at in 0_usize..40,
        ) {
            let (left, _) = rows.split_at(at.min(rows.len()));
            let missing = delta(&rows).less(&delta(left));
            let mut sum = delta(left);
            sum.merge(missing);
            prop_assert_eq!(sum.sorted_rows(), delta(&rows).sorted_rows());
        }
    }
}
