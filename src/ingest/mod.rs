//! Journal → visits → rollups → database, batch by batch.
//!
//! The journal is the queue: this reads it from the committed position, whatever was before. A
//! batch is one transaction that also moves the position. Where the database is away the batch is
//! kept and tried again; hits go on being acknowledged meanwhile, because the journal takes them.
//!
//! Visits are kept in memory and saved now and then (`saved`), always as they were at a committed
//! position. After a crash they are read back and the journal is replayed: silently up to the
//! committed position, counting from there on.

mod declared;
mod following;
mod saved;
mod trail;
mod wanted;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
        mpsc::{Receiver, Sender, channel},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use tokio::{runtime::Handle, sync::watch};
use tracing::{error, info, warn};

use crate::{
    journal::{self, Position, Reader},
    rollup::Delta,
    segment::{self, Kept},
    session::{Sessions, Step},
    site::{DayNumber, SiteId},
    store::{Error as StoreError, KeptDay, Known, Store},
    strip::{Period, Record},
};

pub use declared::Series;
pub use wanted::{SharedWanted, Wanted};

use declared::{Fresh, Trails};
use following::Following;
use trail::Mark;

/// Between two transactions at least this passes, so that few hits do not make many of them.
const BREATH: Duration = Duration::from_millis(150);
/// Under load it is longer, because a larger batch writes fewer rows a hit; never so long that a
/// hit is not in the reports within a second.
const LONGEST_BREATH: Duration = Duration::from_millis(500);
/// The share of time that counting may take: one part in so many.
const SHARE: u32 = 8;
/// Records of one transaction at most.
const BATCH: usize = 50_000;
/// Records that are replayed before segments follow them.
const REPLAYED_AT_ONCE: usize = 1_000;
/// Visits are saved this often while there is something new.
const SAVE_EVERY: Duration = Duration::from_secs(60);
/// Waits between attempts while the database is away.
const RETRY: Duration = Duration::from_millis(500);

/// The task that counts. Dropped, it commits what it has read and stops.
pub struct Ingest {
    shared: Arc<Shared>,
    orders: Sender<(SiteId, Period)>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    stopping: AtomicBool,
    /// Records committed since the start.
    counted: AtomicU64,
    trouble: Mutex<Option<String>>,
    committed: Mutex<Position>,
}

/// Where things are.
pub struct Places {
    pub journal: PathBuf,
    pub visits: PathBuf,
}

impl Ingest {
    /// Reads visits back, replays the journal and starts counting.
    ///
    /// # Errors
    /// Files cannot be read, or records are missing between what was committed and what is there.
    pub fn start(
        places: Places,
        store: Store,
        committed: Position,
        durable: watch::Receiver<Position>,
        wanted: SharedWanted,
    ) -> Result<Self, journal::Error> {
        // Records that are neither counted nor there any more must be told of.
        Reader::new(&places.journal, committed)?;
        let saved::Saved { position: from, sessions, trails } =
            saved::read_back(&places.visits, committed)?;
        let reader = Reader::new(&places.journal, from)?;
        let shared = Arc::new(Shared::default());
        *lock(&shared.committed) = committed;
        let (orders, received) = channel();
        let mut worker = Worker {
            places,
            store,
            known: Known::default(),
            sessions,
            trails,
            following: Following::default(),
            reader,
            committed,
            durable,
            orders: received,
            wanted,
            shared: Arc::clone(&shared),
            saved_at: Instant::now(),
            unsaved: false,
        };
        worker.replay()?;
        let handle = Handle::current();
        let thread = std::thread::Builder::new()
            .name("ingest".to_owned())
            .spawn(move || worker.run(&handle));
        let thread =
            thread.map_err(|source| journal::Error::File { file: PathBuf::new(), source })?;
        Ok(Self { shared, orders, thread: Some(thread) })
    }

    /// Lets go of what was kept under a key that was destroyed.
    pub fn forget(&self, site: SiteId, period: Period) {
        if self.orders.send((site, period)).is_err() {
            error!("counting has stopped: restart the server");
        }
    }

    /// What keeps hits from being counted, if anything does.
    pub fn trouble(&self) -> Option<String> {
        lock(&self.shared.trouble).clone()
    }

