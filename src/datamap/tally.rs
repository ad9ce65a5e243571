//! Sightings in memory, until they may be told.

use std::collections::HashMap;

use super::{BETWEEN, Kind, looks_plain, shape};
use crate::site::{DayNumber, SiteId};

/// A name that fewer senders used is told as its shape only.
pub const LEAST_SENDERS: usize = 11;
/// Names that wait for more senders; when there are more, all of them are forgotten.
const MOST_WAITING: usize = 4_096;
/// Names that are told; those that come later are told as their shapes. Who makes up names and senders
/// fills neither the memory nor the table.
const MOST_TOLD: usize = 4_096;
/// Names that are never told, of which a hash is remembered until rows are taken.
const MOST_NEVER: usize = 4_096;
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
    never: usize,
    /// What is told, and every shape there was.
    rows: Vec<(Key, Option<Count>)>,
    /// Where each shape is among the rows.
    shapes: HashMap<Key, usize>,
}

type Key = (SiteId, Kind, String, bool);

/// What is known of a name, with its row.
enum Name {
    /// Hashes of those who sent it; the row is its shape's.
    Waiting(Vec<u64>, usize),
    /// It looks like somebody; the row is its shape's.
    Never(usize),
    Told(usize),
}

#[derive(Clone, Copy)]
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
        name: (SiteId, Kind, &[&str]),
        day: DayNumber,
        hash: u64,
        sender: u64,
        is_declared: impl FnOnce() -> bool,
    ) {
        let at = match self.names.get_mut(&hash) {
            Some(Name::Told(at) | Name::Never(at)) => *at,
            Some(Name::Waiting(senders, at)) => {
                if !senders.contains(&sender) {
                    senders.push(sender);
                }
                if senders.len() < LEAST_SENDERS || self.told >= MOST_TOLD {
                    senders.truncate(LEAST_SENDERS);
                    *at
                } else {
                    self.tell(name, hash)
                }
            }
            None => self.meet(name, hash, sender, is_declared),
        };
        if let Some((_, count)) = self.rows.get_mut(at) {
            let count = count.get_or_insert(Count { seen: 0, first: day, last: day });
            count.seen += 1;
            count.first = count.first.min(day);
            count.last = count.last.max(day);
        }
    }

    /// A name that is seen for the first time; the row of its shape.
    fn meet(
        &mut self,
        (site, kind, parts): (SiteId, Kind, &[&str]),
        hash: u64,
        sender: u64,
        is_declared: impl FnOnce() -> bool,
    ) -> usize {
        // The number of a dimension is ours.
        let ours = usize::from(kind == Kind::DimensionValue);
        let shaped = |(at, part): (usize, &&str)| {
            if at < ours { (*part).to_owned() } else { shape(part) }
        };
        let shapes: Vec<String> = parts.iter().enumerate().map(shaped).collect();
        let at = self.shape((site, kind, shapes.join(&BETWEEN.to_string()), true));
        let is_plain = parts.iter().enumerate().skip(ours).all(|(at, part)| {
            // Of an event's three parts the last is its name.
            let kind = if at < 2 && kind == Kind::EventName { Kind::Event } else { kind };
            looks_plain(kind, part)
        });
        if is_plain || is_declared() {
            if self.waiting >= MOST_WAITING {
                self.names.retain(|_, name| !matches!(name, Name::Waiting(..)));
                self.waiting = 0;
            }
            self.waiting += 1;
            self.names.insert(hash, Name::Waiting(vec![sender], at));
        } else {
            if self.never >= MOST_NEVER {
                self.forget_never();
            }
            self.never += 1;
            self.names.insert(hash, Name::Never(at));
        }
        at
    }

    /// A name that enough senders used; its row.
    fn tell(&mut self, (site, kind, parts): (SiteId, Kind, &[&str]), hash: u64) -> usize {
        let at = self.rows.len();
        self.rows.push(((site, kind, parts.join(&BETWEEN.to_string()), false), None));
        self.names.insert(hash, Name::Told(at));
        self.waiting = self.waiting.saturating_sub(1);
        self.told += 1;
        at
    }

    /// The row of a shape.
    fn shape(&mut self, key: Key) -> usize {
        let (site, kind, ..) = key;
        let key = if self.shapes.len() < MOST_SHAPES || self.shapes.contains_key(&key) {
            key
        } else {
            (site, kind, OTHERS.to_owned(), true)
        };
        if let Some(at) = self.shapes.get(&key) {
            return *at;
        }
        let at = self.rows.len();
        self.rows.push((key.clone(), None));
        self.shapes.insert(key, at);
        at
    }

    fn forget_never(&mut self) {
        self.names.retain(|_, name| !matches!(name, Name::Never(_)));
        self.never = 0;
    }

    /// What was seen since it was last asked. What a site declares meanwhile is looked at anew.
    pub fn take(&mut self) -> Vec<Row> {
        self.forget_never();
        let row = |((site, kind, name, is_shape), count): &mut (Key, Option<Count>)| {
            let Count { seen, first, last } = count.take()?;
            Some(Row {
                site: *site,
                kind: *kind,
                name: name.clone(),
                is_shape: *is_shape,
                seen,
                first,
                last,
            })
        };
        self.rows.iter_mut().filter_map(row).collect()
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
            tally.see((site, Kind::Title, &["a"]), 5, 100_000 + u64::from(site), 1, || false);
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
