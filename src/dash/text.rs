//! The words of the pages, from `dashboards/text.*.toml`.
//!
//! A key is the path to a text: `login.title`, `dates.months.0`. `{name}` in a text is filled in by
//! the caller. Counted things have a `one` and a `many`.

use std::collections::BTreeMap;

use toml::{Table, Value};

use super::{lang::Lang, number};

/// Every text of one language.
#[derive(Clone, Debug)]
pub struct Text {
    lang: Lang,
    texts: BTreeMap<String, String>,
}

/// Why a translation file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TextError {
    #[error("the texts in {0:?} are not TOML: {1}")]
    Toml(Lang, #[source] Box<toml::de::Error>),
    #[error("the text `{1}` in {0:?} is neither a string nor a list of strings")]
    NotText(Lang, String),
}

impl Text {
    /// Reads a translation file.
    pub fn parse(lang: Lang, toml: &str) -> Result<Self, TextError> {
        let table: Table = toml.parse().map_err(|error| TextError::Toml(lang, Box::new(error)))?;
        let mut texts = BTreeMap::new();
        flatten(&Value::Table(table), String::new(), &mut texts)
            .map_err(|key| TextError::NotText(lang, key))?;
        Ok(Self { lang, texts })
    }

    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// The text of that key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.texts.get(key).map(String::as_str)
    }

    /// The text of that key. A key without a text shows itself: tests hold that no key of ours is
    /// without.
    pub fn say(&self, key: &str) -> String {
        self.get(key).unwrap_or(key).to_owned()
    }

    /// The text of that key with each `{name}` filled in.
    pub fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        let mut rest = self.get(key).unwrap_or(key);
        let mut res = String::with_capacity(rest.len() + 32);
        // One pass: a value that contains braces is not filled in again.
        while let Some((before, after)) = rest.split_once('{') {
            res.push_str(before);
            let Some((name, after)) = after.split_once('}') else {
                res.push('{');
                rest = after;
                continue;
            };
            match values.iter().find(|(it, _)| *it == name) {
                Some((_, value)) => res.push_str(value),
                None => {
                    res.push('{');
                    res.push_str(name);
                    res.push('}');
                }
            }
            rest = after;
        }
        res.push_str(rest);
        res
    }

    /// `n` of a thing: `1 visite`, `12 345 visites`.
    pub fn count(&self, key: &str, n: u64) -> String {
        let one = match self.lang {
            Lang::Fr => n < 2,
            Lang::En => n == 1,
        };
        let key = format!("{key}.{}", if one { "one" } else { "many" });
        self.fill(&key, &[("n", &number::integer(n, self.lang))])
    }

    /// Every key, in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.texts.keys().map(String::as_str)
    }
}

/// Adds the texts under `path`; on what is no text, its path.
fn flatten(
    value: &Value,
    path: String,
    texts: &mut BTreeMap<String, String>,
) -> Result<(), String> {
    let below =
        |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    match value {
        Value::String(text) => {
            texts.insert(path, text.clone());
        }
        Value::Table(table) => {
            for (name, value) in table {
                flatten(value, below(name), texts)?;
            }
        }
        Value::Array(list) => {
            for (at, value) in list.iter().enumerate() {
                flatten(value, below(&at.to_string()), texts)?;
            }
        }
        _ => return Err(path),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dash::assets;

    fn text() -> Text {
        let toml = "a.b = 'x {n} {other} {'\nlist = ['p', 'q']\n[visits]\none = '{n} visite'\nmany = '{n} visites'";
        Text::parse(Lang::Fr, toml).unwrap()
    }

    #[test]
    fn texts_are_found_by_path_and_filled_once() {
        let text = text();
        assert_eq!(text.say("list.1"), "q");
        assert_eq!(text.say("no.such.key"), "no.such.key");
        assert_eq!(text.fill("a.b", &[("n", "{other}")]), "x {other} {other} {");
        assert_eq!(text.count("visits", 0), "0 visite");
        assert_eq!(text.count("visits", 2), "2 visites");
    }

    #[test]
    fn what_is_no_text_is_refused_by_name() {
        let error = Text::parse(Lang::En, "[a]\nb = 3").unwrap_err();
        assert!(error.to_string().contains("`a.b`"));
    }

    #[test]
    fn both_languages_have_the_same_keys_and_the_same_gaps() {
        let [fr, en] = assets::TEXTS.map(|(lang, toml)| Text::parse(lang, toml).unwrap());
        let keys = |text: &Text| text.keys().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(keys(&fr), keys(&en));
        for key in fr.keys() {
            assert_eq!(gaps(&fr.say(key)), gaps(&en.say(key)), "{key}");
        }
    }

    fn gaps(text: &str) -> Vec<&str> {
        let mut res: Vec<_> =
            text.split('{').skip(1).filter_map(|it| it.split('}').next()).collect();
        res.sort_unstable();
        res
    }

    #[test]
    fn french_punctuation_never_starts_a_line() {
        let [(lang, toml), _] = assets::TEXTS;
        let fr = Text::parse(lang, toml).unwrap();
        for key in fr.keys() {
            let text = fr.say(key);
            for mark in [" :", " ;", " !", " ?", " »", "« ", " %"] {
                assert!(!text.contains(mark), "{key}: plain space in `{mark}`");
            }
            assert!(!text.contains('\''), "{key}: straight apostrophe");
        }
    }
}
