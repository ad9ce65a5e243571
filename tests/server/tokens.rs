//! Tokens of programs, from the command line.

use std::{
    process::Command,
    time::{Duration, Instant},
};

use crate::running::{BINARY, Server};

#[test]
fn tokens_are_listed_and_revoked_while_the_server_runs() {
    let server = Server::start();
    let token = server.admin(&["admin", "token", "--description", "portail académique"]);
    let asks = |token: &str| {
        let question = "/index.php?module=API&method=API.getMatomoVersion&format=json&token_auth=";
        server.get(&format!("{question}{token}")).status
    };
    assert_eq!(asks(&token), 200);
    let line = server.admin(&["admin", "token", "--list"]);
    assert!(line.ends_with("portail académique"), "{line}");
    assert!(!line.contains(&token), "{line}");
    let name = line.split(' ').next().unwrap().to_owned();
    let told = server.admin(&["admin", "token", "--revoke", &name]);
    assert!(told.contains(&name), "{told}");
    let start = Instant::now();
    while asks(&token) != 401 {
        assert!(start.elapsed() < Duration::from_secs(20), "the token is still taken");
        std::thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(asks(&server.token), 200);
    let again = Command::new(BINARY)
        .args(["admin", "token", "--revoke", &name, "--data"])
        .arg(server.data())
        .output()
        .unwrap();
    assert!(!again.status.success());
    let told = String::from_utf8_lossy(&again.stderr).into_owned();
    assert!(told.contains("--list"), "{told}");
}
