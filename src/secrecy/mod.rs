//! Statistical secrecy: which figures may be shown to those who are not of a site's own team.
//!
//! Whoever may see a total and all but one of its parts sees that part. So figures are hidden not
//! one by one but a whole cube at a time: one site, one feature (or all visits), one month; every
//! place of a tree (establishment, département, académie, nation; or groups and all of them) by
//! every profile. [`decide()`] says once what of it may be shown; the [`Mask`] is kept and never
//! changes again, whatever arrives late ([`freeze`]).
//!
//! **What is given**: [`Places`], and in a [`Slab`] the cells of places without children, each
//! profile by itself: distinct contributors, three sums, the greatest single contributor's part of
//! each where it is known. Parts must make up the whole: visits whose establishment is not known
//! go to a place of their own below the last one that is, and "no profile" is a profile. Every
//! visit belongs to one place and one profile, so a cube of groups needs one group for each visit.
//!
//! **What is got back**: a [`Mask`]. [`Mask::show`] turns a figure into [`Shown`]: rounded to ten,
//! or secret. Averages, shares and medians are made from what is shown: [`average`], [`share`],
//! [`quantile`].
//!
//! ```
//! use padoqe::secrecy::{Cell, EVERYONE, Measure, Places, Rules, Shown, Slab, freeze};
//!
//! // A nation (1) of one académie (10) of three schools; profile 0 are pupils, 1 are teachers.
//! let places =
//!     Places::new(&[(1, None), (10, Some(1)), (100, Some(10)), (101, Some(10)), (102, Some(10))])?;
//! let mut slab = Slab::new(&places, 2)?;
//! slab.add(100, 0, &Cell::new(400, [1900, 2500, 90_000]))?;
//! slab.add(100, 1, &Cell::new(30, [210, 260, 9_000]))?;
//! slab.add(101, 0, &Cell::new(220, [700, 800, 30_000]))?;
//! slab.add(101, 1, &Cell::new(14, [90, 95, 4_000]))?;
//! slab.add(102, 0, &Cell::new(60, [100, 120, 5_000]))?;
//! slab.add(102, 1, &Cell::new(3, [20, 25, 900]))?; // three teachers
//! assert!(freeze(None, false, &slab, &Rules::default()).is_none(), "the month still runs");
//! let mask = freeze(None, true, &slab, &Rules::default()).expect("the month is over");
//!
//! let visits = |place, profile| {
//!     let cell = slab.cell(place, profile).expect("a place of the tree");
//!     mask.show(place, profile, cell.sum(Measure::Visits))
//! };
//! assert_eq!(visits(1, EVERYONE), Shown::Value(3020));
//! assert!(visits(102, Some(1)).value().is_none(), "fewer than eleven");
//! assert!(visits(102, Some(0)).value().is_none(), "else everyone less pupils tells the teachers");
//! # Ok::<(), padoqe::secrecy::Wrong>(())
//! ```
//!
//! **How**, from the top down. A place is *open* (its total is shown) or *closed*; an open place
//! shows some of its profiles, and none that the next open place above hides. Then all that sums
//! and differences can tell falls apart into one small table for each open place: its rows are the
//! next open places below with what they hide, and one row for everything closed; its columns the
//! profiles that the place shows. Rows and columns have known sums. In each table
//! - every sum that is known (of a row, a column, the closed ones together) has eleven
//!   contributors, none of whom makes more than 85 % of it: else the next smallest is hidden too;
//! - every hidden cell that is secret in itself can be moved, without changing a known sum, by
//!   trades between two rows and two columns: by eleven contributors, and by a quarter of
//!   each measure. So nobody tells it within 10 %, and no set of fewer than eleven is isolated.
//!
//! Closing everything below a place always meets both, so this ends. Below a closed place others
//! may be open, if nothing of it is secret in itself. What a place hides and those below it hide
//! too moves also with the place. What
//! then follows from what is shown, and is no secret itself, is shown as well.
//!
//! **Zeros.** Nobody is fewer than eleven: a cell without visits is secret like any small one, and
//! is no cover for another. "Nobody of this school's twelve teachers" is said of twelve people;
//! and who knows that a school has no use would subtract it.
//!
//! **Time.** Months are decided one after the other and never again, so a year cannot hide a month
//! once more. What is shown of a school year is therefore the sum of the months that are shown
//! ([`sum_of_months`]), which tells nothing new. Distinct people of the year, which no sum of months
//! tells, have a mask of their own ([`year()`]): of the place that holds all others only. So figures
//! for each person are made of a year's people and uses only where all its months are shown. Weeks
//! and days are not shown at all.
//!
//! **What is not promised.** Somebody who knows one hidden cell from elsewhere, his own school's
//! say, can subtract it. Figures of a month that change after it was frozen differ by what came
//! late: the figures shown have to be frozen with the mask, or late hits left out.

mod decide;
mod family;
mod mask;
mod places;
mod room;
mod round;
mod slab;
mod year;

pub use self::{
    decide::{decide, freeze},
    mask::{Mask, Reason, Shown},
    places::{Places, Wrong},
    round::{average, quantile, round, share},
    slab::{Cell, EVERYONE, Measure, Profile, Rules, Slab},
    year::{sum_of_months, year},
};
