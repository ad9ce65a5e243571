//! What is seen under which names, counted at the door before anything is taken out.
//!
//! Names wait here, in memory, until `datamap` lets them be told; every minute what may be told goes
//! to the database. A hit waits for nobody: what cannot be counted at once is not counted.
#![expect(clippy::disallowed_types, reason = "a sender without an id is told apart by its address")]

use std::{
    hash::{BuildHasher, RandomState},
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use crate::{
    collect::{Hit, Params, Sender, Tracked},
    datamap::{self, BETWEEN, Kind, Row, Tally},
    site::{DayNumber, Site},
    store::{Error, Store},
};

const SHARDS: usize = 16;
/// Rows that are tried again after the database was away.
const MOST_PENDING: usize = 100_000;

/// What of a hit's parameters something here looks at, in order. Dimensions are beside.
const KNOWN: &[&str] = &[
    "_cvar",
    "_ects",
    "_id",
    "_idn",
    "_idts",
    "_idvc",
    "_rck",
    "_rcn",
    "_ref",
    "_refts",
    "_viewts",
    "action_name",
    "active",
    "ag",
    "apiv",
    "bots",
    "bw_bytes",
    "c_i",
    "c_n",
    "c_p",
    "c_t",
    "ca",
    "cdo",
    "cdt",
    "cid",
    "cip",
    "city",
    "cookie",
    "country",
    "cs",
    "cvar",
    "debug",
    "dimension",
    "dir",
    "download",
    "e_a",
    "e_c",
    "e_n",
    "e_v",
    "ec_dt",
    "ec_id",
    "ec_items",
    "ec_sh",
    "ec_st",
    "ec_tx",
    "fla",
    "gears",
    "gt_ms",
    "h",
    "idgoal",
    "idsite",
    "java",
    "lang",
    "lat",
    "link",
    "long",
    "m",
    "mistakes",
    "new_visit",
    "pdf",
    "pf_dm1",
    "pf_dm2",
    "pf_net",
    "pf_onl",
    "pf_srv",
    "pf_tfr",
    "ping",
    "pv_id",
    "qt",
    "queuedtracking",
    "r",
    "rand",
    "realp",
    "rec",
    "recordmode",
    "region",
    "res",
    "ret_days",
    "ret_first",
    "ret_since",
    "revenue",
    "s",
    "search",
    "search_cat",
    "search_count",
    "send_image",
    "token_auth",
    "tracker_install_check",
    "trk_err",
    "ua",
    "uadata",
    "uid",
    "url",
    "urlref",
    "wma",
];

/// How parameters of campaigns begin.
const CAMPAIGN: &[&str] = &["pk_", "mtm_", "utm_", "piwik_", "matomo_"];

/// The inventory of every site.
pub(super) struct Inventory {
    shards: [Mutex<Tally>; SHARDS],
    /// Not known to anybody, another one after each start.
    key: RandomState,
    pending: Mutex<Vec<Row>>,
}

impl Default for Inventory {
    fn default() -> Self {
        Self {
            shards: std::array::from_fn(|_| Mutex::default()),
            key: RandomState::new(),
            pending: Mutex::default(),
        }
    }
}

impl Inventory {
    /// Counts the names of a hit.
    pub(super) fn note(
        &self,
        site: &Site,
        hit: &Hit,
        params: &Params<'_>,
        sender: &Sender,
        day: DayNumber,
    ) {
        let from = self.sender(hit, sender);
        let see = |kind, parts: &[&str]| self.see(site, kind, parts, day, from);
        for (name, _) in params.iter() {
            let is_dimension =
                name.strip_prefix("dimension").is_some_and(|id| id.parse::<u16>().is_ok());
            let is_known = KNOWN.binary_search(&name).is_ok()
                || CAMPAIGN.iter().any(|it| name.starts_with(it));
            if !is_dimension && !is_known {
                see(Kind::Parameter, &[name]);
            }
        }
        if let Tracked::Event(event) = &hit.tracked {
            see(Kind::Event, &[&event.category, &event.action]);
            if !event.name.is_empty() {
                see(Kind::EventName, &[&event.category, &event.action, &event.name]);
            }
        }
        for (id, value) in hit.dimensions.iter().filter(|(_, value)| !value.is_empty()) {
            see(Kind::DimensionValue, &[&id.to_string(), value]);
        }
        if matches!(hit.tracked, Tracked::PageView | Tracked::Search(_)) && !hit.title.is_empty() {
            see(Kind::Title, &[&hit.title]);
        }
        let query = hit.url.split_once('?').map(|(_, query)| query).unwrap_or_default();
        let query = query.split('#').next().unwrap_or_default();
        for pair in query.split('&').take(50).filter(|it| !it.is_empty()) {
            see(Kind::UrlParameter, &[pair.split('=').next().unwrap_or_default()]);
        }
    }

    /// Who sent a hit, as far as it can be told: in memory only, under a key that is never written.
    fn sender(&self, hit: &Hit, sender: &Sender) -> u64 {
        let who: (Option<u64>, &str, Option<IpAddr>, &str) = match hit.visitor {
            Some(id) => (Some(id), "", None, ""),
            None if !hit.user.is_empty() => (None, &hit.user, None, ""),
            None => (None, "", Some(sender.address), &sender.agent),
        };
        self.key.hash_one(who)
    }

    fn see(&self, site: &Site, kind: Kind, parts: &[&str], day: DayNumber, sender: u64) {
        let hash = self.key.hash_one((site.id, kind, parts));
        let shard = usize::try_from(hash % SHARDS as u64).unwrap_or_default();
        if let Some(Ok(mut tally)) = self.shards.get(shard).map(Mutex::try_lock) {
            let is_declared =
                || datamap::is_kept(site, kind, &parts.join(&BETWEEN.to_string()), true);
            tally.see((site.id, kind, parts), day, hash, sender, is_declared);
        }
    }

    /// Writes what may be told. What the database does not take is tried again the next time.
    ///
    /// # Errors
    /// The database is away.
    pub(super) async fn flush(&self, store: &Store) -> Result<(), Error> {
        let mut rows = std::mem::take(&mut *lock(&self.pending));
        for shard in &self.shards {
            rows.extend(lock(shard).take());
        }
        let written = store.add_names(&rows).await;
        if written.is_err() {
            let mut pending = lock(&self.pending);
            rows.append(&mut pending);
            rows.truncate(MOST_PENDING);
            *pending = rows;
        }
        written
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_parameters_are_in_order() {
        assert!(KNOWN.is_sorted());
    }
}
