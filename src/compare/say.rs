//! The parity report, for people and for programs.

use std::fmt::Write;

use serde_json::{Value, json};

use super::{
    parity::{Difference, Line},
    reasons::reasons,
};

/// One of the two servers, as far as the report names it.
#[derive(Debug)]
pub(super) struct Side {
    pub(super) url: String,
    pub(super) version: String,
    pub(super) site: u32,
    pub(super) name: String,
}

/// A report that was asked.
#[derive(Debug)]
pub(super) struct Compared {
    pub(super) report: String,
    pub(super) lines: Vec<(String, Line)>,
}

/// Everything that the comparison found.
#[derive(Debug)]
pub(super) struct Parity {
    pub(super) matomo: Side,
    pub(super) padoqe: Side,
    pub(super) first: String,
    pub(super) last: String,
    /// Days, whole weeks, whole months.
    pub(super) periods: [usize; 3],
    /// Whether the site drops what an exempt site drops.
    pub(super) exempt: bool,
    pub(super) reports: Vec<Compared>,
    /// Reports that could not be compared, and why.
    pub(super) not_compared: Vec<(String, String)>,
    /// What to know before reading: other time zones, other goals.
    pub(super) warnings: Vec<String>,
}

impl Parity {
    fn lines(&self) -> impl Iterator<Item = (&str, &str, &Line)> {
        self.reports.iter().flat_map(|it| {
            it.lines.iter().map(|(metric, line)| (it.report.as_str(), metric.as_str(), line))
        })
    }

    /// Figures compared, and equal ones.
    pub(super) fn count(&self) -> (u64, u64) {
        self.lines().fold((0, 0), |(compared, equal), (_, _, line)| {
            (compared + line.compared, equal + line.equal)
        })
    }

    /// Equal figures in a hundred; nothing compared is nothing equal.
    pub(super) fn share(&self) -> f64 {
        let (compared, equal) = self.count();
        if compared == 0 { 0.0 } else { 100.0 * equal as f64 / compared as f64 }
    }

    /// For people: what was compared, a line for each metric, the reasons, the sum of it.
    pub(super) fn text(&self) -> String {
        let mut out = String::new();
        self.head(&mut out);
        self.table(&mut out);
        let reasons = reasons(self);
        if !reasons.is_empty() {
            out.push_str("\nDifferences that are expected:\n");
            for (reports, reason) in reasons {
                out.push_str(&format!("- {}: {reason}\n", reports.join(", ")));
            }
            out.push_str("All of them are in docs/matomo-compatibility.md.\n");
        }
        if !self.not_compared.is_empty() {
            out.push_str("\nNot compared:\n");
            for (report, why) in &self.not_compared {
                out.push_str(&format!("- {report}: {why}\n"));
            }
        }
        out.push('\n');
        out.push_str(&self.summary());
        out.push('\n');
        out
    }

    fn head(&self, out: &mut String) {
        for (name, side) in [("Matomo", &self.matomo), ("PADOQE, as Matomo", &self.padoqe)] {
            let Side { url, version, site, name: title } = side;
            out.push_str(&format!("{name} {version}, {url}, site {site} ({title})\n"));
        }
        let [days, weeks, months] = self.periods;
        out.push_str(&format!(
            "{} to {}: {}, {}, {}\n",
            self.first,
            self.last,
            counted(days, "day"),
            counted(weeks, "whole week"),
            counted(months, "whole month"),
        ));
        for warning in &self.warnings {
            out.push_str(&format!("Note: {warning}\n"));
        }
        out.push('\n');
    }

