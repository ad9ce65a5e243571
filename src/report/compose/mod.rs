//! Answers that are made of the tables of reports, and those that need none.
//!
//! A question is turned into one about a report ([`aimed`]); what was read for that is put together
//! in the shape that was asked for ([`made`]).

#[cfg(test)]
mod cases;
mod counters;
mod evolution;
mod processed;
mod said;
mod sites;

pub(super) use counters::Counters;
pub use said::METHODS;
pub(super) use said::said;

use super::{
    catalogue::{self, Entry},
    filter,
    modules::transitions,
    params::Params,
    period::{Period, Periods},
    plan::{Found, Part, Plan},
    refusal::Refusal,
    registry,
    table::Answer,
    value::Value,
};

/// What is made of the tables that were read.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Purpose {
    /// They are the answer.
    Report,
    /// Nothing had to be read.
    Said(Value),
    /// A report with its names and the description of its columns.
    Processed,
    /// How rows of a report went, period after period.
    Evolution,
    /// All sites beside each other, with what they were before.
    Sites(sites::Shape),
    /// What happened in the last minutes.
    Counters(Counters),
    /// What came before a page, and after it.
    Transitions,
}

/// What is made from a plan: tables like those of a report, or a value.
pub(super) enum Made {
    Answer(Answer),
    Value(Value),
    /// What was read does not answer the question.
    Refusal(Refusal),
}

/// The question about a report behind a question, and what its tables are for.
pub(super) fn aimed(params: Params, now: i64) -> Result<(Params, Purpose), Refusal> {
    let method = params.get("method").unwrap_or_default();
    match registry::split(method)? {
        ("API", "getProcessedReport") => Ok((processed::inner(&params)?, Purpose::Processed)),
        ("API", "getRowEvolution") => Ok((evolution::inner(&params)?, Purpose::Evolution)),
        ("MultiSites", action) => match sites::Shape::of(action) {
            Some(shape) => {
                let params = shape.inner(params);
                Ok((params, Purpose::Sites(shape)))
            }
            None => Ok((params, Purpose::Report)),
        },
        ("Live", "getCounters") => {
            let counters = Counters::read(&params, now)?;
            Ok((counters.inner(params), Purpose::Counters(counters)))
        }
        ("Transitions", _) => Ok((params, Purpose::Transitions)),
        _ => Ok((params, Purpose::Report)),
    }
}

impl Purpose {
    /// The periods that must be read to answer about `periods`.
    pub(super) fn periods(&self, periods: Periods) -> Periods {
        match self {
            Self::Sites(_) => sites::with_those_before(periods),
            _ => periods,
        }
    }
}

/// Puts an answer together; nothing where the tables themselves are the answer.
pub(super) fn made(plan: &Plan, found: &[Found]) -> Option<Made> {
    match &plan.purpose {
        Purpose::Report => None,
        Purpose::Said(value) => Some(Made::Value(filter::values(value.clone(), plan.params()))),
        Purpose::Processed => Some(Made::Value(processed::value(plan, found))),
        Purpose::Evolution => Some(Made::Value(evolution::value(plan, found))),
        Purpose::Sites(shape) => Some(sites::made(*shape, plan, found)),
        Purpose::Counters(counters) => Some(Made::Value(counters.value(plan, found))),
        Purpose::Transitions => Some(match transitions::value(plan, found) {
            Ok(value) => Made::Value(value),
            Err(refusal) => Made::Refusal(refusal),
        }),
    }
}

/// A whole number at the start of a text: what is left where Matomo takes one site only.
fn leading(text: &str) -> String {
    text.trim().chars().take_while(char::is_ascii_digit).collect()
}

/// The one site of a question about one.
fn one_site(params: &Params) -> Result<String, Refusal> {
    let asked = params.raw("idSite").ok_or_else(|| Refusal::missing("idSite"))?;
    Some(leading(asked)).filter(|id| !id.is_empty()).ok_or_else(Refusal::no_site)
}

/// The report that a question about a report names.
fn api_report(params: &Params) -> Result<(String, String), Refusal> {
    let named =
        |name: &str| params.get(name).map(str::to_owned).ok_or_else(|| Refusal::missing(name));
    let (module, action) = (named("apiModule")?, named("apiAction")?);
    registry::find(&format!("{module}.{action}"))?;
    Ok((module, action))
}

/// What a question about a report is about: the part of its one site, the report in the catalogue, and
/// what was read.
fn subject<'a>(plan: &'a Plan, found: &'a [Found]) -> Option<(&'a Part, Entry, &'a Found)> {
    let report = plan.report?;
    Some((plan.parts.first()?, catalogue::entry(report.module, report.action)?, found.first()?))
}

/// The days of a period in words of a screen.
fn pretty(period: &Period, params: &Params) -> String {
    let language = super::labels::Language::parse(params.get("language").unwrap_or_default());
    super::period::in_words(period, language)
}
