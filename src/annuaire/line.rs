//! A line of the Annuaire as an establishment, or why it is none.

use jiff::civil::Date;

use super::columns::{Column, Columns};
use crate::{
    school::{
        folded,
        place::{Academy, Department, Establishment, Kind, SchoolLevel, Sector, Uai, UaiFault},
    },
    site::{DayNumber, number_of},
};

/// Longer names are cut.
const LONGEST_NAME: usize = 200;

/// Why a line is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Refused {
    Cells,
    NoUai,
    UaiForm,
    UaiLetter,
    Place,
    Twice,
}

impl Refused {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Cells => {
                "not as many cells as the first line: a separator or a quote is out of place"
            }
            Self::NoUai => "no UAI",
            Self::UaiForm => "the UAI is not seven digits and a letter",
            Self::UaiLetter => {
                "the letter of the UAI does not fit its digits: one of them is mistyped"
            }
            Self::Place => "neither the académie nor the département is a known one",
            Self::Twice => "the same UAI stands on a line before",
        }
    }
}

/// A line that was understood.
#[derive(Debug, PartialEq)]
pub(super) struct Line {
    pub(super) establishment: Establishment,
    /// When the directory last looked at it.
    pub(super) updated: Option<DayNumber>,
    /// The département is not the one that the UAI tells.
    pub(super) moved: bool,
}

/// Understands a line; `today` tells what is not open yet.
pub(super) fn understood<'a>(
    columns: &Columns,
    cells: &impl Fn(usize) -> Option<&'a str>,
    today: DayNumber,
) -> Result<Line, Refused> {
    let cell = |column| columns.place(column).and_then(cells).map(str::trim).unwrap_or_default();
    let uai = Uai::parse(cell(Column::Uai)).map_err(|fault| match fault {
        UaiFault::Length(0) => Refused::NoUai,
        UaiFault::Length(_) | UaiFault::Form => Refused::UaiForm,
        UaiFault::Letter { .. } => Refused::UaiLetter,
    })?;
    let academy = Academy::by_code(cell(Column::AcademyCode))
        .filter(|_| !cell(Column::AcademyCode).is_empty())
        .or_else(|| Academy::by_name(cell(Column::AcademyName)));
    let written = Department::by_code(cell(Column::DepartmentCode));
    let (department, academy) = place(&uai, written, academy).ok_or(Refused::Place)?;
    let nature = folded(cell(Column::Nature));
    let kind = Some(cell(Column::Type)).filter(|it| !it.is_empty());
    let kind = Kind::of(kind.unwrap_or(&nature));
    let opened = day(cell(Column::Opened));
    Ok(Line {
        updated: day(cell(Column::Updated)),
        moved: department != uai.department(),
        establishment: Establishment {
            uai,
            name: name(cell(Column::Name), kind),
            kind,
            level: level(kind, &nature, |column| yes(cell(column))),
            sector: Sector::of(cell(Column::Sector)),
            department,
            academy,
            opened,
            open: is_open(cell(Column::State)) && opened.is_none_or(|it| it <= today),
        },
    })
}

/// The département and the académie of an establishment. The file's code counts before the UAI's; but
/// in the Pacific INSEE's and the ministry's codes mix, and spreadsheets damage codes: one that lies in
/// the académie that is written is believed first.
fn place(
    uai: &Uai,
    written: Option<&'static Department>,
    academy: Option<&'static Academy>,
) -> Option<(Option<&'static Department>, &'static Academy)> {
    let told = [written, uai.department()];
    let mut told = told.iter().flatten().copied();
    match academy {
        Some(academy) => Some((told.find(|it| it.academy() == academy), academy)),
        None => told.next().map(|department| (Some(department), department.academy())),
    }
}

fn name(text: &str, kind: Kind) -> String {
    let name: String =
        text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(LONGEST_NAME).collect();
    if name.is_empty() { kind.names()[0].to_owned() } else { name }
}

/// What an establishment teaches; from what its nature is called where nothing is ticked.
fn level(kind: Kind, nature: &str, ticked: impl Fn(Column) -> bool) -> SchoolLevel {
    let called = |word: &str| nature.split(' ').any(|it| it.starts_with(word));
    match kind {
        Kind::Ecole => {
            let level = SchoolLevel::of_ecole(ticked(Column::Nursery), ticked(Column::Elementary));
            match level {
                SchoolLevel::Autre => {
                    SchoolLevel::of_ecole(called("maternelle"), called("elementaire"))
                }
                level => level,
            }
        }
        Kind::College => SchoolLevel::College,
        Kind::Lycee => {
            let general = ticked(Column::General) || ticked(Column::Technological);
            match SchoolLevel::of_lycee(general, ticked(Column::Vocational)) {
                SchoolLevel::Autre => SchoolLevel::of_lycee(
                    called("general") || called("technologique") || called("polyvalent"),
                    called("professionnel") || called("polyvalent"),
                ),
                level => level,
            }
        }
        _ => SchoolLevel::Autre,
    }
}

fn yes(text: &str) -> bool {
    matches!(folded(text).as_str(), "1" | "oui" | "true" | "vrai")
}

/// The directory lists what is open, what is about to close included; an empty cell is unknown.
fn is_open(state: &str) -> bool {
    let state = folded(state);
    !(state.starts_with("ferme") || state == "a ouvrir")
}

