//! Where a value stands on an axis, and which values are written beside it.

/// The marks of a value axis, from 0 up.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Scale {
    pub(super) ticks: Vec<f64>,
    /// The value at the top: the last tick.
    pub(super) top: f64,
}

impl Scale {
    /// A scale that holds `max`, with about `wanted` steps of 1, 2 or 5 times a power of ten. Counts
    /// have no halves, so a step is never below 1.
    pub(super) fn of_counts(max: f64, wanted: u32) -> Self {
        let max = if max.is_finite() { max.max(1.0) } else { 1.0 };
        let raw = max / f64::from(wanted.max(1));
        let power = 10f64.powf(raw.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0]
            .into_iter()
            .map(|it| it * power)
            .find(|it| raw <= *it * (1.0 + 1e-9))
            .unwrap_or(10.0 * power)
            .max(1.0);
        // At least one step, and never more than asked for plus rounding.
        let steps = (max / step - 1e-9).ceil().clamp(1.0, 20.0);
        let count = steps as u32;
        let ticks: Vec<f64> = (0..=count).map(|it| f64::from(it) * step).collect();
        Self { top: step * steps, ticks }
    }

    /// The part of the axis below `value`, 0 to 1.
    pub(super) fn ratio(&self, value: f64) -> f64 {
        if value.is_finite() { (value / self.top).clamp(0.0, 1.0) } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ticks_are_round_numbers() {
        for (max, ticks) in [
            (0.0, &[0.0, 1.0][..]),
            (1.0, &[0.0, 1.0]),
            (3.0, &[0.0, 1.0, 2.0, 3.0]),
            (7.0, &[0.0, 2.0, 4.0, 6.0, 8.0]),
            (40.0, &[0.0, 10.0, 20.0, 30.0, 40.0]),
            (41.0, &[0.0, 20.0, 40.0, 60.0]),
            (16_012.0, &[0.0, 5_000.0, 10_000.0, 15_000.0, 20_000.0]),
            (f64::NAN, &[0.0, 1.0]),
        ] {
            assert_eq!(Scale::of_counts(max, 4).ticks, ticks, "{max}");
        }
    }

    proptest! {
        #[test]
        fn every_scale_holds_its_maximum(max in 0.0..1e19_f64, wanted in 1..8_u32) {
            let scale = Scale::of_counts(max, wanted);
            prop_assert!(max <= scale.top * (1.0 + 1e-9));
            prop_assert!((2..=wanted as usize + 2).contains(&scale.ticks.len()));
            prop_assert!((0.0..=1.0).contains(&scale.ratio(max)));
            prop_assert_eq!(scale.ratio(0.0), 0.0);
        }
    }
}
