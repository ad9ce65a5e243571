//! What goes on behind the line. Everything here may be written to disk.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use smallvec::SmallVec;

use super::Former;
use crate::site::{Cut, DayNumber, FeatureId, Scope, SiteId};

/// A text that reports show, with the number rollups know it by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// From the text alone, so that it needs no register; never 0.
    pub id: i64,
    pub text: Arc<str>,
}

impl Text {
    pub fn new(text: &str) -> Self {
        Self { id: number(&[text.as_bytes()]), text: text.into() }
    }

    /// A page's address: with and without `www.`, `http` and `https` are one page, as in Matomo.
    pub fn address(url: &str) -> Self {
        let bare = url.split_once("//").map_or(url, |(_, rest)| rest);
        let bare = bare.strip_prefix("www.").unwrap_or(bare);
        Self { id: number(&[b"address\0", bare.as_bytes()]), text: url.into() }
    }
}

fn number(parts: &[&[u8]]) -> i64 {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(part);
    }
    let hash = hasher.finalize();
    let bytes = hash.as_bytes().first_chunk().copied().unwrap_or_default();
    // Odd, so that it is never 0 nor the least number.
    i64::from_le_bytes(bytes) | 1
}

/// Who, as far as the keys of the day, the week and the month tell: pseudonyms until these keys are
/// destroyed, noise afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Who {
    pub day: u64,
    pub week: u64,
    pub month: u64,
    /// The client sent an id, which alone decides who is who.
    pub by_id: bool,
    /// Of the day; only joins hits without an id.
    pub fingerprint: u64,
    pub user: Option<UserKeys>,
}

/// A user id (`uid`) under the keys of its periods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserKeys {
    pub day: u64,
    pub week: u64,
    pub month: u64,
}

/// Who, as far as the keys of the calendar year and the school year tell. Beside `Who`, so that what was
/// written before there were any is still read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Years {
    /// Without an id: of the day.
    pub year: u64,
    pub school_year: u64,
    /// The user id in both.
    pub user: Option<[u64; 2]>,
}

/// What happened. Money and values are millionths.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Action {
    Page {
        url: Option<Text>,
        title: Option<Text>,
    },
    Download(Text),
    Outlink(Text),
    Search {
        keyword: Option<Text>,
        category: Option<Text>,
        found: Option<u32>,
    },
    Event {
        category: Text,
        action: Text,
        name: Option<Text>,
        value: Option<i64>,
    },
    Content {
        name: Text,
        piece: Option<Text>,
        interaction: bool,
    },
    /// A goal reached by hand; it is among the event's `goals`.
    Goal,
    Ping,
    /// A ping that tells the whole seconds in which somebody was before the event's page. The last,
    /// so that what was written before it was added is still read.
    Attention(u32),
}

impl Action {
    /// Whether it only says that its visit goes on.
    pub fn is_ping(&self) -> bool {
        matches!(self, Self::Ping | Self::Attention(_))
    }
}

/// Where a visit came from; a direct entry has none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Referrer {
    pub kind: ReferrerKind,
    pub name: Text,
    pub keyword: Option<Text>,
    /// Of a campaign: the host that its keyword is, where none was told.
    pub url: Option<Text>,
}

/// Numbers as Matomo gives them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReferrerKind {
    Search = 2,
    Website = 3,
    Campaign = 6,
    Social = 7,
    /// An assistant that answers from what it read.
    Assistant = 8,
}

/// What is true of the device and the place, coarsely.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setting {
    pub language: Text,
    pub country: Text,
    pub resolution: Text,
    /// `None`: unknown.
    pub device: Option<Text>,
    pub browser: Text,
    pub browser_version: Text,
    pub os: Text,
    pub os_version: Text,
    pub local_hour: Option<u8>,
}

/// A custom dimension's value; `None` clears it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DimensionValue {
    pub id: u16,
    pub scope: Scope,
    pub value: Option<Text>,
}

/// A goal this hit reaches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoalHit {
    pub id: u32,
    pub revenue: i64,
    /// May convert more than once in a visit.
    pub multiple: bool,
    /// Only once the visit is longer than so many seconds.
    pub after: Option<u32>,
}

/// A feature that this hit is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeatureHit {
    pub id: FeatureId,
    /// A use; otherwise it only tells how long one took.
    pub used: bool,
    pub marks: Vec<FunnelMark>,
}

/// A step of a funnel that a use may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FunnelMark {
    pub funnel: u16,
    /// From 0.
    pub step: u8,
    /// Steps that must have been reached before: bit n for step n.
    pub after: u32,
}

/// How long a page took to load: milliseconds of its phases, as `pf_net`, `pf_srv`, `pf_tfr`,
/// `pf_dm1`, `pf_dm2`, `pf_onl` tell them.
pub type Timings = [Option<u32>; 6];

