//! Small cases that decide a rule: events without values, pages on the way to a goal, keywords that
//! found nothing.

use serde_json::{Value, json};

use super::{
    example::{Example, Named},
    need::Label,
    table::{Cell, Record},
};
use crate::rollup::Shape;

const VISIT: Named<'static> = &[("visits", 1), ("visitors", 1), ("actions", 4), ("max_actions", 4)];

const BOUNCE: Named<'static> =
    &[("visits", 1), ("visitors", 1), ("actions", 1), ("max_actions", 1)];

fn json(example: &Example) -> Value {
    serde_json::from_str(&example.body()).unwrap()
}

#[test]
fn events_without_a_value_have_no_least_one() {
    let visits = |figures: &[(&'static str, i64)]| {
        [&[("visits", 1), ("visitors", 1), ("events", 1)][..], figures].concat()
    };
    let valued = [
        ("valued", 1),
        ("value_sum", 12_500_000),
        ("value_min", 12_500_000),
        ("value_max", 12_500_000),
    ];
    let example = |query: &str| {
        Example::new(query)
            .event(["Création", "ajout", "qcm"], &visits(&valued))
            .event(["Création", "ajout", ""], &visits(&[]))
            .event(["File", "attente", ""], &visits(&[]))
    };
    let rows = json(&example("method=Events.getCategory&flat=1"));
    assert_eq!(
        rows,
        json!([
            {"label": "Création - ajout", "nb_uniq_visitors": 2, "nb_visits": 2, "nb_events": 2,
             "nb_events_with_value": 1, "sum_event_value": 12.5, "min_event_value": 12.5,
             "max_event_value": 12.5, "avg_event_value": 12.5, "Events_EventCategory": "Création",
             "Events_EventAction": "ajout"},
            {"label": "File - attente", "nb_uniq_visitors": 1, "nb_visits": 1, "nb_events": 1,
             "nb_events_with_value": 0, "sum_event_value": 0, "min_event_value": null,
             "max_event_value": null, "avg_event_value": 0, "Events_EventCategory": "File",
             "Events_EventAction": "attente"},
        ])
    );
    let table = example("method=Events.getAction&flat=1").table();
    let labels: Vec<_> = table.rows.iter().filter_map(Record::caption).collect();
    assert_eq!(labels, ["ajout - qcm", "attente"], "what has no name is not under its action");
    let table = example("method=Events.getName&secondaryDimension=eventCategory&flat=1").table();
    assert!(table.row("Event Name not defined - File").is_some());
}

#[test]
fn pages_are_rated_by_the_conversions_they_led_to() {
    let goal = [Label::text(1, "https://www.quiziniere.com/"), Label::default(), Label::number(1)];
    let all = [Label::default(), Label::default(), Label::number(1)];
    let led: Named<'_> = &[
        ("conversions", 1),
        ("attributed", 500_000),
        ("revenue", 2_000_000),
        ("revenue_attributed", 1_000_000),
        ("pages_before", 2),
        ("visits", 1),
        ("entry_conversions", 1),
        ("entry_revenue", 2_000_000),
    ];
    let example = Example::new("method=Actions.getPageUrls")
        .action(1, "https://www.quiziniere.com/", &[("visits", 1), ("entry_visits", 1)])
        .row(3, Shape::PageGoal, goal, led)
        .row(4, Shape::Goal, all, &[("conversions", 4)]);
    let rows = json(&example);
    let root = rows.as_array().unwrap().iter().find(|row| row["label"] == "/index").unwrap();
    assert_eq!(
        root["goals"]["idgoal=1"],
        json!({
            "nb_conversions": 1, "revenue": 2, "nb_conv_pages_before": 2,
            "nb_conversions_attrib": 0.5, "nb_conversions_page_rate": 0.25,
            "nb_conversions_page_uniq": 1, "revenue_attrib": 1, "nb_conversions_entry": 1,
            "nb_conversions_entry_rate": 1, "revenue_entry": 2, "revenue_per_entry": 2,
        })
    );
}

