//! The ways people take through the site: a pupil in a lesson, a teacher in class, one at home.

use fastrand::Rng;

use super::{
    features::{Feature, Page, SEARCHES},
    hit::{Deed, Hit},
    people::PersonNumber,
};

/// Somebody on their way through the site. Waits between two hits stay far below the half hour
/// that ends a visit.
pub(crate) struct Walk<'a> {
    pub(crate) random: &'a mut Rng,
    pub(crate) script: &'a mut Vec<Hit>,
    pub(crate) person: PersonNumber,
    pub(crate) subject: &'static str,
    /// Unix seconds: now, for this person.
    pub(crate) time: i64,
    /// The bell: nothing happens from then on.
    pub(crate) end: i64,
    pub(crate) referrer: &'static str,
}

/// Longest time that a use of a feature takes, in seconds.
const LONGEST_USE: f64 = 900.0;

const ADDED: [(Feature, u32); 4] = [
    (Feature::AddChoice, 52),
    (Feature::AddGapText, 26),
    (Feature::AddAudio, 14),
    (Feature::AddDrawing, 8),
];
const SHARED: [(Feature, u32); 3] =
    [(Feature::ShareByCode, 60), (Feature::ShareByQr, 15), (Feature::ShareByLink, 25)];
const ANSWERED_FIRST: [(Feature, u32); 2] = [(Feature::AnswerText, 86), (Feature::AnswerAudio, 14)];
const ANSWERED: [(Feature, u32); 3] =
    [(Feature::AnswerText, 74), (Feature::AnswerAudio, 14), (Feature::AnswerDrawing, 12)];
const CORRECTED: [(Feature, u32); 2] =
    [(Feature::CorrectInText, 82), (Feature::CorrectInAudio, 18)];

impl Walk<'_> {
    fn add(&mut self, deed: Deed) {
        if self.time < self.end {
            let (time, person, subject) = (self.time, self.person, self.subject);
            let referrer = std::mem::take(&mut self.referrer);
            self.script.push(Hit { time, person, deed, subject, referrer });
        }
    }

    fn wait(&mut self, seconds: std::ops::Range<i64>) {
        self.time += self.random.i64(seconds);
    }

    fn page(&mut self, page: Page) {
        self.add(Deed::Page(page));
        self.wait(4..25);
    }

    /// Uses a feature: it is reported when it is done, with the seconds it took.
    fn uses(&mut self, feature: Feature) {
        let value = feature.duration().map(|(median, spread)| seconds(self.random, median, spread));
        self.time += i64::from(value.unwrap_or(0));
        self.wait(2..15);
        self.add(Deed::Feature(feature, value));
    }

    fn uses_one_of(&mut self, features: &[(Feature, u32)]) {
        let sum: u32 = features.iter().map(|(_, weight)| weight).sum();
        let mut roll = self.random.u32(..sum);
        for (feature, weight) in features {
            if roll < *weight {
                return self.uses(*feature);
            }
            roll -= weight;
        }
    }

    fn chance(&mut self, percent: u32) -> bool {
        self.random.u32(..100) < percent
    }

    /// A pupil answers a quiz of so many questions and, mostly, hands it in.
    pub(crate) fn answer(mut self, questions: u32, with_drawing: bool) {
        if self.chance(20) {
            self.page(Page::Home);
        }
        self.page(Page::Answer);
        for _ in 0..questions {
            self.uses_one_of(if with_drawing { &ANSWERED } else { &ANSWERED_FIRST });
        }
        if self.chance(3) {
            self.help();
        }
        if self.chance(90) {
            self.uses(Feature::HandIn);
            self.wait(1..3);
            self.page(Page::HandedIn);
        }
        if self.chance(15) {
            self.wait(5..60);
            self.add(Deed::Ping(Page::HandedIn));
        }
    }

    /// A teacher in class shows the code on the board.
    pub(crate) fn show_code(mut self) {
        self.page(Page::Home);
        self.page(Page::Share);
        self.uses(Feature::ShareByCode);
        self.add(Deed::QuizShared);
    }

    /// A teacher at home prepares, corrects or looks around.
    pub(crate) fn work_at_home(mut self) {
        self.page(Page::Home);
        if self.chance(28) {
            self.search();
        }
        if self.chance(58) {
            self.create();
        }
        if self.chance(34) {
            self.correct();
        }
        if self.chance(6) {
            self.help();
        }
        if self.chance(30) {
            self.wait(20..300);
            self.add(Deed::Ping(Page::Home));
        }
    }

    fn create(&mut self) {
        self.page(Page::Create);
        for _ in 0..self.random.u32(4..12) {
            self.uses_one_of(&ADDED);
        }
        if self.chance(2) {
            self.add(Deed::PageWithMail(Page::Create));
            self.wait(5..30);
        }
        if self.chance(60) {
            self.uses(Feature::Preview);
        }
        if self.chance(65) {
            self.page(Page::Share);
            self.uses_one_of(&SHARED);
            self.wait(1..3);
            self.add(Deed::QuizShared);
            self.wait(3..20);
        }
    }

    fn correct(&mut self) {
        self.page(Page::Correct);
        for _ in 0..self.random.u32(6..26) {
            self.uses_one_of(&CORRECTED);
        }
    }

    fn search(&mut self) {
        self.page(Page::Catalogue);
        for _ in 0..self.random.u32(1..4) {
            let word = SEARCHES[self.random.usize(..SEARCHES.len())];
            let found = if self.chance(12) { 0 } else { self.random.u32(1..40) };
            self.add(Deed::Search(word, found));
            self.wait(8..40);
            if found > 0 && self.chance(70) {
                self.uses(Feature::LookAtSheet);
            }
        }
        if self.chance(2) {
            self.uses(Feature::Duplicate);
        }
    }

    fn help(&mut self) {
        self.page(Page::Help);
        self.uses(Feature::AskHelp);
    }

    /// A robot reads some pages.
    pub(crate) fn crawl(mut self) {
        for _ in 0..self.random.u32(2..8) {
            let page = Page::ALL[self.random.usize(..Page::ALL.len())];
            self.page(page);
        }
    }
}

/// A log-normal length of time, from one second up.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and 900")]
fn seconds(random: &mut Rng, median: f64, spread: f64) -> u32 {
    // Box and Muller's way from two even numbers to a normal one; 1 - x is never 0.
    let radius = (-2.0 * (1.0 - random.f64()).ln()).sqrt();
    let normal = radius * (std::f64::consts::TAU * random.f64()).cos();
    (median * (spread * normal).exp()).round().clamp(1.0, LONGEST_USE) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_log_normal_around_their_median() {
        let mut random = Rng::with_seed(1);
        let mut lengths: Vec<_> = (0..20_000).map(|_| seconds(&mut random, 60.0, 0.6)).collect();
        lengths.sort_unstable();
        let share = |percent: usize| f64::from(lengths[lengths.len() * percent / 100]);
        assert!((share(50) - 60.0).abs() < 2.0, "{}", share(50));
        // One sigma up and down: times and by e to the 0.6.
        assert!((share(84) - 60.0 * 1.82).abs() < 5.0, "{}", share(84));
        assert!((share(16) - 60.0 / 1.82).abs() < 3.0, "{}", share(16));
        assert!(lengths[0] >= 1);
    }
}
