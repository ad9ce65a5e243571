//! Sums and differences of everything published, as far as linear algebra goes.

use std::collections::BTreeMap;

/// A prime: what depends over the fractions depends over its remainders too, and with entries of 0
/// and 1 hardly ever the other way round; where it does, the attacker finds too much, not too little.
const PRIME: u64 = (1 << 61) - 1;

fn times(a: u64, b: u64) -> u64 {
    (u128::from(a) * u128::from(b) % u128::from(PRIME)) as u64
}

fn inverse(a: u64) -> u64 {
    let (mut result, mut base, mut power) = (1, a, PRIME - 2);
    while power > 0 {
        if power & 1 == 1 {
            result = times(result, base);
        }
        base = times(base, base);
        power >>= 1;
    }
    result
}

/// Everything that can be said of the published rows.
#[derive(Default)]
pub(crate) struct Known {
    /// By their first unknown, which stands in them once.
    rows: BTreeMap<usize, Vec<(usize, u64)>>,
}

impl Known {
    /// What is left of a sum of unknowns when all that is known has been taken from it.
    fn rest(&self, unknowns: &[usize]) -> BTreeMap<usize, u64> {
        let mut left: BTreeMap<usize, u64> = unknowns.iter().map(|it| (*it, 1)).collect();
        let mut done = 0;
        while let Some((&at, &factor)) = left.range(done..).next() {
            done = at + 1;
            let Some(row) = self.rows.get(&at) else { continue };
            for (unknown, value) in row {
                let entry = left.entry(*unknown).or_default();
                *entry = (*entry + times(PRIME - factor, *value)) % PRIME;
            }
            left.retain(|_, it| *it != 0);
        }
        left
    }

    /// A sum of unknowns is published.
    pub(crate) fn publish(&mut self, unknowns: &[usize]) {
        let left = self.rest(unknowns);
        if let Some((&first, &factor)) = left.iter().next() {
            let by = inverse(factor);
            self.rows.insert(first, left.into_iter().map(|(at, it)| (at, times(it, by))).collect());
        }
    }

    /// Whether a sum of unknowns follows from what is published.
    pub(crate) fn tells(&self, unknowns: &[usize]) -> bool {
        self.rest(unknowns).is_empty()
    }
}

#[test]
fn the_last_of_a_sum_is_told() {
    let mut known = Known::default();
    known.publish(&[0, 1, 2]);
    known.publish(&[0]);
    assert!(!known.tells(&[1]));
    assert!(known.tells(&[1, 2]));
    known.publish(&[2, 3]);
    known.publish(&[1, 3]);
    assert!(known.tells(&[1]) && known.tells(&[2]) && known.tells(&[3]));
    assert!(!known.tells(&[4]));
}
