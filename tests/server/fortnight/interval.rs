//! The intervals of before and after, from the formulas in docs/features.md. Student's quantile is
//! found by integrating its density.

use super::table::{Want, number};

const NORMAL: f64 = 1.959_963_984_540_054;

/// Uses, visits with a use, all visits, of each day.
type Days = Vec<[f64; 3]>;

pub(crate) fn figures(sides: &[Days; 2]) -> Vec<(&'static str, Want)> {
    let [before, after] = sides;
    let mean = |days: &Days| match days.len() {
        0 => Want::Nothing,
        n => Want::Quotient(days.iter().map(|it| it[0]).sum(), number(n), 2),
    };
    let rate = |days: &Days| match sums(days) {
        (_, 0.0) => Want::Nothing,
        (part, whole) => Want::Quotient(part, whole, 4),
    };
    let [uses, uses_low, uses_high] = means(before, after);
    let [visits, visits_low, visits_high] = shares(before, after);
    vec![
        ("days_before", Want::Count(before.len())),
        ("days_after", Want::Count(after.len())),
        ("daily_uses_before", mean(before)),
        ("daily_uses_after", mean(after)),
        ("daily_uses_difference", uses),
        ("daily_uses_low", uses_low),
        ("daily_uses_high", uses_high),
        ("visits_rate_before", rate(before)),
        ("visits_rate_after", rate(after)),
        ("visits_rate_difference", visits),
        ("visits_rate_low", visits_low),
        ("visits_rate_high", visits_high),
    ]
}

fn sums(days: &Days) -> (f64, f64) {
    (days.iter().map(|it| it[1]).sum(), days.iter().map(|it| it[2]).sum())
}

fn means(before: &Days, after: &Days) -> [Want; 3] {
    if before.len() < 3 || after.len() < 3 {
        return [Want::Nothing, Want::Nothing, Want::Nothing];
    }
    let of = |days: &Days| {
        let n = number(days.len());
        let mean = days.iter().map(|it| it[0]).sum::<f64>() / n;
        let squares: f64 = days.iter().map(|it| (it[0] - mean).powi(2)).sum();
        (mean, squares / (n - 1.0) / n, n - 1.0)
    };
    let ((x, u, f), (y, v, g)) = (of(before), of(after));
    let freedom = (u + v).powi(2) / (u * u / f + v * v / g);
    let reach = if u + v > 0.0 { student(freedom) * (u + v).sqrt() } else { 0.0 };
    // The server's quantile is good to one in a hundred.
    let near = |want: f64| Want::Near(want, reach * 0.01 + 0.005);
    [Want::Near(y - x, 0.005), near(y - x - reach), near(y - x + reach)]
}

/// The 97.5 % quantile, by Simpson's rule and halving.
fn student(freedom: f64) -> f64 {
    let density = |t: f64| (1.0 + t * t / freedom).powf(-f64::midpoint(freedom, 1.0));
    let area = |to: f64| {
        let step = to / 2000.0;
        let at = |k: usize| {
            let weight = if k == 0 || k == 2000 {
                1.0
            } else if k % 2 == 1 {
                4.0
            } else {
                2.0
            };
            weight * density(number(k) * step)
        };
        (0..=2000).map(at).sum::<f64>() * step / 3.0
    };
    // From 0 to where nothing is left.
    let half = area(400.0_f64.min(60.0 * freedom.max(1.0)));
    let (mut low, mut high) = (0.0, 50.0);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if area(middle) < 0.95 * half { low = middle } else { high = middle }
    }
    low
}

fn shares(before: &Days, after: &Days) -> [Want; 3] {
    let ((a, m), (b, n)) = (sums(before), sums(after));
    if m == 0.0 || n == 0.0 {
        return [Want::Nothing, Want::Nothing, Want::Nothing];
    }
    let (p, q) = (a / m, b / n);
    let scatter = |days: &Days, share: f64| -> f64 {
        let spread = share * (1.0 - share);
        let day = |it: &[f64; 3]| (it[1] - it[2] * share).powi(2) / (it[2] * spread);
        days.iter().filter(|it| it[2] > 0.0 && spread > 0.0).map(day).sum()
    };
    let days = before.iter().chain(after).filter(|it| it[2] > 0.0).count();
    let freedom = number(days) - 2.0;
    let phi = if freedom > 0.0 {
        ((scatter(before, p) + scatter(after, q)) / freedom).max(1.0)
    } else {
        1.0
    };
    let wilson = |share: f64, n: f64| {
        let z = NORMAL;
        let middle = share + z * z / (2.0 * n);
        let reach = z * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
        [middle - reach, middle + reach].map(|it| it / (1.0 + z * z / n))
    };
    let ([p_low, p_high], [q_low, q_high]) = (wilson(p, m / phi), wilson(q, n / phi));
    let low = q - p - (q - q_low).hypot(p_high - p);
    let high = q - p + (q_high - q).hypot(p - p_low);
    [q - p, low, high].map(|it| Want::Near(it, 0.000_05))
}
