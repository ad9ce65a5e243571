//! Every report there is: its name, what it reads, how its table is made and filtered.

use std::fmt;

use super::{
    filter::Flat,
    metrics::Processed,
    modules,
    need::{Need, Only},
    period::Period,
    refusal::Refusal,
    refused,
    scene::{Asked, Scene},
    table::{Name, Table},
};

/// A report of the Reporting API.
pub struct Report {
    pub module: &'static str,
    pub action: &'static str,
    /// Names of the dimensions, outermost first, as flat rows carry them.
    pub dimensions: &'static [&'static str],
    /// The same where they depend on the question.
    pub(super) named: Option<fn(&Asked<'_>) -> Vec<Name>>,
    pub(super) flat: Flat,
    pub(super) sorted: bool,
    pub(super) processed: &'static [Processed],
    /// Whether an answer can be about several sites.
    pub(super) sites: bool,
    /// Whether an answer can be about several periods.
    pub(super) dates: bool,
    /// What the rows of a period are told apart by.
    pub(super) cut: Cut,
    /// Which rows alone are read, where the question names them.
    pub(super) only: fn(&Asked<'_>, &Need) -> Only,
    /// Whether it shows the notes of the site's team.
    pub(super) marked: bool,
    /// Whether it is the same at all times: the question need not say when.
    pub(super) timeless: bool,
    pub(super) needs: fn(&Asked<'_>) -> Result<Vec<Need>, Refusal>,
    pub(super) build: fn(&Scene<'_>) -> Table,
}

/// How rows of one period are told apart by time.
#[derive(Clone, Copy)]
pub(super) enum Cut {
    /// Not at all.
    Whole,
    /// By weekday.
    Weekdays,
    /// By periods of the report's own.
    Parts(Parts),
}

/// The periods that a report reads for the period of a question.
pub(super) type Parts = fn(&Asked<'_>, &Period) -> Result<Vec<Period>, Refusal>;

/// A report has fewer parts than this.
pub(super) const MOST_PARTS: usize = 1200;

impl Cut {
    /// How many numbers of rows belong to one period.
    pub(super) const fn stride(self) -> usize {
        match self {
            Self::Whole => 1,
            Self::Weekdays => 7,
            Self::Parts(_) => MOST_PARTS,
        }
    }
}

impl Report {
    pub(super) const fn new(
        module: &'static str,
        action: &'static str,
        needs: fn(&Asked<'_>) -> Result<Vec<Need>, Refusal>,
        build: fn(&Scene<'_>) -> Table,
    ) -> Self {
        Self {
            module,
            action,
            dimensions: &[],
            named: None,
            flat: Flat::Joined,
            sorted: true,
            processed: &[],
            sites: true,
            dates: true,
            cut: Cut::Whole,
            only: |_, _| Only::default(),
            marked: false,
            timeless: false,
            needs,
            build,
        }
    }

    pub(super) const fn of(mut self, dimensions: &'static [&'static str]) -> Self {
        self.dimensions = dimensions;
        self
    }

    pub(super) const fn named(mut self, named: fn(&Asked<'_>) -> Vec<Name>) -> Self {
        self.named = Some(named);
        self
    }

    pub(super) const fn flat(mut self, flat: Flat) -> Self {
        self.flat = flat;
        self
    }

    /// Rows stay as they are built.
    pub(super) const fn unsorted(mut self) -> Self {
        self.sorted = false;
        self
    }

    pub(super) const fn with(mut self, processed: &'static [Processed]) -> Self {
        self.processed = processed;
        self
    }

    pub(super) const fn one_site(mut self) -> Self {
        self.sites = false;
        self
    }

    pub(super) const fn one_date(mut self) -> Self {
        self.dates = false;
        self
    }

    pub(super) const fn by_weekday(mut self) -> Self {
        self.cut = Cut::Weekdays;
        self
    }

    /// Rows are read apart for each of some periods that belong to that of the question.
    pub(super) const fn in_parts(mut self, parts: Parts) -> Self {
        self.cut = Cut::Parts(parts);
        self
    }

    /// Only some rows are read.
    pub(super) const fn only(mut self, only: fn(&Asked<'_>, &Need) -> Only) -> Self {
        self.only = only;
        self
    }

    pub(super) const fn marked(mut self) -> Self {
        self.marked = true;
        self
    }

    pub(super) const fn timeless(mut self) -> Self {
        self.timeless = true;
        self
    }

    /// Names of the dimensions of an answer.
    pub(super) fn dimensions_of(&self, asked: &Asked<'_>) -> Vec<Name> {
        match self.named {
            Some(named) => named(asked),
            None => self.dimensions.iter().map(|name| Name::Borrowed(name)).collect(),
        }
    }

    /// `Module.action`.
    pub fn name(&self) -> String {
        format!("{}.{}", self.module, self.action)
    }
}

impl fmt::Debug for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())
    }
}

/// All reports, module by module.
pub fn reports() -> impl Iterator<Item = &'static Report> {
    modules::ALL.iter().copied().flatten()
}

/// The report of a method name such as `VisitsSummary.get`.
pub fn find(method: &str) -> Result<&'static Report, Refusal> {
    let (module, action) = split(method)?;
    let known = reports().find(|report| report.module == module && report.action == action);
    if let (None, Some(reason)) = (known, refused::reason(module, action)) {
        return Err(Refusal::new(reason));
    }
    let mut of_module = reports().filter(|report| report.module == module).peekable();
    if of_module.peek().is_none() {
        return Err(Refusal::unknown_module(module));
    }
    of_module
        .find(|report| report.action == action)
        .ok_or_else(|| Refusal::unknown_action(module, action))
}

/// Module and action of a method name; the old name of a module is understood.
pub(super) fn split(method: &str) -> Result<(&str, &str), Refusal> {
    match method.split_once('.') {
        Some((module, action)) if !module.is_empty() && !action.contains('.') => {
            Ok((if module == "Referers" { "Referrers" } else { module }, action))
        }
        _ => Err(Refusal::bad_method()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn refusal(method: &str) -> (u16, String) {
        match find(method) {
            Ok(report) => (0, report.name()),
            Err(refusal) => (refusal.status, refusal.message),
        }
    }

    #[test]
    fn unknown_names_are_refused_as_clients_expect() {
        assert_eq!(refusal("Referers.getAll"), (0, "Referrers.getAll".into()));
        for (method, status, start) in [
            ("VisitsSummary", 200, "The method name is invalid."),
            ("A.b.c", 200, "The method name is invalid."),
            ("Nothing.get", 200, "The plugin Nothing is not enabled."),
            ("VisitsSummary.getAll", 400, "The method 'getAll' does not exist"),
            ("Live.getLastVisitsDetails", 200, "PADOQE keeps no visits, visitors or user ids"),
            ("Resolution.getConfiguration", 200, "PADOQE keeps browsers, systems and screen"),
            ("visitssummary.get", 200, "The plugin visitssummary is not enabled."),
        ] {
            let (got, message) = refusal(method);
            assert!(got == status && message.starts_with(start), "{method}: {got} {message}");
        }
    }

    #[test]
    fn no_report_is_listed_twice() {
        let mut names = HashSet::new();
        assert!(reports().all(|report| names.insert(report.name())));
        assert!(names.len() > 50);
    }
}
