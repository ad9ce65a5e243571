//! The two languages of the pages, and how one is chosen.

/// A language the pages are written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lang {
    #[default]
    Fr,
    En,
}

impl Lang {
    /// Every language, the default first.
    pub const ALL: [Self; 2] = [Self::Fr, Self::En];

    /// The code, as `lang` attributes and `?lang=` spell it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Fr => "fr",
            Self::En => "en",
        }
    }

    /// The language's own name for itself.
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::Fr => "Français",
            Self::En => "English",
        }
    }

    /// The language of a tag such as `fr`, `fr-FR` or `en_GB`.
    pub fn parse(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next()?.to_ascii_lowercase();
        Self::ALL.into_iter().find(|it| it.code() == primary)
    }
}

/// The language of a page, and whether its address asked for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    pub lang: Lang,
    /// Set when the address said `lang=`: the links of the page then say it too.
    pub asked: bool,
}

impl Chosen {
    /// `?lang=` decides, then `Accept-Language`, then French.
    pub fn from_request(query: Option<&str>, accept_language: Option<&str>) -> Self {
        if let Some(lang) = query.and_then(Lang::parse) {
            return Self { lang, asked: true };
        }
        let lang = accept_language.and_then(preferred).unwrap_or_default();
        Self { lang, asked: false }
    }
}

/// The first of our languages in an `Accept-Language` header, by its weights.
fn preferred(header: &str) -> Option<Lang> {
    let mut best: Option<(f64, Lang)> = None;
    for part in header.split(',').take(32) {
        let mut fields = part.split(';');
        let Some(lang) = fields.next().and_then(Lang::parse) else { continue };
        let weight = fields
            .find_map(|it| it.trim().strip_prefix("q="))
            .map_or(1.0, |q| q.trim().parse().unwrap_or(0.0));
        if weight > 0.0 && best.is_none_or(|(most, _)| most < weight) {
            best = Some((weight, lang));
        }
    }
    best.map(|(_, lang)| lang)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_decides_then_the_browser_then_french() {
        for (query, accept, lang, asked) in [
            (None, None, Lang::Fr, false),
            (Some("en"), Some("fr"), Lang::En, true),
            (Some("de"), Some("en-GB,en;q=0.9"), Lang::En, false),
            (None, Some("de-DE,de;q=0.9,en;q=0.5,fr;q=0.7"), Lang::Fr, false),
            (None, Some("en;q=0,fr;q=0.1"), Lang::Fr, false),
            (None, Some("EN_us"), Lang::En, false),
            (None, Some("*;q=0.1,,;;q=,é"), Lang::Fr, false),
            (Some(""), Some("en;q=x"), Lang::Fr, false),
        ] {
            assert_eq!(
                Chosen::from_request(query, accept),
                Chosen { lang, asked },
                "{query:?} {accept:?}"
            );
        }
    }
}
