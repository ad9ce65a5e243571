//! Where a visit came from: campaign, search engine, social network, other site, or nowhere.
//!
//! Order and names follow Matomo. Hosts of engines and networks are facts in the public domain.

mod engines;
mod lists;
mod more;

use engines::engine_at;
use lists::{ASSISTANTS, Engine, Hides, NETWORKS};

use super::{
    Referrer, ReferrerKind, Rules, Text,
    page::{CAMPAIGN_KEYWORDS, CAMPAIGN_NAMES, Parts},
};
use crate::collect::{Hit, Params};

/// Bytes kept of a campaign's or a site's name.
const LONGEST_NAME: usize = 255;

/// A referrer before it is written.
#[derive(Clone)]
pub(super) struct Origin {
    /// A parameter of the landing page tells it.
    by_parameter: bool,
    kind: ReferrerKind,
    name: String,
    pub(super) keyword: Option<String>,
    pub(super) url: Option<String>,
}

impl Origin {
    pub(super) fn is_campaign(&self) -> bool {
        self.by_parameter
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
    // Before campaigns: assistants put `utm_source` on the links that they give.
    if let Some(origin) = assistant(from.as_ref(), params.get("utm_source")) {
        let linked = assistant(from.as_ref(), None);
        return (Some(origin), linked);
    }
    let linked = from.as_ref().and_then(|from| linked(from, landing, rules));
    let campaign = campaign(hit, &params, landing, from.as_ref(), linked.as_ref());
    match campaign {
        Some(campaign) => (Some(campaign), linked),
        None => (linked, None),
    }
}

/// The assistant that a link or its `utm_source` names.
fn assistant(from: Option<&Parts>, source: Option<&str>) -> Option<Origin> {
    let source = source.map(|source| source.trim().to_lowercase());
    let linked = |place: &&str| {
        let (domain, folder) = place.split_once('/').unwrap_or((place, ""));
        from.is_some_and(|from| {
            let path = from.path.trim_start_matches('/');
            let inside = path
                .strip_prefix(folder)
                .is_some_and(|rest| folder.is_empty() || rest.is_empty() || rest.starts_with('/'));
            inside && under(bare(&from.host), domain)
        })
    };
    let named = |place: &&str| linked(place) || source.as_deref() == Some(*place);
    let (name, places) = ASSISTANTS.iter().find(|(_, places)| places.iter().any(named))?;
    let by_parameter = !places.iter().any(linked);
    Some(Origin {
        by_parameter,
        kind: ReferrerKind::Assistant,
        name: (*name).to_owned(),
        keyword: None,
        url: None,
    })
}

fn excluded(from: &Parts, rules: &Rules) -> bool {
    let address = format!("{}{}", from.host, from.path);
    rules.excluded_referrers.iter().any(|entry| match entry.strip_prefix('.') {
        Some(domain) => under(&from.host, domain),
        None => address.starts_with(entry.as_str()),
    })
}

/// The campaign that the request's own parameters, the page's query or its fragment name, or a link of
/// Google's network of advertisements.
fn campaign(
    hit: &Hit,
    query: &Params<'_>,
    landing: Option<&Parts>,
    from: Option<&Parts>,
    linked: Option<&Origin>,
) -> Option<Origin> {
    let told = |params: &Params<'_>| {
        Some((first(params, &CAMPAIGN_NAMES)?, first(params, &CAMPAIGN_KEYWORDS)))
    };
    let mut found = told(query);
    // Without a keyword the fragment is looked at too, and what it names counts.
    if !matches!(found, Some((_, Some(_)))) {
        let fragment = landing.and_then(|parts| parts.fragment.as_deref()).unwrap_or_default();
        found = told(&Params::parse(fragment.as_bytes())).or(found);
    }
    let given = Params::from_pairs(hit.campaign.clone());
    let (name, keyword) = found.unzip();
    let name = first(&given, &CAMPAIGN_NAMES).or(name);
    let searched = || {
        let search = linked.filter(|it| it.kind == ReferrerKind::Search);
        name.as_ref().and_then(|_| search?.keyword.clone())
    };
    let keyword = first(&given, &CAMPAIGN_KEYWORDS).or(keyword.flatten()).or_else(searched);
    let (name, keyword) = match (keyword, from.and_then(advertisement)) {
        (None, Some((network, place))) => (name.unwrap_or(network), Some(place)),
        (keyword, _) => (name?, keyword),
    };
    // Where nothing better is told it is the referrer's host.
    let host = from.map(|from| from.host.clone());
    let host = host.filter(|host| keyword.is_none() && !host.is_empty());
    let keyword = keyword.or_else(|| host.clone()).map(|keyword| bounded(&keyword));
    Some(Origin {
        by_parameter: true,
        kind: ReferrerKind::Campaign,
        name: bounded(&name),
        keyword: keyword.filter(|keyword| !keyword.is_empty()),
        url: host,
    })
}

