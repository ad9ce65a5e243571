//! Numbers as people read them: percentages, times, money.

use super::{
    labels::Language,
    metrics::round,
    options::Pretty,
    table::{Cell, Fields, Table, print_number},
};

/// Turns numbers into text where the question wants it.
pub(super) fn print(table: &mut Table, how: Pretty, language: Language, currency: &str) {
    if how == Pretty::Raw {
        return;
    }
    for row in &mut table.rows {
        print_fields(&mut row.columns, how, language, currency);
        if let Some(below) = &mut row.below {
            print(&mut below.table, how, language, currency);
        }
    }
}

fn print_fields(fields: &mut Fields, how: Pretty, language: Language, currency: &str) {
    for (_, cell) in fields {
        let text = match (&*cell, how) {
            (Cell::Share(share), _) => percent(*share, language),
            (Cell::Clock(seconds), Pretty::All) => clock(*seconds),
            (Cell::Time(seconds), Pretty::All) => sentence(*seconds, language),
            (Cell::Money(amount), Pretty::All) => money(*amount, currency),
            _ => continue,
        };
        *cell = Cell::text(&text);
    }
}

/// `66.67%`, in French `66,67 %`.
pub(super) fn percent(share: f64, language: Language) -> String {
    let number = print_number(round(share * 100.0, 4));
    match language {
        Language::English => format!("{number}%"),
        Language::French => format!("{}\u{a0}%", number.replace('.', ",")),
    }
}

/// `00:03:12`, with days in front where there are any.
pub(super) fn clock(seconds: f64) -> String {
    let (sign, whole) = split(seconds);
    let (days, hours) = (whole / 86_400, whole / 3600 % 24);
    let time = format!("{hours:02}:{:02}:{:02}", whole / 60 % 60, whole % 60);
    match days {
        0 => format!("{sign}{time}"),
        _ => format!("{sign}{days} days {time}"),
    }
}

/// `3 min 12s`, `1 hours 4 min`, `2 days 3 hours`.
pub(super) fn sentence(seconds: f64, language: Language) -> String {
    let (sign, whole) = split(seconds);
    let (day, hour) = match language {
        Language::English => ("days", "hours"),
        Language::French => ("jours", "heures"),
    };
    let text = match whole {
        0..60 => format!("{whole}s"),
        60..3600 => format!("{} min {}s", whole / 60, whole % 60),
        3600..86_400 => format!("{} {hour} {} min", whole / 3600, whole / 60 % 60),
        _ => format!("{} {day} {} {hour}", whole / 86_400, whole / 3600 % 24),
    };
    format!("{sign}{text}")
}

/// Whole seconds and their sign.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "rounded and positive")]
fn split(seconds: f64) -> (&'static str, u64) {
    (if seconds < 0.0 { "-" } else { "" }, seconds.abs().round() as u64)
}

/// `$1,861`, `$42.26`, `12,50 €` is left to the reader's taste: the symbol stands in front.
pub(super) fn money(amount: f64, currency: &str) -> String {
    let symbol = match currency {
        "EUR" => "€",
        "USD" => "$",
        "GBP" => "£",
        other => other,
    };
    let digits =
        if amount.fract() == 0.0 { format!("{amount:.0}") } else { format!("{amount:.2}") };
    let (whole, cents) = digits.split_once('.').map_or((digits.as_str(), ""), |it| it);
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        let left = whole.len() - at;
        if at > 0 && left.is_multiple_of(3) && !grouped.ends_with('-') {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let dot = if cents.is_empty() { "" } else { "." };
    format!("{symbol}{grouped}{dot}{cents}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_have_no_trailing_zeros() {
        for (share, want) in [
            (0.5, "50%"),
            (0.0, "0%"),
            (1.0, "100%"),
            (0.6667, "66.67%"),
            (0.29, "29%"),
            (0.57, "57%"),
        ] {
            assert_eq!(percent(share, Language::English), want);
        }
        assert_eq!(percent(0.6667, Language::French), "66,67\u{a0}%");
    }

    #[test]
    fn times_read_as_a_clock_or_as_a_sentence() {
        for (seconds, as_clock, as_sentence) in [
            (0.0, "00:00:00", "0s"),
            (138.0, "00:02:18", "2 min 18s"),
            (3840.0, "01:04:00", "1 hours 4 min"),
            (183_600.0, "2 days 03:00:00", "2 days 3 hours"),
            (-5.0, "-00:00:05", "-5s"),
        ] {
            assert_eq!(clock(seconds), as_clock);
            assert_eq!(sentence(seconds, Language::English), as_sentence);
        }
    }

    #[test]
    fn money_has_its_symbol_and_groups_of_three() {
        for (amount, want) in
            [(1861.0, "$1,861"), (42.26, "$42.26"), (-1234.5, "$-1,234.50"), (100.0, "$100")]
        {
            assert_eq!(money(amount, "USD"), want);
        }
    }
}
