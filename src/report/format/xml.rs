//! XML as Matomo writes it: a row per row, a tag per column.

use crate::report::{
    table::{Answer, Cell, Form, Record, Table, print_number},
    value::Value,
};

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"utf-8\" ?>\n";

/// A whole answer. `ids` says whether subtables are named.
pub(super) fn answer(answer: &Answer, ids: bool) -> String {
    let mut writer = Writer { out: HEAD.to_owned(), depth: 0, ids };
    match answer {
        Answer::Table(only) => writer.table("result", only),
        Answer::Map(..) => writer.map("results", answer),
        Answer::Value(only) => return value(only),
    }
    writer.finish()
}

/// `error` or `success` with what there is to say.
pub(super) fn message(kind: &str, text: &str) -> String {
    format!("{HEAD}<result>\n\t<{kind} message=\"{}\" />\n</result>", escape(text))
}

/// A value of a management method.
pub(super) fn value(value: &Value) -> String {
    let mut writer = Writer { out: HEAD.to_owned(), depth: 0, ids: true };
    let is_flat = |fields: &[(String, Value)]| {
        fields.len() > 1 && fields.iter().all(|(_, value)| value.is_scalar())
    };
    match value {
        Value::Object(fields) if is_flat(fields) => {
            writer.open("result");
            writer.value("row", value);
            writer.close("result");
        }
        _ => writer.value("result", value),
    }
    writer.finish()
}

struct Writer {
    out: String,
    depth: usize,
    ids: bool,
}

impl Writer {
    fn line(&mut self, line: &str) {
        self.out.extend(std::iter::repeat_n('\t', self.depth));
        self.out.push_str(line);
        self.out.push('\n');
    }

    /// Opens a tag; what it holds stands deeper.
    fn open(&mut self, tag: &str) {
        self.line(&format!("<{tag}>"));
        self.depth += 1;
    }

    /// Closes a tag, whose attributes are not repeated.
    fn close(&mut self, tag: &str) {
        self.depth -= 1;
        self.line(&format!("</{}>", name_of(tag)));
    }

    fn leaf(&mut self, tag: &str, text: &str) {
        if text.is_empty() {
            self.line(&format!("<{tag} />"));
        } else {
            self.line(&format!("<{tag}>{}</{}>", escape(text), name_of(tag)));
        }
    }

    fn finish(mut self) -> String {
        self.out.truncate(self.out.trim_end().len());
        self.out
    }

    fn map(&mut self, tag: &str, answer: &Answer) {
        let Answer::Map(key, entries) = answer else { return };
        if entries.is_empty() {
            return self.leaf(tag, "");
        }
        self.open(tag);
        for (name, entry) in entries {
            let tag = format!("result {}=\"{}\"", key.name(), escape(name));
            match entry {
                Answer::Table(table) => self.table(&tag, table),
                Answer::Map(..) => self.map(&tag, entry),
                Answer::Value(value) => self.value(&tag, value),
            }
        }
        self.close(tag);
    }

    fn table(&mut self, tag: &str, table: &Table) {
        match (table.form, table.rows.as_slice()) {
            (_, []) => self.leaf(tag, ""),
            (Form::Overview | Form::Number, [row, ..]) => match row.columns.as_slice() {
                [(_, only)] => self.cell(tag, only),
                _ => self.record(tag, row),
            },
            (Form::Rows, rows) => {
                self.open(tag);
                rows.iter().for_each(|row| self.record("row", row));
                self.close(tag);
            }
        }
    }

    fn record(&mut self, tag: &str, row: &Record) {
        self.open(tag);
        if let Some(caption) = row.caption() {
            self.leaf("label", caption);
        }
        // Names that are no tags are those of a table that was turned around.
        let turned = row.columns.iter().any(|(name, _)| !is_tag(name));
        for (name, cell) in &row.columns {
            match turned {
                true => self.cell(&format!("col name=\"{}\"", escape(name)), cell),
                false => self.cell(&tag_of(name), cell),
            }
        }
        for (name, cell) in &row.metadata {
            self.cell(&tag_of(name), cell);
        }
        if let Some(below) = &row.below {
            if self.ids {
                self.leaf("idsubdatatable", &below.id.to_string());
            }
            if !below.table.rows.is_empty() {
                self.table("subtable", &below.table);
            }
        }
        self.close(tag);
    }

