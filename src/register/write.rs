//! `File` → TOML, always the same for the same file.

use std::fmt::Write;

use super::{
    file::{File, NO_GROUP},
    problem::kind_name,
};
use crate::site::{Named, Rule, date_of};

/// The file as text.
pub(super) fn write(file: &File) -> String {
    let mut out = String::from("version = 1\n");
    for it in &file.features {
        out.push_str("\n[[feature]]\n");
        field(&mut out, "key", &it.key);
        name(&mut out, &it.name);
        for (label, text) in
            [("group", &it.group), ("owner", &it.owner), ("description", &it.description)]
        {
            if !text.is_empty() {
                field(&mut out, label, text);
            }
        }
        if let Some(day) = it.released {
            line(&mut out, format_args!("released = {}", date_of(day)));
        }
        out.push_str("rules = [\n");
        for it in &it.rules {
            line(&mut out, format_args!("  {{ {} }},", rule(it)));
        }
        out.push_str("]\n");
    }
    for it in &file.audiences {
        out.push_str("\n[[audience]]\n");
        field(&mut out, "key", &it.key);
        name(&mut out, &it.name);
        field(&mut out, "kind", kind_name(it.kind));
        if let Some(dimension) = it.dimension {
            line(&mut out, format_args!("dimension = {dimension}"));
        }
        if !it.values.is_empty() {
            line(&mut out, format_args!("values = [{}]", list(&it.values)));
        }
    }
    for it in &file.pairs {
        line(&mut out, format_args!("\n[[pair]]\nof = [{}]", list(&it.of)));
    }
    for it in &file.funnels {
        out.push_str("\n[[funnel]]\n");
        field(&mut out, "key", &it.key);
        name(&mut out, &it.name);
        out.push_str("steps = [\n");
        for step in &it.steps {
            let feature = quoted(&step.feature);
            match step.optional {
                true => {
                    line(&mut out, format_args!("  {{ feature = {feature}, optional = true }},"))
                }
                false => line(&mut out, format_args!("  {feature},")),
            }
        }
        out.push_str("]\n");
    }
    out
}

fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing into a text cannot fail.
    writeln!(out, "{text}").ok();
}

fn field(out: &mut String, label: &str, text: &str) {
    line(out, format_args!("{label} = {}", quoted(text)));
}

fn name(out: &mut String, name: &Named) {
    if name.en.is_empty() {
        field(out, "name", &name.fr);
    } else {
        let (fr, en) = (quoted(&name.fr), quoted(&name.en));
        line(out, format_args!("name = {{ fr = {fr}, en = {en} }}"));
    }
}

/// As a file says it: an event of no group is one of the tracker's.
fn rule(rule: &Rule) -> String {
    let mut fields = Vec::new();
    let mut add = |label: &str, text: &Option<String>| {
        if let Some(text) = text {
            fields.push(format!("{label} = {}", quoted(text)));
        }
    };
    if rule.category.as_deref() == Some(NO_GROUP) && rule.action.is_some() {
        add("tracker", &rule.action);
    } else {
        add("category", &rule.category);
        add("action", &rule.action);
    }
    add("name", &rule.name);
    add("page", &rule.page);
    fields.join(", ")
}

fn list(texts: &[String]) -> String {
    texts.iter().map(|it| quoted(it)).collect::<Vec<_>>().join(", ")
}

/// A text as TOML writes one, on one line.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                write!(out, "\\u{:04X}", u32::from(c)).ok();
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
