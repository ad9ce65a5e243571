//! Where schools are: académies, régions académiques, départements, and the codes of establishments.

mod academy;
mod department;
mod establishment;
mod uai;

pub use academy::{Academy, Region};
pub use department::Department;
pub use establishment::{Establishment, Facet, Kind, SchoolLevel, Sector};
pub use uai::{Uai, UaiFault};
