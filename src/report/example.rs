//! A small rollup made by hand, for tests of reports.

use std::sync::Arc;

use super::{
    need::{Label, Need, Row},
    params::Params,
    plan::{Found, plan},
    table::{Answer, Table},
    tables::tables,
};
use crate::{
    rollup::Shape,
    site::{Dimension, Goal, Register, Scope, Site},
};

/// 2026-03-31 in Paris.
pub(super) const NOW: i64 = 1_774_909_800;

pub(super) fn params(query: &str) -> Params {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    Params::new(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())))
}

/// A site in Paris with one goal and two dimensions.
pub(super) fn site(id: u32) -> Site {
    let dimension =
        |id, scope| Dimension { id, name: String::new(), scope, index: id, active: true };
    Site {
        id,
        goals: vec![Goal::by_hand(1, "Copie rendue")],
        dimensions: vec![dimension(1, Scope::Visit), dimension(2, Scope::Action)],
        ..Site::example()
    }
}

/// A question about site 1 and the rows that are there for it.
#[derive(Clone)]
pub(super) struct Example {
    site: Arc<Site>,
    query: String,
    rows: Vec<(Option<usize>, Shape, Row)>,
}

/// Figures by column name.
pub(super) type Named<'a> = &'a [(&'a str, i64)];

impl Example {
    /// The rest of a query; site 1 and 2026-03-02 unless it says otherwise.
    pub(super) fn new(query: &str) -> Self {
        Self { site: Arc::new(site(1)), query: query.to_owned(), rows: Vec::new() }
    }

    /// The same about a site of that register.
    pub(super) fn with(self, register: Register) -> Self {
        let site = Site { register: Arc::new(register), ..site(1) };
        Self { site: Arc::new(site), ..self }
    }

    /// The last row comes back for that part of the period.
    pub(super) fn in_part(mut self, part: usize) -> Self {
        if let Some((_, _, row)) = self.rows.last_mut() {
            row.period = part;
        }
        self
    }

    /// Why the question is not answered.
    pub(super) fn refusal(&self) -> String {
        match plan(self.params(), &[Arc::clone(&self.site)], NOW) {
            Ok(_) => String::new(),
            Err(refusal) => refusal.message,
        }
    }

    /// A row for the need at that place.
    pub(super) fn row(
        mut self,
        need: usize,
        shape: Shape,
        labels: [Label; 3],
        named: Named<'_>,
    ) -> Self {
        let [value, sub, leaf] = labels;
        let mut row = Row { value, sub, leaf, ..Row::default() };
        for (name, figure) in named {
            row.figures[shape.at(name)] = *figure;
        }
        self.rows.push((Some(need), shape, row));
        self
    }

    /// A row of visits by a number or by a text.
    pub(super) fn visit(self, need: usize, id: i64, text: &str, named: Named<'_>) -> Self {
        let value = if text.is_empty() { Label::number(id) } else { Label::text(id, text) };
        self.row(need, Shape::Visit, [value, Label::default(), Label::default()], named)
    }

    /// A row of visits that comes back for that period of the first need.
    pub(super) fn visit_in(self, period: usize, id: i64, named: Named<'_>) -> Self {
        let mut example = self.visit(0, id, "", named);
        if let Some((_, _, row)) = example.rows.last_mut() {
            row.period = period;
        }
        example
    }

    /// A row of an action by its text.
    pub(super) fn action(self, id: i64, text: &str, named: Named<'_>) -> Self {
        let labels = [Label::text(id, text), Label::default(), Label::default()];
        self.row(0, Shape::Action, labels, named)
    }

    /// A row of an event by category, action and name.
    pub(super) fn event(self, words: [&str; 3], named: Named<'_>) -> Self {
        let labels = words.map(|word| Label::text(i64::from(!word.is_empty()), word));
        self.row(0, Shape::Event, labels, named)
    }

    fn params(&self) -> Params {
        let defaults = params("idSite=1&date=2026-03-02&period=day&format=json");
        params(&self.query).or(defaults)
    }

    pub(super) fn answer(&self) -> Answer {
        let (plan, found) = self.plan();
        tables(&plan, &found).unwrap()
    }

    /// The body as text.
    pub(super) fn body(&self) -> String {
        let (plan, found) = self.plan();
        String::from_utf8(super::answer(&plan, &found).body).unwrap()
    }

    fn plan(&self) -> (super::Plan, Vec<Found>) {
        let plan = plan(self.params(), &[Arc::clone(&self.site)], NOW).unwrap();
        let asks = plan.parts.first().map_or(0, |part| part.asks.len());
        let mut found: Found = vec![Vec::new(); asks];
        for (need, shape, row) in &self.rows {
            let need = need.unwrap_or_default();
            if let Need::Rollup { shape: asked, .. } = plan.parts[0].asks[need].need {
                assert_eq!(asked, *shape, "a row of another table");
            }
            found[need].push(row.clone());
        }
        (plan, vec![found])
    }

    pub(super) fn table(self) -> Table {
        self.answer().table().unwrap()
    }
}
