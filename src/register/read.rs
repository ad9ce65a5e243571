//! TOML → `File`. Only names and types are looked at here; everything that cannot be understood is
//! told at once.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{
    file::{AudienceEntry, FeatureEntry, File, FunnelEntry, NO_GROUP, PairEntry},
    problem::{DATE, Entry, Fault, KINDS, Problem},
};
use crate::site::{AudienceKind, DayNumber, FunnelStep, Named, Rule, number_of};

const TOP: &[&str] = &["version", "feature", "audience", "pair", "funnel"];
const FEATURE: &[&str] = &["key", "name", "group", "owner", "description", "released", "rules"];
const RULE: &[&str] = &["category", "action", "name", "page", "tracker", "tracker-group"];
const AUDIENCE: &[&str] = &["key", "name", "kind", "dimension", "values"];
const PAIR: &[&str] = &["of"];
const FUNNEL: &[&str] = &["key", "name", "steps"];
const STEP: &[&str] = &["feature", "optional"];
const NAME: &[&str] = &["fr", "en"];

type Table<'i> = DeTable<'i>;
type Field<'a, 'i> = &'a Spanned<DeValue<'i>>;

/// Reads a file.
pub(super) fn read(text: &str) -> Result<File, Vec<Problem>> {
    let mut reading = Reading { text, problems: Vec::new() };
    let table = match Table::parse(text) {
        Ok(table) => table,
        Err(error) => {
            let line = error.span().map(|span| reading.line(span.start));
            let fault = Fault::Syntax(error.message().to_owned());
            return Err(vec![Problem::new(line, Entry::File, fault)]);
        }
    };
    let file = reading.file(table.get_ref());
    if reading.problems.is_empty() { Ok(file) } else { Err(reading.problems) }
}

struct Reading<'t> {
    text: &'t str,
    problems: Vec<Problem>,
}

/// A table of the file, and how it is named in problems.
struct Place<'a, 'i> {
    table: &'a Table<'i>,
    entry: Entry,
    line: usize,
}

