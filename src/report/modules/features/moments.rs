//! Moments: on which weekday and at which hour of the site a feature is used.

use super::{
    columns::{count, share},
    levels,
    question::{Measure, Question},
    reading::Reading,
};
use crate::{
    report::{
        labels::{Language, weekday},
        modules::rows::below,
        need::Need,
        refusal::Refusal,
        scene::{Asked, Scene},
        table::{Cell, Record, Table},
    },
    rollup::subject,
};

const MEASURES: [Measure; 2] = [Measure::USE, Measure::count(subject::MOMENT)];

pub(super) fn needs(asked: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    Ok(Question::read(asked)?.needs(&MEASURES))
}

pub(super) fn build(scene: &Scene<'_>) -> Table {
    let asked = scene.asked();
    let Ok(question) = Question::read(&asked) else { return Table::default() };
    let reading = Reading::new(&question, &MEASURES, scene);
    levels::table(&question, &reading, &levels::features(&question), |topic, who| {
        let sum = |column| reading.sum(0, topic.id, who, column);
        let columns = vec![count("nb_visits", sum("visits")), count("nb_uses", sum("uses"))];
        let mut uses = [[0_i64; 24]; 7];
        for (leaf, n) in reading.leaves(1, topic.id, who) {
            let place = |at: i64| usize::try_from(at).unwrap_or(usize::MAX);
            let day = uses.get_mut(place(leaf.div_euclid(24)));
            if let Some(hour) = day.and_then(|day| day.get_mut(place(leaf.rem_euclid(24)))) {
                *hour += n;
            }
        }
        (columns, Some(week(&uses, &topic.key, scene.language())))
    })
}

/// Seven days with the hours of each that have uses.
fn week(uses: &[[i64; 24]; 7], key: &str, language: Language) -> Table {
    let whole: i64 = uses.iter().flatten().sum();
    let columns = |n: i64| vec![count("nb_uses", n), share("distribution_rate", n, whole)];
    let day = |(at, hours): (usize, &[i64; 24])| {
        let name = weekday(at, language);
        let used = (0_i64..).zip(hours).filter(|(_, n)| **n > 0);
        let hour = |(hour, n): (i64, &i64)| {
            let mut row = Record::new(hour.to_string(), columns(*n));
            row.tell("hour", Cell::Count(hour));
            row
        };
        let hours_used = Table::of(used.map(hour).collect());
        let mut row = Record::new(name, columns(hours.iter().sum()));
        row.tell("day_of_week", Cell::Count((1_i64..).nth(at).unwrap_or_default()));
        row.below = if hours_used.rows.is_empty() { None } else { below(&[key, name], hours_used) };
        row
    };
    Table::of(uses.iter().enumerate().map(day).collect())
}
