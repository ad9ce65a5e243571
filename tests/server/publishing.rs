//! What others than a site's team may see: published once a month is over, and nothing else.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::running::Server;

const REGISTER: &str = r#"
version = 1

[[feature]]
key = "dessin"
name = { fr = "Dessin", en = "Drawing" }
rules = [{ category = "Quiz", action = "dessin" }]

# Nobody uses it, which must not keep the rest from being published.
[[feature]]
key = "audio"
name = { fr = "Audio", en = "Audio" }
rules = [{ category = "Quiz", action = "audio" }]

[[audience]]
key = "profil"
name = { fr = "Profil", en = "Profile" }
kind = "profile"
dimension = 1
values = ["eleve", "enseignant"]

[[audience]]
key = "etablissement"
name = { fr = "Établissement", en = "Establishment" }
kind = "establishment"
dimension = 2

[[pair]]
of = ["etablissement", "profil"]
"#;

/// Establishment, pupils, teachers.
const SCHOOLS: [(&str, usize, usize); 5] = [
    ("0750655E", 60, 20),
    ("0750654D", 50, 3),
    ("0750653C", 45, 25),
    ("0750652B", 40, 22),
    ("0010001W", 70, 30),
];

/// A day of a month that is over.
const DAY: &str = "2026-03-10 09:00:00";

fn ask(server: &Server, token: Option<&str>, method: &str, more: &str) -> Value {
    let token = token.map(|it| format!("&token_auth={it}")).unwrap_or_default();
    server.get(&format!("/?module=API&format=json&method={method}{token}{more}")).json()
}

/// The row of a place and a profile of any visit.
fn row<'a>(answer: &'a Value, place: &str, profile: &str) -> &'a Value {
    let rows = answer.as_array().unwrap_or_else(|| panic!("{answer}"));
    let mine = |row: &&Value| {
        row["place"] == place && row["profile"] == profile && row["feature"] == "dessin"
    };
    rows.iter().find(mine).unwrap_or_else(|| panic!("{place} {profile}: {answer}"))
}

fn use_feature(server: &Server, site: &str, who: usize, school: &str, profile: &str) {
    let id = format!("{:016x}", who + 1);
    let hit = [
        ("idsite", site),
        ("url", "https://www.quiziniere.com/creer"),
        ("_id", &id),
        ("cdt", DAY),
        ("token_auth", &server.token),
        ("dimension1", profile),
        ("dimension2", school),
        ("e_c", "Quiz"),
        ("e_a", "dessin"),
        ("ca", "1"),
    ];
    assert_eq!(server.hit(&hit).status, 204);
}

/// Somebody who logs in lands on the page of published figures, which shows what the API answers.
fn the_page(server: &Server, site: &str, login: &str, place: &str) {
    let form = format!("user={login}&password=correct%20horse");
    let kind = ("Content-Type", "application/x-www-form-urlencoded");
    let answer = server.request("POST", "/login", &[kind], form.as_bytes());
    let cookie = answer.head.lines().find_map(|line| line.strip_prefix("set-cookie: "));
    let cookie = cookie.unwrap_or_else(|| panic!("{}", answer.head)).split(';').next().unwrap();
    let get = |target: &str| server.request("GET", target, &[("Cookie", cookie)], b"");
    let home = get("/?lang=fr");
    assert_eq!(home.status, 303);
    let landing = format!("/published?site={site}&lang=fr");
    assert!(home.head.contains(&format!("location: {landing}")), "{}", home.head);
    let page = get(&landing);
    assert_eq!(page.status, 200, "{}", page.text());
    let page = page.text();
    // Its own school: what is published of everyone, and nothing of three teachers.
    assert!(page.contains("mars 2026") && page.contains("0750654D"), "{page}");
    let teachers = get(&format!("{landing}&profile=enseignant")).text();
    assert!(teachers.contains(">masqué</td>"), "{teachers}");
    let department = get(&format!("{landing}&place=departement:75&feature=dessin")).text();
    assert!(department.contains(">270</td>"), "{department}");
    assert!(!department.contains("0750655E"), "another school's");
    // Elsewhere is as if it had not been asked for; other pages are not there.
    let elsewhere = get(&format!("{landing}&place=uai:0750655E")).text();
    assert!(elsewhere.contains("0750654D") && !elsewhere.contains("0750655E"), "{elsewhere}");
    for other in
        [format!("/sites/{site}"), format!("/features?site={site}"), "/published?site=99".into()]
    {
        assert_eq!(get(&other).status, 404, "{other}");
    }
    let csv =
        get(&format!("/published.csv?site={site}&place={place}&period=month&date=2026-03-01"));
    assert!(csv.head.contains("text/csv") || csv.head.contains("csv"), "{}", csv.head);
    assert!(csv.text().contains("adoption_visits_rate"), "{}", csv.text());
}

