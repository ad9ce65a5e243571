//! Visits and visitors over time: the points of a chart and how days are gathered into them.

use jiff::{
    ToSpan,
    civil::{Date, DateTime},
};

use super::{dates, period::Choice, text::Text};

/// How much time a point stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Hour,
    Day,
    /// Monday to Sunday, cut at the period's ends.
    Week,
    /// Calendar month, cut at the period's ends.
    Month,
}

impl Step {
    /// The step that shows a period with neither too few nor too many points: hours of a day, days
    /// up to a quarter, weeks up to a school year.
    pub fn of(choice: &Choice) -> Self {
        match choice.days() {
            1 => Self::Hour,
            2..=100 => Self::Day,
            101..=400 => Self::Week,
            _ => Self::Month,
        }
    }

    /// The start of the step after the one that `at` is in.
    fn after(self, at: DateTime) -> DateTime {
        let day = at.date();
        match self {
            Self::Hour => at.saturating_add(1.hour()),
            Self::Day => start(day.saturating_add(1.day())),
            Self::Week => {
                let rest = 7 - i64::from(day.weekday().to_monday_zero_offset());
                start(day.saturating_add(rest.days()))
            }
            Self::Month => start(day.last_of_month().saturating_add(1.day())),
        }
    }
}

/// One point of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// When the step starts, in the site's time.
    pub at: DateTime,
    pub visits: u64,
    pub visitors: u64,
}

/// The figures of one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayCount {
    pub day: Date,
    pub visits: u64,
    pub visitors: u64,
}

/// Every point of a period, empty ones included, from the days that have figures. For `Step::Hour`
/// the points are empty: days cannot be cut.
pub fn regroup(choice: &Choice, step: Step, days: &[DayCount]) -> Vec<Point> {
    let end = start(choice.to.saturating_add(1.day()));
    let mut points = Vec::new();
    let mut at = start(choice.from);
    while at < end {
        points.push(Point { at, visits: 0, visitors: 0 });
        let next = step.after(at);
        if next <= at {
            break;
        }
        at = next;
    }
    if step == Step::Hour {
        return points;
    }
    for it in days.iter().filter(|it| choice.contains(it.day)) {
        // The last point that starts on or before the day.
        let place = points.partition_point(|point| point.at.date() <= it.day);
        if let Some(point) = place.checked_sub(1).and_then(|place| points.get_mut(place)) {
            point.visits = point.visits.saturating_add(it.visits);
            point.visitors = point.visitors.saturating_add(it.visitors);
        }
    }
    points
}

/// What a point stands for, in a place with room: `lundi 16 mars 2026`, `8 h – 9 h`.
pub(super) fn point_name(at: DateTime, step: Step, last: Date, text: &Text) -> String {
    let day = at.date();
    match step {
        Step::Hour => dates::hour_span(at.hour(), text),
        Step::Day => dates::full(day, text),
        Step::Week => {
            let end = Step::Week.after(at).date().saturating_sub(1.day()).min(last);
            dates::span(day, end, text)
        }
        Step::Month => dates::month_year(day, text),
    }
}

/// Whether the point is not over at `now`, or has not begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Over,
    Running,
    ToCome,
}

pub(super) fn stage(at: DateTime, step: Step, now: DateTime) -> Stage {
    if now < at {
        Stage::ToCome
    } else if now < step.after(at) {
        Stage::Running
    } else {
        Stage::Over
    }
}

fn start(day: Date) -> DateTime {
    day.at(0, 0, 0, 0)
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, datetime};

    use super::*;
    use crate::dash::period::Grain;

    #[test]
    fn a_step_fits_the_length_of_the_period() {
        let day = date(2026, 3, 18);
        for (grain, step, points) in [
            (Grain::Day, Step::Hour, 24),
            (Grain::Week, Step::Day, 7),
            (Grain::Month, Step::Day, 31),
            (Grain::Year, Step::Week, 53),
            (Grain::SchoolYear, Step::Week, 53),
        ] {
            let choice = Choice::around(grain, day);
            assert_eq!(Step::of(&choice), step);
            assert_eq!(regroup(&choice, step, &[]).len(), points, "{grain:?}");
        }
    }

    #[test]
    fn days_are_gathered_and_none_is_lost() {
        let choice = Choice::around(Grain::Month, date(2026, 3, 1));
        let days: Vec<_> = (25..=31)
            .map(|it| DayCount { day: date(2026, 3, it), visits: 2, visitors: 1 })
            .chain([DayCount { day: date(2026, 4, 1), visits: 100, visitors: 100 }])
            .collect();
        let weeks = regroup(&choice, Step::Week, &days);
        let starts: Vec<_> = weeks.iter().map(|it| it.at.date().day()).collect();
        assert_eq!(starts, [1, 2, 9, 16, 23, 30]);
        let visits: Vec<_> = weeks.iter().map(|it| it.visits).collect();
        assert_eq!(visits, [0, 0, 0, 0, 10, 4]);
    }

    #[test]
    fn the_running_point_is_known() {
        let now = datetime(2026, 3, 18, 10, 30, 0, 0);
        let of = |day, hour, step| stage(datetime(2026, 3, day, hour, 0, 0, 0), step, now);
        assert_eq!(of(18, 10, Step::Hour), Stage::Running);
        assert_eq!(of(18, 11, Step::Hour), Stage::ToCome);
        assert_eq!(of(16, 0, Step::Week), Stage::Running);
        assert_eq!(of(17, 0, Step::Day), Stage::Over);
    }
}
