//! The fortnight's hits, counted plainly: visits by id and half an hour, features by the words of the
//! register's own file. Knows nothing of how the server counts.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{ToSpan, civil::Date};
use load_tests::fortnight::{Deed, PersonNumber, Script};
use toml::Value;

/// A feature as `demo/fonctionnalites.toml` declares it.
pub(crate) struct Feature {
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) released: Date,
    rule: Value,
}

/// Steps: feature's key, and whether it may be left out.
pub(crate) struct Funnel {
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) steps: Vec<(String, bool)>,
}

/// One thing done in a visit that is a use of something.
pub(crate) struct Done {
    pub(crate) features: Vec<String>,
    pub(crate) hour: usize,
    pub(crate) seconds: Option<u32>,
}

pub(crate) struct Visit {
    pub(crate) who: PersonNumber,
    pub(crate) day: Date,
    /// What was told of the visitor, by audience.
    told: BTreeMap<&'static str, String>,
    pub(crate) done: Vec<Done>,
    features: BTreeSet<String>,
}

/// Everything that was sent, as reports should have it.
pub(crate) struct Counted {
    pub(crate) features: Vec<Feature>,
    pub(crate) funnels: Vec<Funnel>,
    pub(crate) visits: Vec<Visit>,
}

fn text<'a>(value: &'a Value, path: &[&str]) -> &'a str {
    let found = path.iter().try_fold(value, |value, name| value.get(name));
    found.and_then(Value::as_str).unwrap_or_default()
}

impl Feature {
    fn is(&self, deed: Deed) -> bool {
        let says = |name: &str, word: &str| match text(&self.rule, &[name]) {
            "" => true,
            pattern => match pattern.strip_suffix('*') {
                Some(start) => word.starts_with(start),
                None => word == pattern,
            },
        };
        match deed {
            Deed::Page(page) | Deed::PageWithMail(page) => {
                self.rule.get("page").is_some() && says("page", page.path())
            }
            Deed::Feature(feature, _) => {
                let (category, action, name) = feature.words();
                self.rule.get("page").is_none()
                    && says("category", category)
                    && says("action", action)
                    && says("name", name)
                    && says("tracker", action)
                    && says("tracker-group", category)
            }
            Deed::Search(..) | Deed::QuizShared | Deed::Ping(_) | Deed::Back(..) => false,
        }
    }
}

impl Counted {
    pub(crate) fn new(register: &str, script: &Script) -> Self {
        let file: Value = Value::Table(register.parse().unwrap());
        let list = |name: &str| file[name].as_array().unwrap().clone();
        let features = list("feature").into_iter().map(|it| Feature {
            key: text(&it, &["key"]).to_owned(),
            name: text(&it, &["name", "en"]).to_owned(),
            released: it["released"].as_datetime().unwrap().to_string().parse().unwrap(),
            rule: it["rules"][0].clone(),
        });
        let funnels = list("funnel").into_iter().map(|it| {
            let step = |step: &Value| match step.as_str() {
                Some(key) => (key.to_owned(), false),
                None => (
                    text(step, &["feature"]).to_owned(),
                    step.get("optional").and_then(Value::as_bool).unwrap_or_default(),
                ),
            };
            let steps = it["steps"].as_array().unwrap().iter().map(step).collect();
            let named = |path: &[&str]| text(&it, path).to_owned();
            Funnel { key: named(&["key"]), name: named(&["name", "en"]), steps }
        });
        let features: Vec<Feature> = features.collect();
        let visits = visits(script, &features);
        Self { features, funnels: funnels.collect(), visits }
    }
}

fn visits(script: &Script, features: &[Feature]) -> Vec<Visit> {
    // Of each person, the last hit and the visit it was of.
    let mut last: BTreeMap<PersonNumber, (i64, usize)> = BTreeMap::new();
    let mut visits: Vec<Visit> = Vec::new();
    for hit in &script.hits {
        let person = &script.population.people[hit.person];
        if person.is_robot || matches!(hit.deed, Deed::Back(..)) {
            continue;
        }
        let local = script.calendar.local(hit.time);
        let open = last
            .get(&hit.person)
            .filter(|(time, at)| hit.time - time < 30 * 60 && visits[*at].day == local.date());
        let at = open.map_or(visits.len(), |(_, at)| *at);
        if at == visits.len() {
            let (who, day) = (hit.person, local.date());
            visits.push(Visit {
                who,
                day,
                told: BTreeMap::new(),
                done: Vec::new(),
                features: BTreeSet::new(),
            });
        }
        last.insert(hit.person, (hit.time, at));
        let visit = &mut visits[at];
        for (audience, value) in [
            ("profil", person.profile.label()),
            ("niveau", person.level),
            ("discipline", hit.subject),
            ("academie", person.school.academy),
            ("appareil", device(person.user_agent)),
        ] {
            visit.told.insert(audience, value.to_owned());
        }
        let of = features.iter().filter(|it| it.is(hit.deed)).map(|it| it.key.clone());
        let of: Vec<String> = of.collect();
        if !of.is_empty() {
            let seconds = match hit.deed {
                Deed::Feature(_, seconds) => seconds,
                _ => None,
            };
            visit.features.extend(of.iter().cloned());
            let hour = usize::try_from(local.hour()).unwrap();
            visit.done.push(Done { features: of, hour, seconds });
        }
    }
    visits
}

/// What a class or a teacher has in the hands.
fn device(agent: &str) -> &'static str {
    let has = |word: &str| agent.contains(word);
    match () {
        () if has("iPad") => "tablet",
        () if has("iPhone") => "smartphone",
        () if has("Android") && has("Mobile") => "smartphone",
        () if has("Android") => "tablet",
        () => "desktop",
    }
}

impl Visit {
    /// The value of an audience, or of a pair as reports write it.
    pub(crate) fn value(&self, audience: &str) -> String {
        let of = |key: &str| self.told.get(key).cloned().unwrap_or_default();
        audience.split(',').map(of).collect::<Vec<_>>().join(" × ")
    }

    pub(crate) fn uses(&self, feature: &str) -> impl Iterator<Item = &Done> {
        self.done.iter().filter(move |it| it.features.iter().any(|key| key == feature))
    }

    pub(crate) fn used(&self, feature: &str) -> bool {
        self.features.contains(feature)
    }

    /// Which steps of a funnel were reached: each after all before it that must not be left out.
    pub(crate) fn reached(&self, funnel: &Funnel) -> Vec<bool> {
        let mut reached = vec![false; funnel.steps.len()];
        for done in &self.done {
            let before = reached.clone();
            for (at, (feature, _)) in funnel.steps.iter().enumerate() {
                let is_due = (0..at).all(|step| before[step] || funnel.steps[step].1);
                reached[at] |= is_due && done.features.contains(feature);
            }
        }
        reached
    }
}

pub(crate) fn people(visits: &[&Visit]) -> usize {
    visits.iter().map(|it| it.who).collect::<BTreeSet<_>>().len()
}

pub(crate) fn days_of_people(visits: &[&Visit]) -> usize {
    visits.iter().map(|it| (it.who, it.day)).collect::<BTreeSet<_>>().len()
}

/// The Monday of a day's week.
pub(crate) fn monday(day: Date) -> Date {
    day - i64::from(day.weekday().to_monday_zero_offset()).days()
}
