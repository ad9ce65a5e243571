//! Pages by address and by title, downloads, outlinks.

use super::{
    columns::{self, Counted},
    path,
    tree::{self, Segments, Style},
};
use crate::{
    report::{
        labels::Absent,
        need::{By, Need},
        refusal::Refusal,
        scene::{Asked, Scene},
        table::{Cell, Record, Table},
    },
    rollup::{Shape, subject},
};

const PAGE_URL: Segments = Segments { page: "pageUrl==", folder: "pageUrl=^" };
const ENTRY_PAGE_URL: Segments = Segments { page: "entryPageUrl==", folder: "entryPageUrl=^" };
const EXIT_PAGE_URL: Segments = Segments { page: "exitPageUrl==", folder: "exitPageUrl=^" };
const PAGE_TITLE: Segments = Segments { page: "pageTitle==", folder: "pageTitle=^" };
const ENTRY_PAGE_TITLE: Segments =
    Segments { page: "entryPageTitle==", folder: "entryPageTitle=^" };
const EXIT_PAGE_TITLE: Segments = Segments { page: "exitPageTitle==", folder: "exitPageTitle=^" };
const DOWNLOAD_URL: Segments = Segments { page: "downloadUrl==", folder: "downloadUrl=^" };
const OUTLINK_URL: Segments = Segments { page: "outlinkUrl==", folder: "outlinkUrl=^" };

/// Pages, how long they took to load, what they had to do with goals, and the conversions those are measured by.
fn page_needs(asked: &Asked<'_>, subject: i16) -> Vec<Need> {
    let mut needs = vec![
        Need::of(Shape::Action, subject, By::VALUE),
        Need::of(Shape::Load, subject, By::VALUE),
        Need::of(Shape::LoadBounds, subject, By::VALUE),
    ];
    if !asked.site.goals.is_empty() {
        needs.push(Need::of(Shape::PageGoal, subject, By::VALUE_LEAF));
        needs.push(Need::of(Shape::Goal, subject::ALL, By::LEAF));
    }
    needs
}

pub(super) fn url_needs(asked: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    Ok(page_needs(asked, subject::PAGE_URL))
}

pub(super) fn title_needs(asked: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    Ok(page_needs(asked, subject::PAGE_TITLE))
}

pub(super) fn download_needs(_: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    Ok(vec![Need::of(Shape::Action, subject::DOWNLOAD, By::VALUE)])
}

pub(super) fn outlink_needs(_: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    Ok(vec![Need::of(Shape::Action, subject::OUTLINK, By::VALUE)])
}

pub(super) fn one_url_needs(asked: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    named(asked, "pageUrl").and_then(|()| url_needs(asked))
}

pub(super) fn one_title_needs(asked: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    named(asked, "pageName").and_then(|()| title_needs(asked))
}

pub(super) fn one_download_needs(asked: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    named(asked, "downloadUrl").and_then(|()| download_needs(asked))
}

pub(super) fn one_outlink_needs(asked: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    named(asked, "outlinkUrl").and_then(|()| outlink_needs(asked))
}

fn named(asked: &Asked<'_>, parameter: &str) -> Result<(), Refusal> {
    asked.params.get(parameter).map(|_| ()).ok_or_else(|| Refusal::missing(parameter))
}

fn url_style(scene: &Scene<'_>, segment: Segments, keep: fn(&Counted) -> bool) -> Style {
    Style {
        path: path::of_page,
        absent: Absent::PageUrl.text(scene.language()).to_owned(),
        segment,
        has_address: true,
        columns: columns::page,
        keep,
    }
}

/// Titles are not cut into folders; the space in front tells a title from a folder of that name.
fn title_style(scene: &Scene<'_>, segment: Segments, keep: fn(&Counted) -> bool) -> Style {
    Style {
        path: |title| vec![format!(" {}", title.trim())],
        absent: format!(" {}", Absent::PageTitle.text(scene.language())),
        segment,
        has_address: false,
        columns: columns::page,
        keep,
    }
}

fn link_style(scene: &Scene<'_>, segment: Segments) -> Style {
    Style { path: path::of_link, columns: columns::link, ..url_style(scene, segment, |_| true) }
}

fn is_entry(counted: &Counted) -> bool {
    counted.figure("entry_visits") > 0
}

fn is_exit(counted: &Counted) -> bool {
    counted.figure("exit_visits") > 0
}

fn follows_search(counted: &Counted) -> bool {
    counted.figure("after_search") > 0
}

pub(super) fn urls(scene: &Scene<'_>) -> Table {
    tree::table(scene, &url_style(scene, PAGE_URL, |_| true))
}

pub(super) fn entry_urls(scene: &Scene<'_>) -> Table {
    tree::table(scene, &url_style(scene, ENTRY_PAGE_URL, is_entry))
}

pub(super) fn exit_urls(scene: &Scene<'_>) -> Table {
    tree::table(scene, &url_style(scene, EXIT_PAGE_URL, is_exit))
}

pub(super) fn urls_after_search(scene: &Scene<'_>) -> Table {
    tree::table(scene, &url_style(scene, PAGE_URL, follows_search))
}

pub(super) fn titles(scene: &Scene<'_>) -> Table {
    tree::table(scene, &title_style(scene, PAGE_TITLE, |_| true))
}

pub(super) fn entry_titles(scene: &Scene<'_>) -> Table {
    tree::table(scene, &title_style(scene, ENTRY_PAGE_TITLE, is_entry))
}

pub(super) fn exit_titles(scene: &Scene<'_>) -> Table {
    tree::table(scene, &title_style(scene, EXIT_PAGE_TITLE, is_exit))
}

pub(super) fn titles_after_search(scene: &Scene<'_>) -> Table {
    tree::table(scene, &title_style(scene, PAGE_TITLE, follows_search))
}

pub(super) fn downloads(scene: &Scene<'_>) -> Table {
    tree::table(scene, &link_style(scene, DOWNLOAD_URL))
}

pub(super) fn outlinks(scene: &Scene<'_>) -> Table {
    tree::table(scene, &link_style(scene, OUTLINK_URL))
}

pub(super) fn one_url(scene: &Scene<'_>) -> Table {
    one_address(urls(scene), scene.params.get("pageUrl").unwrap_or_default())
}

pub(super) fn one_download(scene: &Scene<'_>) -> Table {
    one_address(downloads(scene), scene.params.get("downloadUrl").unwrap_or_default())
}

pub(super) fn one_outlink(scene: &Scene<'_>) -> Table {
    one_address(outlinks(scene), scene.params.get("outlinkUrl").unwrap_or_default())
}

pub(super) fn one_title(scene: &Scene<'_>) -> Table {
    let title = scene.params.get("pageName").unwrap_or_default().trim();
    let is_it = |row: &Record| row.label.as_deref().is_some_and(|label| label.trim() == title);
    let rows = titles(scene).rows.into_iter();
    Table::of(rows.filter(is_it).collect())
}

/// The page of that address, wherever it stands in the tree.
fn one_address(table: Table, address: &str) -> Table {
    let mut found = Vec::new();
    collect(table, address, &mut found);
    Table::of(found)
}

fn collect(table: Table, address: &str, found: &mut Vec<Record>) {
    for mut row in table.rows {
        match row.below.take() {
            Some(below) => collect(below.table, address, found),
            None => {
                if let Some(Cell::Text(url)) = row.about("url")
                    && path::is_same(url, address)
                {
                    found.push(row);
                }
            }
        }
    }
}
