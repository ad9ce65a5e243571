//! Who is there: schools with classes behind one address each, and teachers at home.

use fastrand::Rng;

use super::features::{LEVELS, Profile};
use crate::agents::{Agent, Machine, ROBOTS, on};

/// Somebody with a browser, as a hit shows them.
#[derive(Clone, Debug)]
pub struct Person {
    /// The visitor id that the tracker keeps in the browser.
    pub id: u64,
    pub profile: Profile,
    pub level: &'static str,
    pub school: &'static School,
    pub address: String,
    pub user_agent: &'static str,
    pub resolution: &'static str,
    pub language: &'static str,
    pub is_robot: bool,
}

/// A school of the example directory.
#[derive(Debug, PartialEq, Eq)]
pub struct School {
    pub uai: &'static str,
    pub academy: &'static str,
}

const fn school(uai: &'static str, academy: &'static str) -> School {
    School { uai, academy }
}

/// Schools of `demo/annuaire-exemple.csv`: écoles, collèges, lycées.
static SCHOOLS_BY_LEVEL: [&[School]; 3] = [
    &[
        school("0759000A", "Paris"),
        school("0599003R", "Lille"),
        school("0019002E", "Lyon"),
        school("0779009Z", "Créteil"),
        school("0789008T", "Versailles"),
        school("0759011M", "Paris"),
        school("0629014L", "Lille"),
        school("0429013U", "Lyon"),
        school("0939010N", "Créteil"),
        school("0919019J", "Versailles"),
    ],
    &[
        school("0759033L", "Paris"),
        school("0629036K", "Lille"),
        school("0019035R", "Lyon"),
        school("0779032Z", "Créteil"),
        school("0959031A", "Versailles"),
        school("0939043Z", "Créteil"),
    ],
    &[
        school("0759055K", "Paris"),
        school("0629058J", "Lille"),
        school("0699057V", "Lyon"),
        school("0949054F", "Créteil"),
        school("0919053W", "Versailles"),
        school("0929064C", "Versailles"),
    ],
];

/// The `number`-th school of a level.
fn school_of(level: &str, number: usize) -> &'static School {
    let [primary, college, lycee] = SCHOOLS_BY_LEVEL;
    let schools = match level {
        "college" => college,
        "lycee" => lycee,
        _ => primary,
    };
    &schools[number % schools.len()]
}

/// A place in `Population::people`.
pub type PersonNumber = usize;

/// A class: its pupils and its teacher, all behind the school's address.
#[derive(Debug)]
pub struct Class {
    pub teacher: PersonNumber,
    pub pupils: std::ops::Range<PersonNumber>,
}

/// Everybody.
#[derive(Debug, Default)]
pub struct Population {
    pub people: Vec<Person>,
    pub classes: Vec<Class>,
    /// Teachers at home.
    pub teachers: Vec<PersonNumber>,
    pub robots: Vec<PersonNumber>,
}

const SCHOOLS: f64 = 24.0;
const CLASSES_PER_SCHOOL: usize = 3;
const TEACHERS: f64 = 400.0;

/// Machines that schools buy for pupils, by level.
const FLEETS: [(&str, &[Machine]); 4] = [
    ("cycle2", &[Machine::IPad, Machine::AndroidTablet]),
    ("cycle3", &[Machine::IPad, Machine::AndroidTablet, Machine::Chromebook]),
    ("college", &[Machine::IPad, Machine::Chromebook, Machine::Windows, Machine::Linux]),
    ("lycee", &[Machine::Windows, Machine::AndroidPhone, Machine::IPhone, Machine::Linux]),
];

/// What teachers have at home.
const HOMES: [Machine; 9] = [
    Machine::Windows,
    Machine::Windows,
    Machine::Windows,
    Machine::Windows,
    Machine::Mac,
    Machine::Mac,
    Machine::IPad,
    Machine::IPhone,
    Machine::AndroidPhone,
];

const FRENCH: &str = "fr-FR,fr;q=0.9,en-US;q=0.8,en;q=0.7";
const OTHERS: [&str; 5] = [
    "fr-BE,fr;q=0.9",
    "en-GB,en;q=0.9,fr;q=0.8",
    "pt-PT,pt;q=0.9",
    "es-ES,es;q=0.9",
    "ar,fr;q=0.9",
];

/// First numbers of addresses of French access providers.
const NETWORKS: [u8; 6] = [80, 82, 86, 90, 92, 176];

