//! Reports of features from rows made by hand.

use serde_json::{Value, json};

use crate::{
    report::{
        example::{Example, Named},
        need::Label,
        table::Table,
    },
    rollup::{Shape, bucket_of, pair_label, subject},
    site::Register,
    strip::Text,
};

/// Three features, a profile, a cohort, establishments, a pair, a funnel.
fn register() -> Register {
    let feature = |id: u32, key: &str, fr: &str, released: Option<i32>| {
        json!({"id": id, "key": key, "name": {"fr": fr, "en": key}, "group": "Quiz",
            "released": released, "since": 20_454, "rules": [{"category": "Quiz", "action": key}]})
    };
    let audience = |cut: u8, key: &str, kind: &str| json!({"cut": cut, "key": key, "name": {"fr": key}, "kind": kind, "dimension": 1});
    serde_json::from_value(json!({
        // 2026-03-01 is day 20513.
        "features": [feature(1, "draw", "Dessin", Some(20_513)), feature(2, "hand-in", "Copie", None),
            feature(3, "audio", "Audio", Some(20_514))],
        "audiences": [audience(1, "profil", "profile"), audience(2, "cohorte", "cohort"),
            audience(3, "niveau", "level"), audience(50, "etab", "establishment")],
        "pairs": [{"cut": 4, "of": ["profil", "niveau"]}, {"cut": 5, "of": ["profil", "cohorte"]}],
        "funnels": [{"id": 7, "key": "depot", "name": {"fr": "Dépôt"}, "since": 20_454, "steps": [
            {"feature": "draw"}, {"feature": "audio", "optional": true}, {"feature": "hand-in"}]}],
    }))
    .unwrap()
}

fn ask(query: &str) -> Example {
    Example::new(query).with(register())
}

fn number(id: i64) -> Label {
    Label::number(id)
}

const NOBODY: &str = "";

/// A row of uses.
fn used(example: Example, need: usize, id: i64, who: &str, named: Named<'_>) -> Example {
    example.row(need, Shape::Feature, [number(id), of(who), Label::default()], named)
}

/// A value's label; its number is made of its text so that two do not meet.
fn of(who: &str) -> Label {
    if who.is_empty() {
        return Label::default();
    }
    let id = |text: &str| if text.is_empty() { 0 } else { Text::new(text).id };
    let number = match who.split_once(subject::PAIR) {
        Some((first, second)) => pair_label(id(first), id(second)),
        None => id(who),
    };
    Label::text(number, who)
}

/// A row of a count.
fn counted(example: Example, need: usize, id: i64, who: &str, leaf: i64, n: i64) -> Example {
    let labels = [number(id), of(who), number(leaf)];
    example.row(need, Shape::FeatureCount, labels, &[("n", n)])
}

fn labels(table: &Table) -> Vec<&str> {
    table.rows.iter().map(|row| row.caption().unwrap()).collect()
}

fn body(example: &Example) -> Value {
    serde_json::from_str(&example.body()).unwrap()
}

const ALL: Named<'_> = &[("visits", 100), ("visitors", 80)];
const DRAW: Named<'_> =
    &[("visits", 25), ("visitors", 20), ("uses", 60), ("timed", 10), ("seconds", 100_000_000)];

#[test]
fn adoption_is_of_those_who_come() {
    let example = ask("method=Features.getAdoption&format_metrics=0");
    let table = used(used(example, 0, 0, NOBODY, ALL), 0, 1, NOBODY, DRAW).table();
    assert_eq!(labels(&table), ["draw", "audio", "hand-in"], "the most used first");
    let row = table.row("draw").unwrap();
    for (column, want) in [
        ("nb_visits", 25.0),
        ("nb_uses", 60.0),
        ("nb_uniq_visitors", 20.0),
        ("nb_active_visits", 100.0),
        ("adoption_visits_rate", 0.25),
        ("adoption_visitors_rate", 0.25),
    ] {
        assert_eq!(row.number(column), want, "{column}");
    }
    assert_eq!(table.row("audio").unwrap().number("adoption_visits_rate"), 0.0);
}

