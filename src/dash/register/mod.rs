//! The register of features: what is declared, the file, and the form of one feature.

mod form;

use serde::Serialize;

use super::{
    dates,
    lang::{Chosen, Lang},
    overview::SiteName,
    text::Text,
};
use crate::{
    register::Language,
    site::{self, Register, Rule},
};

pub use form::{FeatureForm, Tried};

/// What is declared of a site.
#[derive(Clone, Debug, Default)]
pub struct RegisterPage {
    pub site: SiteName,
    pub register: Register,
    /// The file that is shown to be changed: the present one, or the one that was sent.
    pub file: String,
    pub told: Told,
}

/// What became of what was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Told {
    #[default]
    Nothing,
    /// Lines of the difference, none where nothing would change.
    Plan(Vec<String>),
    Problems(Vec<String>),
    /// Somebody else was faster.
    Overtaken,
    /// It was applied.
    Applied,
}

#[derive(Debug, Serialize)]
pub(super) struct View {
    site: SiteName,
    /// The site's dashboard.
    back: String,
    here: String,
    add: String,
    download: String,
    file: String,
    rows: usize,
    count: String,
    applied: bool,
    overtaken: bool,
    problems: Vec<String>,
    planned: bool,
    changes: Vec<String>,
    groups: Vec<Group>,
    audiences: Vec<AudienceRow>,
    pairs: Vec<String>,
    funnels: Vec<FunnelRow>,
}

#[derive(Debug, Serialize)]
struct Group {
    name: String,
    features: Vec<FeatureRow>,
}

#[derive(Debug, Serialize)]
struct FeatureRow {
    name: String,
    key: String,
    edit: String,
    description: String,
    rules: Vec<String>,
    owner: String,
    released: String,
    since: String,
}

#[derive(Debug, Serialize)]
struct AudienceRow {
    name: String,
    key: String,
    source: String,
    values: String,
}

#[derive(Debug, Serialize)]
struct FunnelRow {
    name: String,
    key: String,
    steps: String,
}

/// The address of one of these pages.
pub(in crate::dash) fn address(path: &str, site: u32, chosen: Chosen) -> String {
    let lang = if chosen.asked { format!("&lang={}", chosen.lang.code()) } else { String::new() };
    format!("{path}?site={site}{lang}")
}

/// The list in another language.
pub(super) fn in_lang(site: u32, lang: Lang) -> String {
    address(LIST, site, Chosen { lang, asked: true })
}

/// The list.
pub(super) const LIST: &str = "/features/register";
/// The form of one feature.
pub(super) const EDIT: &str = "/features/register/edit";
/// The file.
const FILE: &str = "/features/register.toml";

impl Lang {
    /// The same language, as problems and changes of a register are told in.
    pub fn of_register(self) -> Language {
        match self {
            Self::Fr => Language::Fr,
            Self::En => Language::En,
        }
    }
}

impl RegisterPage {
    pub(super) fn view(&self, chosen: Chosen, text: &Text) -> View {
        let id = self.site.id;
        let told = |problems: bool| match &self.told {
            Told::Problems(lines) if problems => lines.clone(),
            Told::Plan(lines) if !problems => lines.clone(),
            _ => Vec::new(),
        };
        let features = u64::try_from(self.register.features.len()).unwrap_or_default();
        View {
            site: self.site.clone(),
            back: super::address::Address::site(id, chosen).plain(),
            here: address(LIST, id, chosen),
            add: address(EDIT, id, chosen),
            download: address(FILE, id, chosen),
            file: self.file.clone(),
            rows: self.file.lines().count().clamp(8, 24),
            count: text.count("register.count", features),
            applied: self.told == Told::Applied,
            overtaken: self.told == Told::Overtaken,
            problems: told(true),
            planned: matches!(self.told, Told::Plan(_)),
            changes: told(false),
            groups: self.groups(chosen, text),
            audiences: self.audiences(text),
            pairs: self.register.pairs.iter().map(|it| self.pair(&it.of, text)).collect(),
            funnels: self.funnels(text),
        }
    }

    /// Groups in the order in which they first stand in the file.
    fn groups(&self, chosen: Chosen, text: &Text) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        for it in &self.register.features {
            let name =
                if it.group.is_empty() { text.say("register.no_group") } else { it.group.clone() };
            let row = FeatureRow {
                name: it.name.of(text.lang().code()).to_owned(),
                key: it.key.clone(),
                // Keys need no escaping.
                edit: format!("{}&key={}", address(EDIT, self.site.id, chosen), it.key),
                description: it.description.clone(),
                rules: it.rules.iter().map(|it| rule(it, text)).collect(),
                owner: it.owner.clone(),
                released: it.released.map(|it| day(it, text)).unwrap_or_default(),
                since: day(it.since, text),
            };
            match groups.iter_mut().find(|group| group.name == name) {
                Some(group) => group.features.push(row),
                None => groups.push(Group { name, features: vec![row] }),
            }
        }
        groups
    }

    fn audiences(&self, text: &Text) -> Vec<AudienceRow> {
        let row = |it: &site::Audience| AudienceRow {
            name: it.name.of(text.lang().code()).to_owned(),
            key: it.key.clone(),
            source: match it.dimension {
                Some(number) => {
                    text.fill("register.by_dimension", &[("number", &number.to_string())])
                }
                None => text.say("register.by_itself"),
            },
            values: match it.values.as_slice() {
                [] if it.kind.is_sent() => text.say("register.any_value"),
                [] => text.say("register.all_values"),
                values => values.join(", "),
            },
        };
        self.register.audiences.iter().map(row).collect()
    }

    fn pair(&self, of: &[String; 2], text: &Text) -> String {
        let name = |key: &String| {
            let audience = self.register.audience(key);
            audience.map_or(key.as_str(), |it| it.name.of(text.lang().code())).to_owned()
        };
        let [first, second] = of;
        format!("{} × {}", name(first), name(second))
    }

    fn funnels(&self, text: &Text) -> Vec<FunnelRow> {
        let step = |it: &site::FunnelStep| {
            let feature = self.register.feature_of_key(&it.feature);
            let name = feature.map_or(it.feature.as_str(), |it| it.name.of(text.lang().code()));
            if it.optional {
                text.fill("register.optional", &[("step", name)])
            } else {
                name.into()
            }
        };
        let row = |it: &site::Funnel| FunnelRow {
            name: it.name.of(text.lang().code()).to_owned(),
            key: it.key.clone(),
            steps: it.steps.iter().map(step).collect::<Vec<_>>().join(" → "),
        };
        self.register.funnels.iter().map(row).collect()
    }
}

fn day(number: site::DayNumber, text: &Text) -> String {
    dates::with_year(site::date_of(number), text)
}

/// A rule in words.
fn rule(rule: &Rule, text: &Text) -> String {
    let said = [
        ("register.rule_category", &rule.category),
        ("register.rule_action", &rule.action),
        ("register.rule_name", &rule.name),
        ("register.rule_page", &rule.page),
    ];
    let said =
        said.iter().filter_map(|(key, it)| Some(text.fill(key, &[("text", it.as_deref()?)])));
    said.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod example;
#[cfg(test)]
pub(super) use example::{feature_form, register};
