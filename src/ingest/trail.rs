//! What the visitors of a site's day did, as long as the day's key lives.

use std::collections::{BTreeSet, HashMap};

use foldhash::fast::FixedState;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::{journal::Position, session::Step};

/// Events of a visitor's day that are looked at; what comes on top is no person, and not in any
/// segment.
const MOST_STEPS: usize = 5_000;
/// A user id that more visitors share than this tells nothing of who is who; it is not counted.
pub(super) const MOST_KIN: usize = 32;

/// One site's day.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Trail {
    visitors: HashMap<u64, Walk, FixedState>,
    /// User → visitors.
    pub(super) users: HashMap<u64, SmallVec<[u64; 2]>, FixedState>,
}

/// The events of one visitor's day, written one after the other: most of them are never looked at
/// again.
#[derive(Default, Serialize, Deserialize)]
struct Walk {
    count: usize,
    bytes: Vec<u8>,
}

/// An event and where its frame begins in the journal.
#[derive(Serialize, Deserialize)]
pub(super) struct Mark {
    pub(super) at: Position,
    pub(super) step: Step,
}

impl Walk {
    fn marks(&self) -> Vec<Mark> {
        let mut marks = Vec::with_capacity(self.count);
        let mut rest = self.bytes.as_slice();
        while let Ok((mark, after)) = postcard::take_from_bytes::<Mark>(rest) {
            marks.push(mark);
            rest = after;
        }
        marks
    }

    fn add(&mut self, mark: &Mark) {
        if self.count < MOST_STEPS {
            // Writing into memory does not fail.
            let bytes = std::mem::take(&mut self.bytes);
            self.bytes = postcard::to_extend(mark, bytes).unwrap_or_default();
            self.count += 1;
        }
    }
}

impl Trail {
    pub(super) fn note(&mut self, mark: &Mark) {
        let visitor = mark.step.placed.visitor;
        self.visitors.entry(visitor).or_default().add(mark);
        if let Some(user) = mark.step.event.who.user {
            let visitors = self.users.entry(user.day).or_default();
            if visitors.len() <= MOST_KIN && !visitors.contains(&visitor) {
                visitors.push(visitor);
            }
        }
    }

    /// The visitors whose part may change with new events: their own, and those of everybody whose
    /// visits share a user with theirs, and so on.
    pub(super) fn touched_by(&self, marks: &[Mark]) -> BTreeSet<u64> {
        let mut visitors = BTreeSet::new();
        let mut open = Vec::new();
        for mark in marks {
            let own = std::iter::once(mark.step.placed.visitor);
            open.extend(own.chain(self.kin(mark)).filter(|it| visitors.insert(*it)));
        }
        while let Some(visitor) = open.pop() {
            for mark in self.visitors.get(&visitor).map(Walk::marks).unwrap_or_default() {
                open.extend(self.kin(&mark).filter(|it| visitors.insert(*it)));
            }
        }
        visitors
    }

    /// Visitors that carried the user of an event; none where too many do.
    fn kin(&self, mark: &Mark) -> impl Iterator<Item = u64> {
        let kin = mark.step.event.who.user.and_then(|user| self.users.get(&user.day));
        kin.filter(|kin| kin.len() <= MOST_KIN).into_iter().flatten().copied()
    }

    /// Whether a user may be shared by too many with these events, so that it ties nobody any more.
    pub(super) fn may_knot(&self, fresh: &[Mark]) -> bool {
        let mut carried = HashMap::<u64, BTreeSet<u64>, FixedState>::default();
        for mark in fresh {
            if let Some(user) = mark.step.event.who.user {
                carried.entry(user.day).or_default().insert(mark.step.placed.visitor);
            }
        }
        carried.into_iter().any(|(user, visitors)| {
            let known = self.users.get(&user).map_or(0, SmallVec::len);
            known <= MOST_KIN && known + visitors.len() > MOST_KIN
        })
    }

    /// Everything the visitors did, without users that would tie everybody to everybody.
    pub(super) fn marks(&self, visitors: &BTreeSet<u64>) -> Vec<Mark> {
        let walks = visitors.iter().filter_map(|it| self.visitors.get(it));
        let mut marks: Vec<Mark> = walks.flat_map(Walk::marks).collect();
        for mark in &mut marks {
            let user = &mut mark.step.event.who.user;
            let kin = user.and_then(|user| self.users.get(&user.day));
            if kin.is_some_and(|kin| kin.len() > MOST_KIN) {
                *user = None;
            }
        }
        marks
    }
}
