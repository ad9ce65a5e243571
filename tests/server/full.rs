//! The journal's disk is full: never a false yes, and hits are taken again when there is space.

use std::{fs, io::Write, path::PathBuf, process::Command};

use crate::{
    away::{Database, Sent, gets_well, trouble},
    running::{Server, Way},
};

/// A disk that is full at a size: as a limit of the process, which anyone may set. A signal comes
/// with it, which has to be ignored as a disk sends none.
const LIMITED: &str = "trap '' XFSZ; ulimit -S -f 3072; exec \"$0\" \"$@\"";

fn limited(database: &Database) -> Server {
    let through = ["sh", "-c", LIMITED].map(str::to_owned).to_vec();
    Server::start_as(Way { through, database: Some(database.address()), ..Way::default() })
}

fn set_limit(server: &Server, limit: &str) {
    let pid = server.process().to_string();
    let set = Command::new("prlimit").args(["--pid", &pid, &format!("--fsize={limit}:")]).status();
    assert!(set.unwrap().success());
}

#[test]
fn a_full_disk_is_told_and_nothing_acknowledged_is_lost() {
    let database = Database::start();
    let mut server = limited(&database);
    let site = server.add_site(&[("policy", "complete")]);
    let mut sent = Sent::default();
    for _ in 0..3 {
        set_limit(&server, "3145728");
        sent.send(&server, &site, 20);
        // Full: what is already in the file is more than the limit now.
        set_limit(&server, "1");
        let before = sent.acknowledged.len();
        while sent.refused == 0 {
            assert!(sent.acknowledged.len() < before + 20_000, "the disk never gets full");
            sent.send(&server, &site, 1);
        }
        sent.refused = 0;
        sent.send(&server, &site, 20);
        assert_eq!(sent.refused, 20, "a full disk takes nothing");
        let told = trouble(&server);
        assert!(told.contains("the disk is full or cannot be written"), "{told}");
        // What was acknowledged before is counted meanwhile.
        sent.are_counted(&server, &site);
        // Space is back: the server notices by itself, also where nobody sends a hit because a
        // balancer asks /health first.
        set_limit(&server, "3145728");
        gets_well(&server);
        sent.refused = 0;
        sent.send(&server, &site, 20);
        assert_eq!(sent.refused, 0);
        sent.are_counted(&server, &site);
    }
    set_limit(&server, "1");
    sent.send(&server, &site, 5);
    server.kill();
    server.start_again();
    sent.are_counted(&server, &site);
}

/// The same on a real small filesystem, which refuses in the middle of a write.
#[test]
#[expect(clippy::print_stdout, reason = "a test that is skipped must say why")]
fn a_small_filesystem_gets_full_and_is_freed() {
    let database = Database::start();
    let script =
        "mkdir -p \"$DISK\" && mount -t tmpfs -o size=16m tmpfs \"$DISK\" && exec \"$0\" \"$@\"";
    let folder = tempfile::tempdir().unwrap();
    let disk = folder.path().join("journal");
    let mount = |command: &mut Command| command.status().is_ok_and(|status| status.success());
    let own = ["unshare", "--mount"].map(str::to_owned).to_vec();
    let mapped = ["unshare", "--map-root-user", "--mount"].map(str::to_owned).to_vec();
    let works = |way: &[String]| {
        let probe = "mount -t tmpfs tmpfs \"$0\"";
        mount(Command::new(&way[0]).args(&way[1..]).args(["sh", "-c", probe]).arg(folder.path()))
    };
    let Some(mut through) = [own, mapped].into_iter().find(|way| works(way)) else {
        println!("skipped: no filesystem can be mounted here; the limit of the process is tested");
        return;
    };
    through.extend(["sh", "-c", script].map(str::to_owned));
    let environment = vec![("DISK".to_owned(), disk.display().to_string())];
    // The journal's folder is where the data directory says; a link leads to the small disk.
    let way = Way { through, database: Some(database.address()), environment };
    let server = Server::start_with(way, |data| {
        fs::create_dir_all(data).unwrap();
        std::os::unix::fs::symlink(&disk, data.join("journal")).unwrap();
    });
    let site = server.add_site(&[("policy", "complete")]);
    let mut sent = Sent::default();
    // The disk as the server sees it.
    let inside = PathBuf::from(format!("/proc/{}/root{}", server.process(), disk.display()));
    for round in 0..3 {
        sent.send(&server, &site, 20);
        let filler = inside.join("filler");
        // What is left is the space that the journal has reserved for itself.
        let mut file = fs::File::create(&filler).unwrap();
        while file.write_all(&[1; 4 << 10]).is_ok() {}
        drop(file);
        let bulk: Vec<String> = (0..2_000)
            .map(|n| format!("\"?idsite={site}&rec=1&url=https://www.quiziniere.com/{round}-{n}\""))
            .collect();
        let bulk = format!("{{\"requests\":[{}]}}", bulk.join(","));
        let mut refused = false;
        for _ in 0..40 {
            let answer = server.request("POST", "/matomo.php", &[], bulk.as_bytes());
            if answer.status == 503 {
                refused = true;
                break;
            }
            assert_eq!(answer.status, 200);
            sent.pages += 2_000;
        }
        assert!(refused, "the disk never gets full");
        let told = trouble(&server);
        assert!(told.contains("the disk is full or cannot be written"), "{told}");
        fs::remove_file(&filler).unwrap();
        gets_well(&server);
    }
    sent.send(&server, &site, 20);
    assert_eq!(sent.refused, 0);
    sent.are_counted(&server, &site);
    let day = [("idSite", site.as_str()), ("period", "day"), ("date", "today")];
    let pages = server.wait_for("Actions.get", &day, |it| it["nb_pageviews"] == sent.pages);
    assert_eq!(pages["nb_pageviews"], sent.pages);
}
