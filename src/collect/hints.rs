//! Client hints: what a browser tells of itself beside its agent.

use std::sync::Arc;

use serde_json::Value;

/// Longer hints are nobody's.
const LONGEST: usize = 4_096;

/// Client hints as they came: `uadata` of the tracker, else the headers `Sec-CH-UA…`. Read by
/// [`Hints::told`] only where the same were not seen before. Like the agent, they go no further than
/// `strip`, and can neither be printed nor written.
#[derive(Default)]
pub struct Hints {
    pub(super) data: String,
    /// Values by what they tell: the headers' names without `sec-ch-ua`.
    headers: Vec<(&'static str, Arc<str>)>,
}

/// What hints tell: brands of the browser with their versions, the system and its version.
#[derive(Default)]
pub struct Told {
    pub brands: Vec<(String, String)>,
    pub platform: String,
    pub platform_version: String,
}

/// The headers that are looked at, and what they tell.
const HEADERS: [(&str, &str); 4] = [
    ("sec-ch-ua", "brands"),
    ("sec-ch-ua-full-version-list", "versions"),
    ("sec-ch-ua-platform", "platform"),
    ("sec-ch-ua-platform-version", "platform-version"),
];

impl Hints {
    /// Takes a header, if it is a hint. `name` is in small letters.
    pub fn take(&mut self, name: &str, value: &str) {
        if let Some((_, told)) = HEADERS.iter().find(|(header, _)| *header == name)
            && value.len() <= LONGEST
        {
            self.headers.push((told, value.into()));
        }
    }

    /// The same with the tracker's own hints, which count before the headers.
    pub(super) fn with(&self, data: Option<String>) -> Self {
        Self { data: data.unwrap_or_default(), headers: self.headers.clone() }
    }

    /// Everything that was told, for a key of what is remembered.
    pub fn parts(&self) -> impl Iterator<Item = &[u8]> {
        let headers = self.headers.iter().flat_map(|(told, it)| [told.as_bytes(), it.as_bytes()]);
        std::iter::once(self.data.as_bytes()).chain(headers)
    }

    /// What they tell; nothing where there are none, or none that can be read.
    pub fn told(&self) -> Told {
        let of_tracker = Told::of_json(&self.data);
        if !of_tracker.brands.is_empty() || !of_tracker.platform.is_empty() {
            return of_tracker;
        }
        let header = |told: &str| {
            let found = self.headers.iter().find(|(it, _)| *it == told);
            found.map(|(_, value)| &**value).unwrap_or_default()
        };
        let brands = match header("versions") {
            "" => header("brands"),
            versions => versions,
        };
        Told {
            brands: brand_list(brands),
            platform: unquoted(header("platform")).to_owned(),
            platform_version: unquoted(header("platform-version")).to_owned(),
        }
    }
}

impl Told {
    fn of_json(data: &str) -> Self {
        if data.len() > LONGEST {
            return Self::default();
        }
        let Ok(data) = serde_json::from_str::<Value>(data) else { return Self::default() };
        let text = |of: &Value, name: &str| {
            of.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        let list = |name| data.get(name).and_then(Value::as_array).filter(|it| !it.is_empty());
        let brands = list("fullVersionList").or_else(|| list("brands"));
        let brands = brands.into_iter().flatten();
        Self {
            brands: brands.map(|it| (text(it, "brand"), text(it, "version"))).collect(),
            platform: text(&data, "platform"),
            platform_version: text(&data, "platformVersion"),
        }
    }
}

/// `"Chromium";v="120", "Not:A-Brand";v="8"` as brands and versions.
fn brand_list(header: &str) -> Vec<(String, String)> {
    // What is quoted stands at every second place: a brand, then its version.
    let quoted: Vec<&str> = header.split('"').skip(1).step_by(2).collect();
    let pairs = quoted.chunks_exact(2).map(|pair| (pair[0].to_owned(), pair[1].to_owned()));
    pairs.collect()
}

fn unquoted(value: &str) -> &str {
    value.trim().trim_matches('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn brands(told: &Told) -> Vec<(&str, &str)> {
        told.brands.iter().map(|(brand, version)| (brand.as_str(), version.as_str())).collect()
    }

    #[test]
    fn the_tracker_s_hints_count_before_the_headers() {
        let mut hints = Hints::default();
        for (name, value) in [
            ("sec-ch-ua", r#""Chromium";v="119""#),
            ("sec-ch-ua-full-version-list", r#""Brave";v="1.60.1", "Not:A-Brand";v="8.0""#),
            ("sec-ch-ua-platform", r#""Windows""#),
            ("sec-ch-ua-platform-version", r#""15.0.0""#),
            ("sec-ch-ua-model", r#""Pixel 7""#),
        ] {
            hints.take(name, value);
        }
        let told = hints.told();
        assert_eq!(brands(&told), [("Brave", "1.60.1"), ("Not:A-Brand", "8.0")]);
        assert_eq!((&*told.platform, &*told.platform_version), ("Windows", "15.0.0"));
        let data = r#"{"brands":[{"brand":"Opera","version":"106"}],"fullVersionList":[],"platform":"macOS","platformVersion":"14.5.0","mobile":false}"#;
        let told = hints.with(Some(data.to_owned())).told();
        assert_eq!(brands(&told), [("Opera", "106")]);
        assert_eq!((&*told.platform, &*told.platform_version), ("macOS", "14.5.0"));
        let told = hints.with(Some("{}".to_owned())).told();
        assert_eq!(told.platform, "Windows", "an empty one tells nothing");
    }

    #[test]
    fn odd_hints_tell_nothing() {
        for data in ["", "[", "7", r#"{"brands":7,"platform":[]}"#, &"[".repeat(4_000)] {
            assert!(Told::of_json(data).brands.is_empty(), "{data}");
        }
        assert!(brand_list(r#"";v="#).is_empty() && brand_list("Chromium;v=1").is_empty());
    }
}
