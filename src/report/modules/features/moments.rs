//! Moments: on which weekday and at which hour of the site a feature is used.

use super::{
    columns::{count, share},
    levels,
    question::{Measure, Question},
    reading::{Reading, Who},
    trend::{by_part, days_of, stepped},
};
use crate::{
    report::{
        labels::{Language, weekday},
        modules::rows::below,
        need::{Need, Row},
        params::Params,
        period::{Kind, Period},
        refusal::Refusal,
        scene::{Asked, Scene},
        table::{Cell, Record, Table},
    },
    rollup::{Shape, subject},
};

const MEASURES: [Measure; 2] = [Measure::USE, Measure::count(subject::MOMENT)];

/// Whether rows are weeks: `by=week`; else they are weekdays.
fn is_by_week(params: &Params) -> Result<bool, Refusal> {
    match params.get("by") {
        None | Some("weekday") => Ok(false),
        Some("week") => Ok(true),
        Some(other) => Err(Refusal::new(format!(
            "Moments by '{other}' are not known. Use one of: weekday, week."
        ))),
    }
}

/// The weeks of the period where they are asked for, else the period as it is.
pub(super) fn parts(asked: &Asked<'_>, period: &Period) -> Result<Vec<Period>, Refusal> {
    let weeks = is_by_week(asked.params)?;
    Ok(if weeks { stepped(Kind::Week, period, asked.today) } else { vec![*period] })
}

pub(super) fn needs(asked: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    Question::read(asked)?.needs(&MEASURES)
}

pub(super) fn build(scene: &Scene<'_>) -> Table {
    let asked = scene.asked();
    let Ok(question) = Question::read(&asked) else { return Table::default() };
    let parts = parts(&asked, scene.period).unwrap_or_default();
    let reading = Reading::new(&question, &MEASURES, scene);
    levels::table(&question, &reading, &levels::features(&question), |topic, who| {
        let sum = |column| reading.sum(0, topic.id, who, column);
        let columns = vec![count("nb_visits", sum("visits")), count("nb_uses", sum("uses"))];
        if is_by_week(scene.params).is_ok_and(|it| it) {
            return (columns, Some(by_week(&reading, &parts, topic.id, who)));
        }
        let mut uses = [[0_i64; 24]; 7];
        for (leaf, n) in reading.leaves(1, topic.id, who) {
            let place = |at: i64| usize::try_from(at).unwrap_or(usize::MAX);
            let day = uses.get_mut(place(leaf.div_euclid(24)));
            if let Some(hour) = day.and_then(|day| day.get_mut(place(leaf.rem_euclid(24)))) {
                *hour += n;
            }
        }
        (columns, Some(week(&uses, &[&topic.key, &whose(who)], scene.language())))
    })
}

/// Weeks of the period, each told by its days and its school week.
fn by_week(reading: &Reading<'_>, parts: &[Period], feature: i64, who: Who) -> Table {
    let used = by_part(reading.rows(0, feature, who), parts.len());
    let moments = by_part(reading.rows(1, feature, who), parts.len());
    let place = Shape::Feature.at("visits");
    let sum = |rows: &[&Row], place: usize| rows.iter().map(|row| row.figures[place]).sum::<i64>();
    let whole: i64 = moments.iter().map(|rows| sum(rows, 0)).sum();
    let weeks = parts.iter().zip(used).zip(moments).map(|((week, used), moments)| {
        let uses = sum(&moments, 0);
        let columns = vec![
            count("nb_visits", sum(&used, place)),
            count("nb_uses", uses),
            share("distribution_rate", uses, whole),
        ];
        levels::record(&week.key(), columns, days_of(week), &[], None)
    });
    Table::of(weeks.collect())
}

/// Tells apart what is under values of an audience.
fn whose(who: Who) -> String {
    match who {
        Who::All => String::new(),
        Who::Value(id) => id.to_string(),
    }
}

/// Seven days with the hours of each that have uses.
fn week(uses: &[[i64; 24]; 7], path: &[&str], language: Language) -> Table {
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
        row.below = if hours_used.rows.is_empty() {
            None
        } else {
            below(&[path, &[name]].concat(), hours_used)
        };
        row
    };
    Table::of(uses.iter().enumerate().map(day).collect())
}
