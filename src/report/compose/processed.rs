//! `API.getProcessedReport`: a report as a screen shows it, with names, pretty numbers and sums.

use super::{api_report, one_site, pretty, subject};
use crate::{
    report::{
        catalogue::{self, About, Entry},
        labels::Language,
        metrics::quotient,
        options::{Options, Pretty},
        params::Params,
        plan::{Found, Plan},
        pretty::{clock, money, percent},
        refusal::Refusal,
        table::{Cell, Form, Record, Table, count_as_number},
        tables::of_periods,
        value::Value,
    },
    site::Site,
};

/// The question about the report itself. All its numbers are wanted as numbers.
pub(super) fn inner(params: &Params) -> Result<Params, Refusal> {
    let site = one_site(params)?;
    let (module, action) = api_report(params)?;
    if catalogue::entry(&module, &action).is_none() {
        return Err(Refusal::new(format!(
            "Requested report {module}.{action} for Website id={site} not found in the list of available reports. \n"
        )));
    }
    let pretty = if params.get("format_metrics") == Some("0") { "0" } else { "1" };
    Ok(params
        .clone()
        .with("method", &format!("{module}.{action}"))
        .with("idSite", &site)
        .with("filter_add_columns_when_show_all_columns", "0")
        .with("format_metrics", pretty))
}

/// How numbers are shown: as they are, or pretty in a language and a currency.
struct Writer<'a> {
    raw: bool,
    language: Language,
    currency: &'a str,
}

pub(super) fn value(plan: &Plan, found: &[Found]) -> Value {
    let Some((part, entry, rows)) = subject(plan, found) else {
        return Value::List(Vec::new());
    };
    let site = &*part.site;
    let params = plan.params();
    let about = about(params, site);
    let writer = Writer {
        raw: params.get("format_metrics") == Some("0"),
        language: plan.options.language,
        currency: &site.currency,
    };
    let options = Options { pretty: Pretty::Raw, totals: None, ..plan.options.clone() };
    let tables = of_periods(plan, &options, part, rows);
    let every = Options { limit: None, offset: 0, labels: Vec::new(), truncate: None, ..options };
    let whole = of_periods(plan, &every, part, rows);
    let columns = columns(entry, about, &plan.options);
    let mut data = Vec::new();
    let mut metadata = Vec::new();
    for (period, table) in part.periods.list.iter().zip(tables) {
        let (rows, told) = writer.table(table, entry, &columns);
        data.push((pretty(period, params), rows));
        metadata.push((pretty(period, params), told));
    }
    let pick = |mut by_period: Vec<(String, Value)>| match by_period.pop() {
        Some((_, only)) if !part.periods.by_date => only,
        last => {
            by_period.extend(last);
            Value::Object(by_period)
        }
    };
    let date = match (part.periods.list.first(), part.periods.list.last()) {
        (Some(first), Some(last)) if part.periods.by_date => {
            format!("{} – {}", pretty(first, params), pretty(last, params))
        }
        (Some(only), _) => pretty(only, params),
        _ => String::new(),
    };
    let names = columns.iter().map(|name| {
        let shown = match (*name, entry.dimension(writer.language)) {
            ("label", Some(dimension)) => dimension.to_owned(),
            _ => capital(&catalogue::metric(name, writer.language)),
        };
        (*name, Value::from(shown))
    });
    Value::object([
        ("website", Value::from(site.name.as_str())),
        ("prettyDate", Value::from(date)),
        ("metadata", catalogue::describe(entry, about, params, site)),
        ("columns", Value::object(names)),
        ("reportData", pick(data)),
        ("reportMetadata", pick(metadata)),
        ("reportTotal", writer.totals(&whole, &columns)),
    ])
}

/// What the report is narrowed to by the question.
fn about<'a>(params: &Params, site: &'a Site) -> About<'a> {
    let number = |name: &str| params.get(name).and_then(|id| id.parse::<u32>().ok());
    if let Some(goal) = number("idGoal").and_then(|id| site.goal(id)) {
        return About::Goal(goal.id, &goal.name);
    }
    let id = number("idDimension").and_then(|id| u16::try_from(id).ok());
    match id.and_then(|id| site.dimension(id)) {
        Some(dimension) => About::Dimension(dimension.id, &dimension.name, dimension.scope),
        None => About::Nothing,
    }
}

