//! What a dashboard shows, read from the rollups.

use std::{collections::HashMap, sync::Arc};

use jiff::civil::{Date, DateTime};

use super::{school_time, state::State};
use crate::{
    dash::{
        Asked, DayCount, FeatureRow, Overview, PageRow, Point, Share, SiteCard, SiteName, Step,
        Totals, regroup,
    },
    report::{Ask, By, Grain, Label, Need, Only, Period, Row, Slice, came_in},
    rollup::{Shape, quantile, subject},
    site::{self, Site},
    store::Error,
};

/// Pages shown in a dashboard; the Reporting API has the others.
const MOST_PAGES: usize = 20;
/// Browsers, systems and devices shown.
const MOST_SHARES: usize = 8;

/// The local date and time of a site.
pub(super) fn local(site: &Site, now: i64) -> DateTime {
    let now = jiff::Timestamp::from_second(now).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    now.to_zoned(site.zone()).datetime()
}

/// How a site is named on pages.
pub(super) fn name(site: &Site) -> SiteName {
    SiteName { id: site.id, name: site.name.clone(), address: site.main_url().to_owned() }
}

/// Stored periods that make up the days from `from` to `to`.
fn cover(from: Date, to: Date) -> Arc<[Slice]> {
    Period::range(from, to).cover(0).into()
}

/// One slice for each day, so that rows come back by day.
fn by_day(from: Date, to: Date) -> Arc<[Slice]> {
    let days = site::number_of(from)..=site::number_of(to);
    days.enumerate()
        .map(|(period, day)| Slice { period, grain: Grain::Day, from: day, to: day })
        .collect()
}

pub(super) fn ask(shape: Shape, subject: i16, by: By, slices: &Arc<[Slice]>) -> Ask {
    Ask {
        need: Need::Rollup { shape, subject, by },
        slices: Arc::clone(slices),
        only: Only::default(),
    }
}

fn figure(row: &Row, shape: Shape, column: &str) -> u64 {
    let figure = row.figures.get(shape.at(column)).copied().unwrap_or_default();
    u64::try_from(figure).unwrap_or_default()
}

/// Everything a site's dashboard shows.
///
/// # Errors
/// The database is away.
pub(super) async fn overview(state: &State, site: &Site, asked: Asked) -> Result<Overview, Error> {
    let now = local(site, state.now());
    let choice = asked.choice;
    let (earlier_from, earlier_to) = choice.comparison(now.date());
    let whole = cover(choice.from, choice.to);
    let mut current = totals(state, site, &whole).await?;
    let mut previous = totals(state, site, &cover(earlier_from, earlier_to)).await?;
    let people =
        distinct(state, site, Period::range(choice.from, choice.to), current.visitors).await?;
    if let Some(people) = people {
        current.visitors = Some(people.min(current.visits));
        let earlier = Period::range(earlier_from, earlier_to);
        let people = distinct(state, site, earlier, previous.visitors).await?;
        previous.visitors = people.map(|people| people.min(previous.visits));
    }
    let days = by_day(choice.from, choice.to);
    let asks = [
        ask(Shape::Visit, subject::ALL, By::NOTHING, &days),
        ask(Shape::Visit, subject::SERVER_HOUR, By::VALUE, &days),
        ask(Shape::Event, subject::FEATURE, By::SUB, &whole),
        ask(Shape::Duration, subject::EVENT_SECONDS, By::ALL, &whole),
        ask(Shape::Action, subject::PAGE_URL, By::VALUE, &whole),
        ask(Shape::Visit, subject::DEVICE_TYPE, By::VALUE, &whole),
        ask(Shape::Visit, subject::BROWSER, By::VALUE, &whole),
        ask(Shape::Visit, subject::OS, By::VALUE, &whole),
    ];
    let [daily, hourly, uses, durations, pages, devices, browsers, systems] =
        <[Vec<Row>; 8]>::try_from(state.store.read(site.id, &asks).await?).unwrap_or_default();
    let step = Step::of(&choice);
    let mut points = regroup(&choice, step, &day_counts(choice.from, &daily));
    if step == Step::Hour {
        fill_hours(&mut points, &hourly);
    }
    let (pages, pages_in_all) = page_rows(&pages, site.main_url());
    Ok(Overview {
        site: name(site),
        now,
        visitors_are_distinct: people.is_some(),
        totals: current,
        previous: (previous.visits > 0).then_some(previous),
        features: feature_rows(&uses, &durations),
        pages,
        pages_in_all,
        moments: moments(choice.from, &hourly),
        devices: shares(&devices),
        browsers: shares(&browsers),
        systems: shares(&systems),
        shaded: school_time::shaded(site, &choice),
        last_year: school_time::last_year(state, site, &choice, step).await?,
        points,
        step,
        asked,
    })
}

