//! School holidays by zone, from a table that is compiled in.

use std::{iter, sync::LazyLock};

use jiff::civil::Date;

use crate::site::{DayNumber, date_of, number_of};

/// One line for each stretch of holidays; `scripts/school-holidays` makes it, its head says from what.
const TABLE: &str = include_str!("holidays.tsv");

/// The last school year in the table: the summer after it ends on an unknown day.
const LAST_KNOWN_YEAR: i16 = 2027;

/// Where school holidays are laid down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Zone {
    A,
    B,
    C,
    /// Corsica, overseas and abroad: a calendar of their own, which is not in the table.
    Own,
}

impl Zone {
    /// The zones of the national calendar.
    pub const NATIONAL: [Self; 3] = [Self::A, Self::B, Self::C];

    /// `A`, `B` or `C`; none for a calendar of its own.
    pub const fn letter(self) -> Option<char> {
        match self {
            Self::A => Some('A'),
            Self::B => Some('B'),
            Self::C => Some('C'),
            Self::Own => None,
        }
    }

    /// The zone of a letter.
    pub fn by_letter(letter: &str) -> Option<Self> {
        Self::NATIONAL.into_iter().find(|zone| {
            zone.letter().is_some_and(|it| letter.eq_ignore_ascii_case(it.encode_utf8(&mut [0; 4])))
        })
    }
}

/// Which holidays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Holidays {
    Toussaint,
    Noel,
    Hiver,
    Printemps,
    Ete,
}

impl Holidays {
    /// Their name in French and English.
    pub const fn names(self) -> [&'static str; 2] {
        match self {
            Self::Toussaint => ["Vacances de la Toussaint", "Autumn holidays"],
            Self::Noel => ["Vacances de Noël", "Christmas holidays"],
            Self::Hiver => ["Vacances d’hiver", "Winter holidays"],
            Self::Printemps => ["Vacances de printemps", "Spring holidays"],
            Self::Ete => ["Vacances d’été", "Summer holidays"],
        }
    }

    fn by_word(word: &str) -> Option<Self> {
        match word {
            "toussaint" => Some(Self::Toussaint),
            "noel" => Some(Self::Noel),
            "hiver" => Some(Self::Hiver),
            "printemps" => Some(Self::Printemps),
            "ete" => Some(Self::Ete),
            _ => None,
        }
    }
}

/// Days without school, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holiday {
    pub name: Holidays,
    pub first: DayNumber,
    pub last: DayNumber,
}

static KNOWN: LazyLock<Vec<(Zone, Holiday)>> =
    LazyLock::new(|| TABLE.lines().flat_map(read).collect());

/// The zones and days of a line; nothing where it is a comment.
fn read(line: &str) -> Vec<(Zone, Holiday)> {
    let cells: Vec<&str> = line.split('\t').collect();
    let &[zones, first, last, name] = cells.as_slice() else { return Vec::new() };
    let day = |text: &str| text.parse::<Date>().ok().map(number_of);
    let (Some(first), Some(last), Some(name)) = (day(first), day(last), Holidays::by_word(name))
    else {
        return Vec::new();
    };
    let zone = |letter: char| Zone::by_letter(letter.encode_utf8(&mut [0; 4]));
    zones.chars().filter_map(zone).zip(iter::repeat(Holiday { name, first, last })).collect()
}

/// The first and the last day that the table knows.
pub fn known_holidays() -> (DayNumber, DayNumber) {
    let first = KNOWN.iter().map(|(_, it)| it.first).min().unwrap_or_default();
    let last = KNOWN.iter().map(|(_, it)| it.last).max().unwrap_or_default();
    (first, last)
}

/// The holidays of a zone that touch the days from one to another, in order and whole. None where
/// nothing is known: for calendars of their own, and before and after the table.
pub fn holidays(zone: Zone, from: DayNumber, to: DayNumber) -> Option<Vec<Holiday>> {
    let (first, last) = known_holidays();
    if zone == Zone::Own || to < first || last < from {
        return None;
    }
    let touched = |it: &Holiday| it.first <= to && from <= it.last;
    Some(KNOWN.iter().filter(|it| it.0 == zone && touched(&it.1)).map(|it| it.1).collect())
}

/// The day after the summer holidays of that year, where they are known.
pub(super) fn back_to_school(year: i16) -> Option<DayNumber> {
    let of_year = |it: &Holiday| it.name == Holidays::Ete && date_of(it.last).year() == year;
    let known = KNOWN.iter().find(|(_, it)| year <= LAST_KNOWN_YEAR && of_year(it))?;
    Some(known.1.last + 1)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn holidays_are_those_of_the_zone() {
        let winter = |zone| {
            let year = holidays(zone, number_of(date(2026, 1, 10)), number_of(date(2026, 3, 20)));
            year.unwrap()
                .iter()
                .map(|it| (it.name, date_of(it.first), date_of(it.last)))
                .collect::<Vec<_>>()
        };
        for (zone, from, to) in [
            (Zone::A, date(2026, 2, 7), date(2026, 2, 22)),
            (Zone::B, date(2026, 2, 14), date(2026, 3, 1)),
            (Zone::C, date(2026, 2, 21), date(2026, 3, 8)),
        ] {
            assert_eq!(winter(zone), [(Holidays::Hiver, from, to)]);
        }
    }

    #[test]
    fn what_is_not_known_is_said() {
        let year =
            |zone, year| holidays(zone, number_of(date(year, 1, 1)), number_of(date(year, 12, 31)));
        assert_eq!(year(Zone::Own, 2026), None);
        assert_eq!(year(Zone::A, 2018), None);
        assert_eq!(year(Zone::A, 2030), None);
        assert!(year(Zone::A, 2026).is_some());
        let day = number_of(date(2026, 3, 18));
        assert_eq!(holidays(Zone::A, day, day), Some(Vec::new()));
    }

    #[test]
    fn every_line_is_understood_and_every_year_is_whole() {
        let lines = TABLE.lines().filter(|it| !it.starts_with('#'));
        for line in lines {
            assert!(!read(line).is_empty(), "{line}");
        }
        for zone in Zone::NATIONAL {
            let of_zone: Vec<Holiday> =
                KNOWN.iter().filter(|it| it.0 == zone).map(|it| it.1).collect();
            assert!(of_zone.is_sorted_by(|a, b| a.last < b.first), "{zone:?}");
            // The summer before, and five stretches in each of the nine years.
            assert_eq!(of_zone.len(), 1 + 9 * 5, "{zone:?}");
            for (at, it) in of_zone.iter().enumerate() {
                let order = [
                    Holidays::Ete,
                    Holidays::Toussaint,
                    Holidays::Noel,
                    Holidays::Hiver,
                    Holidays::Printemps,
                ];
                assert_eq!(it.name, order[at % 5]);
            }
        }
        let (first, last) = known_holidays();
        assert_eq!((date_of(first), date_of(last)), (date(2019, 7, 6), date(2028, 8, 31)));
        assert_eq!(date_of(last).year() - 1, LAST_KNOWN_YEAR);
    }

    #[test]
    fn zones_have_letters() {
        assert_eq!(Zone::by_letter("b"), Some(Zone::B));
        assert_eq!(Zone::by_letter("Corse"), None);
        assert_eq!(Zone::by_letter(""), None);
    }
}
