//! Numbers → SVG.
//!
//! A chart is drawn once for each width class, with type of one size in all of them; the style
//! sheet shows the one that fits. Colours come from the style sheet by class. What a colour says, a
//! shape, a dash pattern or a word says too.

mod bar;
mod heat;
mod legend;
mod lines;
mod marks;
mod plot;
mod scale;
mod spark;
mod timeline;

pub(super) use bar::bar;
pub(super) use heat::{Heat, Layout};
pub(super) use legend::{band_swatch, line_swatch};
pub(super) use marks::Marker;
pub(super) use spark::spark;
pub(super) use timeline::{Band, BandKind, Frame, GroundName, Line, Slot, Timeline};

/// About how wide a text is at the size of chart labels. Generous: labels must never touch.
fn text_width(text: &str) -> f64 {
    text.chars().count() as f64 * 6.9
}
