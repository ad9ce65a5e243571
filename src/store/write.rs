//! A batch: labels, rollups, uniques and the journal's position, in one transaction.

use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
};

use deadpool_postgres::Transaction;
use tokio_postgres::{Row, types::ToSql};

use super::{
    Error, Store,
    kept::{self, KeptDay},
};
use crate::{
    journal::Position,
    rollup::{Delta, Figures, Key, Merge, Rows, Shape, subject},
    site::{self, DayNumber},
    strip::Period,
};

/// What a writer knows to be in the database already. Only what was committed is in here.
#[derive(Default)]
pub struct Known(Mutex<Seen>);

#[derive(Default)]
struct Seen {
    labels: HashSet<i64>,
    months: HashSet<(Shape, DayNumber)>,
}

/// Labels remembered before the memory is emptied: 8 bytes each.
const MOST_LABELS: usize = 1_000_000;

impl Known {
    fn new_labels<'a>(&self, delta: &'a Delta) -> Vec<(i64, &'a str)> {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let new = delta.texts().filter(|(id, _)| !seen.labels.contains(id));
        let mut new: Vec<_> = new.map(|(id, text)| (id, &**text)).collect();
        new.sort_unstable();
        new
    }

    fn new_pairs(&self, delta: &Delta) -> Vec<(i64, (i64, i64))> {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        delta.pairs().into_iter().filter(|(id, _)| !seen.labels.contains(id)).collect()
    }

    fn new_months(&self, rows: &[(Key, Figures)]) -> Vec<(Shape, DayNumber)> {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut months = Vec::with_capacity(rows.len());
        for (key, _) in rows {
            months.push((key.shape, month_of(key.day)));
            if key.shape.rows(key.subject) == Rows::WeeksAndMonths {
                // A week may begin in the month before.
                months.push((key.shape, month_of(week_of(key.day))));
            }
        }
        months.sort_unstable();
        months.dedup();
        months.retain(|month| !seen.months.contains(month));
        months
    }

    fn committed(&self, labels: impl Iterator<Item = i64>, months: &[(Shape, DayNumber)]) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.labels.len() > MOST_LABELS {
            seen.labels.clear();
        }
        seen.labels.extend(labels);
        seen.months.extend(months);
    }
}

