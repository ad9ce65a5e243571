//! Methods that read nothing: the version, the list of reports, languages, names.

use super::one_site;
use crate::{
    report::{catalogue, params::Params, plan::VERSION, refusal::Refusal, registry, value::Value},
    site::Site,
};
use std::sync::Arc;

/// Methods answered here.
pub const METHODS: &[&str] = &[
    "API.getMatomoVersion",
    "API.getPiwikVersion",
    "API.getPhpVersion",
    "API.getSettings",
    "API.isPluginActivated",
    "API.getReportMetadata",
    "API.getMetadata",
    "LanguagesManager.getAvailableLanguages",
    "LanguagesManager.getAvailableLanguageNames",
    "LanguagesManager.isLanguageAvailable",
    "Dashboard.getDashboards",
];

const LANGUAGES: [(&str, &str, &str); 2] =
    [("en", "English", "English"), ("fr", "Français", "French")];

/// The answer of such a method; nothing for one that is none.
pub(in crate::report) fn said(
    method: &str,
    params: &Params,
    sites: &[Arc<Site>],
) -> Result<Option<Value>, Refusal> {
    let (module, action) = registry::split(method)?;
    Ok(Some(match (module, action) {
        ("API", "getMatomoVersion" | "getPiwikVersion") => Value::from(VERSION),
        // There is no PHP; clients show it or compare it.
        ("API", "getPhpVersion") => Value::object([
            ("version", Value::from("8.2.0")),
            ("major", Value::from(8_i64)),
            ("minor", Value::from(2_i64)),
            ("release", Value::from(0_i64)),
            ("versionId", Value::from(80_200_i64)),
            ("extra", Value::from("")),
        ]),
        // How many hits the apps' libraries send at once, and how many seconds apart.
        ("API", "getSettings") => Value::object([
            ("SDK_batch_size", Value::from("10")),
            ("SDK_interval_value", Value::from("30")),
        ]),
        ("API", "isPluginActivated") => {
            let name = params.get("pluginName").ok_or_else(|| Refusal::missing("pluginName"))?;
            Value::from(registry::reports().any(|report| report.module == name))
        }
        ("API", "getReportMetadata") => {
            let mut asked = params.names("idSites");
            if asked.is_empty() {
                asked = params.names("idSite");
            }
            if asked.is_empty() {
                return Err(Refusal::new(
                    "Calling API.getReportMetadata without any idSite is no longer supported since Matomo 3.0.0. Please specify at least one idSite via the \"idSite\" parameter.",
                ));
            }
            let mut listed: Vec<Value> = Vec::new();
            for id in asked {
                let site = site(sites, &id)?;
                for described in all(params, &site) {
                    if !listed.contains(&described) {
                        listed.push(described);
                    }
                }
            }
            Value::List(listed)
        }
        ("API", "getMetadata") => one_report(params, &*site(sites, &one_site(params)?)?)?,
        ("LanguagesManager", "getAvailableLanguages") => {
            LANGUAGES.iter().map(|(code, ..)| *code).collect()
        }
        ("LanguagesManager", "getAvailableLanguageNames") => LANGUAGES
            .iter()
            .map(|(code, name, english)| {
                let text = |text: &str| Value::from(text);
                Value::object([
                    ("code", text(code)),
                    ("name", text(name)),
                    ("english_name", text(english)),
                ])
            })
            .collect(),
        ("LanguagesManager", "isLanguageAvailable") => {
            let code = params.get("languageCode").unwrap_or_default();
            Value::from(LANGUAGES.iter().any(|(it, ..)| *it == code))
        }
        ("Dashboard", "getDashboards") => dashboard(),
        _ => return Ok(None),
    }))
}

fn site(sites: &[Arc<Site>], id: &str) -> Result<Arc<Site>, Refusal> {
    let number: Option<u32> = id.parse().ok();
    let known = sites.iter().find(|site| Some(site.id) == number);
    known.cloned().ok_or_else(|| Refusal::no_view(id))
}

fn all(params: &Params, site: &Site) -> Vec<Value> {
    let listed = catalogue::of_site(site, params.is_on("showSubtableReports"));
    listed
        .into_iter()
        .map(|(entry, about)| catalogue::describe(entry, about, params, site))
        .collect()
}

/// The one report of that module and action, narrowed as the question says; none is an empty list.
fn one_report(params: &Params, site: &Site) -> Result<Value, Refusal> {
    let module = params.get("apiModule").ok_or_else(|| Refusal::missing("apiModule"))?;
    let action = params.get("apiAction").ok_or_else(|| Refusal::missing("apiAction"))?;
    let wanted = ["idGoal", "idDimension"].map(|name| (name, params.get(name)));
    let is_it = |described: &Value| {
        let has = |name: &str, text: &str| described.get(name) == Some(&Value::from(text));
        has("module", module)
            && has("action", action)
            && wanted.iter().all(|(name, value)| {
                let own = described.get("parameters").and_then(|it| it.get(name));
                own.cloned() == value.map(Value::from)
            })
    };
    let every = catalogue::of_site(site, true);
    let described =
        every.into_iter().map(|(entry, about)| catalogue::describe(entry, about, params, site));
    Ok(Value::List(described.filter(is_it).collect()))
}

/// The dashboard clients show first: the overviews.
fn dashboard() -> Value {
    let widget = |(module, action): (&str, &str)| {
        Value::object([("module", Value::from(module)), ("action", Value::from(action))])
    };
    let widgets = [
        ("VisitsSummary", "get"),
        ("Actions", "getPageUrls"),
        ("Events", "getCategory"),
        ("Referrers", "getReferrerType"),
        ("DevicesDetection", "getType"),
        ("VisitTime", "getVisitInformationPerServerTime"),
    ];
    Value::List(vec![Value::object([
        ("name", Value::from("PADOQE")),
        ("id", Value::from(1_i64)),
        ("widgets", widgets.into_iter().map(widget).collect()),
    ])])
}
