//! From the place that holds all to the last ones.

use super::{
    family::{Family, Open},
    mask::{Mask, bits},
    places::At,
    room::Room,
    slab::{EVERYONE, Profiles, Rules, Slab},
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
    let mut open = vec![None; slab.places.len()];
    let mut todo = Vec::new();
    if slab.places.len() > 0 && slab.of(0, EVERYONE).may_be_known(rules) {
        let hidden = hidden_profiles(slab, rules, 0, Profiles::default());
        let room = Room::free(slab.profiles(), hidden, slab.of_each(0));
        todo.push(Open { at: 0, hidden, room });
    }
    while let Some(place) = todo.pop() {
        if let Some(open) = open.get_mut(place.at) {
            *open = Some(place.hidden);
        }
        todo.extend(Family::settle(slab, rules, &place));
    }
    let places = open.iter().enumerate().map(|(at, open)| {
        let mut all = bits(EVERYONE, &slab.of(at, EVERYONE), open.is_some(), rules);
        for profile in slab.all_profiles().iter() {
            let shown = open.is_some_and(|hidden: Profiles| !hidden.has(profile));
            all |= bits(Some(profile), &slab.of(at, Some(profile)), shown, rules);
        }
        (slab.places.number(at), all)
    });
    Mask::new(places.collect())
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
