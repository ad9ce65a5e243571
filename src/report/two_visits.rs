//! The smallest whole thing: two visitors, a longer visit and a bounce, answered as a real Matomo
//! answered them.

use serde_json::{Value, json};

use super::{
    example::{Example, Named},
    need::Label,
    table::{Cell, Record},
};
use crate::rollup::Shape;

const LONG: Named<'static> =
    &[("visits", 1), ("visitors", 1), ("actions", 4), ("max_actions", 4), ("length", 551)];

const BOUNCE: Named<'static> =
    &[("visits", 1), ("visitors", 1), ("actions", 1), ("max_actions", 1), ("bounces", 1)];

fn pages(query: &str) -> Example {
    let one = |spent| vec![("visits", 1), ("visitors", 1), ("hits", 1), ("time_spent", spent)];
    let with = |spent, more: &[(&'static str, i64)]| [one(spent), more.to_vec()].concat();
    let entry =
        [("entry_visits", 1), ("entry_visitors", 1), ("entry_actions", 4), ("entry_length", 551)];
    let exit = [("exit_visits", 1), ("exit_visitors", 1)];
    let bounce =
        [("entry_visits", 1), ("entry_visitors", 1), ("entry_actions", 1), ("entry_bounces", 1)];
    Example::new(query)
        .action(1, "https://www.quiziniere.com/", &with(90, &entry))
        .action(2, "https://www.quiziniere.com/creer", &one(150))
        .action(3, "https://www.quiziniere.com/creer/questions", &one(310))
        .action(4, "https://www.quiziniere.com/diffuser", &with(0, &exit))
        .action(
            5,
            "https://www.quiziniere.com/PartageExercice/QVQEXW35V7",
            &with(0, &[&bounce[..], &exit].concat()),
        )
}

fn json(example: &Example) -> Value {
    serde_json::from_str(&example.body()).unwrap()
}

#[test]
fn the_overview_is_one_object() {
    let example =
        Example::new("method=VisitsSummary.get").visit(0, 0, "", LONG).visit(0, 0, "", BOUNCE);
    assert_eq!(
        example.body(),
        r#"{"nb_uniq_visitors":2,"nb_users":0,"nb_visits":2,"nb_actions":5,"nb_visits_converted":0,"bounce_count":1,"sum_visit_length":551,"max_actions":4,"bounce_rate":"50%","nb_actions_per_visit":2.5,"avg_time_on_site":276}"#
    );
    let raw =
        Example::new("method=VisitsSummary.get&format_metrics=0&columns=bounce_rate,nb_visits")
            .visit(0, 0, "", LONG)
            .visit(0, 0, "", BOUNCE);
    assert_eq!(raw.body(), r#"{"nb_visits":2,"bounce_rate":0.5}"#);
}

#[test]
fn one_number_is_a_value_and_bare_in_a_map() {
    let number = Example::new("method=VisitsSummary.getVisits").visit(0, 0, "", LONG);
    assert_eq!(number.body(), r#"{"value":1}"#);
    let map = Example::new("method=VisitsSummary.getVisits&date=2026-03-02,2026-03-03")
        .visit(0, 0, "", LONG);
    assert_eq!(map.body(), r#"{"2026-03-02":1,"2026-03-03":0}"#);
    let map =
        Example::new("method=VisitsSummary.get&date=2026-03-02,2026-03-03").visit(0, 0, "", LONG);
    assert_eq!(json(&map)["2026-03-03"], json!([]), "a day without visits is an empty list");
}

#[test]
fn pages_stand_flat_with_all_they_have() {
    let rows = json(&pages("method=Actions.getPageUrls&flat=1"));
    assert_eq!(
        rows[0],
        json!({
            "label": "/", "nb_visits": 1, "nb_uniq_visitors": 1, "nb_hits": 1, "sum_time_spent": 90,
            "entry_nb_uniq_visitors": 1, "entry_nb_visits": 1, "entry_nb_actions": 4,
            "entry_sum_visit_length": 551, "entry_bounce_count": 0, "avg_page_load_time": 0,
            "avg_time_on_page": 90, "bounce_rate": "0%", "exit_rate": "0%",
            "url": "https://www.quiziniere.com/",
            "segment": "pageUrl==https%253A%252F%252Fwww.quiziniere.com%252F",
            "Actions_PageUrl": "/",
        })
    );
    assert_eq!(
        rows[4],
        json!({
            "label": "/PartageExercice/QVQEXW35V7", "nb_visits": 1, "nb_uniq_visitors": 1,
            "nb_hits": 1, "sum_time_spent": 0, "entry_nb_uniq_visitors": 1, "entry_nb_visits": 1,
            "entry_nb_actions": 1, "entry_sum_visit_length": 0, "entry_bounce_count": 1,
            "exit_nb_uniq_visitors": 1, "exit_nb_visits": 1, "avg_page_load_time": 0,
            "avg_time_on_page": 0, "bounce_rate": "100%", "exit_rate": "100%",
            "url": "https://www.quiziniere.com/PartageExercice/QVQEXW35V7",
            "segment": "pageUrl==https%253A%252F%252Fwww.quiziniere.com%252FPartageExercice%252FQVQEXW35V7",
            "Actions_PageUrl": "/PartageExercice/QVQEXW35V7",
        })
    );
}

#[test]
fn a_folder_is_the_sum_of_its_pages() {
    let table = pages("method=Actions.getPageUrls&expanded=1").table();
    let folder = table.row("creer").unwrap();
    assert_eq!(folder.number("nb_visits"), 1.0);
    assert_eq!(folder.get("nb_uniq_visitors"), None);
    assert_eq!(
        folder.about("segment"),
        Some(&Cell::segment("pageUrl=^", "https://www.quiziniere.com/creer".into()))
    );
    let below = folder.below.as_ref().unwrap();
    assert_eq!(below.table.rows[0].caption(), Some("/questions"));
    assert!(table.row("/creer").is_some_and(|page| page.below.is_none()));
    let alone = pages(&format!("method=Actions.getPageUrls&idSubtable={}", below.id)).table();
    assert_eq!(alone.rows.len(), 1);
    let closed = json(&pages("method=Actions.getPageUrls"));
    let folder = closed.as_array().unwrap().iter().find(|row| row["label"] == "creer").unwrap();
    assert_eq!((&folder["idsubdatatable"], &folder["subtable"]), (&json!(below.id), &Value::Null));
}

#[test]
fn only_entries_are_entry_pages() {
    let labels = |method: &str| -> Vec<String> {
        let table = pages(&format!("method=Actions.{method}&flat=1")).table();
        table.rows.iter().filter_map(Record::caption).map(str::to_owned).collect()
    };
    assert_eq!(labels("getEntryPageUrls"), ["/", "/PartageExercice/QVQEXW35V7"]);
    assert_eq!(labels("getExitPageUrls"), ["/diffuser", "/PartageExercice/QVQEXW35V7"]);
    let one =
        pages("method=Actions.getPageUrl&pageUrl=http://quiziniere.com/creer/questions").table();
    assert_eq!(one.rows[0].caption(), Some("/questions"));
}

#[test]
fn every_kind_of_device_has_a_row() {
    let table = Example::new("method=DevicesDetection.getType&flat=1")
        .visit(0, 1, "desktop", LONG)
        .visit(0, 2, "tablet", BOUNCE)
        .table();
    let labels: Vec<_> = table.rows.iter().filter_map(Record::caption).collect();
    assert_eq!(
        labels,
        [
            "Desktop",
            "Tablet",
            "Camera",
            "Car browser",
            "Console",
            "Feature phone",
            "Peripheral",
            "Phablet",
            "Portable media player",
            "Smart display",
            "Smartphone",
            "Smart speaker",
            "Tv",
            "Wearable"
        ]
    );
    let french =
        Example::new("method=DevicesDetection.getType&language=fr").visit(0, 1, "tablet", BOUNCE);
    assert_eq!(french.table().rows[0].caption(), Some("Tablette"));
}

#[test]
fn languages_come_together_and_convert() {
    let goal = |id, text: &str| [Label::text(id, text), Label::default(), Label::number(1)];
    let table = Example::new("method=UserLanguage.getLanguage")
        .visit(0, 1, "fr", LONG)
        .visit(0, 2, "fr-fr", BOUNCE)
        .table();
    assert_eq!(table.rows.len(), 1);
    assert_eq!(table.rows[0].number("sum_visit_length"), 551.0);
    let converted: Named<'_> = &[("conversions", 3), ("converted", 1), ("revenue", 2_500_000)];
    let example = Example::new("method=DevicesDetection.getBrowsers")
        .visit(0, 1, "Chrome", LONG)
        .row(1, Shape::Goal, goal(1, "Chrome"), converted);
    assert_eq!(
        json(&example)[0]["goals"],
        json!({"idgoal=1": {"nb_conversions": 3, "nb_visits_converted": 1, "revenue": 2.5}})
    );
    assert_eq!(json(&example)[0]["revenue"], json!(2.5));
}

#[test]
fn other_formats_tell_the_same() {
    let example = |format: &str| {
        let query = format!(
            "method=VisitsSummary.get&convertToUnicode=0&columns=nb_visits,bounce_rate&{format}"
        );
        Example::new(&query).visit(0, 0, "", LONG).visit(0, 0, "", BOUNCE).body()
    };
    assert_eq!(example("format=csv"), "nb_visits,bounce_rate\n2,50%");
    assert_eq!(
        example("format=tsv&date=2026-03-02,2026-03-02"),
        "date\tnb_visits\tbounce_rate\n2026-03-02\t2\t50%"
    );
    assert!(example("format=xml").ends_with(
        "<result>\n\t<nb_visits>2</nb_visits>\n\t<bounce_rate>50%</bounce_rate>\n</result>"
    ));
    assert!(example("format=html").contains("<td>50%</td>"));
}
