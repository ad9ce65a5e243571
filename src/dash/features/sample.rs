//! A page of features with all that it can show, each name the same text.

use super::{Features, Tables};
use crate::{
    dash::{SiteName, ask, sample},
    report::{Below, Cell, Fields, Record, Table},
};

fn fields(cells: &[(&'static str, f64)]) -> Fields {
    cells.iter().map(|(name, number)| ((*name).into(), Cell::Number(*number))).collect()
}

fn record(name: &str, cells: &[(&'static str, f64)], told: &[(&'static str, &str)]) -> Record {
    let metadata = told.iter().map(|(name, text)| ((*name).into(), Cell::text(text))).collect();
    Record { metadata, ..Record::new(name, fields(cells)) }
}

fn over(row: Record, rows: Vec<Record>) -> Record {
    Record { below: Some(Below { id: 1, table: Table::of(rows) }), ..row }
}

/// Everything is called `name`.
pub(in crate::dash) fn features(site: SiteName, name: &str) -> Features {
    let own = [("feature", "draw"), ("group", name), ("owner", name)];
    let used = [("nb_visits", 20.0), ("nb_active_visits", 80.0), ("nb_uses", 30.0)];
    let of = |rows: Vec<Record>| Table::of(rows);
    let adoption = record(name, &[used[0], used[2], ("adoption_visits_rate", 0.25)], &own);
    let step = |day: &str, told: &[(&'static str, &str)]| {
        let days = [("first_day", day), ("last_day", day)];
        record(day, &used, &[&days[..], told].concat())
    };
    let days = vec![
        step("2026-03-08", &[]),
        step("2026-03-09", &[("released", "2026-03-09"), ("notes", name)]),
    ];
    let hour = record("8", &[("nb_uses", 30.0)], &[("hour", "8")]);
    let change = record(
        name,
        &[
            ("daily_uses_before", 1.0),
            ("daily_uses_after", 2.0),
            ("daily_uses_low", -0.5),
            ("daily_uses_high", 2.5),
        ],
        &own,
    );
    let funnel = over(record(name, &used, &[]), vec![record(name, &used, &[("optional", "1")])]);
    Features {
        site,
        now: sample::now(),
        asked: ask(None, None, None, sample::now().date()),
        audiences: vec![("profil".to_owned(), name.to_owned())],
        audience: Some("profil".to_owned()),
        value: Some(name.to_owned()),
        feature: Some("draw".to_owned()),
        shaded: Vec::new(),
        by: Features::USUAL_BY.to_owned(),
        is_published: true,
        may_declare: true,
        tables: Tables {
            frequency: of(vec![record(name, &[("avg_uses_per_visit", 1.5)], &own)]),
            duration: of(vec![record(name, &[("median_time_used", 42.0)], &own)]),
            moments: of(vec![over(
                record(name, &used, &own),
                vec![over(record(name, &used, &[]), vec![hour])],
            )]),
            trend: of(vec![over(record(name, &used, &own), days)]),
            never: of(vec![record(name, &[], &own)]),
            together: of(vec![record(name, &used, &own)]),
            funnels: of(vec![funnel]),
            last_year: None,
            change: Some(of(vec![change])),
            reach: Some(super::Reach::Of(of(vec![over(
                record(name, &[("nb_establishments", 9.0), ("reach_rate", 0.5)], &own),
                vec![record(name, &[("nb_establishments", 9.0)], &[("place", name)])],
            )]))),
            split: Some(of(vec![over(adoption.clone(), vec![record(name, &used, &[])])])),
            adoption: of(vec![adoption]),
        },
    }
}
