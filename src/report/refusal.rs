//! Questions that get no figures, in the words that clients of Matomo look for.
//!
//! Most keep status 200: clients read `result`, not the status.

use std::fmt;

/// Why a question is not answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub status: u16,
    pub message: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Refusal {}

impl Refusal {
    /// A question that makes no sense as it stands.
    pub fn new(message: impl Into<String>) -> Self {
        Self { status: 200, message: message.into() }
    }

    /// A question of somebody who may not ask it.
    pub fn no_access(message: impl Into<String>) -> Self {
        Self { status: 401, message: message.into() }
    }

    pub fn bad_token() -> Self {
        Self::no_access(
            "Unable to authenticate with the provided token. It is either invalid or expired.",
        )
    }

    pub fn missing(parameter: &str) -> Self {
        Self::new(format!("Please specify a value for '{parameter}'."))
    }

    pub fn no_method() -> Self {
        Self::new(
            "The parameter 'method' isn't set in the Request, and a default value wasn't provided.",
        )
    }

    pub fn bad_method() -> Self {
        Self::new("The method name is invalid. Expected 'module.methodName'")
    }

    pub fn unknown_module(module: &str) -> Self {
        Self::new(format!(
            "The plugin {module} is not enabled. You can activate the plugin on Settings > Plugins page in Matomo."
        ))
    }

    pub fn unknown_action(module: &str, action: &str) -> Self {
        Self {
            status: 400,
            message: format!(
                "The method '{action}' does not exist or is not available in the module '\\Piwik\\Plugins\\{module}\\API'."
            ),
        }
    }

    pub fn no_site() -> Self {
        Self::no_access("The parameter 'idSite=' is missing from the request.")
    }

    pub fn no_view(site: &str) -> Self {
        Self::no_role("view", site)
    }

    pub fn no_role(role: &str, site: &str) -> Self {
        Self::no_access(format!(
            "You can't access this resource as it requires '{role}' access for the website id = {site}."
        ))
    }

    pub fn no_view_at_all() -> Self {
        Self::no_access(
            "You can't access this resource as it requires 'view' access for at least one website.",
        )
    }

    pub fn bad_period(period: &str) -> Self {
        Self::new(format!(
            "The period '{period}' is not supported. Try any of the following instead: day, week, month, year, range"
        ))
    }

    pub fn bad_date() -> Self {
        Self::new(
            "Date format must be: YYYY-MM-DD, or 'today' or 'yesterday' or any keyword supported by the strtotime function (see https://php.net/strtotime for more information)",
        )
    }

    pub fn too_early(date: &str) -> Self {
        Self::new(format!(
            "The date '{date}' is a date before first website was online. Try date that's after 1991-08-06 00:00:00"
        ))
    }

    pub fn bad_range(date: &str) -> Self {
        Self::new(format!(
            "The date '{date}' is not a correct date range. It should have the following format:  'lastN', 'previousN', 'YYYY-MM-DD,YYYY-MM-DD'."
        ))
    }

    pub fn empty_range() -> Self {
        Self::new("Specified date range is invalid.")
    }

    pub fn one_site_only(method: &str) -> Self {
        Self::new(format!("{method} does not support multiple sites."))
    }

    /// What has too many values to be stored by days.
    pub fn not_by_day() -> Self {
        Self::new(
            "This audience has so many values that it is counted by weeks and months only: ask for period=week, month or year, or for a range of whole months.",
        )
    }

    /// A series of more points than an answer has room for.
    pub fn too_many_parts() -> Self {
        Self::new(
            "This period has too many points: ask for by=week or by=month, or for a shorter range.",
        )
    }

    pub fn no_uniques(metric: &str) -> Self {
        Self::new(format!(
            "The metric {metric} is not enabled for the requested period. Please see this FAQ: https://matomo.org/faq/how-to/faq_113/"
        ))
    }
}
