//! What the tests of the criteria do.

use std::{collections::BTreeSet, fs, path::Path};

use jiff::{Span, Zoned, civil::Date};
use serde_json::Value;

use super::{
    DOCUMENT,
    scene::{ADDRESS, AGENT, ID, MARK, Scene},
};
use crate::{
    canary::found_below,
    running::{Server, Way, encoded},
};

fn no_text_holds(scene: &Scene, what: &[&str]) {
    let texts = scene.texts();
    assert!(texts.iter().any(|it| it == "qcm"), "nothing is there to be looked at: {texts:?}");
    for what in what {
        let found: Vec<_> = texts.iter().filter(|it| it.to_lowercase().contains(what)).collect();
        assert!(found.is_empty(), "{what}: {found:?}");
    }
}

fn nothing_on_disk_holds(folder: &Path, what: &[&str]) {
    let markers: Vec<_> =
        what.iter().map(|it| ((*it).to_owned(), it.as_bytes().to_vec())).collect();
    let (mut scanned, mut found) = (0, Vec::new());
    found_below(folder, &markers, &mut scanned, &mut found);
    assert!(scanned > 1 << 20, "only {scanned} bytes were looked at");
    assert!(found.is_empty(), "{found:?}");
}

pub(super) fn no_marketing(scene: &Scene) {
    assert_eq!(scene.labels("Referrers.getCampaigns"), Vec::<String>::new());
    no_text_holds(scene, &[MARK, "utm_", "gclid", "fbclid", "livre"]);
    assert!(scene.refused("Goals.getItemsSku", &scene.today()).contains("no sales"));
    let goals = scene.server.api("Goals.get", &scene.today());
    assert_eq!(goals["nb_conversions"].as_i64().unwrap_or(0), 0, "{goals}");
}

pub(super) fn listed_interactions(scene: &Scene) {
    assert_eq!(scene.labels("Events.getCategory"), ["Création - ajout"]);
    assert_eq!(scene.labels("Events.getName"), ["Event Name not defined - ajout", "qcm - ajout"]);
    assert_eq!(scene.labels("Contents.getContentNames"), Vec::<String>::new());
    let words = scene.labels("Actions.getSiteSearchKeywords");
    assert!(words.iter().all(|it| !it.contains(MARK)), "{words:?}");
}

pub(super) fn coarse_agents(scene: &Scene) {
    let versions = scene.labels("DevicesDetection.getBrowserVersions");
    assert!(versions.iter().any(|it| it.contains("125")), "{versions:?}");
    assert!(versions.iter().all(|it| !it.contains('.')), "{versions:?}");
    let screens = scene.labels("Resolution.getResolution");
    assert_eq!(screens, ["1024–1439"]);
    for method in ["DevicesDetection.getModel", "DevicesDetection.getBrand"] {
        let labels = scene.labels(method);
        let kind_only = |it: &String| it.contains("nknown") || it.starts_with("Generic ");
        assert!(labels.iter().all(kind_only), "{method}: {labels:?}");
    }
    no_text_holds(scene, &["sm-g998b", "6422", "1367", "mozilla"]);
    nothing_on_disk_holds(scene.server.folder(), &["SM-G998B", "6422.113", AGENT]);
}

pub(super) fn referrer_hosts(scene: &Scene) {
    assert_eq!(scene.labels("Referrers.getWebsites"), ["ent.example.fr"]);
    let words = scene.labels("Referrers.getKeywords");
    assert!(words.iter().all(|it| it.starts_with("Keyword not defined")), "{words:?}");
    no_text_holds(scene, &["example.fr/", MARK]);
}

