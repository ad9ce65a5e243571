//! Patterns of the register: texts with `*` for anything, page paths with `*` for one part and `**`
//! for the rest. Letters count as they are written.

/// A text with `*` for anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextPattern(Vec<String>);

impl TextPattern {
    pub fn new(text: &str) -> Self {
        Self(text.split('*').map(str::to_owned).collect())
    }

    /// Whether the whole text fits.
    pub fn fits(&self, text: &str) -> bool {
        let (first, between, last) = match self.0.as_slice() {
            [] => return text.is_empty(),
            [whole] => return whole == text,
            [first, between @ .., last] => (first, between, last),
        };
        let rest = text.strip_prefix(first.as_str());
        let Some(mut rest) = rest.and_then(|it| it.strip_suffix(last.as_str())) else {
            return false;
        };
        for piece in between {
            // The earliest place leaves most for the others.
            match rest.split_once(piece.as_str()) {
                Some((_, after)) => rest = after,
                None => return false,
            }
        }
        true
    }
}

/// Whether a path fits a pattern, where `same` says whether one part of it may stand for one of the
/// pattern that is no `*`.
pub fn path_fits(path: &str, pattern: &str, same: impl Fn(&str, &str) -> bool) -> bool {
    let mut parts = path.split('/');
    for expected in pattern.split('/') {
        if expected == "**" {
            return true;
        }
        match parts.next() {
            Some(part) if expected == "*" || same(part, expected) => (),
            _ => return false,
        }
    }
    parts.next().is_none()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn texts_fit_whole() {
        for (pattern, text, fits) in [
            ("ajout", "ajout", true),
            ("ajout", "ajouts", false),
            ("ajout-*", "ajout-audio", true),
            ("ajout-*", "ajout-", true),
            ("*-audio", "ajout-audio", true),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "acb", false),
            ("aa*aa", "aaa", false),
            ("*", "", true),
            ("Ajout", "ajout", false),
        ] {
            assert_eq!(TextPattern::new(pattern).fits(text), fits, "{pattern} {text}");
        }
    }

    #[test]
    fn paths_fit_part_by_part() {
        for (pattern, path, fits) in [
            ("/quiz/*", "/quiz/7", true),
            ("/quiz/*", "/quiz", false),
            ("/quiz/*", "/quiz/7/a", false),
            ("/quiz/**", "/quiz/7/a", true),
            ("/quiz/**", "/quiz", true),
            ("/*/fin", "/a/fin", true),
            ("/", "/", true),
        ] {
            assert_eq!(path_fits(path, pattern, |a, b| a == b), fits, "{pattern} {path}");
        }
    }

    proptest! {
        #[test]
        fn a_pattern_fits_what_it_was_made_of(parts in proptest::collection::vec("[a-z]{0,4}", 1..5)) {
            let pattern = TextPattern::new(&parts.join("*"));
            prop_assert!(pattern.fits(&parts.join("")));
            prop_assert!(pattern.fits(&parts.join("-x-")) || parts.len() == 1);
        }

        #[test]
        fn no_text_is_too_odd(pattern in "\\PC{0,12}", text in "\\PC{0,12}") {
            TextPattern::new(&pattern).fits(&text);
            path_fits(&text, &pattern, |a, b| a == b);
        }
    }
}
