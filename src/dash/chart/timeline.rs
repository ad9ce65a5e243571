//! Lines over time on one axis of counts.

use super::{Marker, plot::Plot};
use crate::dash::{
    lang::Lang,
    svg::{Pen, Svg},
};

/// A width class: a drawing for wide pages, one for tablets and paper, one for phones.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::dash) struct Frame {
    pub(in crate::dash) class: &'static str,
    pub(super) width: f64,
    pub(super) height: f64,
    /// Room for the names of the lines at their ends.
    pub(super) right: f64,
}

impl Frame {
    pub(in crate::dash) const ALL: [Self; 3] = [
        Self { class: "wide", width: 1080.0, height: 300.0, right: 78.0 },
        Self { class: "medium", width: 660.0, height: 280.0, right: 76.0 },
        Self { class: "narrow", width: 340.0, height: 240.0, right: 14.0 },
    ];
}

pub(super) const TOP: f64 = 24.0;
pub(super) const BOTTOM: f64 = 28.0;

/// One place on the time axis.
#[derive(Clone, Debug)]
pub(in crate::dash) struct Slot {
    /// Told when the pointer rests on it.
    pub(in crate::dash) hover: String,
    /// What the axis may write under it, room permitting.
    pub(in crate::dash) tick: Option<String>,
}

/// One line.
#[derive(Clone, Debug)]
pub(in crate::dash) struct Line {
    pub(in crate::dash) name: String,
    pub(in crate::dash) class: &'static str,
    pub(in crate::dash) marker: Marker,
    /// One per slot; none leaves a gap.
    pub(in crate::dash) values: Vec<Option<u64>>,
    /// Its value at the running slot is a whole one all the same: it is of another time.
    pub(in crate::dash) whole: bool,
}

/// What stands above the grounds of slots `from..to`, once for several that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::dash) struct GroundName {
    pub(in crate::dash) from: usize,
    pub(in crate::dash) to: usize,
    pub(in crate::dash) text: String,
}

/// Slots `from..to` with a shaded ground.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::dash) struct Band {
    pub(in crate::dash) from: usize,
    pub(in crate::dash) to: usize,
    pub(in crate::dash) kind: BandKind,
    pub(in crate::dash) name: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::dash) enum BandKind {
    Weekend,
    /// Hatched.
    Holiday,
    /// Hatched thinly: holidays, but not of all zones.
    SomeHoliday,
}

impl BandKind {
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Weekend => "band-weekend",
            Self::Holiday => "band-holiday",
            Self::SomeHoliday => "band-some-holiday",
        }
    }
}

/// A chart of lines over time. The first line has its area filled and its peak named.
#[derive(Clone, Debug)]
pub(in crate::dash) struct Timeline {
    pub(in crate::dash) id: &'static str,
    pub(in crate::dash) name: String,
    pub(in crate::dash) description: String,
    pub(in crate::dash) slots: Vec<Slot>,
    pub(in crate::dash) lines: Vec<Line>,
    pub(in crate::dash) bands: Vec<Band>,
    pub(in crate::dash) ground_names: Vec<GroundName>,
    /// The slot that is not over yet: drawn hollow.
    pub(in crate::dash) running: Option<usize>,
    /// Written in the middle when there is nothing to draw.
    pub(in crate::dash) empty: String,
    pub(in crate::dash) lang: Lang,
}

/// The pattern or plain ground of a band; returns the value of `fill`.
pub(super) fn band_fill(pen: &mut Pen, kind: BandKind, id: &str) -> String {
    if kind == BandKind::Weekend {
        return "currentColor".to_owned();
    }
    let apart = if kind == BandKind::Holiday { 6.0 } else { 14.0 };
    pen.open(
        "pattern",
        &[
            ("id", id.into()),
            ("width", apart.into()),
            ("height", 6.0.into()),
            ("patternUnits", "userSpaceOnUse".into()),
            ("patternTransform", "rotate(45)".into()),
        ],
    );
    pen.leaf("rect", &[("class", "hatch".into()), ("width", 1.4.into()), ("height", 6.0.into())]);
    pen.close();
    format!("url(#{id})")
}

