//! Visits and visitors over time: the chart and its table.

use jiff::civil::{Date, Weekday};
use serde::Serialize;

use super::{Overview, school};
use crate::dash::{
    chart::{self, Band, BandKind, Frame, GroundName, Line, Marker, Slot, Timeline},
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
    /// The same school weeks of the year before, and the holidays, in words.
    last_year: Option<String>,
    holidays: Option<String>,
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
    /// Empty where the year before tells nothing.
    last_year: String,
    holidays: String,
}

impl Trend {
    pub(super) fn new(overview: &Overview, text: &Text) -> Self {
        let shown: Vec<(Point, Stage)> = overview
            .points
            .iter()
            .map(|it| (*it, series::stage(it.at, overview.step, overview.now)))
            .collect();
        let (bands, ground_names) = bands(overview, text);
        let summary = summary(overview, text);
        let period = overview.asked.choice.name(text);
        let timeline = Timeline {
            bands: bands.clone(),
            ground_names,
            ..timeline(overview, &shown, &bands, summary.as_deref(), &period, text)
        };
        Self {
            charts: Frame::ALL.map(|frame| timeline.draw(frame)).into(),
            legend: legend(&timeline, &bands, text),
            rows: shown
                .iter()
                .enumerate()
                .filter(|(_, (_, stage))| *stage != Stage::ToCome)
                .map(|(at, (point, stage))| row(overview, at, point, *stage, &bands, text))
                .collect(),
            caption: text.fill("trend.caption", &[("period", &period)]),
            step: text.say(match overview.step {
                Step::Hour => "trend.step.hour",
                Step::Day => "trend.step.day",
                Step::Week => "trend.step.week",
                Step::Month => "trend.step.month",
            }),
            last_year: school::last_year_in_words(overview, text),
            holidays: school::holidays_in_words(&overview.shaded, text),
            summary,
        }
    }
}

fn row(
    overview: &Overview,
    at: usize,
    point: &Point,
    stage: Stage,
    bands: &[Band],
    text: &Text,
) -> Row {
    let before = last_year(overview, at);
    let holidays = bands.iter().filter(|it| is_holiday(it) && (it.from..it.to).contains(&at));
    Row {
        name: name(overview, point, text),
        running: stage == Stage::Running,
        visits: number::integer(point.visits, text.lang()),
        visitors: number::integer(point.visitors, text.lang()),
        last_year: before.map(|it| number::integer(it, text.lang())).unwrap_or_default(),
        holidays: holidays.map(|it| it.name.clone()).collect::<Vec<_>>().join(", "),
    }
}

fn name(overview: &Overview, point: &Point, text: &Text) -> String {
    series::point_name(point.at, overview.step, overview.asked.choice.to, text)
}

fn timeline(
    overview: &Overview,
    shown: &[(Point, Stage)],
    bands: &[Band],
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
            (point, *stage, last_year(overview, at)),
            bands.iter().filter(|it| (it.from..it.to).contains(&at)),
            text,
        ),
        tick,
    });
    let mut lines = vec![
        Line {
            name: text.say("figures.visits"),
            class: "visits",
            marker: Marker::Circle,
            values: values(|it| it.visits),
            whole: false,
        },
        Line {
            name: text.say("figures.visitors"),
            class: "visitors",
            marker: Marker::Diamond,
            values: values(|it| it.visitors),
            whole: false,
        },
    ];
    if !overview.last_year.is_empty() {
        lines.push(Line {
            name: text.say("trend.last_year_short"),
            class: "last-year",
            marker: Marker::Square,
            values: overview.last_year.clone(),
            whole: true,
        });
    }
    Timeline {
        id: "trend",
        name: text.fill("trend.name", &[("period", period)]),
        description: match summary {
            Some(summary) => text.fill("trend.description", &[("summary", summary)]),
            None => text.say("trend.empty"),
        },
        slots: slots.collect(),
        lines,
        bands: Vec::new(),
        ground_names: Vec::new(),
        running: shown.iter().position(|(_, stage)| *stage == Stage::Running),
        empty: text.say("trend.empty"),
        lang: text.lang(),
    }
}

/// The visits of the same school weeks a year before.
fn last_year(overview: &Overview, at: usize) -> Option<u64> {
    overview.last_year.get(at).copied().flatten()
}

fn is_holiday(band: &Band) -> bool {
    matches!(band.kind, BandKind::Holiday | BandKind::SomeHoliday)
}

/// The figures of a point and what its ground means, line by line.
fn hover<'a>(
    overview: &Overview,
    (point, stage, last_year): (&Point, Stage, Option<u64>),
    bands: impl Iterator<Item = &'a Band>,
    text: &Text,
) -> String {
    let mut res = name(overview, point, text);
    if stage == Stage::Running {
        res = text.fill("trend.running_name", &[("name", &res)]);
    }
    for band in bands.filter(|it| is_holiday(it)) {
        res = format!("{res} ({})", band.name);
    }
    if stage != Stage::ToCome {
        let visits = text.count("counts.visits", point.visits);
        let visitors = text.count("counts.visitors", point.visitors);
        let values = [("name", res.as_str()), ("visits", &visits), ("visitors", &visitors)];
        res = text.fill("trend.hover", &values);
    }
    match last_year {
        Some(before) => {
            let visits = text.count("counts.visits", before);
            text.fill("trend.hover_last_year", &[("rest", &res), ("visits", &visits)])
        }
        None => res,
    }
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

/// Weekends where a point is a day; holidays wherever it is a day or a week. They explain a line, so
/// there are none without one.
fn bands(overview: &Overview, text: &Text) -> (Vec<Band>, Vec<GroundName>) {
    let points = &overview.points;
    if overview.step == Step::Hour || points.iter().all(|it| it.visits == 0) {
        return (Vec::new(), Vec::new());
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
    let (holidays, names) = school::grounds(overview, text);
    bands.extend(holidays);
    (bands, names)
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
        // What stands at the end of the line is too short to be understood alone.
        label: if line.whole { text.say("trend.last_year") } else { line.name.clone() },
        line: !line.whole,
    });
    let grounds = [
        (BandKind::Weekend, "trend.weekend"),
        (BandKind::Holiday, "trend.holiday"),
        (BandKind::SomeHoliday, "trend.some_holiday"),
    ];
    let grounds = grounds
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
