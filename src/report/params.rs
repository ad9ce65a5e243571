//! What was asked, as names and values: the request after percent-decoding, before any meaning.

use std::collections::BTreeMap;

/// The longest value that is read; what is longer is cut, at a character. A register of many features
/// is the longest that is asked about.
const LONGEST: usize = 1 << 18;

/// The parameters of one request. A name given twice keeps its last value, `name[]` collects all. A
/// name has a value or a list, never both: the later one counts, so that what is looked at to see
/// whether somebody may ask is what is answered.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Params {
    values: BTreeMap<String, String>,
    lists: BTreeMap<String, Vec<String>>,
}

impl Params {
    /// Reads decoded pairs in the order they came. Spaces around a value do not count.
    pub fn new(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut params = Self::default();
        for (name, value) in pairs {
            let value: String = value.trim().chars().take(LONGEST).collect();
            match name.split_once('[') {
                Some((base, _)) if name.ends_with(']') && !base.is_empty() => {
                    params.values.remove(base);
                    params.lists.entry(base.to_owned()).or_default().push(value);
                }
                _ => {
                    params.lists.remove(&name);
                    params.values.insert(name, value);
                }
            }
        }
        params
    }

    /// Adds what `other` has and this does not: a body never replaces the query.
    pub fn or(mut self, other: Self) -> Self {
        for (name, value) in other.values {
            if !self.lists.contains_key(&name) {
                self.values.entry(name).or_insert(value);
            }
        }
        for (name, list) in other.lists {
            if !self.values.contains_key(&name) {
                self.lists.entry(name).or_insert(list);
            }
        }
        self
    }

    /// The same request with one value set.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.lists.remove(name);
        self.values.insert(name.to_owned(), value.to_owned());
        self
    }

    /// The same request without some of its values.
    pub fn without(mut self, names: &[&str]) -> Self {
        for name in names {
            self.values.remove(*name);
            self.lists.remove(*name);
        }
        self
    }

    /// A value, also when it is empty.
    pub fn raw(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// A value that says something.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.raw(name).filter(|value| !value.is_empty())
    }

    /// A switch: `1` or `true`, in any case.
    pub fn is_on(&self, name: &str) -> bool {
        self.raw(name).is_some_and(|value| value == "1" || value.eq_ignore_ascii_case("true"))
    }

    /// A whole number; nothing when it is not one.
    pub fn integer(&self, name: &str) -> Option<i64> {
        self.get(name)?.parse().ok()
    }

    /// All values given as `name[]`, or the one given as `name`.
    pub fn list(&self, name: &str) -> Vec<&str> {
        match self.lists.get(name) {
            Some(list) => list.iter().map(String::as_str).collect(),
            None => self.get(name).into_iter().collect(),
        }
    }

    /// The parts of a value with commas, or of the values given as `name[]`.
    pub fn names(&self, name: &str) -> Vec<String> {
        let parts = self.list(name).into_iter().flat_map(|value| value.split(','));
        parts.map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(pairs: &[(&str, &str)]) -> Params {
        Params::new(pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())))
    }

    #[test]
    fn values_are_trimmed_and_the_last_one_counts() {
        let params = params(&[("period", "week"), ("period", " day "), ("idSite", "")]);
        assert_eq!(params.get("period"), Some("day"));
        assert_eq!((params.get("idSite"), params.raw("idSite")), (None, Some("")));
    }

    #[test]
    fn brackets_collect_a_list() {
        let params = params(&[("label[]", "a"), ("label[1]", "b"), ("[x]", "c")]);
        assert_eq!(params.list("label"), ["a", "b"]);
        assert_eq!(params.get("[x]"), Some("c"));
    }

    #[test]
    fn a_name_has_a_value_or_a_list() {
        let both = |pairs| (params(pairs).names("idSite"), params(pairs).get("idSite").is_some());
        assert_eq!(both(&[("idSite[]", "1"), ("idSite", "2")]), (vec!["2".to_owned()], true));
        assert_eq!(both(&[("idSite", "2"), ("idSite[]", "1")]), (vec!["1".to_owned()], false));
        let query = params(&[("idSite[]", "1")]).or(params(&[("idSite", "2")]));
        assert_eq!((query.names("idSite"), query.get("idSite")), (vec!["1".to_owned()], None));
        let query = params(&[("idSite", "1")]).or(params(&[("idSite[]", "2")]));
        assert_eq!(query.names("idSite"), ["1"]);
    }

    #[test]
    fn the_query_wins_over_the_body() {
        let both = params(&[("date", "today")]).or(params(&[("date", "x"), ("period", "day")]));
        assert_eq!((both.get("date"), both.get("period")), (Some("today"), Some("day")));
    }
}
