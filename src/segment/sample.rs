//! Small traffic made by hand, for tests of segments.

use proptest::prelude::*;

use crate::{
    session::{Sessions, Step},
    site::{Dimension, Goal, PolicyName, Scope, Site},
    strip::{
        Action, DimensionValue, Event, GoalHit, Period, Referrer, ReferrerKind, Setting, Text,
        UserKeys, Who,
    },
};

/// 2026-03-02, a Monday, 08:00 UTC.
pub(crate) const MONDAY: i64 = 1_772_438_400;
const DAY: i32 = 20_514;

pub(crate) fn site() -> Site {
    let dimension = |id, scope| Dimension { id, name: "D".into(), scope, index: 1, active: true };
    Site {
        timezone: "UTC".into(),
        policy: PolicyName::Complete,
        goals: vec![Goal::by_hand(2, "Diffusé"), Goal::by_hand(1, "Copie rendue")],
        dimensions: vec![dimension(1, Scope::Visit), dimension(2, Scope::Action)],
        ..Site::example()
    }
}

pub(crate) fn page(url: &str, title: &str) -> Action {
    Action::Page { url: Some(Text::address(url)), title: Some(Text::new(title)) }
}

pub(crate) fn happening(category: &str, action: &str, value: i64) -> Action {
    Action::Event {
        category: Text::new(category),
        action: Text::new(action),
        name: None,
        value: Some(value * 1_000_000),
    }
}

/// An event of a visitor, so many seconds after Monday, 08:00.
pub(crate) fn event(visitor: u64, after: i64, action: Action) -> Event {
    let (text, time) = (Text::new, MONDAY + after);
    let day = DAY + i32::try_from(after.div_euclid(86_400)).unwrap();
    let key = |period: u64| visitor * 1_000 + period;
    Event {
        site: 1,
        time,
        day,
        hour: u8::try_from(time.rem_euclid(86_400) / 3_600).unwrap(),
        who: Who {
            day: key(u64::try_from(day).unwrap()),
            week: key(1),
            month: key(2),
            by_id: true,
            fingerprint: visitor,
            user: (visitor.is_multiple_of(3)).then(|| UserKeys {
                day: 77_000_000 + u64::try_from(day).unwrap(),
                week: 78,
                month: 79,
            }),
        },
        action,
        page: Some(Text::address("https://www.quiziniere.com/creer")),
        referrer: (visitor.is_multiple_of(2)).then(|| Referrer {
            kind: ReferrerKind::Search,
            name: text("Qwant"),
            keyword: Some(text("quiz")),
            url: None,
        }),
        setting: Setting {
            language: text("fr"),
            country: text(if visitor.is_multiple_of(2) { "fr" } else { "be" }),
            resolution: text("1920x1080"),
            device: Some(text("tablet")),
            browser: text("Firefox"),
            browser_version: text("128.0"),
            os: text("GNU/Linux"),
            os_version: text(""),
            local_hour: Some(9),
        },
        dimensions: vec![
            DimensionValue { id: 1, scope: Scope::Visit, value: Some(text("élève")) },
            DimensionValue { id: 2, scope: Scope::Action, value: Some(text("Maths")) },
        ],
        ..Event::example()
    }
}

pub(crate) fn reaching(mut event: Event, goal: u32) -> Event {
    event.goals.push(GoalHit { id: goal, revenue: 0, multiple: false, after: None });
    event
}

/// The events with the visits they went to.
pub(crate) fn steps(events: Vec<Event>) -> Vec<Step> {
    let mut sessions = Sessions::default();
    let step = |event: Event| {
        let placed = sessions.absorb(&event)?.placed;
        Some(Step { placed, event })
    };
    events.into_iter().filter_map(step).collect()
}

pub(crate) const WEEK: Period = Period::Week(DAY);

/// Up to sixty hits of six visitors in four days.
pub(crate) fn any_traffic() -> impl Strategy<Value = Vec<Step>> {
    let action = prop_oneof![
        (0_usize..4).prop_map(|n| page(&format!("https://a.fr/{n}"), "T")),
        (0_i64..4).prop_map(|n| happening("C", "a", n)),
        Just(Action::Ping),
        (1_u32..600).prop_map(Action::Attention),
        Just(Action::Goal),
    ];
    let one = (1_u64..7, 0_i64..400_000, action, 0_u32..5);
    proptest::collection::vec(one, 0..60).prop_map(|hits| {
        let event = |(visitor, after, action, goal)| {
            let event = event(visitor, after, action);
            if (1..3).contains(&goal) { reaching(event, goal) } else { event }
        };
        steps(hits.into_iter().map(event).collect())
    })
}
