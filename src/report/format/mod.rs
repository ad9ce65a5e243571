//! Answers, values and refusals as bytes, in the format that was asked for.

mod csv;
mod html;
mod json;
mod php;
mod rss;
mod xml;

use super::{
    filter,
    params::Params,
    plan::{Found, Plan},
    refusal::Refusal,
    table::Answer,
    tables::tables,
    value::Value,
};

/// What is sent back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    pub status: u16,
    pub content_type: &'static str,
    /// The `Content-Disposition` of what browsers should save.
    pub disposition: Option<String>,
    pub body: Vec<u8>,
}

impl Rendered {
    fn new(content_type: &'static str, body: String) -> Self {
        Self { status: 200, content_type, disposition: None, body: body.into_bytes() }
    }
}

const PLAIN: &str = "text/plain; charset=utf-8";
const HTML: &str = "text/html; charset=utf-8";
const XML: &str = "text/xml; charset=utf-8";

/// What can be printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Console,
    Csv,
    Html,
    Json,
    Original,
    Rss,
    Tsv,
    Xml,
}

impl Format {
    /// The format of a request: XML unless it says otherwise.
    fn of(params: &Params) -> Result<Self, Refusal> {
        let name = params.get("format").unwrap_or("xml").to_ascii_lowercase();
        match name.as_str() {
            "console" => Ok(Self::Console),
            "csv" => Ok(Self::Csv),
            "html" => Ok(Self::Html),
            "json" => Ok(Self::Json),
            "original" => Ok(Self::Original),
            "rss" => Ok(Self::Rss),
            "tsv" => Ok(Self::Tsv),
            "xml" => Ok(Self::Xml),
            _ => Err(Refusal::new(format!(
                "Renderer format '{name}' not valid. Try any of the following instead: console, csv, html, json, original, rss, tsv, xml."
            ))),
        }
    }
}

/// The answer of a plan. `found` holds what was read for each part, in order.
pub fn answer(plan: &Plan, found: &[Found]) -> Rendered {
    match tables(plan, found) {
        Ok(answer) => render(&answer, plan.params()),
        Err(refusal) => refuse(&refusal, plan.params()),
    }
}

fn render(answer: &Answer, params: &Params) -> Rendered {
    let ids = !params.is_on("hideIdSubDatable");
    let format = match Format::of(params) {
        Ok(format) => format,
        Err(refusal) => return Rendered::new(PLAIN, refusal.message),
    };
    if let Answer::Value(value) = answer {
        return print_value(value, params);
    }
    match format {
        Format::Json => json::rendered(json::answer(answer, ids), params),
        Format::Xml => Rendered::new(XML, xml::answer(answer, ids)),
        Format::Original => original(&json::answer(answer, ids)),
        Format::Console => Rendered::new(PLAIN, console(&csv::answer(answer))),
        Format::Rss => match rss::feed(answer, params) {
            Ok(feed) => Rendered::new(XML, feed),
            Err(why) => Rendered::new(PLAIN, format!("Error: {why}")),
        },
        Format::Csv => csv::rendered(csv::answer(answer), ',', params),
        Format::Tsv => csv::rendered(csv::answer(answer), '\t', params),
        Format::Html => {
            Rendered::new(HTML, html::page(&csv::named(csv::answer(answer), params), params))
        }
    }
}

/// The answer's JSON says what PHP's arrays hold.
fn original(json: &str) -> Rendered {
    let parsed = serde_json::from_str::<serde_json::Value>(json);
    let value = parsed.as_ref().map_or(Value::Null, Value::from);
    // A bare number stays one.
    let value = match value.get("value") {
        Some(only) if matches!(&value, Value::Object(fields) if fields.len() == 1) => only.clone(),
        _ => value,
    };
    Rendered::new(PLAIN, php::serialized(&value))
}

/// One line for each row, to look at.
fn console(lines: &csv::Lines) -> String {
    let mut text = String::new();
    for (at, line) in (1..).zip(lines) {
        let cells: Vec<String> =
            line.iter().map(|(name, text)| format!("'{name}' => {text}")).collect();
        text.push_str(&format!("- {at} [{}]\n", cells.join(", ")));
    }
    text
}

/// A value of a management method. Lists are cut and searched like tables.
pub fn render_value(value: &Value, params: &Params) -> Rendered {
    print_value(&filter::values(value.clone(), params), params)
}