async fn totals(state: &State, site: &Site, slices: &Arc<[Slice]>) -> Result<Totals, Error> {
    let asks = [
        ask(Shape::Visit, subject::ALL, By::NOTHING, slices),
        ask(Shape::Action, subject::TOTAL, By::VALUE, slices),
        ask(Shape::Event, subject::FEATURE, By::NOTHING, slices),
    ];
    let [visits, actions, uses] =
        <[Vec<Row>; 3]>::try_from(state.store.read(site.id, &asks).await?).unwrap_or_default();
    let sum = |rows: &[Row], shape, column| rows.iter().map(|row| figure(row, shape, column)).sum();
    let views = actions.iter().filter(|row| row.value.id == i64::from(subject::PAGE_URL));
    Ok(Totals {
        visits: sum(&visits, Shape::Visit, "visits"),
        visitors: Some(sum(&visits, Shape::Visit, "visitors")),
        seconds: sum(&visits, Shape::Visit, "length"),
        bounces: sum(&visits, Shape::Visit, "bounces"),
        views: views.map(|row| figure(row, Shape::Action, "hits")).sum(),
        uses: sum(&uses, Shape::Event, "events"),
    })
}

/// Distinct visitors of those days, where they are known. `daily`: those of the single days, added up.
async fn distinct(
    state: &State,
    site: &Site,
    days: Period,
    daily: Option<u64>,
) -> Result<Option<u64>, Error> {
    if days.is_day() {
        return Ok(daily);
    }
    if let Some(slice) = days.uniques(0) {
        let ask = Ask { need: Need::Uniques, slices: [slice].into(), only: Only::default() };
        let read = state.store.read(site.id, &[ask]).await?;
        let row = read.into_iter().flatten().next();
        let visitors = row.and_then(|row| row.figures.first().copied());
        return Ok(visitors.and_then(|visitors| u64::try_from(visitors).ok()));
    }
    if days.by_school_year().len() > 1 {
        return Ok(None);
    }
    let everyone = subject::cut(subject::TOLD, 0);
    let ask = ask(Shape::Recency, everyone, By::SUB, &[days.as_days(0)].into());
    let rows = state.store.read(site.id, &[ask]).await?;
    let daily = i64::try_from(daily.unwrap_or_default()).unwrap_or(i64::MAX);
    let known = came_in(rows.iter().flatten(), &days);
    Ok(u64::try_from(known.of_daily(daily)).ok().filter(|_| known.are_all(daily)))
}

/// The day a row of `by_day` is of.
fn date_of(from: Date, row: &Row) -> Date {
    site::date_of(
        site::number_of(from).saturating_add(i32::try_from(row.period).unwrap_or_default()),
    )
}

pub(super) fn day_counts(from: Date, rows: &[Row]) -> Vec<DayCount> {
    let count = |row: &Row| DayCount {
        day: date_of(from, row),
        visits: figure(row, Shape::Visit, "visits"),
        visitors: figure(row, Shape::Visit, "visitors"),
    };
    rows.iter().map(count).collect()
}

pub(super) fn fill_hours(points: &mut [Point], rows: &[Row]) {
    for row in rows {
        let hour = i8::try_from(row.value.id).unwrap_or_default();
        if let Some(point) = points.iter_mut().find(|point| point.at.hour() == hour) {
            point.visits += figure(row, Shape::Visit, "visits");
            point.visitors += figure(row, Shape::Visit, "visitors");
        }
    }
}

fn moments(from: Date, rows: &[Row]) -> [[u64; 24]; 7] {
    let mut moments = [[0; 24]; 7];
    for row in rows {
        let weekday = usize::try_from(date_of(from, row).weekday().to_monday_zero_offset())
            .unwrap_or_default();
        let hour = usize::try_from(row.value.id).unwrap_or_default();
        if let Some(cell) = moments.get_mut(weekday).and_then(|day| day.get_mut(hour)) {
            *cell += figure(row, Shape::Visit, "visits");
        }
    }
    moments
}

