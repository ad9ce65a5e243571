//! The load of a round: events that can be told from each other, until the server dies.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::Result;
use hyper::{
    HeaderMap, StatusCode,
    body::Bytes,
    header::{HeaderValue, USER_AGENT},
};

use super::ledger::Ledger;
use crate::{
    agents::AGENTS,
    wire::{Origin, Shot, Source},
};

/// Hits that one visitor makes before the next one comes.
const HITS_PER_VISITOR: u64 = 20;

/// The load of one round.
#[derive(Clone)]
pub(super) struct Round {
    pub(super) origin: Origin,
    pub(super) site: u32,
    pub(super) number: u32,
    pub(super) connections: u16,
    pub(super) per_name: u32,
    /// The load ends here at the latest, killed or not.
    pub(super) end: Instant,
}

impl Round {
    /// Presses the server over all connections until it is gone; what each connection knows then.
    pub(super) fn press(&self) -> Result<Vec<Ledger>> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let local = tokio::task::LocalSet::new();
        let connections = (0..self.connections).map(|number| {
            let mut events = Events::new(self, number);
            let round = self.clone();
            local.spawn_local(async move {
                let patience = round.end.duration_since(Instant::now()) + Duration::from_secs(5);
                let talk = round.origin.drive(Some(number), &mut events);
                // Ends with an error when the server is killed: that is the point of it.
                tokio::time::timeout(patience, talk).await.ok();
                events.ledger
            })
        });
        let connections: Vec<_> = connections.collect();
        local.block_on(&runtime, async {
            let mut ledgers = Vec::new();
            for connection in connections {
                ledgers.push(connection.await?);
            }
            Ok(ledgers)
        })
    }
}

/// What one connection says.
struct Events {
    ledger: Ledger,
    headers: Arc<HeaderMap>,
    site: u32,
    /// First part of the visitor's id: round and connection.
    visitor: u64,
    hits: u64,
    end: Instant,
}

impl Events {
    fn new(round: &Round, number: u16) -> Self {
        let mut headers = HeaderMap::new();
        let agent = &AGENTS[usize::from(number) % AGENTS.len()];
        headers.insert(USER_AGENT, HeaderValue::from_static(agent.user_agent));
        Self {
            ledger: Ledger::new(round.number, number, round.per_name),
            headers: Arc::new(headers),
            site: round.site,
            visitor: (u64::from(round.number) << 48) | (u64::from(number) << 32),
            hits: 0,
            end: round.end,
        }
    }
}

impl Source for Events {
    fn next(&mut self) -> Option<Shot> {
        if Instant::now() >= self.end {
            return None;
        }
        let (name, value) = self.ledger.send();
        let visitor = self.visitor | (self.hits / HITS_PER_VISITOR);
        self.hits += 1;
        let target = format!(
            "/matomo.php?e_c=charge&e_a=coupure&e_n={name}&e_v={value}&ca=1&idsite={}&rec=1\
             &url=https%3A%2F%2Fwww.quiziniere.com%2Fcharge&_id={visitor:016x}&send_image=0",
            self.site
        );
        Some(Shot { target, headers: Arc::clone(&self.headers), body: Bytes::new() })
    }

    fn answered(&mut self, status: StatusCode, _took: Duration) {
        if status.is_success() {
            self.ledger.acknowledge();
        }
    }
}
