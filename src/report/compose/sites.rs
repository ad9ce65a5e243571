//! `MultiSites`: all sites beside each other, each with what it was in the period before.

use jiff::{Timestamp, ToSpan, tz::TimeZone};

use super::{Made, pretty};
use crate::report::{
    filter::{self, Flat, Rules},
    metrics::{quotient, round},
    options::{Options, Pretty},
    params::Params,
    period::{Kind, Period, Periods},
    plan::{Found, Plan},
    table::{Answer, Cell, Fields, Form, Key, Record, Table},
    tables::of_periods,
    value::Value,
};

/// How the sites are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) enum Shape {
    /// A row each.
    All,
    /// One site, without its name.
    One,
    /// Rows and sums over all of them.
    Groups,
}

/// Figures with the names of their changes; the last one is told only where more is wanted.
const FIGURES: [(&str, &str); 5] = [
    ("nb_visits", "visits_evolution"),
    ("nb_actions", "actions_evolution"),
    ("nb_pageviews", "pageviews_evolution"),
    ("revenue", "revenue_evolution"),
    ("nb_conversions", "nb_conversions_evolution"),
];

impl Shape {
    pub(super) fn of(action: &str) -> Option<Self> {
        match action {
            "getAll" => Some(Self::All),
            "getOne" => Some(Self::One),
            "getAllWithGroups" => Some(Self::Groups),
            _ => None,
        }
    }

    /// All sites, unless it is about one.
    pub(super) fn inner(self, params: Params) -> Params {
        match self {
            Self::One => params,
            Self::All | Self::Groups => params.with("idSite", "all"),
        }
    }
}

/// The periods before, then the periods themselves.
pub(super) fn with_those_before(periods: Periods) -> Periods {
    let before = |period: &Period| match period.kind {
        Kind::Range => {
            let days = period.days().count();
            let back = i64::try_from(days).unwrap_or(1).days();
            Period {
                first: period.first.saturating_sub(back),
                last: period.last.saturating_sub(back),
                ..*period
            }
        }
        kind => kind.holding(period.first.saturating_sub(1.day())),
    };
    // The periods before a row of periods are the row moved by its length.
    let count = i64::try_from(periods.list.len()).unwrap_or(1);
    let moved = |period: &Period| (0..count).fold(*period, |period, _| before(&period));
    let earlier: Vec<Period> = periods.list.iter().map(moved).collect();
    Periods { list: earlier.into_iter().chain(periods.list).collect(), ..periods }
}

pub(super) fn made(shape: Shape, plan: &Plan, found: &[Found]) -> Made {
    let nothing = Found::new();
    let mut by_period: Vec<(Period, Vec<Record>)> = Vec::new();
    let options = Options {
        show: Vec::new(),
        hide: Vec::new(),
        metrics: Vec::new(),
        flat: false,
        pretty: Pretty::Raw,
        ..plan.options.clone()
    };
    let enhanced = plan.params().is_on("enhanced");
    for (at, part) in plan.parts.iter().enumerate() {
        let tables = of_periods(plan, &options, part, found.get(at).unwrap_or(&nothing));
        let half = part.periods.list.len() / 2;
        let (before, current) = tables.split_at_checked(half).unwrap_or((&[], &tables));
        let (then, now) = part.periods.list.split_at_checked(half).unwrap_or_default();
        for (place, period) in now.iter().enumerate() {
            let zone = part.site.zone();
            let ratio = elapsed(period, plan.now, &zone);
            let (old, new) = (before.get(place), current.get(place));
            let mut row = Record::new(&part.site.name, columns(new, old, ratio, enhanced));
            row.tell("idsite", Cell::Count(part.site.id.into()));
            row.tell("ratio", Cell::Number(ratio));
            row.tell("currencySymbol", Cell::text(symbol(&part.site.currency)));
            row.tell("periodName", Cell::text(period.kind.name()));
            if let Some(then) = then.get(place) {
                row.tell("previousRange", Cell::text(&pretty(then, plan.params())));
            }
            for name in ["nb_visits", "nb_actions", "nb_pageviews", "revenue"] {
                let cell = first(old)
                    .map_or(Cell::Count(0), |row| row.get(name).cloned().unwrap_or(Cell::Count(0)));
                row.tell(format!("previous_{name}"), cell);
            }
            row.tell("group", Cell::text(&part.site.settings.group));
            row.tell("main_url", Cell::text(part.site.main_url()));
            match by_period.get_mut(place) {
                Some((_, rows)) => rows.push(row),
                None => by_period.push((*period, vec![row])),
            }
        }
    }
    let pattern = plan.params().get("pattern").unwrap_or_default().to_lowercase();
    for (_, rows) in &mut by_period {
        rows.retain(|row| {
            let label = row.label.as_deref().unwrap_or_default().to_lowercase();
            (shape == Shape::One
                || enhanced
                || shape == Shape::Groups
                || row.number("nb_visits") > 0.0)
                && label.contains(&pattern)
        });
    }
    let by_date = plan.parts.first().is_some_and(|part| part.periods.by_date);
    if shape == Shape::Groups {
        return Made::Value(grouped(plan, by_period.pop()));
    }
    let mut answers: Vec<(String, Answer)> = by_period
        .into_iter()
        .map(|(period, rows)| (period.key(), Answer::Table(table(shape, plan, rows))))
        .collect();
    Made::Answer(match answers.pop() {
        Some((_, only)) if !by_date => only,
        last => {
            answers.extend(last);
            Answer::Map(Key::Date, answers)
        }
    })
}

