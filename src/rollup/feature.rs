//! What visits used → rows of features, in every cut.
//!
//! A visit's part in these rows is taken away as it was and added as it is, like its part in the rows
//! about visits; only the features that an event is about are looked at, unless the visit moved from
//! one audience to another.

use super::{
    USE_BUCKETS, bucket_of,
    delta::{Delta, Key},
    shape::{Shape, subject},
    tally::least,
};
use crate::{
    session::{Cell, Cells, Change, Facts, Used, UsedFeature, Visit},
    site::FeatureId,
};

/// A visit's features at one moment.
struct Moment<'a> {
    facts: &'a Facts,
    cells: Cells,
    used: &'a Used,
}

impl Moment<'_> {
    /// Cells in which more than sums is told. Where an audience has thousands of values, a row for each
    /// hour, bucket and pair would be larger than all else, and tell of single persons.
    fn spread_over(&self) -> impl Iterator<Item = &Cell> {
        self.cells.iter().filter(|cell| !cell.is_large())
    }
}

impl Delta {
    /// Moves the visit's part in the rows of features.
    pub(super) fn features(&mut self, change: &Change<'_>) {
        let visit = change.visit;
        if visit.cuts.is_empty() {
            return;
        }
        self.regular(change);
        let now = Moment {
            facts: &visit.facts,
            cells: visit.facts.cells(&visit.cuts),
            used: &visit.used,
        };
        for cell in now.cells.iter().filter(|cell| cell.of != (0, 0)) {
            self.pair(cell.label, cell.of);
        }
        let used_before = change.moved.used_before.as_ref();
        let Some(before) = &change.before else {
            self.all(&now, change, 1);
            return;
        };
        let Some(used_before) = used_before else { return };
        let was = Moment { facts: before, cells: before.cells(&visit.cuts), used: used_before };
        if was.cells != now.cells {
            self.all(&was, change, -1);
            self.all(&now, change, 1);
            return;
        }
        for (at, hit) in change.event.features.iter().enumerate() {
            if !change.event.features.iter().take(at).any(|it| it.id == hit.id) {
                self.feature(&was, change, hit.id, -1);
                self.feature(&now, change, hit.id, 1);
            }
        }
        self.new_pairs(&was, &now);
        self.funnels(&was, -1);
        self.funnels(&now, 1);
    }

    /// Everything that a visit is in.
    fn all(&mut self, moment: &Moment<'_>, change: &Change<'_>, sign: i64) {
        for cell in &moment.cells {
            let others = change.others.iter().any(|it| cells_of(it).contains(cell));
            let key = key(moment.facts, Shape::Feature, subject::USE, cell, 0, 0);
            self.row(key).add(0, sign).add(1, sign * i64::from(!others));
        }
        for feature in &moment.used.features {
            self.feature(moment, change, feature.id, sign);
        }
        let used = used_ids(moment.used);
        for (at, one) in used.iter().enumerate() {
            for other in used.iter().skip(at + 1) {
                self.together(moment, *one, *other, sign);
            }
        }
        self.funnels(moment, sign);
    }

    fn feature(&mut self, moment: &Moment<'_>, change: &Change<'_>, id: FeatureId, sign: i64) {
        let Some(used) = moment.used.feature(id) else { return };
        let uses = i64::from(used.uses);
        for cell in &moment.cells {
            let elsewhere: i64 = change.others.iter().map(|it| uses_of(it, id, cell)).sum();
            let here =
                |shape, measure, leaf| key(moment.facts, shape, measure, cell, id.into(), leaf);
            let timed = i64::try_from(used.spans().count()).unwrap_or(i64::MAX);
            let first = i64::from(uses > 0 && elsewhere == 0);
            self.row(here(Shape::Feature, subject::USE, 0))
                .add(0, sign * i64::from(uses > 0))
                .add(1, sign * first)
                .add(2, sign * uses)
                .add(3, sign * timed)
                .add(4, sign.saturating_mul(used.seconds()));
            if cell.is_large() {
                continue;
            }
            let mut count = |measure, leaf, n: i64| {
                self.row(here(Shape::FeatureCount, measure, leaf)).add(0, n);
            };
            if uses > 0 {
                count(subject::USES_PER_VISIT, least(&USE_BUCKETS, uses), sign);
                count(subject::USES_PER_DAY, least(&USE_BUCKETS, elsewhere + uses), sign);
                if elsewhere > 0 {
                    count(subject::USES_PER_DAY, least(&USE_BUCKETS, elsewhere), -sign);
                }
            }
            for span in used.spans() {
                count(subject::USE_SECONDS, bucket_of(span), sign);
            }
            let weekday = i64::from((moment.facts.day + 3).rem_euclid(7));
            for (hour, uses) in &used.hours {
                count(subject::MOMENT, weekday * 24 + i64::from(*hour), sign * i64::from(*uses));
            }
        }
    }

