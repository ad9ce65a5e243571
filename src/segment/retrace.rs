//! Events that were kept → the rollups of the visits that a segment selects.

use std::collections::{HashMap, HashSet};

use foldhash::fast::FixedState;

use super::{Segment, seen::Seen};
use crate::{
    rollup::Delta,
    session::{Member, Placed, Sessions, Step},
    site::{DayNumber, Site},
    strip::{Event, Period, Policy},
};

/// A visit of a day.
type Visited = (DayNumber, Placed);
type Chosen = HashSet<Visited, FixedState>;

/// Visits made anew from their events.
#[derive(Default)]
pub struct Course<'a> {
    steps: Vec<&'a Step>,
    sessions: Sessions,
    events: HashMap<Visited, Vec<&'a Event>, FixedState>,
}

/// What visits come to, with whom they count as in their weeks and months, one by one.
#[derive(Default)]
pub struct Share {
    pub rows: Delta,
    /// One for each visit and period.
    pub visitors: Vec<(Period, u64)>,
    /// One for each user of a visit and period.
    pub users: Vec<(Period, u64)>,
}

/// What the visits of a segment add up to.
///
/// `steps` are all events of the visits in question in the order they were counted. Distinct
/// visitors of weeks and months are counted among `sessions`, which may be carried from one day to
/// the next; visits of earlier days in it are let go of.
pub fn retrace(segment: &Segment, site: &Site, steps: &[Step], sessions: &mut Sessions) -> Delta {
    let mut course = Course::default();
    course.extend(steps);
    let delta = course.tally(&course.chosen(segment, site), site, sessions);
    sessions.forget_days();
    delta
}

impl<'a> Course<'a> {
    /// Lets events happen, in the order they were counted.
    pub fn extend(&mut self, steps: impl IntoIterator<Item = &'a Step>) {
        for step in steps {
            self.sessions.retrace(&step.event, step.placed);
            self.events.entry((step.event.day, step.placed)).or_default().push(&step.event);
            self.steps.push(step);
        }
    }

    /// What the visits of a segment come to.
    pub fn share(&self, segment: &Segment, site: &Site) -> Share {
        let chosen = self.chosen(segment, site);
        if chosen.is_empty() {
            return Share::default();
        }
        let rows = self.tally(&chosen, site, &mut Sessions::default());
        let mut share = Share { rows, ..Share::default() };
        let mut users = HashSet::<_, FixedState>::default();
        for visit in &chosen {
            let events = self.events.get(visit).map_or(&[][..], Vec::as_slice);
            let opening = events.first().map(|event| Member::of(event));
            share.visitors.extend(opening.into_iter().flatten().map(|it| (it.period, it.visitor)));
            users.clear();
            let members = events.iter().flat_map(|event| Member::of(event));
            users.extend(members.filter_map(|it| Some((it.period, it.user?))));
            share.users.extend(users.iter().copied());
        }
        share
    }

    fn chosen(&self, segment: &Segment, site: &Site) -> Chosen {
        let matching = self.events.iter().filter(|((day, placed), events)| {
            let visit = self.sessions.visit(site.id, *day, *placed);
            visit.is_some_and(|visit| segment.matches(&Seen { site, visit, events }))
        });
        matching.map(|(visit, _)| *visit).collect()
    }

    fn tally(&self, chosen: &Chosen, site: &Site, sessions: &mut Sessions) -> Delta {
        let mut delta = Delta::default();
        let transitions = Policy::named(site.policy).transitions;
        let mine = |step: &&&Step| chosen.contains(&(step.event.day, step.placed));
        for step in self.steps.iter().filter(mine) {
            if let Some(change) = sessions.retrace(&step.event, step.placed) {
                delta.tally(&change);
                if transitions {
                    delta.transitions(&change);
                }
            }
        }
        delta
    }
}
