//! Days, months and spans of days in words.

use jiff::civil::{Date, Weekday};

use super::{lang::Lang, text::Text};

/// `lundi 16 mars 2026`, `Monday 16 March 2026`.
pub(super) fn full(date: Date, text: &Text) -> String {
    text.fill(
        "dates.full",
        &[("weekday", &weekday(date.weekday(), text)), ("date", &with_year(date, text))],
    )
}

/// `16 mars 2026`.
pub(super) fn with_year(date: Date, text: &Text) -> String {
    format!("{} {}", day_month(date, text), date.year())
}

/// `16 mars`, `1er avril`.
pub(super) fn day_month(date: Date, text: &Text) -> String {
    format!("{} {}", day(date, text), month(date, text))
}

/// `16 mars`, `1er avr.`: for axes.
pub(super) fn day_month_short(date: Date, text: &Text) -> String {
    format!("{}\u{a0}{}", day(date, text), month_short(date, text))
}

/// `mars 2026`.
pub(super) fn month_year(date: Date, text: &Text) -> String {
    format!("{} {}", month(date, text), date.year())
}

/// `du 16 au 22 mars 2026`, naming the month and the year
/// once when both ends share them.
pub(super) fn span(from: Date, to: Date, text: &Text) -> String {
    if from == to {
        return text.fill("dates.on", &[("date", &with_year(to, text))]);
    }
    let first = if from.year() != to.year() {
        with_year(from, text)
    } else if from.month() != to.month() {
        day_month(from, text)
    } else {
        day(from, text)
    };
    text.fill("dates.span", &[("from", &first), ("to", &with_year(to, text))])
}

/// The day of the month; French calls the first `1er`.
fn day(date: Date, text: &Text) -> String {
    if date.day() == 1 { text.say("dates.first") } else { date.day().to_string() }
}

fn month(date: Date, text: &Text) -> String {
    text.say(&format!("dates.months.{}", date.month() - 1))
}

/// `janv.`, `Jan`.
pub(super) fn month_short(date: Date, text: &Text) -> String {
    text.say(&format!("dates.months_short.{}", date.month() - 1))
}

/// `lundi`.
pub(super) fn weekday(weekday: Weekday, text: &Text) -> String {
    text.say(&format!("dates.weekdays.{}", weekday.to_monday_zero_offset()))
}

/// `lun.`, `Mon`.
pub(super) fn weekday_short(weekday: Weekday, text: &Text) -> String {
    text.say(&format!("dates.weekdays_short.{}", weekday.to_monday_zero_offset()))
}

/// `8 h`, `08:00`.
pub(super) fn hour(hour: i8, text: &Text) -> String {
    let hour = match text.lang() {
        Lang::Fr => hour.to_string(),
        Lang::En => format!("{hour:02}"),
    };
    text.fill("dates.hour", &[("hour", &hour)])
}

/// `8 h – 9 h`.
pub(super) fn hour_span(from: i8, text: &Text) -> String {
    format!("{} – {}", hour(from, text), hour((from + 1) % 24, text))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::dash::assets;

    #[test]
    fn dates_are_written_as_people_write_them() {
        let [fr, en] = assets::TEXTS.map(|(lang, toml)| Text::parse(lang, toml).unwrap());
        let day = date(2026, 3, 1);
        assert_eq!(full(day, &fr), "dimanche 1er mars 2026");
        assert_eq!(full(day, &en), "Sunday 1 March 2026");
        assert_eq!(day_month_short(date(2026, 2, 28), &fr), "28\u{a0}févr.");
        assert_eq!(month_year(day, &fr), "mars 2026");
        assert_eq!(hour_span(23, &en), "23:00 – 00:00");
        for (from, to, in_fr, in_en) in [
            (date(2026, 3, 16), date(2026, 3, 22), "du 16 au 22 mars 2026", "16 to 22 March 2026"),
            (
                date(2026, 3, 30),
                date(2026, 4, 5),
                "du 30 mars au 5 avril 2026",
                "30 March to 5 April 2026",
            ),
            (
                date(2025, 12, 29),
                date(2026, 1, 4),
                "du 29 décembre 2025 au 4 janvier 2026",
                "29 December 2025 to 4 January 2026",
            ),
            (day, day, "le 1er mars 2026", "on 1 March 2026"),
        ] {
            assert_eq!(span(from, to, &fr), in_fr);
            assert_eq!(span(from, to, &en), in_en);
        }
    }
}
