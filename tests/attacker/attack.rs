//! What is published, and what can be made of it.

use std::fmt;

use padoqe::secrecy::{Cell, Mask, Measure, Profile, Rules, Slab, decide};

use crate::{
    algebra::Known,
    bounds::{ANYTHING, Bounds, Line, narrow, rounded},
    population::Country,
    simplex::Program,
};

/// What protects the cells.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Guard {
    Whole,
    /// Small and dominated ones are hidden, and nothing for their sake.
    OnlySecretInThemselves,
    Off,
}

/// How somebody attacks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Means {
    /// Which cells follow from sums and differences, if nothing were rounded.
    Algebra,
    /// Bounds line by line, if nothing were rounded.
    Lines,
    /// Bounds line by line, from the figures as they are shown.
    Rounded,
    /// The narrowest bounds there are, if nothing were rounded.
    Program,
}

/// How it went.
#[derive(Default)]
pub(crate) struct Found {
    /// Cells that were to stay secret and did not.
    pub(crate) recovered: usize,
    /// Cells that were to stay secret.
    pub(crate) secret: usize,
    pub(crate) shown: usize,
    /// Cells hidden for the sake of others.
    pub(crate) complementary: usize,
    pub(crate) examples: Vec<String>,
}

impl Found {
    pub(crate) fn add(&mut self, other: &Self) {
        self.recovered += other.recovered;
        self.secret += other.secret;
        self.shown += other.shown;
        self.complementary += other.complementary;
        self.examples.extend(other.examples.iter().take(5 - self.examples.len().min(5)).cloned());
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { recovered, secret, shown, complementary, .. } = self;
        write!(f, "{recovered} of {secret} (shown {shown}, hidden beside {complementary})")
    }
}

const K: u64 = 11;

/// A cell that must stay secret, told apart from the guard's own code.
fn is_secret(cell: &Cell, most: [u64; 3]) -> bool {
    let dominated = figures(cell)[1..].iter().zip(most).any(|(sum, most)| most * 100 > sum * 85);
    cell.contributors < K || dominated
}

pub(crate) fn figures(cell: &Cell) -> [u64; 4] {
    let [visits, uses, seconds] =
        [Measure::Visits, Measure::Uses, Measure::Seconds].map(|it| cell.sum(it));
    [cell.contributors, visits, uses, seconds]
}

/// A month of a country with what is published of it.
pub(crate) struct Published {
    columns: Vec<Profile>,
    /// For each place, for each column: figures, whether shown, whether secret.
    pub(crate) cells: Vec<(Cell, bool, bool)>,
}

impl Published {
    pub(crate) fn new(country_size: usize, slab: &Slab<'_>, guard: Guard) -> Self {
        Self::with(country_size, slab, guard, &decide(slab, &Rules::default()))
    }

    pub(crate) fn masked(country_size: usize, slab: &Slab<'_>, mask: &Mask) -> Self {
        Self::with(country_size, slab, Guard::Whole, mask)
    }

    fn with(country_size: usize, slab: &Slab<'_>, guard: Guard, mask: &Mask) -> Self {
        let columns: Vec<Profile> =
            std::iter::once(None).chain((0..slab.profiles()).map(Some)).collect();
        let mut cells = Vec::new();
        for place in 0..country_size as u64 {
            for column in &columns {
                let cell = slab.cell(place, *column).unwrap();
                let secret = is_secret(&cell, cell.most());
                let shown = match guard {
                    Guard::Whole => mask.shows(place, *column),
                    Guard::OnlySecretInThemselves => !secret,
                    Guard::Off => true,
                };
                cells.push((cell, shown, secret));
            }
        }
        Self { columns, cells }
    }

    pub(crate) fn at(&self, place: usize, column: usize) -> usize {
        place * self.columns.len() + column
    }

    /// Every line of places and of profiles.
    pub(crate) fn lines(&self, children: &[Vec<usize>]) -> Vec<Line> {
        let mut lines = Vec::new();
        let line = |total, parts| Line { total, parts, overlapping: false };
        for (place, below) in children.iter().enumerate() {
            for column in 0..self.columns.len() {
                if !below.is_empty() {
                    let parts = below.iter().map(|it| self.at(*it, column)).collect();
                    lines.push(line(self.at(place, column), parts));
                }
            }
            if self.columns.len() > 1 {
                let parts = (1..self.columns.len()).map(|it| self.at(place, it)).collect();
                lines.push(line(self.at(place, 0), parts));
            }
        }
        lines
    }

