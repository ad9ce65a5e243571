//! UserCountry: countries, the only places that are kept.

use super::rows::{Part, table, value, visits_and_goals};
use crate::{
    report::{
        labels,
        need::{By, Need},
        refusal::Refusal,
        registry::Report,
        scene::{Asked, Scene},
        table::{Cell, Form, Table},
    },
    rollup::{Shape, subject},
};

pub(super) const REPORTS: &[Report] = &[
    Report::new("UserCountry", "getCountry", needs, get).of(&["UserCountry_Country"]),
    Report::new("UserCountry", "getNumberOfDistinctCountries", distinct, count),
];

fn needs(asked: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    Ok(visits_and_goals(asked, subject::COUNTRY, By::VALUE))
}

fn get(scene: &Scene<'_>) -> Table {
    let code = |row: &_| Some(value(row).unwrap_or_else(|| "xx".to_owned()));
    table(Part::of(scene, 0, 1).split(code), scene.period, |record, code, _| {
        record.label = Some(labels::country(code, scene.language()).to_owned());
        let logo = format!("plugins/Morpheus/icons/dist/flags/{code}.png");
        record.tell("code", Cell::text(code));
        record.tell("logo", Cell::text(&logo));
        record.tell("segment", Cell::text(&format!("countryCode=={code}")));
        record.tell("logoHeight", Cell::Count(16));
    })
}

fn distinct(_: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    Ok(vec![Need::of(Shape::Visit, subject::COUNTRY, By::VALUE)])
}

fn count(scene: &Scene<'_>) -> Table {
    let known = scene.rows(0).iter().filter(|row| value(row).is_some_and(|code| code != "xx"));
    let count = i64::try_from(known.count()).unwrap_or(i64::MAX);
    let columns = vec![("UserCountry_distinctCountries".into(), Cell::Count(count))];
    Table { form: Form::Number, ..Table::overview(columns) }
}