/// The first of some parameters that says anything, in small letters.
fn first(params: &Params<'_>, names: &[&str]) -> Option<String> {
    let values = names.iter().filter_map(|name| params.get(name));
    values.map(|value| value.trim().to_lowercase()).find(|value| !value.is_empty())
}

/// What a link of Google's network of advertisements tells: the network, and whose page the advertisement
/// stood on.
fn advertisement(from: &Parts) -> Option<(String, String)> {
    if !["googleads", "doubleclick"].iter().any(|name| from.host.contains(name)) {
        return None;
    }
    let params = Params::parse(from.query.as_deref()?.as_bytes());
    let place = Parts::split(params.get("url")?.trim()).filter(|page| !page.host.is_empty())?;
    let kind = params.get("ad_type").map(str::trim).filter(|kind| !kind.is_empty());
    let kind = kind.map(|kind| format!(" ({})", kind.to_lowercase())).unwrap_or_default();
    Some((format!("adwords{kind}"), format!("(adwords) {}", place.host)))
}

/// The origin a link tells; `None` for the site's own pages.
fn linked(from: &Parts, landing: Option<&Parts>, rules: &Rules) -> Option<Origin> {
    let host = bare(&from.host);
    let own = landing.is_some_and(|it| bare(&it.host) == host)
        || rules.hosts.iter().any(|it| bare(it) == host);
    if own || host.is_empty() {
        return None;
    }
    let engine = engine_at(host, from);
    if let Some(origin) = engine.and_then(|engine| engine.origin(from)) {
        return Some(origin);
    }
    let mut address = Parts::split(&from.join()).unwrap_or_else(Parts::empty);
    address.fragment = None;
    let url = Some(address.join());
    let network = NETWORKS.iter().find(|(_, hosts)| hosts.iter().any(|it| under(host, it)));
    Some(match network {
        Some((name, _)) => {
            let name = (*name).to_owned();
            Origin { by_parameter: false, kind: ReferrerKind::Social, name, keyword: None, url }
        }
        None => {
            let name = bounded(&from.host);
            Origin { by_parameter: false, kind: ReferrerKind::Website, name, keyword: None, url }
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
    /// What a link from the engine tells; `None` where it is no search: a link without a keyword
    /// from an engine that shows them.
    fn origin(&self, from: &Parts) -> Option<Origin> {
        let params = Params::parse(from.query.as_deref().unwrap_or_default().as_bytes());
        let keyword =
            self.2.iter().find_map(|name| params.get(name)).map(|word| word.trim().to_lowercase());
        let query = from.query.is_some();
        let home = !query && (from.path.is_empty() || from.path == "/");
        let results = from.path.contains("/search") || query && from.path.ends_with("/url");
        let hidden = match self.3 {
            Hides::Nowhere => false,
            Hides::OnItsHomePage => home,
            Hides::OnHomeAndResults => home || results,
            Hides::Anywhere => true,
        };
        (keyword.is_some() || hidden).then(|| Origin {
            by_parameter: false,
            kind: ReferrerKind::Search,
            name: self.0.to_owned(),
            keyword: keyword.map(|word| bounded(&word)).filter(|word| !word.is_empty()),
            url: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn engine(url: &str) -> Option<(&'static str, Option<String>)> {
        let parts = Parts::split(url).unwrap();
        let host = parts.host.strip_prefix("www.").unwrap_or(&parts.host).to_owned();
        let found = engine_at(&host, &parts)?;
        Some((found.0, found.origin(&parts)?.keyword))
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
            (
                "http://www.google.com/cse?cx=01&q=Java&siteurl=x",
                Some(("Google Custom Search", word("java"))),
            ),
            ("http://www.google.com/cse/home", None),
            ("http://www.google.com//", None),
            ("https://www.google.fr/intl/fr/about", None),
            ("http://www.google.fr/url?sa=t&rct=j", Some(("Google", None))),
            ("https://www.google.fr/search", Some(("Google", None))),
            ("https://www.facebook.com/groups/1", None),
            ("https://www.ask.com/about", None),
            ("https://www.qwant.com/", Some(("Qwant", None))),
            ("https://www.qwant.com/about", None),
            ("https://docs.google.com/", None),
            ("https://google.evil.example/", None),
            ("http://suche.freenet.de/suche/?query=Bruch", Some(("Freenet", word("bruch")))),
            ("https://de.wow.com/search?q=quiz", Some(("Google", word("quiz")))),
            ("https://search.yahoo.co.jp/", Some(("Yahoo! Japan", None))),
            ("https://search.disconnect.me/", Some(("DisconnectSearch", None))),
            ("https://www.entireweb.com/", None),
            ("https://www.cnn.com/2026/politics", None),
            ("android-app://com.google.android.gm/", None),
            ("android-app://com.google.android.googlequicksearchbox/", Some(("Google", None))),
        ] {
            assert_eq!(engine(url), want, "{url}");
        }
    }

    #[test]
    fn campaigns_are_told_by_query_fragment_parameters_and_advertisements() {
        let told = |url: &str, from: &str, more: &str| {
            let hit =
                Hit::parse(&Params::parse(format!("idsite=1&rec=1{more}").as_bytes())).ok()?;
            let (landing, from) = (Parts::split(url), Parts::split(from));
            let query = landing.as_ref().and_then(|page| page.query.clone()).unwrap_or_default();
            let query = Params::parse(query.as_bytes());
            let found = campaign(&hit, &query, landing.as_ref(), from.as_ref(), None)?;
            Some(format!(
                "{}|{}|{}",
                found.name,
                found.keyword.unwrap_or_default(),
                found.url.is_some()
            ))
        };
        let ads = "https://googleads.g.doubleclick.net/pagead?url=https%3A%2F%2FNews.example%2Fa&ad_type=Image";
        for (url, from, more, want) in [
            ("https://q.fr/?utm_campaign=Rentree&utm_term=Lettre", "", "", "rentree|lettre|false"),
            ("https://q.fr/?pk_campaign=%20&utm_campaign=b", "", "", "b||false"),
            // No keyword: the host of the link.
            ("https://q.fr/?utm_campaign=a", "https://www.x.fr/y", "", "a|www.x.fr|true"),
            // A fragment counts where the query has no keyword, and then wins.
            ("https://q.fr/?utm_campaign=a#utm_campaign=b&utm_term=c", "", "", "b|c|false"),
            ("https://q.fr/?utm_campaign=a&utm_term=k#utm_campaign=b", "", "", "a|k|false"),
            ("https://q.fr/?utm_campaign=a#utm_term=c", "", "", "a||false"),
            ("https://q.fr/#mtm_campaign=b", "", "", "b||false"),
            ("https://q.fr/?utm_campaign=a", "", "&mtm_campaign=G&mtm_kwd=K", "g|k|false"),
            ("https://q.fr/", ads, "", "adwords (image)|(adwords) news.example|false"),
            ("https://q.fr/?utm_campaign=a", ads, "", "a|(adwords) news.example|false"),
            ("https://q.fr/?utm_campaign=a&utm_term=k", ads, "", "a|k|false"),
        ] {
            assert_eq!(told(url, from, more).as_deref(), Some(want), "{url} {from}");
        }
        for (url, from) in [
            ("https://q.fr/?utm_term=c", "https://x.fr/"),
            ("https://q.fr/", "https://googleads.g.doubleclick.net/pagead?url=nothing"),
            ("https://q.fr/", "https://x.fr/?url=https%3A%2F%2Fnews.example%2F"),
        ] {
            assert_eq!(told(url, from, ""), None, "{url} {from}");
        }
    }

    #[test]
    fn assistants_are_told_by_link_and_by_source() {
        let named = |url: &str, source: Option<&str>| {
            assistant(Parts::split(url).as_ref(), source).map(|origin| origin.name)
        };
        for (url, source, want) in [
            ("https://chatgpt.com/", None, Some("ChatGPT")),
            ("https://www.perplexity.ai/search/x", None, Some("Perplexity")),
            ("https://x.com/i/grok?x=1", None, Some("Grok")),
            ("https://x.com/i/grokking", None, None),
            ("https://x.com/someone", None, None),
            ("", Some("chatgpt.com"), Some("ChatGPT")),
            ("https://gemini.google.com/app", None, Some("Gemini")),
            ("https://www.google.com/", Some("newsletter"), None),
        ] {
            assert_eq!(named(url, source).as_deref(), want, "{url}");
        }
    }

    #[test]
    fn no_engine_is_hidden_behind_one_that_is_looked_at_before() {
        for engine in more::MORE {
            for place in engine.1.iter().filter(|place| !place.contains('*')) {
                let parts = Parts::split(&format!("https://{place}")).unwrap();
                let found = engine_at(&parts.host, &parts).unwrap();
                assert_eq!(found.0, engine.0, "{place}");
            }
        }
    }

    #[test]
    fn domains_end_at_a_dot() {
        assert!(under("m.facebook.com", "facebook.com") && under("t.co", "t.co"));
        assert!(!under("notfacebook.com", "facebook.com"));
    }
}
