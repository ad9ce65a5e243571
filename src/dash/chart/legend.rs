//! The swatches of a legend, drawn as in the chart.

use super::{
    marks::Marker,
    timeline::{self, BandKind},
};
use crate::dash::svg::{Pen, Svg};

const SIZE: (f64, f64) = (32.0, 14.0);

/// A piece of line with its marker.
pub(in crate::dash) fn line_swatch(class: &str, marker: Marker) -> Svg {
    let mut pen = Pen::decoration("swatch", SIZE, false);
    pen.open("g", &[("class", class.into())]);
    pen.leaf(
        "line",
        &[
            ("class", "line".into()),
            ("x1", 1.0.into()),
            ("x2", 31.0.into()),
            ("y1", 7.0.into()),
            ("y2", 7.0.into()),
            ("stroke-dasharray", marker.dashes().into()),
        ],
    );
    marker.draw(&mut pen, "mark", 16.0, 7.0);
    pen.finish()
}

/// A piece of a shaded band.
pub(in crate::dash) fn band_swatch(kind: BandKind) -> Svg {
    let mut pen = Pen::decoration("swatch", SIZE, false);
    let id = format!("swatch-{}", kind.class());
    let fill = timeline::band_fill(&mut pen, kind, &id);
    pen.leaf(
        "rect",
        &[
            ("class", kind.class().into()),
            ("fill", (&fill).into()),
            ("x", 0.5.into()),
            ("y", 0.5.into()),
            ("width", 31.0.into()),
            ("height", 13.0.into()),
        ],
    );
    pen.finish()
}
