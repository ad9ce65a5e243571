//! What a question about features asks: of which of them, and for whom.

use crate::{
    report::{
        labels::Language,
        need::{By, Need, Only},
        params::Params,
        refusal::Refusal,
        scene::Asked,
    },
    rollup::{Shape, pair_label, subject},
    site::{Cut, Feature, Register},
    strip::Text,
};

use super::wider::Wider;

/// A question about features.
pub(in crate::report::modules) struct Question<'a> {
    pub(in crate::report::modules) register: &'a Register,
    pub(in crate::report::modules) language: Language,
    /// The one that is asked about; nothing: all.
    pub(in crate::report::modules) feature: Option<&'a Feature>,
    pub(in crate::report::modules) lens: Lens<'a>,
}

/// Whose use it is about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::report::modules) enum Lens<'a> {
    Everyone,
    /// Everyone, and each value of an audience.
    Split(Told),
    /// One value of an audience.
    Only(Told, &'a str),
}

/// An audience or a pair of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report::modules) struct Told {
    pub(in crate::report::modules) cut: u8,
    pub(in crate::report::modules) is_pair: bool,
    /// Whether a pair was asked for the other way round than it was declared.
    pub(in crate::report::modules) turned: bool,
    /// What values are put together by, where that is asked for.
    pub(in crate::report::modules) wider: Option<Wider>,
}

/// Between the values of a pair, as they are shown.
pub(super) const BESIDE: &str = " × ";
/// What stands for the value of those who told none, in English and in French.
const NOT_TOLD: [&str; 2] = ["Not told", "Non renseigné"];

pub(super) const fn not_told(language: Language) -> &'static str {
    let [english, french] = NOT_TOLD;
    match language {
        Language::English => english,
        Language::French => french,
    }
}

/// What is counted: a table and a measure of it.
#[derive(Clone, Copy)]
pub(in crate::report::modules) struct Measure {
    pub(in crate::report::modules) shape: Shape,
    pub(in crate::report::modules) number: i16,
    /// Whether rows are told apart by `leaf`.
    pub(in crate::report::modules) leaf: bool,
}

impl Measure {
    pub(in crate::report::modules) const USE: Self =
        Self { shape: Shape::Feature, number: subject::USE, leaf: false };
    pub(in crate::report::modules) const WEEK: Self =
        Self { shape: Shape::WeekDistinct, number: subject::DAYS_USED, leaf: true };
    pub(in crate::report::modules) const MONTH: Self =
        Self { shape: Shape::MonthDistinct, number: subject::DAYS_USED, leaf: true };

    pub(super) const fn count(number: i16) -> Self {
        Self { shape: Shape::FeatureCount, number, leaf: true }
    }
}

impl<'a> Question<'a> {
    /// Understands the parameters `feature`, `audience` and `audienceValue`.
    ///
    /// # Errors
    /// They name what is not declared.
    pub(in crate::report::modules) fn read(asked: &Asked<'a>) -> Result<Self, Refusal> {
        let register: &Register = &asked.site.register;
        let feature = asked.params.get("feature").map(|key| {
            register.feature_of_key(key).ok_or_else(|| {
                undeclared("feature", key, register.features.iter().map(|it| it.key.clone()))
            })
        });
        Ok(Self {
            register,
            language: asked.options.language,
            feature: feature.transpose()?,
            lens: Lens::read(register, asked.params)?,
        })
    }

    /// The features that are asked about, in the order they were declared in.
    pub(in crate::report::modules) fn features(&self) -> Vec<&'a Feature> {
        match self.feature {
            Some(feature) => vec![feature],
            None => self.register.features.iter().collect(),
        }
    }

    /// The rows of any visit and of the features asked about.
    pub(in crate::report::modules) fn only(&self) -> Only {
        let features = self.features().into_iter().map(|it| i64::from(it.id));
        Only::values(std::iter::once(0).chain(features))
    }

    pub(in crate::report::modules) fn name(&self, feature: &'a Feature) -> &'a str {
        named(&feature.name, &feature.key, self.language)
    }

    /// What must be read: each measure for everyone, then by audience, as the lens wants it.
    ///
    /// # Errors
    /// The audience has so many values that what is asked for is not counted by them.
    pub(in crate::report::modules) fn needs(
        &self,
        measures: &[Measure],
    ) -> Result<Vec<Need>, Refusal> {
        let is_spread = measures.iter().any(|it| it.shape == Shape::FeatureCount);
        if is_spread && self.is_of_many() {
            return Err(Refusal::new(
                "This audience has so many values that only visits, visitors, uses, their seconds and days of use are counted by it.",
            ));
        }
        let of = |measure: &Measure, cut: u8| {
            let department = cut >= Cut::LARGE && self.is_wider();
            let by = By { value: true, sub: cut != 0, leaf: measure.leaf, department };
            Need::of(measure.shape, subject::cut(measure.number, cut), by)
        };
        let cuts = match self.lens {
            Lens::Everyone => vec![0],
            Lens::Split(told) => vec![0, told.cut],
            Lens::Only(told, _) => vec![told.cut],
        };
        let each = |measure| cuts.iter().map(move |cut| of(measure, *cut));
        Ok(measures.iter().flat_map(each).collect())
    }

    /// Whether its values are put together by wider places, of which people are not known.
    pub(in crate::report::modules) fn is_wider(&self) -> bool {
        self.lens.told().is_some_and(|told| told.wider.is_some())
    }

    /// Whether its audience has thousands of values.
    pub(super) fn is_of_many(&self) -> bool {
        self.lens.told().is_some_and(|told| told.cut >= Cut::LARGE)
    }
}

