//! The reports, one file per module of the Reporting API.

mod actions;
mod api;
mod attention;
mod audience;
mod contents;
mod custom_dimensions;
mod device_plugins;
mod devices_detection;
mod events;
mod features;
mod goals;
mod multi_sites;
mod page_performance;
mod referrers;
mod resolution;
mod retention;
mod rows;
pub(in crate::report) mod transitions;
mod user_country;
mod user_language;
mod visit_frequency;
mod visit_time;
mod visitor_interest;
mod visitors;
mod visits_summary;

pub use features::wider;
pub use visitors::came_in;

use super::registry::Report;

/// Every module's reports.
pub(super) const ALL: [&[Report]; 24] = [
    api::REPORTS,
    visits_summary::REPORTS,
    visit_frequency::REPORTS,
    actions::REPORTS,
    events::REPORTS,
    contents::REPORTS,
    custom_dimensions::REPORTS,
    goals::REPORTS,
    referrers::REPORTS,
    visit_time::REPORTS,
    visitor_interest::REPORTS,
    devices_detection::REPORTS,
    device_plugins::REPORTS,
    resolution::REPORTS,
    user_country::REPORTS,
    user_language::REPORTS,
    page_performance::REPORTS,
    retention::REPORTS,
    transitions::REPORTS,
    multi_sites::REPORTS,
    attention::REPORTS,
    features::REPORTS,
    audience::REPORTS,
    visitors::REPORTS,
];
