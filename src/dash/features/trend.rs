//! How the use of one feature went: a chart, what happened meanwhile, before and after its release.

use std::collections::BTreeMap;

use jiff::{ToSpan, civil::Date};
use serde::Serialize;

use super::{
    Features,
    list::{told, whole},
};
use crate::{
    dash::{
        chart::{self, Frame, Line, Marker, Slot, Timeline},
        dates, number,
        overview::school,
        svg::Svg,
        text::Text,
    },
    report::{Record, Table},
    school::calendar::same_school_week_last_year,
    site::{date_of, number_of},
};

/// Steps that the axis names at most.
const MOST_TICKS: usize = 10;

#[derive(Debug, Serialize)]
pub(super) struct Trend {
    charts: Vec<Svg>,
    legend: Vec<Swatch>,
    /// Release, changes of rules, notes.
    marks: Vec<String>,
    /// Before and after the release.
    change: Vec<String>,
    /// The holidays of the period in words.
    holidays: Option<String>,
    /// Whether the same weeks of the year before are known.
    before: bool,
    rows: Vec<Row>,
}

#[derive(Debug, Serialize)]
struct Swatch {
    svg: Svg,
    label: String,
}

#[derive(Debug, Serialize)]
struct Row {
    step: String,
    uses: String,
    visits: String,
    share: String,
    /// Uses of the same days a year before; empty where there are none.
    last_year: String,
    holidays: String,
}

impl Trend {
    /// Nothing where the table has no steps.
    pub(super) fn new(page: &Features, feature: &Record, text: &Text) -> Option<Self> {
        let steps = &feature.below.as_ref()?.table.rows;
        let name = feature.caption().unwrap_or_default();
        let before = last_year(steps, page.tables.last_year.as_ref());
        let days: Vec<Date> = steps.iter().filter_map(|step| day(step, "first_day")).collect();
        let is_short = steps.iter().all(|step| days_of(step).len() <= DAYS_OF_WEEK);
        let shaded = if is_short { &page.shaded[..] } else { &[] };
        let (bands, ground_names) = school::grounds_of(&days, shaded, text);
        let mut timeline = timeline(name, steps, page.now.date(), text);
        if !before.is_empty() {
            timeline.lines.push(Line {
                name: text.say("trend.last_year_short"),
                class: "last-year",
                marker: Marker::Square,
                values: before.clone(),
                whole: true,
            });
        }
        let timeline = Timeline { bands, ground_names, ..timeline };
        let legend = timeline.lines.iter().map(|line| Swatch {
            svg: chart::line_swatch(line.class, line.marker),
            label: match line.class {
                "last-year" => text.say("usage.last_year"),
                _ => line.name.clone(),
            },
        });
        let rows = steps.iter().enumerate().map(|(at, step)| {
            let on = timeline.bands.iter().filter(|it| (it.from..it.to).contains(&at));
            Row {
                last_year: before
                    .get(at)
                    .copied()
                    .flatten()
                    .map(|uses| number::integer(uses, text.lang()))
                    .unwrap_or_default(),
                holidays: on.map(|it| it.name.clone()).collect::<Vec<_>>().join(", "),
                ..row(step, text)
            }
        });
        Some(Self {
            rows: rows.collect(),
            charts: Frame::ALL.map(|frame| timeline.draw(frame)).into(),
            legend: legend.collect(),
            marks: steps.iter().flat_map(|step| marks(step, text)).collect(),
            change: page
                .tables
                .change
                .as_ref()
                .and_then(|it| it.rows.first())
                .map_or_else(Vec::new, |row| said(row, text)),
            holidays: school::holidays_in_words(shaded, text),
            before: !before.is_empty(),
        })
    }
}

/// Steps longer than a week are no number of weeks, and no time of holidays.
const DAYS_OF_WEEK: usize = 7;

