//! What is true of a whole visit and distinct visitors are counted by.

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::Facts;

/// A dimension of visits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Dimension {
    Device,
    Browser,
    System,
    Language,
    Country,
    ReferrerType,
    /// A custom dimension of visits, by its number.
    Custom(u16),
}

/// Dimensions with the values that a visit told: labels, or the number of the referrer's type.
pub type Told = SmallVec<[(Dimension, i64); 8]>;

impl Facts {
    /// What is told of the visit; dimensions that are not set are left out.
    pub fn told(&self) -> Told {
        let fixed = [
            (Dimension::Device, self.device),
            (Dimension::Browser, self.browser),
            (Dimension::System, self.os),
            (Dimension::Language, self.language),
            (Dimension::Country, self.country),
            (Dimension::ReferrerType, self.referrer),
        ];
        let custom = self.dimensions.iter().map(|(id, value)| (Dimension::Custom(*id), *value));
        fixed.into_iter().chain(custom).filter(|(_, value)| *value != 0).collect()
    }
}
