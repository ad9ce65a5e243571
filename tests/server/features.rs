//! Reports of features, over the whole way, against plain counting from the same hits.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::running::Server;

/// A Monday that is over.
const MONDAY: &str = "2026-03-09";
/// As it stands in the register: days since 1970.
const MONDAY_NUMBER: i32 = 20_521;
const PROFILES: [&str; 3] = ["enseignant", "eleve", ""];
const FEATURES: [&str; 3] = ["dessin", "copie", "audio"];

/// One visit: who, on which day of the week, at which local hour, what was used.
#[derive(Clone, Debug)]
struct Visit {
    who: usize,
    day: usize,
    hour: usize,
    /// Seconds of each drawing.
    drawings: Vec<i64>,
    hands_in: bool,
}

impl Visit {
    fn profile(&self) -> &'static str {
        PROFILES[self.who % 3]
    }

    /// The week of first use, as the application knows it: this one for some.
    fn arrived(&self) -> &'static str {
        if self.who < 4 { "2026-S11" } else { "2026-S10" }
    }

    fn uses(&self, feature: &str) -> i64 {
        match feature {
            "dessin" => i64::try_from(self.drawings.len()).unwrap(),
            "copie" => i64::from(self.hands_in),
            _ => 0,
        }
    }

    fn moment(&self, minute: usize) -> String {
        // Paris is an hour ahead of UTC in the middle of March.
        format!("2026-03-{:02} {:02}:{minute:02}:00", 9 + self.day, self.hour - 1)
    }
}

/// Eleven people over five days, not all of them every day, some of them twice a day.
fn visits() -> Vec<Visit> {
    let mut visits = Vec::new();
    for day in 0..5 {
        for who in 0..11 {
            for hour in [8 + (who + day) % 5, 15] {
                let seed = who * 7 + day * 3 + hour;
                let comes = if hour == 15 { seed % 4 == 0 } else { seed % 5 != 0 };
                if comes {
                    let drawings =
                        (0..seed % 4).map(|at| i64::try_from(5 + seed * (at + 1)).unwrap());
                    let drawings: Vec<i64> = drawings.collect();
                    let hands_in = seed % 3 != 0;
                    visits.push(Visit { who, day, hour, drawings, hands_in });
                }
            }
        }
    }
    visits.sort_by_key(|it| (it.day, it.hour, it.who));
    visits
}

fn register() -> String {
    let feature = |id: u32, key: &str, released: &str| {
        format!(
            r#"{{"id":{id},"key":"{key}","name":{{"fr":"{key}","en":"{key}"}},"released":{released},"since":20000,
            "rules":[{{"category":"Quiz","action":"{key}"}}]}}"#
        )
    };
    // Drawing was released on the Wednesday.
    let features = [
        feature(1, FEATURES[0], &(MONDAY_NUMBER + 2).to_string()),
        feature(2, FEATURES[1], "null"),
        feature(3, FEATURES[2], "20100"),
    ];
    format!(
        r#"{{"features":[{}],"audiences":[{{"cut":1,"key":"profil","name":{{"fr":"Profil","en":"Profile"}},
        "kind":"profile","dimension":1,"values":["enseignant","eleve"]}},
        {{"cut":2,"key":"arrivee","name":{{"fr":"Arrivée"}},"kind":"cohort","dimension":2}}],
        "pairs":[{{"cut":3,"of":["profil","arrivee"]}}],
        "funnels":[{{"id":1,"key":"depot","name":{{"fr":"Dépôt"}},"since":20000,
        "steps":[{{"feature":"dessin"}},{{"feature":"copie"}}]}}],
        "given":{{"feature":4,"funnel":2,"cut":4,"large_cut":50}}}}"#,
        features.join(",")
    )
}

