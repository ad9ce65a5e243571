//! The data map: names by kind, each with what becomes of it.

use serde::Serialize;

use super::{
    address::Address, dates, lang::Chosen, number, overview::SiteName, register, text::Text,
};
use crate::site::{self, DayNumber};

/// The names of a site.
#[derive(Clone, Debug, Default)]
pub struct DataMap {
    pub site: SiteName,
    pub names: Vec<MappedName>,
    /// Whether whoever looks may label names.
    pub may_label: bool,
    pub told: Labelled,
}

/// A name, or the shape of names.
#[derive(Clone, Debug, Default)]
pub struct MappedName {
    pub id: i32,
    /// As the API calls it.
    pub kind: &'static str,
    pub name: String,
    pub is_shape: bool,
    pub label: Label,
    /// Whether labels can be set on it.
    pub may_be_kept: bool,
    pub seen: i64,
    pub first: DayNumber,
    pub last: DayNumber,
}

/// What becomes of what arrives under a name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Label {
    #[default]
    Protected,
    Trace,
    Noise,
}

/// What became of a label that was set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Labelled {
    #[default]
    Nothing,
    Done,
    EventFirst,
    Declared,
    NotPossible,
}

#[derive(Debug, Serialize)]
pub(super) struct View {
    site: SiteName,
    back: String,
    here: String,
    csv: String,
    done: bool,
    refused: Option<String>,
    kinds: Vec<KindView>,
    may_label: bool,
}

#[derive(Debug, Serialize)]
struct KindView {
    kind: &'static str,
    title: String,
    caption: String,
    rows: Vec<RowView>,
}

#[derive(Debug, Serialize)]
struct RowView {
    id: i32,
    name: String,
    is_shape: bool,
    label: String,
    is_trace: bool,
    is_noise: bool,
    may_be_kept: bool,
    seen: String,
    first: String,
    last: String,
}

const PATH: &str = "/data-map";

/// The page in another language.
pub(super) fn address(site: u32, chosen: Chosen) -> String {
    register::address(PATH, site, chosen)
}

const KINDS: [&str; 6] =
    ["event", "event_name", "dimension_value", "url_parameter", "title", "parameter"];

impl DataMap {
    pub(super) fn view(&self, chosen: Chosen, text: &Text) -> View {
        let refused = match self.told {
            Labelled::Nothing | Labelled::Done => None,
            Labelled::EventFirst => Some("data_map.event_first"),
            Labelled::Declared => Some("data_map.declared"),
            Labelled::NotPossible => Some("data_map.not_possible"),
        };
        View {
            site: self.site.clone(),
            back: Address::site(self.site.id, chosen).plain(),
            here: address(self.site.id, chosen),
            csv: register::address("/data-map.csv", self.site.id, chosen),
            done: self.told == Labelled::Done,
            refused: refused.map(|key| text.say(key)),
            kinds: KINDS.into_iter().filter_map(|kind| self.kind(kind, text)).collect(),
            may_label: self.may_label,
        }
    }

    fn kind(&self, kind: &'static str, text: &Text) -> Option<KindView> {
        let rows: Vec<RowView> =
            self.names.iter().filter(|it| it.kind == kind).map(|it| self.row(it, text)).collect();
        let title = text.say(&format!("data_map.kinds.{kind}"));
        let caption = text.fill("data_map.caption", &[("kind", &title)]);
        (!rows.is_empty()).then_some(KindView { kind, title, caption, rows })
    }

    fn row(&self, name: &MappedName, text: &Text) -> RowView {
        let label = match name.label {
            Label::Protected => "data_map.protected",
            Label::Trace => "data_map.trace",
            Label::Noise => "data_map.noise",
        };
        let day = |number| dates::with_year(site::date_of(number), text);
        RowView {
            id: name.id,
            name: name.name.clone(),
            is_shape: name.is_shape,
            label: text.say(label),
            is_trace: name.label == Label::Trace,
            is_noise: name.label == Label::Noise,
            may_be_kept: name.may_be_kept,
            seen: number::integer(u64::try_from(name.seen).unwrap_or_default(), text.lang()),
            first: day(name.first),
            last: day(name.last),
        }
    }
}
