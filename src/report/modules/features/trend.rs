//! Trend: the use of features day after day, week after week, month after month.

use jiff::{ToSpan, civil::Date};

use super::{
    columns::{count, distinct, share},
    levels::{self, Topic},
    question::{Measure, Question},
    reading::{Reading, Who},
};
use crate::{
    report::{
        need::{Need, Row},
        period::{Kind, Period},
        plan::Mark,
        refusal::Refusal,
        registry::MOST_PARTS,
        scene::{Asked, Scene},
        table::{Cell, Fields, Record, Table},
    },
    rollup::Shape,
    school::calendar::SchoolWeek,
    site::{Feature, date_of, number_of},
};

/// Days that are shown one by one unless the question says otherwise, and by weeks.
const DAY_BY_DAY: i64 = 100;
const WEEK_BY_WEEK: i64 = 400;

/// The length of a step: `by`, else what fits the period.
fn step(asked: &Asked<'_>, period: &Period) -> Result<Kind, Refusal> {
    match asked.params.get("by") {
        Some("day") => Ok(Kind::Day),
        Some("week") => Ok(Kind::Week),
        Some("month") => Ok(Kind::Month),
        Some(other) => Err(Refusal::new(format!(
            "The step '{other}' is not known. Use one of: day, week, month."
        ))),
        None => Ok(match days(period) {
            days if days <= DAY_BY_DAY => Kind::Day,
            days if days <= WEEK_BY_WEEK => Kind::Week,
            _ => Kind::Month,
        }),
    }
}

fn days(period: &Period) -> i64 {
    i64::from(number_of(period.last) - number_of(period.first)) + 1
}

/// The steps of a period that have begun, cut at its ends. What was cut is no week and no month any
/// more: nobody counted its distinct visitors.
pub(super) fn parts(asked: &Asked<'_>, period: &Period) -> Result<Vec<Period>, Refusal> {
    Ok(stepped(step(asked, period)?, period, asked.today))
}

/// The same, for a step that is known.
pub(super) fn stepped(step: Kind, period: &Period, today: Date) -> Vec<Period> {
    let mut parts = Vec::new();
    let mut at = period.first;
    while at <= period.last.min(today) && parts.len() < MOST_PARTS {
        let whole = step.holding(at);
        let last = whole.last.min(period.last);
        let is_whole = whole.first == at && last == whole.last;
        parts.push(if is_whole { whole } else { Period::range(at, last) });
        at = last.saturating_add(1.day());
    }
    parts
}

/// Distinct visitors of weeks and months are both asked for: what is read depends on the steps.
const MEASURES: [Measure; 3] = [Measure::USE, Measure::WEEK, Measure::MONTH];

pub(super) fn needs(asked: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    Question::read(asked)?.needs(&MEASURES)
}

pub(super) fn build(scene: &Scene<'_>) -> Table {
    let asked = scene.asked();
    let Ok(question) = Question::read(&asked) else { return Table::default() };
    let parts = parts(&asked, scene.period).unwrap_or_default();
    let reading = Reading::new(&question, &MEASURES, scene);
    levels::table(&question, &reading, &levels::features(&question), |topic, who| {
        let sum = |of, column| reading.sum(0, of, who, column);
        let columns = vec![
            count("nb_visits", sum(topic.id, "visits")),
            count("nb_uses", sum(topic.id, "uses")),
            count("nb_visitor_days", sum(topic.id, "visitors")),
            share("adoption_visits_rate", sum(topic.id, "visits"), sum(0, "visits")),
        ];
        let feature = question.features().into_iter().find(|it| i64::from(it.id) == topic.id);
        (columns, Some(points(&reading, &parts, topic, who, feature, scene.marks)))
    })
}

fn points(
    reading: &Reading<'_>,
    parts: &[Period],
    topic: &Topic,
    who: Who,
    feature: Option<&Feature>,
    marks: &[Mark],
) -> Table {
    let of = |measure: usize, id: i64| by_part(reading.rows(measure, id, who), parts.len());
    let (used, active) = (of(0, topic.id), of(0, 0));
    let people = [of(1, topic.id), of(2, topic.id)];
    let point = |(at, part): (usize, &Period)| {
        let figure = |of: &[Vec<&Row>], column: &str| -> i64 {
            let place = Shape::Feature.at(column);
            of.get(at).into_iter().flatten().map(|row| row.figures[place]).sum()
        };
        let visits = figure(&used, "visits");
        let mut columns: Fields = vec![
            count("nb_visits", visits),
            count("nb_uses", figure(&used, "uses")),
            count("nb_visitor_days", figure(&used, "visitors")),
            count("nb_active_visits", figure(&active, "visits")),
            share("adoption_visits_rate", visits, figure(&active, "visits")),
        ];
        let distinct = match (part.kind, distinct(part.kind)) {
            (Kind::Day, _) => Some(figure(&used, "visitors")),
            (_, Some(_)) => {
                let rows = people.iter().flat_map(|it| it.get(at)).flatten();
                let all = rows.filter(|row| row.leaf.id == 0).map(|row| row.figures[0]).max();
                all.or((visits == 0).then_some(0))
            }
            _ => None,
        };
        let distinct = distinct.filter(|_| reading.knows_people(who));
        columns.extend(distinct.map(|n| count("nb_uniq_visitors", n)));
        Record {
            metadata: told(part, feature, marks),
            ..levels::record(&part.key(), columns, Vec::new(), &[], None)
        }
    };
    Table::of(parts.iter().enumerate().map(point).collect())
}

/// Rows by the number of their part.
pub(super) fn by_part<'a>(rows: &[&'a Row], parts: usize) -> Vec<Vec<&'a Row>> {
    let mut sorted = vec![Vec::new(); parts];
    for row in rows {
        if let Some(part) = sorted.get_mut(row.period % MOST_PARTS) {
            part.push(*row);
        }
    }
    sorted
}

/// The days of a step, and the school week that they are of, where it is one: `2026-W03` is the third
/// week of the school year that begins in 2026.
pub(super) fn days_of(part: &Period) -> Fields {
    let mut metadata: Fields = vec![
        ("first_day".into(), Cell::text(&part.first.to_string())),
        ("last_day".into(), Cell::text(&part.last.to_string())),
    ];
    let of = |day| SchoolWeek::of(number_of(day));
    let week = of(part.first);
    if week == of(part.last) {
        let name = format!("{}-W{:02}", week.year.begins_in(), week.number);
        metadata.push(("school_week".into(), Cell::text(&name)));
    }
    metadata
}

/// What happened in a step: the release, a change of the rules, notes.
fn told(part: &Period, feature: Option<&Feature>, marks: &[Mark]) -> Fields {
    let within = |day: i32| (part.first..=part.last).contains(&date_of(day));
    let mut metadata = days_of(part);
    let mut tell = |name: &'static str, day: Option<i32>| {
        if let Some(day) = day.filter(|day| within(*day)) {
            metadata.push((name.into(), Cell::text(&date_of(day).to_string())));
        }
    };
    tell("released", feature.and_then(|it| it.released));
    tell("rules_changed", feature.map(|it| it.since));
    let notes: Vec<String> = marks
        .iter()
        .filter(|mark| within(mark.day))
        .map(|mark| format!("{}: {}", date_of(mark.day), mark.text))
        .collect();
    if !notes.is_empty() {
        metadata.push(("notes".into(), Cell::text(&notes.join(" | "))));
    }
    metadata
}
