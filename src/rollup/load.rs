//! How long pages took to load.

use super::{
    delta::Delta,
    shape::{Shape, subject},
    tally::key,
};
use crate::{
    session::Change,
    strip::{Action, Text, Timings},
};

/// Phases that a page's loading has, the whole beside them.
pub const LOAD_PHASES: usize = 6;
/// The place of all phases together among those of `Shape::Load`.
pub const WHOLE_LOAD: usize = LOAD_PHASES;

/// The places of a phase's two figures: how often and milliseconds in `Shape::Load`, least and most in
/// `Shape::LoadBounds`. Phases are counted from 0 in the order of `strip::Timings`.
pub const fn load_places(phase: usize) -> [usize; 2] {
    [2 * phase, 2 * phase + 1]
}

impl Delta {
    /// Adds what an event tells of its page's loading; what the view told already is replaced.
    pub(super) fn load(&mut self, change: &Change<'_>) {
        let Some(told) = change.event.timings.as_deref() else { return };
        let id = |text: &Option<Text>| text.as_ref().map_or(0, |text| text.id);
        let (url, title) = match &change.event.action {
            Action::Page { url, title } => (id(url), id(title)),
            _ => (id(&change.event.page), change.visit.facts.exit.title.unwrap_or_default()),
        };
        let before = change.moved.loaded_before.unwrap_or_default();
        let phases = phases(&before, told);
        for (subject, value) in
            [(subject::TOTAL, 0), (subject::PAGE_URL, url), (subject::PAGE_TITLE, title)]
        {
            let mut row = self.row(key(change, Shape::Load, subject, value, 0, 0));
            for (phase, was, is) in &phases {
                let [n, sum] = load_places(*phase);
                row.add(n, i64::from(was.is_none())).add(sum, is - was.unwrap_or_default());
            }
            if subject == subject::TOTAL {
                continue;
            }
            let mut row = self.row(key(change, Shape::LoadBounds, subject, value, 0, 0));
            for (phase, _, is) in phases.iter().filter(|(phase, ..)| *phase != WHOLE_LOAD) {
                let [least, most] = load_places(*phase);
                row.add(least, *is).add(most, *is);
            }
        }
    }
}

/// Each phase that is told now: its place, what was told of it before, and what is; the whole at the end.
fn phases(before: &Timings, told: &Timings) -> Vec<(usize, Option<i64>, i64)> {
    let whole = |phases: &Timings| {
        phases.iter().flatten().map(|it| i64::from(*it)).reduce(|sum, it| sum + it)
    };
    let each = before.iter().zip(told).map(|(was, is)| (was.map(i64::from), is.map(i64::from)));
    let all = each.chain([(whole(before), whole(told))]).enumerate();
    all.filter_map(|(phase, (was, is))| Some((phase, was, is?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_of_the_columns() {
        let phases = [
            "network",
            "server",
            "transfer",
            "dom_processing",
            "dom_completion",
            "on_load",
            "whole",
        ];
        for (phase, name) in phases.iter().enumerate() {
            assert_eq!(Shape::Load.at(&format!("{name}_n")), load_places(phase)[0]);
            assert_eq!(Shape::Load.at(name), load_places(phase)[1]);
        }
        for (phase, name) in phases.iter().enumerate().take(LOAD_PHASES) {
            assert_eq!(Shape::LoadBounds.at(&format!("{name}_least")), load_places(phase)[0]);
            assert_eq!(Shape::LoadBounds.at(&format!("{name}_most")), load_places(phase)[1]);
        }
        assert_eq!(phases.len(), WHOLE_LOAD + 1);
    }

    #[test]
    fn what_is_told_again_is_replaced() {
        let view = [None, Some(120), Some(30), None, None, None];
        let again = [None, Some(120), Some(30), Some(200), None, Some(10)];
        assert_eq!(
            phases(&[None; LOAD_PHASES], &view),
            [(1, None, 120), (2, None, 30), (WHOLE_LOAD, None, 150)]
        );
        assert_eq!(
            phases(&view, &again),
            [
                (1, Some(120), 120),
                (2, Some(30), 30),
                (3, None, 200),
                (5, None, 10),
                (WHOLE_LOAD, Some(150), 360)
            ]
        );
    }
}
