//! Answers, values and refusals as bytes, in the format that was asked for.

mod csv;
mod html;
mod json;
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
    Csv,
    Html,
    Json,
    Tsv,
    Xml,
}

impl Format {
    /// The format of a request: XML unless it says otherwise.
    fn of(params: &Params) -> Result<Self, Refusal> {
        let name = params.get("format").unwrap_or("xml").to_ascii_lowercase();
        match name.as_str() {
            "csv" => Ok(Self::Csv),
            "html" => Ok(Self::Html),
            "json" => Ok(Self::Json),
            "tsv" => Ok(Self::Tsv),
            "xml" => Ok(Self::Xml),
            _ => Err(Refusal::new(format!(
                "Renderer format '{name}' not valid. Try any of the following instead: csv, html, json, tsv, xml."
            ))),
        }
    }
}

/// The answer of a plan. `found` holds what was read for each part, in order.
pub fn answer(plan: &Plan, found: &[Found]) -> Rendered {
    render(&tables(plan, found), plan.params())
}

fn render(answer: &Answer, params: &Params) -> Rendered {
    let ids = !params.is_on("hideIdSubDatable");
    let format = match Format::of(params) {
        Ok(format) => format,
        Err(refusal) => return Rendered::new(PLAIN, refusal.message),
    };
    if let Answer::Value(value) = answer {
        return render_value(value, params);
    }
    match format {
        Format::Json => json::rendered(json::answer(answer, ids), params),
        Format::Xml => Rendered::new(XML, xml::answer(answer, ids)),
        Format::Csv => csv::rendered(csv::answer(answer), ',', params),
        Format::Tsv => csv::rendered(csv::answer(answer), '\t', params),
        Format::Html => {
            Rendered::new(HTML, html::page(&csv::named(csv::answer(answer), params), params))
        }
    }
}

/// A value of a management method. Lists are cut and searched like tables.
pub fn render_value(value: &Value, params: &Params) -> Rendered {
    let value = &filter::values(value.clone(), params);
    match Format::of(params) {
        Err(refusal) => Rendered::new(PLAIN, refusal.message),
        Ok(Format::Json) => json::rendered(json::value(value), params),
        Ok(Format::Xml) => Rendered::new(XML, xml::value(value)),
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
