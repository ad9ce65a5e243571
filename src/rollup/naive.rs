//! Visits and their rollups once more, from all hits at once: plain and slow, to hold the real ones
//! against. Nothing here adds or takes away: every row is made from whole visits.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, tz::TimeZone};
use proptest::prelude::*;

use super::{
    COUNT_BUCKETS, DAYS_BUCKETS, Delta, LENGTH_BUCKETS, PAGE_BUCKETS, Shape,
    subject::{self, step},
};
use crate::{
    session::Sessions,
    site,
    strip::{Action, Event, GoalHit, Period, Text, Who, Years},
};

const ZONES: [&str; 8] = [
    "Pacific/Tahiti",
    "America/Guadeloupe",
    "America/St_Johns",
    "Europe/Paris",
    "Indian/Reunion",
    "Asia/Kolkata",
    "Pacific/Noumea",
    "Pacific/Auckland",
];

/// Moments beside which something changes: midnights, clocks, months, years.
const MOMENTS: [&str; 8] = [
    "2026-03-10T23:00:00Z",
    "2026-03-29T01:00:00Z",
    "2026-10-25T01:00:00Z",
    "2026-04-04T14:00:00Z",
    "2026-09-26T14:00:00Z",
    "2025-12-31T23:00:00Z",
    "2026-01-01T10:00:00Z",
    "2026-02-28T23:30:00Z",
];

#[derive(Clone, Copy, Debug, PartialEq)]
enum What {
    Page(u8),
    Search,
    Event,
    Download,
    Goal,
    Ping,
}

#[derive(Clone, Copy, Debug)]
struct Hit {
    /// The id sent; `None`: only the fingerprint tells.
    id: Option<u8>,
    print: u8,
    time: i64,
    what: What,
    new_visit: bool,
}

/// Who a visit is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Someone {
    Known(u8),
    Unknown(u8, i64),
}

#[derive(Debug)]
struct Visit {
    day: i32,
    of: Someone,
    /// Fingerprints that the visitor's own hits carried.
    prints: Vec<u8>,
    returning: bool,
    /// When the visitor's earlier visits of the school year began.
    before: Vec<i64>,
    hits: Vec<Hit>,
}

impl Visit {
    fn last(&self) -> i64 {
        self.hits.iter().filter(|hit| hit.what != What::Ping).map(|hit| hit.time).max().unwrap()
    }

    fn goes_on(&self, hit: &Hit) -> bool {
        self.last() > hit.time - 1_800 && (hit.what == What::Ping || !hit.new_visit)
    }

    fn actions(&self) -> i64 {
        let acts = |hit: &&Hit| !matches!(hit.what, What::Goal | What::Ping);
        i64::try_from(self.hits.iter().filter(acts).count()).unwrap()
    }

    fn converted(&self) -> bool {
        self.hits.iter().any(|hit| hit.what == What::Goal)
    }

    fn length(&self) -> i64 {
        let (first, last) = (&self.hits[0], self.hits.last().unwrap());
        if self.hits.len() == 1 {
            return 0;
        }
        let length = (1 + last.time - first.time).max(0);
        let goals = self.hits.iter().filter(|hit| hit.what == What::Goal).count();
        // The one conversion there can be is by hand, of goal 3.
        length + if last.what == What::Goal && goals == 1 { 5 } else { 0 }
    }

    fn entry(&self) -> Option<u8> {
        let mut acts =
            self.hits.iter().filter(|hit| !matches!(hit.what, What::Goal | What::Ping)).peekable();
        if acts.peek().is_some_and(|hit| hit.what == What::Search) {
            return None;
        }
        acts.find_map(|hit| if let What::Page(page) = hit.what { Some(page) } else { None })
    }

    /// The page the visit is on after so many hits.
    fn page_after(&self, hits: usize) -> Option<u8> {
        self.hits[..hits].iter().rev().find_map(|hit| match hit.what {
            What::Page(page) => Some(Some(page)),
            What::Search => Some(None),
            _ => None,
        })?
    }

    /// The step a page view, a search or a download at a place follows, told by addresses.
    fn step_before(&self, at: usize) -> Option<What> {
        let moves = |hit: &&Hit| matches!(hit.what, What::Page(_) | What::Search);
        let before = self.hits[..at].iter().enumerate().rfind(|(_, hit)| moves(hit))?;
        let acts = |hit: &Hit| !matches!(hit.what, What::Goal | What::Ping);
        let opens = !self.hits[..before.0].iter().any(acts);
        (before.1.what != What::Search || !opens).then_some(before.1.what)
    }

