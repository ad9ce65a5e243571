//! Changes of visits → figures that can be added up in any order.
//!
//! A visit stands in its rollups as it is so far: when it changes, what it said before is taken
//! away and what it says now is added. Sums are exact; `max_actions` only ever rises, so a visit
//! that leaves a row (a referrer found late) may leave its maximum behind.

mod bucket;
mod delta;
mod feature;
mod load;
#[cfg(test)]
mod naive;
#[cfg(test)]
mod naive_features;
mod shape;
mod tally;
mod transition;

pub use bucket::{DURATION_BUCKETS, bucket_of, quantile, seconds_of};
pub use delta::{Delta, Key};
pub use load::{LOAD_PHASES, WHOLE_LOAD, load_places};
pub use shape::{Column, Figures, Merge, Rows, Shape, WIDEST, subject};

pub use crate::session::pair_label;

/// Least number of actions of each bucket of "pages per visit", as Matomo cuts them.
pub const PAGE_BUCKETS: [i64; 10] = [1, 2, 3, 4, 5, 6, 8, 11, 15, 21];

/// Least seconds of each bucket of "visit length", as Matomo cuts them.
pub const LENGTH_BUCKETS: [i64; 10] = [0, 11, 31, 61, 121, 241, 421, 601, 901, 1801];

/// Least number of visits of each bucket of "visits by number", as Matomo cuts them for visits and for
/// conversions.
pub const COUNT_BUCKETS: [i64; 14] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 26, 51, 101, 201];

/// Least number of days of each bucket of "days since the last visit" and "days to conversion", as Matomo
/// cuts them.
pub const DAYS_BUCKETS: [i64; 14] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 15, 31, 61, 121, 365];

/// Least number of uses of each bucket of "uses per visit" and "uses per visitor and day".
pub const USE_BUCKETS: [i64; 8] = [1, 2, 3, 4, 5, 6, 11, 21];

/// Least number of weeks since first use of each bucket that devices tell.
pub const RETURN_WEEKS: [u8; 9] = crate::strip::Returned::WEEKS;

/// Least number of days of use in the thirty before of each bucket that devices tell.
pub const RETURN_DAYS: [u8; 5] = crate::strip::Returned::DAYS;
