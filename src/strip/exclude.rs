//! Hits that are not counted at all: in Matomo's order, each with its reason.
#![expect(clippy::disallowed_types, reason = "addresses die here")]

use std::{net::IpAddr, sync::LazyLock};

use regex::{Regex, RegexBuilder};

use super::{Device, Dropped, Rules, page};
use crate::{collect::Arrival, site::Site};

/// Where Google, Microsoft and Yahoo send their robots and previews from, whatever agent these
/// name, and one crawler: the ranges that Matomo looks at.
const ROBOTS: [&str; 24] = [
    "216.239.32.0/19",
    "64.233.160.0/19",
    "66.249.80.0/20",
    "72.14.192.0/18",
    "209.85.128.0/17",
    "66.102.0.0/20",
    "74.125.0.0/16",
    "64.18.0.0/20",
    "207.126.144.0/20",
    "173.194.0.0/16",
    "64.4.0.0/18",
    "65.52.0.0/14",
    "157.54.0.0/15",
    "157.56.0.0/14",
    "157.60.0.0/16",
    "207.46.0.0/16",
    "207.68.128.0/18",
    "207.68.192.0/20",
    "131.253.26.0/20",
    "131.253.24.0/20",
    "72.30.198.0/20",
    "72.30.196.0/20",
    "98.137.207.0/20",
    "1.202.218.8/32",
];

static ROBOT_RANGES: LazyLock<Vec<Range>> =
    LazyLock::new(|| ROBOTS.iter().filter_map(|text| Range::parse(text)).collect());

/// Domains that send made-up referrers to be seen in reports.
const SPAMMERS: &str = include_str!("spammers.txt");

/// All of them at once: every hit with a referrer is looked at.
static SPAM: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let domains: Vec<_> = SPAMMERS.lines().filter(|it| !it.is_empty()).map(regex::escape).collect();
    Regex::new(&domains.join("|")).ok()
});

/// A site's exclusions, compiled.
pub(super) struct Exclusions {
    addresses: Vec<Range>,
    agents: Vec<Agent>,
    /// Host and path prefixes; `None`: any address is of the site.
    known_urls: Option<Vec<(String, String)>>,
}

enum Agent {
    Contains(String),
    Pattern(Regex),
}

struct Range {
    low: u128,
    high: u128,
}

impl Exclusions {
    pub(super) fn new(site: &Site) -> Self {
        let settings = &site.settings;
        let known = site.urls.iter().filter_map(|url| {
            let url = page::Parts::split(url)?;
            Some((without_www(&url.host).to_owned(), url.path.trim_end_matches('/').to_owned()))
        });
        Self {
            addresses: settings.excluded_ips.iter().filter_map(|text| Range::parse(text)).collect(),
            agents: settings.excluded_user_agents.iter().filter_map(|text| agent(text)).collect(),
            known_urls: settings.exclude_unknown_urls.then(|| known.collect()),
        }
    }

    fn excludes_agent(&self, agent: &str) -> bool {
        let lower = agent.to_lowercase();
        self.agents.iter().any(|it| match it {
            Agent::Contains(part) => lower.contains(part),
            Agent::Pattern(pattern) => pattern.is_match(agent),
        })
    }

    fn knows(&self, url: &str) -> bool {
        let Some(known) = &self.known_urls else { return true };
        page::Parts::split(url).is_some_and(|parts| {
            let host = without_www(&parts.host);
            known.iter().any(|(h, path)| h == host && parts.path.starts_with(path.as_str()))
        })
    }
}

fn without_www(host: &str) -> &str {
    host.strip_prefix("www.").unwrap_or(host)
}

fn agent(text: &str) -> Option<Agent> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let inner = text.strip_prefix('/').and_then(|rest| rest.rsplit_once('/'));
    let pattern = inner.and_then(|(pattern, flags)| {
        RegexBuilder::new(pattern).case_insensitive(flags.contains('i')).build().ok()
    });
    Some(pattern.map_or_else(|| Agent::Contains(text.to_lowercase()), Agent::Pattern))
}

