//! A server with two exempt sites and hits that hold what must not stay.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use crate::running::{Server, encoded};

/// Stands in every text that must not be found again.
pub(super) const MARK: &str = "canariinterdit";
pub(super) const ADDRESS: &str = "198.51.100.213";
pub(super) const AGENT: &str = "Mozilla/5.0 (Linux; Android 13; SM-G998B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.6422.113 Mobile Safari/537.36";
pub(super) const ID: &str = "c0ffee5ca1ab1e99";

const SETTINGS: &str = r#"{"allowed":{"events":[{"category":"Création","action":"ajout","names":["qcm"]}],
    "dimensions":[{"id":1,"values":["eleve"]}],"titles":["Créer"],"url_parameters":["page"],
    "paths":["/creer"]}}"#;

pub(super) struct Scene {
    pub(super) server: Server,
    pub(super) site: String,
    pub(super) other: String,
}

impl Scene {
    /// One for all tests that run at the same time; it goes with the last of them.
    pub(super) fn shared() -> Arc<Self> {
        static LAST: Mutex<Weak<Scene>> = Mutex::new(Weak::new());
        let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
        last.upgrade().unwrap_or_else(|| {
            let scene = Arc::new(Self::new());
            *last = Arc::downgrade(&scene);
            scene
        })
    }

    fn new() -> Self {
        let server = Server::start();
        let site = server.add_site(&[("settings", SETTINGS)]);
        let other = server.add_site(&[("settings", SETTINGS)]);
        for site in [&site, &other] {
            let dimension = [
                ("idSite", site.as_str()),
                ("name", "Profil"),
                ("scope", "visit"),
                ("active", "1"),
            ];
            server.api("CustomDimensions.configureNewCustomDimension", &dimension);
        }
        let scene = Self { server, site, other };
        scene.send_everything();
        scene
    }

    pub(super) fn today(&self) -> Vec<(&str, &str)> {
        vec![("idSite", &self.site), ("period", "day"), ("date", "today")]
    }

    /// Parameters of today and one more.
    pub(super) fn today_and<'a>(
        &'a self,
        name: &'a str,
        value: &'a str,
    ) -> Vec<(&'a str, &'a str)> {
        let mut all = self.today();
        all.push((name, value));
        all
    }

    /// A hit with an agent and an address, as a browser behind a proxy of the site's sends it.
    fn send(&self, site: &str, parameters: &[(&str, &str)]) {
        let base = [
            ("idsite", site),
            ("rec", "1"),
            ("_id", ID),
            ("cip", ADDRESS),
            ("token_auth", self.server.token.as_str()),
            ("res", "1367x771"),
        ];
        let query = encoded(&[&base[..], parameters].concat());
        let headers = [("User-Agent", AGENT), ("X-Forwarded-For", ADDRESS)];
        let answer = self.server.request("GET", &format!("/matomo.php?{query}"), &headers, b"");
        assert!(answer.status < 300, "{}", answer.text());
    }

    fn send_everything(&self) {
        let page = format!(
            "https://www.quiziniere.com/creer?page=2&mail={MARK}@ecole.example&utm_campaign={MARK}&utm_source={MARK}&mtm_cid={MARK}&gclid={MARK}&fbclid={MARK}&pk_vid={ID}#{MARK}"
        );
        let named = format!("{MARK} Zoé Dupont");
        let mail = format!("{MARK}@ecole.example");
        let from = format!("https://ent.example.fr/{MARK}?eleve={MARK}");
        let searched = format!("https://www.google.com/search?q={MARK}");
        let url = ("url", page.as_str());
        for site in [&self.site, &self.other] {
            self.send(
                site,
                &[
                    url,
                    ("action_name", "Créer"),
                    ("dimension1", "eleve"),
                    ("urlref", &from),
                    ("uid", &mail),
                ],
            );
            self.send(site, &[url, ("action_name", &named), ("dimension1", &mail)]);
            self.send(
                site,
                &[url, ("e_c", "Création"), ("e_a", "ajout"), ("e_n", "qcm"), ("e_v", "3")],
            );
            self.send(site, &[url, ("e_c", "Création"), ("e_a", "ajout"), ("e_n", &mail)]);
            self.send(site, &[url, ("e_c", &named), ("e_a", MARK), ("e_n", &mail)]);
            self.send(site, &[url, ("search", &named), ("search_cat", MARK)]);
            self.send(site, &[url, ("c_n", &named), ("c_p", MARK), ("c_t", &from)]);
            self.send(
                site,
                &[url, ("_rcn", MARK), ("_rck", MARK), ("urlref", &searched), ("new_visit", "1")],
            );
            self.send(
                site,
                &[
                    url,
                    ("idgoal", "0"),
                    ("ec_id", MARK),
                    ("revenue", "12"),
                    ("ec_items", "[[\"sku\",\"livre\",\"\",12,1]]"),
                ],
            );
            self.send(
                site,
                &[url, ("city", MARK), ("region", MARK), ("lat", "45.7640"), ("long", "4.8357")],
            );
        }
        let wanted = |it: &serde_json::Value| it[0]["nb_events"] == 2;
        self.server.wait_for("Events.getCategory", &self.today(), wanted);
        let other = [("idSite", self.other.as_str()), ("period", "day"), ("date", "today")];
        self.server.wait_for("Events.getCategory", &other, wanted);
    }

    /// Every text that reports can show.
    pub(super) fn texts(&self) -> Vec<String> {
        self.server.ask_sql("select text from label")
    }

    /// Labels of a report of today, flat.
    pub(super) fn labels(&self, method: &str) -> Vec<String> {
        let rows = self.server.api(method, &self.today_and("flat", "1"));
        let rows = rows.as_array().unwrap_or_else(|| panic!("{method}: {rows}"));
        rows.iter().map(|row| row["label"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// The message of a question that is refused.
    pub(super) fn refused(&self, method: &str, parameters: &[(&str, &str)]) -> String {
        let answer = self.server.api(method, parameters);
        assert_eq!(answer["result"], "error", "{method}: {answer}");
        answer["message"].as_str().unwrap_or_default().to_owned()
    }

    /// A token of an account with no right but the role on one site, if any.
    pub(super) fn account(&self, login: &str, role: Option<(&str, &str)>) -> String {
        let password = "correct horse battery";
        let new = [("userLogin", login), ("password", password), ("email", "x@example.org")];
        self.server.api("UsersManager.addUser", &new);
        if let Some((role, site)) = role {
            let access = [("userLogin", login), ("access", role), ("idSites", site)];
            assert_eq!(self.server.api("UsersManager.setUserAccess", &access)["result"], "success");
        }
        let app = [("userLogin", login), ("description", "x"), ("passwordConfirmation", password)];
        let token = self.server.api("UsersManager.createAppSpecificTokenAuth", &app);
        token["value"].as_str().unwrap_or_else(|| panic!("{token}")).to_owned()
    }

    /// A question with another token than the administrator's.
    pub(super) fn ask_as(
        &self,
        token: &str,
        method: &str,
        parameters: &[(&str, &str)],
    ) -> serde_json::Value {
        let query = encoded(parameters);
        let target = format!("/?module=API&format=json&method={method}&token_auth={token}&{query}");
        self.server.get(&target).json()
    }
}
