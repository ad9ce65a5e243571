//! What a picture shows → SVG.

use std::f64::consts::TAU;

use super::{Graph, Shape};
use crate::dash::{
    number,
    svg::{Attribute, Path, Pen, short},
};

/// Colours that differ in lightness as well.
const COLOURS: [&str; 6] = ["#0B5CAD", "#C2570C", "#2E7D32", "#7B1FA2", "#A98600", "#5D6670"];

impl Graph {
    /// The drawing.
    pub fn svg(&self) -> String {
        let mut pen = Pen::image((self.width, self.height));
        let ground: [Attribute<'_>; 3] = [
            ("width", self.width.into()),
            ("height", self.height.into()),
            ("fill", (&self.ground).into()),
        ];
        pen.leaf("rect", &ground);
        match self.shape {
            Shape::Evolution | Shape::Columns => self.upright(&mut pen),
            Shape::Rows => self.rows(&mut pen),
            Shape::Pie => self.pie(&mut pen),
        }
        pen.finish().into_string()
    }

    fn write(&self, pen: &mut Pen, text: &str, (x, y): (f64, f64), anchor: &str) {
        pen.label(
            "text",
            &[
                ("x", x.into()),
                ("y", y.into()),
                ("font-size", self.font.into()),
                ("font-family", "DejaVu Sans".into()),
                ("fill", (&self.text).into()),
                ("text-anchor", anchor.into()),
            ],
            text,
        );
    }

    fn wide(&self, text: &str) -> f64 {
        text.chars().count() as f64 * self.font * 0.62
    }

    /// A text cut to a width.
    fn cut(&self, text: &str, width: f64) -> String {
        let most = (width / (self.font * 0.62)).max(1.0) as usize;
        if text.chars().count() <= most {
            return text.to_owned();
        }
        let kept: String = text.chars().take(most.saturating_sub(1)).collect();
        format!("{kept}…")
    }

    fn said(&self, value: f64) -> String {
        if value.fract() == 0.0 && (0.0..1e15).contains(&value) {
            return number::integer(value as u64, self.lang);
        }
        short(value)
    }

    /// Lines or columns on an axis of values.
    fn upright(&self, pen: &mut Pen) {
        let values = self.lines.iter().flat_map(|(_, values)| values);
        let most = values.copied().fold(0.0, f64::max);
        let step = step(most, ((self.height / (self.font * 3.5)) as usize).clamp(1, 6));
        let top = (most / step).ceil() * step;
        let left = self.wide(&self.said(top)).max(self.wide(&self.said(step))) + 12.0;
        let head = self.font * 2.2;
        let (foot, right) = (self.height - self.font * 2.2, self.width - 12.0);
        let y = |value: f64| foot - (foot - head) * value / top;
        let mut level = 0.0;
        while level <= top + step / 2.0 {
            let ends: [Attribute<'_>; 5] = [
                ("x1", left.into()),
                ("x2", right.into()),
                ("y1", y(level).into()),
                ("y2", y(level).into()),
                ("stroke", (&self.grid).into()),
            ];
            pen.leaf("line", &ends);
            self.write(pen, &self.said(level), (left - 6.0, y(level) + self.font * 0.35), "end");
            level += step;
        }
        let slot = (right - left) / self.slots.len().max(1) as f64;
        let x = |at: usize| left + slot * (at as f64 + 0.5);
        self.under(pen, slot, x, foot + self.font * 1.5);
        for (nth, (_, values)) in self.lines.iter().enumerate() {
            let colour = colour(nth);
            if self.shape == Shape::Columns {
                for (at, value) in values.iter().enumerate() {
                    let bar: [Attribute<'_>; 5] = [
                        ("x", (x(at) - slot * 0.35).into()),
                        ("y", y(*value).into()),
                        ("width", (slot * 0.7).into()),
                        ("height", (foot - y(*value)).into()),
                        ("fill", colour.into()),
                    ];
                    pen.leaf("rect", &bar);
                }
                continue;
            }
            let mut path = Path::default();
            for (at, value) in values.iter().enumerate() {
                if at == 0 {
                    path.move_to(x(at), y(*value));
                } else {
                    path.line_to(x(at), y(*value));
                }
                let dot: [Attribute<'_>; 4] = [
                    ("cx", x(at).into()),
                    ("cy", y(*value).into()),
                    ("r", 2.5.into()),
                    ("fill", colour.into()),
                ];
                pen.leaf("circle", &dot);
            }
            let stroke: [Attribute<'_>; 4] = [
                ("d", path.as_str().into()),
                ("fill", "none".into()),
                ("stroke", colour.into()),
                ("stroke-width", 2.0.into()),
            ];
            pen.leaf("path", &stroke);
        }
        self.legend(pen, left);
    }

