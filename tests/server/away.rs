//! The database is away, for a while or at the worst moment: what was acknowledged is counted once.

use std::{
    io::{Read, Write},
    net::Shutdown,
    os::unix::net::{UnixListener, UnixStream},
    path::Path,
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use padoqe::cluster::Cluster;
use tempfile::TempDir;

use crate::running::{Server, Way};

/// A PostgreSQL of the test's own, which it may stop and start.
pub(crate) struct Database {
    folder: TempDir,
    cluster: Option<Cluster>,
}

impl Database {
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut database = Self { folder, cluster: None };
        database.start_again();
        database
    }

    fn start_again(&mut self) {
        self.cluster = Some(Cluster::start(self.folder.path(), None).unwrap());
    }

    pub(crate) fn address(&self) -> String {
        self.cluster.as_ref().unwrap().address()
    }

    fn stop(&mut self) {
        self.cluster.take().unwrap().stop();
    }

    /// As a machine that loses its power, as far as a process can tell.
    fn kill(&mut self) {
        let pid = std::fs::read_to_string(self.folder.path().join("postgres/postmaster.pid"));
        let pid = pid.unwrap().lines().next().unwrap().to_owned();
        assert!(Command::new("kill").args(["-9", &pid]).status().unwrap().success());
        // Waits for the process, which is a child of this one.
        self.stop();
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some(cluster) = self.cluster.take() {
            cluster.stop();
        }
    }
}

/// Hits that were sent, each with a name of its own.
#[derive(Default)]
pub(crate) struct Sent {
    tried: u32,
    pub(crate) acknowledged: Vec<String>,
    pub(crate) refused: u32,
    /// Pages that were acknowledged.
    pub(crate) pages: u32,
}

impl Sent {
    pub(crate) fn send(&mut self, server: &Server, site: &str, times: u32) {
        for _ in 0..times {
            self.tried += 1;
            let name = format!("n{}", self.tried);
            let answer = server.hit(&[
                ("idsite", site),
                ("_id", "00000000000000aa"),
                ("e_c", "c"),
                ("e_a", "a"),
                ("e_n", &name),
                ("url", "https://www.quiziniere.com/"),
            ]);
            match answer.status {
                204 => self.acknowledged.push(name),
                503 => {
                    assert!(
                        answer.head.to_lowercase().contains("retry-after: "),
                        "{}",
                        answer.head
                    );
                    self.refused += 1;
                }
                status => panic!("{status}: {}", answer.text()),
            }
        }
    }

    /// Everything acknowledged is counted, once, and nothing else is.
    pub(crate) fn are_counted(&self, server: &Server, site: &str) {
        let mut day = vec![("idSite", site), ("period", "day"), ("date", "today")];
        server.wait_for("Events.getCategory", &day, |rows| {
            rows[0]["nb_events"].as_u64() >= Some(self.acknowledged.len() as u64)
        });
        day.push(("filter_limit", "-1"));
        let rows = server.api("Events.getName", &day);
        let mut counted: Vec<&str> = Vec::new();
        for row in rows.as_array().unwrap() {
            assert_eq!(row["nb_events"], 1, "{row}");
            counted.push(row["label"].as_str().unwrap());
        }
        let mut wanted: Vec<&str> = self.acknowledged.iter().map(String::as_str).collect();
        counted.sort_unstable();
        wanted.sort_unstable();
        assert_eq!(counted, wanted);
    }
}

/// What /health says is wrong, once it says something.
pub(crate) fn trouble(server: &Server) -> String {
    let start = Instant::now();
    loop {
        let answer = server.get("/health");
        if answer.status == 503 {
            return answer.text();
        }
        assert!(start.elapsed() < Duration::from_secs(20), "/health stays {}", answer.text());
        thread::sleep(Duration::from_millis(50));
    }
}

