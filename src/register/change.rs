//! What is different between two registers, in words.

use super::{
    number::same_rules,
    problem::{Entry, Language, colon, kind_name},
};
use crate::site::{Audience, Feature, Funnel, Named, Register, date_of};

/// Whether something is new, different or gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    New,
    Different,
    Gone,
}

impl Sign {
    fn as_str(self) -> &'static str {
        match self {
            Self::New => "+",
            Self::Different => "~",
            Self::Gone => "-",
        }
    }
}

/// What it is about an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It was not there, or is not there any more.
    Whole,
    /// A text, by its field.
    Text(&'static str),
    /// From that day on.
    Rules {
        since: String,
        now: String,
    },
    AudienceKind {
        before: &'static str,
        now: &'static str,
        counts_anew: bool,
    },
    Dimension {
        before: Option<u16>,
        now: Option<u16>,
    },
    Values {
        more: Vec<String>,
        fewer: Vec<String>,
    },
    Steps {
        since: String,
        now: String,
    },
    /// A pair's rows are of other periods now.
    CountsAnew,
}

/// One line of a difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub sign: Sign,
    pub entry: Entry,
    pub kind: Kind,
}

/// What is different, features first, in the order of the new register and then of what is gone.
pub fn diff(old: &Register, new: &Register) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut add = |sign, entry, kind| changes.push(Change { sign, entry, kind });
    let whole = |known: bool| if known { None } else { Some((Sign::New, Kind::Whole)) };
    for now in &new.features {
        let entry = || Entry::Feature(now.key.clone());
        let before = old.feature_of_key(&now.key);
        let kinds = before.map(|it| feature(it, now)).unwrap_or_default();
        whole(before.is_some()).into_iter().for_each(|(sign, kind)| add(sign, entry(), kind));
        kinds.into_iter().for_each(|kind| add(Sign::Different, entry(), kind));
    }
    for before in old.features.iter().filter(|it| new.feature_of_key(&it.key).is_none()) {
        add(Sign::Gone, Entry::Feature(before.key.clone()), Kind::Whole);
    }
    for now in &new.audiences {
        let entry = || Entry::Audience(now.key.clone());
        let before = old.audience(&now.key);
        let kinds = before.map(|it| audience(it, now)).unwrap_or_default();
        whole(before.is_some()).into_iter().for_each(|(sign, kind)| add(sign, entry(), kind));
        kinds.into_iter().for_each(|kind| add(Sign::Different, entry(), kind));
    }
    for before in old.audiences.iter().filter(|it| new.audience(&it.key).is_none()) {
        add(Sign::Gone, Entry::Audience(before.key.clone()), Kind::Whole);
    }
    for now in &new.pairs {
        let [first, second] = &now.of;
        let entry = || Entry::Pair(now.of.join(", "));
        match old.pair(first, second) {
            None => add(Sign::New, entry(), Kind::Whole),
            Some(before) if before.cut != now.cut => {
                add(Sign::Different, entry(), Kind::CountsAnew);
            }
            Some(_) => (),
        }
    }
    for before in &old.pairs {
        let [first, second] = &before.of;
        if new.pair(first, second).is_none() {
            add(Sign::Gone, Entry::Pair(before.of.join(", ")), Kind::Whole);
        }
    }
    for now in &new.funnels {
        let entry = || Entry::Funnel(now.key.clone());
        let before = old.funnel(&now.key);
        let kinds = before.map(|it| funnel(it, now)).unwrap_or_default();
        whole(before.is_some()).into_iter().for_each(|(sign, kind)| add(sign, entry(), kind));
        kinds.into_iter().for_each(|kind| add(Sign::Different, entry(), kind));
    }
    for before in old.funnels.iter().filter(|it| new.funnel(&it.key).is_none()) {
        add(Sign::Gone, Entry::Funnel(before.key.clone()), Kind::Whole);
    }
    changes
}

fn feature(before: &Feature, now: &Feature) -> Vec<Kind> {
    let mut kinds = named(&before.name, &now.name);
    let texts = [
        ("group", before.group == now.group),
        ("owner", before.owner == now.owner),
        ("description", before.description == now.description),
        ("released", before.released == now.released),
    ];
    kinds.extend(texts.iter().filter(|(_, same)| !same).map(|(field, _)| Kind::Text(field)));
    if !same_rules(&before.rules, &now.rules) {
        let day = |number| date_of(number).to_string();
        kinds.push(Kind::Rules { since: day(before.since), now: day(now.since) });
    }
    kinds
}

