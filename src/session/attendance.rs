//! On which days of a school year each visitor came: what the distinct visitors of any range of days
//! follow from.
//!
//! A visitor of a range is one first day in it: a day whose day before lies before the range, or who had
//! none. So visitors are counted by day and by the day they had come before, and such counts add up;
//! nothing else outlives the secret key of the school year.
//!
//! Members are pseudonyms under that key, which are spread evenly: exact while few; then those that end
//! in enough zeros stand for all, in a sample in which each visitor is whole (Flajolet's adaptive sampling,
//! Computing 43, 1990).

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::{Dimension, Map, placed::Past};
use crate::site::DayNumber;

/// Members kept of a whole site, at some 40 bytes each: of twice as many or more, half of these at least,
/// and the standard error is 0.3 % at most.
const MOST: usize = 262_144;
/// Members kept of those that told a value: 0.6 %.
const MOST_OF_VALUE: usize = 65_536;
/// Members kept of all values together, at some 50 bytes each: beyond, the value with the most keeps half, so
/// that a thousand values of any number of ids do not fill the memory.
const MOST_OF_VALUES: usize = 2_000_000;
/// Values of dimensions whose visitors are counted in a period, the first to come: a dimension of sixty thousand
/// establishments must not fill the memory.
pub(super) const MOST_VALUES: usize = 1_000;

/// Visitors of a site whose visits are remembered, the first to come, at some 50 bytes each: whoever comes on
/// top is new each day.
const MOST_KNOWN: usize = 1_000_000;

/// Of whom visitors are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Whose {
    Visitors,
    Users,
    /// Visitors of visits that told a value of a dimension.
    Told(Dimension, i64),
}

/// Visitors who came on a day and, before it in the same school year, on another one or never.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Came {
    pub whose: Whose,
    pub day: DayNumber,
    pub before: Option<DayNumber>,
    /// Less than 0 where an earlier day was told late.
    pub visitors: i64,
}

impl Came {
    /// Visitors who are new in their school year.
    pub fn new_ones(came: &[Self], of: Whose) -> i64 {
        let first = |it: &&Self| it.whose == of && it.before.is_none();
        came.iter().filter(first).map(|it| it.visitors).sum()
    }
}

/// Who came in a school year.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct SchoolYear {
    of: Map<Whose, Attendance>,
    /// Members kept of values, all together.
    told: usize,
    /// The visits of each visitor, where the policy lets them be known.
    known: Map<u64, Past>,
}

impl SchoolYear {
    /// Notes a visit that begins; the visitor's visits before it.
    pub(super) fn visit(&mut self, member: u64, time: i64) -> Option<Past> {
        match self.known.get_mut(&member) {
            Some(past) => Some(std::mem::replace(past, past.and(time))),
            None => {
                if self.known.len() < MOST_KNOWN {
                    self.known.insert(member, Past::new(time));
                }
                None
            }
        }
    }

    /// Notes somebody on a day. Of whom no id tells nothing is kept: nobody knows the next time.
    pub(super) fn note(
        &mut self,
        whose: Whose,
        member: Option<u64>,
        day: DayNumber,
        came: &mut Vec<Came>,
    ) {
        let most = match whose {
            Whose::Told(..) if self.of.len() >= MOST_VALUES && !self.of.contains_key(&whose) => {
                return;
            }
            Whose::Told(..) => MOST_OF_VALUE,
            Whose::Visitors | Whose::Users => MOST,
        };
        // Kept also where nobody is known, so that the values that are followed stay the same.
        let attendance = self.of.entry(whose).or_default();
        let had = attendance.days.len();
        let mut tell = |before, visitors| came.push(Came { whose, day, before, visitors });
        let Some(member) = member else { return tell(None, 1) };
        let Some((before, next)) = attendance.note(member, day) else { return };
        let stands_for = attendance.stands_for();
        tell(before, stands_for);
        if let Some(next) = next {
            let mut later =
                |before, visitors| came.push(Came { whose, day: next, before, visitors });
            later(before, -stands_for);
            later(Some(day), stands_for);
        }
        attendance.keep_to(most);
        if matches!(whose, Whose::Told(..)) {
            self.told = (self.told + attendance.days.len()).saturating_sub(had);
            self.keep_values_to(MOST_OF_VALUES);
        }
    }

    fn keep_values_to(&mut self, most: usize) {
        while self.told > most {
            let values = self.of.iter_mut().filter(|(whose, _)| matches!(whose, Whose::Told(..)));
            let largest = values.map(|(_, it)| it).max_by_key(|it| it.days.len());
            let Some(largest) = largest else { return };
            let had = largest.days.len();
            largest.halve();
            self.told = (self.told + largest.days.len()).saturating_sub(had);
        }
    }
}

/// The days that each member came on.
#[derive(Default, Serialize, Deserialize)]
struct Attendance {
    /// In order.
    days: Map<u64, SmallVec<[DayNumber; 4]>>,
    /// Members are kept that end in so many zeros; each stands for two to the power of it.
    halvings: u32,
}

impl Attendance {
    /// The member's day before and the day after, where the day is new and the member is in the sample.
    fn note(
        &mut self,
        member: u64,
        day: DayNumber,
    ) -> Option<(Option<DayNumber>, Option<DayNumber>)> {
        if member.trailing_zeros() < self.halvings {
            return None;
        }
        let days = self.days.entry(member).or_default();
        let at = days.binary_search(&day).err()?;
        let around =
            (at.checked_sub(1).and_then(|at| days.get(at)).copied(), days.get(at).copied());
        days.insert(at, day);
        Some(around)
    }

