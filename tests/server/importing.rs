//! `padoqe import-log`, beside a running server and without one.

use std::{
    io::Write,
    process::{Command, Output, Stdio},
};

use crate::running::{BINARY, Server};

const LOG: &str = r#"192.0.2.1 - - [17/May/2026:10:05:03 +0200] "GET /aide HTTP/1.1" 200 203 "-" "Mozilla/5.0 (X11; Linux x86_64; rv:25.0) Gecko/20100101 Firefox/25.0"
192.0.2.1 - - [17/May/2026:10:06:03 +0200] "GET /fiches/fiche.pdf HTTP/1.1" 200 203 "-" "Mozilla/5.0 (X11; Linux x86_64; rv:25.0) Gecko/20100101 Firefox/25.0"
192.0.2.1 - - [17/May/2026:10:06:04 +0200] "GET /style.css HTTP/1.1" 200 203 "-" "Mozilla/5.0 (X11; Linux x86_64; rv:25.0) Gecko/20100101 Firefox/25.0"
192.0.2.2 - - [17/May/2026:10:07:03 +0200] "GET /rien HTTP/1.1" 404 203 "-" "Mozilla/5.0"
what is this
"#;

fn import(server: &Server, site: &str, log: &[u8]) -> Output {
    let mut child = Command::new(BINARY)
        .args(["import-log", "-", "--site", site, "--data"])
        .arg(server.data())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(log).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn a_log_is_counted_and_what_is_skipped_is_told() {
    let mut server = Server::start();
    let site = server.add_site(&[("policy", "complete")]);
    let beside = import(&server, &site, LOG.as_bytes());
    let told = String::from_utf8_lossy(&beside.stdout).into_owned();
    assert!(beside.status.success(), "{}", String::from_utf8_lossy(&beside.stderr));
    for words in [
        "5 lines read, 2 hits taken",
        "1 skipped: not in combined format",
        "1 skipped: failed",
        "1 skipped: picture",
    ] {
        assert!(told.contains(words), "{words}: {told}");
    }
    let day = [("idSite", site.as_str()), ("period", "day"), ("date", "2026-05-17")];
    let counted = server.wait_for("Actions.get", &day, |it| it["nb_downloads"] == 1);
    assert_eq!(counted["nb_pageviews"], 1);
    let none = import(&server, "99", LOG.as_bytes());
    assert!(!none.status.success());
    assert!(String::from_utf8_lossy(&none.stderr).contains("there is no site 99"));
    // Without a server the command runs one for itself.
    server.kill();
    let mut zipped = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    zipped.write_all(LOG.replace("17/May", "18/May").as_bytes()).unwrap();
    let alone = import(&server, &site, &zipped.finish().unwrap());
    assert!(alone.status.success(), "{}", String::from_utf8_lossy(&alone.stderr));
    server.start_again();
    let next = [("idSite", site.as_str()), ("period", "day"), ("date", "2026-05-18")];
    assert_eq!(server.api("Actions.get", &next)["nb_pageviews"], 1);
}
