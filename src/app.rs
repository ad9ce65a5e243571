//! Wiring: configuration → cluster, store, keys, journal, counting, HTTP; and back down again.

use std::{
    fs,
    fs::File,
    net::TcpListener,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use actix_web::{App, HttpServer, dev::ServerHandle, web::Data};
use anyhow::{Context, Result};
use arc_swap::ArcSwap;
use nix::fcntl::{Flock, FlockArg};
use tracing::{error, info, warn};

use crate::{
    cluster::Cluster,
    collect::Trust,
    config::Config,
    dash::Templates,
    ingest::{Ingest, Places, SharedWanted, visits_folder},
    journal::Journal,
    keyring::Keyring,
    store::Store,
    strip::{Agents, Atlas, Countries, PATTERNS},
    web::{self, Assets, Parts, State},
};

/// Connections to PostgreSQL.
const CONNECTIONS: usize = 16;
/// Expired keys are looked for this often.
const CHORES_EVERY: Duration = Duration::from_secs(60);
/// What has been kept long enough is looked for this often.
const DROP_EVERY: Duration = Duration::from_secs(3_600);
/// Tokens and registers are looked at again this often, so that what another process changed about
/// them is taken over.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// File in the data directory that holds the address of the running server.
const ADDRESS_FILE: &str = "address";

/// A database that was opened, and the private cluster it may be.
pub struct Database {
    pub store: Store,
    cluster: Option<Cluster>,
}

impl Database {
    /// Opens the configured database, or the private one, and migrates it.
    ///
    /// # Errors
    /// It cannot be started, reached or migrated.
    pub async fn open(config: &Config) -> Result<Self> {
        let (address, cluster) = match &config.database_url {
            Some(url) => (url.clone(), None),
            None => {
                make_private(&config.data)?;
                let cluster = Cluster::start(&config.data, config.pg_bin.as_deref())?;
                (cluster.address(), Some(cluster))
            }
        };
        let store = Store::new(&address, CONNECTIONS)?;
        if let Err(error) = store.migrate().await {
            if let Some(cluster) = cluster {
                cluster.stop();
            }
            return Err(error).context("the database is not usable");
        }
        Ok(Self { store, cluster })
    }

    /// Stops the private cluster, where this process started it.
    pub fn close(self) {
        drop(self.store);
        if let Some(cluster) = self.cluster {
            cluster.stop();
        }
    }
}

/// Folders that hold keys and journals are for the server alone.
fn make_private(folder: &Path) -> Result<()> {
    use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
    if !folder.exists() {
        let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty());
        if let Some(parent) = parent {
            fs::create_dir_all(parent)?;
        }
        fs::DirBuilder::new()
            .mode(0o711)
            .create(folder)
            .with_context(|| format!("the data directory {}", folder.display()))?;
    }
    for name in ["keys", "journal", "visits"] {
        let path = folder.join(name);
        fs::create_dir_all(&path).with_context(|| format!("the folder {}", path.display()))?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

/// A server that listens.
pub struct Server {
    /// Where it listens.
    pub address: String,
    handle: ServerHandle,
    running: tokio::task::JoinHandle<std::io::Result<()>>,
    chores: tokio::task::JoinHandle<()>,
    state: Data<State>,
    database: Database,
    data: PathBuf,
    _lock: Flock<File>,
}

impl Server {
    /// Starts everything; port 0 takes a free one.
    ///
    /// # Errors
    /// What could not be started, and what to do.
    pub async fn start(config: &Config) -> Result<Self> {
        make_private(&config.data)?;
        let lock = lock(&config.data)?;
        let listener = TcpListener::bind(&config.listen)
            .with_context(|| format!("cannot listen on {}", config.listen))?;
        let database = Database::open(config).await?;
        match Self::start_on(config, listener, &database.store).await {
            Ok((address, handle, running, chores, state)) => Ok(Self {
                address,
                handle,
                running,
                chores,
                state,
                database,
                data: config.data.clone(),
                _lock: lock,
            }),
            Err(error) => {
                database.close();
                Err(error)
            }
        }
    }

    async fn start_on(
        config: &Config,
        listener: TcpListener,
        store: &Store,
    ) -> Result<(
        String,
        ServerHandle,
        tokio::task::JoinHandle<std::io::Result<()>>,
        tokio::task::JoinHandle<()>,
        Data<State>,
    )> {
        let committed = store.position().await?;
        let keyring = Arc::new(Keyring::open(&config.data.join("keys")).context("the keys")?);
        let places =
            Places { journal: config.data.join("journal"), visits: visits_folder(&config.data) };
        let journal = Journal::open(&places.journal, committed)?;
        let known = web::look(store, config.visit_days, now()).await?;
        let wanted = SharedWanted::new(ArcSwap::from_pointee(known.wanted.clone()));
        let ingest = Ingest::start(
            places,
            store.clone(),
            committed,
            journal.durable(),
            Arc::clone(&wanted),
        )?;
        let trust = Trust::parse(&config.trusted_proxies)
            .map_err(anyhow::Error::msg)
            .context("trusted_proxies")?;
        let parts = Parts {
            store: store.clone(),
            journal,
            ingest,
            keyring,
            atlas: atlas(config)?,
            trust,
            assets: assets(config)?,
            templates: Templates::embedded()?,
            known,
            wanted,
            visit_days: config.visit_days,
            months: config.months,
        };
        let state = Data::new(State::new(parts).await?);
        let address = listener.local_addr()?.to_string();
        let app = state.clone();
        let mut server =
            HttpServer::new(move || App::new().app_data(app.clone()).configure(web::routes))
                .disable_signals()
                .shutdown_timeout(10)
                .backlog(4096);
        if config.workers > 0 {
            server = server.workers(config.workers);
        }
        let server = server.listen(listener)?.run();
        let handle = server.handle();
        let running = tokio::spawn(server);
        let chores = tokio::spawn(chores(state.clone()));
        fs::write(config.data.join(ADDRESS_FILE), format!("{address}\n"))?;
        info!("listening on http://{address}");
        Ok((address, handle, running, chores, state))
    }

    /// The database, for commands that share the process.
    pub fn store(&self) -> &Store {
        &self.database.store
    }

    /// Waits until everything that was acknowledged is counted.
    pub async fn settle(&self) {
        let target = *self.state.journal.durable().borrow();
        while self.state.ingest.committed() < target && self.state.ingest.trouble().is_none() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Takes no more requests, counts what is in the journal, stops the private cluster.
    pub async fn stop(self) {
        let Self { handle, running, chores, state, database, data, .. } = self;
        handle.stop(true).await;
        chores.abort();
        match running.await {
            Ok(Ok(())) => (),
            Ok(Err(error)) => error!(%error, "the HTTP server ended badly"),
            Err(error) => error!(%error, "the HTTP server panicked"),
        }
        fs::remove_file(data.join(ADDRESS_FILE)).ok();
        close(state).await;
        database.close();
    }
}

/// Lets the journal be written and counted to its end, which dropping its owner does.
async fn close(state: Data<State>) {
    let mut state = state.into_inner();
    for _ in 0..500 {
        match Arc::try_unwrap(state) {
            Ok(state) => {
                let dropped = tokio::task::spawn_blocking(move || drop(state)).await;
                if dropped.is_err() {
                    error!("counting ended badly: what was not counted is at the next start");
                }
                return;
            }
            Err(shared) => state = shared,
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    warn!("some requests did not end in time; what they sent is in the journal");
}

/// One server for a data directory.
fn lock(data: &Path) -> Result<Flock<File>> {
    let file = File::create(data.join("lock"))?;
    Flock::lock(file, FlockArg::LockExclusiveNonblock).map_err(|(_, error)| {
        anyhow::anyhow!("another server uses the data directory {} ({error}): stop it, or choose another directory with --data", data.display())
    })
}

/// The address of the server that runs on a data directory, if one does.
pub fn running_server(data: &Path) -> Option<String> {
    let file = File::open(data.join("lock")).ok()?;
    match Flock::lock(file, FlockArg::LockSharedNonblock) {
        Ok(_) => None,
        Err(_) => {
            fs::read_to_string(data.join(ADDRESS_FILE)).ok().map(|text| text.trim().to_owned())
        }
    }
}

/// What a page needs to load the tracker: `None` where the tracker is not built.
///
/// # Errors
/// Its files cannot be read.
pub fn pinned_tracker(config: &Config) -> Result<Option<web::Pinned>> {
    Ok(assets(config)?.pin("/matomo.js"))
}

fn atlas(config: &Config) -> Result<Atlas> {
    let agents =
        Agents::read(PATTERNS).map_err(anyhow::Error::msg).context("the patterns of browsers")?;
    let countries = match found(config.countries.as_deref(), "share/countries.mmdb") {
        Some(file) => {
            let bytes = fs::read(&file)
                .with_context(|| format!("the country database {}", file.display()))?;
            Countries::read(bytes)
                .map_err(anyhow::Error::msg)
                .with_context(|| format!("the country database {}", file.display()))?
        }
        None => {
            info!(
                "there is no country database (`make countries` fetches a free one): countries are unknown"
            );
            Countries::default()
        }
    };
    Ok(Atlas { agents, countries })
}

fn assets(config: &Config) -> Result<Assets> {
    let mut assets = Assets::default();
    match found(config.tracker.as_deref(), "tracker-js/dist") {
        Some(folder) => {
            assets
                .add_folder("/", &folder)
                .with_context(|| format!("the tracker {}", folder.display()))?;
            assets.alias("/matomo.js", "/piwik.js");
            assets.pin("/matomo.js");
            assets.pin("/piwik.js");
        }
        None => {
            info!("the tracker is not built (`make tracker` builds it): /matomo.js is not served")
        }
    }
    if let Some(folder) = &config.demo {
        assets
            .add_folder("/demo/", folder)
            .with_context(|| format!("the demonstration pages {}", folder.display()))?;
    }
    Ok(assets)
}

/// A configured path as it is; otherwise the usual place, below the working directory or beside the
/// program, where there is something.
fn found(configured: Option<&Path>, usual: &str) -> Option<PathBuf> {
    if let Some(path) = configured {
        return Some(path.to_owned());
    }
    let beside = std::env::current_exe()
        .ok()
        .and_then(|exe| Some(exe.parent()?.parent()?.parent()?.join(usual)));
    [Some(PathBuf::from(usual)), beside].into_iter().flatten().find(|path| path.exists())
}

/// Destroys keys whose period is over, and lets go of what was kept under them.
async fn chores(state: Data<State>) {
    let mut dropped: Option<Instant> = None;
    loop {
        let zone = |site| {
            let known = state.sites().into_iter().find(|known| known.site.id == site);
            known.map_or(jiff::tz::TimeZone::UTC, |known| known.site.zone())
        };
        match state.keyring.destroy_expired(now(), zone) {
            Ok(destroyed) => {
                destroyed.into_iter().for_each(|(site, period)| state.ingest.forget(site, period))
            }
            Err(error) => warn!(%error, "an expired key could not be destroyed; it is tried again"),
        }
        if let Err(error) = state.write_names().await {
            warn!(%error, "names of the data map could not be written; it is tried again");
        }
        if dropped.is_none_or(|then| then.elapsed() > DROP_EVERY) {
            drop_kept(&state).await;
            drop_old(&state).await;
            web::publish_due(&state).await;
            dropped = Some(Instant::now());
        }
        let begun = Instant::now();
        while begun.elapsed() < CHORES_EVERY {
            tokio::time::sleep(LOOK_EVERY).await;
            if let Err(error) = state.refresh_tokens().await {
                warn!(%error, "tokens could not be read again; it is tried again");
            }
            if let Err(error) = state.refresh_registers().await {
                warn!(%error, "registers could not be read again; it is tried again");
            }
        }
    }
}

/// Drops visits that were kept as long as they may be.
async fn drop_kept(state: &State) {
    for known in state.sites() {
        let days = state.visit_days(&known.site);
        match state.store.drop_kept(known.site.id, days).await {
            Ok(0) => (),
            Ok(rows) => info!(site = known.site.id, rows, "visits are not kept any longer"),
            Err(error) => warn!(%error, "kept visits could not be dropped; it is tried again"),
        }
    }
}

/// Drops figures that were kept as long as they may be.
async fn drop_old(state: &State) {
    for known in state.sites() {
        match state.store.drop_old(known.site.id, state.months(&known.site)).await {
            Ok(0) => (),
            Ok(rows) => info!(site = known.site.id, rows, "figures are not kept any longer"),
            Err(error) => warn!(%error, "old figures could not be dropped; it is tried again"),
        }
        if let Err(error) = state.store.drop_names(known.site.id, state.months(&known.site)).await {
            warn!(%error, "old names could not be dropped; it is tried again");
        }
    }
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
