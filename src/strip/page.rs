//! Page addresses: cut apart, cleaned as Matomo cleans them, and reduced to plain paths.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use regex::{Regex, RegexBuilder};

use super::{Dropped, Rules, draft::Draft};

/// Parameters that are never part of a page's address, beside the campaign ones.
const NEVER: [&str; 18] = [
    "ignore_referrer",
    "ignore_referer",
    "gclid",
    "fbclid",
    "msclkid",
    "twclid",
    "wbraid",
    "gbraid",
    "yclid",
    "fb_xd_fragment",
    "fb_comment_id",
    "phpsessid",
    "jsessionid",
    "sessionid",
    "aspsessionid",
    "doing_wp_cron",
    "sid",
    "pk_vid",
];

/// Campaign names and keywords, in the order they are looked for.
pub(super) const CAMPAIGN_NAMES: [&str; 8] = [
    "pk_cpn",
    "pk_campaign",
    "piwik_campaign",
    "mtm_campaign",
    "matomo_campaign",
    "utm_campaign",
    "utm_source",
    "utm_medium",
];
pub(super) const CAMPAIGN_KEYWORDS: [&str; 7] =
    ["pk_kwd", "pk_keyword", "piwik_kwd", "mtm_kwd", "mtm_keyword", "matomo_kwd", "utm_term"];

/// An address in its parts, host in small letters. Control characters are `_`, as PHP does it.
pub(super) struct Parts {
    pub(super) scheme: String,
    user: String,
    pub(super) host: String,
    port: String,
    /// Starts with `/`, or is empty.
    pub(super) path: String,
    pub(super) query: Option<String>,
    pub(super) fragment: Option<String>,
}

impl Parts {
    /// `None` for what is no address: without `//` and a host, a script, a broken port.
    pub(super) fn split(url: &str) -> Option<Self> {
        let (scheme, rest) = url.split_once("//")?;
        let name = if scheme.is_empty() { "" } else { scheme.strip_suffix(':')? };
        let sound = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
        let script =
            ["javascript", "vbscript", "data"].iter().any(|it| name.eq_ignore_ascii_case(it));
        if script || !name.chars().all(sound) {
            return None;
        }
        let (rest, fragment) = cut(rest, '#');
        let (rest, query) = cut(rest, '?');
        let at = rest.find('/').unwrap_or(rest.len());
        let (authority, path) = rest.split_at_checked(at)?;
        let (user, host) = authority.rsplit_once('@').map_or(("", authority), |(u, h)| (u, h));
        let (host, port) = match host.rsplit_once(':') {
            Some((host, port)) if !port.contains(']') => (host, port),
            _ => (host, ""),
        };
        let bracketed = host.starts_with('[') && host.ends_with(']');
        if host.is_empty()
            || (host.contains(':') && !bracketed)
            || !port.chars().all(|c| c.is_ascii_digit())
        {
            return None;
        }
        Some(Self {
            scheme: name.to_owned(),
            user: clean(user),
            host: clean(host).to_lowercase(),
            port: port.to_owned(),
            path: clean(path),
            query: query.map(clean),
            fragment: fragment.map(clean),
        })
    }

    /// A name or a password before the host is nobody's business.
    pub(super) fn drop_user(&mut self) {
        self.user.clear();
    }

    /// An address of nothing.
    pub(super) fn empty() -> Self {
        let text = String::new;
        let (scheme, user, host, port, path) = (text(), text(), text(), text(), text());
        Self { scheme, user, host, port, path, query: None, fragment: None }
    }

