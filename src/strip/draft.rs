//! A hit on its way through the steps: texts may still be cut, nothing may be written yet.

use super::{
    Action, Atlas, Device, DimensionValue, Dropped, Event, FeatureHit, GoalHit, Rules, Setting,
    Text, Who,
    feature::Did,
    goal::{Looked, millionths},
    page::{self, Parts},
    referrer::{self, Origin},
};
use crate::{
    collect::{Arrival, Content, EventParts, Hit, Invalid, SearchParts, Tracked},
    site::{DayNumber, Scope},
};

/// What the steps may change.
pub(super) struct Draft {
    pub(super) url: Option<Parts>,
    pub(super) title: String,
    pub(super) download: Option<String>,
    pub(super) outlink: Option<String>,
    pub(super) search: Option<SearchParts>,
    pub(super) event: Option<EventParts>,
    pub(super) content: Option<Content>,
    pub(super) referrer: Option<Origin>,
    /// What the referrer would be without campaigns.
    without_campaign: Option<Origin>,
    pub(super) dimensions: Vec<(u16, Scope, String)>,
    pub(super) resolution: String,
    pub(super) browser_version: String,
    pub(super) os_version: String,
    /// The hit only says that its visit goes on.
    pub(super) silent: bool,
    /// A page view, whatever is left of its address and title.
    page_view: bool,
    goals: Vec<GoalHit>,
    pub(super) features: Vec<FeatureHit>,
    device: Device,
    language: String,
    country: Option<Text>,
    /// What the sender said of itself, to be cut from every text.
    pub(super) own: Vec<String>,
    pub(super) dropped: Vec<Dropped>,
}

impl Draft {
    /// Understands a hit in the light of its site.
    ///
    /// The outer error is Matomo's status 400, the inner one a reason to drop.
    pub(super) fn new(
        arrival: &Arrival,
        rules: &Rules,
        atlas: &Atlas,
        device: Device,
    ) -> Result<Result<Self, Dropped>, Invalid> {
        let hit = arrival.hit();
        let landing = page::split(&hit.url);
        let (referrer, without_campaign) = referrer::origins(hit, landing.as_ref(), rules);
        let search = landing.as_ref().and_then(|landing| search_in_address(landing, rules));
        let url = landing.map(|landing| page::cleaned(landing, rules));
        let mut draft = Self {
            title: hit.title.clone(),
            download: None,
            outlink: None,
            search: None,
            event: None,
            content: None,
            referrer,
            without_campaign,
            dimensions: dimensions(hit, rules),
            resolution: if hit.resolution.is_empty() {
                "unknown".into()
            } else {
                hit.resolution.clone()
            },
            browser_version: device.browser_version.clone(),
            os_version: device.os_version.clone(),
            silent: false,
            page_view: false,
            goals: Vec::new(),
            features: Vec::new(),
            language: language(arrival.language()),
            country: hit
                .country
                .as_deref()
                .map(Text::new)
                .or_else(|| atlas.countries.of(arrival.address(), rules.policy().masked_bytes)),
            own: own(arrival),
            dropped: vec![Dropped::TrackerMistake; usize::from(hit.mistakes)],
            url,
            device,
        };
        match &hit.tracked {
            Tracked::Ecommerce => return Ok(Err(Dropped::Commerce)),
            Tracked::Unknown => return Ok(Err(Dropped::UnknownAction)),
            Tracked::Goal(id, revenue) => draft.goals.push(by_hand(*id, *revenue, rules)?),
            Tracked::Ping => draft.silent = true,
            Tracked::Download(url) => draft.download = Some(url.clone()),
            Tracked::Outlink(url) => draft.outlink = Some(url.clone()),
            Tracked::Event(event) => draft.event = Some(event.clone()),
            Tracked::Content(content) => draft.content = Some(content.clone()),
            Tracked::Search(search) if rules.search.is_some() => {
                draft.search = Some(search.clone())
            }
            Tracked::Search(_) | Tracked::PageView => {
                draft.search = search;
                draft.page_view = draft.search.is_none();
            }
        }
        draft.reach_goals(hit, rules);
        draft.use_features(hit, rules);
        Ok(Ok(draft))
    }

    fn reach_goals(&mut self, hit: &Hit, rules: &Rules) {
        if !self.goals.is_empty() || self.silent {
            return;
        }
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let (file, website) = (text(&self.download), text(&self.outlink));
        let event = self.event.as_ref();
        let looked = Looked {
            url: if self.page_view { &hit.url } else { "" },
            title: if self.page_view { &hit.title } else { "" },
            file: &file,
            website: &website,
            event: event.map_or(("", "", ""), |it| (&it.category, &it.action, &it.name)),
        };
        let value = event.and_then(|event| event.value).map(millionths);
        for goal in rules.goals.iter().filter(|goal| goal.matches(&looked)) {
            let own = if goal.value_is_revenue { value.unwrap_or(0) } else { goal.revenue };
            self.goals.push(goal.hit(own));
        }
    }

