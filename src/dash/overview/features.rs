//! The features table: what is used, by how many visits, for how long.

use serde::Serialize;

use super::FeatureRow;
use crate::dash::{chart, number, svg::Svg, text::Text};

#[derive(Debug, Serialize)]
pub(super) struct Features {
    groups: Vec<Group>,
}

/// The features of one category.
#[derive(Debug, Serialize)]
struct Group {
    category: String,
    uses: String,
    rows: Vec<Row>,
}

#[derive(Debug, Serialize)]
struct Row {
    action: String,
    bar: Svg,
    uses: String,
    visits: String,
    share: String,
    visitors: String,
    median: Option<String>,
    p90: Option<String>,
    total: Option<String>,
}

impl Features {
    /// Categories and their actions, most used first.
    pub(super) fn new(features: &[FeatureRow], visits: u64, text: &Text) -> Self {
        let most = features.iter().map(|it| it.uses).max().unwrap_or(0);
        let mut categories: Vec<(&str, Vec<&FeatureRow>)> = Vec::new();
        for feature in features {
            match categories.iter_mut().find(|(name, _)| *name == feature.category) {
                Some((_, rows)) => rows.push(feature),
                None => categories.push((&feature.category, vec![feature])),
            }
        }
        let uses =
            |rows: &[&FeatureRow]| rows.iter().fold(0u64, |sum, it| sum.saturating_add(it.uses));
        categories.sort_by_key(|(_, rows)| std::cmp::Reverse(uses(rows)));
        let groups = categories
            .into_iter()
            .map(|(category, mut rows)| {
                rows.sort_by_key(|it| std::cmp::Reverse(it.uses));
                Group {
                    category: category.to_owned(),
                    uses: text.count("counts.uses", uses(&rows)),
                    rows: rows.into_iter().map(|it| row(it, most, visits, text)).collect(),
                }
            })
            .collect();
        Self { groups }
    }
}

fn row(feature: &FeatureRow, most: u64, visits: u64, text: &Text) -> Row {
    let lang = text.lang();
    let seconds = |it: Option<f64>| it.map(|it| number::duration(it, lang));
    Row {
        action: feature.action.clone(),
        bar: chart::bar(feature.uses as f64, most as f64),
        uses: number::integer(feature.uses, lang),
        visits: number::integer(feature.visits, lang),
        share: number::share(feature.visits, visits, lang),
        visitors: number::integer(feature.visitors, lang),
        median: seconds(feature.median_seconds),
        p90: seconds(feature.p90_seconds),
        total: seconds(feature.total_seconds),
    }
}
