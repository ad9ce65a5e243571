//! Statuses and bodies of the tracking endpoint, and what bad input gets.

use crate::running::Server;

const PICTURE: &[u8] = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\x00\x00\x00!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;";

#[test]
fn every_hit_gets_the_status_that_matomo_gives() {
    let server = Server::start();
    let site = server.add_site(&[("policy", "complete")]);
    let token = server.token.clone();
    let hit = |more: &str| {
        format!("/matomo.php?idsite={site}&rec=1&url=https://www.quiziniere.com/{more}")
    };
    for (target, status) in [
        ("/matomo.php".to_owned(), 200),
        (hit(""), 200),
        (hit("&send_image=0"), 204),
        (hit("").replace("matomo.php", "piwik.php"), 200),
        (format!("/matomo.php?idsite={site}&url=https://a/"), 200),
        ("/matomo.php?rec=1".to_owned(), 400),
        ("/matomo.php?rec=1&idsite=0".to_owned(), 400),
        ("/matomo.php?rec=1&idsite=-3".to_owned(), 400),
        ("/matomo.php?rec=1&idsite=999".to_owned(), 400),
        (hit("&cid=abc"), 400),
        (hit("&e_c=%20&e_a=b"), 400),
        (hit("&c_n=%20"), 400),
        (hit("&idgoal=7"), 400),
        (hit("&pf_net=-5"), 400),
        (hit("&cdt=1500000000"), 400),
        (hit("&cip=192.0.2.1"), 400),
        (hit("&country=fr"), 400),
        (hit("&cip=192.0.2.1&token_auth=wrong"), 400),
        (hit(&format!("&cip=192.0.2.1&cdt=1772438400&country=fr&token_auth={token}")), 200),
        (hit("&cdt=99999999999"), 200),
        (hit("&res=%00%FF%FE&action_name=%C3%28"), 200),
    ] {
        let answer = server.get(&target);
        assert_eq!(answer.status, status, "{target}");
        if status == 200 && target.contains("rec=1") {
            assert_eq!(answer.body, PICTURE, "{target}");
            assert!(answer.head.to_lowercase().contains("cache-control: no-store"));
        }
    }
    assert_eq!(server.request("POST", "/matomo.php", &[], b"").status, 400);
}

#[test]
fn browsers_of_other_origins_may_send() {
    let server = Server::start();
    let site = server.add_site(&[]);
    let origin = ("Origin", "https://www.quiziniere.com");
    let beacon = server.request(
        "POST",
        &format!("/matomo.php?idsite={site}&rec=1&send_image=0&url=https://a/"),
        &[origin],
        b"",
    );
    assert_eq!(beacon.status, 204);
    let head = beacon.head.to_lowercase();
    assert!(head.contains("access-control-allow-origin: https://www.quiziniere.com"));
    assert!(head.contains("access-control-allow-credentials: true"));
    assert!(!head.contains("set-cookie"));
    let asked = [origin, ("Access-Control-Request-Method", "POST")];
    let preflight = server.request("OPTIONS", "/matomo.php", &asked, b"");
    assert_eq!(preflight.status, 204);
    assert!(preflight.head.to_lowercase().contains("access-control-allow-methods: get, post"));
}

#[test]
fn bulk_bodies_are_counted_item_by_item() {
    let server = Server::start();
    let site = server.add_site(&[("policy", "complete")]);
    let body = format!(
        r#"{{"requests":["?idsite={site}&rec=1&url=https://www.quiziniere.com/a&_id=00000000000000aa","nothing",
        "?idsite=999&rec=1",{{"idsite":{site},"rec":1,"url":"https://www.quiziniere.com/b","_id":"00000000000000aa"}}],"token_auth":"{}"}}"#,
        server.token
    );
    let answer = server
        .request("POST", "/matomo.php", &[("Content-Type", "text/plain")], body.as_bytes())
        .json();
    assert_eq!(
        answer,
        serde_json::json!({"status": "success", "tracked": 2, "invalid": 1, "invalid_indices": [1]})
    );
    let without = body.replace(&server.token, "");
    let answer = server.request("POST", "/matomo.php", &[], without.as_bytes()).json();
    assert!(answer.get("invalid_indices").is_none());
    let silent = body.replacen('{', r#"{"send_image":0,"#, 1);
    assert_eq!(server.request("POST", "/matomo.php", &[], silent.as_bytes()).status, 204);
    let today = [("idSite", site.as_str()), ("period", "day"), ("date", "today")];
    let counted = server.wait_for("Actions.get", &today, |it| it["nb_pageviews"] == 6);
    assert_eq!(counted["nb_pageviews"], 6);
}

#[test]
fn forms_in_parts_are_hits_and_questions() {
    let server = Server::start();
    let site = server.add_site(&[("policy", "complete")]);
    let form = |fields: &[(&str, &str)]| -> Vec<u8> {
        let part = |(name, value): &(&str, &str)| {
            format!("--x7\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let parts: String = fields.iter().map(part).collect();
        format!("{parts}--x7--\r\n").into_bytes()
    };
    let head = [("Content-Type", "multipart/form-data; boundary=x7")];
    let hit =
        form(&[("rec", "1"), ("url", "https://www.quiziniere.com/"), ("action_name", "a & b")]);
    let target = format!("/matomo.php?idsite={site}");
    assert_eq!(server.request("POST", &target, &head, &hit).status, 200);
    let today = [("idSite", site.as_str()), ("period", "day"), ("date", "today")];
    server.wait_for("VisitsSummary.get", &today, |it| it["nb_visits"] == 1);
    let mut fields = today.to_vec();
    fields.extend([("method", "Actions.getPageTitles"), ("format", "json")]);
    fields.push(("token_auth", &server.token));
    let answer = server.request("POST", "/index.php?module=API", &head, &form(&fields));
    assert_eq!(answer.json()[0]["label"], " a & b");
}

#[test]
fn hostile_input_harms_nobody() {
    let server = Server::start();
    let site = server.add_site(&[]);
    let bomb = format!("{{\"requests\":{}1{}}}", "[".repeat(500_000), "]".repeat(500_000));
    assert_eq!(server.request("POST", "/matomo.php", &[], bomb.as_bytes()).status, 200);
    let large = vec![b'a'; 20 << 20];
    assert_eq!(server.request("POST", "/matomo.php", &[], &large).status, 413);
    let almost = format!(
        "{{\"requests\":[\"?idsite={site}&rec=1&url=https://a/&x={}\"]}}",
        "y".repeat(19 << 20)
    );
    assert_eq!(server.request("POST", "/matomo.php", &[], almost.as_bytes()).status, 200);
    let deep = format!("/matomo.php?idsite={site}&rec=1&uadata={}", "[".repeat(20_000));
    assert_eq!(server.get(&deep).status, 200);
    for target in [
        "/index.php?module=API",
        "/index.php?module=API&method=x",
        "/index.php?module=API&method=API.get&idSite=%FF",
    ] {
        assert!(server.get(target).status < 500, "{target}");
    }
    assert_eq!(server.get("/health").status, 200);
    let hit =
        server.get(&format!("/matomo.php?idsite={site}&rec=1&url=https://www.quiziniere.com/"));
    assert_eq!(hit.status, 200);
}