impl Range {
    /// `1.2.3.4`, `1.2.*.*`, `1.2.0.0/16`, `2001:db8::/32`.
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.contains('*') {
            let low: IpAddr = text.replace('*', "0").parse().ok()?;
            let high: IpAddr = text.replace('*', "255").parse().ok()?;
            return Some(Self { low: bits(low), high: bits(high) });
        }
        let (address, prefix) = text.split_once('/').unwrap_or((text, ""));
        let address: IpAddr = address.parse().ok()?;
        let width = if address.is_ipv4() { 32 } else { 128 };
        let prefix: u32 = if prefix.is_empty() { width } else { prefix.parse().ok()? };
        let free = width.checked_sub(prefix)?;
        let mask = 1_u128.checked_shl(free).map_or(u128::MAX, |top| top - 1);
        Some(Self { low: bits(address) & !mask, high: bits(address) | mask })
    }
}

/// IPv4 and IPv6 on one line, IPv4 as mapped.
fn bits(address: IpAddr) -> u128 {
    match address.to_canonical() {
        IpAddr::V4(v4) => u128::from(v4.to_ipv6_mapped()),
        IpAddr::V6(v6) => u128::from(v6),
    }
}

fn within(ranges: &[Range], address: u128) -> bool {
    ranges.iter().any(|range| (range.low..=range.high).contains(&address))
}

/// Whether a listed domain is anywhere in a referrer.
fn is_spam(referrer: &str) -> bool {
    if referrer.is_empty() {
        return false;
    }
    SPAM.as_ref().is_some_and(|spam| spam.is_match(&referrer.to_lowercase()))
}

/// Why a hit is not counted, if it is not.
pub(super) fn reason(arrival: &Arrival, rules: &Rules, device: &Device) -> Option<Dropped> {
    let (hit, exclusions) = (arrival.hit(), &rules.exclusions);
    let address = bits(arrival.address());
    let robot = device.bot || within(&ROBOT_RANGES, address);
    if robot && !hit.count_bots {
        Some(Dropped::Bot)
    } else if !hit.record {
        Some(Dropped::NotRecorded)
    } else if arrival.do_not_track() {
        Some(Dropped::DoNotTrack)
    } else if arrival.ignore_cookie() {
        Some(Dropped::OptedOut)
    } else if within(&exclusions.addresses, address) {
        Some(Dropped::ExcludedAddress)
    } else if !exclusions.agents.is_empty() && exclusions.excludes_agent(arrival.agent()) {
        Some(Dropped::ExcludedAgent)
    } else if is_spam(&hit.referrer) {
        Some(Dropped::ReferrerSpam)
    } else if !exclusions.knows(&hit.url) {
        Some(Dropped::UnknownUrl)
    } else if arrival.prefetch() {
        Some(Dropped::Prefetch)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_in_all_spellings() {
        let holds = |range: &str, address: &str| {
            let range = Range::parse(range).unwrap();
            (range.low..=range.high).contains(&bits(address.parse().unwrap()))
        };
        assert!(holds("192.0.2.1", "192.0.2.1") && !holds("192.0.2.1", "192.0.2.2"));
        assert!(holds("192.0.*.*", "192.0.77.2") && !holds("192.0.*.*", "192.1.0.0"));
        assert!(holds("192.0.2.0/24", "192.0.2.255") && !holds("192.0.2.0/24", "192.0.3.0"));
        assert!(holds("2001:db8::/32", "2001:db8:1::9") && holds("0.0.0.0/0", "9.9.9.9"));
        assert!(within(&ROBOT_RANGES, bits("66.249.81.20".parse().unwrap())));
        assert_eq!(ROBOT_RANGES.len(), ROBOTS.len());
        for wrong in ["", "x", "1.2.3", "1.2.3.4/33", "1.2.3.4/x"] {
            assert!(Range::parse(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn referrer_spam_is_told_by_its_domain() {
        assert!(is_spam("http://SEMALT.com/crawler.php?u=x") && is_spam("http://x.darodar.com/"));
        assert!(!is_spam("") && !is_spam("https://www.education.gouv.fr/"));
    }
}
