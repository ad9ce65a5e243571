//! Places that figures are published of: each stands within another, up to the nation.

use std::fmt;

use crate::{
    school::place::{Academy, Department, Region, Uai},
    site::is_group_code,
};

/// A place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Everywhere.
    Nation,
    Region(&'static Region),
    Academy(&'static Academy),
    Department(&'static Department),
    Establishment(Uai),
    Group(String),
    /// What was not told, or is in no département.
    Unknown,
}

impl Place {
    /// Reads what is written: `nation`, `region:11`, `academie:24`, `departement:94`,
    /// `uai:0940001A`, `groupe:GR4F`, `inconnu`.
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim().split_once(':') {
            None if text.trim() == "nation" => Some(Self::Nation),
            None if text.trim() == "inconnu" => Some(Self::Unknown),
            Some(("region", code)) => Region::by_code(code).map(Self::Region),
            Some(("academie", code)) => Academy::by_code(code).map(Self::Academy),
            Some(("departement", code)) => Department::by_code(code).map(Self::Department),
            Some(("uai", code)) => Uai::parse(code).ok().map(Self::Establishment),
            Some(("groupe", code)) => is_group_code(code).then(|| Self::Group(code.to_owned())),
            _ => None,
        }
    }

    /// What it is called.
    pub fn name(&self, english: bool) -> String {
        match self {
            Self::Nation if english => "Everywhere".into(),
            Self::Nation => "Ensemble".into(),
            Self::Region(region) => region.name.into(),
            Self::Academy(academy) => academy.name.into(),
            Self::Department(department) => department.name.into(),
            Self::Establishment(uai) => uai.as_str().into(),
            Self::Group(code) => code.clone(),
            Self::Unknown if english => "Not told".into(),
            Self::Unknown => "Non renseigné".into(),
        }
    }

    /// What kind of place it is, as questions and answers call it.
    pub fn level(&self) -> &'static str {
        match self {
            Self::Nation => "nation",
            Self::Region(_) => "region",
            Self::Academy(_) => "academie",
            Self::Department(_) => "departement",
            Self::Establishment(_) => "etablissement",
            Self::Group(_) => "groupe",
            Self::Unknown => "inconnu",
        }
    }

    /// The place that it stands in.
    pub fn parent(&self) -> Option<Self> {
        match self {
            Self::Nation => None,
            Self::Region(_) | Self::Group(_) | Self::Unknown => Some(Self::Nation),
            Self::Academy(academy) => Some(academy.region().map_or(Self::Nation, Self::Region)),
            Self::Department(department) => Some(Self::Academy(department.academy())),
            // Abroad there are no départements.
            Self::Establishment(uai) => {
                Some(uai.department().map_or(Self::Unknown, Self::Department))
            }
        }
    }

    /// Whether another place is this one or stands in it.
    pub fn holds(&self, other: &Self) -> bool {
        let mut next = Some(other.clone());
        while let Some(place) = next {
            if place == *self {
                return true;
            }
            next = place.parent();
        }
        false
    }

    /// The places right within that are known beforehand: establishments and groups are not.
    pub fn within(&self) -> Vec<Self> {
        let mine = |place: &Self| place.parent().as_ref() == Some(self);
        let regions = Region::all().iter().map(Self::Region);
        let academies = Academy::all().iter().map(Self::Academy);
        let departments = Department::all().iter().map(Self::Department);
        regions.chain(academies).chain(departments).filter(mine).collect()
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nation => f.write_str("nation"),
            Self::Region(region) => write!(f, "region:{}", region.code),
            Self::Academy(academy) => write!(f, "academie:{}", academy.code),
            Self::Department(department) => write!(f, "departement:{}", department.code),
            Self::Establishment(uai) => write!(f, "uai:{}", uai.as_str()),
            Self::Group(code) => write!(f, "groupe:{code}"),
            Self::Unknown => f.write_str("inconnu"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str) -> Place {
        Place::parse(text).unwrap_or_else(|| panic!("{text}"))
    }

    #[test]
    fn places_stand_in_each_other() {
        let mut school = Some(place("uai:0750655E"));
        let mut way = Vec::new();
        while let Some(it) = school {
            way.push(it.to_string());
            school = it.parent();
        }
        assert_eq!(way, ["uai:0750655E", "departement:75", "academie:01", "region:11", "nation"]);
        assert!(place("academie:01").holds(&place("uai:0750655E")));
        assert!(!place("academie:24").holds(&place("uai:0750655E")));
        assert!(place("nation").holds(&place("groupe:GR4F")));
        for odd in ["uai:0750655F", "region:", "academie:99", "groupe:Marie", "France", ""] {
            assert_eq!(Place::parse(odd), None, "{odd}");
        }
    }

    #[test]
    fn every_place_that_is_known_is_within_the_nation() {
        let mut all = vec![Place::Nation];
        let mut at = 0;
        while let Some(place) = all.get(at) {
            let within = place.within();
            all.extend(within);
            at += 1;
        }
        assert_eq!(
            all.len(),
            1 + Region::all().len() + Academy::all().len() + Department::all().len()
        );
        assert!(all.iter().all(|it| place(&it.to_string()) == *it && !it.name(false).is_empty()));
    }
}
