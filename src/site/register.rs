//! What a site calls a feature, and by whom its use is looked at.
//!
//! A site has one register. Numbers are given when it is taken over (`Register::numbered`) and never
//! used again, because rollups know features, funnels and audiences by them.

use serde::{Deserialize, Serialize};

use super::DayNumber;

/// A feature's number; never 0, which stands for every visit.
pub type FeatureId = u32;

/// Features, audiences and funnels of a site.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Register {
    pub features: Vec<Feature>,
    pub audiences: Vec<Audience>,
    /// Pairs of audiences that are looked at together.
    pub pairs: Vec<Pair>,
    pub funnels: Vec<Funnel>,
    /// Numbers below these were given, also to what is gone.
    pub given: Given,
}

/// The next numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Given {
    pub feature: FeatureId,
    pub funnel: u16,
    /// Of audiences and pairs that are read day by day.
    pub cut: u8,
    /// Of those that are read week by week, from [`Cut::LARGE`] on.
    pub large_cut: u8,
}

impl Default for Given {
    fn default() -> Self {
        Self { feature: 1, funnel: 1, cut: 1, large_cut: Cut::LARGE }
    }
}

/// A name in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Named {
    pub fr: String,
    pub en: String,
}

impl Named {
    /// The name in a language (`fr`, `en`); the French one where there is no other.
    pub fn of(&self, language: &str) -> &str {
        if language.starts_with("en") && !self.en.is_empty() { &self.en } else { &self.fr }
    }
}

/// Something that can be done on the site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feature {
    pub id: FeatureId,
    /// What files and the API call it: `ajout-dessin`.
    pub key: String,
    pub name: Named,
    #[serde(default)]
    pub group: String,
    #[serde(default)]
    pub owner: String,
    #[serde(default)]
    pub description: String,
    /// Day on which it was released.
    #[serde(default)]
    pub released: Option<DayNumber>,
    /// A hit that fits one of them is a use.
    pub rules: Vec<Rule>,
    /// Day from which on its present rules count.
    pub since: DayNumber,
}

/// Which hits are a use. What is said must fit; what is not said may be anything. In texts `*` stands
/// for anything, in page paths `*` for one part and `**` for the rest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rule {
    /// Of events.
    pub category: Option<String>,
    pub action: Option<String>,
    pub name: Option<String>,
    /// Of page views, by their path; beside event texts, of the page that the event happened on.
    pub page: Option<String>,
}

impl Rule {
    /// Whether it looks at events; otherwise it looks at page views.
    pub fn is_of_event(&self) -> bool {
        self.category.is_some() || self.action.is_some() || self.name.is_some()
    }
}

/// What users are told apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AudienceKind {
    Profile,
    Level,
    Subject,
    Academy,
    Establishment,
    Group,
    /// The week (`2026-S36`) or the month (`2026-09`) of first use, as the application knows it.
    Cohort,
    Other,
    /// Told by the agent: nothing has to be sent.
    Device,
    /// Told by the masked address.
    Country,
}

impl AudienceKind {
    /// Too many values for a row a day: rows of weeks and months only.
    pub fn is_large(self) -> bool {
        matches!(self, Self::Establishment | Self::Group)
    }

    /// Whether the application sends it, as a custom dimension of the visit.
    pub fn is_sent(self) -> bool {
        !matches!(self, Self::Device | Self::Country)
    }
}

/// A way to tell users apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Audience {
    /// Its place in rollups, see [`Cut`].
    pub cut: u8,
    pub key: String,
    pub name: Named,
    pub kind: AudienceKind,
    /// The custom dimension that carries it, where it is sent.
    #[serde(default)]
    pub dimension: Option<u16>,
    /// Values that are let through; others count as not told. Empty for establishments (any number
    /// with a right check letter) and cohorts (any week or month).
    #[serde(default)]
    pub values: Vec<String>,
}

