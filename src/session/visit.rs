//! A visit: what is true of it so far.

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::{Placed, Thing, Used};
use crate::{
    site::{Cut, DayNumber, SiteId},
    strip::{Event, Referrer, Timings},
};

/// What rollups say of a visit as a whole. Texts are by their numbers; 0: not set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    pub site: SiteId,
    /// Day of the visit in the site's zone.
    pub day: DayNumber,
    pub hour: u8,
    pub local_hour: Option<u8>,
    /// Unix seconds of the first and the last hit; a ping is no hit.
    pub first: i64,
    pub last: i64,
    /// Seconds, by Matomo's way of counting.
    pub length: i64,
    pub actions: i64,
    pub pageviews: i64,
    pub language: i64,
    pub country: i64,
    pub resolution: i64,
    pub resolution_known: bool,
    pub device: i64,
    pub browser: i64,
    pub browser_version: i64,
    pub os: i64,
    pub os_version: i64,
    /// 1 direct, else `strip::ReferrerKind`.
    pub referrer: i64,
    pub referrer_name: i64,
    pub referrer_keyword: i64,
    pub referrer_url: i64,
    /// Pseudonym of the day; 0: no user id was sent.
    pub user: u64,
    pub returning: bool,
    /// 1 for the visitor's first visit of the day.
    pub number: i64,
    /// As in `Placed`.
    pub count: u32,
    pub since_last: Option<u32>,
    pub since_first: u32,
    pub entry_url: Option<i64>,
    pub entry_title: Option<i64>,
    pub exit: Exit,
    /// Action dimensions of the first and the last page view: number, value, page.
    pub entry_dimensions: SmallVec<[(u16, i64, i64); 1]>,
    pub exit_dimensions: SmallVec<[(u16, i64, i64); 1]>,
    /// Visit dimensions: number and value.
    pub dimensions: SmallVec<[(u16, i64); 3]>,
    pub converted: bool,
}

/// Where the visit is now. A page without a title leaves the name as it was, as in Matomo.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exit {
    /// 0: not told, or the visit began with the search.
    pub url: Option<i64>,
    pub title: Option<i64>,
    /// The last thing of the visit was a search for this.
    pub search: Option<i64>,
}

impl Facts {
    pub fn bounced(&self) -> bool {
        self.actions <= 1
    }
}

/// Hits of the visit on one page or title.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PageHits {
    pub thing: Thing,
    pub hits: i64,
}

/// A goal reached in the visit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conversion {
    pub goal: u32,
    /// Millionths.
    pub revenue: i64,
    /// Page views up to it, its own included.
    pub pages_before: i64,
}

/// A visit that may still go on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Visit {
    pub facts: Facts,
    pub conversions: Vec<Conversion>,
    pub pages: Vec<PageHits>,
    /// Hashes of everything that counts once a visit: sorted.
    seen: Vec<u64>,
    /// Action dimensions of the last action, whose time is not known yet.
    pub pending: Vec<(u16, i64, i64)>,
    /// How rollups of features are cut: as was declared when the visit began.
    pub cuts: SmallVec<[Cut; 4]>,
    pub used: Used,
    /// The page last seen, and what is told of its loading.
    pub(super) loaded: Option<(i64, Timings)>,
}

impl Visit {
    /// A visit as its first hit shows it. Nothing is counted yet.
    pub(super) fn new(event: &Event, placed: Placed) -> Self {
        let setting = &event.setting;
        let mut facts = Facts {
            site: event.site,
            day: event.day,
            hour: event.hour,
            local_hour: setting.local_hour,
            first: event.time,
            last: event.time,
            length: 0,
            actions: 0,
            pageviews: 0,
            language: setting.language.id,
            country: setting.country.id,
            resolution: setting.resolution.id,
            resolution_known: &*setting.resolution.text != "unknown",
            device: setting.device.as_ref().map_or(0, |device| device.id),
            browser: setting.browser.id,
            browser_version: setting.browser_version.id,
            os: setting.os.id,
            os_version: setting.os_version.id,
            referrer: 1,
            referrer_name: 0,
            referrer_keyword: 0,
            referrer_url: 0,
            user: 0,
            returning: placed.returning,
            number: placed.number,
            count: placed.count,
            since_last: placed.since_last,
            since_first: placed.since_first,
            entry_url: None,
            entry_title: None,
            exit: Exit::default(),
            entry_dimensions: SmallVec::new(),
            exit_dimensions: SmallVec::new(),
            dimensions: SmallVec::new(),
            converted: false,
        };
        if let Some(referrer) = &event.referrer {
            facts.come_from(referrer);
        }
        Self {
            facts,
            conversions: Vec::new(),
            pages: Vec::new(),
            seen: Vec::new(),
            pending: Vec::new(),
            cuts: event.cuts.clone(),
            used: Used::default(),
            loaded: None,
        }
    }

    /// Remembers something that counts once a visit; whether it is the first time.
    pub(super) fn first_time(&mut self, thing: Thing) -> bool {
        let hash = thing.hash();
        match self.seen.binary_search(&hash) {
            Ok(_) => false,
            Err(at) => {
                self.seen.insert(at, hash);
                true
            }
        }
    }

    /// Whether something was counted in this visit.
    pub fn has_seen(&self, thing: Thing) -> bool {
        self.seen.binary_search(&thing.hash()).is_ok()
    }
}

impl Facts {
    pub(super) fn come_from(&mut self, referrer: &Referrer) {
        let id = |text: &Option<crate::strip::Text>| text.as_ref().map_or(0, |text| text.id);
        self.referrer = referrer.kind as i64;
        self.referrer_name = referrer.name.id;
        self.referrer_keyword = id(&referrer.keyword);
        self.referrer_url = id(&referrer.url);
    }
}