/// A server that counted the visits; with its site.
fn counted(visits: &[Visit]) -> (Server, String) {
    let mut server = Server::start();
    let site = server.add_site(&[]);
    for name in ["Profil", "Arrivée"] {
        server.api(
            "CustomDimensions.configureNewCustomDimension",
            &[("idSite", &site), ("name", name), ("scope", "visit"), ("active", "1")],
        );
    }
    let register = register().replace('\'', "''");
    server.sql(&format!("insert into register (site, definition) values ({site}, '{register}')"));
    server.kill();
    server.start_again();
    for visit in visits {
        let id = format!("{:016x}", visit.who + 1);
        let mut minute = 0;
        let mut send = |more: &[(&str, &str)]| {
            let moment = visit.moment(minute);
            minute += 1;
            let mut hit = vec![
                ("idsite", site.as_str()),
                ("url", "https://www.quiziniere.com/creer"),
                ("_id", &id),
                ("cdt", &moment),
                ("token_auth", &server.token),
                ("dimension2", visit.arrived()),
            ];
            hit.extend(more);
            if !visit.profile().is_empty() {
                hit.push(("dimension1", visit.profile()));
            }
            assert_eq!(server.hit(&hit).status, 204);
        };
        send(&[]);
        for seconds in &visit.drawings {
            let seconds = seconds.to_string();
            send(&[("e_c", "Quiz"), ("e_a", FEATURES[0]), ("e_v", &seconds), ("ca", "1")]);
        }
        if visit.hands_in {
            send(&[("e_c", "Quiz"), ("e_a", FEATURES[1]), ("ca", "1")]);
        }
    }
    let whole = [("idSite", site.as_str()), ("period", "week"), ("date", MONDAY)];
    let uses: i64 = visits.iter().map(|it| it.uses("dessin") + it.uses("copie")).sum();
    server.wait_for("Features.getAdoption", &whole, |rows| {
        rows.as_array().is_some_and(|rows| {
            rows.iter().filter_map(|row| row["nb_uses"].as_i64()).sum::<i64>() == uses
        })
    });
    (server, site)
}

/// Asks about a period, in numbers.
struct Asker<'a> {
    server: &'a Server,
    site: &'a str,
}

impl Asker<'_> {
    fn ask(&self, method: &str, period: &str, date: &str, more: &[(&str, &str)]) -> Vec<Value> {
        let mut all = vec![
            ("idSite", self.site),
            ("period", period),
            ("date", date),
            ("format_metrics", "0"),
            ("filter_limit", "-1"),
            ("expanded", "1"),
        ];
        all.extend(more);
        let answer = self.server.api(&format!("Features.{method}"), &all);
        answer.as_array().unwrap_or_else(|| panic!("{method}: {answer}")).clone()
    }
}

fn close(row: &Value, column: &str, want: f64) {
    let got = row[column].as_f64().unwrap_or(f64::NAN);
    // Averages and shares are rounded.
    assert!((got - want).abs() < 0.006, "{column} is {got}, not {want}: {row}");
}

#[expect(clippy::cast_precision_loss, reason = "small counts")]
fn number(n: usize) -> f64 {
    n as f64
}

fn people<'a>(visits: impl Iterator<Item = &'a Visit>) -> f64 {
    number(visits.map(|it| it.who).collect::<BTreeSet<_>>().len())
}

fn days_of_people<'a>(visits: impl Iterator<Item = &'a Visit>) -> f64 {
    number(visits.map(|it| (it.who, it.day)).collect::<BTreeSet<_>>().len())
}

/// A row of adoption against the visits it is of.
fn adoption(row: &Value, feature: &str, active: &[&Visit]) {
    let used: Vec<&Visit> = active.iter().copied().filter(|it| it.uses(feature) > 0).collect();
    let each = || used.iter().copied();
    let uses: i64 = each().map(|it| it.uses(feature)).sum();
    close(row, "nb_visits", number(used.len()));
    assert_eq!(row["nb_uses"], Value::from(uses), "{row}");
    close(row, "nb_active_visits", number(active.len()));
    close(row, "nb_visitor_days", days_of_people(each()));
    close(row, "nb_uniq_visitors", people(each()));
    close(row, "nb_active_uniq_visitors", people(active.iter().copied()));
    close(row, "adoption_visits_rate", number(used.len()) / number(active.len()));
    close(row, "adoption_visitors_rate", people(each()) / people(active.iter().copied()));
}

fn labelled<'a>(rows: &'a [Value], label: &str) -> &'a Value {
    rows.iter().find(|row| row["label"] == label).unwrap_or_else(|| panic!("no {label}: {rows:?}"))
}

