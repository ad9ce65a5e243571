//! The line: identifiers come in, none go out.
//!
//! [`strip`] takes an [`Arrival`] by value and gives back an [`Event`] that has no word for an
//! address, an agent or an id, or the reason why nothing may be kept. What a site keeps beyond that
//! is its [`Policy`]: a list of named steps, nothing else asks which policy it is.

mod device;
mod draft;
mod event;
mod exclude;
mod feature;
mod former;
mod goal;
mod page;
mod place;
mod policy;
mod pseudonym;
mod referrer;
mod rules;
mod scrub;

pub use device::{Agents, Device};
pub use event::{
    Action, DimensionValue, Dropped, Event, FeatureHit, FunnelMark, GoalHit, Record, Referrer,
    ReferrerKind, Returned, Setting, Text, Timings, UserKeys, Who, Years,
};
pub use former::Former;
pub use place::Countries;
pub use policy::{Policy, Step};
pub use pseudonym::{Period, PeriodKeys, SecretKey};
pub use rules::Rules;

use crate::{
    collect::{Arrival, ComingBack, Invalid, Tracked},
    site::{self, DayNumber},
};

/// The patterns of uap-core (Apache-2.0) that recognise browsers and systems.
pub const PATTERNS: &str = include_str!(concat!(env!("OUT_DIR"), "/regexes.yaml"));

/// What is known of agents and addresses, loaded once.
pub struct Atlas {
    pub agents: Agents,
    pub countries: Countries,
}

/// What a hit became.
pub enum Outcome {
    /// To be written.
    Kept(Box<Event>, Years),
    /// Not to be written, only counted, on the day it happened.
    Dropped(DayNumber, Dropped),
    /// A device told whether it was used before: counted by itself, it is no part of a visit.
    Returned(DayNumber, Returned),
}

/// Takes the identifiers out of a hit.
///
/// `keys` gives the secret keys of the periods that a day lies in; `None` when they
/// could not be had, and then nothing is kept.
///
/// # Errors
/// What Matomo answers with status 400 once the site is known.
pub fn strip(
    arrival: Arrival,
    rules: &Rules,
    atlas: &Atlas,
    keys: impl FnOnce(DayNumber) -> Option<PeriodKeys>,
) -> Result<Option<Outcome>, Invalid> {
    let (day, _) = site::day_and_hour(arrival.time(), rules.zone());
    let device = atlas.agents.look_up(arrival.agent(), arrival.hints());
    if let Some(reason) = exclude::reason(&arrival, rules, &device) {
        return Ok(Some(Outcome::Dropped(day, reason)));
    }
    if let Some(told) = arrival.hit().coming_back
        && arrival.hit().tracked == Tracked::Ping
    {
        return Ok(Some(Outcome::Returned(day, told.into())));
    }
    let mut draft = match draft::Draft::new(&arrival, rules, atlas, device)? {
        Ok(draft) => draft,
        Err(reason) => return Ok(Some(Outcome::Dropped(day, reason))),
    };
    let policy = rules.policy();
    for step in policy.steps {
        (step.run)(&mut draft, rules);
    }
    let hour = site::reported_hour(arrival.time(), day, rules.zone());
    let Some(keys) = keys(day) else { return Ok(None) };
    let (who, years) = pseudonym::who(&arrival, rules.site(), &keys, policy, &draft);
    let event = draft.into_event(&arrival, rules, day, hour, who);
    Ok(Some(Outcome::Kept(Box::new(event), years)))
}

impl Returned {
    /// The least of each bucket of weeks, and of days.
    pub const WEEKS: [u8; 9] = ComingBack::WEEKS;
    pub const DAYS: [u8; 5] = ComingBack::DAYS;
}

impl From<ComingBack> for Returned {
    fn from(told: ComingBack) -> Self {
        let ComingBack { weeks, days, first_of_week, first_of_month, first_of_school_year } = told;
        Self { weeks, days, first_of_week, first_of_month, first_of_school_year }
    }
}