impl Population {
    /// The people of that seed; `scale` 1 is a small town's worth of schools.
    pub(crate) fn new(random: &mut Rng, scale: f64) -> Self {
        let mut population = Self::default();
        for number in 0..scaled(SCHOOLS, scale) {
            population.add_school(random, number);
        }
        for number in 0..scaled(TEACHERS, scale) {
            let machine = HOMES[random.usize(..HOMES.len())];
            let level = LEVELS[random.usize(..LEVELS.len())];
            let (agent, address) = (pick(machine, random), address(random));
            let mut teacher = person(random, Profile::Teacher, level, &address, agent);
            teacher.school = school_of(level, number);
            population.teachers.push(population.people.len());
            population.people.push(teacher);
        }
        for user_agent in ROBOTS {
            let (agent, address) = (pick(Machine::Linux, random), address(random));
            let mut robot = person(random, Profile::Pupil, LEVELS[0], &address, agent);
            (robot.user_agent, robot.is_robot) = (user_agent, true);
            population.robots.push(population.people.len());
            population.people.push(robot);
        }
        population
    }

    fn add_school(&mut self, random: &mut Rng, number: usize) {
        let (level, machines) = FLEETS[number % FLEETS.len()];
        let address = address(random);
        for _ in 0..CLASSES_PER_SCHOOL {
            let tablet = pick(machines[random.usize(..machines.len())], random);
            let desk = pick(Machine::Windows, random);
            let teacher = self.people.len();
            let school = school_of(level, number / FLEETS.len());
            let mut add = |random: &mut Rng, profile, agent| {
                let person = person(random, profile, level, &address, agent);
                self.people.push(Person { school, ..person });
            };
            add(random, Profile::Teacher, desk);
            let size = random.usize(25..=30);
            for _ in 0..size {
                add(random, Profile::Pupil, tablet);
            }
            self.classes.push(Class { teacher, pupils: teacher + 1..teacher + 1 + size });
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a small positive number of schools or people"
)]
fn scaled(number: f64, scale: f64) -> usize {
    (number * scale).round().max(1.0) as usize
}

fn pick(machine: Machine, random: &mut Rng) -> &'static Agent {
    let agents: Vec<_> = on(machine).collect();
    agents[random.usize(..agents.len())]
}

fn address(random: &mut Rng) -> String {
    let first = NETWORKS[random.usize(..NETWORKS.len())];
    let [second, third, fourth] = [random.u8(..), random.u8(..), random.u8(1..=254)];
    format!("{first}.{second}.{third}.{fourth}")
}

fn person(
    random: &mut Rng,
    profile: Profile,
    level: &'static str,
    address: &str,
    agent: &'static Agent,
) -> Person {
    let is_french = random.f64() < 0.94;
    Person {
        id: random.u64(1..),
        profile,
        level,
        school: school_of(level, 0),
        address: address.to_owned(),
        user_agent: agent.user_agent,
        resolution: agent.resolution,
        language: if is_french { FRENCH } else { OTHERS[random.usize(..OTHERS.len())] },
        is_robot: false,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn town() -> Population {
        Population::new(&mut Rng::with_seed(1), 1.0)
    }

    #[test]
    fn a_class_is_25_to_30_pupils_behind_one_address_with_one_kind_of_tablet() {
        let town = town();
        assert_eq!(town.classes.len(), 72);
        for class in &town.classes {
            let pupils = &town.people[class.pupils.clone()];
            assert!((25..=30).contains(&pupils.len()));
            let seen: BTreeSet<_> =
                pupils.iter().map(|pupil| (&pupil.address, pupil.user_agent)).collect();
            assert_eq!(seen.len(), 1);
            assert!(pupils.iter().all(|pupil| pupil.profile == Profile::Pupil));
            assert_eq!(town.people[class.teacher].address, pupils[0].address);
        }
    }

    #[test]
    fn schools_are_of_the_example_directory() {
        let directory = include_str!("../../../demo/annuaire-exemple.csv");
        for school in SCHOOLS_BY_LEVEL.into_iter().flatten() {
            let line = directory.lines().find(|line| line.starts_with(school.uai)).unwrap();
            assert!(line.contains(&format!(";{};", school.academy)), "{line}");
        }
        let used: BTreeSet<_> = town().people.iter().map(|person| person.school.uai).collect();
        assert_eq!(used.len(), 22);
    }

    #[test]
    fn everybody_has_an_id_of_their_own() {
        let town = town();
        let ids: BTreeSet<_> = town.people.iter().map(|person| person.id).collect();
        assert_eq!(ids.len(), town.people.len());
    }

    #[test]
    fn the_same_seed_gives_the_same_town_and_scale_its_size() {
        assert_eq!(format!("{:?}", town()), format!("{:?}", town()));
        let small = Population::new(&mut Rng::with_seed(1), 0.25);
        assert_eq!((small.classes.len(), small.teachers.len()), (18, 100));
    }
}