#[test]
fn a_head_sees_the_own_school_and_nothing_that_tells_of_few() {
    let mut server = Server::start();
    let site = server.add_site(&[]);
    for name in ["Profil", "Établissement"] {
        server.api(
            "CustomDimensions.configureNewCustomDimension",
            &[("idSite", &site), ("name", name), ("scope", "visit"), ("active", "1")],
        );
    }
    let applied = server.api("Features.apply", &[("idSite", &site), ("register", REGISTER)]);
    assert_ne!(applied["result"], "error", "{applied}");
    let mut who = 0;
    for (school, pupils, teachers) in SCHOOLS {
        for (profile, count) in [("eleve", pupils), ("enseignant", teachers)] {
            for _ in 0..count {
                use_feature(&server, &site, who, school, profile);
                who += 1;
            }
        }
    }
    let asked = format!("&idSite={site}&period=month&date=2026-03-15");
    let token = server.token.clone();
    let counted = |server: &Server, uses: i64| {
        let begun = Instant::now();
        loop {
            let adoption = ask(server, Some(&server.token), "Features.getAdoption", &asked);
            if adoption[0]["nb_uses"] == uses {
                return;
            }
            assert!(begun.elapsed() < Duration::from_secs(20), "{adoption}");
            std::thread::sleep(Duration::from_millis(100));
        }
    };
    counted(&server, 365);
    // What is over is published soon after a start.
    server.kill();
    server.start_again();
    let begun = Instant::now();
    let nation = loop {
        let answer = ask(&server, Some(&token), "Features.getPublished", &asked);
        if answer[0]["months_decided"] == 1 {
            break answer;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "{answer}");
        std::thread::sleep(Duration::from_millis(200));
    };
    // 365 people, one use each.
    let all = row(&nation, "nation", "");
    assert_eq!(
        (&all["nb_visitors"], &all["nb_uses"], &all["s"]),
        (&370.into(), &370.into(), &Value::Null)
    );
    assert_eq!(row(&nation, "nation", "eleve")["nb_visits"], 270);
    // Everyone used it: of many people that may be told.
    assert_eq!(all["adoption_visits_rate"].as_f64(), Some(1.0));

    // The head of the school with three teachers.
    let login =
        [("userLogin", "cheffe"), ("password", "correct horse"), ("email", "c@example.org")];
    server.api("UsersManager.addUser", &login);
    let scope = [("idSite", site.as_str()), ("userLogin", "cheffe"), ("places", "uai:0750654D")];
    assert_eq!(server.api("Scopes.set", &scope)["result"], "success");
    assert_eq!(server.api("Scopes.get", &scope), serde_json::json!(["uai:0750654D"]));
    let own = server.get("/?module=API&format=json&method=UsersManager.createAppSpecificTokenAuth&userLogin=cheffe&description=App&passwordConfirmation=correct%20horse").json();
    let own = own["value"].as_str().unwrap().to_owned();
    let place = |place: &str| {
        ask(&server, Some(&own), "Features.getPublished", &format!("{asked}&place={place}"))
    };
    let school = place("uai:0750654D");
    let teachers = row(&school, "uai:0750654D", "enseignant");
    assert_eq!(
        (&teachers["nb_uses"], &teachers["s"]),
        (&Value::Null, &"k".into()),
        "three teachers"
    );
    let department = place("departement:75");
    assert_eq!(row(&department, "departement:75", "")["nb_uses"], 270);
    // Its own school stands among the places of the département, no other does.
    assert!(department.as_array().unwrap().iter().all(|it| it["place"] != "uai:0750655E"));
    row(&department, "uai:0750654D", "");
    for elsewhere in ["uai:0750655E", "departement:01", "academie:10"] {
        let refused = place(elsewhere);
        assert!(refused["message"].as_str().unwrap().contains("your account sees"), "{refused}");
    }
    for method in ["VisitsSummary.get", "Features.getAdoption", "Audience.get", "Events.getAction"]
    {
        let refused = ask(&server, Some(&own), method, &format!("{asked}&audience=etablissement"));
        assert_eq!(refused["result"], "error", "{method}: {refused}");
    }
    the_page(&server, &site, "cheffe", "uai:0750654D");
    let day = ask(
        &server,
        Some(&own),
        "Features.getPublished",
        &format!("&idSite={site}&period=day&date=2026-03-10"),
    );
    assert!(day["message"].as_str().unwrap().contains("period=month"), "{day}");

    // Nobody else sees anything, unless the site is public.
    assert_eq!(ask(&server, None, "Features.getPublished", &asked)["result"], "error");
    let page = format!("/published?site={site}&lang=en");
    assert_eq!(server.get(&page).status, 303, "to the login");
    let public = [("idSite", site.as_str()), ("settings", r#"{"public": true}"#)];
    assert_ne!(server.api("SitesManager.updateSite", &public)["result"], "error");
    let everyone = ask(&server, None, "Features.getPublished", &asked);
    assert_eq!(row(&everyone, "nation", "")["nb_uses"], 370);
    let public_page = server.get(&page);
    assert_eq!(public_page.status, 200, "nobody has to log in");
    assert!(public_page.text().contains("Île-de-France"), "{}", public_page.text());
    assert_eq!(server.get("/published?site=99").status, 303);
    assert_eq!(ask(&server, None, "Features.getAdoption", &asked)["result"], "error");

    // What comes late changes nothing that was published.
    for _ in 0..40 {
        use_feature(&server, &site, who, "0750654D", "enseignant");
        who += 1;
    }
    counted(&server, 405);
    server.kill();
    server.start_again();
    std::thread::sleep(Duration::from_secs(1));
    let after = ask(&server, Some(&token), "Features.getPublished", &asked);
    assert_eq!(after, nation);
    // Nothing but rounded figures is kept for others.
    server.sql(
        "alter table published add check (people % 10 = 0 and visits % 10 = 0 and uses % 10 = 0)",
    );
}
