//! What a site keeps: named steps and a few numbers.

use super::{Dropped, Rules, draft::Draft, page, scrub};
use crate::site::PolicyName;

/// One thing that is taken out, with its reason.
pub struct Step {
    pub name: &'static str,
    /// Why: a criterion of the CNIL's self-assessment as docs/ number them, or a rule of ours.
    pub why: &'static str,
    pub(super) run: fn(&mut Draft, &Rules),
}

/// A policy. Nothing else in the code asks which one a site has.
pub struct Policy {
    pub name: PolicyName,
    /// Run in this order on every hit.
    pub steps: &'static [Step],
    /// Bytes cut from an IPv4 address before anything is done with it.
    pub masked_bytes: u8,
    /// The fingerprint of hits without an id looks at the browser's version too.
    pub fine_fingerprint: bool,
    /// Rollups are kept this many months at most.
    pub most_months: u32,
    /// Visits are kept at most so many days after they were counted, for segments; 0: not at all.
    pub most_visit_days: u32,
    /// Which page follows which within visits is counted.
    pub transitions: bool,
    /// It is kept, under the school year's key, on which days a visitor came: distinct visitors of any days
    /// follow from it.
    pub recency: bool,
    /// Segments may ask about hours, minutes and seconds, and about screens.
    pub fine_segments: bool,
}

const fn step(name: &'static str, why: &'static str, run: fn(&mut Draft, &Rules)) -> Step {
    Step { name, why, run }
}

const NO_IDENTIFIERS: Step = step(
    "no-identifiers-in-texts",
    "mails, and the sender's own id, user id or address, are cut from every text",
    scrub::no_identifiers,
);

const AUDIENCE_VALUES: Step = step(
    "audience-values",
    "a dimension that tells an audience takes the values that were declared for it",
    audience_values,
);

static EXEMPT: Policy = Policy {
    name: PolicyName::Exempt,
    steps: &[
        step("no-campaign", "CNIL-02", no_campaign),
        step("referrer-host", "CNIL-06", referrer_host),
        step("listed-url-parameters", "CNIL-07", page::only_listed_parameters),
        step("plain-paths", "CNIL-07", page::plain_paths),
        step("listed-titles", "CNIL-07", listed_titles),
        step("listed-events", "CNIL-04", listed_events),
        AUDIENCE_VALUES,
        step("listed-dimensions", "CNIL-07", listed_dimensions),
        step("no-search-words", "CNIL-07", no_search_words),
        step("no-content-names", "CNIL-04", no_content_names),
        step("major-versions", "CNIL-05", major_versions),
        step("coarse-resolution", "CNIL-05", coarse_resolution),
        NO_IDENTIFIERS,
    ],
    masked_bytes: 2,
    fine_fingerprint: false,
    most_months: 25,
    most_visit_days: 0,
    // CNIL-14: on a page that few see, that would be somebody's way.
    transitions: false,
    // Not strictly necessary: somebody's days of a whole year would lie there while the key lives.
    recency: false,
    fine_segments: false,
};

static COMPLETE: Policy = Policy {
    name: PolicyName::Complete,
    steps: &[AUDIENCE_VALUES, NO_IDENTIFIERS],
    masked_bytes: 0,
    fine_fingerprint: true,
    most_months: u32::MAX,
    most_visit_days: 400,
    transitions: true,
    recency: true,
    fine_segments: true,
};

impl Policy {
    pub fn named(name: PolicyName) -> &'static Self {
        match name {
            PolicyName::Exempt => &EXEMPT,
            PolicyName::Complete => &COMPLETE,
        }
    }
}

fn no_campaign(draft: &mut Draft, _: &Rules) {
    if draft.drop_campaign() {
        draft.dropped.push(Dropped::Campaign);
    }
}

fn referrer_host(draft: &mut Draft, _: &Rules) {
    if let Some(referrer) = &mut draft.referrer {
        referrer.keyword = None;
        referrer.url = None;
    }
}

fn listed_titles(draft: &mut Draft, rules: &Rules) {
    if !draft.title.is_empty() && !rules.allowed().titles.contains(&draft.title) {
        draft.title.clear();
        draft.dropped.push(Dropped::PageTitle);
    }
}

/// An event that is not listed still tells that the visit goes on, and nothing more; where it is a
/// feature, it is written as that.
fn listed_events(draft: &mut Draft, rules: &Rules) {
    let Some(event) = &mut draft.event else { return };
    let listed = rules
        .allowed()
        .events
        .iter()
        .find(|it| it.category == event.category && it.action == event.action);
    match listed {
        None => {
            match draft.features.iter().find_map(|hit| rules.written(hit.id)) {
                Some((category, action)) => {
                    category.clone_into(&mut event.category);
                    action.clone_into(&mut event.action);
                    event.name.clear();
                }
                None => {
                    draft.event = None;
                    draft.silent = true;
                }
            }
            draft.dropped.push(Dropped::EventName);
        }
        Some(listed) if !event.name.is_empty() && !listed.names.contains(&event.name) => {
            event.name.clear();
            draft.dropped.push(Dropped::EventName);
        }
        Some(_) => (),
    }
}

fn listed_dimensions(draft: &mut Draft, rules: &Rules) {
    let lists = &rules.allowed().dimensions;
    let listed =
        |id: u16, value: &String| lists.iter().any(|it| it.id == id && it.values.contains(value));
    keep_dimensions(draft, |id, value| rules.audience(id).is_some() || listed(id, value));
}

fn audience_values(draft: &mut Draft, rules: &Rules) {
    keep_dimensions(draft, |id, value| rules.audience(id).is_none_or(|it| it.takes(value)));
}

fn keep_dimensions(draft: &mut Draft, keep: impl Fn(u16, &String) -> bool) {
    let before = draft.dimensions.len();
    draft.dimensions.retain(|(id, _, value)| value.is_empty() || keep(*id, value));
    for _ in draft.dimensions.len()..before {
        draft.dropped.push(Dropped::DimensionValue);
    }
}

fn no_search_words(draft: &mut Draft, _: &Rules) {
    if let Some(search) = &mut draft.search {
        search.keyword.clear();
        search.category.clear();
        draft.dropped.push(Dropped::SearchWord);
    }
}

fn no_content_names(draft: &mut Draft, _: &Rules) {
    if draft.content.take().is_some() {
        draft.silent = true;
        draft.dropped.push(Dropped::ContentName);
    }
}

fn major_versions(draft: &mut Draft, _: &Rules) {
    for version in [&mut draft.browser_version, &mut draft.os_version] {
        let major = version.split('.').next().unwrap_or_default().to_owned();
        *version = major;
    }
}

/// The width to the next lower of a few usual ones, no height.
fn coarse_resolution(draft: &mut Draft, _: &Rules) {
    let width = draft.resolution.split_once('x').and_then(|(width, _)| width.parse::<u32>().ok());
    let class = match width {
        None => "unknown",
        Some(..600) => "< 600",
        Some(600..1024) => "600–1023",
        Some(1024..1440) => "1024–1439",
        Some(1440..) => "≥ 1440",
    };
    class.clone_into(&mut draft.resolution);
}
