//! Figures that have been kept long enough.

use super::{Error, Store};
use crate::{rollup::Shape, site::SiteId};

/// Up to here a site's figures go: whole months, because a month that is kept adds up all its days.
/// Counted from when they can have been collected, so that what a site imported of the time before
/// it was made is kept as long as anything else.
const CUTOFF: &str = "(select (date_trunc('month', now() - make_interval(months => $2)) + interval '1 month')::date \
     from site where id = $1 and created < now() - make_interval(months => $2))";

/// A site's own figures and those of its declared segments.
const OF_SITE: &str = "(site = $1 or site in (select -series from segment_series where site = $1))";

impl Store {
    /// Drops the figures of a site that are older than so many months; how many rows.
    ///
    /// # Errors
    /// The database is away; it may be tried again.
    pub async fn drop_old(&self, site: SiteId, months: u32) -> Result<u64, Error> {
        let months = i32::try_from(months).unwrap_or(i32::MAX).min(12 * 1_000);
        let tables = Shape::tables();
        let client = self.client().await?;
        let mut rows = 0;
        for table in tables.chain(["uniques"]) {
            let statement =
                format!("delete from rollup_{table} where {OF_SITE} and period < {CUTOFF}");
            rows += client.execute(&statement, &[&site.cast_signed(), &months]).await?;
        }
        Ok(rows)
    }
}
