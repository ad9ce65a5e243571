//! Names people read for what is stored as a code, in English and in French.

mod codes;

pub(super) use codes::engine_of;
pub use codes::{browser_code, system_code};

/// The language of an answer: `language=`, English unless it is French.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    #[default]
    English,
    French,
}

impl Language {
    /// The language of a code such as `fr` or `fr-FR`.
    pub fn parse(code: &str) -> Self {
        let code = code.to_ascii_lowercase();
        if code == "fr" || code.starts_with("fr-") || code.starts_with("fr_") {
            Self::French
        } else {
            Self::English
        }
    }

    pub(super) fn pick<T>(self, english: T, french: T) -> T {
        match self {
            Self::English => english,
            Self::French => french,
        }
    }
}

const LANGUAGES: &str = include_str!("languages.tsv");
const COUNTRIES: &str = include_str!("countries.tsv");
const CONTINENTS: &str = include_str!("continents.tsv");
const ENGINES: &str = include_str!("engines.tsv");
const METRICS: &str = include_str!("metrics.tsv");
const NETWORKS: &str = include_str!("networks.tsv");

/// The cells of the line that starts with `key`.
fn line<'a>(data: &'a str, key: &str) -> Option<(&'a str, &'a str)> {
    let mut lines = data.lines().filter_map(|line| line.split_once('\t'));
    let rest = lines.find(|(it, _)| *it == key)?.1;
    Some(rest.split_once('\t').unwrap_or((rest, "")))
}

/// The name in the data's second (English) or third (French) column.
fn name<'a>(data: &'a str, key: &str, language: Language) -> Option<&'a str> {
    line(data, key).map(|(english, french)| language.pick(english, french))
}

pub(super) fn unknown(language: Language) -> &'static str {
    language.pick("Unknown", "Inconnu")
}

/// What a column is called: `Visits` for `nb_visits`. Nothing for a column without a name.
pub(super) fn metric(column: &str, language: Language) -> Option<&'static str> {
    name(METRICS, column, language)
}

/// The language of `fr-fr`: French.
pub(super) fn language(code: &str, language: Language) -> String {
    let base = code.split('-').next().unwrap_or_default();
    let name = name(LANGUAGES, base, language).unwrap_or_else(|| unknown(language));
    capitalised(name)
}

/// `French (fr)` for `fr`, `French - France (fr-fr)` for `fr-fr`.
pub(super) fn language_with_code(code: &str, tongue: Language) -> String {
    let name = language(code, tongue);
    let region = code.split_once('-').and_then(|(_, region)| self::name(COUNTRIES, region, tongue));
    match (region, name == unknown(tongue)) {
        (_, true) => name,
        (Some(region), _) => format!("{name} - {region} ({code})"),
        (None, _) => format!("{name} ({code})"),
    }
}

/// The country of `fr`: France.
pub(super) fn country(code: &str, language: Language) -> &'static str {
    name(COUNTRIES, code, language).unwrap_or_else(|| unknown(language))
}

/// The English name of a country, as segments spell it.
pub fn country_name(code: &str) -> &'static str {
    country(code, Language::English)
}

/// The continent of the country `fr`: Europe.
pub(super) fn continent(country: &str, language: Language) -> &'static str {
    let mut continents = CONTINENTS.lines().map(|line| line.split('\t'));
    let found = continents.find_map(|mut cells| {
        let (_, english, french) = (cells.next()?, cells.next()?, cells.next()?);
        let mut countries = cells.next()?.split(' ');
        countries.any(|it| it == country).then_some((english, french))
    });
    found.map_or_else(|| unknown(language), |(english, french)| language.pick(english, french))
}

/// Monday is 0.
pub(super) fn weekday(day: usize, language: Language) -> &'static str {
    const ENGLISH: [&str; 7] =
        ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    const FRENCH: [&str; 7] =
        ["Lundi", "Mardi", "Mercredi", "Jeudi", "Vendredi", "Samedi", "Dimanche"];
    language.pick(ENGLISH, FRENCH)[day % 7]
}

/// Kinds of devices as they are stored, with their French names.
pub(super) const DEVICE_TYPES: [(&str, &str); 14] = [
    ("desktop", "Ordinateur"),
    ("smartphone", "Smartphone"),
    ("tablet", "Tablette"),
    ("feature phone", "Téléphone portable"),
    ("console", "Console"),
    ("tv", "Télévision"),
    ("car browser", "Navigateur de voiture"),
    ("smart display", "Écran connecté"),
    ("camera", "Appareil photo"),
    ("portable media player", "Lecteur multimédia portable"),
    ("phablet", "Phablette"),
    ("smart speaker", "Enceinte connectée"),
    ("wearable", "Vêtement connecté"),
    ("peripheral", "Périphérique"),
];

