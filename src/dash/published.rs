//! Published figures: what heads of schools, académies, teachers and the public may see. Everything
//! here was decided and rounded before it came; what is hidden came as nothing.

use jiff::civil::Date;
use serde::Serialize;

use super::{
    address::Address, chart, dates, lang::Chosen, number, overview::SiteName, period::Link,
    svg::Svg, text::Text,
};

/// Everything the page is made of.
#[derive(Clone, Debug, Default)]
pub struct Published {
    pub site: SiteName,
    /// Nothing where no month was decided yet.
    pub span: Option<Span>,
    /// Months that were decided, by their first days, the latest first.
    pub months: Vec<Date>,
    /// School years that have such months, by the calendar year they begin in, the latest first.
    pub years: Vec<i16>,
    pub place: PlaceName,
    /// What it stands in, from the nation down.
    pub trail: Vec<PlaceName>,
    /// Places of whoever looks, where not all may be seen.
    pub own: Vec<PlaceName>,
    /// Key and name of each feature.
    pub features: Vec<(String, String)>,
    /// Key of the one that places are compared by; empty: any visit.
    pub feature: String,
    pub profiles: Vec<String>,
    /// Whose figures are shown; empty: everyone's.
    pub profile: String,
    /// Of the place and of those right within.
    pub rows: Vec<PublishedFigures>,
    /// Whether whoever looks is of the site's team.
    pub is_team: bool,
}

/// What is shown: a month, by its first day, or a school year, by the year it begins in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    Month(Date),
    Year(i16),
}

/// A place, as it is asked for and by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlaceName {
    pub key: String,
    pub name: String,
}

/// Figures of a place, a feature and a profile; nothing where they are hidden.
#[derive(Clone, Debug, Default)]
pub struct PublishedFigures {
    pub place: PlaceName,
    pub feature: String,
    pub profile: String,
    pub visitors: Option<u64>,
    pub visits: Option<u64>,
    pub uses: Option<u64>,
    /// Share of the visits.
    pub rate: Option<f64>,
    /// Seconds of a use.
    pub length: Option<f64>,
    pub months_shown: usize,
    pub months_decided: usize,
}

#[derive(Debug, Serialize)]
pub(super) struct View {
    site: SiteName,
    home: Option<Link>,
    csv: String,
    months: Vec<Link>,
    years: Vec<Link>,
    trail: Vec<Link>,
    own: Vec<Link>,
    profiles: Vec<Link>,
    /// Whether anything was decided.
    is_there: bool,
    title: String,
    place: String,
    /// Of a month, distinct people are known.
    people: bool,
    features: Vec<Row>,
    compared: String,
    places: Vec<Row>,
    of_visits: bool,
}

#[derive(Debug, Serialize)]
struct Row {
    name: Link,
    bar: Svg,
    share: Option<String>,
    visitors: Option<String>,
    visits: Option<String>,
    uses: Option<String>,
    length: Option<String>,
    /// Of how many months the figures are, where not of all.
    months: Option<String>,
    /// Nothing of it may be told.
    hidden: bool,
}

impl Published {
    /// The page with what it shows now.
    pub(super) fn address(&self, chosen: Chosen) -> Address {
        let address = Address::new("/published", chosen)
            .with("site", Some(&self.site.id.to_string()))
            .with("place", Some(self.place.key.as_str()))
            .with("feature", Some(self.feature.as_str()).filter(|it| !it.is_empty()))
            .with("profile", Some(self.profile.as_str()).filter(|it| !it.is_empty()));
        match self.span {
            Some(span) => spanned(&address, span),
            None => address,
        }
    }

    pub(super) fn view(&self, chosen: Chosen, text: &Text) -> View {
        let address = self.address(chosen);
        let spans = |spans: Vec<Span>| {
            let link = |span: Span| Link {
                href: spanned(&address, span).plain(),
                label: name_of(span, text),
                current: self.span == Some(span),
            };
            spans.into_iter().map(link).collect()
        };
        let place = |it: &PlaceName| Link {
            href: address.with("place", Some(&it.key)).plain(),
            label: it.name.clone(),
            current: *it == self.place,
        };
        let profile = |key: &str, label: String| Link {
            href: address.with("profile", Some(key).filter(|it| !it.is_empty())).plain(),
            label,
            current: key == self.profile,
        };
        let everyone = profile("", text.say("usage.everyone"));
        let each = self.profiles.iter().map(|it| profile(it, it.clone()));
        let is_told = self.profiles.is_empty();
        View {
            site: self.site.clone(),
            home: self.is_team.then(|| Link {
                href: Address::site(self.site.id, chosen).plain(),
                label: self.site.name.clone(),
                current: false,
            }),
            csv: address.at("/published.csv").plain(),
            months: spans(self.months.iter().copied().map(Span::Month).collect()),
            years: spans(self.years.iter().copied().map(Span::Year).collect()),
            trail: self.trail.iter().map(place).collect(),
            own: self.own.iter().map(place).collect(),
            profiles: std::iter::once(everyone).chain(each).filter(|_| !is_told).collect(),
            is_there: self.span.is_some(),
            title: self.span.map(|span| name_of(span, text)).unwrap_or_default(),
            place: self.place.name.clone(),
            people: matches!(self.span, Some(Span::Month(_))),
            features: self.feature_rows(&address, text),
            compared: self.feature_name(&self.feature, text),
            places: self.place_rows(&address, text),
            of_visits: self.feature.is_empty(),
        }
    }

    fn feature_name(&self, key: &str, text: &Text) -> String {
        let found = self.features.iter().find(|(it, _)| it == key);
        found.map_or_else(|| text.say("published.any_visit"), |(_, name)| name.clone())
    }

