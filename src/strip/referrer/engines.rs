//! Which engine is found at a host: looked up by parts of its name, as there are hundreds.

use std::{collections::HashMap, sync::LazyLock};

use super::{
    Parts,
    lists::{ENGINES, Engine},
    more::MORE,
    under,
};

/// A place of an engine.
struct Place {
    /// Engines that most links come from are looked at first.
    rank: usize,
    engine: &'static Engine,
    domain: &'static str,
    folder: &'static str,
}

type Places = HashMap<&'static str, Vec<Place>>;

/// All places, by what their hosts have in common.
#[derive(Default)]
struct Known {
    /// By the whole host.
    hosts: Places,
    /// By what stands before a country's ending.
    names: Places,
    /// By the domain that any host may stand before.
    domains: Places,
}

static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    let mut known = Known::default();
    for (rank, engine) in ENGINES.iter().chain(MORE).enumerate() {
        for place in engine.1 {
            let (domain, folder) = place.split_once('/').unwrap_or((place, ""));
            let (places, key) = match (domain.strip_suffix(".*"), domain.strip_prefix("*.")) {
                (Some(name), _) => (&mut known.names, name),
                (None, Some(domain)) => (&mut known.domains, domain),
                (None, None) => (&mut known.hosts, domain),
            };
            places.entry(key).or_default().push(Place { rank, engine, domain, folder });
        }
    }
    known
});

/// The engine of that host: one that names it before one that has a pattern for it, and those that
/// most links come from first.
pub(super) fn engine_at(host: &str, from: &Parts) -> Option<&'static Engine> {
    let known = &*KNOWN;
    let first = |places: &mut dyn Iterator<Item = &'static Place>| {
        let fitting = places.filter(|place| place.holds(host, from));
        fitting.min_by_key(|place| place.rank).map(|place| place.engine)
    };
    if let Some(engine) = first(&mut known.hosts.get(host).into_iter().flatten()) {
        return Some(engine);
    }
    let dots = || host.match_indices('.').map(|(at, _)| at);
    let names = dots().filter_map(|at| known.names.get(host.get(..at)?));
    let domains = dots().filter_map(|at| known.domains.get(host.get(at + 1..)?));
    let domains = domains.chain(known.domains.get(host));
    first(&mut names.chain(domains).flatten())
}

impl Place {
    /// Applications (`android-app://…`) are no engines, but for the search box itself.
    fn holds(&self, host: &str, from: &Parts) -> bool {
        let is_app = from.scheme == "android-app" && !self.domain.starts_with("com.");
        let inside = from.path.trim_start_matches('/').starts_with(self.folder);
        inside && !is_app && same_host(host, self.domain)
    }
}

/// `google.*` is `google.fr`, `google.co.uk`, `google.com.hk`; `*.bing.com` is any sub-domain.
fn same_host(host: &str, pattern: &str) -> bool {
    if let Some(name) = pattern.strip_suffix(".*") {
        let ending = host.strip_prefix(name).and_then(|rest| rest.strip_prefix('.'));
        return ending.is_some_and(|ending| {
            let parts: Vec<&str> = ending.split('.').collect();
            match parts.as_slice() {
                [top] => top.len() == 2 || *top == "com",
                ["co" | "com", country] => country.len() == 2,
                _ => false,
            }
        });
    }
    match pattern.strip_prefix("*.") {
        Some(domain) => under(host, domain),
        None => host == pattern,
    }
}