pub(super) fn no_personal_texts(scene: &Scene) {
    assert_eq!(scene.labels("Actions.getPageUrls"), ["/creer?page=2"]);
    let mut titles = scene.labels("Actions.getPageTitles");
    titles.sort();
    assert_eq!(titles, ["Créer", "Page Name not defined"]);
    let profiles = scene
        .server
        .api("CustomDimensions.getCustomDimension", &scene.today_and("idDimension", "1"));
    let labels: BTreeSet<_> =
        profiles.as_array().unwrap().iter().filter_map(|it| it["label"].as_str()).collect();
    assert!(labels.contains("eleve") && !labels.iter().any(|it| it.contains('@')), "{labels:?}");
    no_text_holds(scene, &[MARK, "dupont", "ecole.example"]);
    nothing_on_disk_holds(scene.server.folder(), &[MARK, "Dupont", "ecole.example", ID]);
}

pub(super) fn no_addresses(scene: &Scene) {
    nothing_on_disk_holds(scene.server.folder(), &[ADDRESS, "198.51.100.", "198.51.0.0"]);
    no_text_holds(scene, &["198.51."]);
}

pub(super) fn countries_at_most(scene: &Scene) {
    for method in ["UserCountry.getCity", "UserCountry.getRegion"] {
        let labels = scene.labels(method);
        assert!(labels.iter().all(|it| it.contains("nknown")), "{method}: {labels:?}");
    }
    assert!(!scene.labels("UserCountry.getCountry").is_empty());
    no_text_holds(scene, &[MARK, "45.76", "4.83"]);
    nothing_on_disk_holds(scene.server.folder(), &["45.7640", "4.8357"]);
}

/// The living keys of a site, by period.
fn keys(scene: &Scene, site: &str) -> Vec<(String, Vec<u8>)> {
    let mut keys = Vec::new();
    for entry in fs::read_dir(scene.server.data().join("keys")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if let Some(period) = name.strip_prefix(&format!("{site}-"))
            && name.ends_with(".key")
        {
            keys.push((period.to_owned(), fs::read(&path).unwrap()));
        }
    }
    keys.sort();
    keys
}

pub(super) fn keys_of_sites(scene: &Scene) {
    let (own, others) = (keys(scene, &scene.site), keys(scene, &scene.other));
    assert!(own.len() >= 3, "a key for the day, the week and the month");
    for (period, key) in &own {
        assert_eq!(key.len(), 32);
        assert!(others.iter().all(|(_, other)| other != key), "{period} has one key on two sites");
    }
    no_text_holds(scene, &["pk_vid", ID]);
}

pub(super) fn keys_of_days(scene: &Scene) {
    let yesterday = Zoned::now().date().yesterday().unwrap();
    let moment = format!("{yesterday} 10:00:00");
    let hit = [
        ("idsite", scene.site.as_str()),
        ("url", "https://www.quiziniere.com/creer"),
        ("_id", ID),
        ("cdt", &moment),
        ("token_auth", &scene.server.token),
    ];
    assert_eq!(scene.server.hit(&hit).status, 204);
    let keys = keys(scene, &scene.site);
    let of_days: Vec<_> = keys.iter().filter(|(period, _)| period.starts_with("day-")).collect();
    assert!(of_days.len() >= 2, "{of_days:?}");
    let distinct: BTreeSet<_> = keys.iter().map(|(_, key)| key).collect();
    assert_eq!(distinct.len(), keys.len(), "two periods have one key");
}

pub(super) fn no_keys_of_persons(scene: &Scene) {
    // Accounts are of the team, not of those who are measured.
    let columns = scene.server.ask_sql(
        "select table_name || '.' || column_name from information_schema.columns \
         where table_schema = 'public' and table_name not in ('account', 'token', 'login')",
    );
    assert!(columns.len() > 50, "{columns:?}");
    let telling = |name: &str| {
        let (_, column) = name.split_once('.').unwrap_or_default();
        let words = ["ip", "address", "agent", "mail", "uid", "user_id", "visitor_id", "cookie"];
        words.contains(&column) || column.contains("fingerprint")
    };
    let found: Vec<_> = columns.iter().filter(|it| telling(it)).collect();
    assert!(found.is_empty(), "{found:?}");
    let count = |table: &str| {
        let site = &scene.site;
        scene.server.ask_sql(&format!("select count(*)::text from {table} where site = {site}"))
    };
    assert_eq!(count("kept_visits"), ["0"]);
    assert_ne!(count("rollup_visits"), ["0"]);
    assert!(scene.refused("UserId.getUsers", &scene.today()).contains("nobody can be shown"));
}

