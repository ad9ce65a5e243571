//! What clients of the management methods do: sites, goals, dimensions, accounts, notes.

use crate::running::Server;
use serde_json::{Value, json};

fn ask(server: &Server, token: &str, method: &str, more: &str) -> Value {
    let target = format!("/?module=API&format=json&method={method}&token_auth={token}{more}");
    server.get(&target).json()
}

#[test]
fn an_account_sees_and_changes_what_its_roles_allow() {
    let server = Server::start();
    let (one, two) = (server.add_site(&[]), server.add_site(&[]));
    let login = [("userLogin", "lea"), ("password", "correct horse"), ("email", "lea@example.org")];
    let added = server.api("UsersManager.addUser", &login);
    assert_eq!(added, json!({"result": "success", "message": "ok"}));
    assert_eq!(server.api("UsersManager.addUser", &login)["result"], "error");
    let role = |access: &str, site: &str| {
        server.api(
            "UsersManager.setUserAccess",
            &[("userLogin", "lea"), ("access", access), ("idSites", site)],
        )
    };
    assert_eq!(role("view", &one)["result"], "success");
    assert_eq!(role("owner", &one)["result"], "error");
    // An app makes its own token with the password, and without a token.
    let app = |password: &str| {
        let form = format!(
            "/?module=API&format=json&method=UsersManager.createAppSpecificTokenAuth&userLogin=lea&description=App&passwordConfirmation={password}"
        );
        server.get(&form).json()
    };
    assert_eq!(app("wrong")["result"], "error");
    let token = app("correct%20horse")["value"].as_str().unwrap().to_owned();
    assert_eq!(token.len(), 32);
    let day = "&period=day&date=today";
    let visits = |site: &str| {
        ask(&server, &token, "VisitsSummary.getVisits", &format!("&idSite={site}{day}"))
    };
    assert_eq!(visits(&one), json!({"value": 0}));
    assert!(visits(&two)["message"].as_str().unwrap().contains("requires 'view' access"));
    let ids = ask(&server, &token, "SitesManager.getSitesIdWithAtLeastViewAccess", "");
    assert_eq!(ids.as_array().unwrap().len(), 1, "{ids}");
    let goal = format!("&idSite={one}&name=x&matchAttribute=manually");
    let refused = ask(&server, &token, "Goals.addGoal", &goal);
    assert!(refused["message"].as_str().unwrap().contains("requires 'write' access"));
    let refused = ask(&server, &token, "UsersManager.getUsers", "");
    assert!(refused["message"].as_str().unwrap().contains("'superuser' access"));
    role("write", &one);
    assert_eq!(ask(&server, &token, "Goals.addGoal", &goal)["value"], 1);
    // A site that may be changed, named beside another, opens neither the other nor all of them.
    let beside = format!("&idSite[]={one}&idSite={two}&name=x&matchAttribute=manually");
    let refused = ask(&server, &token, "Goals.addGoal", &beside);
    assert!(refused["message"].as_str().unwrap().contains("requires 'write' access"), "{refused}");
    let segment = "&name=x&definition=countryCode%3D%3Dfr";
    let wide = ask(&server, &token, "SegmentEditor.add", &format!("&idSites={one}{segment}"));
    assert_eq!(wide["result"], "error", "{wide}");
    let own = ask(&server, &token, "SegmentEditor.add", &format!("&idSite={one}{segment}"));
    assert_eq!(own["value"], 1, "{own}");
    let listed = ask(&server, &token, "SegmentEditor.getAll", &format!("&idSite={one}"));
    assert_eq!(listed[0]["enable_only_idsite"].as_str(), Some(one.as_str()));
    assert_eq!(listed[0]["login"], "lea");
    assert_eq!(server.api("UsersManager.getUser", &login)["email"], "", "no mail is kept");
    let gone = server.api("UsersManager.deleteUser", &login);
    assert_eq!(gone["result"], "success");
    assert_eq!(visits(&one)["result"], "error");
}

