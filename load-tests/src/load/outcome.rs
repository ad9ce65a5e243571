//! What came of a load, added up.

use std::{collections::BTreeMap, time::Duration};

use hdrhistogram::Histogram;
use hyper::StatusCode;

/// How many hits were sent and what became of them, over one thread or all.
#[derive(Debug)]
pub(crate) struct Tally {
    /// Countable hits sent, over the whole run.
    pub(crate) sent: u64,
    /// Countable hits answered 2xx, over the whole run.
    pub(crate) acknowledged: u64,
    /// Heartbeats answered 2xx, over the whole run.
    pub(crate) pings: u64,
    /// Hits of any kind answered 2xx after the warm-up.
    pub(crate) measured: u64,
    /// Answers by status, over the whole run.
    pub(crate) statuses: BTreeMap<u16, u64>,
    /// Connections that broke.
    pub(crate) broken: u64,
    /// Microseconds per request after the warm-up.
    times: Histogram<u64>,
}

/// Longest answer time that is told from others, in microseconds.
const LONGEST: u64 = 60_000_000;

impl Tally {
    pub(crate) fn new() -> Self {
        let times = Histogram::new_with_bounds(1, LONGEST, 3).expect("the bounds are in order");
        let statuses = BTreeMap::new();
        Self { sent: 0, acknowledged: 0, pings: 0, measured: 0, statuses, broken: 0, times }
    }

    /// Takes in the answer to a request that carried so many hits.
    pub(crate) fn answered(
        &mut self,
        status: StatusCode,
        countable: u64,
        pings: u64,
        measured_time: Option<Duration>,
    ) {
        *self.statuses.entry(status.as_u16()).or_insert(0) += 1;
        if !status.is_success() {
            return;
        }
        self.acknowledged += countable;
        self.pings += pings;
        if let Some(took) = measured_time {
            self.measured += countable + pings;
            let micros = u64::try_from(took.as_micros()).unwrap_or(LONGEST);
            self.times.saturating_record(micros.max(1));
        }
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.sent += other.sent;
        self.acknowledged += other.acknowledged;
        self.pings += other.pings;
        self.measured += other.measured;
        self.broken += other.broken;
        for (status, count) in &other.statuses {
            *self.statuses.entry(*status).or_insert(0) += count;
        }
        self.times.add(&other.times).expect("all histograms have the same bounds");
    }

    /// Countable hits without a yes: never answered, or refused. They may be counted or not.
    pub(crate) fn unanswered(&self) -> u64 {
        self.sent - self.acknowledged
    }

    /// The answer time that this share of the measured requests did not exceed, in milliseconds.
    pub(crate) fn percentile(&self, share: f64) -> f64 {
        let micros = self.times.value_at_quantile(share);
        Duration::from_micros(micros).as_secs_f64() * 1e3
    }

    /// Whether so many counted hits can be right: every acknowledged one, and of the unanswered
    /// ones any.
    pub(crate) fn agrees_with(&self, counted: u64) -> bool {
        (self.acknowledged..=self.sent).contains(&counted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(sent: u64, answers: &[(u16, u64)]) -> Tally {
        let mut tally = Tally::new();
        tally.sent = sent;
        for (status, millis) in answers {
            let status = StatusCode::from_u16(*status).unwrap();
            tally.answered(status, 1, 0, Some(Duration::from_millis(*millis)));
        }
        tally
    }

    #[test]
    fn percentiles_are_in_milliseconds_and_within_a_thousandth() {
        let answers: Vec<_> = (1..=1000).map(|millis| (204, millis)).collect();
        let tally = tally(1000, &answers);
        for (share, millis) in [(0.5, 500.0), (0.95, 950.0), (0.99, 990.0), (1.0, 1000.0)] {
            let got = tally.percentile(share);
            assert!((got - millis).abs() <= millis / 500.0, "{share}: {got}");
        }
    }

    #[test]
    fn refusals_are_not_acknowledged_and_may_be_counted_or_not() {
        let tally = tally(5, &[(204, 1), (200, 1), (503, 1), (400, 1)]);
        assert_eq!((tally.acknowledged, tally.unanswered(), tally.measured), (2, 3, 2));
        assert_eq!(tally.statuses[&503], 1);
        for (counted, agrees) in [(1, false), (2, true), (5, true), (6, false)] {
            assert_eq!(tally.agrees_with(counted), agrees, "{counted}");
        }
    }

    #[test]
    fn tallies_of_threads_add_up() {
        let mut sum = tally(2, &[(204, 10), (204, 20)]);
        sum.add(&tally(3, &[(204, 30), (503, 1)]));
        assert_eq!((sum.sent, sum.acknowledged, sum.statuses[&204]), (5, 3, 3));
        assert!((sum.percentile(1.0) - 30.0).abs() < 0.1);
    }
}
