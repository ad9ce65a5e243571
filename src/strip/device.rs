//! User agent → browser, system, kind of device, or bot. Names are Matomo's.

use std::{
    borrow::Cow,
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use ua_parser::{Extractor, Regexes};

use super::Text;

/// Agents remembered per shard before it is emptied; real traffic has a few thousand.
const REMEMBERED: usize = 4_096;
const SHARDS: usize = 16;

/// What a user agent tells, coarsely.
#[derive(Clone)]
pub struct Device {
    pub bot: bool,
    /// As segments spell it: `desktop`, `smartphone`, `tablet`…; `None`: unknown.
    pub kind: Option<Text>,
    pub browser: Text,
    pub browser_version: String,
    pub os: Text,
    pub os_version: String,
}

/// Recognises agents, and remembers what it recognised by a hash, never by the agent's text.
pub struct Agents {
    extractor: Extractor<'static>,
    memory: [Mutex<HashMap<[u8; 16], Arc<Device>>>; SHARDS],
}

impl Agents {
    /// Reads the patterns of uap-core (`regexes.yaml`).
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn read(patterns: &str) -> Result<Self, String> {
        let regexes: Regexes<'static> =
            serde_yaml_ng::from_str(patterns).map_err(|error| error.to_string())?;
        let extractor = Extractor::try_from(regexes).map_err(|error| error.to_string())?;
        Ok(Self { extractor, memory: Default::default() })
    }

    /// What an agent is.
    pub fn look_up(&self, agent: &str) -> Device {
        let hash = blake3::hash(agent.as_bytes());
        let mut key = [0; 16];
        key.copy_from_slice(hash.as_bytes().split_at(16).0);
        let shard = &self.memory[usize::from(key[0]) % SHARDS];
        if let Some(known) = shard.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Device::clone(known);
        }
        let device = self.recognise(agent);
        let mut memory = shard.lock().unwrap_or_else(PoisonError::into_inner);
        if memory.len() >= REMEMBERED {
            memory.clear();
        }
        memory.insert(key, Arc::new(device.clone()));
        device
    }

    fn recognise(&self, agent: &str) -> Device {
        // The patterns are written for agents of ordinary length.
        let agent = agent.get(..agent.floor_char_boundary(1_024)).unwrap_or_default();
        let (browser, os, device) = self.extractor.extract(agent);
        let text = |text: Option<Cow<'_, str>>| text.map(Cow::into_owned).unwrap_or_default();
        let (family, browser_version) = browser.map_or((String::new(), String::new()), |browser| {
            (browser.family.into_owned(), version(browser.major, browser.minor))
        });
        let (system, os_version) = os.map_or((String::new(), String::new()), |os| {
            (os.os.into_owned(), version(os.major.as_deref(), os.minor.as_deref()))
        });
        let model = text(device.map(|device| device.device));
        let os = system_name(&system, agent);
        Device {
            bot: is_bot(agent, &model),
            kind: kind(agent, os, &model).map(Text::new),
            browser: Text::new(browser_name(&family, agent)),
            browser_version,
            os: Text::new(os),
            os_version,
        }
    }
}

fn version(major: Option<&str>, minor: Option<&str>) -> String {
    match (major, minor) {
        (Some(major), Some(minor)) => format!("{major}.{minor}"),
        (Some(major), None) => major.to_owned(),
        _ => String::new(),
    }
}

/// Words that only robots, feed readers and checkers say of themselves.
const ROBOTS: [&str; 36] = [
    "bot/",
    "bot;",
    "bot)",
    "bot-",
    "bot ",
    "bot_",
    "crawler",
    "spider",
    "slurp",
    "+http",
    "facebookexternalhit",
    "mediapartners",
    "archiver",
    "fetcher",
    "feedburner",
    "monitoring",
    "-rss",
    "rss/",
    "theoldreader",
    "feedly",
    "ezooms",
    "siteexplorer",
    "livejournal.com (",
    "validator",
    "link sleuth",
    "portscout",
    "google favicon",
    "binlar",
    "bingpreview",
    "google web preview",
    "flipboardproxy",
    "appengine-google",
    "nutch",
    "embedly",
    "robosourcer",
    "genieo",
];

/// A browser without a window is still a browser; tests and screen readers use it.
fn is_bot(agent: &str, model: &str) -> bool {
    let lower = agent.to_lowercase();
    if lower.contains("headlesschrome") && !lower.contains("bot") {
        return false;
    }
    model == "Spider" || lower.ends_with("bot") || ROBOTS.iter().any(|word| lower.contains(word))
}