    /// The smallest cells that a cell is the sum of.
    fn units(&self, children: &[Vec<usize>]) -> Vec<Vec<usize>> {
        let mut units = vec![Vec::new(); self.cells.len()];
        for place in (0..children.len()).rev() {
            for column in 0..self.columns.len() {
                let whole = match (children[place].as_slice(), column, self.columns.len()) {
                    ([], 0, 2..) => (1..self.columns.len()).map(|it| self.at(place, it)).collect(),
                    ([], _, _) => vec![self.at(place, column)],
                    (below, _, _) => {
                        let parts = below.iter().flat_map(|it| &units[self.at(*it, column)]);
                        parts.copied().collect::<Vec<_>>()
                    }
                };
                units[self.at(place, column)] = whole;
            }
        }
        units
    }
}

/// Whether bounds tell a secret cell's figure: fewer than eleven people told nearer than "fewer
/// than eleven", a sum within a tenth.
///
/// A tenth on either side is what the p % rule and the protection levels of τ-Argus ask at least.
pub(crate) fn tells(figure: usize, value: u64, (low, high): Bounds) -> bool {
    let value = value as f64;
    match figure {
        0 => high - low < (K - 1) as f64 - 1e-3,
        _ => value > 0.0 && low >= 0.9 * value && high <= 1.1 * value,
    }
}

pub(crate) fn one_month(country: &mut Country, active: u64, guard: Guard, means: Means) -> Found {
    let (size, children) = (country.tree.len(), country.children.clone());
    let slab = country.month(active);
    let published = Published::new(size, &slab, guard);
    let mut found = Found::default();
    for (_, shown, secret) in &published.cells {
        found.shown += usize::from(*shown);
        found.secret += usize::from(*secret);
        found.complementary += usize::from(!shown && !secret);
    }
    let told = match means {
        Means::Algebra => by_algebra(&published, &children),
        Means::Lines => by_lines(&published, &children, |it| (it as f64, it as f64)),
        Means::Rounded => by_lines(&published, &children, rounded),
        Means::Program => by_program(&published, &children),
    };
    for (at, told) in told.iter().enumerate() {
        let (cell, shown, secret) = &published.cells[at];
        if *secret && (*told || (*shown && means != Means::Rounded)) {
            found.recovered += 1;
            let place = at / published.columns.len();
            found.examples.push(format!(
                "place {place}, column {}: {cell:?} of {size} places",
                at % published.columns.len()
            ));
        }
    }
    found
}

fn by_algebra(published: &Published, children: &[Vec<usize>]) -> Vec<bool> {
    let units = published.units(children);
    let mut known = Known::default();
    for (at, (_, shown, _)) in published.cells.iter().enumerate() {
        if *shown {
            known.publish(&units[at]);
        }
    }
    units.iter().map(|it| known.tells(it)).collect()
}

fn by_lines(
    published: &Published,
    children: &[Vec<usize>],
    seen: impl Fn(u64) -> Bounds,
) -> Vec<bool> {
    let lines = published.lines(children);
    let mut told = vec![false; published.cells.len()];
    for figure in 0..4 {
        let mut bounds: Vec<Bounds> = published
            .cells
            .iter()
            .map(|(cell, shown, _)| if *shown { seen(figures(cell)[figure]) } else { ANYTHING })
            .collect();
        narrow(&mut bounds, &lines);
        for ((told, bounds), (cell, _, _)) in told.iter_mut().zip(&bounds).zip(&published.cells) {
            *told |= tells(figure, figures(cell)[figure], *bounds);
        }
    }
    told
}

fn by_program(published: &Published, children: &[Vec<usize>]) -> Vec<bool> {
    let units = published.units(children);
    let mut told = vec![false; published.cells.len()];
    for figure in 0..4 {
        let sums: Vec<_> = published.cells.iter().enumerate().filter(|(_, it)| it.1).collect();
        let sums: Vec<_> = sums
            .iter()
            .map(|(at, (cell, _, _))| (units[*at].clone(), figures(cell)[figure] as f64))
            .collect();
        let mut program = Program::new(published.cells.len(), &sums);
        for (at, (cell, shown, secret)) in published.cells.iter().enumerate() {
            if *secret && !shown && !told[at] {
                let bounds = program.bounds(&units[at]);
                told[at] = tells(figure, figures(cell)[figure], bounds);
            }
        }
    }
    told
}
