//! Visitors: distinct visitors of any period and by any dimension of visits. PADOQE's own module, where
//! Matomo has none: its year has no unique visitors, and its rows of dimensions sum those of days.
//!
//! They are counted of each day, week, month, calendar year and school year; those of any range of days
//! within a school year follow from the days that visitors had come before. Over several school years
//! nobody knows more than that there were as many as in one of them, and no more than in all.

use std::collections::BTreeMap;

use super::rows::value;
use crate::{
    report::{
        labels::{self, Absent, Language},
        need::{By, Need, Row, total},
        params::Params,
        period::Period,
        refusal::Refusal,
        registry::{MOST_PARTS, Report},
        scene::{Asked, Scene},
        table::{Cell, Fields, Record, Table},
    },
    rollup::{Shape, subject},
    site::{Scope, Site, number_of},
    strip::Policy,
};

const MODULE: &str = "Visitors";

pub(super) const REPORTS: &[Report] = &[
    Report::new(MODULE, "get", needs, get).in_parts(parts),
    Report::new(MODULE, "getByDimension", value_needs, by_dimension)
        .of(&["Visitors_Value"])
        .in_parts(whole),
];

/// Whether distinct visitors of just this period were counted.
fn is_counted(period: &Period) -> bool {
    period.is_day() || period.uniques(0).is_some()
}

/// The period, or its parts by school year.
fn years(period: &Period) -> Vec<Period> {
    if is_counted(period) { vec![*period] } else { period.by_school_year() }
}

/// These, then the parts that are counted in any case.
#[expect(clippy::unnecessary_wraps, reason = "the signature of parts")]
fn parts(_: &Asked<'_>, period: &Period) -> Result<Vec<Period>, Refusal> {
    let mut parts = years(period);
    if !is_counted(period) {
        parts.extend(period.counted_parts(MOST_PARTS));
    }
    Ok(parts)
}

fn whole(asked: &Asked<'_>, period: &Period) -> Result<Vec<Period>, Refusal> {
    if is_counted(period) {
        return Ok(vec![*period]);
    }
    if !Policy::named(asked.site.policy).recency {
        return Err(Refusal::new(
            "On sites of the policy 'exempt' nobody knows who comes back on another day of the year: ask for a day, a week, a month, a calendar year or a school year (1 September to 31 August).",
        ));
    }
    let parts = period.by_school_year();
    if parts.len() == 1 {
        return Ok(parts);
    }
    Err(Refusal::new(
        "Distinct visitors by dimension are counted of calendar years and of any days within a school year (1 September to 31 August): ask for one of these.",
    ))
}

/// Visitors by the day they had come before.
fn by_day_before(subject: i16) -> Need {
    Need::of(Shape::Recency, subject, By::SUB)
}

#[expect(clippy::unnecessary_wraps, reason = "the signature of needs")]
fn needs(_: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    Ok(vec![
        Need::of(Shape::Visit, subject::ALL, By::NOTHING),
        Need::Uniques,
        by_day_before(subject::cut(subject::TOLD, 0)),
        by_day_before(subject::cut(subject::USERS, 0)),
    ])
}

fn get(scene: &Scene<'_>) -> Table {
    let years = years(scene.period).len();
    let each_once = scene.rows(0).iter().filter(|row| row.period % MOST_PARTS < years);
    let visits = total(Shape::Visit, each_once.copied());
    let mut columns: Fields = vec![("nb_visits".into(), count(&visits, "visits"))];
    let mut push = |name: &'static str, n: i64| columns.push((name.into(), Cell::Count(n)));
    let parts = parts(&scene.asked(), scene.period).unwrap_or_default();
    let people: Vec<[Bounds; 2]> =
        parts.iter().enumerate().map(|(at, part)| people(scene, at, part)).collect();
    let (years, counted) = people.split_at(years.min(people.len()));
    match years {
        [[visitors, users]] if visitors.is_one() => {
            push("nb_uniq_visitors", visitors.least);
            if users.is_one() {
                push("nb_users", users.least);
            }
        }
        _ => {
            let least = people.iter().map(|[visitors, _]| visitors.least).max();
            let most = |parts: &[[Bounds; 2]]| parts.iter().map(|[it, _]| it.most).sum::<i64>();
            push("nb_uniq_visitors_at_least", least.unwrap_or_default());
            push("nb_uniq_visitors_at_most", most(years).min(most(counted)));
        }
    }
    Table::overview(columns)
}

