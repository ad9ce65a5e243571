//! Transitions: what came before a page, and what came after it.
//!
//! Shapes and rules are Matomo's: one site, one period, one page by its address or its title. Steps beyond
//! a limit are summed as "Others". Downloads, outlinks and the end of a visit are all ways out: exits are
//! page views less steps to pages and searches, less views that follow a view of the same page.

use std::cmp::Reverse;

use crate::{
    report::{
        labels::Language,
        need::{By, Need, Only, Row},
        params::Params,
        period,
        plan::{Found, Plan},
        refusal::Refusal,
        registry::Report,
        scene::Asked,
        table::Table,
        value::Value,
    },
    rollup::{Shape, subject, subject::step},
    strip::{Policy, Text},
};

const MODULE: &str = "Transitions";
const FOR_URL: &str = "getTransitionsForPageUrl";
const FOR_TITLE: &str = "getTransitionsForPageTitle";

/// They answer with a value made of several lists, see [`value`].
pub(super) const REPORTS: &[Report] =
    &[report("getTransitionsForAction"), report(FOR_URL), report(FOR_TITLE)];

const fn report(action: &'static str) -> Report {
    Report::new(MODULE, action, needs, |_| Table::default()).only(only).one_site().one_date()
}

/// Rows of a list unless the question says otherwise; Matomo's number.
const USUAL_LIMIT: usize = 5;

/// The page of a question.
#[derive(Clone, Copy)]
struct Page {
    is_title: bool,
    id: i64,
}

impl Page {
    fn read(params: &Params) -> Result<Self, Refusal> {
        let method = params.get("method").unwrap_or_default();
        let said = |name| params.get(name).ok_or_else(|| Refusal::missing(name));
        let (name, is_title) = match method.rsplit('.').next() {
            Some(FOR_URL) => (said("pageUrl")?, false),
            Some(FOR_TITLE) => (said("pageTitle")?, true),
            _ => match (said("actionName")?, said("actionType")?) {
                (name, "url") => (name, false),
                (name, "title") => (name, true),
                _ => return Err(Refusal::new("Unknown action type")),
            },
        };
        let text = if is_title { Text::new(name.trim()) } else { Text::address(name.trim()) };
        Ok(Self { is_title, id: text.id })
    }

    fn pick(self, url: i16, title: i16) -> i16 {
        if self.is_title { title } else { url }
    }
}

const AFTER: By = By { sub: true, ..By::LEAF };
const BEFORE: By = By::VALUE_LEAF;

/// Steps after the page, steps before it, what brought visits that began with it, its views.
fn needs(asked: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    if !Policy::named(asked.site.policy).transitions {
        return Err(Refusal::new(
            "PADOQE does not count on this site which page follows which: on a page that few see, that would be somebody's way. Please use Actions.getEntryPageUrls, Actions.getExitPageUrls and Actions.getPageUrlsFollowingSiteSearch, or a site with the policy 'complete'.",
        ));
    }
    let page = Page::read(asked.params)?;
    limit(asked.params)?;
    let steps = page.pick(subject::STEP_URL, subject::STEP_TITLE);
    Ok(vec![
        Need::of(Shape::Transition, steps, AFTER),
        Need::of(Shape::Transition, steps, BEFORE),
        Need::of(
            Shape::Transition,
            page.pick(subject::ENTRANCE_URL, subject::ENTRANCE_TITLE),
            AFTER,
        ),
        Need::of(Shape::Action, page.pick(subject::PAGE_URL, subject::PAGE_TITLE), By::NOTHING),
    ])
}

fn only(asked: &Asked<'_>, need: &Need) -> Only {
    match (Page::read(asked.params), need) {
        (Ok(page), Need::Rollup { by: BEFORE, .. }) => {
            Only { sub: Some(page.id), ..Only::default() }
        }
        (Ok(page), _) => Only::values([page.id]),
        (Err(_), _) => Only::default(),
    }
}

