//! Events kept for segmented questions: written with a batch, read day by day, dropped in time.

use std::{collections::BTreeSet, sync::Arc};

use deadpool_postgres::Transaction;

use super::{Error, Store};
use crate::{
    report::{Found, Label},
    site::{DayNumber, SiteId},
};

/// Events of one site and day, as they are written (`form` tells how).
pub struct KeptDay<'a> {
    pub site: SiteId,
    pub day: DayNumber,
    pub form: i16,
    pub steps: &'a [u8],
}

pub(super) async fn write(
    transaction: &Transaction<'_>,
    days: &[KeptDay<'_>],
) -> Result<(), Error> {
    for kept in days {
        let statement = transaction
            .prepare_cached("insert into kept_visits (site, day, form, steps) values ($1, date '1970-01-01' + $2::int, $3, $4)")
            .await?;
        transaction
            .execute(&statement, &[&kept.site.cast_signed(), &kept.day, &kept.form, &kept.steps])
            .await?;
    }
    Ok(())
}

impl Store {
    /// The days between two days, both included, of which something is kept, and how many bytes.
    ///
    /// # Errors
    /// The database is away.
    pub async fn kept_days(
        &self,
        site: SiteId,
        (first, last): (DayNumber, DayNumber),
        form: i16,
    ) -> Result<Vec<(DayNumber, i64)>, Error> {
        let client = self.client().await?;
        let statement = client.prepare_cached(include_str!("sql/kept_days.sql")).await?;
        let rows = client.query(&statement, &[&site.cast_signed(), &first, &last, &form]).await?;
        Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
    }

    /// The latest day between two days of which not everything that was counted is kept.
    ///
    /// # Errors
    /// The database is away.
    pub async fn not_kept(
        &self,
        site: SiteId,
        (first, last): (DayNumber, DayNumber),
        form: i16,
    ) -> Result<Option<DayNumber>, Error> {
        let client = self.client().await?;
        let statement = client.prepare_cached(include_str!("sql/not_kept.sql")).await?;
        let row =
            client.query_one(&statement, &[&site.cast_signed(), &first, &last, &form]).await?;
        Ok(row.get(0))
    }

    /// What is kept of a day, in the order it was counted.
    ///
    /// # Errors
    /// The database is away.
    pub async fn kept(
        &self,
        site: SiteId,
        day: DayNumber,
        form: i16,
    ) -> Result<Vec<Vec<u8>>, Error> {
        let client = self.client().await?;
        let statement = client
            .prepare_cached("select steps from kept_visits where site = $1 and day = date '1970-01-01' + $2::int and form = $3 order by id")
            .await?;
        let rows = client.query(&statement, &[&site.cast_signed(), &day, &form]).await?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    }

    /// Drops what was kept longer than so many days; how many rows.
    ///
    /// # Errors
    /// The database is away.
    pub async fn drop_kept(&self, site: SiteId, days: u32) -> Result<i64, Error> {
        let days = i32::try_from(days).unwrap_or(i32::MAX);
        let client = self.client().await?;
        let row = client
            .query_one(include_str!("sql/drop_kept.sql"), &[&site.cast_signed(), &days])
            .await?;
        Ok(row.get(0))
    }

    /// Gives texts the spelling that all reports use: the one that came first.
    ///
    /// # Errors
    /// The database is away.
    pub async fn spell(&self, found: &mut Found) -> Result<(), Error> {
        let mut named: Vec<&mut Label> = found
            .iter_mut()
            .flatten()
            .flat_map(|row| [&mut row.value, &mut row.sub, &mut row.leaf])
            .filter(|label| label.text.is_some())
            .collect();
        let ids: BTreeSet<i64> = named.iter().map(|label| label.id).collect();
        let ids: Vec<i64> = ids.into_iter().collect();
        let client = self.client().await?;
        let statement =
            client.prepare_cached("select id, text from label where id = any($1)").await?;
        let rows = client.query(&statement, &[&ids]).await?;
        let texts: std::collections::HashMap<i64, Arc<str>> =
            rows.iter().map(|row| (row.get(0), Arc::from(row.get::<_, &str>(1)))).collect();
        for label in &mut named {
            if let Some(text) = texts.get(&label.id) {
                label.text = Some(Arc::clone(text));
            }
        }
        Ok(())
    }
}
