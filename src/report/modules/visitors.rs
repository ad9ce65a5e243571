//! Visitors: distinct visitors of any period and by any dimension of visits. PADOQE's own module, where
//! Matomo has none: its year has no unique visitors, and its rows of dimensions sum those of days.
//!
//! They are counted of each day, week, month, calendar year and school year. Of any other range nobody
//! knows more than that there were as many as in one of its parts, and no more than in all of them.

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
    site::{Scope, Site},
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

/// The period, or the counted ones that it is put together of.
#[expect(clippy::unnecessary_wraps, reason = "the signature of parts")]
fn parts(_: &Asked<'_>, period: &Period) -> Result<Vec<Period>, Refusal> {
    Ok(if is_counted(period) { vec![*period] } else { period.counted_parts(MOST_PARTS) })
}

fn whole(_: &Asked<'_>, period: &Period) -> Result<Vec<Period>, Refusal> {
    if is_counted(period) {
        return Ok(vec![*period]);
    }
    Err(Refusal::new(
        "Distinct visitors by dimension are counted of days, weeks, months, calendar years and school years (1 September to 31 August): ask for one of these.",
    ))
}

#[expect(clippy::unnecessary_wraps, reason = "the signature of needs")]
fn needs(_: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    Ok(vec![Need::of(Shape::Visit, subject::ALL, By::NOTHING), Need::Uniques])
}

fn get(scene: &Scene<'_>) -> Table {
    let visits = total(Shape::Visit, scene.rows(0).iter().copied());
    let mut columns: Fields = vec![("nb_visits".into(), count(&visits, "visits"))];
    let mut push = |name: &'static str, n: i64| columns.push((name.into(), Cell::Count(n)));
    let parts = parts(&scene.asked(), scene.period).unwrap_or_default();
    let people: Vec<[i64; 2]> = (0..parts.len()).map(|at| people(scene, at)).collect();
    match people.as_slice() {
        [[visitors, users]] => {
            push("nb_uniq_visitors", *visitors);
            push("nb_users", *users);
        }
        _ => {
            let visitors = || people.iter().map(|[visitors, _]| *visitors);
            push("nb_uniq_visitors_at_least", visitors().max().unwrap_or_default());
            push("nb_uniq_visitors_at_most", visitors().sum());
        }
    }
    Table::overview(columns)
}

/// Visitors and users of a part, never more than it had visits.
fn people(scene: &Scene<'_>, part: usize) -> [i64; 2] {
    let of_part = |row: &&&Row| row.period % MOST_PARTS == part;
    let days = scene.rows(0).iter().filter(of_part).copied();
    let days = total(Shape::Visit, days);
    let figure = |name| days[Shape::Visit.at(name)];
    match scene.rows(1).iter().find(of_part) {
        Some(distinct) => [distinct.figures[0], distinct.figures[1]],
        None => [figure("visitors"), figure("users")],
    }
    .map(|n| n.min(figure("visits")))
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
    Ok(std::iter::once(visits).chain(longer).collect())
}

/// Values with their visits and visitors. Who told several values is one of each.
fn by_dimension(scene: &Scene<'_>) -> Table {
    let Ok(dimension) = Dimension::read(scene.params, scene.site) else { return Table::default() };
    // One of the four: the period is of one length.
    let distinct = |value: i64| {
        let mut rows = (1..=4).flat_map(|need| scene.rows(need).iter());
        rows.find(|row| row.value.id == value).map(|row| row.figures[0])
    };
    let record = |row: &&Row| {
        let figure = |name| row.figures[Shape::Visit.at(name)];
        let (visits, days) = (figure("visits"), figure("visitors"));
        // Over days nobody counts who told nothing, nor the thousandth value that came.
        let visitors = if scene.period.is_day() {
            Some(days)
        } else {
            distinct(row.value.id).map(|n| n.min(visits))
        };
        let mut columns: Fields = Vec::with_capacity(2);
        columns.extend(visitors.map(|n| ("nb_uniq_visitors".into(), Cell::Count(n))));
        columns.push(("nb_visits".into(), Cell::Count(visits)));
        Record::new(dimension.label(row, scene.language()), columns)
    };
    let rows = scene.rows(0).iter().filter(|row| row.figures[Shape::Visit.at("visits")] > 0);
    Table::of(rows.map(record).collect())
}
