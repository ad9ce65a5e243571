//! What is shown to those who are not of a site's team: heads of schools, academies, teachers, the
//! public. A fixed cube of places, profiles and months, in which `secrecy` decides what may be shown.
//!
//! Establishments are the last places where they are declared as an audience, else groups: never
//! both, because a group's figures and those of its school could be subtracted from each other.

mod place;

use std::collections::{BTreeMap, BTreeSet};

pub use place::Place;

use crate::{
    report::{Ask, By, Grain, Need, Only, Row, Slice},
    rollup::{Shape, subject},
    school::place::Uai,
    secrecy::{Cell, EVERYONE, Measure, Places, Rules, Slab, Wrong, decide, round},
    site::{AudienceKind, DayNumber, FeatureId, Register},
};

/// The cube of a site: by which cut its last places are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cube {
    cut: u8,
    groups: bool,
    /// What is a profile: everything, or the half of a pair.
    paired: Option<Half>,
    profiles: Vec<String>,
}

/// The last place, and the number of the profile.
type At = (String, u8);

/// Visits, uses and seconds; people; the greatest part of one of them in each sum.
type Part = ([u64; 3], u64, [u64; 3]);

/// Where in a pair the place stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Half {
    First,
    Second,
}

/// A cell that may be shown, with its figures as they are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    pub place: String,
    /// Empty: everyone.
    pub profile: String,
    pub people: u64,
    pub visits: u64,
    pub uses: u64,
    pub seconds: u64,
}

impl Cube {
    /// The cube of a register; nothing where neither establishments nor groups are declared.
    pub fn of(register: &Register) -> Option<Self> {
        let kind = |kind| register.audiences.iter().find(|it| it.kind == kind);
        let last = kind(AudienceKind::Establishment).or_else(|| kind(AudienceKind::Group))?;
        let groups = last.kind == AudienceKind::Group;
        let profile = kind(AudienceKind::Profile);
        let pair = profile.and_then(|it| Some((it, register.pair(&last.key, &it.key)?)));
        Some(match pair {
            Some((profile, pair)) => {
                let [first, _] = &pair.of;
                let half = if *first == last.key { Half::First } else { Half::Second };
                // Who told no profile is one of them.
                let profiles = std::iter::once(String::new()).chain(profile.values.clone());
                Self { cut: pair.cut, groups, paired: Some(half), profiles: profiles.collect() }
            }
            None => Self { cut: last.cut, groups, paired: None, profiles: Vec::new() },
        })
    }

    /// Profiles that figures are told of; the first, empty, is everyone.
    pub fn profiles(&self) -> impl Iterator<Item = &str> {
        let named = self.profiles.iter().map(String::as_str).filter(|it| !it.is_empty());
        std::iter::once("").chain(named)
    }

    /// What must be read for a feature's month.
    pub fn asks(&self, feature: FeatureId, month: DayNumber) -> [Ask; 2] {
        let ask = |shape, measure| Ask {
            need: Need::Rollup { shape, subject: subject::cut(measure, self.cut), by: By::ALL },
            slices: [Slice { period: 0, grain: Grain::Month, from: month, to: month }].into(),
            only: Only::values([i64::from(feature)]),
        };
        [ask(Shape::Feature, subject::USE), ask(Shape::MonthDistinct, subject::DAYS_USED)]
    }

