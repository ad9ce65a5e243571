//! Who is who, under keys that will be destroyed.
//!
//! Keyed BLAKE3 over length-prefixed fields: ("ab", "c") and ("a", "bc") differ. The key is random
//! per site and period, so nothing links two sites, two days, or a day and a dump made later.
#![expect(clippy::disallowed_types, reason = "addresses die here")]

use std::net::IpAddr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Policy, UserKeys, Who, draft::Draft};
use crate::{
    collect::Arrival,
    site::{self, DayNumber, SiteId},
};

/// A secret of one site and one period. No `Debug`, no `Serialize`: it is neither shown nor stored
/// with what was made with it.
#[derive(Clone)]
pub struct SecretKey([u8; 32]);

impl SecretKey {
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    fn hash(&self, fields: &[&[u8]]) -> u64 {
        let mut hasher = blake3::Hasher::new_keyed(&self.0);
        for field in fields {
            hasher.update(&(field.len() as u64).to_le_bytes());
            hasher.update(field);
        }
        let hash = hasher.finalize();
        u64::from_le_bytes(hash.as_bytes().first_chunk().copied().unwrap_or_default())
    }
}

/// A stretch of a site's time with a key of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Period {
    /// A day.
    Day(DayNumber),
    /// An ISO week, by its Monday.
    Week(DayNumber),
    /// A month, by its first day.
    Month(DayNumber),
}

impl Period {
    /// The three periods a day lies in.
    pub fn of(day: DayNumber) -> [Self; 3] {
        [Self::Day(day), Self::Week(week_of(day)), Self::Month(month_of(day))]
    }

    /// The period's first day.
    pub fn first(self) -> DayNumber {
        let (Self::Day(day) | Self::Week(day) | Self::Month(day)) = self;
        day
    }

    /// The first day after the period.
    pub fn end(self) -> DayNumber {
        match self {
            Self::Day(day) => day + 1,
            Self::Week(monday) => monday + 7,
            Self::Month(first) => {
                let next = site::date_of(first)
                    .first_of_month()
                    .saturating_add(jiff::Span::new().months(1));
                site::number_of(next)
            }
        }
    }

    /// A name for files and logs: `day-2026-03-06`.
    pub fn name(self) -> String {
        match self {
            Self::Day(day) => format!("day-{}", site::date_of(day)),
            Self::Week(day) => format!("week-{}", site::date_of(day)),
            Self::Month(day) => format!("month-{}", site::date_of(day)),
        }
    }

    /// Reads a name back.
    pub fn parse(name: &str) -> Option<Self> {
        let (kind, date) = name.split_once('-')?;
        let day = site::number_of(date.parse::<Date>().ok()?);
        match kind {
            "day" => Some(Self::Day(day)),
            "week" => Some(Self::Week(day)),
            "month" => Some(Self::Month(day)),
            _ => None,
        }
    }
}

fn week_of(day: DayNumber) -> DayNumber {
    // 1970-01-01 was a Thursday.
    day - (day + 3).rem_euclid(7)
}

fn month_of(day: DayNumber) -> DayNumber {
    site::number_of(site::date_of(day).first_of_month())
}

/// The keys of the day, the week and the month that a day lies in.
#[derive(Clone)]
pub struct PeriodKeys {
    pub day: SecretKey,
    pub week: SecretKey,
    pub month: SecretKey,
}

/// The pseudonyms of a hit's sender. The client's id decides, else the user id, else the
/// fingerprint: masked address, agent, languages.
pub(super) fn who(
    arrival: &Arrival,
    site: SiteId,
    keys: &PeriodKeys,
    policy: &Policy,
    draft: &Draft,
) -> Who {
    let site = site.to_le_bytes();
    let hit = arrival.hit();
    let address = masked(arrival.address(), policy.masked_bytes);
    let [browser, version, os] = draft.agent_class(policy.fine_fingerprint).map(str::as_bytes);
    let language = arrival.language().as_bytes();
    let print: [&[u8]; 7] = [b"fingerprint", &site, &address, browser, version, os, language];
    let id = hit.visitor.map(u64::to_le_bytes);
    let user: [&[u8]; 3] = [b"user", &site, hit.user.as_bytes()];
    let with_id;
    let fields: &[&[u8]] = match &id {
        Some(id) => {
            with_id = [b"id".as_slice(), &site, id];
            &with_id
        }
        None if !hit.user.is_empty() => &user,
        None => &print,
    };
    Who {
        day: keys.day.hash(fields),
        week: keys.week.hash(fields),
        month: keys.month.hash(fields),
        by_id: id.is_some() || !hit.user.is_empty(),
        fingerprint: keys.day.hash(&print),
        user: (!hit.user.is_empty()).then(|| UserKeys {
            day: keys.day.hash(&user),
            week: keys.week.hash(&user),
            month: keys.month.hash(&user),
        }),
    }
}

/// The address without its last bytes: two of IPv4 stand for ten of IPv6 (a /48 stays).
pub(super) fn masked(address: IpAddr, bytes: u8) -> [u8; 16] {
    let mut octets = match address.to_canonical() {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().octets(),
        IpAddr::V6(v6) => v6.octets(),
    };
    let wide = matches!(address.to_canonical(), IpAddr::V6(_));
    let cut = if wide && bytes > 0 { 8 + usize::from(bytes) } else { usize::from(bytes) };
    for octet in octets.iter_mut().rev().take(cut) {
        *octet = 0;
    }
    octets
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_have_walls() {
        let key = SecretKey::new([7; 32]);
        assert_ne!(key.hash(&[b"ab", b"c"]), key.hash(&[b"a", b"bc"]));
        assert_ne!(key.hash(&[b"ab"]), SecretKey::new([8; 32]).hash(&[b"ab"]));
    }

    #[test]
    fn weeks_start_on_monday_and_months_end() {
        let day = site::number_of(Date::constant(2026, 3, 1));
        let names = Period::of(day).map(Period::name);
        assert_eq!(names, ["day-2026-03-01", "week-2026-02-23", "month-2026-03-01"]);
        assert_eq!(Period::Month(day).end(), day + 31);
        for period in Period::of(day) {
            assert_eq!(Period::parse(&period.name()), Some(period));
        }
    }

    #[test]
    fn addresses_lose_their_last_bytes() {
        let tail = |text: &str, bytes| masked(text.parse().unwrap(), bytes);
        assert_eq!(tail("203.0.113.77", 2), tail("203.0.9.1", 2));
        assert_ne!(tail("203.0.113.77", 0), tail("203.0.113.78", 0));
        assert_eq!(tail("2001:db8:1:2::1", 2), tail("2001:db8:1:ffff::9", 2));
        assert_ne!(tail("2001:db8:1::", 2), tail("2001:db8:2::", 2));
    }
}
