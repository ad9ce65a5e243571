//! School time on the chart: holidays by zone as grounds, in words, and the same weeks a year before.

use jiff::civil::Date;

use super::Overview;
use crate::{
    dash::{
        chart::{Band, BandKind, GroundName},
        dates,
        lang::Lang,
        number,
        period::Choice,
        series::{self, Stage, Step},
        text::Text,
    },
    school::calendar::{Holidays, Zone, holidays},
    site::{date_of, number_of},
};

/// Holidays of one zone, both ends included, to shade and name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shaded {
    pub from: Date,
    pub to: Date,
    pub holidays: Holidays,
    pub zone: Zone,
}

impl Shaded {
    /// The holidays of zones A, B and C that touch a period, as far as they are known.
    pub fn in_period(choice: &Choice) -> Vec<Self> {
        let (from, to) = (number_of(choice.from), number_of(choice.to));
        let of_zone = |zone| {
            let known = holidays(zone, from, to).unwrap_or_default();
            known.into_iter().map(move |it| Self {
                from: date_of(it.first),
                to: date_of(it.last),
                holidays: it.name,
                zone,
            })
        };
        Zone::NATIONAL.into_iter().flat_map(of_zone).collect()
    }

    fn contains(&self, day: Date) -> bool {
        self.from <= day && day <= self.to
    }
}

fn name(holidays: Holidays, text: &Text) -> &'static str {
    let [french, english] = holidays.names();
    match text.lang() {
        Lang::Fr => french,
        Lang::En => english,
    }
}

fn letter(zone: Zone) -> String {
    zone.letter().map(String::from).unwrap_or_default()
}

/// The grounds of points on which there are holidays, and what stands above them. Of a week, its first
/// day counts; a month is no time of holidays.
pub(super) fn grounds(overview: &Overview, text: &Text) -> (Vec<Band>, Vec<GroundName>) {
    if matches!(overview.step, Step::Hour | Step::Month) {
        return Default::default();
    }
    let days: Vec<Date> = overview.points.iter().map(|point| point.at.date()).collect();
    grounds_of(&days, &overview.shaded, text)
}

/// The same of points that begin on these days.
pub(in crate::dash) fn grounds_of(
    days: &[Date],
    shaded: &[Shaded],
    text: &Text,
) -> (Vec<Band>, Vec<GroundName>) {
    let (mut bands, mut names) = (Vec::<Band>::new(), Vec::<GroundName>::new());
    for (at, day) in days.iter().enumerate() {
        let on: Vec<&Shaded> = shaded.iter().filter(|it| it.contains(*day)).collect();
        let Some(first) = on.first() else { continue };
        let kind =
            if on.len() < Zone::NATIONAL.len() { BandKind::SomeHoliday } else { BandKind::Holiday };
        let title = name(first.holidays, text);
        let zones: Vec<String> = on.iter().map(|it| letter(it.zone)).collect();
        let said = match zones.as_slice() {
            [one] => text.fill("trend.one_zone", &[("name", title), ("zone", one)]),
            [one, two] => {
                text.fill("trend.two_zones", &[("name", title), ("one", one), ("two", two)])
            }
            _ => title.to_owned(),
        };
        match bands.last_mut() {
            Some(band) if band.to == at && band.kind == kind && band.name == said => {
                band.to = at + 1;
            }
            _ => bands.push(Band { from: at, to: at + 1, kind, name: said }),
        }
        match names.last_mut() {
            Some(ground) if ground.to == at && ground.text == title => ground.to = at + 1,
            _ => names.push(GroundName { from: at, to: at + 1, text: title.to_owned() }),
        }
    }
    (bands, names)
}

/// The holidays of the period in words, for those who do not see the grounds.
pub(in crate::dash) fn holidays_in_words(shaded: &[Shaded], text: &Text) -> Option<String> {
    let mut groups: Vec<Vec<&Shaded>> = Vec::new();
    let mut all: Vec<&Shaded> = shaded.iter().collect();
    all.sort_by_key(|it| (it.from, it.zone));
    for it in all {
        // Zones take the same holidays in turn, weeks apart; a year is between two of a name.
        let same = |group: &&mut Vec<&Shaded>| {
            group.first().is_some_and(|first| {
                first.holidays == it.holidays && first.from.year() == it.from.year()
            })
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.push(it),
            None => groups.push(vec![it]),
        }
    }
    let said = groups.iter().filter_map(|group| in_words(group, text)).collect::<Vec<_>>();
    (!said.is_empty()).then(|| said.join(" "))
}