#[test]
fn every_report_of_features_counts_what_plain_counting_counts() {
    let visits = visits();
    let (server, site) = counted(&visits);
    let asker = Asker { server: &server, site: &site };
    let week: Vec<&Visit> = visits.iter().collect();
    let tuesday: Vec<&Visit> = visits.iter().filter(|it| it.day == 1).collect();

    for (period, date, active) in [("week", MONDAY, &week), ("day", "2026-03-10", &tuesday)] {
        let rows = asker.ask("getAdoption", period, date, &[("audience", "profil")]);
        for feature in FEATURES {
            let row = labelled(&rows, feature);
            adoption(row, feature, active);
            for profile in PROFILES {
                let of: Vec<&Visit> =
                    active.iter().copied().filter(|it| it.profile() == profile).collect();
                let name = if profile.is_empty() { "Not told" } else { profile };
                if let Some(rows) = row["subtable"].as_array().filter(|_| !of.is_empty()) {
                    adoption(labelled(rows, name), feature, &of);
                }
            }
        }
        let only = [("audience", "profil"), ("audienceValue", "eleve"), ("feature", "dessin")];
        let of: Vec<&Visit> = active.iter().copied().filter(|it| it.profile() == "eleve").collect();
        adoption(&asker.ask("getAdoption", period, date, &only)[0], "dessin", &of);
    }

    frequency(&asker, &visits);
    duration(&asker, &visits);
    moments(&asker, &visits);
    trend(&asker, &visits);
    together(&asker, &visits);
    retention(&asker, &visits);

    let never = asker.ask("getNeverUsed", "week", MONDAY, &[]);
    assert_eq!((never.len(), &never[0]["label"]), (1, &Value::from("audio")));
    let before = asker.ask("getNeverUsed", "day", "2026-03-02", &[]);
    let names: Vec<_> = before.iter().filter_map(|row| row["label"].as_str()).collect();
    assert_eq!(names, ["copie", "audio"], "drawing was not there yet");
    // What was used in a later month only was never used before.
    let later = asker.ask("getNeverUsed", "month", "2026-04-01", &[]);
    assert_eq!(labelled(&later, "dessin")["last_used"], "2026-03");

    let audience = server.api(
        "Audience.get",
        &[("idSite", &site), ("period", "week"), ("date", MONDAY), ("audience", "profil")],
    );
    let of = visits.iter().filter(|it| it.profile() == "eleve");
    let row = labelled(audience.as_array().unwrap(), "eleve");
    close(row, "nb_visits", number(of.clone().count()));
    close(row, "nb_uniq_visitors", people(of));
    let csv = server.api(
        "API.getProcessedReport",
        &[
            ("idSite", &site),
            ("period", "week"),
            ("date", MONDAY),
            ("apiModule", "Features"),
            ("apiAction", "getAdoption"),
        ],
    );
    assert_eq!(csv["reportData"].as_array().map(Vec::len), Some(2), "without the unused: {csv}");
    page(&server, &site, &visits);
}

fn frequency(asker: &Asker<'_>, visits: &[Visit]) {
    let row = &asker.ask("getFrequency", "week", MONDAY, &[("feature", "dessin")])[0];
    let used = || visits.iter().filter(|it| !it.drawings.is_empty());
    let uses = number(used().map(|it| it.drawings.len()).sum());
    close(row, "avg_uses_per_visit", uses / number(used().count()));
    close(row, "avg_uses_per_visitor_day", uses / days_of_people(used()));
    close(row, "avg_uses_per_visitor", uses / people(used()));
    close(row, "avg_days_used", days_of_people(used()) / people(used()));
    let by = |what: &str| {
        asker.ask("getFrequency", "week", MONDAY, &[("feature", "dessin"), ("distribution", what)])
    };
    let visits_by_uses = by("visit");
    for uses in 1..=3 {
        let n = used().filter(|it| it.drawings.len() == uses).count();
        close(labelled(&visits_by_uses, &uses.to_string()), "nb_visits", number(n));
    }
    let mut days: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    let mut uses_a_day: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for visit in used() {
        days.entry(visit.who).or_default().insert(visit.day);
        *uses_a_day.entry((visit.who, visit.day)).or_default() += visit.drawings.len();
    }
    for row in by("days") {
        let k: usize = row["label"].as_str().unwrap().parse().unwrap();
        let n = days.values().filter(|days| days.len() == k).count();
        close(&row, "nb_uniq_visitors", number(n));
    }
    let rows = by("day");
    for uses in 1..=5 {
        let n = uses_a_day.values().filter(|n| **n == uses).count();
        close(labelled(&rows, &uses.to_string()), "nb_visitor_days", number(n));
    }
}

