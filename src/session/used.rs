//! What a visit used of the site's features.

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::Facts;
use crate::{
    site::{Cut, FeatureId},
    strip::{Action, Event},
};

/// Features of one visit that are looked at; no person uses more.
const MOST: usize = 64;

/// Features used in a visit, and how far it came in funnels.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Used {
    pub features: SmallVec<[UsedFeature; 1]>,
    /// Funnel and the steps reached: bit n for step n.
    pub funnels: SmallVec<[(u16, u32); 1]>,
}

/// How a visit used a feature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsedFeature {
    pub id: FeatureId,
    pub uses: u32,
    /// Millionths of a second of each use that told them.
    pub lengths: SmallVec<[i64; 2]>,
    /// Millionths of a second in which somebody was before its pages, in the whole visit.
    pub stay: i64,
    /// Hour of the day and the uses in it.
    pub hours: SmallVec<[(u8, u32); 1]>,
}

impl UsedFeature {
    fn new(id: FeatureId) -> Self {
        Self { id, uses: 0, lengths: SmallVec::new(), stay: 0, hours: SmallVec::new() }
    }

    /// The lengths of its uses; its pages are one.
    pub fn spans(&self) -> impl Iterator<Item = i64> {
        let stay = (self.stay > 0).then_some(self.stay);
        self.lengths.iter().copied().chain(stay)
    }

    /// Millionths of a second.
    pub fn seconds(&self) -> i64 {
        self.spans().fold(0, i64::saturating_add)
    }
}

impl Used {
    /// A feature, where it was used or looked at.
    pub fn feature(&self, id: FeatureId) -> Option<&UsedFeature> {
        self.features.iter().find(|it| it.id == id)
    }

    /// Lets an event happen.
    pub(super) fn take(&mut self, event: &Event) {
        let told = match &event.action {
            Action::Event { value, .. } => value.filter(|value| *value > 0),
            _ => None,
        };
        let stay = match &event.action {
            Action::Attention(seconds) => i64::from(*seconds) * 1_000_000,
            _ => 0,
        };
        for hit in &event.features {
            let at = self.features.iter().position(|it| it.id == hit.id);
            let at = at.unwrap_or_else(|| {
                if self.features.len() < MOST {
                    self.features.push(UsedFeature::new(hit.id));
                }
                self.features.len().saturating_sub(1)
            });
            let Some(feature) = self.features.get_mut(at).filter(|it| it.id == hit.id) else {
                continue;
            };
            feature.stay = feature.stay.saturating_add(stay);
            if !hit.used {
                continue;
            }
            feature.uses = feature.uses.saturating_add(1);
            feature.lengths.extend(told);
            match feature.hours.iter_mut().find(|(hour, _)| *hour == event.hour) {
                Some((_, uses)) => *uses += 1,
                None => feature.hours.push((event.hour, 1)),
            }
        }
        self.advance(event);
    }

    fn advance(&mut self, event: &Event) {
        let marks = event.features.iter().filter(|it| it.used).flat_map(|it| &it.marks);
        // One use is one step, though the feature may stand in a funnel twice.
        let before = self.funnels.clone();
        for mark in marks {
            let reached = |list: &[(u16, u32)]| {
                list.iter().find(|(id, _)| *id == mark.funnel).map_or(0, |(_, steps)| *steps)
            };
            if mark.step >= 32 || reached(&before) & mark.after != mark.after {
                continue;
            }
            match self.funnels.iter_mut().find(|(id, _)| *id == mark.funnel) {
                Some((_, steps)) => *steps |= 1 << mark.step,
                None => self.funnels.push((mark.funnel, 1 << mark.step)),
            }
        }
    }
}

/// Where a visit stands in one cut: the cut's number and the values' labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Cell {
    pub cut: u8,
    /// Label of the value; of pairs, of both (`pair_label`).
    pub label: i64,
    /// The values of a pair; else both 0.
    pub of: (i64, i64),
}

impl Cell {
    /// Whether its cut has too many values for anything but sums.
    pub fn is_large(&self) -> bool {
        self.cut >= Cut::LARGE
    }
}

/// The cells of a visit, one a cut.
pub type Cells = SmallVec<[Cell; 6]>;

impl Facts {
    /// Where the visit stands in each cut.
    pub fn cells(&self, cuts: &[Cut]) -> Cells {
        let label = |source: u16| match source {
            0 => 0,
            Cut::DEVICE => self.device,
            Cut::COUNTRY => self.country,
            id => self.dimensions.iter().find(|(it, _)| *it == id).map_or(0, |(_, value)| *value),
        };
        let cell = |cut: &Cut| {
            let (first, second) = (label(cut.first), label(cut.second));
            if cut.second == 0 {
                Cell { cut: cut.number, label: first, of: (0, 0) }
            } else {
                Cell { cut: cut.number, label: pair_label(first, second), of: (first, second) }
            }
        };
        cuts.iter().map(cell).collect()
    }
}

/// The number of the text that two values have together; 0: neither was told.
pub fn pair_label(first: i64, second: i64) -> i64 {
    if (first, second) == (0, 0) {
        return 0;
    }
    let mixed = super::thing::mix(first.cast_unsigned()).rotate_left(17) ^ second.cast_unsigned();
    super::thing::mix(mixed).cast_signed() | 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strip::Text;

    /// Databases hold these numbers, and questions find rows by them.
    #[test]
    fn numbers_of_texts_stay_what_they_were() {
        let (profile, school) = (Text::new("enseignant").id, Text::new("0010001W").id);
        assert_eq!(profile, 932_135_616_905_426_767);
        assert_eq!(pair_label(school, profile), -8_972_931_773_612_399_797);
        assert_eq!(pair_label(0, 0), 0);
    }
}
