//! A question, its rows, its answer in the words of the Reporting API.

mod need;

pub use need::{Ask, By, Grain, Label, Need, Row, Slice};
