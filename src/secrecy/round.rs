//! Figures as outsiders see them.

use super::mask::Shown;

/// To the nearest ten, half up; but nothing stays nothing, and one to nine are ten.
pub fn round(figure: u64) -> u64 {
    match figure {
        0 => 0,
        1..10 => 10,
        _ => figure.saturating_add(5) / 10 * 10,
    }
}

/// A sum divided by a count, both as they are shown.
///
/// # Errors
/// The first of the two that is secret; none is told of a count of nothing.
pub fn average(sum: Shown, count: Shown) -> Result<Option<f64>, Shown> {
    let (Shown::Value(sum), Shown::Value(count)) = (sum, count) else {
        return Err(if sum.value().is_none() { sum } else { count });
    };
    Ok((count > 0).then(|| sum as f64 / count as f64))
}

/// How many of some people do something, between 0 and 1, from both counts as they are shown.
///
/// None is told where the group is small and nearly all of it would be named: of a hundred people
/// or fewer, that ten or fewer do not.
///
/// # Errors
/// The first of the two that is secret.
pub fn share(part: Shown, whole: Shown) -> Result<Option<f64>, Shown> {
    let told = average(part, whole)?;
    let (part, whole) = (part.value().unwrap_or_default(), whole.value().unwrap_or_default());
    let nearly_all = whole <= 100 && whole.saturating_sub(part) <= 10;
    Ok(told.filter(|_| !nearly_all).map(|it| it.min(1.0)))
}

/// The upper bound of the bucket in which a part of all durations ends, from fixed buckets of
/// bound and number; `cell` is the cell's count as it is shown.
///
/// Never the first or the last of them: the least and the most are somebody's.
///
/// # Errors
/// Where the count is secret.
pub fn quantile(buckets: &[(u64, u64)], part: f64, cell: Shown) -> Result<Option<u64>, Shown> {
    if cell.value().is_none() {
        return Err(cell);
    }
    let all: u64 = buckets.iter().map(|it| it.1).sum();
    let wanted = part.clamp(0.05, 0.95) * all as f64;
    let mut seen = 0;
    let found = buckets.iter().find(|(_, number)| {
        seen += number;
        *number > 0 && seen as f64 >= wanted
    });
    Ok(found.map(|it| it.0))
}

#[cfg(test)]
mod tests {
    use super::{super::mask::Reason, *};

    const SECRET: Shown = Shown::Secret(Reason::Few);

    #[test]
    fn counts_are_rounded_as_matomo_rounds_them() {
        let table = [(0, 0), (1, 10), (9, 10), (10, 10), (14, 10), (15, 20), (24, 20), (25, 30)];
        for (figure, rounded) in table {
            assert_eq!(round(figure), rounded, "{figure}");
        }
        assert_eq!(round(u64::MAX) % 10, 0);
    }

    #[test]
    fn what_is_made_of_a_secret_is_secret() {
        assert_eq!(average(SECRET, Shown::Value(20)), Err(SECRET));
        assert_eq!(average(Shown::Value(20), SECRET), Err(SECRET));
        assert_eq!(share(Shown::Value(20), SECRET), Err(SECRET));
        assert_eq!(quantile(&[(10, 50)], 0.5, SECRET), Err(SECRET));
        assert_eq!(average(Shown::Value(50), Shown::Value(20)), Ok(Some(2.5)));
        assert_eq!(average(Shown::Value(0), Shown::Value(0)), Ok(None));
    }

    #[test]
    fn that_nearly_all_of_a_small_group_do_something_is_not_told() {
        let share = |part, whole| share(Shown::Value(part), Shown::Value(whole)).unwrap();
        assert_eq!(share(20, 20), None);
        assert_eq!(share(90, 100), None);
        assert_eq!(share(80, 100), Some(0.8));
        assert_eq!(share(1000, 1000), Some(1.0));
        assert_eq!(share(1010, 1000), Some(1.0), "both are rounded");
    }

    #[test]
    fn quantiles_are_bounds_of_buckets() {
        let buckets = [(10, 20), (20, 20), (30, 59), (40, 1)];
        let quantile = |part| quantile(&buckets, part, Shown::Value(100)).unwrap();
        assert_eq!(quantile(0.2), Some(10));
        assert_eq!(quantile(0.5), Some(30));
        assert_eq!(quantile(1.0), Some(30), "the longest is somebody's");
        assert_eq!(super::quantile(&[], 0.5, Shown::Value(20)), Ok(None));
    }
}
