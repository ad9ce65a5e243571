//! SegmentEditor: segments that are declared, so that they have rollups of their own; and what can be
//! asked about at all.

use md5::{Digest, Md5};

use super::{Asker, Managed, required};
use crate::{
    report::{Ask, By, Grain, Need, Only, Params, Refusal, Slice, Value},
    rollup::{Shape, subject},
    segment::{Segment, names},
    site::{self, Site, SiteId},
    store::{DeclaredSegment, NewSegment, Role},
    web::{api::away, state::State},
};

/// Values are looked for in this many days.
const SUGGESTED_DAYS: i32 = 60;
/// At most so many are suggested.
const SUGGESTED: usize = 30;

/// Answers a method about segments.
///
/// # Errors
/// A parameter is missing or wrong, or the database is away.
pub(super) async fn answer(
    method: &str,
    asker: &Asker<'_>,
    state: &State,
) -> Result<Managed, Refusal> {
    let params = asker.params;
    let value = match method {
        "SegmentEditor.add" => add(asker, state).await?,
        "SegmentEditor.update" => update(asker, state).await?,
        "SegmentEditor.delete" => {
            let declared = declared(params, state)?;
            state.store.delete_segment(declared.id).await.map_err(|error| away(&error))?;
            state.refresh().await.map_err(|error| away(&error))?;
            return Ok(Managed::Done);
        }
        "SegmentEditor.get" => describe(&declared(params, state)?),
        "SegmentEditor.getAll" => {
            let site = asked_site(asker, state)?;
            let segments = state.segments();
            let here = |it: &&DeclaredSegment| {
                site.is_none_or(|site| it.of.site.is_none_or(|own| own == site))
            };
            let mut here: Vec<_> = segments.iter().filter(here).collect();
            here.sort_by_key(|it| it.of.name.to_lowercase());
            here.into_iter().map(describe).collect()
        }
        "SegmentEditor.isUserCanAddNewSegment" => Value::from(true),
        "API.getSegmentsMetadata" => metadata(asker, state)?,
        "API.getSuggestedValuesForSegment" => suggested(asker, state).await?,
        _ => return Ok(Managed::Unknown),
    };
    Ok(Managed::Value(value))
}

/// The site of `idSite`, where one is given: 0, `all` and nothing are every site, for those who may
/// see every site.
fn asked_site(asker: &Asker<'_>, state: &State) -> Result<Option<SiteId>, Refusal> {
    let asked = asker.params.names("idSite").into_iter().next();
    let Some(asked) = asked.filter(|it| !matches!(it.as_str(), "0" | "all")) else {
        let every = asker.account.superuser.then_some(None);
        return every.ok_or_else(|| Refusal::missing("idSite"));
    };
    let id = asked.parse::<SiteId>().ok();
    let known = id.filter(|id| state.sites().iter().any(|known| known.site.id == *id));
    known.map(Some).ok_or_else(|| Refusal::no_view(&asked))
}

fn declared(params: &Params, state: &State) -> Result<DeclaredSegment, Refusal> {
    let id = required(params, "idSegment")?;
    let segments = state.segments();
    let found = segments.iter().find(|it| it.id.to_string() == id).cloned();
    found.ok_or_else(|| {
        Refusal::new(format!(
            "The segment {id} does not exist: SegmentEditor.getAll lists those that do."
        ))
    })
}

fn given(asker: &Asker<'_>, state: &State) -> Result<NewSegment, Refusal> {
    let params = asker.params;
    let new = NewSegment {
        name: required(params, "name")?.to_owned(),
        definition: required(params, "definition")?.to_owned(),
        site: asked_site(asker, state)?,
        enable_all_users: params.is_on("enabledAllUsers"),
        auto_archive: params.is_on("autoArchive"),
    };
    let sites = state.sites();
    let mut own = sites.iter().filter(|known| new.site.is_none_or(|id| id == known.site.id));
    let parsed: Vec<_> =
        own.by_ref().map(|known| Segment::parse(&new.definition, &known.site)).collect();
    match parsed.into_iter().reduce(|one, other| one.or(other)) {
        Some(Err(wrong)) => Err(Refusal::new(format!("The specified segment is invalid: {wrong}"))),
        Some(Ok(_)) | None => Ok(new),
    }
}

