//! `flat=1`: the rows under rows, beside each other, each under the whole of its labels.

use super::{Flat, Rules};
use crate::report::{
    options::Options,
    table::{Cell, Fields, Record, Table},
};

/// What a page without a name of its own is called in a tree of pages.
const INDEX: &str = "index";

/// What goes down from a row to those under it.
const INHERITED: [&str; 2] = ["logo", "url"];

/// The way from the outermost row to the one at hand.
#[derive(Default)]
struct Way {
    labels: Vec<String>,
    captions: Vec<String>,
    /// Icons and addresses on the way, the nearest last.
    metadata: Fields,
}

/// Turns a table of any depth into one of one level.
pub(super) fn flatten(table: Table, options: &Options, rules: &Rules<'_>) -> Table {
    let mut flat = Table { form: table.form, rows: Vec::with_capacity(table.rows.len()) };
    descend(table, &mut Way::default(), options, rules, &mut flat.rows);
    flat
}

fn descend(
    table: Table,
    way: &mut Way,
    options: &Options,
    rules: &Rules<'_>,
    flat: &mut Vec<Record>,
) {
    for mut row in table.rows {
        let below = row.below.take().filter(|below| !below.table.rows.is_empty());
        if rules.flat == Flat::Never || row.label.is_none() {
            flat.push(row);
            continue;
        }
        way.captions.push(row.caption().unwrap_or_default().to_owned());
        way.labels.push(row.label.take().unwrap_or_default());
        match below {
            None => flat.push(lay(row, way, options, rules, true)),
            Some(below) => {
                let known = way.metadata.len();
                let inherited = row.metadata.iter().filter(|(name, _)| is_inherited(name));
                way.metadata.extend(inherited.cloned());
                if options.aggregate_rows {
                    flat.push(lay(row, way, options, rules, false));
                }
                descend(below.table, way, options, rules, flat);
                way.metadata.truncate(known);
            }
        }
        way.labels.pop();
        way.captions.pop();
    }
}

fn is_inherited(name: &str) -> bool {
    INHERITED.contains(&name)
}

/// The row with its whole label, what it inherits and the names of its dimensions.
fn lay(mut row: Record, way: &Way, options: &Options, rules: &Rules<'_>, is_leaf: bool) -> Record {
    for (name, cell) in way.metadata.iter().rev() {
        if row.about(name).is_none() {
            row.tell(name.clone(), cell.clone());
        }
    }
    let label = join(&way.labels, rules.flat, is_leaf);
    if rules.dimensions.len() == 1 {
        row.tell(rules.dimensions[0].clone(), Cell::text(&label));
    } else {
        for (name, level) in rules.dimensions.iter().zip(&way.labels) {
            row.tell(name.clone(), Cell::text(level));
        }
    }
    row.shown = row.shown.is_some().then(|| join(&way.captions, rules.flat, is_leaf));
    row.label = Some(label);
    if options.aggregate_rows {
        row.tell("is_aggregate", Cell::Count(i64::from(!is_leaf)));
    }
    row
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