    /// Seconds between the hit at a place and what came before it.
    fn since(&self, at: usize) -> i64 {
        let before = self.hits[..at].iter().filter(|hit| hit.what != What::Ping);
        (self.hits[at].time - before.map(|hit| hit.time).max().unwrap()).clamp(0, 1_800)
    }
}

fn visits(hits: &[Hit], zone: &TimeZone) -> Vec<Visit> {
    let mut visits: Vec<Visit> = Vec::new();
    for hit in hits {
        let (day, _) = site::day_and_hour(hit.time, zone);
        let newcomer = match hit.id {
            Some(id) => Someone::Known(id),
            None => Someone::Unknown(hit.print, hit.time),
        };
        // The latest visit of a visitor that this hit can follow, where it is open.
        let open = |of: Someone| {
            let mine = visits
                .iter()
                .enumerate()
                .filter(|(_, it)| it.day == day && it.of == of && it.last() <= hit.time + 1_800);
            let (at, visit) = mine.max_by_key(|(at, visit)| (visit.last(), *at))?;
            visit.goes_on(hit).then_some(at)
        };
        let place = match hit.id {
            Some(id) => open(Someone::Known(id)),
            None => {
                // Visitors of the day who carried the fingerprint, in the order they first did.
                let mut kin: Vec<Someone> = Vec::new();
                for visit in visits.iter().filter(|it| it.day == day) {
                    if visit.prints.contains(&hit.print) && !kin.contains(&visit.of) {
                        kin.push(visit.of);
                    }
                }
                let here: Vec<_> = kin.iter().filter_map(|of| Some((*of, open(*of)?))).collect();
                let unknown = |(of, _): &&(Someone, usize)| matches!(of, Someone::Unknown(..));
                match here.as_slice() {
                    [(_, place)] => Some(*place),
                    here => {
                        let anonymous: Vec<_> = here.iter().filter(unknown).collect();
                        // The latest to come first.
                        anonymous.last().map(|(_, place)| *place)
                    }
                }
            }
        };
        match place {
            Some(place) => {
                let visit = &mut visits[place];
                visit.hits.push(*hit);
                if hit.id.is_some() {
                    visit.prints.push(hit.print);
                }
            }
            None if hit.what == What::Ping => (),
            None => {
                let periods = |day| {
                    let ([_, week, month], [_, school]) = (Period::of(day), Period::years(day));
                    [week, month, school]
                };
                let mine = || visits.iter().filter(|it| it.of == newcomer);
                let shared =
                    |it: &Visit| periods(it.day).iter().any(|period| periods(day).contains(period));
                let returning = mine().any(shared);
                let [.., school] = periods(day);
                let of_year = mine().filter(|it| periods(it.day).contains(&school));
                let before = of_year.map(|it| it.hits[0].time).collect();
                visits.push(Visit {
                    day,
                    of: newcomer,
                    prints: vec![hit.print],
                    returning,
                    before,
                    hits: vec![*hit],
                });
            }
        }
    }
    visits
}

type Rows = BTreeMap<(&'static str, i32, i16, i64, &'static str), i64>;

/// Day, subject, value, sub, leaf.
type Steps = BTreeMap<(i32, i16, i64, i64, i64), i64>;

/// All steps that whole visits make, and their entrances: all come directly.
fn steps(visits: &[Visit]) -> Steps {
    let mut steps = Steps::new();
    let search = Text::new("mot").id;
    for visit in visits {
        for (at, hit) in visit.hits.iter().enumerate() {
            let to = match hit.what {
                What::Page(page) => (address(page).id, step::PAGE),
                What::Search => (search, step::SEARCH),
                What::Download => (Text::new("https://x.example/f.pdf").id, step::DOWNLOAD),
                What::Event | What::Goal | What::Ping => continue,
            };
            let (from, kind) = match (visit.step_before(at), to.1) {
                (Some(What::Page(page)), kind) => (address(page).id, kind),
                (Some(What::Search), step::PAGE) => (search, step::AFTER_SEARCH),
                _ => continue,
            };
            *steps.entry((visit.day, subject::STEP_URL, from, to.0, kind)).or_default() += 1;
        }
        if let Some(page) = visit.entry() {
            let key = (visit.day, subject::ENTRANCE_URL, address(page).id, 0, 1);
            *steps.entry(key).or_default() += 1;
        }
    }
    steps
}

