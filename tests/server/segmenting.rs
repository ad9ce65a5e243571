//! `segment=`: of visits that are kept, and of segments that were declared.

use serde_json::Value;

use crate::running::Server;

fn today(site: &str) -> Vec<(&str, &str)> {
    vec![("idSite", site), ("period", "day"), ("date", "today")]
}

fn asked<'a>(site: &'a str, segment: &'a str) -> Vec<(&'a str, &'a str)> {
    [today(site), vec![("segment", segment)]].concat()
}

fn page(server: &Server, site: &str, visitor: u32, path: &str) {
    let id = format!("{:016x}", visitor + 1);
    let url = format!("https://www.quiziniere.com/{path}");
    assert_eq!(server.hit(&[("idsite", site), ("url", &url), ("_id", &id)]).status, 204);
}

fn message(answer: &Value) -> &str {
    assert_eq!(answer["result"], "error", "{answer}");
    answer["message"].as_str().unwrap()
}

#[test]
fn visits_of_a_complete_site_answer_any_segment() {
    let server = Server::start();
    let site = server.add_site(&[("policy", "complete")]);
    for visitor in 0..6 {
        page(&server, &site, visitor, "creer");
        page(&server, &site, visitor, if visitor < 2 { "aide" } else { "creer" });
    }
    server.wait_for("VisitsSummary.get", &today(&site), |it| it["nb_actions"] == 12);
    for (segment, visits, actions) in [
        ("pageUrl=@aide", 2, 4),
        ("pageUrl!@aide", 4, 8),
        ("pageUrl=@aide,pageUrl=@creer", 6, 12),
        ("actions>2", 0, 0),
    ] {
        let answer = server.api("VisitsSummary.get", &asked(&site, segment));
        assert_eq!(
            (&answer["nb_visits"], &answer["nb_actions"]),
            (&visits.into(), &actions.into())
        );
    }
    let mut week = asked(&site, "pageUrl=@aide");
    week[1] = ("period", "week");
    assert_eq!(server.api("VisitsSummary.get", &week)["nb_uniq_visitors"], 2);
    let pages = server.api("Actions.getPageUrls", &asked(&site, "pageUrl=@aide"));
    let labels: Vec<_> =
        pages.as_array().unwrap().iter().map(|row| row["label"].as_str().unwrap()).collect();
    assert_eq!(labels, ["/aide", "/creer"]);
    let refused = |segment| server.api("VisitsSummary.get", &asked(&site, segment));
    assert_eq!(message(&refused("nothing==1")), "Segment 'nothing' is not a supported segment.");
    assert!(message(&refused("visitorId==0000000000000001")).contains("tells who"));
    assert_eq!(message(&refused("actions")), "The segment condition 'actions' is not valid.");
}

#[test]
fn an_exempt_site_answers_declared_segments_from_then_on_and_through_kills() {
    let mut server = Server::start();
    let settings = r#"{"allowed":{"paths":["/creer","/aide"]}}"#;
    let site = server.add_site(&[("settings", settings)]);
    page(&server, &site, 90, "aide");
    server.wait_for("VisitsSummary.get", &today(&site), |it| it["nb_actions"] == 1);
    let refused = server.api("VisitsSummary.get", &asked(&site, "pageUrl=@aide"));
    assert!(message(&refused).contains("SegmentEditor.add"), "{refused}");

    let definition = "pageUrl=@aide";
    let wrong = server.api("SegmentEditor.add", &[("name", "x"), ("definition", "x==1")]);
    assert!(message(&wrong).contains("Segment 'x' is not a supported segment."), "{wrong}");
    let new = [("name", "Aide"), ("definition", definition), ("idSite", &site)];
    assert_eq!(server.api("SegmentEditor.add", &new)["value"], 1);
    let all = server.api("SegmentEditor.getAll", &[("idSite", &site)]);
    assert_eq!(all[0]["definition"], definition);
    assert_eq!(all[0]["enable_only_idsite"], site.as_str());
    let mut yesterday = asked(&site, definition);
    yesterday[2] = ("date", "yesterday");
    assert!(message(&server.api("VisitsSummary.get", &yesterday)).contains("was declared on"));

    // A visit is in the segment from its second page on; what was before is counted with it.
    let wanted = |visits: i64, actions: i64| {
        move |it: &Value| it["nb_visits"] == visits && it["nb_actions"] == actions
    };
    server.wait_for("VisitsSummary.get", &asked(&site, definition), |it| it["nb_visits"] == 0);
    for visitor in 0..4 {
        page(&server, &site, visitor, "creer");
    }
    server.wait_for("VisitsSummary.get", &today(&site), |it| it["nb_visits"] == 5);
    assert_eq!(server.api("VisitsSummary.get", &asked(&site, definition))["nb_visits"], 0);
    page(&server, &site, 0, "aide");
    page(&server, &site, 1, "aide");
    server.wait_for("VisitsSummary.get", &asked(&site, definition), wanted(2, 4));
    for round in 0..3 {
        server.kill();
        server.start_again();
        page(&server, &site, 0, "creer");
        page(&server, &site, 10 + round, "aide");
        let (visits, actions) = (3 + i64::from(round), 6 + 2 * i64::from(round));
        server.wait_for("VisitsSummary.get", &asked(&site, definition), wanted(visits, actions));
    }
    let mut month = asked(&site, definition);
    month[1] = ("period", "month");
    assert_eq!(server.api("VisitsSummary.get", &month)["nb_uniq_visitors"], 5);
    let pages = server.api("Actions.getPageUrls", &asked(&site, definition));
    assert_eq!(pages[0]["nb_hits"], 5, "{pages}");

    let edit = [("idSegment", "1"), ("name", "Créer"), ("definition", "pageUrl=@creer")];
    assert_eq!(server.api("SegmentEditor.update", &edit)["value"], 1);
    let gone = server.api("VisitsSummary.get", &asked(&site, definition));
    assert!(message(&gone).contains("SegmentEditor.add"));
    assert_eq!(server.api("SegmentEditor.get", &[("idSegment", "1")])["name"], "Créer");
    assert_eq!(server.api("SegmentEditor.delete", &[("idSegment", "1")])["result"], "success");
    assert_eq!(server.api("SegmentEditor.getAll", &[]).as_array().unwrap().len(), 0);
    assert!(
        message(&server.api("SegmentEditor.get", &[("idSegment", "1")])).contains("does not exist")
    );
}

