//! The tree of places, by numbers that stay the same from month to month.

use std::{collections::HashMap, fmt};

/// What was given does not make a cube.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// A place is listed twice.
    Twice(u64),
    /// A place stands below one that is not listed, or that stands below itself.
    Parent(u64),
    /// There must be exactly one place that holds all others.
    Roots(usize),
    /// There is no such place.
    Place(u64),
    /// Figures are given where the tree ends; sums are made of them.
    NotALeaf(u64),
    /// There is no such profile, or there are more than [`super::Slab::MOST_PROFILES`].
    Profile(u8),
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Twice(place) => write!(f, "place {place} is listed twice: list it once"),
            Self::Parent(place) => write!(
                f,
                "place {place} is not below the place that holds all: list the place it stands in"
            ),
            Self::Roots(found) => write!(
                f,
                "{found} places stand in no other one: one must hold all others, and only one"
            ),
            Self::Place(place) => write!(f, "place {place} is not in the tree: list it"),
            Self::NotALeaf(place) => write!(
                f,
                "place {place} has places below it: give figures of these, and of a place of its \
                 own for what is in none of them"
            ),
            Self::Profile(profile) => {
                write!(f, "there is no profile {profile}: count from 0, at most 31 of them")
            }
        }
    }
}

impl std::error::Error for Wrong {}

/// Where a place stands in [`Places`], parents before children.
pub(super) type At = usize;

/// A tree of places. The first holds all others.
#[derive(Clone, Debug)]
pub struct Places {
    numbers: Vec<u64>,
    parents: Vec<Option<At>>,
    children: Vec<Vec<At>>,
    index: HashMap<u64, At>,
}

impl Places {
    /// A tree of places with the place that each stands in.
    ///
    /// # Errors
    /// Where it is no tree.
    pub fn new(places: &[(u64, Option<u64>)]) -> Result<Self, Wrong> {
        let mut below: HashMap<u64, Vec<u64>> = HashMap::new();
        let mut listed = HashMap::new();
        let mut roots = Vec::new();
        for (place, parent) in places {
            if listed.insert(*place, ()).is_some() {
                return Err(Wrong::Twice(*place));
            }
            match parent {
                Some(parent) => below.entry(*parent).or_default().push(*place),
                None => roots.push(*place),
            }
        }
        let [root] = roots.as_slice() else { return Err(Wrong::Roots(roots.len())) };
        let mut tree = Self {
            numbers: Vec::with_capacity(places.len()),
            parents: Vec::with_capacity(places.len()),
            children: Vec::with_capacity(places.len()),
            index: HashMap::with_capacity(places.len()),
        };
        let mut todo = vec![(*root, None)];
        while let Some((place, parent)) = todo.pop() {
            let at = tree.numbers.len();
            tree.numbers.push(place);
            tree.parents.push(parent);
            tree.children.push(Vec::new());
            tree.index.insert(place, at);
            if let Some(siblings) = parent.and_then(|it: At| tree.children.get_mut(it)) {
                siblings.push(at);
            }
            todo.extend(below.remove(&place).into_iter().flatten().map(|it| (it, Some(at))));
        }
        // What was not reached stands below an unlisted place, or in a ring.
        match places.iter().find(|(place, _)| !tree.index.contains_key(place)) {
            Some((place, _)) => Err(Wrong::Parent(*place)),
            None => Ok(tree),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.numbers.len()
    }

    pub(super) fn at(&self, place: u64) -> Option<At> {
        self.index.get(&place).copied()
    }

    pub(super) fn number(&self, at: At) -> u64 {
        self.numbers.get(at).copied().unwrap_or_default()
    }

    pub(super) fn parent(&self, at: At) -> Option<At> {
        self.parents.get(at).copied().flatten()
    }

    pub(super) fn children(&self, at: At) -> &[At] {
        self.children.get(at).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_tree_is_named() {
        assert_eq!(Places::new(&[]).unwrap_err(), Wrong::Roots(0));
        assert_eq!(Places::new(&[(1, None), (2, None)]).unwrap_err(), Wrong::Roots(2));
        assert_eq!(Places::new(&[(1, None), (1, Some(1))]).unwrap_err(), Wrong::Twice(1));
        assert_eq!(Places::new(&[(1, None), (2, Some(7))]).unwrap_err(), Wrong::Parent(2));
        assert_eq!(
            Places::new(&[(1, None), (2, Some(3)), (3, Some(2))]).unwrap_err(),
            Wrong::Parent(2)
        );
    }

    #[test]
    fn parents_stand_before_their_children_whatever_the_order() {
        let tree = Places::new(&[(9, Some(5)), (5, Some(1)), (1, None), (4, Some(1))]).unwrap();
        for at in 0..tree.len() {
            assert!(tree.parent(at).is_none_or(|it| it < at));
            assert!(tree.children(at).iter().all(|it| tree.parent(*it) == Some(at)));
        }
        assert_eq!(tree.number(0), 1);
        assert_eq!(tree.children(tree.at(5).unwrap()), [tree.at(9).unwrap()]);
    }
}
