//! A timeline laid out in a frame: its grounds and axes.

use super::{
    scale::Scale,
    text_width,
    timeline::{BOTTOM, Frame, TOP, Timeline, band_fill},
};
use crate::dash::{number, svg::Pen};

/// A timeline laid out in a frame.
pub(super) struct Plot<'a> {
    pub(super) chart: &'a Timeline,
    pub(super) scale: Scale,
    pub(super) max: u64,
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) foot: f64,
    /// Width of a slot.
    pub(super) step: f64,
}

impl<'a> Plot<'a> {
    pub(super) fn new(chart: &'a Timeline, frame: Frame) -> Self {
        let values = chart.lines.iter().flat_map(|line| line.values.iter().flatten());
        let max = values.copied().max().unwrap_or(0);
        let scale = Scale::of_counts(max as f64, if frame.height < 260.0 { 3 } else { 4 });
        let labels =
            scale.ticks.iter().map(|it| text_width(&number::compact(*it, scale.top, chart.lang)));
        let left = labels.fold(16.0, f64::max) + 12.0;
        let right = frame.width - frame.right;
        let step = (right - left) / chart.slots.len().max(1) as f64;
        Self { chart, scale, max, left, right, foot: frame.height - BOTTOM, step }
    }

    /// The middle of a slot.
    pub(super) fn x(&self, slot: usize) -> f64 {
        self.left + (slot as f64 + 0.5) * self.step
    }

    pub(super) fn y(&self, value: f64) -> f64 {
        self.foot - self.scale.ratio(value) * (self.foot - TOP)
    }

    pub(super) fn bands(&self, pen: &mut Pen, id: &str) {
        for (number, band) in self.chart.bands.iter().enumerate() {
            let to = band.to.min(self.chart.slots.len());
            if to <= band.from {
                continue;
            }
            let fill = band_fill(pen, band.kind, &format!("{id}-h{number}"));
            let (x, width) =
                (self.left + band.from as f64 * self.step, (to - band.from) as f64 * self.step);
            pen.leaf(
                "rect",
                &[
                    ("class", band.kind.class().into()),
                    ("fill", (&fill).into()),
                    ("x", x.into()),
                    ("y", TOP.into()),
                    ("width", width.into()),
                    ("height", (self.foot - TOP).into()),
                ],
            );
        }
    }

    /// The names of grounds above them, those that find room.
    pub(super) fn ground_names(&self, pen: &mut Pen) {
        // Where the last name ended: the next must leave it alone.
        let mut named = 0.0;
        for ground in &self.chart.ground_names {
            let to = ground.to.min(self.chart.slots.len());
            if to <= ground.from {
                continue;
            }
            let half = text_width(&ground.text) / 2.0;
            let middle = self.left + (ground.from + to) as f64 / 2.0 * self.step;
            let most = (self.right - half).max(self.left + half);
            let middle = middle.clamp(self.left + half, most);
            if named < middle - half {
                named = middle + half + 8.0;
                pen.label(
                    "text",
                    &[
                        ("class", "band-name".into()),
                        ("x", middle.into()),
                        ("y", (TOP - 8.0).into()),
                        ("text-anchor", "middle".into()),
                    ],
                    &ground.text,
                );
            }
        }
    }

    pub(super) fn value_axis(&self, pen: &mut Pen) {
        // Nothing to measure: the foot is enough.
        let ticks = if self.max == 0 { 1 } else { self.scale.ticks.len() };
        for (at, tick) in self.scale.ticks.iter().take(ticks).enumerate() {
            let y = self.y(*tick);
            pen.leaf(
                "line",
                &[
                    ("class", if at == 0 { "foot" } else { "grid" }.into()),
                    ("x1", self.left.into()),
                    ("x2", self.right.into()),
                    ("y1", y.into()),
                    ("y2", y.into()),
                ],
            );
            pen.label(
                "text",
                &[
                    ("x", (self.left - 8.0).into()),
                    ("y", (y + 4.0).into()),
                    ("text-anchor", "end".into()),
                ],
                &number::compact(*tick, self.scale.top, self.chart.lang),
            );
        }
    }

    /// Writes as many ticks as fit: every one, every second, every third…
    pub(super) fn time_axis(&self, pen: &mut Pen) {
        let ticks: Vec<(f64, &str)> = self
            .chart
            .slots
            .iter()
            .enumerate()
            .filter_map(|(at, slot)| Some((self.x(at), slot.tick.as_deref()?)))
            .collect();
        let fits = |stride: usize| {
            let shown: Vec<_> = ticks.iter().step_by(stride).collect();
            shown.windows(2).all(|pair| match pair {
                [(x1, text1), (x2, text2)] => {
                    (text_width(text1) + text_width(text2)) / 2.0 + 8.0 < x2 - x1
                }
                _ => true,
            })
        };
        let stride = (1..=ticks.len()).find(|stride| fits(*stride)).unwrap_or(1);
        for (x, text) in ticks.iter().step_by(stride) {
            pen.leaf(
                "line",
                &[
                    ("class", "foot".into()),
                    ("x1", (*x).into()),
                    ("x2", (*x).into()),
                    ("y1", self.foot.into()),
                    ("y2", (self.foot + 4.0).into()),
                ],
            );
            pen.label(
                "text",
                &[
                    ("x", (*x).into()),
                    ("y", (self.foot + 19.0).into()),
                    ("text-anchor", "middle".into()),
                ],
                text,
            );
        }
    }
}
