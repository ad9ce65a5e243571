//! What is wrong with a file, and what to do about it, in both languages.

use crate::site::AudienceKind;

/// The language of problems and changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    #[default]
    Fr,
    En,
}

/// Which part of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    File,
    Feature(String),
    Audience(String),
    /// Its two audiences.
    Pair(String),
    Funnel(String),
}

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub line: Option<usize>,
    pub entry: Entry,
    pub fault: Fault,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// As the reader of TOML says it.
    Syntax(String),
    UnknownVersion(String),
    UnknownField {
        field: String,
        known: &'static [&'static str],
    },
    MissingField(&'static str),
    /// What the field should be: `text`, `texts`, `number`, `tables`, `name`, `date`, `yes or no`, `rules`, `steps`.
    WrongType {
        field: String,
        wanted: &'static str,
    },
    BadKey,
    Reserved,
    Duplicate,
    NoName,
    TooLong {
        field: &'static str,
        most: usize,
    },
    TooMany {
        field: &'static str,
        most: usize,
    },
    Unprintable(&'static str),
    NoRules,
    /// The number of the rule, from 1.
    EmptyRule(usize),
    TrackerAndEvent,
    GroupWithoutTracker,
    /// `*` twice in a text.
    DoubleStar(String),
    /// A page pattern that does not begin with `/`.
    NoPath(String),
    /// A page pattern with `?` or `#`.
    Query(String),
    /// `*` as a part of a part, or `**` not at the end.
    StarInPath(String),
    UnknownKind(String),
    NoDimension(AudienceKind),
    NeedlessDimension(AudienceKind),
    UnknownDimension {
        dimension: u16,
        known: Vec<u16>,
    },
    NotActive(u16),
    OfActions(u16),
    /// Another audience, by its key, reads the same.
    SameSource(String),
    NoValues(AudienceKind),
    NeedlessValues(AudienceKind),
    BadValue(String),
    SecretValue(String),
    DuplicateValue(String),
    UnknownAudience {
        audience: String,
        known: Vec<String>,
    },
    SameTwice,
    UnknownFeature {
        feature: String,
        known: Vec<String>,
    },
    TooFewSteps,
    AllOptional,
    /// Numbers of cuts are used up: of those read by weeks, or by days.
    NoCutsLeft {
        large: bool,
        most: u8,
    },
    NoNumbersLeft,
}

/// An audience's kind, as files spell it.
pub(super) const KINDS: [(&str, AudienceKind); 10] = [
    ("profile", AudienceKind::Profile),
    ("level", AudienceKind::Level),
    ("subject", AudienceKind::Subject),
    ("academy", AudienceKind::Academy),
    ("establishment", AudienceKind::Establishment),
    ("group", AudienceKind::Group),
    ("cohort", AudienceKind::Cohort),
    ("other", AudienceKind::Other),
    ("device", AudienceKind::Device),
    ("country", AudienceKind::Country),
];

/// What a day should be.
pub(super) const DATE: &str = "a date such as 2026-09-01";

/// How files spell a kind.
pub(super) fn kind_name(kind: AudienceKind) -> &'static str {
    KINDS.iter().find(|(_, it)| *it == kind).map_or("other", |(name, _)| name)
}

impl Problem {
    pub(super) fn new(line: Option<usize>, entry: Entry, fault: Fault) -> Self {
        Self { line, entry, fault }
    }

    /// A day of release that is none.
    pub fn wrong_date(feature: &str) -> Self {
        let fault = Fault::WrongType { field: "released".to_owned(), wanted: DATE };
        Self::new(None, Entry::Feature(feature.to_owned()), fault)
    }

    /// Where, what, and what to do, on one line.
    pub fn say(&self, language: Language) -> String {
        let (entry, colon) = (self.entry.say(language), colon(language));
        let place = match (self.line, language) {
            (Some(line), Language::Fr) => format!("ligne {line}, "),
            (Some(line), Language::En) => format!("line {line}, "),
            (None, _) => String::new(),
        };
        format!("{place}{entry}{colon}{}", self.fault.say(language))
    }
}