pub(crate) fn gets_well(server: &Server) {
    let start = Instant::now();
    while server.get("/health").status != 200 {
        assert!(
            start.elapsed() < Duration::from_secs(20),
            "/health stays {}",
            server.get("/health").text()
        );
        thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn hits_are_taken_while_the_database_is_away_and_counted_once_when_it_is_back() {
    let mut database = Database::start();
    let way = Way { database: Some(database.address()), ..Way::default() };
    let mut server = Server::start_as(way);
    let site = server.add_site(&[("policy", "complete")]);
    let mut sent = Sent::default();
    sent.send(&server, &site, 20);
    sent.are_counted(&server, &site);

    // Stopped in an orderly way, long enough for many attempts.
    database.stop();
    sent.send(&server, &site, 100);
    let told = trouble(&server);
    assert!(told.contains("hits are kept but not counted"), "{told}");
    assert!(told.contains("reports cannot be answered"), "{told}");
    thread::sleep(Duration::from_secs(3));
    sent.send(&server, &site, 100);
    assert_eq!(sent.refused, 0, "the journal takes hits without a database");
    database.start_again();
    gets_well(&server);
    sent.are_counted(&server, &site);

    // Both are killed, one after the other, the server while the database is away.
    sent.send(&server, &site, 50);
    database.kill();
    sent.send(&server, &site, 50);
    server.kill();
    let told = server.try_again().unwrap_err();
    assert!(told.contains("the database is not usable"), "{told}");
    database.start_again();
    server.start_again();
    gets_well(&server);
    sent.send(&server, &site, 20);
    sent.are_counted(&server, &site);
    assert_eq!(sent.refused, 0);
}

/// The worst moment: the transaction is committed, and its answer never arrives.
#[test]
fn a_commit_whose_answer_was_lost_is_not_counted_twice() {
    let database = Database::start();
    let between = tempfile::tempdir().unwrap();
    let losses = lossy(&database.folder.path().join("socket"), between.path());
    let address = format!("host={} user=padoqe dbname=postgres", between.path().display());
    let server = Server::start_as(Way { database: Some(address), ..Way::default() });
    let site = server.add_site(&[("policy", "complete")]);
    let mut sent = Sent::default();
    for _ in 0..5 {
        losses.store(2, Ordering::SeqCst);
        sent.send(&server, &site, 10);
        let start = Instant::now();
        while losses.load(Ordering::SeqCst) > 0 {
            assert!(start.elapsed() < Duration::from_secs(20), "no commit came");
            sent.send(&server, &site, 1);
            thread::sleep(Duration::from_millis(50));
        }
        sent.are_counted(&server, &site);
    }
}

/// A way to the database that loses as many answers to `commit` as it is told to, and the
/// connection with each.
fn lossy(database: &Path, folder: &Path) -> Arc<AtomicU32> {
    const SOCKET: &str = ".s.PGSQL.5432";
    let losses = Arc::new(AtomicU32::new(0));
    let (told, database) = (Arc::clone(&losses), database.join(SOCKET));
    let listener = UnixListener::bind(folder.join(SOCKET)).unwrap();
    thread::spawn(move || {
        for client in listener.incoming() {
            let (Ok(mut client), Ok(mut server)) = (client, UnixStream::connect(&database)) else {
                continue;
            };
            let (mut up_from, mut up_to) =
                (client.try_clone().unwrap(), server.try_clone().unwrap());
            thread::spawn(move || {
                std::io::copy(&mut up_from, &mut up_to).ok();
                up_to.shutdown(Shutdown::Both).ok();
            });
            let told = Arc::clone(&told);
            thread::spawn(move || {
                let mut buffer = [0; 16 << 10];
                while let Ok(read @ 1..) = server.read(&mut buffer) {
                    // CommandComplete: 'C', its length, the tag.
                    let commit = buffer[..read].windows(12).any(|it| it == b"C\0\0\0\x0bCOMMIT\0");
                    let less = |n: u32| n.checked_sub(1);
                    let order = Ordering::SeqCst;
                    if commit && told.fetch_update(order, order, less).is_ok() {
                        break;
                    }
                    if client.write_all(&buffer[..read]).is_err() {
                        break;
                    }
                }
                client.shutdown(Shutdown::Both).ok();
                server.shutdown(Shutdown::Both).ok();
            });
        }
    });
    losses
}

#[test]
fn a_private_postgresql_that_dies_is_started_again() {
    let server = Server::start();
    let site = server.add_site(&[("policy", "complete")]);
    let mut sent = Sent::default();
    for signal in ["-9", "-INT"] {
        sent.send(&server, &site, 20);
        sent.are_counted(&server, &site);
        let pid = std::fs::read_to_string(server.data().join("postgres/postmaster.pid")).unwrap();
        let pid = pid.lines().next().unwrap();
        assert!(Command::new("kill").args([signal, pid]).status().unwrap().success());
        sent.send(&server, &site, 20);
        assert_eq!(sent.refused, 0, "the journal takes hits meanwhile");
        gets_well(&server);
        sent.are_counted(&server, &site);
    }
}