    /// The host, with its port where there is one.
    pub(super) fn host_and_port(&self) -> String {
        if self.port.is_empty() {
            self.host.clone()
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }

    pub(super) fn join(&self) -> String {
        let mut url = String::new();
        if !self.scheme.is_empty() {
            url.push_str(&self.scheme);
            url.push(':');
        }
        url.push_str("//");
        if !self.user.is_empty() {
            url.push_str(&self.user);
            url.push('@');
        }
        url.push_str(&self.host_and_port());
        url.push_str(&self.path);
        for (mark, part) in [('?', &self.query), ('#', &self.fragment)] {
            if let Some(part) = part.as_ref().filter(|part| !part.is_empty()) {
                url.push(mark);
                url.push_str(part);
            }
        }
        url
    }
}

fn cut(text: &str, mark: char) -> (&str, Option<&str>) {
    text.split_once(mark).map_or((text, None), |(before, after)| (before, Some(after)))
}

fn clean(text: &str) -> String {
    if text.bytes().all(|byte| (b' '..0x7f).contains(&byte)) {
        return text.to_owned();
    }
    text.chars().map(|c| if c.is_control() { '_' } else { c }).collect()
}

/// The host of a site's own address.
pub(super) fn host_of(url: &str) -> Option<String> {
    Parts::split(url).map(|parts| parts.host)
}

/// Which query parameters a site cuts from its addresses.
pub(super) struct Parameters {
    names: Vec<String>,
    patterns: Vec<Regex>,
}

impl Parameters {
    pub(super) fn new(excluded: &[String]) -> Self {
        let (mut names, mut patterns) = (Vec::new(), Vec::new());
        for entry in excluded.iter().map(|entry| entry.trim()).filter(|entry| !entry.is_empty()) {
            let inner = entry.strip_prefix('/').and_then(|rest| rest.strip_suffix('/'));
            match inner.map(|inner| RegexBuilder::new(inner).case_insensitive(true).build()) {
                Some(Ok(pattern)) => patterns.push(pattern),
                _ => names.push(entry.to_lowercase()),
            }
        }
        Self { names, patterns }
    }

    fn cuts(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        let listed = |list: &[&str]| list.contains(&name.as_str());
        listed(&NEVER)
            || listed(&CAMPAIGN_NAMES)
            || listed(&CAMPAIGN_KEYWORDS)
            || self.names.contains(&name)
            || self.patterns.iter().any(|pattern| pattern.is_match(&name))
    }

    fn keep(&self, query: &str) -> String {
        let mut kept = Vec::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = cut(pair, '=');
            let name = name
                .replace("%5B", "[")
                .replace("%5D", "]")
                .replace("%5b", "[")
                .replace("%5d", "]");
            let plain = percent_decode_str(&name).decode_utf8_lossy().into_owned();
            if !self.cuts(plain.trim_end_matches("[]")) {
                kept.push(value.map_or(name.clone(), |value| format!("{name}={value}")));
            }
        }
        kept.join("&")
    }
}

/// A page's address in its parts; `None` where it is none.
pub(super) fn split(url: &str) -> Option<Parts> {
    Parts::split(&matrix_to_query(url))
}

/// Takes out of a page's address what never belongs to it.
pub(super) fn cleaned(mut parts: Parts, rules: &Rules) -> Parts {
    if !rules.keep_fragment {
        parts.fragment = None;
    }
    match (&mut parts.query, &mut parts.fragment) {
        (Some(query), _) => *query = rules.parameters.keep(query),
        (None, Some(fragment)) if fragment.contains('=') => {
            *fragment = rules.parameters.keep(fragment)
        }
        _ => (),
    }
    parts
}

/// `/a;x=1;y=2` means `/a?x=1&y=2`, where no `?` stands before the first `;`.
fn matrix_to_query(url: &str) -> Cow<'_, str> {
    let Some((before, after)) = url.split_once(';') else { return Cow::Borrowed(url) };
    if before.contains('?') || before.contains('#') {
        return Cow::Borrowed(url);
    }
    Cow::Owned(format!("{before}?{}", after.replace([';', '?'], "&")))
}

/// The step `listed-url-parameters`: only what the site lists stays in a query, nothing in a fragment.
pub(super) fn only_listed_parameters(draft: &mut Draft, rules: &Rules) {
    let listed = &rules.allowed().url_parameters;
    if let Some(url) = &mut draft.url {
        url.fragment = None;
        let query = url.query.take().unwrap_or_default();
        let known = |pair: &&str| listed.iter().any(|name| name == cut(pair, '=').0);
        let kept: Vec<&str> = query.split('&').filter(known).collect();
        url.query = (!kept.is_empty()).then(|| kept.join("&"));
        url.user.clear();
    }
    for link in [&mut draft.download, &mut draft.outlink].into_iter().flatten() {
        if let Some((before, _)) = link.split_once(['?', '#']) {
            *link = before.to_owned();
        }
    }
}

/// The step `plain-paths`: where the site lists paths, an address that matches none loses its path;
/// where it lists none, a part that is not a plain word becomes `~`.
pub(super) fn plain_paths(draft: &mut Draft, rules: &Rules) {
    let patterns = &rules.allowed().paths;
    let mut changed = false;
    if let Some(url) = &mut draft.url {
        let path = plain_path(&url.path, patterns);
        changed = path != url.path;
        url.path = path;
    }
    for link in [&mut draft.download, &mut draft.outlink].into_iter().flatten() {
        if let Some(mut parts) = Parts::split(link) {
            let path = plain_path(&parts.path, &[]);
            if path != parts.path {
                draft.dropped.push(Dropped::LinkPath);
            }
            parts.path = path;
            parts.user.clear();
            *link = parts.join();
        }
    }
    if changed {
        draft.dropped.push(Dropped::PagePath);
    }
}

