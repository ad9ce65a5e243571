//! Referrers: where visits came from.

mod overview;
mod sources;

use crate::report::{filter::Flat, registry::Report};

const MODULE: &str = "Referrers";

pub(super) const REPORTS: &[Report] = &[
    Report::new(MODULE, "get", overview::needs, overview::get),
    Report::new(MODULE, "getReferrerType", overview::type_needs, overview::types)
        .of(&["Referrers_ReferrerType"])
        .flat(Flat::Never)
        .one_site(),
    Report::new(MODULE, "getAll", overview::all_needs, overview::all)
        .of(&["Referrers_Referrer"])
        .one_site()
        .one_date(),
    Report::new(MODULE, "getKeywords", sources::engine_needs, sources::keywords)
        .of(&["Referrers_Keyword", "Referrers_SearchEngine"]),
    Report::new(MODULE, "getSearchEngines", sources::engine_needs, sources::engines)
        .of(&["Referrers_SearchEngine", "Referrers_Keyword"]),
    Report::new(MODULE, "getWebsites", sources::website_needs, sources::websites)
        .of(&["Referrers_Website", "Referrers_WebsitePage"])
        .flat(Flat::Path),
    Report::new(MODULE, "getSocials", sources::social_needs, sources::socials)
        .of(&["Referrers_SocialNetwork", "Referrers_WebsitePage"]),
    Report::new(MODULE, "getCampaigns", sources::campaign_needs, sources::campaigns)
        .of(&["Referrers_Campaign", "Referrers_Keyword"]),
    Report::new(MODULE, "getAIAssistants", sources::assistant_needs, sources::assistants)
        .of(&["Referrers_AIAssistant"]),
    Report::new(MODULE, "getSearchEnginesFromKeywordId", sources::engine_parts, sources::keywords)
        .of(&["Referrers_SearchEngine"]),
    Report::new(MODULE, "getKeywordsFromSearchEngineId", sources::engine_parts, sources::engines)
        .of(&["Referrers_Keyword"]),
    Report::new(MODULE, "getUrlsFromWebsiteId", sources::website_parts, sources::websites)
        .of(&["Referrers_WebsitePage"]),
    Report::new(MODULE, "getUrlsForSocial", sources::social_parts, sources::socials)
        .of(&["Referrers_WebsitePage"]),
    Report::new(MODULE, "getKeywordsFromCampaignId", sources::campaign_parts, sources::campaigns)
        .of(&["Referrers_Keyword"]),
    Report::new(MODULE, "getNumberOfDistinctSearchEngines", overview::number_needs, |scene| {
        overview::number(scene, "Referrers_distinctSearchEngines")
    }),
    Report::new(MODULE, "getNumberOfDistinctKeywords", overview::number_needs, |scene| {
        overview::number(scene, "Referrers_distinctKeywords")
    }),
    Report::new(MODULE, "getNumberOfDistinctSocialNetworks", overview::number_needs, |scene| {
        overview::number(scene, "Referrers_distinctSocialNetworks")
    }),
    Report::new(MODULE, "getNumberOfDistinctWebsites", overview::number_needs, |scene| {
        overview::number(scene, "Referrers_distinctWebsites")
    }),
    Report::new(MODULE, "getNumberOfDistinctWebsitesUrls", overview::number_needs, |scene| {
        overview::number(scene, "Referrers_distinctWebsitesUrls")
    }),
    Report::new(MODULE, "getNumberOfDistinctCampaigns", overview::number_needs, |scene| {
        overview::number(scene, "Referrers_distinctCampaigns")
    }),
];
