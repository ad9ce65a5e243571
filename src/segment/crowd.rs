//! How many different ones there are, where some may leave again.

use std::collections::HashMap;

use foldhash::fast::FixedState;
use serde::{Deserialize, Serialize};

use crate::session::Sketch;

/// Members that are counted one by one; beyond, none can leave any more.
const EXACT: usize = 32_768;

/// A set whose members are there as often as visits bring them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Crowd {
    Exact(HashMap<u64, u32, FixedState>),
    Many(Box<Sketch>),
}

impl Default for Crowd {
    fn default() -> Self {
        Self::Exact(HashMap::default())
    }
}

impl Crowd {
    /// Lets members come and go; how much the number of different ones changed.
    pub fn change(
        &mut self,
        come: impl IntoIterator<Item = u64>,
        go: impl IntoIterator<Item = u64>,
    ) -> i64 {
        let before = self.size();
        for member in come {
            match self {
                Self::Exact(members) => *members.entry(member).or_default() += 1,
                Self::Many(sketch) => {
                    sketch.add(member);
                }
            }
        }
        if let Self::Exact(members) = self {
            for member in go {
                if let Some(times) = members.get_mut(&member) {
                    *times = times.saturating_sub(1);
                    if *times == 0 {
                        members.remove(&member);
                    }
                }
            }
            if members.len() > EXACT {
                let mut sketch = Sketch::default();
                for member in members.keys() {
                    sketch.add(*member);
                }
                *self = Self::Many(Box::new(sketch));
            }
        }
        self.size() - before
    }

    fn size(&self) -> i64 {
        match self {
            Self::Exact(members) => i64::try_from(members.len()).unwrap_or(i64::MAX),
            Self::Many(sketch) => sketch.size(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_comes_twice_must_go_twice() {
        let mut crowd = Crowd::default();
        assert_eq!(crowd.change([1, 2, 1], []), 2);
        assert_eq!(crowd.change([3], [1]), 1);
        assert_eq!(crowd.change([], [1, 2]), -2);
        assert_eq!(crowd.change([], [9]), 0);
    }

    #[test]
    fn a_large_crowd_is_told_within_two_percent() {
        let mut crowd = Crowd::default();
        let member = |n: u64| {
            u64::from_le_bytes(*blake3::hash(&n.to_le_bytes()).as_bytes().first_chunk().unwrap())
        };
        let size = crowd.change((0..100_000).map(member), []) + crowd.change([], [member(1)]);
        assert!((98_000..102_000).contains(&size), "{size}");
    }
}
