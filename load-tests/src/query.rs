//! Percent-encoding, as browsers do it for the tracker.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything but what JavaScript's `encodeURIComponent` leaves as it is.
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

/// Appends `&name=value` (no `&` at the start of the text), with the value encoded.
pub(crate) fn push(query: &mut String, name: &str, value: &str) {
    if !query.is_empty() {
        query.push('&');
    }
    query.push_str(name);
    query.push('=');
    query.extend(utf8_percent_encode(value, COMPONENT));
}

/// The pairs as a query string or form body.
pub(crate) fn form<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut query = String::new();
    for (name, value) in pairs {
        push(&mut query, name, value);
    }
    query
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_encoded_like_the_browser_does() {
        for (value, encoded) in [
            ("Créer un quiz", "Cr%C3%A9er%20un%20quiz"),
            ("https://a.fr/b?c=d&e#f", "https%3A%2F%2Fa.fr%2Fb%3Fc%3Dd%26e%23f"),
            ("a-b_c.d!e~f*g'h(i)", "a-b_c.d!e~f*g'h(i)"),
            ("1+1 = 100 %", "1%2B1%20%3D%20100%20%25"),
            ("", ""),
        ] {
            assert_eq!(form([("v", value)]), format!("v={encoded}"));
        }
    }

    #[test]
    fn pairs_are_joined_by_an_ampersand() {
        assert_eq!(form([("a", "1"), ("b", "é")]), "a=1&b=%C3%A9");
    }
}
