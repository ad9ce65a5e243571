//! Académies: the districts that schools are run by, and the holiday zone of each.

use crate::school::{calendar::Zone, spelling::folded};

/// A région académique.
#[derive(Debug, PartialEq, Eq)]
pub struct Region {
    /// INSEE's code of the region, two digits.
    pub code: &'static str,
    pub name: &'static str,
}

/// An académie, or what stands in its place overseas and abroad.
#[derive(Debug, PartialEq, Eq)]
pub struct Academy {
    /// The ministry's code, two digits.
    pub code: &'static str,
    pub name: &'static str,
    /// Where its school holidays are laid down.
    pub zone: Zone,
    region: &'static str,
}

/// Codes and names of académies that were merged, with the one they are part of today.
const FORMER: [(&str, &str, &str); 2] = [("05", "caen", "70"), ("21", "rouen", "70")];

#[rustfmt::skip]
static REGIONS: [Region; 18] = [
    Region { code: "84", name: "Auvergne-Rhône-Alpes" },
    Region { code: "27", name: "Bourgogne-Franche-Comté" },
    Region { code: "53", name: "Bretagne" },
    Region { code: "24", name: "Centre-Val de Loire" },
    Region { code: "94", name: "Corse" },
    Region { code: "44", name: "Grand Est" },
    Region { code: "01", name: "Guadeloupe" },
    Region { code: "03", name: "Guyane" },
    Region { code: "32", name: "Hauts-de-France" },
    Region { code: "11", name: "Île-de-France" },
    Region { code: "04", name: "La Réunion" },
    Region { code: "02", name: "Martinique" },
    Region { code: "06", name: "Mayotte" },
    Region { code: "28", name: "Normandie" },
    Region { code: "75", name: "Nouvelle-Aquitaine" },
    Region { code: "76", name: "Occitanie" },
    Region { code: "52", name: "Pays de la Loire" },
    Region { code: "93", name: "Provence-Alpes-Côte d'Azur" },
];

#[rustfmt::skip]
static ACADEMIES: [Academy; 35] = [
    Academy { code: "01", name: "Paris", zone: Zone::C, region: "11" },
    Academy { code: "02", name: "Aix-Marseille", zone: Zone::B, region: "93" },
    Academy { code: "03", name: "Besançon", zone: Zone::A, region: "27" },
    Academy { code: "04", name: "Bordeaux", zone: Zone::A, region: "75" },
    Academy { code: "06", name: "Clermont-Ferrand", zone: Zone::A, region: "84" },
    Academy { code: "07", name: "Dijon", zone: Zone::A, region: "27" },
    Academy { code: "08", name: "Grenoble", zone: Zone::A, region: "84" },
    Academy { code: "09", name: "Lille", zone: Zone::B, region: "32" },
    Academy { code: "10", name: "Lyon", zone: Zone::A, region: "84" },
    Academy { code: "11", name: "Montpellier", zone: Zone::C, region: "76" },
    Academy { code: "12", name: "Nancy-Metz", zone: Zone::B, region: "44" },
    Academy { code: "13", name: "Poitiers", zone: Zone::A, region: "75" },
    Academy { code: "14", name: "Rennes", zone: Zone::B, region: "53" },
    Academy { code: "15", name: "Strasbourg", zone: Zone::B, region: "44" },
    Academy { code: "16", name: "Toulouse", zone: Zone::C, region: "76" },
    Academy { code: "17", name: "Nantes", zone: Zone::B, region: "52" },
    Academy { code: "18", name: "Orléans-Tours", zone: Zone::B, region: "24" },
    Academy { code: "19", name: "Reims", zone: Zone::B, region: "44" },
    Academy { code: "20", name: "Amiens", zone: Zone::B, region: "32" },
    Academy { code: "22", name: "Limoges", zone: Zone::A, region: "75" },
    Academy { code: "23", name: "Nice", zone: Zone::B, region: "93" },
    Academy { code: "24", name: "Créteil", zone: Zone::C, region: "11" },
    Academy { code: "25", name: "Versailles", zone: Zone::C, region: "11" },
    Academy { code: "27", name: "Corse", zone: Zone::Own, region: "94" },
    Academy { code: "28", name: "La Réunion", zone: Zone::Own, region: "04" },
    Academy { code: "31", name: "Martinique", zone: Zone::Own, region: "02" },
    Academy { code: "32", name: "Guadeloupe", zone: Zone::Own, region: "01" },
    Academy { code: "33", name: "Guyane", zone: Zone::Own, region: "03" },
    Academy { code: "40", name: "Nouvelle-Calédonie", zone: Zone::Own, region: "" },
    Academy { code: "41", name: "Polynésie française", zone: Zone::Own, region: "" },
    Academy { code: "42", name: "Wallis-et-Futuna", zone: Zone::Own, region: "" },
    Academy { code: "43", name: "Mayotte", zone: Zone::Own, region: "06" },
    Academy { code: "44", name: "Saint-Pierre-et-Miquelon", zone: Zone::Own, region: "" },
    Academy { code: "70", name: "Normandie", zone: Zone::B, region: "28" },
    Academy { code: "00", name: "Étranger", zone: Zone::Own, region: "" },
];

