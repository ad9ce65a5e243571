//! What the database says is measured: sites, declared segments, and what counting must do for them.

use std::{collections::HashSet, sync::Arc};

use tracing::warn;

use crate::{
    ingest::{Series, Wanted},
    segment::Segment,
    site::{self, DayNumber, Site, SiteId},
    store::{DeclaredSegment, Error, Store},
    strip::Policy,
};

/// What was read at once.
pub struct Known {
    pub(super) sites: Vec<Arc<Site>>,
    pub(super) segments: Vec<DeclaredSegment>,
    pub(super) series: Vec<Declared>,
    pub wanted: Wanted,
}

/// A declared segment of one site.
#[derive(Clone, Debug)]
pub(super) struct Declared {
    /// Its rollups stand under this in place of the site's number.
    pub(super) number: SiteId,
    pub(super) site: SiteId,
    /// The day it was declared on.
    pub(super) since: DayNumber,
    pub(super) segment: Segment,
}

/// Days that a site's visits are kept, where it is `usual` days.
pub(super) fn visit_days(site: &Site, usual: u32) -> u32 {
    site.settings.visit_days.unwrap_or(usual).min(Policy::named(site.policy).most_visit_days)
}

/// Reads sites and segments. `now` is in Unix seconds.
///
/// # Errors
/// The database is away.
pub async fn look(store: &Store, usual_days: u32, now: i64) -> Result<Known, Error> {
    let sites: Vec<Arc<Site>> = store.sites().await?.into_iter().map(Arc::new).collect();
    let segments = store.segments().await?;
    let today: Vec<(SiteId, DayNumber)> =
        sites.iter().map(|site| (site.id, site::day_and_hour(now, &site.zone()).0)).collect();
    let rows = if segments.is_empty() { Vec::new() } else { store.series(&today).await? };
    let kept = sites.iter().filter(|site| visit_days(site, usual_days) > 0).map(|site| site.id);
    let with = |of: fn(&Policy) -> bool| {
        let sites = sites.iter().filter(move |site| of(Policy::named(site.policy)));
        sites.map(|site| site.id).collect()
    };
    let mut wanted = Wanted {
        kept: kept.collect::<HashSet<_>>(),
        transitions: with(|policy| policy.transitions),
        recency: with(|policy| policy.recency),
        series: Vec::new(),
    };
    let mut series = Vec::new();
    for row in rows {
        let site = sites.iter().find(|site| site.id == row.site);
        let declared = segments.iter().find(|segment| segment.id == row.segment);
        let (Some(site), Some(declared)) = (site, declared) else { continue };
        match Segment::parse(&declared.of.definition, site) {
            Ok(segment) => {
                let (number, since) = (row.number, row.since);
                let site = Arc::clone(site);
                series.push(Declared { number, site: site.id, since, segment: segment.clone() });
                wanted.series.push(Series { number, segment, site, from: row.from });
            }
            // A segment of all sites may name a dimension that only some have.
            Err(_) if declared.of.site.is_none() => (),
            Err(wrong) => {
                warn!(segment = row.segment, site = row.site, %wrong, "a declared segment is not counted")
            }
        }
    }
    Ok(Known { sites, segments, series, wanted })
}
