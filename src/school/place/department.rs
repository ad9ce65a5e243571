//! Départements, and the académie each belongs to.

use super::{Academy, Uai};

/// A département, or a collectivity overseas.
#[derive(Debug, PartialEq, Eq)]
pub struct Department {
    /// INSEE's code: `01`, `2A`, `971`, `988`.
    pub code: &'static str,
    pub name: &'static str,
    academy: &'static str,
    /// What the codes of its establishments begin with: not INSEE's code in Corsica, nor in the
    /// Pacific, where 987 is Wallis-et-Futuna and not Polynésie.
    prefix: &'static str,
}

#[rustfmt::skip]
static DEPARTMENTS: [Department; 107] = [
    Department { code: "01", name: "Ain", academy: "10", prefix: "001" },
    Department { code: "02", name: "Aisne", academy: "20", prefix: "002" },
    Department { code: "03", name: "Allier", academy: "06", prefix: "003" },
    Department { code: "04", name: "Alpes-de-Haute-Provence", academy: "02", prefix: "004" },
    Department { code: "05", name: "Hautes-Alpes", academy: "02", prefix: "005" },
    Department { code: "06", name: "Alpes-Maritimes", academy: "23", prefix: "006" },
    Department { code: "07", name: "Ardèche", academy: "08", prefix: "007" },
    Department { code: "08", name: "Ardennes", academy: "19", prefix: "008" },
    Department { code: "09", name: "Ariège", academy: "16", prefix: "009" },
    Department { code: "10", name: "Aube", academy: "19", prefix: "010" },
    Department { code: "11", name: "Aude", academy: "11", prefix: "011" },
    Department { code: "12", name: "Aveyron", academy: "16", prefix: "012" },
    Department { code: "13", name: "Bouches-du-Rhône", academy: "02", prefix: "013" },
    Department { code: "14", name: "Calvados", academy: "70", prefix: "014" },
    Department { code: "15", name: "Cantal", academy: "06", prefix: "015" },
    Department { code: "16", name: "Charente", academy: "13", prefix: "016" },
    Department { code: "17", name: "Charente-Maritime", academy: "13", prefix: "017" },
    Department { code: "18", name: "Cher", academy: "18", prefix: "018" },
    Department { code: "19", name: "Corrèze", academy: "22", prefix: "019" },
    Department { code: "2A", name: "Corse-du-Sud", academy: "27", prefix: "620" },
    Department { code: "2B", name: "Haute-Corse", academy: "27", prefix: "720" },
    Department { code: "21", name: "Côte-d'Or", academy: "07", prefix: "021" },
    Department { code: "22", name: "Côtes-d'Armor", academy: "14", prefix: "022" },
    Department { code: "23", name: "Creuse", academy: "22", prefix: "023" },
    Department { code: "24", name: "Dordogne", academy: "04", prefix: "024" },
    Department { code: "25", name: "Doubs", academy: "03", prefix: "025" },
    Department { code: "26", name: "Drôme", academy: "08", prefix: "026" },
    Department { code: "27", name: "Eure", academy: "70", prefix: "027" },
    Department { code: "28", name: "Eure-et-Loir", academy: "18", prefix: "028" },
    Department { code: "29", name: "Finistère", academy: "14", prefix: "029" },
    Department { code: "30", name: "Gard", academy: "11", prefix: "030" },
    Department { code: "31", name: "Haute-Garonne", academy: "16", prefix: "031" },
    Department { code: "32", name: "Gers", academy: "16", prefix: "032" },
    Department { code: "33", name: "Gironde", academy: "04", prefix: "033" },
    Department { code: "34", name: "Hérault", academy: "11", prefix: "034" },
    Department { code: "35", name: "Ille-et-Vilaine", academy: "14", prefix: "035" },
    Department { code: "36", name: "Indre", academy: "18", prefix: "036" },
    Department { code: "37", name: "Indre-et-Loire", academy: "18", prefix: "037" },
    Department { code: "38", name: "Isère", academy: "08", prefix: "038" },
    Department { code: "39", name: "Jura", academy: "03", prefix: "039" },
    Department { code: "40", name: "Landes", academy: "04", prefix: "040" },
    Department { code: "41", name: "Loir-et-Cher", academy: "18", prefix: "041" },
    Department { code: "42", name: "Loire", academy: "10", prefix: "042" },
    Department { code: "43", name: "Haute-Loire", academy: "06", prefix: "043" },
    Department { code: "44", name: "Loire-Atlantique", academy: "17", prefix: "044" },
    Department { code: "45", name: "Loiret", academy: "18", prefix: "045" },
    Department { code: "46", name: "Lot", academy: "16", prefix: "046" },
    Department { code: "47", name: "Lot-et-Garonne", academy: "04", prefix: "047" },
    Department { code: "48", name: "Lozère", academy: "11", prefix: "048" },
    Department { code: "49", name: "Maine-et-Loire", academy: "17", prefix: "049" },
    Department { code: "50", name: "Manche", academy: "70", prefix: "050" },
    Department { code: "51", name: "Marne", academy: "19", prefix: "051" },
    Department { code: "52", name: "Haute-Marne", academy: "19", prefix: "052" },
    Department { code: "53", name: "Mayenne", academy: "17", prefix: "053" },
    Department { code: "54", name: "Meurthe-et-Moselle", academy: "12", prefix: "054" },
    Department { code: "55", name: "Meuse", academy: "12", prefix: "055" },
    Department { code: "56", name: "Morbihan", academy: "14", prefix: "056" },
    Department { code: "57", name: "Moselle", academy: "12", prefix: "057" },
    Department { code: "58", name: "Nièvre", academy: "07", prefix: "058" },
    Department { code: "59", name: "Nord", academy: "09", prefix: "059" },
    Department { code: "60", name: "Oise", academy: "20", prefix: "060" },
    Department { code: "61", name: "Orne", academy: "70", prefix: "061" },
    Department { code: "62", name: "Pas-de-Calais", academy: "09", prefix: "062" },
    Department { code: "63", name: "Puy-de-Dôme", academy: "06", prefix: "063" },
    Department { code: "64", name: "Pyrénées-Atlantiques", academy: "04", prefix: "064" },
    Department { code: "65", name: "Hautes-Pyrénées", academy: "16", prefix: "065" },
    Department { code: "66", name: "Pyrénées-Orientales", academy: "11", prefix: "066" },
    Department { code: "67", name: "Bas-Rhin", academy: "15", prefix: "067" },
    Department { code: "68", name: "Haut-Rhin", academy: "15", prefix: "068" },
    Department { code: "69", name: "Rhône", academy: "10", prefix: "069" },
    Department { code: "70", name: "Haute-Saône", academy: "03", prefix: "070" },
    Department { code: "71", name: "Saône-et-Loire", academy: "07", prefix: "071" },
    Department { code: "72", name: "Sarthe", academy: "17", prefix: "072" },
    Department { code: "73", name: "Savoie", academy: "08", prefix: "073" },
    Department { code: "74", name: "Haute-Savoie", academy: "08", prefix: "074" },
    Department { code: "75", name: "Paris", academy: "01", prefix: "075" },
    Department { code: "76", name: "Seine-Maritime", academy: "70", prefix: "076" },
    Department { code: "77", name: "Seine-et-Marne", academy: "24", prefix: "077" },
    Department { code: "78", name: "Yvelines", academy: "25", prefix: "078" },
    Department { code: "79", name: "Deux-Sèvres", academy: "13", prefix: "079" },
    Department { code: "80", name: "Somme", academy: "20", prefix: "080" },
    Department { code: "81", name: "Tarn", academy: "16", prefix: "081" },
    Department { code: "82", name: "Tarn-et-Garonne", academy: "16", prefix: "082" },
    Department { code: "83", name: "Var", academy: "23", prefix: "083" },
    Department { code: "84", name: "Vaucluse", academy: "02", prefix: "084" },
    Department { code: "85", name: "Vendée", academy: "17", prefix: "085" },
    Department { code: "86", name: "Vienne", academy: "13", prefix: "086" },
    Department { code: "87", name: "Haute-Vienne", academy: "22", prefix: "087" },
    Department { code: "88", name: "Vosges", academy: "12", prefix: "088" },
    Department { code: "89", name: "Yonne", academy: "07", prefix: "089" },
    Department { code: "90", name: "Territoire de Belfort", academy: "03", prefix: "090" },
    Department { code: "91", name: "Essonne", academy: "25", prefix: "091" },
    Department { code: "92", name: "Hauts-de-Seine", academy: "25", prefix: "092" },
    Department { code: "93", name: "Seine-Saint-Denis", academy: "24", prefix: "093" },
    Department { code: "94", name: "Val-de-Marne", academy: "24", prefix: "094" },
    Department { code: "95", name: "Val-d'Oise", academy: "25", prefix: "095" },
    Department { code: "971", name: "Guadeloupe", academy: "32", prefix: "971" },
    Department { code: "972", name: "Martinique", academy: "31", prefix: "972" },
    Department { code: "973", name: "Guyane", academy: "33", prefix: "973" },
    Department { code: "974", name: "La Réunion", academy: "28", prefix: "974" },
    Department { code: "975", name: "Saint-Pierre-et-Miquelon", academy: "44", prefix: "975" },
    Department { code: "976", name: "Mayotte", academy: "43", prefix: "976" },
    Department { code: "977", name: "Saint-Barthélemy", academy: "32", prefix: "977" },
    Department { code: "978", name: "Saint-Martin", academy: "32", prefix: "978" },
    Department { code: "986", name: "Wallis-et-Futuna", academy: "42", prefix: "987" },
    Department { code: "987", name: "Polynésie française", academy: "41", prefix: "984" },
    Department { code: "988", name: "Nouvelle-Calédonie", academy: "40", prefix: "983" },
];