/// Four schools, one of three people, of a month that is over.
pub(super) fn published_figures(_: &Scene) {
    let mut server = Server::start();
    let site = server.add_site(&[]);
    let dimension =
        [("idSite", site.as_str()), ("name", "UAI"), ("scope", "visit"), ("active", "1")];
    server.api("CustomDimensions.configureNewCustomDimension", &dimension);
    server.sql(&format!(
        r#"insert into register (site, definition) values ({site},
        '{{"features":[{{"id":1,"key":"creer","name":{{"fr":"Créer"}},"rules":[{{"page":"/creer"}}],"since":0}}],"audiences":[{{"cut":50,"key":"uai","name":{{"fr":"UAI"}},"kind":"establishment","dimension":1}}]}}')"#
    ));
    server.kill();
    server.start_again();
    let month = Zoned::now().date().first_of_month().checked_sub(Span::new().months(2)).unwrap();
    let moment = format!("{month} 10:00:00");
    let schools = [("0750655E", 33), ("0750654D", 27), ("0750653C", 16), ("0750652B", 3)];
    for (school, people) in schools {
        for person in 0..people {
            let id =
                format!("{}{person:02x}{:06}", school.trim_end_matches(char::is_alphabetic), 7);
            let hit = [
                ("idsite", site.as_str()),
                ("url", "https://www.quiziniere.com/creer"),
                ("_id", &format!("{id:0>16}")),
                ("dimension1", school),
                ("cdt", &moment),
                ("token_auth", &server.token),
            ];
            assert_eq!(server.hit(&hit).status, 204);
        }
    }
    let (day, site) = (month.to_string(), site.as_str());
    let question = [("idSite", site), ("period", "month"), ("date", day.as_str())];
    server.wait_for("VisitsSummary.get", &question, |it| it["nb_visits"] == 79);
    server.kill();
    server.start_again();
    let wanted = |it: &Value| it[0]["nb_visits"] == 80;
    server.wait_for("Features.getPublished", &question, wanted);
    let scene = Scene { server, site: site.to_owned(), other: site.to_owned() };
    let stranger = scene.account("inconnu", None);
    assert_eq!(scene.ask_as(&stranger, "Features.getPublished", &question)["result"], "error");
    let head = scene.account("academie", None);
    let scope = [("idSite", site), ("userLogin", "academie"), ("places", "departement:75")];
    assert_eq!(scene.server.api("Scopes.set", &scope)["result"], "success");
    assert_eq!(scene.ask_as(&head, "VisitsSummary.get", &question)["result"], "error");
    let mut shown = 0;
    for (school, people) in schools {
        let place = format!("uai:{school}");
        let asked = [&question[..], &[("place", place.as_str())]].concat();
        let rows = scene.ask_as(&head, "Features.getPublished", &asked);
        let row = &rows[0];
        assert_eq!(row["place"], place.as_str(), "{rows}");
        if people < 11 {
            assert_eq!((&row["nb_visits"], &row["s"]), (&Value::Null, &Value::from("k")), "{row}");
        }
        for figure in ["nb_visitors", "nb_visits", "nb_uses", "sum_seconds"] {
            assert_eq!(row[figure].as_i64().unwrap_or(0) % 10, 0, "{row}");
        }
        shown += usize::from(row["s"].is_null());
    }
    assert!(shown < 3, "three of four schools and their sum would tell the fourth: {shown}");
}

pub(super) fn no_single_ways(scene: &Scene) {
    for method in [
        "Live.getLastVisitsDetails",
        "Live.getVisitorProfile",
        "Live.getMostRecentVisitorId",
        "UserId.getUsers",
        "Transitions.getTransitionsForPageUrl",
        "Overlay.getFollowingPages",
    ] {
        assert!(scene.refused(method, &scene.today()).contains("PADOQE"), "{method}");
    }
}

