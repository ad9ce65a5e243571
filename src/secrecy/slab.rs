//! The cells of one feature and one month.

use super::places::{At, Places, Wrong};

/// A profile by its number, or [`EVERYONE`].
pub type Profile = Option<u8>;

/// All profiles together.
pub const EVERYONE: Profile = None;

/// What is summed of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    Visits,
    Uses,
    Seconds,
}

impl Measure {
    pub const COUNT: usize = 3;
}

/// From how many on, and how much of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    contributors: u64,
}

impl Rules {
    /// Fewer than this are never shown (SDC-01).
    pub const FLOOR: u64 = 10;
    /// INSEE's threshold for what comes from persons.
    pub const USUAL: u64 = 11;
    /// One contributor's part of a sum, in percent (SDC-02).
    pub const MOST: u64 = 85;
    /// By how much of itself a secret sum must be able to move, in percent: 10 up and 10 down, also
    /// where up to 15 % more of a dominated sum are known.
    pub(super) const PLAY: u64 = 25;

    /// At least so many contributors; the floor holds whatever is asked.
    pub fn at_least(contributors: u64) -> Self {
        Self { contributors: contributors.max(Self::FLOOR) }
    }

    /// The threshold that holds.
    pub fn contributors(self) -> u64 {
        self.contributors
    }
}

impl Default for Rules {
    fn default() -> Self {
        Self::at_least(Self::USUAL)
    }
}

/// Distinct contributors, and sums with the greatest single contributor's part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    pub contributors: u64,
    totals: [u64; Measure::COUNT],
    most: [u64; Measure::COUNT],
}

impl Cell {
    /// A cell with its visits, uses and seconds, in this order.
    pub fn new(contributors: u64, totals: [u64; Measure::COUNT]) -> Self {
        Self { contributors, totals, ..Self::default() }
    }

    /// The same with the greatest single contributor's parts; 0 where it is not known.
    #[must_use]
    pub fn with_most(mut self, most: [u64; Measure::COUNT]) -> Self {
        self.most = most;
        self
    }

    pub fn sum(&self, measure: Measure) -> u64 {
        self.totals.get(measure as usize).copied().unwrap_or_default()
    }

    /// The greatest single contributor's part of visits, uses and seconds; 0 where not known.
    pub fn most(&self) -> [u64; Measure::COUNT] {
        self.most
    }

    /// Parts of different people put together.
    pub(super) fn join(&mut self, other: &Self) {
        self.contributors += other.contributors;
        for (total, more) in self.totals.iter_mut().zip(other.totals) {
            *total += more;
        }
        for (most, more) in self.most.iter_mut().zip(other.most) {
            *most = (*most).max(more);
        }
    }

    pub(super) fn is_nothing(&self) -> bool {
        self.contributors == 0 && self.totals.iter().all(|it| *it == 0)
    }

    pub(super) fn is_dominated(&self) -> bool {
        let mut sums = self.totals.iter().zip(&self.most);
        sums.any(|(total, most)| most.saturating_mul(100) > total.saturating_mul(Rules::MOST))
    }

    /// Neither small nor dominated.
    pub(super) fn may_be_known(&self, rules: &Rules) -> bool {
        self.contributors >= rules.contributors && !self.is_dominated()
    }

    /// Contributors and sums, each to be protected by itself.
    pub(super) fn figures(&self) -> [u64; Measure::COUNT + 1] {
        let [visits, uses, seconds] = self.totals;
        [self.contributors, visits, uses, seconds]
    }
}

/// The cells of one feature and one month: every place, every profile and everyone.
#[derive(Clone, Debug)]
pub struct Slab<'a> {
    pub(super) places: &'a Places,
    profiles: u8,
    /// For each place everyone, then each profile.
    cells: Vec<Cell>,
}

impl<'a> Slab<'a> {
    pub const MOST_PROFILES: u8 = 31;

