//! `padoqe import-annuaire`, and what the store says of establishments then.

use std::process::{Command, Output};

use padoqe::{
    school::place::{Academy, Department, Facet, Kind, SchoolLevel, Sector, Uai},
    store::{Among, Store},
};

use crate::running::{BINARY, Server};

const SAMPLE: &str = include_str!("../../demo/annuaire-exemple.csv");

fn import(server: &Server, text: &[u8], flags: &[&str]) -> Output {
    let file = server.folder().join("annuaire.csv");
    std::fs::write(&file, text).unwrap();
    Command::new(BINARY)
        .arg("import-annuaire")
        .arg(&file)
        .args(flags)
        .arg("--data")
        .arg(server.data())
        .output()
        .unwrap()
}

fn told(server: &Server, text: &str, flags: &[&str]) -> String {
    let output = import(server, text.as_bytes(), flags);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn refused(server: &Server, text: &[u8], flags: &[&str]) -> String {
    let output = import(server, text, flags);
    assert!(!output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8(output.stderr).unwrap()
}

/// The head and the lines of the sample that a rule keeps.
fn lines(keep: impl Fn(&[&str]) -> bool) -> String {
    let mut lines = SAMPLE.lines();
    let head = lines.next().unwrap();
    let kept = lines.filter(|line| keep(&line.split(';').collect::<Vec<_>>()));
    [head].into_iter().chain(kept).collect::<Vec<_>>().join("\n")
}

async fn open(store: &Store) -> u64 {
    store.count_establishments(Facet::Kind, &Among::default()).await.unwrap().values().sum()
}

#[test]
fn a_directory_is_taken_in_counted_and_closed() {
    let server = Server::start();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let address =
        format!("host={} user=padoqe dbname=postgres", server.data().join("socket").display());
    let store = Store::new(&address, 2).unwrap();

    let first = told(&server, SAMPLE, &[]);
    for words in [
        "306 lines read, as of 2026-05-27, 306 establishments taken (306 open)",
        "306 new, 0 changed, 0 as before, 0 marked closed",
    ] {
        assert!(first.contains(words), "{words}: {first}");
    }
    let again = told(&server, SAMPLE, &[]);
    assert!(again.contains("0 new, 0 changed, 306 as before, 0 marked closed"), "{again}");

    runtime.block_on(async {
        let by = async |by, among: Among<'_>| store.count_establishments(by, &among).await.unwrap();
        let academies = by(Facet::Academy, Among::default()).await;
        // All but abroad; in the file codes have lost their zeros.
        assert_eq!(academies.len(), Academy::all().len() - 1);
        assert!(academies.iter().all(|(code, n)| Academy::by_code(code).is_some() && *n == 9));
        let lyon = Among { academy: Academy::by_code("10"), ..Among::default() };
        let departments = by(Facet::Department, lyon).await;
        assert_eq!(
            departments.into_iter().collect::<Vec<_>>(),
            [("01".to_owned(), 3), ("42".to_owned(), 3), ("69".to_owned(), 3)]
        );
        let kinds = by(Facet::Kind, lyon).await;
        assert_eq!(
            kinds.into_iter().collect::<Vec<_>>(),
            [
                ("college".to_owned(), 2),
                ("ecole".to_owned(), 3),
                ("lycee".to_owned(), 3),
                ("orientation".to_owned(), 1)
            ]
        );
        let public = Among { sector: Some(Sector::Public), kind: Some(Kind::Lycee), ..lyon };
        assert_eq!(by(Facet::Level, public).await.len(), 3);
        let nursery = Among {
            level: Some(SchoolLevel::Maternelle),
            department: Department::by_code("75"),
            ..Among::default()
        };
        assert_eq!(by(Facet::Sector, nursery).await.get("public"), Some(&1));
    });

    // The first school of Lyon is gone, one that is new has come, one changed its name.
    let lyon: Vec<&str> = SAMPLE.lines().filter(|it| it.split(';').nth(11) == Some("10")).collect();
    let [gone, renamed, ..] = lyon.as_slice() else { panic!("Lyon has schools") };
    let uai = |line: &str| Uai::parse(line.split(';').next().unwrap()).unwrap();
    let next = lines(|cells| cells[0] != uai(gone).as_str())
        .replace(renamed, &renamed.replace("ECOLE ELEMENTAIRE", "ECOLE"));
    let next = format!("{next}\n{}", gone.replacen(uai(gone).as_str(), "0700585F", 1));
    let changed = told(&server, &next, &[]);
    assert!(changed.contains("1 new, 1 changed, 304 as before, 1 marked closed"), "{changed}");
    assert!(changed.contains("1 with another département than the UAI tells"), "{changed}");
    runtime.block_on(async {
        let [first, second, third] = [gone, renamed, gone].map(|it| uai(it));
        let known = store.establishments(&[first, second, third]).await.unwrap();
        let known = |uai| known.iter().find(|it| it.uai == uai).unwrap();
        assert!(!known(first).open && known(second).open);
        assert!(known(second).name.starts_with("ECOLE "), "{}", known(second).name);
        assert_eq!(known(second).academy.name, "Lyon");
        assert_eq!(open(&store).await, 306);
        let unknown = Uai::parse("0750360J").unwrap();
        assert_eq!(store.establishments(&[unknown]).await.unwrap(), []);
    });

    // An extract closes nothing unless it is said to be the whole.
    let extract = lines(|cells| cells[11] == "10");
    let error = refused(&server, extract.as_bytes(), &[]);
    assert!(
        error.contains("298 of the 306 establishments known to be open are not in it")
            && error.contains("--partial"),
        "{error}"
    );
    let partial = told(&server, &extract, &["--partial"]);
    assert!(partial.contains("0 new, 2 changed, 7 as before, 0 marked closed"), "{partial}");
    runtime.block_on(async { assert_eq!(open(&store).await, 307) });
    told(&server, &extract, &["--close-many"]);
    runtime.block_on(async { assert_eq!(open(&store).await, 9) });
}

#[test]
fn a_wrong_file_changes_nothing_and_says_what_to_do() {
    let server = Server::start();
    told(&server, SAMPLE, &[]);
    let latin = SAMPLE.replace('é', "\u{1}").into_bytes();
    let latin: Vec<u8> = latin.into_iter().map(|it| if it == 1 { 0xE9 } else { it }).collect();
    for (bytes, words) in [
        (&latin[..], "is not UTF-8"),
        (b"a;b;c\n1;2;3\n", "the first line has no column Identifiant_de_l_etablissement"),
        (b"", "fr-en-annuaire-education"),
    ] {
        let error = refused(&server, bytes, &[]);
        assert!(error.contains(words) && error.contains("annuaire.csv"), "{words}: {error}");
    }
    let absent = Command::new(BINARY)
        .args(["import-annuaire", "/nowhere/annuaire.csv", "--data"])
        .arg(server.data())
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&absent.stderr).into_owned();
    assert!(!absent.status.success() && error.contains("/nowhere/annuaire.csv"), "{error}");
    let damaged = SAMPLE.replacen("Lyon", "Lyon;", 1).replacen("OUVERT", "FERME", 1);
    let summary = told(&server, &damaged, &[]);
    assert!(summary.contains("305 establishments taken (304 open)"), "{summary}");
    assert!(summary.contains("1 refused: not as many cells as the first line"), "{summary}");
    // Phones and mails are in the file and not in the database.
    let dump = Command::new("grep")
        .args(["-rlaE", "exemple[.]invalid|19900[0-9]{4}"])
        .arg(server.data())
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&dump.stdout), "");
    let there =
        Command::new("grep").args(["-rla", "CEDRE BLEU"]).arg(server.data()).output().unwrap();
    assert_ne!(String::from_utf8_lossy(&there.stdout), "", "the search would find it");
}
