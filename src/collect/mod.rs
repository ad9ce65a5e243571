//! What a browser sent, understood.
//!
//! Parameters become a [`Hit`] once; nobody behind this module looks at the raw text again. An
//! [`Arrival`] is a hit with the address and the agent it came from: the only value that carries
//! them, and it can neither be printed, copied nor written.
#![expect(clippy::disallowed_types, reason = "addresses live here and die in strip")]

mod bulk;
mod hints;
mod hit;
mod multipart;
mod params;
mod proxy;

use std::net::IpAddr;

pub use bulk::{Batch, is_bulk, parse_bulk};
pub use hints::{Hints, Told};
pub use hit::{ComingBack, Content, EventParts, Hit, Invalid, SearchParts, Tracked};
pub use multipart::multipart;
pub use params::Params;
pub use proxy::{Trust, client_address};

/// The most hits one bulk body may hold; a larger one is refused whole, never cut silently.
pub const MOST_HITS: usize = 100_000;

/// What the transport says of the sender, beside the parameters.
pub struct Sender {
    pub address: IpAddr,
    pub agent: String,
    pub hints: Hints,
    pub language: String,
    /// `DNT: 1` or `X-Do-Not-Track: 1`.
    pub do_not_track: bool,
    /// `Sec-GPC: 1`.
    pub global_privacy_control: bool,
    /// The page was fetched ahead, not looked at.
    pub prefetch: bool,
    /// The opt-out cookie of this server.
    pub ignore_cookie: bool,
    /// The `Referer` header: the page's address of an image tracker.
    pub referer: String,
}

/// One hit with its sender. No `Debug`, no `Clone`, no `Serialize`, on purpose.
pub struct Arrival {
    hit: Hit,
    address: IpAddr,
    agent: String,
    hints: Hints,
    language: String,
    time: i64,
    do_not_track: bool,
    prefetch: bool,
    ignore_cookie: bool,
}

impl Arrival {
    /// Joins a hit and its sender. `now` is the server's clock (Unix seconds); `trusted` tells that
    /// a token with write access came along, which `cip`, a location or an old `cdt` need.
    ///
    /// # Errors
    /// The reasons of Matomo's status 400: an override without the right to it.
    pub fn new(mut hit: Hit, sender: &Sender, now: i64, trusted: bool) -> Result<Self, Invalid> {
        if hit.url.is_empty() && hit.referrer.is_empty() && !sender.referer.is_empty() {
            hit.url.clone_from(&sender.referer);
        }
        if hit.location_given && !trusted {
            return Err(Invalid::LocationWithoutToken);
        }
        let address = match hit.address_given.take() {
            None => sender.address,
            Some(_) if !trusted => return Err(Invalid::AddressWithoutToken),
            Some(text) => text.parse().unwrap_or(sender.address),
        };
        let time = hit.time(now);
        if now - time >= 86_400 && !trusted {
            return Err(Invalid::OldTimeWithoutToken);
        }
        Ok(Self {
            address,
            agent: hit.agent.take().unwrap_or_else(|| sender.agent.clone()),
            hints: sender.hints.with(hit.hints.take()),
            language: hit.language.take().unwrap_or_else(|| sender.language.clone()),
            time,
            do_not_track: sender.do_not_track || sender.global_privacy_control,
            prefetch: sender.prefetch,
            ignore_cookie: sender.ignore_cookie,
            hit,
        })
    }

    pub fn hit(&self) -> &Hit {
        &self.hit
    }
    pub fn address(&self) -> IpAddr {
        self.address
    }
    pub fn agent(&self) -> &str {
        &self.agent
    }
    /// What the browser tells of itself beside its agent.
    pub fn hints(&self) -> &Hints {
        &self.hints
    }
    /// The languages accepted, as the header `Accept-Language` spells them.
    pub fn language(&self) -> &str {
        &self.language
    }
    /// When it happened, Unix seconds.
    pub fn time(&self) -> i64 {
        self.time
    }
    /// The visitor asked not to be counted (DNT or Global Privacy Control).
    pub fn do_not_track(&self) -> bool {
        self.do_not_track
    }
    pub fn prefetch(&self) -> bool {
        self.prefetch
    }
    pub fn ignore_cookie(&self) -> bool {
        self.ignore_cookie
    }
}