    fn table(&self, out: &mut String) {
        let header = ["Report", "Metric", "Compared", "Equal", "Matomo", "PADOQE"].map(Into::into);
        let mut rows: Vec<([String; 6], String)> = vec![(header, "Largest difference".to_owned())];
        for (report, metric, line) in self.lines() {
            let totals = if line.matomo == 0.0 && line.padoqe == 0.0 {
                [String::new(), String::new()]
            } else {
                [figure(line.matomo), figure(line.padoqe)]
            };
            let [matomo, padoqe] = totals;
            rows.push((
                [
                    report.to_owned(),
                    metric.to_owned(),
                    grouped(line.compared),
                    percent(line.compared, line.equal),
                    matomo,
                    padoqe,
                ],
                line.examples.first().map(example).unwrap_or_default(),
            ));
        }
        let mut widths = [0; 6];
        for (cells, _) in &rows {
            for (width, cell) in widths.iter_mut().zip(cells) {
                *width = (*width).max(cell.chars().count());
            }
        }
        for (cells, last) in &rows {
            let mut line = String::new();
            for (at, (cell, width)) in cells.iter().zip(widths).enumerate() {
                // Writing to a String cannot fail.
                if at < 2 {
                    write!(line, "{cell:<width$}  ").ok();
                } else {
                    write!(line, "{cell:>width$}  ").ok();
                }
            }
            line.push_str(last);
            out.push_str(line.trim_end());
            out.push('\n');
        }
    }

    /// The last line: `99.2 % of 1 204 figures are equal; 3 metrics differ, most: …`.
    pub(super) fn summary(&self) -> String {
        let (compared, equal) = self.count();
        if compared == 0 {
            return "Nothing could be compared: neither server counted anything on these days."
                .to_owned();
        }
        let mut differ: Vec<_> =
            self.lines().filter(|(_, _, line)| line.equal < line.compared).collect();
        differ.sort_by_key(|(_, _, line)| std::cmp::Reverse(line.compared - line.equal));
        let share = percent(compared, equal);
        let compared = grouped(compared);
        if differ.is_empty() {
            return format!("{share} of {compared} figures are equal.");
        }
        let most: Vec<String> =
            differ.iter().take(5).map(|(report, metric, _)| format!("{report} {metric}")).collect();
        let more = differ.len().saturating_sub(5);
        let rest = if more == 0 { String::new() } else { format!(", and {more} more") };
        format!("{share} of {compared} figures are equal; differ: {}{rest}.", most.join(", "))
    }

    /// For programs.
    pub(super) fn json(&self) -> Value {
        let side = |it: &Side| json!({"url": it.url, "version": it.version, "idSite": it.site, "name": it.name});
        let (compared, equal) = self.count();
        let metrics: Vec<Value> = self
            .lines()
            .map(|(report, metric, line)| {
                json!({
                    "report": report,
                    "metric": metric,
                    "compared": line.compared,
                    "equal": line.equal,
                    "matomo": line.matomo,
                    "padoqe": line.padoqe,
                    "differences": line.examples.iter().map(|it| json!({
                        "period": it.period, "row": it.row, "matomo": it.matomo, "padoqe": it.padoqe,
                    })).collect::<Vec<_>>(),
                })
            })
            .collect();
        let [days, weeks, months] = self.periods;
        json!({
            "matomo": side(&self.matomo),
            "padoqe": side(&self.padoqe),
            "first": self.first,
            "last": self.last,
            "days": days,
            "weeks": weeks,
            "months": months,
            "compared": compared,
            "equal": equal,
            "percent": self.share(),
            "metrics": metrics,
            "expected": reasons(self).iter().map(|(reports, reason)| json!({"reports": reports, "reason": reason})).collect::<Vec<_>>(),
            "notCompared": self.not_compared.iter().map(|(report, why)| json!({"report": report, "why": why})).collect::<Vec<_>>(),
            "notes": self.warnings,
        })
    }
}

fn counted(number: usize, what: &str) -> String {
    match number {
        0 => format!("no {what}"),
        1 => format!("1 {what}"),
        _ => format!("{} {what}s", grouped(number as u64)),
    }
}

