//! When people come: hour × weekday.

use serde::Serialize;

use crate::dash::{
    chart::{Heat, Layout},
    dates, number,
    svg::Svg,
    text::Text,
};

#[derive(Debug, Serialize)]
pub(in crate::dash) struct Moments {
    /// For wide pages, for phones; none when there is nothing to show.
    charts: Vec<Svg>,
    summary: String,
    days: Vec<Day>,
    rows: Vec<Row>,
}

#[derive(Debug, Serialize)]
struct Day {
    short: String,
    long: String,
}

/// The visits of one hour, by weekday.
#[derive(Debug, Serialize)]
struct Row {
    hour: String,
    counts: Vec<String>,
}

/// What is counted, and where the words about it stand.
#[derive(Clone, Copy)]
pub(in crate::dash) struct Words {
    family: &'static str,
    noun: &'static str,
}

impl Words {
    pub(in crate::dash) const VISITS: Self = Self { family: "moments", noun: "counts.visits" };
    pub(in crate::dash) const USES: Self = Self { family: "use_moments", noun: "counts.uses" };

    fn key(self, name: &str) -> String {
        format!("{}.{name}", self.family)
    }
}

impl Moments {
    pub(in crate::dash) fn new(counts: &[[u64; 24]; 7], words: Words, text: &Text) -> Self {
        let long: [String; 7] = std::array::from_fn(|at| text.say(&format!("dates.weekdays.{at}")));
        let short: [String; 7] =
            std::array::from_fn(|at| text.say(&format!("dates.weekdays_short.{at}")));
        let summary = summary(counts, words, &long, text);
        let charts = match &summary {
            Some(summary) => {
                let chart = heat(counts, words, summary, &long, &short, text);
                vec![chart(Layout::Across), chart(Layout::Down)]
            }
            None => Vec::new(),
        };
        let row = |hour: usize| Row {
            hour: dates::hour_span(hour as i8, text),
            counts: counts.iter().map(|it| number::integer(it[hour], text.lang())).collect(),
        };
        Self {
            charts,
            summary: summary.unwrap_or_else(|| text.say(&words.key("empty"))),
            days: long.into_iter().zip(short).map(|(long, short)| Day { short, long }).collect(),
            rows: (0..24).map(row).collect(),
        }
    }
}

fn heat(
    counts: &[[u64; 24]; 7],
    words: Words,
    summary: &str,
    long: &[String; 7],
    short: &[String; 7],
    text: &Text,
) -> impl Fn(Layout) -> Svg {
    let told = |day: usize, hour: usize| {
        let visits = text.count(words.noun, counts[day][hour]);
        let hour = dates::hour_span(hour as i8, text);
        text.fill(&words.key("hover"), &[("day", &long[day]), ("hour", &hour), ("visits", &visits)])
    };
    let heat = Heat {
        id: "moments",
        name: text.say(&words.key("name")),
        description: text.fill(&words.key("description"), &[("summary", summary)]),
        counts: *counts,
        days: short.clone(),
        hours: std::array::from_fn(|hour| dates::hour(hour as i8, text)),
        hover: (0..7).map(|day| (0..24).map(|hour| told(day, hour)).collect()).collect(),
    };
    move |layout| heat.draw(layout)
}

/// The busiest hour in a sentence; none when there was no visit.
fn summary(
    counts: &[[u64; 24]; 7],
    words: Words,
    days: &[String; 7],
    text: &Text,
) -> Option<String> {
    let places: Vec<_> = counts
        .iter()
        .enumerate()
        .flat_map(|(day, hours)| hours.iter().enumerate().map(move |(hour, n)| (*n, day, hour)))
        .collect();
    // The earliest of equals.
    let (most, day, hour) =
        places.into_iter().rev().max_by_key(|(n, ..)| *n).filter(|(n, ..)| 0 < *n)?;
    let visits = text.count(words.noun, most);
    let hour = dates::hour_span(hour as i8, text);
    let values = [("day", days[day].as_str()), ("hour", &hour), ("visits", &visits)];
    Some(text.fill(&words.key("summary"), &values))
}
