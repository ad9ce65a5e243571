//! Events as they are kept for questions: one after the other, in postcard.

use crate::session::Step;

/// How events are written. Raise it when `Event` or `Placed` change: what was kept before cannot be
/// read any more.
pub const FORM: i16 = 3;

/// Events of one day, written.
#[derive(Default)]
pub struct Kept(Vec<u8>);

impl Kept {
    /// Adds an event in its visit.
    pub fn add(&mut self, step: &Step) {
        let bytes = std::mem::take(&mut self.0);
        // Writing into memory does not fail.
        self.0 = postcard::to_extend(step, bytes).unwrap_or_default();
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