#[test]
fn visitors_of_a_week_are_counted_apart_and_of_a_year_not_at_all() {
    let distinct = |example: Example, id, n| {
        let labels = [number(id), Label::default(), number(0)];
        example.row(1, Shape::WeekDistinct, labels, &[("n", n)])
    };
    let week = ask("method=Features.getAdoption&period=week&format_metrics=0&feature=draw");
    let week = used(used(week, 0, 0, NOBODY, ALL), 0, 1, NOBODY, DRAW);
    let table = distinct(distinct(week, 0, 50), 1, 10).table();
    assert_eq!(table.rows.len(), 1);
    assert_eq!(table.rows[0].number("adoption_visitors_rate"), 0.2);
    assert_eq!(table.rows[0].number("nb_visitor_days"), 20.0);
    let year = ask("method=Features.getAdoption&period=year&feature=draw");
    let table = used(year, 0, 1, NOBODY, DRAW).table();
    assert!(table.rows[0].get("nb_uniq_visitors").is_none());
}

#[test]
fn values_of_an_audience_are_measured_by_their_own_visits() {
    let split = |query: &str| {
        let example = ask(&format!("method=Features.getAdoption&format_metrics=0&{query}"));
        let example = used(used(example, 0, 0, NOBODY, ALL), 0, 1, NOBODY, DRAW);
        let example = used(example, 1, 0, "prof", &[("visits", 40)]);
        let example = used(example, 1, 1, "prof", &[("visits", 20)]);
        used(example, 1, 0, "", &[("visits", 60)])
    };
    let table = split("feature=draw&audience=profil").table();
    assert_eq!(labels(&table), ["prof", "Not told"]);
    assert_eq!(table.rows[0].number("adoption_visits_rate"), 0.5);
    let all = split("audience=profil&expanded=1").table();
    let below = &all.row("draw").unwrap().below.as_ref().unwrap().table;
    assert_eq!((all.rows[0].number("nb_visits"), below.rows[0].number("nb_visits")), (25.0, 20.0));
    let flat = split("audience=profil&flat=1").table();
    assert!(labels(&flat).contains(&"draw - prof"), "{:?}", labels(&flat));
    let only =
        ask("method=Features.getAdoption&audience=profil&audienceValue=prof&format_metrics=0");
    let only = used(only, 0, 0, "prof", &[("visits", 40)]);
    let only = used(used(only, 0, 1, "prof", &[("visits", 10)]), 0, 1, "élève", &[("visits", 9)]);
    let table = only.table();
    assert_eq!(table.row("draw").unwrap().number("adoption_visits_rate"), 0.25);
    let nobody = ask("method=Features.getAdoption&audience=profil&audienceValue=x&feature=draw");
    assert_eq!(used(nobody, 0, 1, "prof", DRAW).table().rows[0].number("nb_visits"), 0.0);
}

#[test]
fn pairs_are_named_in_the_order_of_the_question() {
    let both = "prof\u{1f}cm1";
    for (audience, want) in [("profil,niveau", "prof × cm1"), ("niveau,profil", "cm1 × prof")] {
        let example = ask(&format!("method=Features.getAdoption&feature=draw&audience={audience}"));
        assert_eq!(labels(&used(example, 1, 1, both, DRAW).table()), [want]);
    }
    for (audience, value) in [
        ("profil,niveau", "prof,cm1"),
        ("niveau,profil", "cm1,prof"),
        ("niveau,profil", "cm1 × prof"),
    ] {
        let query = format!(
            "method=Features.getAdoption&feature=draw&audience={audience}&audienceValue={value}"
        );
        assert_eq!(used(ask(&query), 0, 1, both, DRAW).table().rows[0].number("nb_visits"), 25.0);
    }
}

#[test]
fn those_who_told_nothing_are_asked_for_by_the_words_that_stand_for_them() {
    for (audience, value, who) in [
        ("profil", "Not told", ""),
        ("profil", "Non renseigné", ""),
        ("profil,niveau", "Not told × cm1", "\u{1f}cm1"),
        ("niveau,profil", "Not told,prof", "prof\u{1f}"),
    ] {
        let query = format!(
            "method=Features.getAdoption&feature=draw&audience={audience}&audienceValue={value}"
        );
        let table = used(ask(&query), 0, 1, who, DRAW).table();
        assert_eq!(table.rows[0].number("nb_visits"), 25.0, "{audience} {value}");
    }
}

