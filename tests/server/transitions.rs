//! What came before a page and after it, over the whole way: visits as the reference's own fixture of
//! transitions has them, and the figures that Matomo answers for them.

use serde_json::{Value, json};

use crate::running::Server;

/// 2010-03-06 11:22:33 UTC.
const BEGINNING: i64 = 1_267_874_553;
const EIGHT_DAYS: i64 = 8 * 86_400;

/// One hit: hundredths of an hour after the beginning, and what it is.
enum Is {
    View(&'static str),
    Search(&'static str),
    Outlink(&'static str),
    Download(&'static str),
    Event,
}

const ONE: &str = "page/one.html";
const TWO: &str = "sub/dir/page2.html";
const BAR: &str = "the/third_page.html?foo=bar";
const BAZ_1: &str = "the/third_page.html?foo=baz#anchor1";
const BAZ_2: &str = "the/third_page.html?foo=baz#anchor2";

use Is::{Download, Event, Outlink, Search, View};

/// Visits: seconds after the beginning, referrer, hits.
type Visit = (i64, &'static str, &'static [(i64, Is)]);

const VISITS: &[Visit] = &[
    (
        0,
        "http://www.google.com.vn/url?sa=t&q=the%20extension%20is%20not%20loaded&source=web",
        &[
            (0, View(ONE)),
            (10, View(TWO)),
            (20, View(ONE)),
            (30, View(BAR)),
            (40, View(ONE)),
            (50, View(BAR)),
            (50, View(BAR)),
            (60, View(ONE)),
            (60, View(ONE)),
            (70, View(BAZ_1)),
            (70, View(BAZ_1)),
            (80, View(ONE)),
            (90, View(ONE)),
            (100, View(BAZ_2)),
            (110, View(ONE)),
            (120, View("page3.html")),
        ],
    ),
    (
        0,
        "http://www.external.com.vn/referrerPage-notCounted.html",
        &[(0, View(TWO)), (10, View(BAR)), (20, View(ONE)), (30, View(BAZ_1))],
    ),
    (
        0,
        "http://www.external.com.vn/referrerPage-counted.html",
        &[(10, View(ONE)), (20, View(TWO)), (30, View(ONE))],
    ),
    (0, "", &[(0, View("page/one.html?pk_campaign=TestCampaign&pk_kwd=TestKeyword"))]),
    (0, "", &[(0, View(ONE))]),
    (
        0,
        "",
        &[
            (0, Search("mykwd")),
            (10, View(ONE)),
            (20, Search("anotherkwd")),
            (25, View(ONE)),
            (30, Outlink("to/outlink/page.html")),
            (35, View(ONE)),
            (36, Event),
            (40, Download("33.tar.gz")),
            (45, View(ONE)),
            (50, Download("35.tar.gz")),
            (55, View(ONE)),
            (60, Outlink("to/outlink/page2.html")),
        ],
    ),
    (
        EIGHT_DAYS,
        "",
        &[
            (0, Search("thirdkwd")),
            (10, View(ONE)),
            (11, Event),
            (15, Outlink("to/another/outlink.html")),
            (20, View(ONE)),
            (25, Download("43.tar.gz")),
            (30, View(ONE)),
            (35, Search("anotherkwd")),
        ],
    ),
];

fn send(server: &Server, site: &str) {
    let mut sent = 0;
    for (at, (after, referrer, hits)) in VISITS.iter().enumerate() {
        for (hundredths, is) in *hits {
            // Scheme and www. make no difference.
            let scheme = ["http://", "http://www.", "https://", "https://"][sent % 4];
            sent += 1;
            let own = |path: &str| format!("{scheme}example.org/{path}");
            let (url, more) = match is {
                View(path) => (own(path), vec![("action_name", format!("page title - {path}"))]),
                Search(keyword) => {
                    (own("page/search.html"), vec![("search", (*keyword).to_owned())])
                }
                Outlink(path) => {
                    (own(path), vec![("link", format!("http://anothersite.com/{path}"))])
                }
                Download(file) => {
                    (own(""), vec![("download", format!("http://example.org/downloads/{file}"))])
                }
                Event => (
                    own("page/search.html"),
                    vec![("e_c", "Music".to_owned()), ("e_a", "play".to_owned())],
                ),
            };
            let (id, time) = (format!("{at:016x}"), BEGINNING + after + hundredths * 36);
            let time = time.to_string();
            let always = [
                ("idsite", site),
                ("rec", "1"),
                ("_id", id.as_str()),
                ("url", url.as_str()),
                ("urlref", *referrer),
                ("cdt", time.as_str()),
                ("token_auth", server.token.as_str()),
            ];
            let hit: Vec<(&str, &str)> = always
                .into_iter()
                .chain(more.iter().map(|(name, it)| (*name, it.as_str())))
                .collect();
            assert_eq!(server.hit(&hit).status, 204);
        }
    }
}

fn steps(list: &Value) -> Vec<(&str, i64)> {
    let rows = list.as_array().unwrap().iter();
    rows.map(|it| (it["label"].as_str().unwrap(), it["referrals"].as_i64().unwrap())).collect()
}

#[test]
fn a_page_has_steps_before_and_after_it_as_matomo_counts_them() {
    let server = Server::start();
    let site = server.add_site(&[("policy", "complete"), ("timezone", "UTC")]);
    send(&server, &site);
    let ask = |method: &str, period: &str, more: &[(&str, &str)]| {
        let always = [("idSite", site.as_str()), ("period", period), ("date", "2010-03-06")];
        let asked: Vec<_> = always.into_iter().chain(more.iter().copied()).collect();
        server.api(&format!("Transitions.{method}"), &asked)
    };
    let page = ("pageUrl", "http://example.org/page/one.html");
    server.wait_for(
        "Transitions.getTransitionsForPageUrl",
        &[("idSite", &site), ("period", "month"), ("date", "2010-03-06"), page],
        |answer| answer["pageMetrics"]["pageviews"] == 21,
    );

    let day = ask("getTransitionsForPageUrl", "day", &[page]);
    assert_eq!(day["date"], "Sat, Mar 6");
    assert_eq!(
        steps(&day["previousPages"]),
        [
            ("example.org/the/third_page.html?foo=bar", 3),
            ("example.org/sub/dir/page2.html", 2),
            ("example.org/the/third_page.html?foo=baz", 2),
        ]
    );
    assert_eq!(steps(&day["previousSiteSearches"]), [("anotherkwd", 1)]);
    // The search that began the visit is no step; downloads and outlinks lead nowhere.
    assert_eq!(day["pageMetrics"], json!({"loops": 5, "pageviews": 18, "entries": 4, "exits": 4}));
    assert_eq!(
        steps(&day["followingPages"]),
        [
            ("example.org/the/third_page.html?foo=baz", 3),
            ("example.org/sub/dir/page2.html", 2),
            ("example.org/the/third_page.html?foo=bar", 2),
            ("example.org/page3.html", 1),
        ]
    );
    assert_eq!(steps(&day["followingSiteSearches"]), [("anotherkwd", 1)]);
    assert_eq!(
        steps(&day["downloads"]),
        [
            ("http://example.org/downloads/33.tar.gz", 1),
            ("http://example.org/downloads/35.tar.gz", 1)
        ]
    );
    let referrers: Vec<_> = day["referrers"].as_array().unwrap().iter().collect();
    let words: Vec<_> = referrers.iter().map(|it| it["shortName"].as_str().unwrap()).collect();
    assert_eq!(words, ["direct", "search", "website", "campaign"]);
    assert_eq!(referrers[0]["details"], json!([]));
    for (at, label) in [
        (1, "the extension is not loaded"),
        (2, "http://www.external.com.vn/referrerPage-counted.html"),
        (3, "testcampaign testkeyword"),
    ] {
        assert_eq!(referrers[at]["details"], json!([{"label": label, "referrals": 1}]));
    }

    let month = [page, ("limitBeforeGrouping", "2")];
    let month = ask("getTransitionsForPageUrl", "month", &month);
    assert_eq!(month["date"], "Mar 2010");
    assert_eq!(
        month["pageMetrics"],
        json!({"loops": 7, "pageviews": 21, "entries": 4, "exits": 4})
    );
    assert_eq!(steps(&month["previousPages"])[2], ("Others", 2));
    assert_eq!(steps(&month["followingPages"])[2], ("Others", 3));
    assert_eq!(steps(&month["outlinks"])[2], ("Others", 1));
    assert_eq!(steps(&month["followingSiteSearches"]), [("anotherkwd", 2)]);

    let title = ("pageTitle", "page title - page/one.html");
    let title = ask("getTransitionsForPageTitle", "month", &[title]);
    assert_eq!(
        title["pageMetrics"],
        json!({"loops": 7, "pageviews": 20, "entries": 3, "exits": 3})
    );
    assert_eq!(
        steps(&title["previousSiteSearches"]),
        [("anotherkwd", 1), ("mykwd", 1), ("thirdkwd", 1)]
    );
    let loops = [("actionName", page.1), ("actionType", "url"), ("parts", "followingActions")];
    let loops = ask("getTransitionsForAction", "day", &loops);
    assert!(steps(&loops["followingPages"]).contains(&("example.org/page/one.html", 5)));
    assert!(loops.get("pageMetrics").is_none() && loops.get("referrers").is_none());

    // As of visits that are kept, so of segments.
    let search = [page, ("segment", "referrerType==search")];
    let search = ask("getTransitionsForPageUrl", "day", &search);
    assert_eq!(search["pageMetrics"]["pageviews"], 8);
    let nowhere = ("pageUrl", "http://example.org/not/a/page.html");
    let nowhere = ask("getTransitionsForPageUrl", "day", &[nowhere]);
    assert_eq!(nowhere, json!({"result": "error", "message": "NoDataForAction"}));
}
