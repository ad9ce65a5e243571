//! What the page of features shows: tables of the Reporting API, for one site and one period.

use std::sync::Arc;

use super::{figures, state::State};
use crate::{
    dash::{Asked, Features, Grain, Lang, Tables},
    report::{self, Mark, Params, Refusal, Table},
    site::{Register, Site},
};

/// What a page of features is asked for.
pub(super) struct Question<'a> {
    pub(super) audience: Option<&'a str>,
    pub(super) value: Option<&'a str>,
    pub(super) feature: Option<&'a str>,
    pub(super) lang: Lang,
    pub(super) may_declare: bool,
}

/// Everything the page shows. What the address names and is not declared is as if it were not there.
///
/// # Errors
/// The database is away.
pub(super) async fn page(
    state: &State,
    site: &Arc<Site>,
    asked: Asked,
    question: &Question<'_>,
) -> Result<Features, Refusal> {
    let register = &site.register;
    let audiences = audiences(register, question.lang);
    let chosen = |key: &&str| audiences.iter().any(|(it, _)| it == key);
    let audience = question.audience.filter(chosen);
    let value = question.value.filter(|_| audience.is_some());
    let feature = question.feature.filter(|key| register.feature_of_key(key).is_some());
    let reader = Reader { state, site, asked: &asked, lang: question.lang };
    let about: Vec<(&str, &str)> = match (audience, value) {
        (Some(audience), Some(value)) => vec![("audience", audience), ("audienceValue", value)],
        _ => Vec::new(),
    };
    let tables = Tables {
        adoption: reader.table("getAdoption", &about).await?,
        frequency: reader.table("getFrequency", &about).await?,
        duration: reader.table("getDuration", &about).await?,
        moments: reader.table("getMoments", &about).await?,
        trend: reader.table("getTrend", &about).await?,
        never: reader.table("getNeverUsed", &about).await?,
        together: reader.table("getTogether", &about).await?,
        funnels: reader.table("getFunnels", &about).await?,
        change: match feature.and_then(|key| register.feature_of_key(key)) {
            Some(it) if it.released.is_some() => {
                let about: Vec<_> =
                    about.iter().copied().chain([("feature", it.key.as_str())]).collect();
                Some(reader.table("getBeforeAfter", &about).await?)
            }
            _ => None,
        },
        split: match audience {
            Some(audience) => Some(reader.table("getAdoption", &[("audience", audience)]).await?),
            None => None,
        },
    };
    Ok(Features {
        site: figures::name(site),
        now: figures::local(site, state.now()),
        audience: audience.map(str::to_owned),
        value: value.map(str::to_owned),
        feature: feature.map(str::to_owned),
        may_declare: question.may_declare,
        audiences,
        tables,
        asked,
    })
}

/// Audiences of few values, and pairs of them: what has thousands of values is no row of links.
fn audiences(register: &Register, lang: Lang) -> Vec<(String, String)> {
    let name = |key: &str| {
        let named = register.audience(key).map(|it| it.name.of(lang.code()));
        named.filter(|it| !it.is_empty()).unwrap_or(key).to_owned()
    };
    let single = register.audiences.iter().filter(|it| !it.kind.is_large());
    let single = single.map(|it| (it.key.clone(), name(&it.key)));
    let few = |key: &String| register.audience(key).is_some_and(|it| !it.kind.is_large());
    let pairs = register.pairs.iter().filter(|pair| pair.of.iter().all(few));
    let pairs =
        pairs.map(|it| (it.of.join(","), it.of.each_ref().map(|key| name(key)).join(" × ")));
    single.chain(pairs).collect()
}

/// Asks the Reporting API about one site and one period.
struct Reader<'a> {
    state: &'a State,
    site: &'a Arc<Site>,
    asked: &'a Asked,
    lang: Lang,
}

impl Reader<'_> {
    async fn table(&self, action: &str, more: &[(&str, &str)]) -> Result<Table, Refusal> {
        let choice = &self.asked.choice;
        // Distinct visitors are known of days, weeks and months.
        let (period, date) = match choice.grain {
            Grain::Day | Grain::Week | Grain::Month => {
                (choice.grain.word(), choice.from.to_string())
            }
            Grain::Year | Grain::SchoolYear | Grain::Range => {
                ("range", format!("{},{}", choice.from, choice.to))
            }
        };
        let (method, site) = (format!("Features.{action}"), self.site.id.to_string());
        let said = [
            ("method", method.as_str()),
            ("idSite", &site),
            ("period", period),
            ("date", &date),
            ("language", self.lang.code()),
            ("expanded", "1"),
            ("format_metrics", "0"),
            ("filter_limit", "-1"),
        ];
        let pairs =
            said.iter().chain(more).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let sites = [Arc::clone(self.site)];
        let mut plan = report::plan(Params::new(pairs), &sites, self.state.now())?;
        let mut found = Vec::with_capacity(1);
        for part in &mut plan.parts {
            let read = self.state.store.read(part.site.id, &part.asks).await;
            found.push(read.map_err(|error| super::api::away(&error))?);
        }
        if plan.is_marked() {
            for part in &mut plan.parts {
                part.marks = marks(part, self.state).await?;
            }
        }
        Ok(report::tables(&plan, &found)?.table().unwrap_or_default())
    }
}

/// What a site's team wrote down about the days of a part.
///
/// # Errors
/// The database is away.
pub(super) async fn marks(part: &report::Part, state: &State) -> Result<Vec<Mark>, Refusal> {
    let days = part.asks.iter().filter_map(report::Ask::days);
    let Some((from, to)) = days.reduce(|all, it| (all.0.min(it.0), all.1.max(it.1))) else {
        return Ok(Vec::new());
    };
    let notes = state.store.notes(part.site.id, from, to).await;
    let notes = notes.map_err(|error| super::api::away(&error))?;
    Ok(notes.into_iter().map(|note| Mark { day: note.day, text: note.text }).collect())
}
