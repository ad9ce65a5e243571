//! What was sent, counted the way reports count it: a later test compares the two.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{
    features::{Feature, Page},
    hit::{Deed, Hit},
    people::PersonNumber,
    script::Script,
};

/// Seconds without a hit that end a visit.
const VISIT_END: i64 = 1800;

/// All that a report of the three weeks should say.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Summary {
    /// Everything sent, whatever becomes of it.
    pub(crate) sent: u64,
    /// Hits of robots: set aside, in none of the numbers below.
    pub(crate) robots: u64,
    /// Heartbeats, and what devices tell of their earlier days: they count as nothing.
    pub(crate) pings: u64,
    /// Page views whose address held a mail address; they are page views below.
    pub(crate) with_mail: u64,
    pub(crate) visits: u64,
    pub(crate) visitors: u64,
    pub(crate) page_views: u64,
    pub(crate) searches: u64,
    pub(crate) events: u64,
    /// Visits with the goal: one conversion each.
    pub(crate) goal_handed_in: u64,
    pub(crate) goal_shared: u64,
    pub(crate) features: Vec<FeatureUse>,
    pub(crate) pages: Vec<PageViews>,
    pub(crate) words: BTreeMap<&'static str, u64>,
    /// Page views, searches and events by profile, level and subject.
    pub(crate) actions_by_profile: BTreeMap<&'static str, u64>,
    pub(crate) actions_by_level: BTreeMap<&'static str, u64>,
    pub(crate) actions_by_subject: BTreeMap<&'static str, u64>,
    pub(crate) days: BTreeMap<String, Day>,
}

/// The uses of one feature.
#[derive(Debug, Serialize)]
pub(crate) struct FeatureUse {
    pub(crate) category: &'static str,
    pub(crate) action: &'static str,
    pub(crate) name: &'static str,
    pub(crate) uses: u64,
    pub(crate) visits: u64,
    pub(crate) visitors: u64,
    pub(crate) seconds: u64,
    pub(crate) median_seconds: u64,
}

/// The views of one page.
#[derive(Debug, Serialize)]
pub(crate) struct PageViews {
    pub(crate) path: &'static str,
    pub(crate) title: &'static str,
    pub(crate) views: u64,
    pub(crate) visits: u64,
}

/// One day in the site's time zone.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Day {
    pub(crate) visits: u64,
    pub(crate) visitors: u64,
    pub(crate) page_views: u64,
    pub(crate) searches: u64,
    pub(crate) events: u64,
}

/// A hit that counts, with the visit it belongs to and its day.
struct Counted<'a> {
    hit: &'a Hit,
    visit: usize,
    day: &'a str,
}

impl Summary {
    pub(crate) fn of(script: &Script) -> Self {
        let people = &script.population.people;
        let days: Vec<String> = script
            .hits
            .iter()
            .map(|hit| script.calendar.local(hit.time).date().to_string())
            .collect();
        let is_robot = |hit: &Hit| people[hit.person].is_robot;
        let counted = counted(script, &days);
        let mut summary = Self {
            sent: count(script.hits.len()),
            robots: count(script.hits.iter().filter(|hit| is_robot(hit)).count()),
            visits: distinct(counted.iter().map(|one| one.visit)),
            visitors: distinct(counted.iter().map(|one| one.hit.person)),
            goal_handed_in: visits_with(&counted, |deed| {
                matches!(deed, Deed::Page(Page::HandedIn))
            }),
            goal_shared: visits_with(&counted, |deed| deed == Deed::QuizShared),
            features: Feature::ALL
                .iter()
                .map(|feature| FeatureUse::of(*feature, &counted))
                .collect(),
            pages: Page::ALL.iter().map(|page| PageViews::of(*page, &counted)).collect(),
            ..Self::default()
        };
        summary.pings = summary.sent - summary.robots - count(counted.len());
        for one in &counted {
            summary.add(one, script);
        }
        summary.add_days(&counted);
        summary
    }

    fn add(&mut self, one: &Counted<'_>, script: &Script) {
        let day = self.days.entry(one.day.to_owned()).or_default();
        match one.hit.deed {
            Deed::Page(_) | Deed::PageWithMail(_) => {
                self.page_views += 1;
                day.page_views += 1;
                self.with_mail += u64::from(matches!(one.hit.deed, Deed::PageWithMail(_)));
            }
            Deed::Search(word, _) => {
                self.searches += 1;
                day.searches += 1;
                *self.words.entry(word).or_default() += 1;
            }
            Deed::Feature(..) => {
                self.events += 1;
                day.events += 1;
            }
            // A goal's own call and a heartbeat are no actions.
            Deed::QuizShared | Deed::Ping(_) | Deed::Back(..) => return,
        }
        let person = &script.population.people[one.hit.person];
        *self.actions_by_profile.entry(person.profile.label()).or_default() += 1;
        *self.actions_by_level.entry(person.level).or_default() += 1;
        *self.actions_by_subject.entry(one.hit.subject).or_default() += 1;
    }

