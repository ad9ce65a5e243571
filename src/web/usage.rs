//! What the page of features shows: tables of the Reporting API, for one site and one period.

use std::sync::Arc;

use super::{figures, school_time, state::State};
use crate::{
    dash::{Asked, Features, Grain, Lang, Reach, Tables},
    publish::Cube,
    report::{self, Language, Mark, Params, Refusal, Table},
    site::{AudienceKind, Register, Site},
};

/// What a page of features is asked for.
pub(super) struct Question<'a> {
    pub(super) audience: Option<&'a str>,
    pub(super) value: Option<&'a str>,
    pub(super) feature: Option<&'a str>,
    /// What establishments are told apart by.
    pub(super) by: Option<&'a str>,
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
    let by = question.by.and_then(Features::known_by).unwrap_or(Features::USUAL_BY);
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
        last_year: match feature {
            Some(feature) => reader.last_year(feature, &about).await?,
            None => None,
        },
        change: match feature.and_then(|key| register.feature_of_key(key)) {
            Some(it) if it.released.is_some() => {
                let about: Vec<_> =
                    about.iter().copied().chain([("feature", it.key.as_str())]).collect();
                Some(reader.table("getBeforeAfter", &about).await?)
            }
            _ => None,
        },
        reach: match register.audiences.iter().any(|it| it.kind == AudienceKind::Establishment) {
            true => Some(reader.reach(by).await?),
            false => None,
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
        shaded: school_time::shaded(site, &asked.choice),
        by: by.to_owned(),
        is_published: Cube::of(register).is_some(),
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
    // What académies say beyond themselves.
    let wider = register.audiences.iter().filter(|it| it.kind == AudienceKind::Academy);
    let language = if lang == Lang::En { Language::English } else { Language::French };
    let wider = wider.flat_map(|it| {
        let told = report::wider(it, language).into_iter();
        told.map(|(key, what)| (key, format!("{} ({what})", name(&it.key)))).collect::<Vec<_>>()
    });
    let few = |key: &String| register.audience(key).is_some_and(|it| !it.kind.is_large());
    let pairs = register.pairs.iter().filter(|pair| pair.of.iter().all(few));
    let pairs =
        pairs.map(|it| (it.of.join(","), it.of.each_ref().map(|key| name(key)).join(" × ")));
    single.chain(wider).chain(pairs).collect()
}

/// Asks the Reporting API about one site and one period.
struct Reader<'a> {
    state: &'a State,
    site: &'a Arc<Site>,
    asked: &'a Asked,
    lang: Lang,
}

impl Reader<'_> {
    /// Establishments are counted by weeks and months: of days nothing is known.
    async fn reach(&self, by: &str) -> Result<Reach, Refusal> {
        match self.table("getReach", &[("by", by)]).await {
            Ok(table) => Ok(Reach::Of(table)),
            Err(refusal) if refusal.message == Refusal::not_by_day().message => Ok(Reach::Days),
            Err(refusal) => Err(refusal),
        }
    }

    /// The feature's days a year before, from the first to the last of the same school weeks.
    async fn last_year(
        &self,
        feature: &str,
        about: &[(&str, &str)],
    ) -> Result<Option<Table>, Refusal> {
        let days = school_time::days_last_year(self.site, &self.asked.choice);
        let Some((first, last)) = days else { return Ok(None) };
        let about = [about, &[("feature", feature), ("by", "day")]].concat();
        self.read("getTrend", ("range", &format!("{first},{last}")), &about).await.map(Some)
    }

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
        self.read(action, (period, &date), more).await
    }

    async fn read(
        &self,
        action: &str,
        (period, date): (&str, &str),
        more: &[(&str, &str)],
    ) -> Result<Table, Refusal> {
        let (method, site) = (format!("Features.{action}"), self.site.id.to_string());
        let said = [
            ("method", method.as_str()),
            ("idSite", &site),
            ("period", period),
            ("date", date),
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