impl Store {
    /// Adds a delta, keeps events and moves the journal's position from one place to another: all
    /// or nothing. Where the position has moved there already, an earlier attempt was committed and
    /// its answer lost: nothing is added again.
    ///
    /// # Errors
    /// The same may be tried again; or the position is at neither place: another server counts into
    /// this database.
    pub async fn commit(
        &self,
        known: &Known,
        delta: &Delta,
        kept: &[KeptDay<'_>],
        (from, to): (Position, Position),
    ) -> Result<(), Error> {
        let rows = delta.sorted_rows();
        let labels = known.new_labels(delta);
        let pairs = known.new_pairs(delta);
        let months = known.new_months(&rows);
        let mut client = self.client().await?;
        for (shape, month) in &months {
            // Outside the transaction: a partition that stays empty harms nobody.
            client.batch_execute(&partition(*shape, *month)).await?;
        }
        let transaction = client.transaction().await?;
        let statement = transaction.prepare_cached(HELD_POSITION).await?;
        let held = position(transaction.query_opt(&statement, &[]).await?.as_ref());
        if held == to {
            return Ok(());
        }
        if held != from {
            return Err(Error::Refused(format!(
                "the journal is counted up to {held:?} by the database and up to {from:?} by this server: another server counts into the same database. Give each data directory a database of its own, and restart"
            )));
        }
        write_labels(&transaction, &labels).await?;
        write_pairs(&transaction, &pairs).await?;
        // Rows are in the order of their tables.
        for of_shape in rows.chunk_by(|(a, _), (b, _)| a.shape == b.shape) {
            let Some((Key { shape, .. }, _)) = of_shape.first() else { continue };
            let part = |kinds: &[Rows]| -> Vec<_> {
                let mine = |(key, _): &&(Key, Figures)| kinds.contains(&shape.rows(key.subject));
                of_shape.iter().filter(mine).collect()
            };
            let days = part(&[Rows::DaysAndMonths, Rows::Days]);
            let weeks = part(&[Rows::Weeks, Rows::WeeksAndMonths]);
            let months = part(&[Rows::DaysAndMonths, Rows::WeeksAndMonths, Rows::Months]);
            write_rows(&transaction, *shape, 'd', &days, |day| day).await?;
            write_rows(&transaction, *shape, 'w', &weeks, week_of).await?;
            write_rows(&transaction, *shape, 'm', &months, month_of).await?;
            write_rows(&transaction, *shape, 'y', &part(&[Rows::Years]), |day| day).await?;
            write_rows(&transaction, *shape, 's', &part(&[Rows::SchoolYears]), |day| day).await?;
        }
        write_uniques(&transaction, delta).await?;
        kept::write(&transaction, kept).await?;
        write_position(&transaction, to).await?;
        transaction.commit().await?;
        let written = labels.iter().map(|(id, _)| *id).chain(pairs.iter().map(|(id, _)| *id));
        known.committed(written, &months);
        Ok(())
    }

    /// How far the journal is in the rollups; the beginning where nothing is.
    ///
    /// # Errors
    /// The database is away.
    pub async fn position(&self) -> Result<Position, Error> {
        let client = self.client().await?;
        Ok(position(client.query_opt(POSITION, &[]).await?.as_ref()))
    }
}

const POSITION: &str = "select segment, byte from journal_position";
/// Nobody else moves it meanwhile.
const HELD_POSITION: &str = "select segment, byte from journal_position for update";

fn position(row: Option<&Row>) -> Position {
    let number = |n: i64| n.cast_unsigned();
    row.map_or_else(Position::default, |row| Position {
        segment: number(row.get(0)),
        offset: number(row.get(1)),
    })
}

fn month_of(day: DayNumber) -> DayNumber {
    site::number_of(site::date_of(day).first_of_month())
}

fn week_of(day: DayNumber) -> DayNumber {
    let [_, week, _] = Period::of(day);
    week.first()
}

/// Names of tables come from `Shape`, dates from the calendar: nothing of a hit is in here.
fn partition(shape: Shape, month: DayNumber) -> String {
    let (first, next) = (site::date_of(month), site::date_of(Period::Month(month).end()));
    let table = format!("rollup_{}", shape.name());
    let suffix = first.strftime("%Y_%m");
    format!(
        "create table if not exists {table}_{suffix} partition of {table} for values from ('{first}') to ('{next}') with (fillfactor = 80)"
    )
}

async fn write_labels(transaction: &Transaction<'_>, labels: &[(i64, &str)]) -> Result<(), Error> {
    if labels.is_empty() {
        return Ok(());
    }
    let (ids, texts): (Vec<i64>, Vec<&str>) = labels.iter().copied().unzip();
    let statement = transaction
        .prepare_cached("insert into label (id, text) select * from unnest($1::bigint[], $2::text[]) on conflict do nothing")
        .await?;
    transaction.execute(&statement, &[&ids, &texts]).await?;
    Ok(())
}

/// Texts made of two that are there already.
async fn write_pairs(
    transaction: &Transaction<'_>,
    pairs: &[(i64, (i64, i64))],
) -> Result<(), Error> {
    if pairs.is_empty() {
        return Ok(());
    }
    let ids: Vec<i64> = pairs.iter().map(|(id, _)| *id).collect();
    let (first, second): (Vec<i64>, Vec<i64>) = pairs.iter().map(|(_, of)| *of).unzip();
    let statement = transaction.prepare_cached(include_str!("sql/add_pairs.sql")).await?;
    let between = subject::PAIR.to_string();
    transaction.execute(&statement, &[&ids, &first, &second, &between]).await?;
    Ok(())
}

async fn write_rows(
    transaction: &Transaction<'_>,
    shape: Shape,
    grain: char,
    rows: &[&(Key, Figures)],
    period: impl Fn(DayNumber) -> DayNumber,
) -> Result<(), Error> {
    if rows.is_empty() {
        return Ok(());
    }
    let merged = merged(shape, rows, period);
    let grain = i8::try_from(u32::from(grain)).unwrap_or_default();
    let sites: Vec<i32> = merged.iter().map(|(key, _)| key.site.cast_signed()).collect();
    let periods: Vec<i32> = merged.iter().map(|(key, _)| key.day).collect();
    let subjects: Vec<i16> = merged.iter().map(|(key, _)| key.subject).collect();
    let numbers =
        |pick: fn(&Key) -> i64| merged.iter().map(|(key, _)| pick(key)).collect::<Vec<i64>>();
    let (values, subs, leaves) =
        (numbers(|key| key.value), numbers(|key| key.sub), numbers(|key| key.leaf));
    let width = shape.columns().len();
    let figures: Vec<Vec<i64>> = (0..width)
        .map(|place| {
            merged
                .iter()
                .map(|(_, figures)| figures.get(place).copied().unwrap_or_default())
                .collect()
        })
        .collect();
    let mut parameters: Vec<&(dyn ToSql + Sync)> =
        vec![&grain, &sites, &periods, &subjects, &values, &subs, &leaves];
    parameters.extend(figures.iter().map(|column| column as &(dyn ToSql + Sync)));
    let statement = transaction.prepare_cached(&upsert(shape)).await?;
    transaction.execute(&statement, &parameters).await?;
    Ok(())
}

/// Rows of days as rows of periods, in the key's order.
fn merged(
    shape: Shape,
    rows: &[&(Key, Figures)],
    period: impl Fn(DayNumber) -> DayNumber,
) -> Vec<(Key, Figures)> {
    let mut sorted: Vec<(Key, Figures)> = rows
        .iter()
        .map(|(key, figures)| (Key { day: period(key.day), ..*key }, *figures))
        .collect();
    sorted.sort_unstable_by_key(|(key, _)| {
        (key.site, key.subject, key.day, key.value, key.sub, key.leaf)
    });
    let mut merged: Vec<(Key, Figures)> = Vec::with_capacity(sorted.len());
    for (key, figures) in sorted {
        match merged.last_mut() {
            Some((last, sum)) if *last == key => shape.merge(sum, &figures),
            _ => merged.push((key, figures)),
        }
    }
    merged
}

fn upsert(shape: Shape) -> String {
    let columns = shape.columns();
    let names: Vec<&str> = columns.iter().map(|column| column.name).collect();
    let table = format!("rollup_{}", shape.name());
    let arrays: Vec<String> = (8..8 + columns.len()).map(|n| format!("${n}::bigint[]")).collect();
    let updates: Vec<String> = columns
        .iter()
        .map(|column| {
            let name = column.name;
            match column.merge {
                Merge::Sum => format!("{name} = {table}.{name} + excluded.{name}"),
                Merge::Max => format!("{name} = greatest({table}.{name}, excluded.{name})"),
                Merge::Min => format!("{name} = least({table}.{name}, excluded.{name})"),
            }
        })
        .collect();
    let figures = names.join(", ");
    format!(
        "insert into {table} (site, grain, period, subject, value, sub, leaf, {figures}) \
         select u.site, $1::\"char\", date '1970-01-01' + u.period, u.subject, u.value, u.sub, u.leaf, {} \
         from unnest($2::int[], $3::int[], $4::smallint[], $5::bigint[], $6::bigint[], $7::bigint[], {}) \
           as u (site, period, subject, value, sub, leaf, {figures}) \
         on conflict (site, grain, subject, period, value, sub, leaf) do update set {}",
        names.iter().map(|name| format!("u.{name}")).collect::<Vec<_>>().join(", "),
        arrays.join(", "),
        updates.join(", ")
    )
}

async fn write_uniques(transaction: &Transaction<'_>, delta: &Delta) -> Result<(), Error> {
    for (site, period, visitors, users) in delta.sorted_uniques() {
        let (grain, first) = match period {
            Period::Day(_) => continue,
            Period::Week(first) => ('w', first),
            Period::Month(first) => ('m', first),
            Period::Year(first) => ('y', first),
            Period::SchoolYear(first) => ('s', first),
        };
        let grain = i8::try_from(u32::from(grain)).unwrap_or_default();
        let statement = transaction.prepare_cached(include_str!("sql/add_uniques.sql")).await?;
        transaction
            .execute(&statement, &[&site.cast_signed(), &grain, &first, &visitors, &users])
            .await?;
    }
    Ok(())
}

async fn write_position(transaction: &Transaction<'_>, position: Position) -> Result<(), Error> {
    let (segment, byte) = (position.segment.cast_signed(), position.offset.cast_signed());
    let statement = transaction.prepare_cached(include_str!("sql/move_position.sql")).await?;
    transaction.execute(&statement, &[&segment, &byte]).await?;
    Ok(())
}
