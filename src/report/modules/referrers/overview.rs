//! Kinds of sources, all sources in one table, and the overview.

use std::collections::HashSet;

use super::{
    super::rows::{Part, visits_and_goals},
    sources,
};
use crate::{
    report::{
        labels,
        metrics::quotient,
        need::{By, Label, Need, Row, total},
        refusal::Refusal,
        scene::{Asked, Scene},
        table::{Below, Cell, Fields, Form, Name, Record, Table, count_as_number},
    },
    rollup::{Shape, subject},
};

const DIRECT: i64 = 1;
const SEARCH: i64 = 2;
const WEBSITE: i64 = 3;
const CAMPAIGN: i64 = 6;
const SOCIAL: i64 = 7;
const ASSISTANT: i64 = 8;

/// Subjects of the sources in the order their needs are read.
const SOURCES: [(i64, i16); 5] = [
    (SEARCH, subject::SEARCH_ENGINE),
    (WEBSITE, subject::WEBSITE),
    (CAMPAIGN, subject::CAMPAIGN),
    (SOCIAL, subject::SOCIAL),
    (ASSISTANT, subject::ASSISTANT),
];

pub(super) fn needs(_: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    let visits = |subject| Need::of(Shape::Visit, subject, By::SUB);
    let mut needs = vec![Need::of(Shape::Visit, subject::REFERRER_TYPE, By::VALUE)];
    needs.extend(SOURCES.map(|(_, subject)| visits(subject)));
    Ok(needs)
}

/// A number is asked for where it is one: a period without visits has 0 sources.
pub(super) fn number_needs(asked: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    needs(asked)
}

pub(super) fn get(scene: &Scene<'_>) -> Table {
    let mut table = Table::overview(columns(scene));
    if scene.in_map && scene.rows(0).is_empty() {
        table.rows.clear();
    }
    table
}

pub(super) fn number(scene: &Scene<'_>, name: &str) -> Table {
    let mut columns = columns(scene);
    columns.retain(|(it, _)| it == name);
    Table { form: Form::Number, ..Table::overview(columns) }
}

fn columns(scene: &Scene<'_>) -> Fields {
    let visits_from = |number: Option<i64>| {
        let rows = scene.rows(0).iter().copied();
        let of_type = rows.filter(|row| number.is_none_or(|number| row.value.id == number));
        total(Shape::Visit, of_type)[Shape::Visit.at("visits")]
    };
    let mut columns: Fields = [
        ("SearchEngines", SEARCH),
        ("SocialNetworks", SOCIAL),
        ("DirectEntry", DIRECT),
        ("Websites", WEBSITE),
        ("Campaigns", CAMPAIGN),
    ]
    .map(|(name, number)| (from(name, ""), Cell::Count(visits_from(Some(number)))))
    .to_vec();
    columns.extend(distinct(scene));
    let all = count_as_number(visits_from(None));
    let shares = [
        ("DirectEntry", DIRECT),
        ("SearchEngines", SEARCH),
        ("Campaigns", CAMPAIGN),
        ("SocialNetworks", SOCIAL),
        ("Websites", WEBSITE),
    ];
    columns.extend(shares.map(|(name, number)| {
        let share = quotient(count_as_number(visits_from(Some(number))), all, 2);
        (from(name, "_percent"), Cell::Share(share))
    }));
    columns
}

fn from(name: &str, suffix: &str) -> Name {
    format!("Referrers_visitorsFrom{name}{suffix}").into()
}

/// The label of a row that is counted.
type Which = fn(&Row) -> &Label;

/// How many different sources of each kind.
fn distinct(scene: &Scene<'_>) -> Fields {
    let count = |need: usize, label: Which| {
        let different: HashSet<i64> = scene.rows(need).iter().map(|row| label(row).id).collect();
        Cell::Count(i64::try_from(different.len()).unwrap_or(i64::MAX))
    };
    let (value, sub): (Which, Which) = (|row| &row.value, |row| &row.sub);
    [
        ("SearchEngines", count(1, value)),
        ("SocialNetworks", count(4, value)),
        ("Keywords", count(1, sub)),
        ("Websites", count(2, value)),
        ("WebsitesUrls", count(2, sub)),
        ("Campaigns", count(3, value)),
    ]
    .map(|(name, cell)| (format!("Referrers_distinct{name}").into(), cell))
    .to_vec()
}

/// A kind's sources are read only where the answer shows them.
pub(super) fn type_needs(asked: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    let mut needs = visits_and_goals(asked, subject::REFERRER_TYPE, By::VALUE);
    if asked.options.is_deep() && !asked.options.flat {
        needs.extend(source_needs(asked));
    }
    Ok(needs)
}

pub(super) fn all_needs(asked: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    Ok(source_needs(asked))
}

/// Keywords are under engines; of the others the source itself is enough.
fn source_needs(asked: &Asked<'_>) -> Vec<Need> {
    let by = |number| if number == SEARCH { By::SUB } else { By::VALUE };
    let needs =
        SOURCES.iter().map(|(number, subject)| visits_and_goals(asked, *subject, by(*number)));
    needs.flatten().collect()
}

/// The sources of a kind, without anything under them.
fn sources_of(scene: &Scene<'_>, number: i64, first_need: usize) -> Table {
    let step = if scene.site.goals.is_empty() { 1 } else { 2 };
    let place = SOURCES.iter().position(|(it, _)| *it == number).unwrap_or_default();
    let need = first_need + place * step;
    let part = Part::of(scene, need, need + 1);
    let mut table = match number {
        SEARCH => sources::keywords_of(scene, part),
        WEBSITE => sources::websites_of(scene, part),
        CAMPAIGN => sources::campaigns_of(scene, part),
        ASSISTANT => sources::assistants_of(scene, part),
        _ => sources::socials_of(scene, part),
    };
    table.rows.iter_mut().for_each(|row| row.below = None);
    table
}

pub(super) fn types(scene: &Scene<'_>) -> Table {
    let first_need = if scene.site.goals.is_empty() { 1 } else { 2 };
    let is_deep = scene.options.is_deep() && !scene.options.flat;
    let parts = Part::of(scene, 0, 1).split(|row| Some(row.value.id.to_string()));
    let rows = parts.into_iter().map(|(number, part)| {
        let number = number.parse().unwrap_or_default();
        let (name, word) = labels::referrer_type(number, scene.language());
        let mut record = part.record(name, scene.period);
        record.tell("segment", Cell::text(&format!("referrerType=={word}")));
        record.tell("referrer_type", Cell::Count(number));
        if number != DIRECT && !scene.options.flat {
            let table =
                if is_deep { sources_of(scene, number, first_need) } else { Table::default() };
            record.below = Some(Below { id: number, table });
        }
        record
    });
    Table::of(rows.collect())
}

/// Every source but direct entries, side by side.
pub(super) fn all(scene: &Scene<'_>) -> Table {
    let mut rows: Vec<Record> = Vec::new();
    for (number, _) in SOURCES {
        for mut record in sources_of(scene, number, 0).rows {
            // Only here it is spelt like that.
            record.tell("referer_type", Cell::Count(number));
            rows.push(record);
        }
    }
    Table::of(rows)
}
