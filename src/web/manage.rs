//! The Reporting API's methods that change or list what is measured: sites, goals, dimensions.

use std::sync::Arc;

use jiff::tz::TimeZone;

use super::{segment_editor, state::State};
use crate::{
    report::{Params, Refusal, Value},
    site::{Dimension, Goal, PolicyName, Scope, Settings, Site, SiteId},
    store::NewSite,
};

/// What a management method gives back.
pub(super) enum Managed {
    Value(Value),
    /// It is done, and there is nothing to tell.
    Done,
    /// It is no management method.
    Unknown,
}

/// Answers a management method for a super user.
///
/// # Errors
/// A parameter is missing or wrong, or the database is away.
pub(super) async fn manage(
    method: &str,
    params: &Params,
    state: &State,
) -> Result<Managed, Refusal> {
    let value = match method {
        "SitesManager.addSite" => add_site(params, state).await?,
        "SitesManager.getSiteFromId" => describe(&*site(params, state).await?),
        "SitesManager.getSitesWithAtLeastViewAccess" | "SitesManager.getAllSites" => {
            state.sites().iter().map(|known| describe(&known.site)).collect()
        }
        "SitesManager.getSitesIdWithAtLeastViewAccess" | "SitesManager.getAllSitesId" => {
            state.sites().iter().map(|known| Value::from(known.site.id)).collect()
        }
        "Goals.addGoal" => add_goal(params, state).await?,
        "Goals.getGoals" => site(params, state).await?.goals.iter().map(describe_goal).collect(),
        "CustomDimensions.configureNewCustomDimension" => add_dimension(params, state).await?,
        "CustomDimensions.getConfiguredCustomDimensions" => {
            let site = site(params, state).await?;
            site.dimensions.iter().map(|dimension| describe_dimension(site.id, dimension)).collect()
        }
        _ => return segment_editor::answer(method, params, state).await,
    };
    Ok(Managed::Value(value))
}

fn required<'a>(params: &'a Params, name: &str) -> Result<&'a str, Refusal> {
    params.get(name).ok_or_else(|| Refusal::missing(name))
}

fn away(error: &crate::store::Error) -> Refusal {
    Refusal::new(format!("Nothing was changed: {error}"))
}

async fn site(params: &Params, state: &State) -> Result<Arc<Site>, Refusal> {
    let asked = required(params, "idSite")?;
    let id: Option<SiteId> = asked.parse().ok();
    let known = match id {
        Some(id) => state.site(id).await,
        None => None,
    };
    known.map(|known| Arc::clone(&known.site)).ok_or_else(|| Refusal::no_view(asked))
}

async fn add_site(params: &Params, state: &State) -> Result<Value, Refusal> {
    let timezone = params.get("timezone").unwrap_or("UTC");
    if TimeZone::get(timezone).is_err() {
        return Err(Refusal::new(format!(
            "The timezone '{timezone}' is not valid. Please use an IANA name such as Europe/Paris."
        )));
    }
    let policy = match params.get("policy") {
        Some(name) => PolicyName::parse(name).ok_or_else(|| {
            Refusal::new(format!(
                "The policy '{name}' is not known. Please use exempt or complete."
            ))
        })?,
        None => PolicyName::default(),
    };
    let new = NewSite {
        name: required(params, "siteName")?.to_owned(),
        urls: urls(params)?,
        timezone: timezone.to_owned(),
        currency: params.get("currency").unwrap_or("EUR").to_owned(),
        policy,
        settings: settings(params)?,
    };
    let id = state.store.add_site(&new).await.map_err(|error| away(&error))?;
    state.refresh().await.map_err(|error| away(&error))?;
    Ok(Value::from(id))
}

fn urls(params: &Params) -> Result<Vec<String>, Refusal> {
    let urls: Vec<String> =
        params.names("urls").iter().map(|url| url.trim_end_matches('/').to_owned()).collect();
    match urls.iter().find(|url| !url.starts_with("http://") && !url.starts_with("https://")) {
        Some(wrong) => Err(Refusal::new(format!(
            "The url '{wrong}' is not a valid URL: it must begin with http:// or https://."
        ))),
        None => Ok(urls),
    }
}

fn settings(params: &Params) -> Result<Settings, Refusal> {
    let mut settings = match params.get("settings") {
        Some(json) => serde_json::from_str(json).map_err(|error| {
            Refusal::new(format!("The parameter 'settings' is not valid: {error}."))
        })?,
        None => Settings::default(),
    };
    let switch = |name: &str, default: bool| {
        params.get(name).map_or(default, |value| value == "1" || value == "true")
    };
    settings.site_search = switch("siteSearch", settings.site_search);
    settings.exclude_unknown_urls = switch("excludeUnknownUrls", settings.exclude_unknown_urls);
    settings.keep_url_fragment =
        params.get("keepURLFragments").map_or(settings.keep_url_fragment, |value| value == "1");
    for (name, list) in [
        ("searchKeywordParameters", &mut settings.search_keyword_parameters),
        ("searchCategoryParameters", &mut settings.search_category_parameters),
        ("excludedQueryParameters", &mut settings.excluded_parameters),
        ("excludedIps", &mut settings.excluded_ips),
        ("excludedUserAgents", &mut settings.excluded_user_agents),
        ("excludedReferrers", &mut settings.excluded_referrers),
    ] {
        let given = params.names(name);
        if !given.is_empty() {
            *list = given;
        }
    }
    if let Some(group) = params.get("group") {
        group.clone_into(&mut settings.group);
    }
    if let Some(kind) = params.get("type") {
        kind.clone_into(&mut settings.kind);
    }
    Ok(settings)
}

