//! A question, its rows, its answer in the words of the Reporting API.
//!
//! ```text
//! params ─▶ plan: what to read ─▶ (the store reads) ─▶ tables ─▶ filter ─▶ format
//! ```
//!
//! [`plan()`] understands a request or refuses it; the store reads the rows of each ask of the plan;
//! [`answer`] prints them, [`tables()`] hands them to the dashboards as they are. Management methods
//! print their values with [`render_value`]. There is no clock here: `now` is an argument.
//!
//! A report is one entry in a module's list under `modules`: its name, what it reads, how its table
//! is made. Everything all reports do alike is in `filter`.

mod catalogue;
mod compose;
mod filter;
mod format;
mod gather;
mod labels;
mod metrics;
mod modules;
mod need;
mod options;
mod params;
mod period;
mod plan;
mod pretty;
mod refusal;
mod refused;
mod registry;
mod scene;
mod table;
mod tables;
mod value;

#[cfg(test)]
mod example;
#[cfg(test)]
mod small_cases;
#[cfg(test)]
mod two_visits;

pub use compose::METHODS as SAID;
pub use format::{Rendered, answer, print_value, refuse, render_success, render_value};
pub use gather::gather;
pub use labels::{Language, browser_code, country_name, system_code};
pub use modules::{came_in, wider};
pub use need::{Ask, By, Figures, Grain, Label, Need, Only, Row, Slice};
pub use params::Params;
pub use period::{Kind, Period, periods};
pub use plan::{Found, Mark, Part, Plan, VERSION, plan};
pub use refusal::Refusal;
pub use refused::{REFUSED, reason as why_refused};
pub use registry::{Report, find, reports};
pub use table::{Answer, Below, Cell, Fields, Form, Key, Name, Record, Table};
pub use tables::tables;
pub use value::Value;
