//! Any text is a segment or is refused.
#![no_main]

use libfuzzer_sys::fuzz_target;
use padoqe::{
    segment::Segment,
    site::{Dimension, PolicyName, Scope, Settings, Site},
};

fuzz_target!(|text: &str| {
    let site = Site {
        id: 1,
        name: String::new(),
        urls: Vec::new(),
        timezone: "Europe/Paris".into(),
        currency: "EUR".into(),
        policy: PolicyName::Complete,
        created: 0,
        settings: Settings::default(),
        goals: Vec::new(),
        dimensions: vec![Dimension {
            id: 1,
            name: String::new(),
            scope: Scope::Action,
            index: 1,
            active: true,
        }],
    };
    Segment::parse(text, &site).ok();
});
