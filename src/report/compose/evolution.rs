//! `API.getRowEvolution`: how one row of a report, or several, went period after period.

use super::{api_report, one_site, processed::whole, subject};
use crate::report::{
    catalogue,
    metrics::quotient,
    options::{Options, Pretty},
    params::Params,
    plan::{Found, Part, Plan},
    pretty::percent,
    refusal::Refusal,
    table::{Cell, Record, Table},
    tables::of_periods,
    value::Value,
};

/// The question about the report itself. The labels are looked up one by one.
pub(super) fn inner(params: &Params) -> Result<Params, Refusal> {
    let site = one_site(params)?;
    let (module, action) = api_report(params)?;
    let known = catalogue::entry(&module, &action);
    if known.is_none_or(|entry| entry.dimension(Default::default()).is_none()) {
        return Err(Refusal::new(format!(
            "Reports like {module}.{action} which do not have a dimension are not supported by row evolution"
        )));
    }
    let date = params.get("date").ok_or_else(|| Refusal::missing("date"))?;
    let is_map = date.contains(',') || date.starts_with("last") || date.starts_with("previous");
    if !is_map {
        return Err(Refusal::bad_range(date));
    }
    // A range is shown day by day.
    let period = match params.get("period").ok_or_else(|| Refusal::missing("period"))? {
        "range" => "day",
        period => period,
    };
    Ok(params
        .clone()
        .with("method", &format!("{module}.{action}"))
        .with("idSite", &site)
        .with("period", period)
        .with("filter_add_columns_when_show_all_columns", "0"))
}

pub(super) fn value(plan: &Plan, found: &[Found]) -> Value {
    let Some((part, entry, rows)) = subject(plan, found) else {
        return Value::List(Vec::new());
    };
    let language = plan.options.language;
    let asked: Vec<String> = match plan.options.labels.as_slice() {
        [only] => only.split(',').map(str::trim).map(str::to_owned).collect(),
        many => many.to_vec(),
    };
    let dimension = Value::from(entry.dimension(language).unwrap_or_default());
    if let [label] = asked.as_slice() {
        let series = series(plan, part, rows, label);
        return one(plan, part, &series, label, entry, dimension);
    }
    let labels = if asked.is_empty() { best(plan, part, rows) } else { asked };
    let column = match plan.params().get("column") {
        Some(column) => column.to_owned(),
        None => entry.metrics().next().unwrap_or("nb_visits").to_owned(),
    };
    several(plan, part, rows, &labels, &column, entry, dimension)
}

fn options(plan: &Plan, labels: Vec<String>) -> Options {
    Options { labels, limit: None, offset: 0, pretty: Pretty::Raw, ..plan.options.clone() }
}

/// The row of that label in each period.
fn series(plan: &Plan, part: &Part, found: &Found, label: &str) -> Vec<Option<Record>> {
    let tables = of_periods(plan, &options(plan, vec![label.to_owned()]), part, found);
    tables.into_iter().map(|table| table.rows.into_iter().next()).collect()
}

/// The labels of the rows with the most visits in all.
fn best(plan: &Plan, part: &Part, found: &Found) -> Vec<String> {
    let mut sums: Vec<(String, f64)> = Vec::new();
    let tables: Vec<Table> = of_periods(plan, &options(plan, Vec::new()), part, found);
    for row in tables.iter().flat_map(|table| &table.rows) {
        let Some(label) = row.caption() else { continue };
        let visits = row.number("nb_visits");
        match sums.iter_mut().find(|(it, _)| it == label) {
            Some((_, sum)) => *sum += visits,
            None => sums.push((label.to_owned(), visits)),
        }
    }
    sums.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    sums.truncate(plan.options.limit.unwrap_or(usize::MAX));
    sums.into_iter().map(|(label, _)| label).collect()
}

