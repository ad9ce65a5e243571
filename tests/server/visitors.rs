//! Distinct visitors of any period and by any dimension, where Matomo has none.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::running::Server;

/// Day, visitor, user, profile.
const HITS: [(&str, u64, &str, &str); 8] = [
    ("2025-08-30", 1, "", "eleve"),
    ("2025-09-02", 1, "", "eleve"),
    ("2025-09-03", 2, "prof", "enseignant"),
    ("2025-12-30", 2, "prof", "enseignant"),
    ("2026-01-05", 2, "prof", "enseignant"),
    ("2026-01-06", 3, "", "eleve"),
    ("2026-01-20", 3, "", "parent"),
    ("2026-02-03", 1, "", "eleve"),
];

#[test]
fn visitors_are_counted_once_in_weeks_months_years_and_school_years() {
    let mut server = Server::start();
    let site = server.add_site(&[("policy", "complete")]);
    let dimension =
        [("idSite", site.as_str()), ("name", "Profil"), ("scope", "visit"), ("active", "1")];
    server.api("CustomDimensions.configureNewCustomDimension", &dimension);
    let send = |server: &Server, (day, visitor, user, profile): (&str, u64, &str, &str)| {
        let hit = [
            ("idsite", site.as_str()),
            ("url", "https://www.quiziniere.com/"),
            ("_id", &format!("{visitor:016x}")),
            ("uid", user),
            ("dimension1", profile),
            ("cdt", &format!("{day} 10:00:00")),
            ("token_auth", &server.token),
        ];
        assert!([200, 204].contains(&server.hit(&hit).status));
    };
    HITS.into_iter().for_each(|hit| send(&server, hit));
    let ask = |method: &str, period: &str, date: &str, more: &[(&str, &str)]| {
        let asked = [("idSite", site.as_str()), ("period", period), ("date", date)];
        server.api(method, &[&asked, more].concat())
    };
    let begun = Instant::now();
    while ask("VisitsSummary.get", "range", "2025-08-01,2026-03-01", &[])["nb_visits"] != 8 {
        assert!(begun.elapsed() < Duration::from_secs(20), "not counted");
        std::thread::sleep(Duration::from_millis(100));
    }
    for (period, date, visits, visitors, users) in [
        ("day", "2026-01-05", 1, 1, 1),
        ("week", "2026-01-05", 2, 2, 1),
        ("month", "2026-01-05", 3, 2, 1),
        ("year", "2025-05-05", 4, 2, 1),
        ("year", "2026-05-05", 4, 3, 1),
        // Each by its own name, and as the range it is.
        ("range", "2025-09-01,2026-08-31", 7, 3, 1),
        ("range", "2026-01-01,2026-12-31", 4, 3, 1),
        ("range", "2026-01-05,2026-01-11", 2, 2, 1),
        // Any days of a school year.
        ("range", "2025-12-30,2026-02-28", 5, 3, 1),
        ("range", "2025-09-03,2026-01-05", 3, 1, 1),
        ("range", "2026-01-06,2026-06-30", 3, 2, 0),
        ("range", "2026-03-01,2026-04-02", 0, 0, 0),
        ("year", "2024-05-05", 0, 0, 0),
    ] {
        let want = json!({ "nb_visits": visits, "nb_uniq_visitors": visitors, "nb_users": users });
        assert_eq!(ask("Visitors.get", period, date, &[]), want, "{period} {date}");
    }
    // Over two school years it is known between what it lies: one in August, two in September.
    let odd = ask("Visitors.get", "range", "2025-08-30,2025-09-20", &[]);
    let want = json!({
        "nb_visits": 3, "nb_uniq_visitors_at_least": 2, "nb_uniq_visitors_at_most": 3,
    });
    assert_eq!(odd, want);

    let by = |period, date, dimension: &str| -> Vec<(String, Value)> {
        let rows = ask("Visitors.getByDimension", period, date, &[("dimension", dimension)]);
        let rows = rows.as_array().unwrap_or_else(|| panic!("{rows}")).clone();
        let told = |row: &Value| {
            (row["label"].as_str().unwrap().to_owned(), row["nb_uniq_visitors"].clone())
        };
        let mut rows: Vec<_> = rows.iter().map(told).collect();
        rows.sort_by_key(|(label, _)| label.clone());
        rows
    };
    let rows = |rows: &[(&str, i64)]| -> Vec<(String, Value)> {
        rows.iter().map(|(label, n)| ((*label).to_owned(), (*n).into())).collect()
    };
    let school = "2025-09-01,2026-08-31";
    // Visitor 3 was both.
    let profiles = rows(&[("eleve", 2), ("enseignant", 1), ("parent", 1)]);
    assert_eq!(by("range", school, "dimension1"), profiles);
    assert_eq!(by("month", "2026-02-01", "dimension1"), rows(&[("eleve", 1)]));
    assert_eq!(by("day", "2025-09-03", "dimension1"), rows(&[("enseignant", 1)]));
    assert_eq!(by("year", "2026-01-01", "referrer"), rows(&[("Direct Entry", 3)]));
    assert_eq!(by("year", "2026-01-01", "country").len(), 1);
    let spring = "2026-01-05,2026-02-20";
    let profiles = rows(&[("eleve", 2), ("enseignant", 1), ("parent", 1)]);
    assert_eq!(by("range", spring, "dimension1"), profiles);
    assert_eq!(by("range", "2025-09-03,2026-01-10", "referrer"), rows(&[("Direct Entry", 2)]));
    for (period, date, dimension, complaint) in [
        (
            "range",
            "2025-08-02,2026-02-20",
            "browser",
            "within a school year (1 September to 31 August)",
        ),
        ("year", "2026-01-01", "colour", "country, referrer, dimension1"),
        ("year", "2026-01-01", "dimension7", "Try any of the following"),
    ] {
        let refused = ask("Visitors.getByDimension", period, date, &[("dimension", dimension)]);
        assert!(refused["message"].as_str().unwrap().contains(complaint), "{refused}");
    }
    let named = |method: &str| -> Vec<(String, Value)> {
        let rows = ask(method, "range", school, &[]);
        let rows = rows.as_array().unwrap_or_else(|| panic!("{rows}")).clone();
        let rows = rows.into_iter().filter(|row| row["nb_visits"] != 0);
        rows.map(|row| (row["label"].as_str().unwrap().to_owned(), row["nb_visits"].clone()))
            .collect()
    };
    let since = [
        ("New visits", 3),
        ("6 days", 1),
        ("8-14 days", 1),
        ("61-120 days", 1),
        ("121-364 days", 1),
    ];
    assert_eq!(named("VisitorInterest.getNumberOfVisitsByDaysSinceLast"), rows(&since));
    let numbers = [("1 visit", 3), ("2 visits", 3), ("3 visits", 1)];
    assert_eq!(named("VisitorInterest.getNumberOfVisitsByVisitCount"), rows(&numbers));
    for (segment, visits) in
        [("daysSinceLastVisit>=14", 3), ("visitCount==2", 3), ("daysSinceFirstVisit>100", 3)]
    {
        let told = ask("VisitsSummary.getVisits", "range", school, &[("segment", segment)]);
        assert_eq!(told["value"], visits, "{segment}");
    }
    // Matomo's own methods stay as they are.
    assert!(ask("VisitsSummary.get", "year", "2026-01-01", &[]).get("nb_uniq_visitors").is_none());

    // Who came on which days is known after a crash.
    server.kill();
    server.start_again();
    send(&server, ("2026-02-10", 3, "", "parent"));
    let range = "2026-01-20,2026-02-15";
    let ask = |server: &Server| {
        let asked = [("idSite", site.as_str()), ("period", "range"), ("date", range)];
        server.api("Visitors.get", &asked)
    };
    let begun = Instant::now();
    while ask(&server)["nb_visits"] != 3 {
        assert!(begun.elapsed() < Duration::from_secs(20), "not counted");
        std::thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(ask(&server)["nb_uniq_visitors"], 2);
}

#[test]
fn exempt_sites_do_not_keep_who_came_on_which_days_of_a_year() {
    let server = Server::start();
    let site = server.add_site(&[]);
    for day in ["2025-09-02", "2025-09-10", "2025-10-01", "2026-01-20"] {
        let hit = [
            ("idsite", site.as_str()),
            ("url", "https://www.quiziniere.com/"),
            ("_id", "00000000000000a1"),
            ("cdt", &format!("{day} 10:00:00")),
            ("token_auth", &server.token),
        ];
        assert!([200, 204].contains(&server.hit(&hit).status));
    }
    let ask = |method: &str, date: &str| {
        server.api(method, &[("idSite", site.as_str()), ("period", "range"), ("date", date)])
    };
    let begun = Instant::now();
    while ask("VisitsSummary.get", "2025-08-01,2026-03-01")["nb_visits"] != 4 {
        assert!(begun.elapsed() < Duration::from_secs(20), "not counted");
        std::thread::sleep(Duration::from_millis(100));
    }
    let year = ask("Visitors.get", "2025-09-01,2026-08-31");
    assert_eq!(year, json!({ "nb_visits": 4, "nb_uniq_visitors": 1, "nb_users": 0 }));
    let range = ask("Visitors.get", "2025-09-05,2026-01-31");
    let want = json!({
        "nb_visits": 3, "nb_uniq_visitors_at_least": 1, "nb_uniq_visitors_at_most": 3,
    });
    assert_eq!(range, want);
    assert_eq!(server.ask_sql("select count(*)::text from rollup_recency"), ["0"]);
    let since = "VisitorInterest.getNumberOfVisitsByDaysSinceLast";
    assert_eq!(ask(since, "2025-09-05,2026-01-31"), json!([]));
    let refused = ask("Visitors.getByDimension", "2025-09-05,2026-01-31");
    assert!(refused["message"].as_str().unwrap().contains("'exempt'"), "{refused}");
}
