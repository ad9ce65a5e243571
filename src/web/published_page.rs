//! The page of published figures, for those who are not of a site's team: the same rows as the API's,
//! found the same way.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web::Data};
use jiff::civil::Date;
use tracing::error;

use super::{
    api, figures,
    manage::{Asker, PublishedRow, own_places, published_rows},
    pages::{Visitor, respond, to_login},
    state::State,
};
use crate::{
    dash::{PlaceName, Published, PublishedFigures, Span},
    publish::{Cube, Place},
    report::{self, Params, Refusal, Value},
    school::{calendar::SchoolYear, place::Uai},
    site::{Site, SiteId, date_of},
    store::{Account, Role},
};

/// Months that can be chosen: as many as figures are kept.
const MONTHS: i32 = 25;
/// Days of the longest month.
const LONGEST_MONTH: i32 = 31;

/// A visitor who may see something of the site.
struct Guest {
    visitor: Visitor,
    account: Account,
    site: std::sync::Arc<Site>,
    /// None: every place.
    own: Option<Vec<Place>>,
    /// Establishments by code, as the directory calls them.
    names: BTreeMap<String, String>,
}

impl Guest {
    /// Who asks, where that is somebody who may; else what to answer.
    async fn of(request: &HttpRequest, state: &State) -> Result<Self, HttpResponse> {
        let visitor = Visitor::of(request, state).await;
        let id: Option<SiteId> = visitor.query.get("site").and_then(|it| it.parse().ok());
        let known = match id {
            Some(id) => state.site(id).await,
            None => None,
        };
        let account = visitor.account.clone().unwrap_or_else(Account::of_the_public);
        let own = known.as_ref().and_then(|it| own_places(&account, &it.site).ok());
        match (known, own) {
            (Some(known), Some(own)) => {
                let site = std::sync::Arc::clone(&known.site);
                Ok(Self { visitor, account, site, own, names: BTreeMap::new() })
            }
            _ if visitor.account.is_none() => Err(to_login(request)),
            _ => Err(visitor.fail(state, StatusCode::NOT_FOUND)),
        }
    }

    fn query(&self, name: &str) -> Option<&str> {
        self.visitor.query.get(name).filter(|it| !it.is_empty())
    }

    fn is_english(&self) -> bool {
        self.visitor.chosen.lang.code() == "en"
    }

    /// The place that is asked for; else the first of one's own. What may not be seen is as if it had
    /// not been asked for.
    fn place(&self) -> Place {
        let asked = self.query("place").and_then(Place::parse);
        let sees = |place: &Place| {
            let own = self.own.as_ref();
            own.is_none_or(|own| own.iter().any(|it| it.holds(place) || place.holds(it)))
        };
        let first = self.own.as_ref().and_then(|own| own.first()).cloned();
        asked.filter(sees).or(first).unwrap_or(Place::Nation)
    }

    fn named(&self, place: &Place) -> PlaceName {
        let code = place.name(self.is_english());
        let known = self.names.get(&code).map(|name| format!("{name} ({code})"));
        PlaceName { key: place.to_string(), name: known.unwrap_or(code) }
    }

    /// Looks up what the directory calls the establishments among one's own places and this one.
    async fn name_establishments(&mut self, place: &Place, state: &State) -> Result<(), Refusal> {
        let own = self.own.iter().flatten().chain([place]);
        let codes = own.filter_map(|it| match it {
            Place::Establishment(uai) => Some(*uai),
            _ => None,
        });
        let codes: Vec<Uai> = codes.collect();
        if codes.is_empty() {
            return Ok(());
        }
        let found = state.store.establishments(&codes).await.map_err(|error| api::away(&error))?;
        let named = found.into_iter().map(|it| (it.uai.as_str().to_owned(), it.name));
        self.names = named.collect();
        Ok(())
    }

    /// The question of the API that the page asks.
    fn params(&self, place: &Place, span: Span) -> Params {
        let (period, date) = match span {
            Span::Month(day) => ("month", day.to_string()),
            Span::Year(year) => ("year", format!("{year:04}-09-01")),
        };
        let pairs = [
            ("idSite", self.site.id.to_string()),
            ("period", period.to_owned()),
            ("date", date),
            ("place", place.to_string()),
            ("language", self.visitor.chosen.lang.code().to_owned()),
        ];
        Params::new(pairs.map(|(name, value)| (name.to_owned(), value)))
    }

    /// The months that were decided, the latest first.
    async fn months(&self, state: &State) -> Result<Vec<Date>, Refusal> {
        let (today, _) = crate::site::day_and_hour(state.now(), &self.site.zone());
        let span = (today - MONTHS * LONGEST_MONTH, today);
        let months = state.store.published_months(self.site.id, span).await;
        let months = months.map_err(|error| api::away(&error))?;
        Ok(months.into_iter().rev().map(date_of).collect())
    }

