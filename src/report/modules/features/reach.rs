//! Reach: how many of the establishments of a territory use a feature. Of how many there are, the
//! directory tells that was imported; which one a visit is of, the audience of that kind.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    columns::{count, share},
    levels,
    question::{Lens, Measure, Question},
};
use crate::{
    report::{
        labels::Language,
        need::{Need, Only, Row},
        params::Params,
        refusal::Refusal,
        scene::{Asked, Scene},
        table::{Cell, Fields, Name, Record, Table},
    },
    rollup::subject,
    school::place::{Academy, Department, Facet, Kind, SchoolLevel, Sector},
    site::AudienceKind,
};

/// What rows are: what the directory says, or the régions that académies make.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    Facet(Facet),
    Region,
}

impl By {
    fn read(params: &Params) -> Result<Self, Refusal> {
        let asked = params.get("by").unwrap_or(Facet::Academy.word());
        let facet = || Facet::by_word(asked).map(Self::Facet);
        (asked == "region").then_some(Self::Region).or_else(facet).ok_or_else(|| {
            let words: Vec<&str> = Facet::ALL.iter().map(|it| it.word()).collect();
            Refusal::new(format!(
                "Establishments are not told apart by '{asked}'. Use one of: region, {}.",
                words.join(", ")
            ))
        })
    }

    /// What is read for it.
    const fn facet(self) -> Facet {
        match self {
            Self::Region => Facet::Academy,
            Self::Facet(facet) => facet,
        }
    }

    /// The row that a word of the directory belongs to: what tells it apart, and its name.
    fn row(self, word: &str, language: Language) -> Option<(String, String)> {
        let named = |names: [&str; 2]| {
            let [french, english] = names;
            if language == Language::French { french.to_owned() } else { english.to_owned() }
        };
        let place =
            |level: &str, code: &str, name: &str| (format!("{level}:{code}"), name.to_owned());
        // No word would be a code that lost all its zeros.
        if word.is_empty() {
            return None;
        }
        match self {
            Self::Region => {
                let region = Academy::by_code(word).and_then(Academy::region)?;
                Some(place("region", region.code, region.name))
            }
            Self::Facet(Facet::Academy) => {
                Academy::by_code(word).map(|it| place("academie", it.code, it.name))
            }
            Self::Facet(Facet::Department) => {
                Department::by_code(word).map(|it| place("departement", it.code, it.name))
            }
            Self::Facet(Facet::Kind) => {
                Kind::by_word(word).map(|it| (it.word().to_owned(), named(it.names())))
            }
            Self::Facet(Facet::Level) => {
                SchoolLevel::by_word(word).map(|it| (it.word().to_owned(), named(it.names())))
            }
            Self::Facet(Facet::Sector) => {
                Sector::by_word(word).map(|it| (it.word().to_owned(), named(it.names())))
            }
        }
    }
}

/// The features of a question and any visit.
pub(super) fn only(asked: &Asked<'_>, _: &Need) -> Only {
    Question::read(asked).map(|question| question.only()).unwrap_or_default()
}

pub(super) fn needs(asked: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    let question = Question::read(asked)?;
    let by = By::read(asked.params)?.facet();
    if question.lens != Lens::Everyone {
        return Err(Refusal::new(
            "Establishments are counted of everyone: leave 'audience' out, and use 'by' for régions, académies, départements, types, levels or sectors.",
        ));
    }
    if asked.params.get("segment").is_some() {
        return Err(Refusal::new("Establishments are counted of all visits: leave 'segment' out."));
    }
    let audiences = &question.register.audiences;
    let school = audiences.iter().find(|it| it.kind == AudienceKind::Establishment);
    let school = school.ok_or_else(|| {
        Refusal::new(
            "No audience of the kind 'establishment' is declared on this site: nobody tells which establishment a visit is of.",
        )
    })?;
    let subject = subject::cut(Measure::USE.number, school.cut);
    Ok(vec![Need::Reach { subject, by }, Need::Open { by }])
}