fn address(page: u8) -> Text {
    Text::address(&format!("https://www.quiziniere.com/{page}"))
}

fn least(buckets: &[i64], value: i64) -> i64 {
    *buckets.iter().rev().find(|least| **least <= value).unwrap()
}

/// All rows that whole visits make.
fn rows(visits: &[Visit], zone: &TimeZone) -> Rows {
    let mut rows = Rows::new();
    let mut people: BTreeSet<(&str, i32, i16, i64, &str, Someone)> = BTreeSet::new();
    for visit in visits {
        let mut cells = vec![
            (subject::ALL, 0),
            (
                subject::SERVER_HOUR,
                i64::from(site::reported_hour(visit.hits[0].time, visit.day, zone)),
            ),
            (subject::VISIT_LENGTH, least(&LENGTH_BUCKETS, visit.length())),
            (subject::RETURNING, i64::from(visit.returning)),
            (
                subject::VISIT_COUNT,
                least(&COUNT_BUCKETS, i64::try_from(visit.before.len()).unwrap() + 1),
            ),
        ];
        let begun = visit.hits[0].time;
        let days = |since: Option<&i64>| {
            let since = since.filter(|since| **since <= begun)?;
            Some(least(&DAYS_BUCKETS, (begun - since) / 86_400))
        };
        cells.push((subject::DAYS_SINCE_FIRST, days(visit.before.iter().min()).unwrap_or(0)));
        cells.extend(days(visit.before.iter().max()).map(|days| (subject::DAYS_SINCE_LAST, days)));
        if [60, 120, 240, 420, 600, 900].contains(&visit.length()) {
            cells.push((subject::VISIT_LENGTH, visit.length() + 1));
        }
        if visit.actions() > 0 {
            cells.push((subject::PAGES_PER_VISIT, least(&PAGE_BUCKETS, visit.actions())));
        }
        for (subject, value) in cells {
            let mut add = |column, by| {
                *rows.entry(("visits", visit.day, subject, value, column)).or_default() += by;
            };
            add("visits", 1);
            add("actions", visit.actions());
            add("length", visit.length());
            add("bounces", i64::from(visit.actions() <= 1));
            add("converted", i64::from(visit.converted()));
            people.insert(("visits", visit.day, subject, value, "visitors", visit.of));
        }
        let mut add = |page: u8, column, by| {
            let key = ("actions", visit.day, subject::PAGE_URL, address(page).id, column);
            *rows.entry(key).or_default() += by;
        };
        let mut met = BTreeSet::new();
        for (at, hit) in visit.hits.iter().enumerate() {
            if let What::Page(page) = hit.what {
                add(page, "hits", 1);
                if met.insert(page) {
                    add(page, "visits", 1);
                }
                let id = address(page).id;
                let key = ("actions", visit.day, subject::PAGE_URL, id, "visitors", visit.of);
                people.insert(key);
            }
            if let Some(page) = visit.page_after(at)
                && hit.what != What::Ping
            {
                add(page, "stay", visit.since(at));
                if !matches!(hit.what, What::Event | What::Goal) {
                    add(page, "time_spent", visit.since(at));
                }
            }
        }
        if let Some(page) = visit.entry() {
            add(page, "entry_visits", 1);
            add(page, "entry_actions", visit.actions());
            add(page, "entry_length", visit.length());
            add(page, "entry_bounces", i64::from(visit.actions() <= 1));
            let id = address(page).id;
            people.insert((
                "actions",
                visit.day,
                subject::PAGE_URL,
                id,
                "entry_visitors",
                visit.of,
            ));
        }
        if let Some(page) = visit.page_after(visit.hits.len()) {
            add(page, "exit_visits", 1);
            let id = address(page).id;
            people.insert(("actions", visit.day, subject::PAGE_URL, id, "exit_visitors", visit.of));
        }
    }
    for (table, day, subject, value, column, _) in people {
        *rows.entry((table, day, subject, value, column)).or_default() += 1;
    }
    rows.retain(|_, figure| *figure != 0);
    rows
}

