//! Numbers for what is declared: what stays keeps its own, what is new gets one that nothing had.

use super::{
    file::File,
    problem::{Entry, Fault, Problem},
};
use crate::site::{Audience, Cut, DayNumber, Feature, Funnel, Given, Pair, Register, Rule};

/// The register that a checked file makes of the one before it. What counts differently from now on
/// begins today.
pub(super) fn numbered(
    old: &Register,
    file: &File,
    today: DayNumber,
) -> Result<Register, Vec<Problem>> {
    let mut numbers = Numbers { given: old.given, problems: Vec::new() };
    let mut new = Register::default();
    for wanted in &file.features {
        let known = old.feature_of_key(&wanted.key);
        let same = known.filter(|it| same_rules(&it.rules, &wanted.rules));
        new.features.push(Feature {
            id: known.map_or_else(|| numbers.feature(), |it| it.id),
            key: wanted.key.clone(),
            name: wanted.name.clone(),
            group: wanted.group.clone(),
            owner: wanted.owner.clone(),
            description: wanted.description.clone(),
            released: wanted.released,
            rules: wanted.rules.clone(),
            since: same.map_or(today, |it| it.since),
        });
    }
    for wanted in &file.audiences {
        let large = wanted.kind.is_large();
        let known = old.audience(&wanted.key).map(|it| it.cut);
        let entry = Entry::Audience(wanted.key.clone());
        new.audiences.push(Audience {
            cut: numbers.cut(known, large, wanted.line, entry),
            key: wanted.key.clone(),
            name: wanted.name.clone(),
            kind: wanted.kind,
            dimension: wanted.dimension,
            values: wanted.values.clone(),
        });
    }
    for wanted in &file.pairs {
        let [first, second] = &wanted.of;
        let large = file.is_large(first) || file.is_large(second);
        let known = old.pair(first, second);
        // Rows of a pair hold its values in the order in which it was first declared.
        let of = known.map_or_else(|| wanted.of.clone(), |it| it.of.clone());
        let entry = Entry::Pair(wanted.of.join(", "));
        let cut = numbers.cut(known.map(|it| it.cut), large, wanted.line, entry);
        new.pairs.push(Pair { cut, of });
    }
    for wanted in &file.funnels {
        let same = old.funnel(&wanted.key).filter(|it| it.steps == wanted.steps);
        let entry = Entry::Funnel(wanted.key.clone());
        new.funnels.push(Funnel {
            id: same.map_or_else(|| numbers.funnel(wanted.line, entry), |it| it.id),
            key: wanted.key.clone(),
            name: wanted.name.clone(),
            steps: wanted.steps.clone(),
            since: same.map_or(today, |it| it.since),
        });
    }
    new.given = numbers.given;
    if numbers.problems.is_empty() { Ok(new) } else { Err(numbers.problems) }
}

/// Whether rules take the same hits; their order does not count.
pub(super) fn same_rules(some: &[Rule], others: &[Rule]) -> bool {
    let within = |of: &[Rule], those: &[Rule]| of.iter().all(|it| those.contains(it));
    within(some, others) && within(others, some)
}

struct Numbers {
    given: Given,
    problems: Vec<Problem>,
}

impl Numbers {
    fn feature(&mut self) -> u32 {
        let id = self.given.feature;
        self.given.feature = id.saturating_add(1);
        id
    }

    fn funnel(&mut self, line: Option<usize>, entry: Entry) -> u16 {
        let id = self.given.funnel;
        match id.checked_add(1) {
            Some(next) => self.given.funnel = next,
            None => self.problems.push(Problem::new(line, entry, Fault::NoNumbersLeft)),
        }
        id
    }

    /// The number that an audience or a pair had, unless its rows are of other periods now.
    fn cut(&mut self, known: Option<u8>, large: bool, line: Option<usize>, entry: Entry) -> u8 {
        if let Some(known) = known.filter(|it| (*it >= Cut::LARGE) == large) {
            return known;
        }
        let (next, end, most) = if large {
            (&mut self.given.large_cut, Cut::END, Cut::END - Cut::LARGE)
        } else {
            (&mut self.given.cut, Cut::LARGE, Cut::LARGE - 1)
        };
        let cut = *next;
        if cut >= end {
            let fault = Fault::NoCutsLeft { large, most };
            self.problems.push(Problem::new(line, entry, fault));
        } else {
            *next = cut + 1;
        }
        cut
    }
}
