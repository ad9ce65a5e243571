//! Everything that happens in the three weeks, in the order of time. The same seed and start give
//! the same script; the present only cuts it off.

use std::collections::BTreeMap;

use anyhow::Result;
use fastrand::Rng;
use jiff::{Span, civil::Date};

use super::{
    calendar::{Calendar, Day, Stretch},
    features::SUBJECTS,
    hit::{Back, Deed, Hit},
    people::{PersonNumber, Population},
    walk::Walk,
};

/// What decides a script.
#[derive(Clone, Debug)]
pub struct Plan {
    pub start: Date,
    /// Unix seconds; nothing happens from then on.
    pub until: i64,
    pub scale: f64,
    pub seed: u64,
}

/// The people and all that they do.
#[derive(Debug)]
pub struct Script {
    pub calendar: Calendar,
    pub population: Population,
    /// In the order of time.
    pub hits: Vec<Hit>,
}

/// How likely a class works with quizzes in a half day at school.
const LESSON_CHANCE: f64 = 0.15;
/// A lesson, in seconds.
const LESSON: i32 = 50 * 60;
/// Visits of robots in a day.
const CRAWLS: f64 = 8.0;

const REFERRERS: [&str; 5] = [
    "https://www.google.com/",
    "https://www.reseau-canope.fr/",
    "https://ent.exemple.fr/",
    "https://eduscol.education.fr/",
    "https://www.bing.com/",
];

impl Script {
    pub fn new(plan: &Plan) -> Result<Self> {
        let mut random = Rng::with_seed(plan.seed);
        let population = Population::new(&mut random, plan.scale);
        let calendar = Calendar::new(plan.start)?;
        let mut hits = Vec::with_capacity(100_000);
        for day in calendar.days() {
            let mut writer = Writer { calendar: &calendar, day, random: &mut random };
            writer.lessons(&population, &mut hits)?;
            writer.home(&population, &mut hits)?;
            writer.robots(&population, plan.scale, &mut hits)?;
        }
        hits.retain(|hit| hit.time < plan.until);
        // Stable: what one person does within a second stays in its order.
        hits.sort_by_key(|hit| hit.time);
        let hits = with_those_coming_back(hits, &population, &calendar);
        Ok(Self { calendar, population, hits })
    }
}

/// Adds what devices tell, beside the first hit of each day of a person. Nobody came before the three
/// weeks, which are too short for a coarser bucket of weeks; robots have nothing that tells.
fn with_those_coming_back(hits: Vec<Hit>, town: &Population, calendar: &Calendar) -> Vec<Hit> {
    let week = |day: Date| {
        let since_monday = Span::new().days(day.weekday().to_monday_zero_offset());
        day.checked_sub(since_monday).unwrap_or(day)
    };
    let mut used: BTreeMap<PersonNumber, Vec<Date>> = BTreeMap::new();
    let mut all = Vec::with_capacity(hits.len());
    for hit in hits {
        let day = calendar.local(hit.time).date();
        let days = used.entry(hit.person).or_default();
        let is_told = days.last() == Some(&day) || town.people[hit.person].is_robot;
        all.push(hit.clone());
        if is_told {
            continue;
        }
        let is_new = |of: &dyn Fn(Date) -> Date| days.iter().all(|it| of(*it) != of(day));
        let weeks = days.first().map_or(0, |first| {
            week(*first).until(week(day)).map_or(0, |since| since.get_days() / 7)
        });
        let back = Back {
            weeks: weeks.try_into().unwrap_or(0),
            days: days.len().try_into().unwrap_or(u8::MAX),
            first: [is_new(&week), is_new(&Date::first_of_month), days.is_empty()],
        };
        all.push(Hit { deed: Deed::Back(hit.deed.page(), back), referrer: "", ..hit });
        days.push(day);
    }
    all
}

/// Writes one day.
struct Writer<'a> {
    calendar: &'a Calendar,
    day: Day,
    random: &'a mut Rng,
}

