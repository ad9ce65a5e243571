//! Durations in fixed logarithmic buckets, so that medians and percentiles of any period add up.
//!
//! Eight buckets an octave: a value is known to ±4.5 %. Bucket 0 holds zero and less, bucket `b`
//! from 1 on holds [2^((b−1)/8 − 4), 2^(b/8 − 4)) seconds: from a sixteenth of a second to about
//! three days, the last one everything above.

/// How many buckets there are.
pub const DURATION_BUCKETS: i64 = 177;

const PER_OCTAVE: f64 = 8.0;
/// Binary logarithm of the shortest duration told apart from zero.
const SHORTEST: f64 = -4.0;

/// The bucket of a duration in millionths of a second.
pub fn bucket_of(millionths: i64) -> i64 {
    if millionths <= 0 {
        return 0;
    }
    let seconds = millionths as f64 / 1e6;
    let place = ((seconds.log2() - SHORTEST) * PER_OCTAVE).floor();
    #[expect(clippy::cast_possible_truncation, reason = "clamped to the buckets")]
    let bucket = place.clamp(0.0, (DURATION_BUCKETS - 2) as f64) as i64 + 1;
    bucket
}

/// The middle of a bucket, in seconds.
pub fn seconds_of(bucket: i64) -> f64 {
    if bucket <= 0 { 0.0 } else { ((bucket as f64 - 0.5) / PER_OCTAVE + SHORTEST).exp2() }
}

/// The duration in seconds that a share of all stays below, from how many fell into each bucket;
/// nothing where none did.
pub fn quantile(buckets: &[(i64, i64)], share: f64) -> Option<f64> {
    let mut sorted: Vec<(i64, i64)> = buckets.iter().copied().filter(|(_, n)| *n > 0).collect();
    sorted.sort_unstable();
    let total: i64 = sorted.iter().map(|(_, n)| n).sum();
    let wanted = share * total as f64;
    let mut reached = 0;
    let bucket = sorted.iter().find(|(_, n)| {
        reached += n;
        reached as f64 >= wanted
    });
    bucket.map(|(bucket, _)| seconds_of(*bucket))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ends_have_buckets() {
        assert_eq!(bucket_of(i64::MIN), 0);
        assert_eq!(bucket_of(0), 0);
        assert_eq!(bucket_of(1), 1);
        assert_eq!(bucket_of(i64::MAX), DURATION_BUCKETS - 1);
        assert_eq!(bucket_of(1_000_000), 33, "one second");
    }

    #[test]
    fn quantiles_come_from_buckets() {
        assert_eq!(quantile(&[], 0.5), None);
        assert_eq!(quantile(&[(4, 0)], 0.5), None);
        let bucket = bucket_of(10_000_000);
        let middle = quantile(&[(bucket + 30, 1), (bucket, 9)], 0.5).unwrap();
        assert!((middle / 10.0 - 1.0).abs() < 0.05);
        assert!(quantile(&[(bucket, 9), (bucket + 30, 1)], 0.95).unwrap() > 100.0);
    }

    proptest! {
        #[test]
        fn a_bucket_tells_the_duration_within_five_percent(millionths in 62_500_i64..200_000_000_000) {
            let seconds = millionths as f64 / 1e6;
            let told = seconds_of(bucket_of(millionths));
            prop_assert!((told / seconds - 1.0).abs() < 0.05, "{seconds} {told}");
        }

        #[test]
        fn longer_is_never_a_lower_bucket(a in 0_i64..i64::MAX, b in 0_i64..i64::MAX) {
            prop_assert!((a <= b) == (bucket_of(a) <= bucket_of(b)) || bucket_of(a) == bucket_of(b));
        }
    }
}