#[test]
fn what_is_not_declared_is_refused_with_what_is() {
    for (query, want) in [
        (
            "getAdoption&feature=x",
            "The feature 'x' is not declared on this site. Declared: draw; hand-in; audio.",
        ),
        (
            "getAdoption&audience=x",
            "The audience 'x' is not declared on this site. Declared: profil; cohorte; niveau; etab; etab:department; etab:academy; etab:region; etab:zone; profil,niveau; profil,cohorte.",
        ),
        (
            "getAdoption&audience=profil,etab",
            "The audience 'profil,etab' is not declared on this site.",
        ),
        ("getAdoption&audienceValue=x", "'audienceValue' is a value of an audience"),
        ("getAdoption&audience=etab", "This audience has so many values"),
        ("getFrequency&distribution=x", "The distribution 'x' is not known."),
        ("getFrequency&distribution=days", "Days of use are counted in weeks and months"),
        ("getFunnel", "Please specify a value for 'funnel'."),
        (
            "getFunnel&idFunnel=1",
            "The funnel '1' is not declared on this site. Declared: depot (idFunnel=7).",
        ),
        ("getTrend&by=hour", "The step 'hour' is not known."),
        (
            "getTrend&period=range&date=2020-01-01,2026-01-01&by=day",
            "This period has too many points",
        ),
        ("getBeforeAfter&feature=hand-in", "The feature 'hand-in' has no day of release"),
        ("getBeforeAfter&compareAt=x", "Date format must be"),
        ("getRetention&audience=cohorte", "Retention is split by one audience beside the cohort"),
        (
            "getRetention&audience=niveau",
            "Retention by 'niveau' needs the pair of it and the cohort. Declare it in the register, and it counts from then on: [[pair]] of = [\"cohorte\", \"niveau\"].",
        ),
        ("getMoments&by=hour", "Moments by 'hour' are not known."),
        (
            "getMoments&audience=etab&period=week",
            "This audience has so many values that only visits",
        ),
        (
            "getDuration&audience=etab&period=week&distribution=1",
            "This audience has so many values that",
        ),
    ] {
        let refusal = ask(&format!("method=Features.{query}")).refusal();
        assert!(refusal.starts_with(want), "{query}: {refusal}");
    }
    for method in ["getAdoption", "getDuration", "getFrequency"] {
        let query = format!("method=Features.{method}&audience=etab&period=week");
        assert_eq!(ask(&query).refusal(), "");
    }
    let refusal = ask("method=Audience.get").refusal();
    assert!(refusal.ends_with("Declared: profil; cohorte; niveau; etab."), "{refusal}");
}

#[test]
fn frequency_is_means_and_how_uses_are_spread() {
    let example = ask("method=Features.getFrequency&feature=draw");
    let table = used(example, 0, 1, NOBODY, DRAW).table();
    assert_eq!(table.rows[0].number("avg_uses_per_visit"), 2.4);
    assert_eq!(table.rows[0].number("avg_uses_per_visitor_day"), 3.0);
    let example = ask("method=Features.getFrequency&feature=draw&distribution=visit");
    let example = counted(counted(example, 1, 1, NOBODY, 1, 15), 1, 1, NOBODY, 6, 5);
    assert_eq!(
        body(&example)[5],
        json!({"label": "6-10", "nb_visits": 5, "distribution_rate": "25%"})
    );
    let week = ask("method=Features.getFrequency&feature=draw&period=week&format_metrics=0");
    let distinct = |example: Example, leaf: i64, n: i64| {
        let labels = [number(1), Label::default(), number(leaf)];
        example.row(1, Shape::WeekDistinct, labels, &[("n", n)])
    };
    let week = distinct(distinct(distinct(used(week, 0, 1, NOBODY, DRAW), 0, 15), 1, 10), 2, 5);
    let table = week.table();
    assert_eq!(table.rows[0].number("avg_days_used"), 1.33);
    assert_eq!(table.rows[0].number("avg_uses_per_visitor"), 4.0);
}