/// A value as it stands.
pub fn print_value(value: &Value, params: &Params) -> Rendered {
    match Format::of(params) {
        Err(refusal) => Rendered::new(PLAIN, refusal.message),
        Ok(Format::Json) => json::rendered(json::value(value), params),
        Ok(Format::Xml) => Rendered::new(XML, xml::value(value)),
        Ok(Format::Original) => Rendered::new(PLAIN, php::serialized(value)),
        Ok(Format::Console | Format::Rss) => Rendered::new(PLAIN, console(&csv::value(value))),
        Ok(Format::Csv) => csv::rendered(csv::value(value), ',', params),
        Ok(Format::Tsv) => csv::rendered(csv::value(value), '\t', params),
        Ok(Format::Html) => Rendered::new(HTML, html::page(&csv::value(value), params)),
    }
}

/// Done, with nothing to tell.
pub fn render_success(params: &Params) -> Rendered {
    match Format::of(params) {
        Err(refusal) => Rendered::new(PLAIN, refusal.message),
        Ok(Format::Json) => {
            json::rendered(r#"{"result":"success","message":"ok"}"#.to_owned(), params)
        }
        Ok(Format::Xml) => Rendered::new(XML, xml::message("success", "ok")),
        Ok(Format::Csv) => Rendered::new(csv::CONTENT_TYPE, "message\nok".to_owned()),
        Ok(Format::Tsv) => Rendered::new(csv::CONTENT_TYPE, "message\tok".to_owned()),
        Ok(Format::Html) => Rendered::new(HTML, "<!-- Success: ok -->".to_owned()),
        Ok(Format::Original) => Rendered::new(PLAIN, php::serialized(&Value::Bool(true))),
        Ok(Format::Console | Format::Rss) => Rendered::new(PLAIN, "Success:ok".to_owned()),
    }
}

/// A refusal in the format that was asked for.
pub fn refuse(refusal: &Refusal, params: &Params) -> Rendered {
    let message = &refusal.message;
    let rendered = match Format::of(params) {
        Err(refusal) => Rendered::new(PLAIN, refusal.message),
        Ok(Format::Json) => {
            let object = Value::object([
                ("result", Value::from("error")),
                ("message", Value::from(message.replace('\n', " "))),
            ]);
            json::rendered(json::value(&object), params)
        }
        Ok(Format::Xml) => Rendered::new(XML, xml::message("error", message)),
        Ok(Format::Csv | Format::Tsv) => {
            Rendered::new(HTML, format!("Error: {}", html::escape(message)))
        }
        Ok(Format::Html) => Rendered::new(PLAIN, message.replace('\n', "<br />")),
        Ok(Format::Original) => {
            let fields = [("result", "error"), ("message", message)];
            let object = Value::object(fields.map(|(name, text)| (name, Value::from(text))));
            Rendered::new(PLAIN, php::serialized(&object))
        }
        Ok(Format::Console | Format::Rss) => Rendered::new(PLAIN, format!("Error: {message}")),
    };
    Rendered { status: refusal.status, ..rendered }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::example::params;

    fn body(rendered: Rendered) -> String {
        String::from_utf8(rendered.body).unwrap()
    }

    #[test]
    fn refusals_have_the_shape_of_their_format() {
        let refusal = Refusal::no_view("3");
        for (format, start) in [
            ("json", r#"{"result":"error","message":"You can't access"#),
            (
                "xml",
                "<?xml version=\"1.0\" encoding=\"utf-8\" ?>\n<result>\n\t<error message=\"You can't access",
            ),
            ("csv", "Error: You can&#039;t access"),
            ("html", "You can't access"),
            ("JSON", r#"{"result":"error""#),
            ("php", "Renderer format 'php' not valid."),
        ] {
            let rendered = refuse(&refusal, &params(&format!("format={format}")));
            assert_eq!(rendered.status, 401);
            let body = body(rendered);
            assert!(body.starts_with(start), "{format}: {body}");
        }
    }

    #[test]
    fn what_is_done_is_said_so() {
        for (format, want) in [
            ("json", r#"{"result":"success","message":"ok"}"#),
            ("csv", "message\nok"),
            ("tsv", "message\tok"),
            ("html", "<!-- Success: ok -->"),
        ] {
            assert_eq!(body(render_success(&params(&format!("format={format}")))), want);
        }
        assert!(body(render_success(&params(""))).contains("<success message=\"ok\" />"));
    }
}