/// Matomo's name for a browser that uap-core names otherwise; empty where neither knows it.
fn browser_name<'a>(family: &'a str, agent: &str) -> &'a str {
    match family {
        "" | "Other" => "",
        "HeadlessChrome" => "Headless Chrome",
        "Edge" | "Edge Mobile" => "Microsoft Edge",
        "Mobile Safari UI/WKWebView" => "Mobile Safari",
        "IE" if agent.contains("chromeframe") => "Chrome Frame",
        "IE" => "Internet Explorer",
        "Chrome Mobile WebView" => "Chrome Webview",
        "Firefox iOS" => "Firefox Mobile iOS",
        "Samsung Internet" => "Samsung Browser",
        "Amazon Silk" => "Mobile Silk",
        "Android" => "Android Browser",
        "AOL" => "AOL Explorer",
        "Python-urllib" => "Python urllib",
        "Chrome Frame" => "Chrome Frame",
        "Maui Browser" | "MAUI" => "MAUI WAP Browser",
        other => other,
    }
}

fn system_name<'a>(os: &'a str, agent: &str) -> &'a str {
    match os {
        "" | "Other" => "",
        "Mac OS X" | "Mac OS" => "Mac",
        "iOS" | "iPadOS" => "iOS",
        "Chrome OS" => "Chrome OS",
        "Windows Phone" => "Windows Mobile",
        "Windows CE" | "Windows Mobile" => "Windows Mobile",
        "FreeBSD" | "OpenBSD" | "NetBSD" | "Solaris" => "Unix",
        "Linux" | "Ubuntu" | "Debian" | "Fedora" | "Red Hat" | "Arch Linux" | "Gentoo" | "Mint"
        | "Linux Mint" | "Slackware" | "SUSE" | "CentOS" | "Kubuntu" | "Mandriva" | "PCLinuxOS"
        | "Puppy" | "VectorLinux" => "GNU/Linux",
        _ if os.starts_with("Windows") => "Windows",
        "Android" if agent.contains("Windows Phone") => "Windows Mobile",
        other => other,
    }
}

fn kind(agent: &str, os: &str, model: &str) -> Option<&'static str> {
    let has = |word: &str| agent.contains(word);
    let television =
        ["SmartTV", "SMART-TV", "HbbTV", "AppleTV", "GoogleTV", "BRAVIA", "CrKey", "Web0S"];
    if television.iter().any(|word| has(word)) {
        return Some("tv");
    }
    if ["PlayStation", "Xbox", "Nintendo"].iter().any(|word| has(word)) {
        return Some("console");
    }
    match os {
        "iOS" if has("iPad") => Some("tablet"),
        "iOS" if has("iPod") => Some("portable media player"),
        "iOS" => Some("smartphone"),
        "Android" if has("Mobile") => Some("smartphone"),
        "Android" => Some("tablet"),
        "Windows Mobile" | "KaiOS" | "Firefox OS" | "BlackBerry OS" | "Symbian OS" => {
            Some("smartphone")
        }
        "Windows" if has("Touch; Tablet PC") || has("Tablet PC") && has("Touch") => Some("tablet"),
        "Windows" | "Mac" | "GNU/Linux" | "Chrome OS" | "Unix" => Some("desktop"),
        _ if model == "Generic Feature Phone" => Some("feature phone"),
        _ if model == "Generic Smartphone" => Some("smartphone"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agents() -> Agents {
        Agents::read(crate::strip::PATTERNS).unwrap()
    }

    #[test]
    fn the_browsers_of_schools_are_known() {
        let agents = agents();
        for (agent, browser, os, kind) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
                "Chrome",
                "Windows",
                "desktop",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0",
                "Microsoft Edge",
                "Windows",
                "desktop",
            ),
            (
                "Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 Mobile/15E148 Safari/604.1",
                "Mobile Safari",
                "iOS",
                "tablet",
            ),
            (
                "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Safari/537.36",
                "Chrome",
                "Chrome OS",
                "desktop",
            ),
            (
                "Mozilla/5.0 (Linux; Android 12; SM-T500) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36",
                "Chrome",
                "Android",
                "tablet",
            ),
            (
                "Mozilla/5.0 (Linux; Android 13; SM-A536B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Mobile Safari/537.36",
                "Chrome Mobile",
                "Android",
                "smartphone",
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:25.0) Gecko/20100101 Firefox/25.0",
                "Firefox",
                "GNU/Linux",
                "desktop",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
                "Safari",
                "Mac",
                "desktop",
            ),
        ] {
            let device = agents.look_up(agent);
            let kind_got = device.kind.as_ref().map(|kind| kind.text.to_string());
            assert_eq!(
                (&*device.browser.text, &*device.os.text, kind_got.as_deref()),
                (browser, os, Some(kind)),
                "{agent}"
            );
            assert!(!device.bot, "{agent}");
        }
    }

    #[test]
    fn robots_are_told_from_browsers() {
        let agents = agents();
        for (agent, bot) in [
            ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", true),
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/156.0.0.0 Safari/537.36",
                false,
            ),
            ("curl/8.0", false),
            ("", false),
        ] {
            assert_eq!(agents.look_up(agent).bot, bot, "{agent}");
        }
    }
}