    fn shown(&self) -> impl Iterator<Item = &PublishedFigures> {
        self.rows.iter().filter(|it| it.profile == self.profile)
    }

    /// Features of the place, any visit first.
    fn feature_rows(&self, address: &Address, text: &Text) -> Vec<Row> {
        let row = |it: &PublishedFigures| {
            let name = Link {
                href: address
                    .with("feature", Some(&*it.feature).filter(|it| !it.is_empty()))
                    .plain(),
                label: self.feature_name(&it.feature, text),
                current: it.feature == self.feature,
            };
            row(it, name, it.rate.unwrap_or_default(), text)
        };
        let rows = self.shown().filter(|it| it.place == self.place).map(row);
        shown_first(rows.collect())
    }

    /// Places right within, of the chosen feature.
    fn place_rows(&self, address: &Address, text: &Text) -> Vec<Row> {
        let within =
            || self.shown().filter(|it| it.place != self.place && it.feature == self.feature);
        let most = within().filter_map(|it| it.visits).max().unwrap_or(1);
        let row = |it: &PublishedFigures| {
            let name = Link {
                href: address.with("place", Some(&it.place.key)).plain(),
                label: it.place.name.clone(),
                current: false,
            };
            let of_most = it.visits.unwrap_or_default() as f64 / most.max(1) as f64;
            let part = if self.feature.is_empty() { of_most } else { it.rate.unwrap_or_default() };
            row(it, name, part, text)
        };
        shown_first(within().map(row).collect())
    }
}

/// In their order, but what is hidden at the end.
fn shown_first(mut rows: Vec<Row>) -> Vec<Row> {
    rows.sort_by_key(|row| row.hidden);
    rows
}

fn spanned(address: &Address, span: Span) -> Address {
    let (period, date) = match span {
        Span::Month(day) => ("month", day.to_string()),
        Span::Year(year) => ("year", format!("{year:04}-09-01")),
    };
    address.with("period", Some(period)).with("date", Some(&date))
}

fn name_of(span: Span, text: &Text) -> String {
    match span {
        Span::Month(day) => dates::month_year(day, text),
        Span::Year(year) => text.fill(
            "published.school_year",
            &[("from", &year.to_string()), ("to", &(i32::from(year) + 1).to_string())],
        ),
    }
}

fn row(it: &PublishedFigures, name: Link, part: f64, text: &Text) -> Row {
    let lang = text.lang();
    let count = |n: Option<u64>| n.map(|n| number::integer(n, lang));
    let partly = it.months_shown > 0 && it.months_shown < it.months_decided;
    Row {
        name,
        bar: chart::bar(part, 1.0),
        share: it.rate.map(|rate| number::percent(rate, lang)),
        visitors: count(it.visitors),
        visits: count(it.visits),
        // Of any visit there is no use of something.
        uses: count(it.uses.filter(|_| !it.feature.is_empty())),
        length: it.length.map(|seconds| number::duration(seconds, lang)),
        months: partly.then(|| {
            let [shown, all] = [it.months_shown, it.months_decided].map(|it| it.to_string());
            text.fill("published.months_of", &[("shown", &shown), ("all", &all)])
        }),
        hidden: it.months_shown == 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dash::{Lang, Reader, Templates, sample};

    fn figures(place: &str, feature: &str, visits: Option<u64>) -> PublishedFigures {
        PublishedFigures {
            place: PlaceName { key: place.to_owned(), name: place.to_uppercase() },
            feature: feature.to_owned(),
            visits,
            rate: visits.filter(|_| !feature.is_empty()).map(|n| n as f64 / 100.0),
            months_shown: usize::from(visits.is_some()),
            months_decided: 1,
            ..PublishedFigures::default()
        }
    }

    fn page() -> Published {
        Published {
            site: sample::site(),
            span: Some(Span::Month(Date::constant(2026, 3, 1))),
            months: vec![Date::constant(2026, 3, 1)],
            years: vec![2025],
            place: PlaceName { key: "nation".into(), name: "NATION".into() },
            features: vec![("draw".into(), "Dessin".into())],
            rows: vec![
                figures("nation", "", Some(100)),
                figures("nation", "draw", Some(40)),
                figures("region:11", "", Some(60)),
                figures("region:24", "", None),
            ],
            ..Published::default()
        }
    }

    #[test]
    fn what_is_hidden_is_said_to_be_and_never_zero() {
        let reader =
            Reader { chosen: Chosen { lang: Lang::Fr, asked: false }, ..Reader::default() };
        let html = Templates::embedded().unwrap().render_published(&page(), &reader).unwrap();
        assert!(html.contains("REGION:11") && html.contains("Dessin"), "{html}");
        assert_eq!(html.matches("masqué</td>").count(), 1, "one place has nothing to show");
        assert!(html.contains("mars 2026") && html.contains("2025-2026"), "{html}");
        assert!(html.contains("40,0\u{202f}%"), "{html}");
        let none = Published { span: None, rows: Vec::new(), ..page() };
        let html = Templates::embedded().unwrap().render_published(&none, &reader).unwrap();
        assert!(html.contains("Rien n’est encore publié"), "{html}");
    }

    #[test]
    fn links_keep_what_is_chosen() {
        let page = Published { profile: "eleve".into(), feature: "draw".into(), ..page() };
        let address = page.address(Chosen { lang: Lang::En, asked: true });
        assert_eq!(
            address.with("place", Some("region:11")).plain(),
            "/published?site=1&feature=draw&profile=eleve&period=month&date=2026%2D03%2D01&place=region%3A11&lang=en"
        );
    }
}
