//! One line of an access log in combined format → one hit.

use jiff::fmt::strtime;
use serde_json::{Value, json};

use crate::site::SiteId;

/// Why a line is no hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Skipped {
    Malformed,
    Method,
    Redirect,
    Error,
    StaticFile,
    Robot,
}

impl Skipped {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Malformed => "not in combined format",
            Self::Method => "neither GET, HEAD nor POST",
            Self::Redirect => "redirected (status 3xx)",
            Self::Error => "failed (status 4xx or 5xx)",
            Self::StaticFile => "picture, style, script, font, feed or robots.txt",
            Self::Robot => "robot",
        }
    }
}

/// What a line tells.
#[derive(Debug, PartialEq)]
pub(super) struct LogHit {
    address: String,
    time: i64,
    target: String,
    referrer: String,
    agent: String,
    download: bool,
}

/// Endings of files that are part of a page.
const STATIC: [&str; 20] = [
    "gif", "jpg", "jpeg", "png", "bmp", "ico", "svg", "svgz", "webp", "css", "js", "mjs", "woff",
    "woff2", "ttf", "otf", "eot", "class", "swf", "xml",
];

/// Endings of files that are worth a download, as Matomo's client has them.
const DOWNLOADS: [&str; 46] = [
    "7z", "aac", "arc", "arj", "asf", "asx", "avi", "bin", "csv", "deb", "dmg", "doc", "docx",
    "epub", "exe", "flv", "gz", "gzip", "jar", "mp2", "mp3", "mp4", "mpg", "mpeg", "mov", "msi",
    "odp", "ods", "odt", "ogg", "pdf", "ppt", "pptx", "rar", "rpm", "rtf", "tar", "tbz", "bz2",
    "tgz", "torrent", "wav", "wmv", "xls", "xlsx", "zip",
];

/// Programs that are nobody's eyes.
const ROBOTS: [&str; 12] = [
    "googlebot",
    "bingbot",
    "msnbot",
    "baiduspider",
    "yandexbot",
    "ahrefsbot",
    "crawler",
    "spider",
    "slurp",
    "archiver",
    "monitoring",
    "feedburner",
];

impl LogHit {
    /// When it happened, Unix seconds.
    pub(super) fn time(&self) -> i64 {
        self.time
    }

    /// The tracking parameters of the hit; the log only knows paths, below the site's main address.
    pub(super) fn into_params(self, site: SiteId, main_url: &str) -> Value {
        let url = format!("{main_url}{}", self.target);
        let mut params = json!({
            "idsite": site.to_string(), "rec": "1", "apiv": "1", "dp": "1", "send_image": "0",
            "url": url, "urlref": self.referrer, "ua": self.agent,
            "cip": self.address, "cdt": self.time.to_string(),
        });
        if self.download {
            params["download"] = params["url"].clone();
        }
        params
    }
}

/// Reads a line such as
/// `192.0.2.1 - - [17/May/2015:10:05:03 +0000] "GET /a HTTP/1.1" 200 3 "http://b/" "Mozilla/5.0"`.
pub(super) fn understood(line: &str) -> Result<LogHit, Skipped> {
    let (address, rest) = line.trim_end().split_once(' ').ok_or(Skipped::Malformed)?;
    let (_, rest) = rest.split_once('[').ok_or(Skipped::Malformed)?;
    let (time, rest) = rest.split_once(']').ok_or(Skipped::Malformed)?;
    let time = strtime::parse("%d/%b/%Y:%H:%M:%S %z", time).and_then(|time| time.to_timestamp());
    let time = time.map_err(|_| Skipped::Malformed)?.as_second();
    let (request, rest) = quoted(rest).ok_or(Skipped::Malformed)?;
    let mut numbers = rest.split_whitespace();
    let status: u16 = numbers.next().and_then(|it| it.parse().ok()).ok_or(Skipped::Malformed)?;
    let (referrer, rest) = quoted(rest).unwrap_or_default();
    let (agent, _) = quoted(rest).unwrap_or_default();
    let mut request = request.split(' ');
    if !matches!(request.next(), Some("GET" | "HEAD" | "POST")) {
        return Err(Skipped::Method);
    }
    let target =
        request.next().filter(|target| target.starts_with('/')).ok_or(Skipped::Malformed)?;
    match status {
        300..=399 if status != 304 => return Err(Skipped::Redirect),
        400.. => return Err(Skipped::Error),
        _ => (),
    }
    let lower = agent.to_ascii_lowercase();
    if ROBOTS.iter().any(|robot| lower.contains(robot)) {
        return Err(Skipped::Robot);
    }
    let path = target.split(['?', '#']).next().unwrap_or_default();
    let ending = path
        .rsplit('/')
        .next()
        .and_then(|name| name.rsplit_once('.'))
        .map(|(_, it)| it.to_ascii_lowercase());
    let ending = ending.unwrap_or_default();
    if STATIC.contains(&ending.as_str()) || path == "/robots.txt" {
        return Err(Skipped::StaticFile);
    }
    let dash = |text: &str| if text == "-" { String::new() } else { text.to_owned() };
    Ok(LogHit {
        address: address.to_owned(),
        time,
        target: target.to_owned(),
        referrer: dash(&referrer),
        agent: dash(&agent),
        download: DOWNLOADS.contains(&ending.as_str()),
    })
}

/// The next quoted text, unescaped, and what follows it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let (_, rest) = text.split_once('"')?;
    let mut inner = String::new();
    let mut characters = rest.char_indices();
    while let Some((at, c)) = characters.next() {
        match c {
            '"' => return Some((inner, rest.get(at + 1..)?)),
            '\\' => inner.extend(characters.next().map(|(_, escaped)| escaped)),
            c => inner.push(c),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LINE: &str = r#"192.0.2.1 - - [17/May/2015:10:05:03 +0000] "GET /a/b.pdf?x=1 HTTP/1.1" 200 203 "http://c.org/?q=\"d\"" "Mozilla/5.0 (X11)""#;

    #[test]
    fn a_line_is_a_hit() {
        assert_eq!(
            understood(LINE),
            Ok(LogHit {
                address: "192.0.2.1".into(),
                time: 1_431_857_103,
                target: "/a/b.pdf?x=1".into(),
                referrer: "http://c.org/?q=\"d\"".into(),
                agent: "Mozilla/5.0 (X11)".into(),
                download: true,
            })
        );
    }

    #[test]
    fn lines_that_are_no_hit_say_why() {
        let with = |from: &str, to: &str| understood(&LINE.replace(from, to)).err();
        assert_eq!(understood("").err(), Some(Skipped::Malformed));
        assert_eq!(with("17/May", "17/Foo"), Some(Skipped::Malformed));
        assert_eq!(with("GET", "OPTIONS"), Some(Skipped::Method));
        assert_eq!(with("\" 200", "\" 301"), Some(Skipped::Redirect));
        assert_eq!(with("\" 200", "\" 304"), None);
        assert_eq!(with("\" 200", "\" 404"), Some(Skipped::Error));
        assert_eq!(with("b.pdf", "b.PNG"), Some(Skipped::StaticFile));
        assert_eq!(with("/a/b.pdf", "/robots.txt"), Some(Skipped::StaticFile));
        assert_eq!(with("Mozilla/5.0 (X11)", "Googlebot/2.1"), Some(Skipped::Robot));
    }

    proptest! {
        #[test]
        fn any_line_is_survived(line in "\\PC{0,200}", cut in 0_usize..200) {
            understood(&line).ok();
            understood(LINE.get(..cut).unwrap_or(LINE)).ok();
        }
    }
}
