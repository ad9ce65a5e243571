//! The texts of the year and the numbers under which rollups know them, as the server makes them: a
//! question for one value is answered by its number alone.

use std::fmt::Write;

/// Cut, values and shares of visits of the audiences of few values.
const SMALL: &[(u8, &[(&str, f64)])] = &[
    (1, PROFILES),
    (
        2,
        &[
            ("CP", 0.1),
            ("CE1", 0.1),
            ("CE2", 0.1),
            ("CM1", 0.1),
            ("CM2", 0.1),
            ("6e", 0.1),
            ("5e", 0.1),
            ("4e", 0.1),
            ("3e", 0.1),
            ("2de", 0.1),
        ],
    ),
    (4, &[("desktop", 0.5), ("smartphone", 0.2), ("tablet", 0.3)]),
];
const PROFILES: &[(&str, f64)] = &[("eleve", 0.8), ("enseignant", 0.18), ("direction", 0.02)];
const ACADEMY: u8 = 3;
const ACADEMIES: u8 = 30;
/// Between the texts of a pair.
const PAIR: char = '\u{1f}';

/// SQL that makes the temporary tables `value` (audiences of few values) and `code` (establishments,
/// `profile` 0, and their profiles, from 1).
pub(super) fn sql(establishments: u32) -> String {
    let mut sql = String::from(
        "create temp table value (cut int, label bigint, text text, share float8);\n\
         copy value from stdin;\n",
    );
    let academies: Vec<String> = (1..=ACADEMIES).map(|it| format!("{it:02}")).collect();
    let small = SMALL.iter().flat_map(|(cut, values)| values.iter().map(move |it| (*cut, *it)));
    let academies = academies.iter().map(|it| (ACADEMY, (it.as_str(), 1.0 / f64::from(ACADEMIES))));
    for (cut, (text, share)) in small.chain(academies) {
        _ = writeln!(sql, "{cut}\t{}\t{text}\t{share}", number(text));
    }
    sql.push_str(
        "\\.\ncreate temp table code (id int, profile int, label bigint, text text, share float8);\n\
         copy code from stdin;\n",
    );
    for id in 1..=establishments {
        let code = uai(id);
        let label = number(&code);
        _ = writeln!(sql, "{id}\t0\t{label}\t{code}\t1");
        for (profile, (name, share)) in (1..).zip(PROFILES) {
            let both = pair(label, number(name));
            _ = writeln!(sql, "{id}\t{profile}\t{both}\t{code}{PAIR}{name}\t{share}");
        }
    }
    sql.push_str("\\.\n");
    sql
}

/// A directory of these establishments, as the Annuaire de l'éducation's CSV.
pub(super) fn directory(establishments: u32) -> String {
    const KINDS: [&str; 6] = ["Ecole", "Ecole", "Ecole", "Ecole", "Collège", "Lycée"];
    let mut csv = String::from(
        "Identifiant_de_l_etablissement;Nom_etablissement;Type_etablissement;Statut_public_prive;Code_departement;Code_academie;etat\n",
    );
    for (id, kind) in (1..=establishments).zip(KINDS.into_iter().cycle()) {
        let sector = if id % 7 == 0 { "Privé" } else { "Public" };
        _ = writeln!(csv, "{};{kind} {id};{kind};{sector};;;OUVERT", uai(id));
    }
    csv
}

/// The code of an establishment, with its check letter: of 95 départements in turn.
pub(super) fn uai(id: u32) -> String {
    const LETTERS: &[u8; 23] = b"ABCDEFGHJKLMNPRSTUVWXYZ";
    let number = (1 + id % 95) * 10_000 + id / 95;
    let letter = LETTERS.get((number % 23) as usize).copied().unwrap_or_default();
    format!("{number:07}{}", char::from(letter))
}

/// A text's number.
fn number(text: &str) -> i64 {
    let hash = blake3::hash(text.as_bytes());
    i64::from_le_bytes(hash.as_bytes().first_chunk().copied().unwrap_or_default()) | 1
}

/// The number of two texts together.
fn pair(first: i64, second: i64) -> i64 {
    mix(mix(first.cast_unsigned()).rotate_left(17) ^ second.cast_unsigned()).cast_signed() | 1
}

/// The finalizer of splitmix64.
fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_the_server() {
        // The same are held by the server's own tests.
        assert_eq!(number("enseignant"), 932_135_616_905_426_767);
        assert_eq!(pair(number("0010001W"), number("enseignant")), -8_972_931_773_612_399_797);
        assert_eq!(uai(95), "0010001W");
    }
}
