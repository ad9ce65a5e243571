//! Writes SVG: every text and attribute escaped, every number finite, every element closed.

use std::fmt::Write;

use serde::Serialize;

/// A finished drawing. Only this module makes one, so that a template may insert it as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(super) struct Svg(String);

impl Svg {
    #[cfg(test)]
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn into_string(self) -> String {
        self.0
    }
}

/// A drawing in the making.
pub(super) struct Pen {
    out: String,
    open: Vec<&'static str>,
}

/// The value of an attribute.
pub(super) enum Value<'a> {
    Text(&'a str),
    Number(f64),
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl From<f64> for Value<'_> {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

/// An attribute: `("x", 3.0.into())`.
pub(super) type Attribute<'a> = (&'static str, Value<'a>);

impl Pen {
    /// A drawing that stands for information: it has a name and a description. `id` is unique in
    /// the page.
    pub(super) fn picture(
        class: &str,
        id: &str,
        (width, height): (f64, f64),
        name: &str,
        description: &str,
    ) -> Self {
        let mut pen = Self { out: String::new(), open: Vec::new() };
        let (title_id, desc_id) = (format!("{id}-t"), format!("{id}-d"));
        pen.open(
            "svg",
            &[
                ("class", class.into()),
                ("viewBox", (&format!("0 0 {} {}", short(width), short(height))).into()),
                ("role", "img".into()),
                ("aria-labelledby", (&title_id).into()),
                ("aria-describedby", (&desc_id).into()),
                ("focusable", "false".into()),
            ],
        );
        pen.label("title", &[("id", (&title_id).into())], name);
        pen.label("desc", &[("id", (&desc_id).into())], description);
        pen
    }

    /// A drawing that stands in a file of its own.
    pub(super) fn image((width, height): (f64, f64)) -> Self {
        let mut pen = Self { out: String::new(), open: Vec::new() };
        let size: [Attribute<'_>; 3] = [
            ("xmlns", "http://www.w3.org/2000/svg".into()),
            ("width", width.into()),
            ("height", height.into()),
        ];
        pen.open("svg", &size);
        pen
    }

    /// A drawing that repeats what stands beside it in words.
    pub(super) fn decoration(class: &str, (width, height): (f64, f64), stretch: bool) -> Self {
        let mut pen = Self { out: String::new(), open: Vec::new() };
        let view_box = format!("0 0 {} {}", short(width), short(height));
        let mut attributes: Vec<Attribute<'_>> = vec![
            ("class", class.into()),
            ("viewBox", (&view_box).into()),
            ("aria-hidden", "true".into()),
            ("focusable", "false".into()),
        ];
        if stretch {
            attributes.push(("preserveAspectRatio", "none".into()));
        }
        pen.open("svg", &attributes);
        pen
    }

    /// Opens an element; `close` closes it.
    pub(super) fn open(&mut self, name: &'static str, attributes: &[Attribute<'_>]) {
        self.start(name, attributes);
        self.out.push('>');
        self.open.push(name);
    }

    pub(super) fn close(&mut self) {
        if let Some(name) = self.open.pop() {
            self.out.push_str("</");
            self.out.push_str(name);
            self.out.push('>');
        }
    }

    /// An element without content.
    pub(super) fn leaf(&mut self, name: &'static str, attributes: &[Attribute<'_>]) {
        self.start(name, attributes);
        self.out.push_str("/>");
    }

    /// An element with a text in it.
    pub(super) fn label(&mut self, name: &'static str, attributes: &[Attribute<'_>], text: &str) {
        self.open(name, attributes);
        escape(&mut self.out, text);
        self.close();
    }

    pub(super) fn finish(mut self) -> Svg {
        while !self.open.is_empty() {
            self.close();
        }
        Svg(self.out)
    }

    fn start(&mut self, name: &'static str, attributes: &[Attribute<'_>]) {
        self.out.push('<');
        self.out.push_str(name);
        for (key, value) in attributes {
            self.out.push(' ');
            self.out.push_str(key);
            self.out.push_str("=\"");
            match value {
                Value::Text(text) => escape(&mut self.out, text),
                Value::Number(number) => self.out.push_str(&short(*number)),
            }
            self.out.push('"');
        }
    }
}

/// The `d` of a path.
#[derive(Default)]
pub(super) struct Path(String);

impl Path {
    pub(super) fn move_to(&mut self, x: f64, y: f64) -> &mut Self {
        self.step('M', x, y)
    }

    pub(super) fn line_to(&mut self, x: f64, y: f64) -> &mut Self {
        self.step('L', x, y)
    }

    pub(super) fn close(&mut self) -> &mut Self {
        self.0.push('Z');
        self
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    fn step(&mut self, command: char, x: f64, y: f64) -> &mut Self {
        // Writing to a String cannot fail.
        write!(self.0, "{command}{} {}", short(x), short(y)).ok();
        self
    }
}

/// One decimal at most: a tenth of a pixel is finer than anybody sees. What is not finite is 0.
pub(super) fn short(number: f64) -> String {
    if !number.is_finite() {
        return "0".to_owned();
    }
    let text = format!("{number:.1}");
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// Escapes for text and attributes; characters that XML cannot hold become U+FFFD.
fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
pub(super) mod wellformed {
    /// Panics unless `text` is one well-formed element tree without `NaN` or `inf`.
    pub(in crate::dash) fn check(text: &str) {
        assert!(!text.contains("NaN") && !text.contains("inf\""), "{text}");
        let mut open: Vec<&str> = Vec::new();
        let mut rest = text;
        while let Some((words, tag)) = rest.split_once('<') {
            assert!(!words.contains('>'), "stray > in {words}");
            for reference in words.split('&').skip(1) {
                assert!(
                    reference.split_once(';').is_some_and(|(name, _)| name.len() < 6),
                    "{words}"
                );
            }
            let (tag, after) = tag.split_once('>').expect("a tag ends");
            if let Some(name) = tag.strip_prefix('/') {
                assert_eq!(open.pop(), Some(name), "closing tag out of order");
                assert!(!open.is_empty() || after.is_empty(), "more than one root");
            } else {
                let name = tag.split([' ', '/']).next().unwrap();
                let quotes = tag.matches('"').count();
                assert!(quotes.is_multiple_of(2), "quotes in <{tag}>");
                assert_eq!(quotes / 2, tag.matches("=\"").count(), "attributes in <{tag}>");
                if !tag.ends_with('/') {
                    open.push(name);
                }
            }
            rest = after;
        }
        assert!(open.is_empty() && rest.is_empty(), "left open: {open:?} {rest}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_attributes_are_escaped() {
        let mut pen = Pen::picture("a\"b", "id", (10.0, 20.5), "<script>", "a & b\0");
        pen.leaf("rect", &[("x", f64::NAN.into()), ("y", (-0.01).into())]);
        let svg = pen.finish();
        wellformed::check(svg.as_str());
        assert!(svg.as_str().contains("&lt;script&gt;</title>"));
        assert!(svg.as_str().contains("a &amp; b\u{fffd}</desc>"));
        assert!(svg.as_str().contains(r#"<rect x="0" y="0"/>"#));
        assert!(svg.as_str().contains(r#"viewBox="0 0 10 20.5""#));
    }
}
