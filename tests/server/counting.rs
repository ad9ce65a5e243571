//! From hits to reports, over the whole way.

use serde_json::Value;

use crate::running::Server;

const AGENT: &str = "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Safari/537.36";

fn today(site: &str) -> [(&str, &str); 3] {
    [("idSite", site), ("period", "day"), ("date", "today")]
}

/// Thirty pupils behind one address with one kind of tablet are thirty visitors.
#[test]
fn a_class_is_a_class() {
    let server = Server::start();
    let site = server.add_site(&[]);
    for pupil in 0..30 {
        let id = format!("{:016x}", pupil + 1);
        for page in ["/repondre", "/rendu"] {
            let url = format!("https://www.quiziniere.com{page}");
            assert_eq!(
                server.hit(&[("idsite", &site), ("url", &url), ("_id", &id), ("ua", AGENT)]).status,
                204
            );
        }
    }
    let summary = server.wait_for("VisitsSummary.get", &today(&site), |it| it["nb_actions"] == 60);
    assert_eq!(
        (&summary["nb_visits"], &summary["nb_uniq_visitors"]),
        (&Value::from(30), &Value::from(30))
    );
    // A thirty-first hit without an id cannot be told to be one of them.
    server.hit(&[("idsite", &site), ("url", "https://www.quiziniere.com/repondre"), ("ua", AGENT)]);
    let summary = server.wait_for("VisitsSummary.get", &today(&site), |it| it["nb_actions"] == 61);
    assert_eq!(summary["nb_visits"], 31);
}

/// A page that drops its cookie stays one visit, where nobody else could be meant.
#[test]
fn a_hit_without_an_id_joins_the_only_open_visit_of_its_kind() {
    let server = Server::start();
    let site = server.add_site(&[]);
    server.hit(&[
        ("idsite", &site),
        ("url", "https://www.quiziniere.com/a"),
        ("_id", "00000000000000aa"),
        ("ua", AGENT),
    ]);
    server.hit(&[("idsite", &site), ("url", "https://www.quiziniere.com/b"), ("ua", AGENT)]);
    let summary = server.wait_for("VisitsSummary.get", &today(&site), |it| it["nb_actions"] == 2);
    assert_eq!(
        (&summary["nb_visits"], &summary["bounce_count"]),
        (&Value::from(1), &Value::from(0))
    );
}

