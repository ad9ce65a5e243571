//! Visits and visitors over time: the chart and its table.

use jiff::civil::{Date, Weekday};
use serde::Serialize;

use super::Overview;
use crate::dash::{
    chart::{self, Band, BandKind, Frame, Line, Marker, Slot, Timeline},
    dates, number,
    series::{self, Point, Stage, Step},
    svg::Svg,
    text::Text,
};

#[derive(Debug, Serialize)]
pub(super) struct Trend {
    /// The same chart for wide pages, tablets and phones.
    charts: Vec<Svg>,
    /// The chart in one sentence; an empty chart says itself that it is.
    summary: Option<String>,
    legend: Vec<Swatch>,
    rows: Vec<Row>,
    caption: String,
    /// Title of the first column.
    step: String,
}

#[derive(Debug, Serialize)]
struct Swatch {
    svg: Svg,
    label: String,
    /// A line's name stands at its end too, where there is room.
    line: bool,
}

#[derive(Debug, Serialize)]
struct Row {
    name: String,
    running: bool,
    visits: String,
    visitors: String,
}

impl Trend {
    pub(super) fn new(overview: &Overview, text: &Text) -> Self {
        let shown: Vec<(Point, Stage)> = overview
            .points
            .iter()
            .map(|it| (*it, series::stage(it.at, overview.step, overview.now)))
            .collect();
        let bands = bands(overview, text);
        let summary = summary(overview, text);
        let period = overview.asked.choice.name(text);
        let timeline = timeline(overview, &shown, bands.clone(), summary.as_deref(), &period, text);
        Self {
            charts: Frame::ALL.map(|frame| timeline.draw(frame)).into(),
            legend: legend(&timeline, &bands, text),
            rows: shown
                .iter()
                .filter(|(_, stage)| *stage != Stage::ToCome)
                .map(|(point, stage)| row(overview, point, *stage, text))
                .collect(),
            caption: text.fill("trend.caption", &[("period", &period)]),
            step: text.say(match overview.step {
                Step::Hour => "trend.step.hour",
                Step::Day => "trend.step.day",
                Step::Week => "trend.step.week",
                Step::Month => "trend.step.month",
            }),
            summary,
        }
    }
}

fn row(overview: &Overview, point: &Point, stage: Stage, text: &Text) -> Row {
    Row {
        name: name(overview, point, text),
        running: stage == Stage::Running,
        visits: number::integer(point.visits, text.lang()),
        visitors: number::integer(point.visitors, text.lang()),
    }
}

fn name(overview: &Overview, point: &Point, text: &Text) -> String {
    series::point_name(point.at, overview.step, overview.asked.choice.to, text)
}

fn timeline(
    overview: &Overview,
    shown: &[(Point, Stage)],
    bands: Vec<Band>,
    summary: Option<&str>,
    period: &str,
    text: &Text,
) -> Timeline {
    let values = |read: fn(&Point) -> u64| {
        shown.iter().map(|(it, stage)| (*stage != Stage::ToCome).then(|| read(it))).collect()
    };
    let ticks = ticks(&overview.points, overview.step, text);
    let slots = shown.iter().zip(ticks).enumerate().map(|(at, ((point, stage), tick))| Slot {
        hover: hover(
            overview,
            point,
            *stage,
            bands.iter().filter(|it| (it.from..it.to).contains(&at)),
            text,
        ),
        tick,
    });
    Timeline {
        id: "trend",
        name: text.fill("trend.name", &[("period", period)]),
        description: match summary {
            Some(summary) => text.fill("trend.description", &[("summary", summary)]),
            None => text.say("trend.empty"),
        },
        slots: slots.collect(),
        lines: vec![
            Line {
                name: text.say("figures.visits"),
                class: "visits",
                marker: Marker::Circle,
                values: values(|it| it.visits),
            },
            Line {
                name: text.say("figures.visitors"),
                class: "visitors",
                marker: Marker::Diamond,
                values: values(|it| it.visitors),
            },
        ],
        bands,
        running: shown.iter().position(|(_, stage)| *stage == Stage::Running),
        empty: text.say("trend.empty"),
        lang: text.lang(),
    }
}

