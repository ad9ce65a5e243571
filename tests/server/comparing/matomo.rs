//! A Matomo as far as `padoqe compare` asks one: it answers what was written down of a small site.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::Arc,
    thread,
};

use serde_json::{Map, Value, json};

/// Single answers, as they are recorded: a question of one day or week, and its table.
const ANSWERS: &str = include_str!("answers.jsonl");

/// Listens until the test ends.
pub(super) struct Matomo {
    pub(super) url: String,
    pub(super) token: &'static str,
}

const TOKEN: &str = "0123456789abcdef0123456789abcdef";

type Change = Arc<dyn Fn(&mut Value) + Send + Sync>;

impl Matomo {
    /// A server that changes its maps before it answers with them.
    pub(super) fn start(change: impl Fn(&mut Value) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let change: Change = Arc::new(change);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let change = Arc::clone(&change);
                thread::spawn(move || serve(stream, &change));
            }
        });
        Self { url, token: TOKEN }
    }
}

fn serve(stream: TcpStream, change: &Change) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut writer = stream;
    let mut first = String::new();
    while reader.read_line(&mut first).is_ok_and(|read| read > 0) {
        let mut length = 0;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).unwrap();
            if line.trim().is_empty() {
                break;
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        let (head, kind, body) = answer(&first, &String::from_utf8(body).unwrap(), change);
        let length = body.len();
        let head = format!(
            "HTTP/1.1 {head}\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Length: {length}\r\n\r\n"
        );
        if writer
            .write_all(head.as_bytes())
            .and_then(|()| writer.write_all(body.as_bytes()))
            .is_err()
        {
            return;
        }
        first.clear();
    }
}

fn answer(request: &str, form: &str, change: &Change) -> (&'static str, &'static str, String) {
    const PAGE: &str = "<!DOCTYPE html><title>Sign in</title>";
    match request.split(' ').nth(1).unwrap() {
        "/index.php" => (),
        "/page/index.php" => return ("200 OK", "text/html", PAGE.into()),
        "/broken/index.php" => return ("500 Internal Server Error", "text/html", PAGE.into()),
        "/moved/index.php" => {
            return ("301 Moved\r\nLocation: https://new.example.fr/", "text/html", PAGE.into());
        }
        other => panic!("{other}"),
    }
    let given: BTreeMap<String, String> = form
        .split('&')
        .filter_map(|it| it.split_once('='))
        .map(|(name, value)| (name.to_owned(), plain(value)))
        .collect();
    let error = |message: &str| json!({"result": "error", "message": message}).to_string();
    let json = "application/json";
    if given["token_auth"] != TOKEN {
        let message = error(
            "Unable to authenticate with the provided token. It is either invalid or expired.",
        );
        return ("401 Unauthorized", json, message);
    }
    if given.get("idSite").is_some_and(|it| it != "3") {
        let message = error(
            "You can't access this resource as it requires 'view' access for the website id = 9.",
        );
        return ("401 Unauthorized", json, message);
    }
    let found = match given["method"].as_str() {
        "API.getMatomoVersion" => json!({"value": "5.2.0"}),
        "SitesManager.getSiteFromId" => {
            json!({"idsite": "3", "name": "Essai", "timezone": "Europe/Paris"})
        }
        "API.getReportMetadata" => metadata(),
        method => {
            let mut map = recorded(method, &given["period"], &given["date"]);
            change(&mut map);
            map
        }
    };
    ("200 OK", json, found.to_string())
}

fn lines() -> impl Iterator<Item = Value> {
    ANSWERS.lines().map(|line| serde_json::from_str(line).unwrap())
}

/// The reports there are answers of, and one that PADOQE has not.
fn metadata() -> Value {
    let mut methods: Vec<String> =
        lines().map(|it| it["question"]["method"].as_str().unwrap().to_owned()).collect();
    methods.dedup();
    methods.push("UserId.getUsers".to_owned());
    let entry = |it: &String| {
        let (module, action) = it.split_once('.').unwrap();
        json!({"module": module, "action": action, "uniqueId": format!("{module}_{action}")})
    };
    methods.iter().map(entry).collect()
}

/// The tables of all periods between two days; those that nothing was written down of are empty.
fn recorded(method: &str, period: &str, date: &str) -> Value {
    let (first, last) = date.split_once(',').unwrap();
    let mut map = Map::new();
    let mut day: jiff::civil::Date = first.parse().unwrap();
    let last: jiff::civil::Date = last.parse().unwrap();
    while day <= last {
        let end = day.saturating_add(jiff::Span::new().days(if period == "week" { 6 } else { 0 }));
        let key = if period == "week" { format!("{day},{end}") } else { day.to_string() };
        let table = lines().find(|it| {
            let asked = &it["question"];
            asked["method"] == method
                && asked["period"] == period
                && asked["date"] == day.to_string()
        });
        map.insert(key, table.map_or_else(|| json!([]), |it| it["answer"].clone()));
        day = end.tomorrow().unwrap();
    }
    Value::Object(map)
}

fn plain(value: &str) -> String {
    percent_encoding::percent_decode_str(&value.replace('+', " ")).decode_utf8_lossy().into_owned()
}
