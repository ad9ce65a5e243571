//! A horizontal bar in a table cell, beside the number it repeats.

use crate::dash::svg::{Pen, Svg};

/// A bar for `part` of `whole`; anything above zero is visible.
pub(in crate::dash) fn bar(part: f64, whole: f64) -> Svg {
    let ratio = part / whole;
    let ratio = if ratio.is_finite() { ratio.clamp(0.0, 1.0) } else { 0.0 };
    let mut pen = Pen::decoration("bar", (100.0, 6.0), true);
    pen.leaf(
        "rect",
        &[("class", "bar-track".into()), ("width", 100.0.into()), ("height", 6.0.into())],
    );
    if ratio > 0.0 {
        pen.leaf(
            "rect",
            &[
                ("class", "bar-value".into()),
                ("width", (ratio * 100.0).max(1.0).into()),
                ("height", 6.0.into()),
            ],
        );
    }
    pen.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dash::svg::wellformed;

    #[test]
    fn bars_are_as_long_as_their_share() {
        for (part, whole, width) in [
            (1.0, 2.0, Some("50")),
            (3.0, 2.0, Some("100")),
            (1.0, 1e9, Some("1")),
            (0.0, 5.0, None),
            (0.0, 0.0, None),
            (f64::NAN, 1.0, None),
        ] {
            let svg = bar(part, whole);
            wellformed::check(svg.as_str());
            let value = width.map(|it| format!(r#"class="bar-value" width="{it}""#));
            assert_eq!(
                svg.as_str().contains("bar-value"),
                value.is_some_and(|it| svg.as_str().contains(&it)),
                "{part} {whole}"
            );
        }
    }
}
