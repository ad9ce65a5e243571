//! Sightings in memory, until they may be told.

use std::collections::{HashMap, HashSet};

use super::{BETWEEN, Kind, looks_plain, shape};
use crate::site::{DayNumber, SiteId};

/// A name that fewer senders used is told as its shape only.
pub const LEAST_SENDERS: usize = 11;
/// Names that wait for more senders; when there are more, all of them are forgotten.
const MOST_WAITING: usize = 4_096;
/// Names that are told; those that come later are told as their shapes. Who makes up names and senders
/// fills neither the memory nor the table.
const MOST_TOLD: usize = 4_096;
/// Shapes that are told apart.
const MOST_SHAPES: usize = 1_024;
/// The shape under which those are counted that have no room.
const OTHERS: &str = "…";

/// What was seen since rows were last taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub site: SiteId,
    pub kind: Kind,
    /// A name, its parts with `BETWEEN` between them, or their shapes.
    pub name: String,
    pub is_shape: bool,
    pub seen: i64,
    pub first: DayNumber,
    pub last: DayNumber,
}

/// Counts names by a hash of them, which whoever calls makes with a key that nobody knows.
#[derive(Default)]
pub struct Tally {
    names: HashMap<u64, Name>,
    waiting: usize,
    told: usize,
    rows: HashMap<Key, Count>,
    /// Every shape there was.
    shapes: HashSet<Key>,
}

type Key = (SiteId, Kind, String, bool);

enum Name {
    /// Hashes of those who sent it.
    Waiting(Vec<u64>),
    Told,
}

struct Count {
    seen: i64,
    first: DayNumber,
    last: DayNumber,
}

impl Tally {
    /// Counts a name on a day. `hash` is of the site, the kind and the name, `sender` of who sent it;
    /// `is_declared` tells whether the site itself has written the name on its lists.
    pub fn see(
        &mut self,
        (site, kind, parts): (SiteId, Kind, &[&str]),
        day: DayNumber,
        hash: u64,
        sender: u64,
        is_declared: impl FnOnce() -> bool,
    ) {
        // The number of a dimension is ours.
        let ours = usize::from(kind == Kind::DimensionValue);
        let looks = || {
            parts.iter().enumerate().skip(ours).all(|(at, part)| {
                // Of an event's three parts the last is its name.
                let kind = if at < 2 && kind == Kind::EventName { Kind::Event } else { kind };
                looks_plain(kind, part)
            })
        };
        let plain = self.is_told(hash, sender, || looks() || is_declared());
        let name: Vec<String> = if plain {
            parts.iter().map(|it| (*it).to_owned()).collect()
        } else {
            let shaped = |(at, part): (usize, &&str)| {
                if at < ours { (*part).to_owned() } else { shape(part) }
            };
            parts.iter().enumerate().map(shaped).collect()
        };
        self.count((site, kind, name.join(&BETWEEN.to_string()), !plain), day);
    }

    /// Whether enough senders used a name that may be told.
    fn is_told(&mut self, hash: u64, sender: u64, may_be: impl FnOnce() -> bool) -> bool {
        match self.names.get_mut(&hash) {
            Some(Name::Told) => return true,
            Some(Name::Waiting(senders)) => {
                if !senders.contains(&sender) {
                    senders.push(sender);
                }
                if senders.len() < LEAST_SENDERS || self.told >= MOST_TOLD {
                    senders.truncate(LEAST_SENDERS);
                    return false;
                }
            }
            None => {
                if !may_be() {
                    return false;
                }
                if self.waiting >= MOST_WAITING {
                    self.names.retain(|_, name| matches!(name, Name::Told));
                    self.waiting = 0;
                }
                self.names.insert(hash, Name::Waiting(vec![sender]));
                self.waiting += 1;
                return false;
            }
        }
        self.names.insert(hash, Name::Told);
        self.waiting = self.waiting.saturating_sub(1);
        self.told += 1;
        true
    }

