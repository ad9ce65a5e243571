//! Answers made of a small rollup.

use serde_json::{Value, json};

use crate::report::example::{Example, Named};

const VISITS: Named<'static> = &[
    ("visits", 4),
    ("visitors", 3),
    ("actions", 10),
    ("max_actions", 5),
    ("length", 400),
    ("bounces", 1),
];

const ONE: Named<'static> = &[("visits", 1), ("visitors", 1), ("actions", 1), ("bounces", 1)];

fn json(example: &Example) -> Value {
    serde_json::from_str(&example.body()).unwrap()
}

#[test]
fn a_processed_report_has_names_pretty_numbers_and_sums() {
    let example = Example::new(
        "method=API.getProcessedReport&apiModule=Resolution&apiAction=getResolution&filter_limit=1",
    )
    .visit(0, 1, "1920x1080", VISITS)
    .visit(0, 2, "768x1024", ONE);
    let answer = json(&example);
    assert_eq!(answer["website"], "Quizinière");
    assert_eq!(answer["prettyDate"], "Monday, March 2, 2026");
    assert_eq!(answer["metadata"]["uniqueId"], "Resolution_getResolution");
    assert_eq!(answer["columns"]["label"], "Resolution");
    assert_eq!(
        answer["reportData"],
        json!([{
            "label": "1920x1080", "nb_visits": 4, "nb_uniq_visitors": 3, "nb_actions": 10,
            "nb_users": 0, "nb_actions_per_visit": 2.5, "avg_time_on_site": "00:01:40",
            "bounce_rate": "25%", "conversion_rate": "0%",
        }])
    );
    assert_eq!(answer["reportMetadata"][0]["segment"], "resolution==1920x1080");
    assert_eq!(answer["reportTotal"]["nb_visits"], 5, "of all rows, not of those shown");
    assert_eq!(answer["reportTotal"]["nb_actions_per_visit"], 2.2);
    let raw = json(
        &Example::new(
            "method=API.getProcessedReport&apiModule=VisitsSummary&apiAction=get&format_metrics=0",
        )
        .visit(0, 0, "", VISITS),
    );
    assert_eq!(raw["reportData"]["bounce_rate"], 0.25);
    assert_eq!(raw["reportMetadata"], json!([]));
}

#[test]
fn a_processed_report_of_several_dates_is_keyed_by_words() {
    let query = "method=API.getProcessedReport&apiModule=VisitsSummary&apiAction=get&date=2026-03-02,2026-03-03&language=fr&showColumns=nb_visits";
    let answer = json(&Example::new(query).visit_in(1, 0, VISITS));
    assert_eq!(answer["reportData"]["mardi 3 mars 2026"], json!({"nb_visits": 4}));
    assert_eq!(answer["columns"], json!({"nb_visits": "Visites"}));
}

#[test]
fn a_row_is_followed_through_its_periods() {
    let query = "method=API.getRowEvolution&apiModule=Resolution&apiAction=getResolution&date=2026-03-02,2026-03-04";
    let example = |more: &str| {
        Example::new(&format!("{query}{more}"))
            .visit_in(0, 7, &[("visits", 2)])
            .visit_in(1, 7, &[("visits", 5)])
            .visit_in(2, 7, &[("visits", 3)])
    };
    let one = json(&example("&label=unknown"));
    assert_eq!(one["label"], "unknown");
    assert_eq!(one["reportData"]["2026-03-03"][0]["nb_visits"], 5);
    let visits = &one["metadata"]["metrics"]["nb_visits"];
    assert_eq!(*visits, json!({"name": "Visits", "min": 2, "max": 5, "change": "+50%"}));
    let several = json(&example("&label=unknown,800x600&column=nb_visits"));
    assert_eq!(several["reportData"]["2026-03-02"], json!([{"nb_visits_0": 2, "nb_visits_1": 0}]));
    assert_eq!(several["metadata"]["metrics"]["nb_visits_1"]["name"], "800x600 (Visits)");
    assert!(several["metadata"]["metrics"]["nb_visits_1"].get("change").is_none());
    let all = json(&example(""));
    assert_eq!(all["metadata"]["metrics"]["nb_visits_0"]["name"], "unknown (Visits)");
}

#[test]
fn sites_stand_beside_what_they_were_before() {
    let example = |more: &str| {
        Example::new(&format!("method=MultiSites.getAll{more}"))
            .visit_in(0, 0, &[("visits", 2), ("actions", 4)])
            .visit_in(1, 0, &[("visits", 3), ("actions", 3)])
    };
    let rows = json(&example(""));
    let row = &rows[0];
    assert_eq!(row["label"], "Quizinière");
    assert_eq!((&row["nb_visits"], &row["previous_nb_visits"]), (&json!(3), &json!(2)));
    assert_eq!(row["visits_evolution"], "50%");
    assert_eq!(row["actions_evolution_trend"], -1);
    assert_eq!(row["previousRange"], "Sunday, March 1, 2026");
    assert!(row.get("nb_conversions").is_none());
    let one = json(&Example::new("method=MultiSites.getOne&enhanced=1").visit_in(1, 0, ONE));
    assert_eq!((&one["nb_visits"], &one["visits_evolution"]), (&json!(1), &json!("100%")));
    assert!(one.get("label").is_none() && one["nb_conversions"] == 0);
    assert_eq!(json(&Example::new("method=MultiSites.getAll")), json!([]), "nobody came");
    let groups = json(&Example::new("method=MultiSites.getAllWithGroups").visit_in(1, 0, ONE));
    assert_eq!((&groups["numSites"], &groups["totals"]["nb_visits"]), (&json!(1), &json!(1)));
}

#[test]
fn the_last_minutes_are_the_hours_they_touch() {
    // It is half past midnight in Paris on the day the example is asked.
    let example = |minutes: u32| {
        let query = format!("method=Live.getCounters&lastMinutes={minutes}");
        json(
            &Example::new(&query)
                .visit_in(2, 0, &[("visits", 1), ("actions", 2)])
                .visit_in(1, 23, &[("visits", 5), ("actions", 9)])
                .visit_in(1, 3, &[("visits", 40)]),
        )
    };
    assert_eq!(example(10)[0]["visits"], 1);
    assert_eq!(
        example(60),
        json!([{"visits": 6, "actions": 11, "visitors": 0, "visitsConverted": 0}])
    );
    assert_eq!(example(1440)[0]["visits"], 46);
}

#[test]
fn what_there_is_can_be_listed() {
    let all = json(&Example::new("method=API.getReportMetadata&idSites=1"));
    let all = all.as_array().unwrap();
    assert!(all.len() > 50);
    let one = json(&Example::new(
        "method=API.getMetadata&apiModule=CustomDimensions&apiAction=getCustomDimension&idDimension=2",
    ));
    assert_eq!(one[0]["metrics"]["nb_hits"], "Pageviews");
    let activated = |name: &str| {
        Example::new(&format!("method=API.isPluginActivated&pluginName={name}")).body()
    };
    assert_eq!(activated("Events"), r#"{"value":true}"#);
    assert_eq!(activated("Ecommerce"), r#"{"value":false}"#);
}