#[test]
fn durations_come_from_buckets() {
    let example = ask("method=Features.getDuration&feature=draw&format_metrics=0");
    let example = used(example, 0, 1, NOBODY, DRAW);
    let (short, long) = (bucket_of(10_000_000), bucket_of(100_000_000));
    let example = counted(counted(example, 1, 1, NOBODY, short, 8), 1, 1, NOBODY, long, 2);
    let row = &example.table().rows[0];
    assert!((row.number("median_time_used") / 10.0 - 1.0).abs() < 0.05);
    assert!((row.number("p90_time_used") / 100.0 - 1.0).abs() < 0.05);
    assert_eq!((row.number("avg_time_used"), row.number("sum_time_used")), (10.0, 100.0));
    let spread = ask("method=Features.getDuration&feature=draw&distribution=1");
    let spread = counted(counted(spread, 1, 1, NOBODY, short, 8), 1, 1, NOBODY, long, 2).table();
    assert_eq!(labels(&spread), ["8-16", "16-32", "32-64", "64-128"]);
    assert_eq!(spread.rows[0].number("nb_uses"), 8.0);
    let none = ask("method=Features.getDuration&feature=draw");
    assert_eq!(body(&none)[0]["median_time_used"], json!(null));
}

#[test]
fn moments_are_weekdays_and_hours() {
    let example = ask("method=Features.getMoments&feature=draw&expanded=1&language=fr");
    let example = counted(counted(example, 1, 1, NOBODY, 8, 3), 1, 1, NOBODY, 6 * 24 + 23, 1);
    let table = example.table();
    assert_eq!(table.rows.len(), 7);
    assert_eq!(table.rows[0].caption(), Some("Lundi"));
    let hours = &table.rows[6].below.as_ref().unwrap().table;
    assert_eq!((labels(hours), hours.rows[0].number("nb_uses")), (vec!["23"], 1.0));
    let split = ask("method=Features.getMoments&feature=draw&audience=profil&expanded=1");
    let split = counted(counted(split, 3, 1, "prof", 8, 1), 3, 1, "élève", 8, 2).table();
    let mondays: Vec<i64> = split
        .rows
        .iter()
        .filter_map(|value| Some(value.below.as_ref()?.table.rows[0].below.as_ref()?.id))
        .collect();
    assert!(mondays.len() == 2 && mondays[0] != mondays[1], "{mondays:?}");
    let weeks = ask(
        "method=Features.getMoments&feature=draw&by=week&period=range&date=2026-03-01,2026-03-09",
    );
    let weeks = counted(weeks, 1, 1, NOBODY, 8, 3).in_part(1).table();
    let names = ["2026-03-01", "2026-03-02,2026-03-08", "2026-03-09"];
    assert_eq!((labels(&weeks), weeks.rows[1].number("nb_uses")), (names.to_vec(), 3.0));
    // Monday 1 September 2025 was the first day of school.
    assert_eq!(weeks.rows[1].about("school_week").unwrap().print().unwrap(), "2025-W27");
}

#[test]
fn a_trend_has_its_release_and_its_steps() {
    let query = "method=Features.getTrend&feature=draw&period=range&date=2026-02-28,2026-03-02";
    let example = used(ask(query), 0, 1, NOBODY, DRAW).in_part(1);
    let example = used(example, 0, 0, NOBODY, ALL).in_part(1);
    let table = example.table();
    assert_eq!(labels(&table), ["2026-02-28", "2026-03-01", "2026-03-02"]);
    assert_eq!(table.rows[1].number("nb_uniq_visitors"), 20.0);
    assert_eq!(table.rows[1].about("released").unwrap().print().unwrap(), "2026-03-01");
    assert!(table.rows[2].about("released").is_none());
    let weeks = "method=Features.getTrend&feature=draw&period=month&date=2026-03-01&by=week";
    assert_eq!(labels(&ask(weeks).table())[..2], ["2026-03-01", "2026-03-02,2026-03-08"]);
    let to_come = "method=Features.getTrend&feature=draw&period=year&date=2026-05-01&by=month";
    assert_eq!(labels(&ask(to_come).table()), ["2026-01", "2026-02", "2026-03"]);
}

