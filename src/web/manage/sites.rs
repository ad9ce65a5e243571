//! SitesManager: the sites that are measured.

use std::sync::Arc;

use jiff::tz::TimeZone;

use super::{Asker, Managed, away, required};
use crate::{
    report::{Params, Refusal, Value},
    site::{PolicyName, Settings, Site},
    store::{NewSite, Role},
    web::state::State,
};

/// Currencies that sites of French schools may have; any other code is taken too.
const CURRENCIES: [(&str, &str); 5] = [
    ("EUR", "Euro (EUR)"),
    ("XPF", "CFP Franc (XPF)"),
    ("CHF", "Swiss Franc (CHF)"),
    ("GBP", "British Pound (GBP)"),
    ("USD", "US Dollar (USD)"),
];

/// Answers a method about sites; `Unknown` for a name that is none.
pub(super) async fn answer(
    action: &str,
    asker: &Asker<'_>,
    state: &State,
) -> Result<Managed, Refusal> {
    let params = asker.params;
    Ok(Managed::Value(match action {
        "addSite" => add_site(params, state).await?,
        "updateSite" => return update_site(asker, state).await,
        "deleteSite" => {
            let site = asker.site(state).await?;
            state.store.delete_site(site.id).await.map_err(|error| away(&error))?;
            state.refresh().await.map_err(|error| away(&error))?;
            return Ok(Managed::Done);
        }
        "getSiteFromId" => describe(&*asker.site(state).await?),
        "getSiteUrlsFromId" => asker.site(state).await?.urls.iter().map(String::as_str).collect(),
        "getSitesWithAtLeastViewAccess" | "getSitesWithViewAccess" | "getAllSites" => {
            sites(asker, state, Role::View).iter().map(|site| describe(site)).collect()
        }
        "getSitesWithAdminAccess" => {
            sites(asker, state, Role::Admin).iter().map(|site| describe(site)).collect()
        }
        "getSitesIdWithAtLeastViewAccess" | "getSitesIdWithViewAccess" | "getAllSitesId" => {
            ids(asker, state, Role::View)
        }
        "getSitesIdWithWriteAccess" => ids(asker, state, Role::Write),
        "getSitesIdWithAdminAccess" => ids(asker, state, Role::Admin),
        "getSitesIdFromSiteUrl" => {
            let url = bare(required(params, "url")?).to_owned();
            let of_url = |site: &&Arc<Site>| site.urls.iter().any(|own| bare(own) == url);
            let found = sites(asker, state, Role::View);
            let ids = found.iter().filter(of_url);
            ids.map(|site| Value::object([("idsite", Value::from(site.id))])).collect()
        }
        "getPatternMatchSites" => {
            let pattern = params.get("pattern").unwrap_or_default().to_lowercase();
            let is_like = |site: &&Arc<Site>| {
                let texts = [&site.name, site.urls.first().unwrap_or(&site.name)];
                texts.into_iter().any(|text| text.to_lowercase().contains(&pattern))
            };
            sites(asker, state, Role::View).iter().filter(is_like).map(|it| describe(it)).collect()
        }
        "getSitesFromGroup" => {
            let group = params.get("group").unwrap_or_default();
            let found = sites(asker, state, Role::View);
            found.iter().filter(|it| it.settings.group == group).map(|it| describe(it)).collect()
        }
        "getSitesGroups" => {
            let mut groups: Vec<String> = sites(asker, state, Role::View)
                .iter()
                .map(|it| it.settings.group.clone())
                .collect();
            groups.sort();
            groups.dedup();
            groups.into_iter().collect()
        }
        "getNumWebsitesToDisplayPerPage" => Value::from(20_i64),
        "getJavascriptTag" => {
            let site = asker.site(state).await?;
            let server = params.get("piwikUrl").or_else(|| params.get("matomoUrl"));
            Value::from(tag(&site, server.unwrap_or_default()))
        }
        "getCurrencyList" => {
            Value::object(CURRENCIES.map(|(code, name)| (code, Value::from(name))))
        }
        "getCurrencySymbols" => Value::object([
            ("EUR", Value::from("€")),
            ("XPF", Value::from("F")),
            ("CHF", Value::from("CHF")),
            ("GBP", Value::from("£")),
            ("USD", Value::from("$")),
        ]),
        "getDefaultCurrency" => Value::from("EUR"),
        "getDefaultTimezone" => Value::from("Europe/Paris"),
        "getUniqueSiteTimezones" => {
            let found = sites(asker, state, Role::View);
            let mut zones: Vec<&str> = found.iter().map(|site| site.timezone.as_str()).collect();
            zones.sort_unstable();
            zones.dedup();
            zones.into_iter().collect()
        }
        "getTimezonesList" => timezones(),
        "getExcludedQueryParameters" => {
            let site = asker.site(state).await?;
            site.settings.excluded_parameters.iter().map(String::as_str).collect()
        }
        // Nothing is left out of every site: what is, is said site by site.
        "getExcludedQueryParametersGlobal"
        | "getExcludedIpsGlobal"
        | "getExcludedUserAgentsGlobal"
        | "getExcludedReferrersGlobal"
        | "getSearchKeywordParametersGlobal"
        | "getSearchCategoryParametersGlobal" => Value::from(""),
        "getKeepURLFragmentsGlobal" => Value::from(false),
        _ => return Ok(Managed::Unknown),
    }))
}

