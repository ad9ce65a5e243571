//! Sites, their goals and dimensions.

use std::{sync::Arc, time::UNIX_EPOCH};

use serde_json::Value;
use tokio_postgres::Row;

use super::{Error, Store};
use crate::{
    rollup::Shape,
    site::{Dimension, Goal, PolicyName, Scope, Settings, Site, SiteId},
};

/// A site to be made.
pub struct NewSite {
    pub name: String,
    pub urls: Vec<String>,
    pub timezone: String,
    pub currency: String,
    pub policy: PolicyName,
    pub settings: Settings,
}

impl Store {
    /// Every site with its goals, dimensions and register, by number.
    ///
    /// # Errors
    /// The database is away.
    pub async fn sites(&self) -> Result<Vec<Site>, Error> {
        let client = self.client().await?;
        let rows = client
            .query("select id, name, urls, timezone, currency, policy, created, settings from site order by id", &[])
            .await?;
        let mut sites = rows.iter().map(site).collect::<Result<Vec<_>, _>>()?;
        let goals = client
            .query("select site, definition from goal where not deleted order by site, id", &[])
            .await?;
        let dimensions =
            client.query("select site, definition from dimension order by site, id", &[]).await?;
        let mut with = |row: &Row, add: &dyn Fn(&mut Site, Value) -> Result<(), Error>| {
            let id: i32 = row.get(0);
            match sites.iter_mut().find(|site| site.id == id.cast_unsigned()) {
                Some(site) => add(site, row.get(1)),
                None => Ok(()),
            }
        };
        for row in &goals {
            with(row, &|site, value| {
                let _: () = site.goals.push(serde_json::from_value::<Goal>(value)?);
                Ok(())
            })?;
        }
        for row in &dimensions {
            with(row, &|site, value| {
                let _: () = site.dimensions.push(serde_json::from_value::<Dimension>(value)?);
                Ok(())
            })?;
        }
        for (id, register) in self.registers().await? {
            if let Some(site) = sites.iter_mut().find(|site| site.id == id) {
                site.register = Arc::new(register);
            }
        }
        Ok(sites)
    }

    /// Makes a site; its number.
    ///
    /// # Errors
    /// The database is away.
    pub async fn add_site(&self, new: &NewSite) -> Result<SiteId, Error> {
        let settings = serde_json::to_value(&new.settings)?;
        let row = self
            .client()
            .await?
            .query_one(
                "insert into site (name, urls, timezone, currency, policy, settings) values ($1, $2, $3, $4, $5, $6) returning id",
                &[&new.name, &new.urls, &new.timezone, &new.currency, &new.policy.as_str(), &settings],
            )
            .await?;
        Ok(row.get::<_, i32>(0).cast_unsigned())
    }

    /// Writes a site anew; its policy stays.
    ///
    /// # Errors
    /// The database is away.
    pub async fn save_site(&self, site: &Site) -> Result<(), Error> {
        let settings = serde_json::to_value(&site.settings)?;
        let (id, urls) = (site.id.cast_signed(), &site.urls);
        self.client()
            .await?
            .execute(
                "update site set name = $2, urls = $3, timezone = $4, currency = $5, settings = $6 where id = $1",
                &[&id, &site.name, urls, &site.timezone, &site.currency, &settings],
            )
            .await?;
        Ok(())
    }

    /// Deletes a site and all that was counted of it.
    ///
    /// # Errors
    /// The database is away.
    pub async fn delete_site(&self, site: SiteId) -> Result<(), Error> {
        let mut client = self.client().await?;
        let all = client.transaction().await?;
        let tables = Shape::tables().chain(["uniques"]);
        for table in tables {
            // Declared segments are counted under the numbers of their series, below 0.
            let query = format!(
                "delete from rollup_{table} where site = $1 or site in (select -series from segment_series where site = $1)"
            );
            all.execute(&query, &[&site.cast_signed()]).await?;
        }
        for table in ["kept_visits", "lost_visits"] {
            let query = format!("delete from {table} where site = $1");
            all.execute(&query, &[&site.cast_signed()]).await?;
        }
        all.execute("delete from site where id = $1", &[&site.cast_signed()]).await?;
        Ok(all.commit().await?)
    }

