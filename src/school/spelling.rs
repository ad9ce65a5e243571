//! How people write the names of things: accents, case and punctuation do not count.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// More words than any name has: what follows is not looked at.
const MOST_WORDS: usize = 24;

/// The words of a text, in small letters, without accents and punctuation.
pub(super) fn words(text: &str) -> Vec<String> {
    let plain: String = text
        .nfkd()
        .filter(|it| !is_combining_mark(*it))
        .flat_map(char::to_lowercase)
        .flat_map(|it| if it == 'œ' { vec!['o', 'e'] } else { vec![it] })
        .collect();
    let words = plain.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty());
    words.take(MOST_WORDS).map(str::to_owned).collect()
}

/// A text as it is compared: its words in small letters, without accents and punctuation, with one
/// space between them.
pub fn folded(text: &str) -> String {
    words(text).join(" ")
}

/// The one thing that a text names by one of its spellings (folded, `|` between them). The longest
/// spelling counts; where two things are named at equal length, or none is, there is no answer.
pub(super) fn named<T: Copy + PartialEq>(
    text: &str,
    things: impl Iterator<Item = (T, &'static str)>,
) -> Option<T> {
    let words = words(text);
    let mut best: Option<(usize, Option<T>)> = None;
    for (thing, spellings) in things {
        for spelling in spellings.split('|') {
            let sought: Vec<&str> = spelling.split(' ').collect();
            if !words.windows(sought.len()).any(|it| it == sought) {
                continue;
            }
            best = match best {
                Some((length, _)) if length > sought.len() => best,
                Some((length, found)) if length == sought.len() && found != Some(thing) => {
                    Some((length, None))
                }
                _ => Some((sought.len(), Some(thing))),
            };
        }
    }
    best.and_then(|(_, thing)| thing)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::school::{Level, Profile, Subject};

    #[test]
    fn accents_case_and_punctuation_do_not_count() {
        for (text, folded_text) in [
            ("  Écoles d'Œuvre — n° 6ème ", "ecoles d oeuvre n 6eme"),
            ("Orléans-Tours", "orleans tours"),
            ("…", ""),
        ] {
            assert_eq!(folded(text), folded_text);
        }
    }

    #[test]
    fn the_longest_spelling_counts_and_two_at_once_are_none() {
        let things = || [(1, "art"), (2, "art du cirque|cirque"), (3, "danse")].into_iter();
        for (text, thing) in [
            ("Art", Some(1)),
            ("Art du Cirque", Some(2)),
            ("danse, cirque", None),
            ("danse et art du cirque", Some(2)),
            ("partir", None),
            ("", None),
        ] {
            assert_eq!(named(text, things()), thing, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_means_something_and_folding_twice_changes_nothing(text in any::<String>()) {
            let once = folded(&text);
            prop_assert_eq!(folded(&once), once.clone());
            prop_assert_eq!(Level::of(&once), Level::of(&text));
            prop_assert_eq!(Subject::of(&once), Subject::of(&text));
            Profile::of(&text);
        }
    }
}
