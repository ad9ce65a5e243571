//! What is taught, a closed list.

use super::{list::closed_list, spelling::named};

closed_list! {
    /// A subject; [`Subject::Autre`] last.
    Subject {
        Francais "francais" "Français" "French" "francais|lettres|lettres modernes|litterature"
        Mathematiques "mathematiques" "Mathématiques" "Mathematics" "mathematiques|maths|math|mathematique"
        HistoireGeographie "histoire-geographie" "Histoire-géographie" "History and geography" "histoire geographie|histoire geo|hist geo|hg|hggsp|histoire|geographie|histoire geographie emc"
        Emc "emc" "Enseignement moral et civique" "Civics" "emc|enseignement moral et civique|education civique|education morale et civique"
        Anglais "anglais" "Anglais" "English" "anglais|english|lva anglais"
        Allemand "allemand" "Allemand" "German" "allemand|deutsch"
        Espagnol "espagnol" "Espagnol" "Spanish" "espagnol|espanol"
        Italien "italien" "Italien" "Italian" "italien|italiano"
        AutresLangues "autres-langues" "Autres langues vivantes" "Other modern languages" "autres langues|autres langues vivantes|langues vivantes|langue vivante|arabe|chinois|hebreu|japonais|neerlandais|polonais|portugais|russe|turc"
        LanguesRegionales "langues-regionales" "Langues régionales" "Regional languages" "langues regionales|langue regionale|basque|breton|catalan|corse|creole|occitan|tahitien"
        LanguesAnciennes "langues-anciennes" "Langues anciennes" "Ancient languages" "langues anciennes|latin|grec|grec ancien|lca|langues et cultures de l antiquite"
        Svt "svt" "Sciences de la vie et de la Terre" "Life and earth sciences" "svt|sciences de la vie et de la terre|biologie|geologie"
        PhysiqueChimie "physique-chimie" "Physique-chimie" "Physics and chemistry" "physique chimie|physique|chimie|pc|spc|sciences physiques"
        Sciences "sciences" "Sciences" "Sciences" "sciences|sciences et technologie|questionner le monde|enseignement scientifique"
        Technologie "technologie" "Technologie" "Technology" "technologie|techno"
        Numerique "numerique" "Numérique et informatique" "Computing" "numerique et informatique|numerique|informatique|nsi|snt|sciences numeriques et technologie|numerique et sciences informatiques"
        SciencesIngenieur "sciences-ingenieur" "Sciences de l'ingénieur" "Engineering sciences" "sciences ingenieur|sciences de l ingenieur|sti2d"
        Ses "ses" "Sciences économiques et sociales" "Economics and social sciences" "ses|sciences economiques et sociales"
        EconomieGestion "economie-gestion" "Économie-gestion" "Business and management" "economie gestion|economie et gestion|eco gestion|economie|gestion|stmg"
        Philosophie "philosophie" "Philosophie" "Philosophy" "philosophie|philo|hlp"
        ArtsPlastiques "arts-plastiques" "Arts plastiques" "Visual arts" "arts plastiques|arts visuels|arts appliques"
        EducationMusicale "education-musicale" "Éducation musicale" "Music" "education musicale|musique|chant choral"
        HistoireDesArts "histoire-des-arts" "Histoire des arts" "History of arts" "histoire des arts|hida"
        Theatre "theatre" "Théâtre, cinéma, danse, cirque" "Performing arts" "theatre|cinema|danse|cirque|cinema audiovisuel"
        Eps "eps" "Éducation physique et sportive" "Physical education" "eps|education physique et sportive|education physique|sport"
        Emi "emi" "Éducation aux médias et à l'information" "Media literacy" "emi|education aux medias et a l information|education aux medias|documentation"
        Professionnel "professionnel" "Enseignement professionnel" "Vocational teaching" "enseignement professionnel|professionnel|enseignements professionnels"
        Autre "autre" "Autre" "Other" "autre"
    }
}

impl Subject {
    /// The subject that a free spelling means; `Autre` where it means none of the list, or several.
    pub fn of(text: &str) -> Self {
        named(text, Self::ALL.iter().map(|it| (*it, it.spellings()))).unwrap_or(Self::Autre)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn free_spellings_are_understood() {
        for (text, subject) in [
            ("Maths", Subject::Mathematiques),
            ("MATHÉMATIQUES - 4e", Subject::Mathematiques),
            ("Histoire-Géographie-EMC", Subject::HistoireGeographie),
            ("Histoire des arts", Subject::HistoireDesArts),
            ("Sciences de la vie et de la Terre", Subject::Svt),
            ("Sciences physiques", Subject::PhysiqueChimie),
            ("Sciences", Subject::Sciences),
            ("LVB Espagnol", Subject::Espagnol),
            ("Latin", Subject::LanguesAnciennes),
            ("français et maths", Subject::Autre),
            ("Éducation physique", Subject::Eps),
            ("corse", Subject::LanguesRegionales),
            ("SNT", Subject::Numerique),
            ("jean.dupont@exemple.fr", Subject::Autre),
            ("", Subject::Autre),
        ] {
            assert_eq!(Subject::of(text), subject, "{text}");
        }
    }

    #[test]
    fn each_subject_is_found_by_its_word_and_name() {
        for subject in Subject::ALL.iter().copied() {
            assert_eq!(Subject::by_word(subject.word()), Some(subject));
            assert_eq!(Subject::of(subject.word()), subject, "{}", subject.word());
        }
    }
}