    fn count(&mut self, key: Key, day: DayNumber) {
        let (site, kind, _, is_shape) = key;
        let key = match is_shape && !self.shapes.contains(&key) {
            true if self.shapes.len() < MOST_SHAPES => {
                self.shapes.insert(key.clone());
                key
            }
            true => (site, kind, OTHERS.to_owned(), true),
            false => key,
        };
        let count = self.rows.entry(key).or_insert(Count { seen: 0, first: day, last: day });
        count.seen += 1;
        count.first = count.first.min(day);
        count.last = count.last.max(day);
    }

    /// What was seen since it was last asked.
    pub fn take(&mut self) -> Vec<Row> {
        let rows = std::mem::take(&mut self.rows).into_iter();
        let row = |((site, kind, name, is_shape), count): (Key, Count)| Row {
            site,
            kind,
            name,
            is_shape,
            seen: count.seen,
            first: count.first,
            last: count.last,
        };
        rows.map(row).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(tally: &mut Tally, text: &str, senders: std::ops::Range<u64>) -> Vec<(String, i64)> {
        for sender in senders {
            let parts = ["Création", "ajout", text];
            tally.see((1, Kind::EventName, &parts), 5, 7, sender, || false);
        }
        let mut rows: Vec<_> =
            tally.take().into_iter().map(|it| (it.name.replace(BETWEEN, "|"), it.seen)).collect();
        rows.sort();
        rows
    }

    #[test]
    fn a_name_is_told_once_eleven_senders_used_it() {
        let mut tally = Tally::default();
        assert_eq!(seen(&mut tally, "qcm", 0..10), [("Aa|a|a".into(), 10)]);
        assert_eq!(seen(&mut tally, "qcm", 3..9), [("Aa|a|a".into(), 6)], "the same senders");
        assert_eq!(seen(&mut tally, "qcm", 10..13), [("Création|ajout|qcm".into(), 3)]);
        assert_eq!(seen(&mut tally, "qcm", 0..1), [("Création|ajout|qcm".into(), 1)]);
        assert_eq!(tally.take(), []);
    }

    #[test]
    fn what_a_site_has_declared_need_not_look_plain() {
        let mut tally = Tally::default();
        for sender in 0..12 {
            let value = (1, Kind::DimensionValue, &["3", "Français"][..]);
            tally.see(value, 5, 7, sender, || true);
        }
        let mut rows: Vec<_> = tally.take().into_iter().map(|it| (it.name, it.seen)).collect();
        rows.sort();
        assert_eq!(rows, [("3\u{1f}Aa".to_owned(), 10), ("3\u{1f}Français".to_owned(), 2)]);
    }

    #[test]
    fn what_looks_like_somebody_is_never_told() {
        let mut tally = Tally::default();
        let shapes = seen(&mut tally, "camille.dupont@ac-exemple.fr", 0..1_000);
        assert_eq!(shapes, [("Aa|a|a.a@a-a.a".into(), 1_000)]);
        assert!(tally.names.is_empty(), "nothing of it is kept in memory either");
    }

    #[test]
    fn many_names_do_not_fill_the_memory() {
        let mut tally = Tally::default();
        for hash in 0..20_000 {
            tally.see((1, Kind::Title, &["a"]), 5, hash, 1, || false);
        }
        assert!(tally.names.len() <= MOST_WAITING);
        for site in 0..10_000 {
            tally.see((site, Kind::Title, &["a"]), 5, 1, 1, || false);
        }
        let rows = tally.take();
        assert!(rows.iter().any(|row| row.name == OTHERS && row.is_shape));
        let seen: i64 = rows.iter().map(|row| row.seen).sum();
        assert_eq!(seen, 30_000);
    }

    #[test]
    fn made_up_names_of_made_up_senders_are_not_told_without_end() {
        let mut tally = Tally::default();
        for hash in 0..6_000_u64 {
            for sender in 0..12 {
                let name = format!("mot-{hash}");
                tally.see((1, Kind::EventName, &["C", "a", &name]), 5, hash, sender, || true);
            }
        }
        let told = tally.take().into_iter().filter(|row| !row.is_shape).count();
        assert_eq!(told, MOST_TOLD);
        assert!(tally.names.len() <= MOST_TOLD + MOST_WAITING);
    }
}
