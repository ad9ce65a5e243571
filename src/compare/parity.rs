//! Two answers to the same question, figure by figure.

use std::collections::{BTreeMap, BTreeSet};

use super::figures::Figures;
use crate::report::{Kind, Period};

/// Differences that are kept of each metric, the largest ones.
const EXAMPLES: usize = 5;

/// Distinct visitors of more than a day are counted one by one up to here, estimated beyond.
const EXACT: f64 = 32_768.0;

/// A figure that is not the same in both.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Difference {
    pub(super) period: String,
    pub(super) row: Vec<String>,
    /// `None`: there is no such figure.
    pub(super) matomo: Option<f64>,
    pub(super) padoqe: Option<f64>,
}

impl Difference {
    fn size(&self) -> f64 {
        (self.matomo.unwrap_or(0.0) - self.padoqe.unwrap_or(0.0)).abs()
    }
}

/// One metric of one report over all periods.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Line {
    pub(super) compared: u64,
    pub(super) equal: u64,
    /// Sums over the days' outermost rows, of metrics that can be summed.
    pub(super) matomo: f64,
    pub(super) padoqe: f64,
    /// The largest differences, the largest first.
    pub(super) examples: Vec<Difference>,
}

impl Line {
    fn take(&mut self, other: Self) {
        self.compared += other.compared;
        self.equal += other.equal;
        self.matomo += other.matomo;
        self.padoqe += other.padoqe;
        self.examples.extend(other.examples);
        self.keep_the_largest();
    }

    fn keep_the_largest(&mut self) {
        // A stable sort: of equal ones the earlier stays.
        self.examples.sort_by(|a, b| b.size().total_cmp(&a.size()));
        self.examples.truncate(EXAMPLES);
    }
}