/// The days of a step.
fn days_of(step: &Record) -> Vec<Date> {
    let (Some(first), Some(last)) = (day(step, "first_day"), day(step, "last_day")) else {
        return Vec::new();
    };
    first.series(1.day()).take_while(|day| *day <= last).collect()
}

/// The uses of the same days of the same school weeks a year before, one for each step: none where
/// that year had no such week, nothing at all where it had no uses.
fn last_year(steps: &[Record], before: Option<&Table>) -> Vec<Option<u64>> {
    let days = before.map_or(&[][..], |table| &table.rows);
    let uses: BTreeMap<Date, u64> = days
        .iter()
        .filter_map(|row| Some((day(row, "first_day")?, whole(Some(row), "nb_uses"))))
        .collect();
    if uses.values().all(|uses| *uses == 0) {
        return Vec::new();
    }
    let then = |day: Date| same_school_week_last_year(number_of(day)).map(date_of);
    let of_step = |step: &Record| {
        let days: Vec<Date> = days_of(step).into_iter().filter_map(then).collect();
        let is_known = !days.is_empty() && days_of(step).len() <= DAYS_OF_WEEK;
        is_known.then(|| days.iter().filter_map(|day| uses.get(day)).sum())
    };
    steps.iter().map(of_step).collect()
}

fn timeline(name: &str, steps: &[Record], today: Date, text: &Text) -> Timeline {
    let values = |column: &str| steps.iter().map(|it| Some(whole(Some(it), column))).collect();
    let stride = steps.len().div_ceil(MOST_TICKS).max(1);
    let slot = |(at, step): (usize, &Record)| {
        let uses = text.count("counts.uses", whole(Some(step), "nb_uses"));
        let visits = text.count("counts.visits", whole(Some(step), "nb_visits"));
        let first = day(step, "first_day").filter(|_| at % stride == 0);
        Slot {
            hover: format!("{}\n{uses}\n{visits}", step_name(step, text)),
            tick: first.map(|day| dates::day_month_short(day, text)),
        }
    };
    let line = |key: &str, class, marker, column| Line {
        name: text.say(key),
        class,
        marker,
        values: values(column),
        whole: false,
    };
    Timeline {
        id: "use-trend",
        name: text.fill("usage.trend_name", &[("feature", name)]),
        description: text.say("usage.trend_description"),
        slots: steps.iter().enumerate().map(slot).collect(),
        lines: vec![
            line("features.uses", "visits", Marker::Circle, "nb_uses"),
            line("shares.visits", "visitors", Marker::Diamond, "nb_visits"),
        ],
        bands: Vec::new(),
        ground_names: Vec::new(),
        running: steps.iter().position(|step| {
            day(step, "first_day").is_some_and(|first| first <= today)
                && day(step, "last_day").is_some_and(|last| today <= last)
        }),
        empty: text.say("use_moments.empty"),
        lang: text.lang(),
    }
}

fn day(step: &Record, name: &str) -> Option<Date> {
    told(step, name).parse().ok()
}

/// A step's days in words.
pub(super) fn step_name(step: &Record, text: &Text) -> String {
    match (day(step, "first_day"), day(step, "last_day")) {
        (Some(first), Some(last)) if first == last => dates::full(first, text),
        (Some(first), Some(last)) => dates::span(first, last, text),
        _ => step.caption().unwrap_or_default().to_owned(),
    }
}

fn marks(step: &Record, text: &Text) -> Vec<String> {
    let on = |name: &str, key: &str| {
        let day = dates::full(day(step, name)?, text);
        Some(text.fill(key, &[("day", &day)]))
    };
    let mut marks = Vec::new();
    marks.extend(on("released", "usage.mark_released"));
    marks.extend(on("rules_changed", "usage.mark_rules"));
    let notes = told(step, "notes");
    let note = |note: &str| match note.split_once(": ") {
        Some((day, said)) => match day.parse() {
            Ok(day) => {
                text.fill("usage.mark_note", &[("day", &dates::full(day, text)), ("note", said)])
            }
            Err(_) => note.to_owned(),
        },
        None => note.to_owned(),
    };
    marks.extend(notes.split(" | ").filter(|it| !it.is_empty()).map(note));
    marks
}

