//! What client hints say otherwise than the agent, which browsers have frozen: the real version of
//! Windows, and the names of browsers that all call themselves Chrome.

use super::browser::two_parts;
use crate::collect::Told;

/// Brands and Matomo's names for them.
const BRANDS: &[(&str, &str)] = &[
    ("Google Chrome", "Chrome"),
    ("Microsoft Edge", "Microsoft Edge"),
    ("Opera", "Opera"),
    ("Opera GX", "Opera GX"),
    ("Opera Mini", "Opera Mini"),
    ("Brave", "Brave"),
    ("Vivaldi", "Vivaldi"),
    ("YaBrowser", "Yandex Browser"),
    ("Samsung Internet", "Samsung Browser"),
    ("DuckDuckGo", "DuckDuckGo Privacy Browser"),
    ("HuaweiBrowser", "Huawei Browser Mobile"),
    ("Whale", "Whale Browser"),
    ("Android WebView", "Chrome Webview"),
    ("Avast Secure Browser", "Avast Secure Browser"),
    ("AVG Secure Browser", "AVG Secure Browser"),
    ("CCleaner Browser", "CCleaner"),
    (CHROMIUM, CHROMIUM),
];
const CHROMIUM: &str = "Chromium";

/// Platforms and Matomo's names for these families.
const PLATFORMS: &[(&str, &str)] = &[
    ("Windows", "Windows"),
    ("macOS", "Mac"),
    ("Mac OS X", "Mac"),
    ("Linux", "GNU/Linux"),
    ("Chrome OS", "Chrome OS"),
    ("Chromium OS", "Chrome OS"),
    ("Android", "Android"),
    ("iOS", "iOS"),
];

/// Families that call themselves Android in hints.
const LIKE_ANDROID: &[&str] = &["Harmony OS", "Firefox OS"];

/// The browser and its version, where hints tell it; `agent` is what the agent told.
pub(super) fn browser(told: &Told, agent: (&'static str, String)) -> (&'static str, String) {
    let known = |(brand, version): &(String, String)| {
        let (_, name) = BRANDS.iter().find(|(it, _)| it == brand)?;
        Some((*name, two_parts(version)))
    };
    let mut brands = told.brands.iter().filter_map(known);
    let first = brands.next();
    // Every browser of that family also calls itself Chromium.
    let named = match first {
        Some((CHROMIUM, _)) => brands.find(|(name, _)| *name != CHROMIUM).or(first),
        first => first,
    };
    match named {
        // An agent that names another browser of the family knows better.
        Some((CHROMIUM, _)) if !agent.0.is_empty() => agent,
        None => agent,
        // On telephones the agent has the longer name.
        Some((name, version)) => {
            let is_mobile = agent.0.strip_prefix(name) == Some(" Mobile");
            let version = if version.is_empty() { agent.1 } else { version };
            (if is_mobile { agent.0 } else { name }, version)
        }
    }
}

/// The system and its version, where hints tell them.
pub(super) fn system(told: &Told, agent: (&'static str, String)) -> (&'static str, String) {
    let Some((_, name)) = PLATFORMS.iter().find(|(it, _)| *it == told.platform) else {
        return agent;
    };
    if *name == "Android" && LIKE_ANDROID.contains(&agent.0) {
        return agent;
    }
    let version = match *name {
        "Windows" => windows(&told.platform_version),
        _ => two_parts(&told.platform_version),
    };
    match version.is_empty() {
        true if agent.0 == *name => agent,
        _ => (name, version),
    }
}

/// The version of Windows of a number that counts its interfaces: from 13 on it is 11.
fn windows(version: &str) -> String {
    let mut parts = version.split('.').map(|part| part.parse::<u32>().unwrap_or_default());
    match (parts.next().unwrap_or_default(), parts.next().unwrap_or_default()) {
        (0, 1) => "7".to_owned(),
        (0, 2) => "8".to_owned(),
        (0, 3) => "8.1".to_owned(),
        (0, _) => String::new(),
        (1..=10, _) => "10".to_owned(),
        _ => "11".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(brands: &[(&str, &str)], platform: &str, version: &str) -> Told {
        let text = |(brand, version): &(&str, &str)| ((*brand).to_owned(), (*version).to_owned());
        Told {
            brands: brands.iter().map(text).collect(),
            platform: platform.to_owned(),
            platform_version: version.to_owned(),
        }
    }

    #[test]
    fn brands_tell_browsers_apart() {
        let chrome = || ("Chrome", "120.0".to_owned());
        let grease = ("Not:A-Brand", "8.0");
        for (brands, agent, want) in [
            (&[][..], chrome(), ("Chrome", "120.0")),
            (&[grease, ("Chromium", "120.0.1")], chrome(), ("Chrome", "120.0")),
            (&[("Chromium", "120.0.1"), ("Brave", "120.0.1")], chrome(), ("Brave", "120.0")),
            (&[grease, ("Google Chrome", "120.1.2")], chrome(), ("Chrome", "120.1")),
            (
                &[("Google Chrome", "120.0.3")],
                ("Chrome Mobile", "120.0".to_owned()),
                ("Chrome Mobile", "120.0"),
            ),
            (&[("Chromium", "119.0.1")], ("", String::new()), ("Chromium", "119.0")),
        ] {
            let (name, version) = browser(&told(brands, "", ""), agent);
            assert_eq!((name, version.as_str()), want, "{brands:?}");
        }
    }

    #[test]
    fn the_interfaces_of_windows_tell_its_version() {
        for (platform, version, agent, want) in [
            ("Windows", "15.0.0", ("Windows", "10"), ("Windows", "11")),
            ("Windows", "10.0.0", ("Windows", "10"), ("Windows", "10")),
            ("Windows", "0.3.0", ("Windows", "10"), ("Windows", "8.1")),
            ("Windows", "", ("Windows", "10"), ("Windows", "10")),
            ("macOS", "14.5.0", ("Mac", "10.15"), ("Mac", "14.5")),
            ("Linux", "", ("GNU/Linux", ""), ("GNU/Linux", "")),
            ("Android", "13.0.0", ("Harmony OS", ""), ("Harmony OS", "")),
            ("", "1.0", ("Mac", "10.15"), ("Mac", "10.15")),
        ] {
            let agent = (agent.0, agent.1.to_owned());
            let (name, found) = system(&told(&[], platform, version), agent);
            assert_eq!((name, found.as_str()), want, "{platform} {version}");
        }
    }
}
