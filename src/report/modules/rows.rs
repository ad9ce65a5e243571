//! What reports about visits share: rows grouped by a name, their columns, their conversions.

use std::collections::BTreeMap;

use crate::{
    report::{
        need::{By, Figures, Need, Row, total},
        period::Period,
        refusal::Refusal,
        scene::{Asked, Scene},
        table::{Below, Cell, Fields, Record, Table},
    },
    rollup::Shape,
};

/// Rows of visits and of their conversions that belong to one row of the answer.
#[derive(Default)]
pub(super) struct Part<'a> {
    pub(super) visits: Vec<&'a Row>,
    pub(super) goals: Vec<&'a Row>,
}

/// The needs of a report of visits by `subject`, with conversions where the site has goals.
pub(super) fn visits_and_goals(asked: &Asked<'_>, subject: i16, by: By) -> Vec<Need> {
    let mut needs = vec![Need::of(Shape::Visit, subject, by)];
    if !asked.site.goals.is_empty() {
        needs.push(Need::of(Shape::Goal, subject, By { leaf: true, ..by }));
    }
    needs
}

impl<'a> Part<'a> {
    /// The rows read for two needs that follow each other.
    pub(super) fn of(scene: &'a Scene<'_>, visits: usize, goals: usize) -> Self {
        let goals = if scene.site.goals.is_empty() { &[] } else { scene.rows(goals) };
        Self { visits: scene.rows(visits).to_vec(), goals: goals.to_vec() }
    }

    /// The rows by name; what has no name is left out.
    pub(super) fn split(self, name: impl Fn(&Row) -> Option<String>) -> BTreeMap<String, Self> {
        let mut parts: BTreeMap<String, Self> = BTreeMap::new();
        for row in self.visits {
            if let Some(name) = name(row) {
                parts.entry(name).or_default().visits.push(row);
            }
        }
        for row in self.goals {
            // A conversion without a visit has no row to stand in.
            if let Some(part) = name(row).and_then(|name| parts.get_mut(&name)) {
                part.goals.push(row);
            }
        }
        parts
    }

    /// The columns of a row of visits.
    pub(super) fn columns(&self, period: &Period) -> Fields {
        let figures = total(Shape::Visit, self.visits.iter().copied());
        let mut columns = visit_columns(period, &figures);
        let goals = goal_columns(&self.goals);
        // Sums of days stand behind the conversions.
        let at = columns.iter().position(|(name, _)| name.starts_with("sum_daily"));
        columns.splice(at.unwrap_or(columns.len())..at.unwrap_or(columns.len()), goals);
        columns
    }

    /// A row of these visits.
    pub(super) fn record(&self, label: impl Into<String>, period: &Period) -> Record {
        Record::new(label, self.columns(period))
    }
}

/// Figures of visits under the names that a day or a longer period gives them.
pub(super) fn visit_columns(period: &Period, figures: &Figures) -> Fields {
    let figure = |column| Cell::Count(figures[Shape::Visit.at(column)]);
    let (visitors, users) = (figure("visitors"), figure("users"));
    let is_day = period.is_day();
    let mut columns: Fields = Vec::with_capacity(12);
    if is_day {
        columns.push(("nb_uniq_visitors".into(), visitors.clone()));
    }
    columns.push(("nb_visits".into(), figure("visits")));
    columns.push(("nb_actions".into(), figure("actions")));
    if is_day {
        columns.push(("nb_users".into(), users.clone()));
    }
    columns.push(("max_actions".into(), figure("max_actions")));
    columns.push(("sum_visit_length".into(), figure("length")));
    columns.push(("bounce_count".into(), figure("bounces")));
    columns.push(("nb_visits_converted".into(), figure("converted")));
    if !is_day {
        columns.push(("sum_daily_nb_uniq_visitors".into(), visitors));
        columns.push(("sum_daily_nb_users".into(), users));
    }
    columns
}

/// Conversions per goal and in all; nothing for a row that never converted.
fn goal_columns(goals: &[&Row]) -> Fields {
    let figure = |figures: &Figures, column| figures[Shape::Goal.at(column)];
    let mut by_goal: BTreeMap<i64, Vec<&Row>> = BTreeMap::new();
    goals.iter().for_each(|row| by_goal.entry(row.leaf.id).or_default().push(row));
    let mut nested = Vec::new();
    for (goal, rows) in by_goal {
        let figures = total(Shape::Goal, rows);
        if figure(&figures, "conversions") > 0 {
            let fields: Fields = vec![
                ("nb_conversions".into(), Cell::Count(figure(&figures, "conversions"))),
                ("nb_visits_converted".into(), Cell::Count(figure(&figures, "converted"))),
                ("revenue".into(), Cell::Money(millionths(figure(&figures, "revenue")))),
            ];
            nested.push((format!("idgoal={goal}").into(), fields));
        }
    }
    if nested.is_empty() {
        return Vec::new();
    }
    let all = total(Shape::Goal, goals.iter().copied());
    vec![
        ("goals".into(), Cell::Nested(nested)),
        ("nb_conversions".into(), Cell::Count(figure(&all, "conversions"))),
        ("revenue".into(), Cell::Money(millionths(figure(&all, "revenue")))),
    ]
}

/// A stored amount as the number it stands for.
#[expect(clippy::cast_precision_loss, reason = "amounts stay far below 2^53 millionths")]
pub(super) fn millionths(stored: i64) -> f64 {
    stored as f64 / 1e6
}

/// The text of a row's value; nothing where it is not set.
pub(super) fn value(row: &Row) -> Option<String> {
    row.value.text.as_deref().filter(|text| !text.is_empty()).map(str::to_owned)
}

/// The text of a row's second label; nothing where it is not set.
pub(super) fn sub(row: &Row) -> Option<String> {
    row.sub.text.as_deref().filter(|text| !text.is_empty()).map(str::to_owned)
}

/// The table of parts, each row finished by `finish`.
pub(super) fn table<'a>(
    parts: BTreeMap<String, Part<'a>>,
    period: &Period,
    mut finish: impl FnMut(&mut Record, &str, Part<'a>),
) -> Table {
    let rows = parts.into_iter().map(|(name, part)| {
        let mut record = part.record(name.clone(), period);
        finish(&mut record, &name, part);
        record
    });
    Table::of(rows.collect())
}

/// What is under a row called by the labels of `path`. Its id depends on nothing but them, so that
/// a client can ask for it later.
pub(super) fn below(path: &[&str], table: Table) -> Option<Below> {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in path.iter().flat_map(|label| label.bytes().chain([0])) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    // Small enough for clients that keep 32 bits; 0 would read as "none".
    let id = i64::from(u32::try_from(hash >> 33).unwrap_or_default()).max(1);
    Some(Below { id, table })
}

/// Sub-reports are named by the row they are under.
pub(super) fn require_subtable(asked: &Asked<'_>) -> Result<(), Refusal> {
    match asked.options.subtable {
        Some(_) => Ok(()),
        None => Err(Refusal::missing("idSubtable")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_of_a_subtable_depends_on_its_labels_only() {
        let id = |path: &[&str]| below(path, Table::default()).unwrap().id;
        assert_eq!(id(&["creer", "questions"]), id(&["creer", "questions"]));
        assert_ne!(id(&["ab", "c"]), id(&["a", "bc"]));
        assert!((1..1 << 31).contains(&id(&["creer"])));
    }
}