async fn add(asker: &Asker<'_>, state: &State) -> Result<Value, Refusal> {
    let new = given(asker, state)?;
    let id =
        state.store.add_segment(&asker.account.login, &new).await.map_err(|error| away(&error))?;
    state.refresh().await.map_err(|error| away(&error))?;
    Ok(Value::from(id))
}

async fn update(asker: &Asker<'_>, state: &State) -> Result<Value, Refusal> {
    let declared = declared(asker.params, state)?;
    let new = given(asker, state)?;
    state.store.update_segment(declared.id, &new).await.map_err(|error| away(&error))?;
    state.refresh().await.map_err(|error| away(&error))?;
    Ok(Value::from(declared.id))
}

/// A segment as Matomo describes one; texts all of them.
fn describe(declared: &DeclaredSegment) -> Value {
    let text = |number: u32| Value::from(number.to_string());
    let time = |seconds: i64| {
        let time = jiff::Timestamp::from_second(seconds).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        Value::from(time.strftime("%Y-%m-%d %H:%M:%S").to_string())
    };
    let hash: String = Md5::digest(declared.of.definition.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Value::object([
        ("idsegment", text(declared.id)),
        ("name", Value::from(declared.of.name.as_str())),
        ("definition", Value::from(declared.of.definition.as_str())),
        ("hash", Value::from(hash)),
        ("login", Value::from(declared.login.as_str())),
        ("enable_all_users", text(u32::from(declared.of.enable_all_users))),
        ("enable_only_idsite", text(declared.of.site.unwrap_or_default())),
        ("auto_archive", text(u32::from(declared.of.auto_archive))),
        ("ts_created", time(declared.created)),
        ("ts_last_edit", declared.edited.map_or(Value::Null, time)),
        ("deleted", text(0)),
    ])
}

/// The sites of `idSites`; all that may be seen where none is given.
fn asked_sites(asker: &Asker<'_>, state: &State) -> Result<Vec<std::sync::Arc<Site>>, Refusal> {
    let asked = [asker.params.names("idSites"), asker.params.names("idSite")].concat();
    let mut all: Vec<_> = state.sites().iter().map(|known| known.site.clone()).collect();
    all.retain(|site| asker.account.may(site.id, Role::View));
    if asked.is_empty() || asked.iter().any(|it| it == "all") {
        return Ok(all);
    }
    let find = |id: &String| {
        let found = all.iter().find(|site| site.id.to_string() == *id).cloned();
        found.ok_or_else(|| Refusal::no_view(id))
    };
    asked.iter().map(find).collect()
}

fn metadata(asker: &Asker<'_>, state: &State) -> Result<Value, Refusal> {
    let mut rows: Vec<(String, Value)> = Vec::new();
    for site in asked_sites(asker, state)? {
        for name in names(&site) {
            if rows.iter().any(|(it, _)| *it == name.segment) {
                continue;
            }
            let kind = if name.metric { "metric" } else { "dimension" };
            let mut fields = vec![
                ("type", Value::from(kind)),
                ("category", Value::from(name.category)),
                ("name", Value::from(name.title.as_str())),
                ("segment", Value::from(name.segment.as_str())),
            ];
            if !name.values.is_empty() {
                fields.push(("acceptedValues", Value::from(name.values)));
            }
            rows.push((name.segment, Value::object(fields)));
        }
    }
    Ok(rows.into_iter().map(|(_, row)| row).collect())
}

/// Where the values of a name stand in the rollups.
fn values_of(name: &str, site: &Site) -> Option<(Shape, i16, By)> {
    let found = match name {
        "countryCode" => (Shape::Visit, subject::COUNTRY, By::VALUE),
        "languageCode" => (Shape::Visit, subject::LANGUAGE, By::VALUE),
        "deviceType" => (Shape::Visit, subject::DEVICE_TYPE, By::VALUE),
        "browserName" => (Shape::Visit, subject::BROWSER, By::VALUE),
        "operatingSystemName" => (Shape::Visit, subject::OS, By::VALUE),
        "resolution" => (Shape::Visit, subject::RESOLUTION, By::VALUE),
        "referrerName" => (Shape::Visit, subject::WEBSITE, By::VALUE),
        "pageUrl" | "entryPageUrl" | "exitPageUrl" | "actionUrl" => {
            (Shape::Action, subject::PAGE_URL, By::VALUE)
        }
        "pageTitle" | "entryPageTitle" | "exitPageTitle" => {
            (Shape::Action, subject::PAGE_TITLE, By::VALUE)
        }
        "downloadUrl" => (Shape::Action, subject::DOWNLOAD, By::VALUE),
        "outlinkUrl" => (Shape::Action, subject::OUTLINK, By::VALUE),
        "siteSearchKeyword" => (Shape::Action, subject::SEARCH, By::VALUE),
        "siteSearchCategory" => (Shape::Action, subject::SEARCH_CATEGORY, By::VALUE),
        "eventCategory" => (Shape::Event, subject::FEATURE, By::VALUE),
        "eventAction" => (Shape::Event, subject::FEATURE, By { sub: true, ..By::NOTHING }),
        "eventName" => (Shape::Event, subject::EVENT, By::LEAF),
        "contentName" => (Shape::Content, subject::CONTENT, By::VALUE),
        "contentPiece" => (Shape::Content, subject::CONTENT, By { sub: true, ..By::NOTHING }),
        _ => {
            let id: u16 = name.strip_prefix("dimension")?.parse().ok()?;
            let dimension = site.dimension(id)?;
            let number = subject::DIMENSION.checked_add(i16::try_from(id).ok()?)?;
            match dimension.scope {
                site::Scope::Visit => (Shape::Visit, number, By::VALUE),
                site::Scope::Action => (Shape::Action, number, By::VALUE),
            }
        }
    };
    Some(found)
}

/// The most frequent values of a name in the last weeks.
async fn suggested(asker: &Asker<'_>, state: &State) -> Result<Value, Refusal> {
    let name = required(asker.params, "segmentName")?;
    let id = asked_site(asker, state)?.ok_or_else(|| Refusal::missing("idSite"))?;
    let known = state.site(id).await.ok_or_else(|| Refusal::no_view(&id.to_string()))?;
    let site = &known.site;
    let described = names(site).find(|it| it.segment == name);
    let described = described
        .ok_or_else(|| Refusal::new(format!("Segment '{name}' is not a supported segment.")))?;
    let Some((shape, subject, by)) = values_of(name, site) else {
        let values = described.values.split(", ").filter(|it| !it.is_empty() && *it != "...");
        return Ok(values.map(Value::from).collect());
    };
    let today = site::day_and_hour(state.now(), &site.zone()).0;
    let slice = Slice { period: 0, grain: Grain::Day, from: today - SUGGESTED_DAYS, to: today };
    let ask = Ask {
        need: Need::Rollup { shape, subject, by },
        slices: [slice].into(),
        only: Only::default(),
    };
    let found = state.store.read(site.id, &[ask]).await.map_err(|error| away(&error))?;
    let mut rows: Vec<_> = found.into_iter().flatten().collect();
    let visits = shape.at("visits");
    rows.sort_by_key(|row| std::cmp::Reverse(row.figures.get(visits).copied()));
    let text = |row: crate::report::Row| {
        [row.value, row.sub, row.leaf].into_iter().find_map(|label| label.text)
    };
    let texts = rows.into_iter().filter_map(text).filter(|text| !text.is_empty());
    Ok(texts.take(SUGGESTED).map(|text| Value::from(&*text)).collect())
}
