//! Matomo's tracking parameters → [`Hit`].
//!
//! A wrong type is never an error: the parameter's default stands in. What Matomo answers with
//! status 400 is an [`Invalid`]. Source of the rules: Matomo's HTTP tracking API.

use serde_json::Value;
use thiserror::Error;

use super::params::Params;

/// Bytes kept of an address, a title or a name.
const LONGEST_TEXT: usize = 1024;
/// Bytes kept of anything else; nothing legitimate is longer.
const LONGEST_NAME: usize = 4096;
/// The times `cdt` may name reach back twenty years.
const OLDEST: i64 = 20 * 365 * 86_400;

/// Why a hit is answered with status 400.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Invalid {
    #[error("idsite is missing, is not a number above 0, or names no site")]
    UnknownSite,
    #[error("cid must have 16 characters")]
    VisitorIdLength,
    #[error("an event needs a category and an action that are not blank")]
    BlankEvent,
    #[error("a content hit needs a name that is not blank")]
    BlankContent,
    #[error("the site has no goal of that number")]
    UnknownGoal,
    #[error("a pf_ timing must be -1 or more")]
    NegativeTiming,
    #[error("cip needs a token_auth with write access to the site")]
    AddressWithoutToken,
    #[error("country, region, city, lat and long need a token_auth with write access to the site")]
    LocationWithoutToken,
    #[error("a cdt more than a day old needs a token_auth with write access to the site")]
    OldTimeWithoutToken,
}

/// An event's parameters, trimmed.
#[derive(Clone, Debug, PartialEq)]
pub struct EventParts {
    pub category: String,
    pub action: String,
    pub name: String,
    pub value: Option<f64>,
}

/// A site search given by parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct SearchParts {
    pub keyword: String,
    pub category: String,
    /// Results found; `None`: unknown.
    pub count: Option<u32>,
}

/// Content shown, or used where `interaction` is set.
#[derive(Clone, Debug, PartialEq)]
pub struct Content {
    pub name: String,
    pub piece: String,
    pub interaction: bool,
}

/// Seconds; nobody is before one page for longer between two pings.
const LONGEST_ATTENTION: u32 = 8 * 3600;

/// The most mistakes of the tracker that one hit tells.
const MOST_MISTAKES: u8 = 20;

/// What the tracker keeps on the device in place of an id that would outlive the day, as buckets,
/// each by its least: once a day it tells how long ago its first use was (`ret_since`), how many of
/// the thirty days before were days of use (`ret_days`), and whether this is the first use of its
/// week, month, school year (`ret_first`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ComingBack {
    /// Weeks since the week of first use.
    pub weeks: u8,
    pub days: u8,
    pub first_of_week: bool,
    pub first_of_month: bool,
    pub first_of_school_year: bool,
}

