//! Comma and tab separated values, as spreadsheets want them.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::Rendered;
use crate::report::{
    labels::{self, Language},
    params::Params,
    table::{Answer, Cell, Fields, Record, Table, print_number},
    value::Value,
};

pub(super) const CONTENT_TYPE: &str = "application/vnd.ms-excel";

/// Rows of named texts; the header is every name in the order it first appears.
pub(super) type Lines = Vec<Vec<(String, String)>>;

/// A file to be saved.
pub(super) fn rendered(lines: Lines, separator: char, params: &Params) -> Rendered {
    let text = print(&named(lines, params), separator);
    let body = if params.raw("convertToUnicode") == Some("0") {
        text.into_bytes()
    } else {
        let units = std::iter::once(0xfeff).chain(text.encode_utf16());
        units.flat_map(u16::to_le_bytes).collect()
    };
    let method = params.get("method").unwrap_or_default();
    let date = params.get("date").unwrap_or_default();
    let name = format!("Export _ {method} _ {date}.csv");
    let name = utf8_percent_encode(&name, NON_ALPHANUMERIC);
    Rendered {
        status: 200,
        content_type: CONTENT_TYPE,
        disposition: Some(format!("attachment; filename*=UTF-8''{name}")),
        body,
    }
}

/// Columns under the names people read, where the question wants them.
pub(super) fn named(mut lines: Lines, params: &Params) -> Lines {
    if params.is_on("translateColumnNames") {
        let language = Language::parse(params.get("language").unwrap_or_default());
        for (name, _) in lines.iter_mut().flatten() {
            let known = labels::metric(name, language).map(str::to_owned);
            let about = || Some(format!("Metadata: {}", name.strip_prefix("metadata_")?));
            if let Some(shown) = known.or_else(about) {
                *name = shown;
            }
        }
    }
    lines
}

fn print(lines: &Lines, separator: char) -> String {
    if lines.is_empty() {
        return "No data available".to_owned();
    }
    let header = header(lines);
    let quoted = |text: &str| quote(text, separator);
    let join = |cells: Vec<String>| cells.join(&separator.to_string());
    let mut out = vec![join(header.iter().map(|name| quoted(name)).collect())];
    for line in lines {
        let cell = |name: &&str| {
            let found = line.iter().find(|(it, _)| it == name);
            quoted(found.map_or("", |(_, text)| text))
        };
        out.push(join(header.iter().map(cell).collect()));
    }
    out.join("\n")
}

/// Every name, in the order of its first appearance.
pub(super) fn header(lines: &Lines) -> Vec<&str> {
    let mut header: Vec<&str> = Vec::new();
    for (name, _) in lines.iter().flatten() {
        if !header.contains(&name.as_str()) {
            header.push(name);
        }
    }
    header
}