/// A day as dd/mm/yyyy or yyyy-mm-dd; anything else is unknown.
fn day(text: &str) -> Option<DayNumber> {
    let date = match text.split('/').collect::<Vec<_>>().as_slice() {
        [day, month, year] => {
            Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?
        }
        _ => text.parse().ok()?,
    };
    Some(number_of(date))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    const HEAD: [&str; 16] = [
        "Identifiant_de_l_etablissement",
        "Nom_etablissement",
        "Type_etablissement",
        "Statut_public_prive",
        "Code_departement",
        "Code_academie",
        "Libelle_academie",
        "Ecole_maternelle",
        "Ecole_elementaire",
        "Voie_generale",
        "Voie_technologique",
        "Voie_professionnelle",
        "date_ouverture",
        "date_maj_ligne",
        "etat",
        "libelle_nature",
    ];

    fn read(line: &str) -> Result<Line, Refused> {
        let columns = Columns::read(HEAD.into_iter()).unwrap();
        let cells: Vec<&str> = line.split(';').collect();
        understood(&columns, &|at| cells.get(at).copied(), number_of(date(2026, 11, 23)))
    }

    #[test]
    fn a_line_with_all_its_traps_is_understood() {
        let line = read(
            "0700585f;  ECOLE   PRIMAIRE ;Ecole;Public;70;3;;1;1;;;;01/02/1967;27/05/2026;A FERMER;",
        );
        let line = line.unwrap();
        assert_eq!(line.updated, Some(number_of(date(2026, 5, 27))));
        assert!(!line.moved);
        let it = line.establishment;
        assert_eq!((it.uai.as_str(), it.name.as_str()), ("0700585F", "ECOLE PRIMAIRE"));
        assert_eq!((it.kind, it.level), (Kind::Ecole, SchoolLevel::Primaire));
        assert_eq!(it.sector, Some(Sector::Public));
        assert_eq!((it.department.unwrap().name, it.academy.name), ("Haute-Saône", "Besançon"));
        assert_eq!(it.opened, Some(number_of(date(1967, 2, 1))));
        assert!(it.open);
    }

    #[test]
    fn a_place_is_found_from_what_there_is() {
        for (uai, department, code, name, place) in [
            ("0700585F", "70", "3", "", (Some("70"), "03")),
            ("0700585F", "070", "", "Besançon", (Some("70"), "03")),
            ("0700585F", "", "", "", (Some("70"), "03")),
            // Where the file says otherwise than the code, the file is right.
            ("0750360J", "92", "25", "", (Some("92"), "25")),
            // 987 is Wallis in codes of schools, Polynésie for INSEE.
            ("9870026P", "987", "42", "", (Some("986"), "42")),
            ("9830002K", "983", "40", "", (Some("988"), "40")),
            ("0700585F", "70", "99", "nulle part", (Some("70"), "03")),
            ("0750360J", "", "00", "", (None, "00")),
        ] {
            let line =
                read(&format!("{uai};x;Ecole;;{department};{code};{name};;;;;;;;;")).unwrap();
            let it = line.establishment;
            assert_eq!(
                (it.department.map(|it| it.code), it.academy.code),
                place,
                "{uai} {department}"
            );
            assert_eq!(line.moved, it.department != it.uai.department());
        }
    }

    #[test]
    fn what_a_school_teaches_is_known() {
        for (cells, level) in [
            ("Ecole;;;;;1;0;;;", SchoolLevel::Maternelle),
            ("Ecole;;;;;0;1;;;", SchoolLevel::Elementaire),
            ("Ecole;;;;;;;;;;;;;ECOLE DE NIVEAU ELEMENTAIRE", SchoolLevel::Elementaire),
            ("Collège;;;;;;;;;", SchoolLevel::College),
            ("Lycée;;;;;;;1;0;0", SchoolLevel::LyceeGeneral),
            ("Lycée;;;;;;;0;1;1", SchoolLevel::LyceePolyvalent),
            ("Lycée;;;;;;;0;0;1", SchoolLevel::LyceeProfessionnel),
            ("Lycée;;;;;;;;;;;;;LYCEE PROFESSIONNEL", SchoolLevel::LyceeProfessionnel),
            (";;;;;;;;;;;;;COLLEGE", SchoolLevel::College),
            ("Médico-social;;;;;;;;;", SchoolLevel::Autre),
        ] {
            let line = read(&format!("0700585F;x;{cells}")).unwrap();
            assert_eq!(line.establishment.level, level, "{cells}");
        }
    }

    #[test]
    fn what_is_not_open_is_known() {
        for (opened, state, open) in [
            ("", "", true),
            ("01/09/2026", "OUVERT", true),
            ("2026-09-01", "OUVERT", true),
            ("01/09/2027", "OUVERT", false),
            ("31/02/2020", "OUVERT", true),
            ("", "A FERMER", true),
            ("", "FERMÉ", false),
            ("", "A OUVRIR", false),
        ] {
            let line = read(&format!("0700585F;x;Ecole;;;;;;;;;;{opened};;{state};")).unwrap();
            assert_eq!(line.establishment.open, open, "{opened} {state}");
        }
    }

    #[test]
    fn a_line_that_is_refused_says_why() {
        for (line, refused) in [
            (";x;Ecole;;70;3;", Refused::NoUai),
            ("700585F;x;Ecole;;70;3;", Refused::UaiForm),
            ("0700585G;x;Ecole;;70;3;", Refused::UaiLetter),
            ("1320001J;x;Lycée;;;;", Refused::Place),
        ] {
            assert_eq!(read(line).unwrap_err(), refused, "{line}");
        }
    }

    proptest! {
        #[test]
        fn no_line_is_too_strange(line in any::<String>()) {
            read(&line).ok();
            read(&format!("0700585F;{line}")).ok();
        }
    }
}