/// How many there were, at least and at most.
#[derive(Clone, Copy)]
struct Bounds {
    least: i64,
    most: i64,
}

impl Bounds {
    fn just(n: i64) -> Self {
        Self { least: n, most: n }
    }

    fn is_one(self) -> bool {
        self.least == self.most
    }
}

/// Visitors and users of a part, never more than it had visits.
fn people(scene: &Scene<'_>, at: usize, part: &Period) -> [Bounds; 2] {
    let of_part = |row: &&&Row| row.period % MOST_PARTS == at;
    let days = total(Shape::Visit, scene.rows(0).iter().filter(of_part).copied());
    let figure = |name: &str| days[Shape::Visit.at(name)];
    let counted = scene.rows(1).iter().find(of_part);
    let among = |place: usize, need: usize, daily: &str| {
        let visits = figure("visits");
        if let Some(row) = counted {
            return Bounds::just(row.figures[place].min(visits));
        }
        let daily = figure(daily);
        if is_counted(part) {
            return Bounds::just(daily.min(visits));
        }
        let rows = scene.rows(need).iter().filter(of_part).copied();
        let known = came_in(rows, part);
        if known.are_all(daily) {
            return Bounds::just(known.of_daily(daily).min(visits));
        }
        let least = known.came.min(visits);
        Bounds { least, most: daily.min(visits).max(least) }
    };
    [among(0, 2, "visitors"), among(1, 3, "users")]
}

/// Visitors of days within a school year, as far as it was known who they were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CameIn {
    /// Distinct ones.
    pub came: i64,
    /// Those of each day, added up.
    pub each_day: i64,
}

/// From the rows of visitors by the day they had come before.
pub fn came_in<'a>(rows: impl Iterator<Item = &'a Row>, days: &Period) -> CameIn {
    let first = i64::from(number_of(days.first));
    let mut known = CameIn::default();
    for row in rows {
        let [n, ..] = row.figures;
        known.each_day += n;
        if row.sub.id < first {
            known.came += n;
        }
    }
    known
}

impl CameIn {
    /// Whether these are all visitors: a version that did not know who came before may have counted the
    /// days. A sample may be a little off.
    pub fn are_all(self, daily: i64) -> bool {
        self.came >= 0 && self.each_day.saturating_mul(100) >= daily.saturating_mul(98)
    }

    /// Distinct ones where those of each day add up to `daily`: what a sample is off by in days, it is off
    /// by in all (the ratio estimator of survey sampling).
    pub fn of_daily(self, daily: i64) -> i64 {
        match i128::from(self.each_day) {
            1.. => {
                let (came, each_day) = (i128::from(self.came), i128::from(self.each_day));
                i64::try_from((came * i128::from(daily) + each_day / 2) / each_day)
                    .unwrap_or(self.came)
            }
            _ => self.came,
        }
    }
}

fn count(figures: &crate::report::need::Figures, column: &str) -> Cell {
    Cell::Count(figures[Shape::Visit.at(column)])
}

/// What visitors are told apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dimension {
    Device,
    Browser,
    System,
    Language,
    Country,
    Referrer,
    Custom(i16),
}

/// What `dimension` may say, beside `dimension1`, `dimension2`…
const WORDS: [(&str, Dimension); 6] = [
    ("device", Dimension::Device),
    ("browser", Dimension::Browser),
    ("system", Dimension::System),
    ("language", Dimension::Language),
    ("country", Dimension::Country),
    ("referrer", Dimension::Referrer),
];

impl Dimension {
    fn read(params: &Params, site: &Site) -> Result<Self, Refusal> {
        let word = params.get("dimension").unwrap_or("device");
        if let Some((_, dimension)) = WORDS.iter().find(|(it, _)| *it == word) {
            return Ok(*dimension);
        }
        let number = word.strip_prefix("dimension").and_then(|it| it.parse::<u16>().ok());
        let declared = number.and_then(|id| site.dimension(id));
        let of_visits = declared.filter(|it| it.scope == Scope::Visit);
        let id = of_visits.and_then(|it| i16::try_from(it.id).ok());
        id.map(Self::Custom).ok_or_else(|| {
            let known = WORDS.iter().map(|(word, _)| (*word).to_owned());
            let visit = site.dimensions.iter().filter(|it| it.scope == Scope::Visit);
            let custom = visit.map(|it| format!("dimension{}", it.id));
            let all: Vec<String> = known.chain(custom).collect();
            Refusal::new(format!(
                "The dimension '{word}' is none of whole visits on this site. Try any of the following instead: {}",
                all.join(", ")
            ))
        })
    }

