//! Annotations: notes of a site's team on days.

use jiff::civil::Date;

use super::{Asker, Managed, away, required};
use crate::{
    report::{Params, Period, Refusal, Value, periods},
    site::{self, Site},
    store::{Account, Note, Role},
    web::state::State,
};

/// The longest note; what is longer is cut.
const LONGEST: usize = 1000;

/// Answers a method about notes; `Unknown` for a name that is none.
pub(super) async fn answer(
    action: &str,
    asker: &Asker<'_>,
    state: &State,
) -> Result<Managed, Refusal> {
    let params = asker.params;
    Ok(Managed::Value(match action {
        "add" => {
            let site = asker.site(state).await?;
            let note = Note {
                id: 0,
                day: site::number_of(day(required(params, "date")?)?),
                text: text(required(params, "note")?),
                starred: params.is_on("starred"),
                author: asker.account.login.clone(),
            };
            let id = state.store.add_note(site.id, &note).await.map_err(|error| away(&error))?;
            describe(&Note { id, ..note }, &site, asker.account)
        }
        "save" => {
            let site = asker.site(state).await?;
            let mut note = one(params, &site, state).await?;
            if let Some(date) = params.get("date") {
                note.day = site::number_of(day(date)?);
            }
            if let Some(changed) = params.get("note") {
                note.text = text(changed);
            }
            if params.raw("starred").is_some() {
                note.starred = params.is_on("starred");
            }
            state.store.save_note(site.id, &note).await.map_err(|error| away(&error))?;
            describe(&note, &site, asker.account)
        }
        "get" => {
            let site = asker.site(state).await?;
            describe(&one(params, &site, state).await?, &site, asker.account)
        }
        "delete" => {
            let site = asker.site(state).await?;
            let note = one(params, &site, state).await?;
            let deleted = state.store.delete_notes(site.id, Some(note.id)).await;
            deleted.map_err(|error| away(&error))?;
            return Ok(Managed::Done);
        }
        "deleteAll" => {
            let site = asker.site(state).await?;
            state.store.delete_notes(site.id, None).await.map_err(|error| away(&error))?;
            return Ok(Managed::Done);
        }
        "getAll" => {
            let mut by_site = Vec::new();
            for site in sites(asker, state)? {
                let days = days(params, &site, state.now())?;
                let (from, to) = match (days.first(), days.last()) {
                    (Some(first), Some(last)) => {
                        (site::number_of(first.first), site::number_of(last.last))
                    }
                    _ => (-200_000, 200_000),
                };
                let notes = state.store.notes(site.id, from, to).await;
                let notes = notes.map_err(|error| away(&error))?;
                let rows = notes.iter().map(|note| describe(note, &site, asker.account)).collect();
                by_site.push((site.id.to_string(), Value::List(rows)));
            }
            Value::Object(by_site)
        }
        "getAnnotationCountForDates" => {
            required(params, "date")?;
            let mut by_site = Vec::new();
            for site in sites(asker, state)? {
                by_site.push((site.id.to_string(), counts(params, &site, state).await?));
            }
            Value::Object(by_site)
        }
        _ => return Ok(Managed::Unknown),
    }))
}

/// How many notes each period has, and how many of them are starred.
async fn counts(params: &Params, site: &Site, state: &State) -> Result<Value, Refusal> {
    let days = days(params, site, state.now())?;
    let (Some(first), Some(last)) = (days.first(), days.last()) else {
        return Ok(Value::List(Vec::new()));
    };
    let (from, to) = (site::number_of(first.first), site::number_of(last.last));
    let notes = state.store.notes(site.id, from, to).await.map_err(|error| away(&error))?;
    let count = |period: &Period| {
        let (from, to) = (site::number_of(period.first), site::number_of(period.last));
        let within = notes.iter().filter(|note| (from..=to).contains(&note.day));
        let number = |count: usize| Value::from(i64::try_from(count).unwrap_or(i64::MAX));
        Value::List(vec![
            Value::from(period.first.to_string()),
            Value::object([
                ("count", number(within.clone().count())),
                ("starred", number(within.filter(|note| note.starred).count())),
            ]),
        ])
    };
    Ok(days.iter().map(count).collect())
}

/// The sites that are asked about and may be seen.
fn sites(asker: &Asker<'_>, state: &State) -> Result<Vec<std::sync::Arc<Site>>, Refusal> {
    let asked = asker.params.names("idSite");
    let known = state.sites().into_iter().map(|known| std::sync::Arc::clone(&known.site));
    let wanted = |site: &std::sync::Arc<Site>| {
        asked.iter().any(|id| *id == site.id.to_string()) && asker.account.may(site.id, Role::View)
    };
    let found: Vec<_> = known.filter(wanted).collect();
    if found.is_empty() { Err(Refusal::no_view(&asked.join(","))) } else { Ok(found) }
}

/// The periods that are asked about; none where no date is.
fn days(params: &Params, site: &Site, now: i64) -> Result<Vec<Period>, Refusal> {
    let Some(date) = params.get("date") else { return Ok(Vec::new()) };
    let period = params.get("period").unwrap_or("day");
    let found = periods(period, date, now, &site.zone())?;
    let Some(count) = params.integer("lastN").filter(|count| *count > 1) else { return Ok(found) };
    // The period of the date and those before it.
    let Some(last) = found.last().copied() else { return Ok(found) };
    let mut all = vec![last];
    while i64::try_from(all.len()).unwrap_or(i64::MAX) < count.min(500) {
        let Some(before) = all.last().and_then(|it| it.first.yesterday().ok()) else { break };
        all.push(last.kind.holding(before));
    }
    all.reverse();
    Ok(all)
}

async fn one(params: &Params, site: &Site, state: &State) -> Result<Note, Refusal> {
    let id = required(params, "idNote")?;
    let found = match id.parse().ok() {
        Some(id) => state.store.note(site.id, id).await.map_err(|error| away(&error))?,
        None => None,
    };
    found.ok_or_else(|| {
        Refusal::new(format!("There is no note with id '{id}' for site with id '{}'.", site.id))
    })
}

fn day(date: &str) -> Result<Date, Refusal> {
    date.chars().take(10).collect::<String>().parse().map_err(|_| Refusal::bad_date())
}

fn text(note: &str) -> String {
    note.chars().take(LONGEST).collect()
}

fn describe(note: &Note, site: &Site, account: &Account) -> Value {
    Value::object([
        ("date", Value::from(site::date_of(note.day).to_string())),
        ("note", Value::from(note.text.as_str())),
        ("starred", Value::from(i64::from(note.starred))),
        ("user", Value::from(note.author.as_str())),
        ("idNote", Value::from(i64::from(note.id))),
        ("canEditOrDelete", Value::from(account.may(site.id, Role::Write))),
    ])
}
