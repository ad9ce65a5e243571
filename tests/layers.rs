//! The data goes one way: each stage may name only the stages listed here.
#![expect(
    clippy::unwrap_used,
    clippy::string_slice,
    reason = "it reads this repository's own source"
)]

use std::{fs, path::Path};

/// Values in, values out.
const PURE: &[&str] = &[
    "site",
    "school",
    "register",
    "datamap",
    "collect",
    "strip",
    "session",
    "rollup",
    "report",
    "segment",
    "secrecy",
    "publish",
    "picture",
    "dash",
    "compare/figures",
    "compare/parity",
    "compare/question",
    "compare/reasons",
    "compare/say",
];

/// What the pure stages must not reach for.
const OUTSIDE: &[&str] = &[
    "actix_web",
    "tokio",
    "tokio_postgres",
    "deadpool_postgres",
    "hyper",
    "std::fs",
    "std::env",
    "std::process",
    "SystemTime",
    "Instant",
    "Timestamp::now",
    "Zoned::now",
];

/// Crates that belong to one door.
const DOORS: &[(&str, &[&str])] = &[
    ("actix_web", &["web", "app"]),
    ("tokio_postgres", &["store"]),
    ("deadpool_postgres", &["store"]),
    ("refinery", &["store"]),
    ("maxminddb", &["strip"]),
    ("ua_parser", &["strip"]),
    ("handlebars", &["dash"]),
    ("ureq", &["compare"]),
    ("resvg", &["picture"]),
];

const MAY_NAME: &[(&str, &[&str])] = &[
    ("config", &[]),
    ("site", &[]),
    ("school", &["site"]),
    ("register", &["site"]),
    ("datamap", &["site"]),
    ("collect", &["site"]),
    ("strip", &["site", "collect"]),
    ("keyring", &["site", "strip"]),
    // Nothing from here on has a word for an address or a user agent: none may name `collect`.
    ("journal", &["strip"]),
    ("session", &["site", "strip"]),
    ("rollup", &["site", "strip", "session"]),
    ("ingest", &["site", "strip", "journal", "session", "rollup", "segment", "store"]),
    ("cluster", &[]),
    ("store", &["site", "school", "datamap", "strip", "journal", "rollup", "report", "publish"]),
    ("report", &["site", "school", "strip", "rollup"]),
    ("segment", &["site", "strip", "session", "rollup", "report"]),
    ("secrecy", &["site"]),
    ("publish", &["site", "school", "rollup", "report", "secrecy"]),
    ("picture", &[]),
    ("dash", &["site", "school", "register", "report", "rollup"]),
    // The door to the browsers is where addresses come in.
    (
        "web",
        &[
            "site", "school", "register", "datamap", "collect", "strip", "keyring", "journal",
            "ingest", "store", "report", "rollup", "session", "segment", "secrecy", "publish",
            "picture", "dash",
        ],
    ),
    (
        "app",
        &[
            "config", "collect", "dash", "strip", "keyring", "journal", "ingest", "cluster",
            "store", "web",
        ],
    ),
    ("import", &["config", "site", "store", "app"]),
    ("annuaire", &["site", "school", "store"]),
    ("declare", &["site", "register", "store"]),
    // The one stage that asks other servers.
    ("compare", &["config", "site", "app", "report"]),
];

fn source() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))
}

/// A file's code without its tests and comments.
fn code(text: &str) -> String {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn pure_stages_reach_for_nothing_outside() {
    let mut wrong = Vec::new();
    for stage in PURE {
        for (file, text) in rust_files(stage) {
            let code = code(&text);
            wrong.extend(
                OUTSIDE
                    .iter()
                    .filter(|word| reaches(&code, word))
                    .map(|word| format!("{file}: `{stage}` reaches for `{word}`")),
            );
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_outside_thing_has_one_door() {
    let mut wrong = Vec::new();
    for (stage, _) in MAY_NAME {
        for (file, text) in rust_files(stage) {
            let code = code(&text);
            for (outside, doors) in DOORS {
                if !doors.contains(stage) && reaches(&code, outside) {
                    wrong.push(format!("{file}: `{stage}` is no door to `{outside}`"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_stage_names_only_the_stages_it_may() {
    let mut wrong = Vec::new();
    for (stage, allowed) in MAY_NAME {
        for (file, text) in rust_files(stage) {
            for named in modules_named(&code(&text)) {
                if named != *stage && !allowed.contains(&named.as_str()) {
                    wrong.push(format!("{file}: `{stage}` names `{named}`"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_stage_is_listed() {
    let map = include_str!("../src/lib.rs");
    for line in map.lines() {
        if let Some(stage) = line.trim_start_matches("pub ").strip_prefix("mod ") {
            let stage = stage.trim_end_matches(';');
            assert!(
                MAY_NAME.iter().any(|(it, _)| *it == stage),
                "`{stage}` has no row in MAY_NAME"
            );
        }
    }
}

/// A hit with its sender must not be printed, copied or written: see `collect::Arrival`.
#[test]
fn an_arrival_can_neither_be_printed_nor_copied_nor_written() {
    let text = fs::read_to_string(source().join("collect/mod.rs")).unwrap();
    let (before, _) = text.split_once("pub struct Arrival").unwrap();
    let attributes = before.rsplit("\n\n").next().unwrap();
    assert!(!attributes.contains("derive"), "{attributes}");
    for (file, text) in rust_files("collect") {
        let code = code(&text);
        for name in ["Debug", "Clone", "Serialize", "Display"] {
            assert!(!code.contains(&format!("{name} for Arrival")), "{file}: {name}");
            assert!(!code.contains(&format!("{name} for Sender")), "{file}: {name}");
        }
    }
}

fn reaches(code: &str, word: &str) -> bool {
    code.match_indices(word).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = code[at + word.len()..].chars().next();
        let ident = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        !ident(before) && !ident(after)
    })
}

/// The first path segment after every `crate::`, groups included.
fn modules_named(code: &str) -> Vec<String> {
    let mut res = Vec::new();
    for rest in code.split("crate::").skip(1) {
        match rest.strip_prefix('{') {
            None => res.push(ident(rest)),
            Some(group) => {
                let mut depth = 0;
                let mut start = true;
                for (at, c) in group.char_indices() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => start = true,
                        c if start && !c.is_whitespace() => {
                            res.push(ident(&group[at..]));
                            start = false;
                        }
                        _ => (),
                    }
                }
            }
        }
    }
    res
}

fn ident(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

fn rust_files(stage: &str) -> Vec<(String, String)> {
    let mut res = Vec::new();
    let mut todo = vec![source().join(stage), source().join(format!("{stage}.rs"))];
    while let Some(path) = todo.pop() {
        if path.is_dir() {
            todo.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|it| it == "rs") && path.exists() {
            let text = fs::read_to_string(&path).unwrap();
            res.push((path.strip_prefix(source()).unwrap().display().to_string(), text));
        }
    }
    res
}

#[test]
fn groups_and_nested_groups_are_read() {
    let text = "use crate::{collect::{A, b::C}, strip::D};\nfn f(x: crate::session::Visit) {}\n// crate::dash\n";
    assert_eq!(modules_named(&code(text)), ["collect", "strip", "session"]);
}
