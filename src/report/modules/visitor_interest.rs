//! VisitorInterest: visits by length, by number of pages, by what number of visit they were, by days since
//! the visit before.

use std::ops::RangeInclusive;

use crate::{
    report::{
        labels::Language,
        metrics::Processed,
        need::{By, Need, Row, total},
        refusal::Refusal,
        registry::Report,
        scene::{Asked, Scene},
        table::{Cell, Record, Table},
    },
    rollup::{COUNT_BUCKETS, DAYS_BUCKETS, LENGTH_BUCKETS, PAGE_BUCKETS, Shape, subject},
    strip::Policy,
};

const MODULE: &str = "VisitorInterest";

pub(super) const REPORTS: &[Report] = &[
    Report::new(MODULE, "getNumberOfVisitsPerVisitDuration", length_needs, per_length)
        .of(&["VisitorInterest_VisitDuration"])
        .unsorted(),
    Report::new(MODULE, "getNumberOfVisitsPerPage", page_needs, per_page)
        .of(&["VisitorInterest_PagesPerVisit"])
        .unsorted(),
    Report::new(MODULE, "getNumberOfVisitsByVisitCount", count_needs, per_count)
        .of(&["VisitorInterest_VisitsbyVisitNumber"])
        .with(&[Processed::VisitsShare])
        .unsorted(),
    Report::new(MODULE, "getNumberOfVisitsByDaysSinceLast", day_needs, per_days)
        .of(&["VisitorInterest_VisitsByDaysSinceLast"])
        .unsorted(),
];

fn length_needs(_: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    Ok(vec![Need::of(Shape::Visit, subject::VISIT_LENGTH, By::VALUE)])
}

fn page_needs(_: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    Ok(vec![Need::of(Shape::Visit, subject::PAGES_PER_VISIT, By::VALUE)])
}

fn count_needs(_: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    Ok(vec![Need::of(Shape::Visit, subject::VISIT_COUNT, By::VALUE)])
}

fn day_needs(asked: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    if !Policy::named(asked.site.policy).recency {
        return Ok(Vec::new());
    }
    let of = |subject| Need::of(Shape::Visit, subject, By::VALUE);
    Ok(vec![of(subject::DAYS_SINCE_LAST), of(subject::RETURNING)])
}

/// Visits of new visitors, then those of returning ones by the days since their visit before, as far back as
/// the school year. Where the policy lets nobody be known so long, the table is empty.
fn per_days(scene: &Scene<'_>) -> Table {
    let (new, one, many) = match scene.language() {
        Language::English => ("New visits", "day", "days"),
        Language::French => ("Nouvelles visites", "jour", "jours"),
    };
    let is_new = |row: &&Row| row.value.id == 0;
    let visits = total(Shape::Visit, scene.rows(1).iter().copied().filter(is_new));
    let visits = Cell::Count(visits[Shape::Visit.at("visits")]);
    let days = buckets(&DAYS_BUCKETS).map(|it| counted(it, "daysSinceLastVisit", one, many));
    let mut rows = vec![Record::new(new, vec![("nb_visits".into(), visits)])];
    rows.extend(days.map(|bucket| record(scene, bucket)));
    if scene.rows(1).is_empty() { Table::default() } else { Table::of(rows) }
}

/// A bucket as Matomo names it: what stands in flat rows, the label, the segment.
struct Bucket {
    values: RangeInclusive<i64>,
    raw: String,
    label: String,
    segment: String,
}

fn per_length(scene: &Scene<'_>) -> Table {
    let language = scene.language();
    table(scene, buckets(&LENGTH_BUCKETS).map(|values| length(values, language)))
}

/// Up to a minute in seconds, then in minutes, where a minute belongs to both its neighbours.
fn length(values: RangeInclusive<i64>, _: Language) -> Bucket {
    let (from, to) = (*values.start(), *values.end());
    if to == i64::MAX {
        let (raw, segment) = (format!("{from}%2B"), format!("visitDuration>={from}"));
        return Bucket { values, raw, label: format!("{}+ min", from / 60), segment };
    }
    let (first, label) = if to <= 60 {
        (from, format!("{from}–{to}s"))
    } else {
        (from - 1, format!("{}-{} min", from / 60, to / 60))
    };
    let segment = format!("visitDuration>={first};visitDuration<={to}");
    Bucket { values, raw: format!("{first}-{to}"), label, segment }
}

