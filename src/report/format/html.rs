//! A plain table to look at.

use super::csv::{Lines, header};
use crate::report::params::Params;

/// One table of all lines; what a row does not have is a dash.
pub(super) fn page(lines: &Lines, params: &Params) -> String {
    let id = params.get("method").unwrap_or_default().replace('.', "_");
    let header = header(lines);
    let heads: String = header.iter().map(|name| cell("th", &shown(name))).collect();
    let mut rows = String::new();
    for line in lines {
        let text = |name: &&str| {
            let found = line.iter().find(|(it, _)| it == name);
            cell("td", found.map_or("-", |(_, text)| text))
        };
        let cells: String = header.iter().map(text).collect();
        rows.push_str(&format!("\t<tr>{cells}</tr>\n"));
    }
    format!(
        "<table id=\"{}\" border=\"1\">\n<thead>\n\t<tr>{heads}</tr>\n</thead>\n<tbody>\n{rows}</tbody>\n</table>",
        escape(&id)
    )
}

fn shown(name: &str) -> String {
    name.strip_prefix("metadata_")
        .map_or_else(|| name.to_owned(), |name| format!("_metadata_{name}"))
}

fn cell(tag: &str, text: &str) -> String {
    format!("<{tag}>{}</{tag}>", escape(text))
}

pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#039;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_table_is_markup() {
        let lines = vec![vec![("label".to_owned(), "<script>".to_owned())]];
        let page = page(&lines, &crate::report::example::params("method=A.\"b"));
        assert!(page.contains("<td>&lt;script&gt;</td>") && page.contains("id=\"A_&quot;b\""));
    }
}
