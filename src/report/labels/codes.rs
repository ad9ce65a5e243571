//! Short codes of browsers and systems, as segments and icons name them.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What an address keeps as it is.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b' ');

/// A text as part of a query: a space is `+`.
pub(crate) fn encode(text: &str) -> String {
    utf8_percent_encode(text, KEPT).to_string().replace(' ', "+")
}

/// The key of a network whose name has a plus in it.
pub(super) fn encode_plus(text: &str) -> String {
    text.replace('+', "%2B")
}

/// The engine a browser draws pages with, and how it is called; nothing where that is not known.
pub(crate) fn engine_of(browser: &str) -> Option<(&'static str, &'static str)> {
    const BLINK: (&str, &str) = ("Blink", "Blink (Chrome, Opera)");
    const GECKO: (&str, &str) = ("Gecko", "Gecko (Firefox)");
    const WEBKIT: (&str, &str) = ("WebKit", "WebKit (Safari, Chrome)");
    Some(match browser {
        "Firefox" | "Firefox Mobile" | "SeaMonkey" | "Iceweasel" | "Camino" | "Waterfox"
        | "Firefox Klar" | "Flock" | "Galeon" | "Iceape" | "IceCat" | "K-meleon" => GECKO,
        // On these systems every browser is Safari underneath.
        "Firefox Mobile iOS" | "Chrome Mobile iOS" | "Opera Mini iOS" => WEBKIT,
        "Safari" | "Mobile Safari" | "Epiphany" | "Android Browser" | "BlackBerry Browser"
        | "GNOME Web" | "Nokia Browser" => WEBKIT,
        "Internet Explorer" | "IE Mobile" | "AOL Explorer" | "Avant Browser" | "Lunascape"
        | "Maxthon" => ("Trident", "Trident (IE)"),
        "Konqueror" => ("KHTML", "KHTML (Konqueror)"),
        "Opera Mini" => ("Presto", "Presto (Opera)"),
        "Lynx" | "Links" | "Elinks" => ("Text-based", "Text-based"),
        "360 Browser"
        | "Brave"
        | "Chrome"
        | "Chrome Frame"
        | "Chrome Mobile"
        | "Chrome Webview"
        | "Chromium"
        | "CoolNovo"
        | "DuckDuckGo Privacy Browser"
        | "Ecosia"
        | "Firefox Focus"
        | "Comodo Dragon"
        | "Headless Chrome"
        | "HeyTapBrowser"
        | "Iron"
        | "Opera Touch"
        | "QQ Browser"
        | "QQ Browser Mobile"
        | "Sogou Explorer"
        | "Huawei Browser Mobile"
        | "Microsoft Edge"
        | "MIUI Browser"
        | "Mobile Silk"
        | "Opera"
        | "Opera GX"
        | "Opera Mobile"
        | "Qwant Mobile"
        | "Samsung Browser"
        | "Vivaldi"
        | "Yandex Browser" => BLINK,
        _ => return None,
    })
}

/// Browsers by the name that is stored.
const BROWSERS: [(&str, &str); 43] = [
    ("360 Browser", "3B"),
    ("Android Browser", "AN"),
    ("AOL Explorer", "3A"),
    ("BlackBerry Browser", "BB"),
    ("Brave", "BR"),
    ("Camino", "CA"),
    ("Chrome", "CH"),
    ("Chrome Frame", "CF"),
    ("Chrome Mobile", "CM"),
    ("Chrome Mobile iOS", "CI"),
    ("Chrome Webview", "CV"),
    ("Chromium", "CR"),
    ("CoolNovo", "CN"),
    ("DuckDuckGo Privacy Browser", "DD"),
    ("Ecosia", "EC"),
    ("Epiphany", "EP"),
    ("Firefox", "FF"),
    ("Firefox Focus", "FK"),
    ("Firefox Mobile", "FM"),
    ("Firefox Mobile iOS", "4F"),
    ("Huawei Browser Mobile", "HU"),
    ("IE Mobile", "IM"),
    ("Iceweasel", "IW"),
    ("Internet Explorer", "IE"),
    ("Konqueror", "KO"),
    ("Links", "LI"),
    ("Lynx", "LX"),
    ("MAUI WAP Browser", "MW"),
    ("MIUI Browser", "MU"),
    ("Maxthon", "MX"),
    ("Microsoft Edge", "PS"),
    ("Mobile Safari", "MF"),
    ("Mobile Silk", "MS"),
    ("Opera", "OP"),
    ("Opera GX", "OG"),
    ("Opera Mini", "OI"),
    ("Opera Mobile", "OM"),
    ("Qwant Mobile", "QM"),
    ("Safari", "SF"),
    ("Samsung Browser", "SB"),
    ("SeaMonkey", "SM"),
    ("Vivaldi", "VI"),
    ("Yandex Browser", "YA"),
];

/// Systems by the name that is stored.
const SYSTEMS: [(&str, &str); 21] = [
    ("Android", "AND"),
    ("Chrome OS", "COS"),
    ("Debian", "DEB"),
    ("Fedora", "FED"),
    ("Fire OS", "FIR"),
    ("FreeBSD", "BSD"),
    ("GNU/Linux", "LIN"),
    ("HarmonyOS", "HAR"),
    ("KaiOS", "KOS"),
    ("Mac", "MAC"),
    ("Nintendo", "NDS"),
    ("PlayStation", "PS3"),
    ("Solaris", "SOS"),
    ("Tizen", "TIZ"),
    ("Ubuntu", "UBT"),
    ("Unix", "SOS"),
    ("Windows", "WIN"),
    ("Windows Mobile", "WPH"),
    ("Xbox", "XBX"),
    ("iOS", "IOS"),
    ("webOS", "WOS"),
];

/// The code of a browser; `UNK` when it has none here.
pub fn browser_code(name: &str) -> &'static str {
    code(&BROWSERS, name)
}

/// The code of a system; `UNK` when it has none here.
pub fn system_code(name: &str) -> &'static str {
    code(&SYSTEMS, name)
}

fn code(codes: &[(&str, &'static str)], name: &str) -> &'static str {
    codes.iter().find(|(it, _)| *it == name).map_or("UNK", |(_, code)| code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_encoded_as_in_a_query() {
        assert_eq!(encode("égypte ancienne"), "%C3%A9gypte+ancienne");
        assert_eq!(encode("a-b_c.d~e"), "a-b_c.d%7Ee");
    }

    #[test]
    fn every_browser_with_a_code_but_one_has_an_engine() {
        let without: Vec<_> =
            BROWSERS.iter().map(|(name, _)| *name).filter(|it| engine_of(it).is_none()).collect();
        assert_eq!(without, ["MAUI WAP Browser"]);
    }

    #[test]
    fn browsers_have_their_codes() {
        assert_eq!((browser_code("Mobile Safari"), browser_code("Netscape")), ("MF", "UNK"));
        assert_eq!(system_code("GNU/Linux"), "LIN");
    }
}
