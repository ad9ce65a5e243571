//! Public holidays of France, and those of some places only.

use jiff::{ToSpan, civil::Date};

use super::super::place::Department;
use crate::site::{DayNumber, number_of};

/// A day off by law.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicHoliday {
    pub day: DayNumber,
    /// In French and English.
    pub names: [&'static str; 2],
}

/// Easter Sunday of a year of the Gregorian calendar.
pub fn easter(year: i16) -> Date {
    let year = i32::from(year);
    let golden = year % 19;
    let century = year / 100;
    let skipped = century - century / 4;
    let moon = (19 * golden + skipped - (8 * century + 13) / 25 + 15).rem_euclid(30);
    // Two places of the moon's cycle are a day earlier, so that no full moon is twice in one cycle.
    let moon = moon - i32::from(moon == 29 || (moon == 28 && golden > 10));
    let weekday = (year + year / 4 + moon + 2 - skipped).rem_euclid(7);
    // Days after 21 March.
    let after = 7 + moon - weekday;
    let march = i16::try_from(year).ok().and_then(|year| Date::new(year, 3, 21).ok());
    march.unwrap_or_default().saturating_add(i64::from(after).days())
}

fn fixed(year: i16, month: i8, day: i8, names: [&'static str; 2]) -> PublicHoliday {
    PublicHoliday { day: number_of(Date::new(year, month, day).unwrap_or_default()), names }
}

fn moving(year: i16, after_easter: i32, names: [&'static str; 2]) -> PublicHoliday {
    PublicHoliday { day: number_of(easter(year)) + after_easter, names }
}

/// The eleven public holidays of all of France, in order but where Ascension Day meets one in May.
pub fn public_holidays(year: i16) -> [PublicHoliday; 11] {
    let mut all = [
        fixed(year, 1, 1, ["Jour de l'an", "New Year's Day"]),
        moving(year, 1, ["Lundi de Pâques", "Easter Monday"]),
        fixed(year, 5, 1, ["Fête du Travail", "Labour Day"]),
        fixed(year, 5, 8, ["Victoire de 1945", "Victory Day"]),
        moving(year, 39, ["Ascension", "Ascension Day"]),
        moving(year, 50, ["Lundi de Pentecôte", "Whit Monday"]),
        fixed(year, 7, 14, ["Fête nationale", "Bastille Day"]),
        fixed(year, 8, 15, ["Assomption", "Assumption Day"]),
        fixed(year, 11, 1, ["Toussaint", "All Saints' Day"]),
        fixed(year, 11, 11, ["Armistice de 1918", "Armistice Day"]),
        fixed(year, 12, 25, ["Noël", "Christmas Day"]),
    ];
    all.sort_by_key(|it| it.day);
    all
}

/// The public holidays that a département has beside: Alsace and Moselle, and the end of slavery in
/// the five overseas départements.
pub fn local_holidays(department: &Department, year: i16) -> Vec<PublicHoliday> {
    let end_of_slavery = ["Abolition de l'esclavage", "Abolition of slavery"];
    match department.code {
        "57" | "67" | "68" => vec![
            moving(year, -2, ["Vendredi saint", "Good Friday"]),
            fixed(year, 12, 26, ["Saint-Étienne", "Saint Stephen's Day"]),
        ],
        "971" => vec![fixed(year, 5, 27, end_of_slavery)],
        "972" => vec![fixed(year, 5, 22, end_of_slavery)],
        "973" => vec![fixed(year, 6, 10, end_of_slavery)],
        "974" => vec![fixed(year, 12, 20, end_of_slavery)],
        "976" => vec![fixed(year, 4, 27, end_of_slavery)],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Weekday, date};

    use super::*;
    use crate::site::date_of;

    #[test]
    fn easter_is_where_it_was() {
        for day in [
            date(1818, 3, 22),
            date(1943, 4, 25),
            date(1954, 4, 18),
            date(1981, 4, 19),
            date(2000, 4, 23),
            date(2008, 3, 23),
            date(2011, 4, 24),
            date(2019, 4, 21),
            date(2020, 4, 12),
            date(2021, 4, 4),
            date(2022, 4, 17),
            date(2023, 4, 9),
            date(2024, 3, 31),
            date(2025, 4, 20),
            date(2026, 4, 5),
            date(2027, 3, 28),
            date(2028, 4, 16),
            date(2038, 4, 25),
            date(2049, 4, 18),
            date(2076, 4, 19),
        ] {
            assert_eq!(easter(day.year()), day);
        }
    }

    #[test]
    fn easter_is_a_sunday_between_its_bounds_in_every_year() {
        for year in 1583..=9999 {
            let day = easter(year);
            assert_eq!(day.weekday(), Weekday::Sunday, "{year}");
            assert!(date(year, 3, 22) <= day && day <= date(year, 4, 25), "{year}: {day}");
        }
    }

    #[test]
    fn the_days_off_of_a_year() {
        let days: Vec<String> =
            public_holidays(2026).iter().map(|it| date_of(it.day).to_string()).collect();
        assert_eq!(
            days,
            [
                "2026-01-01",
                "2026-04-06",
                "2026-05-01",
                "2026-05-08",
                "2026-05-14",
                "2026-05-25",
                "2026-07-14",
                "2026-08-15",
                "2026-11-01",
                "2026-11-11",
                "2026-12-25",
            ]
        );
        // Ascension Day before Victory Day.
        assert!(public_holidays(2027).is_sorted_by_key(|it| it.day));
        let local = |code, year| local_holidays(Department::by_code(code).unwrap(), year);
        assert_eq!(date_of(local("67", 2026)[0].day), date(2026, 4, 3));
        assert_eq!(date_of(local("974", 2026)[0].day), date(2026, 12, 20));
        assert!(local("75", 2026).is_empty());
    }
}
