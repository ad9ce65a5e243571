//! What each report is called and which figures it has, for clients that build their screens from
//! that: `API.getReportMetadata`, `API.getMetadata`, `API.getProcessedReport`.

mod picture;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::{labels, labels::Language, params::Params, value::Value};
use crate::site::{Scope, Site};

const REPORTS: &str = include_str!("reports.tsv");
const CATEGORIES: &str = include_str!("categories.tsv");

/// A report as clients see it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    method: &'static str,
    category: &'static str,
    subcategory: &'static str,
    names: [&'static str; 2],
    dimensions: [&'static str; 2],
    metrics: &'static str,
    processed: &'static str,
    /// The action that answers what is under a row.
    pub(super) under: &'static str,
    /// `g` has figures per goal, `c` has always the same rows, `s` is under a row of another one,
    /// `d` is of one custom dimension, `o` can be of one goal.
    flags: &'static str,
}

/// All reports that have a name, in the order they are listed.
pub(super) fn entries() -> impl Iterator<Item = Entry> {
    REPORTS.lines().filter_map(|line| {
        let cells: Vec<&'static str> = line.split('\t').collect();
        let &[
            method,
            category,
            subcategory,
            en,
            fr,
            dim_en,
            dim_fr,
            metrics,
            processed,
            under,
            flags,
        ] = cells.as_slice()
        else {
            return None;
        };
        Some(Entry {
            method,
            category,
            subcategory,
            names: [en, fr],
            dimensions: [dim_en, dim_fr],
            metrics,
            processed,
            under,
            flags,
        })
    })
}

/// The report of that module and action.
pub(super) fn entry(module: &str, action: &str) -> Option<Entry> {
    entries().find(|entry| entry.method.split_once('.') == Some((module, action)))
}

fn category(key: &str, language: Language) -> &'static str {
    let mut lines = CATEGORIES.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    let found = lines.find(|cells| cells.first() == Some(&key)).unwrap_or_default();
    found.get(1 + at(language)).copied().unwrap_or_default()
}

fn at(language: Language) -> usize {
    match language {
        Language::English => 0,
        Language::French => 1,
    }
}

impl Entry {
    fn has(&self, flag: char) -> bool {
        self.flags.contains(flag)
    }

    /// Whether it has always the same rows, also without visits.
    pub(super) fn is_constant(&self) -> bool {
        self.has('c')
    }

    pub(super) fn name(&self, language: Language) -> &'static str {
        self.names[at(language)]
    }

    /// What its rows are about; nothing for an overview.
    pub(super) fn dimension(&self, language: Language) -> Option<&'static str> {
        Some(self.dimensions[at(language)]).filter(|name| !name.is_empty())
    }

    /// Its figures, those that are worked out last.
    pub(super) fn metrics(&self) -> impl Iterator<Item = &'static str> {
        self.metrics.split(' ').chain(self.processed.split(' ')).filter(|name| !name.is_empty())
    }

    fn split(&self) -> (&'static str, &'static str) {
        self.method.split_once('.').unwrap_or((self.method, ""))
    }
}

/// A figure's name; one without a name keeps its own.
pub(super) fn metric(name: &str, language: Language) -> String {
    labels::metric(name, language).map_or_else(|| name.to_owned(), str::to_owned)
}

