//! Marked addresses, agents, ids, mails and names through every door; then the server is killed and
//! every byte it has written is searched for them.
#![expect(clippy::disallowed_types, reason = "a marked address is searched for as bytes")]

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use crate::running::{BINARY, Server, encoded};

const ADDRESSES: [&str; 3] = ["203.0.113.77", "198.51.100.213", "2001:db8:cafe:77::beef"];
const AGENT: &str = "Mozilla/5.0 (X11; Linux x86_64; CanaryAgent77) Gecko/20100101 Firefox/25.0";
const IDS: [&str; 2] = ["c0ffee5ca1ab1e77", "deadbeefca11ab77"];
const USER: &str = "canary-user-4711";
const MAIL: &str = "zoe.canari@ecole-canari.example";
const NAME: &str = "Zoé Canari-Dupont";

/// Everything that must not be found, in every writing that could stand on a disk.
fn markers() -> Vec<(String, Vec<u8>)> {
    let mut markers = Vec::new();
    let mut add = |what: &str, bytes: &[u8]| markers.push((what.to_owned(), bytes.to_vec()));
    for address in ADDRESSES {
        add(address, address.as_bytes());
        if let Ok(v6) = address.parse::<std::net::Ipv6Addr>() {
            add("an address as bytes", &v6.octets());
        }
    }
    add("agent", b"CanaryAgent77");
    for id in IDS {
        add(id, id.as_bytes());
        add("an id in capitals", id.to_uppercase().as_bytes());
        let number = u64::from_str_radix(id, 16).unwrap();
        add("an id as bytes", &number.to_le_bytes());
        add("an id as bytes, turned", &number.to_be_bytes());
        add("an id as a number", number.to_string().as_bytes());
        add("the hash of an id", blake3::hash(id.as_bytes()).as_bytes());
    }
    add("user", USER.as_bytes());
    add("the hash of a user", blake3::hash(USER.as_bytes()).as_bytes());
    for text in [MAIL, "zoe.canari%40", "zoe.canari@", NAME, "Canari-Dupont", "Zo%C3%A9%20Canari"] {
        add(text, text.as_bytes());
    }
    markers
}

pub(crate) fn found_below(
    folder: &Path,
    markers: &[(String, Vec<u8>)],
    scanned: &mut u64,
    found: &mut Vec<String>,
) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let path = entry.path();
        if entry.file_type().unwrap().is_dir() {
            found_below(&path, markers, scanned, found);
        } else if entry.file_type().unwrap().is_file() {
            let Ok(bytes) = fs::read(&path) else { continue };
            *scanned += bytes.len() as u64;
            for (what, marker) in markers {
                if memchr::memmem::find(&bytes, marker).is_some() {
                    found.push(format!("{what} in {}", path.display()));
                }
            }
        }
    }
}

