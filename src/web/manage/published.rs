//! What others than a site's team may see of its features: published figures, and nothing else.

use std::collections::BTreeMap;

use super::{Asker, Managed, away, required};
use crate::{
    publish::{Cube, Place, Published},
    report::{Refusal, Value, periods},
    school::calendar::SchoolYear,
    secrecy::{Reason, Shown, average, share},
    site::{self, DayNumber, FeatureId, Site},
    store::{Account, PublishedCell, Role},
    web::state::State,
};

/// Answers `Features.getPublished`.
pub(super) async fn get(asker: &Asker<'_>, state: &State) -> Result<Managed, Refusal> {
    let english = asker.params.get("language").is_some_and(|it| it.starts_with("en"));
    let rows = rows(asker, state).await?;
    Ok(Managed::Value(Value::List(rows.iter().map(|row| row.value(english)).collect())))
}

/// What is published of a question's place and the places right within, for who asks: the one way to
/// published figures, for the API, its exports and the page.
///
/// # Errors
/// The question is not understood, who asks may not, or the database is away.
pub(in crate::web) async fn rows(
    asker: &Asker<'_>,
    state: &State,
) -> Result<Vec<PublishedRow>, Refusal> {
    let params = asker.params;
    let site = asker.site(state).await?;
    let scope = Scope::of(asker.account, &site)?;
    let Some(cube) = Cube::of(&site.register) else {
        return Err(Refusal::new(
            "Nothing is published of this site: its register declares neither establishments nor groups as an audience.",
        ));
    };
    let place = match params.get("place") {
        None => Place::Nation,
        Some(text) => Place::parse(text).ok_or_else(|| {
            Refusal::new(format!(
                "The place '{text}' is not understood. Please write nation, region:11, academie:24, departement:94, uai:0940001A or groupe:GR4F."
            ))
        })?,
    };
    scope.must_hold(&place)?;
    let features = features(&site, params.get("feature"))?;
    let span = span(required(params, "period")?, required(params, "date")?, &site, state)?;
    let months = state.store.published_months(site.id, span).await.map_err(|error| away(&error))?;
    let mut places = vec![place.clone()];
    places.extend(place.within().into_iter().filter(|it| scope.sees(it)));
    places.extend(scope.own_within(&place));
    let keys: Vec<String> = places.iter().map(Place::to_string).collect();
    // What is used is a share of all that happened.
    let ids: Vec<FeatureId> = features.iter().map(|(id, _)| *id).chain([0]).collect();
    let cells = state.store.published(site.id, span, &keys, &ids).await;
    let cells = cells.map_err(|error| away(&error))?;
    let mut rows = Vec::new();
    for place in &places {
        for (feature, name) in &features {
            for profile in cube.profiles() {
                let of = Of { place, feature: *feature, name, profile };
                rows.push(of.row(&cells, &months));
            }
        }
    }
    Ok(rows)
}

/// The places whose figures somebody may ask for; none: every place.
///
/// # Errors
/// Who asks may see nothing of the site.
pub(in crate::web) fn own_places(
    account: &Account,
    site: &Site,
) -> Result<Option<Vec<Place>>, Refusal> {
    Scope::of(account, site).map(|scope| scope.own)
}

/// What is published of a place, a feature and a profile.
#[derive(Clone, Debug)]
pub(in crate::web) struct PublishedRow {
    pub(in crate::web) place: Place,
    /// Empty: any visit.
    pub(in crate::web) feature: String,
    /// Empty: everyone.
    pub(in crate::web) profile: String,
    pub(in crate::web) visitors: Option<u64>,
    pub(in crate::web) visits: Option<u64>,
    pub(in crate::web) uses: Option<u64>,
    pub(in crate::web) seconds: Option<u64>,
    pub(in crate::web) rate: Option<f64>,
    pub(in crate::web) length: Option<f64>,
    pub(in crate::web) months_shown: usize,
    pub(in crate::web) months_decided: usize,
}

