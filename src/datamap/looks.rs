//! Whether a text looks like a word that an application chose, and what shape it has.

use super::Kind;

/// Longer texts are sentences.
const LONGEST: usize = 60;
const MOST_WORDS: usize = 6;
/// Longer words are tokens.
const LONGEST_WORD: usize = 24;
/// More digits are a number of somebody, a date, a token.
const MOST_DIGITS: usize = 3;
/// More consonants in a row are drawn by lot.
const MOST_CONSONANTS: usize = 5;
/// Runs of a shape; what follows is left out.
const MOST_RUNS: usize = 12;

/// Whether a part of a name looks like nothing of a person: no mail, no token, no name of somebody,
/// no free text.
pub fn looks_plain(kind: Kind, part: &str) -> bool {
    let titled = matches!(kind, Kind::Event | Kind::Title);
    let sound = |c: char| {
        c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.' | '/' | '\'' | '’' | ':')
    };
    let words: Vec<&str> =
        part.split([' ', '-', '_', '.', '/', '\'', '’', ':']).filter(|it| !it.is_empty()).collect();
    !words.is_empty()
        && part.chars().count() <= LONGEST
        && part.chars().all(sound)
        && words.len() <= MOST_WORDS
        && part.chars().filter(|c| c.is_numeric()).count() <= MOST_DIGITS
        // A dot between letters is an address or a mail's half.
        && !part.contains("..") && !looks_like_host(part)
        && words.iter().enumerate().all(|(at, word)| is_word(word, titled && at == 0))
}

fn looks_like_host(part: &str) -> bool {
    part.contains('.') || part.contains("//")
}

/// A word in small letters; the first of a title or a category may begin with a capital, which the
/// name of somebody does everywhere.
fn is_word(word: &str, may_be_capital: bool) -> bool {
    let mut letters = word.chars();
    let first = letters.next();
    let small = |c: char| !c.is_uppercase();
    let begins = first.is_some_and(|c| small(c) || may_be_capital);
    // Short words in capitals only are acronyms: QCM, SVT.
    let acronym = (2..=4).contains(&word.chars().count()) && word.chars().all(char::is_uppercase);
    (acronym || begins && letters.all(small))
        && word.chars().count() <= LONGEST_WORD
        && !is_mixed(word)
        && longest_consonants(word) <= MOST_CONSONANTS
}

/// Digits between letters, as in tokens; behind a word they number it.
fn is_mixed(word: &str) -> bool {
    let end = word.trim_end_matches(char::is_numeric);
    !end.is_empty() && end.chars().any(char::is_numeric) && !word.starts_with(char::is_numeric)
        || word.starts_with(char::is_numeric)
            && word.trim_start_matches(char::is_numeric).chars().any(char::is_numeric)
}

fn longest_consonants(word: &str) -> usize {
    let vowel = |c: char| !c.is_ascii_lowercase() || "aeiouy".contains(c);
    word.to_lowercase().split(vowel).map(|run| run.chars().count()).max().unwrap_or_default()
}

/// The shape of a text: runs of letters, digits and other signs, without their lengths.
pub fn shape(part: &str) -> String {
    let mut shape = String::new();
    let mut runs = 0;
    let mut last = None;
    for c in part.chars() {
        let class = match c {
            c if c.is_uppercase() => 'A',
            c if c.is_alphabetic() => 'a',
            c if c.is_numeric() => '9',
            c if c.is_whitespace() => ' ',
            '-' | '_' | '.' | '/' | '@' | ':' => c,
            _ => '?',
        };
        if last == Some(class) {
            continue;
        }
        runs += 1;
        if runs > MOST_RUNS {
            shape.push('…');
            break;
        }
        shape.push(class);
        last = Some(class);
    }
    shape
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_of_an_application_are_plain_and_all_else_is_not() {
        for (kind, text, plain) in [
            (Kind::EventName, "ajout-question", true),
            (Kind::EventName, "texte-a-trous", true),
            (Kind::EventName, "qcm", true),
            (Kind::EventName, "QCM", true),
            (Kind::EventName, "etape-2", true),
            (Kind::EventName, "cycle2", true),
            (Kind::EventName, "3e", true),
            (Kind::Event, "Création", true),
            (Kind::Title, "Créer un quiz", true),
            (Kind::Title, "Révolution française", true),
            (Kind::UrlParameter, "utm_source", true),
            (Kind::DimensionValue, "college", true),
            // Somebody.
            (Kind::EventName, "Marie", false),
            (Kind::Title, "Copie de Marie", false),
            (Kind::Title, "Marie Dupont", false),
            (Kind::Title, "DUPONT Marie", false),
            (Kind::EventName, "camille.dupont@ac-exemple.fr", false),
            (Kind::EventName, "camille.dupont", false),
            (Kind::DimensionValue, "0612345678", false),
            (Kind::EventName, "né le 12/03/2014", false),
            // Tokens.
            (Kind::UrlParameter, "9f8e7d6c5b4a", false),
            (Kind::EventName, "a1b2c3", false),
            (Kind::EventName, "xkcdqwrt", false),
            (Kind::EventName, "550e8400-e29b-41d4-a716-446655440000", false),
            (Kind::EventName, "eyJhbGciOiJIUzI1NiJ9", false),
            (Kind::EventName, "www.exemple.fr", false),
            // Free text.
            (Kind::EventName, "je ne sais pas comment on fait cela", false),
            (Kind::EventName, "a, b ; c !", false),
            (Kind::EventName, "", false),
            (Kind::EventName, "--", false),
        ] {
            assert_eq!(looks_plain(kind, text), plain, "{kind:?} {text}");
        }
    }

    #[test]
    fn shapes_tell_no_letter_and_no_length() {
        for (text, wanted) in [
            ("Marie Dupont", "Aa Aa"),
            ("camille.dupont@ac-exemple.fr", "a.a@a-a.a"),
            ("9f8e", "9a9a"),
            ("2026-11-23", "9-9-9"),
            ("", ""),
        ] {
            assert_eq!(shape(text), wanted, "{text}");
        }
        assert_eq!(shape("a1b2c3d4e5f6g7"), "a9a9a9a9a9a9…");
    }

    proptest! {
        #[test]
        fn a_shape_holds_nothing_of_the_text(text in "\\PC{0,40}") {
            prop_assert!(shape(&text).chars().all(|c| "Aa9 -_./@:?…".contains(c)));
            looks_plain(Kind::Title, &text);
        }
    }
}