fn limit(params: &Params) -> Result<usize, Refusal> {
    match params.get("limitBeforeGrouping") {
        None | Some("" | "0") => Ok(USUAL_LIMIT),
        Some(text) => {
            text.parse().map_err(|_| Refusal::new("limitBeforeGrouping has to be an integer."))
        }
    }
}

/// The answer.
///
/// # Errors
/// The page was not seen in the period.
pub(in crate::report) fn value(plan: &Plan, found: &[Found]) -> Result<Value, Refusal> {
    let params = plan.params();
    let page = Page::read(params)?;
    let (Some(part), Some(rows)) = (plan.parts.first(), found.first()) else {
        return Err(no_data());
    };
    let (Some(period), [after, before, entrances, views]) =
        (plan.periods(part).first(), rows.as_slice())
    else {
        return Err(no_data());
    };
    let parts = params.names("parts");
    let wants = |part: &str| {
        parts.is_empty() || parts.iter().any(|it| it == part || it == "all" && parts.len() == 1)
    };
    let is_whole = ["internalReferrers", "followingActions", "externalReferrers"]
        .iter()
        .all(|part| wants(part))
        && (parts.is_empty() || parts.iter().any(|it| it == "all"));
    let views: i64 = views.iter().map(|row| row.figures[Shape::Action.at("hits")]).sum();
    let is_empty = after.is_empty() && before.is_empty() && entrances.is_empty();
    if views == 0 && (wants("internalReferrers") || is_empty) {
        return Err(no_data());
    }
    let lists = Lists { page, limit: limit(params)?, language: plan.options.language };
    let loops: i64 = after.iter().filter(|row| is_loop(row, page)).map(n).sum();
    let mut fields = vec![("date", Value::from(period::in_short(period, lists.language)))];
    let mut metrics: Vec<(&str, i64)> = Vec::new();
    if wants("internalReferrers") {
        let others: Vec<&Row> = before.iter().filter(|row| row.value.id != page.id).collect();
        fields.push(("previousPages", lists.list(&others, step::PAGE, |row| row.value.as_str())));
        let searches = lists.list(&others, step::AFTER_SEARCH, |row| row.value.as_str());
        fields.push(("previousSiteSearches", searches));
        metrics.extend([("loops", loops), ("pageviews", views)]);
    }
    let mut follows = Vec::new();
    if wants("followingActions") {
        // Views that follow a view of the same page are told as loops, where these are told.
        let keeps = |row: &&Row| !wants("internalReferrers") || !is_loop(row, page);
        let others: Vec<&Row> = after.iter().filter(keeps).collect();
        for (name, kind) in [
            ("followingPages", step::PAGE),
            ("followingSiteSearches", step::SEARCH),
            ("outlinks", step::OUTLINK),
            ("downloads", step::DOWNLOAD),
        ] {
            follows.push((name, lists.list(&others, kind, |row| row.sub.as_str())));
        }
    }
    let mut referrers = None;
    if wants("externalReferrers") {
        let (entries, list) = lists.referrers(entrances);
        metrics.push(("entries", entries));
        referrers = Some(("referrers", list));
    }
    if is_whole {
        let onward =
            |row: &&Row| [step::PAGE, step::SEARCH].contains(&row.leaf.id) && !is_loop(row, page);
        let onward: i64 = after.iter().filter(onward).map(n).sum();
        metrics.push(("exits", views - onward - loops));
    }
    if !metrics.is_empty() {
        let metrics = metrics.into_iter().map(|(name, n)| (name, Value::from(n)));
        fields.push(("pageMetrics", Value::object(metrics)));
    }
    Ok(Value::object(fields.into_iter().chain(follows).chain(referrers)))
}

fn no_data() -> Refusal {
    Refusal::new("NoDataForAction")
}

fn n(row: &Row) -> i64 {
    row.figures[Shape::Transition.at("n")]
}

