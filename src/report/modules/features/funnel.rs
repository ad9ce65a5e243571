//! Funnels: how far visits get through features that follow each other.

use super::{
    columns::{count, share},
    levels::{self, Topic, Topics},
    question::{Measure, Question, named, undeclared},
    reading::{Reading, Who},
};
use crate::{
    report::{
        need::Need,
        refusal::Refusal,
        scene::{Asked, Scene},
        table::{Cell, Fields, Record, Table},
    },
    rollup::subject,
    site::{self, Funnel},
};

const MEASURES: [Measure; 1] = [Measure::count(subject::FUNNEL)];

/// The funnel of a question, by its number or its key.
fn chosen<'a>(asked: &Asked<'a>) -> Result<&'a Funnel, Refusal> {
    let register = &asked.site.register;
    let declared = || register.funnels.iter().map(|it| format!("{} (idFunnel={})", it.key, it.id));
    match (asked.params.get("funnel"), asked.params.get("idFunnel")) {
        (None, None) => Err(Refusal::missing("funnel")),
        (Some(key), _) => register.funnel(key).ok_or_else(|| undeclared("funnel", key, declared())),
        (None, Some(id)) => {
            let found = register.funnels.iter().find(|it| it.id.to_string() == id);
            found.ok_or_else(|| undeclared("funnel", id, declared()))
        }
    }
}

pub(super) fn one_needs(asked: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    chosen(asked)?;
    all_needs(asked)
}

pub(super) fn all_needs(asked: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    Question::read(asked)?.needs(&MEASURES)
}

/// The steps of one funnel.
pub(super) fn one(scene: &Scene<'_>) -> Table {
    let asked = scene.asked();
    let (Ok(question), Ok(funnel)) = (Question::read(&asked), chosen(&asked)) else {
        return Table::default();
    };
    of(&question, &[funnel], true, scene)
}

/// All funnels, each with its steps under it.
pub(super) fn all(scene: &Scene<'_>) -> Table {
    let asked = scene.asked();
    let Ok(question) = Question::read(&asked) else { return Table::default() };
    let funnels: Vec<&Funnel> = question.register.funnels.iter().collect();
    of(&question, &funnels, false, scene)
}

fn of(question: &Question<'_>, funnels: &[&Funnel], is_one: bool, scene: &Scene<'_>) -> Table {
    let reading = Reading::new(question, &MEASURES, scene);
    let topic = |funnel: &&Funnel| Topic {
        id: i64::from(funnel.id),
        key: funnel.key.clone(),
        label: named(&funnel.name, &funnel.key, question.language).to_owned(),
        about: vec![
            ("idFunnel".into(), Cell::Count(i64::from(funnel.id))),
            ("funnel".into(), Cell::text(&funnel.key)),
            ("since".into(), Cell::text(&site::date_of(funnel.since).to_string())),
        ],
    };
    let topics = Topics { list: funnels.iter().map(topic).collect(), is_one };
    levels::table(question, &reading, &topics, |topic, who| {
        let Some(funnel) = funnels.iter().find(|it| i64::from(it.id) == topic.id) else {
            return (Fields::new(), None);
        };
        let reached = reached(funnel, &reading, who);
        (whole(funnel, &reached), Some(steps(question, funnel, &reached)))
    })
}

/// Visits that reached each step.
fn reached(funnel: &Funnel, reading: &Reading<'_>, who: Who) -> Vec<i64> {
    let counts = reading.leaves(0, i64::from(funnel.id), who);
    let step = |at: i64| counts.get(&at).copied().unwrap_or_default();
    (1..).take(funnel.steps.len()).map(step).collect()
}

/// Who went in, and who came to the last step that is not optional.
fn whole(funnel: &Funnel, reached: &[i64]) -> Fields {
    let entered = entered(funnel, reached);
    let mut must = funnel.steps.iter().zip(reached).filter(|(step, _)| !step.optional);
    let through = must.next_back().map_or(0, |(_, n)| *n);
    vec![
        count("nb_visits", entered),
        count("nb_visits_completed", through),
        share("completion_rate", through, entered),
        count("nb_visits_lost", (entered - through).max(0)),
    ]
}

/// Visits of the first step that is not optional: what shares are of.
fn entered(funnel: &Funnel, reached: &[i64]) -> i64 {
    let mut steps = funnel.steps.iter().zip(reached);
    steps.find(|(step, _)| !step.optional).map_or(0, |(_, n)| *n)
}

fn steps(question: &Question<'_>, funnel: &Funnel, reached: &[i64]) -> Table {
    let first = entered(funnel, reached);
    let mut before: Option<i64> = None;
    let mut rows: Vec<Record> = Vec::with_capacity(reached.len());
    for ((number, step), n) in (1_i64..).zip(&funnel.steps).zip(reached) {
        let feature = question.register.feature_of_key(&step.feature);
        let name = feature.map_or(step.feature.as_str(), |it| question.name(it));
        let from = before.unwrap_or(*n);
        // Nobody is lost who leaves out what is optional.
        let lost = if step.optional { 0 } else { (from - n).max(0) };
        let columns = vec![
            count("nb_visits", *n),
            share("reached_rate", *n, first),
            share("step_rate", *n, from),
            count("nb_visits_lost", lost),
        ];
        let metadata = vec![
            ("step".into(), Cell::Count(number)),
            ("feature".into(), Cell::text(&step.feature)),
            ("optional".into(), Cell::Count(i64::from(step.optional))),
        ];
        let label = format!("{number}. {name}");
        rows.push(levels::record(&label, columns, metadata, &[], None));
        if !step.optional {
            before = Some(*n);
        }
    }
    Table::of(rows)
}
