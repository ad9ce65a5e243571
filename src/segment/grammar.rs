//! `a==x;b=@y,c!=z` → conditions. `;` is "and", `,` is "or" and binds tighter; `\;` and `\,` stand
//! for themselves.

use percent_encoding::percent_decode;
use thiserror::Error;

/// How a value is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    Equal,
    NotEqual,
    LessOrEqual,
    GreaterOrEqual,
    Less,
    Greater,
    Contains,
    ContainsNot,
    StartsWith,
    EndsWith,
}

/// Longer signs come before those they begin with.
const SIGNS: [(&str, Operator); 10] = [
    ("==", Operator::Equal),
    ("!=", Operator::NotEqual),
    ("<=", Operator::LessOrEqual),
    (">=", Operator::GreaterOrEqual),
    ("<", Operator::Less),
    (">", Operator::Greater),
    ("=@", Operator::Contains),
    ("!@", Operator::ContainsNot),
    ("=^", Operator::StartsWith),
    ("=$", Operator::EndsWith),
];

/// One comparison as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) name: String,
    pub(super) operator: Operator,
    pub(super) value: String,
}

/// Why a segment cannot be used. Messages are those that clients of Matomo know, where it has one.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Wrong {
    #[error("The segment condition '{0}' is not valid.")]
    Malformed(String),
    #[error("Segment '{0}' is not a supported segment.")]
    Unknown(String),
    #[error(
        "The segment '{0}' has no value specified. You can leave this value empty only when you use the operators: != (is not) or == (is)"
    )]
    NoValue(String),
    #[error(
        "The segment '{0}' cannot be answered: PADOQE keeps nothing that tells who a visitor is. API.getSegmentsMetadata lists the segments there are."
    )]
    Identifier(String),
    #[error(
        "The segment '{0}' cannot be answered: PADOQE does not keep what it asks for. API.getSegmentsMetadata lists the segments there are."
    )]
    NotKept(String),
    #[error(
        "The segment '{0}' cannot be answered: the policy of this site does not allow segments so fine that they could single out somebody. API.getSegmentsMetadata lists the segments there are."
    )]
    TooFine(String),
    #[error("The segment is too long: at most {MOST} conditions are understood.")]
    TooLong,
}

/// Conditions of one segment; an expression is looked at for each visit.
const MOST: usize = 200;

/// Every clause must hold; a clause holds where one of its conditions does.
pub(super) fn parse(text: &str) -> Result<Vec<Vec<Written>>, Wrong> {
    let mut clauses = Vec::new();
    let mut clause = Vec::new();
    let mut operand = String::new();
    let mut count = 0;
    let mut letters = text.chars().peekable();
    let mut finish = |operand: &mut String, clause: &mut Vec<Written>| -> Result<(), Wrong> {
        let written = std::mem::take(operand);
        if !written.is_empty() {
            count += 1;
            clause.push(condition(&written)?);
        }
        if count > MOST { Err(Wrong::TooLong) } else { Ok(()) }
    };
    while let Some(letter) = letters.next() {
        match letter {
            '\\' if letters.peek().is_some_and(|next| matches!(next, ';' | ',')) => {
                operand.extend(letters.next());
            }
            ',' => finish(&mut operand, &mut clause)?,
            ';' => {
                finish(&mut operand, &mut clause)?;
                if !clause.is_empty() {
                    clauses.push(std::mem::take(&mut clause));
                }
            }
            other => operand.push(other),
        }
    }
    finish(&mut operand, &mut clause)?;
    if !clause.is_empty() {
        clauses.push(clause);
    }
    if clauses.is_empty() { Err(Wrong::Malformed(text.to_owned())) } else { Ok(clauses) }
}

/// A condition is decoded once as a whole, and its value once more: clients encode either way.
fn condition(written: &str) -> Result<Written, Wrong> {
    let decoded = decode(written);
    let malformed = || Wrong::Malformed(decoded.clone());
    let found = decoded.char_indices().skip(1).find_map(|(at, _)| {
        let (name, rest) = decoded.split_at(at);
        let sign = SIGNS
            .iter()
            .find_map(|(sign, operator)| rest.strip_prefix(sign).map(|value| (*operator, value)));
        sign.map(|(operator, value)| (name, operator, value))
    });
    let (name, operator, value) = found.ok_or_else(malformed)?;
    let value = decode(value);
    if value.is_empty() && !matches!(operator, Operator::Equal | Operator::NotEqual) {
        return Err(Wrong::NoValue(name.to_owned()));
    }
    Ok(Written { name: name.to_owned(), operator, value })
}

/// Percent-decodes with `+` as a space.
fn decode(text: &str) -> String {
    let spaced = text.replace('+', " ");
    percent_decode(spaced.as_bytes()).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> String {
        let one = |it: &Written| format!("{}|{:?}|{}", it.name, it.operator, it.value);
        match parse(text) {
            Ok(clauses) => clauses
                .iter()
                .map(|clause| clause.iter().map(one).collect::<Vec<_>>().join(" or "))
                .collect::<Vec<_>>()
                .join(" and "),
            Err(wrong) => wrong.to_string(),
        }
    }

    #[test]
    fn segments_are_read() {
        for (text, want) in [
            ("actions>3", "actions|Greater|3"),
            ("actions>=3;actions<=9", "actions|GreaterOrEqual|3 and actions|LessOrEqual|9"),
            ("a==1,b!=2;c<3", "a|Equal|1 or b|NotEqual|2 and c|Less|3"),
            (
                "a=@x,a!@y;a=^z;a=$w",
                "a|Contains|x or a|ContainsNot|y and a|StartsWith|z and a|EndsWith|w",
            ),
            (r"a==x\;y\,z\w", r"a|Equal|x;y,z\w"),
            ("a==", "a|Equal|"),
            ("a!=;", "a|NotEqual|"),
            ("pageUrl==https%3A%2F%2Fa%2F", "pageUrl|Equal|https://a/"),
            ("pageUrl=^https%253A%252F%252Fa", "pageUrl|StartsWith|https://a"),
            ("a%3D%3Db+c", "a|Equal|b c"),
            ("a==b=@c", "a|Equal|b=@c"),
            (
                "a=@",
                "The segment 'a' has no value specified. You can leave this value empty only when you use the operators: != (is not) or == (is)",
            ),
            ("actions", "The segment condition 'actions' is not valid."),
            ("==3", "The segment condition '==3' is not valid."),
            ("a=3", "The segment condition 'a=3' is not valid."),
            (";", "The segment condition ';' is not valid."),
        ] {
            assert_eq!(read(text), want, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd(text in "\\PC{0,60}") {
            let _read = parse(&text);
        }

        #[test]
        fn what_is_escaped_comes_back(value in "[a-zé;,]{1,12}") {
            let escaped = value.replace(';', "\\;").replace(',', "\\,");
            let clauses = parse(&format!("x=={escaped}")).unwrap();
            prop_assert_eq!(&clauses[0][0].value, &value);
        }
    }
}
