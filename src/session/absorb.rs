//! One event → which visit, and what changed.

use super::{
    Came, Cell, Cells, Dimension, Exit, Facts, Gained, Placed, Sessions, Thing, Used, VISIT_GAP,
    Visit, people::Did, placed::Past, thing::mix, visit::Conversion,
};
use crate::{
    site::FeatureId,
    strip::{Action, Event, Period, ReferrerKind, Timings},
};

/// Visitors remembered under one fingerprint or user id, the latest ones: what is asked is only
/// whether exactly one of them is there now.
const MOST_KIN: usize = 32;

/// More actions than this start a new visit: no person does that.
const MOST_ACTIONS: i64 = 10_000;

/// What an event did to a visit.
pub struct Change<'a> {
    pub event: &'a Event,
    pub placed: Placed,
    /// The visit's facts before; `None`: it began with this event.
    pub before: Option<Facts>,
    pub visit: &'a Visit,
    /// The same visitor's other visits of the day.
    pub others: Vec<&'a Visit>,
    /// Other visits of the day with the same user id.
    pub same_user: Vec<&'a Visit>,
    pub moved: Moved,
    /// New visitors and users of the week, the month and the years.
    pub grown: Vec<(Period, i64, i64)>,
    /// New visitors of these periods among those of visits that told a value.
    pub among: Vec<Among>,
    /// Who came in the school year, by the day they had come before.
    pub came: Vec<Came>,
    /// Visitors of the week and the month that are new among those of visits of this kind (`true`:
    /// returning).
    pub of_kind: Vec<(Period, bool, i64)>,
    /// How the use of features became more regular.
    pub regular: Vec<Regular>,
}

/// Visitors of a period that are new among those of visits that told a value of a dimension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Among {
    pub period: Period,
    pub dimension: Dimension,
    pub value: i64,
    pub visitors: i64,
}

/// How the visitors of something changed in a week or a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Regular {
    pub period: Period,
    /// 0: any visit.
    pub feature: FeatureId,
    pub cell: Cell,
    pub gained: Gained,
}

/// What the event itself adds.
#[derive(Default)]
pub struct Moved {
    /// The event is a hit of the visit, not a ping.
    pub hit: bool,
    /// Seconds since the hit before, credited to where the visit was then.
    pub time: i64,
    pub from: Exit,
    /// What the visit met for the first time.
    pub firsts: Vec<Thing>,
    /// Conversions that this event made.
    pub conversions: Vec<Conversion>,
    /// Conversions before this event, with which a new page hit is combined.
    pub converted_before: usize,
    /// What the page's last view told of its loading, which this event tells anew.
    pub loaded_before: Option<Timings>,
    /// What was used before, where the event may have changed something about it.
    pub used_before: Option<Used>,
    /// Action dimensions whose time is known now: number, value, page, seconds.
    pub dimension_times: Vec<(u16, i64, i64, i64)>,
}

impl Sessions {
    /// Takes an event in. `None` where it changes nothing: a ping without a visit.
    pub fn absorb<'a>(&'a mut self, event: &'a Event) -> Option<Change<'a>> {
        let (visitor, place) = self.find(event);
        if place.is_none() && event.action.is_ping() {
            return None;
        }
        let grown = self.people.grow(event, place.is_none());
        let past = if place.is_none() { self.people.past(event) } else { None };
        let day = self.days.0.entry((event.site, event.day)).or_default();
        let visits = day.visitors.entry(visitor).or_default();
        let placed = match place.and_then(|place| visits.get(place)) {
            Some(visit) => visit.placed(visitor),
            None => {
                let number = i64::try_from(visits.len()).unwrap_or(i64::MAX).saturating_add(1);
                let past = past.or_else(|| Past::of(visits.iter().map(|it| it.facts.first)));
                Placed::beginning(visitor, number, grown.returning, past, event.time)
            }
        };
        self.happen(event, place, placed, grown.periods)
    }

    /// Takes an event in again, into the visit that it went to the first time: the same visits come
    /// out, also where only some of them are fed.
    pub fn retrace<'a>(&'a mut self, event: &'a Event, placed: Placed) -> Option<Change<'a>> {
        let day = self.days.0.get(&(event.site, event.day));
        let visits = day.and_then(|day| day.visitors.get(&placed.visitor));
        let place =
            visits.and_then(|visits| visits.iter().position(|it| it.facts.number == placed.number));
        let grown = self.people.grow(event, place.is_none());
        self.happen(event, place, placed, grown.periods)
    }

