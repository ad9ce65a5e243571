//! A small line without axes: the shape of the last weeks at a glance.

use super::scale::Scale;
use crate::dash::svg::{Path, Pen, Svg};

const WIDTH: f64 = 240.0;
const HEIGHT: f64 = 48.0;
/// Room for the stroke and the end's dot.
const EDGE: f64 = 4.0;

/// A sparkline of `values`, zero at the foot. One value is a dot, none is an empty drawing.
pub(in crate::dash) fn spark(values: &[u64]) -> Svg {
    let mut pen = Pen::decoration("spark", (WIDTH, HEIGHT), false);
    let max = values.iter().copied().max().unwrap_or(0);
    let scale = Scale::of_counts(max as f64, 3);
    let foot = HEIGHT - EDGE;
    let step = (WIDTH - 2.0 * EDGE) / (values.len().saturating_sub(1).max(1)) as f64;
    let place = |at: usize, value: u64| {
        let ratio = if max == 0 { 0.0 } else { scale.ratio(value as f64) * scale.top / max as f64 };
        (EDGE + at as f64 * step, foot - ratio * (foot - EDGE))
    };
    let points: Vec<_> = values.iter().enumerate().map(|(at, value)| place(at, *value)).collect();

    pen.leaf(
        "line",
        &[
            ("class", "spark-foot".into()),
            ("x1", EDGE.into()),
            ("x2", (WIDTH - EDGE).into()),
            ("y1", foot.into()),
            ("y2", foot.into()),
        ],
    );
    if let [(x, y), rest @ ..] = points.as_slice() {
        let mut line = Path::default();
        let mut area = Path::default();
        line.move_to(*x, *y);
        area.move_to(*x, foot).line_to(*x, *y);
        for (x, y) in rest {
            line.line_to(*x, *y);
            area.line_to(*x, *y);
        }
        let (x, y) = points.last().copied().unwrap_or((*x, *y));
        area.line_to(x, foot).close();
        pen.leaf("path", &[("class", "spark-area".into()), ("d", area.as_str().into())]);
        pen.leaf(
            "path",
            &[("class", "spark-line".into()), ("fill", "none".into()), ("d", line.as_str().into())],
        );
        pen.leaf(
            "circle",
            &[("class", "spark-end".into()), ("cx", x.into()), ("cy", y.into()), ("r", 3.0.into())],
        );
    }
    pen.finish()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::dash::svg::wellformed;

    #[test]
    fn the_highest_value_touches_the_top_and_zero_the_foot() {
        let svg = spark(&[0, 10]);
        assert!(svg.as_str().contains(r#"d="M4 44L236 4""#), "{}", svg.as_str());
        assert!(!spark(&[]).as_str().contains("path"));
        assert!(spark(&[3]).as_str().contains(r#"cx="4" cy="4""#));
    }

    proptest! {
        #[test]
        fn any_series_is_well_formed(values in prop::collection::vec(any::<u64>(), 0..40)) {
            wellformed::check(spark(&values).as_str());
        }
    }
}
