//! How many different ones: exact while few, then HyperLogLog.
//!
//! Members are pseudonyms under a period's secret key, so a sketch tells nothing once that key is
//! destroyed; the key is never kept with it. The estimator is Ertl's (2017, arXiv:1702.01284,
//! algorithm 6): 65 536 registers, standard error 0.4 %.

use serde::{Deserialize, Serialize};

/// Members counted one by one, at some 16 bytes each, before registers are taken.
const EXACT: usize = 32_768;
const PRECISION: u32 = 16;
const REGISTERS: usize = 1 << PRECISION;
/// Bits left of a hash beside the register's number.
const TAIL: u32 = 64 - PRECISION;

/// A set that only tells its size.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Sketch {
    kind: Kind,
    /// The size that was last told, so that `grow` gives differences.
    told: i64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
enum Kind {
    Exact(super::Map<u64, ()>),
    Registers(Registers),
}

/// Registers, and how many of them hold each rank: a size is asked for after each member.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Registers {
    ranks: Vec<u8>,
    counts: Vec<u32>,
}

impl Default for Sketch {
    fn default() -> Self {
        Self { kind: Kind::Exact(super::Map::default()), told: 0 }
    }
}

impl Sketch {
    /// Adds a member, a uniformly distributed hash. Whether it is new, as far as can be told.
    pub fn add(&mut self, member: u64) -> bool {
        self.add_to(EXACT, member)
    }

    /// The same for one of many sketches: with no more members than registers have bytes for are they
    /// counted one by one.
    pub fn add_among_many(&mut self, member: u64) -> bool {
        self.add_to(REGISTERS / 16, member)
    }

    fn add_to(&mut self, exact: usize, member: u64) -> bool {
        match &mut self.kind {
            Kind::Exact(set) => {
                let new = set.insert(member, ()).is_none();
                if set.len() > exact {
                    let mut registers = Registers::empty();
                    for member in set.keys() {
                        registers.raise(*member);
                    }
                    self.kind = Kind::Registers(registers);
                }
                new
            }
            Kind::Registers(registers) => registers.raise(member),
        }
    }

    /// How much the size grew since the last time it was told; never less than 0.
    pub fn grow(&mut self) -> i64 {
        let grown = (self.size() - self.told).max(0);
        self.told += grown;
        grown
    }

    /// The number of members.
    pub fn size(&self) -> i64 {
        match &self.kind {
            Kind::Exact(set) => i64::try_from(set.len()).unwrap_or(i64::MAX),
            Kind::Registers(registers) => registers.estimate(),
        }
    }
}

/// The highest rank there is, and a place for none.
const RANKS: usize = (TAIL + 2) as usize;

impl Registers {
    fn empty() -> Self {
        let mut counts = vec![0; RANKS];
        if let Some(none) = counts.first_mut() {
            *none = REGISTERS as u32;
        }
        Self { ranks: vec![0; REGISTERS], counts }
    }

    /// Whether a register was raised.
    fn raise(&mut self, member: u64) -> bool {
        let place = usize::try_from(member >> TAIL).unwrap_or_default();
        // A bit is set below the register's number, so that the rank stays within the tail.
        let tail = (member << PRECISION) | (1 << (PRECISION - 1));
        let rank = u8::try_from(tail.leading_zeros() + 1).unwrap_or(u8::MAX);
        let Some(register) = self.ranks.get_mut(place).filter(|it| **it < rank) else {
            return false;
        };
        let before = std::mem::replace(register, rank);
        for (rank, by) in [(before, -1), (rank, 1)] {
            if let Some(count) = self.counts.get_mut(usize::from(rank)) {
                *count = count.saturating_add_signed(by);
            }
        }
        true
    }

    fn estimate(&self) -> i64 {
        let m = REGISTERS as f64;
        let counts: Vec<f64> = self.counts.iter().map(|count| f64::from(*count)).collect();
        let [none, ranks @ .., highest] = counts.as_slice() else { return 0 };
        let mut z = m * tau(1.0 - highest / m);
        for count in ranks.iter().rev() {
            z = 0.5 * (z + count);
        }
        z += m * sigma(none / m);
        let size = m * m / (2.0 * std::f64::consts::LN_2 * z);
        #[expect(clippy::cast_possible_truncation, reason = "saturates, and counts are small")]
        let whole = size.round() as i64;
        whole
    }
}

fn sigma(mut x: f64) -> f64 {
    if x == 1.0 {
        return f64::INFINITY;
    }
    let (mut y, mut z) = (1.0, x);
    loop {
        x *= x;
        let before = z;
        z += x * y;
        y += y;
        if z == before {
            return z;
        }
    }
}

fn tau(mut x: f64) -> f64 {
    if x == 0.0 || x == 1.0 {
        return 0.0;
    }
    let (mut y, mut z) = (1.0, 1.0 - x);
    loop {
        x = x.sqrt();
        let before = z;
        y *= 0.5;
        z -= (1.0 - x).powi(2) * y;
        if z == before {
            return z / 3.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(n: u64) -> u64 {
        u64::from_le_bytes(blake3::hash(&n.to_le_bytes()).as_bytes()[..8].try_into().unwrap())
    }

    #[test]
    fn few_are_counted_exactly_and_many_within_one_percent() {
        let mut sketch = Sketch::default();
        let mut n = 0;
        for (size, room) in [(1, 0.0), (1_000, 0.0), (32_768, 0.0), (50_000, 0.01), (400_000, 0.01)]
        {
            while n < size {
                sketch.add(member(n));
                sketch.add(member(n / 2));
                n += 1;
            }
            let error = (sketch.size() as f64 - size as f64).abs() / size as f64;
            assert!(error <= room, "{size}: {} ({error})", sketch.size());
        }
    }

    #[test]
    fn growth_adds_up_to_the_size() {
        let mut sketch = Sketch::default();
        let mut sum = 0;
        for n in 0..40_000 {
            sketch.add(member(n));
            if n % 977 == 0 {
                sum += sketch.grow();
            }
        }
        sum += sketch.grow();
        assert!((sum - sketch.size()).abs() < 200, "{sum} {}", sketch.size());
    }

    #[test]
    fn a_member_is_new_once() {
        let mut sketch = Sketch::default();
        assert!(sketch.add(7));
        assert!(!sketch.add(7));
    }
}
