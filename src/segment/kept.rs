//! Events as they are kept for questions: one after the other, in postcard.

use crate::{
    session::{Placed, Step},
    strip::Event,
};

/// How events are written. Raise it when `Event` or `Placed` change: what was kept before cannot be
/// read any more.
pub const FORM: i16 = 1;

/// Events of one day, written.
#[derive(Default)]
pub struct Kept(Vec<u8>);

impl Kept {
    /// Adds an event and the visit it went to, without what nobody asks again: the fingerprint and
    /// the names of what was dropped.
    pub fn add(&mut self, placed: Placed, event: &mut Event) {
        event.who.fingerprint = 0;
        event.dropped.clear();
        let bytes = std::mem::take(&mut self.0);
        // Writing into memory does not fail.
        self.0 = postcard::to_extend(&(placed, &*event), bytes).unwrap_or_default();
    }

    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// The events in what was kept; `None` when it cannot be read.
pub fn read_back(mut bytes: &[u8]) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    while !bytes.is_empty() {
        let (step, rest) = postcard::take_from_bytes::<Step>(bytes).ok()?;
        steps.push(step);
        bytes = rest;
    }
    Some(steps)
}