/// What the report is narrowed to: a goal or a custom dimension.
#[derive(Clone, Copy, Debug)]
pub(super) enum About<'a> {
    Nothing,
    Goal(u32, &'a str),
    Dimension(u16, &'a str, Scope),
}

/// Every report of a site with all that it may be narrowed to.
pub(super) fn of_site(site: &Site, under_rows: bool) -> Vec<(Entry, About<'_>)> {
    let mut listed = Vec::new();
    for entry in entries().filter(|entry| under_rows || !entry.has('s')) {
        if entry.has('d') {
            let active = site.dimensions.iter().filter(|dimension| dimension.active);
            listed.extend(active.map(|dimension| {
                (entry, About::Dimension(dimension.id, &dimension.name, dimension.scope))
            }));
            continue;
        }
        let is_declared = match entry.category {
            "goals" => !site.goals.is_empty(),
            "features" => !site.register.is_empty(),
            _ => true,
        };
        if !is_declared {
            continue;
        }
        listed.push((entry, About::Nothing));
        if entry.has('o') {
            listed.extend(site.goals.iter().map(|goal| (entry, About::Goal(goal.id, &goal.name))));
        }
    }
    listed
}

/// A report as `API.getReportMetadata` lists it. What it does not have is left out.
pub(super) fn describe(entry: Entry, about: About<'_>, params: &Params, site: &Site) -> Value {
    let language = Language::parse(params.get("language").unwrap_or_default());
    let (module, action) = entry.split();
    let text = |text: &str| Value::from(text);
    let mut fields: Vec<(String, Value)> = Vec::new();
    let mut push = |name: &str, value: Value| fields.push((name.to_owned(), value));
    push("category", text(category(entry.category, language)));
    if !entry.subcategory.is_empty() {
        push("subcategory", text(category(entry.subcategory, language)));
    }
    let (name, parameter) = match about {
        About::Nothing => (entry.name(language).to_owned(), None),
        About::Goal(id, name) => {
            (format!("{} - {name}", entry.name(language)), Some(("idGoal", id.to_string())))
        }
        About::Dimension(id, name, _) => (name.to_owned(), Some(("idDimension", id.to_string()))),
    };
    push("name", Value::from(name));
    push("module", text(module));
    push("action", text(action));
    if let Some((name, value)) = &parameter {
        push("parameters", Value::object([(*name, text(value))]));
    }
    if let Some(dimension) = entry.dimension(language) {
        push("dimension", text(dimension));
    }
    if entry.has('s') {
        push("isSubtableReport", Value::from(true));
    }
    let (metrics, processed) = figures(entry, about);
    push("metrics", named(&metrics, language));
    if !processed.is_empty() {
        push("processedMetrics", named(&processed, language));
    }
    let all = metrics.iter().chain(&processed);
    push("metricTypes", Value::object(all.map(|name| (*name, text(kind(name))))));
    if !entry.under.is_empty() {
        push("actionToLoadSubTables", text(entry.under));
    }
    if entry.has('g') && !site.goals.is_empty() {
        push("metricsGoal", named(&["nb_conversions", "revenue"], language));
        push("processedMetricsGoal", named(&["revenue_per_visit"], language));
        let types =
            [("nb_conversions", "number"), ("revenue", "money"), ("revenue_per_visit", "money")];
        push("metricTypesGoal", Value::object(types.map(|(name, kind)| (name, text(kind)))));
    }
    if entry.is_constant() {
        push("constantRowsCount", Value::from(1_i64));
    }
    for (name, url) in
        picture::addresses((module, action), parameter.as_ref(), &entry, params, site)
    {
        push(name, Value::from(url));
    }
    let narrowed: String =
        parameter.iter().map(|(name, value)| format!("_{name}--{}", plain(value))).collect();
    push("uniqueId", Value::from(format!("{module}_{action}{narrowed}")));
    Value::Object(fields)
}

/// Action dimensions are counted as pages are.
pub(super) fn figures(entry: Entry, about: About<'_>) -> (Vec<&'static str>, Vec<&'static str>) {
    match about {
        About::Dimension(_, _, Scope::Action) => (
            vec!["nb_hits", "nb_visits"],
            vec!["avg_time_on_dimension", "bounce_rate", "exit_rate"],
        ),
        _ => {
            let words = |text: &'static str| text.split(' ').filter(|it| !it.is_empty()).collect();
            (words(entry.metrics), words(entry.processed))
        }
    }
}

fn named(metrics: &[&str], language: Language) -> Value {
    Value::object(metrics.iter().map(|name| (*name, Value::from(metric(name, language)))))
}

/// The kind of number a figure is.
fn kind(metric: &str) -> &'static str {
    if metric.ends_with("_rate")
        || metric.ends_with("_percent")
        || metric.ends_with("_evolution")
        || metric.ends_with("_percentage")
        || metric.contains("_rate_")
        || metric.starts_with("visits_rate")
    {
        "percent"
    } else if metric.starts_with("revenue") {
        "money"
    } else if metric.contains("time") || metric.contains("length") {
        "duration_s"
    } else {
        "number"
    }
}

/// A value in a name that clients use as one word.
fn plain(value: &str) -> String {
    utf8_percent_encode(value, NON_ALPHANUMERIC).to_string().replace('%', "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{example, registry};

    #[test]
    fn every_line_is_of_a_report_that_is_answered() {
        assert_eq!(entries().count(), REPORTS.lines().count());
        for entry in entries() {
            assert!(registry::find(entry.method).is_ok(), "{} is not answered", entry.method);
            for name in entry.metrics() {
                for language in [Language::English, Language::French] {
                    assert!(labels::metric(name, language).is_some(), "{name} has no name");
                }
            }
            for key in [entry.category, entry.subcategory] {
                assert!(key.is_empty() || !category(key, Language::French).is_empty(), "{key}");
            }
        }
    }

    #[test]
    fn a_report_of_a_goal_is_named_after_it() {
        let site = example::site(1);
        let listed = of_site(&site, false);
        let params = example::params("period=day&date=2026-03-02");
        let all: Vec<Value> =
            listed.iter().map(|(entry, about)| describe(*entry, *about, &params, &site)).collect();
        let goal = all
            .iter()
            .find(|it| it.get("uniqueId") == Some(&"Goals_get_idGoal--1".into()))
            .unwrap();
        assert_eq!(goal.get("name"), Some(&"Goals - Copie rendue".into()));
        assert_eq!(
            goal.get("metricTypes").unwrap().get("conversion_rate"),
            Some(&"percent".into())
        );
        assert!(goal.get("imageGraphUrl").is_none(), "no picture is promised without days");
        assert!(!listed.iter().any(|(entry, _)| entry.has('s')));
    }
}
