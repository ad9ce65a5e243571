//! docs/matomo-compatibility.md says what is answered: it is compared with the program.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

use std::{collections::BTreeMap, fs, path::Path};

use padoqe::{report, web};

const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/matomo-compatibility.md");
const SOURCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src");
const START: &str = "<!-- methods -->\n";
const END: &str = "<!-- end of methods -->";

/// Every method with what is said about it.
fn methods() -> String {
    let mut rows: BTreeMap<String, (String, String)> = BTreeMap::new();
    for report in report::reports() {
        rows.insert(report.name(), ("report".into(), "view".into()));
    }
    for method in report::SAID {
        rows.insert((*method).into(), ("answered".into(), "any token".into()));
    }
    rows.insert("API.getBulkRequest".into(), ("answered".into(), "any token".into()));
    rows.insert("ImageGraph.get".into(), ("answered".into(), "view".into()));
    for (method, may) in web::MANAGED {
        let who = match may {
            web::May::Anyone => "any token",
            web::May::View => "view",
            web::May::Write => "write",
            web::May::Admin => "admin",
            web::May::Superuser => "super user",
        };
        rows.insert((*method).into(), ("answered".into(), who.into()));
    }
    for (method, reason) in report::REFUSED {
        let known = rows.insert((*method).into(), (format!("refused: {reason}"), String::new()));
        assert!(known.is_none(), "{method} is answered and refused");
    }
    let mut table = "| method | answer | who |\n|---|---|---|\n".to_owned();
    for (method, (answer, who)) in rows {
        table.push_str(&format!("| `{method}` | {answer} | {who} |\n"));
    }
    table
}

#[test]
fn every_method_is_in_the_document() {
    let text = fs::read_to_string(DOCUMENT).unwrap();
    let (before, rest) = text.split_once(START).unwrap();
    let (written, after) = rest.split_once(END).unwrap();
    let methods = methods();
    if std::env::var_os("PADOQE_WRITE_DOCS").is_some() {
        fs::write(DOCUMENT, format!("{before}{START}{methods}{END}{after}")).unwrap();
        return;
    }
    assert_eq!(written, methods, "run: PADOQE_WRITE_DOCS=1 cargo test --test compatibility");
}

/// The text of every file in a folder, without its tests.
fn code(folder: &Path, out: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            code(&path, out);
        } else if path.extension().is_some_and(|it| it == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            out.push_str(text.split("#[cfg(test)]").next().unwrap_or_default());
        }
    }
}

#[test]
fn every_parameter_is_in_the_document() {
    let document = fs::read_to_string(DOCUMENT).unwrap();
    let mut source = String::new();
    for folder in ["report", "web/manage"] {
        code(&Path::new(SOURCE).join(folder), &mut source);
    }
    source.push_str(&fs::read_to_string(Path::new(SOURCE).join("web/api.rs")).unwrap());
    let read = regex::Regex::new(
        r#"(?:params\s*(?:\(\)\s*)?\.(?:get|raw|is_on|integer|names|list)\(|(?:required|count|pattern)\(\s*(?:asker\.|self\.)?params,\s*|named\(asked, |switch\()"([A-Za-z_]+)""#,
    )
    .unwrap();
    let mut names: Vec<&str> =
        read.captures_iter(&source).map(|found| found.get(1).unwrap().as_str()).collect();
    names.sort_unstable();
    names.dedup();
    assert!(names.len() > 80, "{names:?}");
    let missing: Vec<_> =
        names.iter().filter(|name| !document.contains(&format!("`{name}`"))).collect();
    assert!(missing.is_empty(), "not in docs/matomo-compatibility.md: {missing:?}");
}
