//! `segment=`: which visits a question is about.
//!
//! A segment selects whole visits, as in Matomo. [`Segment::parse`] reads the expression for a site
//! or says what is wrong with it; [`retrace()`] makes the rollups of the visits that match out of the
//! events that led to them, with the very code that counted them the first time.
//!
//! All conditions about actions must hold for one and the same action of the visit, and all about
//! goals for one and the same conversion: `pageUrl==a;pageUrl==b` finds nothing, as in Matomo. A
//! negated condition about actions means that no action of the visit is so.

mod compare;
mod crowd;
mod grammar;
mod kept;
mod names;
mod retrace;
mod seen;

#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;

pub use crowd::Crowd;
pub use grammar::{Operator, Wrong};
pub use kept::{FORM, Kept, read_back};
pub use names::{Name, names};
pub use retrace::{Course, Share, retrace};

use compare::Wanted;
use names::Field;
use seen::Seen;

use crate::{session::Conversion, site::Site, strip::Event};

/// A segment that can be asked of visits of one site.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    /// All must hold; of each, one condition.
    clauses: Vec<Vec<Condition>>,
}

#[derive(Clone, Debug, PartialEq)]
struct Condition {
    field: Field,
    operator: Operator,
    wanted: Wanted,
}

/// What a condition without actions and goals comes to.
enum Verdict {
    Holds,
    Fails,
    /// It depends on the action or the conversion looked at.
    Depends,
}

impl Segment {
    /// Reads a segment in the light of a site's dimensions.
    ///
    /// # Errors
    /// What is wrong with it, in the words of Matomo where it has any.
    pub fn parse(text: &str, site: &Site) -> Result<Self, Wrong> {
        let clauses = grammar::parse(text)?;
        let clauses = clauses.into_iter().map(|clause| {
            clause.into_iter().map(|written| Condition::new(&written, site)).collect()
        });
        Ok(Self { clauses: clauses.collect::<Result<_, _>>()? })
    }

    /// Whether a visit is in the segment.
    fn matches(&self, seen: &Seen<'_>) -> bool {
        let mut open: Vec<Vec<&Condition>> = Vec::new();
        for clause in &self.clauses {
            let mut depends = Vec::new();
            let mut holds = false;
            for condition in clause {
                match condition.of_visit(seen) {
                    Verdict::Holds => holds = true,
                    Verdict::Fails => (),
                    Verdict::Depends => depends.push(condition),
                }
            }
            if !holds {
                open.push(depends);
            }
        }
        open.is_empty()
            || rows(seen).any(|row| {
                open.iter().all(|clause| clause.iter().any(|condition| condition.of_row(seen, row)))
            })
    }
}

/// An action and a conversion of the visit; nothing where it has none.
type Row<'a> = (Option<&'a Event>, Option<&'a Conversion>);

/// Every pair of an action and a conversion, as the tables of Matomo are joined.
fn rows<'a>(seen: &Seen<'a>) -> impl Iterator<Item = Row<'a>> {
    let actions: Vec<Option<&Event>> = or_nothing(seen.actions().map(Some).collect());
    let mut conversions: Vec<&Conversion> = seen.visit.conversions.iter().collect();
    // Conversions of one goal have the same to tell.
    conversions.sort_unstable_by_key(|it| it.goal);
    conversions.dedup_by_key(|it| it.goal);
    let conversions = or_nothing(conversions.into_iter().map(Some).collect());
    let pair = move |action| conversions.clone().into_iter().map(move |it| (action, it));
    actions.into_iter().flat_map(pair)
}

fn or_nothing<T>(rows: Vec<Option<T>>) -> Vec<Option<T>> {
    if rows.is_empty() { vec![None] } else { rows }
}

impl Condition {
    fn new(written: &grammar::Written, site: &Site) -> Result<Self, Wrong> {
        let field = names::field(&written.name, site)?;
        let value = match field.is_page_address() {
            true => seen::bare(&written.value),
            false => &written.value,
        };
        let wanted = Wanted::new(value, field.is_exact());
        Ok(Self { field, operator: written.operator, wanted })
    }

    /// The operator without its "not", where it has one that spans the visit.
    fn denied(&self) -> Option<Operator> {
        match self.operator {
            Operator::NotEqual if !self.wanted.is_empty() => Some(Operator::Equal),
            Operator::ContainsNot => Some(Operator::Contains),
            _ => None,
        }
    }

    fn of_visit(&self, seen: &Seen<'_>) -> Verdict {
        let holds = match (self.field, self.denied()) {
            (Field::Visit(field), _) => self.wanted.holds(self.operator, &seen.of_visit(field)),
            (_, None) => return Verdict::Depends,
            (_, Some(operator)) => {
                let positive = Self { operator, ..self.clone() };
                !rows(seen).any(|row| positive.of_row(seen, row))
            }
        };
        if holds { Verdict::Holds } else { Verdict::Fails }
    }

    fn of_row(&self, seen: &Seen<'_>, (action, conversion): Row<'_>) -> bool {
        let datum = match self.field {
            Field::Visit(field) => seen.of_visit(field),
            Field::Action(field) => {
                action.map_or(compare::Datum::Nothing, |it| seen::of_action(field, it))
            }
            Field::Conversion(field) => {
                conversion.map_or(compare::Datum::Nothing, |it| seen.of_conversion(field, it))
            }
        };
        self.wanted.holds(self.operator, &datum)
    }
}
