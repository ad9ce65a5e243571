//! Establishments, as the Annuaire de l'éducation tells them: denominators, and where a UAI is.

use std::collections::BTreeMap;

use tokio_postgres::{Row, Transaction};

use super::{Error, Store};
use crate::school::place::{
    Academy, Department, Establishment, Facet, Kind, SchoolLevel, Sector, Uai,
};

/// Establishments written with one statement.
const AT_ONCE: usize = 5_000;

/// What becomes of known establishments that are not among those saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gone {
    /// They were closed.
    Close,
    /// Those saved are an extract, which says nothing of others.
    Keep,
}

/// What saving establishments changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Saved {
    pub new: u64,
    pub changed: u64,
    /// As they were known already.
    pub same: u64,
    /// Not among those saved, and marked closed.
    pub closed: u64,
}

/// The column of what establishments are counted by.
pub(super) const fn column(by: Facet) -> &'static str {
    match by {
        Facet::Academy => "academy",
        Facet::Department => "department",
        Facet::Kind => "kind",
        Facet::Level => "level",
        Facet::Sector => "sector",
    }
}

/// Which establishments are counted; what is none does not matter.
#[derive(Clone, Copy, Debug, Default)]
pub struct Among<'a> {
    pub academy: Option<&'a Academy>,
    pub department: Option<&'a Department>,
    pub kind: Option<Kind>,
    pub level: Option<SchoolLevel>,
    pub sector: Option<Sector>,
}

fn establishment(row: &Row) -> Option<Establishment> {
    let text = |at| row.get::<_, Option<&str>>(at);
    Some(Establishment {
        uai: Uai::parse(text(0)?).ok()?,
        name: text(1)?.to_owned(),
        kind: Kind::by_word(text(2)?)?,
        level: SchoolLevel::by_word(text(3)?)?,
        sector: text(4).and_then(Sector::by_word),
        department: text(5).and_then(Department::by_code),
        academy: Academy::by_code(text(6)?)?,
        opened: row.get(7),
        open: row.get(8),
    })
}

fn count(row: &Row, at: usize) -> u64 {
    u64::try_from(row.get::<_, i64>(at)).unwrap_or_default()
}

impl Store {
    /// Writes establishments, all or none of them.
    ///
    /// # Errors
    /// The database is away.
    pub async fn save_establishments(
        &self,
        all: &[Establishment],
        gone: Gone,
    ) -> Result<Saved, Error> {
        let mut client = self.client().await?;
        let transaction = client.transaction().await?;
        let mut saved = Saved::default();
        for some in all.chunks(AT_ONCE) {
            let row = save(&transaction, some).await?;
            saved.new += count(&row, 0);
            saved.changed += count(&row, 1);
        }
        let written = u64::try_from(all.len()).unwrap_or_default();
        saved.same = written.saturating_sub(saved.new + saved.changed);
        if gone == Gone::Close {
            let kept: Vec<&str> = all.iter().map(|it| it.uai.as_str()).collect();
            saved.closed = transaction
                .execute(
                    "update establishment set open = false where open \
                     and not exists (select from unnest($1::text[]) as it (uai) where it.uai = establishment.uai)",
                    &[&kept],
                )
                .await?;
        }
        transaction.commit().await?;
        Ok(saved)
    }

    /// How many establishments are known to be open, and how many of them are not among these.
    ///
    /// # Errors
    /// The database is away.
    pub async fn establishments_beside(&self, these: &[Uai]) -> Result<(u64, u64), Error> {
        let these: Vec<&str> = these.iter().map(Uai::as_str).collect();
        let row = self
            .client()
            .await?
            .query_one(
                "select count(*), count(*) filter (where it.uai is null) from establishment \
                 left join unnest($1::text[]) as it (uai) using (uai) where open",
                &[&these],
            )
            .await?;
        Ok((count(&row, 0), count(&row, 1)))
    }

    /// Open establishments by code of académie or département, or by word of kind, level or sector:
    /// what shares are shares of. Those of which the directory does not say it are under no key.
    ///
    /// # Errors
    /// The database is away.
    pub async fn count_establishments(
        &self,
        by: Facet,
        among: &Among<'_>,
    ) -> Result<BTreeMap<String, u64>, Error> {
        let column = column(by);
        let statement = format!(
            "select {column}, count(*) from establishment where open and {column} is not null \
             and ($1::text is null or academy = $1) and ($2::text is null or department = $2) \
             and ($3::text is null or kind = $3) and ($4::text is null or level = $4) \
             and ($5::text is null or sector = $5) group by {column}"
        );
        let (academy, department) =
            (among.academy.map(|it| it.code), among.department.map(|it| it.code));
        let (kind, level) = (among.kind.map(Kind::word), among.level.map(SchoolLevel::word));
        let sector = among.sector.map(Sector::word);
        let rows = self
            .client()
            .await?
            .query(&statement, &[&academy, &department, &kind, &level, &sector])
            .await?;
        Ok(rows.iter().map(|row| (row.get(0), count(row, 1))).collect())
    }

    /// The establishments of these codes that are known, closed ones included.
    ///
    /// # Errors
    /// The database is away.
    pub async fn establishments(&self, these: &[Uai]) -> Result<Vec<Establishment>, Error> {
        let these: Vec<&str> = these.iter().map(Uai::as_str).collect();
        let rows = self
            .client()
            .await?
            .query(
                "select uai, name, kind, level, sector, department, academy, opened - date '1970-01-01', open \
                 from establishment where uai = any($1) order by uai",
                &[&these],
            )
            .await?;
        Ok(rows.iter().filter_map(establishment).collect())
    }
}

async fn save(transaction: &Transaction<'_>, some: &[Establishment]) -> Result<Row, Error> {
    fn each<'a, T>(some: &'a [Establishment], read: fn(&'a Establishment) -> T) -> Vec<T> {
        some.iter().map(read).collect()
    }
    let row = transaction
        .query_one(
            include_str!("sql/save_establishments.sql"),
            &[
                &each(some, |it| it.uai.as_str()),
                &each(some, |it| it.name.as_str()),
                &each(some, |it| it.kind.word()),
                &each(some, |it| it.level.word()),
                &each(some, |it| it.sector.map(Sector::word)),
                &each(some, |it| it.department.map(|it| it.code)),
                &each(some, |it| it.academy.code),
                &each(some, |it| it.opened),
                &each(some, |it| it.open),
            ],
        )
        .await?;
    Ok(row)
}
