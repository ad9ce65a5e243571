//! The Annuaire de l'éducation: its official CSV, into the table that reports have their denominators
//! from. Of 72 columns it reads those about the establishment; none about anybody who works there.

mod columns;
mod line;

use std::{
    collections::{BTreeMap, HashSet},
    fs::File,
    io::{BufRead, BufReader, Read},
    path::Path,
};

use anyhow::{Context, Result, bail};
use csv::{ByteRecord, ReaderBuilder};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::Zoned;

use crate::{
    school::place::{Establishment, Uai},
    site::{DayNumber, date_of, number_of},
    store::{Gone, Store},
};

use columns::Columns;
use line::{Refused, understood};

/// Line numbers that are told for each reason.
const LINES_TOLD: usize = 5;
/// More than this share of the open establishments (in per cent) is not closed unasked.
const MOST_CLOSED: u64 = 10;

/// What a file says.
#[derive(Debug, Default)]
struct Directory {
    establishments: Vec<Establishment>,
    lines: u64,
    refused: BTreeMap<Refused, Vec<u64>>,
    /// Establishments of which the file tells another département than their code.
    moved: u64,
    /// The last day that a line was looked at.
    updated: Option<DayNumber>,
}

/// What is to be done with establishments that the file does not name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unnamed {
    /// They are closed, unless they are so many that the file may be an extract.
    CloseFew,
    /// They are closed however many they are.
    CloseAll,
    /// They stay as they are: the file is an extract.
    Keep,
}

/// Takes in a file and prints what became of its lines.
///
/// # Errors
/// What is wrong with the file and where; nothing is changed then.
#[expect(clippy::print_stdout, reason = "the closing summary")]
pub async fn import(store: &Store, file: &Path, unnamed: Unnamed) -> Result<()> {
    let today = number_of(Zoned::now().date());
    let directory = open(file)
        .and_then(|(reader, bar)| {
            let read = read(reader, today);
            bar.finish_and_clear();
            read
        })
        .with_context(|| file.display().to_string())?;
    let gone = match unnamed {
        Unnamed::Keep => Gone::Keep,
        Unnamed::CloseAll => Gone::Close,
        Unnamed::CloseFew => {
            let named: Vec<Uai> = directory.establishments.iter().map(|it| it.uai).collect();
            let (open, missing) = store.establishments_beside(&named).await?;
            if missing * 100 > open * MOST_CLOSED {
                bail!(
                    "{}: {missing} of the {open} establishments known to be open are not in it. If it is an extract (one académie, say), add --partial and they stay as they are; if they did close, add --close-many. Nothing was changed.",
                    file.display()
                );
            }
            Gone::Close
        }
    };
    let saved = store.save_establishments(&directory.establishments, gone).await?;
    println!("{}", directory.told());
    println!(
        "  {} new, {} changed, {} as before, {} marked closed because the file no longer names them",
        saved.new, saved.changed, saved.same, saved.closed
    );
    Ok(())
}

impl Directory {
    fn told(&self) -> String {
        let open = self.establishments.iter().filter(|it| it.open).count();
        let as_of = self.updated.map(|it| format!(", as of {}", date_of(it))).unwrap_or_default();
        let mut told = format!(
            "{} lines read{as_of}, {} establishments taken ({open} open)",
            self.lines,
            self.establishments.len()
        );
        for (reason, lines) in &self.refused {
            told.push_str(&format!(
                "\n{:>8} refused: {} ({})",
                lines.len(),
                reason.as_str(),
                some(lines)
            ));
        }
        if self.moved > 0 {
            told.push_str(&format!(
                "\n{:>8} with another département than the UAI tells: the file is believed",
                self.moved
            ));
        }
        told
    }
}

/// The first line numbers of a list.
fn some(lines: &[u64]) -> String {
    let numbers: Vec<String> = lines.iter().take(LINES_TOLD).map(u64::to_string).collect();
    let more = if lines.len() > LINES_TOLD { ", …" } else { "" };
    format!("line {}{more}", numbers.join(", "))
}

/// A file, with a bar that shows how far it is read.
fn open(file: &Path) -> Result<(impl Read, ProgressBar)> {
    let opened = File::open(file)?;
    let bar = ProgressBar::new(opened.metadata()?.len())
        .with_style(ProgressStyle::with_template("{bar:40} {bytes}/{total_bytes}  {eta} left")?);
    Ok((bar.wrap_read(opened), bar))
}