impl Audience {
    /// Whether a value may be written: one of those declared; where none can be, one of the right
    /// form, so that no free text gets through.
    pub fn takes(&self, value: &str) -> bool {
        if !self.values.is_empty() {
            return self.values.iter().any(|it| it == value);
        }
        match self.kind {
            AudienceKind::Establishment => is_uai(value),
            AudienceKind::Cohort => is_cohort(value),
            AudienceKind::Group => is_group_code(value),
            _ => false,
        }
    }
}

/// Whether a text is a code such as an application draws for a group: no name.
pub fn is_group_code(text: &str) -> bool {
    let code = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
    (4..=12).contains(&text.len())
        && text.chars().all(code)
        && text.chars().any(|c| c.is_ascii_digit())
}

/// Whether a text is the number of an establishment: seven digits and their check letter.
fn is_uai(text: &str) -> bool {
    let Some((digits, [letter])) = text.as_bytes().split_at_checked(7) else { return false };
    digits.iter().all(u8::is_ascii_digit) && check_letter(digits) == *letter
}

/// The letter that checks the digits of an establishment's number: none that is read as a digit.
pub fn check_letter(digits: &[u8]) -> u8 {
    const LETTERS: &[u8; 23] = b"ABCDEFGHJKLMNPRSTUVWXYZ";
    let digit = |it: &u8| usize::from(it.wrapping_sub(b'0'));
    let remainder = digits.iter().fold(0, |sum, it| (sum * 10 + digit(it)) % LETTERS.len());
    LETTERS.get(remainder).copied().unwrap_or_default()
}

/// Whether a text is a week (`2026-S36`) or a month (`2026-09`).
fn is_cohort(text: &str) -> bool {
    let Some((year, rest)) = text.split_once('-') else { return false };
    let (digits, last) = match rest.strip_prefix('S') {
        Some(week) => (week, 53),
        None => (rest, 12),
    };
    let number = |text: &str, width: usize| {
        let sound = text.len() == width && text.bytes().all(|it| it.is_ascii_digit());
        sound.then(|| text.parse::<u32>().ok()).flatten()
    };
    number(year, 4).is_some() && number(digits, 2).is_some_and(|it| (1..=last).contains(&it))
}

/// Two audiences looked at together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pair {
    pub cut: u8,
    /// Keys of audiences.
    pub of: [String; 2],
}

/// Features that follow each other within a visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Funnel {
    pub id: u16,
    pub key: String,
    pub name: Named,
    pub steps: Vec<FunnelStep>,
    /// Day from which on its present steps count.
    pub since: DayNumber,
}

/// One step of a funnel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FunnelStep {
    /// Key of the feature.
    pub feature: String,
    #[serde(default)]
    pub optional: bool,
}

/// How rollups of features are cut: by nothing (number 0), by an audience or by a pair of them.
///
/// It travels with the events, so that what was counted does not depend on what is declared later.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Cut {
    pub number: u8,
    /// A custom dimension of the visit, or one of [`Cut::DEVICE`] and [`Cut::COUNTRY`].
    pub first: u16,
    /// The same, of the second of a pair; else 0.
    pub second: u16,
}

impl Cut {
    /// Cuts from this number on are read by weeks and months, and have sums and distinct visitors only;
    /// those below by days and months, with distributions, moments, pairs and funnels.
    pub const LARGE: u8 = 50;
    /// No cut has this number or a greater one.
    pub const END: u8 = 100;
    pub const DEVICE: u16 = u16::MAX;
    pub const COUNTRY: u16 = u16::MAX - 1;
}

impl Register {
    /// Whether nothing is declared: nothing of features is counted then.
    pub fn is_empty(&self) -> bool {
        self.features.is_empty()
    }

    pub fn feature(&self, id: FeatureId) -> Option<&Feature> {
        self.features.iter().find(|it| it.id == id)
    }

    pub fn feature_of_key(&self, key: &str) -> Option<&Feature> {
        self.features.iter().find(|it| it.key == key)
    }

    pub fn audience(&self, key: &str) -> Option<&Audience> {
        self.audiences.iter().find(|it| it.key == key)
    }