/// The rows of the real rollups that the plain ones know.
fn told(delta: &Delta, known: &[i64]) -> Rows {
    let mut rows = Rows::new();
    for (key, figures) in delta.sorted_rows() {
        let table = match key.shape {
            Shape::Visit => "visits",
            Shape::Action if key.subject == subject::PAGE_URL && known.contains(&key.value) => {
                "actions"
            }
            _ => continue,
        };
        let asked = [
            subject::ALL,
            subject::SERVER_HOUR,
            subject::VISIT_LENGTH,
            subject::RETURNING,
            subject::VISIT_COUNT,
            subject::DAYS_SINCE_FIRST,
            subject::DAYS_SINCE_LAST,
            subject::PAGES_PER_VISIT,
        ];
        if table == "visits" && !asked.contains(&key.subject) {
            continue;
        }
        for (column, figure) in key.shape.columns().iter().zip(figures) {
            if !["users", "max_actions", "after_search"].contains(&column.name) && figure != 0 {
                rows.insert((table, key.day, key.subject, key.value, column.name), figure);
            }
        }
    }
    rows
}

fn event(hit: &Hit, zone: &TimeZone) -> Event {
    let (day, _) = site::day_and_hour(hit.time, zone);
    let ([_, week, month], [year, school]) = (Period::of(day), Period::years(day));
    let key = |period: String| {
        let who = hit.id.map_or(format!("print {}", hit.print), |id| format!("id {id}"));
        Text::new(&format!("{who} in {period}")).id.cast_unsigned()
    };
    Event {
        site: 1,
        time: hit.time,
        day,
        hour: site::reported_hour(hit.time, day, zone),
        who: Who {
            day: key(format!("{day}")),
            week: key(format!("{week:?}")),
            month: key(format!("{month:?}")),
            by_id: hit.id.is_some(),
            fingerprint: u64::from(hit.print),
            user: None,
        },
        years: Some(Years {
            year: key(format!("{year:?}")),
            school_year: key(format!("{school:?}")),
            user: None,
        }),
        recency: true,
        new_visit: hit.new_visit,
        action: match hit.what {
            What::Page(page) => Action::Page { url: Some(address(page)), title: None },
            What::Search => {
                Action::Search { keyword: Some(Text::new("mot")), category: None, found: None }
            }
            What::Event => Action::Event {
                category: Text::new("C"),
                action: Text::new("a"),
                name: None,
                value: None,
            },
            What::Download => Action::Download(Text::new("https://x.example/f.pdf")),
            What::Goal => Action::Goal,
            What::Ping => Action::Ping,
        },
        goals: match hit.what {
            What::Goal => vec![GoalHit { id: 3, revenue: 0, multiple: false, after: None }],
            _ => Vec::new(),
        },
        ..Event::example()
    }
}