/// The comparison in sentences: uses a day, then shares of visits.
fn said(row: &Record, text: &Text) -> Vec<String> {
    let lang = text.lang();
    let number_of = |column: &str| row.get(column).and_then(|cell| cell.number());
    let signed = |value: f64, scale: f64| {
        let sign = if value > 0.0 { "+" } else { "" };
        format!("{sign}{}", number::decimal(value * scale, 1, lang))
    };
    let day = row.get("compared_at").and_then(|cell| cell.print()).unwrap_or_default();
    let day = day.parse().map_or_else(|_| day.to_string(), |day| dates::full(day, text));
    let sentence = |key: &str, [before, after, low, high]: [&str; 4], scale: f64, share: bool| {
        let shown = |value: f64| {
            if share { number::percent(value, lang) } else { number::decimal(value, 1, lang) }
        };
        let (before, after) = (shown(number_of(before)?), shown(number_of(after)?));
        let mut values = vec![("day", day.clone()), ("before", before), ("after", after)];
        let (Some(low), Some(high)) = (number_of(low), number_of(high)) else {
            let values: Vec<_> = values.iter().map(|(name, it)| (*name, it.as_str())).collect();
            return Some(text.fill(&format!("usage.{key}_unsure"), &values));
        };
        values.extend([("low", signed(low, scale)), ("high", signed(high, scale))]);
        let values: Vec<_> = values.iter().map(|(name, it)| (*name, it.as_str())).collect();
        Some(text.fill(&format!("usage.{key}"), &values))
    };
    let uses = ["daily_uses_before", "daily_uses_after", "daily_uses_low", "daily_uses_high"];
    let rates = ["visits_rate_before", "visits_rate_after", "visits_rate_low", "visits_rate_high"];
    let both =
        [sentence("change_uses", uses, 1.0, false), sentence("change_share", rates, 100.0, true)];
    both.into_iter().flatten().collect()
}

fn row(step: &Record, text: &Text) -> Row {
    let lang = text.lang();
    Row {
        step: step_name(step, text),
        uses: number::integer(whole(Some(step), "nb_uses"), lang),
        visits: number::integer(whole(Some(step), "nb_visits"), lang),
        share: number::percent(step.number("adoption_visits_rate"), lang),
        last_year: String::new(),
        holidays: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Cell;

    fn row(first: &str, last: &str, uses: i64) -> Record {
        let told = [("first_day", first), ("last_day", last)];
        Record {
            metadata: told.map(|(name, day)| (name.into(), Cell::text(day))).into(),
            ..Record::new(first, vec![("nb_uses".into(), Cell::Count(uses))])
        }
    }

    #[test]
    fn steps_stand_beside_the_same_school_weeks_a_year_before() {
        // The first weeks of school began on 1 September 2025 and on 31 August 2026.
        let before = |uses| {
            let days = ["2025-09-08", "2025-09-09", "2025-09-10"];
            Table::of(
                days.iter().zip([uses, 2 * uses, 0]).map(|(day, n)| row(day, day, n)).collect(),
            )
        };
        let days = [row("2026-09-07", "2026-09-07", 1), row("2026-09-08", "2026-09-08", 1)];
        assert_eq!(last_year(&days, Some(&before(5))), [Some(5), Some(10)]);
        let week = [row("2026-09-07", "2026-09-13", 1)];
        assert_eq!(last_year(&week, Some(&before(5))), [Some(15)]);
        let month = [row("2026-09-01", "2026-09-30", 1)];
        assert_eq!(last_year(&month, Some(&before(5))), [None], "a month is no number of weeks");
        assert_eq!(last_year(&days, Some(&before(0))), [], "nothing was used then");
        assert_eq!(last_year(&days, None), []);
    }
}
