//! The page after login: the sites, each with its last days.

use serde::Serialize;

use super::{
    address::Address, chart, lang::Chosen, number, overview::SiteName, period::Link, svg::Svg,
    text::Text,
};

/// The sites a person may look at.
#[derive(Clone, Debug, Default)]
pub struct Sites {
    pub sites: Vec<SiteCard>,
    /// Sites of which they may see what is published, and no more.
    pub published: Vec<SiteName>,
}

/// One site of the list.
#[derive(Clone, Debug, Default)]
pub struct SiteCard {
    pub site: SiteName,
    /// Visits so far today.
    pub today: u64,
    /// Visits of the last 7 days, today included.
    pub week: u64,
    /// Visits per day, oldest first: 30 days, today included.
    pub days: Vec<u64>,
}

#[derive(Debug, Serialize)]
pub(super) struct View {
    cards: Vec<Card>,
    published: Vec<Link>,
}

#[derive(Debug, Serialize)]
struct Card {
    site: SiteName,
    href: String,
    today: String,
    week: String,
    spark: Svg,
    /// What the drawing shows, in words.
    month: String,
    quiet: bool,
}

impl Sites {
    pub(super) fn view(&self, chosen: Chosen, text: &Text) -> View {
        let cards = self.sites.iter().map(|it| Card {
            site: it.site.clone(),
            href: Address::site(it.site.id, chosen).plain(),
            today: number::integer(it.today, text.lang()),
            week: number::integer(it.week, text.lang()),
            spark: chart::spark(&it.days),
            month: text
                .count("counts.visits", it.days.iter().fold(0, |sum, day| day.saturating_add(sum))),
            quiet: it.days.iter().all(|visits| *visits == 0) && it.week == 0,
        });
        let published = self.published.iter().map(|it| Link {
            href: Address::new("/published", chosen).with("site", Some(&it.id.to_string())).plain(),
            label: it.name.clone(),
            current: false,
        });
        View { cards: cards.collect(), published: published.collect() }
    }
}
