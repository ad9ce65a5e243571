//! Rows of features once more, from whole visits: plain and slow, to hold the real ones against.
//! Which visit an event belongs to is taken from the sessions, which `naive` proves.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::{Delta, Key, Shape, USE_BUCKETS, bucket_of, subject};
use crate::{
    session::{Placed, Sessions},
    site::{Cut, Scope},
    strip::{Action, DimensionValue, Event, FeatureHit, FunnelMark, Period, Text},
};

/// Funnel 9: feature 1, then 2 if you like, then 3.
const STEPS: [(u32, u8, u32); 3] = [(1, 0, 0), (2, 1, 1), (3, 2, 1)];

fn cuts() -> [Cut; 5] {
    let cut = |number, first, second| Cut { number, first, second };
    [cut(0, 0, 0), cut(1, 1, 0), cut(2, Cut::DEVICE, 0), cut(3, 1, Cut::DEVICE), cut(50, 2, 0)]
}

#[derive(Clone, Debug)]
struct Hit {
    visitor: u64,
    day: i32,
    step: i64,
    /// A feature with seconds; 0: a page view of none; 4 is told by attention, not used.
    feature: u32,
    seconds: i64,
    /// What dimensions 1 and 2 become.
    dimensions: [Option<u8>; 2],
}

fn event(hit: &Hit, time: i64) -> Event {
    let mut event = Event::example();
    event.setting.device = Some(Text::new("tablet"));
    let [_, week, month] = Period::of(hit.day);
    event.day = hit.day;
    event.time = time;
    event.hour = u8::try_from(time.rem_euclid(86_400) / 3_600).unwrap();
    let key = |period: i32| {
        let text = Text::new(&format!("{} {period}", hit.visitor));
        text.id.cast_unsigned()
    };
    event.who.day = key(hit.day);
    event.who.week = key(week.first() + 1_000_000);
    event.who.month = key(month.first() + 2_000_000);
    for (id, value) in [(1, hit.dimensions[0]), (2, hit.dimensions[1])] {
        if let Some(value) = value {
            let value = (value > 0).then(|| Text::new(&format!("v{value}")));
            event.dimensions.push(DimensionValue { id, scope: Scope::Visit, value });
        }
    }
    event.cuts = cuts().as_slice().into();
    let millionths = hit.seconds * 1_000_000;
    if hit.feature == 4 {
        event.action = Action::Attention(u32::try_from(hit.seconds).unwrap());
        event.features.push(FeatureHit { id: 4, used: false, marks: vec![] });
    } else if hit.feature > 0 {
        event.action = Action::Event {
            category: Text::new("C"),
            action: Text::new("a"),
            name: None,
            value: (hit.seconds > 0).then_some(millionths),
        };
        let marks = STEPS.iter().filter(|(id, ..)| *id == hit.feature);
        let marks =
            marks.map(|(_, step, after)| FunnelMark { funnel: 9, step: *step, after: *after });
        let marks = marks.collect();
        event.features.push(FeatureHit { id: hit.feature, used: true, marks });
    }
    event
}

