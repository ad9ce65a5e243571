//! Events → visits: open, continue; entry, exit, bounce, length.
//!
//! The rules are Matomo's, with one in place of its joining by fingerprint: where the client sends
//! an id, it alone decides who is who; a hit without one joins the open visit of its fingerprint if
//! there is exactly one. Nothing here asks for the time: an event says when it happened, so that
//! replaying a journal gives the same visits.

mod absorb;
mod attendance;
mod dimension;
mod habit;
mod people;
mod placed;
mod sketch;
mod take;
mod thing;
mod used;
mod visit;

use std::collections::HashMap;

use foldhash::fast::FixedState;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

pub use absorb::{Among, Change, Moved, Regular};
pub use attendance::{Came, Whose};
pub use dimension::{Dimension, Told};
pub use habit::Gained;
pub use people::People;
pub use placed::{Member, Placed};
pub use sketch::Sketch;
pub use thing::Thing;
pub use used::{Cell, Cells, Used, UsedFeature, pair_label};
pub use visit::{Conversion, Exit, Facts, PageHits, Visit};

use crate::{
    site::{DayNumber, SiteId},
    strip::{Event, Period},
};

/// Seconds without a hit after which a visit is over.
pub const VISIT_GAP: i64 = 1_800;

/// A map whose order does not depend on the run.
type Map<K, V> = HashMap<K, V, FixedState>;

/// All visits that a hit may still change, and the visitors of periods that are not over.
#[derive(Default)]
pub struct Sessions {
    pub days: Days,
    pub people: People,
}

/// The visits of days that are not over.
#[derive(Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Days(Map<(SiteId, DayNumber), Day>);

/// An event with the visit it went to: what is kept of `complete` sites.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    pub placed: Placed,
    pub event: Event,
}

impl Step {
    /// An event in its visit, without what nobody asks again: the fingerprint, the pseudonyms of years and
    /// the names of what was dropped.
    pub fn new(placed: Placed, mut event: Event) -> Self {
        event.who.fingerprint = 0;
        event.dropped.clear();
        event.years = None;
        Self { placed, event }
    }
}

/// The visitors of one site's day. Keys are pseudonyms of the day's secret key.
#[derive(Default, Serialize, Deserialize)]
struct Day {
    visitors: Map<u64, Vec<Visit>>,
    /// Fingerprint → visitors whose hits carried it, and whether an id tells who they are.
    prints: Map<u64, SmallVec<[(u64, bool); 2]>>,
    /// User → visitors that carried it.
    users: Map<u64, SmallVec<[u64; 2]>>,
}

impl Sessions {
    /// A visit by its place, if there is one.
    pub fn visit(&self, site: SiteId, day: DayNumber, placed: Placed) -> Option<&Visit> {
        let visits = self.days.0.get(&(site, day))?.visitors.get(&placed.visitor)?;
        visits.iter().find(|it| it.facts.number == placed.number)
    }

    /// Lets go of everything that was kept under a secret key, which has just been destroyed.
    pub fn forget(&mut self, site: SiteId, period: Period) {
        match period {
            Period::Day(day) => drop(self.days.0.remove(&(site, day))),
            _ => self.people.forget(site, period),
        }
    }

    /// Lets go of all visits; visitors of longer periods stay known.
    pub fn forget_days(&mut self) {
        self.days = Days::default();
    }

    /// Every period something is kept for.
    pub fn kept(&self) -> Vec<(SiteId, Period)> {
        let days = self.days.0.keys().map(|(site, day)| (*site, Period::Day(*day)));
        days.chain(self.people.kept()).collect()
    }
}