    /// The declared pair of two audiences, in either order.
    pub fn pair(&self, first: &str, second: &str) -> Option<&Pair> {
        let fits = |it: &&Pair| {
            let [one, other] = &it.of;
            (one, other) == (&first.to_owned(), &second.to_owned())
                || (one, other) == (&second.to_owned(), &first.to_owned())
        };
        self.pairs.iter().find(fits)
    }

    pub fn funnel(&self, key: &str) -> Option<&Funnel> {
        self.funnels.iter().find(|it| it.key == key)
    }

    /// What rollups are cut by; the first is by nothing. Empty where no feature is declared.
    pub fn cuts(&self) -> Vec<Cut> {
        if self.is_empty() {
            return Vec::new();
        }
        let source = |audience: &Audience| match audience.kind {
            AudienceKind::Device => Some(Cut::DEVICE),
            AudienceKind::Country => Some(Cut::COUNTRY),
            _ => audience.dimension,
        };
        let single = self
            .audiences
            .iter()
            .filter_map(|it| Some(Cut { number: it.cut, first: source(it)?, second: 0 }));
        let pairs = self.pairs.iter().filter_map(|it| {
            let [first, second] = &it.of;
            let of = |key: &str| self.audience(key).and_then(source);
            Some(Cut { number: it.cut, first: of(first)?, second: of(second)? })
        });
        std::iter::once(Cut::default()).chain(single).chain(pairs).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn audience(kind: AudienceKind, values: &[&str]) -> Audience {
        let values = values.iter().map(|&it| it.to_owned()).collect();
        let (key, name) = ("a".to_owned(), Named::default());
        Audience { cut: 1, key, name, kind, dimension: Some(1), values }
    }

    #[test]
    fn values_are_declared_or_have_a_form() {
        use AudienceKind::{Cohort, Establishment, Group, Level, Profile};
        for (kind, values, value, takes) in [
            (Profile, &["eleve"][..], "eleve", true),
            (Profile, &["eleve"], "Marie", false),
            (Level, &[], "3e", false),
            (Establishment, &[], "0750001A", false),
            (Establishment, &[], "0750655E", true),
            (Establishment, &[], "0750655e", false),
            (Establishment, &[], "075065é", false),
            (Establishment, &["0750655E"], "0750001Z", false),
            (Cohort, &[], "2026-S36", true),
            (Cohort, &[], "2026-S54", false),
            (Cohort, &[], "2026-09", true),
            (Cohort, &[], "2026-9", false),
            (Cohort, &[], "marie-S01", false),
            (Group, &[], "GR4F", true),
            (Group, &[], "MARIE", false),
            (Group, &[], "groupe de Marie 3", false),
        ] {
            assert_eq!(audience(kind, values).takes(value), takes, "{kind:?} {value}");
        }
    }

    #[test]
    fn a_register_is_cut_by_what_can_be_told() {
        let of = |number, kind, dimension| Audience {
            cut: number,
            key: format!("a{number}"),
            dimension,
            ..audience(kind, &[])
        };
        let feature = Feature {
            id: 1,
            key: "f".into(),
            name: Named::default(),
            group: String::new(),
            owner: String::new(),
            description: String::new(),
            released: None,
            rules: vec![],
            since: 0,
        };
        let mut register = Register {
            features: vec![feature],
            audiences: vec![
                of(1, AudienceKind::Profile, Some(3)),
                of(2, AudienceKind::Device, None),
                of(3, AudienceKind::Level, None),
            ],
            pairs: vec![
                Pair { cut: 4, of: ["a1".into(), "a2".into()] },
                Pair { cut: 5, of: ["a1".into(), "a3".into()] },
            ],
            ..Register::default()
        };
        let cut = |number, first, second| Cut { number, first, second };
        let all = [cut(0, 0, 0), cut(1, 3, 0), cut(2, Cut::DEVICE, 0), cut(4, 3, Cut::DEVICE)];
        assert_eq!(register.cuts(), all);
        assert!(register.pair("a2", "a1").is_some() && register.pair("a2", "a3").is_none());
        register.features.clear();
        assert!(register.cuts().is_empty());
    }
}