/// The names of the columns that are wanted.
fn columns(entry: Entry, about: About<'_>, options: &Options) -> Vec<&'static str> {
    let (metrics, processed) = catalogue::figures(entry, about);
    let label = entry.dimension(Language::English).map(|_| "label");
    let is_wanted = |name: &&'static str| {
        let listed = |list: &[String]| list.iter().any(|it| it == name);
        (options.show.is_empty() || listed(&options.show)) && !listed(&options.hide)
    };
    let figures = metrics.into_iter().chain(processed).filter(is_wanted);
    label.into_iter().chain(figures).collect()
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

impl Writer<'_> {
    /// The rows of a table, and what is told about each.
    fn table(&self, table: Table, entry: Entry, columns: &[&'static str]) -> (Value, Value) {
        if table.form != Form::Rows {
            let row = table.rows.into_iter().next().unwrap_or_default();
            return (self.row(&row, columns), Value::List(Vec::new()));
        }
        let is_empty = |row: &Record| {
            row.get("nb_visits").is_some()
                && row.number("nb_visits") == 0.0
                && row.number("nb_actions") == 0.0
        };
        let rows = table.rows.into_iter().filter(|row| entry.is_constant() || !is_empty(row));
        let (data, told): (Vec<Value>, Vec<Value>) =
            rows.map(|row| (self.row(&row, columns), about_row(&row))).unzip();
        (Value::List(data), Value::List(told))
    }

    /// A row with every column: what it does not have is 0.
    fn row(&self, row: &Record, columns: &[&'static str]) -> Value {
        let value = |name: &str| match (name, row.get(name)) {
            ("label", _) => Value::from(row.caption().unwrap_or_default()),
            (_, Some(Cell::Text(text))) => Value::from(text.as_ref()),
            (_, cell) => self.number(name, cell.and_then(Cell::number).unwrap_or_default()),
        };
        Value::object(columns.iter().map(|name| (*name, value(name))))
    }

    fn number(&self, name: &str, number: f64) -> Value {
        if self.raw {
            return whole(number);
        }
        if name.ends_with("_rate")
            || name.contains("_rate_")
            || name.ends_with("_percentage")
            || name.ends_with("_percent")
            || name.ends_with("_evolution")
        {
            Value::from(percent(number, self.language))
        } else if name.contains("revenue") {
            Value::from(money(number, self.currency))
        } else if name.contains("time") || name.contains("length") {
            Value::from(clock(number))
        } else {
            whole(number)
        }
    }

    /// Sums of the whole report, whatever part of it is shown.
    fn totals(&self, tables: &[Table], columns: &[&'static str]) -> Value {
        let rows = || tables.iter().flat_map(|table| &table.rows);
        let adds_up = |name: &&&str| {
            let name: &str = name;
            name != "label"
                && !name.starts_with("avg_")
                && !name.starts_with("nb_actions_per")
                && !["_rate", "_evolution", "_percent", "_percentage"]
                    .iter()
                    .any(|it| name.ends_with(it))
        };
        let fold = |name: &str| {
            let numbers = rows().filter_map(|row| row.get(name)?.number());
            match name {
                _ if name.starts_with("max_") => numbers.fold(0.0, f64::max),
                _ if name.starts_with("min_") => numbers.reduce(f64::min).unwrap_or_default(),
                _ => numbers.sum(),
            }
        };
        let mut sums: Vec<(String, Value)> = columns
            .iter()
            .filter(adds_up)
            .map(|name| ((*name).to_owned(), self.number(name, fold(name))))
            .collect();
        if columns.contains(&"nb_actions_per_visit") {
            let each = quotient(fold("nb_actions"), fold("nb_visits"), 1);
            sums.push(("nb_actions_per_visit".to_owned(), whole(each)));
        }
        Value::Object(sums)
    }
}

fn about_row(row: &Record) -> Value {
    let told = row.metadata.iter().map(|(name, cell)| {
        let value = match cell {
            Cell::Count(count) => Value::from(*count),
            _ => Value::from(cell.print().unwrap_or_default().into_owned()),
        };
        (name.to_string(), value)
    });
    let below = row.below.iter().map(|below| ("idsubdatatable".to_owned(), Value::from(below.id)));
    Value::Object(told.chain(below).collect())
}

/// A number, without a fraction where it has none.
#[expect(clippy::cast_possible_truncation, reason = "checked to be whole and small")]
pub(super) fn whole(number: f64) -> Value {
    let count = number as i64;
    if count_as_number(count) == number { Value::Integer(count) } else { Value::Number(number) }
}