/// Reads a directory: with a byte order mark or without, separated by semicolons, commas or tabs.
fn read(reader: impl Read, today: DayNumber) -> Result<Directory> {
    let mut reader = BufReader::with_capacity(1 << 16, reader);
    let start = reader.fill_buf()?;
    let mark = start.starts_with(b"\xEF\xBB\xBF");
    let first = start.split(|it| *it == b'\n').next().unwrap_or_default();
    let often = |byte: u8| first.iter().filter(|it| **it == byte).count();
    let separator = [b';', b',', b'\t'].into_iter().max_by_key(|it| (often(*it), *it == b';'));
    if mark {
        reader.consume(3);
    }
    let mut csv = ReaderBuilder::new()
        .delimiter(separator.unwrap_or(b';'))
        .flexible(true)
        .from_reader(reader);
    let head = csv.byte_headers()?.clone();
    let columns = Columns::read(texts(&head)?.into_iter())?;
    let mut directory = Directory::default();
    let mut seen = HashSet::new();
    let mut record = ByteRecord::new();
    while csv.read_byte_record(&mut record)? {
        directory.lines += 1;
        let number = record.position().map_or(directory.lines + 1, csv::Position::line);
        let cells = texts(&record)?;
        let line = if cells.len() == columns.cells {
            understood(&columns, &|at| cells.get(at).copied(), today)
        } else {
            Err(Refused::Cells)
        };
        let line = line.and_then(|it| {
            if seen.insert(it.establishment.uai) { Ok(it) } else { Err(Refused::Twice) }
        });
        match line {
            Ok(line) => {
                directory.moved += u64::from(line.moved);
                directory.updated = directory.updated.max(line.updated);
                directory.establishments.push(line.establishment);
            }
            Err(reason) => directory.refused.entry(reason).or_default().push(number),
        }
    }
    if directory.establishments.is_empty() {
        bail!("no line of it is an establishment: {}", directory.told());
    }
    Ok(directory)
}

/// The cells of a line, which must be UTF-8: a spreadsheet's own encoding would spoil every name.
fn texts(record: &ByteRecord) -> Result<Vec<&str>> {
    let line = record.position().map_or(1, csv::Position::line);
    record
        .iter()
        .map(|cell| {
            std::str::from_utf8(cell).map_err(|_| {
                anyhow::anyhow!("line {line} is not UTF-8: a spreadsheet saved it otherwise. Download the file again, or save it as \"CSV UTF-8\"")
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HEAD: &str = "Identifiant_de_l_etablissement;Nom_etablissement;Type_etablissement;Code_departement;Code_academie;Telephone;date_maj_ligne\n";

    fn said(bytes: &[u8]) -> String {
        match read(bytes, 20_000) {
            Ok(directory) => directory.told(),
            Err(error) => format!("{error:#}"),
        }
    }

    #[test]
    fn a_mark_line_ends_quotes_and_separators_do_not_matter() {
        let lines = "0700585F;\"ECOLE; DU \"\"CENTRE\"\"\";Ecole;70;3;384958096;27/05/2026\n0750360J;CLAUDE CHAPPE;Collège;75;1;;26/05/2026\n";
        let plain = format!("{HEAD}{lines}");
        let marked = format!("\u{feff}{plain}").replace('\n', "\r\n");
        for text in [plain.as_str(), &marked] {
            let directory = read(text.as_bytes(), 20_000).unwrap();
            let names: Vec<_> =
                directory.establishments.iter().map(|it| it.name.as_str()).collect();
            assert_eq!(names, ["ECOLE; DU \"CENTRE\"", "CLAUDE CHAPPE"]);
            assert!(
                directory
                    .told()
                    .contains("2 lines read, as of 2026-05-27, 2 establishments taken (2 open)")
            );
        }
        let commas = format!("{HEAD}0750360J;CLAUDE CHAPPE;Collège;75;1;;\n").replace(';', ",");
        assert_eq!(read(commas.as_bytes(), 20_000).unwrap().establishments.len(), 1);
    }

    #[test]
    fn refused_lines_are_counted_with_their_reasons_and_numbers() {
        let told = said(
            format!("{HEAD}0700585F;A;Ecole;70;3;;\n0700585G;B;Ecole;70;3;;\n0700585F;C;Ecole;70;3;;\n;D;Ecole;70;3;;\n0750360J;E\n")
                .as_bytes(),
        );
        for words in [
            "5 lines read, 1 establishments taken",
            "1 refused: the letter of the UAI does not fit its digits: one of them is mistyped (line 3)",
            "1 refused: the same UAI stands on a line before (line 4)",
            "1 refused: no UAI (line 5)",
            "1 refused: not as many cells as the first line: a separator or a quote is out of place (line 6)",
        ] {
            assert!(told.contains(words), "{words}: {told}");
        }
    }

    #[test]
    fn a_file_that_is_none_is_refused_with_what_to_do() {
        let latin = [HEAD.as_bytes(), b"0700585F;\xC9cole;Ecole;70;3;;\n"].concat();
        let utf16: Vec<u8> = HEAD.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for (bytes, words) in [
            (&latin[..], "line 2 is not UTF-8"),
            (&[&b"\xFF\xFE"[..], &utf16].concat(), "line 1 is not UTF-8"),
            (b"uai;nom\n", "the first line has no column Identifiant_de_l_etablissement"),
            (b"", "the first line has no column"),
            (HEAD.as_bytes(), "no line of it is an establishment: 0 lines read"),
        ] {
            assert!(said(bytes).contains(words), "{words}: {}", said(bytes));
        }
    }

    proptest! {
        #[test]
        fn no_file_is_too_strange(bytes in prop::collection::vec(any::<u8>(), 0..400), lines in ".{0,200}") {
            said(&bytes);
            said(&[HEAD.as_bytes(), &bytes].concat());
            let told = said(format!("{HEAD}{lines}\n0750360J;A;Collège;75;1;;\n").as_bytes());
            prop_assert!(!told.is_empty());
        }
    }
}