impl Writer<'_> {
    fn lessons(&mut self, town: &Population, script: &mut Vec<Hit>) -> Result<()> {
        for stretch in self.day.lessons() {
            for class in &town.classes {
                if self.random.f64() >= LESSON_CHANCE {
                    continue;
                }
                let start = self.random.i32(stretch.from..=stretch.to - LESSON);
                let lesson = Stretch { from: start, to: start + LESSON };
                let questions = self.random.u32(5..11);
                let subject = SUBJECTS[self.random.usize(..SUBJECTS.len())];
                self.walk(class.teacher, subject, lesson, 0, script)?.show_code();
                for pupil in class.pupils.clone() {
                    if self.random.f64() < 0.08 {
                        continue; // Absent.
                    }
                    let arrival = self.random.i32(60..420);
                    let with_drawing = !self.day.is_first_week();
                    let walk = self.walk(pupil, subject, lesson, arrival, script)?;
                    walk.answer(questions, with_drawing);
                }
            }
        }
        Ok(())
    }

    fn home(&mut self, town: &Population, script: &mut Vec<Hit>) -> Result<()> {
        for (stretch, share) in self.day.work_at_home() {
            for teacher in &town.teachers {
                if self.random.f64() >= *share {
                    continue;
                }
                // A quarter of an hour at least is left for work.
                let arrival = self.random.i32(0..stretch.to - stretch.from - 900);
                let subject = SUBJECTS[teacher % SUBJECTS.len()];
                let referrer = REFERRERS.get(self.random.usize(..2 * REFERRERS.len()));
                let mut walk = self.walk(*teacher, subject, *stretch, arrival, script)?;
                walk.referrer = referrer.copied().unwrap_or_default();
                walk.work_at_home();
            }
        }
        Ok(())
    }

    fn robots(&mut self, town: &Population, scale: f64, script: &mut Vec<Hit>) -> Result<()> {
        for robot in &town.robots {
            let robots = f64::from(u32::try_from(town.robots.len())?);
            let whole_day = Stretch { from: 0, to: 86_400 };
            for _ in 0..50 {
                if self.random.f64() >= (CRAWLS * scale / robots / 50.0).min(1.0) {
                    continue;
                }
                let arrival = self.random.i32(0..80_000);
                self.walk(*robot, SUBJECTS[0], whole_day, arrival, script)?.crawl();
            }
        }
        Ok(())
    }

    /// Somebody arrives so many seconds into `stretch`.
    fn walk<'w>(
        &'w mut self,
        person: PersonNumber,
        subject: &'static str,
        stretch: Stretch,
        arrival: i32,
        script: &'w mut Vec<Hit>,
    ) -> Result<Walk<'w>> {
        let time = self.calendar.moment(self.day, stretch.from + arrival)?;
        let end = self.calendar.moment(self.day, stretch.to)?;
        let random = &mut *self.random;
        Ok(Walk { random, script, person, subject, time, end, referrer: "" })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Weekday, date};

    use super::{
        super::features::{Feature, Profile},
        *,
    };

    fn script(until: i64) -> Script {
        let start = date(2026, 11, 2);
        Script::new(&Plan { start, until, scale: 1.0, seed: 1 }).unwrap()
    }

    #[test]
    fn three_weeks_are_60_000_to_100_000_hits_in_the_order_of_time() {
        let script = script(i64::MAX);
        assert!((60_000..=100_000).contains(&script.hits.len()), "{}", script.hits.len());
        assert!(script.hits.is_sorted_by_key(|hit| hit.time));
    }

    #[test]
    fn pupils_are_there_in_school_hours_only() {
        let script = script(i64::MAX);
        let (mut in_holidays, mut in_school) = (0, 0);
        for hit in &script.hits {
            let person = &script.population.people[hit.person];
            let local = script.calendar.local(hit.time);
            let is_holiday = (date(2026, 11, 9)..date(2026, 11, 16)).contains(&local.date());
            in_holidays += u32::from(is_holiday);
            in_school += u32::from(!is_holiday);
            if person.is_robot || person.profile == Profile::Teacher {
                continue;
            }
            let minutes = i32::from(local.hour()) * 60 + i32::from(local.minute());
            let weekday = local.date().weekday();
            assert!(!is_holiday, "{local}");
            assert!(!matches!(weekday, Weekday::Saturday | Weekday::Sunday), "{local}");
            let is_afternoon = (810..990).contains(&minutes) && weekday != Weekday::Wednesday;
            assert!((480..720).contains(&minutes) || is_afternoon, "{local}");
        }
        assert!(in_holidays > 0 && in_holidays * 30 < in_school, "{in_holidays} {in_school}");
    }

    #[test]
    fn drawn_answers_come_with_the_second_week_and_duplication_hardly_ever() {
        let script = script(i64::MAX);
        let uses = |wanted: Feature| {
            let is_use = move |hit: &&Hit| matches!(hit.deed, Deed::Feature(f, _) if f == wanted);
            script.hits.iter().filter(is_use)
        };
        let first = uses(Feature::AnswerDrawing).next().unwrap();
        assert!(script.calendar.local(first.time).date() >= date(2026, 11, 9));
        assert!((1..20).contains(&uses(Feature::Duplicate).count()));
        for feature in Feature::ALL {
            assert!(uses(feature).next().is_some(), "{feature:?} is never used");
        }
    }

    #[test]
    fn the_present_only_cuts_the_script_off() {
        let (whole, until) = (script(i64::MAX), 1_793_900_000);
        let cut = script(until);
        let expected = whole.hits.iter().filter(|hit| hit.time < until);
        assert_eq!(cut.hits.len(), expected.clone().count());
        assert!(!cut.hits.is_empty() && cut.hits.len() < whole.hits.len());
        for (hit, same) in cut.hits.iter().zip(expected) {
            assert_eq!((hit.time, hit.person, hit.deed), (same.time, same.person, same.deed));
        }
    }

    #[test]
    fn a_hit_is_written_with_its_own_time_address_and_browser() {
        let script = script(i64::MAX);
        let hit = &script.hits[1000];
        let person = &script.population.people[hit.person];
        let query = hit.query(7, person, &script.calendar);
        for pair in [
            "idsite=7".to_owned(),
            format!("cdt={}", hit.time),
            format!("cip={}", person.address),
            format!("_id={:016x}", person.id),
        ] {
            assert!(query.split('&').any(|part| part == pair), "{pair} in {query}");
        }
    }
}
