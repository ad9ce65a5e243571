//! What is wrong with a file that was understood.

use std::collections::{HashMap, HashSet};

use super::{
    file::{AudienceEntry, FeatureEntry, File, FunnelEntry},
    problem::{Entry, Fault, Problem},
};
use crate::site::{AudienceKind, Dimension, Named, Rule, Scope};

/// Words that stand for something else where a key may stand.
const RESERVED: [&str; 6] = ["all", "none", "other", "total", "unknown", "new"];

const LONGEST_KEY: usize = 60;
const LONGEST_NAME: usize = 120;
const LONGEST_TEXT: usize = 2_000;
/// As long as a hit's texts may be.
const LONGEST_PATTERN: usize = 1_024;
const LONGEST_VALUE: usize = 100;
const MOST_FEATURES: usize = 500;
const MOST_RULES: usize = 50;
const MOST_VALUES: usize = 10_000;
const MOST_FUNNELS: usize = 100;
/// What a visit remembers of a funnel has one bit for each step.
const MOST_STEPS: usize = 32;

/// Everything that is wrong, by entry.
pub(super) fn check(file: &File, dimensions: &[Dimension]) -> Vec<Problem> {
    let mut all = Checks { problems: Vec::new() };
    all.few(&Entry::File, "feature", file.features.len(), MOST_FEATURES);
    all.few(&Entry::File, "funnel", file.funnels.len(), MOST_FUNNELS);
    all.keys(file.features.iter().map(|it| (it.line, Entry::Feature(it.key.clone()), &it.key)));
    all.keys(file.audiences.iter().map(|it| (it.line, Entry::Audience(it.key.clone()), &it.key)));
    all.keys(file.funnels.iter().map(|it| (it.line, Entry::Funnel(it.key.clone()), &it.key)));
    for feature in &file.features {
        all.feature(feature);
    }
    let mut sources = HashMap::new();
    for audience in &file.audiences {
        all.audience(audience, dimensions);
        let source = match audience.kind {
            AudienceKind::Device => Some((true, 0)),
            AudienceKind::Country => Some((true, 1)),
            _ => audience.dimension.map(|it| (false, it)),
        };
        let other = source.and_then(|it| sources.insert(it, audience.key.clone()));
        if let Some(other) = other.filter(|it| *it != audience.key) {
            let entry = Entry::Audience(audience.key.clone());
            all.wrong(audience.line, entry, Fault::SameSource(other));
        }
    }
    all.pairs(file);
    for funnel in &file.funnels {
        all.funnel(funnel, file);
    }
    all.problems
}

struct Checks {
    problems: Vec<Problem>,
}

impl Checks {
    fn wrong(&mut self, line: Option<usize>, entry: Entry, fault: Fault) {
        self.problems.push(Problem::new(line, entry, fault));
    }

    fn few(&mut self, entry: &Entry, field: &'static str, count: usize, most: usize) {
        if count > most {
            self.wrong(None, entry.clone(), Fault::TooMany { field, most });
        }
    }

