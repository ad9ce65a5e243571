//! Notes of a site's team on days.

use tokio_postgres::Row;

use super::{Error, Store};
use crate::site::{DayNumber, SiteId};

/// A note on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    pub id: i32,
    pub day: DayNumber,
    pub text: String,
    pub starred: bool,
    /// The login of who wrote it; never a visitor.
    pub author: String,
}

fn note(row: &Row) -> Note {
    Note {
        id: row.get(0),
        day: row.get(1),
        text: row.get(2),
        starred: row.get(3),
        author: row.get(4),
    }
}

impl Store {
    /// The notes of a site from one day to another, by day.
    ///
    /// # Errors
    /// The database is away.
    pub async fn notes(
        &self,
        site: SiteId,
        from: DayNumber,
        to: DayNumber,
    ) -> Result<Vec<Note>, Error> {
        let rows = self
            .client()
            .await?
            .query(
                "select id, day - date '1970-01-01', note, starred, author from annotation \
                 where site = $1 and day between date '1970-01-01' + $2::int and date '1970-01-01' + $3::int \
                 order by day, id",
                &[&site.cast_signed(), &from, &to],
            )
            .await?;
        Ok(rows.iter().map(note).collect())
    }

    /// Adds a note; its number among the site's.
    ///
    /// # Errors
    /// The database is away.
    pub async fn add_note(&self, site: SiteId, new: &Note) -> Result<i32, Error> {
        let row = self
            .client()
            .await?
            .query_one(
                "insert into annotation (site, id, day, note, starred, author) \
                 select $1, coalesce(max(id), -1) + 1, date '1970-01-01' + $2::int, $3, $4, $5 \
                 from annotation where site = $1 returning id",
                &[&site.cast_signed(), &new.day, &new.text, &new.starred, &new.author],
            )
            .await?;
        Ok(row.get(0))
    }

    /// One note.
    ///
    /// # Errors
    /// The database is away.
    pub async fn note(&self, site: SiteId, id: i32) -> Result<Option<Note>, Error> {
        let row = self
            .client()
            .await?
            .query_opt(
                "select id, day - date '1970-01-01', note, starred, author from annotation where site = $1 and id = $2",
                &[&site.cast_signed(), &id],
            )
            .await?;
        Ok(row.as_ref().map(note))
    }

    /// Writes a note anew.
    ///
    /// # Errors
    /// The database is away.
    pub async fn save_note(&self, site: SiteId, note: &Note) -> Result<(), Error> {
        self.client()
            .await?
            .execute(
                "update annotation set day = date '1970-01-01' + $3::int, note = $4, starred = $5 where site = $1 and id = $2",
                &[&site.cast_signed(), &note.id, &note.day, &note.text, &note.starred],
            )
            .await?;
        Ok(())
    }

    /// Deletes a note, or all of a site.
    ///
    /// # Errors
    /// The database is away.
    pub async fn delete_notes(&self, site: SiteId, id: Option<i32>) -> Result<(), Error> {
        self.client()
            .await?
            .execute(
                "delete from annotation where site = $1 and ($2::int is null or id = $2)",
                &[&site.cast_signed(), &id],
            )
            .await?;
        Ok(())
    }
}
