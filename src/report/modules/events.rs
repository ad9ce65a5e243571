//! Events: categories, actions and names, each with the others under it.

use std::collections::BTreeMap;

use super::rows::{below, millionths, require_subtable};
use crate::{
    report::{
        labels::{Absent, encode},
        metrics::Processed,
        need::{By, Need, Row, total},
        refusal::Refusal,
        registry::Report,
        scene::{Asked, Scene},
        table::{Cell, Fields, Name, Record, Table},
    },
    rollup::{Shape, subject},
};

const MODULE: &str = "Events";
const RATES: &[Processed] = &[Processed::EventValue];

/// One of the three words of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    Category,
    Action,
    Title,
}

use Word::{Action, Category, Title};

pub(super) const REPORTS: &[Report] = &[
    Report::new(MODULE, "getCategory", |asked| needs(asked, Category), |s| of(s, Category))
        .named(|asked| dimensions(asked, Category))
        .with(RATES),
    Report::new(MODULE, "getAction", |asked| needs(asked, Action), |s| of(s, Action))
        .named(|asked| dimensions(asked, Action))
        .with(RATES),
    Report::new(MODULE, "getName", |asked| needs(asked, Title), |s| of(s, Title))
        .named(|asked| dimensions(asked, Title))
        .with(RATES),
    Report::new(MODULE, "getActionFromCategoryId", sub_needs, |s| table(s, Category, Action))
        .of(&["Events_EventAction"])
        .with(RATES),
    Report::new(MODULE, "getNameFromCategoryId", sub_needs, |s| table(s, Category, Title))
        .of(&["Events_EventName"])
        .with(RATES),
    Report::new(MODULE, "getCategoryFromActionId", sub_needs, |s| table(s, Action, Category))
        .of(&["Events_EventCategory"])
        .with(RATES),
    Report::new(MODULE, "getNameFromActionId", sub_needs, |s| table(s, Action, Title))
        .of(&["Events_EventName"])
        .with(RATES),
    Report::new(MODULE, "getActionFromNameId", sub_needs, |s| table(s, Title, Action))
        .of(&["Events_EventAction"])
        .with(RATES),
    Report::new(MODULE, "getCategoryFromNameId", sub_needs, |s| table(s, Title, Category))
        .of(&["Events_EventCategory"])
        .with(RATES),
];

impl Word {
    /// As parameters and segments call it.
    fn parameter(self) -> &'static str {
        match self {
            Category => "eventCategory",
            Action => "eventAction",
            Title => "eventName",
        }
    }

    fn dimension(self) -> &'static str {
        match self {
            Category => "Events_EventCategory",
            Action => "Events_EventAction",
            Title => "Events_EventName",
        }
    }

    fn method(self) -> &'static str {
        match self {
            Category => "getCategory",
            Action => "getAction",
            Title => "getName",
        }
    }

    /// What may stand under it; first what does unless the question says otherwise.
    fn under(self) -> [Self; 2] {
        match self {
            Category => [Action, Title],
            Action => [Title, Category],
            Title => [Action, Category],
        }
    }

    /// The word of a row. `0` is no word to Matomo, as it is nothing to PHP.
    fn of(self, row: &Row) -> Option<&str> {
        let label = match self {
            Category => &row.value,
            Action => &row.sub,
            Title => &row.leaf,
        };
        label.text.as_deref().filter(|text| !text.is_empty() && *text != "0")
    }
}

/// Names of the dimensions of a question about that word.
fn dimensions(asked: &Asked<'_>, first: Word) -> Vec<Name> {
    let second = second(asked.params.get("secondaryDimension"), first);
    let second = second.unwrap_or(first.under()[0]);
    vec![first.dimension().into(), second.dimension().into()]
}

fn second(asked: Option<&str>, first: Word) -> Result<Word, Refusal> {
    let [usual, other] = first.under();
    match asked {
        None => Ok(usual),
        Some(word) if word == usual.parameter() => Ok(usual),
        Some(word) if word == other.parameter() => Ok(other),
        Some(word) => Err(Refusal::new(format!(
            "Secondary dimension '{word}' is not valid for the API {MODULE}.{}. Use one of: {}, {}",
            first.method(),
            usual.parameter(),
            other.parameter()
        ))),
    }
}

/// Rows are sums over category, action and name: even for one word, all three are read.
fn needs(asked: &Asked<'_>, first: Word) -> Result<Vec<Need>, Refusal> {
    second(asked.params.get("secondaryDimension"), first)?;
    Ok(vec![Need::of(Shape::Event, subject::EVENT, By::ALL)])
}

fn sub_needs(asked: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    require_subtable(asked)?;
    Ok(vec![Need::of(Shape::Event, subject::EVENT, By::ALL)])
}

fn of(scene: &Scene<'_>, first: Word) -> Table {
    let second = second(scene.params.get("secondaryDimension"), first);
    table(scene, first, second.unwrap_or(first.under()[0]))
}

fn table(scene: &Scene<'_>, first: Word, second: Word) -> Table {
    let is_day = scene.period.is_day();
    let absent = Absent::EventName.text(scene.language());
    let mut rows = Vec::new();
    for (label, part) in split(scene.rows(0), first, Some(absent)) {
        let mut record = Record::new(label.clone(), columns(&part, is_day));
        let segment = if label == absent { String::new() } else { encode(&label) };
        if !scene.options.flat {
            let segment = format!("{}=={segment}", first.parameter());
            record.tell("segment", Cell::text(&segment));
        }
        let under = split(&part, second, None);
        if !under.is_empty() {
            let rows =
                under.into_iter().map(|(name, part)| Record::new(name, columns(&part, is_day)));
            record.below = below(&[&label], Table::of(rows.collect()));
        }
        rows.push(record);
    }
    Table::of(rows)
}

/// Rows by a word. What has no name is one row at the top and left out under another.
fn split<'a>(rows: &[&'a Row], word: Word, absent: Option<&str>) -> BTreeMap<String, Vec<&'a Row>> {
    let mut parts: BTreeMap<String, Vec<&Row>> = BTreeMap::new();
    for row in rows {
        let absent = absent.filter(|_| word == Title);
        if let Some(label) = word.of(row).or(absent) {
            parts.entry(label.to_owned()).or_default().push(row);
        }
    }
    parts
}

fn columns(rows: &[&Row], is_day: bool) -> Fields {
    let figures = total(Shape::Event, rows.iter().copied());
    let figure = |column| figures[Shape::Event.at(column)];
    let valued = figure("valued") > 0;
    let value = |column| if valued { Cell::Number(millionths(figure(column))) } else { Cell::Null };
    let visitors = Cell::Count(figure("visitors"));
    let mut columns: Fields = Vec::with_capacity(9);
    if is_day {
        columns.push(("nb_uniq_visitors".into(), visitors.clone()));
    }
    columns.push(("nb_visits".into(), Cell::Count(figure("visits"))));
    columns.push(("nb_events".into(), Cell::Count(figure("events"))));
    columns.push(("nb_events_with_value".into(), Cell::Count(figure("valued"))));
    columns.push(("sum_event_value".into(), Cell::Number(millionths(figure("value_sum")))));
    columns.push(("min_event_value".into(), value("value_min")));
    columns.push(("max_event_value".into(), value("value_max")));
    if !is_day {
        columns.push(("sum_daily_nb_uniq_visitors".into(), visitors));
    }
    columns
}
