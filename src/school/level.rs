//! The levels of school, a closed list.

use super::{list::closed_list, spelling::named};

closed_list! {
    /// A level of school, from the first year of nursery school to the last of the lycée;
    /// [`Level::Autre`] last.
    Level {
        Ps "ps" "Petite section" "Nursery, first year" "ps|petite section"
        Ms "ms" "Moyenne section" "Nursery, second year" "ms|moyenne section"
        Gs "gs" "Grande section" "Nursery, third year" "gs|grande section"
        Cp "cp" "CP" "Year 1 of primary school (CP)" "cp|cours preparatoire"
        Ce1 "ce1" "CE1" "Year 2 of primary school (CE1)" "ce1|cours elementaire 1"
        Ce2 "ce2" "CE2" "Year 3 of primary school (CE2)" "ce2|cours elementaire 2"
        Cm1 "cm1" "CM1" "Year 4 of primary school (CM1)" "cm1|cours moyen 1"
        Cm2 "cm2" "CM2" "Year 5 of primary school (CM2)" "cm2|cours moyen 2"
        Sixieme "6e" "Sixième" "First year of collège" "6e|6eme|sixieme"
        Cinquieme "5e" "Cinquième" "Second year of collège" "5e|5eme|cinquieme"
        Quatrieme "4e" "Quatrième" "Third year of collège" "4e|4eme|quatrieme"
        Troisieme "3e" "Troisième" "Fourth year of collège" "3e|3eme|troisieme"
        Seconde "2de" "Seconde" "First year of lycée" "2de|2nde|2nd|2e|2eme|seconde"
        Premiere "1re" "Première" "Second year of lycée" "1re|1ere|1er|premiere"
        Terminale "tle" "Terminale" "Last year of lycée" "tle|term|terminale"
        Cap "cap" "CAP" "Vocational certificate (CAP)" "cap"
        Autre "autre" "Autre" "Other" "autre"
    }
}

impl Level {
    /// The level that a free spelling means; `Autre` where it means none of the list, or several.
    pub fn of(text: &str) -> Self {
        // The years of a CAP are called as those of the lycée.
        if named(text, [(Self::Cap, Self::Cap.spellings())].into_iter()).is_some() {
            return Self::Cap;
        }
        named(text, Self::ALL.iter().map(|it| (*it, it.spellings()))).unwrap_or(Self::Autre)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn free_spellings_are_understood() {
        for (text, level) in [
            ("PS", Level::Ps),
            ("Moyenne Section", Level::Ms),
            ("cp", Level::Cp),
            ("Cours élémentaire 2", Level::Ce2),
            ("6ème B", Level::Sixieme),
            ("6E", Level::Sixieme),
            ("sixieme SEGPA", Level::Sixieme),
            ("3e prépa-métiers", Level::Troisieme),
            ("2nde générale", Level::Seconde),
            ("Seconde pro.", Level::Seconde),
            ("1ère STMG", Level::Premiere),
            ("Tle générale", Level::Terminale),
            ("CAP cuisine, 1re année", Level::Cap),
            ("Terminale CAP", Level::Cap),
            ("CE1-CE2", Level::Autre),
            ("BTS", Level::Autre),
            ("capoeira", Level::Autre),
            ("6", Level::Autre),
            ("", Level::Autre),
        ] {
            assert_eq!(Level::of(text), level, "{text}");
        }
    }

    #[test]
    fn each_level_is_found_by_its_word_and_names() {
        for level in Level::ALL.iter().copied() {
            assert_eq!(Level::by_word(level.word()), Some(level));
            assert_eq!(Level::of(level.word()), level);
            assert_eq!(Level::of(level.names()[0]), level);
        }
        assert_eq!(Level::ALL.len(), 17);
    }
}
