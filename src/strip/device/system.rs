//! Families of operating systems, as Matomo names them.

/// What tells a system where uap-core does not, or tells another.
const OWN: &[(&[&str], &str)] = &[
    (&["Windows Phone"], "Windows Mobile"),
    (&["Windows NT", "; ARM;"], "Windows Mobile"),
    (&["CYGWIN_NT"], "Windows"),
    (&["MTK"], "Real-time OS"),
    (&["Nucleus"], "Real-time OS"),
    (&["Profile/MIDP"], "Real-time OS"),
    (&["MRE/"], "Real-time OS"),
    (&["KAIOS/"], "Firefox OS"),
    (&["HarmonyOS"], "Harmony OS"),
    // Power PCs count as Macs, whatever runs on them.
    (&["ppc"], "Mac"),
    (&["PPC"], "Mac"),
    (&["CFNetwork/", "x86_64"], "Mac"),
    (&["CFNetwork/", "MacBook"], "Mac"),
];

/// Where nothing else is told: words of any spelling.
const LAST: &[(&str, &str)] = &[
    ("freebsd", "Unix"),
    ("openbsd", "Unix"),
    ("netbsd", "Unix"),
    ("dragonfly", "Unix"),
    ("sunos", "Unix"),
    ("irix", "Unix"),
    ("hp-ux", "Unix"),
    ("aix", "Unix"),
    ("android", "Android"),
    ("iphone", "iOS"),
    ("ipad", "iOS"),
    ("cfnetwork/", "iOS"),
    ("windows", "Windows"),
    ("linux", "GNU/Linux"),
    ("macintosh", "Mac"),
];

/// The family of a system, given what uap-core makes of it; empty where neither knows.
pub(super) fn of(agent: &str, os: &str) -> &'static str {
    if let Some((_, name)) = OWN.iter().find(|(words, _)| words.iter().all(|w| agent.contains(w))) {
        return name;
    }
    match os {
        "Mac OS X" | "Mac OS" => "Mac",
        "iOS" | "iPadOS" | "watchOS" | "tvOS" | "ATV OS X" => "iOS",
        "Android" => "Android",
        "Chrome OS" | "Chromium OS" => "Chrome OS",
        "Windows CE" | "Windows Mobile" | "Windows Phone" | "Windows RT" => "Windows Mobile",
        "FreeBSD" | "OpenBSD" | "NetBSD" | "Solaris" | "AIX" => "Unix",
        "Linux" | "Ubuntu" | "Debian" | "Fedora" | "Red Hat" | "Arch Linux" | "Gentoo" | "Mint"
        | "Linux Mint" | "Slackware" | "SUSE" | "CentOS" | "Kubuntu" | "Mandriva" | "PCLinuxOS"
        | "Puppy" | "VectorLinux" | "Mageia" | "openSUSE" => "GNU/Linux",
        "BlackBerry OS" | "BlackBerry Tablet OS" => "BlackBerry",
        "Symbian OS" | "Symbian^3" | "Symbian^3 Anna" | "Symbian^3 Belle" | "Nokia Series 60" => {
            "Symbian"
        }
        "Firefox OS" | "KaiOS" => "Firefox OS",
        "Tizen" | "Bada" | "webOS" | "MeeGo" | "Maemo" | "Brew MP" => "Other Mobile",
        _ if os.starts_with("Windows") => "Windows",
        _ if agent.contains("PlayStation") || agent.contains("Nintendo") => "Gaming Console",
        _ => {
            let lower = agent.to_lowercase();
            LAST.iter().find(|(word, _)| lower.contains(word)).map_or("", |(_, name)| name)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn families_are_told() {
        for (agent, os, family) in [
            (
                "Mozilla/5.0 (Windows NT 6.3; ARM; Trident/7.0; Touch; rv:11.0) like Gecko",
                "Windows",
                "Windows Mobile",
            ),
            (
                "Links (2.7; CYGWIN_NT-5.1 1.7.15(0.260/5/3) i686; GNU C 4.5.3; text)",
                "Other",
                "Windows",
            ),
            (
                "Opera/9.80 (MTK; Opera Mini/2.1199/34.1244; U; id) Presto/2.8.119",
                "Other",
                "Real-time OS",
            ),
            ("QS304 Profile/MIDP-2.0 Configuration/CLDC-1.1", "Other", "Real-time OS"),
            ("Reeder/2.1.1 CFNetwork/672.0.8 Darwin/14.0.0", "Other", "iOS"),
            (
                "Safari/9537.73.11 CFNetwork/673.0.3 Darwin/13.0.0 (x86_64) (MacBookPro8%2C1)",
                "Other",
                "Mac",
            ),
            ("Wget/1.14 (linux-gnu)", "Other", "GNU/Linux"),
            ("distilator/0.1 (http://people.freebsd.org/~ehaupt/distilator/)", "Other", "Unix"),
            ("Mozilla/5.0 (Linux; U; en-us; KFAPWI Build/JDQ39) Silk/3.13", "Android", "Android"),
            ("-", "Other", ""),
        ] {
            assert_eq!(of(agent, os), family, "{agent}");
        }
    }
}
