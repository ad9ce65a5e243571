//! The page of a site's features: what it is given, and what its template shows of it.
//!
//! It shows tables of the Reporting API (`Features.*`) as they are, in numbers: what a page and a
//! program are told cannot differ.

mod detail;
mod funnels;
mod list;
mod reach;
#[cfg(test)]
pub(super) mod sample;
mod split;
mod trend;

pub use reach::Reach;

use jiff::civil::DateTime;
use serde::Serialize;

use super::{
    address::Address,
    lang::Chosen,
    overview::{
        Shaded, SiteName,
        moments::{Moments, Words},
    },
    period::{Asked, Link, Picker},
    text::Text,
};
use crate::report::Table;

/// Everything the page is made of, for one period.
#[derive(Clone, Debug)]
pub struct Features {
    pub site: SiteName,
    /// The site's local time.
    pub now: DateTime,
    pub asked: Asked,
    /// Audiences that can be chosen: key and name.
    pub audiences: Vec<(String, String)>,
    /// Key of the chosen audience.
    pub audience: Option<String>,
    /// The one value of it that all figures are about.
    pub value: Option<String>,
    /// Key of the feature whose moments are shown; all of them together where there is none.
    pub feature: Option<String>,
    /// Holidays of the period, on sites of the national calendar.
    pub shaded: Vec<Shaded>,
    /// What establishments are told apart by, as the API calls it.
    pub by: String,
    /// Figures are published of the site.
    pub is_published: bool,
    /// Whoever looks may declare features.
    pub may_declare: bool,
    pub tables: Tables,
}

/// Answers of the Reporting API with what is under their rows, in numbers.
#[derive(Clone, Debug, Default)]
pub struct Tables {
    pub adoption: Table,
    pub frequency: Table,
    pub duration: Table,
    pub moments: Table,
    pub trend: Table,
    pub never: Table,
    pub together: Table,
    pub funnels: Table,
    /// The days of the chosen feature's same school weeks a year before.
    pub last_year: Option<Table>,
    /// Before and after the release of the chosen feature.
    pub change: Option<Table>,
    /// Establishments with a use, where the site knows of establishments.
    pub reach: Option<Reach>,
    /// Adoption by value of the chosen audience, whatever value is chosen.
    pub split: Option<Table>,
}

/// What the template shows.
#[derive(Debug, Serialize)]
pub(super) struct View {
    site: SiteName,
    home: Link,
    /// Pages about what is declared.
    links: Vec<Link>,
    picker: Picker,
    audiences: Vec<Link>,
    /// What all figures are narrowed to.
    narrowed: Option<String>,
    features: list::List,
    split: Option<split::Split>,
    reach: Option<reach::View>,
    moments: Moments,
    /// The feature that moments and the trend are of.
    of: Option<String>,
    trend: Option<trend::Trend>,
    everything: Option<Link>,
    funnels: Vec<funnels::Funnel>,
    together: Vec<detail::Pair>,
    never: Vec<detail::Never>,
}

impl Features {
    /// The address of the page, without its period.
    pub(super) fn address(&self, chosen: Chosen) -> Address {
        Address::features(self.site.id, chosen)
            .with("audience", self.audience.as_deref())
            .with("value", self.value.as_deref())
            .with("feature", self.feature.as_deref())
            .with("by", Some(self.by.as_str()).filter(|it| *it != reach::BY[0]))
    }

    /// Whether establishments can be told apart by that.
    pub fn known_by(by: &str) -> Option<&'static str> {
        reach::BY.into_iter().find(|it| *it == by)
    }

    /// What they are told apart by where nothing is chosen.
    pub const USUAL_BY: &str = reach::BY[0];

    pub(super) fn view(&self, chosen: Chosen, text: &Text) -> View {
        let address = self.address(chosen);
        let choice = &self.asked.choice;
        let Tables { adoption, moments, funnels, together, never, split, .. } = &self.tables;
        let named = adoption.rows.iter().find(|row| list::key(row) == self.feature.as_deref());
        let of = named.filter(|_| self.feature.is_some()).and_then(|row| row.caption());
        let mut trends = self.tables.trend.rows.iter();
        let trend = trends.find(|row| list::key(row) == self.feature.as_deref());
        let trend = trend.filter(|_| of.is_some());
        View {
            site: self.site.clone(),
            home: Link {
                href: Address::site(self.site.id, chosen).period(choice),
                label: self.site.name.clone(),
                current: false,
            },
            links: self.links(chosen, text),
            picker: Picker::new(&self.asked, self.now.date(), &address, text),
            audiences: self.audience_links(&address, text),
            narrowed: self.narrowed(text),
            features: list::List::new(self, &address, text),
            split: split.as_ref().map(|table| split::Split::new(self, table, &address, text)),
            reach: self.tables.reach.as_ref().map(|it| reach::View::new(self, it, &address, text)),
            moments: Moments::new(&detail::moments(moments, &self.feature), Words::USES, text),
            of: of.map(str::to_owned),
            trend: trend.and_then(|it| trend::Trend::new(self, it, text)),
            everything: of.map(|_| Link {
                href: address.with("feature", None).period(choice),
                label: text.say("use_moments.all"),
                current: false,
            }),
            funnels: funnels.rows.iter().map(|row| funnels::Funnel::new(row, text)).collect(),
            together: detail::pairs(together, text),
            never: never.rows.iter().map(|row| detail::Never::new(row, text)).collect(),
        }
    }

    fn links(&self, chosen: Chosen, text: &Text) -> Vec<Link> {
        let site = self.site.id.to_string();
        let link = |path: &str, label: &str| Link {
            href: Address::new(path, chosen).with("site", Some(&site)).plain(),
            label: text.say(label),
            current: false,
        };
        let declare = self.may_declare.then(|| link("/features/register", "usage.declare"));
        let published = self.is_published.then(|| link("/published", "published.link"));
        let data_map = link("/data-map", "usage.data_map");
        declare.into_iter().chain([data_map]).chain(published).collect()
    }

    fn audience_links(&self, address: &Address, text: &Text) -> Vec<Link> {
        if self.audiences.is_empty() {
            return Vec::new();
        }
        let link = |key: Option<&str>, label: String| Link {
            href: address.with("value", None).with("audience", key).period(&self.asked.choice),
            label,
            current: key == self.audience.as_deref(),
        };
        let each = self.audiences.iter().map(|(key, name)| link(Some(key), name.clone()));
        std::iter::once(link(None, text.say("usage.everyone"))).chain(each).collect()
    }

    fn narrowed(&self, text: &Text) -> Option<String> {
        let (audience, value) = (self.audience.as_ref()?, self.value.as_ref()?);
        let named = self.audiences.iter().find(|(key, _)| key == audience);
        let name = named.map_or(audience, |(_, name)| name);
        Some(text.fill("usage.narrowed", &[("audience", name), ("value", value)]))
    }
}
