//! Where a visit came from: campaign, search engine, social network, other site, or nowhere.
//!
//! Order and names follow Matomo. Hosts of engines and networks are facts in the public domain.

use super::{
    Referrer, ReferrerKind, Rules, Text,
    page::{CAMPAIGN_KEYWORDS, CAMPAIGN_NAMES, Parts},
};
use crate::collect::{Hit, Params};

/// Bytes kept of a campaign's or a site's name.
const LONGEST_NAME: usize = 255;

/// An engine: its name, where it is found (`*` stands for a country's ending), its keyword
/// parameters; without any, it hides them.
struct Engine(&'static str, &'static [&'static str], &'static [&'static str]);

const ENGINES: &[Engine] = &[
    Engine("Google Images", &["images.google.*", "google.*/imgres"], &["q"]),
    Engine("Google News", &["news.google.*"], &["q"]),
    Engine("Google Scholar", &["scholar.google.*"], &["q"]),
    Engine("Google Video", &["video.google.*"], &["q"]),
    Engine("Google Shopping", &["shopping.google.*"], &["q"]),
    Engine(
        "Google",
        &[
            "google.*",
            "encrypted.google.com",
            "cse.google.com",
            "com.google.android.googlequicksearchbox",
        ],
        &["q", "query"],
    ),
    Engine("Bing Images", &["bing.com/images/search"], &["q"]),
    Engine("Bing", &["bing.com", "*.bing.com", "msnbc.msn.com"], &["q", "Q"]),
    Engine("Yahoo! Images", &["images.search.yahoo.com"], &["p", "va"]),
    Engine("Yahoo!", &["search.yahoo.*", "*.search.yahoo.com", "yahoo.*"], &["p", "q"]),
    Engine("DuckDuckGo", &["duckduckgo.com", "r.duckduckgo.com", "duckduckgo.com/html"], &["q"]),
    Engine("Qwant", &["qwant.com", "lite.qwant.com", "m.qwant.com"], &["q"]),
    Engine("Qwant Junior", &["qwantjunior.com"], &["q"]),
    Engine("Ecosia", &["ecosia.org"], &["q"]),
    Engine("Lilo", &["search.lilo.org", "searchgl.lilo.org"], &["q"]),
    Engine("Startpage", &["startpage.com", "*.startpage.com", "ixquick.com"], &["query"]),
    Engine("Brave", &["search.brave.com"], &["q"]),
    Engine("Mojeek", &["mojeek.com", "mojeek.co.uk"], &["q"]),
    Engine("Swisscows", &["swisscows.com", "swisscows.ch"], &["query"]),
    Engine("MetaGer", &["metager.org", "metager.de"], &["eingabe"]),
    Engine("Baidu", &["baidu.com", "m.baidu.com"], &["wd", "word", "kw"]),
    Engine("Sogou", &["sogou.com", "m.sogou.com"], &["query", "w"]),
    Engine("360search", &["so.com", "m.so.com", "so.360.cn"], &["q"]),
    Engine("Yandex Images", &["images.yandex.*", "yandex.*/images"], &["text"]),
    Engine("Yandex", &["yandex.*", "ya.ru"], &["text"]),
    Engine("Mail.ru", &["go.mail.ru"], &["q"]),
    Engine("Rambler", &["nova.rambler.ru"], &["query", "words"]),
    Engine("Seznam", &["search.seznam.cz"], &["q"]),
    Engine("Naver", &["search.naver.com", "m.search.naver.com"], &["query"]),
    Engine("Daum", &["search.daum.net"], &["q"]),
    Engine("Orange", &["lemoteur.orange.fr", "rws.search.ke.voila.fr"], &["kw"]),
    Engine("Exalead", &["exalead.fr", "exalead.com"], &["q"]),
    Engine("AOL", &["search.aol.*", "aolsearch.com"], &["q", "query"]),
    Engine("Ask", &["ask.com", "*.ask.com"], &["ask", "q"]),
    Engine("Lycos", &["search.lycos.com"], &["q", "query"]),
    Engine("Dogpile", &["dogpile.com"], &["q"]),
    Engine("Babylon", &["search.babylon.com", "searchassist.babylon.com"], &["q"]),
    Engine("Conduit.com", &["search.conduit.com"], &["q"]),
    Engine("AVG Search", &["isearch.avg.com"], &["q"]),
    Engine("T-Online", &["suche.t-online.de"], &["q"]),
    Engine("Web.de", &["suche.web.de"], &["q"]),
    Engine("GMX", &["suche.gmx.net"], &["q"]),
    Engine("Virgilio", &["ricerca.virgilio.it"], &["qs"]),
    Engine("Petal Search", &["petalsearch.com"], &["query"]),
    Engine("You.com", &["you.com"], &["q"]),
    Engine("Presearch", &["presearch.com"], &["q"]),
    Engine("Facebook", &["facebook.com"], &["q"]),
];

/// Networks and their hosts, each with its sub-domains.
const NETWORKS: &[(&str, &[&str])] = &[
    ("Facebook", &["facebook.com", "fb.me", "m.facebook.com", "l.facebook.com", "lm.facebook.com"]),
    ("Instagram", &["instagram.com", "l.instagram.com"]),
    ("Twitter", &["twitter.com", "t.co", "x.com"]),
    ("Bluesky", &["bsky.app", "go.bsky.app"]),
    (
        "Mastodon",
        &[
            "mastodon.social",
            "mastodon.cloud",
            "mastodon.technology",
            "mastodon.xyz",
            "mastodon.at",
            "mastodon.art",
            "mamot.fr",
        ],
    ),
    ("Threads", &["threads.net", "threads.com", "l.threads.net"]),
    ("LinkedIn", &["linkedin.com", "lnkd.in", "linkedin.android"]),
    ("YouTube", &["youtube.com", "youtu.be"]),
    ("Vimeo", &["vimeo.com"]),
    ("Dailymotion", &["dailymotion.com"]),
    ("Twitch", &["twitch.tv"]),
    ("TikTok", &["tiktok.com"]),
    ("Snapchat", &["snapchat.com"]),
    (
        "Pinterest",
        &["pinterest.com", "pinterest.fr", "pinterest.de", "pinterest.co.uk", "pinterest.ca"],
    ),
    ("reddit", &["reddit.com", "np.reddit.com", "redd.it"]),
    ("StackOverflow", &["stackoverflow.com"]),
    ("GitHub", &["github.com"]),
    ("Hacker News", &["news.ycombinator.com"]),
    ("Tumblr", &["tumblr.com"]),
    ("Flickr", &["flickr.com"]),
    ("Telegram", &["t.me", "telegram.me", "web.telegram.org"]),
    ("WhatsApp", &["whatsapp.com", "web.whatsapp.com", "wa.me"]),
    ("Discord", &["discord.com", "discordapp.com"]),
    ("Viadeo", &["viadeo.com"]),
    ("XING", &["xing.com"]),
    ("Vkontakte", &["vk.com", "vkontakte.ru"]),
    ("Odnoklassniki", &["odnoklassniki.ru", "ok.ru"]),
    ("Sina Weibo", &["weibo.com", "t.cn"]),
    ("WeChat", &["weixin.qq.com"]),
    ("Qzone", &["qzone.qq.com"]),
    ("Douban", &["douban.com"]),
    ("LiveJournal", &["livejournal.com"]),
    ("MySpace", &["myspace.com"]),
    ("Quora", &["quora.com"]),
    ("Copains d'avant", &["copainsdavant.linternaute.com"]),
    ("Skyrock", &["skyrock.com"]),
];

/// A referrer before it is written.
#[derive(Clone)]
pub(super) struct Origin {
    kind: ReferrerKind,
    name: String,
    pub(super) keyword: Option<String>,
    pub(super) url: Option<String>,
}

impl Origin {
    pub(super) fn is_campaign(&self) -> bool {
        self.kind == ReferrerKind::Campaign
    }

    pub(super) fn texts(&mut self, change: &mut dyn FnMut(&mut String)) {
        change(&mut self.name);
        for text in [&mut self.keyword, &mut self.url].into_iter().flatten() {
            change(text);
        }
    }

    pub(super) fn into_referrer(self) -> Referrer {
        Referrer {
            kind: self.kind,
            name: Text::new(&self.name),
            keyword: self.keyword.as_deref().map(Text::new),
            url: self.url.as_deref().map(Text::new),
        }
    }
}

/// The origin of a hit, and what it would be without its campaign.
pub(super) fn origins(
    hit: &Hit,
    landing: Option<&Parts>,
    rules: &Rules,
) -> (Option<Origin>, Option<Origin>) {
    let query = landing.and_then(|parts| parts.query.as_deref()).unwrap_or_default();
    let params = Params::parse(query.as_bytes());
    if ["ignore_referrer", "ignore_referer"].iter().any(|name| params.get(name) == Some("1")) {
        return (None, None);
    }
    let from = Parts::split(&hit.referrer).filter(|from| !excluded(from, rules));
    let linked = from.as_ref().and_then(|from| linked(from, landing, rules));
    let campaign = campaign(hit, &params, landing, from.as_ref(), linked.as_ref());
    match campaign {
        Some(campaign) => (Some(campaign), linked),
        None => (linked, None),
    }
}

fn excluded(from: &Parts, rules: &Rules) -> bool {
    let address = format!("{}{}", from.host, from.path);
    rules.excluded_referrers.iter().any(|entry| match entry.strip_prefix('.') {
        Some(domain) => under(&from.host, domain),
        None => address.starts_with(entry.as_str()),
    })
}

fn campaign(
    hit: &Hit,
    query: &Params<'_>,
    landing: Option<&Parts>,
    from: Option<&Parts>,
    linked: Option<&Origin>,
) -> Option<Origin> {
    let fragment = landing.and_then(|parts| parts.fragment.as_deref()).unwrap_or_default();
    let fragment = Params::parse(fragment.as_bytes());
    let given = Params::from_pairs(hit.campaign.clone());
    let look = |names: &[&str]| {
        [&given, query, &fragment].into_iter().find_map(|params| {
            names.iter().find_map(|name| params.get(name).map(|value| value.trim().to_lowercase()))
        })
    };
    let name = look(&CAMPAIGN_NAMES).filter(|name| !name.is_empty())?;
    let searched =
        || linked.filter(|it| it.kind == ReferrerKind::Search).and_then(|it| it.keyword.clone());
    let keyword =
        look(&CAMPAIGN_KEYWORDS).or_else(searched).or_else(|| from.map(|from| from.host.clone()));
    Some(Origin {
        kind: ReferrerKind::Campaign,
        name: bounded(&name),
        keyword: keyword.map(|keyword| bounded(&keyword)).filter(|keyword| !keyword.is_empty()),
        url: None,
    })
}

/// The origin a link tells; `None` for the site's own pages.
fn linked(from: &Parts, landing: Option<&Parts>, rules: &Rules) -> Option<Origin> {
    let host = bare(&from.host);
    let own = landing.is_some_and(|it| bare(&it.host) == host)
        || rules.hosts.iter().any(|it| bare(it) == host);
    if own || host.is_empty() {
        return None;
    }
    if let Some(engine) =
        ENGINES.iter().find(|engine| engine.found_at(host, &from.path, &from.scheme))
    {
        return Some(engine.origin(from));
    }
    let mut address = Parts::split(&from.join()).unwrap_or_else(Parts::empty);
    address.fragment = None;
    let url = Some(address.join());
    let network = NETWORKS.iter().find(|(_, hosts)| hosts.iter().any(|it| under(host, it)));
    Some(match network {
        Some((name, _)) => {
            Origin { kind: ReferrerKind::Social, name: (*name).to_owned(), keyword: None, url }
        }
        None => {
            Origin { kind: ReferrerKind::Website, name: bounded(&from.host), keyword: None, url }
        }
    })
}

fn bare(host: &str) -> &str {
    host.strip_prefix("www.").unwrap_or(host)
}

/// Whether a host is a domain or lies under it.
fn under(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

fn bounded(text: &str) -> String {
    text.get(..text.floor_char_boundary(LONGEST_NAME)).unwrap_or_default().to_owned()
}

impl Engine {
    /// Applications (`android-app://…`) are no engines, but for the search box itself.
    fn found_at(&self, host: &str, path: &str, scheme: &str) -> bool {
        self.1.iter().any(|place| {
            let (domain, folder) = place.split_once('/').unwrap_or((place, ""));
            let folder_fits = folder.is_empty() || path.trim_start_matches('/').starts_with(folder);
            let app = scheme == "android-app" && !domain.starts_with("com.");
            folder_fits && !app && same_host(host, domain)
        })
    }

    fn origin(&self, from: &Parts) -> Origin {
        let params = Params::parse(from.query.as_deref().unwrap_or_default().as_bytes());
        let keyword =
            self.2.iter().find_map(|name| params.get(name)).map(|word| word.trim().to_lowercase());
        Origin {
            kind: ReferrerKind::Search,
            name: self.0.to_owned(),
            keyword: keyword.map(|word| bounded(&word)).filter(|word| !word.is_empty()),
            url: None,
        }
    }
}

/// `google.*` is `google.fr`, `google.co.uk`, `google.com.hk`; `*.bing.com` is any sub-domain.
fn same_host(host: &str, pattern: &str) -> bool {
    if let Some(name) = pattern.strip_suffix(".*") {
        let ending = host.strip_prefix(name).and_then(|rest| rest.strip_prefix('.'));
        return ending.is_some_and(|ending| {
            let parts: Vec<&str> = ending.split('.').collect();
            match parts.as_slice() {
                [top] => top.len() == 2 || *top == "com",
                ["co" | "com", country] => country.len() == 2,
                _ => false,
            }
        });
    }
    match pattern.strip_prefix("*.") {
        Some(domain) => under(host, domain),
        None => host == pattern,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn engine(url: &str) -> Option<(&'static str, Option<String>)> {
        let parts = Parts::split(url).unwrap();
        let host = parts.host.strip_prefix("www.").unwrap_or(&parts.host).to_owned();
        let found = ENGINES.iter().find(|it| it.found_at(&host, &parts.path, &parts.scheme))?;
        Some((found.0, found.origin(&parts).keyword))
    }

    #[test]
    fn engines_are_known_in_every_country() {
        let word = |text: &str| Some(text.to_owned());
        for (url, want) in [
            ("https://www.google.com/search?q=Quiziniere", Some(("Google", word("quiziniere")))),
            ("https://www.google.co.uk/", Some(("Google", None))),
            ("http://images.google.com/imgres?q=", Some(("Google Images", None))),
            ("http://www.google.fr/imgres?imgurl=x", Some(("Google Images", None))),
            ("https://r.duckduckgo.com/l/?kh=-1", Some(("DuckDuckGo", None))),
            ("http://www.baidu.com/s?wd=tsig", Some(("Baidu", word("tsig")))),
            ("https://docs.google.com/", None),
            ("https://google.evil.example/", None),
            ("android-app://com.google.android.gm/", None),
            ("android-app://com.google.android.googlequicksearchbox/", Some(("Google", None))),
        ] {
            assert_eq!(engine(url), want, "{url}");
        }
    }

    #[test]
    fn domains_end_at_a_dot() {
        assert!(under("m.facebook.com", "facebook.com") && under("t.co", "t.co"));
        assert!(!under("notfacebook.com", "facebook.com"));
    }
}
