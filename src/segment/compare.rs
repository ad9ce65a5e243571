//! How a figure or a text is compared with what a segment says: as Matomo's database does it, in any
//! case and without regard to accents, unless a text is looked up as a whole.

use std::borrow::Cow;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::grammar::Operator;

/// What a visit or an action has under a name.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Datum<'a> {
    /// Nothing is known, or it does not apply.
    Nothing,
    Text(Cow<'a, str>),
    Number(f64),
}

impl<'a> Datum<'a> {
    pub(super) fn text(text: Option<&'a str>) -> Self {
        text.map_or(Self::Nothing, |text| Self::Text(Cow::Borrowed(text)))
    }

    #[expect(clippy::cast_precision_loss, reason = "counts and seconds are small")]
    pub(super) fn count(count: i64) -> Self {
        Self::Number(count as f64)
    }
}

/// The right side of a condition, prepared once.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Wanted {
    whole: String,
    folded: String,
    number: f64,
    /// A text is the same only letter by letter.
    exact: bool,
}

impl Wanted {
    pub(super) fn new(value: &str, exact: bool) -> Self {
        Self { whole: value.to_owned(), folded: fold(value), number: number(value), exact }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.whole.is_empty()
    }

    /// Whether `datum operator value` holds.
    pub(super) fn holds(&self, operator: Operator, datum: &Datum<'_>) -> bool {
        let negated = matches!(operator, Operator::NotEqual | Operator::ContainsNot);
        if self.is_empty() {
            return is_blank(datum) != negated;
        }
        match datum {
            Datum::Nothing => negated,
            Datum::Number(number) => self.number_holds(operator, *number),
            Datum::Text(text) => self.text_holds(operator, text),
        }
    }

    fn number_holds(&self, operator: Operator, number: f64) -> bool {
        let text = || Cow::Owned(number.to_string());
        match operator {
            Operator::Equal => number == self.number,
            Operator::NotEqual => number != self.number,
            Operator::Less => number < self.number,
            Operator::LessOrEqual => number <= self.number,
            Operator::Greater => number > self.number,
            Operator::GreaterOrEqual => number >= self.number,
            _ => self.text_holds(operator, &text()),
        }
    }

    fn text_holds(&self, operator: Operator, text: &str) -> bool {
        let folded = || fold(text);
        let same = || if self.exact { text == self.whole } else { folded() == self.folded };
        match operator {
            Operator::Equal => same(),
            Operator::NotEqual => !same(),
            Operator::Contains => folded().contains(&self.folded),
            Operator::ContainsNot => !folded().contains(&self.folded),
            Operator::StartsWith => folded().starts_with(&self.folded),
            Operator::EndsWith => folded().ends_with(&self.folded),
            Operator::Less => folded() < self.folded,
            Operator::LessOrEqual => folded() <= self.folded,
            Operator::Greater => folded() > self.folded,
            Operator::GreaterOrEqual => folded() >= self.folded,
        }
    }
}

/// What `x==` finds: nothing, an empty text, or zero.
fn is_blank(datum: &Datum<'_>) -> bool {
    match datum {
        Datum::Nothing => true,
        Datum::Text(text) => text.is_empty() || text == "0",
        Datum::Number(number) => *number == 0.0,
    }
}

/// Small letters without accents.
pub(super) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.nfd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase).collect()
}

/// The number that a text begins with, 0 where there is none.
fn number(text: &str) -> f64 {
    let text = text.trim();
    let sound = |c: char, at: usize| c.is_ascii_digit() || c == '.' || (at == 0 && c == '-');
    let end = text.char_indices().find(|(at, c)| !sound(*c, *at)).map_or(text.len(), |(at, _)| at);
    text.get(..end).and_then(|text| text.parse().ok()).unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Operator::*;

    #[test]
    fn texts_compare_as_in_matomos_database() {
        let text = |text| Datum::text(Some(text));
        for (datum, operator, value, exact, want) in [
            (text("Création"), Equal, "creation", false, true),
            (text("Création"), Equal, "creation", true, false),
            (text("Création"), Contains, "CREA", true, true),
            (text("Création"), NotEqual, "x", false, true),
            (Datum::Nothing, NotEqual, "x", false, true),
            (Datum::Nothing, ContainsNot, "x", false, true),
            (Datum::Nothing, Equal, "x", false, false),
            (Datum::Nothing, Equal, "", false, true),
            (Datum::Nothing, NotEqual, "", false, false),
            (text("0"), Equal, "", false, true),
            (text("a/b"), EndsWith, "/B", false, true),
            (text("a/b"), StartsWith, "/b", false, false),
            (Datum::Number(4.0), Greater, "3", false, true),
            (Datum::Number(10.0), Less, "9", false, false),
            (Datum::Number(3.0), Equal, "3 pages", false, true),
            (Datum::Number(0.0), NotEqual, "", false, false),
            (Datum::Number(12.0), Contains, "1", false, true),
        ] {
            assert_eq!(
                Wanted::new(value, exact).holds(operator, &datum),
                want,
                "{datum:?} {operator:?} {value}"
            );
        }
    }
}
