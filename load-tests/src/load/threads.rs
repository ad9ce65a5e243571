//! Many connections at once: some threads, each with its share of them.

use std::{
    cell::RefCell,
    fmt::Write,
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use hyper::{StatusCode, body::Bytes};

use super::{
    Mode,
    hits::{Classroom, Kind},
    outcome::Tally,
};
use crate::wire::{Origin, Shot, Source};

/// Hits of one bulk request, as the browser's tracker bundles them at most.
const BULK: usize = 50;
/// How long answers are waited for once nothing is sent any more.
const GRACE: Duration = Duration::from_secs(10);
/// How often a connection that breaks is opened again.
const RECONNECTS: u32 = 20;

/// A load to be sent.
#[derive(Clone)]
pub(crate) struct Load {
    pub(crate) origin: Origin,
    pub(crate) site: u32,
    pub(crate) mode: Mode,
    pub(crate) connections: u16,
    pub(crate) threads: u16,
    pub(crate) warmup: Duration,
    pub(crate) duration: Duration,
}

/// Raised when the load is to end early.
type Stop = Arc<AtomicBool>;

/// Lowers the flag's threads when the one who waits for them goes away.
struct StopOnDrop(Stop);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Load {
    /// Sends the load and waits for it to end.
    pub(crate) async fn send(&self) -> Result<Tally> {
        let stop = StopOnDrop(Stop::default());
        let start = Instant::now() + Duration::from_millis(50);
        let mut shares = Vec::new();
        for number in 0..self.threads {
            let (load, stop) = (self.clone(), Arc::clone(&stop.0));
            shares.push(tokio::task::spawn_blocking(move || load.share(number, start, &stop)));
        }
        let mut sum = Tally::new();
        for share in shares {
            sum.add(&share.await??);
        }
        Ok(sum)
    }

    /// One thread's connections.
    fn share(&self, thread: u16, start: Instant, stop: &Stop) -> Result<Tally> {
        let tally = Rc::new(RefCell::new(Tally::new()));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let local = tokio::task::LocalSet::new();
        for number in (thread..self.connections).step_by(usize::from(self.threads)) {
            let mut class = Class {
                room: Classroom::new(self.site, u64::from(number) + 1),
                mode: self.mode,
                measured_from: start + self.warmup,
                end: start + self.warmup + self.duration,
                stop: Arc::clone(stop),
                tally: Rc::clone(&tally),
                in_flight: (0, 0),
                reserve: 700,
            };
            let origin = self.origin.clone();
            local.spawn_local(async move {
                for _ in 0..RECONNECTS {
                    if origin.drive(Some(number), &mut class).await.is_ok() {
                        break;
                    }
                    class.tally.borrow_mut().broken += 1;
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            });
        }
        let patience = start.elapsed() + self.warmup + self.duration + GRACE;
        // Running out of patience is no error: what is not answered is told as such.
        runtime.block_on(async { tokio::time::timeout(patience, local).await }).ok();
        drop(runtime);
        let tally = Rc::into_inner(tally).context("a connection is still open")?;
        Ok(tally.into_inner())
    }
}

/// What one connection says: the hits of one class until the time is over.
struct Class {
    room: Classroom,
    mode: Mode,
    measured_from: Instant,
    end: Instant,
    stop: Stop,
    tally: Rc<RefCell<Tally>>,
    /// Countable hits and pings of the request that waits for its answer.
    in_flight: (u64, u64),
    /// Room to leave for a request, so that it is allocated once.
    reserve: usize,
}

impl Class {
    fn one(&mut self, out: &mut String) {
        match self.room.write_hit(out) {
            Kind::Countable => self.in_flight.0 += 1,
            Kind::Ping => self.in_flight.1 += 1,
        }
    }

    fn bulk(&mut self) -> String {
        let mut body = String::with_capacity(BULK * 750);
        body.push_str(r#"{"requests":["#);
        for number in 0..BULK {
            body.push_str(if number == 0 { "\"?" } else { ",\"?" });
            // Percent-encoded text holds nothing that JSON would have to escape.
            self.one(&mut body);
            body.push('"');
        }
        write!(body, r#"],"send_image":0}}"#).ok();
        body
    }
}

impl Source for Class {
    fn next(&mut self) -> Option<Shot> {
        if Instant::now() >= self.end || self.stop.load(Ordering::Relaxed) {
            return None;
        }
        self.in_flight = (0, 0);
        let (target, body) = match self.mode {
            Mode::Single => {
                let mut target = String::with_capacity(self.reserve);
                target.push_str("/matomo.php?");
                self.one(&mut target);
                self.reserve = self.reserve.max(target.len());
                (target, Bytes::new())
            }
            Mode::Bulk => ("/matomo.php".to_owned(), Bytes::from(self.bulk())),
        };
        self.tally.borrow_mut().sent += self.in_flight.0;
        Some(Shot { target, headers: self.room.headers(), body })
    }

    fn answered(&mut self, status: StatusCode, took: Duration) {
        let now = Instant::now();
        let in_window = now >= self.measured_from && now < self.end;
        let (countable, pings) = self.in_flight;
        self.tally.borrow_mut().answered(status, countable, pings, in_window.then_some(took));
    }
}
