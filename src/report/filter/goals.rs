//! `filter_update_columns_when_show_all_goals`: what each row brought for each goal, as columns.

use crate::report::{
    metrics::quotient,
    table::{Cell, Fields, Name, Record, Table},
};

/// Adds the columns to rows of visits. `goals` are the site's, or the one that was asked for.
pub(super) fn add(table: &mut Table, goals: &[u32]) {
    for row in table.rows.iter_mut().filter(|row| row.get("nb_visits_converted").is_some()) {
        let visits = row.number("nb_visits");
        let revenue = quotient(row.number("revenue").trunc(), visits, 2);
        let mut columns: Fields = vec![("revenue_per_visit".into(), Cell::Money(revenue))];
        for goal in goals {
            columns.extend(of_goal(row, *goal, visits));
        }
        row.columns.extend(columns);
    }
}

fn of_goal(row: &Record, goal: u32, visits: f64) -> Fields {
    let name = |name: &str| -> Name { format!("goal_{goal}_{name}").into() };
    let conversions = figure(row, goal, "nb_conversions");
    let revenue = figure(row, goal, "revenue");
    let rate = quotient(conversions.number().unwrap_or_default(), visits, 4);
    let per_visit = quotient(revenue.number().unwrap_or_default(), visits, 2);
    vec![
        (name("nb_conversions"), conversions),
        (name("conversion_rate"), Cell::Share(rate)),
        (name("revenue"), revenue),
        (name("revenue_per_visit"), Cell::Money(per_visit)),
    ]
}

/// A figure of one goal; 0 where the row never reached it.
fn figure(row: &Record, goal: u32, name: &str) -> Cell {
    let nested = match row.get("goals") {
        Some(Cell::Nested(goals)) => {
            goals.iter().find(|(it, _)| *it == format!("idgoal={goal}")).map(|(_, fields)| fields)
        }
        _ => None,
    };
    let cell = nested.and_then(|fields| fields.iter().find(|(it, _)| it == name));
    cell.map_or(Cell::Count(0), |(_, cell)| cell.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_can_convert_more_often_than_it_was_visited() {
        let fields =
            vec![("nb_conversions".into(), Cell::Count(3)), ("revenue".into(), Cell::Money(5.0))];
        let columns: Fields = vec![
            ("nb_visits".into(), Cell::Count(2)),
            ("nb_visits_converted".into(), Cell::Count(2)),
            ("goals".into(), Cell::Nested(vec![("idgoal=1".into(), fields)])),
            ("revenue".into(), Cell::Money(5.0)),
        ];
        let mut table = Table::of(vec![Record::new("Chrome", columns)]);
        add(&mut table, &[1, 2]);
        let row = &table.rows[0];
        assert_eq!(row.get("goal_1_conversion_rate"), Some(&Cell::Share(1.5)));
        assert_eq!(row.get("goal_2_nb_conversions"), Some(&Cell::Count(0)));
        assert_eq!(row.get("revenue_per_visit"), Some(&Cell::Money(2.5)));
    }
}