    /// Lets an event happen to the visit at its place among the visitor's, or open one.
    fn happen<'a>(
        &'a mut self,
        event: &'a Event,
        place: Option<usize>,
        placed: Placed,
        mut grown: Vec<(Period, i64, i64)>,
    ) -> Option<Change<'a>> {
        let visitor = placed.visitor;
        let day = self.days.0.entry((event.site, event.day)).or_default();
        let visits = day.visitors.entry(visitor).or_default();
        let (place, before) = match place {
            Some(place) => (place, visits.get(place).map(|visit| visit.facts.clone())),
            None => {
                // Most visitors come once a day, and a visit is large.
                visits.reserve_exact(1);
                visits.push(Visit::new(event, placed));
                (visits.len() - 1, None)
            }
        };
        let new_visit = before.is_none();
        let of_kind =
            if new_visit { self.people.of_kind(event, placed.returning) } else { Vec::new() };
        let visit = visits.get_mut(place)?;
        let moved = visit.take(event, !new_visit);
        let did = visit.did(event, before.as_ref());
        let regular = self.people.note_habits(event, placed, &did);
        let was = before.as_ref().map(Facts::told).unwrap_or_default();
        let mut told = visit.facts.told();
        told.retain(|it| !was.contains(it));
        let (among, came) = self.people.tell(event, (placed, new_visit), &told, &mut grown);
        if event.who.by_id || new_visit {
            note(&mut day.prints, event.who.fingerprint, (visitor, event.who.by_id));
        }
        if let Some(user) = event.who.user {
            note(&mut day.users, user.day, visitor);
        }
        let visits = day.visitors.get(&visitor)?;
        let visit = visits.get(place)?;
        let others =
            visits.iter().enumerate().filter(|(at, _)| *at != place).map(|(_, it)| it).collect();
        let user = visit.facts.user;
        let with_user = if user == 0 { None } else { day.users.get(&user) };
        let same_user =
            with_user.into_iter().flatten().filter_map(|key| day.visitors.get(key)).flatten();
        let same_user =
            same_user.filter(|it| it.facts.user == user && !std::ptr::eq(*it, visit)).collect();
        Some(Change {
            event,
            placed,
            before,
            visit,
            others,
            same_user,
            moved,
            grown,
            among,
            came,
            of_kind,
            regular,
        })
    }

    /// The visitor an event belongs to, and its visit among the visitor's, if it goes on.
    fn find(&self, event: &Event) -> (u64, Option<usize>) {
        let newcomer = if event.who.by_id { event.who.day } else { anonymous(event) };
        let Some(day) = self.days.0.get(&(event.site, event.day)) else {
            return (newcomer, None);
        };
        let open = |visitor: u64| {
            let visits = day.visitors.get(&visitor)?;
            let reached = visits
                .iter()
                .enumerate()
                .filter(|(_, visit)| visit.facts.last <= event.time + VISIT_GAP);
            let (place, visit) = reached.max_by_key(|(place, visit)| (visit.facts.last, *place))?;
            visit.facts.goes_on(event).then_some(place)
        };
        if event.who.by_id {
            return (event.who.day, open(event.who.day));
        }
        let seen = day.prints.get(&event.who.fingerprint).map_or(&[][..], |kin| kin.as_slice());
        let here: Vec<_> =
            seen.iter().filter_map(|(key, by_id)| Some((*key, open(*key)?, *by_id))).collect();
        match here.as_slice() {
            [(visitor, place, _)] => (*visitor, Some(*place)),
            // A class: hits without an id keep to the visit that has none either.
            _ => match here.iter().rev().find(|(_, _, by_id)| !by_id) {
                Some((visitor, place, _)) => (*visitor, Some(*place)),
                None => (newcomer, None),
            },
        }
    }
}

/// A visitor of whom no id tells: every visit is another one, because the fingerprint only joins
/// hits of a visit that is open.
fn anonymous(event: &Event) -> u64 {
    mix(event.who.day ^ mix(event.time.cast_unsigned()))
}

