//! A school year, of whose months the masks are frozen.

use super::{
    mask::{Mask, Shown, bits},
    slab::{EVERYONE, Profile, Rules, Slab},
};

/// What is shown of a sum over a year: the sum of what is shown of its months, with how many these
/// are. It tells nothing that the months do not. Secret where no month is shown.
pub fn sum_of_months(months: impl IntoIterator<Item = Shown>) -> (Shown, u32) {
    let mut sum: Option<u64> = None;
    let mut first_secret = None;
    let mut shown = 0;
    for month in months {
        match month {
            Shown::Value(value) => {
                sum = Some(sum.unwrap_or_default().saturating_add(value));
                shown += 1;
            }
            Shown::Secret(_) => first_secret = first_secret.or(Some(month)),
        }
    }
    let nothing = first_secret.unwrap_or(Shown::Secret(super::Reason::Few));
    (sum.map_or(nothing, Shown::Value), shown)
}

/// Where the distinct people of a year may be shown, once it is over and all its months are frozen:
/// of the place that holds all others, everyone, and each profile where all of them may be.
///
/// Of no other place: months tell from what on the people of a year are, so what is hidden in a
/// line of places can be cornered between its months and its year. And where more people came in
/// a year than the months shown come to, the rest came in the hidden ones: if this would say more
/// of a hidden month than that it is small, the year's people are secret too.
pub fn year(year: &Slab<'_>, months: &[(&Mask, &Slab<'_>)], rules: &Rules) -> Mask {
    if year.places.len() == 0 {
        return Mask::default();
    }
    let may = |profile: Profile| {
        let cell = year.of(ALL, profile);
        cell.may_be_known(rules) && !tells_a_month(year, months, rules, profile)
    };
    let everyone = may(EVERYONE);
    let profiles = everyone && year.all_profiles().iter().all(|it| may(Some(it)));
    let mut shown = bits(EVERYONE, &year.of(ALL, EVERYONE), everyone, rules);
    for profile in year.all_profiles().iter().map(Some) {
        shown |= bits(profile, &year.of(ALL, profile), profiles, rules);
    }
    Mask::new(vec![(year.places.number(ALL), shown)])
}

/// The place that holds all others.
const ALL: usize = 0;

fn tells_a_month(
    year: &Slab<'_>,
    months: &[(&Mask, &Slab<'_>)],
    rules: &Rules,
    profile: Profile,
) -> bool {
    let place = year.places.number(ALL);
    let mut hidden: u64 = 0;
    let mut rest = year.of(ALL, profile).contributors;
    for (mask, slab) in months {
        if mask.shows(place, profile) {
            let people = slab.cell(place, profile).unwrap_or_default().contributors;
            rest = rest.saturating_sub(people);
        } else {
            hidden += 1;
        }
    }
    // So many may have come in the other hidden months, where these are small.
    hidden > 0 && rest > (hidden - 1) * (rules.contributors() - 1)
}

#[cfg(test)]
mod tests {
    use super::{super::places::Places, *};
    use crate::secrecy::{Cell, Reason, decide};

    const SECRET: Shown = Shown::Secret(Reason::Few);

    #[test]
    fn a_year_is_the_sum_of_the_months_shown() {
        let months = [Shown::Value(30), SECRET, Shown::Value(20)];
        assert_eq!(sum_of_months(months), (Shown::Value(50), 2));
        assert_eq!(sum_of_months([SECRET; 12]), (SECRET, 0));
        assert_eq!(sum_of_months([]), (SECRET, 0));
    }

    /// Forty people a month, three in a hidden one: `people` of the year.
    fn shown(people: u64, few: &[u64]) -> bool {
        let places = Places::new(&[(1, None)]).unwrap();
        let slab = |people| {
            let mut slab = Slab::new(&places, 1).unwrap();
            slab.add(1, 0, &Cell::new(people, [people; 3])).unwrap();
            slab
        };
        let rules = Rules::default();
        let months: Vec<_> = [40].iter().chain(few).map(|it| slab(*it)).collect();
        let masks: Vec<_> = months.iter().map(|it| decide(it, &rules)).collect();
        let pairs: Vec<_> = masks.iter().zip(&months).collect();
        year(&slab(people), &pairs, &rules).shows(1, EVERYONE)
    }

    #[test]
    fn people_of_a_year_are_secret_where_they_tell_a_hidden_month() {
        assert!(shown(40, &[3]), "all of them may have come before");
        assert!(!shown(43, &[3]), "three came in the hidden month alone");
        assert!(shown(46, &[3, 3]), "who came when?");
        assert!(!shown(60, &[10, 10]), "ten in each");
        assert!(!shown(9, &[9]));
    }
}
