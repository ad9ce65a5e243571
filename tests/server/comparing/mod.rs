//! `padoqe compare` between a Matomo that answers from a file and the real server.

mod matomo;

use std::process::{Command, Output};

use crate::running::{BINARY, Server, encoded};
use matomo::Matomo;
use serde_json::Value;

/// A week of a small site, and what a Matomo says of it.
const HITS: &str = include_str!("hits.jsonl");

/// A server that counted the week.
fn counted() -> (Server, String) {
    let server = Server::start();
    let site = server.add_site(&[("policy", "complete")]);
    for line in HITS.lines() {
        let hit: Value = serde_json::from_str(line).unwrap();
        let text = |name: &str| hit[name].as_str().unwrap().to_owned();
        let (time, id, url, title) = (text("t"), text("_id"), text("url"), text("action_name"));
        let parameters = [
            ("idsite", site.as_str()),
            ("rec", "1"),
            ("cip", "192.0.2.7"),
            ("ua", "Mozilla/5.0 (X11; Linux x86_64; rv:136.0) Gecko/20100101 Firefox/136.0"),
            ("lang", "fr"),
            ("cdt", &time),
            ("_id", &id),
            ("url", &url),
            ("action_name", &title),
            ("token_auth", &server.token),
        ];
        assert_eq!(server.get(&format!("/matomo.php?{}", encoded(&parameters))).status, 200);
    }
    let week = [("idSite", site.as_str()), ("period", "week"), ("date", "2026-03-02")];
    server.wait_for("VisitsSummary.get", &week, |it| it["nb_actions"] == 6);
    (server, site)
}

fn compare(arguments: &[&str], token: &str) -> Output {
    Command::new(BINARY)
        .arg("compare")
        .args(arguments)
        .env("MATOMO_TOKEN", token)
        .env_remove("WITH_TOKEN")
        .output()
        .unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What was printed where nothing should be but the reason.
fn failure(arguments: &[&str], token: &str) -> String {
    let output = compare(arguments, token);
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{error}");
    assert!(!error.contains(token) && out(&output).is_empty(), "{error}");
    error
}

const WEEK: [&str; 4] = ["--site", "3", "--date", "2026-03-02,2026-03-08"];

#[test]
fn the_same_week_is_the_same_in_both() {
    let (server, site) = counted();
    let data = server.data();
    let at_home = ["--with-site", &site, "--data", data.to_str().unwrap()];
    let matomo = Matomo::start(|_| ());
    let output = compare(&[&["--matomo", &matomo.url][..], &WEEK, &at_home].concat(), matomo.token);
    let text = out(&output);
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(text.contains("7 days, 1 whole week, no whole month"), "{text}");
    assert!(text.contains("- UserId.getUsers: PADOQE refuses it"), "{text}");
    let last = text.lines().last().unwrap();
    assert!(last.starts_with("100 % of ") && last.ends_with(" figures are equal."), "{text}");
    // The token that was made for the comparison is gone with it.
    assert!(!server.admin(&["admin", "token", "--list"]).contains("compare"));
}

#[test]
fn what_differs_is_named() {
    let (server, site) = counted();
    let address = format!("http://{}", server.address);
    let token = server.folder().join("token");
    std::fs::write(&token, format!("{}\n", server.token)).unwrap();
    let away = [
        "--with-site",
        site.as_str(),
        "--with",
        address.as_str(),
        "--with-token-file",
        token.to_str().unwrap(),
    ];
    let matomo = Matomo::start(|table| {
        // One visit more, on one day.
        if let Some(visits) = table.pointer_mut("/2026-03-04/nb_visits") {
            *visits = Value::from(2);
        }
    });
    let arguments = [&["--matomo", &matomo.url][..], &WEEK, &away].concat();
    let output = compare(&arguments, matomo.token);
    let text = out(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("2026-03-04: 2 in Matomo, 1 in PADOQE"), "{text}");
    assert!(text.lines().last().unwrap().contains("differ: VisitsSummary.get nb_visits"), "{text}");

    let enough = [&arguments[..], &["--at-least", "90", "--format", "json"]].concat();
    let output = compare(&enough, matomo.token);
    assert_eq!(output.status.code(), Some(0));
    let parity: Value = serde_json::from_slice(&output.stdout).unwrap();
    let (compared, equal) = (parity["compared"].as_u64().unwrap(), parity["equal"].as_u64());
    assert_eq!(equal, Some(compared - 1));

    // Every report of the server itself, as if it were a Matomo.
    let own = [&["--matomo", address.as_str(), "--site", site.as_str()][..], &WEEK[2..], &away];
    let output = compare(&own.concat(), &server.token);
    let text = out(&output);
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(text.lines().filter(|line| line.contains(" 100 %")).count() > 100, "{text}");
    assert!(!text.contains("Not compared"), "{text}");
}

#[test]
fn a_server_that_cannot_be_asked_is_told_apart() {
    let matomo = Matomo::start(|_| ());
    let rest = |url: &'static str| -> Vec<&'static str> {
        [&["--matomo", url][..], &WEEK, &["--with-site", "1"]].concat()
    };
    let at = |path: &str| -> &'static str { format!("{}{path}", matomo.url).leak() };
    let with = ["--with", "http://127.0.0.1:1", "--with-token", "b0b0"];
    for (arguments, token, part) in [
        (rest("http://127.0.0.1:1"), "c0ffee", "nothing listens there"),
        (rest("matomo.example.fr"), "c0ffee", "must begin with https://"),
        (rest(at("")), "c0ffee", "does not take the token"),
        (rest(at("/page")), matomo.token, "a page (HTTP 200 OK), not with data"),
        (rest(at("/moved")), matomo.token, "sends on to https://new.example.fr/"),
        (rest(at("/broken")), matomo.token, "HTTP 500"),
    ] {
        let error = failure(&[&arguments[..], &with].concat(), token);
        assert!(error.contains(part) && !error.contains("b0b0"), "{part}: {error}");
    }
    let site = ["--matomo", at(""), "--site", "9", "--date", "2026-03-02", "--with-site", "1"];
    let error = failure(&[&site[..], &with].concat(), matomo.token);
    assert!(error.contains("site 9 of ") && error.contains("requires 'view' access"), "{error}");
    // Nothing runs on a data directory that is empty.
    let folder = tempfile::tempdir().unwrap();
    let data = ["--data", folder.path().to_str().unwrap()];
    let error = failure(&[&rest(at(""))[..], &data].concat(), matomo.token);
    assert!(error.contains("--with URL"), "{error}");
}
