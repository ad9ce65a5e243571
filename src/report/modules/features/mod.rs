//! Features: which are used, by how many, how often, how long, when, with what. PADOQE's own module;
//! `docs/features.md` says what each column is.

mod adoption;
mod change;
pub(super) mod columns;
mod declared;
mod duration;
mod frequency;
mod funnel;
mod interval;
pub(super) mod levels;
mod moments;
mod never;
pub(super) mod question;
mod reach;
pub(super) mod reading;
mod retention;
#[cfg(test)]
mod tests;
mod together;
mod trend;
pub(super) mod wider;

pub use wider::wider;

use crate::report::registry::Report;

const MODULE: &str = "Features";
const FEATURE: &str = "Features_Feature";

pub(super) const REPORTS: &[Report] = &[
    Report::new(MODULE, "getFeatures", declared::needs, declared::build)
        .of(&[FEATURE])
        .unsorted()
        .timeless(),
    Report::new(MODULE, "getAdoption", adoption::needs, adoption::build)
        .only(question::everyday)
        .of(&[FEATURE, "Features_AudienceValue"]),
    Report::new(MODULE, "getFrequency", frequency::needs, frequency::build)
        .only(question::only)
        .of(&[FEATURE, "Features_Bucket"])
        .unsorted(),
    Report::new(MODULE, "getDuration", duration::needs, duration::build)
        .only(question::only)
        .of(&[FEATURE, "Features_Bucket"])
        .unsorted(),
    Report::new(MODULE, "getMoments", moments::needs, moments::build)
        .only(question::only)
        .of(&[FEATURE, "Features_Weekday", "Features_Hour"])
        .in_parts(moments::parts)
        .unsorted(),
    Report::new(MODULE, "getTrend", trend::needs, trend::build)
        .only(question::everyday)
        .of(&[FEATURE, "Features_Date"])
        .in_parts(trend::parts)
        .marked()
        .unsorted(),
    Report::new(MODULE, "getBeforeAfter", change::needs, change::build)
        .only(question::everyday)
        .of(&[FEATURE])
        .in_parts(change::parts)
        .unsorted(),
    Report::new(MODULE, "getReach", reach::needs, reach::build)
        .only(reach::only)
        .of(&[FEATURE, "Features_Place"])
        .unsorted(),
    Report::new(MODULE, "getRetention", retention::needs, retention::build)
        .named(retention::names)
        .in_parts(retention::parts)
        .unsorted(),
    Report::new(MODULE, "getNeverUsed", never::needs, never::build)
        .of(&[FEATURE])
        .in_parts(never::parts)
        .unsorted(),
    Report::new(MODULE, "getTogether", together::needs, together::build).of(&["Features_Pair"]),
    Report::new(MODULE, "getFunnel", funnel::one_needs, funnel::one)
        .of(&["Features_Step"])
        .unsorted(),
    Report::new(MODULE, "getFunnels", funnel::all_needs, funnel::all)
        .of(&["Features_Funnel", "Features_Step"])
        .unsorted(),
];
