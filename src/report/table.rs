//! Ordered rows of named cells: what a report is before it is printed.

use std::{borrow::Cow, sync::Arc};

use super::{labels::encode, value::Value};

/// The name of a column.
pub type Name = Cow<'static, str>;

/// Named cells in order.
pub type Fields = Vec<(Name, Cell)>;

/// One value of a row. Units matter only to `format_metrics`.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Null,
    Count(i64),
    Number(f64),
    /// A quotient shown as a percentage.
    Share(f64),
    /// Seconds, pretty as `00:03:12`.
    Clock(f64),
    /// Seconds, pretty as `3 min 12s`.
    Time(f64),
    /// In the currency of the site.
    Money(f64),
    Text(Arc<str>),
    /// The segment of a page: the condition, and the address that is encoded twice behind it, once
    /// for the segment and once for its value. Written out only where it is printed.
    Segment(Box<(&'static str, Arc<str>)>),
    /// Figures per goal: `idgoal=1` and so on.
    Nested(Vec<(Name, Fields)>),
}

impl Cell {
    pub fn text(text: &str) -> Self {
        Self::Text(text.into())
    }

    /// The segment of all that has that address.
    pub(super) fn segment(condition: &'static str, address: Arc<str>) -> Self {
        Self::Segment(Box::new((condition, address)))
    }

    /// The number in it, if it is one.
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Count(count) => Some(count_as_number(*count)),
            Self::Number(number)
            | Self::Share(number)
            | Self::Clock(number)
            | Self::Time(number)
            | Self::Money(number) => Some(*number),
            Self::Null | Self::Text(_) | Self::Segment(..) | Self::Nested(_) => None,
        }
    }

    /// The cell as one printed word; nothing for nested figures.
    pub fn print(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Null => Some(Cow::Borrowed("")),
            Self::Count(count) => Some(Cow::Owned(count.to_string())),
            Self::Text(text) => Some(Cow::Borrowed(text)),
            Self::Segment(segment) => {
                let (condition, text) = segment.as_ref();
                Some(Cow::Owned(format!("{condition}{}", encode(&encode(text)))))
            }
            Self::Nested(_) => None,
            _ => self.number().map(|number| Cow::Owned(print_number(number))),
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "figures stay far below 2^53")]
pub(super) fn count_as_number(count: i64) -> f64 {
    count as f64
}

/// A number the shortest way: 4, 2.5, never 4.0.
pub(super) fn print_number(number: f64) -> String {
    if number.is_finite() { format!("{}", number + 0.0) } else { "0".to_owned() }
}

/// One row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// What the row is about, as it is sorted and searched; the one row of an overview has none.
    pub label: Option<String>,
    /// What is shown in place of the label, if not the label itself.
    pub shown: Option<String>,
    pub columns: Fields,
    pub metadata: Fields,
    pub below: Option<Below>,
}

/// The rows a row is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct Below {
    /// What `idSubtable` asks for. The same in every answer about the same row.
    pub id: i64,
    pub table: Table,
}

impl Record {
    pub fn new(label: impl Into<String>, columns: Fields) -> Self {
        Self { label: Some(label.into()), columns, ..Self::default() }
    }

    /// A column's cell.
    pub fn get(&self, name: &str) -> Option<&Cell> {
        find(&self.columns, name)
    }

    /// A column's number, 0 when the row has none.
    pub fn number(&self, name: &str) -> f64 {
        self.get(name).and_then(Cell::number).unwrap_or_default()
    }

    /// A metadata cell.
    pub fn about(&self, name: &str) -> Option<&Cell> {
        find(&self.metadata, name)
    }

    pub fn push(&mut self, name: impl Into<Name>, cell: Cell) {
        self.columns.push((name.into(), cell));
    }

    /// Adds something told about the row.
    pub fn tell(&mut self, name: impl Into<Name>, cell: Cell) {
        self.metadata.push((name.into(), cell));
    }

    /// The label as it is printed.
    pub fn caption(&self) -> Option<&str> {
        self.shown.as_deref().or(self.label.as_deref())
    }
}

fn find<'a>(fields: &'a Fields, name: &str) -> Option<&'a Cell> {
    fields.iter().find(|(it, _)| it == name).map(|(_, cell)| cell)
}

/// What a table is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// Rows with labels.
    #[default]
    Rows,
    /// One row without a label.
    Overview,
    /// One number.
    Number,
}

/// A report of one site and one period.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    pub form: Form,
    pub rows: Vec<Record>,
}

impl Table {
    pub fn of(rows: Vec<Record>) -> Self {
        Self { form: Form::Rows, rows }
    }

    /// One row without a label.
    pub fn overview(columns: Fields) -> Self {
        let row = Record { columns, ..Record::default() };
        Self { form: Form::Overview, rows: vec![row] }
    }

    /// Whether it is one number and nothing else.
    pub(super) fn is_number(&self) -> bool {
        self.form != Form::Rows && self.rows.first().is_some_and(|row| row.columns.len() == 1)
    }

    /// The row with that label.
    pub fn row(&self, label: &str) -> Option<&Record> {
        self.rows.iter().find(|row| row.caption() == Some(label))
    }

    /// The table under the row whose subtable has that id, at any depth.
    pub fn below(self, id: i64) -> Option<Self> {
        for below in self.rows.into_iter().filter_map(|row| row.below) {
            if below.id == id {
                return Some(below.table);
            }
            if let Some(found) = below.table.below(id) {
                return Some(found);
            }
        }
        None
    }
}

/// What an answer is keyed by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    Date,
    Site,
}

impl Key {
    pub fn name(self) -> &'static str {
        match self {
            Self::Date => "date",
            Self::Site => "idSite",
        }
    }
}

/// A whole answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    Table(Table),
    Map(Key, Vec<(String, Answer)>),
    Value(Value),
}

impl Answer {
    /// The one table of an answer that is no map.
    pub fn table(self) -> Option<Table> {
        match self {
            Self::Table(table) => Some(table),
            Self::Map(..) | Self::Value(_) => None,
        }
    }

    /// Every table of the answer, each with the keys that lead to it.
    pub fn tables(&self) -> Vec<(Vec<&str>, &Table)> {
        match self {
            Self::Table(table) => vec![(Vec::new(), table)],
            Self::Value(_) => Vec::new(),
            Self::Map(_, entries) => {
                let mut found = Vec::new();
                for (key, entry) in entries {
                    for (mut path, table) in entry.tables() {
                        path.insert(0, key.as_str());
                        found.push((path, table));
                    }
                }
                found
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_of_pages_are_encoded_twice() {
        let segment = Cell::segment("pageUrl==", "https://www.quiziniere.com/a b".into());
        assert_eq!(
            segment.print().as_deref(),
            Some("pageUrl==https%253A%252F%252Fwww.quiziniere.com%252Fa%2Bb")
        );
    }

    #[test]
    fn numbers_print_the_shortest_way() {
        for (number, want) in [
            (4.0, "4"),
            (2.5, "2.5"),
            (0.333, "0.333"),
            (-0.0, "0"),
            (f64::NAN, "0"),
            (1e15, "1000000000000000"),
        ] {
            assert_eq!(print_number(number), want);
        }
    }
}
