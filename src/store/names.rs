//! The data map's names: see `datamap`.

use std::collections::BTreeMap;

use tokio_postgres::Row as Found;

use super::{Error, Store};
use crate::{
    datamap::{Kind, Row},
    site::{DayNumber, SiteId},
};

/// A name as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredName {
    pub id: i32,
    pub kind: Kind,
    pub name: String,
    pub is_shape: bool,
    pub seen: i64,
    pub first: DayNumber,
    pub last: DayNumber,
    pub is_noise: bool,
}

/// Site, kind, whether it is a shape, name.
type Key<'a> = (SiteId, &'a str, bool, &'a str);

const COLUMNS: &str =
    "id, kind, name, is_shape, seen, first - date '1970-01-01', last - date '1970-01-01', noise";

impl Store {
    /// Adds sightings; those of sites that are gone are let go.
    ///
    /// # Errors
    /// The database is away.
    pub async fn add_names(&self, rows: &[Row]) -> Result<(), Error> {
        // One row for each name, in one order, so that two servers cannot wait for each other.
        let mut by_name: BTreeMap<Key<'_>, (i64, DayNumber, DayNumber)> = BTreeMap::new();
        for row in rows {
            let key = (row.site, row.kind.as_str(), row.is_shape, row.name.as_str());
            let (seen, first, last) = by_name.entry(key).or_insert((0, row.first, row.last));
            *seen += row.seen;
            *first = row.first.min(*first);
            *last = row.last.max(*last);
        }
        if by_name.is_empty() {
            return Ok(());
        }
        let sites: Vec<i32> = by_name.keys().map(|(site, ..)| site.cast_signed()).collect();
        let kinds: Vec<&str> = by_name.keys().map(|(_, kind, ..)| *kind).collect();
        let shapes: Vec<bool> = by_name.keys().map(|(_, _, is_shape, _)| *is_shape).collect();
        let names: Vec<&str> = by_name.keys().map(|(.., name)| *name).collect();
        let seen: Vec<i64> = by_name.values().map(|(seen, ..)| *seen).collect();
        let first: Vec<i32> = by_name.values().map(|(_, first, _)| *first).collect();
        let last: Vec<i32> = by_name.values().map(|(.., last)| *last).collect();
        let query = "insert into data_name (site, kind, is_shape, name, seen, first, last) \
             select a.site, a.kind, a.is_shape, a.name, a.seen, date '1970-01-01' + a.first, date '1970-01-01' + a.last \
             from unnest($1::int[], $2::text[], $3::bool[], $4::text[], $5::bigint[], $6::int[], $7::int[]) \
               as a (site, kind, is_shape, name, seen, first, last) \
             join site on site.id = a.site \
             on conflict (site, kind, is_shape, name) do update set \
               seen = data_name.seen + excluded.seen, \
               first = least(data_name.first, excluded.first), \
               last = greatest(data_name.last, excluded.last)";
        let client = self.client().await?;
        client.execute(query, &[&sites, &kinds, &shapes, &names, &seen, &first, &last]).await?;
        Ok(())
    }

    /// The names of a site: those seen most first.
    ///
    /// # Errors
    /// The database is away.
    pub async fn names(&self, site: SiteId) -> Result<Vec<StoredName>, Error> {
        let query = format!(
            "select {COLUMNS} from data_name where site = $1 order by kind, is_shape, seen desc, name limit 5000"
        );
        let rows = self.client().await?.query(&query, &[&site.cast_signed()]).await?;
        Ok(rows.iter().filter_map(stored).collect())
    }

    /// One name of a site.
    ///
    /// # Errors
    /// The database is away.
    pub async fn name(&self, site: SiteId, id: i32) -> Result<Option<StoredName>, Error> {
        let query = format!("select {COLUMNS} from data_name where site = $1 and id = $2");
        let row = self.client().await?.query_opt(&query, &[&site.cast_signed(), &id]).await?;
        Ok(row.as_ref().and_then(stored))
    }

    /// Labels a name as noise, or as nothing.
    ///
    /// # Errors
    /// The database is away.
    pub async fn set_noise(&self, site: SiteId, id: i32, is_noise: bool) -> Result<(), Error> {
        let query = "update data_name set noise = $3 where site = $1 and id = $2";
        self.client().await?.execute(query, &[&site.cast_signed(), &id, &is_noise]).await?;
        Ok(())
    }

    /// Lets go of names that nobody sent for so many months.
    ///
    /// # Errors
    /// The database is away.
    pub async fn drop_names(&self, site: SiteId, months: u32) -> Result<u64, Error> {
        let months = i32::try_from(months.min(10_000)).unwrap_or(10_000);
        let query = "delete from data_name where site = $1 and last < current_date - make_interval(months => $2)";
        Ok(self.client().await?.execute(query, &[&site.cast_signed(), &months]).await?)
    }
}

/// `None` for a kind that a later version wrote.
fn stored(row: &Found) -> Option<StoredName> {
    Some(StoredName {
        id: row.get(0),
        kind: Kind::parse(row.get(1))?,
        name: row.get(2),
        is_shape: row.get(3),
        seen: row.get(4),
        first: row.get(5),
        last: row.get(6),
        is_noise: row.get(7),
    })
}