fn first(table: Option<&Table>) -> Option<&Record> {
    table.and_then(|table| table.rows.first())
}

fn columns(new: Option<&Table>, old: Option<&Table>, ratio: f64, enhanced: bool) -> Fields {
    let figures = FIGURES.iter().filter(|(name, _)| enhanced || *name != "nb_conversions");
    let cell = |table: Option<&Table>, name: &str| {
        first(table).and_then(|row| row.get(name).cloned()).unwrap_or(Cell::Count(0))
    };
    let mut columns: Fields =
        figures.clone().map(|(name, _)| ((*name).into(), cell(new, name))).collect();
    for (name, evolution) in figures {
        let number = |table| cell(table, name).number().unwrap_or_default();
        let (now, before) = (number(new), number(old) * ratio);
        let change = match (now, before) {
            _ if now == before => 0.0,
            (_, 0.0) => 1.0,
            _ => quotient(now - before, before, 3),
        };
        let trend = if change > 0.0 {
            1
        } else if change < 0.0 {
            -1
        } else {
            0
        };
        columns.push(((*evolution).into(), Cell::Share(change)));
        columns.push((format!("{evolution}_trend").into(), Cell::Count(trend)));
    }
    columns
}

/// The share of a period that is over: the period before is measured by the same share.
#[expect(clippy::cast_precision_loss, reason = "seconds of at most some years")]
fn elapsed(period: &Period, now: i64, zone: &TimeZone) -> f64 {
    let second = |date: jiff::civil::Date| {
        date.to_zoned(zone.clone()).map_or(0, |start| start.timestamp().as_second())
    };
    let (start, end) = (second(period.first), second(period.last.saturating_add(1.day())));
    let today = Timestamp::from_second(now).unwrap_or(Timestamp::UNIX_EPOCH);
    let is_open = today.as_second() < end && today.as_second() >= start && end > start;
    if is_open { round((now - start) as f64 / (end - start) as f64, 3) } else { 1.0 }
}

fn symbol(currency: &str) -> &str {
    match currency {
        "EUR" => "€",
        "USD" => "$",
        "GBP" => "£",
        other => other,
    }
}

fn table(shape: Shape, plan: &Plan, rows: Vec<Record>) -> Table {
    let rules = Rules {
        flat: Flat::Never,
        dimensions: &[],
        sorted: true,
        processed: &[],
        goals: &[],
        currency: "",
    };
    if shape == Shape::One {
        let row = rows.into_iter().next().map(|row| Record { label: None, ..row });
        let table = Table { form: Form::Overview, rows: row.into_iter().collect() };
        return filter::apply(table, &plan.options, &rules);
    }
    filter::apply(Table::of(rows), &plan.options, &rules)
}

/// Rows and sums, as the screen of all sites wants them.
fn grouped(plan: &Plan, last: Option<(Period, Vec<Record>)>) -> Value {
    let (period, rows) = match last {
        Some((period, rows)) => (Some(period), rows),
        None => (None, Vec::new()),
    };
    let sum = |name: &str| rows.iter().map(|row| row.number(name)).sum::<f64>();
    let before = |row: &Record| row.about("previous_nb_visits").and_then(Cell::number);
    let earlier: f64 = rows.iter().filter_map(before).sum();
    let totals = ["nb_pageviews", "nb_visits", "nb_actions", "revenue"]
        .map(|name| (name, super::processed::whole(sum(name))))
        .into_iter()
        .chain([("nb_visits_lastdate", super::processed::whole(earlier))]);
    let count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    let totals = Value::object(totals);
    let sites = table(Shape::Groups, plan, rows).rows;
    let site = |row: &Record| {
        let label = ("label".to_owned(), Value::from(row.caption().unwrap_or_default()));
        let cells = row.columns.iter().chain(&row.metadata).map(|(name, cell)| {
            let value = match cell {
                Cell::Text(text) => Value::from(text.as_ref()),
                _ => cell.number().map_or(Value::Null, super::processed::whole),
            };
            (name.to_string(), value)
        });
        Value::Object([label].into_iter().chain(cells).collect())
    };
    let date = period.map_or_else(String::new, |period| {
        let before = period.kind.holding(period.first.saturating_sub(1.day()));
        pretty(&before, plan.params())
    });
    Value::object([
        ("numSites", Value::from(count)),
        ("totals", totals),
        ("lastDate", Value::from(date)),
        ("sites", sites.iter().map(site).collect()),
    ])
}
