//! The register of features: by command, by the API, and what a running server makes of it.

use std::process::{Command, Output};

use crate::running::{BINARY, Server, encoded};

pub(crate) const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");

/// The cookie of somebody with a role on a site.
pub(crate) fn logged_in(server: &Server, name: &str, role: &str, site: &str) -> String {
    let password = format!("mot de passe de {name}");
    server.api("UsersManager.addUser", &[("userLogin", name), ("password", &password)]);
    let access = [("userLogin", name), ("access", role), ("idSites", site)];
    server.api("UsersManager.setUserAccess", &access);
    let form = encoded(&[("user", name), ("password", &password)]);
    let answer = server.request("POST", "/login", &[FORM], form.as_bytes());
    let cookie = answer.head.lines().find_map(|it| it.split_once("et-cookie: ")).unwrap().1;
    cookie.split(';').next().unwrap().to_owned()
}

const FEATURES: &str = r#"
[[feature]]
key = "ajout-dessin"
name = "Ajouter un dessin"
group = "Création"
rules = [{ category = "Création", action = "ajout-*" }]

[[audience]]
key = "profil"
name = "Profil"
kind = "profile"
dimension = 1
values = ["eleve"]
"#;

fn with_dimension(server: &Server) -> String {
    let site = server.add_site(&[("policy", "complete")]);
    let dimension =
        [("idSite", site.as_str()), ("name", "Profil"), ("scope", "visit"), ("active", "1")];
    server.api("CustomDimensions.configureNewCustomDimension", &dimension);
    site
}

/// A command about a file, and how it ended.
fn features(server: &Server, what: &str, text: &str, site: &str) -> (i32, String, String) {
    let file = server.folder().join("features.toml");
    std::fs::write(&file, text).unwrap();
    let mut command = Command::new(BINARY);
    command.args(["features", what]);
    if what != "export" {
        command.arg(&file);
    }
    let Output { status, stdout, stderr } =
        command.args(["--site", site, "--data"]).arg(server.data()).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (status.code().unwrap(), text(stdout), text(stderr))
}

#[test]
fn a_file_is_planned_applied_and_exported() {
    let server = Server::start();
    let site = with_dimension(&server);
    let register = || server.api("Features.getRegister", &[("idSite", &site)]);
    let (code, told, _) = features(&server, "plan", FEATURES, &site);
    assert_eq!((code, told.lines().count()), (2, 2), "{told}");
    assert!(told.starts_with("+ fonctionnalité `ajout-dessin`"), "{told}");
    assert_eq!(register()["features"].as_array().unwrap().len(), 0, "a plan changes nothing");

    assert_eq!(features(&server, "apply", FEATURES, &site).0, 0);
    // The server that runs takes it over within seconds.
    let seen = server.wait_for("Features.getRegister", &[("idSite", &site)], |it| {
        it["features"].as_array().is_some_and(|it| !it.is_empty())
    });
    assert_eq!(seen["features"][0]["id"], 1);
    assert_eq!(seen["audiences"][0]["dimension"], 1);
    assert_eq!(features(&server, "plan", FEATURES, &site).0, 0);

    let (code, exported, _) = features(&server, "export", "", &site);
    assert_eq!(code, 0);
    assert_eq!(exported, seen["register"].as_str().unwrap());
    assert_eq!(features(&server, "plan", &exported, &site).0, 0);

    let wrong = FEATURES.replace("dimension = 1", "dimension = 7");
    let (code, _, why) = features(&server, "plan", &wrong, &site);
    assert_eq!(code, 1);
    assert!(why.contains("ligne 9, public `profil`") && why.contains("dimension 7"), "{why}");
    assert!(features(&server, "plan", FEATURES, "99").2.contains("there is no site 99"));
}