    /// As many labels as find room below the axis.
    fn under(&self, pen: &mut Pen, slot: f64, x: impl Fn(usize) -> f64, y: f64) {
        let longest = self.slots.iter().map(|it| self.wide(it)).fold(1.0, f64::max);
        let room = (self.width / 4.0).max(slot);
        let every = ((longest.min(room) + self.font) / slot).ceil().max(1.0) as usize;
        for (at, label) in self.slots.iter().enumerate().step_by(every) {
            let text = self.cut(label, room);
            let half = self.wide(&text) / 2.0;
            let middle =
                x(at).clamp(half.min(self.width / 2.0), (self.width - half).max(self.width / 2.0));
            self.write(pen, &text, (middle, y), "middle");
        }
    }

    fn legend(&self, pen: &mut Pen, left: f64) {
        let mut x = left;
        for (nth, (name, _)) in self.lines.iter().enumerate() {
            let text = self.cut(name, self.width / self.lines.len() as f64 - self.font * 2.0);
            self.swatch(pen, (x, self.font * 0.5), nth);
            self.write(pen, &text, (x + self.font * 1.3, self.font * 1.35), "start");
            x += self.wide(&text) + self.font * 3.0;
        }
    }

    fn swatch(&self, pen: &mut Pen, (x, y): (f64, f64), nth: usize) {
        let square: [Attribute<'_>; 5] = [
            ("x", x.into()),
            ("y", y.into()),
            ("width", self.font.into()),
            ("height", self.font.into()),
            ("fill", colour(nth).into()),
        ];
        pen.leaf("rect", &square);
    }

    fn figures(&self) -> impl Iterator<Item = (&str, f64)> {
        let values = self.lines.first().map_or(&[][..], |(_, values)| values);
        self.slots.iter().map(String::as_str).zip(values.iter().copied())
    }

    /// As many rows as find room, each with its label and its figure.
    fn rows(&self, pen: &mut Pen) {
        let line = self.font * 2.0;
        let fit = ((self.height - line) / line).max(1.0) as usize;
        let shown: Vec<(&str, f64)> = self.figures().take(fit).collect();
        let most = shown.iter().map(|(_, value)| *value).fold(f64::MIN_POSITIVE, f64::max);
        let room = self.width * 0.4;
        let left = shown.iter().map(|(label, _)| self.wide(label)).fold(0.0, f64::max).min(room);
        let bars = (self.width - left - self.wide(&self.said(most)) - self.font * 3.0).max(1.0);
        self.legend(pen, self.font);
        for (at, (label, value)) in shown.iter().enumerate() {
            let y = line * (at as f64 + 1.0) + self.font * 0.4;
            let middle = y + self.font * 1.05;
            let x = left + self.font;
            self.write(pen, &self.cut(label, room), (x - self.font * 0.5, middle), "end");
            let long = (bars * value / most).max(0.0);
            let bar: [Attribute<'_>; 5] = [
                ("x", x.into()),
                ("y", y.into()),
                ("width", long.into()),
                ("height", (line * 0.75).into()),
                ("fill", colour(0).into()),
            ];
            pen.leaf("rect", &bar);
            self.write(pen, &self.said(*value), (x + long + self.font * 0.5, middle), "start");
        }
    }

