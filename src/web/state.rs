//! What every request may look at. Read-mostly: a hit takes no lock here.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use arc_swap::ArcSwap;
use tracing::{error, warn};

use crate::{
    collect::Trust,
    dash::Templates,
    ingest::{Ingest, SharedWanted},
    journal::{Journal, Refused},
    keyring::Keyring,
    site::{Site, SiteId},
    store::{Account, DeclaredSegment, Error, Store, Tokens},
    strip::{Atlas, Policy, Record, Rules},
};

use super::{
    assets::Assets,
    doorkeeper::Doorkeeper,
    inventory::Inventory,
    known::{self, Declared, Known},
    segments::Desk,
};

/// Between two looks for something unknown.
const LOOKS_APART: Duration = Duration::from_millis(100);

/// A site with its rules compiled.
pub struct KnownSite {
    pub site: Arc<Site>,
    pub rules: Rules,
}

type Sites = HashMap<SiteId, Arc<KnownSite>>;

/// The server, as requests see it.
pub struct State {
    pub store: Store,
    pub journal: Journal,
    pub ingest: Ingest,
    pub keyring: Arc<Keyring>,
    pub atlas: Atlas,
    pub trust: Trust,
    pub assets: Assets,
    pub templates: Templates,
    pub(super) doorkeeper: Doorkeeper,
    /// What counting keeps beside the rollups.
    wanted: SharedWanted,
    /// Days that visits are kept where the site does not say.
    visit_days: u32,
    /// Months that figures are kept.
    months: u32,
    pub(super) segmenting: Desk,
    pub(super) inventory: Inventory,
    sites: ArcSwap<Sites>,
    segments: ArcSwap<Vec<DeclaredSegment>>,
    series: ArcSwap<Vec<Declared>>,
    tokens: ArcSwap<Tokens>,
    /// What told registers apart when they were last read, see `Store::registers_mark`.
    registers: Mutex<Option<(i64, i32)>>,
    /// When a site or a token that was not known was last looked for.
    looked: tokio::sync::Mutex<Option<Instant>>,
}

/// What a state is made of.
pub struct Parts {
    pub store: Store,
    pub journal: Journal,
    pub ingest: Ingest,
    pub keyring: Arc<Keyring>,
    pub atlas: Atlas,
    pub trust: Trust,
    pub assets: Assets,
    pub templates: Templates,
    /// What the database says, as it was read for `wanted`.
    pub known: Known,
    pub wanted: SharedWanted,
    pub visit_days: u32,
    pub months: u32,
}

impl State {
    /// Reads tokens.
    ///
    /// # Errors
    /// The database is away.
    pub async fn new(parts: Parts) -> Result<Self, Error> {
        let state = Self {
            store: parts.store,
            journal: parts.journal,
            ingest: parts.ingest,
            keyring: parts.keyring,
            atlas: parts.atlas,
            trust: parts.trust,
            assets: parts.assets,
            templates: parts.templates,
            wanted: parts.wanted,
            visit_days: parts.visit_days,
            months: parts.months,
            segmenting: Desk::default(),
            inventory: Inventory::default(),
            doorkeeper: Doorkeeper::default(),
            sites: ArcSwap::default(),
            segments: ArcSwap::default(),
            series: ArcSwap::default(),
            tokens: ArcSwap::default(),
            registers: Mutex::default(),
            looked: tokio::sync::Mutex::default(),
        };
        state.refresh_tokens().await?;
        state.take(parts.known);
        Ok(state)
    }

    /// Reads sites and tokens again, after a change.
    ///
    /// # Errors
    /// The database is away.
    pub async fn refresh(&self) -> Result<(), Error> {
        let seen = known::look(&self.store, self.visit_days, self.now()).await?;
        self.refresh_tokens().await?;
        self.take(seen);
        Ok(())
    }

    /// Reads everything again where another process has changed a register.
    ///
    /// # Errors
    /// The database is away.
    pub async fn refresh_registers(&self) -> Result<(), Error> {
        let mark = Some(self.store.registers_mark().await?);
        let known = || self.registers.lock().unwrap_or_else(PoisonError::into_inner);
        if *known() != mark {
            self.refresh().await?;
            *known() = mark;
        }
        Ok(())
    }

    /// Writes what the data map may tell.
    ///
    /// # Errors
    /// The database is away.
    pub async fn write_names(&self) -> Result<(), Error> {
        self.inventory.flush(&self.store).await
    }