#[test]
fn pages_tell_how_long_they_took_to_load() {
    let page = "https://www.quiziniere.com/";
    let it = || [Label::text(1, page), Label::default(), Label::default()];
    let load: Named<'_> =
        &[("server_n", 2), ("server", 301), ("dom_completion_n", 1), ("dom_completion", 40)];
    let bounds: Named<'_> = &[
        ("server_least", 1),
        ("server_most", 300),
        ("dom_completion_least", 40),
        ("dom_completion_most", 40),
    ];
    let example = Example::new("method=Actions.getPageUrls")
        .action(1, page, &[("visits", 2), ("hits", 2)])
        .row(1, Shape::Load, it(), load)
        .row(2, Shape::LoadBounds, it(), bounds);
    let rows = json(&example);
    let root = &rows[0];
    for (name, want) in [
        ("nb_hits_with_time_server", 2.0),
        ("min_time_server", 0.001),
        ("max_time_server", 0.3),
        ("avg_time_server", 0.151),
        ("avg_time_dom_completion", 0.04),
        ("avg_page_load_time", 0.191),
    ] {
        assert_eq!(root[name].as_f64(), Some(want), "{name}");
    }
    assert!(root.get("avg_time_network").is_none());
}

#[test]
fn a_row_of_totals_stands_last() {
    let table = Example::new("method=Resolution.getResolution&keep_totals_row=1&filter_limit=1")
        .visit(0, 1, "1920x1080", VISIT)
        .visit(0, 2, "768x1024", BOUNCE)
        .table();
    let labels: Vec<_> = table.rows.iter().filter_map(Record::caption).collect();
    assert_eq!(labels, ["768x1024", "Totals"]);
    assert_eq!(table.rows[1].number("nb_actions"), 5.0);
    assert_eq!(table.rows[1].number("max_actions"), 4.0);
}

#[test]
fn a_keyword_that_once_found_something_did_not_find_nothing() {
    let keyword = |id, text| [Label::text(id, text), Label::default(), Label::default()];
    let table = Example::new("method=Actions.getSiteSearchNoResultKeywords")
        .row(0, Shape::Action, keyword(1, "fractions"), &[("visits", 3), ("hits", 3)])
        .row(0, Shape::Action, keyword(2, "xyz"), &[("visits", 1), ("hits", 2)])
        .row(1, Shape::Action, keyword(1, "fractions"), &[("visits", 1), ("hits", 1)])
        .row(1, Shape::Action, keyword(2, "xyz"), &[("visits", 1), ("hits", 2)])
        .table();
    let labels: Vec<_> = table.rows.iter().filter_map(Record::caption).collect();
    assert_eq!(labels, ["xyz"]);
    assert_eq!(table.rows[0].get("nb_pages_per_search"), Some(&Cell::Number(2.0)));
}

#[test]
fn addresses_that_are_one_page_show_the_one_with_most_hits() {
    let table = |first, second| {
        Example::new("method=Actions.getPageUrls")
            .action(1, "https://www.quiziniere.com?id=3", &[("visits", 1), ("hits", first)])
            .action(2, "https://www.quiziniere.com/", &[("visits", 1), ("hits", second)])
            .table()
    };
    let url = |first, second| table(first, second).rows[0].about("url").cloned();
    assert_eq!(url(1, 1), Some(Cell::text("https://www.quiziniere.com/")));
    assert_eq!(url(2, 1), Some(Cell::text("https://www.quiziniere.com?id=3")));
}

#[test]
fn countries_add_up_to_continents_and_nothing_finer_is_told() {
    let example = |method: &str| {
        Example::new(&format!("method=UserCountry.{method}"))
            .visit(0, 1, "fr", VISIT)
            .visit(0, 2, "be", VISIT)
            .visit(0, 3, "gp", BOUNCE)
            .visit(0, 4, "", BOUNCE)
            .table()
    };
    let captions = |table: &super::Table| -> Vec<String> {
        table.rows.iter().filter_map(Record::caption).map(str::to_owned).collect()
    };
    let continents = example("getContinent");
    assert_eq!(captions(&continents), ["Europe", "Central America", "Unknown"]);
    assert_eq!(continents.rows[0].number("nb_actions"), 8.0);
    assert_eq!(continents.rows[0].about("code"), Some(&Cell::text("Europe")));
    let cities = example("getCity");
    assert!(captions(&cities).contains(&"Unknown, France".to_owned()));
    assert_eq!(cities.row("Unknown").unwrap().about("region"), Some(&Cell::text("xx")));
}

#[test]
fn browsers_are_grouped_by_their_engines() {
    let table = Example::new("method=DevicesDetection.getBrowserEngines")
        .visit(0, 1, "Chrome", VISIT)
        .visit(0, 2, "Microsoft Edge", VISIT)
        .visit(0, 3, "Firefox Mobile iOS", BOUNCE)
        .visit(0, 4, "Nokia", BOUNCE)
        .table();
    let labels: Vec<_> = table.rows.iter().filter_map(Record::caption).collect();
    assert_eq!(labels, ["Blink (Chrome, Opera)", "Unknown", "WebKit (Safari, Chrome)"]);
    assert_eq!(table.rows[0].number("nb_visits"), 2.0);
}

