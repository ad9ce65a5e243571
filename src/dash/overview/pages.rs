//! The pages most seen.

use serde::Serialize;

use super::PageRow;
use crate::dash::{chart, number, svg::Svg, text::Text};

#[derive(Debug, Serialize)]
pub(super) struct Pages {
    rows: Vec<Row>,
    /// How many are shown of how many, when some are not.
    shown: Option<String>,
}

#[derive(Debug, Serialize)]
struct Row {
    title: Option<String>,
    address: String,
    bar: Svg,
    views: String,
    visits: String,
    average: Option<String>,
}

impl Pages {
    pub(super) fn new(pages: &[PageRow], in_all: u64, text: &Text) -> Self {
        let lang = text.lang();
        let most = pages.iter().map(|it| it.views).max().unwrap_or(0);
        let rows = pages
            .iter()
            .map(|page| Row {
                title: page.title.clone().filter(|it| !it.trim().is_empty()),
                address: page.address.clone(),
                bar: chart::bar(page.views as f64, most as f64),
                views: number::integer(page.views, lang),
                visits: number::integer(page.visits, lang),
                average: page.average_seconds.map(|it| number::duration(it, lang)),
            })
            .collect();
        let count = pages.len() as u64;
        let shown = (count < in_all).then(|| {
            let (count, in_all) = (number::integer(count, lang), number::integer(in_all, lang));
            text.fill("pages.shown", &[("count", &count), ("all", &in_all)])
        });
        Self { rows, shown }
    }
}
