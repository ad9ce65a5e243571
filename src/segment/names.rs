//! The names a segment may ask about, and those that nobody answers here.

use super::grammar::Wrong;
use crate::site::{Scope, Site};

/// Where a name finds what it asks about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Visit(OfVisit),
    Action(OfAction),
    Conversion(OfConversion),
}

/// What is true of the whole visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OfVisit {
    Country,
    CountryName,
    Language,
    Device,
    BrowserCode,
    BrowserName,
    BrowserVersion,
    SystemCode,
    SystemName,
    SystemVersion,
    Resolution,
    ReferrerType,
    ReferrerName,
    ReferrerKeyword,
    ReferrerUrl,
    VisitorType,
    Converted,
    Commerce,
    EntryUrl,
    EntryTitle,
    ExitUrl,
    ExitTitle,
    Dimension(u16),
    Duration,
    VisitCount,
    Actions,
    Interactions,
    Events,
    Searches,
    LocalHour,
    FirstHour,
    FirstMinute,
    LastHour,
    LastMinute,
    LastSecond,
    LastDate,
    LastWeekday,
    LastDay,
    LastDayOfYear,
    LastWeek,
    LastMonth,
    LastQuarter,
    LastYear,
}

/// What is true of one action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OfAction {
    Kind,
    AnyUrl,
    PageUrl,
    PageTitle,
    Download,
    Outlink,
    Keyword,
    SearchCategory,
    SearchCount,
    EventCategory,
    EventAction,
    EventName,
    EventValue,
    EventUrl,
    ContentName,
    ContentPiece,
    Dimension(u16),
    Hour,
    Minute,
}

/// What is true of one goal reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OfConversion {
    Goal,
    GoalName,
}

/// A name that can be asked about.
#[derive(Clone, Debug, PartialEq)]
pub struct Name {
    /// As a segment spells it.
    pub segment: String,
    /// What people call it.
    pub title: String,
    pub category: &'static str,
    /// A figure, where it is not a text.
    pub metric: bool,
    /// Values to choose from; empty: any.
    pub values: &'static str,
    pub(super) field: Field,
}

type Line = (&'static str, &'static str, &'static str, bool, &'static str, Field);

const VISIT: &str = "Visitors";
const PLACE: &str = "Visit Location";
const DEVICE: &str = "Devices";
const CLOCK: &str = "Times";
const ACTIONS: &str = "Behaviour";
const PAGES: &str = "Actions";
const EVENTS: &str = "Events";
const CONTENTS: &str = "Contents";
const SOURCES: &str = "Referrers";
const GOALS: &str = "Goals";
const DIMENSIONS: &str = "Custom Dimensions";

const KINDS: &str = "pageviews, contents, sitesearches, events, outlinks, downloads";
const TYPES: &str = "direct, search, website, social, campaign";
const DEVICES: &str = "desktop, smartphone, tablet, feature phone, console, tv, car browser, smart display, camera, portable media player, phablet, smart speaker, wearable, peripheral";

