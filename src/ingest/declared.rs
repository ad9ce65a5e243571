//! Rollups of declared segments, next to those of all visits.
//!
//! Whether a visit is in a segment can change with each of its hits, so a segment's rollups are
//! never patched: what they gain by a batch is what the day of the visitors touched comes to with
//! the batch, less what it came to without. For that the events of the day are kept in memory and
//! with the saved visits, as pseudonyms, until the day's key is destroyed; only of sites that have
//! declared segments.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use foldhash::fast::FixedState;
use serde::{Deserialize, Serialize};

use super::trail::{Mark, Trail};
use crate::{
    journal::Position,
    rollup::Delta,
    segment::{Course, Crowd, Segment, Share},
    site::{DayNumber, Site, SiteId},
    strip::Period,
};

/// A declared segment of one site.
#[derive(Clone, Debug)]
pub struct Series {
    /// What its rollups stand under in place of the site's number.
    pub number: SiteId,
    pub segment: Segment,
    pub site: Arc<Site>,
    /// It counts events from here on; none: it has not begun.
    pub from: Option<Position>,
}

/// Events of days that are not over, and who was there in weeks and months, by segment.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Trails {
    days: HashMap<(SiteId, DayNumber), Trail, FixedState>,
    crowds: HashMap<(SiteId, Period), (Crowd, Crowd), FixedState>,
}

/// The events of a batch, by site and day.
pub(super) type Fresh = BTreeMap<(SiteId, DayNumber), Vec<Mark>>;

impl Trails {
    /// Adds the events of a batch; what the segments gain by them.
    pub(super) fn follow(&mut self, fresh: Fresh, series: &[Series]) -> Delta {
        let mut delta = Delta::default();
        for ((site, day), fresh) in fresh {
            let Some(first) = fresh.iter().map(|mark| mark.at).min() else { continue };
            let trail = self.days.entry((site, day)).or_default();
            let visitors = trail.touched_by(&fresh);
            let before = trail.may_knot(&fresh).then(|| trail.marks(&visitors));
            fresh.iter().for_each(|mark| trail.note(mark));
            let now = trail.marks(&visitors);
            let part = Part { before: before.as_deref(), now: &now, first };
            let mut begun = BTreeMap::<Option<Position>, Vec<&Series>>::new();
            for series in series.iter().filter(|series| series.site.id == site) {
                // Series that count all of the day look at the same visits.
                let from = series.from.filter(|from| now.iter().any(|mark| mark.at < *from));
                begun.entry(from).or_default().push(series);
            }
            for (from, series) in begun {
                part.gains(from.unwrap_or_default(), &series, &mut self.crowds, &mut delta);
            }
        }
        delta
    }

    /// Lets go of what no series needs.
    pub(super) fn keep_only(&mut self, series: &[Series]) {
        self.days.retain(|(site, _), _| series.iter().any(|it| it.site.id == *site));
        self.crowds.retain(|(number, _), _| series.iter().any(|it| it.number == *number));
    }

    /// Lets go of what was kept under a key that was destroyed.
    pub(super) fn forget(&mut self, site: SiteId, period: Period, series: &[Series]) {
        match period {
            Period::Day(day) => drop(self.days.remove(&(site, day))),
            _ => {
                let own = |number: &SiteId| {
                    series.iter().any(|it| it.number == *number && it.site.id == site)
                };
                self.crowds.retain(|(number, it), _| *it != period || !own(number));
            }
        }
    }
}

/// The day of the visitors that a batch touches.
struct Part<'a> {
    /// What it was, where it was not just a part of what it is `now`.
    before: Option<&'a [Mark]>,
    now: &'a [Mark],
    /// The batch begins here.
    first: Position,
}

impl Part<'_> {
    /// Adds what segments that count from a position on gain.
    fn gains(
        &self,
        from: Position,
        series: &[&Series],
        crowds: &mut HashMap<(SiteId, Period), (Crowd, Crowd), FixedState>,
        delta: &mut Delta,
    ) {
        let since = |mark: &&Mark| mark.at >= from;
        let (earlier, fresh): (Vec<&Mark>, Vec<&Mark>) =
            self.now.iter().filter(since).partition(|mark| mark.at < self.first);
        let mut course = Course::default();
        match self.before {
            None => course.extend(earlier.iter().map(|mark| &mark.step)),
            Some(before) => course.extend(before.iter().filter(since).map(|mark| &mark.step)),
        }
        let shares = |course: &Course<'_>| -> Vec<Share> {
            series.iter().map(|it| course.share(&it.segment, &it.site)).collect()
        };
        let before = shares(&course);
        if self.before.is_some() {
            course = Course::default();
            course.extend(earlier.iter().map(|mark| &mark.step));
        }
        course.extend(fresh.iter().map(|mark| &mark.step));
        for ((series, before), after) in series.iter().zip(before).zip(shares(&course)) {
            delta.merge(gain(series.number, &before, after, crowds));
        }
    }
}