    /// The largest rows and the sum of the others, in shares.
    fn pie(&self, pen: &mut Pen) {
        let mut parts: Vec<(String, f64)> =
            self.figures().filter(|(_, it)| *it > 0.0).map(|(a, b)| (a.to_owned(), b)).collect();
        let rest: f64 = parts.iter().skip(COLOURS.len() - 1).map(|(_, value)| value).sum();
        parts.truncate(COLOURS.len() - 1);
        if rest > 0.0 {
            parts.push((
                if self.lang == super::Lang::Fr { "Autres" } else { "Others" }.to_owned(),
                rest,
            ));
        }
        let whole: f64 = parts.iter().map(|(_, value)| value).sum();
        let radius = (self.height / 2.0 - self.font).min(self.width / 4.0).max(1.0);
        let (cx, cy) = (radius + self.font, self.height / 2.0);
        let mut from = -TAU / 4.0;
        for (nth, (label, value)) in parts.iter().enumerate() {
            let share = value / whole;
            let to = from + share * TAU;
            let point = |angle: f64| (cx + radius * angle.cos(), cy + radius * angle.sin());
            let ((x1, y1), (x2, y2)) = (point(from), point(to));
            let large = u8::from(share > 0.5);
            let [cx_, cy_, r, x1, y1, x2, y2] = [cx, cy, radius, x1, y1, x2, y2].map(short);
            // A whole circle has no corner that an arc could end in.
            if share > 0.9999 {
                let all: [Attribute<'_>; 4] = [
                    ("cx", cx.into()),
                    ("cy", cy.into()),
                    ("r", radius.into()),
                    ("fill", colour(nth).into()),
                ];
                pen.leaf("circle", &all);
            } else {
                let d = format!("M{cx_} {cy_}L{x1} {y1}A{r} {r} 0 {large} 1 {x2} {y2}Z");
                let slice: [Attribute<'_>; 3] = [
                    ("d", (&d).into()),
                    ("fill", colour(nth).into()),
                    ("stroke", (&self.ground).into()),
                ];
                pen.leaf("path", &slice);
            }
            from = to;
            let y = self.font * 2.0 * (nth as f64 + 0.5);
            let x = cx + radius + self.font * 2.0;
            let text = format!("{label}: {} ({} %)", self.said(*value), short(share * 100.0));
            self.swatch(pen, (x, y), nth);
            let text = self.cut(&text, self.width - x - self.font * 2.0);
            self.write(pen, &text, (x + self.font * 1.5, y + self.font * 0.9), "start");
        }
    }
}

fn colour(nth: usize) -> &'static str {
    COLOURS.get(nth % COLOURS.len()).copied().unwrap_or("#0B5CAD")
}

/// The distance of levels on an axis: 1, 2 or 5 times a power of ten, at most `levels` of them.
fn step(most: f64, levels: usize) -> f64 {
    let rough = (most / levels as f64).max(f64::MIN_POSITIVE);
    let power = 10.0_f64.powf(rough.log10().floor());
    let round = [1.0, 2.0, 5.0, 10.0].into_iter().find(|it| it * power >= rough * 0.999_999);
    round.unwrap_or(10.0) * power
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::dash::{graph::Wish, svg::wellformed};

    fn graph(shape: Shape, values: &[f64], size: (u32, u32)) -> Graph {
        let wish = Wish { width: Some(size.0), height: Some(size.1), ..Wish::default() };
        let slots = (0..values.len()).map(|it| format!("Slot <{it}>")).collect();
        Graph::new(&wish, shape, slots, vec![("Visits".to_owned(), values.to_vec())])
    }

    #[test]
    fn levels_are_round() {
        for (most, levels, expected) in
            [(10.0, 5, 2.0), (7.0, 4, 2.0), (1.0, 4, 0.5), (950.0, 5, 200.0)]
        {
            assert_eq!(step(most, levels), expected, "{most} {levels}");
        }
    }

    #[test]
    fn every_figure_is_drawn() {
        let drawn = |shape| graph(shape, &[3.0, 1.0], (400, 200)).svg();
        assert_eq!(drawn(Shape::Evolution).matches("<circle").count(), 2);
        // The ground and the legend are rectangles, too.
        assert_eq!(drawn(Shape::Columns).matches("<rect").count(), 4);
        let rows = drawn(Shape::Rows);
        assert!(rows.contains("Slot &lt;0&gt;") && rows.contains(">3</text>"), "{rows}");
        assert!(drawn(Shape::Pie).contains("Slot &lt;0&gt;: 3 (75 %)"));
        assert!(graph(Shape::Pie, &[3.0], (400, 200)).svg().contains("<circle"));
    }

    proptest! {
        #[test]
        fn any_figures_are_well_formed(
            values in prop::collection::vec(0.0..1e12_f64, 0..40),
            size in (0..3000_u32, 0..3000_u32),
        ) {
            for shape in [Shape::Evolution, Shape::Columns, Shape::Rows, Shape::Pie] {
                wellformed::check(&graph(shape, &values, size).svg());
            }
        }
    }
}
