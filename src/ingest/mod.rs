//! Journal → visits → rollups → database, batch by batch.
//!
//! The journal is the queue: this reads it from the committed position, whatever was before. A
//! batch is one transaction that also moves the position. Where the database is away the batch is
//! kept and tried again; hits go on being acknowledged meanwhile, because the journal takes them.
//!
//! Visits are kept in memory and saved now and then (`saved`), always as they were at a committed
//! position. After a crash they are read back and the journal is replayed: silently up to the
//! committed position, counting from there on.

mod saved;

use std::{
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
    session::Sessions,
    site::SiteId,
    store::{Error as StoreError, Known, Store},
    strip::{Period, Record},
};

/// Between two transactions at least this passes, so that few hits do not make many of them.
const BREATH: Duration = Duration::from_millis(150);
/// Under load it is longer, because a larger batch writes fewer rows a hit; never so long that a
/// hit is not in the reports within a second.
const LONGEST_BREATH: Duration = Duration::from_millis(500);
/// The share of time that counting may take: one part in so many.
const SHARE: u32 = 8;
/// Records of one transaction at most.
const BATCH: usize = 50_000;
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
    ) -> Result<Self, journal::Error> {
        // Records that are neither counted nor there any more must be told of.
        Reader::new(&places.journal, committed)?;
        let (sessions, from) = saved::read_back(&places.visits, committed)?;
        let reader = Reader::new(&places.journal, from)?;
        let shared = Arc::new(Shared::default());
        *lock(&shared.committed) = committed;
        let (orders, received) = channel();
        let mut worker = Worker {
            places,
            store,
            known: Known::default(),
            sessions,
            reader,
            committed,
            durable,
            orders: received,
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

struct Worker {
    places: Places,
    store: Store,
    known: Known,
    sessions: Sessions,
    reader: Reader,
    committed: Position,
    durable: watch::Receiver<Position>,
    orders: Receiver<(SiteId, Period)>,
    shared: Arc<Shared>,
    saved_at: Instant,
    unsaved: bool,
}

impl Worker {
    /// Brings the visits to the committed position without counting anything.
    fn replay(&mut self) -> Result<(), journal::Error> {
        let mut replayed = 0_u64;
        while let Some(records) = self.reader.next(self.committed)? {
            for record in &records {
                if let Record::Event(event) = record {
                    self.sessions.absorb(event);
                }
                replayed += 1;
            }
        }
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
        let mut delta = Delta::default();
        let mut records = 0;
        while records < BATCH {
            match self.reader.next(end) {
                Ok(Some(frame)) => {
                    records += frame.len();
                    frame.iter().for_each(|record| self.count(record, &mut delta));
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
            self.commit(handle, &delta)?;
            self.shared.counted.fetch_add(records as u64, Ordering::Relaxed);
        }
        Ok(records)
    }

    fn count(&mut self, record: &Record, delta: &mut Delta) {
        match record {
            Record::Event(event) => match self.sessions.absorb(event) {
                Some(change) => delta.tally(&change),
                None => event
                    .dropped
                    .iter()
                    .for_each(|reason| delta.dropped(event.site, event.day, *reason)),
            },
            Record::Dropped { site, day, reason } => delta.dropped(*site, *day, *reason),
        }
    }

    /// Commits, as often as it takes.
    fn commit(&mut self, handle: &Handle, delta: &Delta) -> Result<(), ()> {
        let position = self.reader.position();
        loop {
            match handle.block_on(self.store.commit(&self.known, delta, position)) {
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
        let saved = saved::save(&self.places.visits, self.committed, &self.sessions);
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