fn one(
    plan: &Plan,
    part: &Part,
    series: &[Option<Record>],
    label: &str,
    entry: catalogue::Entry,
    dimension: Value,
) -> Value {
    let language = plan.options.language;
    let wanted = plan.params().get("column");
    let columns: Vec<&str> =
        entry.metrics().filter(|name| wanted.is_none_or(|column| column == *name)).collect();
    let data = part.periods.list.iter().zip(series).map(|(period, row)| {
        let row = row.as_ref().map(|row| {
            let cells =
                columns.iter().filter_map(|name| Some((*name, shown(row.get(name)?, plan))));
            Value::object(cells)
        });
        (period.key(), Value::List(row.into_iter().collect()))
    });
    let data = Value::object(data.collect::<Vec<_>>());
    let metrics = columns.iter().map(|name| {
        let numbers: Vec<f64> =
            series.iter().map(|row| row.as_ref().map_or(0.0, |row| row.number(name))).collect();
        let mut fields = vec![("name".to_owned(), Value::from(catalogue::metric(name, language)))];
        fields.extend(changes(&numbers));
        (*name, Value::Object(fields))
    });
    let metadata = Value::object([("metrics", Value::object(metrics)), ("dimension", dimension)]);
    let known = series.iter().flatten().next();
    let caption = known.and_then(Record::caption).unwrap_or(label).trim().to_owned();
    let logo = known.and_then(|row| row.about("logo")?.print()).map(|it| it.into_owned());
    let mut fields = vec![
        ("label".to_owned(), Value::from(caption)),
        ("reportData".to_owned(), data),
        ("metadata".to_owned(), metadata),
    ];
    fields.extend(logo.map(|logo| ("logo".to_owned(), Value::from(logo))));
    Value::Object(fields)
}

fn several(
    plan: &Plan,
    part: &Part,
    found: &Found,
    labels: &[String],
    column: &str,
    entry: catalogue::Entry,
    dimension: Value,
) -> Value {
    let language = plan.options.language;
    let all: Vec<Vec<Option<Record>>> =
        labels.iter().map(|label| series(plan, part, found, label)).collect();
    let data = part.periods.list.iter().enumerate().map(|(at, period)| {
        let cells = all.iter().enumerate().map(|(number, series)| {
            let cell = series.get(at).and_then(|row| row.as_ref()?.get(column));
            (format!("{column}_{number}"), cell.map_or(Value::Integer(0), |it| shown(it, plan)))
        });
        (period.key(), Value::List(vec![Value::Object(cells.collect())]))
    });
    let data = Value::object(data.collect::<Vec<_>>());
    let name = catalogue::metric(column, language);
    let metrics = all.iter().zip(labels).enumerate().map(|(number, (series, label))| {
        let numbers: Vec<f64> =
            series.iter().map(|row| row.as_ref().map_or(0.0, |row| row.number(column))).collect();
        let known = series.iter().flatten().next();
        let caption = known.and_then(Record::caption).unwrap_or(label).trim().to_owned();
        let mut fields = vec![("name".to_owned(), Value::from(format!("{caption} ({name})")))];
        fields.extend(changes(&numbers));
        (format!("{column}_{number}"), Value::Object(fields))
    });
    let columns = entry.metrics().map(|it| (it, Value::from(catalogue::metric(it, language))));
    Value::object([
        ("column", Value::from(column)),
        ("reportData", data),
        (
            "metadata",
            Value::object([
                ("metrics", Value::Object(metrics.collect())),
                ("dimension", dimension),
                ("columns", Value::object(columns)),
            ]),
        ),
    ])
}

fn shown(cell: &Cell, plan: &Plan) -> Value {
    match cell {
        Cell::Share(share) if plan.options.pretty != Pretty::Raw => {
            Value::from(percent(*share, plan.options.language))
        }
        _ => cell.number().map_or(Value::Null, whole),
    }
}

/// Least and greatest number from the first one that is not 0, and the change from first to last.
fn changes(numbers: &[f64]) -> Vec<(String, Value)> {
    let begun = numbers.iter().position(|number| *number != 0.0).unwrap_or(numbers.len());
    let (_, rest) = numbers.split_at(begun);
    let field = |name: &str, value: Value| (name.to_owned(), value);
    let mut fields = Vec::new();
    let least = rest.iter().copied().reduce(f64::min).unwrap_or_default();
    let most = rest.iter().copied().reduce(f64::max).unwrap_or_default();
    fields.push(field("min", whole(least)));
    fields.push(field("max", whole(most)));
    if let (Some(first), Some(last)) = (numbers.first(), numbers.last())
        && *first != 0.0
    {
        let change = quotient((last - first) * 100.0, *first, 0);
        let sign = if change > 0.0 { "+" } else { "" };
        fields.push(field("change", Value::from(format!("{sign}{change:.0}%"))));
    }
    fields
}
