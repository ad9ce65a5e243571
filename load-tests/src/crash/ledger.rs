//! What one connection sent and what was acknowledged, hit by hit, and the comparison with a report.
//!
//! Every hit is an event whose name and value are its own: the name is shared by a few hits of one
//! connection, the values under a name are 1, 2, 4, 8… A report's sum for a name then says which
//! hits it holds, and its count whether each is in it once: as many powers of two as the sum has
//! bits can only be the bits themselves. So the loss of one hit and the doubling of another do not
//! hide each other, without a name per hit in the database.

use std::collections::HashMap;

use crate::api::NameRow;

/// Hits that share an event name, as bits.
#[derive(Clone, Copy, Debug, Default)]
struct Group {
    sent: u32,
    acknowledged: u32,
}

/// The hits of one connection in one round.
#[derive(Debug)]
pub(crate) struct Ledger {
    prefix: String,
    /// Hits that share a name, at most 32.
    per_name: u32,
    groups: Vec<Group>,
    sent: u32,
}

/// What comparing ledgers with a report gave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) acknowledged: u64,
    /// Sent without a yes: may be counted or not.
    pub(crate) unanswered: u64,
    pub(crate) counted: u64,
    /// Acknowledged and not counted.
    pub(crate) lost: u64,
    /// Counted more often than sent.
    pub(crate) doubled: u64,
}

impl Ledger {
    pub(crate) fn new(round: u32, connection: u16, per_name: u32) -> Self {
        let prefix = format!("r{round}-c{connection}-");
        Self { prefix, per_name, groups: Vec::new(), sent: 0 }
    }

    /// Notes that the next hit is being sent: its event name and value.
    pub(crate) fn send(&mut self) -> (String, u32) {
        let bit = 1 << (self.sent % self.per_name);
        if bit == 1 {
            self.groups.push(Group::default());
        }
        self.sent += 1;
        let number = self.groups.len() - 1;
        self.groups[number].sent |= bit;
        (format!("{}{number}", self.prefix), bit)
    }

    /// Notes that the hit sent last was acknowledged.
    pub(crate) fn acknowledge(&mut self) {
        if let Some(group) = self.groups.last_mut() {
            group.acknowledged |= 1 << ((self.sent - 1) % self.per_name);
        }
    }

    /// How many hits of this connection were acknowledged.
    pub(crate) fn acknowledged(&self) -> u64 {
        self.groups.iter().map(|group| u64::from(group.acknowledged.count_ones())).sum()
    }
}

/// Compares what was sent with the rows of the report, which are used up.
pub(crate) fn compare(ledgers: &[Ledger], rows: Vec<(String, NameRow)>) -> Verdict {
    let mut by_name: HashMap<String, NameRow> = HashMap::new();
    for (name, row) in rows {
        let sum = by_name.entry(name).or_default();
        sum.uses += row.uses;
        sum.sum += row.sum;
    }
    let mut verdict = Verdict::default();
    for ledger in ledgers {
        for (number, group) in ledger.groups.iter().enumerate() {
            let row = by_name.remove(&format!("{}{number}", ledger.prefix)).unwrap_or_default();
            verdict.add(*group, row);
        }
    }
    // Names that nobody sent.
    for row in by_name.values() {
        verdict.counted += row.uses;
        verdict.doubled += row.uses;
    }
    verdict
}

impl Verdict {
    fn add(&mut self, group: Group, row: NameRow) {
        let acknowledged = u64::from(group.acknowledged.count_ones());
        self.acknowledged += acknowledged;
        self.unanswered += u64::from(group.sent.count_ones()) - acknowledged;
        self.counted += row.uses;
        let bits = bits_of(row.sum).filter(|bits| u64::from(bits.count_ones()) == row.uses);
        if let Some(bits) = bits.filter(|bits| bits & !group.sent == 0) {
            self.lost += u64::from((group.acknowledged & !bits).count_ones());
        } else {
            // Not the sum of different hits that were sent: at least one is in it twice.
            let surplus = row.uses.saturating_sub(u64::from(group.sent.count_ones()));
            self.doubled += surplus.max(1);
            self.lost += acknowledged.saturating_sub(row.uses);
        }
    }

    /// Whether every acknowledged hit was counted once and no other more than once.
    pub(crate) fn is_right(&self) -> bool {
        self.lost == 0 && self.doubled == 0
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked to be a whole number in range"
)]
fn bits_of(sum: f64) -> Option<u32> {
    (sum.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&sum)).then_some(sum as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str, uses: u64, sum: f64) -> (String, NameRow) {
        (name.to_owned(), NameRow { uses, sum })
    }

    /// Six hits, four to a name: the last one is not answered.
    fn six_hits() -> Vec<Ledger> {
        let mut ledger = Ledger::new(1, 2, 4);
        for number in 0..6 {
            let (name, value) = ledger.send();
            assert_eq!(name, format!("r1-c2-{}", number / 4));
            assert_eq!(value, 1 << (number % 4));
            if number < 5 {
                ledger.acknowledge();
            }
        }
        assert_eq!(ledger.acknowledged(), 5);
        vec![ledger]
    }

    #[test]
    fn every_hit_is_told_from_every_other() {
        for (rows, lost, doubled, what) in [
            (vec![row("r1-c2-0", 4, 15.0), row("r1-c2-1", 1, 1.0)], 0, 0, "all acknowledged"),
            (vec![row("r1-c2-0", 4, 15.0), row("r1-c2-1", 2, 3.0)], 0, 0, "the unanswered too"),
            (vec![row("r1-c2-0", 3, 13.0), row("r1-c2-1", 1, 1.0)], 1, 0, "one lost"),
            (vec![row("r1-c2-0", 4, 15.0)], 1, 0, "a name lost"),
            (vec![row("r1-c2-0", 8, 30.0), row("r1-c2-1", 1, 1.0)], 0, 4, "a batch doubled"),
            (vec![row("r1-c2-0", 4, 14.0), row("r1-c2-1", 1, 1.0)], 0, 1, "one lost, one doubled"),
            (vec![row("r1-c2-0", 4, 15.0), row("r1-c2-1", 1, 2.0)], 1, 0, "the wrong one"),
            (
                vec![row("r1-c2-0", 4, 15.0), row("r1-c2-1", 1, 1.0), row("x", 1, 1.0)],
                0,
                1,
                "a name that nobody sent",
            ),
        ] {
            let verdict = compare(&six_hits(), rows);
            assert_eq!((verdict.lost, verdict.doubled), (lost, doubled), "{what}");
            assert_eq!((verdict.acknowledged, verdict.unanswered), (5, 1), "{what}");
        }
    }
}
