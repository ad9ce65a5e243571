//! Questions with `segment=`: answered from the rollups of a declared segment, else from visits that
//! are kept.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use actix_web::web::block;
use tokio::sync::Semaphore;
use tracing::error;

use super::{api::away, state::State};
use crate::{
    report::{Found, Part, Refusal, gather},
    rollup::Delta,
    segment::{self, Segment, Wrong},
    session::Sessions,
    site::{self, DayNumber, Site, SiteId},
};

/// Bytes of one site's day that are looked through at most: some hundred thousand hits, which take
/// about five times as much memory for a moment.
const LARGEST_DAY: i64 = 64 << 20;
/// Answers remembered, because a screen asks many reports of one segment.
const REMEMBERED: usize = 8;
/// A remembered answer has at most so many rows.
const LARGEST_ANSWER: usize = 50_000;

/// Segmented questions: one is worked on at a time, a few are remembered.
pub(super) struct Desk {
    turn: Semaphore,
    memory: Mutex<VecDeque<(Question, Arc<Delta>)>>,
}

/// What was looked through for which segment. With the next hit a day has other bytes.
#[derive(PartialEq)]
struct Question {
    site: SiteId,
    segment: Segment,
    days: Vec<(DayNumber, i64)>,
}

impl Default for Desk {
    fn default() -> Self {
        Self { turn: Semaphore::new(1), memory: Mutex::default() }
    }
}

impl Desk {
    fn recall(&self, question: &Question) -> Option<Arc<Delta>> {
        let memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        memory.iter().find(|(it, _)| it == question).map(|(_, delta)| Arc::clone(delta))
    }

    fn remember(&self, question: Question, delta: &Arc<Delta>) {
        if delta.len() > LARGEST_ANSWER {
            return;
        }
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        memory.truncate(REMEMBERED - 1);
        memory.push_front((question, Arc::clone(delta)));
    }
}

/// What a part of an answer needs, of the visits in a segment.
pub(super) async fn read(part: &Part, text: &str, state: &State) -> Result<Found, Refusal> {
    let segment = Segment::parse(text, &part.site).map_err(|wrong| refused(&wrong))?;
    let first = part.asks.iter().filter_map(|ask| ask.days()).map(|(first, _)| first).min();
    let last = part.asks.iter().filter_map(|ask| ask.days()).map(|(_, last)| last).max();
    let Some(span) = first.zip(last) else { return Ok(gather(&Delta::default(), &part.asks)) };
    let series = state.series();
    let declared = series.iter().find(|it| it.site == part.site.id && it.segment == segment);
    // The day of the declaration itself is only counted in part.
    if let Some(declared) = declared.filter(|it| it.since < span.0) {
        return from_rollups(declared.number, part, state).await;
    }
    let missing = match state.visit_days(&part.site) {
        0 => Some(None),
        _ => {
            let not_kept = state.store.not_kept(part.site.id, span, segment::FORM).await;
            not_kept.map_err(|error| away(&error))?.map(Some)
        }
    };
    match (missing, declared) {
        (None, _) => (),
        (Some(_), Some(declared)) if declared.since <= span.1 => {
            return from_rollups(declared.number, part, state).await;
        }
        (Some(_), Some(declared)) => return Err(not_yet_declared(&part.site, declared.since)),
        (Some(None), None) => return Err(not_declared(&part.site)),
        (Some(Some(day)), None) => return Err(not_kept_before(&part.site, day)),
    }
    let delta = from_kept(segment, &part.site, span, state).await?;
    let mut found = gather(&delta, &part.asks);
    state.store.spell(&mut found).await.map_err(|error| away(&error))?;
    Ok(found)
}

async fn from_rollups(series: SiteId, part: &Part, state: &State) -> Result<Found, Refusal> {
    state.store.read(series, &part.asks).await.map_err(|error| away(&error))
}

fn not_yet_declared(site: &Site, since: DayNumber) -> Refusal {
    Refusal::new(format!(
        "This segment of site {} was declared on {} and is counted from then on: please ask about days from then on.",
        site.id,
        site::date_of(since)
    ))
}

fn refused(wrong: &Wrong) -> Refusal {
    Refusal::new(wrong.to_string())
}

fn not_declared(site: &Site) -> Refusal {
    Refusal::new(format!(
        "The site {} keeps no visits, so that a segment is answered from the day it is declared on: declare it with SegmentEditor.add (name, definition, idSite={}), or use a site with the policy 'complete'.",
        site.id, site.id
    ))
}

fn not_kept_before(site: &Site, day: DayNumber) -> Refusal {
    Refusal::new(format!(
        "The visits of site {} are kept from {} on: please ask about days from then on, or declare the segment with SegmentEditor.add, so that it is counted from now on.",
        site.id,
        site::date_of(day.saturating_add(1))
    ))
}

/// Day by day, so that one day is in memory at a time; distinct visitors of weeks and months are
/// carried along.
async fn from_kept(
    segment: Segment,
    site: &Arc<Site>,
    span: (DayNumber, DayNumber),
    state: &State,
) -> Result<Arc<Delta>, Refusal> {
    let desk = &state.segmenting;
    let _one_at_a_time = desk.turn.acquire().await.map_err(|_| broken())?;
    let days = state.store.kept_days(site.id, span, segment::FORM).await;
    let days = days.map_err(|error| away(&error))?;
    let question = Question { site: site.id, segment: segment.clone(), days: days.clone() };
    if let Some(delta) = desk.recall(&question) {
        return Ok(delta);
    }
    let mut delta = Delta::default();
    let mut sessions = Sessions::default();
    let mut segment = segment;
    for (day, bytes) in days {
        if bytes > LARGEST_DAY {
            return Err(too_many(site, day));
        }
        let kept = state.store.kept(site.id, day, segment::FORM).await;
        let kept = kept.map_err(|error| away(&error))?;
        let of_site = Arc::clone(site);
        let work = move || {
            let mut steps = Vec::new();
            for bytes in kept {
                steps.extend(segment::read_back(&bytes)?);
            }
            let day = segment::retrace(&segment, &of_site, &steps, &mut sessions);
            delta.merge(day);
            Some((delta, sessions, segment))
        };
        (delta, sessions, segment) = block(work).await.ok().flatten().ok_or_else(broken)?;
    }
    let delta = Arc::new(delta);
    desk.remember(question, &delta);
    Ok(delta)
}

fn too_many(site: &Site, day: DayNumber) -> Refusal {
    Refusal::new(format!(
        "The site {} had too many visits on {} to look through: declare the segment with SegmentEditor.add, so that it is counted from now on.",
        site.id,
        site::date_of(day)
    ))
}

fn broken() -> Refusal {
    error!("kept visits could not be read");
    Refusal {
        status: 500,
        ..Refusal::new("The kept visits could not be read: the server's log says more.")
    }
}