    /// Pairs of features of which one is used for the first time.
    fn new_pairs(&mut self, was: &Moment<'_>, now: &Moment<'_>) {
        let (before, after) = (used_ids(was.used), used_ids(now.used));
        for new in after.iter().filter(|id| !before.contains(id)) {
            // Two that came at once are one pair.
            let known = |id: &&FeatureId| before.contains(id) || *id < new;
            for other in after.iter().filter(|id| *id != new).filter(known) {
                self.together(now, *new, *other, 1);
            }
        }
    }

    fn together(&mut self, moment: &Moment<'_>, one: FeatureId, other: FeatureId, sign: i64) {
        let (least, greatest) = (one.min(other), one.max(other));
        for cell in moment.spread_over() {
            let (shape, measure) = (Shape::FeatureCount, subject::TOGETHER);
            let key = key(moment.facts, shape, measure, cell, least.into(), greatest.into());
            self.row(key).add(0, sign);
        }
    }

    fn funnels(&mut self, moment: &Moment<'_>, sign: i64) {
        for (funnel, steps) in &moment.used.funnels {
            for step in (0..32_i64).filter(|step| steps >> step & 1 == 1) {
                for cell in moment.spread_over() {
                    let (shape, measure) = (Shape::FeatureCount, subject::FUNNEL);
                    let key = key(moment.facts, shape, measure, cell, i64::from(*funnel), step + 1);
                    self.row(key).add(0, sign);
                }
            }
        }
    }

    /// Distinct visitors of weeks and months.
    fn regular(&mut self, change: &Change<'_>) {
        for regular in &change.regular {
            let shape = Shape::distinct(regular.period);
            let cell = &regular.cell;
            let key = |leaf| Key {
                day: regular.period.first(),
                ..key(
                    &change.visit.facts,
                    shape,
                    subject::DAYS_USED,
                    cell,
                    regular.feature.into(),
                    leaf,
                )
            };
            let gained = &regular.gained;
            for (place, n) in &gained.places {
                self.row(key(i64::from(*place))).add(0, *n);
            }
            self.row(key(0)).add(1, gained.most_uses.into()).add(2, gained.most_seconds.into());
        }
    }
}

fn key(facts: &Facts, shape: Shape, measure: i16, cell: &Cell, value: i64, leaf: i64) -> Key {
    let subject = subject::cut(measure, cell.cut);
    Key { shape, site: facts.site, day: facts.day, subject, value, sub: cell.label, leaf }
}

fn used_ids(used: &Used) -> Vec<FeatureId> {
    used.features.iter().filter(|it| it.uses > 0).map(|it| it.id).collect()
}

fn cells_of(visit: &Visit) -> Cells {
    visit.facts.cells(&visit.cuts)
}

/// Uses of a feature in a visit, if that visit stands in the cell.
fn uses_of(visit: &Visit, id: FeatureId, cell: &Cell) -> i64 {
    let uses = visit.used.feature(id).map_or(0, |it: &UsedFeature| i64::from(it.uses));
    if uses > 0 && cells_of(visit).contains(cell) { uses } else { 0 }
}
