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
    // The picture of the report, where its metadata says, in the size of the screen.
    let (_, own) = pages["imageGraphUrl"].as_str().unwrap().split_once('?').unwrap();
    let picture = server.request(
        "POST",
        "/index.php",
        &[("Content-Type", "application/x-www-form-urlencoded")],
        format!("{own}&token_auth={token}&width=320&height=150&columns=nb_hits&language=fr")
            .as_bytes(),
    );
    assert!(picture.head.to_lowercase().contains("content-type: image/png"), "{}", picture.text());
    assert!(picture.body.starts_with(b"\x89PNG"));
    // Width and height stand in the first block.
    assert_eq!(&picture.body[16..24], &[0, 0, 1, 64, 0, 0, 0, 150]);
    let (_, own) = pages["imageGraphEvolutionUrl"].as_str().unwrap().split_once('?').unwrap();
    let (method, more) = ("ImageGraph.get", format!("&{own}"));
    let form = format!("module=API&format=json&token_auth={token}&method={method}{more}");
    let head = [("Content-Type", "application/x-www-form-urlencoded")];
    let over_time = server.request("POST", "/index.php", &head, form.as_bytes());
    assert!(over_time.body.starts_with(b"\x89PNG"), "{}", over_time.text());
    let none = call(
        method,
        &format!(
            "&idSite={site}&period=day&date=2020-01-01&apiModule=Actions&apiAction=getPageUrls"
        ),
    );
    assert_eq!(none["message"], "There is no data for this graph.");
    let unknown = call(
        method,
        &format!("&idSite={site}&period=day&date=today&apiModule=Actions&apiAction=getNothing"),
    );
    assert_eq!(unknown["message"], "Invalid API Module and/or API Action");
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

#[test]
fn the_log_importer_finds_its_site_and_sends_lines_in_bulk() {
    let server = Server::start();
    let site = server.add_site(&[("policy", "complete")]);
    let password = server.admin(&["admin", "user", "importer"]);
    let call = |more: &str| server.get(&format!("/index.php?module=API&format=json&{more}")).json();
    let token = call(&format!(
        "method=UsersManager.createAppSpecificTokenAuth&userLogin=importer&passwordConfirmation={password}&description=log+import"
    ))["value"]
        .as_str()
        .unwrap()
        .to_owned();
    let found = call(&format!(
        "method=SitesManager.getSitesIdFromSiteUrl&url=https%3A%2F%2Fwww.quiziniere.com&token_auth={token}"
    ));
    assert_eq!(found[0]["idsite"].to_string().trim_matches('"'), site);
    let line = |time: &str, address: &str, path: &str, more: Value| {
        let mut hit = json!({
            "rec": "1", "apiv": "1", "idsite": site, "queuedtracking": "0", "dp": "0",
            "url": format!("https://www.quiziniere.com{path}"), "urlref": "",
            "cip": address, "cdt": time, "bw_bytes": "5120",
            "ua": "Mozilla/5.0 (X11; Linux x86_64; rv:136.0) Gecko/20100101 Firefox/136.0",
            "cvar": {"1": ["HTTP-code", "200"]},
        });
        hit.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        hit
    };
    let lines = [
        line("2026-03-02 09:00:00", "192.0.2.7", "/exercices/1", json!({})),
        line(
            "2026-03-02 09:01:00",
            "192.0.2.7",
            "/aide.pdf",
            json!({"download": "https://www.quiziniere.com/aide.pdf"}),
        ),
        line(
            "2026-03-02 09:02:00",
            "192.0.2.8",
            "/perdu",
            json!({"action_name": "404/URL = /perdu/From = "}),
        ),
        line(
            "2026-03-02 09:03:00",
            "192.0.2.9",
            "/",
            json!({"ua": "Googlebot/2.1 (+http://www.google.com/bot.html)"}),
        ),
    ];
    let body = json!({"token_auth": token, "requests": lines}).to_string();
    let head = [("Content-Type", "application/json")];
    let answer = server.request("POST", "/piwik.php?queuedtracking=0", &head, body.as_bytes());
    assert_eq!(answer.json()["status"], "success");
    assert_eq!((answer.status, &answer.json()["invalid"]), (200, &json!(0)));
    let day = [("idSite", site.as_str()), ("period", "day"), ("date", "2026-03-02")];
    let visits = server.wait_for("VisitsSummary.get", &day, |it| it["nb_actions"] == 3);
    assert_eq!(visits["nb_visits"], 2);
    let titles = server.api("Actions.getPageTitles", &day);
    assert!(titles.to_string().contains("404/URL = /perdu/From ="), "{titles}");
    assert_eq!(server.api("Actions.get", &day)["nb_downloads"], 1);
}

/// matomo-rs, a reporting client as crates.io has it, over a connection of the test's own.
struct Connection<'a>(&'a Server);

impl matomo::Client for Connection<'_> {
    type Error = std::io::Error;

    async fn execute(
        &self,
        request: http::Request<bytes::Bytes>,
    ) -> Result<http::Response<bytes::Bytes>, Self::Error> {
        let (parts, body) = request.into_parts();
        let token = format!("Bearer {}", self.0.token);
        let mut head: Vec<(&str, &str)> = vec![("Authorization", &token)];
        let given = parts.headers.iter();
        head.extend(given.map(|(name, value)| (name.as_str(), value.to_str().unwrap())));
        let target = parts.uri.to_string();
        let answer = self.0.request(parts.method.as_str(), &target, &head, &body);
        Ok(http::Response::builder().status(answer.status).body(answer.body.into()).unwrap())
    }
}

#[test]
fn a_client_in_rust_reads_typed_reports() {
    use matomo::{Date, IdSite, Period, Query, QueryError, Segment, endpoints};
    let (server, site) = visited();
    let connection = Connection(&server);
    let id_site = IdSite::Single(site.parse().unwrap());
    let (period, segment) = (Period::Day(Date::Today), None::<Segment>);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let asked = endpoints::VisitsSummaryGet { id_site: id_site.clone(), period, segment };
        let summary = asked.execute(&connection).await.unwrap();
        assert_eq!((summary.nb_visits, summary.nb_actions), (1, 2));
        let asked = endpoints::ActionsGetPageUrls { id_site: id_site.clone(), period, segment: None };
        let pages = asked.execute(&connection).await.unwrap();
        let labels: Vec<&str> = pages.iter().map(|it| it.label.as_str()).collect();
        assert_eq!(labels, ["/a", "b"]);
        assert!(pages[0].idsubdatatable.is_none() && pages[1].idsubdatatable.is_some());
        let asked = endpoints::ReferrersGetReferrerType { id_site, period, segment: None };
        assert_eq!(asked.execute(&connection).await.unwrap()[0].nb_visits, 1);
        let params = matomo::Params::new().id_site(site.parse::<u32>().unwrap()).period(period);
        let live = endpoints::LiveGetLastVisitsDetails { params };
        let refused = live.execute(&connection).await.unwrap_err();
        assert!(matches!(refused, QueryError::Api { message, .. } if message.contains("PADOQE keeps no visits")));
    });
}
