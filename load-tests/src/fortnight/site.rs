//! The demonstration site: what it lets through, its goals, its dimensions and its features.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use jiff::{Span, civil::Date};
use serde_json::{Value, json};

use super::{
    features::{
        ACADEMY, ESTABLISHMENT, Feature, LEVEL, LEVELS, PROFILE, Page, Profile, SUBJECT, SUBJECTS,
    },
    hit::{GOAL_SHARED, SITE},
};
use crate::api::Api;

/// The goal of seeing the page of a copy that was handed in.
const GOAL_HANDED_IN: u32 = 1;

/// What the site declares of its features.
const REGISTER: &str = concat!(
    include_str!("../../../demo/fonctionnalites.toml"),
    "\n",
    include_str!("../../../demo/etablissements.toml"),
);
/// In its place stands the day on which drawn answers are released.
const RELEASE: &str = "released = 2026-11-09";

/// Creates the site with its goals, dimensions and features, whose hits begin on a day; its number.
pub(crate) async fn create(api: &Api, policy: &str, start: Date) -> Result<u32> {
    let settings = settings().to_string();
    let parameters = [
        ("siteName", "Quizinière (démonstration)"),
        ("urls", SITE),
        ("timezone", "Europe/Paris"),
        ("policy", policy),
        ("settings", &settings),
    ];
    let site = api.create("SitesManager.addSite", &parameters).await?;
    let id = site.to_string();
    let goals = [
        (GOAL_HANDED_IN, "Copie rendue", "url", "/demo/rendu"),
        (GOAL_SHARED, "Quiz diffusé", "manually", ""),
    ];
    for (expected, name, attribute, pattern) in goals {
        let parameters = [
            ("idSite", id.as_str()),
            ("name", name),
            ("matchAttribute", attribute),
            ("pattern", pattern),
            ("patternType", "contains"),
        ];
        let number = api.create("Goals.addGoal", &parameters).await?;
        ensure!(number == expected, "the goal {name} got the number {number}, not {expected}");
    }
    let dimensions = [
        (PROFILE, "Profil", "visit"),
        (LEVEL, "Niveau", "visit"),
        (SUBJECT, "Discipline", "visit"),
        (ACADEMY, "Académie", "visit"),
        (ESTABLISHMENT, "Établissement", "visit"),
    ];
    for (expected, name, scope) in dimensions {
        let parameters =
            [("idSite", id.as_str()), ("name", name), ("scope", scope), ("active", "1")];
        let method = "CustomDimensions.configureNewCustomDimension";
        let number = api.create(method, &parameters).await?;
        ensure!(number == u32::from(expected), "the dimension {name} got the number {number}");
    }
    let register = register(start)?;
    api.call("Features.apply", &[("idSite", &id), ("register", &register)]).await?;
    Ok(site)
}

/// The register of a site whose hits begin on a day.
///
/// # Errors
/// There is no day a week after it.
pub fn register(start: Date) -> Result<String> {
    let released = start.checked_add(Span::new().days(7))?;
    Ok(REGISTER.replace(RELEASE, &format!("released = {released}")))
}

/// The site's settings: the lists of what an exempt site may write under a name.
fn settings() -> Value {
    let mut names: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for feature in Feature::ALL {
        let (category, action, name) = feature.words();
        let names = names.entry((category, action)).or_default();
        if !name.is_empty() {
            names.push(name);
        }
    }
    let events: Vec<_> = names
        .iter()
        .map(|((category, action), names)| {
            json!({ "category": category, "action": action, "names": names })
        })
        .collect();
    json!({ "allowed": {
        "events": events,
        "url_parameters": [],
        "dimensions": [
            { "id": PROFILE, "values": Profile::ALL.map(Profile::label) },
            { "id": LEVEL, "values": LEVELS },
            { "id": SUBJECT, "values": SUBJECTS },
        ],
        "paths": ["/demo/**"],
        "titles": Page::ALL.map(Page::title),
    } })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_that_is_sent_is_on_the_list() {
        let settings = settings();
        let events = settings["allowed"]["events"].as_array().unwrap();
        assert_eq!(events.len(), 11);
        for feature in Feature::ALL {
            let (category, action, name) = feature.words();
            let event = events
                .iter()
                .find(|event| event["category"] == category && event["action"] == action)
                .unwrap();
            let names = event["names"].as_array().unwrap();
            assert_eq!(names.iter().any(|listed| listed == name), !name.is_empty(), "{name}");
        }
    }

    #[test]
    fn every_event_that_is_sent_is_declared_and_drawn_answers_come_later() {
        let text = register(Date::constant(2026, 9, 7)).unwrap();
        assert_eq!(REGISTER.matches(RELEASE).count(), 1);
        assert_eq!(text.matches("released = 2026-09-14").count(), 1);
        for feature in Feature::ALL {
            let (category, action, name) = feature.words();
            let event = if name.is_empty() {
                format!("category = \"{category}\", action = \"{action}\"")
            } else {
                format!("category = \"{category}\", action = \"{action}\", name = \"{name}\"")
            };
            let tracker = format!("tracker = \"{action}\", tracker-group = \"{category}\"");
            assert!(text.contains(&event) || text.contains(&tracker), "{event}");
        }
    }
}