    fn take(&self, seen: Known) {
        let known =
            |site: Arc<Site>| (site.id, Arc::new(KnownSite { rules: Rules::new(&site), site }));
        self.wanted.store(Arc::new(seen.wanted));
        self.series.store(Arc::new(seen.series));
        self.segments.store(Arc::new(seen.segments));
        self.sites.store(Arc::new(seen.sites.into_iter().map(known).collect()));
    }

    /// Reads tokens again.
    ///
    /// # Errors
    /// The database is away.
    pub async fn refresh_tokens(&self) -> Result<(), Error> {
        self.tokens.store(Arc::new(self.store.tokens().await?));
        Ok(())
    }

    /// A site, also one that another process has just made.
    pub async fn site(&self, id: SiteId) -> Option<Arc<KnownSite>> {
        let known = self.sites.load().get(&id).cloned();
        // Boxed, so that a hit does not carry the room for a query that it hardly ever makes.
        if known.is_some() || !Box::pin(self.look_again()).await {
            return known;
        }
        self.sites.load().get(&id).cloned()
    }

    /// Every site, by number.
    pub fn sites(&self) -> Vec<Arc<KnownSite>> {
        let mut sites: Vec<_> = self.sites.load().values().cloned().collect();
        sites.sort_unstable_by_key(|known| known.site.id);
        sites
    }

    /// Whether a token is one of a super user, also one that was just made.
    pub async fn knows_token(&self, token: &str) -> bool {
        self.account_of(token).await.is_some_and(|account| account.superuser)
    }

    /// Whose token it is, also one that was just made.
    pub async fn account_of(&self, token: &str) -> Option<Arc<Account>> {
        let hash = *blake3::hash(token.as_bytes()).as_bytes();
        let known = || {
            let tokens = self.tokens.load();
            let token = tokens.get(&hash)?;
            let is_good = token.expires.is_none_or(|expires| expires > SystemTime::now());
            is_good.then(|| Arc::clone(&token.account))
        };
        match known() {
            Some(account) => Some(account),
            None if Box::pin(self.look_again()).await => known(),
            None => None,
        }
    }

    /// Looks into the database for what was not known. Wrong tokens and sites must not make a query
    /// each: all who wait share one look, and looks keep a distance.
    async fn look_again(&self) -> bool {
        let asked = Instant::now();
        let mut last = self.looked.lock().await;
        if last.is_some_and(|last| last > asked) {
            return true;
        }
        if let Some(last) = *last {
            tokio::time::sleep(LOOKS_APART.saturating_sub(last.elapsed())).await;
        }
        *last = Some(Instant::now());
        let look = self.refresh().await;
        look.inspect_err(|error| warn!(%error, "sites and tokens could not be read again")).is_ok()
    }

    /// Days that a site's visits are kept for segments; 0: not at all.
    pub fn visit_days(&self, site: &Site) -> u32 {
        known::visit_days(site, self.visit_days)
    }

    /// Months that a site's figures are kept.
    pub fn months(&self, site: &Site) -> u32 {
        self.months.min(Policy::named(site.policy).most_months)
    }

    /// Every declared segment, by number.
    pub fn segments(&self) -> Arc<Vec<DeclaredSegment>> {
        self.segments.load_full()
    }

    /// The declared segments of all sites.
    pub(super) fn series(&self) -> Arc<Vec<Declared>> {
        self.series.load_full()
    }

    /// The server's clock, Unix seconds.
    pub fn now(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
    }

    /// Writes records so that a crash does not lose them.
    ///
    /// # Errors
    /// They were not written.
    pub async fn keep(&self, records: &[Record]) -> Result<(), Refused> {
        if records.is_empty() { Ok(()) } else { self.journal.append(records).await }
    }

    /// Why hits cannot be taken or reports not be answered; empty: all is well.
    pub async fn troubles(&self) -> Vec<String> {
        let mut troubles = Vec::new();
        if !self.journal.is_healthy() {
            troubles.push(Refused::Disk.to_string());
        }
        troubles.extend(
            self.ingest.trouble().map(|why| format!("hits are kept but not counted: {why}")),
        );
        if let Err(why) = self.store.check().await {
            error!(error = %why, "the database does not answer");
            troubles.push(format!("reports cannot be answered: {why}"));
        }
        troubles
    }
}
