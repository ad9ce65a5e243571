//! The addresses the pages link to.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::{
    lang::{Chosen, Lang},
    period::Choice,
};

/// The address of a page, without its period. A language that was asked for stays in every link.
#[derive(Clone, Debug)]
pub(super) struct Address {
    path: String,
    /// What the page shows beside its period: carried along in every link.
    kept: Vec<(&'static str, String)>,
    chosen: Chosen,
}

impl Address {
    pub(super) fn new(path: impl Into<String>, chosen: Chosen) -> Self {
        Self { path: path.into(), kept: Vec::new(), chosen }
    }

    /// The features of a site.
    pub(super) fn features(id: u32, chosen: Chosen) -> Self {
        Self::new("/features", chosen).with("site", Some(&id.to_string()))
    }

    /// The same address with a value of its query set, or taken out.
    pub(super) fn with(&self, name: &'static str, value: Option<&str>) -> Self {
        let mut kept = self.kept.clone();
        kept.retain(|(it, _)| *it != name);
        kept.extend(value.map(|value| (name, value.to_owned())));
        Self { kept, ..self.clone() }
    }

    /// What the page shows, at another path.
    pub(super) fn at(&self, path: &str) -> Self {
        Self { path: path.to_owned(), ..self.clone() }
    }

    /// What a form must carry along.
    pub(super) fn kept(&self) -> &[(&'static str, String)] {
        &self.kept
    }

    /// What is carried along, written for the start of a query.
    fn carried(&self) -> String {
        let pair = |(name, value): &(&str, String)| {
            format!("{name}={}&", utf8_percent_encode(value, NON_ALPHANUMERIC))
        };
        self.kept.iter().map(pair).collect()
    }

    /// The dashboard of a site.
    pub(super) fn site(id: u32, chosen: Chosen) -> Self {
        Self::new(format!("/sites/{id}"), chosen)
    }

    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// The value of `lang=`, if the links carry it.
    pub(super) fn lang(&self) -> Option<&'static str> {
        self.chosen.asked.then(|| self.chosen.lang.code())
    }

    /// The page itself.
    pub(super) fn plain(&self) -> String {
        let carried = self.carried();
        match self.lang() {
            Some(lang) => format!("{}?{carried}lang={lang}", self.path),
            None if carried.is_empty() => self.path.clone(),
            None => format!("{}?{}", self.path, carried.trim_end_matches('&')),
        }
    }

    /// The page for that period. The words of a period need no escaping in a query.
    pub(super) fn period(&self, choice: &Choice) -> String {
        let (period, date) = choice.words();
        let lang = self.lang().map(|it| format!("&lang={it}")).unwrap_or_default();
        format!("{}?{}period={period}&date={date}{lang}", self.path, self.carried())
    }

    /// The same address in that language.
    pub(super) fn in_lang(&self, lang: Lang) -> Self {
        Self { chosen: Chosen { lang, asked: true }, ..self.clone() }
    }
}