/// What leads from one share to the next.
fn gain(
    number: SiteId,
    before: &Share,
    after: Share,
    crowds: &mut HashMap<(SiteId, Period), (Crowd, Crowd), FixedState>,
) -> Delta {
    let all = before.visitors.iter().chain(&after.visitors);
    let periods: BTreeSet<Period> = all.map(|(period, _)| *period).collect();
    let mut delta = after.rows.less(&before.rows).as_series(number);
    for period in periods {
        let of = |list: &[(Period, u64)]| {
            let mine = list.iter().filter(|(it, _)| *it == period);
            mine.map(|(_, member)| *member).collect::<Vec<_>>()
        };
        let (visitors, users) = crowds.entry((number, period)).or_default();
        let grown = visitors.change(of(&after.visitors), of(&before.visitors));
        let users = users.change(of(&after.users), of(&before.users));
        if grown != 0 || users != 0 {
            delta.unique(number, period, grown, users);
        }
    }
    delta
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::trail::MOST_KIN, *};
    use crate::{
        rollup::{Figures, Key, Merge},
        segment::sample::{any_traffic, site},
        session::Step,
    };

    const SEGMENTS: [&str; 5] = [
        "actions>=0",
        "actions==1",
        "pageUrl=@/1",
        "eventCategory!=C",
        "visitConvertedGoalId==1,countryCode==fr",
    ];

    fn at(offset: usize) -> Position {
        Position { segment: 0, offset: offset as u64 }
    }

    fn declared(from: usize) -> Vec<Series> {
        let site = Arc::new(site());
        let series = |(number, text): (usize, &&str)| Series {
            number: u32::MAX - u32::try_from(number).unwrap(),
            segment: Segment::parse(text, &site).unwrap(),
            site: Arc::clone(&site),
            from: Some(at(from)),
        };
        SEGMENTS.iter().enumerate().map(series).collect()
    }

    /// Figures that add up; the greatest and the least of visits that left a segment may stay.
    fn sums(delta: &Delta) -> Vec<(Key, Figures)> {
        let mut rows = delta.sorted_rows();
        for (key, figures) in &mut rows {
            for (figure, column) in figures.iter_mut().zip(key.shape.columns()) {
                if column.merge != Merge::Sum {
                    *figure = 0;
                }
            }
        }
        rows.retain(|(_, figures)| figures.iter().any(|it| *it != 0));
        rows
    }

    fn batch(steps: &[Step], first: usize) -> Fresh {
        let mut fresh = Fresh::new();
        for (n, step) in steps.iter().enumerate() {
            let mark = Mark { at: at(first + n), step: step.clone() };
            fresh.entry((step.event.site, step.event.day)).or_default().push(mark);
        }
        fresh
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn batches_add_up_to_what_all_events_at_once_come_to(
            steps in any_traffic(),
            sizes in proptest::collection::vec(1_usize..20, 60),
            from in 0_usize..10,
            saved_after in 0_usize..8,
        ) {
            let series = declared(from);
            let mut trails = Trails::default();
            let mut sum = Delta::default();
            let mut done = 0;
            for (n, size) in sizes.into_iter().enumerate() {
                let part = &steps[done..(done + size).min(steps.len())];
                sum.merge(trails.follow(batch(part, done), &series));
                done += part.len();
                if n == saved_after {
                    let bytes = postcard::to_allocvec(&trails).unwrap();
                    trails = postcard::from_bytes(&bytes).unwrap();
                }
            }
            for series in &series {
                let all: Vec<&Step> = steps.iter().skip(from).collect();
                let mut course = Course::default();
                course.extend(all);
                let share = course.share(&series.segment, &series.site);
                let distinct = |list: &[(Period, u64)], period| {
                    let own = list.iter().filter(|(it, _)| *it == period);
                    i64::try_from(own.collect::<BTreeSet<_>>().len()).unwrap()
                };
                let uniques = sum.sorted_uniques();
                for (_, period, visitors, users) in
                    uniques.iter().filter(|(number, ..)| *number == series.number)
                {
                    prop_assert_eq!(*visitors, distinct(&share.visitors, *period));
                    prop_assert_eq!(*users, distinct(&share.users, *period));
                }
                let own: Vec<_> =
                    sums(&sum).into_iter().filter(|(key, _)| key.site == series.number).collect();
                prop_assert_eq!(own, sums(&share.rows.as_series(series.number)));
            }
        }
    }

    #[test]
    fn a_user_of_a_whole_crowd_ties_nobody() {
        let mut events = Vec::new();
        for visitor in 1..=100_u64 {
            let page = crate::segment::sample::page("https://a.fr/", "A");
            events.push(crate::segment::sample::event(visitor * 3, 0, page));
        }
        let steps = crate::segment::sample::steps(events);
        let series = declared(0);
        let mut trails = Trails::default();
        let mut sum = Delta::default();
        for (n, step) in steps.iter().enumerate() {
            let fresh = batch(std::slice::from_ref(step), n);
            sum.merge(trails.follow(fresh, &series));
        }
        let trail = trails.days.values().next().unwrap();
        assert!(trail.users.values().all(|kin| kin.len() == MOST_KIN + 1));
        let mark = Mark { at: at(0), step: steps[0].clone() };
        assert_eq!(trail.touched_by(&[mark]).len(), 1);
        // The crowd's user was taken back when it became one.
        let visits = sums(&sum).into_iter().find(|(key, _)| key.site == u32::MAX).unwrap().1;
        assert_eq!((visits[0], visits[2]), (100, 0));
    }
}