/// One hit behind the line. It is written to the journal and, of some sites, to the database: where
/// it changes, raise `segment::FORM`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    pub site: SiteId,
    /// Unix seconds.
    pub time: i64,
    /// Day of `time` in the site's zone, and the hour that reports put it in.
    pub day: DayNumber,
    pub hour: u8,
    pub who: Who,
    pub new_visit: bool,
    pub action: Action,
    /// The page it happened on, for anything that is not itself a page view.
    pub page: Option<Text>,
    pub referrer: Option<Referrer>,
    pub setting: Setting,
    pub dimensions: Vec<DimensionValue>,
    pub goals: Vec<GoalHit>,
    pub features: Vec<FeatureHit>,
    /// How the rollups of the site's features are cut; empty where it has none.
    pub cuts: SmallVec<[Cut; 4]>,
    /// Of the page that it is, or happened on: the official client knows them only after the view.
    pub timings: Option<Box<Timings>>,
    /// Names that were taken out of this hit.
    pub dropped: Vec<Dropped>,
    /// Written beside it in the journal; not known of events that are kept, nor of old ones.
    #[serde(skip)]
    pub years: Option<Years>,
    /// The site's policy lets it be kept on which days of the school year the visitor came.
    #[serde(skip)]
    pub recency: bool,
}

/// What tests begin with, and change as they need.
#[cfg(test)]
impl Event {
    /// A view of a page without title on site 1, of somebody whose id was sent.
    pub(crate) fn example() -> Self {
        let plain = || Text::new("");
        Self {
            site: 1,
            time: 0,
            day: 0,
            hour: 0,
            who: Who { day: 1, week: 1, month: 1, by_id: true, fingerprint: 1, user: None },
            new_visit: false,
            action: Action::Page {
                url: Some(Text::address("https://www.quiziniere.com/")),
                title: None,
            },
            page: None,
            referrer: None,
            setting: Setting {
                language: plain(),
                country: plain(),
                resolution: plain(),
                device: None,
                browser: plain(),
                browser_version: plain(),
                os: plain(),
                os_version: plain(),
                local_hour: None,
            },
            dimensions: Vec::new(),
            goals: Vec::new(),
            features: Vec::new(),
            cuts: SmallVec::new(),
            timings: None,
            dropped: Vec::new(),
            years: None,
            recency: false,
        }
    }
}

/// Why a hit, or a name in it, was not kept. Only counted. Numbers are what the journal holds: add
/// at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Dropped {
    Bot,
    NotRecorded,
    DoNotTrack,
    OptedOut,
    ExcludedAddress,
    ExcludedAgent,
    UnknownUrl,
    Prefetch,
    Commerce,
    UnknownAction,
    EventName,
    DimensionValue,
    PageTitle,
    PagePath,
    SearchWord,
    ContentName,
    LinkPath,
    Campaign,
    Identifier,
    TrackerMistake,
    ReferrerSpam,
}

impl Dropped {
    /// Whether the hit as a whole was dropped, not a name in it.
    pub fn whole(self) -> bool {
        self <= Self::UnknownAction || self == Self::ReferrerSpam
    }

    /// The name reports use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bot => "bot",
            Self::NotRecorded => "not-recorded",
            Self::DoNotTrack => "do-not-track",
            Self::OptedOut => "opted-out",
            Self::ExcludedAddress => "excluded-address",
            Self::ExcludedAgent => "excluded-agent",
            Self::UnknownUrl => "unknown-url",
            Self::Prefetch => "prefetch",
            Self::ReferrerSpam => "referrer-spam",
            Self::Commerce => "commerce",
            Self::UnknownAction => "unknown-action",
            Self::EventName => "event-name",
            Self::DimensionValue => "dimension-value",
            Self::PageTitle => "page-title",
            Self::PagePath => "page-path",
            Self::SearchWord => "search-word",
            Self::ContentName => "content-name",
            Self::LinkPath => "link-path",
            Self::Campaign => "campaign",
            Self::Identifier => "identifier-in-text",
            Self::TrackerMistake => "tracker-mistake",
        }
    }
}

/// What the journal holds: a hit, or the fact that one was dropped. Numbers of variants are what is
/// written: add at the end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Record {
    /// A hit as it was written before features were counted. Nothing writes it any more.
    Former(Box<Former>),
    Dropped {
        site: SiteId,
        day: DayNumber,
        reason: Dropped,
    },
    Returned {
        site: SiteId,
        day: DayNumber,
        returned: Returned,
    },
    /// A hit as it was written before years were told apart. Nothing writes it any more.
    Event(Box<Event>),
    /// A hit, and who it is of in its years.
    Hit(Box<Event>, Years),
}

/// A device that was used this day, and what it told of its earlier days: buckets from a list of
/// few, nothing else of the hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Returned {
    /// Weeks since the week of first use, the least of the bucket.
    pub weeks: u8,
    /// Days of use in the thirty before, the least of the bucket.
    pub days: u8,
    pub first_of_week: bool,
    pub first_of_month: bool,
    pub first_of_school_year: bool,
}