fn per_page(scene: &Scene<'_>) -> Table {
    let (one, many) = match scene.language() {
        Language::English | Language::French => ("page", "pages"),
    };
    table(scene, buckets(&PAGE_BUCKETS).map(|values| counted(values, "actions", one, many)))
}

fn per_count(scene: &Scene<'_>) -> Table {
    let (one, many) = match scene.language() {
        Language::English => ("visit", "visits"),
        Language::French => ("visite", "visites"),
    };
    table(scene, buckets(&COUNT_BUCKETS).map(|values| counted(values, "visitCount", one, many)))
}

fn counted(values: RangeInclusive<i64>, segment: &str, one: &str, many: &str) -> Bucket {
    let (from, to) = (*values.start(), *values.end());
    let name = if (from, to) == (1, 1) { one } else { many };
    let raw = format!("{from}-{to}");
    match to {
        i64::MAX => Bucket {
            values,
            raw: format!("{from}%2B"),
            label: format!("{from}+ {name}"),
            segment: format!("{segment}>={from}"),
        },
        _ if from == to => Bucket {
            values,
            raw,
            label: format!("{from} {name}"),
            segment: format!("{segment}=={from}"),
        },
        _ => Bucket {
            values,
            raw,
            label: format!("{from}-{to} {name}"),
            segment: format!("{segment}>={from};{segment}<={to}"),
        },
    }
}

/// From each least value to the one before the next.
pub(super) fn buckets(from: &[i64]) -> impl Iterator<Item = RangeInclusive<i64>> + '_ {
    let ends = from.iter().skip(1).map(|next| next - 1).chain([i64::MAX]);
    from.iter().zip(ends).map(|(from, to)| *from..=to)
}

/// All buckets where there was any visit.
fn table(scene: &Scene<'_>, buckets: impl Iterator<Item = Bucket>) -> Table {
    if scene.rows(0).is_empty() {
        return Table::default();
    }
    Table::of(buckets.map(|bucket| record(scene, bucket)).collect())
}

fn record(scene: &Scene<'_>, bucket: Bucket) -> Record {
    let rows = scene.rows(0).iter().copied();
    let within = rows.filter(|row| bucket.values.contains(&row.value.id));
    let visits = total(Shape::Visit, within)[Shape::Visit.at("visits")];
    let mut record = Record::new(bucket.raw, vec![("nb_visits".into(), Cell::Count(visits))]);
    record.shown = Some(bucket.label);
    record.tell("segment", Cell::text(&bucket.segment));
    record
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_named_as_matomo_names_them() {
        let names: Vec<String> = buckets(&LENGTH_BUCKETS)
            .map(|values| length(values, Language::English))
            .map(|bucket| format!("{} {} {}", bucket.raw, bucket.label, bucket.segment))
            .collect();
        assert_eq!(names[0], "0-10 0–10s visitDuration>=0;visitDuration<=10");
        assert_eq!(names[2], "31-60 31–60s visitDuration>=31;visitDuration<=60");
        assert_eq!(names[3], "60-120 1-2 min visitDuration>=60;visitDuration<=120");
        assert_eq!(names[8], "900-1800 15-30 min visitDuration>=900;visitDuration<=1800");
        assert_eq!(names[9], "1801%2B 30+ min visitDuration>=1801");
    }

    #[test]
    fn pages_are_named_as_matomo_names_them() {
        let names: Vec<String> = buckets(&PAGE_BUCKETS)
            .map(|values| counted(values, "actions", "page", "pages"))
            .map(|bucket| format!("{} {} {}", bucket.raw, bucket.label, bucket.segment))
            .collect();
        assert_eq!(names[0], "1-1 1 page actions==1");
        assert_eq!(names[5], "6-7 6-7 pages actions>=6;actions<=7");
        assert_eq!(names[9], "21%2B 21+ pages actions>=21");
    }
}
