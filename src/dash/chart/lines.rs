//! The lines of a timeline, their markers and their names.

use super::{
    plot::Plot,
    text_width,
    timeline::{Line, TOP},
};
use crate::dash::{
    number,
    svg::{Path, Pen},
};

/// Room that the name of a line takes.
const NAME_WIDTH: f64 = 70.0;

impl Plot<'_> {
    /// The stroke of a line, in pieces between gaps; the way to the running slot is dotted.
    pub(super) fn line(&self, pen: &mut Pen, line: &Line, filled: bool) {
        pen.open("g", &[("class", line.class.into())]);
        let mut area = Path::default();
        let mut stroke = Path::default();
        let mut running = Path::default();
        let mut before: Option<(f64, f64)> = None;
        for (at, value) in line.values.iter().enumerate() {
            let here = value.map(|value| (self.x(at), self.y(value as f64)));
            match (before, here) {
                (None, Some((x, y))) => {
                    stroke.move_to(x, y);
                    area.move_to(x, self.foot).line_to(x, y);
                }
                (Some((x1, y1)), Some((x, y))) if !line.whole && self.chart.running == Some(at) => {
                    running.move_to(x1, y1).line_to(x, y);
                    area.line_to(x, y);
                }
                (Some(_), Some((x, y))) => {
                    stroke.line_to(x, y);
                    area.line_to(x, y);
                }
                (Some((x, _)), None) => {
                    area.line_to(x, self.foot).close();
                }
                (None, None) => (),
            }
            before = here;
        }
        if let Some((x, _)) = before {
            area.line_to(x, self.foot).close();
        }
        if filled {
            pen.leaf("path", &[("class", "area".into()), ("d", area.as_str().into())]);
        }
        for (path, dashes) in [(&stroke, line.marker.dashes()), (&running, "2 4")] {
            if !path.as_str().is_empty() {
                pen.leaf(
                    "path",
                    &[
                        ("class", "line".into()),
                        ("fill", "none".into()),
                        ("stroke-dasharray", dashes.into()),
                        ("d", path.as_str().into()),
                    ],
                );
            }
        }
        pen.close();
    }

    /// Per slot: its markers, a rule shown under the pointer, and its figures in words. Markers that
    /// would crowd the line appear under the pointer only.
    pub(super) fn slots(&self, pen: &mut Pen) {
        let roomy = self.step >= 15.0;
        for (at, slot) in self.chart.slots.iter().enumerate() {
            if self.chart.lines.iter().all(|line| value(line, at).is_none()) {
                continue;
            }
            let x = self.x(at);
            pen.open("g", &[("class", "slot".into())]);
            pen.label("title", &[], &slot.hover);
            pen.leaf(
                "rect",
                &[
                    ("class", "hit".into()),
                    ("x", (x - self.step / 2.0).into()),
                    ("y", TOP.into()),
                    ("width", self.step.into()),
                    ("height", (self.foot - TOP).into()),
                ],
            );
            pen.leaf(
                "line",
                &[
                    ("class", "rule".into()),
                    ("x1", x.into()),
                    ("x2", x.into()),
                    ("y1", TOP.into()),
                    ("y2", self.foot.into()),
                ],
            );
            for line in self.chart.lines.iter().rev() {
                let Some(count) = value(line, at) else { continue };
                let alone = at.checked_sub(1).and_then(|it| value(line, it)).is_none()
                    && value(line, at + 1).is_none();
                let hollow = !line.whole && self.chart.running == Some(at);
                let quiet = if roomy || alone || hollow { "" } else { " quiet" };
                let class = format!("mark{}{quiet}", if hollow { " hollow" } else { "" });
                pen.open("g", &[("class", line.class.into())]);
                line.marker.draw(pen, &class, x, self.y(count as f64));
                pen.close();
            }
            pen.close();
        }
    }

    /// The first line's highest value, written above it.
    pub(super) fn peak(&self, pen: &mut Pen) {
        let Some(line) = self.chart.lines.first() else { return };
        let values = line.values.iter().enumerate().filter_map(|(at, it)| Some((at, (*it)?)));
        // The earliest of equals.
        let Some((at, most)) = values.rev().max_by_key(|(_, value)| *value) else { return };
        let text = number::integer(most, self.chart.lang);
        let half = text_width(&text) / 2.0;
        let x = self.x(at).clamp(self.left + half, (self.right - half).max(self.left + half));
        pen.label(
            "text",
            &[
                ("class", "peak".into()),
                ("x", x.into()),
                ("y", (self.y(most as f64) - 9.0).into()),
                ("text-anchor", "middle".into()),
            ],
            &text,
        );
    }

    /// The name of each line beside its last value, pushed apart when they would touch.
    pub(super) fn end_names(&self, pen: &mut Pen) {
        let mut ends: Vec<(f64, f64, &Line)> = self
            .chart
            .lines
            .iter()
            .filter_map(|line| {
                let at = line.values.iter().rposition(Option::is_some)?;
                Some((self.x(at) + 10.0, self.y(value(line, at)? as f64), line))
            })
            .collect();
        ends.sort_by(|(_, y1, _), (_, y2, _)| y1.total_cmp(y2));
        // Lines that end elsewhere are not in the way.
        let near = |one: f64, other: f64| (one - other).abs() < NAME_WIDTH;
        let at: Vec<f64> = ends.iter().map(|(x, _, _)| *x).collect();
        let mut placed: Vec<(f64, f64)> = Vec::new();
        for (x, y, line) in ends {
            let crowd = at.iter().filter(|it| near(**it, x)).count().saturating_sub(1);
            let above = placed.iter().filter(|it| near(it.0, x)).map(|it| it.1 + 15.0);
            let lowest = above.fold(f64::NEG_INFINITY, f64::max);
            let foot = (self.foot - crowd as f64 * 15.0).max(TOP);
            let y = y.clamp(TOP, foot).max(lowest);
            placed.push((x, y));
            let class = format!("end-name {}", line.class);
            pen.label(
                "text",
                &[("class", (&class).into()), ("x", x.into()), ("y", (y + 4.0).into())],
                &line.name,
            );
        }
    }
}

fn value(line: &Line, at: usize) -> Option<u64> {
    line.values.get(at).copied().flatten()
}