#[test]
fn before_and_after_are_days_that_are_over() {
    let query = "method=Features.getBeforeAfter&period=range&date=2026-02-25,2026-04-05&format_metrics=0&feature=draw";
    let mut example = ask(query);
    for day in 0..34 {
        let uses = if day < 4 { 10 } else { 30 };
        let named = [("visits", uses), ("uses", 2 * uses)];
        example = used(example, 0, 1, NOBODY, &named).in_part(day);
        example = used(example, 0, 0, NOBODY, &[("visits", 100)]).in_part(day);
    }
    let table = example.table();
    let row = &table.rows[0];
    for (column, want) in [
        ("days_before", 4.0),
        ("days_after", 30.0),
        ("daily_uses_before", 20.0),
        ("daily_uses_after", 60.0),
        ("daily_uses_difference", 40.0),
        ("visits_rate_before", 0.1),
        ("visits_rate_difference", 0.2),
    ] {
        assert_eq!(row.number(column), want, "{column}");
    }
    assert!((0.14..0.19).contains(&row.number("visits_rate_low")));
    let all = ask("method=Features.getBeforeAfter&period=month");
    assert_eq!(labels(&all.table()), ["draw", "audio"], "others have no release");
}

#[test]
fn a_cohort_is_measured_by_its_first_week() {
    let query = "method=Features.getRetention&period=range&date=2026-03-02,2026-03-15&expanded=1&format_metrics=0";
    let visitors = |example: Example, need: usize, id: i64, week: &str, part: usize, n: i64| {
        let shape = if need == 0 { Shape::WeekDistinct } else { Shape::MonthDistinct };
        example.row(need, shape, [number(id), of(week), number(0)], &[("n", n)]).in_part(part)
    };
    let example = visitors(ask(query), 0, 0, "2026-S10", 0, 40);
    let example = visitors(example, 0, 0, "2026-S10", 1, 10);
    let example = visitors(example, 0, 0, "2026-S09", 0, 7);
    // Months come after the two weeks.
    let example = visitors(example, 1, 0, "2026-03", 2, 99);
    let example = visitors(example, 0, 1, "2026-S10", 1, 5);
    let table = example.clone().table();
    assert_eq!(labels(&table), ["2026-W09", "2026-03", "2026-W10"]);
    let weeks = &table.row("2026-W10").unwrap().below.as_ref().unwrap().table;
    assert_eq!(labels(weeks), ["0", "1"]);
    assert_eq!(weeks.rows[1].number("retention_rate"), 0.25);
    let early = &table.row("2026-W09").unwrap().below.as_ref().unwrap().table;
    assert!(early.rows[0].get("retention_rate").is_none(), "its first week is not in the period");
}

#[test]
fn cohorts_are_split_by_an_audience_where_their_pair_is_declared() {
    let query = |more: &str| {
        format!(
            "method=Features.getRetention&period=range&date=2026-03-02,2026-03-15&expanded=1&format_metrics=0{more}"
        )
    };
    let rows = |query: &str| {
        let told = [
            ("prof\u{1f}2026-S10", 0, 40),
            ("prof\u{1f}2026-S10", 1, 10),
            ("prof\u{1f}2026-S11", 1, 5),
            ("\u{1f}2026-S10", 0, 8),
        ];
        told.into_iter().fold(ask(query), |example, (who, part, n)| {
            let labels = [number(0), of(who), number(0)];
            example.row(0, Shape::WeekDistinct, labels, &[("n", n)]).in_part(part)
        })
    };
    let table = rows(&query("&audience=profil")).table();
    assert_eq!(labels(&table), ["Not told", "prof"]);
    let teachers = table.row("prof").unwrap();
    assert_eq!(teachers.number("nb_uniq_visitors"), 45.0, "40 in one week, 5 in the next");
    let cohorts = &teachers.below.as_ref().unwrap().table;
    assert_eq!(labels(cohorts), ["2026-W10", "2026-W11"]);
    let weeks = &cohorts.rows[0].below.as_ref().unwrap().table;
    assert_eq!(weeks.rows[1].number("retention_rate"), 0.25);
    let one = rows(&query("&audience=profil&audienceValue=prof")).table();
    assert_eq!(labels(&one), ["2026-W10", "2026-W11"]);
    assert_eq!(one.rows[0].number("nb_uniq_visitors"), 40.0);
    let mut register = register();
    register.audiences.retain(|it| it.key != "cohorte");
    let refusal = Example::new(&query("&audience=profil")).with(register).refusal();
    assert!(refusal.starts_with("Devices tell when they were first used"), "{refusal}");
}