/// Hits around one moment, mostly in order, some late.
fn traffic() -> impl Strategy<Value = (TimeZone, Vec<Hit>)> {
    let what = prop_oneof![
        5 => (0_u8..4).prop_map(What::Page),
        1 => Just(What::Search),
        1 => Just(What::Event),
        1 => Just(What::Download),
        1 => Just(What::Goal),
        2 => Just(What::Ping),
    ];
    // Steps of whole minutes and of the very lengths where rules change.
    let step = prop_oneof![
        4 => 0_i64..400,
        2 => prop_oneof![Just(59), Just(60), Just(119), Just(239), Just(1_799), Just(1_800)],
        1 => 1_700_i64..9_000,
        1 => -4_000_i64..0,
    ];
    let hit = (proptest::option::weighted(0.7, 0_u8..3), 0_u8..2, step, what, 0_u8..12);
    let hits = proptest::collection::vec(hit, 1..60);
    (0..ZONES.len(), 0..MOMENTS.len(), 0_i64..60_000, hits).prop_map(
        |(zone, moment, before, hits)| {
            let moment: Timestamp = MOMENTS[moment].parse().unwrap();
            let mut time = moment.as_second() - before;
            let hits = hits.into_iter().map(|(id, print, step, what, new)| {
                time += step;
                Hit { id, print, time, what, new_visit: new == 0 }
            });
            (TimeZone::get(ZONES[zone]).unwrap(), hits.collect())
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn rollups_are_what_all_hits_at_once_make((zone, hits) in traffic()) {
        let mut sessions = Sessions::default();
        let mut delta = Delta::default();
        for hit in &hits {
            let event = event(hit, &zone);
            if let Some(change) = sessions.absorb(&event) {
                // One by one, so that what is added and taken away must add up.
                let mut one = Delta::default();
                one.tally(&change);
                one.transitions(&change);
                delta.merge(one);
            }
        }
        let visits = visits(&hits, &zone);
        let known: Vec<i64> = (0..4).map(|page| address(page).id).collect();
        prop_assert_eq!(told(&delta, &known), rows(&visits, &zone));
        let told = delta.sorted_rows().into_iter();
        let told = told.filter(|(key, it)| {
            let by_title = [subject::STEP_TITLE, subject::ENTRANCE_TITLE].contains(&key.subject);
            key.shape == Shape::Transition && it[0] != 0 && !by_title
        });
        let told: Steps = told
            .map(|(key, it)| ((key.day, key.subject, key.value, key.sub, key.leaf), it[0]))
            .collect();
        prop_assert_eq!(told, steps(&visits));
        let mut distinct: BTreeMap<Period, BTreeSet<Someone>> = BTreeMap::new();
        for visit in &visits {
            let ([_, week, month], years) = (Period::of(visit.day), Period::years(visit.day));
            for period in [week, month].into_iter().chain(years) {
                distinct.entry(period).or_default().insert(visit.of);
            }
        }
        // Every visit tells the same browser: its visitors are all there are.
        let browser = subject::cut(subject::TOLD, 6);
        let told = delta.sorted_rows().into_iter();
        let told = told.filter(|(key, _)| key.subject == browser && key.shape != Shape::Recency);
        let told: BTreeMap<_, _> =
            told.map(|(key, figures)| ((key.shape, key.day), figures[0])).collect();
        let all: BTreeMap<_, _> = distinct
            .iter()
            .map(|(period, of)| {
                let key = (Shape::distinct(*period), period.first());
                (key, i64::try_from(of.len()).unwrap())
            })
            .collect();
        prop_assert_eq!(told, all);
        // Any range of days within a school year, from any day of a visit to any other.
        let came: Vec<_> = delta.sorted_rows().into_iter().filter(|(key, _)| key.shape == Shape::Recency).collect();
        let days: BTreeSet<_> = visits.iter().map(|visit| visit.day).collect();
        for (from, to) in days.iter().flat_map(|from| days.range(from..).map(move |to| (*from, *to))) {
            let [[_, of_first], [_, of_last]] = [from, to].map(Period::years);
            if of_first != of_last {
                continue;
            }
            let inside = visits.iter().filter(|visit| (from..=to).contains(&visit.day));
            let people: BTreeSet<_> = inside.map(|visit| visit.of).collect();
            for subject in [subject::cut(subject::TOLD, 0), browser] {
                let new = came.iter().filter(|(key, _)| {
                    key.subject == subject && (from..=to).contains(&key.day) && key.sub < i64::from(from)
                });
                let new: i64 = new.map(|(_, figures)| figures[0]).sum();
                prop_assert_eq!(new, i64::try_from(people.len()).unwrap());
            }
        }
        let distinct: Vec<_> = distinct
            .into_iter()
            .map(|(period, of)| (1, period, i64::try_from(of.len()).unwrap(), 0))
            .collect();
        prop_assert_eq!(delta.sorted_uniques(), distinct);
        let mut of_kind: BTreeMap<(Shape, i32, i64), BTreeSet<Someone>> = BTreeMap::new();
        for visit in &visits {
            let [_, week, month] = Period::of(visit.day);
            for period in [week, month] {
                let key = (Shape::distinct(period), period.first(), i64::from(visit.returning));
                of_kind.entry(key).or_default().insert(visit.of);
            }
        }
        let told = delta.sorted_rows().into_iter();
        let told = told.filter(|(key, _)| key.subject == subject::cut(subject::NEW_AND_RETURNING, 0));
        let told: BTreeMap<_, _> =
            told.map(|(key, figures)| ((key.shape, key.day, key.value), figures[0])).collect();
        let of_kind = of_kind.into_iter();
        let of_kind: BTreeMap<_, _> =
            of_kind.map(|(key, of)| (key, i64::try_from(of.len()).unwrap())).collect();
        prop_assert_eq!(told, of_kind);
    }
}
