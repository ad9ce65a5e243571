//! Somebody asks for everything that outsiders may see, and tries to find out what is hidden.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say where")]
#![expect(
    clippy::print_stdout,
    reason = "how many cells are found, and how many without the guard"
)]

mod algebra;
mod attack;
mod bounds;
mod population;
mod simplex;

use std::time::{Duration, Instant};

use attack::{Found, Guard, Means, Published, figures, one_month, tells};
use bounds::{ANYTHING, Bounds, Line, narrow};
use padoqe::secrecy::{Mask, Rules, decide, freeze, year};
use population::{Country, Dice, Kind};
use proptest::prelude::*;

const KINDS: [Kind; 8] = [
    Kind { fans: &[3, 3, 4], profiles: 3, largest: 900, giant: false, used: 80, heavy: 0 },
    Kind { fans: &[3, 3, 4], profiles: 3, largest: 900, giant: true, used: 60, heavy: 10 },
    Kind { fans: &[12], profiles: 2, largest: 40, giant: false, used: 90, heavy: 5 },
    Kind { fans: &[4, 6], profiles: 4, largest: 120, giant: false, used: 50, heavy: 20 },
    Kind { fans: &[2, 2, 2, 3], profiles: 3, largest: 300, giant: true, used: 40, heavy: 30 },
    Kind { fans: &[20], profiles: 1, largest: 300, giant: false, used: 70, heavy: 10 },
    Kind { fans: &[3, 2, 9], profiles: 2, largest: 3000, giant: false, used: 95, heavy: 1 },
    Kind { fans: &[2, 12], profiles: 3, largest: 9000, giant: false, used: 100, heavy: 2 },
];

/// Percent of people who come in a month: the last has no school.
const ACTIVE: [u64; 4] = [90, 30, 5, 0];

const ALL_MEANS: [Means; 4] = [Means::Algebra, Means::Lines, Means::Rounded, Means::Program];

fn attack_all(seeds: std::ops::Range<u64>, guard: Guard, means: Means) -> Found {
    let mut all = Found::default();
    for (number, kind) in KINDS.iter().enumerate() {
        for seed in seeds.clone() {
            let mut country = Country::new(seed * 31 + number as u64, kind);
            let active = ACTIVE[(seed % 4) as usize];
            all.add(&one_month(&mut country, active, guard, means));
        }
    }
    all
}

