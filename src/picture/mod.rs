//! Drawings → PNG, for clients that show images.
//!
//! The font is a part of DejaVu Sans (Latin, Greek, Cyrillic); its licence is beside it. No font of
//! the machine is looked for, so that a picture is the same everywhere.

use std::sync::{Arc, LazyLock};

use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg::{Options, Tree, fontdb::Database},
};

const FONT: &[u8] = include_bytes!("DejaVuSans-subset.ttf");

static FONTS: LazyLock<Arc<Database>> = LazyLock::new(|| {
    let mut fonts = Database::new();
    fonts.load_font_data(FONT.to_vec());
    fonts.set_sans_serif_family("DejaVu Sans");
    Arc::new(fonts)
});

/// What cannot be made into pixels: our own drawing is wrong.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the drawing is not understood: {0}")]
    Drawing(String),
    #[error("a picture of {0} by {1} pixels cannot be made")]
    Size(u32, u32),
}

/// The pixels of a drawing of that size, as PNG.
///
/// # Errors
/// The text is no SVG, or a side has no pixels.
pub fn png(svg: &str, (width, height): (u32, u32)) -> Result<Vec<u8>, Error> {
    let options = Options {
        fontdb: Arc::clone(&FONTS),
        font_family: "DejaVu Sans".to_owned(),
        ..Options::default()
    };
    let tree = Tree::from_str(svg, &options).map_err(|error| Error::Drawing(error.to_string()))?;
    let mut pixels = Pixmap::new(width, height).ok_or(Error::Size(width, height))?;
    resvg::render(&tree, Transform::identity(), &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| Error::Drawing(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">"#;

    /// How many pixels of a picture are not white.
    fn ink(inside: &str) -> usize {
        let svg = format!(r##"{HEAD}<rect width="40" height="20" fill="#fff"/>{inside}</svg>"##);
        let png = png(&svg, (40, 20)).unwrap();
        assert!(png.starts_with(b"\x89PNG\r\n\x1a\n"));
        let pixels = Pixmap::decode_png(&png).unwrap();
        assert_eq!((pixels.width(), pixels.height()), (40, 20));
        pixels.pixels().iter().filter(|it| it.red() < 255).count()
    }

    #[test]
    fn shapes_and_letters_leave_ink() {
        assert_eq!(ink(""), 0);
        assert_eq!(ink(r#"<rect x="1" y="1" width="3" height="2"/>"#), 6);
        let text = |it: &str| {
            format!(r#"<text x="1" y="15" font-family="DejaVu Sans" font-size="12">{it}</text>"#)
        };
        for letters in ["e", "é", "œ", "Ω", "Ж", "1\u{202f}204"] {
            assert!(ink(&text(letters)) > 10, "{letters}");
        }
        assert!(ink(&text("eee")) > ink(&text("e")));
    }

    #[test]
    fn what_is_no_drawing_is_said() {
        assert!(matches!(png("<html>", (4, 4)), Err(Error::Drawing(_))));
        assert!(matches!(png(&format!("{HEAD}</svg>"), (0, 4)), Err(Error::Size(0, 4))));
    }
}
