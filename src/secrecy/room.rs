//! How far hidden cells of a place can be moved against each other without a known sum changing.

use super::slab::{Cell, Measure, Profiles};

/// Contributors, then each measure.
pub(super) const FIGURES: usize = Measure::COUNT + 1;

/// For each two profiles that a place hides: by how much the first can be more and the second less.
#[derive(Clone, Default)]
pub(super) struct Room {
    profiles: usize,
    by: Vec<[u64; FIGURES]>,
}

impl Room {
    /// No room at all.
    pub(super) fn none(profiles: u8) -> Self {
        let profiles = usize::from(profiles);
        Self { profiles, by: vec![[0; FIGURES]; profiles * profiles] }
    }

    /// Of cells whose sum is known and nothing else.
    pub(super) fn free(profiles: u8, hidden: Profiles, cells: &[Cell]) -> Self {
        let mut room = Self::none(profiles);
        for one in hidden.iter() {
            for other in hidden.iter().filter(|it| *it != one) {
                let less = of(cells, other).figures();
                room.change(one, other, |figure, by| *by = less.get(figure).copied().unwrap_or(0));
            }
        }
        room
    }

    pub(super) fn of(&self, more: u8, less: u8, figure: usize) -> u64 {
        let at = usize::from(more) * self.profiles + usize::from(less);
        self.by.get(at).and_then(|it| it.get(figure)).copied().unwrap_or_default()
    }

    pub(super) fn change(&mut self, more: u8, less: u8, change: impl Fn(usize, &mut u64)) {
        let at = usize::from(more) * self.profiles + usize::from(less);
        for (figure, by) in self.by.iter_mut().skip(at).take(1).flatten().enumerate() {
            change(figure, by);
        }
    }
}

/// The cell of a profile.
pub(super) fn of(cells: &[Cell], profile: u8) -> Cell {
    cells.get(usize::from(profile)).copied().unwrap_or_default()
}