fn audience(before: &Audience, now: &Audience) -> Vec<Kind> {
    let mut kinds = named(&before.name, &now.name);
    if before.kind != now.kind {
        let (before, now, counts_anew) =
            (kind_name(before.kind), kind_name(now.kind), before.cut != now.cut);
        kinds.push(Kind::AudienceKind { before, now, counts_anew });
    }
    if before.dimension != now.dimension {
        kinds.push(Kind::Dimension { before: before.dimension, now: now.dimension });
    }
    let without = |of: &[String], those: &[String]| -> Vec<String> {
        of.iter().filter(|it| !those.contains(it)).cloned().collect()
    };
    let (more, fewer) =
        (without(&now.values, &before.values), without(&before.values, &now.values));
    if !more.is_empty() || !fewer.is_empty() {
        kinds.push(Kind::Values { more, fewer });
    }
    kinds
}

fn funnel(before: &Funnel, now: &Funnel) -> Vec<Kind> {
    let mut kinds = named(&before.name, &now.name);
    if before.steps != now.steps {
        let day = |number| date_of(number).to_string();
        kinds.push(Kind::Steps { since: day(before.since), now: day(now.since) });
    }
    kinds
}

fn named(before: &Named, now: &Named) -> Vec<Kind> {
    if before == now { Vec::new() } else { vec![Kind::Text("name")] }
}

impl Change {
    /// The change on one line.
    pub fn say(&self, language: Language) -> String {
        let (french, english) = self.words();
        let what = if language == Language::Fr {
            french.replace(" ;", "\u{202f};").replace(" :", "\u{a0}:")
        } else {
            english
        };
        let (sign, entry) = (self.sign.as_str(), self.entry.say(language));
        format!("{sign} {entry}{}{what}", colon(language))
    }

    fn words(&self) -> (String, String) {
        let pair = |french: &str, english: &str| (french.to_owned(), english.to_owned());
        match (&self.kind, &self.entry) {
            (Kind::Whole, entry) => match (self.sign, entry) {
                (Sign::Gone, Entry::Feature(_)) => pair(
                    "retirée ; ce qui est compté reste en base mais ne se lit plus, et la même clé repartirait de zéro",
                    "taken out; what was counted stays stored but is not shown any more, and the same key would begin anew",
                ),
                (Sign::Gone, _) => pair(
                    "retiré ; ce qui est compté reste en base mais ne se lit plus, et la même clé repartirait de zéro",
                    "taken out; what was counted stays stored but is not shown any more, and the same key would begin anew",
                ),
                (_, Entry::Feature(_) | Entry::Pair(_)) => {
                    pair("nouvelle ; compte à partir de maintenant", "new; counted from now on")
                }
                _ => pair("nouveau ; compte à partir de maintenant", "new; counted from now on"),
            },
            (Kind::Text(field), _) => match *field {
                "name" => pair("le nom change", "another name"),
                "group" => pair("le groupe change", "another group"),
                "owner" => pair("le responsable change", "another owner"),
                "released" => pair("la date de mise en service change", "another release date"),
                _ => pair("la description change", "another description"),
            },
            (Kind::Rules { since, now }, _) => (
                format!(
                    "la règle change ; ce qui est compté depuis le {since} reste, la nouvelle règle compte à partir du {now}"
                ),
                format!(
                    "another rule; what was counted since {since} stays, the new rule counts from {now} on"
                ),
            ),
            (Kind::AudienceKind { before, now, counts_anew }, _) => {
                let (french, english) = if *counts_anew {
                    (" ; compte de nouveau à partir de maintenant", "; counted anew from now on")
                } else {
                    ("", "")
                };
                (
                    format!("le genre passe de {before} à {now}{french}"),
                    format!("the kind was {before} and is {now}{english}"),
                )
            }
            (Kind::Dimension { before, now }, _) => {
                let told =
                    |it: &Option<u16>| it.map_or_else(|| "–".to_owned(), |it| it.to_string());
                let (before, now) = (told(before), told(now));
                (
                    format!("la dimension passe de {before} à {now} ; ce qui est compté reste"),
                    format!("the dimension was {before} and is {now}; what was counted stays"),
                )
            }
            (Kind::Values { more, fewer }, _) => {
                let list = |of: &[String]| {
                    let shown = of.iter().take(8).cloned().collect::<Vec<_>>().join(", ");
                    if of.len() > 8 { format!("{shown}… ({})", of.len()) } else { shown }
                };
                let mut french = Vec::new();
                let mut english = Vec::new();
                if !more.is_empty() {
                    french.push(format!("admet désormais {}", list(more)));
                    english.push(format!("takes {} too", list(more)));
                }
                if !fewer.is_empty() {
                    french.push(format!("n’admet plus {}", list(fewer)));
                    english.push(format!("does not take {} any more", list(fewer)));
                }
                (french.join(" ; "), english.join("; "))
            }
            (Kind::Steps { since, now }, _) => (
                format!(
                    "les étapes changent ; compte de nouveau à partir du {now}, ce qui est compté depuis le {since} ne se lit plus"
                ),
                format!(
                    "other steps; counted anew from {now} on, what was counted since {since} is not shown any more"
                ),
            ),
            (Kind::CountsAnew, _) => {
                pair("compte de nouveau à partir de maintenant", "counted anew from now on")
            }
        }
    }
}