    /// Writes a goal anew.
    ///
    /// # Errors
    /// The database is away.
    pub async fn save_goal(&self, site: SiteId, goal: &Goal) -> Result<(), Error> {
        let definition = serde_json::to_value(goal)?;
        self.client()
            .await?
            .execute(
                "update goal set definition = $3 where site = $1 and id = $2",
                &[&site.cast_signed(), &goal.id.cast_signed(), &definition],
            )
            .await?;
        Ok(())
    }

    /// Deletes a goal. Its number is not given again: its conversions stay counted.
    ///
    /// # Errors
    /// The database is away.
    pub async fn delete_goal(&self, site: SiteId, goal: u32) -> Result<(), Error> {
        self.client()
            .await?
            .execute(
                "update goal set deleted = true where site = $1 and id = $2",
                &[&site.cast_signed(), &goal.cast_signed()],
            )
            .await?;
        Ok(())
    }

    /// Writes a dimension anew.
    ///
    /// # Errors
    /// The database is away.
    pub async fn save_dimension(&self, site: SiteId, dimension: &Dimension) -> Result<(), Error> {
        let definition = serde_json::to_value(dimension)?;
        self.client()
            .await?
            .execute(
                "update dimension set definition = $3 where site = $1 and id = $2",
                &[&site.cast_signed(), &i32::from(dimension.id), &definition],
            )
            .await?;
        Ok(())
    }

    /// Adds a goal to a site; its number among the site's goals, whatever `goal.id` says.
    ///
    /// # Errors
    /// The database is away.
    pub async fn add_goal(&self, site: SiteId, goal: &Goal) -> Result<u32, Error> {
        let id = self.next(site, "goal").await?;
        let goal = Goal { id: id.cast_unsigned(), ..goal.clone() };
        let definition = serde_json::to_value(&goal)?;
        self.client()
            .await?
            .execute(
                "insert into goal (site, id, definition) values ($1, $2, $3)",
                &[&site.cast_signed(), &id, &definition],
            )
            .await?;
        Ok(goal.id)
    }

    /// Adds a dimension to a site; its number among the site's dimensions.
    ///
    /// # Errors
    /// The database is away.
    pub async fn add_dimension(
        &self,
        site: SiteId,
        name: &str,
        scope: Scope,
        active: bool,
    ) -> Result<u16, Error> {
        let id = self.next(site, "dimension").await?;
        let client = self.client().await?;
        let scope_name = serde_json::to_value(scope)?;
        let row = client
            .query_one(
                "select count(*) from dimension where site = $1 and definition->'scope' = $2",
                &[&site.cast_signed(), &scope_name],
            )
            .await?;
        let number = |n: i64| {
            u16::try_from(n)
                .map_err(|_| Error::Refused("a site cannot have that many dimensions".into()))
        };
        let dimension = Dimension {
            id: number(i64::from(id))?,
            name: name.to_owned(),
            scope,
            index: number(row.get::<_, i64>(0) + 1)?,
            active,
        };
        client
            .execute(
                "insert into dimension (site, id, definition) values ($1, $2, $3)",
                &[&site.cast_signed(), &id, &serde_json::to_value(&dimension)?],
            )
            .await?;
        Ok(dimension.id)
    }

    /// The next number of a site's goals or dimensions. The table's name is ours.
    async fn next(&self, site: SiteId, table: &'static str) -> Result<i32, Error> {
        let query = format!("select coalesce(max(id), 0) + 1 from {table} where site = $1");
        Ok(self.client().await?.query_one(&query, &[&site.cast_signed()]).await?.get(0))
    }
}

fn site(row: &Row) -> Result<Site, Error> {
    let created: std::time::SystemTime = row.get(6);
    let created = created.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let policy: String = row.get(5);
    Ok(Site {
        id: row.get::<_, i32>(0).cast_unsigned(),
        name: row.get(1),
        urls: row.get(2),
        timezone: row.get(3),
        currency: row.get(4),
        policy: PolicyName::parse(&policy).unwrap_or_default(),
        created: i64::try_from(created).unwrap_or_default(),
        settings: serde_json::from_value(row.get(7))?,
        goals: Vec::new(),
        dimensions: Vec::new(),
        register: Arc::default(),
    })
}
