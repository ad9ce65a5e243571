//! Figures worked out from other figures of a row: rates and averages, with Matomo's roundings.

use super::table::{Cell, Record, Table};

/// A figure that is worked out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Processed {
    ActionsPerVisit,
    TimeOnSite,
    /// Bounces of all visits.
    BounceRate,
    /// Bounces of the visits that entered there.
    EntryBounceRate,
    ExitRate,
    TimeOnPage,
    TimeOnDimension,
    ConversionRate,
    EventValue,
    InteractionRate,
    HitsPerSearch,
    ActionsPerSearch,
    /// The sum of the phases' means, only on the rows of the first level.
    PageLoadTime,
    /// Share of the visits of the whole table.
    VisitsShare,
}

impl Processed {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::ActionsPerVisit => "nb_actions_per_visit",
            Self::TimeOnSite => "avg_time_on_site",
            Self::BounceRate | Self::EntryBounceRate => "bounce_rate",
            Self::ExitRate => "exit_rate",
            Self::TimeOnPage => "avg_time_on_page",
            Self::TimeOnDimension => "avg_time_on_dimension",
            Self::ConversionRate => "conversion_rate",
            Self::EventValue => "avg_event_value",
            Self::InteractionRate => "interaction_rate",
            Self::HitsPerSearch | Self::ActionsPerSearch => "nb_pages_per_search",
            Self::PageLoadTime => "avg_page_load_time",
            Self::VisitsShare => "nb_visits_percentage",
        }
    }

    fn of(self, row: &Record, visits: f64) -> Cell {
        let by =
            |part: &str, whole: &str, places| quotient(row.number(part), row.number(whole), places);
        match self {
            Self::ActionsPerVisit => Cell::Number(by("nb_actions", "nb_visits", 1)),
            Self::TimeOnSite => Cell::Time(by("sum_visit_length", "nb_visits", 0)),
            Self::BounceRate => Cell::Share(by("bounce_count", "nb_visits", 2)),
            Self::EntryBounceRate => Cell::Share(by("entry_bounce_count", "entry_nb_visits", 2)),
            Self::ExitRate => Cell::Share(by("exit_nb_visits", "nb_visits", 2)),
            Self::TimeOnPage | Self::TimeOnDimension => {
                Cell::Clock(by("sum_time_spent", "nb_hits", 0))
            }
            Self::ConversionRate => Cell::Share(by("nb_visits_converted", "nb_visits", 4)),
            Self::EventValue => Cell::Number(by("sum_event_value", "nb_events_with_value", 2)),
            Self::InteractionRate => Cell::Share(by("nb_interactions", "nb_impressions", 4)),
            Self::HitsPerSearch => Cell::Number(by("nb_hits", "nb_visits", 1)),
            Self::ActionsPerSearch => Cell::Number(by("nb_actions", "nb_visits", 1)),
            Self::PageLoadTime => {
                let phases = row.columns.iter().filter(|(name, _)| name.starts_with("avg_time_"));
                let phases = phases.filter(|(name, _)| name != "avg_time_on_page");
                let sum = phases.filter_map(|(_, cell)| cell.number()).sum();
                Cell::Time(round(sum, 3))
            }
            Self::VisitsShare => Cell::Share(quotient(row.number("nb_visits"), visits, 2)),
        }
    }
}

/// Adds the figures to every row, in that order, at every depth.
pub(super) fn add(table: &mut Table, figures: &[Processed]) {
    let visits = table.rows.iter().map(|row| row.number("nb_visits")).sum();
    for row in &mut table.rows {
        for figure in
            figures.iter().filter(|figure| row.get(figure.name()).is_none()).collect::<Vec<_>>()
        {
            let cell = figure.of(row, visits);
            row.push(figure.name(), cell);
        }
        if let Some(below) = &mut row.below {
            let deeper: Vec<Processed> =
                figures.iter().copied().filter(|it| *it != Processed::PageLoadTime).collect();
            add(&mut below.table, &deeper);
        }
    }
}

/// `part / whole`, rounded half up; 0 where there is nothing to divide by.
pub(super) fn quotient(part: f64, whole: f64, places: i32) -> f64 {
    if whole == 0.0 { 0.0 } else { round(part / whole, places) }
}

/// Rounds half away from zero at a decimal place.
pub(super) fn round(number: f64, places: i32) -> f64 {
    let scale = 10_f64.powi(places);
    // 1.005 * 100 is a little less than 100.5: without the nudge it would round down.
    let scaled = number * scale;
    let nudged = scaled + scaled.signum() * scaled.abs() * f64::EPSILON;
    nudged.round() / scale
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotients_round_half_up_and_never_divide_by_nothing() {
        for (part, whole, places, want) in [
            (551.0, 2.0, 0, 276.0),
            (21.0, 40.0, 2, 0.53),
            (5.0, 40.0, 2, 0.13),
            (1.0, 7.0, 3, 0.143),
            (2.0, 7.0, 3, 0.286),
            (5.0, 0.0, 2, 0.0),
            (1.005, 1.0, 2, 1.01),
            (308.0, 10.0, 2, 30.8),
        ] {
            assert_eq!(quotient(part, whole, places), want, "{part}/{whole}");
        }
    }

    #[test]
    fn two_visits_have_the_rates_that_matomo_shows() {
        let row = Record::new(
            "all",
            [("nb_visits", 2), ("nb_actions", 5), ("sum_visit_length", 551), ("bounce_count", 1)]
                .map(|(name, count)| (name.into(), Cell::Count(count)))
                .to_vec(),
        );
        let mut table = Table::of(vec![row]);
        add(
            &mut table,
            &[Processed::BounceRate, Processed::ActionsPerVisit, Processed::TimeOnSite],
        );
        let row = &table.rows[0];
        assert_eq!(row.get("bounce_rate"), Some(&Cell::Share(0.5)));
        assert_eq!(row.get("nb_actions_per_visit"), Some(&Cell::Number(2.5)));
        assert_eq!(row.get("avg_time_on_site"), Some(&Cell::Time(276.0)));
    }
}
