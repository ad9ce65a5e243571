//! Query strings and form bodies as names and values.

use std::borrow::Cow;

/// The most parameters looked at; Matomo's client sends about forty.
const MOST_PARAMETERS: usize = 1_000;

/// What Matomo's client sends with every hit and PADOQE has no use for.
const UNUSED: [&[u8]; 22] = [
    b"r", b"m", b"s", b"_idn", b"_refts", b"_idts", b"_idvc", b"_viewts", b"_ects", b"apiv",
    b"rand", b"uadata", b"pdf", b"qt", b"realp", b"wma", b"fla", b"java", b"ag", b"cookie",
    b"gears", b"dir",
];

type Pair<'a> = (Cow<'a, str>, Cow<'a, str>);

/// Decoded parameters in the order they came. On a repeated name the last one counts. What needs no
/// decoding is borrowed: this is on the way of every hit.
#[derive(Default)]
pub struct Params<'a>(Vec<Pair<'a>>);

impl<'a> Params<'a> {
    /// Reads `a=1&b=2`, with `+` for a space. Never fails: bytes that are not UTF-8 become U+FFFD,
    /// null bytes vanish, what is over `MOST_PARAMETERS` is not looked at.
    pub fn parse(text: &'a [u8]) -> Self {
        let text = text.strip_prefix(b"?").unwrap_or(text);
        let pairs = text.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty());
        let mut params = Vec::with_capacity(48);
        params.extend(pairs.take(MOST_PARAMETERS).map(pair));
        Self(params)
    }

    /// The same for a hit: what clients send and nothing here looks at is not even decoded.
    pub fn of_hit(text: &'a [u8]) -> Self {
        let text = text.strip_prefix(b"?").unwrap_or(text);
        let pairs = text.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty());
        let looked_at = pairs.take(MOST_PARAMETERS).filter(|pair| {
            let end = memchr::memchr(b'=', pair).unwrap_or(pair.len());
            !UNUSED.contains(&pair.get(..end).unwrap_or_default())
        });
        let mut params = Vec::with_capacity(32);
        params.extend(looked_at.map(pair));
        Self(params)
    }

    /// Names and values that are decoded already.
    pub fn from_pairs(pairs: Vec<(String, String)>) -> Self {
        let owned = |(name, value)| (Cow::Owned(name), Cow::Owned(value));
        Self(pairs.into_iter().map(owned).collect())
    }

    /// `self` wins over `other` where both have a name, as a query string wins over a form.
    #[must_use]
    pub fn over(self, other: Self) -> Self {
        let mut all = other.0;
        all.extend(self.0);
        Self(all)
    }

    /// The last value of a name, where it is not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().rev().find(|(key, _)| key == name);
        found.map(|(_, value)| &**value).filter(|value| !value.is_empty())
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (&**name, &**value))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The same parameters, borrowing nothing.
    pub fn into_owned(self) -> Params<'static> {
        let owned = |(name, value): Pair<'_>| {
            (Cow::Owned(name.into_owned()), Cow::Owned(value.into_owned()))
        };
        Params(self.0.into_iter().map(owned).collect())
    }
}

fn pair(bytes: &[u8]) -> Pair<'_> {
    match memchr::memchr(b'=', bytes) {
        Some(at) => {
            let (name, value) = bytes.split_at(at);
            (decode(name), decode(value.get(1..).unwrap_or_default()))
        }
        None => (decode(bytes), Cow::Borrowed("")),
    }
}

/// Percent-decodes with `+` as a space; null bytes are dropped.
fn decode(bytes: &[u8]) -> Cow<'_, str> {
    if memchr::memchr3(b'%', b'+', 0, bytes).is_none() {
        return String::from_utf8_lossy(bytes);
    }
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let [first, tail @ ..] = rest {
        let (byte, after) = match (first, tail) {
            (b'+', _) => (b' ', tail),
            (b'%', [high, low, after @ ..]) => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => (high << 4 | low, after),
                _ => (b'%', tail),
            },
            _ => (*first, tail),
        };
        if byte != 0 {
            decoded.push(byte);
        }
        rest = after;
    }
    Cow::Owned(
        String::from_utf8(decoded)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()),
    )
}

fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_last_of_a_name_counts_and_empty_is_absent() {
        let params = Params::parse(b"?a=1&b=&a=2&c=x+y%20z%C3%A9&d&e=%00f");
        assert_eq!(params.get("a"), Some("2"));
        assert_eq!(params.get("b"), None);
        assert_eq!(params.get("c"), Some("x y zé"));
        assert_eq!(params.get("d"), None);
        assert_eq!(params.get("e"), Some("f"));
    }

    #[test]
    fn the_query_wins_over_the_form() {
        let both = Params::parse(b"a=1").over(Params::parse(b"a=2&b=3"));
        assert_eq!((both.get("a"), both.get("b")), (Some("1"), Some("3")));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_null(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let params = Params::parse(&bytes);
            prop_assert!(params.iter().all(|(name, value)| !name.contains('\0') && !value.contains('\0')));
        }

        #[test]
        fn what_was_encoded_is_read_back(text in "\\PC{0,40}") {
            let encoded = percent_encoding::utf8_percent_encode(&text, percent_encoding::NON_ALPHANUMERIC);
            let query = format!("x={encoded}");
            let params = Params::parse(query.as_bytes());
            prop_assert_eq!(params.get("x").unwrap_or_default(), text.as_str());
        }
    }
}