#[test]
fn sites_and_what_is_measured_on_them_change_as_clients_ask() {
    let server = Server::start();
    let site = server.add_site(&[("excludedQueryParameters", "a,b")]);
    let id = ("idSite", site.as_str());
    let changed = server.api(
        "SitesManager.updateSite",
        &[id, ("siteName", "Nouveau"), ("excludedQueryParameters", "c")],
    );
    assert_eq!(changed["result"], "success");
    let row = server.api("SitesManager.getSiteFromId", &[id]);
    assert_eq!((&row["name"], &row["excluded_parameters"]), (&json!("Nouveau"), &json!("c")));
    assert_eq!(row["timezone"], "Europe/Paris", "what is not named stays");
    let found =
        server.api("SitesManager.getSitesIdFromSiteUrl", &[("url", "http://quiziniere.com/")]);
    assert_eq!(found[0]["idsite"].to_string(), site);
    let tag =
        server.api("SitesManager.getJavascriptTag", &[id, ("piwikUrl", "https://m.example/")]);
    assert!(tag["value"].as_str().unwrap().contains("u=\"//m.example/\""));
    let goal = |name: &'static str, more: &[(&str, &str)]| {
        let all = [&[id, ("name", name), ("matchAttribute", "manually")], more].concat();
        all.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect::<Vec<_>>()
    };
    let call = |method: &str, pairs: Vec<(String, String)>| {
        let pairs: Vec<(&str, &str)> =
            pairs.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        server.api(method, &pairs)
    };
    assert_eq!(call("Goals.addGoal", goal("Un", &[]))["value"], 1);
    assert_eq!(call("Goals.updateGoal", goal("Deux", &[("idGoal", "1")]))["result"], "success");
    let goals = server.api("Goals.getGoals", &[id, ("filter_limit", "-1")]);
    assert_eq!(goals["1"]["name"], "Deux");
    assert!(goals["1"].get("pattern").is_none(), "nothing is matched by hand");
    assert_eq!(server.api("Goals.getGoals", &[id])[0]["idgoal"], 1, "cut, it is a list");
    assert_eq!(call("Goals.deleteGoal", goal("", &[("idGoal", "1")]))["result"], "success");
    assert_eq!(call("Goals.addGoal", goal("Trois", &[]))["value"], 2, "numbers are not reused");
    server.api(
        "CustomDimensions.configureNewCustomDimension",
        &[id, ("name", "Profil"), ("scope", "visit"), ("active", "1")],
    );
    let dimension = [id, ("idDimension", "1"), ("name", "Rôle"), ("active", "0")];
    server.api("CustomDimensions.configureExistingCustomDimension", &dimension);
    let dimensions = server.api("CustomDimensions.getConfiguredCustomDimensions", &[id]);
    assert_eq!((&dimensions[0]["name"], &dimensions[0]["active"]), (&json!("Rôle"), &json!(false)));
    server.hit(&[
        ("idsite", &site),
        ("url", "https://www.quiziniere.com/"),
        ("_id", "00000000000000aa"),
    ]);
    let question = [id, ("period", "day"), ("date", "today")];
    server.wait_for("VisitsSummary.get", &question, |it| it["nb_visits"] == 1);
    assert_eq!(server.api("SitesManager.deleteSite", &[id])["result"], "success");
    assert_eq!(server.api("VisitsSummary.get", &question)["result"], "error");
    assert_eq!(server.api("SitesManager.getAllSites", &[]), json!([]));
}

#[test]
fn notes_stand_on_their_days() {
    let server = Server::start();
    let site = server.add_site(&[]);
    let id = ("idSite", site.as_str());
    let add = |date: &str, note: &str, starred: &str| {
        server.api("Annotations.add", &[id, ("date", date), ("note", note), ("starred", starred)])
    };
    let first = add("2026-03-02", "Mise en ligne", "1");
    assert_eq!((&first["date"], &first["idNote"]), (&json!("2026-03-02"), &json!(0)));
    assert_eq!(add("2026-03-09", "Vacances", "0")["idNote"], 1);
    assert_eq!(add("demain", "x", "0")["result"], "error");
    let all = server.api("Annotations.getAll", &[id]);
    assert_eq!(all[&site].as_array().unwrap().len(), 2);
    let week = [id, ("period", "week"), ("date", "2026-03-04")];
    assert_eq!(server.api("Annotations.getAll", &week)[&site][0]["note"], "Mise en ligne");
    let counts = server.api(
        "Annotations.getAnnotationCountForDates",
        &[id, ("period", "week"), ("date", "2026-03-09"), ("lastN", "2")],
    );
    assert_eq!(
        counts[&site],
        json!([
            ["2026-03-02", {"count": 1, "starred": 1}],
            ["2026-03-09", {"count": 1, "starred": 0}],
        ])
    );
    let saved = server.api("Annotations.save", &[id, ("idNote", "1"), ("note", "Rentrée")]);
    assert_eq!((&saved["note"], &saved["date"]), (&json!("Rentrée"), &json!("2026-03-09")));
    assert_eq!(server.api("Annotations.delete", &[id, ("idNote", "0")])["result"], "success");
    assert_eq!(server.api("Annotations.get", &[id, ("idNote", "0")])["result"], "error");
}