async fn add_goal(params: &Params, state: &State) -> Result<Value, Refusal> {
    let site = site(params, state).await?;
    let attribute = required(params, "matchAttribute")?;
    let known = [
        "url",
        "title",
        "file",
        "external_website",
        "event_category",
        "event_action",
        "event_name",
        "manually",
        "visit_duration",
    ];
    if !known.contains(&attribute) {
        return Err(Refusal::new(format!(
            "The goal's matchAttribute '{attribute}' is not known. Please use one of: {}.",
            known.join(", ")
        )));
    }
    let pattern_type = params.get("patternType").unwrap_or("contains");
    let pattern = params.get("pattern").unwrap_or_default();
    if pattern_type == "regex" && regex::Regex::new(pattern).is_err() {
        return Err(Refusal::new(format!(
            "The pattern '{pattern}' is not a valid regular expression."
        )));
    }
    let goal = Goal {
        id: 0,
        name: required(params, "name")?.to_owned(),
        description: params.get("description").unwrap_or_default().to_owned(),
        match_attribute: attribute.to_owned(),
        pattern: pattern.to_owned(),
        pattern_type: pattern_type.to_owned(),
        case_sensitive: params.is_on("caseSensitive"),
        allow_multiple: params.is_on("allowMultipleConversionsPerVisit"),
        revenue: params.get("revenue").and_then(|revenue| revenue.parse().ok()).unwrap_or(0.0),
        event_value_as_revenue: params.is_on("useEventValueAsRevenue"),
    };
    let id = state.store.add_goal(site.id, &goal).await.map_err(|error| away(&error))?;
    state.refresh().await.map_err(|error| away(&error))?;
    Ok(Value::from(id))
}

async fn add_dimension(params: &Params, state: &State) -> Result<Value, Refusal> {
    let site = site(params, state).await?;
    let scope = match required(params, "scope")? {
        "visit" => Scope::Visit,
        "action" => Scope::Action,
        other => {
            return Err(Refusal::new(format!(
                "Invalid value '{other}' for 'scope' specified. Available scopes are: visit, action"
            )));
        }
    };
    let name = required(params, "name")?;
    let active = params.is_on("active");
    let id = state
        .store
        .add_dimension(site.id, name, scope, active)
        .await
        .map_err(|error| away(&error))?;
    state.refresh().await.map_err(|error| away(&error))?;
    Ok(Value::from(u32::from(id)))
}

/// A site as Matomo describes one, with the policy beside.
fn describe(site: &Site) -> Value {
    let settings = &site.settings;
    let created = jiff::Timestamp::from_second(site.created).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let flag = |on: bool| Value::from(i64::from(on));
    Value::object([
        ("idsite", Value::from(site.id)),
        ("name", Value::from(site.name.as_str())),
        ("main_url", Value::from(site.main_url())),
        ("ts_created", Value::from(created.strftime("%Y-%m-%d %H:%M:%S").to_string())),
        ("ecommerce", flag(false)),
        ("sitesearch", flag(settings.site_search)),
        (
            "sitesearch_keyword_parameters",
            Value::from(settings.search_keyword_parameters.join(",")),
        ),
        (
            "sitesearch_category_parameters",
            Value::from(settings.search_category_parameters.join(",")),
        ),
        ("timezone", Value::from(site.timezone.as_str())),
        ("currency", Value::from(site.currency.as_str())),
        ("exclude_unknown_urls", flag(settings.exclude_unknown_urls)),
        ("excluded_ips", Value::from(settings.excluded_ips.join(","))),
        ("excluded_parameters", Value::from(settings.excluded_parameters.join(","))),
        ("excluded_user_agents", Value::from(settings.excluded_user_agents.join(","))),
        ("excluded_referrers", Value::from(settings.excluded_referrers.join(","))),
        ("group", Value::from(settings.group.as_str())),
        ("type", Value::from(settings.kind.as_str())),
        ("keep_url_fragment", flag(settings.keep_url_fragment)),
        ("timezone_name", Value::from(site.timezone.as_str())),
        ("policy", Value::from(site.policy.as_str())),
    ])
}

fn describe_goal(goal: &Goal) -> Value {
    Value::object([
        ("idgoal", Value::from(goal.id)),
        ("name", Value::from(goal.name.as_str())),
        ("description", Value::from(goal.description.as_str())),
        ("match_attribute", Value::from(goal.match_attribute.as_str())),
        ("pattern", Value::from(goal.pattern.as_str())),
        ("pattern_type", Value::from(goal.pattern_type.as_str())),
        ("case_sensitive", Value::from(i64::from(goal.case_sensitive))),
        ("allow_multiple", Value::from(i64::from(goal.allow_multiple))),
        ("revenue", Value::from(goal.revenue)),
        ("event_value_as_revenue", Value::from(i64::from(goal.event_value_as_revenue))),
    ])
}

fn describe_dimension(site: SiteId, dimension: &Dimension) -> Value {
    let scope = match dimension.scope {
        Scope::Visit => "visit",
        Scope::Action => "action",
    };
    Value::object([
        ("idcustomdimension", Value::from(u32::from(dimension.id))),
        ("idsite", Value::from(site)),
        ("name", Value::from(dimension.name.as_str())),
        ("index", Value::from(u32::from(dimension.index))),
        ("scope", Value::from(scope)),
        ("active", Value::from(dimension.active)),
    ])
}
