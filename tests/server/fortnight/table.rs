//! What a table should be, and whether an answer is that table: every row, every figure, no other.

use serde_json::Value;

/// A figure.
#[derive(Clone, Debug)]
pub(crate) enum Want {
    Count(usize),
    /// A quotient, rounded to so many places; 0 where there is nothing to divide by.
    Quotient(f64, f64, i32),
    /// Within so much of it.
    Near(f64, f64),
    Text(String),
    /// Nobody can tell.
    Nothing,
}

/// A row: by which name it is found, its figures, the rows under it.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) name: (&'static str, String),
    pub(crate) figures: Vec<(&'static str, Want)>,
    pub(crate) under: Vec<Node>,
}

/// What is told about a row beside its figures.
const TOLD: [&str; 21] = [
    "label",
    "feature",
    "with",
    "group",
    "owner",
    "released",
    "compared_at",
    "first_day",
    "last_day",
    "school_week",
    "rules_changed",
    "notes",
    "hour",
    "day_of_week",
    "idsubdatatable",
    "subtable",
    "idFunnel",
    "funnel",
    "since",
    "optional",
    "step",
];

#[expect(clippy::cast_precision_loss, reason = "counts of a small fortnight")]
pub(crate) fn number(n: usize) -> f64 {
    n as f64
}

pub(crate) fn share(part: usize, whole: usize) -> Want {
    Want::Quotient(number(part), number(whole), 4)
}

pub(crate) fn average(sum: usize, count: usize) -> Want {
    Want::Quotient(number(sum), number(count), 2)
}

impl Node {
    pub(crate) fn new(label: &str, figures: Vec<(&'static str, Want)>) -> Self {
        Self { name: ("label", label.to_owned()), figures, under: Vec::new() }
    }

    pub(crate) fn over(self, under: Vec<Self>) -> Self {
        Self { under, ..self }
    }
}

fn is(got: &Value, want: &Want) -> bool {
    let near = |want: f64, by: f64| got.as_f64().is_some_and(|got| (got - want).abs() <= by + 1e-9);
    match want {
        Want::Count(n) => near(number(*n), 0.0),
        Want::Quotient(_, whole, _) if *whole == 0.0 => near(0.0, 0.0),
        Want::Quotient(part, whole, places) => near(part / whole, 0.5 / 10_f64.powi(*places)),
        Want::Near(want, by) => near(*want, *by),
        Want::Text(text) => got.as_str() == Some(text.as_str()),
        Want::Nothing => got.is_null() || got == false,
    }
}

/// Compares an answer with what it should be; how many figures were looked at.
pub(crate) fn compare(answer: &Value, nodes: &[Node], what: &str) -> usize {
    let rows = answer.as_array().unwrap_or_else(|| panic!("{what}: {answer}"));
    let names: Vec<_> = nodes.iter().map(|node| &node.name.1).collect();
    assert_eq!(rows.len(), nodes.len(), "{what}: rows are {answer}, not {names:?}");
    let mut seen = 0;
    for node in nodes {
        let (by, name) = &node.name;
        let what = format!("{what} › {name}");
        let mut found = rows.iter().filter(|row| row[*by] == name.as_str());
        let row = found.next().unwrap_or_else(|| panic!("{what} is not in {answer}"));
        assert!(found.next().is_none(), "{what} is there twice: {answer}");
        for (column, want) in &node.figures {
            let got = row.get(column).unwrap_or(&Value::Null);
            assert!(is(got, want), "{what}: {column} is {got}, not {want:?}: {row}");
            seen += 1;
        }
        for column in row.as_object().unwrap().keys() {
            let is_wanted = node.figures.iter().any(|(it, _)| it == column);
            let is_told = TOLD.contains(&column.as_str());
            assert!(is_wanted || is_told, "{what}: nobody counted {column}: {row}");
        }
        let none = Value::Array(Vec::new());
        seen += compare(row.get("subtable").unwrap_or(&none), &node.under, &what);
    }
    seen
}
