//! Features used in the same visit.

use std::collections::BTreeMap;

use super::{
    columns::{count, of, share},
    levels::{self, Topic, Topics},
    question::{Measure, Question},
    reading::{Reading, Who},
};
use crate::{
    report::{
        need::Need,
        refusal::Refusal,
        scene::{Asked, Scene},
        table::{Cell, Record, Table},
    },
    rollup::subject,
    site::Feature,
};

const MEASURES: [Measure; 2] = [Measure::USE, Measure::count(subject::TOGETHER)];

pub(super) fn needs(asked: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    Question::read(asked)?.needs(&MEASURES)
}

/// Pairs of features with the visits that used both: all pairs, or those of one feature.
pub(super) fn build(scene: &Scene<'_>) -> Table {
    let asked = scene.asked();
    let Ok(question) = Question::read(&asked) else { return Table::default() };
    let reading = Reading::new(&question, &MEASURES, scene);
    let whole = Topic { id: 0, key: String::new(), label: String::new(), about: Vec::new() };
    // Pairs are of no one feature: the first level is the audience's values, or the pairs.
    let topics = Topics { list: vec![whole], is_one: true };
    levels::table(&question, &reading, &topics, |_, who| {
        let columns = vec![count("nb_visits", reading.sum(0, 0, who, "visits"))];
        (columns, Some(pairs(&question, &reading, who)))
    })
}

fn pairs(question: &Question<'_>, reading: &Reading<'_>, who: Who) -> Table {
    let feature = |id: i64| u32::try_from(id).ok().and_then(|id| question.register.feature(id));
    let mut visits: BTreeMap<(i64, i64), i64> = BTreeMap::new();
    for row in reading.all(1, who) {
        *visits.entry((row.value.id, row.leaf.id)).or_default() += row.figures[0];
    }
    let mut rows = Vec::new();
    for ((first, second), both) in visits {
        let (Some(first), Some(second)) = (feature(first), feature(second)) else {
            // Of a feature that is declared no more.
            continue;
        };
        match question.feature {
            _ if both <= 0 => (),
            None => rows.push(pair(question, reading, who, [first, second], both)),
            Some(of) if of.id == first.id => {
                rows.push(pair(question, reading, who, [first, second], both));
            }
            Some(of) if of.id == second.id => {
                rows.push(pair(question, reading, who, [second, first], both));
            }
            Some(_) => (),
        }
    }
    Table::of(rows)
}

fn pair(
    question: &Question<'_>,
    reading: &Reading<'_>,
    who: Who,
    [first, second]: [&Feature; 2],
    both: i64,
) -> Record {
    let visits = |feature: i64| reading.sum(0, feature, who, "visits");
    let (of_first, of_second) = (visits(i64::from(first.id)), visits(i64::from(second.id)));
    let all = visits(0);
    let mut columns = vec![
        count("nb_visits", both),
        share("smaller_rate", both, of_first.min(of_second)),
        // How many times as often as two features would meet that have nothing to do with each other.
        (
            "lift".into(),
            Cell::Number(of(both.saturating_mul(all), of_first.saturating_mul(of_second), 2)),
        ),
    ];
    let named = |feature: &Feature| question.name(feature).to_owned();
    let label = if question.feature.is_some() {
        columns.push(share("feature_rate", both, of_first));
        named(second)
    } else {
        format!("{} + {}", named(first), named(second))
    };
    let metadata =
        vec![("feature".into(), Cell::text(&first.key)), ("with".into(), Cell::text(&second.key))];
    levels::record(&label, columns, metadata, &[], None)
}
