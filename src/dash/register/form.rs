//! The form of one feature, with what its rules take.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{EDIT, LIST, address};
use crate::{
    dash::{lang::Chosen, number, overview::SiteName, text::Text},
    register::{FeatureEntry, KnownEvent, KnownPage, Preview},
    site::Rule,
};

/// Names shown of what a rule takes.
const SHOWN: usize = 12;
/// Names offered to choose from.
const OFFERED: usize = 200;

/// The form, as it was filled in.
#[derive(Clone, Debug, Default)]
pub struct FeatureForm {
    pub site: SiteName,
    /// The feature is there already: its key stays.
    pub known: bool,
    pub entry: FeatureEntry,
    /// The day of release as it was typed.
    pub released: String,
    /// What the rules of the entry take, in their order.
    pub tried: Vec<Tried>,
    pub problems: Vec<String>,
    pub overtaken: bool,
    /// It is asked whether the feature shall really go.
    pub removing: bool,
    /// Names to choose from.
    pub events: Vec<KnownEvent>,
    pub pages: Vec<KnownPage>,
    pub days: u32,
}

/// What one rule takes.
#[derive(Clone, Debug, Default)]
pub enum Tried {
    #[default]
    Nothing,
    Found(Preview),
}

#[derive(Debug, Serialize)]
pub(in crate::dash) struct View {
    site: SiteName,
    back: String,
    list: String,
    here: String,
    title: String,
    known: bool,
    key: String,
    name_fr: String,
    name_en: String,
    group: String,
    owner: String,
    description: String,
    released: String,
    rules: Vec<RuleView>,
    problems: Vec<String>,
    overtaken: bool,
    removing: bool,
    categories: Vec<String>,
    actions: Vec<String>,
    names: Vec<String>,
    paths: Vec<String>,
}

#[derive(Debug, Serialize)]
struct RuleView {
    n: usize,
    legend: String,
    category: String,
    action: String,
    name: String,
    page: String,
    /// What it takes, in one sentence; none where it was not tried.
    sum: Option<String>,
    page_not_looked_at: bool,
    found: Vec<FoundView>,
    more: Option<String>,
}

#[derive(Debug, Serialize)]
struct FoundView {
    what: String,
    count: String,
}

impl FeatureForm {
    pub(in crate::dash) fn title(&self, text: &Text) -> String {
        if self.known {
            let name = self.entry.name.of(text.lang().code());
            let name = if name.is_empty() { &self.entry.key } else { name };
            text.fill("register.form.change", &[("name", name)])
        } else {
            text.say("register.form.add")
        }
    }

    /// The address of the form.
    pub(in crate::dash) fn here(&self, chosen: Chosen) -> String {
        let here = address(EDIT, self.site.id, chosen);
        if self.known { format!("{here}&key={}", self.entry.key) } else { here }
    }

    pub(in crate::dash) fn view(&self, chosen: Chosen, text: &Text) -> View {
        let offered = |of: fn(&KnownEvent) -> &String| sorted(self.events.iter().map(of));
        let rules = self.entry.rules.iter().enumerate();
        View {
            site: self.site.clone(),
            back: crate::dash::address::Address::site(self.site.id, chosen).plain(),
            list: address(LIST, self.site.id, chosen),
            here: self.here(chosen),
            title: self.title(text),
            known: self.known,
            key: self.entry.key.clone(),
            name_fr: self.entry.name.fr.clone(),
            name_en: self.entry.name.en.clone(),
            group: self.entry.group.clone(),
            owner: self.entry.owner.clone(),
            description: self.entry.description.clone(),
            released: self.released.clone(),
            rules: rules.map(|(at, rule)| self.rule(at, rule, text)).collect(),
            problems: self.problems.clone(),
            overtaken: self.overtaken,
            removing: self.removing,
            categories: offered(|it| &it.category),
            actions: offered(|it| &it.action),
            names: offered(|it| &it.name),
            paths: sorted(self.pages.iter().map(|it| &it.path)),
        }
    }

    fn rule(&self, at: usize, rule: &Rule, text: &Text) -> RuleView {
        let field = |it: &Option<String>| it.clone().unwrap_or_default();
        let found = match self.tried.get(at) {
            Some(Tried::Found(preview)) => Some(preview),
            _ => None,
        };
        let rows = found.map(|it| rows(it, text)).unwrap_or_default();
        let more = rows.len().saturating_sub(SHOWN);
        let more = u64::try_from(more).unwrap_or_default();
        RuleView {
            n: at + 1,
            legend: text.fill("register.form.rule", &[("n", &(at + 1).to_string())]),
            category: field(&rule.category),
            action: field(&rule.action),
            name: field(&rule.name),
            page: field(&rule.page),
            sum: found.map(|it| self.sum(it, rule, text)),
            page_not_looked_at: found.is_some_and(|it| it.page_not_looked_at),
            found: rows.into_iter().take(SHOWN).collect(),
            more: (more > 0).then(|| text.count("register.form.more_names", more)),
        }
    }

    fn sum(&self, found: &Preview, rule: &Rule, text: &Text) -> String {
        let days = self.days.to_string();
        if found.total == 0 {
            return text.fill("register.form.takes_nothing", &[("days", &days)]);
        }
        let key = if rule.is_of_event() { "counts.uses" } else { "register.form.views" };
        let count = text.count(key, found.total);
        text.fill("register.form.takes", &[("count", &count), ("days", &days)])
    }
}

fn rows(found: &Preview, text: &Text) -> Vec<FoundView> {
    let count = |count| number::integer(count, text.lang());
    let event = |it: &KnownEvent| {
        let texts = [&it.category, &it.action, &it.name];
        let said: Vec<&str> =
            texts.into_iter().map(String::as_str).filter(|it| !it.is_empty()).collect();
        FoundView { what: said.join(" › "), count: count(it.uses) }
    };
    let page = |it: &KnownPage| FoundView { what: it.path.clone(), count: count(it.views) };
    found.events.iter().map(event).chain(found.pages.iter().map(page)).collect()
}

/// Each once, in order.
fn sorted<'a>(texts: impl Iterator<Item = &'a String>) -> Vec<String> {
    let once: BTreeSet<&String> = texts.filter(|it| !it.is_empty()).collect();
    once.into_iter().take(OFFERED).cloned().collect()
}
