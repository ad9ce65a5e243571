//! Establishments as denominators, and the places they stand in, over the whole way.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::running::Server;

const SAMPLE: &str = include_str!("../../demo/annuaire-exemple.csv");

const REGISTER: &str = r#"
version = 1

[[feature]]
key = "dessin"
name = { fr = "Dessin", en = "Drawing" }
rules = [{ category = "Quiz", action = "dessin" }]

[[feature]]
key = "audio"
name = { fr = "Audio", en = "Audio" }
rules = [{ category = "Quiz", action = "audio" }]

[[audience]]
key = "academie"
name = { fr = "Académie", en = "Académie" }
kind = "academy"
dimension = 1
values = ["Lyon", "Grenoble", "Lille"]

[[audience]]
key = "etablissement"
name = { fr = "Établissement", en = "School" }
kind = "establishment"
dimension = 2
"#;

/// A code that the directory does not know.
const UNKNOWN: &str = "0750655E";

/// A line of the directory, as far as it is looked at here.
struct School {
    uai: String,
    academy: String,
    kind: String,
    open: bool,
}

fn directory() -> Vec<School> {
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(SAMPLE.as_bytes());
    let heads = reader.headers().unwrap().clone();
    let at = |name: &str| {
        heads
            .iter()
            .position(|it| it.trim_start_matches('\u{feff}') == name)
            .unwrap_or_else(|| panic!("{name}: {heads:?}"))
    };
    let (uai, academy, kind, state) = (
        at("Identifiant_de_l_etablissement"),
        at("Libelle_academie"),
        at("Type_etablissement"),
        at("etat"),
    );
    let school = |line: csv::StringRecord| School {
        uai: line[uai].to_owned(),
        academy: line[academy].to_owned(),
        kind: line[kind].to_owned(),
        open: !line[state].starts_with("FERM") && !line[state].contains("OUVRIR"),
    };
    reader.records().map(|line| school(line.unwrap())).collect()
}

/// A visit of the school's `n`-th person; with a use of what it draws.
fn visit(server: &Server, site: &str, uai: &str, n: usize, feature: Option<&str>, academy: &str) {
    let id = format!("{:016x}", n + 1);
    let day = format!("2026-03-{:02} 09:00:00", 2 + n % 20);
    let mut hit = vec![
        ("idsite", site),
        ("url", "https://www.quiziniere.com/creer"),
        ("_id", &id),
        ("cdt", &day),
        ("token_auth", &server.token),
        ("dimension1", academy),
        ("dimension2", uai),
    ];
    if let Some(feature) = feature {
        hit.extend([("e_c", "Quiz"), ("e_a", feature), ("ca", "1")]);
    }
    assert_eq!(server.hit(&hit).status, 204);
}

