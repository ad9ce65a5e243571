//! Periods as screens name them.

use jiff::civil::Date;

use super::{Kind, Period};
use crate::report::labels::{self, Language};

const ENGLISH: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const FRENCH: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

/// `Sunday, January 4, 2009`, `January 2009`, `January 4 – 10, 2009`.
pub(crate) fn in_words(period: &Period, language: Language) -> String {
    let Period { first, last, .. } = *period;
    match (period.kind, language) {
        (Kind::Day, Language::English) => {
            let weekday = weekday(first, language);
            format!("{weekday}, {} {}, {}", month(first, language), first.day(), first.year())
        }
        (Kind::Day, Language::French) => {
            let weekday = weekday(first, language).to_lowercase();
            format!("{weekday} {} {} {}", first.day(), month(first, language), first.year())
        }
        (Kind::Month, _) => format!("{} {}", month(first, language), first.year()),
        (Kind::Year, _) => first.year().to_string(),
        (Kind::Week, Language::English) => {
            format!("week {}", between(first, last, language, month))
        }
        (Kind::Week, Language::French) => {
            format!("semaine {}", between(first, last, language, month))
        }
        (Kind::Range, _) => between(first, last, language, month),
    }
}

/// `Sat, Mar 6`, `Mar 2010`, `Mar 1 – 7, 2010`.
pub(crate) fn in_short(period: &Period, language: Language) -> String {
    let Period { first, last, .. } = *period;
    match (period.kind, language) {
        (Kind::Day, Language::English) => {
            let weekday: String = weekday(first, language).chars().take(3).collect();
            format!("{weekday}, {} {}", short_month(first, language), first.day())
        }
        (Kind::Day, Language::French) => {
            let weekday: String = weekday(first, language).to_lowercase().chars().take(3).collect();
            format!("{weekday}. {} {}", first.day(), short_month(first, language))
        }
        (Kind::Month, _) => format!("{} {}", short_month(first, language), first.year()),
        (Kind::Year, _) => first.year().to_string(),
        (Kind::Week | Kind::Range, _) => between(first, last, language, short_month),
    }
}

fn short_month(date: Date, language: Language) -> &'static str {
    const ENGLISH: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    const FRENCH: [&str; 12] = [
        "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.",
        "déc.",
    ];
    let at = usize::try_from(date.month() - 1).unwrap_or_default() % 12;
    match language {
        Language::English => ENGLISH[at],
        Language::French => FRENCH[at],
    }
}

fn month(date: Date, language: Language) -> &'static str {
    let at = usize::try_from(date.month() - 1).unwrap_or_default() % 12;
    match language {
        Language::English => ENGLISH[at],
        Language::French => FRENCH[at],
    }
}

fn weekday(date: Date, language: Language) -> &'static str {
    let day = usize::from(date.weekday().to_monday_zero_offset().unsigned_abs());
    labels::weekday(day, language)
}

/// What both ends share is said once.
fn between(
    first: Date,
    last: Date,
    language: Language,
    month: fn(Date, Language) -> &'static str,
) -> String {
    let same_year = first.year() == last.year();
    let same_month = same_year && first.month() == last.month();
    let day = |date: Date, with_month: bool, with_year: bool| {
        let (day, year) = (date.day(), date.year());
        let month = month(date, language);
        match (language, with_month, with_year) {
            (_, false, false) => day.to_string(),
            (Language::English, false, true) => format!("{day}, {year}"),
            (Language::English, true, false) => format!("{month} {day}"),
            (Language::English, true, true) => format!("{month} {day}, {year}"),
            (Language::French, _, false) => format!("{day} {month}"),
            (Language::French, _, true) => format!("{day} {month} {year}"),
        }
    };
    match language {
        Language::English => {
            let (from, to) = (day(first, true, !same_year), day(last, !same_month, true));
            format!("{from} – {to}")
        }
        Language::French => {
            let (from, to) = (day(first, !same_month, !same_year), day(last, true, true));
            format!("{from} – {to}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn what_both_ends_share_is_said_once() {
        let week = Kind::Week.holding(date(2009, 1, 7));
        let across = Kind::Week.holding(date(2010, 1, 1));
        let quarter = Period::range(date(2009, 1, 28), date(2009, 2, 3));
        for (period, english, french) in [
            (
                Kind::Day.holding(date(2009, 1, 4)),
                "Sunday, January 4, 2009",
                "dimanche 4 janvier 2009",
            ),
            (week, "week January 5 – 11, 2009", "semaine 5 – 11 janvier 2009"),
            (
                across,
                "week December 28, 2009 – January 3, 2010",
                "semaine 28 décembre 2009 – 3 janvier 2010",
            ),
            (quarter, "January 28 – February 3, 2009", "28 janvier – 3 février 2009"),
            (Kind::Month.holding(date(2009, 8, 4)), "August 2009", "août 2009"),
            (Kind::Year.holding(date(2009, 8, 4)), "2009", "2009"),
        ] {
            assert_eq!(in_words(&period, Language::English), english);
            assert_eq!(in_words(&period, Language::French), french);
        }
    }
}