/// The features of a question and, beside them, any visit, of the one value of its audience: of an
/// audience of thousands of values, nothing else should be read.
pub(in crate::report::modules) fn only(asked: &Asked<'_>, _: &Need) -> Only {
    let Ok(question) = Question::read(asked) else { return Only::default() };
    match question.lens {
        // A wider place is of many values.
        Lens::Only(told, value) if told.wider.is_none() => {
            Only { sub: Some(told.number(value)), ..question.only() }
        }
        _ if question.feature.is_some() => question.only(),
        _ => Only::default(),
    }
}

/// The same, of people all of them, whatever the days they came on.
pub(in crate::report::modules) fn everyday(asked: &Asked<'_>, need: &Need) -> Only {
    let distinct =
        matches!(need, Need::Rollup { shape: Shape::WeekDistinct | Shape::MonthDistinct, .. });
    Only { leaf: distinct.then_some(0), ..only(asked, need) }
}

/// A name in the language of the answer; the key where there is none.
pub(in crate::report::modules) fn named<'a>(
    name: &'a crate::site::Named,
    key: &'a str,
    language: Language,
) -> &'a str {
    let text = name.of(match language {
        Language::English => "en",
        Language::French => "fr",
    });
    if text.is_empty() { key } else { text }
}

impl<'a> Lens<'a> {
    fn read(register: &Register, params: &'a Params) -> Result<Self, Refusal> {
        let value = params.get("audienceValue");
        let Some(asked) = params.get("audience") else {
            return match value {
                None => Ok(Self::Everyone),
                Some(_) => Err(Refusal::new(
                    "'audienceValue' is a value of an audience: say which one with 'audience'.",
                )),
            };
        };
        let told = Told::find(register, asked).ok_or_else(|| {
            let single = register.audiences.iter().flat_map(|it| {
                let wider = Wider::told_by(it).iter();
                let wider = wider.map(|wider| format!("{}:{}", it.key, wider.word()));
                std::iter::once(it.key.clone()).chain(wider)
            });
            let pairs = register.pairs.iter().map(|it| it.of.join(","));
            undeclared("audience", asked, single.chain(pairs))
        })?;
        Ok(value.map_or(Self::Split(told), |value| Self::Only(told, value)))
    }

    pub(in crate::report::modules) fn told(self) -> Option<Told> {
        match self {
            Self::Everyone => None,
            Self::Split(told) | Self::Only(told, _) => Some(told),
        }
    }
}

impl Told {
    fn find(register: &Register, asked: &str) -> Option<Self> {
        let Some((first, second)) = asked.split_once(',') else {
            let (key, wider) = match asked.trim().split_once(':') {
                None => (asked.trim(), None),
                Some((key, word)) => (key, Some(Wider::by_word(word)?)),
            };
            let audience = register.audience(key)?;
            let is_told = |wider: &Wider| Wider::told_by(audience).contains(wider);
            return wider.as_ref().is_none_or(is_told).then_some(Self {
                cut: audience.cut,
                is_pair: false,
                turned: false,
                wider,
            });
        };
        let (first, second) = (first.trim(), second.trim());
        let pair = register.pair(first, second)?;
        Some(Self { cut: pair.cut, is_pair: true, turned: pair.of[0] != first, wider: None })
    }

    /// The number under which rollups know a value that a question spells as it was shown; of pairs,
    /// with a comma or a multiplication sign between both.
    pub(in crate::report::modules) fn number(self, value: &str) -> i64 {
        let of = |text: &str| match text.trim() {
            "" => 0,
            text if NOT_TOLD.contains(&text) => 0,
            text => self.wider.map_or_else(|| Text::new(text).id, |it| it.number(text)),
        };
        let halves = value.split_once(BESIDE.trim()).or_else(|| value.split_once(','));
        match halves.filter(|_| self.is_pair) {
            None => of(value),
            Some((first, second)) if self.turned => pair_label(of(second), of(first)),
            Some((first, second)) => pair_label(of(first), of(second)),
        }
    }
}

/// What is said about a name that is not declared.
pub(in crate::report::modules) fn undeclared(
    what: &str,
    asked: &str,
    declared: impl Iterator<Item = String>,
) -> Refusal {
    let declared: Vec<String> = declared.collect();
    let list = if declared.is_empty() { "none".to_owned() } else { declared.join("; ") };
    Refusal::new(format!("The {what} '{asked}' is not declared on this site. Declared: {list}."))
}
