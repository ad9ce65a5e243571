//! The data map: what is told of names, what is never written, what a label does.

use serde_json::Value;

use crate::{
    declaring::{FORM, logged_in},
    running::Server,
};

const PAGE: &str = "https://www.quiziniere.com/creer";

fn event(server: &Server, site: &str, sender: u32, name: &str) {
    let id = format!("{sender:016x}");
    server.hit(&[
        ("idsite", site),
        ("url", PAGE),
        ("_id", &id),
        ("e_c", "Création"),
        ("e_a", "ajout"),
        ("e_n", name),
        ("ca", "1"),
    ]);
}

fn names(server: &Server, site: &str) -> Vec<Value> {
    server
        .api("DataMap.get", &[("idSite", site), ("filter_limit", "-1")])
        .as_array()
        .unwrap()
        .clone()
}

fn find<'a>(names: &'a [Value], kind: &str, name: &str) -> Option<&'a Value> {
    names.iter().find(|it| it["kind"] == kind && it["name"] == name)
}

#[test]
fn a_label_lets_a_name_through_and_takes_it_back() {
    let server = Server::start();
    let site = server.add_site(&[]);
    for sender in 0..12 {
        event(&server, &site, sender, "qcm");
    }
    let seen = names(&server, &site);
    let event_name = find(&seen, "event_name", "Création › ajout › qcm").expect("it is told");
    assert_eq!((&event_name["label"], &event_name["seen"]), (&"protected".into(), &2.into()));
    let shape = find(&seen, "event_name", "Aa › a › a").expect("the first ones");
    assert_eq!((&shape["isShape"], &shape["seen"]), (&1.into(), &10.into()));

    let label = |name: &Value, label: &str| {
        let id = name["idName"].to_string();
        server.api("DataMap.label", &[("idSite", &site), ("idName", &id), ("label", label)])
    };
    let why = label(event_name, "trace");
    assert!(why["message"].as_str().unwrap().contains("label the event first"), "{why}");
    let category = find(&seen, "event", "Création › ajout").unwrap();
    assert_eq!(label(category, "trace")["result"], "success");
    assert_eq!(label(event_name, "trace")["result"], "success");
    assert_eq!(label(shape, "trace")["result"], "error");
    assert_eq!(label(shape, "noise")["result"], "success");
    assert_eq!(label(shape, "nonsense")["result"], "error");
    let seen = names(&server, &site);
    assert_eq!(find(&seen, "event_name", "Création › ajout › qcm").unwrap()["label"], "trace");
    assert_eq!(find(&seen, "event_name", "Aa › a › a").unwrap()["label"], "noise");

    // From now on it is written, and counted under its name.
    event(&server, &site, 1, "qcm");
    let report = [("idSite", site.as_str()), ("period", "day"), ("date", "today")];
    let rows = server.wait_for("Events.getName", &report, |it| it[0]["nb_events"] == 1);
    assert_eq!(rows[0]["label"], "qcm");
    assert_eq!(label(event_name, "protected")["result"], "success");
    event(&server, &site, 1, "qcm");
    event(&server, &site, 1, "autre");
    let action = server.wait_for("Events.getAction", &report, |it| it[0]["nb_events"] == 3);
    assert_eq!(action[0]["label"], "ajout");
    let named = server.api("Events.getName", &report);
    let qcm = named.as_array().unwrap().iter().find(|it| it["label"] == "qcm").unwrap();
    assert_eq!(qcm["nb_events"], 1, "{named}");
    let csv = server.get(&format!(
        "/index.php?module=API&method=DataMap.get&format=csv&convertToUnicode=0&idSite={site}&token_auth={}",
        server.token
    ));
    assert!(
        csv.text().lines().any(|it| it.contains("qcm") && it.contains("protected")),
        "{}",
        csv.text()
    );
}