#[test]
fn the_api_applies_what_it_planned() {
    let server = Server::start();
    let site = with_dimension(&server);
    let ask = |method: &str, text: &str| {
        server.api(method, &[("idSite", site.as_str()), ("register", text)])
    };
    assert_eq!(ask("Features.plan", FEATURES)["changes"].as_array().unwrap().len(), 2);
    assert_eq!(ask("Features.apply", FEATURES)["changes"].as_array().unwrap().len(), 2);
    assert_eq!(ask("Features.apply", FEATURES)["changes"].as_array().unwrap().len(), 0);
    let changed = FEATURES.replace("ajout-*", "ajout-dessin");
    let said = ask("Features.plan", &changed)["changes"][0].as_str().unwrap().to_owned();
    assert!(said.starts_with("~ feature `ajout-dessin`: another rule"), "{said}");
    let refused = ask("Features.apply", "[[feature]]\nkey = \"x\"\n");
    assert_eq!(refused["result"], "error");
    assert!(refused["message"].as_str().unwrap().contains("line 2, feature `x`: "), "{refused}");
    assert_eq!(ask("Features.getRegister", "")["features"].as_array().unwrap().len(), 1);

    let viewer = [("userLogin", "vera"), ("password", "mot de passe de vera")];
    server.api("UsersManager.addUser", &viewer);
    server.api(
        "UsersManager.setUserAccess",
        &[("userLogin", "vera"), ("access", "view"), ("idSites", &site)],
    );
    let made = server.api(
        "UsersManager.createAppSpecificTokenAuth",
        &[
            ("userLogin", "vera"),
            ("passwordConfirmation", "mot de passe de vera"),
            ("description", "x"),
        ],
    );
    let token = made["value"].as_str().unwrap().to_owned();
    let as_viewer = |method: &str| {
        server.get(&format!("/index.php?module=API&method={method}&format=json&idSite={site}&token_auth={token}&register=x&action=x"))
    };
    assert_eq!(as_viewer("Features.getRegister").status, 200);
    for method in ["Features.plan", "Features.apply", "Features.preview"] {
        assert_eq!(as_viewer(method).status, 401, "{method}");
    }
}

#[test]
fn a_rule_is_tried_on_what_was_counted() {
    let server = Server::start();
    let site = with_dimension(&server);
    for (action, id) in [("ajout-audio", "a"), ("ajout-dessin", "b"), ("apercu", "c")] {
        let id = format!("000000000000000{id}");
        server.hit(&[
            ("idsite", &site),
            ("url", "https://www.quiziniere.com/creer/7"),
            ("_id", &id),
            ("e_c", "Création"),
            ("e_a", action),
            ("ca", "1"),
        ]);
        server.hit(&[
            ("idsite", &site),
            ("url", "https://www.quiziniere.com/creer/7"),
            ("_id", &id),
        ]);
    }
    let tried = |rule: &[(&str, &str)], total: u64| {
        let mut all = vec![("idSite", site.as_str())];
        all.extend(rule);
        server.wait_for("Features.preview", &all, |it| it["total"] == total)
    };
    let found = tried(&[("category", "Création"), ("action", "ajout-*")], 2);
    assert_eq!(found["events"][0]["action"], "ajout-audio");
    let found = tried(&[("page", "/creer/*")], 3);
    assert_eq!(found["pages"][0]["path"], "/creer/7");
    assert_eq!(tried(&[("tracker", "apercu")], 0)["nb_names"], 0);
    assert_eq!(tried(&[("tracker", "apercu"), ("trackerGroup", "Création")], 1)["nb_names"], 1);
    assert_eq!(server.api("Features.preview", &[("idSite", &site)])["result"], "error");
}