impl Department {
    /// All of them, by code.
    pub fn all() -> &'static [Self] {
        &DEPARTMENTS
    }

    /// The département of INSEE's code, with leading zeros lost or added: `1`, `01`, `001`, `02A`.
    pub fn by_code(code: &str) -> Option<&'static Self> {
        let bare = code.trim().trim_start_matches('0').to_ascii_uppercase();
        let sought = format!("{bare:0>2}");
        DEPARTMENTS.iter().find(|it| it.code == sought)
    }

    /// The département that an establishment's code tells; none for those abroad.
    pub fn of(uai: &Uai) -> Option<&'static Self> {
        uai.as_str().get(..3).and_then(Self::by_prefix)
    }

    /// The département of the three digits that codes of its establishments begin with.
    pub fn by_prefix(prefix: &str) -> Option<&'static Self> {
        DEPARTMENTS.iter().find(|it| it.prefix == prefix)
    }

    /// The académie it belongs to.
    pub fn academy(&self) -> &'static Academy {
        // Every row's code is in the list: a test holds it.
        Academy::by_code(self.academy).unwrap_or(&Academy::all()[0])
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_department_is_found_however_its_code_is_written() {
        for (code, name, academy) in [
            ("1", "Ain", "Lyon"),
            ("001", "Ain", "Lyon"),
            ("70", "Haute-Saône", "Besançon"),
            ("2a", "Corse-du-Sud", "Corse"),
            ("02B", "Haute-Corse", "Corse"),
            ("2", "Aisne", "Amiens"),
            ("976", "Mayotte", "Mayotte"),
            ("987", "Polynésie française", "Polynésie française"),
        ] {
            let department = Department::by_code(code).unwrap();
            assert_eq!((department.name, department.academy().name), (name, academy), "{code}");
        }
        for unknown in ["", "0", "20", "96", "999", "2C"] {
            assert_eq!(Department::by_code(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn an_establishment_tells_its_department() {
        for (uai, name) in [
            ("0700585F", "Haute-Saône"),
            ("0750360J", "Paris"),
            ("9741324W", "La Réunion"),
            ("9750001C", "Saint-Pierre-et-Miquelon"),
            ("9760127J", "Mayotte"),
            ("9830002K", "Nouvelle-Calédonie"),
            ("9870026P", "Wallis-et-Futuna"),
        ] {
            let department = Department::of(&Uai::parse(uai).unwrap()).unwrap();
            assert_eq!(department.name, name);
        }
        let corsica = |number| Department::of(&Uai::of_number(number)).unwrap().code;
        assert_eq!((corsica(6_200_001), corsica(7_200_001)), ("2A", "2B"));
        assert_eq!(Department::of(&Uai::of_number(1_320_001)), None, "abroad");
    }

    #[test]
    fn every_academy_but_abroad_has_departments_and_no_code_is_twice() {
        let academies: BTreeSet<_> = DEPARTMENTS.iter().map(|it| it.academy().code).collect();
        assert_eq!(academies.len(), Academy::all().len() - 1);
        assert!(DEPARTMENTS.iter().all(|it| it.academy().code == it.academy));
        let codes: BTreeSet<_> = DEPARTMENTS.iter().map(|it| it.code).collect();
        let prefixes: BTreeSet<_> = DEPARTMENTS.iter().map(|it| it.prefix).collect();
        assert_eq!((codes.len(), prefixes.len()), (DEPARTMENTS.len(), DEPARTMENTS.len()));
    }
}
