//! Who is who, under keys that will be destroyed.
//!
//! Keyed BLAKE3 over length-prefixed fields: ("ab", "c") and ("a", "bc") differ. The key is random
//! per site and period, so nothing links two sites, two days, or a day and a dump made later.
#![expect(clippy::disallowed_types, reason = "addresses die here")]

use std::net::IpAddr;

use jiff::{ToSpan, civil::Date};
use serde::{Deserialize, Serialize};

use super::{Policy, UserKeys, Who, Years, draft::Draft};
use crate::{
    collect::Arrival,
    site::{self, DayNumber, SiteId},
};

/// The month that school years begin with.
const SEPTEMBER: i8 = 9;

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
    /// A calendar year, by its first day.
    Year(DayNumber),
    /// A school year, by its first of September.
    SchoolYear(DayNumber),
}

impl Period {
    /// The three periods a day lies in.
    pub fn of(day: DayNumber) -> [Self; 3] {
        [Self::Day(day), Self::Week(week_of(day)), Self::Month(month_of(day))]
    }

    /// The calendar year and the school year a day lies in.
    pub fn years(day: DayNumber) -> [Self; 2] {
        let date = site::date_of(day);
        let first = |year, month| site::number_of(Date::new(year, month, 1).unwrap_or(date));
        let year = date.year();
        let school = if date.month() < SEPTEMBER { year - 1 } else { year };
        [Self::Year(first(year, 1)), Self::SchoolYear(first(school, SEPTEMBER))]
    }

    /// The period's first day.
    pub fn first(self) -> DayNumber {
        let (Self::Day(day)
        | Self::Week(day)
        | Self::Month(day)
        | Self::Year(day)
        | Self::SchoolYear(day)) = self;
        day
    }

    /// The first day after the period.
    pub fn end(self) -> DayNumber {
        let after = |span| site::number_of(site::date_of(self.first()).saturating_add(span));
        match self {
            Self::Day(day) => day + 1,
            Self::Week(monday) => monday + 7,
            Self::Month(_) => after(1.month()),
            Self::Year(_) | Self::SchoolYear(_) => after(1.year()),
        }
    }

    /// A name for files and logs: `day-2026-03-06`.
    pub fn name(self) -> String {
        let kind = match self {
            Self::Day(_) => "day",
            Self::Week(_) => "week",
            Self::Month(_) => "month",
            Self::Year(_) => "year",
            Self::SchoolYear(_) => "schoolyear",
        };
        format!("{kind}-{}", site::date_of(self.first()))
    }

    /// Reads a name back.
    pub fn parse(name: &str) -> Option<Self> {
        let (kind, date) = name.split_once('-')?;
        let day = site::number_of(date.parse::<Date>().ok()?);
        match kind {
            "day" => Some(Self::Day(day)),
            "week" => Some(Self::Week(day)),
            "month" => Some(Self::Month(day)),
            "year" => Some(Self::Year(day)),
            "schoolyear" => Some(Self::SchoolYear(day)),
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

/// The keys of the periods that a day lies in.
#[derive(Clone)]
pub struct PeriodKeys {
    pub day: SecretKey,
    pub week: SecretKey,
    pub month: SecretKey,
    pub year: SecretKey,
    pub school_year: SecretKey,
}

/// The pseudonyms of a hit's sender. The client's id decides, else the user id, else the
/// fingerprint: masked address, agent, languages.
pub(super) fn who(
    arrival: &Arrival,
    site: SiteId,
    keys: &PeriodKeys,
    policy: &Policy,
    draft: &Draft,
) -> (Who, Years) {
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
    let is_user = !hit.user.is_empty();
    let by_id = id.is_some() || is_user;
    // No fingerprint is told from others for a year: it only joins hits of one visit.
    let of_year = |key: &SecretKey| if by_id { key } else { &keys.day }.hash(fields);
    let years = Years {
        year: of_year(&keys.year),
        school_year: of_year(&keys.school_year),
        user: is_user.then(|| [keys.year.hash(&user), keys.school_year.hash(&user)]),
    };
    let who = Who {
        day: keys.day.hash(fields),
        week: keys.week.hash(fields),
        month: keys.month.hash(fields),
        by_id,
        fingerprint: keys.day.hash(&print),
        user: is_user.then(|| UserKeys {
            day: keys.day.hash(&user),
            week: keys.week.hash(&user),
            month: keys.month.hash(&user),
        }),
    };
    (who, years)
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
        for period in Period::of(day).into_iter().chain(Period::years(day)) {
            assert_eq!(Period::parse(&period.name()), Some(period));
        }
    }

    #[test]
    fn a_day_lies_in_a_calendar_and_in_a_school_year() {
        let number = |year, month, day| site::number_of(Date::constant(year, month, day));
        let names = |day| Period::years(day).map(Period::name);
        assert_eq!(names(number(2026, 8, 31)), ["year-2026-01-01", "schoolyear-2025-09-01"]);
        assert_eq!(names(number(2026, 9, 1)), ["year-2026-01-01", "schoolyear-2026-09-01"]);
        let [year, school] = Period::years(number(2026, 12, 31));
        assert_eq!((year.end(), school.end()), (number(2027, 1, 1), number(2027, 9, 1)));
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