#[test]
fn shares_are_of_the_establishments_of_a_territory() {
    let server = Server::start();
    let site = server.add_site(&[]);
    for name in ["Académie", "Établissement"] {
        server.api(
            "CustomDimensions.configureNewCustomDimension",
            &[("idSite", &site), ("name", name), ("scope", "visit"), ("active", "1")],
        );
    }
    let applied = server.api("Features.apply", &[("idSite", &site), ("register", REGISTER)]);
    assert_ne!(applied["result"], "error", "{applied}");
    let schools = directory();
    // Every fifth school comes, every tenth draws, on two days.
    let mut drawing = BTreeSet::new();
    let academies = ["Lyon", "Grenoble", "Lille"];
    for (n, school) in schools.iter().enumerate().filter(|(n, _)| n % 5 == 0) {
        let feature = (n % 10 == 0).then_some("dessin");
        visit(&server, &site, &school.uai, n, feature, academies[n % 3]);
        if feature.is_some() {
            visit(&server, &site, &school.uai, n + 1000, feature, academies[n % 3]);
            drawing.insert(school.uai.as_str());
        }
    }
    visit(&server, &site, UNKNOWN, 999, Some("dessin"), "Lyon");
    let asked = |more: &[(&'static str, &'static str)]| {
        let all = [("idSite", site.as_str()), ("period", "month"), ("date", "2026-03-01")];
        let fixed = [("format_metrics", "0"), ("filter_limit", "-1"), ("language", "en")];
        [&all[..], &fixed[..], more].concat()
    };
    let uses = 2 * drawing.len() + 1;
    server.wait_for("Features.getAdoption", &asked(&[("feature", "dessin")]), |rows| {
        rows[0]["nb_uses"] == uses
    });
    // Without the directory there is nothing to be a share of.
    let bare = server.api("Features.getReach", &asked(&[]));
    assert_eq!(bare[0]["reach_rate"], Value::Null, "{bare}");
    server.admin(&[
        "import-annuaire",
        concat!(env!("CARGO_MANIFEST_DIR"), "/demo/annuaire-exemple.csv"),
    ]);

    for by in ["academy", "type"] {
        let answer = server.api("Features.getReach", &asked(&[("feature", "dessin"), ("by", by)]));
        let rows = answer.as_array().unwrap_or_else(|| panic!("{answer}"));
        let mut wanted: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
        for (n, school) in schools.iter().enumerate().filter(|(_, it)| it.open) {
            let of = if by == "type" { &school.kind } else { &school.academy };
            let [used, active, open] = wanted.entry(of).or_default();
            *used += usize::from(drawing.contains(school.uai.as_str()));
            *active += usize::from(n % 5 == 0);
            *open += 1;
        }
        for row in rows.iter().filter(|row| row["label"] != "Not in the directory") {
            let label = row["label"].as_str().unwrap();
            let columns =
                ["nb_establishments_with_use", "nb_establishments_active", "nb_establishments"];
            let got = columns.map(|it| usize::try_from(row[it].as_u64().unwrap()).unwrap());
            if by == "academy" {
                assert_eq!(Some(&got), wanted.get(label), "{label}: {wanted:?}");
            }
        }
        let sum = |column: &str| rows.iter().map(|it| it[column].as_u64().unwrap()).sum::<u64>();
        let open = schools.iter().filter(|it| it.open).count();
        assert_eq!(sum("nb_establishments"), u64::try_from(open).unwrap(), "{by}");
        assert_eq!(sum("nb_establishments_with_use"), u64::try_from(drawing.len()).unwrap() + 1);
        let unknown = rows.iter().find(|row| row["label"] == "Not in the directory").unwrap();
        let closed = schools.iter().filter(|it| !it.open && drawing.contains(it.uai.as_str()));
        assert_eq!(unknown["nb_establishments_with_use"], closed.count() + 1, "{unknown}");
    }
    // A year holds each establishment once, in whatever months it came.
    let year = [("idSite", site.as_str()), ("period", "year"), ("date", "2026-03-01")];
    let year = server.api("Features.getReach", &[&year[..], &[("language", "en")]].concat());
    let month = server.api("Features.getReach", &asked(&[]));
    assert_eq!(year[0]["nb_establishments_with_use"], month[0]["nb_establishments_with_use"]);

    // Where establishments and académies are, told from what was stored of them.
    let visits = |audience: &str, value: &str| {
        let all = [("idSite", site.as_str()), ("period", "month"), ("date", "2026-03-01")];
        let more = [("feature", "dessin"), ("audience", audience), ("language", "en")];
        let rows = server.api(
            "Features.getAdoption",
            &[&all[..], &more[..], &[("filter_limit", "-1")]].concat(),
        );
        let rows = rows.as_array().unwrap_or_else(|| panic!("{rows}")).clone();
        assert!(rows.iter().all(|row| row.get("nb_uniq_visitors").is_none()), "{rows:?}");
        let row = rows.iter().find(|row| row["label"] == value);
        row.map_or(0, |row| row["nb_visits"].as_u64().unwrap())
    };
    let drawn = |academy: &[&str]| {
        let of = |it: &&School| {
            drawing.contains(it.uai.as_str()) && academy.contains(&it.academy.as_str())
        };
        2 * u64::try_from(schools.iter().filter(of).count()).unwrap()
    };
    assert_eq!(visits("etablissement:academy", "Lyon"), drawn(&["Lyon"]));
    assert_eq!(
        visits("etablissement:region", "Auvergne-Rhône-Alpes"),
        drawn(&["Lyon", "Grenoble", "Clermont-Ferrand"])
    );
    assert_eq!(visits("etablissement:department", "Paris"), drawn(&["Paris"]) + 1);
    let (zones, regions) =
        (visits("academie:zone", "Zone A"), visits("academie:region", "Hauts-de-France"));
    let told = |of: &[usize]| {
        let drew = |n: &usize| n.is_multiple_of(10) && of.contains(&(n % 3));
        2 * u64::try_from((0..schools.len()).filter(drew).count()).unwrap()
    };
    assert_eq!((zones, regions), (told(&[0, 1]) + 1, told(&[2])));
    let one = server.api(
        "Features.getMoments",
        &asked(&[
            ("feature", "dessin"),
            ("audience", "academie:zone"),
            ("audienceValue", "Zone A"),
            ("flat", "1"),
        ]),
    );
    let hours =
        one.as_array().unwrap().iter().map(|row| row["nb_uses"].as_u64().unwrap()).sum::<u64>();
    assert_eq!(hours, zones, "{one}");
    the_page(&server, &site, rows_of("Lyon", &schools, &drawing));
}

