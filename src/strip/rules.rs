//! A site's settings, compiled once so that no hit has to.

use jiff::tz::TimeZone;

use smallvec::SmallVec;

use super::{Policy, exclude::Exclusions, feature, goal::Matcher, page::Parameters};
use crate::site::{
    Allowed, AllowedEvent, Audience, Cut, Dimension, FeatureId, Register, Site, SiteId,
};

/// Names that hold a search keyword where the site names none.
const USUAL_KEYWORDS: [&str; 7] = ["q", "query", "s", "search", "searchword", "k", "keyword"];

/// What stripping a site's hits needs.
pub struct Rules {
    site: SiteId,
    zone: TimeZone,
    policy: &'static Policy,
    pub(super) keep_fragment: bool,
    pub(super) parameters: Parameters,
    pub(super) search: Option<SearchNames>,
    pub(super) exclusions: Exclusions,
    pub(super) goals: Vec<Matcher>,
    pub(super) features: Vec<feature::Matcher>,
    pub(super) cuts: SmallVec<[Cut; 4]>,
    audiences: Vec<Audience>,
    pub(super) hosts: Vec<String>,
    pub(super) excluded_referrers: Vec<String>,
    dimensions: Vec<Dimension>,
    allowed: Allowed,
}

/// Query parameters that name a site search.
pub(super) struct SearchNames {
    pub(super) keywords: Vec<String>,
    pub(super) categories: Vec<String>,
}

impl Rules {
    pub fn new(site: &Site) -> Self {
        let settings = &site.settings;
        let lower = |names: &[String]| {
            names
                .iter()
                .map(|name| name.trim().to_lowercase())
                .filter(|name| !name.is_empty())
                .collect::<Vec<_>>()
        };
        let mut keywords = lower(&settings.search_keyword_parameters);
        if keywords.is_empty() {
            keywords = USUAL_KEYWORDS.map(str::to_owned).to_vec();
        }
        let categories = lower(&settings.search_category_parameters);
        Self {
            site: site.id,
            zone: site.zone(),
            policy: Policy::named(site.policy),
            keep_fragment: settings.keep_url_fragment,
            parameters: Parameters::new(&settings.excluded_parameters),
            search: settings.site_search.then_some(SearchNames { keywords, categories }),
            exclusions: Exclusions::new(site),
            goals: site.goals.iter().filter_map(Matcher::new).collect(),
            features: feature::Matcher::all(&site.register),
            cuts: site.register.cuts().into(),
            audiences: site.register.audiences.clone(),
            hosts: site.urls.iter().filter_map(|url| super::page::host_of(url)).collect(),
            excluded_referrers: lower(&settings.excluded_referrers),
            dimensions: site.dimensions.iter().filter(|it| it.active).cloned().collect(),
            allowed: allowed(&settings.allowed, &site.register),
        }
    }

    pub fn site(&self) -> SiteId {
        self.site
    }
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }
    pub fn policy(&self) -> &'static Policy {
        self.policy
    }
    pub(super) fn allowed(&self) -> &Allowed {
        &self.allowed
    }
    /// Category and action that a feature is written as where its event is not listed.
    pub(super) fn written(&self, feature: FeatureId) -> Option<(&str, &str)> {
        let feature = self.features.iter().find(|it| it.id == feature)?;
        Some((&feature.written.0, &feature.written.1))
    }
    /// The audience that a dimension carries.
    pub(super) fn audience(&self, dimension: u16) -> Option<&Audience> {
        self.audiences.iter().find(|it| it.dimension == Some(dimension))
    }
    pub(super) fn dimension(&self, id: u16) -> Option<&Dimension> {
        self.dimensions.iter().find(|it| it.id == id)
    }
}

/// What a site lists, and what its features name to the letter.
fn allowed(listed: &Allowed, register: &Register) -> Allowed {
    let mut allowed = listed.clone();
    for rule in register.features.iter().flat_map(|it| &it.rules) {
        let plain = |text: &Option<String>| text.clone().filter(|it| !it.contains('*'));
        let (Some(category), Some(action)) = (plain(&rule.category), plain(&rule.action)) else {
            continue;
        };
        let same = |it: &&mut AllowedEvent| it.category == category && it.action == action;
        let names = plain(&rule.name);
        match allowed.events.iter_mut().find(same) {
            Some(event) => event.names.extend(names),
            None => allowed.events.push(AllowedEvent {
                category,
                action,
                names: names.into_iter().collect(),
            }),
        }
    }
    allowed
}
