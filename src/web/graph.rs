//! `ImageGraph.get`: a report as a picture. The report is asked as any client would ask it.

use serde_json::Value;

use super::{api::one, state::State};
use crate::{
    dash::{Graph, Lang, Shape, Unreadable, Wish},
    picture::png,
    report::{Params, Refusal, Rendered},
    store::Account,
};

/// What is about the picture, not about the report.
const OF_THE_PICTURE: [&str; 14] = [
    "graphType",
    "outputType",
    "width",
    "height",
    "column",
    "columns",
    "labels",
    "fontSize",
    "textColor",
    "backgroundColor",
    "gridColor",
    "callback",
    "jsoncallback",
    "filter_truncate",
];

/// Answers with a PNG.
pub(super) async fn graph(
    params: &Params,
    account: &Account,
    state: &State,
) -> Result<Rendered, Refusal> {
    let wish = wish(params);
    let question = params
        .clone()
        .without(&OF_THE_PICTURE)
        .with("method", "API.getProcessedReport")
        .with("format", "json")
        .with("format_metrics", "0");
    let answer = Box::pin(one(&question, account, state)).await.map_err(|refusal| {
        let unknown = ["not found in the list of available reports", "does not exist"];
        if unknown.iter().any(|part| refusal.message.contains(part)) {
            return Refusal::new("Invalid API Module and/or API Action");
        }
        refusal
    })?;
    let report: Value = serde_json::from_slice(&answer.body)
        .map_err(|error| Refusal::new(format!("the report could not be read: {error}")))?;
    let graph = Graph::of(&report, &wish).map_err(|why| match why {
        Unreadable::OneFigure => Refusal::new(
            "The graph cannot be drawn for this combination of 'date' and 'period' parameters.",
        ),
        Unreadable::NoData => Refusal::new("There is no data for this graph."),
    })?;
    // A picture takes some milliseconds: too long for a thread that answers hits.
    let drawn = tokio::task::spawn_blocking(move || png(&graph.svg(), graph.size())).await;
    let body = drawn
        .map_err(|error| Refusal::new(format!("the graph was not drawn: {error}")))?
        .map_err(|error| Refusal::new(format!("the graph was not drawn: {error}")))?;
    Ok(Rendered { status: 200, content_type: "image/png", disposition: None, body })
}

fn wish(params: &Params) -> Wish {
    let number = |name| params.integer(name).and_then(|it| u32::try_from(it).ok());
    let colour = |name| params.get(name).map(|it| it.trim_start_matches('#').to_owned());
    let mut columns = params.names("columns");
    columns.extend(params.names("column"));
    Wish {
        shape: params.get("graphType").and_then(Shape::parse),
        width: number("width"),
        height: number("height"),
        columns,
        labels: params.names("labels"),
        colours: [colour("textColor"), colour("backgroundColor"), colour("gridColor")],
        font_size: number("fontSize"),
        lang: params.get("language").and_then(Lang::parse),
    }
}