#[test]
fn without_cohorts_devices_tell() {
    let mut register = register();
    register.audiences.retain(|it| it.key != "cohorte");
    let query = "method=Features.getRetention&period=range&date=2026-03-02,2026-03-15&expanded=1&format_metrics=0";
    let told = |example: Example, since: i64, part: usize, n: i64| {
        let labels = [number(since), number(2), Label::default()];
        example.row(0, Shape::Returned, labels, &[("n", n)]).in_part(part)
    };
    let example = told(told(Example::new(query).with(register), 0, 0, 50), 1, 1, 20);
    let table = told(example, 5, 1, 1000).table();
    assert_eq!(labels(&table), ["2026-W10"]);
    let weeks = &table.rows[0].below.as_ref().unwrap().table;
    assert_eq!(weeks.rows[1].number("retention_rate"), 0.4);
}

#[test]
fn what_nobody_uses_has_its_last_month() {
    let example = ask("method=Features.getNeverUsed&period=week&date=2026-03-10");
    let example = used(example, 0, 1, NOBODY, DRAW).in_part(0);
    let example = used(example, 0, 2, NOBODY, DRAW).in_part(3);
    let body = body(&example);
    assert_eq!(body.as_array().unwrap().len(), 2);
    // Part 1 is what is left of March, part 2 February.
    assert_eq!((&body[0]["label"], &body[0]["last_used"]), (&json!("hand-in"), &json!("2026-01")));
    assert_eq!((&body[1]["label"], &body[1]["last_used"]), (&json!("audio"), &json!(null)));
    assert_eq!(body[1]["days_since_release"], json!(13));
    let before = ask("method=Features.getNeverUsed&period=day&date=2026-02-20").table();
    assert_eq!(labels(&before), ["hand-in"], "the others were not released");
}

#[test]
fn features_of_a_visit_meet_more_often_than_by_chance() {
    let with = |query: &str| {
        let example = ask(&format!("method=Features.getTogether&format_metrics=0{query}"));
        let example = used(used(example, 0, 0, NOBODY, ALL), 0, 1, NOBODY, DRAW);
        let example = used(example, 0, 2, NOBODY, &[("visits", 10)]);
        counted(counted(example, 1, 1, NOBODY, 2, 5), 1, 1, NOBODY, 9, 5).table()
    };
    let pairs = with("");
    assert_eq!(labels(&pairs), ["draw + hand-in"], "9 is declared no more");
    assert_eq!(pairs.rows[0].number("smaller_rate"), 0.5);
    assert_eq!(pairs.rows[0].number("lift"), 2.0);
    let of_copies = with("&feature=hand-in");
    assert_eq!((labels(&of_copies)[0], of_copies.rows[0].number("feature_rate")), ("draw", 0.5));
    assert!(with("&feature=audio").rows.is_empty());
}

