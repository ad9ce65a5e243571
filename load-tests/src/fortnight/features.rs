//! What can be done in the demonstration: pages, features, words, and how long each takes.

/// A page of the demonstration site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Page {
    Home,
    Create,
    Share,
    Answer,
    HandedIn,
    Correct,
    Catalogue,
    Help,
}

impl Page {
    pub(crate) const ALL: [Self; 8] = [
        Self::Home,
        Self::Create,
        Self::Share,
        Self::Answer,
        Self::HandedIn,
        Self::Correct,
        Self::Catalogue,
        Self::Help,
    ];

    pub fn path(self) -> &'static str {
        match self {
            Self::Home => "/demo/index.html",
            Self::Create => "/demo/creer.html",
            Self::Share => "/demo/diffuser.html",
            Self::Answer => "/demo/repondre.html",
            Self::HandedIn => "/demo/rendu.html",
            Self::Correct => "/demo/corriger.html",
            Self::Catalogue => "/demo/catalogue.html",
            Self::Help => "/demo/aide.html",
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Self::Home => "Accueil",
            Self::Create => "Créer un quiz",
            Self::Share => "Diffuser un quiz",
            Self::Answer => "Répondre à un quiz",
            Self::HandedIn => "Copie rendue",
            Self::Correct => "Corriger les copies",
            Self::Catalogue => "Catalogue",
            Self::Help => "Aide",
        }
    }
}

/// One thing that a person does and that is measured as an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Feature {
    AddChoice,
    AddGapText,
    AddAudio,
    AddDrawing,
    Preview,
    ShareByCode,
    ShareByQr,
    ShareByLink,
    AnswerText,
    AnswerAudio,
    /// Released at the start of the second week.
    AnswerDrawing,
    HandIn,
    CorrectInText,
    CorrectInAudio,
    LookAtSheet,
    /// Hardly ever used.
    Duplicate,
    AskHelp,
}

/// An event's category, action and name; the name may be empty.
pub type Words = (&'static str, &'static str, &'static str);

impl Feature {
    pub(crate) const ALL: [Self; 17] = [
        Self::AddChoice,
        Self::AddGapText,
        Self::AddAudio,
        Self::AddDrawing,
        Self::Preview,
        Self::ShareByCode,
        Self::ShareByQr,
        Self::ShareByLink,
        Self::AnswerText,
        Self::AnswerAudio,
        Self::AnswerDrawing,
        Self::HandIn,
        Self::CorrectInText,
        Self::CorrectInAudio,
        Self::LookAtSheet,
        Self::Duplicate,
        Self::AskHelp,
    ];

    pub fn words(self) -> Words {
        match self {
            Self::AddChoice => ("Création", "ajout-question", "qcm"),
            Self::AddGapText => ("Création", "ajout-question", "texte-a-trous"),
            Self::AddAudio => ("Création", "ajout-question", "audio"),
            Self::AddDrawing => ("Création", "ajout-question", "dessin"),
            Self::Preview => ("Création", "apercu", ""),
            Self::ShareByCode => ("Diffusion", "partage", "code"),
            Self::ShareByQr => ("Diffusion", "partage", "qr"),
            Self::ShareByLink => ("Diffusion", "partage", "lien"),
            Self::AnswerText => ("Réponse", "reponse-texte", ""),
            Self::AnswerAudio => ("Réponse", "reponse-audio", ""),
            Self::AnswerDrawing => ("Réponse", "reponse-dessin", ""),
            Self::HandIn => ("Réponse", "copie-rendue", ""),
            Self::CorrectInText => ("Correction", "annotation", "texte"),
            Self::CorrectInAudio => ("Correction", "annotation", "audio"),
            Self::LookAtSheet => ("Catalogue", "apercu-fiche", ""),
            Self::Duplicate => ("Catalogue", "duplication", ""),
            Self::AskHelp => ("Aide", "faq", ""),
        }
    }

    /// The page it is used on.
    pub(crate) fn page(self) -> Page {
        match self.words().0 {
            "Création" => Page::Create,
            "Diffusion" => Page::Share,
            "Réponse" => Page::Answer,
            "Correction" => Page::Correct,
            "Catalogue" => Page::Catalogue,
            _ => Page::Help,
        }
    }

    /// Median seconds and spread (sigma of the logarithm) of one use, where it is measured.
    pub(crate) fn duration(self) -> Option<(f64, f64)> {
        match self {
            Self::AddChoice => Some((42.0, 0.6)),
            Self::AddGapText => Some((75.0, 0.7)),
            Self::AddAudio => Some((95.0, 0.6)),
            Self::AddDrawing => Some((60.0, 0.8)),
            Self::AnswerText => Some((28.0, 0.7)),
            Self::AnswerAudio => Some((55.0, 0.5)),
            Self::AnswerDrawing => Some((110.0, 0.6)),
            Self::CorrectInText => Some((24.0, 0.7)),
            Self::CorrectInAudio => Some((38.0, 0.5)),
            _ => None,
        }
    }
}

/// Who is at the keyboard: `dimension1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Profile {
    Teacher,
    Pupil,
}

impl Profile {
    pub(crate) const ALL: [Self; 2] = [Self::Teacher, Self::Pupil];

    pub fn label(self) -> &'static str {
        match self {
            Self::Teacher => "enseignant",
            Self::Pupil => "eleve",
        }
    }
}

/// Numbers of the custom dimensions, given in this order to a new site.
pub(crate) const PROFILE: u16 = 1;
pub(crate) const LEVEL: u16 = 2;
pub(crate) const SUBJECT: u16 = 3;

pub(crate) const ACADEMY: u16 = 4;
pub(crate) const ESTABLISHMENT: u16 = 5;

/// Values of `dimension2`.
pub(crate) const LEVELS: [&str; 4] = ["cycle2", "cycle3", "college", "lycee"];

/// Values of `dimension3`.
pub(crate) const SUBJECTS: [&str; 5] =
    ["Français", "Mathématiques", "Histoire-géographie", "SVT", "Anglais"];

/// What teachers look for in the catalogue.
pub(crate) const SEARCHES: [&str; 12] = [
    "fractions",
    "conjugaison",
    "passé composé",
    "Révolution française",
    "système solaire",
    "verbes irréguliers",
    "théorème de Pythagore",
    "volcan",
    "photosynthèse",
    "dictée",
    "tables de multiplication",
    "Moyen Âge",
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_feature_has_words_of_its_own() {
        let words: BTreeSet<_> = Feature::ALL.iter().map(|feature| feature.words()).collect();
        assert_eq!(words.len(), Feature::ALL.len());
    }
}
