//! The register itself: which features are declared.

use super::{levels, question::Question};
use crate::{
    report::{
        need::Need,
        refusal::Refusal,
        scene::{Asked, Scene},
        table::{Cell, Table},
    },
    site::{Rule, date_of},
};

pub(super) fn needs(asked: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    Question::read(asked).map(|_| Vec::new())
}

/// A row for each feature, in the order of the register.
pub(super) fn build(scene: &Scene<'_>) -> Table {
    let asked = scene.asked();
    let Ok(question) = Question::read(&asked) else { return Table::default() };
    let rows = question.features().into_iter().map(|feature| {
        let rules: Vec<String> = feature.rules.iter().map(in_words).collect();
        let columns = vec![
            ("key".into(), Cell::text(&feature.key)),
            ("name_fr".into(), Cell::text(&feature.name.fr)),
            ("name_en".into(), Cell::text(&feature.name.en)),
            ("group".into(), Cell::text(&feature.group)),
            ("owner".into(), Cell::text(&feature.owner)),
            ("description".into(), Cell::text(&feature.description)),
            (
                "released".into(),
                feature.released.map_or(Cell::Null, |day| Cell::text(&date_of(day).to_string())),
            ),
            ("counted_since".into(), Cell::text(&date_of(feature.since).to_string())),
            ("rules".into(), Cell::text(&rules.join(" | "))),
        ];
        levels::record(question.name(feature), columns, Vec::new(), &[], None)
    });
    Table::of(rows.collect())
}

/// `category=Quiz action=create`.
fn in_words(rule: &Rule) -> String {
    let Rule { category, action, name, page } = rule;
    let parts = [("category", category), ("action", action), ("name", name), ("page", page)];
    let said =
        parts.iter().filter_map(|(name, text)| Some(format!("{name}={}", (*text).as_ref()?)));
    said.collect::<Vec<_>>().join(" ")
}