pub(super) fn segments(scene: &Scene) {
    for condition in [
        "visitId==1",
        "visitorId==c0ffee5ca1ab1e99",
        "userId==x",
        "visitIp==198.51.100.213",
        "fingerprint==x",
        "deviceModel==x",
        "resolution==x",
        "visitLocalHour==9",
        "visitServerHour==9",
        "visitStartServerMinute==9",
        "visitEndServerSecond==9",
        "actionServerHour==9",
        "actionServerMinute==9",
        "anythingElse==9",
    ] {
        let new = [("idSite", scene.site.as_str()), ("name", "x"), ("definition", condition)];
        assert!(!scene.refused("SegmentEditor.add", &new).is_empty(), "{condition}");
    }
    let undeclared = scene.today_and("segment", "deviceType==tablet");
    assert!(scene.refused("VisitsSummary.get", &undeclared).contains("SegmentEditor.add"));
    let listed = scene.server.api("API.getSegmentsMetadata", &[("idSites", scene.site.as_str())]);
    let names: Vec<_> =
        listed.as_array().unwrap().iter().filter_map(|it| it["segment"].as_str()).collect();
    assert!(names.contains(&"deviceType"), "{names:?}");
    assert!(!names.iter().any(|it| it.contains("Minute") || it.contains("Hour")), "{names:?}");
}

pub(super) fn refusal(scene: &Scene) {
    let site = scene.server.add_site(&[]);
    let hit = format!("/matomo.php?idsite={site}&rec=1&url=https://www.quiziniere.com/&_id={ID}");
    for header in [("DNT", "1"), ("Sec-GPC", "1"), ("Cookie", "padoqe_ignore=1")] {
        assert_eq!(scene.server.request("GET", &hit, &[header], b"").status, 200);
    }
    assert_eq!(scene.server.get(&hit).status, 200);
    let today = [("idSite", site.as_str()), ("period", "day"), ("date", "today")];
    let counted = scene.server.wait_for("VisitsSummary.get", &today, |it| it["nb_visits"] != 0);
    assert_eq!((&counted["nb_visits"], &counted["nb_actions"]), (&1.into(), &1.into()));
    let page = scene.server.get("/opt-out").text();
    assert!(page.contains("<form") && !page.contains("<script"), "{page}");
}

pub(super) fn cookies(scene: &Scene) {
    let query = encoded(&[("idsite", &scene.other), ("rec", "1"), ("url", "https://x.example/")]);
    for target in [format!("/matomo.php?{query}"), "/matomo.js".into(), "/opt-out".into()] {
        let head = scene.server.get(&target).head.to_lowercase();
        assert!(!head.contains("set-cookie"), "{target}: {head}");
    }
    let head = scene.server.request("POST", "/opt-out", &[], b"refuse=1").head.to_lowercase();
    assert!(head.contains("set-cookie: padoqe_ignore=1"), "{head}");
    let (_, age) = head.split_once("max-age=").unwrap();
    let age: String = age.chars().take_while(char::is_ascii_digit).collect();
    assert!(age.parse::<u64>().unwrap() <= 397 * 86_400, "{age}");
}

pub(super) fn months(_: &Scene) {
    let environment = vec![("PADOQE_MONTHS".to_owned(), "60".to_owned())];
    let mut server = Server::start_as(Way { environment, ..Way::default() });
    let month = |back: i32| {
        let first = Zoned::now().date().first_of_month();
        first.checked_sub(Span::new().months(back)).unwrap().to_string()
    };
    let (kept, gone) = (month(24), month(26));
    let exempt = server.add_site(&[]);
    let complete = server.add_site(&[("policy", "complete")]);
    let visits = |server: &Server, site: &str, day: &str, wanted: i64| {
        let question = [("idSite", site), ("period", "month"), ("date", day)];
        server.wait_for("VisitsSummary.getVisits", &question, |answer| answer["value"] == wanted);
    };
    for site in [&exempt, &complete] {
        for day in [&kept, &gone] {
            let moment = format!("{day} 10:00:00");
            let hit = [
                ("idsite", site.as_str()),
                ("url", "https://www.quiziniere.com/"),
                ("cdt", &moment),
                ("token_auth", &server.token),
            ];
            assert_eq!(server.hit(&hit).status, 204);
            visits(&server, site, day, 1);
        }
    }
    server.sql("update site set created = now() - interval '4 years'");
    server.kill();
    server.start_again();
    visits(&server, &exempt, &gone, 0);
    visits(&server, &exempt, &kept, 1);
    visits(&server, &complete, &gone, 1);
}

