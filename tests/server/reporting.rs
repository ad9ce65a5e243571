//! Questions of report clients, as they send them.

use crate::running::Server;
use serde_json::json;

#[test]
fn many_questions_in_one_get_an_answer_each() {
    let server = Server::start();
    let site = server.add_site(&[]);
    let visits = format!("method=VisitsSummary.getVisits&idSite={site}&period=day&date=today");
    let days =
        format!("?method=VisitsSummary.get&idSite={site}&period=day&date=2026-03-02,2026-03-03");
    let answer = server.api(
        "API.getBulkRequest",
        &[
            ("urls[0]", &visits),
            ("urls[1]", "idSite=1"),
            ("urls[2]", "method=SitesManager.getSiteFromId&idSite=99"),
            ("urls[3]", &days),
            ("urls[4]", "method=API.getMatomoVersion&format=xml"),
        ],
    );
    assert_eq!(answer.as_array().unwrap().len(), 4, "what has no method is left out: {answer}");
    assert_eq!(answer[0], json!({"value": 0}));
    assert_eq!(answer[1]["result"], "error");
    assert_eq!(answer[2], json!({"2026-03-02": [], "2026-03-03": []}));
    assert_eq!(answer[3]["value"], "5.2.0");
    let xml = server.get(&format!(
        "/?module=API&method=API.getBulkRequest&token_auth={}&urls[0]={}",
        server.token,
        visits.replace('&', "%26").replace('=', "%3D")
    ));
    assert!(xml.text().contains("<row>"), "{}", xml.text());
    let wrong = format!("{visits}&token_auth=wrong");
    let answer = server.api("API.getBulkRequest", &[("urls[]", &wrong)]);
    assert_eq!(answer[0]["result"], "error");
}

#[test]
fn screens_are_built_from_descriptions_of_reports() {
    let server = Server::start();
    let site = server.add_site(&[]);
    let one = [("idSite", site.as_str()), ("period", "day"), ("date", "today")];
    server.hit(&[
        ("idsite", &site),
        ("url", "https://www.quiziniere.com/a"),
        ("_id", "00000000000000aa"),
    ]);
    server.wait_for("VisitsSummary.get", &one, |it| it["nb_visits"] == 1);
    let reports = server.api("API.getReportMetadata", &one);
    for report in reports.as_array().unwrap() {
        let mut asked = one.to_vec();
        asked.push(("apiModule", report["module"].as_str().unwrap()));
        asked.push(("apiAction", report["action"].as_str().unwrap()));
        let answer = server.api("API.getProcessedReport", &asked);
        assert!(answer["reportData"].is_array() || answer["reportData"].is_object(), "{answer}");
        assert_eq!(answer["metadata"]["uniqueId"], report["uniqueId"]);
    }
    let live = server.api("Live.getCounters", &[("idSite", &site), ("lastMinutes", "30")]);
    assert_eq!(live[0]["visits"], 1);
    let sites = server.api("MultiSites.getAll", &one);
    assert_eq!(
        (&sites[0]["nb_visits"], &sites[0]["visits_evolution"]),
        (&json!(1), &json!("100%"))
    );
    let person = server.api("Live.getLastVisitsDetails", &one);
    assert!(person["message"].as_str().unwrap().contains("keeps no visits"));
}
