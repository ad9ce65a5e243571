//! A report as a picture that stands alone: for clients that show images, not pages. Colours and
//! sizes are in the drawing, because nothing but a renderer sees it.

mod draw;
mod read;

use super::lang::Lang;

pub use read::Unreadable;

/// How a picture shows its figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Lines over time.
    Evolution,
    /// Columns side by side.
    Columns,
    /// Rows below each other, each with its label.
    Rows,
    /// Shares of a whole.
    Pie,
}

impl Shape {
    /// The shape that a client names.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "evolution" => Some(Self::Evolution),
            "verticalBar" => Some(Self::Columns),
            "horizontalBar" => Some(Self::Rows),
            "pie" | "3dPie" => Some(Self::Pie),
            _ => None,
        }
    }

    /// Pixels, where the client does not say how many.
    fn size(self) -> (u32, u32) {
        if self == Self::Rows { (800, 290) } else { (1044, 290) }
    }
}

/// What a client wishes of a picture.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    pub shape: Option<Shape>,
    pub width: Option<u32>,
    pub height: Option<u32>,
    /// Metrics by name; the first that the report has counts, all of them over time.
    pub columns: Vec<String>,
    /// Rows that get a line each over time; none: the largest ones.
    pub labels: Vec<String>,
    /// Six hexadecimal digits each: text, ground, grid.
    pub colours: [Option<String>; 3],
    pub font_size: Option<u32>,
    pub lang: Option<Lang>,
}

/// A picture before it is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Graph {
    shape: Shape,
    width: f64,
    height: f64,
    text: String,
    ground: String,
    grid: String,
    font: f64,
    lang: Lang,
    /// Labels of what is counted: days, or rows.
    slots: Vec<String>,
    /// Each with a name and a figure for each slot.
    lines: Vec<(String, Vec<f64>)>,
}

/// The most that a side may have, so that nobody asks for a picture that fills the memory.
const LARGEST: u32 = 2048;

impl Graph {
    fn new(wish: &Wish, shape: Shape, slots: Vec<String>, lines: Vec<(String, Vec<f64>)>) -> Self {
        let (width, height) = shape.size();
        let side = |asked: Option<u32>, usual: u32| {
            f64::from(asked.filter(|it| *it > 0).unwrap_or(usual).clamp(16, LARGEST))
        };
        let [text, ground, grid] = &wish.colours;
        let colour = |given: &Option<String>, usual: &str| {
            let is_colour =
                |it: &&String| it.len() == 6 && it.chars().all(|c| c.is_ascii_hexdigit());
            format!("#{}", given.as_ref().filter(is_colour).map_or(usual, String::as_str))
        };
        Self {
            shape,
            width: side(wish.width, width),
            height: side(wish.height, height),
            text: colour(text, "222222"),
            ground: colour(ground, "FFFFFF"),
            grid: colour(grid, "CCCCCC"),
            // Points, as clients count them.
            font: f64::from(wish.font_size.unwrap_or(9).clamp(5, 40)) * 4.0 / 3.0,
            lang: wish.lang.unwrap_or(Lang::En),
            slots,
            lines,
        }
    }

    /// Pixels, across and down.
    pub fn size(&self) -> (u32, u32) {
        (self.width as u32, self.height as u32)
    }
}