/// Sends the marks through every door to a site; `named`: with names in texts too, which only an
/// exempt site has to drop.
fn send_everything(server: &Server, site: &str, named: bool) {
    let token = server.token.as_str();
    let text = if named { NAME } else { "Titre" };
    let page = format!("https://www.quiziniere.com/profil/{USER}?mail={MAIL}&eleve={text}");
    let base = [
        ("idsite", site),
        ("rec", "1"),
        ("cip", ADDRESSES[0]),
        ("token_auth", token),
        ("ua", AGENT),
        ("_id", IDS[0]),
        ("uid", USER),
        ("url", &page),
    ];
    let with = |more: &[(&str, &str)]| encoded(&[&base[..], more].concat());
    let headers = [
        ("User-Agent", AGENT),
        ("X-Forwarded-For", ADDRESSES[1]),
        ("Referer", page.as_str()),
        ("Cookie", "_pk_id.1.dc78=c0ffee5ca1ab1e77.1795375908."),
    ];
    let hits = [
        with(&[("action_name", text), ("urlref", &format!("https://ent.example/{MAIL}"))]),
        with(&[("e_c", text), ("e_a", MAIL), ("e_n", USER), ("e_v", "3")]),
        with(&[("search", text), ("search_cat", MAIL)]),
        with(&[("download", &format!("https://x.example/{MAIL}.pdf"))]),
        with(&[("link", &format!("https://{MAIL}/{IDS}", IDS = IDS[0]))]),
        with(&[("c_n", text), ("c_p", MAIL)]),
        with(&[("dimension1", MAIL), ("dimension2", USER)]),
        with(&[("ping", "1"), ("active", MAIL)]),
        with(&[
            ("ret_since", MAIL),
            ("ret_days", USER),
            ("ret_first", IDS[0]),
            ("pv_id", "zoe.ca"),
        ]),
        with(&[("cid", IDS[1]), ("cdt", "1772438400")]),
        with(&[("cip", ADDRESSES[2]), ("cvar", MAIL), ("data", MAIL), ("unknown", USER)]),
    ];
    for query in &hits {
        assert!(server.request("GET", &format!("/matomo.php?{query}"), &headers, b"").status < 300);
        assert!(
            server.request("POST", &format!("/matomo.php?{query}"), &headers, b"").status < 300
        );
        let form = [headers[0], ("Content-Type", "application/x-www-form-urlencoded")];
        assert!(server.request("POST", "/piwik.php", &form, query.as_bytes()).status < 300);
    }
    let bulk = serde_json::json!({ "requests": hits.iter().map(|it| format!("?{it}")).collect::<Vec<_>>(), "token_auth": token });
    assert_eq!(
        server.request("POST", "/matomo.php", &headers, bulk.to_string().as_bytes()).status,
        200
    );
    // Refused hits, questions and logins hold marks too.
    for target in [
        format!("/matomo.php?idsite=999&rec=1&_id={}&url={MAIL}", IDS[0]),
        format!("/index.php?module=API&method={USER}"),
        format!(
            "/index.php?module=API&method=VisitsSummary.get&idSite={site}&period=day&date=today&segment=userId%3D%3D{USER}%2CpageUrl%3D@{MAIL}&token_auth={token}"
        ),
        format!(
            "/index.php?module=API&method=UsersManager.addUser&userLogin=compte-{site}&password=motdepasse&email={MAIL}&token_auth={token}"
        ),
        format!("/opt-out?lang={MAIL}"),
        format!("/{MAIL}"),
    ] {
        server.request("GET", &target, &headers, b"");
    }
    server.request("POST", "/opt-out", &headers, format!("refuse={MAIL}").as_bytes());
    server.request("POST", "/login", &headers, format!("user={USER}&password={MAIL}").as_bytes());
    let log = format!(
        "{} - {USER} [17/May/2026:10:05:03 +0200] \"GET /a?m={MAIL} HTTP/1.1\" 200 203 \"https://b.example/{MAIL}\" \"{AGENT}\"\n",
        ADDRESSES[0]
    );
    let mut import = Command::new(BINARY)
        .args(["import-log", "-", "--site", site, "--data"])
        .arg(server.data())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    import.stdin.take().unwrap().write_all(log.as_bytes()).unwrap();
    assert!(import.wait().unwrap().success());
}

#[test]
fn no_identifier_is_found_on_the_disk_after_a_kill() {
    let mut server = Server::start();
    let exempt = server.add_site(&[]);
    let complete = server.add_site(&[("policy", "complete")]);
    for site in [&exempt, &complete] {
        for scope in ["visit", "action"] {
            server.api(
                "CustomDimensions.configureNewCustomDimension",
                &[("idSite", site), ("name", "d"), ("scope", scope), ("active", "1")],
            );
        }
    }
    for site in [&exempt, &complete] {
        let segment = [("idSite", site.as_str()), ("name", "s"), ("definition", "actions>=1")];
        assert!(server.api("SegmentEditor.add", &segment)["value"].is_number());
    }
    send_everything(&server, &exempt, true);
    send_everything(&server, &complete, false);
    let today = [("idSite", complete.as_str()), ("period", "day"), ("date", "today")];
    server.wait_for("VisitsSummary.get", &today, |it| it["nb_actions"].as_i64().unwrap_or(0) > 20);
    server.kill();
    let markers = markers();
    let (mut scanned, mut found) = (0, Vec::new());
    found_below(server.folder(), &markers, &mut scanned, &mut found);
    assert!(scanned > 1 << 20, "only {scanned} bytes were looked at");
    assert!(found.is_empty(), "{found:#?}");
    // The search is able to find something.
    fs::write(server.data().join("journal/mark"), format!("x{MAIL}x")).unwrap();
    found_below(server.folder(), &markers, &mut scanned, &mut found);
    assert!(!found.is_empty());
    server.start_again();
}
