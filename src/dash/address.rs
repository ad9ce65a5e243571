//! The addresses the pages link to.

use super::{
    lang::{Chosen, Lang},
    period::Choice,
};

/// The address of a page, without its period. A language that was asked for stays in every link.
#[derive(Clone, Debug)]
pub(super) struct Address {
    path: String,
    chosen: Chosen,
}

impl Address {
    pub(super) fn new(path: impl Into<String>, chosen: Chosen) -> Self {
        Self { path: path.into(), chosen }
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
        match self.lang() {
            Some(lang) => format!("{}?lang={lang}", self.path),
            None => self.path.clone(),
        }
    }

    /// The page for that period. The words of a period need no escaping in a query.
    pub(super) fn period(&self, choice: &Choice) -> String {
        let (period, date) = choice.words();
        let lang = self.lang().map(|it| format!("&lang={it}")).unwrap_or_default();
        format!("{}?period={period}&date={date}{lang}", self.path)
    }

    /// The same address in that language.
    pub(super) fn in_lang(&self, lang: Lang) -> Self {
        Self { path: self.path.clone(), chosen: Chosen { lang, asked: true } }
    }
}
