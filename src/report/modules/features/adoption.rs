//! Adoption: how many of those who come use a feature.

use super::{
    columns::{count, distinct, share, visitors},
    levels,
    question::{Measure, Question},
    reading::{Reading, Who},
};
use crate::report::{
    need::Need,
    period::Kind,
    refusal::Refusal,
    scene::{Asked, Scene},
    table::{Fields, Table},
};

fn measures(kind: Kind) -> Vec<Measure> {
    [Measure::USE].into_iter().chain(distinct(kind)).collect()
}

pub(super) fn needs(asked: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    Question::read(asked)?.needs(&measures(asked.kind))
}

pub(super) fn build(scene: &Scene<'_>) -> Table {
    let asked = scene.asked();
    let Ok(question) = Question::read(&asked) else { return Table::default() };
    let reading = Reading::new(&question, &measures(asked.kind), scene);
    levels::table(&question, &reading, &levels::features(&question), |topic, who| {
        (columns(&reading, topic.id, who, asked.kind), None)
    })
}

/// Uses beside the visits and visitors that could have been: those of the same audience value.
pub(super) fn columns(reading: &Reading<'_>, feature: i64, who: Who, kind: Kind) -> Fields {
    let sum = |of, column| reading.sum(0, of, who, column);
    let (visits, active_visits) = (sum(feature, "visits"), sum(0, "visits"));
    let (days, active_days) = (sum(feature, "visitors"), sum(0, "visitors"));
    let mut columns = vec![
        count("nb_visits", visits),
        count("nb_uses", sum(feature, "uses")),
        count("nb_visitor_days", days),
        count("nb_active_visits", active_visits),
        count("nb_active_visitor_days", active_days),
        share("adoption_visits_rate", visits, active_visits),
        share("adoption_visitor_days_rate", days, active_days),
    ];
    let people = visitors(reading, 1, feature, who, kind).zip(visitors(reading, 1, 0, who, kind));
    if let Some((users, active)) = people {
        columns.push(count("nb_uniq_visitors", users));
        columns.push(count("nb_active_uniq_visitors", active));
        columns.push(share("adoption_visitors_rate", users, active));
    }
    columns
}