    /// What may be shown of what was read.
    ///
    /// # Errors
    /// There are more profiles than can be told apart.
    pub fn publish(&self, found: &[Vec<Row>], rules: &Rules) -> Result<Vec<Published>, Wrong> {
        let cells = self.cells(found);
        // Of what nobody used there is nothing to show.
        if cells.is_empty() {
            return Ok(Vec::new());
        }
        let mut tree = Tree::default();
        for (place, _) in cells.keys() {
            tree.add(place);
        }
        tree.add_unused();
        let places = Places::new(&tree.edges)?;
        let profiles = u8::try_from(self.profiles.len().max(1)).unwrap_or(u8::MAX);
        let mut slab = Slab::new(&places, profiles)?;
        for ((place, profile), cell) in &cells {
            slab.add(tree.number(place), *profile, cell)?;
        }
        let mask = decide(&slab, rules);
        let named = self.profiles.iter().enumerate().filter(|(_, name)| !name.is_empty());
        let named =
            named.filter_map(|(at, name)| Some((Some(u8::try_from(at).ok()?), name.as_str())));
        let profiles: Vec<_> = std::iter::once((EVERYONE, "")).chain(named).collect();
        let mut published = Vec::new();
        for (place, number) in &tree.numbers {
            for (profile, name) in &profiles {
                if let Some(cell) = slab.cell(*number, *profile)
                    && mask.shows(*number, *profile)
                {
                    published.push(Published {
                        place: place.clone(),
                        profile: (*name).to_owned(),
                        people: round(cell.contributors),
                        visits: round(cell.sum(Measure::Visits)),
                        uses: round(cell.sum(Measure::Uses)),
                        seconds: round(cell.sum(Measure::Seconds)),
                    });
                }
            }
        }
        Ok(published)
    }

    /// The cells of last places, by place and number of the profile.
    fn cells(&self, found: &[Vec<Row>]) -> BTreeMap<(String, u8), Cell> {
        let rows = |at: usize| found.get(at).map_or(&[][..], Vec::as_slice);
        let figure = |row: &Row, column: &str, shape: Shape| {
            let figure = row.figures.get(shape.at(column)).copied().unwrap_or_default();
            u64::try_from(figure).unwrap_or_default()
        };
        let mut parts: BTreeMap<At, Part> = BTreeMap::new();
        for row in rows(0) {
            let (sums, ..) = parts.entry(self.coordinates(row)).or_default();
            let millionths = figure(row, "seconds", Shape::Feature);
            let of = |column| figure(row, column, Shape::Feature);
            for (sum, more) in
                sums.iter_mut().zip([of("visits"), of("uses"), millionths / 1_000_000])
            {
                *sum += more;
            }
        }
        for row in rows(1).iter().filter(|row| row.leaf.id == 0) {
            let (_, people, most) = parts.entry(self.coordinates(row)).or_default();
            let of = |column| figure(row, column, Shape::MonthDistinct);
            *people += of("n");
            let [visits, uses, seconds] = most;
            // Of any visit (feature 0), each visit is noted as a use: what is known is exact.
            let of_visits = if row.value.id == 0 { visits } else { uses };
            *of_visits = (*of_visits).max(of("most_uses"));
            *seconds = (*seconds).max(of("most_seconds"));
        }
        let cell = |(sums, people, mut most): Part| {
            let ([visits, ..], [most_visits, most_uses, _]) = (sums, &mut most);
            if *most_uses > 0 {
                // Each visit of the one had a use, and each of the others came once at least.
                *most_visits = (*most_uses).min((visits + 1).saturating_sub(people));
            }
            Cell::new(people, sums).with_most(most)
        };
        parts.into_iter().map(|(at, part)| (at, cell(part))).collect()
    }

    /// The last place and the profile of a row.
    fn coordinates(&self, row: &Row) -> (String, u8) {
        let text = row.sub.as_str();
        let (first, second) = text.split_once(subject::PAIR).unwrap_or((text, ""));
        let (place, profile) = match self.paired {
            None => (text, ""),
            Some(Half::First) => (first, second),
            Some(Half::Second) => (second, first),
        };
        let place = match self.groups {
            _ if place.is_empty() => Place::Unknown,
            true => Place::Group(place.to_owned()),
            false => match Uai::parse(place) {
                Ok(uai) if uai.department().is_some() => Place::Establishment(uai),
                _ => Place::Unknown,
            },
        };
        let profile = self.profiles.iter().position(|it| it == profile).unwrap_or_default();
        (place.to_string(), u8::try_from(profile).unwrap_or_default())
    }
}

/// Places and what they stand in, by numbers.
#[derive(Default)]
struct Tree {
    numbers: BTreeMap<String, u64>,
    edges: Vec<(u64, Option<u64>)>,
}

