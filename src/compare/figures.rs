//! An answer as single figures: which row, which metric, how many.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// Numbers that name or describe a row and measure nothing.
const NO_FIGURES: [&str; 14] = [
    "label",
    "code",
    "day_of_week",
    "idgoal",
    "idsubdatatable",
    "idsubdatatable_in_db",
    "is_aggregate",
    "is_summary",
    "logoHeight",
    "logoWidth",
    "referer_type",
    "referrer_type",
    "segment",
    "url",
];

/// The row into which a server puts what is beyond its limit.
const OTHERS: &str = "Others";

/// A row is named by the labels on the way to it, a metric by its name.
pub(super) type Place = (Vec<String>, String);

/// One period's table.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Figures {
    pub(super) at: BTreeMap<Place, f64>,
    /// Tables that are cut: what is not in them is in their last row.
    pub(super) cut: BTreeSet<Vec<String>>,
}

impl Figures {
    /// The figures of a table, a record, or a number alone.
    pub(super) fn of(answer: &Value) -> Self {
        let mut figures = Self::default();
        figures.read(answer, &[]);
        figures
    }

    /// Whether a table on the way to the row is cut, so that the row may be in its last one.
    pub(super) fn may_be_cut(&self, row: &[String]) -> bool {
        (0..row.len()).any(|depth| self.cut.contains(row.get(..depth).unwrap_or_default()))
    }

    fn read(&mut self, answer: &Value, above: &[String]) {
        match answer {
            Value::Array(rows) => {
                let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
                for row in rows {
                    let Some(label) = row["label"].as_str() else {
                        // A record may come as a table of one row without a label.
                        self.fields(row, above, "");
                        continue;
                    };
                    if label == OTHERS {
                        self.cut.insert(above.to_vec());
                        continue;
                    }
                    let times = seen.entry(label).or_default();
                    *times += 1;
                    let name =
                        if *times == 1 { label.to_owned() } else { format!("{label} #{times}") };
                    let here = [above, &[name]].concat();
                    self.fields(row, &here, "");
                    if let Some(below) = row.get("subtable") {
                        self.read(below, &here);
                    }
                }
            }
            Value::Object(_) => self.fields(answer, above, ""),
            value => {
                if let Some(number) = number(value) {
                    self.at.insert((above.to_vec(), "value".to_owned()), number);
                }
            }
        }
    }

    fn fields(&mut self, row: &Value, at: &[String], before: &str) {
        for (name, value) in row.as_object().into_iter().flatten() {
            if NO_FIGURES.contains(&name.as_str()) || name == "subtable" {
                continue;
            }
            let name = format!("{before}{name}");
            if value.is_object() {
                // Figures of goals lie one deeper.
                self.fields(value, at, &format!("{name} "));
            } else if let Some(number) = number(value) {
                self.at.insert((at.to_vec(), name), number);
            }
        }
    }
}

/// A figure in whatever type it came; percentages as shares.
fn number(value: &Value) -> Option<f64> {
    let found = match value {
        Value::Number(number) => number.as_f64()?,
        Value::Bool(_) => return None,
        Value::String(text) => match text.trim().strip_suffix('%') {
            Some(percent) => percent.trim().parse::<f64>().ok()? / 100.0,
            None => text.trim().parse().ok()?,
        },
        _ => return None,
    };
    found.is_finite().then_some(found)
}

/// The tables of an answer over several periods, by key. An error says what came instead.
pub(super) fn by_period(answer: &Value) -> Result<BTreeMap<String, Figures>, String> {
    match answer {
        Value::Object(map) => {
            Ok(map.iter().map(|(key, table)| (key.clone(), Figures::of(table))).collect())
        }
        Value::Array(rows) if rows.is_empty() => Ok(BTreeMap::new()),
        _ => Err("the answer is no map of periods".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn listed(answer: &Value) -> Vec<String> {
        let figures = Figures::of(answer);
        figures
            .at
            .iter()
            .map(|((row, metric), number)| format!("{}:{metric}={number}", row.join(">")))
            .collect()
    }

    #[test]
    fn rows_are_named_by_their_labels() {
        let answer = json!([
            {"label": "a", "nb_visits": "3", "bounce_rate": "50%", "url": "7", "idsubdatatable": 9,
             "subtable": [{"label": "b", "nb_visits": 1}, {"label": "b", "nb_visits": 2}]},
            {"label": "c", "goals": {"idgoal=1": {"revenue": 4.5}}, "logo": "x.png", "flag": true},
        ]);
        assert_eq!(
            listed(&answer),
            [
                "a:bounce_rate=0.5",
                "a:nb_visits=3",
                "a>b:nb_visits=1",
                "a>b #2:nb_visits=2",
                "c:goals idgoal=1 revenue=4.5",
            ]
        );
    }

    #[test]
    fn records_and_numbers_are_rows_without_a_label() {
        assert_eq!(listed(&json!({"nb_visits": 2})), [":nb_visits=2"]);
        assert_eq!(listed(&json!([{"nb_visits": 2}])), [":nb_visits=2"]);
        assert_eq!(listed(&json!(5)), [":value=5"]);
        assert!(listed(&json!([])).is_empty() && listed(&json!(null)).is_empty());
    }

    #[test]
    fn the_row_of_the_others_says_that_its_table_is_cut() {
        let figures = Figures::of(&json!([
            {"label": "a", "nb_visits": 3, "subtable": [{"label": "Others", "nb_visits": 1}]},
        ]));
        let row = |labels: &[&str]| labels.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
        assert!(
            figures.may_be_cut(&row(&["a", "x"])) && figures.may_be_cut(&row(&["a", "x", "y"]))
        );
        assert!(!figures.may_be_cut(&row(&["a"])) && !figures.may_be_cut(&row(&["b"])));
        assert_eq!(figures.at.len(), 1);
    }

    #[test]
    fn answers_over_periods_are_maps() {
        let found = by_period(&json!({"2026-03-01": [], "2026-03-02": {"nb_visits": 1}})).unwrap();
        assert_eq!(found.len(), 2);
        assert!(by_period(&json!([])).unwrap().is_empty());
        assert!(by_period(&json!([{"label": "a"}])).is_err() && by_period(&json!(3)).is_err());
    }
}