const LINES: &[Line] = {
    use Field::{Action, Conversion, Visit};
    &[
        ("actions", "Actions", VISIT, true, "", Visit(OfVisit::Actions)),
        ("interactions", "Interactions", VISIT, true, "", Visit(OfVisit::Interactions)),
        ("events", "Events", EVENTS, true, "", Visit(OfVisit::Events)),
        ("searches", "Searches", ACTIONS, true, "", Visit(OfVisit::Searches)),
        ("visitCount", "Number of visits", VISIT, true, "", Visit(OfVisit::VisitCount)),
        ("visitDuration", "Visit duration (in seconds)", VISIT, true, "", Visit(OfVisit::Duration)),
        (
            "visitorType",
            "Visit type",
            VISIT,
            false,
            "new, returning, returningCustomer",
            Visit(OfVisit::VisitorType),
        ),
        (
            "visitConverted",
            "Visit converted a specific goal",
            VISIT,
            false,
            "0, 1",
            Visit(OfVisit::Converted),
        ),
        (
            "visitConvertedGoalId",
            "Visit converted a specific Goal Id",
            GOALS,
            false,
            "",
            Conversion(OfConversion::Goal),
        ),
        (
            "visitConvertedGoalName",
            "Visit converted a specific Goal Name",
            GOALS,
            false,
            "",
            Conversion(OfConversion::GoalName),
        ),
        (
            "visitEcommerceStatus",
            "Visit Ecommerce status at the end of the visit",
            VISIT,
            false,
            "none, ordered, abandonedCart, orderedThenAbandonedCart",
            Visit(OfVisit::Commerce),
        ),
        (
            "countryCode",
            "Country",
            PLACE,
            false,
            "ISO 3166-1 codes: fr, de, us, ...",
            Visit(OfVisit::Country),
        ),
        (
            "countryName",
            "Country name",
            PLACE,
            false,
            "France, Germany, ...",
            Visit(OfVisit::CountryName),
        ),
        (
            "languageCode",
            "Language code",
            PLACE,
            false,
            "fr, fr-fr, en-us, ...",
            Visit(OfVisit::Language),
        ),
        ("deviceType", "Device type", DEVICE, false, DEVICES, Visit(OfVisit::Device)),
        (
            "browserCode",
            "Browser",
            DEVICE,
            false,
            "FF, CH, SF, PS, ...",
            Visit(OfVisit::BrowserCode),
        ),
        (
            "browserName",
            "Browser name",
            DEVICE,
            false,
            "Firefox, Chrome, Safari, ...",
            Visit(OfVisit::BrowserName),
        ),
        (
            "browserVersion",
            "Browser version",
            DEVICE,
            false,
            "1.0, 8.0, ...",
            Visit(OfVisit::BrowserVersion),
        ),
        (
            "operatingSystemCode",
            "Operating system code",
            DEVICE,
            false,
            "WIN, LIN, MAC, AND, IOS, ...",
            Visit(OfVisit::SystemCode),
        ),
        (
            "operatingSystemName",
            "Operating system",
            DEVICE,
            false,
            "Windows, GNU/Linux, Mac, ...",
            Visit(OfVisit::SystemName),
        ),
        (
            "operatingSystemVersion",
            "Operating system version",
            DEVICE,
            false,
            "10, 14.2, ...",
            Visit(OfVisit::SystemVersion),
        ),
        (
            "resolution",
            "Resolution",
            DEVICE,
            false,
            "1280x1024, 800x600, ...",
            Visit(OfVisit::Resolution),
        ),
        (
            "visitLocalHour",
            "Local hour of the visit",
            CLOCK,
            false,
            "0, 1, 2, 3, ..., 20, 21, 22, 23",
            Visit(OfVisit::LocalHour),
        ),
        (
            "visitStartServerHour",
            "Hour of the visit's start, in UTC",
            CLOCK,
            false,
            "0, 1, 2, 3, ..., 20, 21, 22, 23",
            Visit(OfVisit::FirstHour),
        ),
        (
            "visitStartServerMinute",
            "Minute of the visit's start",
            CLOCK,
            false,
            "0, 1, 2, 3, ..., 56, 57, 58, 59",
            Visit(OfVisit::FirstMinute),
        ),
        (
            "visitServerHour",
            "Hour of the visit's end, in UTC",
            CLOCK,
            false,
            "0, 1, 2, 3, ..., 20, 21, 22, 23",
            Visit(OfVisit::LastHour),
        ),
        (
            "visitEndServerMinute",
            "Minute of the visit's end",
            CLOCK,
            false,
            "0, 1, 2, 3, ..., 56, 57, 58, 59",
            Visit(OfVisit::LastMinute),
        ),
        (
            "visitEndServerSecond",
            "Second of the visit's end",
            CLOCK,
            false,
            "0, 1, 2, 3, ..., 56, 57, 58, 59",
            Visit(OfVisit::LastSecond),
        ),
        (
            "visitEndServerDate",
            "Date of the visit's end",
            CLOCK,
            false,
            "YYYY-MM-DD",
            Visit(OfVisit::LastDate),
        ),
        (
            "visitEndServerDayOfWeek",
            "Day of the week of the visit's end",
            CLOCK,
            false,
            "1, 2, 3, 4, 5, 6, 7",
            Visit(OfVisit::LastWeekday),
        ),
        (
            "visitEndServerDayOfMonth",
            "Day of the month of the visit's end",
            CLOCK,
            false,
            "1, 2, 3, ..., 30, 31",
            Visit(OfVisit::LastDay),
        ),
        (
            "visitEndServerDayOfYear",
            "Day of the year of the visit's end",
            CLOCK,
            false,
            "1, 2, 3, ..., 365, 366",
            Visit(OfVisit::LastDayOfYear),
        ),
        (
            "visitEndServerWeekOfYear",
            "Week of the year of the visit's end",
            CLOCK,
            false,
            "1, 2, 3, ..., 52, 53",
            Visit(OfVisit::LastWeek),
        ),
        (
            "visitEndServerMonth",
            "Month of the visit's end",
            CLOCK,
            false,
            "1, 2, 3, ..., 11, 12",
            Visit(OfVisit::LastMonth),
        ),
        (
            "visitEndServerQuarter",
            "Quarter of the visit's end",
            CLOCK,
            false,
            "1, 2, 3, 4",
            Visit(OfVisit::LastQuarter),
        ),
        (
            "visitEndServerYear",
            "Year of the visit's end",
            CLOCK,
            false,
            "2025, 2026, ...",
            Visit(OfVisit::LastYear),
        ),
        ("referrerType", "Channel Type", SOURCES, false, TYPES, Visit(OfVisit::ReferrerType)),
        ("referrerName", "Referrer Name", SOURCES, false, "", Visit(OfVisit::ReferrerName)),
        ("referrerKeyword", "Keyword", SOURCES, false, "", Visit(OfVisit::ReferrerKeyword)),
        ("referrerUrl", "Referrer URL", SOURCES, false, "", Visit(OfVisit::ReferrerUrl)),
        ("entryPageUrl", "Entry Page URL", PAGES, false, "", Visit(OfVisit::EntryUrl)),
        ("entryPageTitle", "Entry Page title", PAGES, false, "", Visit(OfVisit::EntryTitle)),
        ("exitPageUrl", "Exit Page URL", PAGES, false, "", Visit(OfVisit::ExitUrl)),
        ("exitPageTitle", "Exit Page Title", PAGES, false, "", Visit(OfVisit::ExitTitle)),
        ("actionType", "Action Type", PAGES, false, KINDS, Action(OfAction::Kind)),
        ("actionUrl", "Action URL", PAGES, false, "", Action(OfAction::AnyUrl)),
        ("pageUrl", "Page URL", PAGES, false, "", Action(OfAction::PageUrl)),
        ("pageTitle", "Page Name", PAGES, false, "", Action(OfAction::PageTitle)),
        ("downloadUrl", "Download URL", PAGES, false, "", Action(OfAction::Download)),
        ("outlinkUrl", "Clicked URL", PAGES, false, "", Action(OfAction::Outlink)),
        ("siteSearchKeyword", "Keyword (Site Search)", PAGES, false, "", Action(OfAction::Keyword)),
        (
            "siteSearchCategory",
            "Search Category",
            PAGES,
            false,
            "",
            Action(OfAction::SearchCategory),
        ),
        (
            "siteSearchCount",
            "Number of search results",
            PAGES,
            true,
            "",
            Action(OfAction::SearchCount),
        ),
        (
            "actionServerHour",
            "Hour of the action, in UTC",
            PAGES,
            false,
            "0, 1, 2, 3, ..., 20, 21, 22, 23",
            Action(OfAction::Hour),
        ),
        (
            "actionServerMinute",
            "Minute of the action",
            PAGES,
            false,
            "0, 1, 2, 3, ..., 56, 57, 58, 59",
            Action(OfAction::Minute),
        ),
        ("eventCategory", "Event Category", EVENTS, false, "", Action(OfAction::EventCategory)),
        ("eventAction", "Event Action", EVENTS, false, "", Action(OfAction::EventAction)),
        ("eventName", "Event Name", EVENTS, false, "", Action(OfAction::EventName)),
        ("eventValue", "Event Value", EVENTS, true, "", Action(OfAction::EventValue)),
        ("eventUrl", "Event URL", EVENTS, false, "", Action(OfAction::EventUrl)),
        ("contentName", "Content Name", CONTENTS, false, "", Action(OfAction::ContentName)),
        ("contentPiece", "Content Piece", CONTENTS, false, "", Action(OfAction::ContentPiece)),
    ]
};

