//! JSON as PHP writes it: `/` and everything beyond ASCII escaped, 4.0 as 4.

use std::fmt::Write;

use super::Rendered;
use crate::report::{
    params::Params,
    table::{Answer, Cell, Fields, Form, Record, Table, print_number},
    value::Value,
};

const JSON: &str = "application/json; charset=utf-8";
const SCRIPT: &str = "application/javascript; charset=utf-8";

/// A body, wrapped into a call where one was asked for.
pub(super) fn rendered(json: String, params: &Params) -> Rendered {
    let callback = params.get("callback").or_else(|| params.get("jsoncallback"));
    let is_name = |name: &&str| name.chars().all(|c| c.is_ascii_alphanumeric() || "_.".contains(c));
    match callback.filter(is_name) {
        Some(callback) => Rendered::new(SCRIPT, format!("{callback}({json})")),
        None => Rendered::new(JSON, json),
    }
}

/// A whole answer. `ids` says whether subtables are named.
pub(super) fn answer(answer: &Answer, ids: bool) -> String {
    let mut out = String::new();
    match answer {
        Answer::Table(only) if only.is_number() => {
            out.push_str("{\"value\":");
            table(&mut out, only, ids);
            out.push('}');
        }
        _ => nested(&mut out, answer, ids),
    }
    out
}

fn nested(out: &mut String, answer: &Answer, ids: bool) {
    match answer {
        Answer::Table(only) => table(out, only, ids),
        Answer::Value(only) => self::inner(out, only),
        Answer::Map(_, entries) if entries.is_empty() => out.push_str("[]"),
        Answer::Map(_, entries) => {
            let mut object = Object::open(out);
            for (key, entry) in entries {
                nested(object.field(key), entry, ids);
            }
            object.close();
        }
    }
}

fn table(out: &mut String, table: &Table, ids: bool) {
    match (table.form, table.rows.as_slice()) {
        (_, []) => out.push_str("[]"),
        (Form::Overview | Form::Number, [row, ..]) => match row.columns.as_slice() {
            [(_, only)] => cell(out, only),
            _ => record(out, row, ids),
        },
        (Form::Rows, rows) => {
            for (at, row) in rows.iter().enumerate() {
                out.push(if at == 0 { '[' } else { ',' });
                record(out, row, ids);
            }
            out.push(']');
        }
    }
}

fn record(out: &mut String, row: &Record, ids: bool) {
    let mut object = Object::open(out);
    if let Some(caption) = row.caption() {
        text(object.field("label"), caption);
    }
    for (name, it) in row.columns.iter().chain(&row.metadata) {
        cell(object.field(name), it);
    }
    if let Some(below) = &row.below {
        if ids {
            object.field("idsubdatatable").push_str(&below.id.to_string());
        }
        if !below.table.rows.is_empty() {
            table(object.field("subtable"), &below.table, ids);
        }
    }
    object.close();
}

fn cell(out: &mut String, cell: &Cell) {
    match cell {
        Cell::Null => out.push_str("null"),
        Cell::Text(it) => text(out, it),
        Cell::Segment(..) => text(out, &cell.print().unwrap_or_default()),
        Cell::Nested(groups) => {
            let mut object = Object::open(out);
            for (name, it) in groups {
                fields(object.field(name), it);
            }
            object.close();
        }
        _ => out.push_str(&cell.print().unwrap_or_default()),
    }
}

fn fields(out: &mut String, fields: &Fields) {
    let mut object = Object::open(out);
    for (name, it) in fields {
        cell(object.field(name), it);
    }
    object.close();
}

/// A value of a management method; what is no list and no object stands in one.
pub(super) fn value(value: &Value) -> String {
    let mut out = String::new();
    if value.is_scalar() {
        let mut object = Object::open(&mut out);
        inner(object.field("value"), value);
        object.close();
    } else {
        inner(&mut out, value);
    }
    out
}

fn inner(out: &mut String, value: &Value) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Value::Integer(number) => out.push_str(&number.to_string()),
        Value::Number(number) => out.push_str(&print_number(*number)),
        Value::Text(it) => text(out, it),
        Value::Object(fields) if !fields.is_empty() => {
            let mut object = Object::open(out);
            for (name, it) in fields {
                inner(object.field(name), it);
            }
            object.close();
        }
        Value::List(items) if !items.is_empty() => {
            for (at, item) in items.iter().enumerate() {
                out.push(if at == 0 { '[' } else { ',' });
                inner(out, item);
            }
            out.push(']');
        }
        Value::List(_) | Value::Object(_) => out.push_str("[]"),
    }
}

/// An object that is being written.
struct Object<'a> {
    out: &'a mut String,
    is_empty: bool,
}

impl<'a> Object<'a> {
    fn open(out: &'a mut String) -> Self {
        out.push('{');
        Self { out, is_empty: true }
    }

    /// Writes a name; its value is to follow.
    fn field(&mut self, name: &str) -> &mut String {
        if !std::mem::take(&mut self.is_empty) {
            self.out.push(',');
        }
        text(self.out, name);
        self.out.push(':');
        self.out
    }

    fn close(self) {
        self.out.push('}');
    }
}

fn text(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '/' => out.push_str("\\/"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            ' '..='~' => out.push(c),
            _ => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    // Writing into a string cannot fail.
                    let _written = write!(out, "\\u{unit:04x}");
                }
            }
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn values_are_wrapped_where_they_stand_alone() {
        for (it, want) in [
            (Value::from("5.2.0"), r#"{"value":"5.2.0"}"#),
            (Value::from(true), r#"{"value":true}"#),
            (Value::from(2_i64), r#"{"value":2}"#),
            (Value::List(Vec::new()), "[]"),
            ([1_i64, 2].into_iter().collect(), "[1,2]"),
            (Value::object([("idsite", 1_i64)].map(|(k, v)| (k, v.into()))), r#"{"idsite":1}"#),
        ] {
            assert_eq!(value(&it), want);
        }
    }

    #[test]
    fn a_callback_must_be_a_name() {
        let params = |name: &str| Params::new([("callback".to_owned(), name.to_owned())]);
        assert_eq!(rendered("1".into(), &params("a.b_1")).body, b"a.b_1(1)");
        assert_eq!(rendered("1".into(), &params("alert(1)//")).body, b"1");
    }

    proptest! {
        #[test]
        fn any_text_is_read_back(it in "\\PC*|[\\x00-\\x7f😀é]*") {
            let mut out = String::new();
            text(&mut out, &it);
            prop_assert!(out.is_ascii());
            prop_assert_eq!(serde_json::from_str::<String>(&out).unwrap(), it);
        }
    }
}
