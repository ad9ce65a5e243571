//! Steps that follow each other within a visit, and what brought visits to their entry page.
//!
//! What came before a step is where the visit stood when it came: its last page view or search, as in
//! Matomo. Downloads and outlinks are steps that lead nowhere; events are none.

use smallvec::SmallVec;

use super::{
    delta::{Delta, Key},
    shape::{Shape, subject, subject::step},
    tally::each_of,
};
use crate::{
    session::{Change, Exit, Facts, pair_label},
    strip::{Action, ReferrerKind, Text},
};

/// An entry page and its referrer: subject, value, sub, leaf.
type Entrance = (i16, i64, i64, i64);

impl Delta {
    /// Adds which steps followed which, and the entry page's referrer. Of sites whose policy counts them.
    pub fn transitions(&mut self, change: &Change<'_>) {
        self.steps(change);
        self.entrances(change);
    }

    fn steps(&mut self, change: &Change<'_>) {
        let id = |text: &Option<Text>| text.as_ref().map_or(0, |text| text.id);
        let Before { url, title, search_for_url, search_for_title } = before(change.moved.from);
        let (to_url, to_title, kind) = match &change.event.action {
            Action::Page { url: to_url, title: to_title } => {
                let (to_url, to_title) = (id(to_url), id(to_title));
                self.step(change, subject::STEP_URL, search_for_url, to_url, step::AFTER_SEARCH);
                let subject = subject::STEP_TITLE;
                self.step(change, subject, search_for_title, to_title, step::AFTER_SEARCH);
                (to_url, to_title, step::PAGE)
            }
            Action::Search { keyword, .. } => (id(keyword), id(keyword), step::SEARCH),
            Action::Download(url) => (url.id, url.id, step::DOWNLOAD),
            Action::Outlink(url) => (url.id, url.id, step::OUTLINK),
            _ => return,
        };
        self.step(change, subject::STEP_URL, url, to_url, kind);
        self.step(change, subject::STEP_TITLE, title, to_title, kind);
    }

    fn step(&mut self, change: &Change<'_>, subject: i16, from: i64, to: i64, kind: i64) {
        if from == 0 || to == 0 {
            return;
        }
        let (site, day) = (change.event.site, change.event.day);
        let shape = Shape::Transition;
        self.row(Key { shape, site, day, subject, value: from, sub: to, leaf: kind }).add(0, 1);
    }

    /// Moves the visit's part in the rows of its entry page.
    fn entrances(&mut self, change: &Change<'_>) {
        let after = &change.visit.facts;
        let was = change.before.as_ref().map(entrances).unwrap_or_default();
        each_of(&was, &entrances(after), &mut |cell: Entrance, was, is| {
            if was != is {
                let (subject, value, sub, leaf) = cell;
                let (shape, site, day) = (Shape::Transition, after.site, after.day);
                self.row(Key { shape, site, day, subject, value, sub, leaf }).add(0, is - was);
            }
        });
        if after.referrer == ReferrerKind::Campaign as i64 && after.referrer_keyword != 0 {
            self.pair(detail(after), (after.referrer_name, after.referrer_keyword));
        }
    }
}

/// Where a visit stood; 0: nowhere.
struct Before {
    url: i64,
    title: i64,
    search_for_url: i64,
    search_for_title: i64,
}

/// A search takes the place of the page. As the first hit of a visit it is no step before an address, but
/// one before a title; a page without a title leaves the search in the title's place.
fn before(from: Exit) -> Before {
    let search = from.search.unwrap_or_default();
    Before {
        url: from.url.unwrap_or_default(),
        title: if from.search.is_none() { from.title.unwrap_or_default() } else { 0 },
        search_for_url: if from.url.is_none() { search } else { 0 },
        search_for_title: search,
    }
}

fn entrances(facts: &Facts) -> SmallVec<[Entrance; 2]> {
    let detail = detail(facts);
    let url = facts.entry_url.filter(|id| *id != 0).map(|id| (subject::ENTRANCE_URL, id));
    let title = facts.entry_title.filter(|id| *id != 0).map(|id| (subject::ENTRANCE_TITLE, id));
    let of = |(subject, page)| (subject, page, detail, facts.referrer);
    url.into_iter().chain(title).map(of).collect()
}

/// What is told of a referrer beside its kind: the keyword, the address, the network, name and keyword of
/// the campaign.
fn detail(facts: &Facts) -> i64 {
    const SEARCH: i64 = ReferrerKind::Search as i64;
    const WEBSITE: i64 = ReferrerKind::Website as i64;
    const CAMPAIGN: i64 = ReferrerKind::Campaign as i64;
    match facts.referrer {
        SEARCH => facts.referrer_keyword,
        WEBSITE => facts.referrer_url,
        CAMPAIGN if facts.referrer_keyword == 0 => 0,
        CAMPAIGN => pair_label(facts.referrer_name, facts.referrer_keyword),
        1 => 0,
        _ => facts.referrer_name,
    }
}