/// Every problem, a line each.
pub fn say_all(problems: &[Problem], language: Language) -> String {
    problems.iter().map(|it| it.say(language)).collect::<Vec<_>>().join("\n")
}

pub(super) fn colon(language: Language) -> &'static str {
    match language {
        Language::Fr => "\u{a0}: ",
        Language::En => ": ",
    }
}

impl Entry {
    pub(super) fn say(&self, language: Language) -> String {
        let (kind, key) = match (self, language) {
            (Self::File, Language::Fr) => return "fichier".into(),
            (Self::File, Language::En) => return "file".into(),
            (Self::Feature(key), Language::Fr) => ("fonctionnalité", key),
            (Self::Feature(key), Language::En) => ("feature", key),
            (Self::Audience(key), Language::Fr) => ("public", key),
            (Self::Audience(key), Language::En) => ("audience", key),
            (Self::Pair(key), Language::Fr) => ("paire", key),
            (Self::Pair(key), Language::En) => ("pair", key),
            (Self::Funnel(key), Language::Fr) => ("entonnoir", key),
            (Self::Funnel(key), Language::En) => ("funnel", key),
        };
        if key.is_empty() { kind.to_owned() } else { format!("{kind} `{key}`") }
    }
}

fn list(names: &[impl ToString]) -> String {
    names.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn wanted_in_french(wanted: &'static str) -> &'static str {
    match wanted {
        "a text" => "un texte",
        "a list of texts" => "une liste de textes",
        "a number" => "un nombre entier",
        "a list of tables" => "une liste de tables",
        "a text, or { fr = \"…\", en = \"…\" }" => "un texte, ou { fr = \"…\", en = \"…\" }",
        DATE => "une date comme 2026-09-01",
        "true or false" => "true ou false",
        "a list of rules such as { category = \"…\", action = \"…\" }" => {
            "une liste de règles comme { category = \"…\", action = \"…\" }"
        }
        "a list of features' keys, or { feature = \"…\", optional = true }" => {
            "une liste de clés de fonctionnalités, ou { feature = \"…\", optional = true }"
        }
        "two keys of audiences" => "deux clés de publics",
        other => other,
    }
}

impl Fault {
    fn say(&self, language: Language) -> String {
        let (french, english) = match self {
            Self::Syntax(why) => (
                format!("ce n’est pas du TOML ({why}) ; `padoqe features example` montre un fichier juste"),
                format!("this is not TOML ({why}); `padoqe features example` shows a right file"),
            ),
            Self::UnknownVersion(version) => (
                format!("la version {version} n’est pas connue ; écrivez version = 1"),
                format!("version {version} is not known; write version = 1"),
            ),
            Self::UnknownField { field, known } => (
                format!("`{field}` n’est pas connu ici ; les noms possibles sont {}", list(known)),
                format!("`{field}` is not known here; the names are {}", list(known)),
            ),
            Self::MissingField(field) => {
                (format!("il manque `{field}` ; ajoutez-le"), format!("`{field}` is missing; add it"))
            }
            Self::WrongType { field, wanted } => (
                format!("`{field}` doit être {}", wanted_in_french(wanted)),
                format!("`{field}` must be {wanted}"),
            ),
            Self::BadKey => (
                "une clé s’écrit en minuscules sans accent, chiffres et tirets, 60 caractères au plus, et commence par une lettre ; par exemple ajout-dessin".into(),
                "a key is written in plain small letters, digits and hyphens, 60 at most, and begins with a letter; for example add-drawing".into(),
            ),
            Self::Reserved => (
                "cette clé a un sens dans les questions à l’API ; choisissez-en une autre".into(),
                "this key means something in questions to the API; choose another one".into(),
            ),
            Self::Duplicate => (
                "cette clé est déjà prise plus haut ; une clé ne se déclare qu’une fois".into(),
                "this key was declared above; declare each key once".into(),
            ),
            Self::NoName => (
                "il faut un nom pour les rapports : name = \"…\", ou name = { fr = \"…\", en = \"…\" }".into(),
                "reports need a name: name = \"…\", or name = { fr = \"…\", en = \"…\" }".into(),
            ),
            Self::TooLong { field, most } => (
                format!("`{field}` est trop long ; {most} caractères au plus"),
                format!("`{field}` is too long; {most} characters at most"),
            ),
            Self::TooMany { field, most } => (
                format!("trop d’éléments dans `{field}` ; {most} au plus"),
                format!("there are too many in `{field}`; {most} at most"),
            ),
            Self::Unprintable(field) => (
                format!("`{field}` contient un caractère de commande ; enlevez-le"),
                format!("`{field}` holds a control character; take it out"),
            ),
            Self::NoRules => (
                "aucune règle ne dit ce qui en est une utilisation ; ajoutez rules = [{ category = \"…\", action = \"…\" }], { page = \"/…\" } ou { tracker = \"…\" }".into(),
                "no rule says what is a use of it; add rules = [{ category = \"…\", action = \"…\" }], { page = \"/…\" } or { tracker = \"…\" }".into(),
            ),
            Self::EmptyRule(nth) => (
                format!("la règle {nth} ne dit rien et prendrait tout ; donnez-lui category, action, name, page ou tracker, autrement que par `*` seul"),
                format!("rule {nth} says nothing and would take everything; give it category, action, name, page or tracker, other than a lone `*`"),
            ),
            Self::TrackerAndEvent => (
                "`tracker` tient lieu de category et action ; enlevez l’un ou l’autre".into(),
                "`tracker` stands for category and action; take one or the other out".into(),
            ),
            Self::GroupWithoutTracker => (
                "`tracker-group` ne va qu’avec `tracker` ; ajoutez-le, ou écrivez category".into(),
                "`tracker-group` only goes with `tracker`; add it, or write category".into(),
            ),
            Self::DoubleStar(text) => (
                format!("`{text}` : dans un texte un seul `*` suffit, il vaut n’importe quoi ; `**` n’a de sens que dans page"),
                format!("`{text}`: one `*` is enough in a text, it stands for anything; `**` is for page only"),
            ),
            Self::NoPath(text) => (
                format!("`{text}` n’est pas un chemin de page ; il commence par `/`, sans nom de serveur"),
                format!("`{text}` is no path of a page; it begins with `/`, without a server's name"),
            ),
            Self::Query(text) => (
                format!("`{text}` : un chemin s’arrête avant `?` et `#` ; enlevez-les"),
                format!("`{text}`: a path ends before `?` and `#`; take them out"),
            ),
            Self::StarInPath(text) => (
                format!("`{text}` : dans un chemin `*` vaut une partie entière (/quiz/*) et `**` la suite, à la fin seulement (/quiz/**)"),
                format!("`{text}`: in a path `*` stands for one whole part (/quiz/*), and `**` for the rest, at the end only (/quiz/**)"),
            ),
            Self::UnknownKind(kind) => {
                let names = list(&KINDS.map(|(name, _)| name));
                (
                    format!("le genre `{kind}` n’est pas connu ; choisissez parmi {names}"),
                    format!("the kind `{kind}` is not known; choose one of {names}"),
                )
            }
            Self::NoDimension(kind) => {
                let kind = kind_name(*kind);
                (
                    format!("un public de genre {kind} est envoyé par l’application ; dites dans quelle dimension de visite : dimension = 1"),
                    format!("the application sends what kind of {kind} it is; say in which dimension of the visit: dimension = 1"),
                )
            }
            Self::NeedlessDimension(kind) => {
                let kind = kind_name(*kind);
                (
                    format!("le genre {kind} se lit sans que rien soit envoyé ; enlevez dimension"),
                    format!("the kind {kind} is told without anything being sent; take dimension out"),
                )
            }
            Self::UnknownDimension { dimension, known } if known.is_empty() => (
                format!("le site n’a pas de dimension {dimension}, ni aucune autre de visite ; créez-la d’abord (CustomDimensions.configureNewCustomDimension, scope=visit)"),
                format!("the site has no dimension {dimension}, nor any other of visits; make it first (CustomDimensions.configureNewCustomDimension, scope=visit)"),
            ),
            Self::UnknownDimension { dimension, known } => (
                format!("le site n’a pas de dimension {dimension} ; ses dimensions de visite sont {}", list(known)),
                format!("the site has no dimension {dimension}; its dimensions of visits are {}", list(known)),
            ),
            Self::NotActive(dimension) => (
                format!("la dimension {dimension} est désactivée ; activez-la d’abord (CustomDimensions.configureExistingCustomDimension, active=1)"),
                format!("dimension {dimension} is switched off; switch it on first (CustomDimensions.configureExistingCustomDimension, active=1)"),
            ),
            Self::OfActions(dimension) => (
                format!("la dimension {dimension} décrit des actions ; un public a besoin d’une dimension de visite"),
                format!("dimension {dimension} is of actions; an audience needs one of visits"),
            ),
            Self::SameSource(other) => (
                format!("le public `{other}` lit déjà la même chose ; gardez l’un des deux"),
                format!("the audience `{other}` reads the same already; keep one of them"),
            ),
            Self::NoValues(kind) => {
                let kind = kind_name(*kind);
                (
                    format!("un public de genre {kind} n’admet que des valeurs déclarées ; ajoutez values = [\"…\"]"),
                    format!("an audience of the kind {kind} takes declared values only; add values = [\"…\"]"),
                )
            }
            Self::NeedlessValues(kind) => {
                let kind = kind_name(*kind);
                (
                    format!("les valeurs du genre {kind} sont connues ; enlevez values"),
                    format!("the values of the kind {kind} are known; take values out"),
                )
            }
            Self::BadValue(value) => (
                format!("la valeur `{value}` est vide, trop longue (100 caractères au plus) ou contient un caractère de commande"),
                format!("the value `{value}` is empty, too long (100 characters at most) or holds a control character"),
            ),
            Self::SecretValue(value) => (
                format!("`{value}` ressemble à une adresse de courriel ; rien de personnel ne doit être déclaré ni envoyé"),
                format!("`{value}` looks like a mail address; nothing personal may be declared or sent"),
            ),
            Self::DuplicateValue(value) => (
                format!("la valeur `{value}` figure deux fois ; enlevez-en une"),
                format!("the value `{value}` stands there twice; take one out"),
            ),
            Self::UnknownAudience { audience, known } => (
                format!("il n’y a pas de public `{audience}` ; les clés déclarées sont {}", list(known)),
                format!("there is no audience `{audience}`; the declared keys are {}", list(known)),
            ),
            Self::SameTwice => (
                "une paire croise deux publics différents".into(),
                "a pair is of two different audiences".into(),
            ),
            Self::UnknownFeature { feature, known } => (
                format!("il n’y a pas de fonctionnalité `{feature}` ; les clés déclarées sont {}", list(known)),
                format!("there is no feature `{feature}`; the declared keys are {}", list(known)),
            ),
            Self::TooFewSteps => (
                "un entonnoir a au moins deux étapes ; ajoutez-en dans steps".into(),
                "a funnel has two steps at least; add some to steps".into(),
            ),
            Self::AllOptional => (
                "toutes les étapes sont facultatives ; il en faut une au moins qui ne le soit pas".into(),
                "all steps are optional; one at least must not be".into(),
            ),
            Self::NoCutsLeft { large, most } => {
                let (french, english) = if *large {
                    ("lus par semaine (établissements, groupes)", "that are read by weeks (establishments, groups)")
                } else {
                    ("lus par jour", "that are read by days")
                };
                (
                    format!("un site peut déclarer {most} publics et paires {french}, ceux qui ont été retirés compris : leurs numéros ne resservent pas ; retirez celui-ci"),
                    format!("a site may declare {most} audiences and pairs {english}, with those that were taken out: their numbers are not used again; take this one out"),
                )
            }
            Self::NoNumbersLeft => (
                "tous les numéros ont été donnés ; il n’y en a plus".into(),
                "all numbers were given; there are none left".into(),
            ),
        };
        match language {
            Language::Fr => french.replace(" ;", "\u{202f};").replace(" :", "\u{a0}:"),
            Language::En => english,
        }
    }
}
