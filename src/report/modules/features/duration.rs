//! Duration: how long a use takes, of the uses whose length is told.

use super::{
    columns::{count, of, share, spread},
    levels,
    question::{Measure, Question},
    reading::{Reading, Who},
};
use crate::{
    report::{
        metrics::round,
        modules::rows::millionths,
        need::Need,
        params::Params,
        refusal::Refusal,
        scene::{Asked, Scene},
        table::{Cell, Fields, Table},
    },
    rollup::{quantile, subject},
};

/// Uses, and how their lengths are spread, which is not counted by audiences of thousands of values.
const MEASURES: [Measure; 2] = [Measure::USE, Measure::count(subject::USE_SECONDS)];

fn measures(question: &Question<'_>, params: &Params) -> &'static [Measure] {
    let [sums, ..] = &MEASURES;
    if question.is_of_many() && !params.is_on("distribution") {
        std::slice::from_ref(sums)
    } else {
        &MEASURES
    }
}

/// Buckets of an octave, of which eight double a duration; the first octave from one second on.
const PER_OCTAVE: i64 = 8;
const ONE_SECOND: i64 = 33;

pub(super) fn needs(asked: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    let question = Question::read(asked)?;
    question.needs(measures(&question, asked.params))
}

pub(super) fn build(scene: &Scene<'_>) -> Table {
    let asked = scene.asked();
    let Ok(question) = Question::read(&asked) else { return Table::default() };
    let is_spread = scene.params.is_on("distribution");
    let reading = Reading::new(&question, measures(&question, scene.params), scene);
    levels::table(&question, &reading, &levels::features(&question), |topic, who| {
        let buckets: Vec<(i64, i64)> = reading.leaves(1, topic.id, who).into_iter().collect();
        let under = is_spread.then(|| distribution(&buckets));
        (columns(&reading, &buckets, topic.id, who), under)
    })
}

fn columns(reading: &Reading<'_>, buckets: &[(i64, i64)], feature: i64, who: Who) -> Fields {
    let sum = |column| reading.sum(0, feature, who, column);
    let (uses, timed, seconds) = (sum("uses"), sum("timed"), sum("seconds"));
    let time =
        |seconds: Option<f64>| seconds.map_or(Cell::Null, |seconds| Cell::Time(round(seconds, 1)));
    let mean = (timed > 0).then(|| of(seconds, timed, 0) / 1e6);
    vec![
        count("nb_visits", sum("visits")),
        count("nb_uses", uses),
        count("nb_uses_with_duration", timed),
        share("with_duration_rate", timed, uses),
        ("median_time_used".into(), time(quantile(buckets, 0.5))),
        ("p90_time_used".into(), time(quantile(buckets, 0.9))),
        ("avg_time_used".into(), time(mean)),
        ("sum_time_used".into(), Cell::Time(round(millionths(seconds), 1))),
    ]
}

/// Uses by their length, doubled from row to row, in seconds: `0-1`, `1-2`, `2-4`. Rows before the
/// first and after the last use are left out.
fn distribution(buckets: &[(i64, i64)]) -> Table {
    let octave = |bucket: i64| (bucket - ONE_SECOND).div_euclid(PER_OCTAVE).max(-1);
    let used = buckets.iter().filter(|(_, n)| *n > 0).map(|(bucket, _)| octave(*bucket));
    let (Some(first), Some(last)) = (used.clone().min(), used.max()) else {
        return Table::default();
    };
    let row = |at: i64| {
        let n = buckets.iter().filter(|(bucket, _)| octave(*bucket) == at).map(|(_, n)| n).sum();
        // Two days are 2^17 seconds: far from the end of the numbers.
        let label =
            if at < 0 { "0-1".to_owned() } else { format!("{}-{}", 1_i64 << at, 2_i64 << at) };
        (label, n)
    };
    spread((first..=last).map(row), "nb_uses")
}
