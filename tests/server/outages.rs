//! What hits meet when the disk is full or the database away: a true yes or a clear no.

use std::process::Command;

use serde_json::Value;

use crate::running::Server;

const DAY: [(&str, &str); 2] = [("period", "day"), ("date", "today")];

/// A page view of a visitor of its own; whether it was acknowledged.
fn view(server: &Server, site: &str, number: usize) -> bool {
    let visitor = format!("{number:016x}");
    let hit = server.hit(&[("idsite", site), ("_id", &visitor), ("url", "https://q.example/")]);
    match hit.status {
        204 => true,
        503 => {
            assert!(hit.head.to_lowercase().contains("retry-after: "), "{}", hit.head);
            false
        }
        other => panic!("status {other}: {}", hit.text()),
    }
}

/// Waits until so many visits with one page each are counted, and sees that it stays so.
fn settles_at(server: &Server, site: &str, views: usize) {
    let mut parameters = vec![("idSite", site)];
    parameters.extend(DAY);
    let counted = |answer: &Value| answer["nb_visits"] == views && answer["nb_actions"] == views;
    server.wait_for("VisitsSummary.get", &parameters, counted);
    std::thread::sleep(std::time::Duration::from_secs(1));
    let later = server.api("VisitsSummary.get", &parameters);
    assert!(counted(&later), "{views} became {later}");
}

/// Bytes that no file of the server may be longer than.
fn limit_files(server: &Server, bytes: &str) {
    let process = server.process().to_string();
    let mut command = Command::new("prlimit");
    command.args(["--pid", &process, &format!("--fsize={bytes}:unlimited")]);
    assert!(command.status().unwrap().success(), "prlimit is part of Debian's util-linux");
}

/// Asks /health until it answers so.
fn health(server: &Server, status: u16) -> String {
    for _ in 0..200 {
        let answer = server.get("/health");
        if answer.status == status {
            return answer.text();
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("/health does not become {status}");
}

#[test]
fn a_full_disk_gets_503_and_never_a_false_yes() {
    let host = Server::start();
    let mut server = Server::start_on(&host);
    let site = server.add_site(&[("timezone", "UTC")]);
    let mut acknowledged = 0;
    let mut number = 0;
    let mut send = |server: &Server, times: usize| {
        let mut yes = 0;
        for _ in 0..times {
            number += 1;
            yes += usize::from(view(server, &site, number));
        }
        acknowledged += yes;
        (yes, acknowledged)
    };
    assert_eq!(send(&server, 20).0, 20);
    limit_files(&server, "8192");
    let (yes, _) = send(&server, 60);
    assert!(yes < 60, "8 KiB do not hold 60 hits");
    assert_eq!(send(&server, 5).0, 0, "the disk is full");
    assert!(health(&server, 503).contains("disk"));
    // What was acknowledged is counted while the disk is full, and hits are taken when it is not.
    limit_files(&server, "unlimited");
    let (yes, sum) = send(&server, 20);
    assert_eq!(yes, 20);
    settles_at(&server, &site, sum);
    health(&server, 200);
    server.kill();
    server.start_again();
    settles_at(&server, &site, sum);
}

#[test]
fn hits_are_taken_while_the_database_is_away_and_counted_when_it_is_back() {
    let mut host = Server::start();
    let mut server = Server::start_on(&host);
    let site = server.add_site(&[("timezone", "UTC")]);
    let send = |server: &Server, numbers: std::ops::Range<usize>| {
        for number in numbers {
            assert!(view(server, &site, number), "hit {number} was not acknowledged");
        }
    };
    send(&server, 0..20);
    settles_at(&server, &site, 20);

    host.kill();
    assert!(health(&server, 503).contains("database"));
    send(&server, 20..220);
    host.start_again();
    settles_at(&server, &site, 220);
    health(&server, 200);

    // Away again, and the server is killed before it comes back.
    host.kill();
    send(&server, 220..300);
    server.kill();
    host.start_again();
    server.start_again();
    settles_at(&server, &site, 300);
}