#[test]
fn a_feature_is_added_tried_changed_and_taken_out_on_the_screen() {
    let server = Server::start();
    let site = with_dimension(&server);
    let (writer, viewer) =
        (logged_in(&server, "wanda", "write", &site), logged_in(&server, "vera", "view", &site));
    let list = format!("/features/register?site={site}");
    let edit = format!("/features/register/edit?site={site}");
    let see = |cookie: &str, page: &str| server.request("GET", page, &[("Cookie", cookie)], b"");
    assert_eq!(see("", &list).status, 303);
    assert_eq!(see(&viewer, &list).status, 403);
    assert_eq!(see(&writer, "/features/register?site=99").status, 404);
    assert_eq!(see(&writer, &list).status, 200);

    let origin = format!("http://{}", server.address);
    let send_from = |origin: &str, cookie: &str, page: &str, form: &[(&str, &str)]| {
        let headers = [FORM, ("Cookie", cookie), ("Origin", origin)];
        server.request("POST", page, &headers, encoded(form).as_bytes())
    };
    let send = |page: &str, form: &[(&str, &str)]| send_from(&origin, &writer, page, form);
    let keys = || -> Vec<String> {
        let register = server.api("Features.getRegister", &[("idSite", &site)]);
        let features = register["features"].as_array().unwrap().iter();
        features.map(|it| it["key"].as_str().unwrap().to_owned()).collect()
    };
    let filled = |wish: &'static str| {
        [
            ("do", wish),
            ("key", "ajout-dessin"),
            ("name_fr", "Ajouter un <dessin>"),
            ("released", "2026-09-01"),
            ("category1", "Création"),
            ("action1", "ajout-*"),
            ("category2", ""),
            ("action2", ""),
        ]
    };
    // Only who may write, from these pages.
    assert_eq!(send_from("https://evil.example", &writer, &edit, &filled("save")).status, 403);
    assert_eq!(send_from(&origin, &viewer, &edit, &filled("save")).status, 403);
    assert_eq!(send_from(&origin, "", &edit, &filled("save")).status, 303);
    assert_eq!(keys().len(), 0);

    server.hit(&[
        ("idsite", &site),
        ("url", "https://www.quiziniere.com/creer"),
        ("_id", "000000000000000a"),
        ("e_c", "Création"),
        ("e_a", "ajout-audio"),
        ("ca", "1"),
    ]);
    server.wait_for("Features.preview", &[("idSite", &site), ("action", "ajout-*")], |it| {
        it["total"] == 1
    });
    let tried = send(&edit, &filled("try")).text();
    assert!(tried.contains("ajout-audio") && tried.contains("Prend 1 utilisation"), "{tried}");
    assert_eq!(keys().len(), 0, "a trial changes nothing");

    let saved = send(&edit, &filled("save"));
    assert_eq!(saved.status, 303, "{}", saved.text());
    assert_eq!(keys(), ["ajout-dessin"]);
    let again = send(&edit, &filled("save"));
    assert_eq!(again.status, 422);
    assert!(again.text().contains("cette clé est déjà prise"), "{}", again.text());
    let shown = see(&writer, &list).text();
    assert!(shown.contains("Ajouter un &lt;dessin&gt;") && !shown.contains("<dessin>"));

    let one = format!("{edit}&key=ajout-dessin");
    assert!(see(&writer, &one).text().contains("value=\"ajout-*\""));
    let mut other = filled("save");
    other[3] = ("released", "demain");
    assert_eq!(send(&one, &other).status, 422);
    other[3] = ("released", "");
    assert_eq!(send(&one, &other).status, 303);
    assert_eq!(send(&one, &[("do", "remove")]).status, 200);
    assert_eq!(keys().len(), 1, "it is asked first");
    assert_eq!(send(&one, &[("do", "really-remove")]).status, 303);
    assert_eq!(keys().len(), 0);

    let planned = send(&list, &[("do", "plan"), ("register", FEATURES)]).text();
    assert!(planned.contains("+ public &#x60;profil&#x60;"), "{planned}");
    assert_eq!(send(&list, &[("do", "plan"), ("register", "[[feature]]")]).status, 422);
    assert_eq!(keys().len(), 0);
    assert_eq!(send(&list, &[("do", "apply"), ("register", FEATURES)]).status, 303);
    let file = see(&writer, &format!("/features/register.toml?site={site}"));
    assert!(file.text().contains("key = \"ajout-dessin\""));
    assert_eq!(see(&viewer, &format!("/features/register.toml?site={site}")).status, 403);
    let ids = server.api("Features.getRegister", &[("idSite", &site)]);
    assert_eq!(ids["features"][0]["id"], 2, "a number is not given again");
}
