//! The secret keys of sites' days, weeks, months and years: born when first needed, destroyed at their end.
//!
//! A key is a file of 32 random bytes, outside the database and its backups:
//! `keys/1-day-2026-03-06.key`. Destroying it overwrites the file, removes it and writes a line to
//! `keys/destroyed.log`. A key of a period that was over when it was made (an import) lives for a
//! day, so that an import can go on.

use std::{
    collections::HashMap,
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::UNIX_EPOCH,
};

use arc_swap::ArcSwap;
use jiff::{Timestamp, tz::TimeZone};

use crate::{
    site::{self, DayNumber, SiteId},
    strip::{Period, PeriodKeys, SecretKey},
};

/// Hits may come in a little after their day has ended.
const GRACE: i64 = 3_600;
/// How long the key of a period in the past lives.
const IMPORT: i64 = 86_400;

type Known = HashMap<(SiteId, Period), SecretKey>;

/// All living keys.
pub struct Keyring {
    folder: PathBuf,
    known: ArcSwap<Known>,
    making: Mutex<()>,
}

impl Keyring {
    /// Reads the keys in a folder, which is made where it is missing.
    ///
    /// # Errors
    /// The folder cannot be read or made.
    pub fn open(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let mut known = Known::new();
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let Some(name) = name_of(&path) else { continue };
            if let Ok(bytes) = <[u8; 32]>::try_from(fs::read(&path)?) {
                known.insert(name, SecretKey::new(bytes));
            }
        }
        Ok(Self {
            folder: folder.to_owned(),
            known: ArcSwap::from_pointee(known),
            making: Mutex::new(()),
        })
    }

    /// The keys of the periods of a site's day, made where they are missing.
    ///
    /// # Errors
    /// A new key cannot be made or written.
    pub fn keys(&self, site: SiteId, day: DayNumber) -> io::Result<PeriodKeys> {
        let ([day, week, month], [year, school_year]) = (Period::of(day), Period::years(day));
        let known = self.known.load();
        let key = |period| match known.get(&(site, period)) {
            Some(key) => Ok(key.clone()),
            None => self.make(site, period),
        };
        Ok(PeriodKeys {
            day: key(day)?,
            week: key(week)?,
            month: key(month)?,
            year: key(year)?,
            school_year: key(school_year)?,
        })
    }

    fn make(&self, site: SiteId, period: Period) -> io::Result<SecretKey> {
        let _one_at_a_time = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = self.known.load().get(&(site, period)) {
            return Ok(key.clone());
        }
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(io::Error::other)?;
        // A crash between the hit and its key would make two visitors of one: the key comes first.
        let path = self.path(site, period);
        let mut file = OpenOptions::new().create(true).write(true).truncate(true).open(&path)?;
        file.write_all(&bytes)?;
        file.sync_all()?;
        File::open(&self.folder)?.sync_all()?;
        let key = SecretKey::new(bytes);
        let mut known = Known::clone(&self.known.load());
        known.insert((site, period), key.clone());
        self.known.store(Arc::new(known));
        Ok(key)
    }

    fn path(&self, site: SiteId, period: Period) -> PathBuf {
        self.folder.join(format!("{site}-{}.key", period.name()))
    }

    /// Destroys the keys whose time is over; which ones. `zone` tells a site's time zone.
    ///
    /// # Errors
    /// A file cannot be overwritten or removed; it is tried again the next time.
    pub fn destroy_expired(
        &self,
        now: i64,
        zone: impl Fn(SiteId) -> TimeZone,
    ) -> io::Result<Vec<(SiteId, Period)>> {
        let known = self.known.load_full();
        let mut destroyed = Vec::new();
        for (site, period) in known.keys().copied() {
            let path = self.path(site, period);
            let made = made_at(&path).unwrap_or(now);
            if now < expiry(period, made, &zone(site)) {
                continue;
            }
            self.destroy(site, period, &path, now)?;
            destroyed.push((site, period));
        }
        Ok(destroyed)
    }

    fn destroy(&self, site: SiteId, period: Period, path: &Path, now: i64) -> io::Result<()> {
        let _one_at_a_time = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        if path.exists() {
            let mut file = OpenOptions::new().write(true).open(path)?;
            file.write_all(&[0; 32])?;
            file.sync_all()?;
            fs::remove_file(path)?;
            File::open(&self.folder)?.sync_all()?;
        }
        let mut known = Known::clone(&self.known.load());
        known.remove(&(site, period));
        self.known.store(Arc::new(known));
        let when = Timestamp::from_second(now).unwrap_or(Timestamp::UNIX_EPOCH);
        let log = self.folder.join("destroyed.log");
        let mut log = OpenOptions::new().create(true).append(true).open(log)?;
        writeln!(log, "{when} site {site} {}", period.name())
    }

    /// Whether a key is still there.
    pub fn has(&self, site: SiteId, period: Period) -> bool {
        self.known.load().contains_key(&(site, period))
    }
}

