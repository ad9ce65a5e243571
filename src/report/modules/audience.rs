//! Audience: who comes, by what the application tells of its users. PADOQE's own module.

use super::features::{
    columns::{count, distinct, share, visitors},
    levels,
    question::{self, Lens, Measure, Question, named},
    reading::{Reading, Who},
    wider::Wider,
};
use crate::{
    report::{
        need::{Need, Only},
        period::Kind,
        refusal::Refusal,
        registry::Report,
        scene::{Asked, Scene},
        table::{Cell, Fields, Record, Table},
    },
    site::AudienceKind,
};

const MODULE: &str = "Audience";

pub(super) const REPORTS: &[Report] = &[
    Report::new(MODULE, "getAudiences", declared_needs, declared)
        .of(&["Audience_Audience", "Audience_Value"])
        .unsorted()
        .timeless(),
    Report::new(MODULE, "get", needs, get).of(&["Audience_Value"]).only(only),
];

/// Visits as a whole, of no feature.
fn only(asked: &Asked<'_>, need: &Need) -> Only {
    Only { values: Some([0].into()), ..question::everyday(asked, need) }
}

fn declared_needs(_: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    Ok(Vec::new())
}

/// The audiences of the register with their values, what each says beyond itself, then the pairs.
fn declared(scene: &Scene<'_>) -> Table {
    let register = &scene.site.register;
    let language = scene.language();
    let name = |key: &str| {
        register
            .audience(key)
            .map_or_else(|| key.to_owned(), |it| named(&it.name, &it.key, language).to_owned())
    };
    let single = register.audiences.iter().map(|audience| {
        let values: Vec<Record> = audience
            .values
            .iter()
            .map(|value| levels::record(value, Fields::new(), Fields::new(), &[], None))
            .collect();
        let mut columns = vec![
            ("key".into(), Cell::text(&audience.key)),
            ("kind".into(), Cell::text(kind(audience.kind))),
            count("nb_values", i64::try_from(values.len()).unwrap_or(i64::MAX)),
        ];
        if let Some(dimension) = audience.dimension {
            columns.push(count("dimension", i64::from(dimension)));
        }
        let path = [audience.key.as_str()];
        levels::record(&name(&audience.key), columns, Fields::new(), &path, Some(Table::of(values)))
    });
    let wider = register.audiences.iter().flat_map(|audience| {
        Wider::told_by(audience).iter().map(|wider| {
            let key = format!("{}:{}", audience.key, wider.word());
            let columns =
                vec![("key".into(), Cell::text(&key)), ("kind".into(), Cell::text(wider.word()))];
            let label = format!("{} ({})", name(&audience.key), wider.name(language));
            levels::record(&label, columns, Fields::new(), &[], None)
        })
    });
    let pairs = register.pairs.iter().map(|pair| {
        let columns = vec![
            ("key".into(), Cell::text(&pair.of.join(","))),
            ("kind".into(), Cell::text("pair")),
        ];
        let label = pair.of.each_ref().map(|key| name(key)).join(" × ");
        levels::record(&label, columns, Fields::new(), &[], None)
    });
    Table::of(single.chain(wider).chain(pairs).collect())
}

/// A kind as files and the API spell it.
fn kind(kind: AudienceKind) -> &'static str {
    match kind {
        AudienceKind::Profile => "profile",
        AudienceKind::Level => "level",
        AudienceKind::Subject => "subject",
        AudienceKind::Academy => "academy",
        AudienceKind::Establishment => "establishment",
        AudienceKind::Group => "group",
        AudienceKind::Cohort => "cohort",
        AudienceKind::Other => "other",
        AudienceKind::Device => "device",
        AudienceKind::Country => "country",
    }
}

fn measures(kind: Kind) -> Vec<Measure> {
    [Measure::USE].into_iter().chain(distinct(kind)).collect()
}

fn needs(asked: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    let question = Question::read(asked)?;
    if question.lens == Lens::Everyone {
        let declared = question.register.audiences.iter().map(|it| it.key.as_str());
        let declared: Vec<&str> = declared.collect();
        return Err(Refusal::new(format!(
            "Please specify a value for 'audience'. Declared: {}.",
            if declared.is_empty() { "none".to_owned() } else { declared.join("; ") }
        )));
    }
    question.needs(&measures(asked.kind))
}

/// Visits and visitors by value.
fn get(scene: &Scene<'_>) -> Table {
    let asked = scene.asked();
    let Ok(question) = Question::read(&asked) else { return Table::default() };
    let reading = Reading::new(&question, &measures(asked.kind), scene);
    let all = reading.sum(0, 0, Who::All, "visits");
    let is_meant = |id: i64| reading.is_of(id);
    let rows = reading.values.iter().filter(|(id, _)| is_meant(*id)).map(|(id, text)| {
        let who = Who::Value(*id);
        let visits = reading.sum(0, 0, who, "visits");
        let mut columns = vec![
            count("nb_visits", visits),
            count("nb_visitor_days", reading.sum(0, 0, who, "visitors")),
        ];
        if matches!(question.lens, Lens::Split(_)) {
            columns.push(share("visits_rate", visits, all));
        }
        let people = visitors(&reading, 1, 0, who, asked.kind);
        columns.extend(people.map(|n| count("nb_uniq_visitors", n)));
        levels::record(text, columns, Fields::new(), &[], None)
    });
    let rows = rows.filter(|row| row.number("nb_visits") > 0.0);
    Table::of(rows.collect())
}
