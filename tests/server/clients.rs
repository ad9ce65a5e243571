//! Whole conversations of report clients, call by call, as they send them.

use crate::running::Server;
use serde_json::{Value, json};

/// A server with a site that had one visit of two pages today.
fn visited() -> (Server, String) {
    let server = Server::start();
    let site = server.add_site(&[("policy", "complete")]);
    for page in ["a", "b/c"] {
        let url = format!("https://www.quiziniere.com/{page}");
        let hit = [
            ("idsite", site.as_str()),
            ("url", &url),
            ("action_name", "Accueil"),
            ("_id", "00000000000000aa"),
        ];
        server.hit(&hit);
    }
    let today = [("idSite", site.as_str()), ("period", "day"), ("date", "today")];
    server.wait_for("VisitsSummary.get", &today, |it| it["nb_actions"] == 2);
    (server, site)
}

#[test]
fn the_phone_app_finds_its_way_from_a_password_to_a_report() {
    let (server, site) = visited();
    let password = server.admin(&["admin", "user", "alice"]);
    let post = |form: String| {
        let head = [("Content-Type", "application/x-www-form-urlencoded")];
        server.request("POST", "/index.php", &head, form.as_bytes()).json()
    };
    let login = format!(
        "module=API&format=json&method=UsersManager.createAppSpecificTokenAuth&userLogin=alice&passwordConfirmation={password}&description=Matomo+Mobile+App"
    );
    let token = post(login)["value"].as_str().unwrap().to_owned();
    let call = |method: &str, more: &str| {
        post(format!("module=API&format=json&token_auth={token}&method={method}{more}"))
    };
    assert_eq!(call("API.getPiwikVersion", "")["value"], "5.2.0");
    let ids = call("SitesManager.getSitesIdWithAtLeastViewAccess", "&limit=1&filter_limit=1");
    assert_eq!(ids, json!([site.parse::<u32>().unwrap()]));
    let sites = call(
        "MultiSites.getAll",
        "&enhanced=1&period=day&date=today&showColumns=label,nb_visits,visits_evolution",
    );
    assert_eq!(sites[0]["nb_visits"], 1);
    assert_eq!(call("SitesManager.getSiteFromId", &format!("&idSite={site}"))["currency"], "EUR");
    let bulk = call(
        "API.getBulkRequest",
        "&urls[0]=method%3DUsersManager.getUserPreference%26preferenceName%3DdefaultReport%26userLogin%3Dalice&urls[1]=method%3DUsersManager.getUserPreference%26preferenceName%3DdefaultReportDate%26userLogin%3Dalice",
    );
    assert_eq!(bulk, json!([{"value": site}, {"value": "yesterday"}]));
    let question = format!("%26idSite%3D{site}%26period%3Dday%26date%3Dtoday");
    let bulk = call(
        "API.getBulkRequest",
        &format!(
            "&hideMetricsDoc=1&showSubtableReports=0&urls[0]=method%3DAPI.getReportMetadata{question}&urls[1]=method%3DDashboard.getDashboards"
        ),
    );
    let reports = bulk[0].as_array().unwrap();
    assert!(reports.len() > 50 && bulk[1][0]["widgets"].is_array());
    let pages = reports.iter().find(|it| it["uniqueId"] == "Actions_getPageUrls").unwrap();
    let day = format!("&idSite={site}&period=day&date=today");
    let report = call(
        "API.getProcessedReport",
        &format!(
            "{day}&apiModule={}&apiAction={}&filter_truncate=5",
            pages["module"].as_str().unwrap(),
            pages["action"].as_str().unwrap()
        ),
    );
    assert_eq!(report["reportData"].as_array().unwrap().len(), 2);
    assert!(
        report["reportMetadata"]
            .as_array()
            .unwrap()
            .iter()
            .any(|it| it.get("idsubdatatable").is_some())
    );
    let live = call(
        "API.getBulkRequest",
        &format!(
            "&urls[0]=method%3DLive.getCounters%26idSite%3D{site}%26lastMinutes%3D30&urls[1]=method%3DLive.getLastVisitsDetails{question}"
        ),
    );
    assert_eq!((&live[0][0]["visits"], &live[1]["result"]), (&json!(1), &json!("error")));
    assert_eq!(call("SegmentEditor.getAll", &format!("&idSite={site}&enhanced=1")), json!([]));
}

#[test]
fn a_dashboard_builder_reads_what_its_fields_need() {
    let (server, site) = visited();
    let id = ("idSite", site.as_str());
    assert!(
        !server
            .api("SitesManager.getSitesIdWithAtLeastViewAccess", &[])
            .as_array()
            .unwrap()
            .is_empty()
    );
    let languages = server.api("LanguagesManager.getAvailableLanguageNames", &[]);
    assert_eq!(languages[1], json!({"code": "fr", "name": "Français", "english_name": "French"}));
    let today = [id, ("period", "day"), ("date", "today")];
    let reports = server.api("API.getReportMetadata", &today);
    // Every report that is listed is read flat, with plain numbers, day by day.
    for report in reports.as_array().unwrap() {
        let (module, action) =
            (report["module"].as_str().unwrap(), report["action"].as_str().unwrap());
        let named = [&today[..], &[("apiModule", module), ("apiAction", action)]].concat();
        let metadata = server.api("API.getMetadata", &named);
        assert_eq!(metadata[0]["metricTypes"], report["metricTypes"], "{module}.{action}");
        let read = [
            id,
            ("period", "day"),
            ("date", if action == "getAll" { "today" } else { "last2" }),
            ("format_metrics", "0"),
            ("flat", "1"),
            ("filter_limit", "10"),
            ("filter_offset", "0"),
        ];
        let answer = server.api(&format!("{module}.{action}"), &read);
        assert_ne!(answer["result"], "error", "{module}.{action}: {answer}");
        let figures =
            |it: &Value| it.as_object().is_some_and(|it| it.values().all(|it| !it.is_string()));
        if let Some(days) = answer.as_object().filter(|_| report.get("dimension").is_none()) {
            assert!(
                days.values().all(|day| *day == json!([]) || figures(day) || day.is_array()),
                "{answer}"
            );
        }
    }
    assert_eq!(server.api("Goals.getGoals", &[id]), json!([]));
}
