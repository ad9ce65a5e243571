//! The JSON of many hits.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{MOST_HITS, hit::text_of, params::Params};

/// Many hits of one request, in order.
#[derive(Default)]
pub struct Batch {
    /// Parameters of each hit; items without any parameter are not among them.
    pub hits: Vec<Params<'static>>,
    pub token: Option<String>,
    /// The sender does not want a body in the answer.
    pub silent: bool,
}

#[derive(Deserialize)]
struct Wire {
    #[serde(default)]
    requests: Vec<Value>,
    #[serde(default)]
    token_auth: Option<Value>,
    #[serde(default)]
    send_image: Option<Value>,
}

/// Whether a body holds many hits: told by its text, as clients label it with any content type.
pub fn is_bulk(body: &[u8]) -> bool {
    let found = |needle: &[u8]| memchr::memmem::find(body, needle).is_some_and(|at| at > 0);
    found(b"\"requests\"") || found(b"'requests'")
}

/// Reads a bulk body. What is no such JSON gives an empty batch, as with Matomo; nesting deeper
/// than `serde_json` allows (128) counts as that.
///
/// # Errors
/// More than [`MOST_HITS`] hits: the number of them, and nothing is taken.
pub fn parse_bulk(body: &[u8]) -> Result<Batch, usize> {
    let flat: Vec<u8> =
        body.iter().copied().filter(|byte| !matches!(byte, b'\n' | b'\r')).collect();
    let Ok(wire) = serde_json::from_slice::<Wire>(&flat) else {
        return Ok(Batch::default());
    };
    if wire.requests.len() > MOST_HITS {
        return Err(wire.requests.len());
    }
    Ok(Batch {
        hits: wire.requests.iter().filter_map(item).collect(),
        token: wire.token_auth.as_ref().map(text_of).filter(|token| !token.is_empty()),
        silent: wire.send_image.as_ref().is_some_and(falsy),
    })
}

fn falsy(value: &Value) -> bool {
    match value {
        Value::Bool(flag) => !flag,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => matches!(text.as_str(), "0" | "false" | ""),
        _ => false,
    }
}

fn item(value: &Value) -> Option<Params<'static>> {
    match value {
        Value::String(text) => {
            let (_, query) = text.split_once('?')?;
            let query = query.split('#').next().unwrap_or_default();
            Some(Params::of_hit(query.as_bytes()).into_owned()).filter(|params| !params.is_empty())
        }
        Value::Object(object) => Some(Params::from_pairs(pairs(object))),
        _ => None,
    }
}

fn pairs(object: &Map<String, Value>) -> Vec<(String, String)> {
    object.iter().map(|(name, value)| (name.clone(), text_of(value))).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn strings_addresses_and_objects_are_hits() {
        let body = br#"{"requests":["?idsite=1&rec=1","https://x.org/matomo.php?idsite=2","none",
            {"idsite":3,"rec":true,"cvar":{"1":["a","b"]}},7],"token_auth":"abc","send_image":0}"#;
        assert!(is_bulk(body));
        let batch = parse_bulk(body).unwrap();
        let sites: Vec<_> = batch.hits.iter().map(|hit| hit.get("idsite").unwrap()).collect();
        assert_eq!(sites, ["1", "2", "3"]);
        assert_eq!(batch.hits[2].get("cvar"), Some(r#"{"1":["a","b"]}"#));
        assert_eq!((batch.token.as_deref(), batch.silent), (Some("abc"), true));
    }

    #[test]
    fn what_is_no_json_is_an_empty_batch() {
        let deep = format!("{{\"requests\":{}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
        for body in ["x \"requests\" y", "{\"requests\":5}", deep.as_str()] {
            assert!(is_bulk(body.as_bytes()));
            assert!(parse_bulk(body.as_bytes()).unwrap().hits.is_empty());
        }
    }

    #[test]
    fn too_many_hits_are_refused_whole() {
        let body = format!("{{\"requests\":[{}0]}}", "0,".repeat(MOST_HITS));
        assert_eq!(parse_bulk(body.as_bytes()).err(), Some(MOST_HITS + 1));
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let mut body = b"{\"requests\":[".to_vec();
            body.extend(bytes);
            prop_assert!(parse_bulk(&body).is_ok());
        }
    }
}