/// The kind of device; nothing when it is not one that is known.
pub(super) fn device_type(stored: &str, language: Language) -> Option<String> {
    let (english, french) = DEVICE_TYPES.iter().find(|(it, _)| *it == stored)?;
    Some(language.pick(capitalised(english), (*french).to_owned()))
}

/// Where visits come from: number, name in segments, English and French name.
const REFERRER_TYPES: [(i64, &str, &str, &str); 6] = [
    (1, "direct", "Direct Entry", "Entrées directes"),
    (2, "search", "Search Engines", "Moteurs de recherche"),
    (3, "website", "Websites", "Sites web"),
    (6, "campaign", "Campaigns", "Campagnes"),
    (7, "social", "Social Networks", "Réseaux sociaux"),
    (8, "ai-assistant", "AI Assistants", "Assistants IA"),
];

/// The name of a kind of referrer and its word in segments.
pub(super) fn referrer_type(number: i64, language: Language) -> (&'static str, &'static str) {
    let known = REFERRER_TYPES.iter().find(|(it, ..)| *it == number);
    known.map_or((unknown(language), ""), |(_, word, english, french)| {
        (language.pick(*english, *french), *word)
    })
}

/// The icon and the address of a search engine, and the address of a search for `keyword`.
pub(super) fn engine(name: &str, keyword: Option<&str>) -> (String, Option<String>) {
    let Some((host, search)) = line(ENGINES, name) else { return (String::new(), None) };
    let page = match keyword {
        Some("") => Some("https://matomo.org/faq/general/faq_144".to_owned()),
        Some(_) if search.is_empty() => None,
        Some(keyword) => Some(format!("http://{host}/{search}{}", codes::encode(keyword))),
        None => Some(format!("http://{host}")),
    };
    (host.to_owned(), page)
}

/// The main host of a social network.
pub(super) fn network(name: &str) -> Option<&'static str> {
    line(NETWORKS, &codes::encode_plus(name)).map(|(host, _)| host)
}

pub(super) use codes::encode;

/// What is shown where something has no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Absent {
    PageUrl,
    PageTitle,
    Keyword,
    EventName,
    ContentPiece,
    Value,
}

impl Absent {
    pub(super) fn text(self, language: Language) -> &'static str {
        let (english, french) = match self {
            Self::PageUrl => ("Page URL not defined", "URL de page non définie"),
            Self::PageTitle => ("Page Name not defined", "Nom de page non défini"),
            Self::Keyword => ("Keyword not defined", "Mot-clé non défini"),
            Self::EventName => ("Event Name not defined", "Nom d’évènement non défini"),
            Self::ContentPiece => ("Content Piece not defined", "Partie de contenu non définie"),
            Self::Value => ("Value not defined", "Valeur non définie"),
        };
        language.pick(english, french)
    }
}

/// The first letter as a capital.
fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_names_in_both_languages() {
        use Language::{English, French};
        assert_eq!(language("fr-fr", English), "French");
        assert_eq!(language("de", French), "Allemand");
        assert_eq!(language("xx", English), "Unknown");
        assert_eq!(language_with_code("fr", English), "French (fr)");
        assert_eq!(language_with_code("fr-fr", French), "Français - France (fr-fr)");
        assert_eq!(language_with_code("xx", French), "Inconnu");
        assert_eq!(country("re", French), "La Réunion");
        assert_eq!(country("xx", English), "Unknown");
        assert_eq!(device_type("car browser", English).as_deref(), Some("Car browser"));
        assert_eq!(referrer_type(7, French).0, "Réseaux sociaux");
        assert_eq!(weekday(6, French), "Dimanche");
    }

    #[test]
    fn every_line_of_the_data_has_all_its_columns() {
        for data in [LANGUAGES, COUNTRIES, ENGINES, METRICS] {
            for line in data.lines() {
                assert_eq!(line.split('\t').count(), 3, "{line}");
            }
        }
        assert!(NETWORKS.lines().all(|line| line.split('\t').count() == 2));
    }

    #[test]
    fn search_engines_lead_back_to_the_search() {
        let search = |engine, keyword| self::engine(engine, Some(keyword)).1;
        assert_eq!(
            search("Google", "fpm packager").as_deref(),
            Some("http://google.com/search?q=fpm+packager")
        );
        assert_eq!(search("Qwant", "quiz"), None);
        assert_eq!(engine("Qwant", None).1.as_deref(), Some("http://www.qwant.com"));
        assert_eq!(search("Bing", "").as_deref(), Some("https://matomo.org/faq/general/faq_144"));
        assert_eq!(network("Google+"), Some("plus.google.com"));
    }
}