#[test]
fn nothing_hidden_is_recovered_by_any_means() {
    for means in ALL_MEANS {
        let seeds = if means == Means::Program { 0..12 } else { 0..60 };
        let guarded = attack_all(seeds.clone(), Guard::Whole, means);
        let primary = attack_all(seeds.clone(), Guard::OnlySecretInThemselves, means);
        let off = attack_all(seeds, Guard::Off, means);
        println!("{means:?}: guarded {guarded}; only small ones hidden {primary}; off {off}");
        assert_eq!(guarded.recovered, 0, "{means:?}: {:#?}", guarded.examples);
        assert!(
            guarded.shown * 3 > guarded.complementary && guarded.shown > 500,
            "hiding everything is no art: {guarded}"
        );
        assert!(primary.recovered > 100, "{means:?} finds nothing: {primary}");
        assert!(off.recovered > primary.recovered, "{means:?} finds nothing: {off}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..Default::default() })]

    /// SDC-04, and that what is hidden of a line is no disclosure itself.
    #[test]
    fn no_line_hides_one_cell_alone_or_a_few_people(
        seed in any::<u64>(), kind in 0..KINDS.len(), active in 0..100_u64,
    ) {
        let mut country = Country::new(seed, &KINDS[kind]);
        let (size, children) = (country.tree.len(), country.children.clone());
        let slab = country.month(active);
        let published = Published::new(size, &slab, Guard::Whole);
        for line in published.lines(&children) {
            let (_, shown, _) = published.cells[line.total];
            let hidden: Vec<_> = line.parts.iter().filter(|it| !published.cells[**it].1).collect();
            let people: u64 = hidden.iter().map(|it| published.cells[**it].0.contributors).sum();
            if shown && !hidden.is_empty() {
                prop_assert!(hidden.len() > 1, "one alone of {} parts", line.parts.len());
                prop_assert!(people >= Rules::USUAL, "{people} people");
            }
        }
    }

    /// Whatever comes late, whoever asks again: a month is decided once.
    #[test]
    fn late_data_change_nothing(seed in any::<u64>(), kind in 0..KINDS.len()) {
        let rules = Rules::default();
        let mut country = Country::new(seed, &KINDS[kind]);
        prop_assert_eq!(freeze(None, false, &country.month(50), &rules), None);
        let first = freeze(None, true, &country.month(50), &rules).unwrap();
        let later = freeze(Some(first.clone()), true, &country.month(99), &rules).unwrap();
        prop_assert_eq!(&first, &later);
        let kept: Mask = postcard::from_bytes(&postcard::to_stdvec(&first).unwrap()).unwrap();
        prop_assert_eq!(&first, &kept);
    }

    /// The floor holds whatever is asked, and a higher threshold hides more.
    #[test]
    fn thresholds_only_rise(seed in any::<u64>(), kind in 0..KINDS.len(), asked in 0..40_u64) {
        let rules = Rules::at_least(asked);
        let mut country = Country::new(seed, &KINDS[kind]);
        let (size, columns) = (country.tree.len(), country.columns());
        let slab = country.month(60);
        let mask = decide(&slab, &rules);
        for column in columns {
            for place in 0..size as u64 {
                let people = slab.cell(place, column).unwrap().contributors;
                let shown = mask.shows(place, column);
                prop_assert!(!shown || people >= asked.max(Rules::FLOOR), "{people} for {asked}");
            }
        }
        prop_assert_eq!(mask.reason(u64::MAX, None), Some(padoqe::secrecy::Reason::Few));
    }
}

/// Distinct people of a year beside those of its months: no sum, but at most the sum and at least
/// each of them.
#[test]
fn people_of_a_year_tell_nothing_of_its_months() {
    let rules = Rules::default();
    let (mut unguarded, mut told, mut shown) = (0, 0, 0);
    for seed in 0..60 {
        let mut country = Country::new(seed, &KINDS[seed as usize % KINDS.len()]);
        let (size, children) = (country.tree.len(), country.children.clone());
        let leaves: Vec<_> = country.leaves().collect();
        let places = country.places.clone();
        let calendar = [60, 80, 80, 60, 70, 50, 70, 40, 60, 50, 3, 0];
        let months = country.months(&places, &calendar);
        let whole = population::year(&places, &leaves, &months, &mut Dice::new(seed));
        let masks: Vec<_> = months.iter().map(|it| decide(it, &rules)).collect();
        let pairs: Vec<_> = masks.iter().zip(&months).collect();
        for guarded in [true, false] {
            let mask = year(&whole, &pairs, &rules);
            shown += usize::from(guarded && mask.shows(0, None));
            let mut slabs: Vec<_> =
                months.iter().map(|it| Published::new(size, it, Guard::Whole)).collect();
            slabs.push(if guarded {
                Published::masked(size, &whole, &mask)
            } else {
                Published::new(size, &whole, Guard::OnlySecretInThemselves)
            });
            let width = slabs[0].cells.len();
            let mut bounds: Vec<Bounds> = Vec::new();
            let mut lines: Vec<Line> = Vec::new();
            for (number, slab) in slabs.iter().enumerate() {
                let seen =
                    |it: &(_, bool, _)| if it.1 { exactly(figures(&it.0)[0]) } else { ANYTHING };
                bounds.extend(slab.cells.iter().map(seen));
                lines.extend(slab.lines(&children).into_iter().map(|it| it.moved(number * width)));
            }
            for at in 0..width {
                let parts = (0..months.len()).map(|it| it * width + at).collect();
                lines.push(Line { total: months.len() * width + at, parts, overlapping: true });
            }
            narrow(&mut bounds, &lines);
            let cells = slabs.iter().flat_map(|it| &it.cells);
            for ((cell, is_shown, secret), bounds) in cells.zip(bounds) {
                if *secret && !is_shown && tells(0, cell.contributors, bounds) {
                    *(if guarded { &mut told } else { &mut unguarded }) += 1;
                }
            }
        }
    }
    println!("year: told {told}, only small ones hidden {unguarded}, shown {shown} of 60 years");
    assert_eq!(told, 0);
    assert!(shown > 20, "{shown}");
    assert!(unguarded > 50, "nothing is found");
}

fn exactly(figure: u64) -> Bounds {
    (figure as f64, figure as f64)
}

/// Some 50 000 places and three profiles in about a second; without optimisation a fifth of them.
#[test]
fn a_month_of_the_nation_is_decided_at_once_and_kept_small() {
    let slow = cfg!(debug_assertions);
    let fans = if slow { &[18, 2, 3, 60] } else { &[18, 2, 3, 300] };
    let kind = Kind { fans, profiles: 3, largest: 900, giant: false, used: 90, heavy: 3 };
    let mut country = Country::new(7, &kind);
    let size = country.tree.len();
    let slab = country.month(60);
    let start = Instant::now();
    let mask = decide(&slab, &Rules::default());
    let took = start.elapsed();
    let bytes = postcard::to_stdvec(&mask).unwrap().len();
    println!("{size} places in {took:?}, {bytes} bytes");
    assert!(size > if slow { 8_000 } else { 50_000 }, "{size}");
    assert!(took < Duration::from_secs(10), "{took:?}");
    assert!(bytes < size * 8, "{bytes}");
}