    fn use_features(&mut self, hit: &Hit, rules: &Rules) {
        let did = match &self.event {
            Some(event) => Did::Event(&event.category, &event.action, &event.name),
            None if self.page_view => Did::View,
            None if attention(hit).is_some() => Did::Stay,
            None => return,
        };
        let path = self.url.as_ref().map_or("", |url| &url.path);
        self.features = rules.features.iter().filter_map(|it| it.look(&did, path)).collect();
    }

    /// Takes a campaign away; whether there was one.
    pub(super) fn drop_campaign(&mut self) -> bool {
        let campaign = self.referrer.as_ref().is_some_and(Origin::is_campaign);
        if campaign {
            self.referrer = self.without_campaign.take();
        }
        campaign
    }

    /// The agent as the fingerprint sees it: its family, and its version where that is asked for.
    pub(super) fn agent_class(&self, fine: bool) -> [&str; 3] {
        let version = if fine { self.device.browser_version.as_str() } else { "" };
        [&self.device.browser.text, version, &self.device.os.text]
    }

    /// Shows every text that would be written to `change`.
    pub(super) fn each_text(&mut self, change: &mut dyn FnMut(&mut String)) {
        if let Some(url) = &mut self.url {
            url.texts(change);
        }
        change(&mut self.title);
        for link in [&mut self.download, &mut self.outlink].into_iter().flatten() {
            change(link);
        }
        if let Some(search) = &mut self.search {
            change(&mut search.keyword);
            change(&mut search.category);
        }
        if let Some(event) = &mut self.event {
            change(&mut event.category);
            change(&mut event.action);
            change(&mut event.name);
        }
        if let Some(content) = &mut self.content {
            change(&mut content.name);
            change(&mut content.piece);
        }
        if let Some(referrer) = &mut self.referrer {
            referrer.texts(change);
        }
        for (_, _, value) in &mut self.dimensions {
            change(value);
        }
        change(&mut self.language);
        change(&mut self.resolution);
    }

    /// What is left, to be written.
    pub(super) fn into_event(
        self,
        arrival: &Arrival,
        rules: &Rules,
        day: DayNumber,
        hour: u8,
        who: Who,
    ) -> Event {
        let address = self.url.as_ref().map(|url| Text::address(&url.join()));
        let setting = Setting {
            language: Text::new(&self.language),
            country: self.country.unwrap_or_else(|| Text::new("xx")),
            resolution: Text::new(&self.resolution),
            device: self.device.kind.clone(),
            browser: self.device.browser.clone(),
            browser_version: Text::new(&self.browser_version),
            os: self.device.os.clone(),
            os_version: Text::new(&self.os_version),
            // Matomo takes the hour in UTC where the visitor's clock was not sent.
            local_hour: arrival
                .hit()
                .local_hour
                .or_else(|| u8::try_from(arrival.time().rem_euclid(86_400) / 3_600).ok()),
        };
        let (action, page) = if self.silent {
            (attention(arrival.hit()).map_or(Action::Ping, Action::Attention), address)
        } else if let Some(url) = self.download {
            (Action::Download(Text::new(&url)), address)
        } else if let Some(url) = self.outlink {
            (Action::Outlink(Text::new(&url)), address)
        } else if let Some(event) = self.event {
            (event_action(&event), address)
        } else if let Some(content) = self.content {
            let (name, piece) = (Text::new(&content.name), set(&content.piece));
            (Action::Content { name, piece, interaction: content.interaction }, address)
        } else if let Some(search) = self.search {
            let (keyword, category) = (set(&search.keyword), set(&search.category));
            (Action::Search { keyword, category, found: search.count }, address)
        } else if self.page_view {
            (Action::Page { url: address, title: set(&self.title) }, None)
        } else {
            (Action::Goal, address)
        };
        Event {
            site: rules.site(),
            time: arrival.time(),
            day,
            hour,
            who,
            new_visit: arrival.hit().new_visit,
            action,
            page,
            referrer: self.referrer.map(Origin::into_referrer),
            setting,
            dimensions: self
                .dimensions
                .into_iter()
                .map(|(id, scope, value)| DimensionValue { id, scope, value: set(&value) })
                .collect(),
            goals: self.goals,
            features: self.features,
            cuts: rules.cuts.clone(),
            timings: arrival.hit().timings.map(Box::new),
            dropped: self.dropped,
            years: None,
            recency: false,
        }
    }
}

