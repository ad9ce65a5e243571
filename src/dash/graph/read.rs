//! A processed report (`API.getProcessedReport`) → what its picture shows.

use serde_json::Value;

use super::{Graph, Shape, Wish};

/// Lines in one picture: more cannot be told apart.
const MOST_LINES: usize = 4;

/// Why there is no picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// One row at one time: nothing to compare.
    OneFigure,
    /// The report is empty, or has none of the metrics.
    NoData,
}

impl Graph {
    /// The picture of a report.
    ///
    /// # Errors
    /// It has nothing that could be drawn.
    pub fn of(report: &Value, wish: &Wish) -> Result<Self, Unreadable> {
        let has_rows = report["metadata"].get("dimension").is_some();
        let data = &report["reportData"];
        let metrics = metrics(report, wish).ok_or(Unreadable::NoData)?;
        let first = metrics.first().ok_or(Unreadable::NoData)?;
        let constant = report["metadata"].get("constantRowsCount").is_some();
        let (shape, slots, lines) = match data {
            Value::Object(periods) if has_rows => {
                let (slots, lines) = rows_over_time(periods, first, &wish.labels);
                (Shape::Evolution, slots, lines)
            }
            Value::Object(periods)
                if periods.values().all(|it| it.is_object() || it.is_array()) =>
            {
                let slots = periods.keys().cloned().collect();
                let line = |metric: &(String, String)| {
                    let values = periods.values().map(|it| figure(it, &metric.0)).collect();
                    (metric.1.clone(), values)
                };
                (Shape::Evolution, slots, metrics.iter().take(MOST_LINES).map(line).collect())
            }
            Value::Array(rows) if has_rows => {
                let usual = if constant { Shape::Columns } else { Shape::Rows };
                let shape = wish.shape.filter(|it| *it != Shape::Evolution).unwrap_or(usual);
                let slots = rows.iter().map(label).collect();
                let values = rows.iter().map(|row| figure(row, &first.0)).collect();
                (shape, slots, vec![(first.1.clone(), values)])
            }
            Value::Array(rows) if rows.is_empty() => return Err(Unreadable::NoData),
            _ => return Err(Unreadable::OneFigure),
        };
        let lines: Vec<(String, Vec<f64>)> = lines;
        if lines.iter().all(|(_, values)| values.iter().all(|value| *value <= 0.0)) {
            return Err(Unreadable::NoData);
        }
        Ok(Self::new(wish, shape, slots, lines))
    }
}

/// The metrics that are wished, by name and by what they are called; visits, or the first one of
/// the report, where none is.
fn metrics(report: &Value, wish: &Wish) -> Option<Vec<(String, String)>> {
    let columns = report["columns"].as_object()?;
    let named = |name: &str| Some((name.to_owned(), columns.get(name)?.as_str()?.to_owned()));
    let wished: Vec<_> = wish.columns.iter().filter_map(|name| named(name)).collect();
    if !wished.is_empty() {
        return Some(wished);
    }
    let first = || columns.keys().find(|name| *name != "label").and_then(|name| named(name));
    named("nb_visits").or_else(first).map(|it| vec![it])
}

/// The rows with the largest sums, or those that are named, each with a figure for each period.
fn rows_over_time(
    periods: &serde_json::Map<String, Value>,
    metric: &(String, String),
    wished: &[String],
) -> (Vec<String>, Vec<(String, Vec<f64>)>) {
    let mut lines: Vec<(String, Vec<f64>)> = Vec::new();
    for (at, rows) in periods.values().enumerate() {
        for row in rows.as_array().into_iter().flatten() {
            let name = label(row);
            if !wished.is_empty() && !wished.iter().any(|it| it.trim() == name) {
                continue;
            }
            let place = lines.iter().position(|(known, _)| *known == name).unwrap_or_else(|| {
                lines.push((name, vec![0.0; periods.len()]));
                lines.len() - 1
            });
            let line = lines.get_mut(place).and_then(|(_, values)| values.get_mut(at));
            line.into_iter().for_each(|it| *it += figure(row, &metric.0));
        }
    }
    let sum = |values: &[f64]| values.iter().sum::<f64>();
    lines.sort_by(|(_, a), (_, b)| sum(b).total_cmp(&sum(a)));
    lines.truncate(MOST_LINES);
    (periods.keys().cloned().collect(), lines)
}

fn label(row: &Value) -> String {
    row["label"].as_str().unwrap_or_default().trim().to_owned()
}

fn figure(row: &Value, metric: &str) -> f64 {
    let value = &row[metric];
    let found = value.as_f64().or_else(|| value.as_str()?.trim_end_matches('%').parse().ok());
    found.filter(|it| it.is_finite()).unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn report(dimension: bool, data: Value) -> Value {
        let metadata = if dimension { json!({"dimension": "Page"}) } else { json!({}) };
        json!({
            "metadata": metadata,
            "columns": {"label": "Page", "nb_hits": "Hits", "nb_visits": "Visits"},
            "reportData": data,
        })
    }

    #[test]
    fn rows_are_bars_of_visits() {
        let rows = json!([{"label": " a", "nb_visits": 3}, {"label": "b", "nb_visits": "1"}]);
        let graph = Graph::of(&report(true, rows.clone()), &Wish::default()).unwrap();
        assert_eq!((graph.shape, graph.slots.join(" ")), (Shape::Rows, "a b".to_owned()));
        assert_eq!(graph.lines, [("Visits".to_owned(), vec![3.0, 1.0])]);
        let pie = Wish { shape: Some(Shape::Pie), ..Wish::default() };
        assert_eq!(Graph::of(&report(true, rows), &pie).unwrap().shape, Shape::Pie);
    }

    #[test]
    fn periods_are_lines() {
        let days = json!({"Monday": {"nb_visits": 3, "nb_hits": 9}, "Tuesday": []});
        let wish = Wish { columns: vec!["nb_hits".into(), "nb_visits".into()], ..Wish::default() };
        let graph = Graph::of(&report(false, days), &wish).unwrap();
        assert_eq!(graph.shape, Shape::Evolution);
        let wanted = [("Hits".to_owned(), vec![9.0, 0.0]), ("Visits".to_owned(), vec![3.0, 0.0])];
        assert_eq!(graph.lines, wanted);
        let rows = |a: u32, b: u32| json!([{"label": "a", "nb_visits": a}, {"label": "b", "nb_visits": b}]);
        let days = json!({"Monday": rows(1, 5), "Tuesday": [], "Wednesday": rows(2, 0)});
        let graph = Graph::of(&report(true, days.clone()), &Wish::default()).unwrap();
        let wanted = [("b".to_owned(), vec![5.0, 0.0, 0.0]), ("a".to_owned(), vec![1.0, 0.0, 2.0])];
        assert_eq!(graph.lines, wanted);
        let wish = Wish { labels: vec!["a".into()], ..Wish::default() };
        assert_eq!(Graph::of(&report(true, days), &wish).unwrap().lines.len(), 1);
    }

    #[test]
    fn what_has_nothing_to_draw_says_so() {
        let why =
            |dimension, data| Graph::of(&report(dimension, data), &Wish::default()).unwrap_err();
        assert_eq!(why(false, json!({"nb_visits": 3})), Unreadable::OneFigure);
        assert_eq!(why(true, json!([])), Unreadable::NoData);
        assert_eq!(why(true, json!([{"label": "a", "nb_visits": 0}])), Unreadable::NoData);
        assert_eq!(Graph::of(&json!({}), &Wish::default()).unwrap_err(), Unreadable::NoData);
    }
}