fn quote(text: &str, separator: char) -> String {
    let text = text.replace('\t', " ");
    if text.contains(['"', ',', ';', separator, '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

/// A text that a spreadsheet would take for a formula is marked as text.
fn guard(text: &str) -> String {
    let starts = text.strip_prefix('%').unwrap_or(text).starts_with(['=', '+', '-', '@']);
    if starts { format!("'{text}") } else { text.to_owned() }
}

/// The lines of an answer, each led by the keys of its table.
pub(super) fn answer(answer: &Answer) -> Lines {
    let mut lines = Lines::new();
    collect(answer, &mut Vec::new(), &mut lines);
    lines
}

fn collect(answer: &Answer, keys: &mut Vec<(String, String)>, lines: &mut Lines) {
    match answer {
        Answer::Value(only) => lines.extend(value(only)),
        Answer::Table(only) => {
            let rows = table(only).into_iter();
            lines.extend(rows.map(|line| keys.iter().cloned().chain(line).collect()));
        }
        Answer::Map(key, entries) => {
            for (name, entry) in entries {
                keys.push((key.name().to_owned(), name.clone()));
                collect(entry, keys, lines);
                keys.pop();
            }
        }
    }
}

fn table(table: &Table) -> Lines {
    if table.is_number() {
        let cells = table.rows.iter().filter_map(|row| row.columns.first());
        return cells.map(|(_, cell)| vec![("value".to_owned(), text(cell))]).collect();
    }
    // Rows under rows stay out: a reader who adds a column up must not count twice.
    table.rows.iter().map(record).collect()
}

fn record(row: &Record) -> Vec<(String, String)> {
    let label = row.caption().map(|caption| ("label".to_owned(), guard(caption)));
    let mut line: Vec<(String, String)> = label.into_iter().collect();
    add(&mut line, "", &row.columns);
    for (name, cell) in &row.metadata {
        line.push((format!("metadata_{name}"), text(cell)));
    }
    line
}

/// Nested figures are columns with long names.
fn add(line: &mut Vec<(String, String)>, prefix: &str, fields: &Fields) {
    for (name, cell) in fields {
        match cell {
            Cell::Nested(groups) => {
                for (group, fields) in groups {
                    add(line, &format!("{prefix}{name}_{group}_"), fields);
                }
            }
            _ => line.push((format!("{prefix}{name}"), text(cell))),
        }
    }
}

fn text(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => guard(text),
        _ => cell.print().unwrap_or_default().into_owned(),
    }
}

/// The lines of a value of a management method.
pub(super) fn value(value: &Value) -> Lines {
    match value {
        Value::List(items) => items.iter().map(line).collect(),
        Value::Object(fields) if fields.is_empty() => Lines::new(),
        // Objects by number are rows like those of a list.
        Value::Object(fields) if fields.iter().all(|(_, value)| !value.is_scalar()) => {
            fields.iter().map(|(_, value)| line(value)).collect()
        }
        _ => vec![line(value)],
    }
}

fn line(value: &Value) -> Vec<(String, String)> {
    let mut cells = Vec::new();
    flatten("value", value, &mut cells);
    cells
}

fn flatten(name: &str, value: &Value, cells: &mut Vec<(String, String)>) {
    let under = |key: &str| if name == "value" { key.to_owned() } else { format!("{name}_{key}") };
    let text = match value {
        Value::Object(fields) => {
            return fields.iter().for_each(|(key, value)| flatten(&under(key), value, cells));
        }
        Value::List(items) => {
            let numbered = items.iter().enumerate();
            return numbered.for_each(|(at, it)| flatten(&under(&at.to_string()), it, cells));
        }
        Value::Null => String::new(),
        Value::Bool(truth) => i64::from(*truth).to_string(),
        Value::Integer(number) => number.to_string(),
        Value::Number(number) => print_number(*number),
        Value::Text(text) => guard(text),
    };
    cells.push((name.to_owned(), text));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_formulas_disarmed() {
        for (text, want) in [
            ("a", "a"),
            ("a,b", "\"a,b\""),
            ("say \"x\"", "\"say \"\"x\"\"\""),
            ("a\tb", "a b"),
            ("a;b", "\"a;b\""),
        ] {
            assert_eq!(quote(text, ','), want);
        }
        for (text, want) in [("=1+1", "'=1+1"), ("%=x", "'%=x"), ("@me", "'@me"), ("5%", "5%")] {
            assert_eq!(guard(text), want);
        }
    }

    #[test]
    fn columns_stand_where_they_first_appear() {
        let line = |names: &[&str]| -> Vec<(String, String)> {
            names.iter().map(|name| ((*name).to_owned(), "1".to_owned())).collect()
        };
        let lines = vec![line(&["label", "a"]), line(&["label", "b", "a"])];
        assert_eq!(print(&lines, ','), "label,a,b\n1,1,\n1,1,1");
        assert_eq!(print(&Lines::new(), ','), "No data available");
    }

    #[test]
    fn columns_have_the_names_people_read() {
        let lines = || {
            let names = ["label", "nb_visits", "metadata_url", "odd"];
            vec![names.map(|name| (name.to_owned(), String::new())).to_vec()]
        };
        let header_of = |query| print(&named(lines(), &crate::report::example::params(query)), ',');
        assert!(header_of("language=fr").starts_with("label,nb_visits,metadata_url,odd"));
        let french = header_of("translateColumnNames=1&language=fr");
        assert!(french.starts_with("Libellé,Visites,Metadata: url,odd"));
    }

    #[test]
    fn a_file_is_wide_unless_told_otherwise() {
        let file = |query: &str| {
            let lines = vec![vec![("value".to_owned(), "é".to_owned())]];
            rendered(lines, ',', &crate::report::example::params(query))
        };
        assert_eq!(&file("").body[..4], &[0xff, 0xfe, b'v', 0]);
        assert_eq!(file("convertToUnicode=0").body, "value\né".as_bytes());
        assert_eq!(
            file("method=A.b&date=today").disposition.as_deref(),
            Some("attachment; filename*=UTF-8''Export%20%5F%20A%2Eb%20%5F%20today%2Ecsv")
        );
    }
}
