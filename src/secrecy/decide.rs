//! From the place that holds all to the last ones.

use super::{
    family::{Family, Open},
    mask::{Mask, bits},
    places::At,
    room::Room,
    slab::{EVERYONE, Profile, Profiles, Rules, Slab},
};

/// The mask of a month, decided once: the one there was stays, whatever the cells have become. A
/// month that is not over shows nothing.
pub fn freeze(
    previous: Option<Mask>,
    is_over: bool,
    slab: &Slab<'_>,
    rules: &Rules,
) -> Option<Mask> {
    previous.or_else(|| is_over.then(|| decide(slab, rules)))
}

/// Which cells may be shown.
pub fn decide(slab: &Slab<'_>, rules: &Rules) -> Mask {
    let mut shown = Grid::new(slab);
    let mut todo = Vec::new();
    if slab.places.len() > 0 && slab.of(0, EVERYONE).may_be_known(rules) {
        let hidden = hidden_profiles(slab, rules, 0, Profiles::default());
        let room = Room::free(slab.profiles(), hidden, slab.of_each(0));
        todo.push(Open { at: 0, hidden, room });
    }
    while let Some(place) = todo.pop() {
        shown.set(place.at, EVERYONE);
        for profile in slab.all_profiles().without(place.hidden).iter() {
            shown.set(place.at, Some(profile));
        }
        todo.extend(Family::settle(slab, rules, &place));
    }
    show_what_follows(slab, rules, &mut shown);
    let places = (0..slab.places.len()).map(|at| {
        let all = slab
            .columns()
            .map(|profile| bits(profile, &slab.of(at, profile), shown.has(at, profile), rules));
        (slab.places.number(at), all.sum())
    });
    Mask::new(places.collect())
}

/// A figure that is a total less all its other parts, or the sum of all its parts, is hidden for
/// nothing: everybody can make it of what is shown.
fn show_what_follows(slab: &Slab<'_>, rules: &Rules, shown: &mut Grid) {
    let mut changed = true;
    while changed {
        changed = false;
        for at in 0..slab.places.len() {
            let mut lines = Vec::new();
            let children = slab.places.children(at);
            if !children.is_empty() {
                for profile in slab.columns() {
                    let parts = children.iter().map(|it| (*it, profile));
                    lines.push(std::iter::once((at, profile)).chain(parts).collect::<Vec<_>>());
                }
            }
            if slab.profiles() > 0 {
                lines.push(slab.columns().map(|it| (at, it)).collect());
            }
            for line in lines {
                let mut hidden = line.iter().filter(|(at, profile)| !shown.has(*at, *profile));
                if let (Some((at, profile)), None) = (hidden.next(), hidden.next())
                    && slab.of(*at, *profile).may_be_known(rules)
                {
                    shown.set(*at, *profile);
                    changed = true;
                }
            }
        }
    }
}

/// Which cells are shown.
struct Grid {
    width: usize,
    cells: Vec<bool>,
}

impl Grid {
    fn new(slab: &Slab<'_>) -> Self {
        let width = slab.columns().count();
        Self { width, cells: vec![false; slab.places.len() * width] }
    }

    fn offset(&self, at: At, profile: Profile) -> usize {
        at * self.width + profile.map_or(0, |it| usize::from(it) + 1)
    }

    fn has(&self, at: At, profile: Profile) -> bool {
        self.cells.get(self.offset(at, profile)).copied().unwrap_or_default()
    }

    fn set(&mut self, at: At, profile: Profile) {
        let offset = self.offset(at, profile);
        if let Some(cell) = self.cells.get_mut(offset) {
            *cell = true;
        }
    }
}

/// The profiles that an open place hides: those that it `must`, those that are secret in
/// themselves, and the next smallest ones until everyone less the others may be known.
pub(super) fn hidden_profiles(slab: &Slab<'_>, rules: &Rules, at: At, must: Profiles) -> Profiles {
    let mut hidden = must;
    for profile in slab.all_profiles().iter() {
        if !slab.of(at, Some(profile)).may_be_known(rules) {
            hidden = hidden.with(Profiles::one(profile));
        }
    }
    if hidden.is_empty() {
        return hidden;
    }
    while hidden.len() < 2 || !slab.of_set(at, hidden).may_be_known(rules) {
        let Some(next) = smallest(slab, at, slab.all_profiles().without(hidden)) else { break };
        hidden = hidden.with(next);
    }
    hidden
}

/// The profile with the fewest people in a place.
pub(super) fn smallest(slab: &Slab<'_>, at: At, of: Profiles) -> Option<Profiles> {
    let by_people = |it: &u8| slab.of(at, Some(*it)).figures();
    of.iter().min_by_key(by_people).map(Profiles::one)
}