fn duration(asker: &Asker<'_>, visits: &[Visit]) {
    let row = &asker.ask("getDuration", "week", MONDAY, &[("feature", "dessin")])[0];
    let mut seconds: Vec<i64> = visits.iter().flat_map(|it| it.drawings.clone()).collect();
    seconds.sort_unstable();
    let sum: i64 = seconds.iter().sum();
    close(row, "nb_uses_with_duration", number(seconds.len()));
    assert_eq!(row["sum_time_used"].as_i64(), Some(sum), "{row}");
    for (column, share) in [("median_time_used", 50), ("p90_time_used", 90)] {
        let at = (seconds.len() * share).div_ceil(100) - 1;
        let want = number(usize::try_from(seconds[at]).unwrap());
        let got = row[column].as_f64().unwrap();
        assert!((got / want - 1.0).abs() < 0.05, "{column} is {got}, not {want}");
    }
}

fn moments(asker: &Asker<'_>, visits: &[Visit]) {
    let days = asker.ask("getMoments", "week", MONDAY, &[("feature", "dessin")]);
    let names = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"];
    for (at, name) in names.iter().enumerate() {
        let of_day = || visits.iter().filter(|it| it.day == at);
        let uses = of_day().map(|it| it.drawings.len()).sum();
        let day = labelled(&days, name);
        close(day, "nb_uses", number(uses));
        let hours = day["subtable"].as_array().cloned().unwrap_or_default();
        for hour in 8..16 {
            let uses: usize =
                of_day().filter(|it| it.hour == hour).map(|it| it.drawings.len()).sum();
            if uses > 0 {
                close(labelled(&hours, &hour.to_string()), "nb_uses", number(uses));
            }
        }
    }
}

fn trend(asker: &Asker<'_>, visits: &[Visit]) {
    let range = "2026-03-02,2026-03-15";
    let note = [("idSite", asker.site), ("date", "2026-03-12"), ("note", "Concours")];
    asker.server.api("Annotations.add", &note);
    let rows = asker.ask("getTrend", "range", range, &[("feature", "dessin")]);
    assert_eq!(rows.len(), 14);
    for (at, row) in rows.iter().enumerate() {
        let day = at.wrapping_sub(7);
        let of_day = || visits.iter().filter(|it| it.day == day);
        let uses = of_day().map(|it| it.drawings.len()).sum();
        close(row, "nb_uses", number(uses));
        close(row, "nb_active_visits", number(of_day().count()));
        let used = of_day().filter(|it| !it.drawings.is_empty());
        close(row, "nb_uniq_visitors", people(used));
        assert_eq!(row.get("released").is_some(), day == 2, "{row}");
        assert_eq!(row.get("notes").is_some(), day == 3, "{row}");
    }
    let by_week = [("feature", "dessin"), ("by", "week")];
    let weeks = asker.ask("getTrend", "range", range, &by_week);
    let used = visits.iter().filter(|it| !it.drawings.is_empty());
    close(&weeks[1], "nb_uniq_visitors", people(used));

    let change = &asker.ask("getBeforeAfter", "week", MONDAY, &[("feature", "dessin")])[0];
    let uses = |days: std::ops::Range<usize>| {
        let of = visits.iter().filter(|it| days.contains(&it.day));
        number(of.map(|it| it.drawings.len()).sum())
    };
    close(change, "daily_uses_before", uses(0..2) / 2.0);
    close(change, "daily_uses_after", uses(2..7) / 5.0);
    assert!(change["daily_uses_low"].is_null(), "two days tell nothing of how days scatter");
    assert!(change["visits_rate_low"].as_f64() < change["visits_rate_high"].as_f64());
}

fn together(asker: &Asker<'_>, visits: &[Visit]) {
    let both = visits.iter().filter(|it| !it.drawings.is_empty() && it.hands_in).count();
    let draws = visits.iter().filter(|it| !it.drawings.is_empty()).count();
    let hands_in = visits.iter().filter(|it| it.hands_in).count();
    let pair = &asker.ask("getTogether", "week", MONDAY, &[])[0];
    close(pair, "nb_visits", number(both));
    close(pair, "smaller_rate", number(both) / number(draws.min(hands_in)));
    close(pair, "lift", number(both) * number(visits.len()) / (number(draws) * number(hands_in)));
    let steps = asker.ask("getFunnel", "week", MONDAY, &[("funnel", "depot")]);
    close(&steps[0], "nb_visits", number(draws));
    close(&steps[1], "nb_visits", number(both));
    close(&steps[1], "step_rate", number(both) / number(draws));
    let funnels = asker.ask("getFunnels", "week", MONDAY, &[]);
    close(&funnels[0], "nb_visits_completed", number(both));
}

