//! Names and versions of browsers, mail and feed readers, libraries: as Matomo names them.

/// Agents that uap-core tells coarser than Matomo, or otherwise: what stands before the version, and
/// the name. The first that fits counts, so the more special stand first.
const OWN: &[(&str, &str)] = &[
    ("Liferea/", "Liferea"),
    ("Reeder/", "Reeder"),
    ("NetNewsWire/", "NetNewsWire"),
    ("Akregator/", "Akregator"),
    ("RSSOwl/", "RSSOwl"),
    ("FeedDemon/", "FeedDemon"),
    ("NewsFlash/", "NewsFlash"),
    ("Thunderbird/", "Thunderbird"),
    ("Airmail ", "Airmail"),
    ("Microsoft Outlook ", "Microsoft Outlook"),
    ("Instagram ", "Instagram"),
    ("FBAV/", "Facebook"),
    ("GSA/", "Google Search App"),
    ("Snapchat/", "Snapchat"),
    ("Pinterest/", "Pinterest"),
    ("MicroMessenger/", "WeChat"),
    ("CriOS/", "Chrome Mobile iOS"),
    ("FxiOS/", "Firefox Mobile iOS"),
    ("EdgA/", "Microsoft Edge"),
    ("EdgiOS/", "Microsoft Edge"),
    ("Edg/", "Microsoft Edge"),
    ("Edge/", "Microsoft Edge"),
    ("OPT/", "Opera Touch"),
    ("OPiOS/", "Opera Mini iOS"),
    ("OPX/", "Opera GX"),
    ("Opera Mini/", "Opera Mini"),
    ("Opera Mobi/", "Opera Mobile"),
    ("YaBrowser/", "Yandex Browser"),
    ("Vivaldi/", "Vivaldi"),
    ("Whale/", "Whale Browser"),
    ("SamsungBrowser/", "Samsung Browser"),
    ("HuaweiBrowser/", "Huawei Browser Mobile"),
    ("MiuiBrowser/", "MIUI Browser"),
    ("HeyTapBrowser/", "HeyTapBrowser"),
    ("VivoBrowser/", "vivo Browser"),
    ("UCBrowser/", "UC Browser"),
    ("UBrowser/", "UC Browser"),
    ("MQQBrowser/", "QQ Browser Mobile"),
    ("QQBrowser/", "QQ Browser"),
    ("MetaSr ", "Sogou Explorer"),
    ("QIHU 360SE", "360 Browser"),
    ("360SE", "360 Browser"),
    ("DuckDuckGo/", "DuckDuckGo Privacy Browser"),
    ("Ddg/", "DuckDuckGo Privacy Browser"),
    ("QwantMobile/", "Qwant Mobile"),
    ("QwantBrowser/", "Qwant Mobile"),
    ("EcosiaBrowser/", "Ecosia"),
    ("Ecosia android@", "Ecosia"),
    ("Ecosia ios@", "Ecosia"),
    ("Brave/", "Brave"),
    ("Klar/", "Firefox Klar"),
    ("Focus/", "Firefox Focus"),
    ("Puffin/", "Puffin Secure Browser"),
    ("Silk/", "Mobile Silk"),
    ("CoolNovo/", "CoolNovo"),
    ("Iron/", "Iron"),
    ("Comodo_Dragon/", "Comodo Dragon"),
    ("Falkon/", "Falkon"),
    ("QupZilla/", "QupZilla"),
    ("Otter/", "Otter Browser"),
    ("Epiphany/", "GNOME Web"),
    ("Midori/", "Midori"),
    ("rekonq/", "Rekonq"),
    ("Konqueror/", "Konqueror"),
    ("conkeror/", "Conkeror"),
    ("Chromium/", "Chromium"),
    ("HeadlessChrome/", "Headless Chrome"),
    ("chrome/", "Chrome"),
    ("Iceweasel/", "Iceweasel"),
    ("IceCat/", "IceCat"),
    ("Iceape/", "Iceape"),
    ("SeaMonkey/", "SeaMonkey"),
    ("PaleMoon/", "Pale Moon"),
    ("Waterfox/", "Waterfox"),
    ("Basilisk/", "Basilisk"),
    ("K-Meleon/", "K-meleon"),
    ("Camino/", "Camino"),
    ("Galeon/", "Galeon"),
    ("Flock/", "Flock"),
    ("BonEcho/", "Firefox"),
    ("GranParadiso/", "Firefox"),
    ("Minefield/", "Firefox"),
    ("Namoroka/", "Firefox"),
    ("Shiretoko/", "Firefox"),
    ("chromeframe/", "Chrome Frame"),
    ("chromeframe", "Chrome Frame"),
    ("Maxthon/", "Maxthon"),
    ("MAXTHON ", "Maxthon"),
    ("Maxthon", "Maxthon"),
    ("AOLBuild ", "AOL Explorer"),
    ("AOL ", "AOL Explorer"),
    ("Avant Browser", "Avant Browser"),
    ("Sleipnir/", "Sleipnir"),
    ("Lunascape", "Lunascape"),
    ("NetFront/", "NetFront"),
    ("UP.Browser/", "Openwave Mobile Browser"),
    ("SEMC-Browser/", "SEMC-Browser"),
    ("Dorado WAP-Browser/", "Dorado"),
    ("Obigo", "Obigo"),
    ("MAUI WAP Browser", "MAUI WAP Browser"),
    ("WAP Browser/MAUI", "MAUI WAP Browser"),
    ("Maui Browser", "MAUI WAP Browser"),
    ("NokiaBrowser/", "Nokia Browser"),
    ("BrowserNG/", "Nokia Browser"),
    ("ELinks", "Elinks"),
    ("Links (", "Links"),
    ("Lynx/", "Lynx"),
    ("w3m/", "w3m"),
    ("dwb", "dwb"),
    ("Dillo/", "Dillo"),
    ("NetSurf/", "NetSurf"),
    ("Python-urllib/", "Python urllib"),
    ("Ruby", "Ruby"),
    ("Faraday v", "Faraday"),
    ("python-requests/", "Python Requests"),
    ("python-httpx/", "HTTPX"),
    ("aiohttp/", "aiohttp"),
    ("curl/", "curl"),
    ("Wget/", "Wget"),
    ("Go-http-client/", "Go-http-client"),
    ("okhttp/", "OkHttp"),
    ("Apache-HttpClient/", "Apache HTTP Client"),
    ("Java/", "Java"),
    ("libwww-perl/", "Perl"),
    ("GuzzleHttp/", "Guzzle (PHP HTTP Client)"),
    ("axios/", "Axios"),
    ("node-fetch/", "Node Fetch"),
    ("HTTPie/", "HTTPie"),
    ("PostmanRuntime/", "Postman Desktop"),
    ("WinHttp.WinHttpRequest", "WinHttp WinHttpRequest"),
    ("Windows-RSS-Platform/", "Windows Feed Platform"),
];

