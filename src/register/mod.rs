//! The file in which a site's features, audiences and funnels are declared, and what applying it
//! changes.
//!
//! `read` turns TOML into a [`File`], `check` says what is wrong with it, `number` gives numbers that
//! are never used again, `change` says what is different, `write` makes the file again, `preview`
//! says which known names a rule fits. All of it is pure: what is applied is stored elsewhere.

mod change;
mod check;
mod file;
mod number;
mod preview;
mod problem;
mod read;
mod write;

pub use change::{Change, Kind, Sign, diff};
pub use file::{AudienceEntry, FeatureEntry, File, FunnelEntry, NO_GROUP, PairEntry};
pub use preview::{KnownEvent, KnownPage, Preview, preview};
pub use problem::{Entry, Fault, Language, Problem, say_all};

use crate::site::{DayNumber, Register, Site};

/// The annotated example, which is what the demonstration's site declares.
pub const EXAMPLE: &str = include_str!("../../demo/fonctionnalites.toml");

/// What a file would make of a site's register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    pub register: Register,
    pub changes: Vec<Change>,
}

impl File {
    /// Reads a file; what it says is not checked yet.
    ///
    /// # Errors
    /// Everything in it that cannot be understood.
    pub fn read(text: &str) -> Result<Self, Vec<Problem>> {
        read::read(text)
    }

    /// The file as text: [`File::read`] reads the same back.
    pub fn write(&self) -> String {
        write::write(self)
    }

    /// What applying the file to a site on a day would change.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn plan(&self, site: &Site, today: DayNumber) -> Result<Plan, Vec<Problem>> {
        let problems = check::check(self, &site.dimensions);
        if !problems.is_empty() {
            return Err(problems);
        }
        let register = number::numbered(&site.register, self, today)?;
        let changes = diff(&site.register, &register);
        Ok(Plan { register, changes })
    }
}

#[cfg(test)]
mod tests;