fn retention(asker: &Asker<'_>, visits: &[Visit]) {
    let cohorts = asker.ask("getRetention", "week", MONDAY, &[]);
    for (cohort, name) in [("2026-S11", "2026-W11"), ("2026-S10", "2026-W10")] {
        let came = people(visits.iter().filter(|it| it.arrived() == cohort));
        let row = labelled(&cohorts, name);
        let weeks = row["subtable"].as_array().unwrap();
        close(&weeks[0], "nb_uniq_visitors", came);
        let is_first = weeks[0]["label"] == "0";
        assert_eq!(is_first, cohort == "2026-S11");
        assert_eq!(
            row["nb_uniq_visitors"].is_null(),
            !is_first,
            "its first week is not asked about"
        );
    }
    // Of each profile, by the pair of it and the cohort.
    let profiles = asker.ask("getRetention", "week", MONDAY, &[("audience", "profil")]);
    for (profile, name) in [("enseignant", "enseignant"), ("eleve", "eleve"), ("", "Not told")] {
        let of = |cohort: &'static str| {
            visits.iter().filter(move |it| it.arrived() == cohort && it.profile() == profile)
        };
        let row = labelled(&profiles, name);
        close(row, "nb_uniq_visitors", people(of("2026-S11")));
        for (cohort, name) in [("2026-S11", "2026-W11"), ("2026-S10", "2026-W10")] {
            let cohort_row = labelled(row["subtable"].as_array().unwrap(), name);
            close(&cohort_row["subtable"][0], "nb_uniq_visitors", people(of(cohort)));
        }
    }
    let both =
        asker.ask("getRetention", "range", "2026-03-02,2026-03-15", &[("feature", "dessin")]);
    let used = |it: &&Visit| it.arrived() == "2026-S11" && !it.drawings.is_empty();
    close(labelled(&both, "2026-W11"), "nb_uniq_visitors", people(visits.iter().filter(used)));
}

/// The page shows the same figures to who is logged in.
fn page(server: &Server, site: &str, visits: &[Visit]) {
    server.api(
        "UsersManager.addUser",
        &[
            ("userLogin", "claire"),
            ("password", "une-phrase-assez-longue"),
            ("email", "claire@example.org"),
        ],
    );
    server.api(
        "UsersManager.setUserAccess",
        &[("userLogin", "claire"), ("access", "view"), ("idSites", site)],
    );
    let form = b"user=claire&password=une-phrase-assez-longue";
    let kind = ("Content-Type", "application/x-www-form-urlencoded");
    let answer = server.request("POST", "/login", &[kind], form);
    let cookie = answer.head.lines().find_map(|line| line.strip_prefix("set-cookie: "));
    let cookie = cookie.unwrap_or_else(|| panic!("{}", answer.head)).split(';').next().unwrap();
    let get = |query: &str| {
        let target = format!("/features?site={site}&period=week&date={MONDAY}&{query}");
        let answer = server.request("GET", &target, &[("Cookie", cookie)], b"");
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.text()
    };
    assert_eq!(server.get(&format!("/features?site={site}")).status, 303, "nobody is logged in");
    let page = get("lang=fr");
    let uses: usize = visits.iter().map(|it| it.drawings.len()).sum();
    assert!(page.contains(&format!("<td class=\"n\">{uses}</td>")), "{page}");
    assert!(page.contains("Jamais utilisées") && page.contains("jamais depuis 25 mois"), "{page}");
    assert!(page.contains("Dépôt") && page.contains("dessin + copie"));
    let split = get("lang=en&audience=profil&feature=dessin");
    assert!(split.contains(">enseignant</a>") && split.contains("Not told"), "{split}");
    let only = get("audience=profil&value=eleve&lang=fr");
    let of: usize =
        visits.iter().filter(|it| it.profile() == "eleve").map(|it| it.drawings.len()).sum();
    assert!(only.contains(&format!("<td class=\"n\">{of}</td>")), "{only}");
    // What is not declared is as if it were not there.
    get("audience=x&feature=%3Cscript%3E");
    let other = server.request("GET", "/features?site=99", &[("Cookie", cookie)], b"");
    assert_eq!(other.status, 404);
}