impl ComingBack {
    /// The only values there are. Anything else could single a device out, and is not looked at.
    pub const WEEKS: [u8; 9] = [0, 1, 2, 3, 4, 5, 9, 13, 27];
    pub const DAYS: [u8; 5] = [0, 1, 2, 4, 8];
    const FIRST: [&'static str; 8] = ["0", "w", "m", "y", "wm", "wy", "my", "wmy"];

    fn parse(params: &Params<'_>) -> Option<Self> {
        let one_of = |name: &str, known: &[u8]| {
            let number = int(params, name).and_then(|number| u8::try_from(number).ok());
            number.filter(|number| known.contains(number))
        };
        let first = params.get("ret_first").filter(|first| Self::FIRST.contains(first))?;
        Some(Self {
            weeks: one_of("ret_since", &Self::WEEKS)?,
            days: one_of("ret_days", &Self::DAYS)?,
            first_of_week: first.contains('w'),
            first_of_month: first.contains('m'),
            first_of_school_year: first.contains('y'),
        })
    }
}

/// What a hit says happened, by Matomo's order of precedence.
#[derive(Clone, Debug, PartialEq)]
pub enum Tracked {
    Download(String),
    Outlink(String),
    Event(EventParts),
    Content(Content),
    /// A goal by its number, with its revenue where one is given.
    Goal(u32, Option<f64>),
    /// An order or a cart: PADOQE keeps no commerce.
    Ecommerce,
    Ping,
    Search(SearchParts),
    PageView,
    /// `ca=1` that nothing here knows: never a page view.
    Unknown,
}

/// A hit, understood. Texts are trimmed and bounded, nothing is stripped yet.
pub struct Hit {
    pub site: u32,
    /// `rec` is set, and it is no look at whether the tracker works: others are not to be counted.
    pub record: bool,
    pub tracked: Tracked,
    pub url: String,
    pub referrer: String,
    pub title: String,
    /// The client's id, by `cid` else `_id`: 16 hexadecimal digits.
    pub visitor: Option<u64>,
    pub user: String,
    pub new_visit: bool,
    pub resolution: String,
    /// Hour of the visitor's own clock.
    pub local_hour: Option<u8>,
    pub count_bots: bool,
    /// `dimension<id>` and its value; an empty one clears.
    pub dimensions: Vec<(u16, String)>,
    /// Campaign parameters given beside the address, for image trackers.
    pub campaign: Vec<(String, String)>,
    /// What the device knows of its earlier days; only a ping tells it.
    pub coming_back: Option<ComingBack>,
    /// Mistakes that the tracker swallowed since it last told, at most `MOST_MISTAKES`.
    pub mistakes: u8,
    /// Whole seconds in which somebody was before the page, told by a ping; at most `LONGEST_ATTENTION`.
    pub attention: Option<u32>,
    /// How long the page took to load: milliseconds of its phases in the order of `pf_net`, `pf_srv`,
    /// `pf_tfr`, `pf_dm1`, `pf_dm2`, `pf_onl`.
    pub timings: Option<[Option<u32>; 6]>,
    /// Two-letter country given by a trusted sender.
    pub country: Option<String>,
    pub send_image: bool,
    pub token: Option<String>,
    pub(super) agent: Option<String>,
    /// `uadata`, as JSON.
    pub(super) hints: Option<String>,
    pub(super) language: Option<String>,
    pub(super) address_given: Option<String>,
    pub(super) location_given: bool,
    moment: Option<String>,
    offset: i64,
}

impl Hit {
    /// Reads a hit.
    ///
    /// # Errors
    /// What Matomo refuses with status 400 whatever the site is.
    pub fn parse(params: &Params<'_>) -> Result<Self, Invalid> {
        let site = params.get("idsite").and_then(|text| text.trim().parse().ok());
        let site = site.filter(|id| *id > 0).ok_or(Invalid::UnknownSite)?;
        let timings = timings(params)?;
        let text = |name: &str| bounded(params.get(name).unwrap_or_default(), LONGEST_TEXT);
        let location = ["country", "region", "city", "lat", "long"];
        Ok(Self {
            site,
            record: int(params, "rec").is_some_and(|rec| rec != 0)
                && params.get("tracker_install_check").is_none(),
            tracked: tracked(params)?,
            url: text("url"),
            referrer: bounded(params.get("urlref").unwrap_or_default(), 1500),
            title: text("action_name"),
            visitor: visitor(params)?,
            user: bounded(params.get("uid").unwrap_or_default(), 200),
            new_visit: int(params, "new_visit").is_some_and(|flag| flag != 0),
            resolution: bounded(params.get("res").unwrap_or_default(), 9),
            local_hour: int(params, "h")
                .map(|h| u8::try_from(h).ok().filter(|h| *h < 24).unwrap_or(0)),
            count_bots: int(params, "bots").is_some_and(|flag| flag == 1),
            dimensions: dimensions(params),
            campaign: campaign(params),
            coming_back: ComingBack::parse(params),
            timings,
            attention: int(params, "active")
                .and_then(|seconds| u32::try_from(seconds).ok())
                .filter(|seconds| (1..=LONGEST_ATTENTION).contains(seconds)),
            mistakes: int(params, "trk_err")
                .and_then(|count| u8::try_from(count).ok())
                .unwrap_or(0)
                .min(MOST_MISTAKES),
            country: params.get("country").map(|code| bounded(code, 3).to_lowercase()),
            send_image: params.get("send_image") != Some("0"),
            token: params.get("token_auth").map(str::to_owned),
            agent: params.get("ua").map(|ua| bounded(ua, LONGEST_NAME)),
            hints: params.get("uadata").map(str::to_owned),
            language: params.get("lang").map(|lang| bounded(lang, 200)),
            address_given: params.get("cip").map(|ip| ip.trim().to_owned()),
            location_given: location.iter().any(|name| params.get(name).is_some()),
            moment: params.get("cdt").map(|text| text.trim().to_owned()),
            offset: int(params, "cdo").unwrap_or(0).saturating_abs(),
        })
    }

