//! VisitTime: hours and days of the week.

use jiff::civil::time;

use super::rows::{Part, visit_columns, visits_and_goals};
use crate::{
    report::{
        labels,
        need::{By, Figures, Need, Row, total},
        refusal::Refusal,
        registry::Report,
        scene::{Asked, Scene},
        table::{Cell, Record, Table},
    },
    rollup::{Shape, subject},
};

const MODULE: &str = "VisitTime";

pub(super) const REPORTS: &[Report] = &[
    Report::new(MODULE, "getVisitInformationPerLocalTime", local_needs, per_local_hour)
        .of(&["VisitTime_LocalTime"])
        .unsorted(),
    Report::new(MODULE, "getVisitInformationPerServerTime", server_needs, per_server_hour)
        .of(&["CoreHome_VisitFirstActionTime"])
        .unsorted(),
    Report::new(MODULE, "getByDayOfWeek", day_needs, per_weekday)
        .of(&["VisitTime_DayOfTheWeek"])
        .unsorted()
        .one_site()
        .by_weekday(),
];

fn local_needs(_: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    Ok(vec![Need::of(Shape::Visit, subject::LOCAL_HOUR, By::VALUE)])
}

fn server_needs(asked: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    Ok(visits_and_goals(asked, subject::SERVER_HOUR, By::VALUE))
}

fn day_needs(_: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    Ok(vec![Need::of(Shape::Visit, subject::ALL, By::NOTHING)])
}

fn per_local_hour(scene: &Scene<'_>) -> Table {
    hours(scene, usize::MAX, |hour| format!("visitLocalHour=={hour}"))
}

/// Segments name the hour of the server, which is UTC.
fn per_server_hour(scene: &Scene<'_>) -> Table {
    let noon = scene.period.last.to_datetime(time(12, 0, 0, 0));
    let offset = noon.to_zoned(scene.site.zone()).map_or(0, |noon| noon.offset().seconds());
    hours(scene, 1, |hour| {
        let utc = (hour - i64::from(offset.div_euclid(3600))).rem_euclid(24);
        format!("visitStartServerHour=={utc}")
    })
}

/// All hours of a day where there was any visit.
fn hours(scene: &Scene<'_>, goals: usize, segment: impl Fn(i64) -> String) -> Table {
    let mut parts = Part::of(scene, 0, goals).split(|row| Some(row.value.id.to_string()));
    if parts.is_empty() {
        return Table::default();
    }
    let rows = (0..24).map(|hour: i64| {
        let part = parts.remove(&hour.to_string()).unwrap_or_default();
        let mut record = part.record(hour.to_string(), scene.period);
        record.shown = Some(format!("{hour:02}"));
        record.tell("segment", Cell::text(&segment(hour)));
        record
    });
    Table::of(rows.collect())
}

/// Always read day by day: rows come under the number of their weekday, Monday 0.
fn per_weekday(scene: &Scene<'_>) -> Table {
    let rows = scene.rows(0);
    let visits = |figures: &Figures| figures[Shape::Visit.at("visits")];
    if !rows.iter().any(|row| visits(&row.figures) > 0) {
        return Table::default();
    }
    let day = |weekday: usize| {
        let of_day = |row: &&&Row| row.period % 7 == weekday;
        let figures = total(Shape::Visit, rows.iter().filter(of_day).copied());
        let mut columns = vec![("nb_visits".into(), Cell::Count(visits(&figures)))];
        if visits(&figures) > 0 {
            let day = crate::report::period::Kind::Day.holding(scene.period.first);
            columns = visit_columns(&day, &figures);
            columns.retain(|(name, _)| name != "max_actions");
            // Visits stand in front here.
            columns.sort_by_key(|(name, _)| name != "nb_visits");
        }
        let mut record = Record::new(labels::weekday(weekday, scene.language()), columns);
        record.tell("day_of_week", Cell::Count(i64::try_from(weekday + 1).unwrap_or_default()));
        record
    };
    Table::of((0..7).map(day).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::example::Example;

    #[test]
    fn a_day_has_all_its_hours_once_there_is_a_visit() {
        let example = Example::new("method=VisitTime.getVisitInformationPerServerTime&period=day");
        assert!(example.clone().table().rows.is_empty());
        let table = example.visit(0, 9, "", &[("visits", 1), ("actions", 4)]).table();
        assert_eq!(table.rows.len(), 24);
        let nine = table.row("09").unwrap();
        assert_eq!(nine.get("nb_actions"), Some(&Cell::Count(4)));
        // Paris in winter.
        assert_eq!(nine.about("segment"), Some(&Cell::text("visitStartServerHour==8")));
        assert_eq!(table.rows[0].caption(), Some("00"));
    }

    #[test]
    fn a_week_has_its_days_in_order() {
        let table = Example::new("method=VisitTime.getByDayOfWeek&period=week")
            .visit_in(2, 0, &[("visits", 5), ("visitors", 4)])
            .table();
        let days: Vec<_> = table.rows.iter().filter_map(Record::caption).collect();
        assert_eq!(days[0], "Monday");
        assert_eq!(table.rows[2].get("nb_uniq_visitors"), Some(&Cell::Count(4)));
        assert_eq!(table.rows[3].columns, [("nb_visits".into(), Cell::Count(0))]);
    }
}
