//! What an answer must read from the rollups, and the rows that come back.
//!
//! The store turns an [`Ask`] into one query: the rows of `need` whose grain and period fall into
//! one of the slices, grouped by the slice's `period` and by the ids that `need.by` names, figures
//! merged as the table says.

use std::sync::Arc;

use jiff::ToSpan;

pub use crate::rollup::Figures;
use crate::{
    rollup::{Merge, Shape},
    school::place::Facet,
    site::{self, DayNumber},
};

/// How long a stored row's period is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Grain {
    Day,
    Week,
    Month,
    /// Distinct visitors are counted of calendar years and of school years, which begin in September.
    Year,
    SchoolYear,
}

/// Stored periods that belong to one period of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Slice {
    /// What comes back in [`Row::period`].
    pub period: usize,
    pub grain: Grain,
    /// First and last stored period, both included. A longer one than a day has the number of its
    /// first day.
    pub from: DayNumber,
    pub to: DayNumber,
}

impl Slice {
    /// This slice for each of its stored periods.
    pub fn each(self) -> impl Iterator<Item = Self> {
        let next = move |day: &DayNumber| Some(self.last_day_of(*day) + 1);
        std::iter::successors(Some(self.from), next)
            .take_while(move |day| *day <= self.to)
            .map(move |day| Self { from: day, to: day, ..self })
    }

    /// The last day of the last stored period.
    pub fn last_day(self) -> DayNumber {
        self.last_day_of(self.to)
    }

    fn last_day_of(self, first: DayNumber) -> DayNumber {
        let before = |span| site::number_of(site::date_of(first).saturating_add(span)) - 1;
        match self.grain {
            Grain::Day => first,
            Grain::Week => first + 6,
            Grain::Month => site::number_of(site::date_of(first).last_of_month()),
            Grain::Year | Grain::SchoolYear => before(1.year()),
        }
    }
}

/// Which ids rows are told apart by. A row comes back with id 0 and no text where it is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct By {
    pub value: bool,
    pub sub: bool,
    pub leaf: bool,
    /// Whether `sub`, a school's code, may come back as the three digits of its département with
    /// number 0: a hundred rows in place of sixty thousand. Rows in memory come back as they are.
    pub department: bool,
}

impl By {
    pub const NOTHING: Self = Self { value: false, sub: false, leaf: false, department: false };
    pub const VALUE: Self = Self { value: true, ..Self::NOTHING };
    pub const SUB: Self = Self { sub: true, ..Self::VALUE };
    pub const LEAF: Self = Self { leaf: true, ..Self::NOTHING };
    pub const VALUE_LEAF: Self = Self { leaf: true, ..Self::VALUE };
    pub const ALL: Self = Self { leaf: true, ..Self::SUB };
}

/// One thing to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Need {
    /// Rows of a rollup table.
    Rollup { shape: Shape, subject: i16, by: By },
    /// Distinct visitors and users of whole weeks or months: figure 0 and figure 1 of one row.
    Uniques,
    /// Establishments that told their code in a visit (value 0) or used a feature (its number), by
    /// what the directory says of them (the text of `sub`, empty where it says nothing): figure 0. Of
    /// the subject of their cut.
    Reach { subject: i16, by: Facet },
    /// Establishments that the directory knows to be open, by the same: figure 0.
    Open { by: Facet },
}

impl Need {
    pub(super) const fn of(shape: Shape, subject: i16, by: By) -> Self {
        Self::Rollup { shape, subject, by }
    }
}

/// A need and where it is to be read.
#[derive(Clone, Debug, PartialEq)]
pub struct Ask {
    pub need: Need,
    pub slices: Arc<[Slice]>,
    pub only: Only,
}

/// Which rows alone are read; those of anything, where nothing is said.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Only {
    /// Of these values: found one by one, however many rows there are of others.
    pub values: Option<Arc<[i64]>>,
    pub sub: Option<i64>,
    pub leaf: Option<i64>,
}

impl Only {
    /// Rows of these values alone.
    pub fn values(values: impl IntoIterator<Item = i64>) -> Self {
        Self { values: Some(values.into_iter().collect()), ..Self::default() }
    }

    /// Whether a row of this value, `sub` and `leaf` is read.
    pub(super) fn takes(&self, value: i64, sub: i64, leaf: i64) -> bool {
        self.values.as_ref().is_none_or(|values| values.contains(&value))
            && self.sub.is_none_or(|wanted| sub == wanted)
            && self.leaf.is_none_or(|wanted| leaf == wanted)
    }
}

/// The id of a text with the text, or a number that stands for itself (no text then).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Label {
    pub id: i64,
    pub text: Option<Arc<str>>,
}

impl Label {
    /// A label by its number alone.
    pub fn number(id: i64) -> Self {
        Self { id, text: None }
    }

    /// A label with its text.
    pub fn text(id: i64, text: &str) -> Self {
        Self { id, text: Some(text.into()) }
    }

    /// The text; empty when it is not set.
    pub fn as_str(&self) -> &str {
        self.text.as_deref().unwrap_or_default()
    }
}

/// One row that was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    pub period: usize,
    pub value: Label,
    pub sub: Label,
    pub leaf: Label,
    /// In the order of the table's columns; what the table does not have is 0.
    pub figures: Figures,
}

/// Adds `more` to `into` the way the table's columns merge.
pub(super) fn merge(shape: Shape, into: &mut Figures, more: &Figures) {
    // The least and the greatest of no value at all must not count as 0.
    let valued = |figures: &Figures| shape != Shape::Event || figures[shape.at("valued")] > 0;
    let (ours, theirs) = (valued(into), valued(more));
    for (at, column) in shape.columns().iter().enumerate() {
        into[at] = match column.merge {
            Merge::Sum => into[at].saturating_add(more[at]),
            _ if !theirs => into[at],
            _ if !ours => more[at],
            Merge::Max => into[at].max(more[at]),
            Merge::Min => into[at].min(more[at]),
        };
    }
}

/// The sum of rows.
pub(super) fn total<'a>(shape: Shape, rows: impl IntoIterator<Item = &'a Row>) -> Figures {
    let mut rows = rows.into_iter();
    let mut sum = rows.next().map(|row| row.figures).unwrap_or_default();
    rows.for_each(|row| merge(shape, &mut sum, &row.figures));
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(valued: i64, min: i64, max: i64) -> Figures {
        let mut figures = Figures::default();
        figures[Shape::Event.at("valued")] = valued;
        figures[Shape::Event.at("value_min")] = min;
        figures[Shape::Event.at("value_max")] = max;
        figures
    }

    #[test]
    fn an_event_without_value_has_no_least_value() {
        for (one, other) in [
            (event(0, 0, 0), event(2, 5, 9)),
            (event(2, 5, 9), event(0, 0, 0)),
            (event(1, 5, 5), event(1, 9, 9)),
        ] {
            let mut sum = one;
            merge(Shape::Event, &mut sum, &other);
            assert_eq!(sum, event(2, 5, 9));
        }
    }

    #[test]
    fn visits_add_up_and_the_most_actions_stay() {
        let mut one = Row::default();
        one.figures[Shape::Visit.at("visits")] = 2;
        one.figures[Shape::Visit.at("max_actions")] = 7;
        let mut other = one.clone();
        other.figures[Shape::Visit.at("max_actions")] = 3;
        let sum = total(Shape::Visit, [&one, &other]);
        assert_eq!((sum[Shape::Visit.at("visits")], sum[Shape::Visit.at("max_actions")]), (4, 7));
    }
}
