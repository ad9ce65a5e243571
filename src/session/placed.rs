//! Where an event belongs: to which visit, and to whom in its week and month.

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

    /// The same event in its calendar year, where it is known who it is of in it.
    pub fn of_year(event: &Event) -> Option<Self> {
        let who = event.years?;
        let [year, _] = Period::years(event.day);
        let user = who.user.map(|[in_year, _]| in_year);
        Some(Self { period: year, visitor: distinct(event, who.year), user })
    }
}

/// Of whom no id tells, every visit is another visitor.
fn distinct(event: &Event, key: u64) -> u64 {
    if event.who.by_id { key } else { mix(key ^ mix(event.time.cast_unsigned())) }
}
