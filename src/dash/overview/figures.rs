//! The key figures, each beside what it was before.

use jiff::civil::Date;
use serde::Serialize;

use super::{Overview, Totals};
use crate::dash::{
    dates,
    number::{self, Change},
    period::Grain,
    text::Text,
};

#[derive(Debug, Serialize)]
pub(super) struct Figures {
    list: Vec<Figure>,
    /// What they compare with, in words.
    compared: Option<String>,
}

#[derive(Debug, Serialize)]
struct Figure {
    label: String,
    value: String,
    before: Option<Before>,
}

/// The figure of the period before.
#[derive(Debug, Serialize)]
struct Before {
    value: String,
    /// `up`, `down` or `same`; empty when nothing is to be said.
    way: &'static str,
    /// `+12 %`.
    change: String,
    /// The way in words, for those who do not see the arrow.
    said: String,
}

/// How a figure is written and compared.
#[derive(Clone, Copy)]
enum Kind {
    Count,
    Seconds,
    /// A ratio, compared in points.
    Ratio,
}

/// A figure: its text, its kind, how it comes from the totals.
type Reading = (&'static str, Kind, fn(&Totals) -> f64);

const READINGS: [Reading; 6] = [
    ("figures.visits", Kind::Count, |it| it.visits as f64),
    ("figures.visitors", Kind::Count, |it| it.visitors.map_or(f64::NAN, |n| n as f64)),
    ("figures.views", Kind::Count, |it| it.views as f64),
    ("figures.uses", Kind::Count, |it| it.uses as f64),
    ("figures.length", Kind::Seconds, |it| it.seconds as f64 / it.visits as f64),
    ("figures.bounces", Kind::Ratio, |it| it.bounces as f64 / it.visits as f64),
];

impl Figures {
    pub(super) fn new(overview: &Overview, text: &Text) -> Self {
        let choice = &overview.asked.choice;
        let today = overview.now.date();
        // A day that is not over cannot be measured against a whole one: its figures stand side by
        // side, without a percentage.
        let half_day = choice.grain == Grain::Day && choice.contains(today);
        let before = overview.previous.as_ref();
        let list = READINGS
            .iter()
            .map(|(key, kind, read)| Figure {
                label: text.say(key),
                value: written(read(&overview.totals), *kind, text),
                before: before
                    .map(|it| compare(read(it), read(&overview.totals), *kind, half_day, text)),
            })
            .collect();
        let compared = before.map(|_| compared(choice.comparison(today), half_day, text));
        Self { list, compared }
    }
}

fn written(value: f64, kind: Kind, text: &Text) -> String {
    match kind {
        Kind::Count => number::decimal(value, 0, text.lang()),
        Kind::Seconds => number::duration(value, text.lang()),
        Kind::Ratio => number::percent(value, text.lang()),
    }
}

fn compare(before: f64, now: f64, kind: Kind, half_day: bool, text: &Text) -> Before {
    let (way, change) = match kind {
        _ if half_day || !before.is_finite() || !now.is_finite() => ("", String::new()),
        Kind::Ratio => points(before, now, text),
        Kind::Count | Kind::Seconds => {
            let change = number::change(before, now);
            let way = match change {
                Change::Up(_) | Change::New => "up",
                Change::Down(_) => "down",
                Change::Same => "same",
            };
            (way, number::change_text(change, text.lang()))
        }
    };
    let said = match way {
        "up" => text.say("figures.up"),
        "down" => text.say("figures.down"),
        "same" => text.say("figures.same"),
        _ => String::new(),
    };
    Before {
        value: text.fill("figures.before", &[("value", &written(before, kind, text))]),
        way,
        change,
        said,
    }
}

/// The difference of two ratios in percentage points.
fn points(before: f64, now: f64, text: &Text) -> (&'static str, String) {
    let points = (now - before) * 100.0;
    if points.abs() < 0.05 {
        return ("same", String::new());
    }
    let (way, sign) = if 0.0 < points { ("up", "+") } else { ("down", "−") };
    let size = number::decimal(points.abs(), 1, text.lang());
    (way, text.fill("figures.points", &[("points", &format!("{sign}{size}"))]))
}

fn compared((from, to): (Date, Date), half_day: bool, text: &Text) -> String {
    let span = if from == to { dates::full(from, text) } else { dates::span(from, to, text) };
    let key = if half_day { "figures.compared_whole_day" } else { "figures.compared" };
    text.fill(key, &[("span", &span)])
}
