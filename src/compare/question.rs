//! What is asked of both: the reports that both have, over the days, whole weeks and whole months.

use jiff::{ToSpan, civil::Date};
use serde_json::Value;

use crate::report::{Kind, Period};

/// The kinds of periods that are compared.
pub(super) const KINDS: [Kind; 3] = [Kind::Day, Kind::Week, Kind::Month];

/// Reports about more than the two sites, or made of other reports that are asked anyway.
const LEFT_OUT: [&str; 6] = [
    "API.get",
    "MultiSites.getAll",
    "MultiSites.getOne",
    "MultiSites.getAllWithGroups",
    "Referrers.getAll",
    "Live.getVisitorProfile",
];

/// A report as both call it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Report {
    pub(super) method: String,
    /// Such as `idGoal`, in the order of their names.
    pub(super) parameters: Vec<(String, String)>,
}

impl Report {
    /// The name in the parity report: `Goals.get idGoal=1`.
    pub(super) fn name(&self) -> String {
        let mut name = self.method.clone();
        for (parameter, value) in &self.parameters {
            name.push_str(&format!(" {parameter}={value}"));
        }
        name
    }
}

/// What `API.getReportMetadata` lists, without what cannot be compared. `None`: it is no list.
pub(super) fn listed(metadata: &Value) -> Option<Vec<Report>> {
    let mut res = Vec::new();
    for entry in metadata.as_array()? {
        let (Some(module), Some(action)) = (entry["module"].as_str(), entry["action"].as_str())
        else {
            continue;
        };
        let method = format!("{module}.{action}");
        let subtable = entry.get("isSubtableReport").is_some_and(|it| *it != Value::Bool(false));
        if subtable || LEFT_OUT.contains(&method.as_str()) {
            continue;
        }
        let mut parameters: Vec<_> = match &entry["parameters"] {
            Value::Object(given) => given
                .iter()
                // Who asks says which site and which days.
                .filter(|(name, _)| !["idSite", "period", "date"].contains(&name.as_str()))
                .filter_map(|(name, value)| Some((name.clone(), written(value)?)))
                .collect(),
            _ => Vec::new(),
        };
        parameters.sort();
        let report = Report { method, parameters };
        if !res.contains(&report) {
            res.push(report);
        }
    }
    Some(res)
}

fn written(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The periods of a kind that lie between the two days as a whole: half a week of a server that was
/// started on a Wednesday tells nothing.
pub(super) fn whole(kind: Kind, first: Date, last: Date) -> Vec<Period> {
    let mut res = Vec::new();
    let mut period = kind.holding(first);
    while period.last <= last {
        if period.first >= first {
            res.push(period);
        }
        let next = kind.holding(period.last.saturating_add(1.day()));
        if next == period {
            break;
        }
        period = next;
    }
    res
}

/// Periods in one request: few enough that a busy Matomo answers in time.
pub(super) fn at_once(kind: Kind) -> usize {
    match kind {
        Kind::Day => 31,
        Kind::Week => 9,
        Kind::Month | Kind::Year | Kind::Range => 3,
    }
}

/// `date=` of periods that follow each other.
pub(super) fn date(periods: &[Period]) -> String {
    match (periods.first(), periods.last()) {
        (Some(first), Some(last)) => format!("{},{}", first.first, last.last),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_whole_weeks_and_months_are_asked() {
        for (kind, first, last, keys) in [
            (Kind::Day, "2026-03-30", "2026-04-01", "2026-03-30 2026-03-31 2026-04-01"),
            (Kind::Day, "2026-03-30", "2026-03-30", "2026-03-30"),
            (Kind::Week, "2026-03-01", "2026-03-15", "2026-03-02,2026-03-08 2026-03-09,2026-03-15"),
            (Kind::Week, "2026-03-03", "2026-03-14", ""),
            (Kind::Month, "2026-01-31", "2026-03-30", "2026-02"),
            (Kind::Month, "2026-02-01", "2026-02-28", "2026-02"),
            (Kind::Month, "2026-02-02", "2026-03-30", ""),
        ] {
            let found = whole(kind, first.parse().unwrap(), last.parse().unwrap());
            let found: Vec<String> = found.iter().map(Period::key).collect();
            assert_eq!(found.join(" "), keys, "{first} {last}");
        }
        assert!(whole(Kind::Day, Date::MAX, Date::MAX).len() < 2);
    }

    #[test]
    fn reports_are_named_by_method_and_parameters() {
        let metadata = json!([
            {"module": "Goals", "action": "get", "parameters": {"idGoal": 1}},
            {"module": "Goals", "action": "get", "parameters": {"idGoal": "1"}},
            {"module": "VisitsSummary", "action": "get", "parameters": []},
            {"module": "API", "action": "get"},
            {"module": "Events", "action": "getNameFromCategoryId", "isSubtableReport": true},
            {"unknown": 1},
        ]);
        let names: Vec<String> = listed(&metadata).unwrap().iter().map(Report::name).collect();
        assert_eq!(names, ["Goals.get idGoal=1", "VisitsSummary.get"]);
        assert_eq!(listed(&json!({"result": "error"})), None);
    }

    #[test]
    fn a_request_names_its_first_and_last_day() {
        let weeks = whole(Kind::Week, "2026-03-01".parse().unwrap(), "2026-03-15".parse().unwrap());
        assert_eq!(date(&weeks), "2026-03-02,2026-03-15");
        assert_eq!(date(&[]), "");
    }
}