/// The sites with which whoever asks may do what that role may.
fn sites(asker: &Asker<'_>, state: &State, role: Role) -> Vec<Arc<Site>> {
    let known = state.sites().into_iter().map(|known| Arc::clone(&known.site));
    known.filter(|site| asker.account.may(site.id, role)).collect()
}

fn ids(asker: &Asker<'_>, state: &State, role: Role) -> Value {
    sites(asker, state, role).iter().map(|site| site.id).collect()
}

/// An address without what does not tell sites apart.
fn bare(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.strip_prefix("www.").unwrap_or(rest).trim_end_matches('/')
}

/// Zones by continent, with the names that settings take.
fn timezones() -> Value {
    let mut by_continent: Vec<(String, Vec<(String, Value)>)> = Vec::new();
    for name in jiff::tz::db().available() {
        let name = name.as_str();
        let (continent, city) = name.split_once('/').unwrap_or(("UTC", name));
        let entry = (name.to_owned(), Value::from(city.replace('_', " ")));
        match by_continent.iter_mut().find(|(it, _)| it == continent) {
            Some((_, zones)) => zones.push(entry),
            None => by_continent.push((continent.to_owned(), vec![entry])),
        }
    }
    Value::object(by_continent.into_iter().map(|(name, zones)| (name, Value::Object(zones))))
}

/// What a site puts into its pages.
fn tag(site: &Site, server: &str) -> String {
    let server = server.trim_end_matches('/');
    let server = server.split_once("://").map_or(server, |(_, rest)| rest);
    format!(
        "<!-- Matomo -->\n<script>\n  var _paq = window._paq = window._paq || [];\n  _paq.push(['trackPageView']);\n  _paq.push(['enableLinkTracking']);\n  (function() {{\n    var u=\"//{server}/\";\n    _paq.push(['setTrackerUrl', u+'matomo.php']);\n    _paq.push(['setSiteId', '{}']);\n    var d=document, g=d.createElement('script'), s=d.getElementsByTagName('script')[0];\n    g.async=true; g.src=u+'matomo.js'; s.parentNode.insertBefore(g,s);\n  }})();\n</script>\n<!-- End Matomo Code -->\n",
        site.id
    )
}

async fn add_site(params: &Params, state: &State) -> Result<Value, Refusal> {
    let timezone = zone(params.get("timezone").unwrap_or("UTC"))?;
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
        timezone,
        currency: params.get("currency").unwrap_or("EUR").to_owned(),
        policy,
        settings: settings(params, Settings::default())?,
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

/// Changes what the question names; the rest stays.
async fn update_site(asker: &Asker<'_>, state: &State) -> Result<Managed, Refusal> {
    let params = asker.params;
    let mut site = (*asker.site(state).await?).clone();
    if let Some(name) = params.get("siteName") {
        name.clone_into(&mut site.name);
    }
    let urls = urls(params)?;
    if !urls.is_empty() {
        site.urls = urls;
    }
    if let Some(timezone) = params.get("timezone") {
        site.timezone = zone(timezone)?;
    }
    if let Some(currency) = params.get("currency") {
        currency.clone_into(&mut site.currency);
    }
    site.settings = settings(params, site.settings)?;
    state.store.save_site(&site).await.map_err(|error| away(&error))?;
    state.refresh().await.map_err(|error| away(&error))?;
    Ok(Managed::Done)
}

fn zone(timezone: &str) -> Result<String, Refusal> {
    match TimeZone::get(timezone) {
        Ok(_) => Ok(timezone.to_owned()),
        Err(_) => Err(Refusal::new(format!(
            "The timezone '{timezone}' is not valid. Please use an IANA name such as Europe/Paris."
        ))),
    }
}

/// The settings of a question; what it does not name is as it was.
fn settings(params: &Params, known: Settings) -> Result<Settings, Refusal> {
    let mut settings = match params.get("settings") {
        Some(json) => serde_json::from_str(json).map_err(|error| {
            Refusal::new(format!("The parameter 'settings' is not valid: {error}."))
        })?,
        None => known,
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
        // Given without anything in it, a list is emptied.
        if params.raw(name).is_some() || !params.list(name).is_empty() {
            *list = params.names(name);
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
