//! Numbers as people read them: grouped digits, percentages, durations.
//!
//! French groups digits with narrow no-break spaces and has one before `%`; a unit never parts from
//! its number at the end of a line.

use super::lang::Lang;

/// Groups French digits, and stands before `%`.
pub(super) const NARROW_SPACE: char = '\u{202f}';
/// Between a number and its unit.
pub(super) const NO_BREAK_SPACE: char = '\u{a0}';

/// `12 345`, `12,345`.
pub(super) fn integer(n: u64, lang: Lang) -> String {
    let separator = match lang {
        Lang::Fr => NARROW_SPACE,
        Lang::En => ',',
    };
    let digits = n.to_string();
    let mut res = String::with_capacity(digits.len() * 2);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            res.push(separator);
        }
        res.push(digit);
    }
    res
}

/// A number with at most `places` decimals: `3,4`, `3.4`. Whole numbers have none.
pub(super) fn decimal(x: f64, places: usize, lang: Lang) -> String {
    if !x.is_finite() {
        return "–".to_owned();
    }
    let text = format!("{:.*}", places, x.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let fraction = fraction.trim_end_matches('0');
    // Above 2^64 nobody counts; the float's own digits are as good as any.
    let whole = whole.parse().map_or_else(|_| whole.to_owned(), |n| integer(n, lang));
    let sign = if x < 0.0 && text.contains(|it: char| it.is_ascii_digit() && it != '0') {
        "−"
    } else {
        ""
    };
    match (fraction, lang) {
        ("", _) => format!("{sign}{whole}"),
        (fraction, Lang::Fr) => format!("{sign}{whole},{fraction}"),
        (fraction, Lang::En) => format!("{sign}{whole}.{fraction}"),
    }
}

/// A ratio as a percentage with one decimal: `12,3 %`. What is more than nothing never reads 0.
pub(super) fn percent(ratio: f64, lang: Lang) -> String {
    if !(ratio * 100.0).is_finite() {
        return "–".to_owned();
    }
    if ratio > 0.0 && ratio < 0.0005 {
        return unit_percent("<\u{a0}0.1", lang);
    }
    unit_percent(&format!("{:.1}", ratio * 100.0), lang)
}

fn unit_percent(number: &str, lang: Lang) -> String {
    match lang {
        Lang::Fr => format!("{}{NARROW_SPACE}%", number.replace('.', ",")),
        Lang::En => format!("{number}%"),
    }
}

/// `part / whole` as a percentage, a dash when there is no whole.
pub(super) fn share(part: u64, whole: u64, lang: Lang) -> String {
    if whole == 0 { "–".to_owned() } else { percent(part as f64 / whole as f64, lang) }
}

/// A duration in at most two units: `45 s`, `2 min 05 s`, `1 h 12 min`, `1 234 h`.
pub(super) fn duration(seconds: f64, lang: Lang) -> String {
    if !seconds.is_finite() || seconds < 0.0 {
        return "–".to_owned();
    }
    if seconds < 9.95 {
        let places = usize::from(seconds < 9.95 && seconds.fract() >= 0.05);
        return format!("{}{NO_BREAK_SPACE}s", decimal(seconds, places, lang));
    }
    // The cast saturates, which is what a duration beyond reason deserves.
    let whole = seconds.round() as u64;
    let (hours, minutes, rest) = (whole / 3600, whole % 3600 / 60, whole % 60);
    let s = NO_BREAK_SPACE;
    match (hours, minutes, rest) {
        (0, 0, rest) => format!("{rest}{s}s"),
        (0, minutes, 0) => format!("{minutes}{s}min"),
        (0, minutes, rest) => format!("{minutes}{s}min{s}{rest:02}{s}s"),
        (hours @ 100.., _, _) => format!("{}{s}h", integer(hours, lang)),
        (hours, 0, _) => format!("{hours}{s}h"),
        (hours, minutes, _) => format!("{hours}{s}h{s}{minutes:02}{s}min"),
    }
}

/// A short number for an axis that goes up to `top`: `800`, `5 k`, `1,5 M`, `2 Md`. All labels of an
/// axis have one unit.
pub(super) fn compact(x: f64, top: f64, lang: Lang) -> String {
    const UNITS: [(f64, f64, &str, &str); 4] = [
        (1e12, 1e12, "T", "T"),
        (1e9, 1e9, "Md", "B"),
        (1e6, 1e6, "M", "M"),
        // Four digits are read as easily as a unit.
        (1e4, 1e3, "k", "k"),
    ];
    let unit = UNITS.into_iter().find(|(least, ..)| *least <= top);
    let Some((_, size, fr, en)) = unit.filter(|_| x != 0.0) else {
        return decimal(x, 2, lang);
    };
    let number = decimal(x / size, 2, lang);
    match lang {
        Lang::Fr => format!("{number}{NO_BREAK_SPACE}{fr}"),
        Lang::En => format!("{number}{en}"),
    }
}

/// How `now` compares with `before`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Change {
    Up(f64),
    Down(f64),
    Same,
    /// There was nothing before: no ratio says how much more it is now.
    New,
}