#[test]
fn names_are_labelled_on_the_screen_by_who_may() {
    let server = Server::start();
    let site = server.add_site(&[]);
    for sender in 0..12 {
        event(&server, &site, sender, "qcm");
    }
    let (writer, viewer) =
        (logged_in(&server, "wanda", "write", &site), logged_in(&server, "vera", "view", &site));
    let page = format!("/data-map?site={site}");
    let see = |cookie: &str, page: &str| server.request("GET", page, &[("Cookie", cookie)], b"");
    assert_eq!(see("", &page).status, 303);
    assert_eq!(see(&viewer, "/data-map?site=99").status, 404);
    let seen = see(&viewer, &page).text();
    assert!(seen.contains("Création › ajout › qcm") && !seen.contains("value=\"trace\""), "{seen}");
    assert!(see(&writer, &page).text().contains("value=\"trace\""));
    let listed = names(&server, &site);
    let id = find(&listed, "event", "Création › ajout").unwrap()["idName"].to_string();
    let own = format!("http://{}", server.address);
    let send = |cookie: &str, origin: &str| {
        let headers = [FORM, ("Cookie", cookie), ("Origin", origin)];
        server.request("POST", &page, &headers, format!("name={id}&label=trace").as_bytes()).status
    };
    assert_eq!(send(&viewer, &own), 403);
    assert_eq!(send(&writer, "https://evil.example"), 403);
    let label =
        || find(&names(&server, &site), "event", "Création › ajout").unwrap()["label"].clone();
    assert_eq!(label(), "protected");
    assert_eq!(send(&writer, &own), 303);
    assert_eq!(label(), "trace");
    let csv = see(&viewer, &format!("/data-map.csv?site={site}"));
    assert!(csv.text().contains("event,\"Création › ajout\",0,trace,2,"), "{}", csv.text());
}

/// Ten sightings are too few, and a mail is never a name, however often it comes.
#[test]
fn rare_names_and_mails_are_nowhere_on_disk() {
    let mut server = Server::start();
    let site = server.add_site(&[]);
    let (rare, first_name, mail) = ("fanfreluche", "Zebulonette", "camille.canari@ac-exemple.fr");
    for sender in 0..10 {
        event(&server, &site, sender, rare);
    }
    let title = format!("Copie de {first_name}");
    for sender in 0..200 {
        let id = format!("{sender:016x}");
        event(&server, &site, sender, mail);
        let query = format!("{PAGE}?{mail}=1&xq7zt9k4w2v8=2");
        server.hit(&[
            ("idsite", &site),
            ("url", &query),
            ("action_name", &title),
            ("_id", &id),
            ("dimension1", mail),
            (mail, "x"),
            (first_name, "y"),
        ]);
    }
    // The common word shows that names do get to the disk.
    for sender in 0..12 {
        event(&server, &site, sender, "marguerite");
    }
    let told = serde_json::to_string(&names(&server, &site)).unwrap();
    assert!(told.contains("marguerite"));
    server.sql("checkpoint");
    server.kill();
    let mut found = Vec::new();
    let mut seen = false;
    scan(server.folder(), &mut |path, bytes| {
        let holds = |text: &str| bytes.windows(text.len()).any(|it| it == text.as_bytes());
        seen |= holds("marguerite");
        for secret in [rare, first_name, mail, "camille.canari", "xq7zt9k4w2v8"] {
            if holds(secret) {
                found.push(format!("{secret} in {path}"));
            }
        }
    });
    assert!(seen, "what may be told is on disk, so the scan does see");
    assert!(found.is_empty(), "{found:?}");
    for secret in [rare, first_name, mail, "xq7zt9k4w2v8"] {
        assert!(!told.contains(secret), "{secret} is told");
    }
}

fn scan(folder: &std::path::Path, look: &mut impl FnMut(&str, &[u8])) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            scan(&path, look);
        } else if let Ok(bytes) = std::fs::read(&path) {
            look(&path.display().to_string(), &bytes);
        }
    }
}