impl PublishedRow {
    pub(in crate::web) fn value(&self, english: bool) -> Value {
        let figure = |n: Option<u64>| {
            n.map_or(Value::Null, |n| Value::from(i64::try_from(n).unwrap_or(i64::MAX)))
        };
        let count = |n: usize| Value::from(i64::try_from(n).unwrap_or(i64::MAX));
        let secret = if self.months_shown == 0 { Value::from("k") } else { Value::Null };
        Value::object([
            ("label", Value::from(self.place.name(english))),
            ("place", Value::from(self.place.to_string())),
            ("level", Value::from(self.place.level())),
            ("feature", Value::from(self.feature.as_str())),
            ("profile", Value::from(self.profile.as_str())),
            ("nb_visitors", figure(self.visitors)),
            ("nb_visits", figure(self.visits)),
            ("nb_uses", figure(self.uses)),
            ("sum_seconds", figure(self.seconds)),
            ("adoption_visits_rate", self.rate.map_or(Value::Null, Value::from)),
            ("avg_seconds_per_use", self.length.map_or(Value::Null, Value::from)),
            ("months_shown", count(self.months_shown)),
            ("months_decided", count(self.months_decided)),
            ("s", secret),
        ])
    }
}

/// Answers `Scopes.get` and `Scopes.set`.
pub(super) async fn scopes(
    action: &str,
    asker: &Asker<'_>,
    state: &State,
) -> Result<Managed, Refusal> {
    let (params, site) = (asker.params, asker.site(state).await?);
    let login = required(params, "userLogin")?;
    let accounts = state.store.accounts().await.map_err(|error| away(&error))?;
    let account = accounts.iter().find(|it| it.login == login);
    let account = account.ok_or_else(|| Refusal::new(format!("User '{login}' doesn't exist.")))?;
    match action {
        "get" => {
            let own = account.scopes.get(&site.id).cloned().unwrap_or_default();
            Ok(Managed::Value(own.into_iter().collect()))
        }
        "set" => {
            let mut places = Vec::new();
            for text in params.names("places") {
                let place = Place::parse(&text).ok_or_else(|| {
                    Refusal::new(format!(
                        "The place '{text}' is not understood: nothing was changed."
                    ))
                })?;
                places.push(place.to_string());
            }
            let set = state.store.set_scope(login, site.id, &places).await;
            set.map_err(|error| away(&error))?;
            state.refresh_tokens().await.map_err(|error| away(&error))?;
            Ok(Managed::Done)
        }
        _ => Ok(Managed::Unknown),
    }
}

/// The places whose figures somebody may ask for.
struct Scope {
    /// None: every place.
    own: Option<Vec<Place>>,
}

impl Scope {
    fn of(account: &Account, site: &Site) -> Result<Self, Refusal> {
        if account.may(site.id, Role::View) || site.settings.public {
            return Ok(Self { own: None });
        }
        let own = account.scopes.get(&site.id).map_or(&[][..], Vec::as_slice);
        let own: Vec<Place> = own.iter().filter_map(|it| Place::parse(it)).collect();
        if own.is_empty() {
            return Err(Refusal::no_view(&site.id.to_string()));
        }
        Ok(Self { own: Some(own) })
    }

    /// Its own places, what is within them, and what they stand in, to compare with.
    fn sees(&self, place: &Place) -> bool {
        let Some(own) = &self.own else { return true };
        own.iter().any(|it| it.holds(place) || place.holds(it))
    }

    fn must_hold(&self, place: &Place) -> Result<(), Refusal> {
        if self.sees(place) {
            return Ok(());
        }
        Err(Refusal::no_access(format!(
            "You can't access the figures of '{place}': your account sees {}.",
            self.own.iter().flatten().map(Place::to_string).collect::<Vec<_>>().join(", ")
        )))
    }

    /// Its own last places right within another, which no list knows beforehand.
    fn own_within(&self, place: &Place) -> Vec<Place> {
        let last = |it: &&Place| matches!(it, Place::Establishment(_) | Place::Group(_));
        let within = |it: &&Place| it.parent().as_ref() == Some(place);
        self.own.iter().flatten().filter(last).filter(within).cloned().collect()
    }
}