    /// Everything before it is counted.
    pub fn committed(&self) -> Position {
        *lock(&self.shared.committed)
    }

    /// Records counted since the start.
    pub fn counted(&self) -> u64 {
        self.shared.counted.load(Ordering::Relaxed)
    }
}

impl Drop for Ingest {
    fn drop(&mut self) {
        self.shared.stopping.store(true, Ordering::Relaxed);
        if let Some(Err(_)) = self.thread.take().map(JoinHandle::join) {
            error!("counting panicked: what was not committed is counted at the next start");
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What one transaction adds.
#[derive(Default)]
struct Batch {
    delta: Delta,
    kept: BTreeMap<(SiteId, DayNumber), Kept>,
    fresh: Fresh,
}

struct Worker {
    places: Places,
    store: Store,
    known: Known,
    sessions: Sessions,
    trails: Trails,
    following: Following,
    reader: Reader,
    committed: Position,
    durable: watch::Receiver<Position>,
    orders: Receiver<(SiteId, Period)>,
    wanted: SharedWanted,
    shared: Arc<Shared>,
    saved_at: Instant,
    unsaved: bool,
}

impl Worker {
    /// Brings the visits to the committed position without counting anything.
    fn replay(&mut self) -> Result<(), journal::Error> {
        let mut replayed = 0_u64;
        let wanted = self.wanted.load_full();
        self.follow(&wanted);
        // What follows from the visits was counted; who came is noted as it was then.
        let noted = Wanted { recency: wanted.recency.clone(), ..Wanted::default() };
        let (mut batch, mut size) = (Batch::default(), 0);
        loop {
            let at = self.reader.position();
            let Some(records) = self.reader.next(self.committed)? else { break };
            replayed += records.len() as u64;
            size += records.len();
            records.into_iter().for_each(|record| self.count(record, at, &noted, &mut batch));
            if size >= REPLAYED_AT_ONCE {
                self.trails.follow(std::mem::take(&mut batch).fresh, &self.following.series);
                size = 0;
            }
        }
        self.trails.follow(batch.fresh, &self.following.series);
        info!(replayed, "visits are as they were at the committed position");
        Ok(())
    }

    fn run(mut self, handle: &Handle) {
        loop {
            let stopping = self.shared.stopping.load(Ordering::Relaxed);
            self.follow_orders();
            let begun = Instant::now();
            match self.step(handle) {
                Ok(0) if stopping => break,
                Ok(0) => self.rest(handle),
                Ok(_) if stopping => (),
                Ok(_) => {
                    let busy = begun.elapsed();
                    let pace = busy.saturating_mul(SHARE).clamp(BREATH, LONGEST_BREATH);
                    std::thread::sleep(pace.saturating_sub(busy));
                }
                Err(()) => break,
            }
            if self.unsaved && self.saved_at.elapsed() > SAVE_EVERY {
                self.save();
            }
        }
        if self.unsaved {
            self.save();
        }
    }

    fn follow_orders(&mut self) {
        while let Ok((site, period)) = self.orders.try_recv() {
            self.sessions.forget(site, period);
            self.trails.forget(site, period, &self.following.series);
            self.unsaved = true;
        }
    }

    /// Waits for something new, not for ever.
    fn rest(&mut self, handle: &Handle) {
        let durable = &mut self.durable;
        let waited =
            handle.block_on(async { tokio::time::timeout(BREATH, durable.changed()).await });
        if matches!(waited, Ok(Err(_))) {
            // The journal is closed: nothing new can come.
            std::thread::sleep(BREATH);
        }
    }

    /// Counts one batch; how many records. `Err`: stopping without the database, or damage.
    fn step(&mut self, handle: &Handle) -> Result<usize, ()> {
        let end = *self.durable.borrow_and_update();
        let mut batch = Batch::default();
        let wanted = self.begin(handle);
        let mut records = 0;
        while records < BATCH {
            let at = self.reader.position();
            match self.reader.next(end) {
                Ok(Some(frame)) => {
                    records += frame.len();
                    frame
                        .into_iter()
                        .for_each(|record| self.count(record, at, &wanted, &mut batch));
                }
                Ok(None) => break,
                Err(problem) => {
                    error!(error = %problem, "counting stops: the journal cannot be read");
                    *lock(&self.shared.trouble) = Some(problem.to_string());
                    return Err(());
                }
            }
        }
        if records > 0 {
            let fresh = std::mem::take(&mut batch.fresh);
            batch.delta.merge(self.trails.follow(fresh, &self.following.series));
            self.commit(handle, &batch)?;
            self.shared.counted.fetch_add(records as u64, Ordering::Relaxed);
        }
        Ok(records)
    }

    fn count(&mut self, record: Record, at: Position, wanted: &Wanted, batch: &mut Batch) {
        let event = match record {
            Record::Hit(mut event, years) => {
                event.years = Some(years);
                event.recency = wanted.recency.contains(&event.site);
                event
            }
            Record::Event(event) => event,
            Record::Former(former) => Box::new((*former).into()),
            Record::Dropped { site, day, reason } => {
                return batch.delta.dropped(site, day, reason);
            }
            Record::Returned { site, day, returned } => {
                return batch.delta.returned(site, day, returned);
            }
        };
        let Some(change) = self.sessions.absorb(&event) else {
            // Somebody who reads for long outstays the visit, but was there all the same.
            batch.delta.attention(&event);
            let dropped = event.dropped.iter();
            return dropped.for_each(|reason| batch.delta.dropped(event.site, event.day, *reason));
        };
        batch.delta.tally(&change);
        if wanted.transitions.contains(&event.site) {
            batch.delta.transitions(&change);
        }
        let placed = change.placed;
        let day = (event.site, event.day);
        let (is_kept, is_followed) =
            (wanted.kept.contains(&event.site), self.following.sites.contains(&event.site));
        if is_kept || is_followed {
            let step = Step::new(placed, *event);
            if is_kept {
                batch.kept.entry(day).or_default().add(&step);
            }
            if is_followed {
                batch.fresh.entry(day).or_default().push(Mark { at, step });
            }
        }
    }

    /// Commits, as often as it takes.
    fn commit(&mut self, handle: &Handle, batch: &Batch) -> Result<(), ()> {
        let position = self.reader.position();
        let places = (self.committed, position);
        let kept = batch.kept.iter().map(|((site, day), kept)| KeptDay {
            site: *site,
            day: *day,
            form: segment::FORM,
            steps: kept.bytes(),
        });
        let kept: Vec<_> = kept.collect();
        loop {
            match handle.block_on(self.store.commit(&self.known, &batch.delta, &kept, places)) {
                Ok(()) => break,
                Err(problem) => {
                    self.tell(&problem);
                    if self.shared.stopping.load(Ordering::Relaxed) {
                        warn!(
                            "stopped without the database: the rest of the journal is counted at the next start"
                        );
                        // The visits are ahead of the database: they must not be saved.
                        self.unsaved = false;
                        return Err(());
                    }
                    std::thread::sleep(RETRY);
                }
            }
        }
        if lock(&self.shared.trouble).take().is_some() {
            info!("the database is back, counting goes on");
        }
        self.committed = position;
        *lock(&self.shared.committed) = position;
        self.unsaved = true;
        Ok(())
    }

    fn tell(&self, problem: &StoreError) {
        let mut trouble = lock(&self.shared.trouble);
        if trouble.is_none() {
            error!(error = %problem, "hits are kept in the journal until the database is back");
        }
        *trouble = Some(problem.to_string());
    }

    /// Saves the visits as they are at the committed position, then lets the journal go up to it.
    fn save(&mut self) {
        self.saved_at = Instant::now();
        let saved = saved::save(&self.places.visits, self.committed, &self.sessions, &self.trails);
        match saved.and_then(|()| journal::remove_before(&self.places.journal, self.committed)) {
            Ok(()) => self.unsaved = false,
            Err(problem) => {
                warn!(error = %problem, "visits could not be saved: the journal is kept longer")
            }
        }
    }
}

/// Where the visits are saved.
pub fn visits_folder(data: &Path) -> PathBuf {
    data.join("visits")
}
