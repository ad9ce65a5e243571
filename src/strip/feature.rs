//! Which features a hit is a use of. Looked at before anything is cut, as goals are: what is kept of
//! it is the feature's number.

use crate::site::{Register, Rule, TextPattern, path_fits};

use super::event::{FeatureHit, FunnelMark};

/// The category of features that stand in no group, as the tracker sends them.
const NO_GROUP: &str = "Fonctionnalité";

/// A feature, ready to be matched.
pub(super) struct Matcher {
    pub(super) id: u32,
    rules: Vec<Compiled>,
    marks: Vec<FunnelMark>,
    /// What an event is written as that is this feature but is not listed by itself.
    pub(super) written: (String, String),
}

struct Compiled {
    of_event: bool,
    category: TextPattern,
    action: TextPattern,
    name: TextPattern,
    page: Option<String>,
}

/// What a hit is, as far as features look at it.
pub(super) enum Did<'a> {
    View,
    /// Category, action, name.
    Event(&'a str, &'a str, &'a str),
    /// Somebody was before the page for a while.
    Stay,
}

impl Matcher {
    /// The features of a site that can be matched.
    pub(super) fn all(register: &Register) -> Vec<Self> {
        let marks_of = |key: &str| {
            let mut marks = Vec::new();
            for funnel in &register.funnels {
                let mut after = 0_u32;
                for (at, step) in funnel.steps.iter().enumerate().take(32) {
                    if step.feature == key {
                        let step = u8::try_from(at).unwrap_or(u8::MAX);
                        marks.push(FunnelMark { funnel: funnel.id, step, after });
                    }
                    if !step.optional {
                        after |= 1 << at;
                    }
                }
            }
            marks
        };
        let features = register.features.iter();
        let compiled = features.map(|feature| Self {
            id: feature.id,
            rules: feature.rules.iter().map(Compiled::new).collect(),
            marks: marks_of(&feature.key),
            written: (
                if feature.group.is_empty() { NO_GROUP.into() } else { feature.group.clone() },
                feature.key.clone(),
            ),
        });
        compiled.collect()
    }

    /// Whether a hit is a use of the feature, or tells how long one took.
    pub(super) fn look(&self, did: &Did<'_>, path: &str) -> Option<FeatureHit> {
        let used = !matches!(did, Did::Stay);
        let fits = self.rules.iter().any(|rule| rule.fits(did, path));
        let marks = || if used { self.marks.clone() } else { Vec::new() };
        fits.then(|| FeatureHit { id: self.id, used, marks: marks() })
    }
}

impl Compiled {
    fn new(rule: &Rule) -> Self {
        let pattern = |text: &Option<String>| TextPattern::new(text.as_deref().unwrap_or("*"));
        Self {
            of_event: rule.is_of_event(),
            category: pattern(&rule.category),
            action: pattern(&rule.action),
            name: pattern(&rule.name),
            page: rule.page.clone(),
        }
    }

    fn fits(&self, did: &Did<'_>, path: &str) -> bool {
        let told = match did {
            Did::Event(category, action, name) => {
                self.of_event
                    && self.category.fits(category)
                    && self.action.fits(action)
                    && self.name.fits(name)
            }
            Did::View | Did::Stay => !self.of_event && self.page.is_some(),
        };
        told && self
            .page
            .as_deref()
            .is_none_or(|pattern| path_fits(path, pattern, |part, expected| part == expected))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::{Feature, Funnel, FunnelStep, Named};

    fn feature(id: u32, key: &str, rules: Vec<Rule>) -> Feature {
        Feature {
            id,
            key: key.into(),
            name: Named::default(),
            group: String::new(),
            owner: String::new(),
            description: String::new(),
            released: None,
            rules,
            since: 0,
        }
    }

    fn event(category: &str, action: &str, name: &str) -> Rule {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Rule { category: some(category), action: some(action), name: some(name), page: None }
    }

    #[test]
    fn what_a_rule_does_not_say_may_be_anything() {
        for (rule, did, path, fits) in [
            (event("C", "a", ""), Did::Event("C", "a", "n"), "/x", true),
            (event("C", "a", ""), Did::Event("C", "b", "n"), "/x", false),
            (event("C", "a", "n"), Did::Event("C", "a", ""), "/x", false),
            (event("", "ajout-*", ""), Did::Event("C", "ajout-audio", ""), "/x", true),
            (event("C", "", ""), Did::View, "/x", false),
            (Rule { page: Some("/quiz/*".into()), ..Rule::default() }, Did::View, "/quiz/7", true),
            (Rule { page: Some("/quiz/*".into()), ..Rule::default() }, Did::Stay, "/quiz/7", true),
            (Rule { page: Some("/quiz/*".into()), ..Rule::default() }, Did::View, "/quiz", false),
            (
                Rule { page: Some("/quiz/**".into()), ..Rule::default() },
                Did::View,
                "/quiz/7/a",
                true,
            ),
            (
                Rule { page: Some("/quiz/**".into()), ..Rule::default() },
                Did::Event("C", "a", ""),
                "/quiz/7",
                false,
            ),
            (
                Rule { page: Some("/a/**".into()), ..event("C", "a", "") },
                Did::Event("C", "a", ""),
                "/a/1",
                true,
            ),
            (
                Rule { page: Some("/b".into()), ..event("C", "a", "") },
                Did::Event("C", "a", ""),
                "/a/1",
                false,
            ),
        ] {
            let register = Register {
                features: vec![feature(1, "x", vec![rule.clone()])],
                ..Register::default()
            };
            let hit = Matcher::all(&register)[0].look(&did, path);
            assert_eq!(hit.is_some(), fits, "{rule:?} {path}");
        }
    }

    #[test]
    fn steps_come_after_what_is_required_before_them() {
        let step = |feature: &str, optional| FunnelStep { feature: feature.into(), optional };
        let register = Register {
            features: vec![
                feature(1, "a", vec![event("a", "", "")]),
                feature(2, "b", vec![event("b", "", "")]),
            ],
            funnels: vec![Funnel {
                id: 4,
                key: "f".into(),
                name: Named::default(),
                steps: vec![step("a", false), step("b", true), step("a", false)],
                since: 0,
            }],
            ..Register::default()
        };
        let all = Matcher::all(&register);
        let marks = |hit: FeatureHit| -> Vec<_> {
            hit.marks.iter().map(|it| (it.funnel, it.step, it.after)).collect()
        };
        let of = |at: usize, did| marks(all[at].look(&did, "/").unwrap());
        assert_eq!(of(0, Did::Event("a", "", "")), [(4, 0, 0), (4, 2, 1)]);
        assert_eq!(of(1, Did::Event("b", "", "")), [(4, 1, 1)]);
    }
}