    fn cell(&mut self, tag: &str, cell: &Cell) {
        let Cell::Nested(groups) = cell else {
            return self.leaf(tag, &cell.print().unwrap_or_default());
        };
        self.open(tag);
        for (name, fields) in groups {
            let row = match name.split_once('=') {
                Some((key, value)) => format!("row {key}='{}'", escape(value)),
                None => tag_of(name),
            };
            self.open(&row);
            fields.iter().for_each(|(name, cell)| self.cell(&tag_of(name), cell));
            self.close(&row);
        }
        self.close(tag);
    }

    fn value(&mut self, tag: &str, value: &Value) {
        match value {
            Value::Null => self.leaf(tag, ""),
            Value::Bool(truth) => self.leaf(tag, if *truth { "1" } else { "0" }),
            Value::Integer(number) => self.leaf(tag, &number.to_string()),
            Value::Number(number) => self.leaf(tag, &print_number(*number)),
            Value::Text(text) => self.leaf(tag, text),
            Value::List(items) if !items.is_empty() => {
                self.open(tag);
                items.iter().for_each(|item| self.value("row", item));
                self.close(tag);
            }
            Value::Object(fields) if !fields.is_empty() => {
                self.open(tag);
                fields.iter().for_each(|(name, value)| self.value(&tag_of(name), value));
                self.close(tag);
            }
            Value::List(_) | Value::Object(_) => self.leaf(tag, ""),
        }
    }
}

/// The name of a tag without its attributes.
fn name_of(tag: &str) -> &str {
    tag.split(' ').next().unwrap_or(tag)
}

fn is_tag(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c))
}

/// A name as a tag; one that cannot be is the attribute of a row.
fn tag_of(name: &str) -> String {
    match name.split_once('=') {
        _ if is_tag(name) => name.to_owned(),
        Some((key, value)) if tag_of(key) == key => format!("row {key}=\"{}\"", escape(value)),
        _ => format!("row key=\"{}\"", escape(name)),
    }
}

/// Text between tags or in an attribute. Characters that XML has no way to write are left out.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(c),
            '\0'..' ' | '\u{fffe}' | '\u{ffff}' => {}
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::table::Key;

    fn body(text: &str) -> String {
        text.strip_prefix(HEAD).unwrap().to_owned()
    }

    #[test]
    fn values_are_rows() {
        let site = Value::object([("idsite", Value::from(1_i64)), ("name", Value::from("A & B"))]);
        for (it, want) in [
            (Value::from(5_i64), "<result>5</result>"),
            (Value::List(Vec::new()), "<result />"),
            (
                [1_i64, 2].into_iter().collect(),
                "<result>\n\t<row>1</row>\n\t<row>2</row>\n</result>",
            ),
            (
                site.clone(),
                "<result>\n\t<row>\n\t\t<idsite>1</idsite>\n\t\t<name>A &amp; B</name>\n\t</row>\n</result>",
            ),
            (
                Value::object([("1", site)]),
                "<result>\n\t<row key=\"1\">\n\t\t<idsite>1</idsite>\n\t\t<name>A &amp; B</name>\n\t</row>\n</result>",
            ),
        ] {
            assert_eq!(body(&value(&it)), want);
        }
    }

    #[test]
    fn a_map_names_its_keys() {
        let day = |visits| {
            Answer::Table(Table::overview(vec![
                ("nb_visits".into(), Cell::Count(visits)),
                ("nb_actions".into(), Cell::Count(0)),
            ]))
        };
        let empty = Answer::Table(Table::default());
        let map =
            Answer::Map(Key::Date, vec![("2010-01".into(), day(2)), ("2010-02".into(), empty)]);
        assert_eq!(
            body(&answer(&map, true)),
            "<results>\n\t<result date=\"2010-01\">\n\t\t<nb_visits>2</nb_visits>\n\t\t<nb_actions>0</nb_actions>\n\t</result>\n\t<result date=\"2010-02\" />\n</results>"
        );
    }

    #[test]
    fn goals_are_rows_with_an_attribute() {
        let goals = vec![("idgoal=1".into(), vec![("revenue".into(), Cell::Money(2.0))])];
        let mut row = Record::new("a\u{1}<b>", vec![("goals".into(), Cell::Nested(goals))]);
        row.tell("url", Cell::text(""));
        let text = body(&answer(&Answer::Table(Table::of(vec![row])), true));
        assert!(text.contains(
            "<goals>\n\t\t\t<row idgoal='1'>\n\t\t\t\t<revenue>2</revenue>\n\t\t\t</row>"
        ));
        assert!(text.contains("<label>a&lt;b&gt;</label>") && text.contains("<url />"));
    }
}
