//! Differences that are no fault of either server.

use super::say::Parity;

const IDS: &str = "PADOQE tells visitors apart by the id that the page sends, Matomo also by a fingerprint, which makes one visitor of a class behind one address";
const RETURNING: &str = "PADOQE knows who returns within the school year on sites of the policy `complete`, within the month or the day on others, and nobody from before it was installed";
const DEVICES: &str = "the lists of browsers, systems and robots are not the same";
const PLACES: &str = "PADOQE keeps the country alone, from a database of its own";
const EXEMPT: &str = "the site's policy is `exempt`: campaigns, referrers' paths, search words, titles and names that are not listed are dropped at the door";

/// Reports whose figures differ, with the reason that is the likely one; each reason once.
pub(super) fn reasons(parity: &Parity) -> Vec<(Vec<String>, &'static str)> {
    let mut res: Vec<(Vec<String>, &'static str)> = Vec::new();
    for compared in &parity.reports {
        for (metric, line) in &compared.lines {
            if line.equal == line.compared {
                continue;
            }
            let Some(reason) = reason(&compared.report, metric, parity.exempt) else { continue };
            match res.iter_mut().find(|(_, it)| *it == reason) {
                Some((reports, _)) if reports.contains(&compared.report) => (),
                Some((reports, _)) => reports.push(compared.report.clone()),
                None => res.push((vec![compared.report.clone()], reason)),
            }
        }
    }
    res
}

fn reason(report: &str, metric: &str, exempt: bool) -> Option<&'static str> {
    let method = report.split(' ').next().unwrap_or(report);
    let (module, action) = method.split_once('.').unwrap_or((method, ""));
    match (module, action) {
        ("VisitFrequency", _)
        | ("Goals", "getDaysToConversion" | "getVisitsUntilConversion")
        | (
            "VisitorInterest",
            "getNumberOfVisitsByVisitCount" | "getNumberOfVisitsByDaysSinceLast",
        ) => Some(RETURNING),
        ("Goals", "get") if metric.contains("_visit_") || metric.ends_with("_visit") => {
            Some(RETURNING)
        }
        ("DevicesDetection" | "DevicePlugins", _) => Some(DEVICES),
        ("UserCountry", _) => Some(PLACES),
        _ if metric.contains("uniq_visitors") || metric == "nb_users" => Some(IDS),
        ("Actions" | "Referrers" | "Events" | "Contents" | "CustomDimensions", _) if exempt => {
            Some(EXEMPT)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_named_where_there_is_one() {
        for (report, metric, exempt, expected) in [
            ("VisitsSummary.get", "nb_uniq_visitors", false, Some(IDS)),
            ("VisitsSummary.get", "nb_visits", true, None),
            ("Goals.get idGoal=1", "nb_conversions_new_visit", false, Some(RETURNING)),
            ("Goals.get", "nb_conversions", false, None),
            ("Actions.getPageUrls", "nb_hits", false, None),
            ("Actions.getPageUrls", "nb_hits", true, Some(EXEMPT)),
            ("DevicesDetection.getBrowsers", "nb_visits", false, Some(DEVICES)),
        ] {
            assert_eq!(reason(report, metric, exempt), expected, "{report} {metric}");
        }
    }
}