/// The figures of a point and what its ground means, line by line.
fn hover<'a>(
    overview: &Overview,
    point: &Point,
    stage: Stage,
    bands: impl Iterator<Item = &'a Band>,
    text: &Text,
) -> String {
    let mut res = name(overview, point, text);
    if stage == Stage::Running {
        res = text.fill("trend.running_name", &[("name", &res)]);
    }
    for band in bands.filter(|it| it.kind == BandKind::Holiday) {
        res = format!("{res} ({})", band.name);
    }
    let visits = text.count("counts.visits", point.visits);
    let visitors = text.count("counts.visitors", point.visitors);
    text.fill("trend.hover", &[("name", &res), ("visits", &visits), ("visitors", &visitors)])
}

/// What the time axis may write under each point.
fn ticks(points: &[Point], step: Step, text: &Text) -> Vec<Option<String>> {
    let few = points.len() <= 14;
    let first = |at: usize, day: Date| {
        at == 0
            || points
                .get(at - 1)
                .is_none_or(|it| it.at.date().first_of_month() != day.first_of_month())
    };
    let tick = |(at, point): (usize, &Point)| {
        let day = point.at.date();
        let hour = point.at.hour();
        match step {
            Step::Hour => (hour % 3 == 0).then(|| dates::hour(hour, text)),
            Step::Day if few => {
                let weekday = dates::weekday_short(day.weekday(), text);
                Some(format!("{weekday}\u{a0}{}", day.day()))
            }
            Step::Day => {
                (day.weekday() == Weekday::Monday).then(|| dates::day_month_short(day, text))
            }
            Step::Week | Step::Month if day.month() == 1 && first(at, day) => {
                Some(format!("{}\u{a0}{}", dates::month_short(day, text), day.year()))
            }
            Step::Week | Step::Month => first(at, day).then(|| dates::month_short(day, text)),
        }
    };
    points.iter().enumerate().map(tick).collect()
}

/// Weekends where a point is a day; holidays wherever a point is at least a day. They explain a line,
/// so there are none without one.
fn bands(overview: &Overview, text: &Text) -> Vec<Band> {
    let points = &overview.points;
    if overview.step == Step::Hour || points.iter().all(|it| it.visits == 0) {
        return Vec::new();
    }
    let mut bands = Vec::new();
    if overview.step == Step::Day && 2 < points.len() {
        let name = text.say("trend.weekend");
        for (at, point) in points.iter().enumerate() {
            if matches!(point.at.date().weekday(), Weekday::Saturday | Weekday::Sunday) {
                push(&mut bands, at, BandKind::Weekend, &name);
            }
        }
    }
    for shaded in &overview.shaded {
        for (at, point) in points.iter().enumerate() {
            let day = point.at.date();
            if shaded.from <= day && day <= shaded.to {
                push(&mut bands, at, BandKind::Holiday, &shaded.name);
            }
        }
    }
    bands
}

/// Lengthens the last band or starts one.
fn push(bands: &mut Vec<Band>, at: usize, kind: BandKind, name: &str) {
    match bands.last_mut() {
        Some(band) if band.to == at && band.kind == kind && band.name == name => band.to = at + 1,
        _ => bands.push(Band { from: at, to: at + 1, kind, name: name.to_owned() }),
    }
}

fn legend(timeline: &Timeline, bands: &[Band], text: &Text) -> Vec<Swatch> {
    let lines = timeline.lines.iter().map(|line| Swatch {
        svg: chart::line_swatch(line.class, line.marker),
        label: line.name.clone(),
        line: true,
    });
    let grounds = [(BandKind::Weekend, "trend.weekend"), (BandKind::Holiday, "trend.holiday")]
        .into_iter()
        .filter(|(kind, _)| bands.iter().any(|it| it.kind == *kind))
        .map(|(kind, key)| Swatch {
            svg: chart::band_swatch(kind),
            label: text.say(key),
            line: false,
        });
    lines.chain(grounds).collect()
}

/// The chart in one sentence.
fn summary(overview: &Overview, text: &Text) -> Option<String> {
    let most = overview.points.iter().rev().max_by_key(|it| it.visits);
    match most {
        Some(most) if 0 < most.visits => {
            let visits = text.count("counts.visits", overview.totals.visits);
            let peak = text.count("counts.visits", most.visits);
            let when = name(overview, most, text);
            Some(
                text.fill(
                    "trend.summary",
                    &[("visits", &visits), ("peak", &peak), ("when", &when)],
                ),
            )
        }
        _ => None,
    }
}
