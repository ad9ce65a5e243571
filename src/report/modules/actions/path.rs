//! Where a page stands in the tree of pages: folders, then the page itself.

/// How deep the tree goes; what is deeper stays in the page's own name.
const DEEPEST: usize = 10;

/// Folders and page of an address. A page has a `/` in front, so that it is not taken for a folder of
/// that name; a page without a name, or with one of blanks alone, is `/index`.
pub(super) fn of_page(address: &str) -> Vec<String> {
    let path = host_and_path(address).map_or(address, |(_, path)| path);
    let mut path = path.trim().to_owned();
    if path.is_empty() || path.ends_with('/') {
        path.push_str("index");
    }
    let parts = path.splitn(DEEPEST, '/').map(str::trim);
    let mut parts: Vec<String> = parts.filter(|part| !part.is_empty()).map(str::to_owned).collect();
    if let Some(page) = parts.last_mut() {
        page.insert(0, '/');
    }
    parts
}

/// Host and path of a download or an outlink.
pub(super) fn of_link(address: &str) -> Vec<String> {
    match host_and_path(address) {
        Some((host, path)) => vec![host.to_owned(), format!("/{}", path.trim())],
        None => of_page(address),
    }
}

/// The host of an address of the web and what follows, without the `/` between and the fragment.
fn host_and_path(address: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = address.split_once("://")?;
    let is_web = ["http", "https"].iter().any(|it| scheme.eq_ignore_ascii_case(it));
    if !is_web || rest.is_empty() {
        return None;
    }
    // A query may follow the host at once.
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    Some((host, path))
}

/// Scheme and host of an address, with the `/` behind.
pub(super) fn origin(address: &str) -> String {
    let (scheme, rest) = address.split_once("://").unwrap_or(("", address));
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if scheme.is_empty() { format!("{host}/") } else { format!("{scheme}://{host}/") }
}

/// Whether two addresses are of one page: scheme, `www.` and a `/` at the end aside.
pub(super) fn is_same(a: &str, b: &str) -> bool {
    bare(a) == bare(b)
}

fn bare(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let rest = rest.strip_prefix("www.").unwrap_or(rest);
    rest.split('#').next().unwrap_or_default().trim_end_matches('/')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn addresses_become_folders_and_a_page() {
        for (address, want) in [
            ("https://www.quiziniere.com/", &["/index"][..]),
            ("https://www.quiziniere.com", &["/index"]),
            ("https://www.quiziniere.com/creer", &["/creer"]),
            ("https://www.quiziniere.com/a/", &["a", "/index"]),
            ("https://www.quiziniere.com/a?x=1", &["/a?x=1"]),
            ("https://www.quiziniere.com/?id=3", &["/?id=3"]),
            ("https://www.quiziniere.com/dossier//double", &["dossier", "/double"]),
            ("https://www.quiziniere.com/d/s/page.html", &["d", "s", "/page.html"]),
            (
                "https://x/1/2/3/4/5/6/7/8/9/10/11",
                &["1", "2", "3", "4", "5", "6", "7", "8", "9", "/10/11"],
            ),
            ("https://x/%C3%A9", &["/%C3%A9"]),
            ("", &["/index"]),
            ("\u{a0}", &["/index"]),
            ("https://x/a/ ", &["a", "/index"]),
        ] {
            assert_eq!(of_page(address), want, "{address}");
        }
    }

    #[test]
    fn links_are_host_and_path() {
        assert_eq!(of_link("http://a.example:8097/f/x.pdf"), ["a.example:8097", "/f/x.pdf"]);
        assert_eq!(of_link("http://a.example"), ["a.example", "/"]);
        assert_eq!(of_link("mailto:a@b"), ["/mailto:a@b"]);
    }

    #[test]
    fn a_page_is_found_by_any_spelling_of_its_address() {
        assert!(is_same("https://www.a.example/x/", "http://a.example/x"));
        assert!(!is_same("https://a.example/x", "https://a.example/X"));
        assert_eq!(origin("https://a.example/x?y"), "https://a.example/");
    }

    proptest! {
        #[test]
        fn no_address_is_too_odd(address in "\\PC{0,40}") {
            let parts = of_page(&address);
            prop_assert!(parts.len() <= DEEPEST);
            prop_assert!(!of_link(&address).is_empty());
        }
    }
}
