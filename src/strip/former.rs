//! Hits as earlier versions wrote them, so that a journal is read across an upgrade.

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::{Action, DimensionValue, Dropped, Event, GoalHit, Referrer, Setting, Text, Who};
use crate::site::{DayNumber, SiteId};

/// An event before features, page timings and goals by length.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Former {
    site: SiteId,
    time: i64,
    day: DayNumber,
    hour: u8,
    who: Who,
    new_visit: bool,
    action: Action,
    page: Option<Text>,
    referrer: Option<Referrer>,
    setting: Setting,
    dimensions: Vec<DimensionValue>,
    goals: Vec<FormerGoal>,
    dropped: Vec<Dropped>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct FormerGoal {
    id: u32,
    revenue: i64,
    multiple: bool,
}

impl From<Former> for Event {
    fn from(former: Former) -> Self {
        let goal = |it: FormerGoal| GoalHit {
            id: it.id,
            revenue: it.revenue,
            multiple: it.multiple,
            after: None,
        };
        Self {
            site: former.site,
            time: former.time,
            day: former.day,
            hour: former.hour,
            who: former.who,
            new_visit: former.new_visit,
            action: former.action,
            page: former.page,
            referrer: former.referrer,
            setting: former.setting,
            dimensions: former.dimensions,
            goals: former.goals.into_iter().map(goal).collect(),
            features: Vec::new(),
            cuts: SmallVec::new(),
            timings: None,
            dropped: former.dropped,
            years: None,
            recency: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Record, *};

    #[test]
    fn a_journal_of_before_is_read() {
        let text = |text: &str| Text::new(text);
        let former = Former {
            site: 3,
            time: 1_774_909_800,
            day: 20_542,
            hour: 11,
            who: Who { day: 1, week: 2, month: 3, by_id: true, fingerprint: 4, user: None },
            new_visit: false,
            action: Action::Ping,
            page: Some(text("https://a.fr/")),
            referrer: None,
            setting: Setting {
                language: text("fr"),
                country: text("fr"),
                resolution: text("unknown"),
                device: None,
                browser: text("Firefox"),
                browser_version: text("140"),
                os: text("Linux"),
                os_version: text(""),
                local_hour: Some(11),
            },
            dimensions: vec![],
            goals: vec![FormerGoal { id: 7, revenue: 5, multiple: true }],
            dropped: vec![Dropped::EventName],
        };
        let bytes = postcard::to_allocvec(&Record::Former(Box::new(former))).unwrap();
        // What earlier versions called an event is the first variant.
        assert_eq!(bytes.first(), Some(&0));
        let Record::Former(former) = postcard::from_bytes(&bytes).unwrap() else {
            panic!("former")
        };
        let event = Event::from(*former);
        assert_eq!((event.site, event.hour, event.page), (3, 11, Some(text("https://a.fr/"))));
        let goal = GoalHit { id: 7, revenue: 5, multiple: true, after: None };
        assert_eq!((event.goals, event.dropped), (vec![goal], vec![Dropped::EventName]));
        assert!(event.features.is_empty() && event.cuts.is_empty());
    }
}