/// The change from `before` to `now`; less than half a percent is no change.
pub(super) fn change(before: f64, now: f64) -> Change {
    let ratio = (now - before) / before;
    if before <= 0.0 && now > 0.0 {
        Change::New
    } else if !ratio.is_finite() || ratio.abs() < 0.005 {
        Change::Same
    } else if ratio > 0.0 {
        Change::Up(ratio)
    } else {
        Change::Down(-ratio)
    }
}

/// The size of a change: `+12 %`, `−3 %`, `×14`. Whole percents: more would feign precision.
pub(super) fn change_text(change: Change, lang: Lang) -> String {
    let whole = |ratio: f64| unit_percent(&decimal(ratio * 100.0, 0, lang), lang);
    match change {
        Change::Up(ratio) if 9.0 < ratio => {
            format!("×{NARROW_SPACE}{}", decimal(1.0 + ratio, 0, lang))
        }
        Change::Up(ratio) => format!("+{}", whole(ratio)),
        Change::Down(ratio) => format!("−{}", whole(ratio)),
        Change::Same | Change::New => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Shows the invisible: `~` for a no-break space, `_` for a narrow one.
    fn seen(text: &str) -> String {
        text.replace(NO_BREAK_SPACE, "~").replace(NARROW_SPACE, "_")
    }

    #[test]
    fn integers_are_grouped() {
        for (n, fr, en) in [
            (0, "0", "0"),
            (999, "999", "999"),
            (1_000, "1_000", "1,000"),
            (123_456, "123_456", "123,456"),
            (u64::MAX, "18_446_744_073_709_551_615", "18,446,744,073,709,551,615"),
        ] {
            assert_eq!(seen(&integer(n, Lang::Fr)), fr);
            assert_eq!(integer(n, Lang::En), en);
        }
    }

    #[test]
    fn percentages_have_one_decimal_and_never_hide_something_behind_zero() {
        for (ratio, fr, en) in [
            (0.0, "0,0_%", "0.0%"),
            (0.0001, "<~0,1_%", "<~0.1%"),
            (0.1234, "12,3_%", "12.3%"),
            (1.0, "100,0_%", "100.0%"),
            (f64::NAN, "–", "–"),
            (f64::MAX, "–", "–"),
        ] {
            assert_eq!(seen(&percent(ratio, Lang::Fr)), fr);
            assert_eq!(seen(&percent(ratio, Lang::En)), en);
        }
        assert_eq!(share(1, 0, Lang::Fr), "–");
    }

    #[test]
    fn durations_take_at_most_two_units() {
        for (seconds, fr) in [
            (0.0, "0~s"),
            (0.84, "0,8~s"),
            (9.0, "9~s"),
            (9.96, "10~s"),
            (59.4, "59~s"),
            (59.6, "1~min"),
            (125.0, "2~min~05~s"),
            (3599.6, "1~h"),
            (4320.0, "1~h~12~min"),
            (4_446_000.0, "1_235~h"),
            (f64::INFINITY, "–"),
            (-1.0, "–"),
        ] {
            assert_eq!(seen(&duration(seconds, Lang::Fr)), fr, "{seconds}");
        }
        assert_eq!(seen(&duration(0.84, Lang::En)), "0.8~s");
    }

    #[test]
    fn axes_read_short_and_in_one_unit() {
        for (x, top, fr, en) in [
            (0.0, 2e4, "0", "0"),
            (2_500.0, 5_000.0, "2_500", "2,500"),
            (5_000.0, 20_000.0, "5~k", "5k"),
            (12_500.0, 20_000.0, "12,5~k", "12.5k"),
            (500_000.0, 1_500_000.0, "0,5~M", "0.5M"),
            (2e9, 2e9, "2~Md", "2B"),
            (5e19, 5e19, "50_000_000~T", "50,000,000T"),
        ] {
            assert_eq!(seen(&compact(x, top, Lang::Fr)), fr);
            assert_eq!(compact(x, top, Lang::En), en);
        }
    }

    #[test]
    fn changes_are_said_plainly() {
        for (before, now, text) in [
            (100.0, 112.4, "+12_%"),
            (100.0, 97.0, "−3_%"),
            (100.0, 100.2, ""),
            (0.0, 5.0, ""),
            (0.0, 0.0, ""),
            (10.0, 140.0, "×_14"),
            (10.0, 0.0, "−100_%"),
        ] {
            assert_eq!(seen(&change_text(change(before, now), Lang::Fr)), text, "{before} {now}");
        }
        assert_eq!(change(0.0, 5.0), Change::New);
    }

    proptest! {
        #[test]
        fn any_number_has_a_text(x in any::<f64>(), n in any::<u64>()) {
            for lang in Lang::ALL {
                for text in [decimal(x, 2, lang), percent(x, lang), duration(x, lang), compact(x, x, lang),
                    change_text(change(x, n as f64), lang)] {
                    prop_assert!(!text.contains("NaN") && !text.contains("inf"));
                }
                let digits: String = integer(n, lang).chars().filter(char::is_ascii_digit).collect();
                prop_assert_eq!(digits, n.to_string());
            }
        }
    }
}
