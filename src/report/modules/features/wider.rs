//! What a value of an audience says beyond itself: the région and the holiday zone of an académie; of
//! an establishment also its département and its académie. Nothing is stored of it: rows of values
//! are added up. Visits, uses, their lengths and moments add up, because each visit is of one value.
//! People do not: somebody of two académies of a région would be two. So there are none.

use crate::{
    report::labels::Language,
    school::{
        calendar::Zone,
        place::{Academy, Department, Region},
    },
    site::{Audience, AudienceKind},
    strip::Text,
};

/// The place, or the calendar, that values are put together by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report::modules) enum Wider {
    Department,
    Academy,
    Region,
    Zone,
}

/// How a place is named: by which number rows are found again, and by which text.
pub(in crate::report::modules) type Named = (i64, String);

impl Wider {
    const ALL: [Self; 4] = [Self::Department, Self::Academy, Self::Region, Self::Zone];

    pub(in crate::report::modules) const fn word(self) -> &'static str {
        match self {
            Self::Department => "department",
            Self::Academy => "academy",
            Self::Region => "region",
            Self::Zone => "zone",
        }
    }

    pub(super) fn by_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.word() == word)
    }

    /// What values of an audience say beyond themselves.
    pub(in crate::report::modules) fn told_by(audience: &Audience) -> &'static [Self] {
        match audience.kind {
            AudienceKind::Academy => &[Self::Region, Self::Zone],
            AudienceKind::Establishment => &Self::ALL,
            _ => &[],
        }
    }

    /// What it is called in an answer.
    pub(in crate::report::modules) const fn name(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Department, Language::English) => "département",
            (Self::Department, Language::French) => "département",
            (Self::Academy, Language::English) => "académie",
            (Self::Academy, Language::French) => "académie",
            (Self::Region, Language::English) => "region",
            (Self::Region, Language::French) => "région académique",
            (Self::Zone, Language::English) => "holiday zone",
            (Self::Zone, Language::French) => "zone de vacances",
        }
    }

    /// Where a value belongs, a UAI (or the three digits it begins with) or an académie by code or
    /// name; nothing where it was not told.
    pub(super) fn of(self, text: &str, language: Language) -> Option<Named> {
        if text.is_empty() {
            return None;
        }
        let department = text.get(..3).and_then(Department::by_prefix);
        let academy = || {
            let of_school = department.map(Department::academy);
            of_school.or_else(|| Academy::by_code(text)).or_else(|| Academy::by_name(text))
        };
        let place = match self {
            Self::Department => department.map(Place::Department),
            Self::Academy => academy().map(Place::Academy),
            Self::Region => academy().and_then(Academy::region).map(Place::Region),
            Self::Zone => academy().map(|it| Place::Zone(it.zone)),
        };
        let place = place.unwrap_or(Place::Elsewhere);
        Some((place.number(), place.name(language)))
    }

    /// The number of a place that a question names as it was shown, or by its code.
    pub(super) fn number(self, asked: &str) -> i64 {
        let places: Vec<Place> = match self {
            Self::Department => Department::all().iter().map(Place::Department).collect(),
            Self::Academy => Academy::all().iter().map(Place::Academy).collect(),
            Self::Region => Region::all().iter().map(Place::Region).collect(),
            Self::Zone => Zone::NATIONAL.into_iter().chain([Zone::Own]).map(Place::Zone).collect(),
        };
        let is_meant = |place: &Place| {
            let named = |language| place.name(language) == asked;
            place.code() == asked || named(Language::English) || named(Language::French)
        };
        let found = places.into_iter().chain([Place::Elsewhere]).find(is_meant);
        // What is no such place has no rows.
        found.map_or_else(|| Text::new(asked).id, Place::number)
    }
}

/// How what an audience says beyond itself is asked for, and what it is called.
pub fn wider(audience: &Audience, language: Language) -> Vec<(String, &'static str)> {
    let key = |it: &Wider| format!("{}:{}", audience.key, it.word());
    Wider::told_by(audience).iter().map(|it| (key(it), it.name(language))).collect()
}

/// A place that values are put together by.
#[derive(Clone, Copy)]
enum Place {
    Department(&'static Department),
    Academy(&'static Academy),
    Region(&'static Region),
    Zone(Zone),
    /// Overseas there are no régions académiques; and a value may be no place that is known.
    Elsewhere,
}

impl Place {
    fn code(&self) -> String {
        match self {
            Self::Department(it) => it.code.to_owned(),
            Self::Academy(it) => it.code.to_owned(),
            Self::Region(it) => it.code.to_owned(),
            Self::Zone(zone) => zone.letter().map_or_else(|| "own".to_owned(), String::from),
            Self::Elsewhere => "elsewhere".to_owned(),
        }
    }

    fn name(&self, language: Language) -> String {
        let is_french = language == Language::French;
        match self {
            Self::Department(it) => it.name.to_owned(),
            Self::Academy(it) => it.name.to_owned(),
            Self::Region(it) => it.name.to_owned(),
            Self::Zone(zone) => match zone.letter() {
                Some(letter) => format!("Zone {letter}"),
                None if is_french => "Calendrier propre".to_owned(),
                None => "Calendar of its own".to_owned(),
            },
            Self::Elsewhere if is_french => "Ailleurs".to_owned(),
            Self::Elsewhere => "Elsewhere".to_owned(),
        }
    }

    /// What tells it from others of its sort; as good as the number of a text of its own.
    fn number(self) -> i64 {
        Text::new(&format!("place:{}", self.code())).id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_stands_in_wider_places() {
        for (text, wider, want) in [
            ("0750655E", Wider::Department, "Paris"),
            ("0750655E", Wider::Academy, "Paris"),
            ("0940001A", Wider::Academy, "Créteil"),
            ("094", Wider::Academy, "Créteil"),
            ("0940001A", Wider::Region, "Île-de-France"),
            ("620", Wider::Zone, "Calendar of its own"),
            ("Lyon", Wider::Region, "Auvergne-Rhône-Alpes"),
            ("10", Wider::Zone, "Zone A"),
            ("académie de Lyon", Wider::Zone, "Zone A"),
            ("Polynésie française", Wider::Region, "Elsewhere"),
            ("n’importe", Wider::Region, "Elsewhere"),
        ] {
            let (number, name) = wider.of(text, Language::English).unwrap();
            assert_eq!(name, want, "{text}");
            assert_eq!(wider.number(&name), number, "{name} is asked for as it is shown");
            let (again, name) = wider.of(text, Language::French).unwrap();
            assert_eq!((wider.number(&name), again), (number, number), "{name}, in French");
        }
        assert_eq!(Wider::Region.of("", Language::French), None);
        assert_eq!(Wider::Region.number("84"), Wider::Region.number("Auvergne-Rhône-Alpes"));
        assert_ne!(Wider::Region.number("Corse"), Wider::Region.number("nowhere"));
    }
}
