//! What the browsers of French schools and their teachers say they are.

/// A kind of machine. A class has one kind, a teacher at home any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Machine {
    Chromebook,
    IPad,
    AndroidTablet,
    Windows,
    Mac,
    Linux,
    IPhone,
    AndroidPhone,
}

/// A browser on a machine.
#[derive(Debug)]
pub(crate) struct Agent {
    pub(crate) machine: Machine,
    pub(crate) user_agent: &'static str,
    /// Screen size as `res` carries it.
    pub(crate) resolution: &'static str,
}

impl Agent {
    /// Whether it sends client hints, as browsers of the Chromium family do.
    pub(crate) fn has_client_hints(&self) -> bool {
        self.user_agent.contains("Chrome/")
    }
}

/// The agents of that kind of machine.
pub(crate) fn on(machine: Machine) -> impl Iterator<Item = &'static Agent> {
    AGENTS.iter().filter(move |agent| agent.machine == machine)
}

const fn agent(machine: Machine, resolution: &'static str, user_agent: &'static str) -> Agent {
    Agent { machine, user_agent, resolution }
}

/// Robots that say so: they are to be set aside, not counted.
pub(crate) const ROBOTS: [&str; 4] = [
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; \
     +https://openai.com/gptbot)",
    "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
];

/// People's browsers, most common ones more than once in different versions.
#[rustfmt::skip]
pub(crate) static AGENTS: [Agent; 40] = [
    agent(Machine::Chromebook, "1366x768", "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"),
    agent(Machine::Chromebook, "1366x768", "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36"),
    agent(Machine::Chromebook, "1536x864", "Mozilla/5.0 (X11; CrOS aarch64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"),
    agent(Machine::Chromebook, "1920x1080", "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/132.0.0.0 Safari/537.36"),
    agent(Machine::IPad, "810x1080", "Mozilla/5.0 (iPad; CPU OS 17_6_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Mobile/15E148 Safari/604.1"),
    agent(Machine::IPad, "810x1080", "Mozilla/5.0 (iPad; CPU OS 16_7_10 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 Mobile/15E148 Safari/604.1"),
    agent(Machine::IPad, "768x1024", "Mozilla/5.0 (iPad; CPU OS 15_8_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/15.6.6 Mobile/15E148 Safari/604.1"),
    agent(Machine::IPad, "768x1024", "Mozilla/5.0 (iPad; CPU OS 12_5_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/12.1.2 Mobile/15E148 Safari/604.1"),
    agent(Machine::IPad, "820x1180", "Mozilla/5.0 (iPad; CPU OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/138.0.7204.119 Mobile/15E148 Safari/604.1"),
    agent(Machine::AndroidTablet, "1200x1920", "Mozilla/5.0 (Linux; Android 13; SM-T500) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"),
    agent(Machine::AndroidTablet, "800x1280", "Mozilla/5.0 (Linux; Android 11; SM-T510) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"),
    agent(Machine::AndroidTablet, "800x1280", "Mozilla/5.0 (Linux; Android 11; SM-T290) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.0.0 Safari/537.36"),
    agent(Machine::AndroidTablet, "1200x2000", "Mozilla/5.0 (Linux; Android 14; SM-X210) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Safari/537.36"),
    agent(Machine::AndroidTablet, "800x1280", "Mozilla/5.0 (Linux; Android 10; Lenovo TB-X606F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36"),
    agent(Machine::AndroidTablet, "800x1280", "Mozilla/5.0 (Android 9; Tablet; rv:128.0) Gecko/128.0 Firefox/128.0"),
    agent(Machine::Windows, "1920x1080", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"),
    agent(Machine::Windows, "1366x768", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"),
    agent(Machine::Windows, "1600x900", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/109.0.0.0 Safari/537.36"),
    agent(Machine::Windows, "1920x1080", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0"),
    agent(Machine::Windows, "1536x864", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36 Edg/139.0.0.0"),
    agent(Machine::Windows, "1920x1080", "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0"),
    agent(Machine::Windows, "1366x768", "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"),
    agent(Machine::Windows, "1280x1024", "Mozilla/5.0 (Windows NT 6.1; Win64; x64; rv:115.0) Gecko/20100101 Firefox/115.0"),
    agent(Machine::Windows, "1920x1080", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36 OPR/122.0.0.0"),
    agent(Machine::Mac, "1440x900", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15"),
    agent(Machine::Mac, "1680x1050", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"),
    agent(Machine::Mac, "1512x982", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:143.0) Gecko/20100101 Firefox/143.0"),
    agent(Machine::Linux, "1366x768", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"),
    agent(Machine::Linux, "1280x1024", "Mozilla/5.0 (X11; Linux i686; rv:102.0) Gecko/20100101 Firefox/102.0"),
    agent(Machine::Linux, "1920x1080", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36"),
    agent(Machine::IPhone, "390x844", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1"),
    agent(Machine::IPhone, "375x812", "Mozilla/5.0 (iPhone; CPU iPhone OS 17_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Mobile/15E148 Safari/604.1"),
    agent(Machine::IPhone, "375x667", "Mozilla/5.0 (iPhone; CPU iPhone OS 16_7_11 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 Mobile/15E148 Safari/604.1"),
    agent(Machine::IPhone, "393x852", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0.7339.101 Mobile/15E148 Safari/604.1"),
    agent(Machine::AndroidPhone, "360x800", "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36"),
    agent(Machine::AndroidPhone, "412x915", "Mozilla/5.0 (Linux; Android 14; SM-A546B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36"),
    agent(Machine::AndroidPhone, "393x873", "Mozilla/5.0 (Linux; Android 13; Redmi Note 12) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Mobile Safari/537.36"),
    agent(Machine::AndroidPhone, "360x780", "Mozilla/5.0 (Linux; Android 12; SM-G973F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/135.0.0.0 Mobile Safari/537.36"),
    agent(Machine::AndroidPhone, "360x760", "Mozilla/5.0 (Android 13; Mobile; rv:143.0) Gecko/143.0 Firefox/143.0"),
    agent(Machine::AndroidPhone, "412x892", "Mozilla/5.0 (Linux; Android 11; moto g(30)) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Mobile Safari/537.36"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_machine_has_browsers_and_none_is_a_robot() {
        for machine in [
            Machine::Chromebook,
            Machine::IPad,
            Machine::AndroidTablet,
            Machine::Windows,
            Machine::Mac,
            Machine::Linux,
            Machine::IPhone,
            Machine::AndroidPhone,
        ] {
            assert!(on(machine).count() >= 3, "{machine:?}");
        }
        for agent in &AGENTS {
            assert!(!agent.user_agent.to_lowercase().contains("bot"), "{}", agent.user_agent);
            assert!(agent.resolution.len() <= 9, "{}", agent.resolution);
        }
    }
}