    fn stands_for(&self) -> i64 {
        1_i64.checked_shl(self.halvings).unwrap_or(i64::MAX)
    }

    fn keep_to(&mut self, most: usize) {
        while self.days.len() > most {
            self.halve();
        }
    }

    fn halve(&mut self) {
        self.halvings += 1;
        let zeros = self.halvings;
        self.days.retain(|member, _| member.trailing_zeros() >= zeros);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::*;
    use crate::session::thing::mix;

    /// What reports read: visitors by day and by the day before; 0: none.
    fn counts(came: &[Came]) -> BTreeMap<(DayNumber, DayNumber), i64> {
        let mut counts = BTreeMap::new();
        for it in came {
            *counts.entry((it.day, it.before.unwrap_or_default())).or_default() += it.visitors;
        }
        counts
    }

    fn of_range(
        counts: &BTreeMap<(DayNumber, DayNumber), i64>,
        from: DayNumber,
        to: DayNumber,
    ) -> i64 {
        let first_there = |((day, before), _): &(&(DayNumber, DayNumber), &i64)| {
            (from..=to).contains(day) && *before < from
        };
        counts.iter().filter(first_there).map(|(_, n)| n).sum()
    }

    proptest! {
        #[test]
        fn visitors_of_any_range_follow_from_the_counts(
            visits in proptest::collection::vec((0_u64..12, 100_i32..140), 1..150),
        ) {
            let mut year = SchoolYear::default();
            let mut came = Vec::new();
            for (member, day) in &visits {
                year.note(Whose::Visitors, Some(*member), *day, &mut came);
            }
            let counts = counts(&came);
            for (from, to) in [(100, 139), (110, 110), (105, 131), (120, 139), (100, 119)] {
                let inside = visits.iter().filter(|(_, day)| (from..=to).contains(day));
                let people: BTreeSet<u64> = inside.map(|(member, _)| *member).collect();
                prop_assert_eq!(of_range(&counts, from, to), people.len() as i64);
            }
            prop_assert_eq!(Came::new_ones(&came, Whose::Visitors), of_range(&counts, 1, 200));
        }
    }

    #[test]
    fn many_are_counted_within_one_percent() {
        let mut year = SchoolYear::default();
        let (told, mut came) = (Whose::Told(Dimension::Device, 7), Vec::new());
        let mut ranges: BTreeMap<(DayNumber, DayNumber), BTreeSet<u64>> =
            [(100, 129), (110, 119), (100, 104)].map(|range| (range, BTreeSet::new())).into();
        for n in 0..900_000_u64 {
            // Everybody comes three times.
            let member = mix(n % 300_000 + 1);
            let day = 100 + DayNumber::try_from(mix(n ^ 0x5eed) % 30).unwrap();
            year.note(told, Some(member), day, &mut came);
            for (_, people) in
                ranges.iter_mut().filter(|((from, to), _)| (from..=to).contains(&&day))
            {
                people.insert(member);
            }
        }
        let kept = year.of.get(&told).map_or(0, |it| it.days.len());
        assert!((MOST_OF_VALUE / 2 - 500..=MOST_OF_VALUE).contains(&kept), "{kept}");
        let counts = counts(&came);
        for ((from, to), people) in ranges {
            let (counted, there) = (of_range(&counts, from, to) as f64, people.len() as f64);
            assert!((counted / there - 1.0).abs() < 0.01, "{from}..{to}: {counted} of {there}");
        }
    }

    #[test]
    fn values_together_keep_no_more_than_there_is_room_for() {
        let mut year = SchoolYear::default();
        let mut came = Vec::new();
        let value = |n| Whose::Told(Dimension::Custom(1), n);
        for (n, members) in [(1, 1_000), (2, 5_000), (3, 3_000)] {
            for member in 0..members {
                year.note(value(n), Some(mix(member + 1)), 100, &mut came);
            }
        }
        assert_eq!(year.told, 9_000);
        year.keep_values_to(6_000);
        let kept =
            |year: &SchoolYear| [1, 2, 3].map(|n| year.of.get(&value(n)).unwrap().days.len());
        let [small, large, middle] = kept(&year);
        assert_eq!((small, year.told), (1_000, small + large + middle));
        assert!(year.told <= 6_000 && large > 2_000 && middle > 1_000, "{large} {middle}");
        // What is left stands for all that were there.
        assert_eq!(year.of.get(&value(2)).unwrap().stands_for(), 2);
    }

    #[test]
    fn nothing_is_kept_of_those_without_an_id() {
        let mut year = SchoolYear::default();
        let mut came = Vec::new();
        year.note(Whose::Visitors, None, 100, &mut came);
        year.note(Whose::Visitors, None, 100, &mut came);
        assert_eq!(Came::new_ones(&came, Whose::Visitors), 2);
        assert!(year.of.values().all(|it| it.days.is_empty()));
    }

    #[test]
    fn values_beyond_the_first_thousand_fill_no_memory() {
        let mut year = SchoolYear::default();
        let mut came = Vec::new();
        for value in 0..2_000 {
            year.note(Whose::Told(Dimension::Custom(1), value), Some(1), 100, &mut came);
        }
        assert_eq!((year.of.len(), came.len()), (MOST_VALUES, MOST_VALUES));
    }
}