/// Establishments by the row they belong to; what no row is of is under nothing.
type Counts = BTreeMap<String, i64>;

struct Directory {
    by: By,
    language: Language,
    names: BTreeMap<String, String>,
}

impl Directory {
    fn count<'a>(&mut self, rows: impl Iterator<Item = &'a &'a Row>) -> Counts {
        let mut counts = Counts::new();
        for row in rows {
            let known = self.by.row(row.sub.as_str(), self.language);
            let key = known.map_or_else(String::new, |(key, name)| {
                self.names.insert(key.clone(), name);
                key
            });
            *counts.entry(key).or_default() += row.figures[0];
        }
        counts
    }
}

pub(super) fn build(scene: &Scene<'_>) -> Table {
    let asked = scene.asked();
    let (Ok(question), Ok(by)) = (Question::read(&asked), By::read(scene.params)) else {
        return Table::default();
    };
    let mut directory = Directory { by, language: scene.language(), names: BTreeMap::new() };
    let open = directory.count(scene.rows(1).iter());
    let of = |id: i64, directory: &mut Directory| {
        directory.count(scene.rows(0).iter().filter(|row| row.value.id == id))
    };
    let active = of(0, &mut directory);
    let topics = levels::features(&question);
    let rows = topics.list.iter().map(|topic| {
        let used = of(topic.id, &mut directory);
        let keys: BTreeSet<&String> = open.keys().chain(active.keys()).collect();
        let under = keys.into_iter().map(|key| {
            let figure = |counts: &Counts| counts.get(key).copied().unwrap_or_default();
            // What is in no place is a share of nothing that is known.
            let open = if key.is_empty() { 0 } else { figure(&open) };
            let name =
                directory.names.get(key).map_or_else(|| unknown(scene.language()), Clone::clone);
            let told =
                if by == By::Region || matches!(by.facet(), Facet::Academy | Facet::Department) {
                    "place"
                } else {
                    "value"
                };
            let told = vec![(told.into(), Cell::text(key))];
            levels::record(&name, columns(figure(&used), figure(&active), open), told, &[], None)
        });
        let mut under: Vec<Record> = under.filter(|row| !is_nothing(row)).collect();
        // Those with most first; the others by name.
        under.sort_by_cached_key(|row| {
            let used = row.number("nb_establishments_with_use") as i64;
            (std::cmp::Reverse(used), row.caption().unwrap_or_default().to_owned())
        });
        // Of the whole, those alone that the directory knows: else shares could be more than all.
        let known = |counts: &Counts| {
            counts.iter().filter(|(key, _)| !key.is_empty()).map(|(_, n)| n).sum::<i64>()
        };
        let columns = columns(known(&used), known(&active), known(&open));
        let path = [topic.key.as_str()];
        levels::record(&topic.label, columns, topic.about.clone(), &path, Some(Table::of(under)))
    });
    let mut rows: Vec<Record> = rows.collect();
    if topics.is_one {
        return rows.pop().and_then(|row| row.below).map(|below| below.table).unwrap_or_default();
    }
    Table::of(rows)
}

fn is_nothing(row: &Record) -> bool {
    ["nb_establishments_active", "nb_establishments"].iter().all(|it| row.number(it) == 0.0)
}

fn unknown(language: Language) -> String {
    match language {
        Language::English => "Not in the directory".to_owned(),
        Language::French => "Absents de l’annuaire".to_owned(),
    }
}

fn columns(used: i64, active: i64, open: i64) -> Fields {
    let of_open = |name, part| {
        let none = (Name::from(name), Cell::Null);
        if open > 0 { share(name, part, open) } else { none }
    };
    vec![
        count("nb_establishments_with_use", used),
        count("nb_establishments_active", active),
        count("nb_establishments", open),
        of_open("reach_rate", used),
        of_open("active_reach_rate", active),
    ]
}
