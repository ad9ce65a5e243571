//! Hour × weekday: a square for each hour, as large as its share of the busiest.

use super::{scale::Scale, text_width};
use crate::dash::svg::{Pen, Svg};

/// Which way the hours run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::dash) enum Layout {
    /// Hours from left to right, for wide pages.
    Across,
    /// Hours from top to bottom, for phones.
    Down,
}

/// Visits by weekday (Monday first) and hour.
#[derive(Clone, Debug)]
pub(in crate::dash) struct Heat {
    pub(in crate::dash) id: &'static str,
    pub(in crate::dash) name: String,
    pub(in crate::dash) description: String,
    pub(in crate::dash) counts: [[u64; 24]; 7],
    pub(in crate::dash) days: [String; 7],
    pub(in crate::dash) hours: [String; 24],
    /// Told when the pointer rests on a square: by weekday, then hour.
    pub(in crate::dash) hover: Vec<Vec<String>>,
}

/// Width and height of an hour, hours across.
const WIDE: (f64, f64) = (36.0, 28.0);
/// The same, hours down.
const NARROW: (f64, f64) = (40.0, 24.0);
const HEAD: f64 = 24.0;

impl Heat {
    /// The drawing for that layout.
    pub(in crate::dash) fn draw(&self, layout: Layout) -> Svg {
        let (class, width, height, left) = match layout {
            Layout::Across => ("heat wide", 24.0, 7.0, self.left(&self.days)),
            Layout::Down => ("heat narrow", 7.0, 24.0, self.left(&self.hours)),
        };
        let cell = if layout == Layout::Across { WIDE } else { NARROW };
        let size = (left + width * cell.0, HEAD + height * cell.1);
        let id =
            format!("{}-{}", self.id, if layout == Layout::Across { "wide" } else { "narrow" });
        let mut pen = Pen::picture(class, &id, size, &self.name, &self.description);
        self.heads(&mut pen, layout, left, cell);
        let max = self.counts.iter().flatten().copied().max().unwrap_or(0);
        let scale = Scale::of_counts(max as f64, 1);
        for (day, hours) in self.counts.iter().enumerate() {
            for (hour, count) in hours.iter().enumerate() {
                let (column, row) =
                    if layout == Layout::Across { (hour, day) } else { (day, hour) };
                let x = left + (column as f64 + 0.5) * cell.0;
                let y = HEAD + (row as f64 + 0.5) * cell.1;
                // The area, not the side, is what the eye compares.
                let part = if max == 0 {
                    0.0
                } else {
                    scale.ratio(*count as f64) * scale.top / max as f64
                };
                let side = part.sqrt() * (cell.0.min(cell.1) - 3.0);
                let told =
                    self.hover.get(day).and_then(|it| it.get(hour)).map_or("", String::as_str);
                square(&mut pen, (x, y), side, *count, told);
            }
        }
        pen.finish()
    }

    fn left(&self, names: &[String]) -> f64 {
        names.iter().map(|it| text_width(it)).fold(24.0, f64::max) + 12.0
    }

    fn heads(&self, pen: &mut Pen, layout: Layout, left: f64, cell: (f64, f64)) {
        let (columns, rows): (&[String], &[String]) = match layout {
            Layout::Across => (&self.hours, &self.days),
            Layout::Down => (&self.days, &self.hours),
        };
        // Hours side by side have room for every second or third.
        let widest = columns.iter().map(|it| text_width(it)).fold(0.0, f64::max);
        let stride = if widest + 4.0 < cell.0 { 1 } else { 3 };
        for (at, name) in columns.iter().enumerate().step_by(stride) {
            let x = left + (at as f64 + 0.5) * cell.0;
            pen.label(
                "text",
                &[("x", x.into()), ("y", 14.0.into()), ("text-anchor", "middle".into())],
                name,
            );
        }
        for (at, name) in rows.iter().enumerate() {
            let y = HEAD + (at as f64 + 0.5) * cell.1 + 4.0;
            pen.label(
                "text",
                &[("x", (left - 10.0).into()), ("y", y.into()), ("text-anchor", "end".into())],
                name,
            );
        }
    }
}

fn square(pen: &mut Pen, (x, y): (f64, f64), side: f64, count: u64, told: &str) {
    if count == 0 {
        pen.leaf(
            "circle",
            &[("class", "none".into()), ("cx", x.into()), ("cy", y.into()), ("r", 1.2.into())],
        );
        return;
    }
    let side = side.max(3.0);
    pen.open("g", &[("class", "square".into())]);
    pen.label("title", &[], told);
    pen.leaf(
        "rect",
        &[
            ("x", (x - side / 2.0).into()),
            ("y", (y - side / 2.0).into()),
            ("width", side.into()),
            ("height", side.into()),
            ("rx", (side / 6.0).into()),
        ],
    );
    pen.close();
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::dash::svg::wellformed;

    fn heat(counts: [[u64; 24]; 7]) -> Heat {
        Heat {
            id: "moments",
            name: "Moments".to_owned(),
            description: "…".to_owned(),
            counts,
            days: std::array::from_fn(|at| format!("j{at}")),
            hours: std::array::from_fn(|at| format!("{at} h")),
            hover: Vec::new(),
        }
    }

    #[test]
    fn the_area_of_a_square_is_its_share() {
        let mut counts = [[0; 24]; 7];
        counts[0][8] = 400;
        counts[6][23] = 100;
        let text = heat(counts).draw(Layout::Across).as_str().to_owned();
        wellformed::check(&text);
        assert_eq!(text.matches("<rect").count(), 2);
        assert_eq!(text.matches(r#"class="none""#).count(), 7 * 24 - 2);
        assert!(text.contains(r#"width="25" height="25""#) && text.contains(r#"width="12.5""#));
    }

    proptest! {
        #[test]
        fn any_week_is_well_formed(counts in prop::array::uniform7(prop::array::uniform24(any::<u64>()))) {
            for layout in [Layout::Across, Layout::Down] {
                wellformed::check(heat(counts).draw(layout).as_str());
            }
        }
    }
}