/// A report's comparison while answers come in.
#[derive(Debug, Default)]
pub(super) struct Comparison {
    lines: BTreeMap<(String, &'static str), Line>,
    /// Metrics that Matomo's answers have, and kinds of periods of which it told anything.
    told: BTreeSet<(String, &'static str)>,
    kinds: BTreeSet<&'static str>,
}

impl Comparison {
    /// Adds a period's answers.
    pub(super) fn add(&mut self, period: &Period, matomo: &Figures, padoqe: &Figures) {
        let kind = period.kind.name();
        for (_, metric) in matomo.at.keys() {
            self.kinds.insert(kind);
            self.told.insert((metric.clone(), kind));
        }
        let places: BTreeSet<_> = matomo.at.keys().chain(padoqe.at.keys()).collect();
        for place in places {
            let (row, metric) = place;
            let (a, b) = (matomo.at.get(place).copied(), padoqe.at.get(place).copied());
            // Beyond a limit of one server's tables, nobody knows what it counted.
            if (a.is_none() && matomo.may_be_cut(row)) || (b.is_none() && padoqe.may_be_cut(row)) {
                continue;
            }
            let (left, right) = (a.unwrap_or(0.0), b.unwrap_or(0.0));
            let line = self.lines.entry((metric.clone(), kind)).or_default();
            if left == 0.0 && right == 0.0 {
                continue;
            }
            line.compared += 1;
            if period.is_day() && row.len() <= 1 && adds_up(metric) {
                line.matomo += left;
                line.padoqe += right;
            }
            if same(metric, period.kind, left, right) {
                line.equal += 1;
            } else {
                line.examples.push(Difference {
                    period: period.key(),
                    row: row.clone(),
                    matomo: a,
                    padoqe: b,
                });
                line.keep_the_largest();
            }
        }
    }

    /// The metrics that were compared. What only PADOQE tells, such as distinct visitors of a row
    /// over a week, is left out, unless Matomo told nothing at all.
    pub(super) fn lines(self) -> BTreeMap<String, Line> {
        let mut res: BTreeMap<String, Line> = BTreeMap::new();
        for ((metric, kind), line) in self.lines {
            let told = self.told.contains(&(metric.clone(), kind)) || !self.kinds.contains(kind);
            if told && line.compared > 0 {
                res.entry(metric).or_default().take(line);
            }
        }
        res
    }
}

/// Whether two figures are the same but for rounding.
fn same(metric: &str, kind: Kind, a: f64, b: f64) -> bool {
    let room = match decimals(metric) {
        // Rounded to whole numbers on either side, or on one.
        Some(0) => 0.5,
        Some(decimals) => 0.1_f64.powi(decimals),
        None if a.fract() != 0.0 || b.fract() != 0.0 => 0.01,
        None if kind != Kind::Day && metric.contains("uniq_visitors") && a.max(b) > EXACT => {
            0.02 * a
        }
        None => 0.0,
    };
    // The last binary digits of a decimal fraction are not what anybody counted.
    (a - b).abs() <= room + 1e-9
}

/// Decimals that Matomo keeps of a metric that it computes; `None`: it is counted.
fn decimals(metric: &str) -> Option<i32> {
    let name = metric.rsplit(' ').next().unwrap_or(metric);
    let has = |part: &str| name.contains(part);
    if has("bounce_rate") || has("exit_rate") || has("percent") {
        Some(2)
    } else if has("conversion_rate") || has("interaction_rate") {
        Some(4)
    } else if has("_evolution") {
        Some(3)
    } else if has("nb_actions_per_visit") || has("nb_pages_per_search") {
        Some(1)
    } else if name.starts_with("avg_time_on_") {
        Some(0)
    } else if name.starts_with("avg_") || has("_per_visit") {
        Some(2)
    } else {
        None
    }
}

fn adds_up(metric: &str) -> bool {
    let name = metric.rsplit(' ').next().unwrap_or(metric);
    decimals(metric).is_none()
        && !["max_", "min_", "distinct"].iter().any(|part| name.contains(part))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn compared(kind: Kind, matomo: &Value, padoqe: &Value) -> BTreeMap<String, Line> {
        let mut comparison = Comparison::default();
        let period = kind.holding("2026-03-02".parse().unwrap());
        comparison.add(&period, &Figures::of(matomo), &Figures::of(padoqe));
        comparison.lines()
    }

    #[test]
    fn rounding_is_no_difference() {
        for (metric, a, b, expected) in [
            ("bounce_rate", 0.53, 0.5333, true),
            ("bounce_rate", 0.53, 0.55, false),
            ("goals idgoal=1 conversion_rate", 0.1234, 0.1235, true),
            ("goals idgoal=1 conversion_rate", 0.1234, 0.1244, false),
            ("avg_time_on_site", 12.0, 12.5, true),
            ("avg_time_on_site", 12.0, 13.0, false),
            ("nb_actions_per_visit", 2.5, 2.4, true),
            ("nb_actions_per_visit", 2.5, 2.3, false),
            ("revenue", 4.5, 4.504, true),
            ("revenue", 4.0, 5.0, false),
            ("nb_visits", 1000.0, 1001.0, false),
            ("nb_uniq_visitors", 100_000.0, 101_000.0, false),
        ] {
            assert_eq!(same(metric, Kind::Day, a, b), expected, "{metric} {a} {b}");
        }
        assert!(same("nb_uniq_visitors", Kind::Month, 100_000.0, 101_000.0));
        assert!(!same("nb_uniq_visitors", Kind::Month, 100_000.0, 103_000.0));
        assert!(!same("nb_uniq_visitors", Kind::Month, 1000.0, 1001.0));
    }

    #[test]
    fn zeros_on_both_sides_earn_nothing() {
        let lines =
            compared(Kind::Day, &json!({"nb_visits": 3, "nb_users": 0}), &json!({"nb_visits": 3}));
        assert_eq!(lines.len(), 1);
        assert_eq!((lines["nb_visits"].compared, lines["nb_visits"].equal), (1, 1));
    }

    #[test]
    fn a_row_that_one_of_them_lacks_differs() {
        let matomo = json!([{"label": "a", "nb_visits": 3}, {"label": "b", "nb_visits": 1}]);
        let padoqe = json!([{"label": "a", "nb_visits": 3}, {"label": "c", "nb_visits": 2}]);
        let line = compared(Kind::Day, &matomo, &padoqe).remove("nb_visits").unwrap();
        assert_eq!((line.compared, line.equal), (3, 1));
        assert_eq!((line.matomo, line.padoqe), (4.0, 5.0));
        assert_eq!(line.examples[0].row, ["c"]);
        assert_eq!((line.examples[0].matomo, line.examples[0].padoqe), (None, Some(2.0)));
    }

    #[test]
    fn rows_beyond_the_limit_of_a_table_are_not_compared() {
        let matomo = json!([{"label": "a", "nb_visits": 3}, {"label": "Others", "nb_visits": 9}]);
        let padoqe = json!([{"label": "a", "nb_visits": 3}, {"label": "c", "nb_visits": 2}]);
        let line = compared(Kind::Day, &matomo, &padoqe).remove("nb_visits").unwrap();
        assert_eq!((line.compared, line.equal), (1, 1));
    }

    #[test]
    fn what_only_one_tells_counts_only_where_it_is_matomo() {
        let long = json!([{"label": "a", "nb_visits": 3, "sum_daily_nb_users": 1}]);
        let more = json!([{"label": "a", "nb_visits": 3, "nb_uniq_visitors": 2}]);
        let lines = compared(Kind::Week, &long, &more);
        assert_eq!(lines.keys().collect::<Vec<_>>(), ["nb_visits", "sum_daily_nb_users"]);
        // A Matomo that saw nothing all the time does not agree with a server that did.
        let lines = compared(Kind::Week, &json!([]), &more);
        assert_eq!((lines["nb_visits"].compared, lines["nb_visits"].equal), (1, 0));
    }

    #[test]
    fn the_largest_differences_are_kept() {
        let rows = |by: u64| -> Value {
            (0..20)
                .map(|it| json!({"label": format!("{it}"), "nb_visits": 100 + it * by}))
                .collect()
        };
        let line = compared(Kind::Day, &rows(1), &rows(2)).remove("nb_visits").unwrap();
        assert_eq!((line.compared, line.equal, line.examples.len()), (20, 1, EXAMPLES));
        assert_eq!(line.examples[0].row, ["19"]);
    }
}