fn in_words(group: &[&Shaded], text: &Text) -> Option<String> {
    let first = group.first()?;
    let title = name(first.holidays, text);
    let span = |it: &Shaded| dates::span(it.from, it.to, text);
    let together = group.len() == Zone::NATIONAL.len()
        && group.iter().all(|it| (it.from, it.to) == (first.from, first.to));
    if together {
        return Some(
            text.fill("trend.holidays_of_all", &[("name", title), ("span", &span(first))]),
        );
    }
    let zones: Vec<String> = group
        .iter()
        .map(|it| {
            text.fill("trend.holidays_of_zone", &[("zone", &letter(it.zone)), ("span", &span(it))])
        })
        .collect();
    Some(text.fill("trend.holidays_by_zone", &[("name", title), ("zones", &zones.join(", "))]))
}

/// The visits of the points that are over, beside those of the same school weeks a year before.
pub(super) fn last_year_in_words(overview: &Overview, text: &Text) -> Option<String> {
    let running = overview
        .points
        .iter()
        .any(|point| series::stage(point.at, overview.step, overview.now) == Stage::Running);
    let over = overview.points.iter().zip(&overview.last_year).filter_map(|(point, before)| {
        let over = series::stage(point.at, overview.step, overview.now) == Stage::Over;
        Some((point.visits, (*before).filter(|_| over)?))
    });
    let (mut visits, mut before, mut any) = (0_u64, 0_u64, false);
    for (now, then) in over {
        visits = visits.saturating_add(now);
        before = before.saturating_add(then);
        any = true;
    }
    let change = number::change(before as f64, visits as f64);
    any.then(|| {
        let key = if running { "trend.last_year_so_far" } else { "trend.last_year_summary" };
        text.fill(
            key,
            &[
                ("before", &text.count("counts.visits", before)),
                ("visits", &number::integer(visits, text.lang())),
                ("change", &number::change_text(change, text.lang())),
            ],
        )
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::dash::{assets, period::Grain, sample};

    fn words(period: &str, day: &str, lang: usize) -> String {
        let text = Text::parse(assets::TEXTS[lang].0, assets::TEXTS[lang].1).unwrap();
        holidays_in_words(&sample::overview(period, day).shaded, &text).unwrap_or_default()
    }

    #[test]
    fn holidays_are_told_by_zone_where_zones_differ() {
        assert_eq!(
            words("month", "2026-02-10", 0),
            "Vacances d’hiver\u{a0}: zone A du 7 au 22 février 2026, zone B du 14 février au 1er mars 2026, zone C du 21 février au 8 mars 2026."
        );
        assert_eq!(
            words("week", "2025-12-22", 0),
            "Vacances de Noël, toutes zones\u{a0}: du 20 décembre 2025 au 4 janvier 2026."
        );
        assert!(words("month", "2026-02-10", 1).starts_with("Winter holidays: zone A, 7 to 22"));
        assert_eq!(words("week", "2026-03-09", 0), "");
        let year = words("schoolyear", "2026-03-09", 0);
        assert_eq!(year.matches("Vacances").count(), 5, "{year}");
    }

    #[test]
    fn grounds_tell_some_zones_from_all() {
        let text = Text::parse(assets::TEXTS[0].0, assets::TEXTS[0].1).unwrap();
        let overview = sample::overview("range", "2026-02-01,2026-03-01");
        let (bands, names) = grounds(&overview, &text);
        let told: Vec<_> =
            bands.iter().map(|it| (it.from, it.to, it.kind, it.name.as_str())).collect();
        assert_eq!(
            told,
            [
                (6, 13, BandKind::SomeHoliday, "Vacances d’hiver, zone A"),
                (13, 20, BandKind::SomeHoliday, "Vacances d’hiver, zones A et B"),
                (20, 22, BandKind::Holiday, "Vacances d’hiver"),
                (22, 29, BandKind::SomeHoliday, "Vacances d’hiver, zones B et C"),
            ]
        );
        assert_eq!(names, [GroundName { from: 6, to: 29, text: "Vacances d’hiver".to_owned() }]);
        let (none, _) = grounds(&sample::overview("day", "2026-02-10"), &text);
        assert_eq!(none, []);
    }

    #[test]
    fn nothing_is_shaded_where_nothing_is_known() {
        let year = |year| Shaded::in_period(&Choice::around(Grain::Year, date(year, 6, 1)));
        assert_eq!(year(2035), []);
        assert_eq!(year(2018), []);
        assert!(!year(2026).is_empty());
    }

    #[test]
    fn the_year_before_is_told_of_what_is_over() {
        let text = Text::parse(assets::TEXTS[0].0, assets::TEXTS[0].1).unwrap();
        let mut overview = sample::overview("week", "2026-03-18");
        // Wednesday 18 is running: Monday and Tuesday count.
        overview.last_year = vec![Some(1_000); 7];
        overview.points[0].visits = 1_500;
        overview.points[1].visits = 700;
        let said = last_year_in_words(&overview, &text).unwrap();
        assert!(
            said.contains("2\u{202f}000 visites, contre 2\u{202f}200") && said.contains("+10"),
            "{said}"
        );
        overview.last_year = Vec::new();
        assert_eq!(last_year_in_words(&overview, &text), None);
    }
}
