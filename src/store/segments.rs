//! Declared segments and the series of rollups that they have.

use std::time::UNIX_EPOCH;

use tokio_postgres::Row;

use super::{Error, Store};
use crate::{
    journal::Position,
    rollup::Shape,
    site::{DayNumber, SiteId},
};

/// What is declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSegment {
    pub name: String,
    pub definition: String,
    /// None: for all sites.
    pub site: Option<SiteId>,
    pub enable_all_users: bool,
    pub auto_archive: bool,
}

/// A declared segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredSegment {
    pub id: u32,
    pub login: String,
    /// Unix seconds.
    pub created: i64,
    pub edited: Option<i64>,
    pub of: NewSegment,
}

/// The rollups of a declared segment on one site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeriesOfSegment {
    /// What they stand under in place of the site's number.
    pub number: SiteId,
    pub segment: u32,
    pub site: SiteId,
    /// The day it was declared on.
    pub since: DayNumber,
    /// It counts from there on; none: it has not begun.
    pub from: Option<Position>,
}

impl Store {
    /// Every declared segment, by number.
    ///
    /// # Errors
    /// The database is away.
    pub async fn segments(&self) -> Result<Vec<DeclaredSegment>, Error> {
        let query = "select id, name, definition, login, site, enable_all_users, auto_archive, created, edited from segment order by id";
        let rows = self.client().await?.query(query, &[]).await?;
        Ok(rows.iter().map(declared).collect())
    }

    /// Declares a segment; its number.
    ///
    /// # Errors
    /// The database is away.
    pub async fn add_segment(&self, login: &str, new: &NewSegment) -> Result<u32, Error> {
        let row = self
            .client()
            .await?
            .query_one(
                "insert into segment (login, name, definition, site, enable_all_users, auto_archive) values ($1, $2, $3, $4, $5, $6) returning id",
                &[&login, &new.name, &new.definition, &new.site.map(u32::cast_signed), &new.enable_all_users, &new.auto_archive],
            )
            .await?;
        Ok(row.get::<_, i32>(0).cast_unsigned())
    }

    /// Changes a segment. With another definition it begins anew.
    ///
    /// # Errors
    /// The database is away.
    pub async fn update_segment(&self, id: u32, new: &NewSegment) -> Result<(), Error> {
        let mut client = self.client().await?;
        let transaction = client.transaction().await?;
        let id = id.cast_signed();
        let site = new.site.map(u32::cast_signed);
        let gone = transaction
            .query(
                "delete from segment_series r using segment s where s.id = $1 and r.segment = s.id and (s.definition <> $2 or ($3::int is not null and r.site <> $3)) returning r.series",
                &[&id, &new.definition, &site],
            )
            .await?;
        transaction
            .execute(
                "update segment set name = $2, definition = $3, site = $4, enable_all_users = $5, auto_archive = $6, edited = now() where id = $1",
                &[&id, &new.name, &new.definition, &site, &new.enable_all_users, &new.auto_archive],
            )
            .await?;
        drop_rollups(&transaction, &gone).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Takes a segment and its rollups away.
    ///
    /// # Errors
    /// The database is away.
    pub async fn delete_segment(&self, id: u32) -> Result<(), Error> {
        let mut client = self.client().await?;
        let transaction = client.transaction().await?;
        let id = id.cast_signed();
        let gone = transaction
            .query("delete from segment_series where segment = $1 returning series", &[&id])
            .await?;
        transaction.execute("delete from segment where id = $1", &[&id]).await?;
        drop_rollups(&transaction, &gone).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// The series of all segments, made where one is missing: with the day that it is on the site.
    ///
    /// # Errors
    /// The database is away.
    pub async fn series(
        &self,
        today: &[(SiteId, DayNumber)],
    ) -> Result<Vec<SeriesOfSegment>, Error> {
        let client = self.client().await?;
        let (sites, days): (Vec<i32>, Vec<i32>) =
            today.iter().map(|(site, day)| (site.cast_signed(), *day)).unzip();
        client.execute(include_str!("sql/make_series.sql"), &[&sites, &days]).await?;
        let query = "select series, segment, site, since - date '1970-01-01', from_segment, from_byte from segment_series order by series";
        let rows = client.query(query, &[]).await?;
        Ok(rows.iter().map(series).collect())
    }

    /// Says from where on series count.
    ///
    /// # Errors
    /// The database is away.
    pub async fn begin_series(&self, numbers: &[SiteId], from: Position) -> Result<(), Error> {
        let series: Vec<i32> = numbers.iter().map(|number| -number.cast_signed()).collect();
        let (segment, byte) = (from.segment.cast_signed(), from.offset.cast_signed());
        self.client()
            .await?
            .execute(
                "update segment_series set from_segment = $2, from_byte = $3 where series = any($1) and from_segment is null",
                &[&series, &segment, &byte],
            )
            .await?;
        Ok(())
    }
}

/// Names of tables come from `Shape`.
async fn drop_rollups(
    transaction: &deadpool_postgres::Transaction<'_>,
    gone: &[Row],
) -> Result<(), Error> {
    let numbers: Vec<i32> = gone.iter().map(|row| -row.get::<_, i32>(0)).collect();
    if numbers.is_empty() {
        return Ok(());
    }
    for table in Shape::tables().chain(["uniques"]) {
        let query = format!("delete from rollup_{table} where site = any($1)");
        transaction.execute(&query, &[&numbers]).await?;
    }
    Ok(())
}

fn seconds(time: std::time::SystemTime) -> i64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or_default()
}

fn declared(row: &Row) -> DeclaredSegment {
    DeclaredSegment {
        id: row.get::<_, i32>(0).cast_unsigned(),
        login: row.get(3),
        created: seconds(row.get(7)),
        edited: row.get::<_, Option<_>>(8).map(seconds),
        of: NewSegment {
            name: row.get(1),
            definition: row.get(2),
            site: row.get::<_, Option<i32>>(4).map(i32::cast_unsigned),
            enable_all_users: row.get(5),
            auto_archive: row.get(6),
        },
    }
}

fn series(row: &Row) -> SeriesOfSegment {
    let number = |at: usize| row.get::<_, Option<i64>>(at).map(i64::cast_unsigned);
    let from = number(4).zip(number(5)).map(|(segment, offset)| Position { segment, offset });
    SeriesOfSegment {
        number: (-row.get::<_, i32>(0)).cast_unsigned(),
        segment: row.get::<_, i32>(1).cast_unsigned(),
        site: row.get::<_, i32>(2).cast_unsigned(),
        since: row.get(3),
        from,
    }
}