fn plain_path(path: &str, patterns: &[String]) -> String {
    if patterns.is_empty() {
        let parts = path.split('/').map(|part| if plain_word(part) { part } else { "~" });
        return parts.collect::<Vec<_>>().join("/");
    }
    patterns.iter().find_map(|pattern| matched(path, pattern)).unwrap_or_else(|| "/~".to_owned())
}

/// The path with the parts under a `*` replaced; `None` where the pattern does not match. Under
/// `**` plain words stay, anything else becomes `~`.
fn matched(path: &str, pattern: &str) -> Option<String> {
    let mut kept = Vec::new();
    let mut parts = path.split('/');
    for expected in pattern.split('/') {
        if expected == "**" {
            kept.extend(parts.map(|part| if plain_word(part) { part } else { "~" }));
            return Some(kept.join("/"));
        }
        let part = parts.next()?;
        match expected {
            "*" => kept.push("*"),
            _ if expected == part => kept.push(part),
            _ => return None,
        }
    }
    parts.next().is_none().then(|| kept.join("/"))
}

/// A word such as `creer`, `mon-compte`, `index.html`: nothing that could be a code, a number, a
/// name with a capital or an encoded text.
fn plain_word(part: &str) -> bool {
    part.len() <= 30 && part.chars().all(|c| c.is_ascii_lowercase() || matches!(c, '-' | '_' | '.'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::site::{Settings, Site};

    fn rules(excluded: &[&str]) -> Rules {
        Rules::new(&Site {
            settings: Settings {
                excluded_parameters: excluded.iter().map(|&it| it.to_owned()).collect(),
                ..Settings::default()
            },
            ..Site::example()
        })
    }

    fn cleaned_text(url: &str, rules: &Rules) -> Option<String> {
        split(url).map(|parts| cleaned(parts, rules).join())
    }

    #[test]
    fn addresses_are_cleaned() {
        let rules = rules(&["jeton", "/^prenom.*/"]);
        for (raw, want) in [
            ("https://WWW.Quiziniere.com/A", "https://www.quiziniere.com/A"),
            ("https://q.com/a?x=1&jeton=S&utm_source=s", "https://q.com/a?x=1"),
            ("https://q.com/a?PHPSESSID=1&prenom2=Zoe", "https://q.com/a"),
            ("https://q.com/a#bas", "https://q.com/a"),
            ("https://q.com/a;x=1;sid=3", "https://q.com/a?x=1"),
            ("https://q.com/q?c%5B%5D=1&c[]=2", "https://q.com/q?c[]=1&c[]=2"),
            ("https://q.com/a\u{7}b", "https://q.com/a_b"),
            ("//q.com/", "//q.com/"),
            ("http://q.com:8080/a/", "http://q.com:8080/a/"),
        ] {
            assert_eq!(cleaned_text(raw, &rules).as_deref(), Some(want), "{raw}");
        }
        for raw in [
            "",
            "pas une adresse",
            "https://",
            "javascript://x",
            "https://a.comjavascript:alert(1)",
        ] {
            assert_eq!(cleaned_text(raw, &rules), None, "{raw}");
        }
    }

    #[test]
    fn paths_become_plain() {
        let plain = |path: &str, patterns: &[&str]| {
            plain_path(path, &patterns.iter().map(|&it| it.to_owned()).collect::<Vec<_>>())
        };
        assert_eq!(plain("/creer/questions", &[]), "/creer/questions");
        assert_eq!(plain("/PartageExercice/QVQEXW35V7", &[]), "/~/~");
        assert_eq!(plain("/eleve/Zo%C3%A9", &[]), "/eleve/~");
        assert_eq!(plain("/quiz/123", &["/quiz/*"]), "/quiz/*");
        assert_eq!(plain("/quiz/123/copie", &["/quiz/*"]), "/~");
        assert_eq!(plain("/demo/creer.html", &["/demo/**"]), "/demo/creer.html");
        assert_eq!(plain("/zoe", &["/demo/**"]), "/~");
    }

    proptest! {
        #[test]
        fn cleaning_any_text_is_stable(url in "(https?://)?\\PC{0,60}") {
            let rules = rules(&[]);
            if let Some(once) = cleaned_text(&url, &rules) {
                prop_assert_eq!(cleaned_text(&once, &rules), Some(once.clone()));
            }
        }
    }
}
