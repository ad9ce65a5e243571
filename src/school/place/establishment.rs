//! An establishment as the Annuaire de l'éducation tells it; nothing about its people.

use super::{Academy, Department, Uai};
use crate::{
    school::{list::closed_list, spelling::folded},
    site::DayNumber,
};

/// A school, or a service of the ministry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Establishment {
    pub uai: Uai,
    pub name: String,
    pub kind: Kind,
    pub level: SchoolLevel,
    /// None where the directory does not say.
    pub sector: Option<Sector>,
    /// None abroad.
    pub department: Option<&'static Department>,
    pub academy: &'static Academy,
    /// When it was opened, where that is known.
    pub opened: Option<DayNumber>,
    pub open: bool,
}

closed_list! {
    /// What establishments are told apart and counted by.
    Facet {
        Academy "academy" "Académie" "Académie"
        Department "department" "Département" "Département"
        Kind "type" "Type" "Type"
        Level "level" "Niveau" "Level"
        Sector "sector" "Secteur" "Sector"
    }
}

closed_list! {
    /// What sort of establishment it is.
    Kind {
        Ecole "ecole" "École" "Primary school"
        College "college" "Collège" "Collège"
        Lycee "lycee" "Lycée" "Lycée"
        Erea "erea" "EREA" "Regional adapted school (EREA)"
        MedicoSocial "medico-social" "Établissement médico-social" "Medico-social establishment"
        Orientation "orientation" "Information et orientation" "Guidance centre"
        Administration "administration" "Service administratif" "Administrative service"
        Autre "autre" "Autre" "Other"
    }
}

closed_list! {
    /// What it teaches.
    SchoolLevel {
        Maternelle "maternelle" "École maternelle" "Nursery school"
        Elementaire "elementaire" "École élémentaire" "Elementary school"
        Primaire "primaire" "École primaire" "Nursery and elementary school"
        College "college" "Collège" "Collège"
        LyceeGeneral "lycee-general" "Lycée général et technologique" "General and technological lycée"
        LyceeProfessionnel "lycee-professionnel" "Lycée professionnel" "Vocational lycée"
        LyceePolyvalent "lycee-polyvalent" "Lycée polyvalent" "General and vocational lycée"
        Autre "autre" "Autre" "Other"
    }
}

closed_list! {
    /// Who runs it.
    Sector {
        Public "public" "Public" "Public"
        Prive "prive" "Privé" "Private"
    }
}

impl Kind {
    /// The kind that the directory's `Type_etablissement` means.
    pub fn of(text: &str) -> Self {
        let folded = folded(text);
        let begins = |words: &str| folded == words || folded.starts_with(&format!("{words} "));
        [
            ("ecole", Self::Ecole),
            ("college", Self::College),
            ("lycee", Self::Lycee),
            ("erea", Self::Erea),
            ("medico social", Self::MedicoSocial),
            ("information et orientation", Self::Orientation),
            ("service administratif", Self::Administration),
        ]
        .into_iter()
        .find_map(|(words, kind)| begins(words).then_some(kind))
        .unwrap_or(Self::Autre)
    }
}

impl SchoolLevel {
    /// What an école teaches.
    pub fn of_ecole(nursery: bool, elementary: bool) -> Self {
        match (nursery, elementary) {
            (true, true) => Self::Primaire,
            (true, false) => Self::Maternelle,
            (false, true) => Self::Elementaire,
            (false, false) => Self::Autre,
        }
    }

    /// What a lycée teaches.
    pub fn of_lycee(general: bool, vocational: bool) -> Self {
        match (general, vocational) {
            (true, true) => Self::LyceePolyvalent,
            (true, false) => Self::LyceeGeneral,
            (false, true) => Self::LyceeProfessionnel,
            (false, false) => Self::Autre,
        }
    }
}

impl Sector {
    /// The sector that the directory's `Statut_public_prive` means.
    pub fn of(text: &str) -> Option<Self> {
        match folded(text).as_str() {
            "public" => Some(Self::Public),
            "prive" => Some(Self::Prive),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_understood() {
        for (text, kind) in [
            ("Ecole", Kind::Ecole),
            ("Collège", Kind::College),
            ("LYCEE", Kind::Lycee),
            ("Médico-social", Kind::MedicoSocial),
            ("Service Administratif", Kind::Administration),
            ("Information et orientation", Kind::Orientation),
            ("Autre", Kind::Autre),
            ("", Kind::Autre),
        ] {
            assert_eq!(Kind::of(text), kind, "{text}");
        }
        assert_eq!(Kind::by_word("medico-social"), Some(Kind::MedicoSocial));
        assert_eq!(Sector::of("Privé"), Some(Sector::Prive));
        assert_eq!(Sector::of(""), None);
    }
}
