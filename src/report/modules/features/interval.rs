//! How sure a difference is: 95 % confidence intervals, from the days themselves.
//!
//! Uses a day: Welch's interval of the difference of two means. Shares of visits: Newcombe's hybrid
//! of Wilson's intervals (Newcombe 1998, method 10). Visits of a day are not drawn apart from each
//! other (a class does the same thing), so that the number of visits is divided by how much more the
//! daily shares scatter than chance alone would have them (Pearson's dispersion, 1 at least).

/// Student's quantile for 97.5 % at 'infinity'.
const NORMAL: f64 = 1.959_963_984_540_054;

/// A difference and the interval it lies in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Difference {
    pub(super) value: f64,
    pub(super) low: f64,
    pub(super) high: f64,
}

/// The 97.5 % quantile of Student's t, by Hill's expansion around the normal one; good to 1 % from
/// three degrees of freedom on, where it is used.
fn student(freedom: f64) -> f64 {
    let z = NORMAL;
    let (z3, z5, z7) = (z.powi(3), z.powi(5), z.powi(7));
    z + (z3 + z) / (4.0 * freedom)
        + (5.0 * z5 + 16.0 * z3 + 3.0 * z) / (96.0 * freedom.powi(2))
        + (3.0 * z7 + 19.0 * z5 + 17.0 * z3 - 15.0 * z) / (384.0 * freedom.powi(3))
}

fn mean(days: &[f64]) -> f64 {
    days.iter().sum::<f64>() / days.len() as f64
}

/// Welch's interval of the difference of means, `after` less `before`; nothing with fewer than three
/// days on a side.
pub(super) fn of_means(before: &[f64], after: &[f64]) -> Option<Difference> {
    if before.len() < 3 || after.len() < 3 {
        return None;
    }
    // The variance of a mean, and its degrees of freedom.
    let spread = |days: &[f64]| {
        let (mean, freedom) = (mean(days), days.len() as f64 - 1.0);
        let squares: f64 = days.iter().map(|day| (day - mean).powi(2)).sum();
        (squares / freedom / days.len() as f64, freedom)
    };
    let ((one, one_free), (other, other_free)) = (spread(before), spread(after));
    let value = mean(after) - mean(before);
    let variance = one + other;
    let freedom = variance.powi(2) / (one.powi(2) / one_free + other.powi(2) / other_free);
    let reach = if variance > 0.0 { student(freedom.max(3.0)) * variance.sqrt() } else { 0.0 };
    Some(Difference { value, low: value - reach, high: value + reach })
}

/// Wilson's interval of a share of `n`.
fn wilson(share: f64, n: f64) -> (f64, f64) {
    let z2 = NORMAL.powi(2);
    let middle = (share + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let reach = NORMAL / (1.0 + z2 / n) * (share * (1.0 - share) / n + z2 / (4.0 * n * n)).sqrt();
    (middle - reach, middle + reach)
}

/// Part and whole of each day.
pub(super) type Days<'a> = &'a [(f64, f64)];

/// Newcombe's interval of the difference of shares, `after` less `before`; nothing where a side has
/// no visit.
pub(super) fn of_shares(before: Days<'_>, after: Days<'_>) -> Option<Difference> {
    let sums = |days: Days<'_>| {
        days.iter().fold((0.0, 0.0), |(part, whole), day| (part + day.0, whole + day.1))
    };
    let ((one, one_of), (other, other_of)) = (sums(before), sums(after));
    if one_of <= 0.0 || other_of <= 0.0 {
        return None;
    }
    let (p, q) = (one / one_of, other / other_of);
    let dispersion = dispersion(&[(before, p), (after, q)]);
    let (p_low, p_high) = wilson(p, one_of / dispersion);
    let (q_low, q_high) = wilson(q, other_of / dispersion);
    let value = q - p;
    Some(Difference {
        value,
        low: value - ((q - q_low).powi(2) + (p_high - p).powi(2)).sqrt(),
        high: value + ((q_high - q).powi(2) + (p - p_low).powi(2)).sqrt(),
    })
}

/// How much more daily shares scatter around those of their side than chance would have them.
fn dispersion(sides: &[(Days<'_>, f64)]) -> f64 {
    let mut squares = 0.0;
    let mut freedom = -(sides.len() as f64);
    for (days, share) in sides {
        let expected = share * (1.0 - share);
        for (part, whole) in days.iter().filter(|(_, whole)| *whole > 0.0) {
            freedom += 1.0;
            if expected > 0.0 {
                squares += (part - whole * share).powi(2) / (whole * expected);
            }
        }
    }
    if freedom > 0.0 { (squares / freedom).max(1.0) } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(got: f64, want: f64, by: f64) {
        assert!((got - want).abs() < by, "{got} is not {want}");
    }

    #[test]
    fn quantiles_are_those_of_the_tables() {
        for (freedom, want) in
            [(3.0, 3.182), (4.0, 2.776), (10.0, 2.228), (30.0, 2.042), (1e9, 1.960)]
        {
            close(student(freedom), want, want * 0.01);
        }
    }

    #[test]
    fn newcombes_own_example_comes_out() {
        // Newcombe 1998, table II, (a): 56/70 less 48/80 is 0.20, from 0.0524 to 0.3339.
        let got = of_shares(&[(48.0, 80.0)], &[(56.0, 70.0)]).unwrap();
        close(got.value, 0.2, 1e-9);
        close(got.low, 0.0524, 5e-5);
        close(got.high, 0.3339, 5e-5);
        // (g): 0/10 less 0/20.
        let got = of_shares(&[(0.0, 20.0)], &[(0.0, 10.0)]).unwrap();
        close(got.low, -0.1611, 5e-5);
        close(got.high, 0.2775, 5e-5);
    }

    #[test]
    fn scattered_days_are_less_sure() {
        let even = of_shares(&[(50.0, 100.0); 4], &[(60.0, 100.0); 4]).unwrap();
        let before = [(10.0, 100.0), (90.0, 100.0), (10.0, 100.0), (90.0, 100.0)];
        let wild = of_shares(&before, &[(60.0, 100.0); 4]).unwrap();
        assert!(even.low > 0.0 && wild.low < 0.0, "{even:?} {wild:?}");
    }

    #[test]
    fn welch_is_right_where_it_can_be_worked_out_by_hand() {
        // Means 2 and 5, variances of the means 1/3 each, 4 degrees of freedom: 3 ± 2.776 × 0.8165.
        let got = of_means(&[1.0, 2.0, 3.0], &[4.0, 5.0, 6.0]).unwrap();
        close(got.value, 3.0, 1e-9);
        close(got.high - got.value, 2.776 * 0.8165, 0.02);
        assert_eq!(of_means(&[1.0, 2.0], &[4.0, 5.0, 6.0]), None);
        let same = of_means(&[0.0; 5], &[0.0; 5]).unwrap();
        assert_eq!((same.low, same.high), (0.0, 0.0));
    }
}
