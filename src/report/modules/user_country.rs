//! UserCountry: countries, the only places that are kept.

use super::rows::{Part, table, value, visits_and_goals};
use crate::{
    report::{
        labels::{self, Language},
        need::{By, Need, Row},
        refusal::Refusal,
        registry::Report,
        scene::{Asked, Scene},
        table::{Cell, Form, Record, Table},
    },
    rollup::{Shape, subject},
};

pub(super) const REPORTS: &[Report] = &[
    Report::new("UserCountry", "getCountry", needs, get).of(&["UserCountry_Country"]),
    Report::new("UserCountry", "getContinent", needs, continents).of(&["UserCountry_Continent"]),
    Report::new("UserCountry", "getRegion", needs, regions).of(&["UserCountry_Region"]),
    Report::new("UserCountry", "getCity", needs, cities).of(&["UserCountry_City"]),
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

fn continents(scene: &Scene<'_>) -> Table {
    let continent = |row: &Row| {
        Some(labels::continent(&value(row).unwrap_or_default(), scene.language()).to_owned())
    };
    table(Part::of(scene, 0, 1).split(continent), scene.period, |record, name, _| {
        // The code is the name here, also in Matomo.
        record.tell("code", Cell::text(name));
    })
}

/// Nothing finer than a country is kept: of every country, one row of an unknown region.
fn regions(scene: &Scene<'_>) -> Table {
    places(scene, tell_region)
}

/// The same with one row of an unknown city.
fn cities(scene: &Scene<'_>) -> Table {
    places(scene, |record, code, tongue| {
        record.tell("city_name", Cell::text(labels::unknown(tongue)));
        record.tell("city", Cell::text("xx"));
        tell_region(record, code, tongue);
    })
}

fn places(scene: &Scene<'_>, tell: fn(&mut Record, &str, Language)) -> Table {
    let tongue = scene.language();
    let code = |row: &Row| Some(value(row).unwrap_or_else(|| "xx".to_owned()));
    table(Part::of(scene, 0, 1).split(code), scene.period, |record, code, _| {
        let (country, unknown) = (labels::country(code, tongue), labels::unknown(tongue));
        record.label = Some(match code {
            "xx" => unknown.to_owned(),
            _ => format!("{unknown}, {country}"),
        });
        tell(record, code, tongue);
    })
}

fn tell_region(record: &mut Record, code: &str, tongue: Language) {
    record.tell("region", Cell::text("xx"));
    record.tell("country", Cell::text(code));
    record.tell("country_name", Cell::text(labels::country(code, tongue)));
    record.tell("region_name", Cell::text(labels::unknown(tongue)));
    let logo = format!("plugins/Morpheus/icons/dist/flags/{code}.png");
    record.tell("logo", Cell::text(&logo));
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
