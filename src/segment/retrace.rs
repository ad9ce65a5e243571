//! Events that were kept → the rollups of the visits that a segment selects.

use std::collections::{HashMap, HashSet};

use foldhash::fast::FixedState;

use super::{Segment, seen::Seen};
use crate::{
    rollup::Delta,
    session::{Member, Placed, Sessions, Step},
    site::{DayNumber, Site},
    strip::{Event, Period},
};

/// The visits of a day that are in the segment.
type Chosen = HashSet<(DayNumber, Placed), FixedState>;

/// What the visits of a segment add up to.
///
/// `steps` are all events of the visits in question in the order they were counted. Distinct
/// visitors of weeks and months are counted among `sessions`, which may be carried from one day to
/// the next; visits of earlier days in it are let go of.
pub fn retrace(segment: &Segment, site: &Site, steps: &[&Step], sessions: &mut Sessions) -> Delta {
    let chosen = chosen(segment, site, steps);
    let delta = tally(steps, &chosen, sessions);
    sessions.forget_days();
    delta
}

/// The same with whom the visits count as in their weeks and months, one by one.
#[derive(Default)]
pub struct Share {
    pub rows: Delta,
    /// One for each visit and period.
    pub visitors: Vec<(Period, u64)>,
    /// One for each user of a visit and period.
    pub users: Vec<(Period, u64)>,
}

impl Share {
    /// What the visits of a segment add up to, among `steps`.
    pub fn of(segment: &Segment, site: &Site, steps: &[&Step]) -> Self {
        let chosen = chosen(segment, site, steps);
        let mut share =
            Self { rows: tally(steps, &chosen, &mut Sessions::default()), ..Self::default() };
        let mut opened = HashSet::<_, FixedState>::default();
        let mut users = HashSet::<_, FixedState>::default();
        for step in steps.iter().filter(|step| is_in(&chosen, step)) {
            let visit = (step.event.day, step.placed);
            let opens = opened.insert(visit);
            for member in Member::of(&step.event) {
                if opens {
                    share.visitors.push((member.period, member.visitor));
                }
                if let Some(user) = member.user
                    && users.insert((visit, member.period, user))
                {
                    share.users.push((member.period, user));
                }
            }
        }
        share
    }
}

fn is_in(chosen: &Chosen, step: &Step) -> bool {
    chosen.contains(&(step.event.day, step.placed))
}

fn tally(steps: &[&Step], chosen: &Chosen, sessions: &mut Sessions) -> Delta {
    let mut delta = Delta::default();
    for step in steps.iter().filter(|step| is_in(chosen, step)) {
        if let Some(change) = sessions.retrace(&step.event, step.placed) {
            delta.tally(&change);
        }
    }
    delta
}

/// Makes all visits anew and looks at each.
fn chosen(segment: &Segment, site: &Site, steps: &[&Step]) -> Chosen {
    let mut sessions = Sessions::default();
    let mut events: HashMap<(DayNumber, Placed), Vec<&Event>, FixedState> = HashMap::default();
    for step in steps {
        sessions.retrace(&step.event, step.placed);
        events.entry((step.event.day, step.placed)).or_default().push(&step.event);
    }
    let matching = events.into_iter().filter(|((day, placed), events)| {
        let visit = sessions.visit(site.id, *day, *placed);
        visit.is_some_and(|visit| segment.matches(&Seen { site, visit, events }))
    });
    matching.map(|(key, _)| key).collect()
}
