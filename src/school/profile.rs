//! Who uses the application, in the profiles of the French scheme for digital workspaces (SDET).

use super::spelling::folded;

macro_rules! profiles {
    ($($name:ident $word:literal $code:literal $french:literal $english:literal $spellings:literal)*) => {
        /// A profile of the SDET, a closed list. A person has one for each establishment.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Profile { $(#[doc = $french] $name,)* }

        impl Profile {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The word that is stored and asked for.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// The SDET's code, such as `National_ENS`.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => concat!("National_", $code),)* }
            }

            /// The name in French and English.
            pub const fn names(self) -> [&'static str; 2] {
                match self { $(Self::$name => [$french, $english],)* }
            }

            const fn spellings(self) -> &'static str {
                match self { $(Self::$name => $spellings,)* }
            }
        }
    };
}

profiles! {
    Eleve "eleve" "ELV" "Élève" "Pupil" "eleve|eleves|elv|pupil|student"
    Responsable "responsable" "TUT" "Responsable d'élève" "Parent or guardian" "responsable|responsable d eleve|tut|parent|parents|tuteur"
    Enseignant "enseignant" "ENS" "Enseignant" "Teacher" "enseignant|enseignante|enseignants|ens|professeur|teacher"
    Direction "direction" "DIR" "Direction" "Head of school" "direction|dir|personnel de direction|chef d etablissement|head"
    VieScolaire "vie-scolaire" "EVS" "Vie scolaire" "School life staff" "vie scolaire|evs|cpe"
    Administratif "administratif" "ETA" "Personnel administratif ou technique" "Administrative staff" "administratif|eta|personnel administratif"
    Academie "academie" "ACA" "Personnel académique" "Academy staff" "academie|aca|rectorat"
    Documentaliste "documentaliste" "DOC" "Documentaliste" "Librarian" "documentaliste|doc|professeur documentaliste|librarian"
    Collectivite "collectivite" "COL" "Collectivité" "Local authority" "collectivite|col|collectivite territoriale"
}

impl Profile {
    /// The profile that a code or a usual spelling means: `National_ENS`, `National_ens`, `enseignant`.
    /// None for all else: the list is closed.
    pub fn of(text: &str) -> Option<Self> {
        let folded = folded(text);
        let sought = folded.strip_prefix("national ").unwrap_or(&folded);
        Self::ALL.iter().copied().find(|it| it.spellings().split('|').any(|name| name == sought))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_usual_spellings_are_understood() {
        for (text, profile) in [
            ("National_ENS", Some(Profile::Enseignant)),
            ("National_ens", Some(Profile::Enseignant)),
            ("Élève", Some(Profile::Eleve)),
            ("vie-scolaire", Some(Profile::VieScolaire)),
            ("Professeur documentaliste", Some(Profile::Documentaliste)),
            ("National_XYZ", None),
            ("Mme Dupont", None),
            ("", None),
        ] {
            assert_eq!(Profile::of(text), profile, "{text}");
        }
        for profile in Profile::ALL.iter().copied() {
            assert_eq!(Profile::of(profile.word()), Some(profile));
            assert_eq!(Profile::of(profile.code()), Some(profile));
        }
    }
}