impl Parts {
    fn texts(&mut self, change: &mut dyn FnMut(&mut String)) {
        change(&mut self.path);
        for part in [&mut self.query, &mut self.fragment].into_iter().flatten() {
            change(part);
        }
        self.drop_user();
    }
}

/// Only a ping tells it.
fn attention(hit: &Hit) -> Option<u32> {
    hit.attention.filter(|_| hit.tracked == Tracked::Ping)
}

fn event_action(event: &EventParts) -> Action {
    Action::Event {
        category: Text::new(&event.category),
        action: Text::new(&event.action),
        name: set(&event.name),
        value: event.value.map(millionths),
    }
}

fn set(text: &str) -> Option<Text> {
    (!text.is_empty()).then(|| Text::new(text))
}

fn by_hand(id: u32, revenue: Option<f64>, rules: &Rules) -> Result<GoalHit, Invalid> {
    let goal = rules.goals.iter().find(|goal| goal.id == id).ok_or(Invalid::UnknownGoal)?;
    let revenue =
        revenue.map_or(goal.revenue, |revenue| millionths((revenue * 100.0).round() / 100.0));
    Ok(goal.hit(revenue))
}

fn dimensions(hit: &Hit, rules: &Rules) -> Vec<(u16, Scope, String)> {
    let known = hit.dimensions.iter().filter_map(|(id, value)| {
        rules.dimension(*id).map(|dimension| (*id, dimension.scope, value.clone()))
    });
    known.collect()
}

/// A search that the address itself tells: the first configured name with a value, in the query or
/// the fragment.
fn search_in_address(parts: &Parts, rules: &Rules) -> Option<SearchParts> {
    let names = rules.search.as_ref()?;
    if parts.query.is_none() && parts.fragment.is_none() {
        return None;
    }
    let fragment = parts.fragment.as_deref().unwrap_or_default();
    let fragment = fragment.split_once('?').map_or(fragment, |(_, query)| query);
    let text = format!("{}&{fragment}", parts.query.as_deref().unwrap_or_default());
    let params = crate::collect::Params::parse(text.as_bytes());
    let value = |names: &[String]| {
        names.iter().find_map(|name| {
            let found = params
                .iter()
                .find(|(key, value)| key.eq_ignore_ascii_case(name) && !value.trim().is_empty());
            found.map(|(_, value)| value.trim().to_owned())
        })
    };
    Some(SearchParts {
        keyword: value(&names.keywords)?,
        category: value(&names.categories).unwrap_or_default(),
        count: params.get("search_count").and_then(|count| count.parse().ok()),
    })
}

/// The first language, with its region where it has one: `fr`, `fr-fr`; `xx` for none.
fn language(accepted: &str) -> String {
    let first = accepted.split([',', ';']).next().unwrap_or_default().trim().to_lowercase();
    let mut parts = first.split('-');
    let code = parts.next().unwrap_or_default();
    let sound = |part: &str, widths: &[usize]| {
        widths.contains(&part.len()) && part.chars().all(|c| c.is_ascii_lowercase())
    };
    if !sound(code, &[2, 3]) {
        return "xx".into();
    }
    match parts.next_back().filter(|region| sound(region, &[2])) {
        Some(region) => format!("{code}-{region}"),
        None => code.to_owned(),
    }
}

fn own(arrival: &Arrival) -> Vec<String> {
    let hit = arrival.hit();
    let mut own = Vec::with_capacity(3);
    own.extend((!hit.user.is_empty()).then(|| hit.user.clone()));
    // A site on this very machine is visited from its own address.
    own.extend((!arrival.address().is_loopback()).then(|| arrival.address().to_string()));
    own.extend(hit.visitor.map(hexadecimal));
    own
}

/// Sixteen digits; `format!` takes ten times as long, and this is on the way of every hit.
fn hexadecimal(id: u64) -> String {
    let digit = |at: u32| char::from_digit((id >> (60 - 4 * at) & 15) as u32, 16);
    (0..16).filter_map(digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_codes() {
        for (header, want) in [
            ("fr-FR,fr;q=0.9", "fr-fr"),
            ("fr", "fr"),
            ("en-US", "en-us"),
            ("zh-Hans-CN", "zh-cn"),
            ("*", "xx"),
            ("", "xx"),
            ("<script>", "xx"),
        ] {
            assert_eq!(language(header), want, "{header}");
        }
    }
}
