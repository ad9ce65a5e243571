//! What stands in a file, understood but not numbered.

use crate::site::{AudienceKind, DayNumber, FunnelStep, Named, Register, Rule};

/// The category of what `data-feature` tells outside any `data-feature-group`, as the tracker sends it.
pub const NO_GROUP: &str = "Fonctionnalité";

/// A file. Entries know the line they stand on, where they were read from one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct File {
    pub features: Vec<FeatureEntry>,
    pub audiences: Vec<AudienceEntry>,
    pub pairs: Vec<PairEntry>,
    pub funnels: Vec<FunnelEntry>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FeatureEntry {
    pub line: Option<usize>,
    pub key: String,
    pub name: Named,
    pub group: String,
    pub owner: String,
    pub description: String,
    pub released: Option<DayNumber>,
    pub rules: Vec<Rule>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AudienceEntry {
    pub line: Option<usize>,
    pub key: String,
    pub name: Named,
    pub kind: AudienceKind,
    pub dimension: Option<u16>,
    pub values: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PairEntry {
    pub line: Option<usize>,
    pub of: [String; 2],
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunnelEntry {
    pub line: Option<usize>,
    pub key: String,
    pub name: Named,
    pub steps: Vec<FunnelStep>,
}

impl File {
    /// What a file says that would leave a register as it is.
    pub fn of(register: &Register) -> Self {
        let features = register.features.iter().map(|it| FeatureEntry {
            line: None,
            key: it.key.clone(),
            name: it.name.clone(),
            group: it.group.clone(),
            owner: it.owner.clone(),
            description: it.description.clone(),
            released: it.released,
            rules: it.rules.clone(),
        });
        let audiences = register.audiences.iter().map(|it| AudienceEntry {
            line: None,
            key: it.key.clone(),
            name: it.name.clone(),
            kind: it.kind,
            dimension: it.dimension,
            values: it.values.clone(),
        });
        let pairs = register.pairs.iter().map(|it| PairEntry { line: None, of: it.of.clone() });
        let funnels = register.funnels.iter().map(|it| FunnelEntry {
            line: None,
            key: it.key.clone(),
            name: it.name.clone(),
            steps: it.steps.clone(),
        });
        Self {
            features: features.collect(),
            audiences: audiences.collect(),
            pairs: pairs.collect(),
            funnels: funnels.collect(),
        }
    }

    /// Puts a feature in the place of the one of that key, or at the end.
    pub fn put(&mut self, feature: FeatureEntry) {
        match self.features.iter_mut().find(|it| it.key == feature.key) {
            Some(place) => *place = feature,
            None => self.features.push(feature),
        }
    }

    /// Whether an audience of that key has too many values for rows of days.
    pub(super) fn is_large(&self, audience: &str) -> bool {
        self.audiences.iter().any(|it| it.key == audience && it.kind.is_large())
    }
}
