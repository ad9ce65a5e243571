//! School time in a dashboard: holidays to shade, and the same school weeks a year before.

use std::sync::Arc;

use jiff::civil::Date;

use super::{
    figures::{ask, day_counts, fill_hours},
    state::State,
};
use crate::{
    dash::{Choice, DayCount, Point, Shaded, Step, regroup},
    report::{By, Grain, Slice},
    rollup::{Shape, subject},
    school::calendar::same_school_week_last_year,
    site::{self, Site},
    store::Error,
};

/// The time zone of the national calendar. Overseas has calendars of its own, which are not known: what
/// is not known is not shown.
const NATIONAL: &str = "Europe/Paris";

/// The holidays of a period, for sites of the national calendar.
pub(super) fn shaded(site: &Site, choice: &Choice) -> Vec<Shaded> {
    if site.timezone == NATIONAL { Shaded::in_period(choice) } else { Vec::new() }
}

/// The longest period whose days are compared one by one.
const DAYS_COMPARED: usize = 400;

/// The first and the last day of the same school weeks a year before; nothing where they are not known,
/// and for periods that are shown by months.
pub(super) fn days_last_year(site: &Site, choice: &Choice) -> Option<(Date, Date)> {
    let days = site::number_of(choice.from)..=site::number_of(choice.to);
    if site.timezone != NATIONAL || days.clone().count() > DAYS_COMPARED {
        return None;
    }
    let same = || days.clone().filter_map(same_school_week_last_year);
    Some((site::date_of(same().min()?), site::date_of(same().max()?)))
}

/// For each point of a period, the visits of the same days of the same school weeks a year before; none
/// where that year had no such week, nothing at all where it had no visits, and for points of a month,
/// which is no number of weeks.
pub(super) async fn last_year(
    state: &State,
    site: &Site,
    choice: &Choice,
    step: Step,
) -> Result<Vec<Option<u64>>, Error> {
    if site.timezone != NATIONAL || step == Step::Month {
        return Ok(Vec::new());
    }
    let days = site::number_of(choice.from)..=site::number_of(choice.to);
    let same: Vec<_> = days.map(same_school_week_last_year).collect();
    let slices: Arc<[Slice]> = same
        .iter()
        .enumerate()
        .filter_map(|(period, day)| {
            let day = (*day)?;
            Some(Slice { period, grain: Grain::Day, from: day, to: day })
        })
        .collect();
    let (subject, by) = match step {
        Step::Hour => (subject::SERVER_HOUR, By::VALUE),
        _ => (subject::ALL, By::NOTHING),
    };
    let asks = [ask(Shape::Visit, subject, by, &slices)];
    let rows = state.store.read(site.id, &asks).await?.pop().unwrap_or_default();
    let mut points = regroup(choice, step, &day_counts(choice.from, &rows));
    if step == Step::Hour {
        fill_hours(&mut points, &rows);
    }
    if points.iter().all(|it| it.visits == 0) {
        return Ok(Vec::new());
    }
    // Which points have a day to compare with.
    let there = same.iter().enumerate().filter_map(|(at, day)| {
        (*day)?;
        let day = site::number_of(choice.from) + i32::try_from(at).ok()?;
        Some(DayCount { day: site::date_of(day), visits: 1, visitors: 0 })
    });
    let there = regroup(choice, step, &there.collect::<Vec<_>>());
    let told = |(point, there): (&Point, &Point)| {
        (step == Step::Hour || there.visits > 0).then_some(point.visits)
    };
    Ok(points.iter().zip(&there).map(told).collect())
}
