//! Who came in periods longer than a day, and how often.

use serde::{Deserialize, Serialize};

use super::{
    Among, Came, Cell, Dimension, Gained, Map, Member, Placed, Regular, Sketch, Told, Whose,
    attendance::{MOST_VALUES, SchoolYear},
    habit::Habits,
    placed::Past,
    thing::mix,
};
use crate::{
    site::{FeatureId, SiteId},
    strip::{Event, Period, Years},
};

/// Who came in longer periods that are not over: lost, whoever comes again would be counted again.
#[derive(Default, Serialize, Deserialize)]
pub struct People {
    periods: Map<(SiteId, Period), Population>,
    school_years: Map<(SiteId, Period), SchoolYear>,
    /// How regularly features were used.
    habits: Habits,
}

/// Who was there in a week, a month or a year: of a school year where it is not kept on which days of it.
#[derive(Default, Serialize, Deserialize)]
struct Population {
    visitors: Sketch,
    users: Sketch,
    /// Visitors of visits of new visitors, and of returning ones.
    kinds: [Sketch; 2],
    /// Visitors of visits that told a value of a dimension.
    of: Map<(Dimension, i64), Sketch>,
}

/// What a visitor did that habits are made of: a feature (0: any visit), where, uses and seconds.
pub(super) type Did = (FeatureId, Cell, u32, u32);

impl People {
    /// Lets go of those of a period.
    pub(super) fn forget(&mut self, site: SiteId, period: Period) {
        self.periods.remove(&(site, period));
        self.school_years.remove(&(site, period));
        self.habits.remove(&(site, period));
    }

    /// Every period somebody is known of.
    pub(super) fn kept(&self) -> impl Iterator<Item = (SiteId, Period)> {
        self.periods.keys().chain(self.school_years.keys()).copied()
    }

    /// Counts the visitor and the user in the week, the month and the years.
    pub(super) fn grow(&mut self, event: &Event, new_visit: bool) -> Grown {
        let mut grown = Grown { returning: false, periods: Vec::new() };
        if !new_visit && event.who.user.is_none() {
            return grown;
        }
        for Member { period, visitor, user } in members(event) {
            let population = self.periods.entry((event.site, period)).or_default();
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

    /// What the school year knows of the visitor's visits before this new one, which is noted. Of whom no id
    /// tells nothing is known.
    pub(super) fn past(&mut self, event: &Event) -> Option<Past> {
        let who = event.years.filter(|_| event.recency && event.who.by_id)?;
        let [_, period] = Period::years(event.day);
        let year = self.school_years.entry((event.site, period)).or_default();
        year.visit(who.school_year, event.time)
    }

    /// Counts the visitor among those of visits of new visitors, or of returning ones.
    pub(super) fn of_kind(&mut self, event: &Event, returning: bool) -> Vec<(Period, bool, i64)> {
        let mut kinds = Vec::with_capacity(2);
        for Member { period, visitor, .. } in Member::of(event) {
            let population = self.periods.entry((event.site, period)).or_default();
            let [new, known] = &mut population.kinds;
            let kind = if returning { known } else { new };
            kind.add(visitor);
            kinds.push((period, returning, kind.grow()));
        }
        kinds
    }

    /// Counts the visitor by what the visit tells now, in every period: new visitors among those of visits that
    /// told it, and, where days are kept, who came in the school year; its new visitors and users are added to
    /// `grown`.
    pub(super) fn tell(
        &mut self,
        event: &Event,
        (placed, new_visit): (Placed, bool),
        told: &Told,
        grown: &mut Vec<(Period, i64, i64)>,
    ) -> (Vec<Among>, Vec<Came>) {
        let mut among = note_told(&mut self.periods, event, told);
        // Of whom no id tells, only visits that begin in the same second are of one visitor.
        let is_counted_already = !event.who.by_id && placed.number > 1;
        let came = match is_counted_already {
            true => Vec::new(),
            false => note_came(&mut self.school_years, event, new_visit, told),
        };
        if came.is_empty() {
            return (among, came);
        }
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
        (among, came)
    }

    /// How the use of features became more regular by what the visitor did.
    pub(super) fn note_habits(
        &mut self,
        event: &Event,
        placed: Placed,
        did: &[Did],
    ) -> Vec<Regular> {
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
            let habits = self.habits.entry((event.site, period)).or_default();
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
}

/// Whom an event counts as in every period longer than its day. The school year is beside where it is kept
/// on which days of it visitors came.
fn members(event: &Event) -> impl Iterator<Item = Member> {
    let of_years = Member::of_years(event);
    let beside = |it: &Member| event.recency && matches!(it.period, Period::SchoolYear(_));
    Member::of(event).into_iter().chain(of_years.filter(move |it| !beside(it)))
}

/// Notes in the school year that the visitor came, the user, and what the visit tells now.
fn note_came(
    school_years: &mut Map<(SiteId, Period), SchoolYear>,
    event: &Event,
    new_visit: bool,
    told: &Told,
) -> Vec<Came> {
    let mut came = Vec::new();
    let something = |who: &Years| new_visit || who.user.is_some() || !told.is_empty();
    let Some(who) = event.years.filter(something).filter(|_| event.recency) else { return came };
    let [_, period] = Period::years(event.day);
    let year = school_years.entry((event.site, period)).or_default();
    let member = event.who.by_id.then_some(who.school_year);
    if new_visit {
        year.note(Whose::Visitors, member, event.day, &mut came);
    }
    if let Some([_, user]) = who.user {
        year.note(Whose::Users, Some(user), event.day, &mut came);
    }
    for (dimension, value) in told {
        year.note(Whose::Told(*dimension, *value), member, event.day, &mut came);
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

pub(super) struct Grown {
    pub(super) returning: bool,
    pub(super) periods: Vec<(Period, i64, i64)>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        session::Sessions,
        site::Scope,
        strip::{DimensionValue, Text},
    };

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
