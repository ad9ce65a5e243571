//! From a request to what must be read for it.

use std::sync::Arc;

use super::{
    compose::{self, Purpose},
    need::{Ask, Grain, Need, Row, Slice},
    options::Options,
    params::Params,
    period::{self, Period, Periods},
    refusal::Refusal,
    registry::{self, Cut, MOST_PARTS, Report},
    scene::Asked,
};
use crate::{
    rollup::{Rows, Shape},
    site::{DayNumber, Site, SiteId},
};
use jiff::civil::Date;

/// The version of Matomo whose answers these are.
pub const VERSION: &str = "5.2.0";

/// A question that can be answered, and what must be read for it.
#[derive(Debug)]
pub struct Plan {
    /// One part per site of the answer.
    pub parts: Vec<Part>,
    pub(super) params: Params,
    pub(super) options: Options,
    /// Nothing for a method that reads nothing.
    pub(super) report: Option<&'static Report>,
    pub(super) by_site: bool,
    /// What is made of the tables.
    pub(super) purpose: Purpose,
    /// When it was asked, Unix seconds.
    pub(super) now: i64,
}

/// What must be read for one site: the rows of each ask, in the order of the asks.
#[derive(Debug)]
pub struct Part {
    pub site: Arc<Site>,
    pub asks: Vec<Ask>,
    /// What the site's team wrote down about days: to be filled in where [`Plan::is_marked`].
    pub marks: Vec<Mark>,
    pub(super) periods: Periods,
    /// The day it is on the site.
    pub(super) today: Date,
}

/// A note of a site's team on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    pub day: DayNumber,
    pub text: String,
}

/// What was read for one site: the rows of each ask.
pub type Found = Vec<Vec<Row>>;

impl Plan {
    /// The parameters the question came with.
    pub fn params(&self) -> &Params {
        &self.params
    }

    /// Whether the answer shows the notes of the sites' teams.
    pub fn is_marked(&self) -> bool {
        self.report.is_some_and(|report| report.marked)
    }

    /// The periods of a part, in the order of the answer.
    pub fn periods<'a>(&self, part: &'a Part) -> &'a [Period] {
        &part.periods.list
    }
}

/// Understands a request. `sites` are those that whoever asks may view, `now` is in Unix seconds.
pub fn plan(params: Params, sites: &[Arc<Site>], now: i64) -> Result<Plan, Refusal> {
    let method = params.get("method").ok_or_else(Refusal::no_method)?;
    if let Some(value) = compose::said(method, &params, sites)? {
        let options = Options::read(&params)?;
        let purpose = Purpose::Said(value);
        let parts = Vec::new();
        return Ok(Plan { parts, params, options, report: None, by_site: false, purpose, now });
    }
    let (params, purpose) = compose::aimed(params, now)?;
    let method = params.get("method").ok_or_else(Refusal::no_method)?;
    let options = Options::read(&params)?;
    let report = registry::find(method)?;
    let (chosen, by_site) = choose(&params, sites)?;
    if by_site && !report.sites {
        return Err(one_only(report));
    }
    let or_today = |name: &str, usual: &'static str| match params.get(name) {
        None if report.timeless => Ok(usual),
        given => given.ok_or_else(|| Refusal::missing(name)),
    };
    let (period, date) = (or_today("period", "day")?, or_today("date", "today")?);
    let dates = period::read(period, date)?;
    let mut parts = Vec::with_capacity(chosen.len());
    for site in chosen {
        let periods = purpose.periods(dates.periods(now, &site.zone())?);
        if periods.by_date && !report.dates {
            return Err(one_only(report));
        }
        let today = today(&site, now);
        let asks = asks(report, &params, &options, &site, &periods, today)?;
        parts.push(Part { site, asks, marks: Vec::new(), periods, today });
    }
    Ok(Plan { parts, params, options, report: Some(report), by_site, purpose, now })
}

fn one_only(report: &Report) -> Refusal {
    match report.name().as_str() {
        name @ "Referrers.getAll" => {
            Refusal::new(format!("{name} with multiple sites or dates is not supported (yet)."))
        }
        name => Refusal::one_site_only(name),
    }
}

/// The sites of `idSite`, and whether the answer is a map of them.
fn choose(params: &Params, sites: &[Arc<Site>]) -> Result<(Vec<Arc<Site>>, bool), Refusal> {
    let asked = params.raw("idSite").ok_or_else(|| Refusal::missing("idSite"))?;
    if asked == "all" {
        if sites.is_empty() {
            return Err(Refusal::no_view_at_all());
        }
        return Ok((sites.to_vec(), true));
    }
    let mut ids: Vec<SiteId> = Vec::new();
    for id in asked.split(',').filter_map(|part| part.trim().parse().ok()) {
        if id != 0 && !ids.contains(&id) {
            ids.push(id);
        }
    }
    if ids.is_empty() {
        return Err(Refusal::no_site());
    }
    let find = |id: &SiteId| {
        let site = sites.iter().find(|site| site.id == *id);
        site.cloned().ok_or_else(|| Refusal::no_view(&id.to_string()))
    };
    let chosen: Result<Vec<_>, _> = ids.iter().map(find).collect();
    Ok((chosen?, ids.len() > 1))
}