#[test]
fn an_exempt_site_writes_what_is_listed_and_counts_the_rest() {
    let server = Server::start();
    let settings = r#"{"allowed":{"events":[{"category":"Création","action":"ajout","names":["qcm"]}],
        "dimensions":[{"id":1,"values":["eleve"]}],"titles":["Créer"],"url_parameters":["page"]}}"#;
    let site = server.add_site(&[("settings", settings)]);
    server.api(
        "CustomDimensions.configureNewCustomDimension",
        &[("idSite", &site), ("name", "Profil"), ("scope", "visit"), ("active", "1")],
    );
    let id = ("_id", "00000000000000aa");
    let base = ("idsite", site.as_str());
    let page = ("url", "https://www.quiziniere.com/creer/K7QX2P?page=2&eleve=zoe&utm_campaign=x");
    server.hit(&[
        base,
        id,
        page,
        ("action_name", "Créer"),
        ("dimension1", "eleve"),
        ("urlref", "https://ent.example.fr/zoe?x=1"),
    ]);
    server.hit(&[base, id, page, ("action_name", "Quiz de Zoé"), ("dimension1", "Zoé")]);
    server.hit(&[
        base,
        id,
        page,
        ("e_c", "Création"),
        ("e_a", "ajout"),
        ("e_n", "qcm"),
        ("e_v", "12.5"),
    ]);
    server.hit(&[base, id, page, ("e_c", "Création"), ("e_a", "ajout"), ("e_n", "Zoé")]);
    server.hit(&[base, id, page, ("e_c", "Zoé"), ("e_a", "ajout")]);
    server.wait_for("Events.getCategory", &today(&site), |it| it[0]["nb_events"] == 2);
    let flat = |method: &str| {
        let mut parameters = today(&site).to_vec();
        parameters.push(("flat", "1"));
        let rows = server.api(method, &parameters);
        rows.as_array()
            .unwrap()
            .iter()
            .map(|row| row["label"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(flat("Actions.getPageUrls"), ["/creer/~?page=2"]);
    assert_eq!(flat("Actions.getPageTitles"), ["Créer", "Page Name not defined"]);
    assert_eq!(flat("Events.getCategory"), ["Création - ajout"]);
    assert_eq!(flat("Events.getName"), ["Event Name not defined - ajout", "qcm - ajout"]);
    assert_eq!(flat("Referrers.getCampaigns"), Vec::<String>::new());
    assert_eq!(flat("Referrers.getWebsites"), ["ent.example.fr"]);
    let mut dimension = today(&site).to_vec();
    dimension.push(("idDimension", "1"));
    let rows = server.api("CustomDimensions.getCustomDimension", &dimension);
    assert_eq!(rows[0]["label"], "eleve");
    assert_eq!(rows.as_array().unwrap().len(), 1);
}

#[test]
fn who_asked_not_to_be_counted_is_not() {
    let server = Server::start();
    let site = server.add_site(&[]);
    let target = format!(
        "/matomo.php?idsite={site}&rec=1&url=https://www.quiziniere.com/&_id=00000000000000aa"
    );
    for header in [
        ("DNT", "1"),
        ("Sec-GPC", "1"),
        ("Cookie", "padoqe_ignore=1"),
        ("User-Agent", "Googlebot/2.1 (+http://www.google.com/bot.html)"),
    ] {
        assert_eq!(server.request("GET", &target, &[header], b"").status, 200);
    }
    server.get(&target);
    let summary = server.wait_for("VisitsSummary.get", &today(&site), |it| it["nb_visits"] == 1);
    assert_eq!(summary["nb_actions"], 1);
}

#[test]
fn nothing_acknowledged_is_lost_or_doubled_by_kills() {
    let mut server = Server::start();
    let site = server.add_site(&[("policy", "complete")]);
    let mut sent = 0;
    for round in 0..3 {
        for n in 0..40 {
            let id = format!("{:016x}", n % 7 + 1);
            let name = format!("{round}-{n}");
            let hit = [
                ("idsite", site.as_str()),
                ("_id", &id),
                ("e_c", "c"),
                ("e_a", "a"),
                ("e_n", &name),
                ("url", "https://www.quiziniere.com/"),
            ];
            assert_eq!(server.hit(&hit).status, 204);
            sent += 1;
        }
        server.kill();
        server.start_again();
        let rows =
            server.wait_for("Events.getCategory", &today(&site), |it| it[0]["nb_events"] == sent);
        assert_eq!(rows[0]["nb_events"], sent);
    }
    let mut all = today(&site).to_vec();
    all.push(("filter_limit", "-1"));
    let names = server.api("Events.getName", &all);
    let names = names.as_array().unwrap();
    assert_eq!(names.len(), 120);
    assert!(names.iter().all(|row| row["nb_events"] == 1));
    // Visits go on over restarts: seven visitors, one visit each.
    assert_eq!(server.api("VisitsSummary.get", &today(&site))["nb_visits"], 7);
}

#[test]
fn figures_are_kept_for_25_months_and_no_longer() {
    let mut server = Server::start();
    let old = server.add_site(&[("policy", "complete")]);
    let young = server.add_site(&[("policy", "complete")]);
    let month = |back: i32| {
        let first = jiff::Zoned::now().date().first_of_month();
        first.checked_sub(jiff::Span::new().months(back)).unwrap().to_string()
    };
    let (kept, gone) = (month(24), month(26));
    for site in [&old, &young] {
        for day in [&kept, &gone] {
            let moment = format!("{day} 10:00:00");
            let hit = [
                ("idsite", site.as_str()),
                ("url", "https://www.quiziniere.com/"),
                ("cdt", &moment),
                ("token_auth", &server.token),
            ];
            assert_eq!(server.hit(&hit).status, 204);
        }
    }
    let visits = |server: &Server, site: &str, day: &str, wanted: i64| {
        let question = [("idSite", site), ("period", "month"), ("date", day)];
        server.wait_for("VisitsSummary.getVisits", &question, |answer| answer["value"] == wanted);
    };
    for site in [&old, &young] {
        visits(&server, site, &gone, 1);
        visits(&server, site, &kept, 1);
    }
    // The second site was made today: what it imported of the time before is kept.
    server.sql(&format!("update site set created = now() - interval '4 years' where id = {old}"));
    server.kill();
    server.start_again();
    visits(&server, &old, &gone, 0);
    visits(&server, &old, &kept, 1);
    visits(&server, &young, &gone, 1);
}