fn is_loop(row: &Row, page: Page) -> bool {
    row.leaf.id == step::PAGE && row.sub.id == page.id
}

/// How lists are made.
struct Lists {
    page: Page,
    limit: usize,
    language: Language,
}

impl Lists {
    /// The steps of a kind, most frequent first.
    fn list(&self, rows: &[&Row], kind: i64, text: fn(&Row) -> &str) -> Value {
        let of_kind = rows.iter().filter(|row| row.leaf.id == kind);
        let label = |row: &Row| match kind {
            step::PAGE if !self.page.is_title => bare(text(row)).to_owned(),
            _ => text(row).to_owned(),
        };
        let steps = of_kind.map(|row| (label(row), n(row)));
        self.rows(steps.filter(|(label, _)| !label.is_empty()).collect())
    }

    /// Labels and how often; those beyond the limit together.
    fn rows(&self, mut steps: Vec<(String, i64)>) -> Value {
        steps.retain(|(_, n)| *n > 0);
        steps.sort_by(|one, other| (Reverse(one.1), &one.0).cmp(&(Reverse(other.1), &other.0)));
        let beyond: i64 = steps.iter().skip(self.limit).map(|(_, n)| n).sum();
        steps.truncate(self.limit);
        if beyond > 0 {
            steps.push((self.language.pick("Others", "Autres").to_owned(), beyond));
        }
        let row = |(label, n)| {
            Value::object([("label", Value::from(label)), ("referrals", Value::from(n))])
        };
        Value::List(steps.into_iter().map(row).collect())
    }

    /// The visits that began with the page, and what brought them.
    fn referrers(&self, entrances: &[Row]) -> (i64, Value) {
        let mut entries = 0;
        let mut list = Vec::new();
        for (kind, word, english, french) in REFERRERS {
            let rows = || entrances.iter().filter(|row| row.leaf.id == kind);
            let visits: i64 = rows().map(n).sum();
            if visits <= 0 {
                continue;
            }
            entries += visits;
            let details = rows().map(|row| (self.detail(kind, row.sub.as_str()), n(row)));
            let details = details.filter(|(label, _)| !label.is_empty()).collect();
            list.push(Value::object([
                ("label", Value::from(self.language.pick(english, french))),
                ("shortName", Value::from(word)),
                ("visits", Value::from(visits)),
                ("details", self.rows(details)),
            ]));
        }
        if let (true, Some((_, _, english, french))) = (list.is_empty(), REFERRERS.first()) {
            list.push(Value::object([
                ("label", Value::from(self.language.pick(*english, *french))),
                ("shortName", Value::from("Direct Entry")),
                ("visits", Value::from(0_i64)),
            ]));
        }
        (entries, Value::List(list))
    }

    /// What is told of a referrer beside its kind.
    fn detail(&self, kind: i64, text: &str) -> String {
        match kind {
            SEARCH if text.is_empty() => self.language.pick("Unknown", "Inconnu").to_owned(),
            _ => text.replace(subject::PAIR, " "),
        }
    }
}

const SEARCH: i64 = 2;

/// Kinds of referrers, their words and names. Matomo counts visits from assistants nowhere here.
const REFERRERS: [(i64, &str, &str, &str); 5] = [
    (1, "direct", "Direct Entries", "Entrées directes"),
    (SEARCH, "search", "From Search Engines", "Depuis des moteurs de recherche"),
    (3, "website", "From Websites", "Depuis des sites web"),
    (6, "campaign", "From Campaigns", "Depuis des campagnes"),
    (7, "social", "From Social Networks", "Depuis des réseaux sociaux"),
];

/// An address as Matomo tells it here: without its scheme and `www.`.
fn bare(url: &str) -> &str {
    let rest = url.split_once("//").map_or(url, |(_, rest)| rest);
    rest.strip_prefix("www.").unwrap_or(rest)
}