pub(super) fn review(_: &Scene) {
    let text = fs::read_to_string(DOCUMENT).unwrap();
    let (_, reviews) = text.split_once("## Revue").unwrap();
    let dates = reviews
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split(' ').next()?.parse::<Date>().ok());
    let last = dates.max().expect("a dated review");
    let today = Zoned::now().date();
    let oldest = today.checked_sub(Span::new().months(12)).unwrap();
    assert!(last >= oldest, "the last review, of {last}, is older than a year: make another");
    assert!(last <= today.tomorrow().unwrap(), "a review of {last} cannot have been made");
}

pub(super) fn nothing_elsewhere(scene: &Scene) {
    for page in ["/login", "/opt-out"] {
        let answer = scene.server.get(page);
        let head = answer.head.to_lowercase();
        assert!(head.contains("content-security-policy: default-src 'none'"), "{page}: {head}");
        for way in ["src=\"http", "src=\"//", "href=\"http", "href=\"//", "url(http", "@import"] {
            assert!(!answer.text().contains(way), "{page} asks elsewhere: {way}");
        }
    }
    let process = scene.server.process();
    let sockets: BTreeSet<String> = fs::read_dir(format!("/proc/{process}/fd"))
        .unwrap()
        .filter_map(|it| fs::read_link(it.ok()?.path()).ok())
        .filter_map(|it| {
            Some(it.to_str()?.strip_prefix("socket:[")?.trim_end_matches(']').to_owned())
        })
        .collect();
    assert!(!sockets.is_empty());
    let mut listening = 0;
    for table in ["tcp", "tcp6", "udp", "udp6"] {
        let Ok(text) = fs::read_to_string(format!("/proc/{process}/net/{table}")) else { continue };
        for line in text.lines().skip(1) {
            let words: Vec<_> = line.split_whitespace().collect();
            if !words.get(9).is_some_and(|it| sockets.contains(*it)) {
                continue;
            }
            let remote = words[2].split(':').next().unwrap();
            let near = ["00000000", "0100007F", "00000000000000000000000000000000"];
            assert!(near.contains(&remote) || remote.ends_with("01000000"), "{line}");
            listening += usize::from(words[3] == "0A");
        }
    }
    assert!(listening > 0, "not even its own door was seen");
}

pub(super) fn sites_apart(scene: &Scene) {
    let token = scene.account("seul", Some(("view", &scene.site)));
    let other = [("idSite", scene.other.as_str()), ("period", "day"), ("date", "today")];
    let own = scene.ask_as(&token, "VisitsSummary.get", &scene.today());
    assert!(own["nb_visits"].as_i64().is_some_and(|it| it > 0), "{own}");
    let refused = scene.ask_as(&token, "VisitsSummary.get", &other);
    assert!(refused["message"].as_str().unwrap_or_default().contains("'view' access"), "{refused}");
    let both = format!("{},{}", scene.site, scene.other);
    let both = [("idSite", both.as_str()), ("period", "day"), ("date", "today")];
    assert_eq!(scene.ask_as(&token, "VisitsSummary.get", &both)["result"], "error");
    let own = keys(scene, &scene.site);
    let others = keys(scene, &scene.other);
    assert!(own.iter().all(|(_, key)| others.iter().all(|(_, it)| it != key)));
}
