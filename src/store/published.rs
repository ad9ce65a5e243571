//! Figures that were published, and who may see those of which place.

use tokio_postgres::Row;

use super::{Error, Store};
use crate::{
    publish::Published,
    site::{DayNumber, FeatureId, SiteId},
};

/// A published cell with whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedCell {
    pub month: DayNumber,
    pub feature: FeatureId,
    pub cell: Published,
}

impl Store {
    /// First days of the months that have figures of features but were not decided yet, before a day.
    ///
    /// # Errors
    /// The database is away.
    pub async fn unpublished_months(
        &self,
        site: SiteId,
        before: DayNumber,
    ) -> Result<Vec<DayNumber>, Error> {
        let query = "select distinct f.period - date '1970-01-01' from rollup_features f \
             left join published_month p on p.site = f.site and p.month = f.period \
             where f.site = $1 and f.grain = 'm' and p.site is null \
               and f.period + interval '1 month' <= date '1970-01-01' + $2::int order by 1";
        let rows = self.client().await?.query(query, &[&site.cast_signed(), &before]).await?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    }

    /// Publishes a month, once: where it was decided before, nothing is changed.
    ///
    /// # Errors
    /// The database is away.
    pub async fn publish(
        &self,
        site: SiteId,
        month: DayNumber,
        cells: &[(FeatureId, Published)],
    ) -> Result<(), Error> {
        let mut client = self.client().await?;
        let all = client.transaction().await?;
        let site = site.cast_signed();
        let new = all
            .execute(
                "insert into published_month (site, month) values ($1, date '1970-01-01' + $2::int) on conflict do nothing",
                &[&site, &month],
            )
            .await?;
        if new == 0 {
            return Ok(());
        }
        let features: Vec<i64> = cells.iter().map(|(feature, _)| i64::from(*feature)).collect();
        let places: Vec<&str> = cells.iter().map(|(_, cell)| cell.place.as_str()).collect();
        let profiles: Vec<&str> = cells.iter().map(|(_, cell)| cell.profile.as_str()).collect();
        let figures = |pick: fn(&Published) -> u64| -> Vec<i64> {
            cells.iter().map(|(_, cell)| i64::try_from(pick(cell)).unwrap_or(i64::MAX)).collect()
        };
        all.execute(
            "insert into published (site, month, feature, place, profile, people, visits, uses, seconds) \
             select $1, date '1970-01-01' + $2::int, u.* from unnest($3::bigint[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[]) u",
            &[
                &site,
                &month,
                &features,
                &places,
                &profiles,
                &figures(|it| it.people),
                &figures(|it| it.visits),
                &figures(|it| it.uses),
                &figures(|it| it.seconds),
            ],
        )
        .await?;
        Ok(all.commit().await?)
    }

    /// The months of a span that were decided.
    ///
    /// # Errors
    /// The database is away.
    pub async fn published_months(
        &self,
        site: SiteId,
        (from, to): (DayNumber, DayNumber),
    ) -> Result<Vec<DayNumber>, Error> {
        let query = "select month - date '1970-01-01' from published_month where site = $1 \
             and month between date '1970-01-01' + $2::int and date '1970-01-01' + $3::int order by month";
        let rows = self.client().await?.query(query, &[&site.cast_signed(), &from, &to]).await?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    }

    /// What was published of places (all of them, where none is named) in a span of months.
    ///
    /// # Errors
    /// The database is away.
    pub async fn published(
        &self,
        site: SiteId,
        (from, to): (DayNumber, DayNumber),
        places: &[String],
        features: &[FeatureId],
    ) -> Result<Vec<PublishedCell>, Error> {
        let query = "select month - date '1970-01-01', feature, place, profile, people, visits, uses, seconds \
             from published where site = $1 and place = any($4) and feature = any($5) \
             and month between date '1970-01-01' + $2::int and date '1970-01-01' + $3::int \
             order by place, feature, month, profile";
        let features: Vec<i64> = features.iter().map(|it| i64::from(*it)).collect();
        let client = self.client().await?;
        let rows =
            client.query(query, &[&site.cast_signed(), &from, &to, &places, &features]).await?;
        Ok(rows.iter().map(cell).collect())
    }

    /// Lets an account see published figures of places of a site, and of no others of it.
    ///
    /// # Errors
    /// The database is away, or there is no such account or site.
    pub async fn set_scope(
        &self,
        login: &str,
        site: SiteId,
        places: &[String],
    ) -> Result<(), Error> {
        let mut client = self.client().await?;
        let all = client.transaction().await?;
        let site = site.cast_signed();
        all.execute("delete from account_scope where account = $1 and site = $2", &[&login, &site])
            .await?;
        all.execute(
            "insert into account_scope (account, site, place) select $1, $2, unnest($3::text[]) on conflict do nothing",
            &[&login, &site, &places],
        )
        .await?;
        Ok(all.commit().await?)
    }
}

fn cell(row: &Row) -> PublishedCell {
    let figure = |at: usize| u64::try_from(row.get::<_, i64>(at)).unwrap_or_default();
    PublishedCell {
        month: row.get(0),
        feature: FeatureId::try_from(row.get::<_, i64>(1)).unwrap_or_default(),
        cell: Published {
            place: row.get(2),
            profile: row.get(3),
            people: figure(4),
            visits: figure(5),
            uses: figure(6),
            seconds: figure(7),
        },
    }
}
