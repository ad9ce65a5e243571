//! Kinds of devices, by the rules of Matomo's detector: what the agent says of its device first,
//! then what is likely of its system.

/// Words that name a kind by themselves; the first that is found counts.
const WORDS: &[(&str, &str)] = &[
    ("Xbox", "console"),
    ("PlayStation", "console"),
    ("Nintendo", "console"),
    ("SmartTV", "tv"),
    ("SMART-TV", "tv"),
    ("Smart TV", "tv"),
    ("HbbTV", "tv"),
    ("AppleTV", "tv"),
    ("Apple TV", "tv"),
    ("GoogleTV", "tv"),
    ("Google TV", "tv"),
    ("Android TV", "tv"),
    ("BRAVIA", "tv"),
    ("CrKey", "tv"),
    ("Web0S", "tv"),
    ("NetCast", "tv"),
    ("VIERA", "tv"),
    ("Opera TV Store", "tv"),
    (" OMI/", "tv"),
    ("(TV;", "tv"),
    ("AFTT", "tv"),
    ("AFTS", "tv"),
    ("AFTM", "tv"),
    ("Watch", "wearable"),
    ("Echo Show", "smart display"),
    ("iPad", "tablet"),
    ("iPod", "portable media player"),
    ("iPhone", "smartphone"),
    ("PlayBook", "tablet"),
    ("Kindle", "tablet"),
    ("Tablet PC", ""),
    ("Tablet", "tablet"),
    ("Opera Tablet", "tablet"),
    ("Android; Mobile;", "smartphone"),
    ("Windows Phone", "smartphone"),
    ("Symbian", "smartphone"),
    ("SymbOS", "smartphone"),
    ("BlackBerry", "smartphone"),
    ("BB10", "smartphone"),
];

/// How models of Android begin that are another kind than their agent's `Mobile` tells.
const MODELS: &[(&str, &str)] = &[
    ("SM-N9", "phablet"),
    ("SM-N7", "phablet"),
    ("GT-N7", "phablet"),
    ("Nexus 6 ", "phablet"),
    ("MI MAX", "phablet"),
    ("SM-T", "tablet"),
    ("SM-P", "tablet"),
    ("SM-X", "tablet"),
    ("GT-P", "tablet"),
    ("GT-N5", "tablet"),
    ("GT-N8", "tablet"),
    ("Nexus 7", "tablet"),
    ("Nexus 9", "tablet"),
    ("Nexus 10", "tablet"),
    ("Pixel C", "tablet"),
    ("Lenovo TB", "tablet"),
    ("TB-", "tablet"),
    ("AGS", "tablet"),
    ("BTV-", "tablet"),
    ("BAH", "tablet"),
    ("MediaPad", "tablet"),
    ("Transformer", "tablet"),
    ("Xoom", "tablet"),
    ("KF", "tablet"),
];

/// Telephones from before Android that name their make at the start of the agent.
const MAKES: [&str; 18] = [
    "SAMSUNG-",
    "Nokia",
    "LG-",
    "LGE-",
    "SonyEricsson",
    "MOT-",
    "LAVA",
    "Micromax",
    "HTC",
    "ZTE",
    "HUAWEI",
    "ALCATEL",
    "Lenovo-",
    "Spice",
    "Karbonn",
    "Palm",
    "PANTECH",
    "SHARP",
];

/// The kind, as segments spell it; `None`: unknown.
pub(super) fn of(agent: &str, os: &str, os_version: &str) -> Option<&'static str> {
    if let Some(kind) = said(agent) {
        return Some(kind);
    }
    let mobile = agent.contains("Mobile");
    match os {
        "Android" => return Some(android(agent, os_version, mobile)),
        "Firefox OS" => return Some("feature phone"),
        _ if MAKES.iter().any(|make| agent.starts_with(make)) => return Some("smartphone"),
        "Real-time OS" if agent.contains("Profile/MIDP") => return Some("feature phone"),
        "Windows Mobile" if !agent.contains("; ARM;") => return Some("smartphone"),
        _ => {}
    }
    if agent.contains("Touch") && touches(os, os_version) {
        return Some("tablet");
    }
    ["Windows", "Mac", "GNU/Linux", "Chrome OS", "Unix"].contains(&os).then_some("desktop")
}