/// Each need of the report with where it is to be read.
fn asks(
    report: &Report,
    params: &Params,
    options: &Options,
    site: &Site,
    periods: &Periods,
    today: Date,
) -> Result<Vec<Ask>, Refusal> {
    let Some(first) = periods.list.first() else { return Err(Refusal::empty_range()) };
    let asked = Asked { params, options, site, kind: first.kind, today };
    let needs = (report.needs)(&asked)?;
    let pieces = pieces(report, &asked, periods)?;
    let each = || pieces.iter().map(|(at, period)| (*at, period));
    let whole: Arc<[Slice]> = match report.cut {
        Cut::Weekdays => each().flat_map(|(at, period)| period.weekdays(at)).collect(),
        Cut::Whole | Cut::Parts(_) => each().flat_map(|(at, period)| period.cover(at)).collect(),
    };
    let uniques: Arc<[Slice]> = each().filter_map(|(at, period)| period.uniques(at)).collect();
    let of_grain = |grain| uniques.iter().copied().filter(|it| it.grain == grain).collect();
    let ask = |need| {
        let slices = match need {
            Need::Uniques => Arc::clone(&uniques),
            Need::Rollup { shape: Shape::WeekDistinct, .. } => of_grain(Grain::Week),
            Need::Rollup { shape: Shape::MonthDistinct, .. } => of_grain(Grain::Month),
            Need::Rollup { shape: Shape::YearDistinct, .. } => of_grain(Grain::Year),
            Need::Rollup { shape: Shape::SchoolYearDistinct, .. } => of_grain(Grain::SchoolYear),
            Need::Rollup { shape, subject, .. } if shape.rows(subject) == Rows::Days => {
                each().map(|(at, period)| period.as_days(at)).collect()
            }
            Need::Rollup { shape, subject, .. } if shape.rows(subject) == Rows::WeeksAndMonths => {
                without_days(&pieces)?
            }
            Need::Reach { subject, .. } if Shape::Feature.rows(subject) == Rows::WeeksAndMonths => {
                without_days(&pieces)?
            }
            Need::Rollup { .. } | Need::Reach { .. } | Need::Open { .. } => Arc::clone(&whole),
        };
        Ok(Ask { need, slices, only: (report.only)(&asked, &need) })
    };
    needs.into_iter().map(ask).collect()
}

/// The periods that are read, each with the number its rows come back with.
fn pieces(
    report: &Report,
    asked: &Asked<'_>,
    periods: &Periods,
) -> Result<Vec<(usize, Period)>, Refusal> {
    let each = periods.list.iter().copied().enumerate();
    let Cut::Parts(parts) = report.cut else { return Ok(each.collect()) };
    let mut pieces = Vec::new();
    for (at, period) in each {
        let parts = parts(asked, &period)?;
        if parts.len() >= MOST_PARTS {
            return Err(Refusal::too_many_parts());
        }
        pieces.extend((at * MOST_PARTS..).zip(parts));
    }
    Ok(pieces)
}

/// Where something is read that is stored by weeks and months only.
fn without_days(pieces: &[(usize, Period)]) -> Result<Arc<[Slice]>, Refusal> {
    let mut slices = Vec::new();
    for (at, period) in pieces {
        slices.extend(period.cover_without_days(*at).ok_or_else(Refusal::not_by_day)?);
    }
    Ok(slices.into())
}

