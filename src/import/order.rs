//! Hits in the order they happened.
//!
//! A server writes a line when its answer is done, and merged logs are shuffled: lines stand near
//! their place, not at it. Visits are followed hit by hit, so they are put in order before they are
//! sent, as far as a window reaches.

/// Hits held back at once: some minutes of a large site's log.
const WINDOW: usize = 20_000;

/// Holds hits back until those around them are known.
pub(super) struct Order<T> {
    held: Vec<(i64, T)>,
    window: usize,
}

impl<T> Order<T> {
    pub(super) fn new() -> Self {
        Self { held: Vec::new(), window: WINDOW }
    }

    /// Takes a hit of a time (Unix seconds); gives the earlier half back when the window is full.
    pub(super) fn push(&mut self, time: i64, hit: T) -> Vec<T> {
        self.held.push((time, hit));
        if self.held.len() < self.window { Vec::new() } else { self.give(self.window / 2) }
    }

    /// All that is held.
    pub(super) fn rest(&mut self) -> Vec<T> {
        self.give(self.held.len())
    }

    /// The first so many; those of one second stay in the order they came.
    fn give(&mut self, number: usize) -> Vec<T> {
        self.held.sort_by_key(|(time, _)| *time);
        self.held.drain(..number).map(|(_, hit)| hit).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn near_hits_are_put_in_order_and_none_is_lost(
            late in proptest::collection::vec(0_i64..8, 0..200),
        ) {
            let mut order = Order { held: Vec::new(), window: 32 };
            let mut out = Vec::new();
            for (place, late) in late.iter().enumerate() {
                let place = i64::try_from(place).unwrap();
                out.extend(order.push(place - late, (place - late, place)));
            }
            out.extend(order.rest());
            prop_assert_eq!(out.len(), late.len());
            prop_assert!(out.is_sorted(), "{:?}", out);
        }
    }
}
