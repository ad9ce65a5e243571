//! Sites, rights, logins and pages.

use crate::running::Server;

#[test]
fn reports_need_a_token_and_say_so_as_matomo_does() {
    let server = Server::start();
    let site = server.add_site(&[]);
    let question = format!(
        "/index.php?module=API&method=VisitsSummary.get&idSite={site}&period=day&date=today&format=json"
    );
    let refused = server.get(&question);
    assert_eq!(refused.status, 401);
    assert_eq!(refused.json()["result"], "error");
    assert_eq!(server.get(&format!("{question}&token_auth=wrong")).status, 401);
    assert_eq!(
        server.get(&format!("{question}&token_auth={}", server.token)).json()["nb_visits"],
        0
    );
    let bearer = format!("Bearer {}", server.token);
    assert_eq!(server.request("GET", &question, &[("Authorization", &bearer)], b"").status, 200);
    assert_eq!(
        server
            .get(&format!(
                "/?module=API&method=API.getMatomoVersion&format=json&token_auth={}",
                server.token
            ))
            .json()["value"],
        "5.2.0"
    );
}

#[test]
fn wrong_settings_are_named() {
    let server = Server::start();
    for (parameter, value) in [
        ("timezone", "Europe/Lyon"),
        ("policy", "none"),
        ("settings", "{\"site_serach\":1}"),
        ("urls", "ftp://x"),
    ] {
        let answer = server.api("SitesManager.addSite", &[("siteName", "x"), (parameter, value)]);
        assert_eq!(answer["result"], "error", "{parameter}");
        assert!(
            answer["message"].as_str().unwrap().contains(parameter.trim_end_matches('s')),
            "{answer}"
        );
    }
    assert_eq!(server.api("SitesManager.getAllSites", &[]).as_array().unwrap().len(), 0);
}

#[test]
fn pages_are_behind_a_login() {
    let server = Server::start();
    let site = server.add_site(&[]);
    let password = server.admin(&["admin", "user", "alice"]);
    let page = format!("/sites/{site}");
    let away = server.get(&page);
    assert_eq!(away.status, 303);
    assert!(away.head.to_lowercase().contains("location: /login?next="));
    let log_in = |password: &str, origin: &str| {
        let form = format!("user=alice&password={password}&next=%2Fsites%2F{site}");
        server.request(
            "POST",
            "/login",
            &[("Content-Type", "application/x-www-form-urlencoded"), ("Origin", origin)],
            form.as_bytes(),
        )
    };
    let own = format!("http://{}", server.address);
    assert_eq!(log_in("wrong", &own).status, 401);
    assert_eq!(log_in(&password, "https://evil.example").status, 403);
    let welcome = log_in(&password, &own);
    assert_eq!(welcome.status, 303);
    let head = welcome.head.to_lowercase();
    assert!(head.contains("httponly") && head.contains("samesite=lax"));
    let cookie = welcome.head.lines().find_map(|line| line.split_once("et-cookie: ")).unwrap().1;
    let cookie = ("Cookie", cookie.split(';').next().unwrap());
    let empty = server.request("GET", &page, &[cookie], b"");
    assert_eq!(empty.status, 200);
    assert!(
        empty.text().contains("matomo.js"),
        "a site without hits shows how to embed the tracker"
    );
    server.hit(&[
        ("idsite", &site),
        ("url", "https://www.quiziniere.com/creer"),
        ("_id", "00000000000000aa"),
    ]);
    server.wait_for(
        "VisitsSummary.get",
        &[("idSite", &site), ("period", "day"), ("date", "today")],
        |it| it["nb_visits"] == 1,
    );
    let full = server.request("GET", &page, &[cookie], b"");
    assert!(full.text().contains("<svg") && full.text().contains("/creer"));
    assert!(full.head.contains("default-src 'none'"));
    assert_eq!(server.request("GET", "/sites/999", &[cookie], b"").status, 404);
    server.request("POST", "/logout", &[cookie], b"");
    assert_eq!(server.request("GET", &page, &[cookie], b"").status, 303);
}
