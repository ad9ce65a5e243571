//! The shapes that tell one line from another without colour.

use crate::dash::svg::{Path, Pen};

/// The marker of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::dash) enum Marker {
    Circle,
    Diamond,
    Square,
}

impl Marker {
    /// Draws the marker with its centre at `x`, `y`.
    pub(super) fn draw(self, pen: &mut Pen, class: &str, x: f64, y: f64) {
        match self {
            Self::Circle => pen.leaf(
                "circle",
                &[("class", class.into()), ("cx", x.into()), ("cy", y.into()), ("r", 3.5.into())],
            ),
            Self::Square => pen.leaf(
                "rect",
                &[
                    ("class", class.into()),
                    ("x", (x - 3.0).into()),
                    ("y", (y - 3.0).into()),
                    ("width", 6.0.into()),
                    ("height", 6.0.into()),
                ],
            ),
            Self::Diamond => {
                let mut path = Path::default();
                path.move_to(x, y - 4.5)
                    .line_to(x + 4.5, y)
                    .line_to(x, y + 4.5)
                    .line_to(x - 4.5, y)
                    .close();
                pen.leaf("path", &[("class", class.into()), ("d", path.as_str().into())]);
            }
        }
    }

    /// The dash pattern of the line that carries the marker.
    pub(super) fn dashes(self) -> &'static str {
        match self {
            Self::Circle => "none",
            Self::Diamond => "7 4",
            Self::Square => "3 3",
        }
    }
}
