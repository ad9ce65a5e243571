//! Words every stage shares: a site, its goals, its dimensions, its day.
//!
//! Nothing here knows a hit, a visitor or a database.

mod pattern;
mod register;

use std::sync::Arc;

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};

pub use pattern::{TextPattern, path_fits};
pub use register::{
    Audience, AudienceKind, Cut, Feature, FeatureId, Funnel, FunnelStep, Given, Named, Pair,
    Register, Rule, check_letter, is_group_code,
};

/// A site's number, as `idsite` carries it. Never 0.
pub type SiteId = u32;

/// What a site keeps of a hit. The steps behind each name are in `strip`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PolicyName {
    /// Fit for the CNIL consent exemption: the default.
    #[default]
    Exempt,
    /// For consented or internal use: what Matomo keeps of pages, campaigns and referrers.
    Complete,
}

impl PolicyName {
    /// The policy of that name, in any case; `None` when there is no such policy.
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim().to_ascii_lowercase().as_str() {
            "exempt" => Some(Self::Exempt),
            "complete" => Some(Self::Complete),
            _ => None,
        }
    }

    /// The name as settings and the API spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Exempt => "exempt",
            Self::Complete => "complete",
        }
    }
}

/// A measured site and everything that decides how its hits are counted.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Site {
    pub id: SiteId,
    pub name: String,
    /// Addresses of the site, main one first.
    pub urls: Vec<String>,
    /// IANA name; days, hours and midnights of every report are of this zone.
    pub timezone: String,
    pub currency: String,
    pub policy: PolicyName,
    /// Unix seconds.
    pub created: i64,
    pub settings: Settings,
    pub goals: Vec<Goal>,
    pub dimensions: Vec<Dimension>,
    pub register: Arc<Register>,
}

impl Site {
    /// The site's time zone; UTC when its name is unknown to the bundled zone data.
    pub fn zone(&self) -> TimeZone {
        TimeZone::get(&self.timezone).unwrap_or(TimeZone::UTC)
    }

    /// The site's main address, or nothing when none was given.
    pub fn main_url(&self) -> &str {
        self.urls.first().map_or("", String::as_str)
    }

    /// The goal of that number.
    pub fn goal(&self, id: u32) -> Option<&Goal> {
        self.goals.iter().find(|goal| goal.id == id)
    }

    /// The active dimension of that number.
    pub fn dimension(&self, id: u16) -> Option<&Dimension> {
        self.dimensions.iter().find(|dimension| dimension.id == id && dimension.active)
    }
}

/// Per-site switches, kept as one JSON column. Names follow Matomo's site settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    pub site_search: bool,
    /// Parameter names that hold a site-search keyword; empty means the usual ones.
    pub search_keyword_parameters: Vec<String>,
    pub search_category_parameters: Vec<String>,
    /// Query parameters cut from page addresses, names or `/regex/`.
    pub excluded_parameters: Vec<String>,
    /// Addresses that are not counted: single, with `*`, or CIDR. Configuration, not collection.
    pub excluded_ips: Vec<String>,
    pub excluded_user_agents: Vec<String>,
    pub excluded_referrers: Vec<String>,
    pub exclude_unknown_urls: bool,
    pub keep_url_fragment: bool,
    pub group: String,
    /// Matomo's site type, `website` unless said otherwise.
    pub kind: String,
    pub allowed: Allowed,
    /// Days that visits are kept for segments, where the site's policy keeps any; none: as the server
    /// is configured.
    pub visit_days: Option<u32>,
    /// Whether anybody may see the figures that are published of its features.
    pub public: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            site_search: true,
            search_keyword_parameters: Vec::new(),
            search_category_parameters: Vec::new(),
            excluded_parameters: Vec::new(),
            excluded_ips: Vec::new(),
            excluded_user_agents: Vec::new(),
            excluded_referrers: Vec::new(),
            exclude_unknown_urls: false,
            keep_url_fragment: false,
            group: String::new(),
            kind: "website".to_owned(),
            allowed: Allowed::default(),
            visit_days: None,
            public: false,
        }
    }
}

/// What an `exempt` site lets through under a name. Whatever is not listed is counted as dropped.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Allowed {
    /// Event categories, each with the actions and names that may be written.
    pub events: Vec<AllowedEvent>,
    /// Query parameters that stay in a page address.
    pub url_parameters: Vec<String>,
    /// Values of custom dimensions, by the dimension's number.
    pub dimensions: Vec<AllowedDimension>,
    /// Page paths as patterns: `*` stands for one path part, `**` for the rest. A path that matches
    /// none is written with its unlisted parts replaced; see `strip::page`.
    pub paths: Vec<String>,
    /// Page titles that may be written.
    pub titles: Vec<String>,
}

/// One event that may be written.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AllowedEvent {
    pub category: String,
    pub action: String,
    /// Names let through; empty lets none through.
    pub names: Vec<String>,
}

/// The values a dimension may take.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AllowedDimension {
    pub id: u16,
    pub values: Vec<String>,
}

/// A goal, with the fields of Matomo's `Goals.addGoal`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Goal {
    pub id: u32,
    pub name: String,
    pub description: String,
    /// `url`, `title`, `file`, `external_website`, `event_category`, `event_action`, `event_name`,
    /// `manually` or `visit_duration`.
    pub match_attribute: String,
    pub pattern: String,
    /// `contains`, `exact` or `regex`; `greater_than` for `visit_duration` (minutes).
    pub pattern_type: String,
    pub case_sensitive: bool,
    pub allow_multiple: bool,
    /// Default revenue, in the site's currency.
    pub revenue: f64,
    pub event_value_as_revenue: bool,
}