#[test]
fn a_funnel_loses_nobody_who_leaves_out_what_is_optional() {
    let with = |query: &str| {
        let mut example = ask(&format!("{query}&format_metrics=0&expanded=1"));
        for (step, n) in [(1, 80), (2, 10), (3, 60)] {
            example = counted(example, 0, 7, NOBODY, step, n);
        }
        example.table()
    };
    let steps = with("method=Features.getFunnel&funnel=depot");
    assert_eq!(labels(&steps), ["1. draw", "2. audio", "3. hand-in"]);
    let column = |name| steps.rows.iter().map(|row| row.number(name)).collect::<Vec<_>>();
    assert_eq!(column("nb_visits"), [80.0, 10.0, 60.0]);
    assert_eq!(column("step_rate"), [1.0, 0.125, 0.75]);
    assert_eq!(column("nb_visits_lost"), [0.0, 0.0, 20.0]);
    assert_eq!(with("method=Features.getFunnel&idFunnel=7"), steps);
    let funnels = with("method=Features.getFunnels");
    assert_eq!(funnels.rows[0].number("completion_rate"), 0.75);
    assert_eq!(funnels.rows[0].below.as_ref().unwrap().table, steps);
}

#[test]
fn the_register_and_its_audiences_are_listed() {
    let features = ask("method=Features.getFeatures&language=fr");
    let first = &body(&features)[0];
    assert_eq!(first["label"], json!("Dessin"));
    assert_eq!(first["rules"], json!("category=Quiz action=draw"));
    assert_eq!(first["released"], json!("2026-03-01"));
    let audiences = ask("method=Audience.getAudiences").table();
    let wider = ["etab (département)", "etab (académie)", "etab (region)", "etab (holiday zone)"];
    let (single, pair) =
        (["profil", "cohorte", "niveau", "etab"], ["profil × niveau", "profil × cohorte"]);
    assert_eq!(labels(&audiences), [&single[..], &wider[..], &pair[..]].concat());
}

#[test]
fn visits_by_audience() {
    let example = ask("method=Audience.get&audience=profil&format_metrics=0");
    let example = used(example, 0, 0, NOBODY, &[("visits", 10), ("visitors", 9)]);
    let example = used(example, 1, 0, "prof", &[("visits", 4), ("visitors", 3)]);
    let table = used(example, 1, 0, "", &[("visits", 6), ("visitors", 6)]).table();
    assert_eq!(labels(&table), ["Not told", "prof"]);
    assert_eq!(table.rows[1].number("visits_rate"), 0.4);
    assert_eq!(table.rows[1].number("nb_uniq_visitors"), 3.0);
}

#[test]
fn values_are_put_together_by_where_they_are() {
    let schools = |query: &str| {
        let example = ask(&format!("period=week&format_metrics=0&{query}"));
        let rows = [("0750655E", 40, 20), ("0940001A", 60, 10), ("0690001A", 10, 5), ("", 90, 1)];
        rows.into_iter().fold(example, |example, (school, all, uses)| {
            let example = used(example, 1, 0, school, &[("visits", all), ("visitors", 8)]);
            let example = used(example, 1, 1, school, &[("visits", uses), ("visitors", 4)]);
            let labels = [number(1), of(school), number(0)];
            example.row(3, Shape::WeekDistinct, labels, &[("n", 3)])
        })
    };
    let split = |wider: &str, method: &str| {
        schools(&format!("method=Features.{method}&audience=etab:{wider}&feature=draw")).table()
    };
    let table = split("region", "getAdoption");
    assert_eq!(labels(&table), ["Île-de-France", "Auvergne-Rhône-Alpes", "Not told"]);
    let row = &table.rows[0];
    assert_eq!((row.number("nb_visits"), row.number("nb_active_visits")), (30.0, 100.0));
    assert_eq!((row.number("adoption_visits_rate"), row.number("nb_visitor_days")), (0.3, 8.0));
    assert!(row.get("nb_uniq_visitors").is_none(), "somebody may be of two of them");
    assert_eq!(labels(&split("academy", "getAdoption")), ["Paris", "Créteil", "Lyon", "Not told"]);
    assert_eq!(labels(&split("zone", "getFrequency")).len(), 3);
    assert!(split("zone", "getFrequency").rows[0].get("avg_uses_per_visitor").is_none());
    for value in ["Île-de-France", "11"] {
        let only = ask(&format!(
            "method=Features.getAdoption&period=week&format_metrics=0&audience=etab:region&audienceValue={value}&feature=draw"
        ));
        let only = used(only, 0, 0, "0750655E", &[("visits", 40)]);
        let only = used(used(only, 0, 1, "0750655E", DRAW), 0, 1, "0690001A", DRAW).table();
        assert_eq!(only.rows[0].number("nb_visits"), 25.0, "{value}");
        assert!(only.rows[0].get("nb_uniq_visitors").is_none());
    }
    for (query, want) in [
        ("getAdoption&audience=profil:region", "etab:region"),
        ("getAdoption&audience=etab:planet", "etab:department"),
        ("getFrequency&distribution=days&audience=etab:region", "somebody may be of two"),
    ] {
        let said = ask(&format!("period=week&method=Features.{query}")).refusal();
        assert!(said.contains(want), "{query}: {said}");
    }
}