fn today(site: &Site, now: i64) -> Date {
    let now = jiff::Timestamp::from_second(now).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    now.to_zoned(site.zone()).date()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{
        example::{params, site},
        table::Answer,
        tables::tables,
        value::Value,
    };
    use proptest::prelude::*;

    const NOW: i64 = 1_774_909_800;

    fn planned(query: &str) -> Result<Plan, Refusal> {
        let sites = [Arc::new(site(1)), Arc::new(site(2))];
        plan(params(query), &sites, NOW)
    }

    fn refusal(query: &str) -> String {
        match planned(query) {
            Ok(_) => String::new(),
            Err(refusal) => format!("{} {}", refusal.status, refusal.message),
        }
    }

    /// Questions about whom, and what is said to them.
    const ABOUT_NOBODY: [(&str, &str); 8] = [
        ("", "200 The parameter 'method' isn't set in the Request"),
        ("method=VisitsSummary.get", "200 Please specify a value for 'idSite'."),
        ("method=VisitsSummary.get&idSite=", "401 The parameter 'idSite=' is missing"),
        ("method=VisitsSummary.get&idSite=x", "401 The parameter 'idSite=' is missing"),
        (
            "method=VisitsSummary.get&idSite=7",
            "401 You can't access this resource as it requires 'view' access for the website id = 7.",
        ),
        ("method=VisitsSummary.get&idSite=1", "200 Please specify a value for 'period'."),
        ("method=VisitsSummary.get&idSite=1&period=day", "200 Please specify a value for 'date'."),
        ("method=Nothing.get&idSite=1", "200 The plugin Nothing is not enabled."),
    ];

    /// Questions about today that make no sense.
    const SENSELESS: [(&str, &str); 8] = [
        (
            "VisitsSummary.getUsers&idSite=1&period=year",
            "The metric nb_users is not enabled for the requested period.",
        ),
        (
            "Referrers.getAll&idSite=1,2",
            "Referrers.getAll with multiple sites or dates is not supported (yet).",
        ),
        (
            "Referrers.getAll&idSite=1&date=last2",
            "Referrers.getAll with multiple sites or dates is not supported (yet).",
        ),
        (
            "VisitTime.getByDayOfWeek&idSite=all",
            "VisitTime.getByDayOfWeek does not support multiple sites.",
        ),
        ("Actions.getPageUrl&idSite=1", "Please specify a value for 'pageUrl'."),
        ("Events.getActionFromCategoryId&idSite=1", "Please specify a value for 'idSubtable'."),
        (
            "Events.getName&idSite=1&secondaryDimension=x",
            "Secondary dimension 'x' is not valid for the API Events.getName. Use one of: eventAction, eventCategory",
        ),
        ("Goals.get&idSite=1&idGoal=9", "The goal '9' does not exist."),
    ];

    #[test]
    fn what_cannot_be_answered_is_refused_in_the_words_of_matomo() {
        for (query, want) in ABOUT_NOBODY {
            assert!(refusal(query).starts_with(want), "{query}: {}", refusal(query));
        }
        for (query, want) in SENSELESS {
            let query = format!("period=day&date=today&method={query}");
            let refusal = refusal(&query);
            assert!(refusal.starts_with(&format!("200 {want}")), "{query}: {refusal}");
        }
    }

    #[test]
    fn one_site_is_no_map_unless_all_were_asked_for() {
        for (sites, by_site, count) in [
            ("1", false, 1),
            ("1,", false, 1),
            ("1,1", false, 1),
            ("1,2,x,0", true, 2),
            ("all", true, 2),
        ] {
            let query = format!("method=VisitsSummary.get&period=day&date=today&idSite={sites}");
            let plan = planned(&query).unwrap();
            assert_eq!((plan.by_site, plan.parts.len()), (by_site, count), "{sites}");
        }
    }

    #[test]
    fn a_year_is_read_from_twelve_months() {
        let plan =
            planned("method=Actions.getPageUrls&idSite=1&period=year&date=2025-05-05").unwrap();
        assert_eq!(plan.parts[0].asks[0].slices.len(), 1);
        let slice = plan.parts[0].asks[0].slices[0];
        assert_eq!(crate::site::date_of(slice.to).to_string(), "2025-12-01");
    }

    #[test]
    fn the_version_needs_no_site_and_no_date() {
        let plan = planned("method=API.getPiwikVersion").unwrap();
        assert_eq!(tables(&plan, &[]), Ok(Answer::Value(Value::from("5.2.0"))));
    }

    proptest! {
        #[test]
        fn no_request_is_too_odd(
            method in "(VisitsSummary.get|Events.getName|Actions.getPageUrls|[A-Za-z.]{0,12})",
            id in "(1|2|all|[0-9,x]{0,9})",
            period in "(day|week|month|year|range|[a-z]{0,5})",
            date in "(today|last[0-9]{0,3}|[0-9]{4}-[0-9]{2}-[0-9]{2}|\\PC{0,24}|[0-9-]{8,10},[a-z0-9-]{5,10})",
            more in proptest::collection::vec(("[a-zA-Z_]{1,24}(\\[\\])?", "\\PC{0,12}"), 0..6),
            now in proptest::num::i64::ANY,
        ) {
            let known = [("method", method), ("idSite", id), ("period", period), ("date", date)];
            let pairs = known.map(|(name, value)| (name.to_owned(), value)).into_iter().chain(more);
            let sites = [Arc::new(site(1)), Arc::new(site(2))];
            if let Ok(plan) = plan(Params::new(pairs), &sites, now) {
                let _answer = tables(&plan, &[]);
            }
        }
    }
}