/// Cut and the values' labels: what rows are told apart by, with pairs as pairs.
type Where = (u8, i64, i64);
type Rows = BTreeMap<(&'static str, i32, i16, i64, Where, i64), i64>;

/// A visit as its events so far make it.
#[derive(Default)]
struct Visit {
    values: BTreeMap<u16, i64>,
    device: i64,
    uses: BTreeMap<u32, Vec<(u8, Option<i64>)>>,
    stay: BTreeMap<u32, i64>,
    reached: BTreeSet<i64>,
}

impl Visit {
    fn of(events: &[&Event]) -> Self {
        let device = events[0].setting.device.as_ref().map_or(0, |it| it.id);
        let mut visit = Self { device, ..Self::default() };
        for event in events {
            for dimension in &event.dimensions {
                let value = dimension.value.as_ref().map_or(0, |it| it.id);
                visit.values.insert(dimension.id, value);
            }
            match (&event.action, event.features.first()) {
                (Action::Attention(seconds), Some(hit)) => {
                    *visit.stay.entry(hit.id).or_default() += i64::from(*seconds) * 1_000_000;
                }
                (Action::Event { value, .. }, Some(hit)) => {
                    visit.uses.entry(hit.id).or_default().push((event.hour, *value));
                    let may = match hit.id {
                        1 => Some(1),
                        2 | 3 if visit.reached.contains(&1) => Some(i64::from(hit.id)),
                        _ => None,
                    };
                    visit.reached.extend(may);
                }
                _ => (),
            }
        }
        visit
    }

    fn cells(&self) -> Vec<Where> {
        let value = |id| self.values.get(&id).copied().unwrap_or(0);
        vec![
            (0, 0, 0),
            (1, value(1), 0),
            (2, self.device, 0),
            (3, value(1), self.device),
            (50, value(2), 0),
        ]
    }
}

fn least(uses: usize) -> i64 {
    let uses = i64::try_from(uses).unwrap();
    *USE_BUCKETS.iter().rev().find(|it| **it <= uses).unwrap()
}

fn naive(visits: &BTreeMap<(i32, u64, i64), Vec<&Event>>) -> Rows {
    let mut rows = Rows::new();
    let mut visitors: BTreeSet<(i32, i64, Where, u64)> = BTreeSet::new();
    let mut days: BTreeMap<(i32, u64, u32, Where), usize> = BTreeMap::new();
    // Period's first day, feature, where, visitor → days and most uses.
    let mut regular: BTreeMap<(&str, i32, i64, Where, u64), BTreeSet<i32>> = BTreeMap::new();
    for ((day, visitor, _), events) in visits {
        let visit = Visit::of(events);
        for cell in visit.cells() {
            let mut add = |table, measure, value: i64, leaf, n| {
                if table == "count" && cell.0 >= Cut::LARGE {
                    return;
                }
                *rows.entry((table, *day, measure, value, cell, leaf)).or_default() += n;
            };
            add("visits", subject::USE, 0, 0, 1);
            visitors.insert((*day, 0, cell, *visitor));
            for (id, uses) in &visit.uses {
                let value = i64::from(*id);
                add("visits", subject::USE, value, 0, 1);
                visitors.insert((*day, value, cell, *visitor));
                add("uses", subject::USE, value, 0, i64::try_from(uses.len()).unwrap());
                add("count", subject::USES_PER_VISIT, value, least(uses.len()), 1);
                *days.entry((*day, *visitor, *id, cell)).or_default() += uses.len();
                for (hour, seconds) in uses {
                    let weekday = i64::from((day + 3).rem_euclid(7));
                    add("count", subject::MOMENT, value, weekday * 24 + i64::from(*hour), 1);
                    if let Some(seconds) = seconds {
                        add("timed", subject::USE, value, 0, 1);
                        add("seconds", subject::USE, value, 0, *seconds);
                        add("count", subject::USE_SECONDS, value, bucket_of(*seconds), 1);
                    }
                }
                for other in visit.uses.keys().filter(|other| *other > id) {
                    add("count", subject::TOGETHER, value, i64::from(*other), 1);
                }
            }
            for (id, stay) in visit.stay.iter().filter(|(_, stay)| **stay > 0) {
                let value = i64::from(*id);
                add("timed", subject::USE, value, 0, 1);
                add("seconds", subject::USE, value, 0, *stay);
                add("count", subject::USE_SECONDS, value, bucket_of(*stay), 1);
            }
            for step in &visit.reached {
                add("count", subject::FUNNEL, 9, *step, 1);
            }
        }
        let [_, week, month] = Period::of(*day);
        for so_far in 1..=events.len() {
            let visit = Visit::of(&events[..so_far]);
            let told = visit.uses.keys().chain(visit.stay.keys()).map(|id| i64::from(*id));
            for feature in told.chain([0]) {
                for cell in visit.cells() {
                    for (table, period) in [("week", week), ("month", month)] {
                        let key = (table, period.first(), feature, cell, *visitor);
                        regular.entry(key).or_default().insert(*day);
                    }
                }
            }
        }
    }
    for (day, value, cell, _) in visitors {
        *rows.entry(("visitors", day, subject::USE, value, cell, 0)).or_default() += 1;
    }
    for ((day, _, id, cell), uses) in days.into_iter().filter(|((.., cell), _)| cell.0 < Cut::LARGE)
    {
        let key = ("count", day, subject::USES_PER_DAY, i64::from(id), cell, least(uses));
        *rows.entry(key).or_default() += 1;
    }
    for ((table, first, feature, cell, _), days) in regular {
        for leaf in [0, i64::try_from(days.len()).unwrap()] {
            let key = (table, first, subject::DAYS_USED, feature, cell, leaf);
            *rows.entry(key).or_default() += 1;
        }
    }
    rows.retain(|_, n| *n != 0);
    rows
}

fn told(delta: &Delta) -> Rows {
    let pairs: BTreeMap<i64, (i64, i64)> = delta.pairs().into_iter().collect();
    let mut rows = Rows::new();
    for (key, figures) in delta.sorted_rows() {
        let Key { day, subject, value, sub, leaf, .. } = key;
        let (measure, cut) = (subject / subject::CUTS, subject % subject::CUTS);
        let distinct = matches!(key.shape, Shape::WeekDistinct | Shape::MonthDistinct);
        if distinct && measure != subject::DAYS_USED {
            continue;
        }
        let (first, second) = pairs.get(&sub).copied().unwrap_or((sub, 0));
        let at = (u8::try_from(cut).unwrap(), first, second);
        let names: &[&'static str] = match key.shape {
            Shape::Feature => &["visits", "visitors", "uses", "timed", "seconds"],
            Shape::FeatureCount => &["count"],
            Shape::WeekDistinct => &["week"],
            Shape::MonthDistinct => &["month"],
            _ => continue,
        };
        for (name, n) in names.iter().zip(figures).filter(|(_, n)| *n != 0) {
            rows.insert((name, day, measure, value, at, leaf), n);
        }
    }
    rows
}

fn traffic() -> impl Strategy<Value = Vec<Hit>> {
    let dimension = || proptest::option::weighted(0.2, 0_u8..3);
    let hit = (1_u64..4, 0_i64..1_500, 0_u32..5, 0_i64..90, [dimension(), dimension()], 0_u8..15);
    proptest::collection::vec(hit, 1..60).prop_map(|hits| {
        let mut day = 20_480;
        let hits = hits.into_iter().map(|(visitor, step, feature, seconds, dimensions, night)| {
            day += i32::from(night == 0) + 20 * i32::from(night == 1);
            Hit { visitor, day, step, feature, seconds, dimensions }
        });
        hits.collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn features_are_what_whole_visits_make(hits in traffic()) {
        let mut sessions = Sessions::default();
        let mut delta = Delta::default();
        let (mut day, mut time) = (0, 0);
        let events: Vec<Event> = hits.iter().map(|hit| {
            time = if hit.day == day { time + hit.step } else { i64::from(hit.day) * 86_400 };
            day = hit.day;
            event(hit, time)
        }).collect();
        let mut visits: BTreeMap<(i32, u64, i64), Vec<&Event>> = BTreeMap::new();
        for event in &events {
            if let Some(change) = sessions.absorb(event) {
                let mut one = Delta::default();
                one.tally(&change);
                delta.merge(one);
                let Placed { number, .. } = change.placed;
                // Who it is over the days.
                let of = hits[events.iter().position(|it| std::ptr::eq(it, event)).unwrap()].visitor;
                visits.entry((event.day, of, number)).or_default().push(event);
            }
        }
        prop_assert_eq!(told(&delta), naive(&visits));
    }
}

#[test]
fn a_pair_has_a_text_of_its_own() {
    let hit =
        |dimensions| Hit { visitor: 1, day: 20_480, step: 0, feature: 1, seconds: 0, dimensions };
    let mut sessions = Sessions::default();
    let mut delta = Delta::default();
    let event = event(&hit([Some(1), None]), 20_480 * 86_400);
    delta.tally(&sessions.absorb(&event).unwrap());
    let device = event.setting.device.as_ref().map_or(0, |it| it.id);
    let pairs = delta.pairs();
    assert_eq!(pairs.len(), 1);
    assert_eq!(pairs[0].1, (Text::new("v1").id, device));
    assert!(delta.sorted_rows().iter().any(|(key, _)| key.sub == pairs[0].0));
}