/// Names under which Matomo would show or follow a person.
const IDENTIFIERS: [&str; 9] = [
    "visitId",
    "visitorId",
    "visitIp",
    "userId",
    "fingerprint",
    "latitude",
    "longitude",
    "profilable",
    "pageViewId",
];

/// Names of Matomo for what PADOQE does not keep.
const NOT_KEPT: [&str; 35] = [
    "city",
    "regionCode",
    "regionName",
    "continentCode",
    "continentName",
    "provider",
    "deviceBrand",
    "deviceModel",
    "browserEngine",
    "plugin",
    "contentTarget",
    "contentInteraction",
    "visitLocalMinute",
    "daysSinceFirstVisit",
    "daysSinceLastVisit",
    "daysSinceLastEcommerceOrder",
    "secondsSinceFirstVisit",
    "secondsSinceLastVisit",
    "secondsSinceLastEcommerceOrder",
    "orderId",
    "productCategory",
    "productName",
    "productPrice",
    "productSku",
    "productViewCategory",
    "productViewName",
    "productViewPrice",
    "productViewSku",
    "revenueOrder",
    "revenueAbandonedCart",
    "timeSpentOnPage",
    "generationTime",
    "customVariableName",
    "customVariableValue",
    "clickId",
];

/// Every name that can be asked about on a site: the usual ones and its own dimensions.
pub fn names(site: &Site) -> impl Iterator<Item = Name> {
    let usual = LINES.iter().map(|(segment, title, category, metric, values, field)| Name {
        segment: (*segment).to_owned(),
        title: (*title).to_owned(),
        category,
        metric: *metric,
        values,
        field: *field,
    });
    let own = site.dimensions.iter().filter(|it| it.active).map(|dimension| Name {
        segment: format!("dimension{}", dimension.id),
        title: dimension.name.clone(),
        category: DIMENSIONS,
        metric: false,
        values: "",
        field: match dimension.scope {
            Scope::Visit => Field::Visit(OfVisit::Dimension(dimension.id)),
            Scope::Action => Field::Action(OfAction::Dimension(dimension.id)),
        },
    });
    usual.chain(own)
}

