//! Which declared segments are counted, and from where on.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use tokio::runtime::Handle;

use super::{Series, Wanted, Worker};
use crate::{journal::Position, site::SiteId};

/// The series that are counted.
#[derive(Default)]
pub(super) struct Following {
    /// What they were made from.
    wanted: Arc<Wanted>,
    pub(super) series: Vec<Series>,
    pub(super) sites: HashSet<SiteId>,
    /// Where series began that had not when `wanted` was read.
    begun: HashMap<SiteId, Position>,
}

impl Worker {
    /// What is wanted now. Series that were declared meanwhile begin here, before the next event;
    /// where that cannot be written down yet, a little later.
    pub(super) fn begin(&mut self, handle: &Handle) -> Arc<Wanted> {
        let wanted = self.wanted.load_full();
        let begun =
            |it: &Series| it.from.is_some() || self.following.begun.contains_key(&it.number);
        let new: Vec<SiteId> =
            wanted.series.iter().filter(|it| !begun(it)).map(|it| it.number).collect();
        let mut changed = !Arc::ptr_eq(&wanted, &self.following.wanted);
        if !new.is_empty() {
            let from = self.reader.position();
            match handle.block_on(self.store.begin_series(&new, from)) {
                Ok(()) => {
                    self.following.begun.extend(new.into_iter().map(|number| (number, from)));
                    changed = true;
                }
                Err(problem) => self.tell(&problem),
            }
        }
        if changed {
            self.follow(&wanted);
        }
        wanted
    }

    pub(super) fn follow(&mut self, wanted: &Arc<Wanted>) {
        let following = &mut self.following;
        let series = wanted.series.iter().cloned().map(|series| {
            let from = series.from.or_else(|| following.begun.get(&series.number).copied());
            Series { from, ..series }
        });
        following.series = series.filter(|it| it.from.is_some()).collect();
        following.sites = following.series.iter().map(|it| it.site.id).collect();
        following.wanted = Arc::clone(wanted);
        self.trails.keep_only(&following.series);
    }
}