fn note<T: PartialEq>(index: &mut super::Map<u64, smallvec::SmallVec<[T; 2]>>, key: u64, visitor: T)
where
    [T; 2]: smallvec::Array<Item = T>,
{
    let visitors = index.entry(key).or_default();
    if !visitors.contains(&visitor) {
        if visitors.len() >= MOST_KIN {
            visitors.remove(0);
        }
        visitors.push(visitor);
    }
}

impl Facts {
    /// Whether an event continues this visit.
    fn goes_on(&self, event: &Event) -> bool {
        let other_campaign = event.referrer.as_ref().is_some_and(|from| {
            let told = from.keyword.as_ref().map_or(0, |keyword| keyword.id);
            // A campaign without a keyword of its own is the visit's, whatever host the link is from.
            let is_told = told != 0 && from.url.is_none();
            let keyword = if is_told { told } else { self.referrer_keyword };
            from.kind == ReferrerKind::Campaign
                && self.referrer != 1
                && (self.referrer, self.referrer_name, self.referrer_keyword)
                    != (from.kind as i64, from.name.id, keyword)
        });
        let in_time = self.last > event.time - VISIT_GAP;
        // A ping belongs to whatever visit is open.
        let forced = !event.action.is_ping() && (event.new_visit || other_campaign);
        in_time && !forced && self.actions < MOST_ACTIONS
    }
}

impl Visit {
    /// What the event adds to the visitor's habits, when it has happened.
    fn did(&self, event: &Event, before: Option<&Facts>) -> Vec<Did> {
        let mut did = Vec::new();
        if self.cuts.is_empty() {
            return did;
        }
        let cells = self.facts.cells(&self.cuts);
        let was = before.map(|facts| facts.cells(&self.cuts)).unwrap_or_default();
        let (stayed, new): (Cells, Cells) = cells.into_iter().partition(|cell| was.contains(cell));
        // A visit is a use of the whole: who made most of them is known by it.
        did.extend(new.iter().map(|cell| (0, *cell, 1, 0)));
        let whole = |millionths: i64| u32::try_from(millionths / 1_000_000).unwrap_or(u32::MAX);
        // Where the visit stands since now, all it used counts; elsewhere what is new.
        for feature in self.used.features.iter().filter(|_| !new.is_empty()) {
            let seconds = whole(feature.seconds());
            did.extend(new.iter().map(|cell| (feature.id, *cell, feature.uses, seconds)));
        }
        let seconds = match &event.action {
            Action::Event { value: Some(value), .. } => whole((*value).max(0)),
            Action::Attention(seconds) => *seconds,
            _ => 0,
        };
        for hit in event.features.iter().filter(|hit| self.used.feature(hit.id).is_some()) {
            did.extend(stayed.iter().map(|cell| (hit.id, *cell, u32::from(hit.used), seconds)));
        }
        did
    }

    /// Where events of this visit belong to.
    fn placed(&self, visitor: u64) -> Placed {
        let Facts { number, returning, count, since_last, since_first, .. } = self.facts;
        Placed { visitor, number, returning, count, since_last, since_first }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strip::{Referrer, Text};

    #[test]
    fn a_campaign_without_a_keyword_does_not_end_the_visit_that_it_began() {
        let campaign = |name: &str, keyword: Option<&str>, is_host: bool| {
            let keyword = keyword.map(Text::new);
            let url = keyword.clone().filter(|_| is_host);
            Referrer { kind: ReferrerKind::Campaign, name: Text::new(name), keyword, url }
        };
        let mut sessions = Sessions::default();
        let mut visits = |time: i64, referrer: Referrer| {
            let event = Event { time, referrer: Some(referrer), ..Event::example() };
            sessions.absorb(&event).unwrap().placed.number
        };
        assert_eq!(visits(0, campaign("a", Some("facebook.com"), true)), 1);
        // The link is on a page of the site's own, or told by none.
        assert_eq!(visits(10, campaign("a", Some("www.quiziniere.com"), true)), 1);
        assert_eq!(visits(20, campaign("a", None, false)), 1);
        assert_eq!(visits(30, campaign("a", Some("lettre"), false)), 2);
        assert_eq!(visits(40, campaign("b", Some("www.quiziniere.com"), true)), 3);
    }
}
