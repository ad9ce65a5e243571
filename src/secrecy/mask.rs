//! What was decided, in a form that is kept.

use serde::{Deserialize, Serialize};

use super::{
    round::round,
    slab::{Cell, EVERYONE, Profile, Rules},
};

/// Why a figure is not shown. Only for the site's own team and for tests: see [`Reason::code`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Fewer contributors than the threshold, or none.
    Few,
    /// One contributor makes too much of it.
    Dominance,
    /// It would tell another one.
    Complementary,
}

impl Reason {
    /// What outsiders are told beside the empty figure. The same for all reasons: that a figure is
    /// hidden only for another's sake would tell that it is not small.
    pub fn code(self) -> &'static str {
        "k"
    }
}

/// A figure as outsiders see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// Rounded to ten.
    Value(u64),
    Secret(Reason),
}

impl Shown {
    /// The rounded figure, where it is shown.
    pub fn value(self) -> Option<u64> {
        match self {
            Self::Value(value) => Some(value),
            Self::Secret(_) => None,
        }
    }
}

/// What may be shown of one feature and one month.
///
/// Places are sorted by their numbers, with two bits for everyone and for each profile: 0 few,
/// 1 shown, 2 dominance, 3 complementary. A place that is not listed has nothing to show, so a
/// place that comes to the tree later has nothing to show either.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mask {
    places: Vec<(u64, u64)>,
}

impl Mask {
    /// A mask of places in any order.
    pub(super) fn new(mut places: Vec<(u64, u64)>) -> Self {
        places.retain(|(_, bits)| *bits != 0);
        places.sort_unstable();
        Self { places }
    }

    /// Why a cell is not shown; `None` where it is.
    pub fn reason(&self, place: u64, profile: Profile) -> Option<Reason> {
        let found = self.places.binary_search_by_key(&place, |it| it.0);
        let bits = found.ok().and_then(|at| self.places.get(at)).map_or(0, |it| it.1);
        match bits >> shift(profile) & 3 {
            1 => None,
            2 => Some(Reason::Dominance),
            3 => Some(Reason::Complementary),
            _ => Some(Reason::Few),
        }
    }

    pub fn shows(&self, place: u64, profile: Profile) -> bool {
        self.reason(place, profile).is_none()
    }

    /// A count or a sum of a cell, as outsiders see it.
    pub fn show(&self, place: u64, profile: Profile, figure: u64) -> Shown {
        match self.reason(place, profile) {
            None => Shown::Value(round(figure)),
            Some(reason) => Shown::Secret(reason),
        }
    }
}

fn shift(profile: Profile) -> u32 {
    match profile {
        EVERYONE => 0,
        Some(profile) => 2 * (u32::from(profile.min(30)) + 1),
    }
}

/// The two bits of a cell.
pub(super) fn bits(profile: Profile, cell: &Cell, shown: bool, rules: &Rules) -> u64 {
    let code = if shown {
        1
    } else if cell.contributors < rules.contributors() {
        0
    } else if cell.is_dominated() {
        2
    } else {
        3
    };
    code << shift(profile)
}
