//! The names a segment may ask about, and those that nobody answers here.

use super::grammar::Wrong;
use crate::{
    site::{Scope, Site},
    strip::Policy,
};

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
    DaysSinceFirst,
    DaysSinceLast,
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
}

/// Name, kind, category, title, values to choose from.
const USUAL: &str = include_str!("names.tsv");
/// The category of a site's own dimensions.
const DIMENSIONS: &str = "Custom Dimensions";

/// Where the names that every site has find what they ask about.
fn usual(name: &str) -> Option<Field> {
    use Field::{Action, Conversion, Visit};
    Some(match name {
        "actions" => Visit(OfVisit::Actions),
        "interactions" => Visit(OfVisit::Interactions),
        "events" => Visit(OfVisit::Events),
        "searches" => Visit(OfVisit::Searches),
        "visitCount" => Visit(OfVisit::VisitCount),
        "daysSinceFirstVisit" => Visit(OfVisit::DaysSinceFirst),
        "daysSinceLastVisit" => Visit(OfVisit::DaysSinceLast),
        "visitDuration" => Visit(OfVisit::Duration),
        "visitorType" => Visit(OfVisit::VisitorType),
        "visitConverted" => Visit(OfVisit::Converted),
        "visitConvertedGoalId" => Conversion(OfConversion::Goal),
        "visitConvertedGoalName" => Conversion(OfConversion::GoalName),
        "visitEcommerceStatus" => Visit(OfVisit::Commerce),
        "countryCode" => Visit(OfVisit::Country),
        "countryName" => Visit(OfVisit::CountryName),
        "languageCode" => Visit(OfVisit::Language),
        "deviceType" => Visit(OfVisit::Device),
        "browserCode" => Visit(OfVisit::BrowserCode),
        "browserName" => Visit(OfVisit::BrowserName),
        "browserVersion" => Visit(OfVisit::BrowserVersion),
        "operatingSystemCode" => Visit(OfVisit::SystemCode),
        "operatingSystemName" => Visit(OfVisit::SystemName),
        "operatingSystemVersion" => Visit(OfVisit::SystemVersion),
        "resolution" => Visit(OfVisit::Resolution),
        "visitLocalHour" => Visit(OfVisit::LocalHour),
        "visitStartServerHour" => Visit(OfVisit::FirstHour),
        "visitStartServerMinute" => Visit(OfVisit::FirstMinute),
        "visitServerHour" => Visit(OfVisit::LastHour),
        "visitEndServerMinute" => Visit(OfVisit::LastMinute),
        "visitEndServerSecond" => Visit(OfVisit::LastSecond),
        "visitEndServerDate" => Visit(OfVisit::LastDate),
        "visitEndServerDayOfWeek" => Visit(OfVisit::LastWeekday),
        "visitEndServerDayOfMonth" => Visit(OfVisit::LastDay),
        "visitEndServerDayOfYear" => Visit(OfVisit::LastDayOfYear),
        "visitEndServerWeekOfYear" => Visit(OfVisit::LastWeek),
        "visitEndServerMonth" => Visit(OfVisit::LastMonth),
        "visitEndServerQuarter" => Visit(OfVisit::LastQuarter),
        "visitEndServerYear" => Visit(OfVisit::LastYear),
        "referrerType" => Visit(OfVisit::ReferrerType),
        "referrerName" => Visit(OfVisit::ReferrerName),
        "referrerKeyword" => Visit(OfVisit::ReferrerKeyword),
        "referrerUrl" => Visit(OfVisit::ReferrerUrl),
        "entryPageUrl" => Visit(OfVisit::EntryUrl),
        "entryPageTitle" => Visit(OfVisit::EntryTitle),
        "exitPageUrl" => Visit(OfVisit::ExitUrl),
        "exitPageTitle" => Visit(OfVisit::ExitTitle),
        "actionType" => Action(OfAction::Kind),
        "actionUrl" => Action(OfAction::AnyUrl),
        "pageUrl" => Action(OfAction::PageUrl),
        "pageTitle" => Action(OfAction::PageTitle),
        "downloadUrl" => Action(OfAction::Download),
        "outlinkUrl" => Action(OfAction::Outlink),
        "siteSearchKeyword" => Action(OfAction::Keyword),
        "siteSearchCategory" => Action(OfAction::SearchCategory),
        "siteSearchCount" => Action(OfAction::SearchCount),
        "actionServerHour" => Action(OfAction::Hour),
        "actionServerMinute" => Action(OfAction::Minute),
        "eventCategory" => Action(OfAction::EventCategory),
        "eventAction" => Action(OfAction::EventAction),
        "eventName" => Action(OfAction::EventName),
        "eventValue" => Action(OfAction::EventValue),
        "eventUrl" => Action(OfAction::EventUrl),
        "contentName" => Action(OfAction::ContentName),
        "contentPiece" => Action(OfAction::ContentPiece),
        _ => return None,
    })
}

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
const NOT_KEPT: [&str; 33] = [
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

/// Names so fine that they may single out somebody: not for every policy (CNIL-15).
const FINE: [&str; 9] = [
    "resolution",
    "visitLocalHour",
    "visitStartServerHour",
    "visitStartServerMinute",
    "visitServerHour",
    "visitEndServerMinute",
    "visitEndServerSecond",
    "actionServerHour",
    "actionServerMinute",
];

/// Names of what is only known where the policy lets visitors be known over days.
const OVER_DAYS: [&str; 2] = ["daysSinceFirstVisit", "daysSinceLastVisit"];

fn is_unknown_over_days(name: &str, site: &Site) -> bool {
    !Policy::named(site.policy).recency && OVER_DAYS.contains(&name)
}

fn is_too_fine(name: &str, site: &Site) -> bool {
    !Policy::named(site.policy).fine_segments && FINE.contains(&name)
}

/// Every name that can be asked about on a site: the usual ones and its own dimensions.
pub fn names(site: &Site) -> impl Iterator<Item = Name> {
    let usual = USUAL.lines().filter_map(|line| {
        let mut cells = line.split('\t');
        let mut cell = || cells.next().unwrap_or_default();
        let (segment, kind, category, title, values) = (cell(), cell(), cell(), cell(), cell());
        usual(segment)?;
        let (segment, title) = (segment.to_owned(), title.to_owned());
        Some(Name { segment, title, category, metric: kind == "metric", values })
    });
    let own = site.dimensions.iter().filter(|it| it.active).map(|dimension| Name {
        segment: format!("dimension{}", dimension.id),
        title: dimension.name.clone(),
        category: DIMENSIONS,
        metric: false,
        values: "",
    });
    let asked =
        |it: &Name| !is_too_fine(&it.segment, site) && !is_unknown_over_days(&it.segment, site);
    usual.filter(asked).chain(own)
}

/// What a name asks about.
pub(super) fn field(name: &str, site: &Site) -> Result<Field, Wrong> {
    if is_too_fine(name, site) {
        return Err(Wrong::TooFine(name.to_owned()));
    }
    if is_unknown_over_days(name, site) {
        return Err(Wrong::NotKept(name.to_owned()));
    }
    if let Some(field) = usual(name) {
        return Ok(field);
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
