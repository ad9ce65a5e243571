//! Generated schools, people and months.

use padoqe::secrecy::{Cell, Measure, Places, Profile, Slab};

/// A small generator of numbers, the same on every machine.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % bound.max(1)
    }

    /// Many small, few large: up to about `bound`.
    fn skewed(&mut self, bound: u64) -> u64 {
        let part = self.below(1000) as f64 / 1000.0;
        ((bound as f64 + 1.0).powf(part) - 1.0).round() as u64
    }
}

/// What kind of country it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kind {
    /// Children of each place, from the nation down.
    pub(crate) fans: &'static [u64],
    pub(crate) profiles: u8,
    /// People of the largest schools.
    pub(crate) largest: u64,
    /// One school has most of all people.
    pub(crate) giant: bool,
    /// In percent, how many schools use it at all.
    pub(crate) used: u64,
    /// In percent, cells of which one person makes most.
    pub(crate) heavy: u64,
}

pub(crate) struct Country {
    pub(crate) places: Places,
    /// Numbers with their parents; numbers are positions.
    pub(crate) tree: Vec<(u64, Option<u64>)>,
    pub(crate) children: Vec<Vec<usize>>,
    pub(crate) profiles: u8,
    dice: Dice,
    /// For each leaf, people of each profile.
    people: Vec<(u64, Vec<u64>)>,
    heavy: u64,
}

impl Country {
    pub(crate) fn new(seed: u64, kind: &Kind) -> Self {
        let mut dice = Dice::new(seed);
        let mut tree = vec![(0, None)];
        let mut layer = vec![0];
        for fan in kind.fans {
            let mut next = Vec::new();
            for parent in layer {
                // Overseas, a région académique is one académie of one département.
                let here = if dice.below(6) == 0 { 1 } else { 1 + dice.below(2 * fan - 1) };
                for _ in 0..here {
                    next.push(tree.len() as u64);
                    tree.push((tree.len() as u64, Some(parent)));
                }
            }
            layer = next;
        }
        let mut children = vec![Vec::new(); tree.len()];
        for (place, parent) in &tree {
            if let Some(parent) = parent {
                children[*parent as usize].push(*place as usize);
            }
        }
        let giant = dice.below(layer.len() as u64);
        let mut people = Vec::new();
        for (at, leaf) in layer.iter().enumerate() {
            let mut of_profiles = Vec::new();
            for profile in 0..kind.profiles {
                // Pupils, a tenth of them teachers, few of anything else.
                let size = dice.skewed(kind.largest) / [1, 10, 40][usize::from(profile.min(2))];
                let used = dice.below(100) < kind.used;
                let giant = kind.giant && at as u64 == giant;
                of_profiles.push(match (giant, used) {
                    (true, _) => size * 50 + 200,
                    (false, true) => size,
                    (false, false) => 0,
                });
            }
            people.push((*leaf, of_profiles));
        }
        let places = Places::new(&tree).unwrap();
        Self { places, tree, children, profiles: kind.profiles, dice, people, heavy: kind.heavy }
    }

    /// Cells of a month in which `active` percent of people come.
    pub(crate) fn month(&mut self, active: u64) -> Slab<'_> {
        let cells = self.cells(active);
        filled(&self.places, self.profiles, &cells)
    }

    fn cells(&mut self, active: u64) -> Vec<(u64, u8, Cell)> {
        let mut cells = Vec::new();
        for (leaf, of_profiles) in &self.people {
            for (profile, people) in of_profiles.iter().enumerate() {
                let noise = 60 + self.dice.below(60);
                let contributors = (people * active * noise / 10_000).min(*people);
                let cell = visits(&mut self.dice, contributors, self.heavy);
                cells.push((*leaf, profile as u8, cell));
            }
        }
        cells
    }

    /// Several months of the same people.
    pub(crate) fn months<'a>(&mut self, places: &'a Places, active: &[u64]) -> Vec<Slab<'a>> {
        let months = active.iter().map(|it| filled(places, self.profiles, &self.cells(*it)));
        months.collect()
    }

    pub(crate) fn leaves(&self) -> impl Iterator<Item = usize> {
        (0..self.tree.len()).filter(|it| self.children[*it].is_empty())
    }

    /// Everyone and every profile.
    pub(crate) fn columns(&self) -> impl Iterator<Item = Profile> + use<> {
        std::iter::once(None).chain((0..self.profiles).map(Some))
    }
}

fn filled<'a>(places: &'a Places, profiles: u8, cells: &[(u64, u8, Cell)]) -> Slab<'a> {
    let mut slab = Slab::new(places, profiles).unwrap();
    for (leaf, profile, cell) in cells {
        slab.add(*leaf, *profile, cell).unwrap();
    }
    slab
}

fn visits(dice: &mut Dice, contributors: u64, heavy: u64) -> Cell {
    if contributors == 0 {
        return Cell::default();
    }
    let each = 1 + dice.below(8);
    let mut visits = contributors * each + dice.below(contributors);
    let mut most = each + 1;
    if dice.below(100) < heavy {
        most = visits * (4 + dice.below(40));
        visits += most;
    }
    let long = 30 + dice.below(300);
    Cell::new(contributors, [visits, visits + dice.below(visits), visits * long]).with_most([
        most,
        most,
        most * long,
    ])
}

/// The distinct people of a year, from its months: more than in any, fewer than in all.
pub(crate) fn year<'a>(
    places: &'a Places,
    leaves: &[usize],
    months: &[Slab<'_>],
    dice: &mut Dice,
) -> Slab<'a> {
    let profiles = months[0].profiles();
    let mut slab = Slab::new(places, profiles).unwrap();
    for leaf in leaves {
        for profile in 0..profiles {
            let of = |it: &Slab<'_>| it.cell(*leaf as u64, Some(profile)).unwrap();
            let all = months.iter().map(|it| of(it).contributors);
            let (most, sum) = (all.clone().max().unwrap(), all.sum::<u64>());
            // Some are used once by everybody, some every month by the same people.
            let people = most + (sum - most) * dice.below(201).min(100) / 100;
            let sums = [Measure::Visits, Measure::Uses, Measure::Seconds]
                .map(|measure| months.iter().map(|it| of(it).sum(measure)).sum());
            slab.add(*leaf as u64, profile, &Cell::new(people, sums)).unwrap();
        }
    }
    slab
}
