//! User agent → browser, system, kind of device, or bot. Names are Matomo's.

mod browser;
mod hints;
mod kind;
mod robot;
mod system;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use ua_parser::{Extractor, Regexes};

use super::Text;
use crate::collect::{Hints, Told};

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

    /// What an agent and its hints are.
    pub fn look_up(&self, agent: &str, hints: &Hints) -> Device {
        let mut hasher = blake3::Hasher::new();
        hasher.update(agent.as_bytes());
        for part in hints.parts() {
            hasher.update(&[0]).update(part);
        }
        let mut key = [0; 16];
        key.copy_from_slice(hasher.finalize().as_bytes().split_at(16).0);
        let shard = &self.memory[usize::from(key[0]) % SHARDS];
        if let Some(known) = shard.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Device::clone(known);
        }
        let device = self.recognise(agent, &hints.told());
        let mut memory = shard.lock().unwrap_or_else(PoisonError::into_inner);
        if memory.len() >= REMEMBERED {
            memory.clear();
        }
        memory.insert(key, Arc::new(device.clone()));
        device
    }

    fn recognise(&self, agent: &str, told: &Told) -> Device {
        // The patterns are written for agents of ordinary length.
        let agent = agent.get(..agent.floor_char_boundary(1_024)).unwrap_or_default();
        let (browser, os, _) = self.extractor.extract(agent);
        let (family, browser_version) = browser.map_or((String::new(), String::new()), |browser| {
            (browser.family.into_owned(), version(browser.major, browser.minor))
        });
        let (system, os_version) = os.map_or((String::new(), String::new()), |os| {
            (os.os.into_owned(), version(os.major.as_deref(), os.minor.as_deref()))
        });
        let (os, os_version) = hints::system(told, (system::of(agent, &system), os_version));
        let browser = browser::of(agent, &family, browser_version);
        let (browser, browser_version) = hints::browser(told, browser);
        Device {
            bot: robot::is(agent),
            kind: kind::of(agent, os, &os_version).map(Text::new),
            browser: Text::new(browser),
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
            let device = agents.look_up(agent, &Hints::default());
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
            assert_eq!(agents.look_up(agent, &Hints::default()).bot, bot, "{agent}");
        }
    }
}
