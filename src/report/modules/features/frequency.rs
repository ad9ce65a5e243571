//! Frequency: how often a feature is used, by a visit, by a visitor in a day, on how many days.

use super::{
    columns::{average, count, distinct, names, spread, visitors},
    levels,
    question::{Measure, Question},
    reading::{Reading, Who},
};
use crate::{
    report::{
        need::Need,
        params::Params,
        period::Kind,
        refusal::Refusal,
        scene::{Asked, Scene},
        table::{Cell, Fields, Table},
    },
    rollup::{USE_BUCKETS, subject},
};

/// What a distribution is of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spread {
    /// Visits by uses.
    Visit,
    /// Visitors' days by uses.
    Day,
    /// Visitors by days of use.
    Days,
}

impl Spread {
    fn read(params: &Params) -> Result<Option<Self>, Refusal> {
        match params.get("distribution") {
            None => Ok(None),
            Some("visit") => Ok(Some(Self::Visit)),
            Some("day") => Ok(Some(Self::Day)),
            Some("days") => Ok(Some(Self::Days)),
            Some(other) => Err(Refusal::new(format!(
                "The distribution '{other}' is not known. Use one of: visit (uses of a visit), day (uses of a visitor in a day), days (days of use of a visitor)."
            ))),
        }
    }
}

/// Uses come first, days of use last: by both, visitors are found.
fn measures(kind: Kind, spread: Option<Spread>) -> Vec<Measure> {
    let mut measures: Vec<Measure> = [Measure::USE].into_iter().chain(distinct(kind)).collect();
    match spread {
        Some(Spread::Visit) => measures.push(Measure::count(subject::USES_PER_VISIT)),
        Some(Spread::Day) => measures.push(Measure::count(subject::USES_PER_DAY)),
        Some(Spread::Days) | None => (),
    }
    measures
}

pub(super) fn needs(asked: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    let spread = Spread::read(asked.params)?;
    if spread == Some(Spread::Days) && distinct(asked.kind).is_none() {
        return Err(Refusal::new(
            "Days of use are counted in weeks and months: ask for period=week or period=month.",
        ));
    }
    let question = Question::read(asked)?;
    if question.is_wider() && matches!(spread, Some(Spread::Day | Spread::Days)) {
        return Err(Refusal::new(
            "Days of visitors are not known of places that are made of others: somebody may be of two. Use distribution=visit, or the audience itself.",
        ));
    }
    question.needs(&measures(asked.kind, spread))
}

pub(super) fn build(scene: &Scene<'_>) -> Table {
    let asked = scene.asked();
    let (Ok(question), Ok(spread)) = (Question::read(&asked), Spread::read(scene.params)) else {
        return Table::default();
    };
    let measures = measures(asked.kind, spread);
    let reading = Reading::new(&question, &measures, scene);
    levels::table(&question, &reading, &levels::features(&question), |topic, who| {
        let columns = columns(&reading, topic.id, who, asked.kind);
        let under = spread.map(|it| distribution(it, &reading, measures.len() - 1, topic.id, who));
        (columns, under)
    })
}

fn columns(reading: &Reading<'_>, feature: i64, who: Who, kind: Kind) -> Fields {
    let sum = |column| reading.sum(0, feature, who, column);
    let (visits, uses, days) = (sum("visits"), sum("uses"), sum("visitors"));
    let mut columns = vec![
        count("nb_visits", visits),
        count("nb_uses", uses),
        count("nb_visitor_days", days),
        average("avg_uses_per_visit", uses, visits),
        average("avg_uses_per_visitor_day", uses, days),
    ];
    if let (Some(users), Kind::Week | Kind::Month) =
        (visitors(reading, 1, feature, who, kind), kind)
    {
        columns.push(count("nb_uniq_visitors", users));
        columns.push(average("avg_uses_per_visitor", uses, users));
        // Counted with the days of use themselves, not with days × visitors: both are of the same set.
        let used = by_days(reading, 1, feature, who);
        let (people, days) =
            used.iter().fold((0, 0), |(people, days), (day, n)| (people + n, days + day * n));
        columns.push(average("avg_days_used", days, people));
    } else if kind == Kind::Day && reading.knows_people(who) {
        columns.push(("nb_uniq_visitors".into(), Cell::Count(days)));
    }
    columns
}

/// Visitors by days of use. Where all who had so many days have more by now, there is no row.
fn by_days(reading: &Reading<'_>, at: usize, feature: i64, who: Who) -> Vec<(i64, i64)> {
    reading.leaves(at, feature, who).into_iter().filter(|(day, n)| *day > 0 && *n > 0).collect()
}

fn distribution(spread: Spread, reading: &Reading<'_>, at: usize, feature: i64, who: Who) -> Table {
    if spread == Spread::Days {
        let rows = by_days(reading, 1, feature, who);
        let rows = rows.into_iter().map(|(day, n)| (day.to_string(), n));
        return self::spread(rows, "nb_uniq_visitors");
    }
    let counts = reading.leaves(at, feature, who);
    let named = names(&USE_BUCKETS).into_iter();
    let rows = named.map(|(least, name)| (name, counts.get(&least).copied().unwrap_or_default()));
    self::spread(rows, if spread == Spread::Visit { "nb_visits" } else { "nb_visitor_days" })
}
