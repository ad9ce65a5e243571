//! School time and school places: what a French school year, academy, establishment, profile, level
//! and subject are.
//!
//! Lists are closed and compiled in: what arrives under another spelling is mapped onto them, what is
//! unknown is said to be. Sources and what could not be checked: `docs/ecole.md`.

pub mod calendar;
pub mod place;

mod level;
mod list;
mod profile;
mod spelling;
mod subject;

pub use level::Level;
pub use profile::Profile;
pub use spelling::folded;
pub use subject::Subject;