/// When a key must be destroyed, Unix seconds.
fn expiry(period: Period, made: i64, zone: &TimeZone) -> i64 {
    let end = site::date_of(period.end()).to_zoned(zone.clone());
    let end = end.map_or(i64::MIN, |end| end.timestamp().as_second());
    if made < end { end.saturating_add(GRACE) } else { made.saturating_add(IMPORT) }
}

fn made_at(path: &Path) -> Option<i64> {
    let modified = fs::metadata(path).and_then(|it| it.modified()).ok()?;
    i64::try_from(modified.duration_since(UNIX_EPOCH).ok()?.as_secs()).ok()
}

fn name_of(path: &Path) -> Option<(SiteId, Period)> {
    let name = path.file_name()?.to_str()?.strip_suffix(".key")?;
    let (site, period) = name.split_once('-')?;
    Some((site.parse().ok()?, Period::parse(period)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_survive_a_restart_and_differ_by_site_and_day() {
        let folder = tempfile::tempdir().unwrap();
        let ring = Keyring::open(folder.path()).unwrap();
        let bytes = |ring: &Keyring, site, day| *ring.keys(site, day).unwrap().day.bytes();
        let key = bytes(&ring, 1, 20_000);
        assert_ne!(key, bytes(&ring, 2, 20_000));
        assert_ne!(key, bytes(&ring, 1, 20_001));
        assert_eq!(key, bytes(&Keyring::open(folder.path()).unwrap(), 1, 20_000));
    }

    #[test]
    fn a_key_ends_with_its_period_and_an_imports_key_with_its_day() {
        let paris = TimeZone::get("Europe/Paris").unwrap();
        let day = site::number_of(jiff::civil::date(2026, 3, 6));
        // 2026-03-07 00:00 in Paris.
        let end = 1_772_838_000;
        assert_eq!(expiry(Period::Day(day), end - 1, &paris), end + GRACE);
        assert_eq!(expiry(Period::Day(day), end + 5, &paris), end + 5 + IMPORT);
    }

    #[test]
    fn destroyed_keys_are_gone_and_logged() {
        let folder = tempfile::tempdir().unwrap();
        let ring = Keyring::open(folder.path()).unwrap();
        ring.keys(1, 20_000).unwrap();
        let now = made_at(&ring.path(1, Period::Day(20_000))).unwrap();
        assert!(ring.destroy_expired(now, |_| TimeZone::UTC).unwrap().is_empty());
        assert_eq!(ring.destroy_expired(now + IMPORT, |_| TimeZone::UTC).unwrap().len(), 5);
        let left: Vec<_> =
            fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap().file_name()).collect();
        assert_eq!(left, ["destroyed.log"]);
        assert!(
            fs::read_to_string(folder.path().join("destroyed.log"))
                .unwrap()
                .contains("site 1 day-2024-10-04")
        );
    }
}
