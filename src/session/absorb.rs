//! One event → which visit, and what changed.

use std::mem::replace;

use super::{
    Came, Cell, Cells, Dimension, Exit, Facts, Gained, Map, Member, PageHits, Placed, Population,
    Sessions, Thing, Told, Used, VISIT_GAP, Visit, Whose,
    attendance::{MOST_VALUES, SchoolYear},
    habit::Habits,
    placed::Past,
    thing::mix,
    visit::Conversion,
};
use crate::{
    site::{FeatureId, Scope, SiteId},
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
        let grown = self.grow(event, place.is_none());
        let past =
            place.is_none().then(|| note_past(&mut self.people.school_years, event)).flatten();
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
        let grown = self.grow(event, place.is_none());
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
        let mut of_kind = Vec::new();
        if before.is_none() {
            for Member { period, visitor, .. } in Member::of(event) {
                let population = self.people.periods.entry((event.site, period)).or_default();
                let kind = population.kinds.get_mut(usize::from(placed.returning))?;
                kind.add(visitor);
                of_kind.push((period, placed.returning, kind.grow()));
            }
        }
        let visit = visits.get_mut(place)?;
        let moved = visit.take(event, before.is_some());
        let did = visit.did(event, before.as_ref());
        let regular = note_habits(&mut self.people.habits, event, placed, &did);
        let was = before.as_ref().map(Facts::told).unwrap_or_default();
        let mut told = visit.facts.told();
        told.retain(|it| !was.contains(it));
        let mut among = note_told(&mut self.people.periods, event, &told);
        let came = note_came(&mut self.people.school_years, event, before.is_none(), &told);
        if !came.is_empty() {
            let [_, period] = Period::years(event.day);
            let new = |whose| Came::new_ones(&came, whose);
            let (visitors, users) = (new(Whose::Visitors), new(Whose::Users));
            if (visitors, users) != (0, 0) {
                grown.push((period, visitors, users));
            }
            let new = told.iter().map(|(dimension, value)| {
                let visitors = new(Whose::Told(*dimension, *value));
                Among { period, dimension: *dimension, value: *value, visitors }
            });
            among.extend(new.filter(|it| it.visitors != 0));
        }
        if event.who.by_id || before.is_none() {
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

    /// Counts the visitor and the user in the week, the month and the calendar year.
    fn grow(&mut self, event: &Event, new_visit: bool) -> Grown {
        let mut grown = Grown { returning: false, periods: Vec::new() };
        if !new_visit && event.who.user.is_none() {
            return grown;
        }
        for Member { period, visitor, user } in members(event) {
            let population = self.people.periods.entry((event.site, period)).or_default();
            if new_visit && !population.visitors.add(visitor) {
                // Reports tell of returning visitors as far as a month.
                grown.returning |= matches!(period, Period::Week(_) | Period::Month(_));
            }
            if let Some(user) = user {
                population.users.add(user);
            }
            let (visitors, users) = (population.visitors.grow(), population.users.grow());
            if visitors != 0 || users != 0 {
                grown.periods.push((period, visitors, users));
            }
        }
        grown
    }
}

/// Whom an event counts as in every period longer than its day, but for the school year.
fn members(event: &Event) -> impl Iterator<Item = Member> {
    Member::of(event).into_iter().chain(Member::of_year(event))
}

/// What the school year knows of the visitor's visits before this new one, which is noted. Of whom no id
/// tells nothing is known.
fn note_past(school_years: &mut Map<(SiteId, Period), SchoolYear>, event: &Event) -> Option<Past> {
    let who = event.years.filter(|_| event.recency && event.who.by_id)?;
    let [_, period] = Period::years(event.day);
    school_years.entry((event.site, period)).or_default().visit(who.school_year, event.time)
}

/// Notes in the school year that the visitor came, the user, and what the visit tells now.
fn note_came(
    school_years: &mut Map<(SiteId, Period), SchoolYear>,
    event: &Event,
    new_visit: bool,
    told: &Told,
) -> Vec<Came> {
    let mut came = Vec::new();
    let Some(who) = event.years.filter(|who| new_visit || who.user.is_some() || !told.is_empty())
    else {
        return came;
    };
    let [_, period] = Period::years(event.day);
    let year = school_years.entry((event.site, period)).or_default();
    let member = event.who.by_id.then_some(who.school_year);
    let day = (event.day, if event.recency { event.day } else { period.first() });
    if new_visit {
        year.note(Whose::Visitors, member, day, &mut came);
    }
    if let Some([_, user]) = who.user {
        year.note(Whose::Users, Some(user), day, &mut came);
    }
    for (dimension, value) in told {
        year.note(Whose::Told(*dimension, *value), member, day, &mut came);
    }
    came
}

/// Counts the visitor by what the visit tells now. A visitor whose visits told several values is one of each.
fn note_told(
    periods: &mut Map<(SiteId, Period), Population>,
    event: &Event,
    told: &Told,
) -> Vec<Among> {
    if told.is_empty() {
        return Vec::new();
    }
    let mut among = Vec::with_capacity(4 * told.len());
    for Member { period, visitor, .. } in members(event) {
        let population = periods.entry((event.site, period)).or_default();
        for (dimension, value) in told {
            let cell = (*dimension, *value);
            if population.of.len() >= MOST_VALUES && !population.of.contains_key(&cell) {
                continue;
            }
            let sketch = population.of.entry(cell).or_default();
            if sketch.add_among_many(visitor) {
                let (dimension, value, visitors) = (*dimension, *value, sketch.grow());
                among.push(Among { period, dimension, value, visitors });
            }
        }
    }
    among
}

struct Grown {
    returning: bool,
    periods: Vec<(Period, i64, i64)>,
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

/// What a visitor did that habits are made of: a feature (0: any visit), where, uses and seconds.
type Did = (FeatureId, Cell, u32, u32);

fn note_habits(habits: &mut Habits, event: &Event, placed: Placed, did: &[Did]) -> Vec<Regular> {
    if did.is_empty() {
        return Vec::new();
    }
    let who = &event.who;
    let [_, week, month] = Period::of(event.day);
    let mut regular = Vec::new();
    for (period, key) in [(week, who.week), (month, who.month)] {
        // Of whom no id tells, every visit is another visitor.
        let visitor = if who.by_id { key } else { mix(key ^ placed.visitor) };
        let day = u32::try_from(event.day - period.first()).unwrap_or_default();
        let habits = habits.entry((event.site, period)).or_default();
        for (feature, cell, uses, seconds) in did {
            let habit = habits.entry((*feature, *cell)).or_default();
            let gained = habit.note(visitor, day, *uses, *seconds);
            if gained != Gained::default() {
                regular.push(Regular { period, feature: *feature, cell: *cell, gained });
            }
        }
    }
    regular
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

    /// Lets an event happen to the visit.
    fn take(&mut self, event: &Event, known: bool) -> Moved {
        let hit = !event.action.is_ping();
        let mut moved = Moved {
            hit,
            from: self.facts.exit,
            converted_before: self.conversions.len(),
            ..Moved::default()
        };
        let since = (event.time - self.facts.last).clamp(0, VISIT_GAP);
        // What is used is cut by what dimensions tell.
        let told = !event.features.is_empty() || !event.dimensions.is_empty();
        if told && !self.cuts.is_empty() {
            moved.used_before = Some(self.used.clone());
        }
        self.update(event, known);
        if !self.cuts.is_empty() {
            self.used.take(event);
        }
        if known {
            let time = since;
            moved.dimension_times =
                self.pending.drain(..).map(|(id, value, page)| (id, value, page, time)).collect();
            if hit {
                moved.time = since;
            }
            self.facts.length = (1 + event.time - self.facts.first).max(0);
        }
        if hit {
            self.facts.last = self.facts.last.max(event.time);
        }
        self.act(event, &mut moved);
        self.load(event, &mut moved);
        self.note_dimensions(event, &mut moved);
        self.convert(event, known, &mut moved);
        moved
    }

    /// What any hit may bring to a visit: who, where from, dimensions.
    fn update(&mut self, event: &Event, known: bool) {
        let facts = &mut self.facts;
        if let Some(user) = event.who.user {
            facts.user = user.day;
        }
        if known
            && facts.referrer == 1
            && let Some(referrer) = &event.referrer
        {
            facts.come_from(referrer);
        }
        if !facts.resolution_known && &*event.setting.resolution.text != "unknown" {
            facts.resolution = event.setting.resolution.id;
            facts.resolution_known = true;
        }
        for dimension in event.dimensions.iter().filter(|it| it.scope == Scope::Visit) {
            facts.dimensions.retain(|(id, _)| *id != dimension.id);
            if let Some(value) = &dimension.value {
                facts.dimensions.push((dimension.id, value.id));
            }
        }
    }

    fn act(&mut self, event: &Event, moved: &mut Moved) {
        let id = |text: &Option<crate::strip::Text>| text.as_ref().map_or(0, |text| text.id);
        match &event.action {
            Action::Page { url, title } => {
                self.facts.actions += 1;
                self.facts.pageviews += 1;
                let (url, title) = (id(url), id(title));
                self.see(Thing::Page(url), moved);
                self.see(Thing::Title(title), moved);
                self.facts.entry_url.get_or_insert(url);
                if title != 0 {
                    self.facts.entry_title.get_or_insert(title);
                    self.facts.exit.title = Some(title);
                    self.facts.exit.search = None;
                }
                self.facts.exit.url = Some(url);
            }
            Action::Search { keyword, category, .. } => {
                self.facts.actions += 1;
                let (keyword, category) = (id(keyword), id(category));
                self.once(Thing::Search(keyword), moved);
                if category != 0 {
                    self.once(Thing::SearchCategory(category), moved);
                }
                // A visit that starts with a search never gets an entry page.
                if self.facts.actions == 1 {
                    self.facts.entry_url.get_or_insert(0);
                    self.facts.entry_title.get_or_insert(0);
                }
                // Nor is it the step before the next page's address.
                let url = (self.facts.actions == 1).then_some(0);
                self.facts.exit = Exit { url, title: None, search: Some(keyword) };
            }
            Action::Download(url) => {
                self.facts.actions += 1;
                self.once(Thing::Download(url.id), moved);
            }
            Action::Outlink(url) => {
                self.facts.actions += 1;
                self.once(Thing::Outlink(url.id), moved);
            }
            Action::Event { category, action, name, .. } => {
                self.facts.actions += 1;
                self.once(Thing::Event(category.id, action.id, id(name)), moved);
                self.once(Thing::Feature(category.id, action.id), moved);
            }
            Action::Content { name, piece, .. } => {
                self.once(Thing::Content(name.id, id(piece)), moved);
            }
            Action::Goal | Action::Ping | Action::Attention(_) => (),
        }
    }

    /// The official client knows the last phases after it has sent the view, and sends all again.
    fn load(&mut self, event: &Event, moved: &mut Moved) {
        let (view, page) = match &event.action {
            Action::Page { url, .. } => (true, url.as_ref()),
            _ => (false, event.page.as_ref()),
        };
        let page = page.map_or(0, |page| page.id);
        let told = event.timings.as_deref().copied();
        if view {
            self.loaded = told.map(|told| (page, told));
        } else if let Some(told) = told {
            match &mut self.loaded {
                Some((it, known)) if *it == page => {
                    moved.loaded_before = Some(replace(known, told))
                }
                other => *other = Some((page, told)),
            }
        }
    }

    fn once(&mut self, thing: Thing, moved: &mut Moved) {
        if self.first_time(thing) {
            moved.firsts.push(thing);
        }
    }

    fn see(&mut self, thing: Thing, moved: &mut Moved) {
        self.once(thing, moved);
        match self.pages.iter_mut().find(|page| page.thing == thing) {
            Some(page) => page.hits += 1,
            None => self.pages.push(PageHits { thing, hits: 1 }),
        }
    }

    /// Action dimensions of this hit; their time is known when the next one comes.
    fn note_dimensions(&mut self, event: &Event, moved: &mut Moved) {
        if event.action == Action::Goal || event.action.is_ping() {
            return;
        }
        let page = match &event.action {
            Action::Page { url, .. } => url.as_ref(),
            _ => event.page.as_ref(),
        };
        let page = page.map_or(0, |page| page.id);
        let values = event.dimensions.iter().filter(|it| it.scope == Scope::Action);
        let values = values.filter_map(|it| Some((it.id, it.value.as_ref()?.id, page)));
        if matches!(event.action, Action::Page { .. }) {
            self.facts.exit_dimensions = values.collect();
            if self.facts.pageviews == 1 {
                self.facts.entry_dimensions = self.facts.exit_dimensions.clone();
            }
        }
        for dimension in event.dimensions.iter().filter(|it| it.scope == Scope::Action) {
            let Some(value) = &dimension.value else { continue };
            self.once(Thing::Dimension(dimension.id, value.id), moved);
            self.once(Thing::DimensionPage(dimension.id, value.id, page), moved);
            self.pending.push((dimension.id, value.id, page));
        }
    }

    fn convert(&mut self, event: &Event, known: bool, moved: &mut Moved) {
        for goal in &event.goals {
            let length = event.time - self.facts.first;
            if goal.after.is_some_and(|after| length <= i64::from(after)) {
                continue;
            }
            if !goal.multiple && self.conversions.iter().any(|it| it.goal == goal.id) {
                continue;
            }
            let pages_before = self.facts.pageviews;
            let conversion = Conversion { goal: goal.id, revenue: goal.revenue, pages_before };
            self.conversions.push(conversion);
            moved.conversions.push(conversion);
            self.facts.converted = true;
            if known {
                // Matomo's own arithmetic: the goal's number plus 2 for a goal by hand, else 1.
                let by_hand = event.action == Action::Goal;
                self.facts.length += if by_hand { i64::from(goal.id) + 2 } else { 1 };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strip::{DimensionValue, Referrer, Text};

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

    #[test]
    fn values_beyond_the_first_thousand_fill_no_memory() {
        let mut sessions = Sessions::default();
        let mut counted = 0;
        for n in 0..2 * MOST_VALUES as u64 {
            let value = Some(Text::new(&format!("0{n:06}A")));
            let dimension = DimensionValue { id: 1, scope: Scope::Visit, value };
            let mut event = Event { dimensions: vec![dimension], ..Event::example() };
            event.who.day = n;
            event.who.week = n;
            let change = sessions.absorb(&event).unwrap();
            let weeks = change.among.iter().filter(|it| matches!(it.period, Period::Week(_)));
            counted += weeks.filter(|it| it.dimension == Dimension::Custom(1)).count();
        }
        assert!((MOST_VALUES - 20..=MOST_VALUES).contains(&counted), "{counted}");
        let most = sessions.people.periods.values().map(|it| it.of.len()).max();
        assert_eq!(most, Some(MOST_VALUES));
    }
}