#[test]
fn pairs_of_wider_places_are_one_row_each() {
    let mut register = register();
    register.audiences[0].kind = crate::site::AudienceKind::Academy;
    let example = Example::new(
        "method=Features.getTogether&audience=profil:zone&audienceValue=Zone A&format_metrics=0",
    );
    let example =
        ["Lyon", "Dijon", "Lille"].into_iter().fold(example.with(register), |example, academy| {
            let example = used(example, 0, 0, academy, &[("visits", 50)]);
            let example = used(used(example, 0, 1, academy, DRAW), 0, 2, academy, DRAW);
            counted(example, 1, 1, academy, 2, 7)
        });
    let table = example.table();
    assert_eq!(table.rows.len(), 1, "{:?}", labels(&table));
    assert_eq!(table.rows[0].number("nb_visits"), 14.0, "of two académies");
}

/// A row of establishments that used a feature (0: came at all), or that there are.
fn schools(example: Example, need: usize, id: i64, what: &str, n: i64) -> Example {
    let labels = [number(id), Label::text(0, what), Label::default()];
    example.row(need, Shape::FeatureCount, labels, &[("n", n)])
}

#[test]
fn reach_is_of_the_establishments_that_there_are() {
    let asked = |query: &str| {
        let example =
            ask(&format!("method=Features.getReach&period=month&format_metrics=0&{query}"));
        let example = schools(schools(example, 0, 0, "01", 30), 0, 1, "01", 12);
        let example = schools(schools(example, 0, 0, "24", 50), 0, 1, "24", 8);
        let example = schools(schools(example, 0, 0, "", 5), 0, 1, "", 2);
        let example = schools(schools(example, 1, 0, "01", 40), 1, 0, "24", 60);
        schools(example, 1, 0, "10", 25).table()
    };
    let table = asked("feature=draw");
    assert_eq!(labels(&table), ["Paris", "Créteil", "Not in the directory", "Lyon"]);
    for (place, used, open, rate) in [("Paris", 12.0, 40.0, 0.3), ("Lyon", 0.0, 25.0, 0.0)] {
        let row = table.row(place).unwrap();
        let got = ["nb_establishments_with_use", "nb_establishments", "reach_rate"]
            .map(|it| row.number(it));
        assert_eq!(got, [used, open, rate], "{place}");
    }
    let unknown = table.row("Not in the directory").unwrap();
    assert_eq!(unknown.get("reach_rate"), Some(&crate::report::table::Cell::Null));
    let regions = asked("feature=draw&by=region");
    assert_eq!(regions.row("Île-de-France").unwrap().number("reach_rate"), 0.2);
    let all = asked("");
    let draw = all.row("draw").unwrap();
    assert_eq!(
        (draw.number("nb_establishments_with_use"), draw.number("reach_rate")),
        (20.0, 0.16),
        "of the directory's 125, those that it knows"
    );
    assert_eq!(all.rows.len(), 3, "also those that nobody used");
    for (query, want) in [
        ("by=planet", "region, academy"),
        ("audience=profil", "leave 'audience' out"),
        ("segment=browserCode==FF", "leave 'segment' out"),
    ] {
        let said = ask(&format!("method=Features.getReach&period=month&{query}")).refusal();
        assert!(said.contains(want), "{query}: {said}");
    }
    let day = ask("method=Features.getReach&period=day").refusal();
    assert!(day.contains("week"), "{day}");
}