impl Reading<'_> {
    fn line(&self, byte: usize) -> usize {
        self.text.bytes().take(byte).filter(|it| *it == b'\n').count() + 1
    }

    fn wrong(&mut self, at: usize, entry: &Entry, fault: Fault) {
        self.problems.push(Problem::new(Some(at), entry.clone(), fault));
    }

    fn wrong_type(
        &mut self,
        field: &str,
        value: Field<'_, '_>,
        entry: &Entry,
        wanted: &'static str,
    ) {
        let line = self.line(value.span().start);
        self.wrong(line, entry, Fault::WrongType { field: field.to_owned(), wanted });
    }

    fn known(&mut self, table: &Table<'_>, entry: &Entry, known: &'static [&'static str]) {
        for name in table.keys() {
            let field = name.get_ref().as_ref();
            if !known.contains(&field) {
                let line = self.line(name.span().start);
                self.wrong(line, entry, Fault::UnknownField { field: field.to_owned(), known });
            }
        }
    }

    fn file(&mut self, table: &Table<'_>) -> File {
        self.known(table, &Entry::File, TOP);
        if let Some(version) = table.get("version") {
            let found = match version.get_ref() {
                DeValue::Integer(number) => number.to_string(),
                other => format!("`{}`", other.type_str()),
            };
            if found != "1" {
                let line = self.line(version.span().start);
                self.wrong(line, &Entry::File, Fault::UnknownVersion(found));
            }
        }
        let features = self.each(table, "feature", "key", Entry::Feature);
        let audiences = self.each(table, "audience", "key", Entry::Audience);
        let pairs = self.each(table, "pair", "of", Entry::Pair);
        let funnels = self.each(table, "funnel", "key", Entry::Funnel);
        File {
            features: features.iter().map(|it| self.feature(it)).collect(),
            audiences: audiences.iter().filter_map(|it| self.audience(it)).collect(),
            pairs: pairs.iter().filter_map(|it| self.pair(it)).collect(),
            funnels: funnels.iter().map(|it| self.funnel(it)).collect(),
        }
    }

    /// The tables of a list such as `[[feature]]`, each named by its key.
    fn each<'a, 'i>(
        &mut self,
        table: &'a Table<'i>,
        list: &'static str,
        named_by: &str,
        entry: fn(String) -> Entry,
    ) -> Vec<Place<'a, 'i>> {
        let Some(value) = table.get(list) else { return Vec::new() };
        let mut places = Vec::new();
        let Some(items) = value.get_ref().as_array() else {
            self.wrong_type(list, value, &Entry::File, "a list of tables");
            return places;
        };
        for item in items.iter() {
            let Some(table) = item.get_ref().as_table() else {
                self.wrong_type(list, item, &Entry::File, "a list of tables");
                continue;
            };
            let key = table.get(named_by);
            let name = match key.map(Spanned::get_ref) {
                Some(DeValue::String(text)) => text.clone().into_owned(),
                Some(DeValue::Array(of)) => {
                    let texts = of.iter().filter_map(|it| it.get_ref().as_str());
                    texts.collect::<Vec<_>>().join(", ")
                }
                _ => String::new(),
            };
            let line = self.line(key.map_or(item.span().start, |it| it.span().start));
            places.push(Place { table, entry: entry(name), line });
        }
        places
    }

    fn feature(&mut self, place: &Place<'_, '_>) -> FeatureEntry {
        self.known(place.table, &place.entry, FEATURE);
        FeatureEntry {
            line: Some(place.line),
            key: self.required(place, "key"),
            name: self.name(place),
            group: self.text(place.table, "group", &place.entry).unwrap_or_default(),
            owner: self.text(place.table, "owner", &place.entry).unwrap_or_default(),
            description: self.text(place.table, "description", &place.entry).unwrap_or_default(),
            released: self.day(place, "released"),
            rules: self.rules(place),
        }
    }

    fn rules(&mut self, place: &Place<'_, '_>) -> Vec<Rule> {
        const WANTED: &str = "a list of rules such as { category = \"…\", action = \"…\" }";
        let Some(value) = place.table.get("rules") else { return Vec::new() };
        let Some(items) = value.get_ref().as_array() else {
            self.wrong_type("rules", value, &place.entry, WANTED);
            return Vec::new();
        };
        let mut rules = Vec::new();
        for item in items.iter() {
            match item.get_ref().as_table() {
                Some(table) => {
                    let line = self.line(item.span().start);
                    rules.push(self.rule(table, &place.entry, line));
                }
                None => self.wrong_type("rules", item, &place.entry, WANTED),
            }
        }
        rules
    }

    fn rule(&mut self, table: &Table<'_>, entry: &Entry, line: usize) -> Rule {
        self.known(table, entry, RULE);
        // An empty text says as little as none.
        let mut text = |name| self.text(table, name, entry).filter(|it| !it.is_empty());
        let mut rule = Rule {
            category: text("category"),
            action: text("action"),
            name: text("name"),
            page: text("page"),
        };
        match (text("tracker"), text("tracker-group")) {
            (Some(_), _) if rule.category.is_some() || rule.action.is_some() => {
                self.wrong(line, entry, Fault::TrackerAndEvent);
            }
            (Some(feature), group) => {
                rule.category = Some(group.unwrap_or_else(|| NO_GROUP.to_owned()));
                rule.action = Some(feature);
            }
            (None, Some(_)) => self.wrong(line, entry, Fault::GroupWithoutTracker),
            (None, None) => (),
        }
        rule
    }

    fn audience(&mut self, place: &Place<'_, '_>) -> Option<AudienceEntry> {
        self.known(place.table, &place.entry, AUDIENCE);
        let (key, name) = (self.required(place, "key"), self.name(place));
        let (dimension, values) = (self.dimension(place), self.texts(place, "values"));
        Some(AudienceEntry {
            line: Some(place.line),
            key,
            name,
            kind: self.kind(place)?,
            dimension,
            values,
        })
    }

    fn kind(&mut self, place: &Place<'_, '_>) -> Option<AudienceKind> {
        let Some(value) = place.table.get("kind") else {
            self.wrong(place.line, &place.entry, Fault::MissingField("kind"));
            return None;
        };
        let Some(name) = value.get_ref().as_str() else {
            self.wrong_type("kind", value, &place.entry, "a text");
            return None;
        };
        let known = KINDS.iter().find(|(it, _)| *it == name).map(|(_, kind)| *kind);
        if known.is_none() {
            let line = self.line(value.span().start);
            self.wrong(line, &place.entry, Fault::UnknownKind(name.to_owned()));
        }
        known
    }

    fn dimension(&mut self, place: &Place<'_, '_>) -> Option<u16> {
        let value = place.table.get("dimension")?;
        let number = match value.get_ref() {
            DeValue::Integer(number) => number.to_string().parse().ok(),
            _ => None,
        };
        if number.is_none() {
            self.wrong_type("dimension", value, &place.entry, "a number");
        }
        number
    }

    fn pair(&mut self, place: &Place<'_, '_>) -> Option<PairEntry> {
        self.known(place.table, &place.entry, PAIR);
        let Some(value) = place.table.get("of") else {
            self.wrong(place.line, &place.entry, Fault::MissingField("of"));
            return None;
        };
        match <[String; 2]>::try_from(self.texts(place, "of")) {
            Ok(of) => Some(PairEntry { line: Some(place.line), of }),
            Err(_) => {
                self.wrong_type("of", value, &place.entry, "two keys of audiences");
                None
            }
        }
    }

    fn funnel(&mut self, place: &Place<'_, '_>) -> FunnelEntry {
        self.known(place.table, &place.entry, FUNNEL);
        FunnelEntry {
            line: Some(place.line),
            key: self.required(place, "key"),
            name: self.name(place),
            steps: self.steps(place),
        }
    }

    fn steps(&mut self, place: &Place<'_, '_>) -> Vec<FunnelStep> {
        const WANTED: &str = "a list of features' keys, or { feature = \"…\", optional = true }";
        let Some(value) = place.table.get("steps") else { return Vec::new() };
        let Some(items) = value.get_ref().as_array() else {
            self.wrong_type("steps", value, &place.entry, WANTED);
            return Vec::new();
        };
        let mut steps = Vec::new();
        for item in items.iter() {
            match item.get_ref() {
                DeValue::String(key) => {
                    steps.push(FunnelStep { feature: key.clone().into_owned(), optional: false });
                }
                DeValue::Table(table) => {
                    self.known(table, &place.entry, STEP);
                    let optional = table.get("optional");
                    if let Some(value) = optional.filter(|it| it.get_ref().as_bool().is_none()) {
                        self.wrong_type("optional", value, &place.entry, "true or false");
                    }
                    let optional = optional.and_then(|it| it.get_ref().as_bool());
                    let feature = self.text(table, "feature", &place.entry).unwrap_or_default();
                    steps.push(FunnelStep { feature, optional: optional.unwrap_or_default() });
                }
                _ => self.wrong_type("steps", item, &place.entry, WANTED),
            }
        }
        steps
    }

    fn name(&mut self, place: &Place<'_, '_>) -> Named {
        let Some(value) = place.table.get("name") else { return Named::default() };
        match value.get_ref() {
            DeValue::String(text) => Named { fr: trimmed(text), en: String::new() },
            DeValue::Table(table) => {
                self.known(table, &place.entry, NAME);
                let mut of = |name| self.text(table, name, &place.entry).unwrap_or_default();
                Named { fr: of("fr"), en: of("en") }
            }
            _ => {
                const WANTED: &str = "a text, or { fr = \"…\", en = \"…\" }";
                self.wrong_type("name", value, &place.entry, WANTED);
                Named::default()
            }
        }
    }

    fn day(&mut self, place: &Place<'_, '_>, field: &'static str) -> Option<DayNumber> {
        let value = place.table.get(field)?;
        let text = match value.get_ref() {
            DeValue::Datetime(date) if date.time.is_none() => date.to_string(),
            DeValue::String(text) => text.clone().into_owned(),
            _ => String::new(),
        };
        let date = text.parse::<jiff::civil::Date>().ok();
        if date.is_none() {
            self.wrong_type(field, value, &place.entry, DATE);
        }
        date.map(number_of)
    }

    fn required(&mut self, place: &Place<'_, '_>, field: &'static str) -> String {
        if place.table.get(field).is_none() {
            self.wrong(place.line, &place.entry, Fault::MissingField(field));
        }
        self.text(place.table, field, &place.entry).unwrap_or_default()
    }

    fn text(&mut self, table: &Table<'_>, field: &str, entry: &Entry) -> Option<String> {
        let value = table.get(field)?;
        let text = value.get_ref().as_str().map(trimmed);
        if text.is_none() {
            self.wrong_type(field, value, entry, "a text");
        }
        text
    }

    fn texts(&mut self, place: &Place<'_, '_>, field: &'static str) -> Vec<String> {
        let Some(value) = place.table.get(field) else { return Vec::new() };
        let items = value.get_ref().as_array();
        let texts = items.and_then(|items| {
            items
                .iter()
                .map(|it| it.get_ref().as_str().map(str::to_owned))
                .collect::<Option<Vec<_>>>()
        });
        if texts.is_none() {
            self.wrong_type(field, value, &place.entry, "a list of texts");
        }
        texts.unwrap_or_default()
    }
}

fn trimmed(text: &str) -> String {
    text.trim().to_owned()
}