/// The name and version of a browser, given what uap-core makes of it; no name where neither knows.
pub(super) fn of(agent: &str, family: &str, version: String) -> (&'static str, String) {
    if let Some((before, name)) = OWN.iter().find(|(before, _)| stands_in(agent, before)) {
        let after = agent.split_once(before).map_or("", |(_, rest)| rest);
        let own = after.trim_start_matches(['/', ' ', '(']);
        let own: String = own.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
        return (name, two_parts(&own));
    }
    (name(family, agent), version)
}

/// A name counts from the start of a word on: `Silk/` is not in `MySilk/`.
fn stands_in(agent: &str, before: &str) -> bool {
    agent.match_indices(before).any(|(at, _)| {
        let head = agent.get(..at).unwrap_or_default();
        !head.chars().next_back().is_some_and(|last| last.is_alphanumeric() || last == '-')
    })
}

/// `32.0.1700.107` → `32.0`.
pub(super) fn two_parts(version: &str) -> String {
    let parts: Vec<&str> = version.split('.').filter(|part| !part.is_empty()).take(2).collect();
    parts.join(".")
}

/// Matomo's name for a family of uap-core.
fn name(family: &str, agent: &str) -> &'static str {
    match family {
        "Chrome" => "Chrome",
        "Chrome Mobile" => "Chrome Mobile",
        "Chrome Mobile WebView" => "Chrome Webview",
        "Chrome Mobile iOS" => "Chrome Mobile iOS",
        "Firefox" => "Firefox",
        "Firefox Mobile" => "Firefox Mobile",
        "Firefox iOS" => "Firefox Mobile iOS",
        "Firefox Alpha" | "Firefox Beta" | "Firefox (Shiretoko)" | "Firefox (Minefield)" => {
            "Firefox"
        }
        "Edge" | "Edge Mobile" => "Microsoft Edge",
        "Safari" | "WebKit Nightly" | "Apple Mail" => "Safari",
        "IE Mobile" => "IE Mobile",
        "IE" => "Internet Explorer",
        "Opera" => "Opera",
        "Opera Mini" => "Opera Mini",
        "Opera Mobile" | "Opera Tablet" => "Opera Mobile",
        "Samsung Internet" => "Samsung Browser",
        "Amazon Silk" => "Mobile Silk",
        "BlackBerry" | "BlackBerry WebKit" => "BlackBerry Browser",
        "Android" => "Android Browser",
        "Netscape" => "Netscape",
        "Kindle" => "Kindle Browser",
        "Vivaldi" => "Vivaldi",
        "Brave" => "Brave",
        "AOL" => "AOL Explorer",
        // A program that shows pages on a phone says neither Safari nor a version.
        _ if agent.contains("iPhone") || agent.contains("iPad") || agent.contains("iPod") => {
            "Mobile Safari"
        }
        "Mobile Safari" | "Mobile Safari UI/WKWebView" => "Mobile Safari",
        "QtWebEngine" => "QtWebEngine",
        _ if agent.contains("MSIE ") => "Internet Explorer",
        _ if agent.contains("Safari/") && agent.contains("AppleWebKit") => "Safari",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_more_special_name_counts_with_its_own_version() {
        for (agent, family, name, version) in [
            (
                "Mozilla/5.0 (X11) AppleWebKit/537.36 (KHTML, like Gecko) Ubuntu Chromium/32.0.1700.102 Chrome/32.0.1700.102 Safari/537.36",
                "Chrome",
                "Chromium",
                "32.0",
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:24.0) Gecko/20140205 Firefox/24.0 Iceweasel/24.3.0",
                "Firefox",
                "Iceweasel",
                "24.3",
            ),
            (
                "Mozilla/4.0 (compatible; MSIE 7.0; AOL 9.1; Windows NT 5.1)",
                "AOL",
                "AOL Explorer",
                "9.1",
            ),
            ("Links (2.7; CYGWIN_NT-5.1)", "Links", "Links", "2.7"),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 7_0_4 like Mac OS X) AppleWebKit/537.51.1 (KHTML, like Gecko) Mobile/11B554a",
                "Mobile Safari UI/WKWebView",
                "Mobile Safari",
                "9",
            ),
            ("nothing known", "Other", "", "9"),
        ] {
            assert_eq!(of(agent, family, "9".into()), (name, version.to_owned()), "{agent}");
        }
    }
}