fn said(agent: &str) -> Option<&'static str> {
    WORDS
        .iter()
        .find(|(word, _)| agent.contains(word))
        .map(|(_, kind)| *kind)
        .filter(|it| !it.is_empty())
}

/// Windows 8 and later on a device that is touched, and Windows RT.
fn touches(os: &str, version: &str) -> bool {
    let major: u32 = version.split('.').next().and_then(|it| it.parse().ok()).unwrap_or(0);
    os == "Windows Mobile" || os == "Windows" && (8..100).contains(&major)
}

fn android(agent: &str, version: &str, mobile: bool) -> &'static str {
    let named = |start: &str| {
        agent.split([';', '(', '/']).any(|part| {
            part.trim_start().strip_prefix(start).is_some_and(|rest| {
                // `KF…` are Kindle Fires where capital letters go on.
                start != "KF" || rest.starts_with(|next: char| next.is_ascii_uppercase())
            })
        })
    };
    if let Some((_, kind)) = MODELS.iter().find(|(start, _)| named(start)) {
        return kind;
    }
    if mobile {
        return "smartphone";
    }
    // Only tablets ran Android 3, and none ran 1; a program's own agent says nothing of `Mobile`.
    let major = version.split('.').next().unwrap_or_default();
    match major {
        "1" => "smartphone",
        "3" => "tablet",
        _ if agent.contains("AppleWebKit") || agent.contains("Gecko/") => "tablet",
        _ => "smartphone",
    }
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn kinds_are_told() {
        for (agent, os, version, kind) in [
            (
                "Mozilla/5.0 (Linux; Android 12; SM-T500) AppleWebKit/537.36 Chrome/124.0.0.0 Safari/537.36",
                "Android",
                "12",
                Some("tablet"),
            ),
            (
                "Mozilla/5.0 (Linux; Android 13; SM-A536B) AppleWebKit/537.36 Chrome/125.0.0.0 Mobile Safari/537.36",
                "Android",
                "13",
                Some("smartphone"),
            ),
            (
                "Mozilla/5.0 (Linux; Android 4.3; SM-N9005 Build/JSS15J) AppleWebKit/537.36 Chrome/32.0.1700.99 Mobile Safari/537.36",
                "Android",
                "4.3",
                Some("phablet"),
            ),
            (
                "Mozilla/5.0 (Linux; U; en-us; KFAPWI Build/JDQ39) AppleWebKit/535.19 Silk/3.13 Safari/535.19",
                "Android",
                "",
                Some("tablet"),
            ),
            (
                "Mozilla/5.0 (Android; Tablet; rv:27.0) Gecko/27.0 Firefox/27.0",
                "Android",
                "",
                Some("tablet"),
            ),
            (
                "Instagram 3.0.4 Android (8/2.2.1; 240dpi; 480x800; HTC/verizon_wwe)",
                "Android",
                "2.2",
                Some("smartphone"),
            ),
            (
                "Mozilla/5.0 (Windows NT 6.3; ARM; Trident/7.0; Touch; rv:11.0) like Gecko",
                "Windows Mobile",
                "8.1",
                Some("tablet"),
            ),
            (
                "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Tablet PC 2.0)",
                "Windows",
                "7",
                Some("desktop"),
            ),
            (
                "Mozilla/5.0 (Windows NT 6.3; Trident/7.0; Touch; rv:11.0) like Gecko",
                "Windows",
                "8.1",
                Some("tablet"),
            ),
            (
                "QS304 Profile/MIDP-2.0 Configuration/CLDC-1.1",
                "Real-time OS",
                "",
                Some("feature phone"),
            ),
            (
                "SAMSUNG-GT-E2232/1.0 Openwave/6.2.3 Profile/MIDP-2.0",
                "Real-time OS",
                "",
                Some("smartphone"),
            ),
            ("Opera/9.80 (MTK; Opera Mini/2.1199/34.1244; U; id)", "Real-time OS", "", None),
            ("Reeder/2.1.1 CFNetwork/672.0.8 Darwin/14.0.0", "iOS", "7", None),
            ("-", "", "", None),
        ] {
            assert_eq!(of(agent, os, version), kind, "{agent}");
        }
    }
}