impl Region {
    /// The 18 régions académiques.
    pub fn all() -> &'static [Self] {
        &REGIONS
    }

    /// Its académies.
    pub fn academies(&self) -> impl Iterator<Item = &'static Academy> {
        ACADEMIES.iter().filter(move |it| it.region == self.code)
    }

    /// The région académique of that code, with or without its leading zero.
    pub fn by_code(code: &str) -> Option<&'static Self> {
        let sought = padded(code);
        REGIONS.iter().find(|it| it.code == sought)
    }
}

impl Academy {
    /// The 30 académies, the five collectivities of overseas France without one, and `00` for abroad.
    pub fn all() -> &'static [Self] {
        &ACADEMIES
    }

    /// The académie of that code, with or without its leading zero; one that was merged is the one it
    /// is part of today.
    pub fn by_code(code: &str) -> Option<&'static Self> {
        let sought = padded(code);
        let today = FORMER.iter().find(|it| it.0 == sought).map_or(sought.as_str(), |it| it.2);
        ACADEMIES.iter().find(|it| it.code == today)
    }

    /// The académie of that name; accents, case and hyphens do not count.
    pub fn by_name(name: &str) -> Option<&'static Self> {
        let written = folded(name);
        let sought = bare(&written);
        if let Some((_, _, today)) = FORMER.iter().find(|it| it.1 == sought) {
            return Self::by_code(today);
        }
        ACADEMIES.iter().find(|it| bare(&folded(it.name)) == sought)
    }

    /// Its région académique; none overseas where there is no académie, and abroad.
    pub fn region(&self) -> Option<&'static Region> {
        REGIONS.iter().find(|it| it.code == self.region)
    }
}

/// A folded name without `académie de`, `académie d'`, `la`.
fn bare(name: &str) -> &str {
    let without = |name, word| str::strip_prefix(name, word).unwrap_or(name);
    let name = without(without(name, "academie de "), "academie d ");
    without(name, "la ")
}

/// A code of two digits, from one that lost its leading zero or gained one.
fn padded(code: &str) -> String {
    let bare = code.trim().trim_start_matches('0');
    format!("{bare:0>2}")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn an_academy_is_found_by_code_and_name_however_written() {
        for (code, name, region, zone) in [
            ("3", "besancon", Some("Bourgogne-Franche-Comté"), Zone::A),
            ("07", "Dijon", Some("Bourgogne-Franche-Comté"), Zone::A),
            ("25", "VERSAILLES", Some("Île-de-France"), Zone::C),
            ("018", "Orleans Tours", Some("Centre-Val de Loire"), Zone::B),
            ("5", "Caen", Some("Normandie"), Zone::B),
            ("21", "Rouen", Some("Normandie"), Zone::B),
            ("70", "Académie de Normandie", Some("Normandie"), Zone::B),
            ("32", "Académie de la Guadeloupe", Some("Guadeloupe"), Zone::Own),
            ("20", "académie d'Amiens", Some("Hauts-de-France"), Zone::B),
            ("28", "Réunion", Some("La Réunion"), Zone::Own),
            ("41", "Polynésie Française", None, Zone::Own),
            ("00", "etranger", None, Zone::Own),
        ] {
            let academy = Academy::by_code(code).unwrap();
            assert_eq!(Academy::by_name(name), Some(academy), "{name}");
            assert_eq!(academy.region().map(|it| it.name), region, "{name}");
            assert_eq!(academy.zone, zone, "{name}");
        }
        for unknown in ["99", "x", "A1", "-1"] {
            assert_eq!(Academy::by_code(unknown), None);
        }
        assert_eq!(Academy::by_name(""), None);
    }

    #[test]
    fn there_are_thirty_academies_in_eighteen_regions() {
        let with_region = ACADEMIES.iter().filter(|it| it.region().is_some());
        assert_eq!(with_region.count(), 30);
        let regions: BTreeSet<_> =
            ACADEMIES.iter().filter_map(|it| Some(it.region()?.code)).collect();
        assert_eq!(regions.len(), REGIONS.len());
        assert_eq!(Region::all().iter().flat_map(Region::academies).count(), 30);
        let codes: BTreeSet<_> = ACADEMIES.iter().map(|it| it.code).collect();
        assert_eq!(codes.len(), ACADEMIES.len());
        let of = |zone| ACADEMIES.iter().filter(|it| it.zone == zone).count();
        assert_eq!((of(Zone::A), of(Zone::B), of(Zone::C), of(Zone::Own)), (8, 11, 5, 11));
    }
}
