//! A site's dashboard: what it is given, and what its template shows of it.

mod features;
mod figures;
pub(super) mod moments;
mod pages;
pub(super) mod school;
mod shares;
mod trend;

use jiff::civil::DateTime;
use serde::Serialize;

pub use school::Shaded;

use super::{
    address::Address,
    lang::Chosen,
    period::{Asked, Link, Picker},
    series::{Point, Step},
    text::Text,
};

/// Everything a site's dashboard is made of, for one period.
#[derive(Clone, Debug)]
pub struct Overview {
    pub site: SiteName,
    /// The site's local time: what comes later is not drawn, what is running is marked so.
    pub now: DateTime,
    pub asked: Asked,
    pub step: Step,
    pub points: Vec<Point>,
    /// Whether visitors over more than a day are distinct, not a sum of days: the page says which.
    pub visitors_are_distinct: bool,
    pub totals: Totals,
    /// The totals of `Choice::comparison`.
    pub previous: Option<Totals>,
    pub features: Vec<FeatureRow>,
    pub pages: Vec<PageRow>,
    /// How many pages there are, those not listed included.
    pub pages_in_all: u64,
    /// Visits by weekday (Monday first) and local hour.
    pub moments: [[u64; 24]; 7],
    pub devices: Vec<Share>,
    pub browsers: Vec<Share>,
    pub systems: Vec<Share>,
    /// School holidays to shade and name in the chart; none where they do not fit the site.
    pub shaded: Vec<Shaded>,
    /// For each point, the visits of the same school weeks a year before; empty where there were none.
    pub last_year: Vec<Option<u64>>,
}

/// How a site is called.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SiteName {
    pub id: u32,
    pub name: String,
    /// Main address.
    pub address: String,
}

/// Sums over a period.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Totals {
    pub visits: u64,
    /// `None`: not counted in the way of what it is compared with.
    pub visitors: Option<u64>,
    pub views: u64,
    /// Uses of features: events.
    pub uses: u64,
    /// Sum of the lengths of visits.
    pub seconds: u64,
    /// Visits of a single action.
    pub bounces: u64,
}

/// One feature: an event's category and action.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FeatureRow {
    pub category: String,
    pub action: String,
    pub uses: u64,
    /// Visits with a use.
    pub visits: u64,
    pub visitors: u64,
    /// None of the three where the event value is no duration.
    pub median_seconds: Option<f64>,
    pub p90_seconds: Option<f64>,
    pub total_seconds: Option<f64>,
}

/// One page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PageRow {
    pub title: Option<String>,
    pub address: String,
    pub views: u64,
    pub visits: u64,
    pub average_seconds: Option<f64>,
}

/// Visits with one kind of device, browser or system.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// Matomo's code (`desktop`) or a name (`Firefox`).
    pub label: String,
    pub visits: u64,
}

/// What the template shows.
#[derive(Debug, Serialize)]
pub(super) struct View {
    site: SiteName,
    picker: Picker,
    figures: figures::Figures,
    trend: trend::Trend,
    features: features::Features,
    pages: pages::Pages,
    moments: moments::Moments,
    shares: Vec<shares::Shares>,
    install: Link,
    usage: Link,
    visitors_note: Option<String>,
}

impl Overview {
    /// The address of the page, without its period.
    pub(super) fn address(&self, chosen: Chosen) -> Address {
        Address::site(self.site.id, chosen)
    }

    pub(super) fn view(&self, chosen: Chosen, text: &Text) -> View {
        let address = self.address(chosen);
        let many_days = 1 < self.asked.choice.days();
        View {
            site: self.site.clone(),
            picker: Picker::new(&self.asked, self.now.date(), &address, text),
            figures: figures::Figures::new(self, text),
            trend: trend::Trend::new(self, text),
            features: features::Features::new(&self.features, self.totals.visits, text),
            pages: pages::Pages::new(&self.pages, self.pages_in_all, text),
            moments: moments::Moments::new(&self.moments, moments::Words::VISITS, text),
            shares: vec![
                shares::Shares::new("devices", &self.devices, text),
                shares::Shares::new("browsers", &self.browsers, text),
                shares::Shares::new("systems", &self.systems, text),
            ],
            install: Link {
                href: Address::new(format!("/sites/{}/install", self.site.id), chosen).plain(),
                label: text.say("overview.install"),
                current: false,
            },
            usage: Link {
                href: Address::features(self.site.id, chosen).period(&self.asked.choice),
                label: text.say("usage.title"),
                current: false,
            },
            visitors_note: (many_days && self.totals.visitors > Some(0)).then(|| {
                text.say(match self.visitors_are_distinct {
                    true => "overview.visitors_are_distinct",
                    false => "overview.visitors_are_daily",
                })
            }),
        }
    }
}