/// What a name asks about.
pub(super) fn field(name: &str, site: &Site) -> Result<Field, Wrong> {
    if let Some((.., field)) = LINES.iter().find(|(it, ..)| *it == name) {
        return Ok(*field);
    }
    let own = name.strip_prefix("dimension").and_then(|number| number.parse().ok());
    if let Some(dimension) = own.and_then(|id| site.dimension(id)) {
        return Ok(match dimension.scope {
            Scope::Visit => Field::Visit(OfVisit::Dimension(dimension.id)),
            Scope::Action => Field::Action(OfAction::Dimension(dimension.id)),
        });
    }
    if IDENTIFIERS.contains(&name) {
        return Err(Wrong::Identifier(name.to_owned()));
    }
    if NOT_KEPT.contains(&name) {
        return Err(Wrong::NotKept(name.to_owned()));
    }
    Err(Wrong::Unknown(name.to_owned()))
}

impl Field {
    /// Texts that Matomo looks up as a whole, letter by letter.
    pub(super) fn is_exact(self) -> bool {
        match self {
            Self::Action(OfAction::Dimension(_)) | Self::Conversion(_) => false,
            Self::Action(_) => true,
            Self::Visit(it) => matches!(
                it,
                OfVisit::EntryUrl | OfVisit::EntryTitle | OfVisit::ExitUrl | OfVisit::ExitTitle
            ),
        }
    }

    /// Addresses of pages, which are one with and without `www.`, `http` and `https`.
    pub(super) fn is_page_address(self) -> bool {
        matches!(
            self,
            Self::Visit(OfVisit::EntryUrl | OfVisit::ExitUrl)
                | Self::Action(OfAction::PageUrl | OfAction::EventUrl | OfAction::AnyUrl)
        )
    }
}
