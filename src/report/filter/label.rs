//! Labels: as they are shown, and rows asked for by label.

use percent_encoding::percent_decode_str;

use crate::report::table::{Record, Table};

/// Makes every label readable that has nothing else to be shown.
pub(super) fn decode(table: &mut Table) {
    for row in &mut table.rows {
        if let (None, Some(label)) = (&row.shown, &row.label) {
            let readable = readable(label);
            row.shown = (readable != *label).then_some(readable);
        }
        if let Some(below) = &mut row.below {
            decode(&mut below.table);
        }
    }
}

/// `%C3%A9` is é, `+` a space; bytes that are no text are left out.
fn readable(label: &str) -> String {
    if !label.contains(['%', '+']) {
        return label.to_owned();
    }
    let spaced = label.replace('+', " ");
    let bytes: Vec<u8> = percent_decode_str(&spaced).collect();
    String::from_utf8_lossy(&bytes).replace('\u{fffd}', "")
}

/// The rows of those labels, in the order they were asked for. `a>b` is `b` under `a`.
pub(super) fn find(table: Table, labels: &[String]) -> Table {
    let mut found = Table { form: table.form, rows: Vec::new() };
    for label in labels {
        let parts: Vec<String> = label.split('>').map(readable).collect();
        found.rows.extend(walk(&table, &parts).cloned());
    }
    found
}

fn walk<'a>(table: &'a Table, parts: &[String]) -> Option<&'a Record> {
    let (part, deeper) = parts.split_first()?;
    let row = table.rows.iter().find(|row| is_called(row, part, deeper.is_empty()))?;
    match (deeper.is_empty(), &row.below) {
        (true, _) => Some(row),
        (false, Some(below)) => walk(&below.table, deeper),
        (false, None) => None,
    }
}

fn is_called(row: &Record, part: &str, is_last: bool) -> bool {
    let captions = [row.caption(), row.label.as_deref()];
    let mut captions = captions.into_iter().flatten();
    match part.trim().strip_prefix('@') {
        // A page, not the folder of that name.
        Some(leaf) if is_last => {
            let bare = |caption: &str| caption.trim().trim_start_matches('/').to_owned();
            row.below.is_none() && captions.any(|it| bare(it) == leaf.trim_start_matches('/'))
        }
        _ => captions.any(|it| it == part || it.trim() == part.trim()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::table::Below;

    #[test]
    fn labels_are_decoded_once() {
        for (label, want) in [
            ("/%C3%A9l%C3%A8ve", "/élève"),
            ("a+b", "a b"),
            ("100%25", "100%"),
            ("50 %", "50 %"),
            ("%E4x", "x"),
        ] {
            assert_eq!(readable(label), want);
        }
    }

    #[test]
    fn a_row_is_found_under_another() {
        let mut folder = Record::new("creer", Vec::new());
        let page = Record::new("/questions", Vec::new());
        folder.below = Some(Below { id: 1, table: Table::of(vec![page]) });
        let table = Table::of(vec![
            folder,
            Record::new("/creer", Vec::new()),
            Record::new(" Titre", Vec::new()),
        ]);
        for (label, want) in [
            ("creer>/questions", "/questions"),
            ("creer>@questions", "/questions"),
            ("@/creer", "/creer"),
            ("creer", "creer"),
            ("Titre", " Titre"),
        ] {
            let found = find(table.clone(), &[label.to_owned()]);
            assert_eq!(found.rows[0].label.as_deref(), Some(want), "{label}");
        }
        assert!(find(table, &["nothing>here".to_owned()]).rows.is_empty());
    }
}