#[test]
fn conversions_are_told_by_the_visits_before_them() {
    let goal = |visits| [Label::number(visits), Label::default(), Label::number(1)];
    let example = |query: &str| {
        Example::new(query).row(0, Shape::Goal, goal(1), &[("conversions", 2)]).row(
            0,
            Shape::Goal,
            goal(12),
            &[("conversions", 1)],
        )
    };
    let table = example("method=Goals.getVisitsUntilConversion&idGoal=1").table();
    assert_eq!(table.rows.len(), 13);
    assert_eq!(table.row("1 visit").unwrap().number("nb_conversions"), 2.0);
    assert_eq!(table.row("9-14 visits").unwrap().number("nb_conversions"), 1.0);
    let days = example("method=Goals.getDaysToConversion&language=fr").table();
    let labels: Vec<_> = days.rows.iter().filter_map(Record::caption).collect();
    assert_eq!((labels[0], labels[1], labels[11]), ("0 jours", "1 jour", "61-120 jours"));
    assert_eq!(days.rows.len(), 14);
}

#[test]
fn what_is_under_rows_becomes_columns() {
    let example = |format: &str| {
        Example::new(&format!(
            "method=Events.getCategory&pivotBy=Events.EventAction&pivotByColumn=nb_events&pivotByColumnLimit=1&format={format}"
        ))
        .event(["Quiz", "ouvrir un", ""], &[("visits", 1), ("events", 5)])
        .event(["Quiz", "fermer", ""], &[("visits", 1), ("events", 2)])
        .event(["Aide", "fermer", ""], &[("visits", 1), ("events", 1)])
    };
    let rows = json(&example("json"));
    assert_eq!(rows[0]["ouvrir un"], 5, "{rows}");
    assert_eq!(rows[0]["Others"], 2);
    assert_eq!(rows[1]["ouvrir un"], Value::Null);
    assert!(rows[0].get("idsubdatatable").is_none() && rows[0].get("nb_visits").is_none());
    assert!(example("xml").body().contains("<col name=\"ouvrir un\">5</col>"));
}

#[test]
fn a_feed_has_the_newest_period_first() {
    let example = |more: &str| {
        Example::new(&format!("method=VisitsSummary.get&format=rss{more}")).visit_in(0, 0, VISIT)
    };
    let feed = example("&date=2026-03-02,2026-03-03").body();
    let (newer, older) =
        (feed.find("<title>2026-03-03").unwrap(), feed.find("<title>2026-03-02").unwrap());
    assert!(newer < older);
    assert!(feed.contains("&lt;td&gt;4&lt;/td&gt;"), "{feed}");
    assert!(example("").body().starts_with("Error: RSS feeds"), "one period is no feed");
}

#[test]
fn clients_in_php_get_their_own_arrays() {
    let body = |method: &str| {
        Example::new(&format!("method={method}&format=original")).visit(0, 0, "", VISIT).body()
    };
    assert_eq!(body("VisitsSummary.getVisits"), "i:1;");
    assert!(body("VisitsSummary.get").starts_with("a:11:{s:16:\"nb_uniq_visitors\";i:1;"));
}

#[test]
fn a_plus_in_the_name_of_a_bucket_stays_one() {
    let bucket = |from| [Label::number(from), Label::number(1), Label::default()];
    let body = Example::new("method=Retention.getWeeksSinceFirstUse")
        .row(0, Shape::Returned, bucket(27), &[("n", 2)])
        .body();
    assert!(body.contains("\"label\":\"27+\""), "{body}");
}

#[test]
fn pages_without_entries_stand_in_folders_that_have_some() {
    let page = |example: Example, id, path: &str, entries| {
        let address = format!("https://www.quiziniere.com/{path}");
        example.action(id, &address, &[("visits", 1), ("hits", 1), ("entry_visits", entries)])
    };
    let labels = |query: &str| {
        let mut example = Example::new(query);
        for (id, path, entries) in
            [(1, "aide/a", 1), (2, "aide/b", 0), (3, "creer", 0), (4, "vide/c", 0)]
        {
            example = page(example, id, path, entries);
        }
        let table = example.table();
        table.rows.iter().filter_map(Record::caption).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(labels("method=Actions.getEntryPageUrls"), ["aide"]);
    assert_eq!(labels("method=Actions.getEntryPageUrls&flat=1"), ["/aide/a", "/aide/b"]);
}
