//! The demonstration site: what it lets through, its goals and its dimensions.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use super::{
    features::{Feature, LEVEL, LEVELS, PROFILE, Page, Profile, SUBJECT, SUBJECTS},
    hit::{GOAL_SHARED, SITE},
};
use crate::api::Api;

/// The goal of seeing the page of a copy that was handed in.
const GOAL_HANDED_IN: u32 = 1;

/// Creates the site with its goals and dimensions; its number.
pub(crate) async fn create(api: &Api, policy: &str) -> Result<u32> {
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
        (SUBJECT, "Discipline", "action"),
    ];
    for (expected, name, scope) in dimensions {
        let parameters =
            [("idSite", id.as_str()), ("name", name), ("scope", scope), ("active", "1")];
        let method = "CustomDimensions.configureNewCustomDimension";
        let number = api.create(method, &parameters).await?;
        ensure!(number == u32::from(expected), "the dimension {name} got the number {number}");
    }
    Ok(site)
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
}
