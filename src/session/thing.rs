//! What a visit can meet, and what counts once a visit.

use serde::{Deserialize, Serialize};

/// Something a visit met, by the numbers of its texts (0: not set).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Thing {
    Page(i64),
    Title(i64),
    Download(i64),
    Outlink(i64),
    Search(i64),
    SearchCategory(i64),
    /// Category, action, name.
    Event(i64, i64, i64),
    /// Category, action.
    Feature(i64, i64),
    /// Name, piece.
    Content(i64, i64),
    /// Number and value of an action dimension.
    Dimension(u16, i64),
    /// The same on a page.
    DimensionPage(u16, i64, i64),
}

impl Thing {
    /// A number for it that stays the same over runs and versions: visits are saved with it.
    pub(super) fn hash(self) -> u64 {
        let (kind, parts) = match self {
            Self::Page(a) => (1, [a, 0, 0]),
            Self::Title(a) => (2, [a, 0, 0]),
            Self::Download(a) => (3, [a, 0, 0]),
            Self::Outlink(a) => (4, [a, 0, 0]),
            Self::Search(a) => (5, [a, 0, 0]),
            Self::SearchCategory(a) => (6, [a, 0, 0]),
            Self::Event(a, b, c) => (7, [a, b, c]),
            Self::Feature(a, b) => (8, [a, b, 0]),
            Self::Content(a, b) => (9, [a, b, 0]),
            Self::Dimension(a, b) => (10, [i64::from(a), b, 0]),
            Self::DimensionPage(a, b, c) => (11, [i64::from(a), b, c]),
        };
        parts.into_iter().fold(kind, |hash, part| mix(hash ^ part.cast_unsigned()))
    }
}

/// The finaliser of SplitMix64 (Steele, Lea, Flood 2014).
pub(super) fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}
