//! Rows of features, of values of an audience, of what is under them.
//!
//! Every report has the same levels: features, unless the question names one; under them the values
//! of its audience, where it has one and names no value; under these whatever the report counts by.

use super::{
    question::{Lens, Question},
    reading::{Reading, Who},
};
use crate::report::{
    modules::rows::below,
    table::{Cell, Fields, Record, Table},
};
use crate::site::{self, Feature};

/// What rows are about: a feature or a funnel.
pub(in crate::report::modules) struct Topic {
    pub(in crate::report::modules) id: i64,
    /// What tells it apart in every language.
    pub(in crate::report::modules) key: String,
    pub(in crate::report::modules) label: String,
    pub(in crate::report::modules) about: Fields,
}

/// Everything a table is about.
pub(in crate::report::modules) struct Topics {
    pub(in crate::report::modules) list: Vec<Topic>,
    /// Whether the question names it.
    pub(in crate::report::modules) is_one: bool,
}

/// The figures of a row and what is under it.
pub(in crate::report::modules) type Figures = (Fields, Option<Table>);

/// The features of a question.
pub(super) fn features(question: &Question<'_>) -> Topics {
    let list = question.features().into_iter().map(|feature| topic(question, feature));
    Topics { list: list.collect(), is_one: question.feature.is_some() }
}

fn topic(question: &Question<'_>, feature: &Feature) -> Topic {
    let mut about = vec![("feature".into(), Cell::text(&feature.key))];
    for (name, text) in [("group", &feature.group), ("owner", &feature.owner)] {
        if !text.is_empty() {
            about.push((name.into(), Cell::text(text)));
        }
    }
    if let Some(day) = feature.released {
        about.push(("released".into(), Cell::text(&site::date_of(day).to_string())));
    }
    let label = named_apart(question, feature);
    Topic { id: i64::from(feature.id), key: feature.key.clone(), label, about }
}

/// The name, with the key where several features are called so.
fn named_apart(question: &Question<'_>, feature: &Feature) -> String {
    let name = |it| question.name(it);
    let own = name(feature);
    let alike = question.register.features.iter().filter(|it| name(it) == own).count();
    if alike > 1 { format!("{own} ({})", feature.key) } else { own.to_owned() }
}

/// The rows of a report. Where the question is about one topic and all it says is under it, that is
/// the answer.
pub(in crate::report::modules) fn table(
    question: &Question<'_>,
    reading: &Reading<'_>,
    topics: &Topics,
    make: impl Fn(&Topic, Who) -> Figures,
) -> Table {
    let is_split = matches!(question.lens, Lens::Split(_));
    let values = |topic: &Topic, path: &[&str]| {
        let rows = reading.values.iter().map(|(id, text)| {
            let (columns, under) = make(topic, Who::Value(*id));
            let path: Vec<&str> = path.iter().copied().chain([text.as_str()]).collect();
            record(text, columns, Vec::new(), &path, under)
        });
        Table::of(rows.collect())
    };
    if let (true, [only]) = (topics.is_one, topics.list.as_slice()) {
        let (columns, under) = make(only, Who::All);
        return match under {
            _ if is_split => values(only, &[]),
            Some(under) => under,
            None => Table::of(vec![record(&only.label, columns, only.about.clone(), &[], None)]),
        };
    }
    let rows = topics.list.iter().map(|topic| {
        let (columns, under) = make(topic, Who::All);
        let under = if is_split { Some(values(topic, &[&topic.key])) } else { under };
        record(&topic.label, columns, topic.about.clone(), &[&topic.key], under)
    });
    Table::of(rows.collect())
}

/// A row that is shown by its name as it stands.
pub(in crate::report::modules) fn record(
    label: &str,
    columns: Fields,
    metadata: Fields,
    path: &[&str],
    under: Option<Table>,
) -> Record {
    let under = under.filter(|table| !table.rows.is_empty());
    Record {
        // A plus or a percent sign in a name would be read as encoded.
        shown: Some(label.to_owned()),
        below: under.and_then(|table| below(path, table)),
        metadata,
        ..Record::new(label, columns)
    }
}
