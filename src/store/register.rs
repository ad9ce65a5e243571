//! What features a site has, and what was changed about them.

use serde_json::Value;
use tokio_postgres::Row;

use super::{Error, Store};
use crate::site::{DayNumber, Register, SiteId};

/// A change of a register that was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterChange {
    /// Of the site.
    pub day: DayNumber,
    /// Whose: a login, or the command's name.
    pub login: String,
    /// Lines that say what changed.
    pub changes: Vec<String>,
}

impl Store {
    /// The register of every site that has one.
    ///
    /// # Errors
    /// The database is away.
    pub(super) async fn registers(&self) -> Result<Vec<(SiteId, Register)>, Error> {
        let rows = self.client().await?.query("select site, definition from register", &[]).await?;
        let understood = |row: &Row| {
            let register = serde_json::from_value(row.get::<_, Value>(1))?;
            Ok((row.get::<_, i32>(0).cast_unsigned(), register))
        };
        rows.iter().map(understood).collect()
    }

    /// Takes a register over in place of the one that it was planned from, and notes what that
    /// changes. Whether it was: somebody else may have changed it meanwhile.
    ///
    /// # Errors
    /// The database is away, or there is no such site.
    pub async fn save_register(
        &self,
        site: SiteId,
        before: &Register,
        register: &Register,
        change: &RegisterChange,
    ) -> Result<bool, Error> {
        let definition = serde_json::to_value(register)?;
        let site = site.cast_signed();
        let mut client = self.client().await?;
        let transaction = client.transaction().await?;
        // The site's row is there whether it has a register or not: two who write wait for it.
        transaction.query("select 1 from site where id = $1 for update", &[&site]).await?;
        let stored = "select definition from register where site = $1";
        let stored = match transaction.query_opt(stored, &[&site]).await? {
            Some(row) => serde_json::from_value(row.get::<_, Value>(0))?,
            None => Register::default(),
        };
        if stored != *before {
            return Ok(false);
        }
        transaction
            .execute(
                "insert into register (site, definition) values ($1, $2) \
                 on conflict (site) do update set definition = excluded.definition, edited = now()",
                &[&site, &definition],
            )
            .await?;
        transaction
            .execute(
                "insert into register_change (site, day, login, changes) values ($1, date '1970-01-01' + $2::int, $3, $4)",
                &[&site, &change.day, &change.login, &change.changes],
            )
            .await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Something that is different after every change of a register.
    ///
    /// # Errors
    /// The database is away.
    pub async fn registers_mark(&self) -> Result<(i64, i32), Error> {
        let query = "select count(*), coalesce(max(id), 0) from register_change";
        let row = self.client().await?.query_one(query, &[]).await?;
        Ok((row.get(0), row.get(1)))
    }

    /// The changes of a site's register, the oldest first.
    ///
    /// # Errors
    /// The database is away.
    pub async fn register_changes(&self, site: SiteId) -> Result<Vec<RegisterChange>, Error> {
        let query = "select day - date '1970-01-01', login, changes from register_change where site = $1 order by id";
        let rows = self.client().await?.query(query, &[&site.cast_signed()]).await?;
        let change =
            |row: &Row| RegisterChange { day: row.get(0), login: row.get(1), changes: row.get(2) };
        Ok(rows.iter().map(change).collect())
    }
}