#[test]
fn what_can_be_asked_about_is_listed() {
    let server = Server::start();
    let site = server.add_site(&[("policy", "complete")]);
    page(&server, &site, 0, "creer");
    page(&server, &site, 0, "aide");
    page(&server, &site, 1, "aide");
    server.wait_for("VisitsSummary.get", &today(&site), |it| it["nb_actions"] == 3);
    let listed = server.api("API.getSegmentsMetadata", &[("idSites", &site)]);
    let listed = listed.as_array().unwrap();
    assert!(listed.iter().any(|it| it["segment"] == "pageUrl" && it["type"] == "dimension"));
    assert!(listed.iter().all(|it| it["segment"] != "visitorId"));
    let suggested = server
        .api("API.getSuggestedValuesForSegment", &[("idSite", &site), ("segmentName", "pageUrl")]);
    let want = ["https://www.quiziniere.com/aide", "https://www.quiziniere.com/creer"];
    assert_eq!(suggested, serde_json::json!(want));
}

/// Runs a statement on the server's own database.
fn sql(server: &Server, statement: &str) {
    let address =
        format!("host={} user=padoqe dbname=postgres", server.data().join("socket").display());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (client, connection) =
            tokio_postgres::connect(&address, tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        client.batch_execute(statement).await.unwrap();
    });
}

#[test]
fn visits_are_kept_as_many_days_as_configured() {
    let mut server = Server::start();
    let site = server.add_site(&[("policy", "complete"), ("settings", r#"{"visit_days":9}"#)]);
    let none = server.add_site(&[("policy", "complete"), ("settings", r#"{"visit_days":0}"#)]);
    page(&server, &site, 0, "creer");
    page(&server, &none, 0, "creer");
    for site in [&site, &none] {
        server.wait_for("VisitsSummary.get", &today(site), |it| it["nb_visits"] == 1);
    }
    let ask = |server: &Server, site| server.api("VisitsSummary.get", &asked(site, "actions>0"));
    assert_eq!(ask(&server, &site)["nb_visits"], 1);
    assert!(message(&ask(&server, &none)).contains("keeps no visits"));
    // Days count from when a hit was received.
    for (days, kept) in [(8, true), (10, false)] {
        sql(&server, &format!("update kept_visits set received = now() - interval '{days} days'"));
        server.kill();
        server.start_again();
        if kept {
            assert_eq!(ask(&server, &site)["nb_visits"], 1);
        } else {
            let refused = server.wait_for("VisitsSummary.get", &asked(&site, "actions>0"), |it| {
                it["result"] == "error"
            });
            assert!(message(&refused).contains("are kept from"), "{refused}");
        }
    }
    let mut later = asked(&site, "actions>0");
    later[2] = ("date", "tomorrow");
    assert_eq!(server.api("VisitsSummary.get", &later)["nb_visits"], 0);
}
