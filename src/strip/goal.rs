//! Which goals a hit reaches. Looked at before parameters are cut from the address, as Matomo does.

use percent_encoding::percent_decode_str;
use regex::{Regex, RegexBuilder};

use super::GoalHit;
use crate::site::Goal;

/// A goal, ready to be matched.
pub(super) struct Matcher {
    pub(super) id: u32,
    pub(super) multiple: bool,
    /// Millionths.
    pub(super) revenue: i64,
    pub(super) value_is_revenue: bool,
    /// Seconds that the visit must be longer than.
    after: Option<u32>,
    attribute: Attribute,
    pattern: Pattern,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Attribute {
    Url,
    Title,
    File,
    Website,
    Category,
    Action,
    Name,
    Manual,
    /// Any hit may find the visit to be long enough.
    Length,
}

enum Pattern {
    Contains(String, bool),
    Exact(String, bool),
    Regex(Regex),
}

/// The texts of a hit that goals look at; empty ones match nothing.
#[derive(Default)]
pub(super) struct Looked<'a> {
    pub(super) url: &'a str,
    pub(super) title: &'a str,
    pub(super) file: &'a str,
    pub(super) website: &'a str,
    pub(super) event: (&'a str, &'a str, &'a str),
}

impl Matcher {
    /// `None` where the goal cannot be matched by a hit, because its pattern is broken.
    pub(super) fn new(goal: &Goal) -> Option<Self> {
        let attribute = match goal.match_attribute.as_str() {
            "url" => Attribute::Url,
            "title" => Attribute::Title,
            "file" => Attribute::File,
            "external_website" => Attribute::Website,
            "event_category" => Attribute::Category,
            "event_action" => Attribute::Action,
            "event_name" => Attribute::Name,
            "manually" => Attribute::Manual,
            "visit_duration" => Attribute::Length,
            _ => return None,
        };
        let after = match attribute {
            Attribute::Length => Some(goal.pattern.trim().parse::<u32>().ok()?.saturating_mul(60)),
            _ => None,
        };
        let sensitive = goal.case_sensitive;
        let text = || if sensitive { goal.pattern.clone() } else { goal.pattern.to_lowercase() };
        let pattern = match goal.pattern_type.as_str() {
            "exact" => Pattern::Exact(text(), sensitive),
            "regex" => Pattern::Regex(
                RegexBuilder::new(&goal.pattern).case_insensitive(!sensitive).build().ok()?,
            ),
            _ => Pattern::Contains(text(), sensitive),
        };
        Some(Self {
            id: goal.id,
            multiple: goal.allow_multiple,
            revenue: millionths(goal.revenue),
            value_is_revenue: goal.event_value_as_revenue,
            after,
            attribute,
            pattern,
        })
    }

    /// The goal as a hit reaches it.
    pub(super) fn hit(&self, revenue: i64) -> GoalHit {
        GoalHit { id: self.id, revenue, multiple: self.multiple, after: self.after }
    }

    pub(super) fn matches(&self, looked: &Looked<'_>) -> bool {
        let text = match self.attribute {
            Attribute::Url => looked.url,
            Attribute::Title => looked.title,
            Attribute::File => looked.file,
            Attribute::Website => looked.website,
            Attribute::Category => looked.event.0,
            Attribute::Action => looked.event.1,
            Attribute::Name => looked.event.2,
            Attribute::Manual => return false,
            Attribute::Length => return true,
        };
        !text.is_empty()
            && (self.pattern.matches(text) || {
                let decoded = percent_decode_str(text).decode_utf8_lossy();
                decoded != text && self.pattern.matches(&decoded)
            })
    }
}

impl Pattern {
    fn matches(&self, text: &str) -> bool {
        match self {
            Self::Contains(part, true) => text.contains(part.as_str()),
            Self::Contains(part, false) => text.to_lowercase().contains(part.as_str()),
            Self::Exact(whole, true) => text == whole,
            Self::Exact(whole, false) => text.to_lowercase() == *whole,
            Self::Regex(regex) => regex.is_match(text),
        }
    }
}

/// Money and event values are whole millionths, so that sums are exact; what is too large is
/// clamped to ±9 × 10¹² units.
pub(super) fn millionths(value: f64) -> i64 {
    let bounded = value.clamp(-9e12, 9e12);
    #[expect(clippy::cast_possible_truncation, reason = "bounded just above")]
    let whole = (bounded * 1e6).round() as i64;
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    fn goal(attribute: &str, kind: &str, pattern: &str, sensitive: bool) -> Matcher {
        Matcher::new(&Goal {
            match_attribute: attribute.into(),
            pattern: pattern.into(),
            pattern_type: kind.into(),
            case_sensitive: sensitive,
            revenue: 2.5,
            ..Goal::by_hand(1, "")
        })
        .unwrap()
    }

    #[test]
    fn goals_match_by_their_kind() {
        let looked = Looked { url: "https://a/Copie/Rendue?x=%C3%A9", ..Looked::default() };
        assert!(goal("url", "contains", "/copie/rendue", false).matches(&looked));
        assert!(!goal("url", "contains", "/copie/rendue", true).matches(&looked));
        assert!(goal("url", "contains", "x=é", true).matches(&looked), "decoded too");
        assert!(goal("url", "regex", "^https://[a-z]/", false).matches(&looked));
        assert!(!goal("url", "exact", "https://a/", false).matches(&looked));
        assert!(!goal("manually", "contains", "", false).matches(&looked));
        assert!(!goal("title", "contains", "", false).matches(&looked), "nothing to look at");
    }

    #[test]
    fn values_are_whole_millionths() {
        assert_eq!(millionths(12.5), 12_500_000);
        assert_eq!(millionths(-0.000_000_4), 0);
        assert_eq!(millionths(f64::MAX), 9_000_000_000_000_000_000);
        assert_eq!(millionths(f64::NAN), 0);
    }
}