    /// An empty slab.
    ///
    /// # Errors
    /// With more than [`Self::MOST_PROFILES`] profiles.
    pub fn new(places: &'a Places, profiles: u8) -> Result<Self, Wrong> {
        if profiles > Self::MOST_PROFILES {
            return Err(Wrong::Profile(profiles));
        }
        let cells = vec![Cell::default(); places.len() * (usize::from(profiles) + 1)];
        Ok(Self { places, profiles, cells })
    }

    pub fn profiles(&self) -> u8 {
        self.profiles
    }

    /// Adds to a place without children, and to all that it is part of.
    ///
    /// # Errors
    /// Where there is no such place or profile, or the place has others below it.
    pub fn add(&mut self, place: u64, profile: u8, cell: &Cell) -> Result<(), Wrong> {
        let leaf = self.places.at(place).ok_or(Wrong::Place(place))?;
        if !self.places.children(leaf).is_empty() {
            return Err(Wrong::NotALeaf(place));
        }
        if profile >= self.profiles {
            return Err(Wrong::Profile(profile));
        }
        let mut next = Some(leaf);
        while let Some(at) = next {
            for profile in [EVERYONE, Some(profile)] {
                self.of_mut(at, profile, |it| it.join(cell));
            }
            next = self.places.parent(at);
        }
        Ok(())
    }

    /// Says how many distinct people a cell has, where some are counted in several of its parts:
    /// never more than the parts come to.
    ///
    /// # Errors
    /// Where there is no such place or profile.
    pub fn distinct(&mut self, place: u64, profile: Profile, people: u64) -> Result<(), Wrong> {
        let at = self.known(place, profile)?;
        self.of_mut(at, profile, |it| it.contributors = it.contributors.min(people));
        Ok(())
    }

    /// A cell as it is; `None` where there is no such place or profile.
    pub fn cell(&self, place: u64, profile: Profile) -> Option<Cell> {
        self.known(place, profile).ok().map(|at| self.of(at, profile))
    }

    fn known(&self, place: u64, profile: Profile) -> Result<At, Wrong> {
        match profile {
            Some(profile) if profile >= self.profiles => Err(Wrong::Profile(profile)),
            _ => self.places.at(place).ok_or(Wrong::Place(place)),
        }
    }

    fn offset(&self, at: At, profile: Profile) -> usize {
        let column = profile.map_or(0, |it| usize::from(it) + 1);
        at * (usize::from(self.profiles) + 1) + column
    }

    fn of_mut(&mut self, at: At, profile: Profile, change: impl Fn(&mut Cell)) {
        let offset = self.offset(at, profile);
        if let Some(cell) = self.cells.get_mut(offset) {
            change(cell);
        }
    }

    pub(super) fn of(&self, at: At, profile: Profile) -> Cell {
        self.cells.get(self.offset(at, profile)).copied().unwrap_or_default()
    }

    /// A cell for each profile of a place.
    pub(super) fn of_each(&self, at: At) -> &[Cell] {
        let start = self.offset(at, EVERYONE) + 1;
        self.cells.get(start..start + usize::from(self.profiles)).unwrap_or_default()
    }

    /// Several profiles of a place together.
    pub(super) fn of_set(&self, at: At, profiles: Profiles) -> Cell {
        let mut sum = Cell::default();
        for profile in profiles.iter() {
            sum.join(&self.of(at, Some(profile)));
        }
        sum
    }

    /// Everyone, then each profile.
    pub(super) fn columns(&self) -> impl Iterator<Item = Profile> + use<> {
        std::iter::once(EVERYONE).chain((0..self.profiles).map(Some))
    }

    pub(super) fn all_profiles(&self) -> Profiles {
        Profiles((1_u32 << self.profiles) - 1)
    }
}

/// A set of profiles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Profiles(u32);

impl Profiles {
    pub(super) fn one(profile: u8) -> Self {
        Self(1 << profile)
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(super) fn len(self) -> u32 {
        self.0.count_ones()
    }

    pub(super) fn holds(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    pub(super) fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub(super) fn iter(self) -> impl Iterator<Item = u8> {
        let mut left = self.0;
        std::iter::from_fn(move || {
            let next = (left != 0).then(|| left.trailing_zeros() as u8)?;
            left &= left - 1;
            Some(next)
        })
    }
}
