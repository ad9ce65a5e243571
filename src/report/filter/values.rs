//! What the generic parameters do to lists of management methods.

use crate::report::{options::Options, params::Params, value::Value};

/// Searches, cuts and narrows a list of objects. An object keyed by numbers becomes a list as soon
/// as it is cut, which it is unless all rows are asked for.
pub(crate) fn values(value: Value, params: &Params) -> Value {
    let Ok(options) = Options::read(params) else { return value };
    let mut items = match (value, options.limit) {
        (Value::List(items), _) => items,
        (Value::Object(fields), Some(_)) if is_numbered(&fields) => {
            fields.into_iter().map(|(_, value)| value).collect()
        }
        (mut other, _) => {
            choose(&mut other, &options);
            return other;
        }
    };
    if let Some(pattern) = &options.pattern {
        let columns = columns(params);
        items.retain(|item| {
            let found = columns.iter().filter_map(|column| item.get(column));
            found.filter_map(as_text).any(|text| pattern.regex.is_match(&text))
        });
    }
    items.drain(..options.offset.min(items.len()));
    items.truncate(options.limit.unwrap_or(usize::MAX));
    items.iter_mut().for_each(|item| choose(item, &options));
    Value::List(items)
}

fn columns(params: &Params) -> Vec<String> {
    let columns = params.names("filter_column");
    if columns.is_empty() { vec!["label".to_owned()] } else { columns }
}

fn is_numbered(fields: &[(String, Value)]) -> bool {
    fields.first().is_some_and(|(name, value)| {
        name.chars().all(|c| c.is_ascii_digit()) && matches!(value, Value::Object(_))
    })
}

fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.clone()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::List(_) | Value::Object(_) => None,
    }
}

fn choose(item: &mut Value, options: &Options) {
    if let Value::Object(fields) = item {
        fields.retain(|(name, _)| {
            (options.show.is_empty() || options.show.contains(name)) && !options.hide.contains(name)
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::example::params;

    #[test]
    fn lists_are_cut_and_searched() {
        let site =
            |id: i64, name: &str| Value::object([("idsite", id.into()), ("name", name.into())]);
        let sites = Value::object([("3", site(3, "a")), ("4", site(4, "bb"))]);
        let list = |query: &str| values(sites.clone(), &params(query));
        assert_eq!(list("filter_limit=1"), Value::List(vec![site(3, "a")]));
        assert_eq!(list("filter_limit=-1"), sites);
        assert_eq!(list("filter_pattern=B&filter_column=name"), Value::List(vec![site(4, "bb")]));
        let ids = Value::object([("idsite", Value::from(4_i64))]);
        assert_eq!(list("showColumns=idsite&filter_offset=1"), Value::List(vec![ids]));
    }
}
