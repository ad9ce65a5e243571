//! What was read about features, found again by feature and by value of an audience.

use std::collections::{BTreeMap, HashMap};

use super::question::{BESIDE, Lens, Measure, Question, Told, not_told};
use crate::{
    report::{
        labels::Language,
        need::{Label, Row, total},
        scene::Scene,
    },
    rollup::subject,
};

/// Whose figures are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report::modules) enum Who {
    /// All that the question is about.
    All,
    /// Those of one value of its audience: the label's number, 0 where it was not told.
    Value(i64),
}

type ByFeature<'a> = HashMap<(i64, i64), Vec<&'a Row>>;

/// The rows of each measure.
pub(in crate::report::modules) struct Reading<'a> {
    measures: Vec<Measure>,
    everyone: Vec<ByFeature<'a>>,
    by_value: Vec<ByFeature<'a>>,
    /// The value that alone counts, where the question names one.
    only: Option<i64>,
    /// Whether values are sums of others, so that nobody knows their people.
    is_wider: bool,
    /// Values of the audience that were met, as they are shown.
    pub(in crate::report::modules) values: Vec<(i64, String)>,
}

impl<'a> Reading<'a> {
    /// Sorts the rows of a question's needs.
    pub(in crate::report::modules) fn new(
        question: &Question<'_>,
        measures: &[Measure],
        scene: &Scene<'a>,
    ) -> Self {
        let mut reading = Self {
            measures: measures.to_vec(),
            everyone: Vec::new(),
            by_value: Vec::new(),
            only: None,
            is_wider: question.is_wider(),
            values: Vec::new(),
        };
        let wider = question.lens.told().and_then(|told| told.wider);
        // Départements come back with their text alone.
        let number = |label: &Label| match wider {
            Some(wider) => wider.of(label.as_str(), question.language).map_or(0, |(id, _)| id),
            None => label.id,
        };
        for at in 0..measures.len() {
            let rows = |need: usize| by_feature(scene.rows(need), number);
            match question.lens {
                Lens::Everyone => reading.everyone.push(rows(at)),
                Lens::Split(_) => {
                    reading.everyone.push(rows(2 * at));
                    reading.by_value.push(rows(2 * at + 1));
                }
                Lens::Only(..) => reading.by_value.push(rows(at)),
            }
        }
        if let Some(told) = question.lens.told() {
            reading.values = reading.values_of(told, question.language);
        }
        if let Lens::Only(told, value) = question.lens {
            reading.only = Some(told.number(value));
        }
        reading
    }

    /// The values that were met, by their text; those who told none at the end.
    fn values_of(&self, told: Told, language: Language) -> Vec<(i64, String)> {
        let mut values: BTreeMap<(bool, String), i64> = BTreeMap::new();
        for label in self.labels() {
            let wider = told.wider.and_then(|wider| wider.of(label.as_str(), language));
            let (id, shown) = wider.unwrap_or_else(|| (label.id, shown(label, told, language)));
            values.entry((label.as_str().is_empty(), shown)).or_insert(id);
        }
        values.into_iter().map(|((_, text), id)| (id, text)).collect()
    }

    fn labels(&self) -> impl Iterator<Item = &'a Label> {
        let rows = self.by_value.iter().flat_map(|rows| rows.values());
        rows.filter_map(|rows| rows.first().map(|row| &row.sub))
    }

    /// Whether it is known how many different people those are.
    pub(in crate::report::modules) fn knows_people(&self, who: Who) -> bool {
        !self.is_wider || (who == Who::All && self.only.is_none())
    }

    /// The rows of a measure about a feature (0: any visit; of funnels, the funnel).
    pub(in crate::report::modules) fn rows(&self, measure: usize, of: i64, who: Who) -> &[&'a Row] {
        let (table, sub) = match (who, self.only) {
            (Who::All, None) => (&self.everyone, 0),
            (Who::All, Some(only)) => (&self.by_value, only),
            (Who::Value(sub), _) => (&self.by_value, sub),
        };
        let rows = table.get(measure).and_then(|rows| rows.get(&(of, sub)));
        rows.map_or(&[], Vec::as_slice)
    }

    /// The rows of a measure about anything, of those who are meant.
    pub(in crate::report::modules) fn all(&self, measure: usize, who: Who) -> Vec<&'a Row> {
        let (table, wanted) = match (who, self.only) {
            (Who::All, None) => (&self.everyone, 0),
            (Who::All, Some(only)) => (&self.by_value, only),
            (Who::Value(sub), _) => (&self.by_value, sub),
        };
        let rows = table.get(measure).into_iter().flatten();
        rows.filter(|((_, sub), _)| *sub == wanted).flat_map(|(_, rows)| rows.clone()).collect()
    }

    /// Whether the question is about that value, among others or alone.
    pub(in crate::report::modules) fn is_of(&self, value: i64) -> bool {
        self.only.is_none_or(|only| only == value)
    }

    /// A figure of those rows added up.
    pub(in crate::report::modules) fn sum(
        &self,
        measure: usize,
        of: i64,
        who: Who,
        column: &str,
    ) -> i64 {
        let Some(shape) = self.measures.get(measure).map(|it| it.shape) else { return 0 };
        total(shape, self.rows(measure, of, who).iter().copied())[shape.at(column)]
    }

    /// How often each leaf was counted.
    pub(in crate::report::modules) fn leaves(
        &self,
        measure: usize,
        of: i64,
        who: Who,
    ) -> BTreeMap<i64, i64> {
        let mut counts = BTreeMap::new();
        for row in self.rows(measure, of, who) {
            let count: &mut i64 = counts.entry(row.leaf.id).or_default();
            *count = count.saturating_add(row.figures[0]);
        }
        counts
    }
}

/// Rows by feature, and by the number that their value of the audience is known by.
fn by_feature<'a>(rows: &[&'a Row], number: impl Fn(&Label) -> i64) -> ByFeature<'a> {
    let mut found = ByFeature::new();
    for row in rows {
        found.entry((row.value.id, number(&row.sub))).or_default().push(*row);
    }
    found
}

/// A value as it is shown: both of a pair, in the order of the question.
fn shown(label: &Label, told: Told, language: Language) -> String {
    let or_not_told = |text: &str| {
        if text.is_empty() { not_told(language).to_owned() } else { text.to_owned() }
    };
    match label.as_str().split_once(subject::PAIR) {
        None => or_not_told(label.as_str()),
        Some((one, other)) => {
            let (first, second) = if told.turned { (other, one) } else { (one, other) };
            [or_not_told(first), or_not_told(second)].join(BESIDE)
        }
    }
}