/// The features asked for, with their keys; any visit stands first.
fn features(site: &Site, asked: Option<&str>) -> Result<Vec<(FeatureId, String)>, Refusal> {
    let all = site.register.features.iter().map(|it| (it.id, it.key.clone()));
    let all: Vec<_> = std::iter::once((0, String::new())).chain(all).collect();
    match asked {
        None => Ok(all),
        Some(key) => {
            let one: Vec<_> = all.into_iter().filter(|(id, it)| *id != 0 && it == key).collect();
            if one.is_empty() {
                return Err(Refusal::new(format!("The feature '{key}' is not declared.")));
            }
            Ok(one)
        }
    }
}

/// First and last month that are asked about.
fn span(
    period: &str,
    date: &str,
    site: &Site,
    state: &State,
) -> Result<(DayNumber, DayNumber), Refusal> {
    let understood = match period {
        "month" | "year" => periods("month", date, state.now(), &site.zone())?,
        _ => {
            return Err(Refusal::new(
                "Published figures are those of months and of school years: please ask for period=month or period=year.",
            ));
        }
    };
    let days = |day: jiff::civil::Date| site::number_of(day);
    let (Some(first), Some(last)) = (understood.first(), understood.last()) else {
        return Err(Refusal::empty_range());
    };
    if period == "month" {
        return Ok((days(first.first), days(last.first)));
    }
    let year = |day| SchoolYear::of(days(day));
    Ok((year(first.first).first(), year(last.first).last()))
}

/// A row of the answer.
struct Of<'a> {
    place: &'a Place,
    feature: FeatureId,
    name: &'a str,
    /// Empty: everyone.
    profile: &'a str,
}

impl Of<'_> {
    fn row(&self, cells: &[PublishedCell], months: &[DayNumber]) -> PublishedRow {
        let key = self.place.to_string();
        let of = |feature: FeatureId| -> BTreeMap<DayNumber, &Published> {
            let mine = |it: &&PublishedCell| {
                it.feature == feature && it.cell.place == key && it.cell.profile == self.profile
            };
            cells.iter().filter(mine).map(|it| (it.month, &it.cell)).collect()
        };
        let (shown, all) = (of(self.feature), of(0));
        let sum = |cells: &BTreeMap<DayNumber, &Published>, pick: fn(&Published) -> u64| {
            let within = cells.iter().filter(|(month, _)| shown.contains_key(month));
            let values =
                within.filter(|(month, _)| all.contains_key(month)).map(|(_, it)| pick(it));
            values.reduce(u64::saturating_add).map_or(Shown::Secret(Reason::Few), Shown::Value)
        };
        let rate = share(sum(&shown, |it| it.visits), sum(&all, |it| it.visits)).ok().flatten();
        let length =
            average(sum(&shown, |it| it.seconds), sum(&shown, |it| it.uses)).ok().flatten();
        let figure = |pick: fn(&Published) -> u64| {
            (!shown.is_empty()).then(|| shown.values().map(|it| pick(it)).sum())
        };
        PublishedRow {
            place: self.place.clone(),
            feature: self.name.to_owned(),
            profile: self.profile.to_owned(),
            // People of several months do not add up.
            visitors: figure(|it| it.people).filter(|_| months.len() == 1),
            visits: figure(|it| it.visits),
            uses: figure(|it| it.uses),
            seconds: figure(|it| it.seconds),
            rate: rate.filter(|_| self.feature != 0),
            length: length.map(f64::round),
            months_shown: shown.len(),
            months_decided: months.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(places: &[&str]) -> Scope {
        Scope { own: Some(places.iter().map(|it| Place::parse(it).unwrap()).collect()) }
    }

    #[test]
    fn a_scope_sees_what_is_within_and_around_it() {
        let head = scope(&["uai:0750655E"]);
        for (place, sees) in [
            ("uai:0750655E", true),
            ("departement:75", true),
            ("nation", true),
            ("academie:24", false),
            ("uai:0750654D", false),
        ] {
            assert_eq!(head.sees(&Place::parse(place).unwrap()), sees, "{place}");
        }
        let rector = scope(&["academie:01"]);
        assert!(rector.sees(&Place::parse("uai:0750654D").unwrap()));
        assert!(rector.must_hold(&Place::parse("academie:24").unwrap()).is_err());
        let own = head.own_within(&Place::parse("departement:75").unwrap());
        assert_eq!(own, [Place::parse("uai:0750655E").unwrap()]);
    }
}