    /// The month or school year that is asked for, where some of it was decided; else the last month.
    fn span(&self, months: &[Date]) -> Option<Span> {
        let last = months.first().copied().map(Span::Month);
        let date: Option<Date> = self.query("date").and_then(|it| it.parse().ok());
        let asked = match (self.query("period"), date) {
            (Some("year"), Some(date)) => Span::Year(school_year(date)),
            (Some("month"), Some(date)) => Span::Month(date.first_of_month()),
            _ => return last,
        };
        let is_there = |month: &Date| match asked {
            Span::Month(day) => *month == day,
            Span::Year(year) => school_year(*month) == year,
        };
        months.iter().any(is_there).then_some(asked).or(last)
    }
}

fn school_year(day: Date) -> i16 {
    SchoolYear::of(crate::site::number_of(day)).begins_in()
}

/// GET /published?site=…
pub(super) async fn page(request: HttpRequest, state: Data<State>) -> HttpResponse {
    let mut guest = match Guest::of(&request, &state).await {
        Ok(guest) => guest,
        Err(answer) => return answer,
    };
    match shown(&mut guest, &state).await {
        Ok(page) => {
            let page = state.templates.render_published(&page, &guest.visitor.reader());
            respond(StatusCode::OK, page)
        }
        Err(refusal) => {
            error!(%refusal, "the page of published figures could not be read");
            guest.visitor.fail(&state, StatusCode::SERVICE_UNAVAILABLE)
        }
    }
}

async fn shown(guest: &mut Guest, state: &State) -> Result<Published, Refusal> {
    let place = guest.place();
    guest.name_establishments(&place, state).await?;
    let guest = &*guest;
    let register = &guest.site.register;
    let lang = guest.visitor.chosen.lang;
    let cube = Cube::of(register);
    let months = if cube.is_some() { guest.months(state).await? } else { Vec::new() };
    let span = guest.span(&months);
    let rows = match span {
        Some(span) => {
            let params = guest.params(&place, span);
            published_rows(&Asker { account: &guest.account, params: &params }, state).await?
        }
        None => Vec::new(),
    };
    let profiles: Vec<String> = cube
        .iter()
        .flat_map(Cube::profiles)
        .filter(|it| !it.is_empty())
        .map(str::to_owned)
        .collect();
    let years: BTreeSet<i16> = months.iter().map(|month| school_year(*month)).collect();
    let feature = guest.query("feature").filter(|key| register.feature_of_key(key).is_some());
    let profile = guest.query("profile").filter(|it| profiles.iter().any(|known| known == it));
    let mut trail: Vec<PlaceName> =
        std::iter::successors(place.parent(), Place::parent).map(|it| guest.named(&it)).collect();
    trail.reverse();
    let named = |it: &crate::site::Feature| {
        let name = it.name.of(lang.code());
        (it.key.clone(), if name.is_empty() { it.key.clone() } else { name.to_owned() })
    };
    Ok(Published {
        site: figures::name(&guest.site),
        span,
        years: years.into_iter().rev().collect(),
        months,
        trail,
        own: guest.own.iter().flatten().map(|it| guest.named(it)).collect(),
        features: register.features.iter().map(named).collect(),
        feature: feature.unwrap_or_default().to_owned(),
        profile: profile.unwrap_or_default().to_owned(),
        profiles,
        rows: rows.iter().map(|row| told(row, guest)).collect(),
        is_team: guest.account.may(guest.site.id, Role::View),
        place: guest.named(&place),
    })
}

fn told(row: &PublishedRow, guest: &Guest) -> PublishedFigures {
    PublishedFigures {
        place: guest.named(&row.place),
        feature: row.feature.clone(),
        profile: row.profile.clone(),
        visitors: row.visitors,
        visits: row.visits,
        uses: row.uses,
        rate: row.rate,
        length: row.length,
        months_shown: row.months_shown,
        months_decided: row.months_decided,
    }
}

/// GET /published.csv?site=…: the place's figures and those right within, all features and profiles.
pub(super) async fn csv(request: HttpRequest, state: Data<State>) -> HttpResponse {
    let guest = match Guest::of(&request, &state).await {
        Ok(guest) => guest,
        Err(answer) => return answer,
    };
    let file = async {
        let months = guest.months(&state).await?;
        let span = guest.span(&months).ok_or_else(Refusal::empty_range)?;
        let params =
            guest.params(&guest.place(), span).with("format", "csv").with("convertToUnicode", "0");
        let asker = Asker { account: &guest.account, params: &params };
        let rows = published_rows(&asker, &state).await?;
        let rows = rows.iter().map(|row| row.value(guest.is_english())).collect();
        Ok::<_, Refusal>(report::render_value(&Value::List(rows), &params))
    };
    match file.await {
        Ok(rendered) => api::respond(rendered),
        Err(refusal) => {
            error!(%refusal, "published figures could not be written as a file");
            guest.visitor.fail(&state, StatusCode::NOT_FOUND)
        }
    }
}