    /// When the hit happened: `cdt` where it is in the past twenty years, else `now`.
    pub(super) fn time(&self, now: i64) -> i64 {
        let given = self.moment.as_deref().and_then(moment).unwrap_or(now);
        let time = given.saturating_sub(self.offset);
        if time > now - OLDEST && time <= now { time } else { now }
    }
}

/// The action that wins: download, outlink, event, content, site search, page view; goals and pings
/// take the place of any.
fn tracked(params: &Params<'_>) -> Result<Tracked, Invalid> {
    let set = |name: &str| params.get(name).filter(|value| *value != "0");
    if let Some(goal) = int(params, "idgoal") {
        if goal == 0 {
            return Ok(Tracked::Ecommerce);
        }
        if let Ok(goal) = u32::try_from(goal) {
            return Ok(Tracked::Goal(goal, float(params, "revenue")));
        }
    }
    if int(params, "ping") == Some(1) {
        return Ok(Tracked::Ping);
    }
    if let Some(url) = set("download") {
        return Ok(Tracked::Download(bounded(url, LONGEST_TEXT)));
    }
    if let Some(url) = set("link") {
        return Ok(Tracked::Outlink(bounded(url, LONGEST_TEXT)));
    }
    if let (Some(category), Some(action)) = (params.get("e_c"), params.get("e_a")) {
        return event(params, category, action).map(Tracked::Event);
    }
    if let Some(name) = set("c_n") {
        return content(params, name).map(Tracked::Content);
    }
    // Other plugins' actions say `ca=1`; none of them is a page view.
    if let Some(keyword) = set("search") {
        return Ok(Tracked::Search(search(params, keyword)));
    }
    let custom = int(params, "ca").is_some_and(|flag| flag != 0);
    Ok(if custom { Tracked::Unknown } else { Tracked::PageView })
}

fn event(params: &Params<'_>, category: &str, action: &str) -> Result<EventParts, Invalid> {
    let (category, action) = (bounded(category, LONGEST_NAME), bounded(action, LONGEST_NAME));
    if category.is_empty() || action.is_empty() {
        return Err(Invalid::BlankEvent);
    }
    let name = bounded(params.get("e_n").unwrap_or_default(), LONGEST_NAME);
    // Measured on Matomo 5.2: a value that is no number counts as 0, an absent one as none.
    let value = params.get("e_v").map(|text| number(text).unwrap_or(0.0));
    Ok(EventParts { category, action, name, value })
}

fn content(params: &Params<'_>, name: &str) -> Result<Content, Invalid> {
    let name = bounded(name, LONGEST_NAME);
    if name.is_empty() {
        return Err(Invalid::BlankContent);
    }
    let piece = bounded(params.get("c_p").unwrap_or_default(), LONGEST_NAME);
    Ok(Content { name, piece, interaction: params.get("c_i").is_some() })
}

fn search(params: &Params<'_>, keyword: &str) -> SearchParts {
    SearchParts {
        keyword: bounded(keyword, LONGEST_TEXT),
        category: bounded(params.get("search_cat").unwrap_or_default(), 200),
        count: int(params, "search_count").and_then(|count| u32::try_from(count).ok()),
    }
}

/// `cid` must have sixteen characters; `_id` may be longer, and is void where it is no hexadecimal.
fn visitor(params: &Params<'_>) -> Result<Option<u64>, Invalid> {
    let hex = |text: &str| u64::from_str_radix(text, 16).ok();
    if let Some(cid) = params.get("cid") {
        if cid.chars().count() != 16 {
            return Err(Invalid::VisitorIdLength);
        }
        return Ok(hex(cid));
    }
    Ok(params.get("_id").and_then(|id| id.get(..16)).and_then(hex))
}

fn dimensions(params: &Params<'_>) -> Vec<(u16, String)> {
    let mut found: Vec<(u16, String)> = Vec::new();
    for (name, value) in params.iter() {
        let Some(id) = name.strip_prefix("dimension").and_then(|id| id.parse().ok()) else {
            continue;
        };
        let value: String = value.trim().chars().take(250).collect();
        found.retain(|(known, _)| *known != id);
        found.push((id, value));
    }
    found
}

fn campaign(params: &Params<'_>) -> Vec<(String, String)> {
    let known = |name: &str| {
        ["pk_", "mtm_", "utm_", "piwik_", "matomo_"].iter().any(|prefix| name.starts_with(prefix))
    };
    let given = params.iter().filter(|(name, value)| known(name) && !value.is_empty());
    given.map(|(name, value)| (name.to_owned(), bounded(value, 255))).collect()
}

/// What is longer is a mistake, as in Matomo.
const LONGEST_TIMING: u32 = 16_777_215;

/// The phases of a page's loading, where any is told; -1 means not known.
fn timings(params: &Params<'_>) -> Result<Option<[Option<u32>; 6]>, Invalid> {
    let names = ["pf_net", "pf_srv", "pf_tfr", "pf_dm1", "pf_dm2", "pf_onl"];
    let told = names.map(|name| int(params, name));
    if told.iter().flatten().any(|value| *value < -1) {
        return Err(Invalid::NegativeTiming);
    }
    let known = told.map(|it| u32::try_from(it?).ok().filter(|value| *value <= LONGEST_TIMING));
    Ok(known.iter().any(Option::is_some).then_some(known))
}

/// Whole numbers must be written as such: `1`, `-3`; never `1.0`, `01` or `1e3`.
fn int(params: &Params<'_>, name: &str) -> Option<i64> {
    let text = params.get(name)?.trim();
    let digits = text.strip_prefix('-').unwrap_or(text);
    let canonical = match digits.as_bytes() {
        [b'0'] => digits.len() == text.len(),
        [b'1'..=b'9', ..] => true,
        _ => false,
    };
    text.parse().ok().filter(|_| canonical)
}

fn float(params: &Params<'_>, name: &str) -> Option<f64> {
    params.get(name).and_then(number)
}

fn number(text: &str) -> Option<f64> {
    text.trim().parse::<f64>().ok().filter(|value| value.is_finite())
}

/// Unix seconds, or a date and time in UTC.
fn moment(text: &str) -> Option<i64> {
    if let Ok(seconds) = text.parse::<f64>() {
        let sound = seconds.is_finite() && seconds.abs() < 1e12;
        #[expect(clippy::cast_possible_truncation, reason = "bounded just above")]
        return sound.then_some(seconds as i64);
    }
    let civil: jiff::civil::DateTime = text.parse().ok()?;
    Some(civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_second())
}

/// Trimmed, without line breaks, at most `bytes` long, cut between characters.
fn bounded(text: &str, bytes: usize) -> String {
    let text = text.trim();
    let cut = text.floor_char_boundary(bytes);
    let kept = text.get(..cut).unwrap_or_default();
    if memchr::memchr3(b'\r', b'\n', 0, kept.as_bytes()).is_none() {
        return kept.to_owned();
    }
    kept.chars().filter(|c| !matches!(c, '\r' | '\n' | '\0')).collect()
}

/// A value of a bulk item as the text it would have had in a query string.
pub(super) fn text_of(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(flag) => if *flag { "1" } else { "0" }.to_owned(),
        Value::String(text) => text.chars().filter(|c| *c != '\0').collect(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(query: &str) -> Result<Hit, Invalid> {
        Hit::parse(&Params::parse(query.as_bytes()))
    }

    fn kind(query: &str) -> Tracked {
        parse(&format!("idsite=1&rec=1&{query}")).unwrap().tracked
    }

    #[test]
    fn the_highest_action_wins() {
        let event = || EventParts {
            category: "c".into(),
            action: "0".into(),
            name: String::new(),
            value: None,
        };
        assert_eq!(kind("url=http://a/"), Tracked::PageView);
        assert_eq!(kind("e_c=c&e_a=0&action_name=x"), Tracked::Event(event()));
        assert_eq!(kind("e_c=c&e_a=0&link=http://b/"), Tracked::Outlink("http://b/".into()));
        assert_eq!(
            kind("link=http://b/&download=http://c/"),
            Tracked::Download("http://c/".into())
        );
        assert_eq!(kind("idgoal=2&revenue=1.5&url=x"), Tracked::Goal(2, Some(1.5)));
        assert_eq!(kind("idgoal=0&revenue=1.5"), Tracked::Ecommerce);
        assert_eq!(kind("ping=1&url=x"), Tracked::Ping);
        assert_eq!(kind("ca=1&ma_id=3"), Tracked::Unknown);
        assert_eq!(kind("e_c=&e_a=x"), Tracked::PageView, "an empty value is absent");
    }

    #[test]
    fn what_matomo_refuses_is_refused() {
        for (query, why) in [
            ("", Invalid::UnknownSite),
            ("idsite=0", Invalid::UnknownSite),
            ("idsite=-1", Invalid::UnknownSite),
            ("idsite=99999999999999", Invalid::UnknownSite),
            ("idsite=1&cid=abc", Invalid::VisitorIdLength),
            ("idsite=1&e_c=%20&e_a=a", Invalid::BlankEvent),
            ("idsite=1&c_n=%20", Invalid::BlankContent),
            ("idsite=1&pf_net=-2", Invalid::NegativeTiming),
        ] {
            assert_eq!(parse(query).err(), Some(why), "{query}");
        }
    }

    #[test]
    fn what_is_not_to_be_recorded_says_so() {
        let recorded = |query: &str| parse(&format!("idsite=1&{query}")).unwrap().record;
        assert!(recorded("rec=1") && recorded("rec=2&tracker_install_check="));
        assert!(!recorded("") && !recorded("rec=0") && !recorded("rec=yes"));
        assert!(!recorded("rec=1&tracker_install_check=a1b2"));
    }

    #[test]
    fn coming_back_is_told_in_known_buckets_or_not_at_all() {
        let told = |query: &str| parse(&format!("idsite=1&ping=1&{query}")).unwrap().coming_back;
        let known = told("ret_since=13&ret_days=4&ret_first=wm").unwrap();
        assert_eq!((known.weeks, known.days), (13, 4));
        assert_eq!(
            (known.first_of_week, known.first_of_month, known.first_of_school_year),
            (true, true, false)
        );
        assert!(told("ret_since=0&ret_days=0&ret_first=0").is_some());
        for query in [
            "",
            "ret_since=14&ret_days=4&ret_first=w",
            "ret_since=13&ret_days=3&ret_first=w",
            "ret_since=13&ret_days=4&ret_first=mw",
            "ret_since=13&ret_days=4&ret_first=",
            "ret_since=13&ret_days=4",
            "ret_since=269&ret_days=4&ret_first=w",
            "ret_since=-1&ret_days=4&ret_first=w",
        ] {
            assert_eq!(told(query), None, "{query}");
        }
    }

    #[test]
    fn attention_is_whole_seconds_of_a_day_at_school() {
        let told = |query: &str| parse(&format!("idsite=1&ping=1&{query}")).unwrap().attention;
        assert_eq!((told("active=1"), told("active=28800")), (Some(1), Some(28_800)));
        for query in ["", "active=0", "active=28801", "active=-5", "active=1.5", "active=x"] {
            assert_eq!(told(query), None, "{query}");
        }
    }

    #[test]
    fn mistakes_of_the_tracker_are_bounded() {
        let told = |query: &str| parse(&format!("idsite=1&ping=1&{query}")).unwrap().mistakes;
        assert_eq!(told("trk_err=3"), 3);
        assert_eq!(told("trk_err=200"), 20);
        assert_eq!(
            (told("trk_err=999"), told("trk_err=-1"), told("trk_err=x"), told("")),
            (0, 0, 0, 0)
        );
    }

    #[test]
    fn a_value_that_is_no_number_counts_as_zero() {
        let value = |query| match kind(query) {
            Tracked::Event(event) => event.value,
            other => panic!("{other:?}"),
        };
        assert_eq!(value("e_c=a&e_a=b"), None);
        assert_eq!(value("e_c=a&e_a=b&e_v="), None);
        assert_eq!(value("e_c=a&e_a=b&e_v=pas un nombre"), Some(0.0));
        assert_eq!(value("e_c=a&e_a=b&e_v=12.5"), Some(12.5));
        assert_eq!(value("e_c=a&e_a=b&e_v=inf"), Some(0.0));
    }

    #[test]
    fn visitor_ids_are_sixteen_hexadecimal_digits() {
        let id = |query: &str| parse(&format!("idsite=1&{query}")).unwrap().visitor;
        assert_eq!(id("_id=00000000000000ff"), Some(255));
        assert_eq!(id("_id=00000000000000ffabc"), Some(255));
        assert_eq!(id("_id=ff"), None);
        assert_eq!(id("_id=éééééééééééééééé"), None);
        assert_eq!(id("_id=00000000000000ff&cid=0000000000000001"), Some(1));
    }

    #[test]
    fn times_outside_twenty_years_are_now() {
        let now = 1_800_000_000;
        let time = |query: &str| parse(&format!("idsite=1&{query}")).unwrap().time(now);
        assert_eq!(time("cdt=1799999999"), 1_799_999_999);
        assert_eq!(time("cdt=1800000001"), now);
        assert_eq!(time("cdt=2026-03-02 08:00:00"), 1_772_438_400);
        assert_eq!(time("cdt=garbage"), now);
        assert_eq!(time("cdt=12"), now);
        assert_eq!(time("cdo=60"), now - 60);
    }

    #[test]
    fn texts_are_cut_between_characters() {
        let title = "é".repeat(2000);
        let hit = parse(&format!("idsite=1&action_name={title}")).unwrap();
        assert_eq!(hit.title.len(), 1024);
    }

    proptest! {
        #[test]
        fn any_bytes_give_a_bounded_hit(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
            let mut query = b"idsite=1&rec=1&".to_vec();
            query.extend(bytes);
            if let Ok(hit) = Hit::parse(&Params::parse(&query)) {
                prop_assert!(hit.url.len() <= 1024 && hit.title.len() <= 1024 && hit.user.len() <= 200);
            }
        }

        #[test]
        fn any_values_of_known_names_are_survived(name in "url|cdt|cdo|_id|cid|e_v|dimension[0-9]{1,7}|h|res|search_count|rec|ping|idgoal", value in "\\PC{0,60}") {
            let pairs = vec![("idsite".to_owned(), "1".to_owned()), (name, value)];
            let hit = Hit::parse(&Params::from_pairs(pairs));
            prop_assert!(hit.map_or(true, |hit| hit.time(1_800_000_000) <= 1_800_000_000));
        }
    }
}