impl Timeline {
    /// The drawing for that width class.
    pub(in crate::dash) fn draw(&self, frame: Frame) -> Svg {
        let plot = Plot::new(self, frame);
        let id = format!("{}-{}", self.id, frame.class);
        let class = format!("chart {}", frame.class);
        let size = (frame.width, frame.height);
        let mut pen = Pen::picture(&class, &id, size, &self.name, &self.description);
        plot.bands(&mut pen, &id);
        plot.ground_names(&mut pen);
        plot.value_axis(&mut pen);
        plot.time_axis(&mut pen);
        if plot.max == 0 {
            let (x, y) = ((plot.left + plot.right) / 2.0, (TOP + plot.foot) / 2.0);
            pen.label(
                "text",
                &[
                    ("class", "empty".into()),
                    ("x", x.into()),
                    ("y", y.into()),
                    ("text-anchor", "middle".into()),
                ],
                &self.empty,
            );
            return pen.finish();
        }
        for (at, line) in self.lines.iter().enumerate().rev() {
            plot.line(&mut pen, line, at == 0);
        }
        plot.slots(&mut pen);
        plot.peak(&mut pen);
        if frame.right > 50.0 {
            plot.end_names(&mut pen);
        }
        pen.finish()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::dash::svg::wellformed;

    fn chart(visits: Vec<Option<u64>>, visitors: Vec<Option<u64>>) -> Timeline {
        let slots = (0..visits.len())
            .map(|at| Slot { hover: format!("<{at}>"), tick: Some(format!("{at} &")) })
            .collect();
        let line = |name: &str, class, marker, values| Line {
            name: name.to_owned(),
            class,
            marker,
            values,
            whole: false,
        };
        Timeline {
            id: "trend",
            name: "Visites & visiteurs".to_owned(),
            description: "…".to_owned(),
            slots,
            lines: vec![
                line("Visites", "visits", Marker::Circle, visits),
                line("Visiteurs", "visitors", Marker::Diamond, visitors),
            ],
            bands: vec![Band { from: 1, to: 9, kind: BandKind::Holiday, name: "V".to_owned() }],
            ground_names: vec![GroundName { from: 1, to: 9, text: "Vacances".to_owned() }],
            running: Some(2),
            empty: "Rien".to_owned(),
            lang: Lang::Fr,
        }
    }

    fn drawn(visits: &[Option<u64>]) -> String {
        let text = chart(visits.to_vec(), visits.to_vec()).draw(Frame::ALL[0]).as_str().to_owned();
        wellformed::check(&text);
        text
    }

    #[test]
    fn a_chart_names_itself_and_its_lines() {
        let text = drawn(&[Some(3), Some(5), Some(1)]);
        assert!(text.contains(r#"role="img" aria-labelledby="trend-wide-t""#));
        assert!(text.contains(r#"<title id="trend-wide-t">Visites &amp; visiteurs</title>"#));
        assert!(text.contains(">Visites</text>") && text.contains(">Visiteurs</text>"));
        assert_eq!(text.matches(r#"class="slot""#).count(), 3);
        assert!(text.contains(r#"stroke-dasharray="7 4""#), "the second line is dashed");
        assert!(text.contains("mark hollow"), "the running slot is hollow");
    }

    #[test]
    fn one_point_is_a_marker_and_its_value() {
        let text = drawn(&[Some(1234)]);
        assert!(text.contains(r#"class="mark""#) && text.contains("1\u{202f}234"));
    }

    #[test]
    fn nothing_to_draw_is_said() {
        for values in [&[][..], &[None, None], &[Some(0), Some(0)]] {
            let text = drawn(values);
            assert!(text.contains(">Rien</text>") && !text.contains("class=\"slot\""));
        }
    }

    #[test]
    fn gaps_are_not_bridged() {
        let text = drawn(&[Some(1), None, None, Some(1), Some(1)]);
        let line = text.split(r#"class="line" fill="none""#).nth(1).unwrap();
        assert_eq!(line.split('>').next().unwrap().matches('M').count(), 2);
    }

    proptest! {
        #[test]
        fn any_series_is_well_formed(
            visits in prop::collection::vec(any::<Option<u64>>(), 0..70),
            visitors in prop::collection::vec(any::<Option<u64>>(), 0..70),
        ) {
            for frame in Frame::ALL {
                wellformed::check(chart(visits.clone(), visitors.clone()).draw(frame).as_str());
            }
        }
    }
}