/// Whether a custom dimension belongs to the visit or to each action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    Visit,
    Action,
}

/// A custom dimension: `dimension<id>` in a hit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dimension {
    pub id: u16,
    pub name: String,
    pub scope: Scope,
    /// Place among the dimensions of its scope, from 1.
    pub index: u16,
    pub active: bool,
}

/// Days since 1970-01-01, the way rollups and keys name a day.
pub type DayNumber = i32;

/// The calendar day and the hour (0–23) of `time` (Unix seconds) in `zone`.
pub fn day_and_hour(time: i64, zone: &TimeZone) -> (DayNumber, u8) {
    let local =
        Timestamp::from_second(time).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(zone.clone());
    (number_of(local.date()), local.hour().unsigned_abs())
}

/// The hour that a day's report puts a visit in: its hour in UTC, moved by how far the zone was from
/// UTC at that hour on the date it was in UTC when the local day began. That is the local hour but on
/// days on which the clocks change, and in zones that are not whole hours from UTC: as in Matomo.
pub fn reported_hour(time: i64, day: DayNumber, zone: &TimeZone) -> u8 {
    let hour = time.rem_euclid(86_400) / 3_600;
    let noon = i64::from(day) * 86_400 + 43_200;
    let begun = date_of(day).to_zoned(zone.clone()).map_or(noon, |day| day.timestamp().as_second());
    let date = begun.div_euclid(86_400);
    let moment = Timestamp::from_second(date * 86_400 + hour * 3_600);
    let offset = zone.to_offset(moment.unwrap_or(Timestamp::UNIX_EPOCH)).seconds();
    let local = (hour * 3_600 + i64::from(offset)).div_euclid(3_600).rem_euclid(24);
    u8::try_from(local).unwrap_or_default()
}

/// The number of a calendar day.
pub fn number_of(date: Date) -> DayNumber {
    let span = date.since(Date::constant(1970, 1, 1)).map(|span| span.get_days());
    span.unwrap_or_default()
}

/// The calendar day of a number; 1970-01-01 when it is out of the calendar.
pub fn date_of(day: DayNumber) -> Date {
    let epoch = Date::constant(1970, 1, 1);
    epoch.checked_add(jiff::Span::new().try_days(day).unwrap_or_default()).unwrap_or(epoch)
}

/// What tests begin with, and change as they need.
#[cfg(test)]
impl Site {
    /// A site in Paris that keeps what Matomo keeps, without goals and dimensions.
    pub(crate) fn example() -> Self {
        Self {
            id: 1,
            name: "Quizinière".into(),
            urls: vec!["https://www.quiziniere.com".into()],
            timezone: "Europe/Paris".into(),
            currency: "EUR".into(),
            policy: PolicyName::Complete,
            created: 0,
            settings: Settings::default(),
            goals: Vec::new(),
            dimensions: Vec::new(),
            register: Arc::default(),
        }
    }
}

#[cfg(test)]
impl Goal {
    /// A goal that is reached by hand, once a visit.
    pub(crate) fn by_hand(id: u32, name: &str) -> Self {
        Self {
            id,
            name: name.into(),
            description: String::new(),
            match_attribute: "manually".into(),
            pattern: String::new(),
            pattern_type: "contains".into(),
            case_sensitive: false,
            allow_multiple: false,
            revenue: 0.0,
            event_value_as_revenue: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_starts_at_midnight_of_the_sites_zone() {
        let paris = TimeZone::get("Europe/Paris").unwrap();
        // 2026-03-29 is the day the clocks go forward.
        for (time, date, hour) in [
            (1_772_578_680, "2026-03-03", 23),
            (1_772_578_980, "2026-03-04", 0),
            (1_774_745_999, "2026-03-29", 1),
            (1_774_746_000, "2026-03-29", 3),
        ] {
            let (day, got) = day_and_hour(time, &paris);
            assert_eq!((date_of(day).to_string().as_str(), got), (date, hour), "{time}");
        }
    }

    #[test]
    fn days_are_numbered_and_named_back() {
        for day in [-3000, 0, 1, 20_000, 60_000] {
            assert_eq!(number_of(date_of(day)), day);
        }
    }

    #[test]
    fn settings_refuse_a_key_they_do_not_know() {
        assert!(serde_json::from_str::<Settings>(r#"{"site_serach":true}"#).is_err());
    }

    #[test]
    fn a_report_keeps_to_the_offset_of_the_date_the_day_began_on_in_utc() {
        for (zone, time, hour) in [
            // A plain day.
            ("Europe/Paris", "2026-03-10T11:30:00Z", 12),
            // The clocks go forward at 01:00 UTC: 10:30 UTC is 12:30 in Paris and is put under 11.
            ("Europe/Paris", "2026-03-29T10:30:00Z", 11),
            // They go back: 10:30 UTC is 11:30 in Paris and is put under 12.
            ("Europe/Paris", "2026-10-25T10:30:00Z", 12),
            ("Europe/Paris", "2026-03-30T10:30:00Z", 12),
            ("Pacific/Tahiti", "2026-03-29T10:30:00Z", 0),
            // Half an hour from a whole one: 12:20 UTC is 17:50 in Kolkata.
            ("Asia/Kolkata", "2026-03-29T12:20:00Z", 17),
            ("Asia/Kolkata", "2026-03-29T12:40:00Z", 17),
        ] {
            let zone = TimeZone::get(zone).unwrap();
            let time: Timestamp = time.parse().unwrap();
            let (day, _) = day_and_hour(time.as_second(), &zone);
            assert_eq!(reported_hour(time.as_second(), day, &zone), hour, "{time}");
        }
    }
}