fn feature_rows(uses: &[Row], durations: &[Row]) -> Vec<FeatureRow> {
    let mut buckets: HashMap<(i64, i64), Vec<(i64, i64)>> = HashMap::new();
    for row in durations {
        let place = buckets.entry((row.value.id, row.sub.id)).or_default();
        place.push((row.leaf.id, row.figures[Shape::Duration.at("n")]));
    }
    let row_of = |row: &Row| {
        let durations = buckets.get(&(row.value.id, row.sub.id));
        let valued = figure(row, Shape::Event, "valued") > 0;
        FeatureRow {
            category: row.value.as_str().to_owned(),
            action: row.sub.as_str().to_owned(),
            uses: figure(row, Shape::Event, "events"),
            visits: figure(row, Shape::Event, "visits"),
            visitors: figure(row, Shape::Event, "visitors"),
            median_seconds: durations.and_then(|buckets| quantile(buckets, 0.5)),
            p90_seconds: durations.and_then(|buckets| quantile(buckets, 0.9)),
            total_seconds: valued.then(|| figure(row, Shape::Event, "value_sum") as f64 / 1e6),
        }
    };
    uses.iter().map(row_of).collect()
}

/// The most viewed pages, and how many there are; pages of the site itself by their path.
fn page_rows(rows: &[Row], main_url: &str) -> (Vec<PageRow>, u64) {
    let bare = |url: &str| {
        let rest = url.split_once("//").map_or(url, |(_, rest)| rest);
        rest.strip_prefix("www.").unwrap_or(rest).to_owned()
    };
    let own = bare(main_url);
    let shown = |url: &str| {
        let path =
            bare(url).strip_prefix(&own).filter(|path| path.starts_with('/')).map(str::to_owned);
        path.unwrap_or_else(|| url.to_owned())
    };
    let mut pages: Vec<PageRow> = rows
        .iter()
        .filter(|row| figure(row, Shape::Action, "hits") > 0)
        .map(|row| {
            let views = figure(row, Shape::Action, "hits");
            let seconds = figure(row, Shape::Action, "stay");
            PageRow {
                title: None,
                address: shown(row.value.as_str()),
                views,
                visits: figure(row, Shape::Action, "visits"),
                average_seconds: (seconds > 0).then(|| seconds as f64 / views as f64),
            }
        })
        .collect();
    let all = u64::try_from(pages.len()).unwrap_or_default();
    pages.sort_by(|a, b| b.views.cmp(&a.views).then_with(|| a.address.cmp(&b.address)));
    pages.truncate(MOST_PAGES);
    (pages, all)
}

fn shares(rows: &[Row]) -> Vec<Share> {
    let label = |label: &Label| label.as_str().to_owned();
    let mut shares: Vec<Share> = rows
        .iter()
        .map(|row| Share { label: label(&row.value), visits: figure(row, Shape::Visit, "visits") })
        .filter(|share| share.visits > 0)
        .collect();
    shares.sort_by(|a, b| b.visits.cmp(&a.visits).then_with(|| a.label.cmp(&b.label)));
    shares.truncate(MOST_SHARES);
    shares
}

/// A site's card: today, the last seven days, thirty days day by day.
///
/// # Errors
/// The database is away.
pub(super) async fn card(state: &State, site: &Site) -> Result<SiteCard, Error> {
    let today = local(site, state.now()).date();
    let from = site::date_of(site::number_of(today) - 29);
    let slices = by_day(from, today);
    let rows =
        state.store.read(site.id, &[ask(Shape::Visit, subject::ALL, By::NOTHING, &slices)]).await?;
    let mut days = vec![0; 30];
    for row in rows.iter().flatten() {
        if let Some(day) = days.get_mut(row.period) {
            *day = figure(row, Shape::Visit, "visits");
        }
    }
    let week = days.iter().rev().take(7).sum();
    Ok(SiteCard { site: name(site), today: days.last().copied().unwrap_or_default(), week, days })
}

/// Whether a site was ever heard of.
///
/// # Errors
/// The database is away.
pub(super) async fn heard(state: &State, site: &Site) -> Result<bool, Error> {
    let slices: Arc<[Slice]> =
        [Slice { period: 0, grain: Grain::Month, from: 0, to: 60_000 }].into();
    let rows =
        state.store.read(site.id, &[ask(Shape::Visit, subject::ALL, By::NOTHING, &slices)]).await?;
    Ok(rows.iter().flatten().any(|row| figure(row, Shape::Visit, "visits") > 0))
}
