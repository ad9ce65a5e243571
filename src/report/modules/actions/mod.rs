//! Actions: pages, titles, downloads, outlinks, searches on the site.

mod columns;
mod overview;
mod pages;
mod path;
mod search;
mod tree;

use crate::report::{filter::Flat, metrics::Processed, registry::Report};

const MODULE: &str = "Actions";

const PAGE_RATES: &[Processed] = &[
    Processed::PageLoadTime,
    Processed::TimeOnPage,
    Processed::EntryBounceRate,
    Processed::ExitRate,
];

const SEARCH_RATES: &[Processed] = &[
    Processed::HitsPerSearch,
    Processed::TimeOnPage,
    Processed::EntryBounceRate,
    Processed::ExitRate,
];

/// A report of pages by address.
const fn urls(action: &'static str, dimensions: &'static [&'static str], report: Report) -> Report {
    Report { action, ..report }.of(dimensions).flat(Flat::Pages).with(PAGE_RATES)
}

/// A report of pages by title.
const fn titles(
    action: &'static str,
    dimensions: &'static [&'static str],
    report: Report,
) -> Report {
    Report { action, ..report }.of(dimensions).with(PAGE_RATES)
}

pub(super) const REPORTS: &[Report] = &[
    Report::new(MODULE, "get", overview::needs, overview::get),
    urls(
        "getPageUrls",
        &["Actions_PageUrl"],
        Report::new(MODULE, "", pages::url_needs, pages::urls),
    ),
    urls(
        "getEntryPageUrls",
        &["Actions_EntryPageUrl"],
        Report::new(MODULE, "", pages::url_needs, pages::entry_urls),
    ),
    urls(
        "getExitPageUrls",
        &["Actions_ExitPageUrl"],
        Report::new(MODULE, "", pages::url_needs, pages::exit_urls),
    ),
    urls(
        "getPageUrlsFollowingSiteSearch",
        &["Actions_PageUrl"],
        Report::new(MODULE, "", pages::url_needs, pages::urls_after_search),
    ),
    urls(
        "getPageUrl",
        &["Actions_PageUrl"],
        Report::new(MODULE, "", pages::one_url_needs, pages::one_url),
    ),
    titles(
        "getPageTitles",
        &["Actions_PageTitle"],
        Report::new(MODULE, "", pages::title_needs, pages::titles),
    ),
    titles(
        "getEntryPageTitles",
        &["Actions_EntryPageTitle"],
        Report::new(MODULE, "", pages::title_needs, pages::entry_titles),
    ),
    titles(
        "getExitPageTitles",
        &["Actions_ExitPageTitle"],
        Report::new(MODULE, "", pages::title_needs, pages::exit_titles),
    ),
    titles(
        "getPageTitlesFollowingSiteSearch",
        &["Actions_PageTitle"],
        Report::new(MODULE, "", pages::title_needs, pages::titles_after_search),
    ),
    titles(
        "getPageTitle",
        &["Actions_PageTitle"],
        Report::new(MODULE, "", pages::one_title_needs, pages::one_title),
    ),
    Report::new(MODULE, "getDownloads", pages::download_needs, pages::downloads)
        .of(&["Actions_DownloadUrl"])
        .flat(Flat::Path),
    Report::new(MODULE, "getDownload", pages::one_download_needs, pages::one_download)
        .of(&["Actions_DownloadUrl"])
        .flat(Flat::Path),
    Report::new(MODULE, "getOutlinks", pages::outlink_needs, pages::outlinks)
        .of(&["Actions_ClickedUrl"])
        .flat(Flat::Path),
    Report::new(MODULE, "getOutlink", pages::one_outlink_needs, pages::one_outlink)
        .of(&["Actions_ClickedUrl"])
        .flat(Flat::Path),
    Report::new(MODULE, "getSiteSearchKeywords", search::keyword_needs, search::keywords)
        .of(&["Actions_Keyword"])
        .with(SEARCH_RATES),
    Report::new(
        MODULE,
        "getSiteSearchNoResultKeywords",
        search::no_result_needs,
        search::keywords_without_result,
    )
    .of(&["Actions_Keyword"])
    .with(SEARCH_RATES),
    Report::new(MODULE, "getSiteSearchCategories", search::category_needs, search::categories)
        .of(&["Actions_SearchCategory"])
        .with(&[Processed::ActionsPerSearch]),
];