    fn keys<'a>(&mut self, keys: impl Iterator<Item = (Option<usize>, Entry, &'a String)>) {
        let mut seen = HashSet::new();
        for (line, entry, key) in keys {
            if !is_key(key) {
                self.wrong(line, entry, Fault::BadKey);
            } else if RESERVED.contains(&key.as_str()) {
                self.wrong(line, entry, Fault::Reserved);
            } else if !seen.insert(key) {
                self.wrong(line, entry, Fault::Duplicate);
            }
        }
    }

    fn name(&mut self, line: Option<usize>, entry: &Entry, name: &Named) {
        if name.fr.trim().is_empty() {
            self.wrong(line, entry.clone(), Fault::NoName);
        }
        for text in [&name.fr, &name.en] {
            self.text(line, entry, "name", text, LONGEST_NAME);
        }
    }

    fn text(
        &mut self,
        line: Option<usize>,
        entry: &Entry,
        field: &'static str,
        text: &str,
        most: usize,
    ) {
        if text.chars().count() > most {
            self.wrong(line, entry.clone(), Fault::TooLong { field, most });
        }
        if text.chars().any(|c| c.is_control() && c != '\n') {
            self.wrong(line, entry.clone(), Fault::Unprintable(field));
        }
    }

    fn feature(&mut self, feature: &FeatureEntry) {
        let (line, entry) = (feature.line, Entry::Feature(feature.key.clone()));
        self.name(line, &entry, &feature.name);
        self.text(line, &entry, "group", &feature.group, LONGEST_NAME);
        self.text(line, &entry, "owner", &feature.owner, LONGEST_NAME);
        self.text(line, &entry, "description", &feature.description, LONGEST_TEXT);
        if feature.rules.is_empty() {
            self.wrong(line, entry.clone(), Fault::NoRules);
        }
        self.few(&entry, "rules", feature.rules.len(), MOST_RULES);
        for (at, rule) in feature.rules.iter().enumerate() {
            self.rule(line, &entry, at + 1, rule);
        }
    }

    fn rule(&mut self, line: Option<usize>, entry: &Entry, nth: usize, rule: &Rule) {
        let says = |text: &Option<String>| text.as_deref().is_some_and(|it| it != "*");
        let page = rule.page.as_deref().is_some_and(|it| !matches!(it, "*" | "**" | "/**"));
        if !says(&rule.category) && !says(&rule.action) && !says(&rule.name) && !page {
            self.wrong(line, entry.clone(), Fault::EmptyRule(nth));
            return;
        }
        let texts = [("category", &rule.category), ("action", &rule.action), ("name", &rule.name)];
        for (field, text) in texts {
            let Some(text) = text else { continue };
            self.text(line, entry, field, text, LONGEST_PATTERN);
            if text.contains("**") {
                self.wrong(line, entry.clone(), Fault::DoubleStar(text.clone()));
            }
            if is_mail(text) {
                self.wrong(line, entry.clone(), Fault::SecretValue(text.clone()));
            }
        }
        if let Some(page) = &rule.page {
            self.text(line, entry, "page", page, LONGEST_PATTERN);
            if let Some(fault) = path_fault(page) {
                self.wrong(line, entry.clone(), fault);
            }
        }
    }

    fn audience(&mut self, audience: &AudienceEntry, dimensions: &[Dimension]) {
        let (line, kind) = (audience.line, audience.kind);
        let entry = Entry::Audience(audience.key.clone());
        self.name(line, &entry, &audience.name);
        let known = dimensions.iter().find(|it| Some(it.id) == audience.dimension);
        let fault = match (audience.dimension, known) {
            (None, _) if kind.is_sent() => Some(Fault::NoDimension(kind)),
            (None, _) => None,
            (Some(_), _) if !kind.is_sent() => Some(Fault::NeedlessDimension(kind)),
            (Some(dimension), None) => {
                let of_visits =
                    dimensions.iter().filter(|it| it.scope == Scope::Visit && it.active);
                let known = of_visits.map(|it| it.id).collect();
                Some(Fault::UnknownDimension { dimension, known })
            }
            (Some(id), Some(known)) if known.scope == Scope::Action => Some(Fault::OfActions(id)),
            (Some(id), Some(known)) if !known.active => Some(Fault::NotActive(id)),
            _ => None,
        };
        if let Some(fault) = fault {
            self.wrong(line, entry.clone(), fault);
        }
        self.values(audience, &entry);
    }

    fn values(&mut self, audience: &AudienceEntry, entry: &Entry) {
        let (line, kind) = (audience.line, audience.kind);
        // These have a form that is checked instead: a number with its check letter, a week, a code.
        let has_form = matches!(
            kind,
            AudienceKind::Establishment | AudienceKind::Cohort | AudienceKind::Group
        );
        if kind.is_sent() && !has_form && audience.values.is_empty() {
            self.wrong(line, entry.clone(), Fault::NoValues(kind));
        }
        if !kind.is_sent() && !audience.values.is_empty() {
            self.wrong(line, entry.clone(), Fault::NeedlessValues(kind));
        }
        self.few(entry, "values", audience.values.len(), MOST_VALUES);
        let mut seen = HashSet::new();
        for value in &audience.values {
            let fault = if value.trim().is_empty()
                || value.chars().count() > LONGEST_VALUE
                || value.chars().any(char::is_control)
            {
                Fault::BadValue(value.clone())
            } else if is_mail(value) {
                Fault::SecretValue(value.clone())
            } else if !seen.insert(value) {
                Fault::DuplicateValue(value.clone())
            } else {
                continue;
            };
            self.wrong(line, entry.clone(), fault);
        }
    }

    fn pairs(&mut self, file: &File) {
        let mut seen = HashSet::new();
        for pair in &file.pairs {
            let [first, second] = &pair.of;
            let entry = || Entry::Pair(pair.of.join(", "));
            for key in &pair.of {
                if !file.audiences.iter().any(|it| it.key == *key) {
                    let known = file.audiences.iter().map(|it| it.key.clone()).collect();
                    let fault = Fault::UnknownAudience { audience: key.clone(), known };
                    self.wrong(pair.line, entry(), fault);
                }
            }
            if first == second {
                self.wrong(pair.line, entry(), Fault::SameTwice);
            } else if !seen.insert(if first < second { (first, second) } else { (second, first) }) {
                self.wrong(pair.line, entry(), Fault::Duplicate);
            }
        }
    }

    fn funnel(&mut self, funnel: &FunnelEntry, file: &File) {
        let (line, entry) = (funnel.line, Entry::Funnel(funnel.key.clone()));
        self.name(line, &entry, &funnel.name);
        self.few(&entry, "steps", funnel.steps.len(), MOST_STEPS);
        if funnel.steps.len() < 2 {
            self.wrong(line, entry.clone(), Fault::TooFewSteps);
        } else if funnel.steps.iter().all(|it| it.optional) {
            self.wrong(line, entry.clone(), Fault::AllOptional);
        }
        for step in &funnel.steps {
            if !file.features.iter().any(|it| it.key == step.feature) {
                let known = file.features.iter().map(|it| it.key.clone()).collect();
                let fault = Fault::UnknownFeature { feature: step.feature.clone(), known };
                self.wrong(line, entry.clone(), fault);
            }
        }
    }
}

fn is_key(key: &str) -> bool {
    key.len() <= LONGEST_KEY
        && key.starts_with(|c: char| c.is_ascii_lowercase())
        && key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

/// Nothing that could be sent to.
fn is_mail(text: &str) -> bool {
    text.split_once('@').is_some_and(|(before, after)| {
        !before.trim().is_empty() && after.split(' ').next().is_some_and(|it| it.contains('.'))
    })
}

fn path_fault(page: &str) -> Option<Fault> {
    if !page.starts_with('/') || page.starts_with("//") {
        return Some(Fault::NoPath(page.to_owned()));
    }
    if page.contains(['?', '#']) {
        return Some(Fault::Query(page.to_owned()));
    }
    let parts: Vec<&str> = page.split('/').collect();
    let last = parts.len() - 1;
    let sound = |(at, part): (usize, &&str)| match *part {
        "*" => true,
        "**" => at == last,
        part => !part.contains('*'),
    };
    let sound = parts.iter().enumerate().all(sound);
    (!sound).then(|| Fault::StarInPath(page.to_owned()))
}