    /// The subject in the rollups of visits.
    fn subject(self) -> i16 {
        match self {
            Self::Device => subject::DEVICE_TYPE,
            Self::Browser => subject::BROWSER,
            Self::System => subject::OS,
            Self::Language => subject::LANGUAGE,
            Self::Country => subject::COUNTRY,
            Self::Referrer => subject::REFERRER_TYPE,
            Self::Custom(id) => subject::DIMENSION.saturating_add(id),
        }
    }

    /// The subject in the rollups of distinct visitors.
    fn told(self) -> i16 {
        let of = self.subject();
        u8::try_from(of).map_or(of, |of| subject::cut(subject::TOLD, of))
    }

    fn label(self, row: &Row, language: Language) -> String {
        let text = value(row).unwrap_or_default();
        match self {
            Self::Device => labels::device_type(&text, language)
                .unwrap_or_else(|| labels::unknown(language).to_owned()),
            Self::Language => labels::language_with_code(&text, language),
            Self::Country => labels::country(&text, language).to_owned(),
            Self::Referrer => labels::referrer_type(row.value.id, language).0.to_owned(),
            Self::Custom(_) if text.is_empty() => Absent::Value.text(language).to_owned(),
            Self::Browser | Self::System if text.is_empty() => labels::unknown(language).to_owned(),
            Self::Browser | Self::System | Self::Custom(_) => text,
        }
    }
}

fn value_needs(asked: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    let dimension = Dimension::read(asked.params, asked.site)?;
    let longer =
        [Shape::WeekDistinct, Shape::MonthDistinct, Shape::YearDistinct, Shape::SchoolYearDistinct];
    let visits = Need::of(Shape::Visit, dimension.subject(), By::VALUE);
    let longer = longer.map(|shape| Need::of(shape, dimension.told(), By::VALUE));
    let before = by_day_before(dimension.told());
    Ok([visits].into_iter().chain(longer).chain([before]).collect())
}

/// Values with their visits and visitors. Who told several values is one of each.
fn by_dimension(scene: &Scene<'_>) -> Table {
    let Ok(dimension) = Dimension::read(scene.params, scene.site) else { return Table::default() };
    let is_counted = is_counted(scene.period);
    let mut came: BTreeMap<i64, Vec<&Row>> = BTreeMap::new();
    scene.rows(5).iter().for_each(|row| came.entry(row.value.id).or_default().push(row));
    let distinct = |value: i64, daily: i64| {
        if is_counted {
            // One of the four: the period is of one length.
            let mut rows = (1..=4).flat_map(|need| scene.rows(need).iter());
            return rows.find(|row| row.value.id == value).map(|row| row.figures[0]);
        }
        // No ratio to those of single days: who told another value within a visit is of both.
        let known = came_in(came.get(&value)?.iter().copied(), scene.period);
        (known.are_all(daily) && known.came > 0).then_some(known.came)
    };
    let record = |row: &&Row| {
        let figure = |name| row.figures[Shape::Visit.at(name)];
        let (visits, days) = (figure("visits"), figure("visitors"));
        // Over days nobody counts who told nothing, nor the thousandth value that came.
        let visitors = if scene.period.is_day() {
            Some(days)
        } else {
            distinct(row.value.id, days).map(|n| n.min(visits))
        };
        let mut columns: Fields = Vec::with_capacity(2);
        columns.extend(visitors.map(|n| ("nb_uniq_visitors".into(), Cell::Count(n))));
        columns.push(("nb_visits".into(), Cell::Count(visits)));
        Record::new(dimension.label(row, scene.language()), columns)
    };
    let rows = scene.rows(0).iter().filter(|row| row.figures[Shape::Visit.at("visits")] > 0);
    Table::of(rows.map(record).collect())
}
