//! The parameters that every report understands: what to keep, how to order, how to print.

use regex::{Regex, RegexBuilder};

use super::{labels::Language, params::Params, refusal::Refusal};

/// Rows of a table when a question does not say how many.
const LIMIT: usize = 100;

/// How numbers are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Pretty {
    /// Percentages as text, everything else as numbers.
    #[default]
    Shares,
    /// Numbers only: percentages as quotients.
    Raw,
    /// Percentages, times and money as text.
    All,
}

/// Rows whose text is found.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    pub column: String,
    pub regex: Regex,
}

/// Rows whose figure is large enough.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct LowPopulation {
    pub column: String,
    /// 0: two percent of the column's sum.
    pub least: f64,
}

/// What is under rows as their columns.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Pivot {
    /// `Referrers_Keyword`.
    pub dimension: String,
    /// The figure that fills the cells.
    pub column: String,
    /// How many columns there are before all others are one.
    pub most: usize,
}

/// A column to sort by.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Sort {
    /// Nothing: the report's own order; empty: no order.
    pub column: Option<String>,
    pub ascending: Option<bool>,
}

/// The options of a question.
#[derive(Clone, Debug)]
pub(super) struct Options {
    /// Nothing: all rows.
    pub limit: Option<usize>,
    pub offset: usize,
    pub sort: Sort,
    pub pattern: Option<Pattern>,
    pub pattern_recursive: Option<Pattern>,
    pub low_population: Option<LowPopulation>,
    pub truncate: Option<usize>,
    pub pivot: Option<Pivot>,
    /// Whether rows are sorted, searched and cut at all.
    pub generic: bool,
    pub flat: bool,
    pub aggregate_rows: bool,
    pub expanded: bool,
    pub subtable: Option<i64>,
    pub labels: Vec<String>,
    pub show: Vec<String>,
    pub hide: Vec<String>,
    /// Metrics of an overview that are wanted; empty: all.
    pub metrics: Vec<String>,
    pub hide_recursively: bool,
    pub add_columns: Option<bool>,
    /// Columns per goal: of all goals, or of the one with that number.
    pub goal_columns: Option<Option<u32>>,
    /// The label of a row that adds up the whole table.
    pub totals: Option<String>,
    pub show_metadata: bool,
    pub pretty: Pretty,
    pub language: Language,
}

impl Options {
    pub(super) fn read(params: &Params) -> Result<Self, Refusal> {
        let labels: Vec<String> = params.list("label").into_iter().map(str::to_owned).collect();
        let limit = params.integer("filter_limit");
        Ok(Self {
            limit: match limit {
                Some(limit) if limit < 0 => None,
                Some(limit) => Some(usize::try_from(limit).unwrap_or(LIMIT)),
                None => Some(LIMIT),
            },
            offset: count(params, "filter_offset").unwrap_or_default(),
            sort: Sort {
                column: params.raw("filter_sort_column").map(str::to_owned),
                ascending: params
                    .get("filter_sort_order")
                    .map(|order| order.eq_ignore_ascii_case("asc")),
            },
            pattern: pattern(params, "filter_pattern", "filter_column")?,
            pattern_recursive: pattern(
                params,
                "filter_pattern_recursive",
                "filter_column_recursive",
            )?,
            low_population: low_population(params),
            truncate: count(params, "filter_truncate"),
            pivot: params.get("pivotBy").map(|dimension| Pivot {
                dimension: dimension.replace('.', "_"),
                column: params.get("pivotByColumn").unwrap_or("nb_visits").to_owned(),
                most: match params.integer("pivotByColumnLimit") {
                    Some(most) if most < 0 => usize::MAX,
                    Some(most) => usize::try_from(most).unwrap_or(usize::MAX),
                    None => 10,
                },
            }),
            generic: !params.is_on("disable_generic_filters"),
            flat: params.is_on("flat"),
            aggregate_rows: params.is_on("include_aggregate_rows"),
            expanded: params.is_on("expanded") && labels.is_empty(),
            subtable: params.integer("idSubtable"),
            labels,
            show: params.names("showColumns"),
            hide: params.names("hideColumns"),
            metrics: params.names("columns"),
            hide_recursively: params.is_on("hideColumnsRecursively"),
            add_columns: params
                .get("filter_add_columns_when_show_all_columns")
                .map(|value| value != "0"),
            goal_columns: params
                .is_on("filter_update_columns_when_show_all_goals")
                .then(|| params.get("idGoal").and_then(|goal| goal.parse().ok())),
            totals: params
                .is_on("keep_totals_row")
                .then(|| params.get("keep_totals_row_label").unwrap_or("Totals").to_owned()),
            show_metadata: params.raw("showMetadata") != Some("0"),
            pretty: match params.get("format_metrics") {
                Some("0") => Pretty::Raw,
                Some("1" | "all") => Pretty::All,
                _ => Pretty::Shares,
            },
            language: Language::parse(params.get("language").unwrap_or_default()),
        })
    }

    /// Whether the rows under a row are part of the answer.
    pub(super) fn is_deep(&self) -> bool {
        self.expanded
            || self.flat
            || self.pivot.is_some()
            || self.subtable.is_some()
            || self.pattern_recursive.is_some()
            || self.labels.iter().any(|label| label.contains('>'))
    }
}

/// A number of rows; nothing when it is not one.
fn count(params: &Params, name: &str) -> Option<usize> {
    params.integer(name).and_then(|rows| usize::try_from(rows).ok())
}

fn pattern(params: &Params, pattern: &str, column: &str) -> Result<Option<Pattern>, Refusal> {
    let Some(text) = params.get(pattern) else { return Ok(None) };
    let regex = RegexBuilder::new(text)
        .case_insensitive(true)
        .size_limit(1 << 20)
        .build()
        .or_else(|_| RegexBuilder::new(&regex::escape(text)).case_insensitive(true).build())
        .map_err(|_| Refusal::new(format!("The pattern of '{pattern}' is too long.")))?;
    let column = params.get(column).unwrap_or("label").to_owned();
    Ok(Some(Pattern { column, regex }))
}

fn low_population(params: &Params) -> Option<LowPopulation> {
    let column = params.get("filter_excludelowpop")?.to_owned();
    let least = params.get("filter_excludelowpop_value").and_then(|value| value.parse().ok());
    Some(LowPopulation { column, least: least.filter(|it: &f64| it.is_finite()).unwrap_or(0.0) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(query: &str) -> Options {
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let params = Params::new(pairs.map(|(name, value)| (name.into(), value.into())));
        Options::read(&params).unwrap()
    }

    #[test]
    fn a_hundred_rows_unless_said_otherwise() {
        assert_eq!(options("").limit, Some(100));
        assert_eq!(options("filter_limit=-1").limit, None);
        assert_eq!(options("filter_limit=0").limit, Some(0));
        assert_eq!(options("filter_limit=many").limit, Some(100));
        assert_eq!(options("filter_offset=-3").offset, 0);
    }

    #[test]
    fn a_label_switches_expanding_off() {
        assert!(options("expanded=1").expanded);
        assert!(!options("expanded=1&label=a").expanded);
    }

    #[test]
    fn a_pattern_that_is_no_expression_is_searched_as_it_is() {
        let pattern = options("filter_pattern=a(b").pattern.unwrap();
        assert!(pattern.regex.is_match("xA(Bx") && pattern.column == "label");
    }
}
