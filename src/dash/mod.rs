//! Numbers → pages: view structs, SVG charts and handlebars templates.
//!
//! The web stage fills [`Overview`], [`Sites`], [`Login`], [`Install`] or [`Failure`] and gets HTML
//! back from [`Templates`]. Nothing here knows a clock, a socket, a file or a database; the pages
//! work without script, and refer to nothing but [`assets::ASSETS`].

pub mod assets;

mod lang;
mod text;

mod dates;
mod number;
mod period;
mod series;

mod chart;
mod graph;
mod svg;

mod address;
mod data_map;
mod doors;
mod features;
mod overview;
mod published;
mod register;
mod sites;
mod templates;

#[cfg(test)]
mod palette;
#[cfg(test)]
mod preview;
#[cfg(test)]
mod sample;

pub use data_map::{DataMap, Label, Labelled, MappedName};
pub use doors::{Failure, Install, Login, OptOut, Refusal};
pub use features::{Features, Reach, Tables};
pub use graph::{Graph, Shape, Unreadable, Wish};
pub use lang::{Chosen, Lang};
pub use overview::{FeatureRow, Overview, PageRow, Shaded, Share, SiteName, Totals};
pub use period::{Asked, Choice, Grain, Moving, Problem, ask};
pub use published::{PlaceName, Published, PublishedFigures, Span};
pub use register::{FeatureForm, RegisterPage, Told, Tried};
pub use series::{DayCount, Point, Step, regroup};
pub use sites::{SiteCard, Sites};
pub use templates::{Error, Reader, Templates};
pub use text::{Text, TextError};