/// Rounded down: what is not all is never called 100 %.
fn percent(compared: u64, equal: u64) -> String {
    let tenths = (equal * 1000).checked_div(compared).unwrap_or(0);
    if tenths.is_multiple_of(10) {
        format!("{} %", tenths / 10)
    } else {
        format!("{}.{} %", tenths / 10, tenths % 10)
    }
}

fn example(difference: &Difference) -> String {
    let told = |it: Option<f64>| it.map_or_else(|| "none".to_owned(), figure);
    let row: String = difference.row.join(" > ").chars().take(60).collect();
    format!(
        "{}{}: {} in Matomo, {} in PADOQE",
        difference.period,
        if row.is_empty() { row } else { format!(" {row}") },
        told(difference.matomo),
        told(difference.padoqe)
    )
}

fn figure(number: f64) -> String {
    if number.fract() == 0.0 && (0.0..1e15).contains(&number) {
        return grouped(number as u64);
    }
    // Four decimals are the most that a rate has.
    let text = format!("{number:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// `1 204`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(' ');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parity(compared: u64, equal: u64) -> Parity {
        let side = |url: &str| Side {
            url: url.to_owned(),
            version: "5.2.0".to_owned(),
            site: 1,
            name: "Essai".to_owned(),
        };
        let examples = if equal == compared {
            Vec::new()
        } else {
            vec![Difference {
                period: "2026-03-02".to_owned(),
                row: vec!["exercices".to_owned(), "/1".to_owned()],
                matomo: Some(3.0),
                padoqe: None,
            }]
        };
        let line = Line { compared, equal, matomo: 1204.0, padoqe: 1201.0, examples };
        Parity {
            matomo: side("https://matomo.example.fr"),
            padoqe: side("http://127.0.0.1:8017"),
            first: "2026-03-02".to_owned(),
            last: "2026-03-31".to_owned(),
            periods: [30, 4, 0],
            exempt: false,
            reports: vec![Compared {
                report: "UserCountry.getCountry".to_owned(),
                lines: vec![("nb_visits".to_owned(), line)],
            }],
            not_compared: vec![(
                "UserId.getUsers".to_owned(),
                "there is nobody to show".to_owned(),
            )],
            warnings: Vec::new(),
        }
    }

    #[test]
    fn the_text_says_what_differs_and_by_how_much() {
        let text = parity(1204, 1203).text();
        for part in [
            "30 days, 4 whole weeks, no whole month",
            "UserCountry.getCountry  nb_visits     1 204  99.9 %   1 204   1 201  2026-03-02 exercices > /1: 3 in Matomo, none in PADOQE\n",
            "Differences that are expected:\n- UserCountry.getCountry: ",
            "Not compared:\n- UserId.getUsers: there is nobody to show\n",
            "\n99.9 % of 1 204 figures are equal; differ: UserCountry.getCountry nb_visits.\n",
        ] {
            assert!(text.contains(part), "{part}\n---\n{text}");
        }
        assert_eq!(parity(3, 3).summary(), "100 % of 3 figures are equal.");
        assert!(!parity(3, 3).text().contains("expected"));
    }

    #[test]
    fn almost_all_is_not_all() {
        assert_eq!(percent(100_000, 99_999), "99.9 %");
        assert_eq!(percent(0, 0), "0 %");
        assert_eq!(parity(0, 0).share(), 0.0);
        assert!(parity(0, 0).summary().contains("Nothing"));
        assert_eq!(figure(0.125), "0.125");
        assert_eq!(grouped(1_234_567), "1 234 567");
    }

    #[test]
    fn programs_read_the_same() {
        let json = parity(4, 3).json();
        assert_eq!((json["compared"].as_u64(), json["percent"].as_f64()), (Some(4), Some(75.0)));
        assert_eq!(json["metrics"][0]["differences"][0]["row"][1], "/1");
        assert_eq!(json["metrics"][0]["differences"][0]["padoqe"], Value::Null);
    }
}
