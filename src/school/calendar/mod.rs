//! School years, school weeks, holidays.

mod holidays;
mod public;
mod week;
mod year;

pub use holidays::{Holiday, Holidays, Zone, holidays, known_holidays};
pub use public::{PublicHoliday, easter, local_holidays, public_holidays};
pub use week::{SchoolWeek, same_school_week_last_year};
pub use year::SchoolYear;