impl Tree {
    fn number(&self, place: &str) -> u64 {
        self.numbers.get(place).copied().unwrap_or_default()
    }

    /// Adds a place with all that it stands in; its number.
    fn add(&mut self, place: &str) -> u64 {
        if let Some(known) = self.numbers.get(place) {
            return *known;
        }
        let parent = Place::parse(place).and_then(|it| it.parent());
        let parent = parent.map(|it| self.add(&it.to_string()));
        let number = u64::try_from(self.numbers.len()).unwrap_or(u64::MAX) + 1;
        self.numbers.insert(place.to_owned(), number);
        self.edges.push((number, parent));
        number
    }

    /// Beside schools and groups, a place for those of which nothing was read. No use is as secret
    /// as little use: were all that have some shown with their sum, the absent ones would be told.
    fn add_unused(&mut self) {
        let last = |place: &str| {
            matches!(Place::parse(place), Some(Place::Establishment(_) | Place::Group(_)))
        };
        let of_last: BTreeSet<u64> =
            self.numbers.iter().filter(|(place, _)| last(place)).map(|(_, it)| *it).collect();
        let within: BTreeSet<Option<u64>> =
            self.edges.iter().filter(|it| of_last.contains(&it.0)).map(|it| it.1).collect();
        let unused = (1..).map(|it| u64::MAX - it).zip(within);
        self.edges.extend(unused);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{
        report::Label,
        site::{Audience, Feature, Named, Pair},
    };

    fn register() -> Register {
        let audience = |cut, key: &str, kind, dimension, values: &[&str]| Audience {
            cut,
            key: key.into(),
            name: Named::default(),
            kind,
            dimension: Some(dimension),
            values: values.iter().map(|&it| it.to_owned()).collect(),
        };
        let feature = Feature {
            id: 1,
            key: "dessin".into(),
            name: Named::default(),
            group: String::new(),
            owner: String::new(),
            description: String::new(),
            released: None,
            rules: vec![],
            since: 0,
        };
        Register {
            features: vec![feature],
            audiences: vec![
                audience(1, "profil", AudienceKind::Profile, 1, &["eleve", "enseignant"]),
                audience(50, "uai", AudienceKind::Establishment, 4, &[]),
            ],
            pairs: vec![Pair { cut: 51, of: ["profil".into(), "uai".into()] }],
            ..Register::default()
        }
    }

    fn row(text: &str, shape: Shape, figures: &[(&str, i64)]) -> Row {
        let text: Arc<str> = text.into();
        let mut row = Row { sub: Label { id: 7, text: Some(text) }, ..Row::default() };
        for (column, figure) in figures {
            row.figures[shape.at(column)] = *figure;
        }
        row
    }

    /// Visits and people of a school's profile.
    fn school(uai: &str, profile: &str, people: i64) -> [Row; 2] {
        let text = format!("{profile}{}{uai}", subject::PAIR);
        let sums = [("visits", people * 3), ("uses", people * 4), ("seconds", people * 60_000_000)];
        [
            row(&text, Shape::Feature, &sums),
            row(&text, Shape::MonthDistinct, &[("n", people), ("most_uses", 4)]),
        ]
    }

    #[test]
    fn small_schools_are_in_the_sums_of_larger_places_only() {
        let cube = Cube::of(&register()).unwrap();
        assert_eq!(
            (cube.cut, cube.profiles().collect::<Vec<_>>()),
            (51, vec!["", "eleve", "enseignant"])
        );
        let asks = cube.asks(1, 20_454);
        assert!(asks.iter().all(|it| it.only == Only::values([1])));
        let cells = [
            school("0750655E", "eleve", 400),
            school("0750655E", "enseignant", 40),
            school("0750654D", "eleve", 300),
            school("0750654D", "enseignant", 5),
            school("0750653C", "eleve", 250),
            school("0750653C", "enseignant", 30),
            school("0750652B", "eleve", 200),
            school("0750652B", "enseignant", 30),
        ];
        let mut found = vec![Vec::new(), Vec::new()];
        for [sums, people] in cells {
            found[0].push(sums);
            found[1].push(people);
        }
        let shown = cube.publish(&found, &Rules::default()).unwrap();
        let of = |place: &str, profile: &str| {
            shown.iter().find(|it| it.place == place && it.profile == profile)
        };
        let nation = of("nation", "").unwrap();
        // 1255 people.
        assert_eq!((nation.people, nation.visits, nation.uses), (1260, 3770, 5020));
        assert_eq!(nation.seconds, 75_300);
        assert!(of("uai:0750654D", "enseignant").is_none(), "five teachers");
        assert!(of("departement:75", "").is_some() && of("academie:01", "").is_some());
        assert!(shown.iter().all(|it| [it.people, it.visits, it.uses].iter().all(|n| n % 10 == 0)));
    }

    /// Three schools of many: what they show and their sum must not say that all others have none.
    #[test]
    fn a_school_without_use_is_not_told_by_its_absence() {
        let cube = Cube::of(&register()).unwrap();
        let mut found = vec![Vec::new(), Vec::new()];
        for uai in ["0750655E", "0750654D", "0750653C"] {
            for (profile, people) in [("eleve", 400), ("enseignant", 40)] {
                let [sums, people] = school(uai, profile, people);
                found[0].push(sums);
                found[1].push(people);
            }
        }
        let shown = cube.publish(&found, &Rules::default()).unwrap();
        assert!(shown.iter().any(|it| it.place == "departement:75"));
        let schools =
            shown.iter().filter(|it| it.place.starts_with("uai:") && it.profile.is_empty());
        assert_eq!(schools.count(), 1, "the two hidden ones may be any of all");
    }

    #[test]
    fn a_feature_that_nobody_used_stops_nothing() {
        let cube = Cube::of(&register()).unwrap();
        assert_eq!(cube.publish(&[vec![], vec![]], &Rules::default()), Ok(vec![]));
    }

    #[test]
    fn visits_that_are_mostly_of_one_are_hidden() {
        let mut register = register();
        register.pairs.clear();
        let cube = Cube::of(&register).unwrap();
        let shows = |feature: i64, visits: i64, uses: i64, most: i64| {
            let mut sums = row("0750655E", Shape::Feature, &[("visits", visits), ("uses", uses)]);
            let mut people =
                row("0750655E", Shape::MonthDistinct, &[("n", 20), ("most_uses", most)]);
            (sums.value.id, people.value.id) = (feature, feature);
            let found = [vec![sums], vec![people]];
            cube.publish(&found, &Rules::default()).unwrap().iter().any(|it| it.place == "nation")
        };
        // Of 200 visits 181 at most were of one of twenty, whose uses say how many there can be.
        assert!(shows(1, 200, 400, 100));
        assert!(!shows(1, 200, 2000, 180), "visits, though not uses");
        assert!(shows(1, 100, 2000, 180), "one of twenty has 81 at most of 100");
        assert!(shows(0, 200, 0, 100) && !shows(0, 200, 0, 180), "any visit");
        assert!(shows(0, 200, 0, 0), "months that were counted before this was known");
    }

    #[test]
    fn what_is_not_told_is_a_place_of_its_own() {
        let mut register = register();
        register.pairs.clear();
        let cube = Cube::of(&register).unwrap();
        assert_eq!((cube.cut, cube.profiles().collect::<Vec<_>>()), (50, vec![""]));
        let row = |text, n| {
            [
                row(text, Shape::Feature, &[("visits", n)]),
                row(text, Shape::MonthDistinct, &[("n", n)]),
            ]
        };
        let (one, other) = (row("", 100), row("0750655E", 200));
        let [a, b] = one;
        let [c, d] = other;
        let shown = cube.publish(&[vec![a, c], vec![b, d]], &Rules::default()).unwrap();
        assert_eq!(shown.iter().find(|it| it.place == "nation").unwrap().visits, 300);
        register.audiences.clear();
        assert_eq!(Cube::of(&register), None);
    }
}
