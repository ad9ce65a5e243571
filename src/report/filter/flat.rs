//! `flat=1`: the rows under rows, beside each other, each under the whole of its labels.

use super::{Flat, Rules};
use crate::report::{
    options::Options,
    table::{Cell, Fields, Record, Table},
};

/// What a page without a name of its own is called in a tree of pages.
const INDEX: &str = "index";

/// What is known of a row from the rows above it.
#[derive(Clone, Default)]
struct Above {
    labels: Vec<String>,
    captions: Vec<String>,
    metadata: Fields,
}

/// Turns a table of any depth into one of one level.
pub(super) fn flatten(table: Table, options: &Options, rules: &Rules<'_>) -> Table {
    let mut flat = Table { form: table.form, rows: Vec::with_capacity(table.rows.len()) };
    descend(table, &Above::default(), options, rules, &mut flat.rows);
    flat
}

fn descend(
    table: Table,
    above: &Above,
    options: &Options,
    rules: &Rules<'_>,
    flat: &mut Vec<Record>,
) {
    for mut row in table.rows {
        let below = row.below.take();
        let is_leaf = below.as_ref().is_none_or(|below| below.table.rows.is_empty());
        if rules.flat == Flat::Never || row.label.is_none() {
            flat.push(row);
            continue;
        }
        let mut here = above.clone();
        here.labels.push(row.label.clone().unwrap_or_default());
        here.captions.push(row.caption().unwrap_or_default().to_owned());
        here.metadata = inherited(above, &row);
        if is_leaf || options.aggregate_rows {
            let mut row = lay(row.clone(), &here, rules, is_leaf);
            if options.aggregate_rows {
                row.tell("is_aggregate", Cell::Count(i64::from(!is_leaf)));
            }
            flat.push(row);
        }
        if let (false, Some(below)) = (is_leaf, below) {
            descend(below.table, &here, options, rules, flat);
        }
    }
}

/// The row with its whole label, what it inherits and the names of its dimensions.
fn lay(mut row: Record, here: &Above, rules: &Rules<'_>, is_leaf: bool) -> Record {
    for (name, cell) in &here.metadata {
        if row.about(name).is_none() {
            row.tell(name.clone(), cell.clone());
        }
    }
    let label = join(&here.labels, rules.flat, is_leaf);
    if rules.dimensions.len() == 1 {
        row.tell(rules.dimensions[0].clone(), Cell::text(&label));
    } else {
        for (name, level) in rules.dimensions.iter().zip(&here.labels) {
            row.tell(name.clone(), Cell::text(level));
        }
    }
    row.shown = row.shown.is_some().then(|| join(&here.captions, rules.flat, is_leaf));
    row.label = Some(label);
    row
}

/// Icons and addresses go down to rows that have none of their own.
fn inherited(above: &Above, row: &Record) -> Fields {
    let mut metadata = above.metadata.clone();
    for name in ["logo", "url"] {
        if let Some(cell) = row.about(name) {
            metadata.retain(|(it, _)| it != name);
            metadata.push((name.into(), cell.clone()));
        }
    }
    metadata
}

fn join(labels: &[String], how: Flat, is_leaf: bool) -> String {
    let mut path = String::new();
    for (at, label) in labels.iter().enumerate() {
        let label = label.trim();
        match how {
            Flat::Joined | Flat::Never if at > 0 => path.push_str(" - "),
            Flat::Path | Flat::Pages if at > 0 => path.push('/'),
            _ => {}
        }
        // The sign in front of a page tells it from a folder of that name: flat, all are pages.
        let bare = label.strip_prefix('/').filter(|_| matches!(how, Flat::Path | Flat::Pages));
        path.push_str(bare.unwrap_or(label));
    }
    // A page that is not defined is called so, without a path.
    let is_alone = labels.len() == 1 && is_leaf;
    let is_page = !is_alone || labels.first().is_some_and(|label| label.starts_with('/'));
    if how == Flat::Pages && is_page {
        path.insert(0, '/');
        if is_leaf && path.ends_with("/index") {
            path.truncate(path.len() - INDEX.len());
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_join_as_in_the_recorded_answers() {
        for (labels, how, want) in [
            (&["/index"][..], Flat::Pages, "/"),
            (&["/creer"], Flat::Pages, "/creer"),
            (&["creer", "/questions"], Flat::Pages, "/creer/questions"),
            (&["a", "/index"], Flat::Pages, "/a/"),
            (&["/index.php"], Flat::Pages, "/index.php"),
            (&["Page URL not defined"], Flat::Pages, "Page URL not defined"),
            (
                &["cdn.quiziniere.com", "/fiches/fiche0.pdf"],
                Flat::Path,
                "cdn.quiziniere.com/fiches/fiche0.pdf",
            ),
            (&["eduscol.education.fr", "index"], Flat::Path, "eduscol.education.fr/index"),
            (&["Diffusion", "partage"], Flat::Joined, "Diffusion - partage"),
            (&[" Titre / sous-titre"], Flat::Path, "Titre / sous-titre"),
        ] {
            let labels: Vec<String> = labels.iter().map(|label| (*label).to_owned()).collect();
            assert_eq!(join(&labels, how, true), want);
        }
    }
}