/// How many of an académie's schools draw, of how many.
fn rows_of(academy: &str, schools: &[School], drawing: &BTreeSet<&str>) -> (usize, usize) {
    let of = || schools.iter().filter(|it| it.open && it.academy == academy);
    (of().filter(|it| drawing.contains(it.uai.as_str())).count(), of().count())
}

/// The page of features shows the same, by territory where a feature is chosen.
fn the_page(server: &Server, site: &str, (used, open): (usize, usize)) {
    let claire = [("userLogin", "claire"), ("password", "une-phrase-assez-longue")];
    server.api("UsersManager.addUser", &[&claire[..], &[("email", "c@example.org")]].concat());
    let access = [("userLogin", "claire"), ("access", "view"), ("idSites", site)];
    server.api("UsersManager.setUserAccess", &access);
    let form = b"user=claire&password=une-phrase-assez-longue";
    let kind = ("Content-Type", "application/x-www-form-urlencoded");
    let answer = server.request("POST", "/login", &[kind], form);
    let cookie = answer.head.lines().find_map(|line| line.strip_prefix("set-cookie: "));
    let cookie = cookie.unwrap_or_else(|| panic!("{}", answer.head)).split(';').next().unwrap();
    let get = |more: &str| {
        let target = format!("/features?site={site}&date=2026-03-09&lang=fr&{more}");
        let answer = server.request("GET", &target, &[("Cookie", cookie)], b"");
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.text()
    };
    let page = get("period=month");
    assert!(
        page.contains("Part des établissements</h2>") && page.contains("Académie (zone"),
        "{page}"
    );
    let page = get("period=month&feature=dessin&by=academy");
    let row = page.split("<th scope=\"row\">Lyon</th>").nth(1).unwrap_or_else(|| panic!("{page}"));
    let cells: Vec<_> = row.split("<td class=\"n\">").take(5).collect();
    assert!(cells[2].starts_with(&used.to_string()), "{cells:?}");
    assert!(cells[4].starts_with(&open.to_string()), "{cells:?}");
    assert!(get("period=day").contains("par semaines et par mois entiers"));
    assert!(get("period=month&audience=academie%3Azone&value=Zone+A").contains("Zone A"));
}
