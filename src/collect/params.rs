//! Query strings and form bodies as names and values.

use std::borrow::Cow;

/// The most parameters looked at; Matomo's client sends about forty.
pub(super) const MOST_PARAMETERS: usize = 1_000;

/// What Matomo's client sends with every hit and PADOQE has no use for.
const UNUSED: [&[u8]; 21] = [
    b"r", b"m", b"s", b"_idn", b"_refts", b"_idts", b"_idvc", b"_viewts", b"_ects", b"apiv",
    b"rand", b"pdf", b"qt", b"realp", b"wma", b"fla", b"java", b"ag", b"cookie", b"gears", b"dir",
];

type Pair<'a> = (Cow<'a, str>, Cow<'a, str>);

/// Decoded parameters in the order they came. On a repeated name the last one counts. What needs no
/// decoding is borrowed: this is on the way of every hit.
#[derive(Default)]
pub struct Params<'a> {
    pairs: Vec<Pair<'a>>,
    names: Names,
}

/// Which names may be among the parameters. A hit is asked for about fifty names and has half of
/// them at most: what is certainly not there is not searched for.
#[derive(Clone, Copy, Default)]
struct Names([u64; 4]);

impl Names {
    fn note(&mut self, name: &str) {
        let (word, bit) = place(name);
        if let Some(word) = self.0.get_mut(word) {
            *word |= bit;
        }
    }

    fn may_have(&self, name: &str) -> bool {
        let (word, bit) = place(name);
        self.0.get(word).is_some_and(|word| word & bit != 0)
    }
}

/// The word and the bit of a name, by its ends and its length.
fn place(name: &str) -> (usize, u64) {
    let end = |byte: Option<&u8>| byte.copied().map_or(0, usize::from);
    let bytes = name.as_bytes();
    let hash = end(bytes.first()) * 7 + end(bytes.last()) * 31 + bytes.len() * 5;
    (hash >> 6 & 3, 1 << (hash & 63))
}

impl<'a> Params<'a> {
    /// Reads `a=1&b=2`, with `+` for a space. Never fails: bytes that are not UTF-8 become U+FFFD,
    /// null bytes vanish, what is over `MOST_PARAMETERS` is not looked at.
    pub fn parse(text: &'a [u8]) -> Self {
        Self::read(text, |_| true)
    }

    /// The same for a hit: what clients send and nothing here looks at is not even decoded.
    pub fn of_hit(text: &'a [u8]) -> Self {
        Self::read(text, |pair| {
            let end = memchr::memchr(b'=', pair).unwrap_or(pair.len());
            !UNUSED.contains(&pair.get(..end).unwrap_or_default())
        })
    }

    fn read(text: &'a [u8], is_wanted: impl Fn(&[u8]) -> bool) -> Self {
        let mut rest = text.strip_prefix(b"?").unwrap_or(text);
        let mut params = Self { pairs: Vec::with_capacity(32), names: Names::default() };
        let mut seen = 0;
        while !rest.is_empty() && seen < MOST_PARAMETERS {
            let end = memchr::memchr(b'&', rest).unwrap_or(rest.len());
            let (part, after) = rest.split_at(end);
            rest = after.get(1..).unwrap_or_default();
            if part.is_empty() {
                continue;
            }
            seen += 1;
            if is_wanted(part) {
                params.push(pair(part));
            }
        }
        params
    }

    fn push(&mut self, pair: Pair<'a>) {
        self.names.note(&pair.0);
        self.pairs.push(pair);
    }

    /// Names and values that are decoded already.
    pub fn from_pairs(pairs: Vec<(String, String)>) -> Self {
        let mut params = Self::default();
        for (name, value) in pairs {
            params.push((Cow::Owned(name), Cow::Owned(value)));
        }
        params
    }

    /// `self` wins over `other` where both have a name, as a query string wins over a form.
    #[must_use]
    pub fn over(self, mut other: Self) -> Self {
        self.pairs.into_iter().for_each(|pair| other.push(pair));
        other
    }

    /// The last value of a name, where it is not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        if !self.names.may_have(name) {
            return None;
        }
        let found = self.pairs.iter().rev().find(|(key, _)| key == name);
        found.map(|(_, value)| &**value).filter(|value| !value.is_empty())
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(name, value)| (&**name, &**value))
    }

    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// The same parameters, borrowing nothing.
    pub fn into_owned(self) -> Params<'static> {
        let owned = |(name, value): Pair<'_>| {
            (Cow::Owned(name.into_owned()), Cow::Owned(value.into_owned()))
        };
        Params { pairs: self.pairs.into_iter().map(owned).collect(), names: self.names }
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
    while let Some(at) = memchr::memchr3(b'%', b'+', 0, rest) {
        let (plain, marked) = rest.split_at(at);
        decoded.extend_from_slice(plain);
        rest = match marked {
            [b'%', high, low, after @ ..] => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => {
                    decoded.extend(Some(high << 4 | low).filter(|byte| *byte != 0));
                    after
                }
                _ => {
                    decoded.push(b'%');
                    marked.get(1..).unwrap_or_default()
                }
            },
            [mark, after @ ..] => {
                decoded.extend(match mark {
                    b'+' => Some(b' '),
                    0 => None,
                    other => Some(*other),
                });
                after
            }
            [] => break,
        };
    }
    decoded.extend_from_slice(rest);
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
    fn a_percent_sign_that_encodes_nothing_stays() {
        let params = Params::parse(b"a=100%&b=%zz%41%4&c=%%41&d=a%00b+%2B");
        let all: Vec<_> = params.iter().collect();
        assert_eq!(all, [("a", "100%"), ("b", "%zzA%4"), ("c", "%A"), ("d", "ab +")]);
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
