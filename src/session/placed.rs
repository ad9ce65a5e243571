//! Where an event belongs: to which visit, after which others, and to whom in its longer periods.

use serde::{Deserialize, Serialize};

use super::thing::mix;
use crate::strip::{Event, Period, UserKeys};

/// Which visit an event belongs to. With this known, its visit can be made again from its own events,
/// whatever became of the visits beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Placed {
    /// Pseudonym of the day.
    pub visitor: u64,
    /// Place among the visitor's visits of the day, from 1.
    pub number: i64,
    /// The visitor had been seen before this visit.
    pub returning: bool,
    /// How many visits the visitor had so far, this one included, as far as is known.
    pub count: u32,
    /// Whole days from the beginning of the visitor's visit before to that of this one; `None`: none is
    /// known, or this one was told late.
    pub since_last: Option<u32>,
    /// Whole days from the beginning of the visitor's first known visit.
    pub since_first: u32,
}

/// What is known of a visitor's visits before one that begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Past {
    pub(super) visits: u32,
    /// When the first and the latest of them began.
    pub(super) first: i64,
    pub(super) last: i64,
}

impl Past {
    /// From when visits began; nothing where there are none.
    pub(super) fn of(begun: impl Iterator<Item = i64>) -> Option<Self> {
        begun.fold(None, |past: Option<Self>, time| {
            Some(past.map_or(Self::new(time), |it| it.and(time)))
        })
    }

    pub(super) fn new(time: i64) -> Self {
        Self { visits: 1, first: time, last: time }
    }

    /// With a visit that began then.
    pub(super) fn and(self, time: i64) -> Self {
        let visits = self.visits.saturating_add(1);
        Self { visits, first: self.first.min(time), last: self.last.max(time) }
    }
}

const DAY: i64 = 86_400;

impl Placed {
    /// A visit that begins now, the visitor's `number`th of the day.
    pub(super) fn beginning(
        visitor: u64,
        number: i64,
        returning: bool,
        past: Option<Past>,
        time: i64,
    ) -> Self {
        let days = |since: i64| u32::try_from((time - since).div_euclid(DAY)).ok();
        Self {
            visitor,
            number,
            returning: returning || past.is_some(),
            count: past.map_or(1, |past| past.visits.saturating_add(1)),
            since_last: past.and_then(|past| days(past.last)),
            since_first: past.and_then(|past| days(past.first)).unwrap_or_default(),
        }
    }
}

/// Whom an event counts as in a longer period than its day, as far as the keys of these periods tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    pub period: Period,
    /// The visitor, where the event opens a visit.
    pub visitor: u64,
    pub user: Option<u64>,
}

impl Member {
    /// The same event in its week and in its month.
    pub fn of(event: &Event) -> [Self; 2] {
        let who = &event.who;
        let distinct = |key| distinct(event, key);
        let [_, week, month] = Period::of(event.day);
        let user = |pick: fn(UserKeys) -> u64| who.user.map(pick);
        [
            Self { period: week, visitor: distinct(who.week), user: user(|it| it.week) },
            Self { period: month, visitor: distinct(who.month), user: user(|it| it.month) },
        ]
    }

    /// The same event in its calendar year and in its school year, where it is known who it is of in them.
    pub fn of_years(event: &Event) -> impl Iterator<Item = Self> {
        let member = |period, key, user| Self { period, visitor: distinct(event, key), user };
        event.years.into_iter().flat_map(move |who| {
            let [year, school] = Period::years(event.day);
            let [in_year, in_school] = who.user.map_or([None; 2], |keys| keys.map(Some));
            [member(year, who.year, in_year), member(school, who.school_year, in_school)]
        })
    }
}

/// Of whom no id tells, every visit is another visitor.
fn distinct(event: &Event, key: u64) -> u64 {
    if event.who.by_id { key } else { mix(key ^ mix(event.time.cast_unsigned())) }
}
