//! `format=rss`: a feed with one entry per period, the newest first.

use super::{csv, html};
use crate::report::{
    params::Params,
    table::{Answer, Key},
};

const ONE_SITE: &str = "RSS feeds can be generated for one specific website &idSite=X.\nPlease specify only one idSite or consider using &format=XML instead.";

/// The feed; what cannot be one is told why.
pub(super) fn feed(answer: &Answer, params: &Params) -> Result<String, &'static str> {
    let Answer::Map(Key::Date, entries) = answer else { return Err(ONE_SITE) };
    let method = params.get("method").unwrap_or_default();
    let mut items = String::new();
    for (key, table) in entries.iter().rev() {
        let Answer::Table(_) = table else { return Err(ONE_SITE) };
        let lines = csv::named(csv::answer(table), params);
        let shown = if lines.is_empty() {
            "There is no data for this report.".to_owned()
        } else {
            html::page(&lines, params)
        };
        items.push_str(&format!(
            "\t\t<item>\n\t\t\t<guid isPermaLink=\"false\">{0}-{1}</guid>\n\t\t\t<title>{1}</title>\n\t\t\t<description>{2}</description>\n\t\t</item>\n",
            html::escape(method),
            html::escape(key),
            html::escape(&shown)
        ));
    }
    Ok(format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<rss version=\"2.0\">\n\t<channel>\n\t\t<title>{0}</title>\n\t\t<description>{0}</description>\n\t\t<generator>PADOQE</generator>\n{items}\t</channel>\n</rss>",
        html::escape(method)
    ))
}