    fn add_days(&mut self, counted: &[Counted<'_>]) {
        let mut by_day: BTreeMap<&str, Vec<&Counted<'_>>> = BTreeMap::new();
        for one in counted {
            by_day.entry(one.day).or_default().push(one);
        }
        for (name, hits) in by_day {
            let day = self.days.entry(name.to_owned()).or_default();
            day.visits = distinct(hits.iter().map(|one| one.visit));
            day.visitors = distinct(hits.iter().map(|one| one.hit.person));
        }
    }
}

impl FeatureUse {
    fn of(feature: Feature, counted: &[Counted<'_>]) -> Self {
        let uses: Vec<_> = counted
            .iter()
            .filter_map(|one| match one.hit.deed {
                Deed::Feature(used, value) if used == feature => Some((one, value)),
                _ => None,
            })
            .collect();
        let mut lengths: Vec<_> =
            uses.iter().filter_map(|(_, value)| value.map(u64::from)).collect();
        lengths.sort_unstable();
        let (category, action, name) = feature.words();
        Self {
            category,
            action,
            name,
            uses: count(uses.len()),
            visits: distinct(uses.iter().map(|(one, _)| one.visit)),
            visitors: distinct(uses.iter().map(|(one, _)| one.hit.person)),
            seconds: lengths.iter().sum(),
            median_seconds: lengths.get(lengths.len() / 2).copied().unwrap_or(0),
        }
    }
}

impl PageViews {
    fn of(page: Page, counted: &[Counted<'_>]) -> Self {
        let is_view = |deed: Deed| deed == Deed::Page(page) || deed == Deed::PageWithMail(page);
        let views = counted.iter().filter(|one| is_view(one.hit.deed)).count();
        let visits = visits_with(counted, is_view);
        Self { path: page.path(), title: page.title(), views: count(views), visits }
    }
}

/// The hits that count, each with its visit: a new one after half an hour or at midnight.
fn counted<'a>(script: &'a Script, days: &'a [String]) -> Vec<Counted<'a>> {
    let mut open: BTreeMap<PersonNumber, (i64, &str, usize)> = BTreeMap::new();
    let mut visits = 0;
    let mut counted = Vec::with_capacity(script.hits.len());
    for (hit, day) in script.hits.iter().zip(days) {
        let is_ping = matches!(hit.deed, Deed::Ping(_) | Deed::Back(..));
        if is_ping || script.population.people[hit.person].is_robot {
            continue;
        }
        let visit = match open.get(&hit.person) {
            Some((last, of, visit)) if hit.time - last < VISIT_END && *of == day => *visit,
            _ => {
                visits += 1;
                visits
            }
        };
        open.insert(hit.person, (hit.time, day, visit));
        counted.push(Counted { hit, visit, day });
    }
    counted
}

fn visits_with(counted: &[Counted<'_>], is_meant: impl Fn(Deed) -> bool) -> u64 {
    distinct(counted.iter().filter(|one| is_meant(one.hit.deed)).map(|one| one.visit))
}

fn distinct(values: impl Iterator<Item = usize>) -> u64 {
    count(values.collect::<BTreeSet<_>>().len())
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{super::script::Plan, *};

    #[test]
    fn the_parts_add_up_to_the_whole() {
        let plan = Plan { start: date(2026, 11, 2), until: i64::MAX, scale: 0.3, seed: 5 };
        let script = Script::new(&plan).unwrap();
        let summary = Summary::of(&script);
        let actions = summary.page_views + summary.searches + summary.events;
        let shared = script.hits.iter().filter(|hit| hit.deed == Deed::QuizShared).count();
        assert_eq!(actions + count(shared) + summary.pings + summary.robots, summary.sent);
        assert_eq!(summary.features.iter().map(|one| one.uses).sum::<u64>(), summary.events);
        assert_eq!(summary.pages.iter().map(|one| one.views).sum::<u64>(), summary.page_views);
        assert_eq!(summary.words.values().sum::<u64>(), summary.searches);
        assert_eq!(summary.days.values().map(|day| day.visits).sum::<u64>(), summary.visits);
        for sums in
            [&summary.actions_by_profile, &summary.actions_by_level, &summary.actions_by_subject]
        {
            assert_eq!(sums.values().sum::<u64>(), actions);
        }
        assert!(summary.robots > 0 && summary.pings > 0 && summary.with_mail > 0);
        assert!(summary.goal_handed_in > 0 && summary.goal_shared > 0);
        assert!(summary.visitors < summary.visits && summary.visits < actions / 4);
    }
}
