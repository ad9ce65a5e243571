//! Where clients find a report as a picture.

use jiff::{ToSpan, civil::Date};

use super::{Entry, plain};
use crate::{report::params::Params, site::Site};

/// Points of a picture over time.
const POINTS: i64 = 30;

/// The addresses of a report's pictures: of its rows, and over time. None without days to show.
pub(super) fn addresses(
    (module, action): (&str, &str),
    parameter: Option<&(&'static str, String)>,
    entry: &Entry,
    params: &Params,
    site: &Site,
) -> Vec<(&'static str, String)> {
    let (Some(period), Some(date)) = (params.get("period"), params.get("date")) else {
        return Vec::new();
    };
    if entry.has('s') {
        return Vec::new();
    }
    let narrowed: String =
        parameter.iter().map(|(name, value)| format!("&{name}={}", plain(value))).collect();
    let address = |period: &str, date: &str| {
        format!(
            "index.php?module=API&method=ImageGraph.get&idSite={}&apiModule={module}&apiAction={action}{narrowed}&period={period}&date={date}",
            site.id
        )
    };
    let mut res = Vec::new();
    if !entry.dimensions[0].is_empty() {
        res.push(("imageGraphUrl", address(period, date)));
    }
    let (period, dates) = over_time(period, date);
    res.push(("imageGraphEvolutionUrl", address(period, &dates)));
    res
}

/// Days for a range, else as many periods as there are points, the last one that of the date.
fn over_time<'a>(period: &'a str, date: &str) -> (&'a str, String) {
    if period == "range" {
        return ("day", date.to_owned());
    }
    let before = POINTS - 1;
    let first = date.parse::<Date>().ok().and_then(|last| {
        let span = match period {
            "week" => before.weeks(),
            "month" => before.months(),
            "year" => before.years(),
            _ => before.days(),
        };
        last.checked_sub(span).ok()
    });
    (period, first.map_or_else(|| format!("last{POINTS}"), |first| format!("{first},{date}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_over_time_ends_with_the_date() {
        for (period, date, expected) in [
            ("day", "2009-01-04", ("day", "2008-12-06,2009-01-04")),
            ("month", "2026-03-31", ("month", "2023-10-31,2026-03-31")),
            ("day", "today", ("day", "last30")),
            ("range", "2026-03-01,2026-03-31", ("day", "2026-03-01,2026-03-31")),
        ] {
            let (period, dates) = over_time(period, date);
            assert_eq!((period, dates.as_str()), expected);
        }
    }
}
