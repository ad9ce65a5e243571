//! The data map: under which names things arrive, which of them are kept, and which may be told.
//!
//! A name may itself be somebody's: it is told only after enough senders used it, and where it looks
//! like a word of an application. Everything else is told as a shape. Until then it is in memory only.

mod allow;
mod looks;
mod tally;

pub use allow::{Unlabelled, allow, is_kept};
pub use looks::{looks_plain, shape};
pub use tally::{LEAST_SENDERS, Row, Tally};

/// Stands between the parts of a name: category and action, dimension and value.
pub const BETWEEN: char = '\u{1f}';

/// What is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A parameter of a hit that nothing here looks at.
    Parameter,
    /// An event's category and action.
    Event,
    /// Category, action and name.
    EventName,
    /// A custom dimension's number and a value.
    DimensionValue,
    /// A parameter of a page's address.
    UrlParameter,
    /// A page's title.
    Title,
}

impl Kind {
    /// Every kind, in the order in which they are listed.
    pub const ALL: [Self; 6] = [
        Self::Event,
        Self::EventName,
        Self::DimensionValue,
        Self::UrlParameter,
        Self::Title,
        Self::Parameter,
    ];

    /// As the API and the database call it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Parameter => "parameter",
            Self::Event => "event",
            Self::EventName => "event_name",
            Self::DimensionValue => "dimension_value",
            Self::UrlParameter => "url_parameter",
            Self::Title => "title",
        }
    }

    /// The step of a policy that keeps what is listed only; none for what is never kept.
    pub fn step(self) -> Option<&'static str> {
        match self {
            Self::Parameter => None,
            Self::Event | Self::EventName => Some("listed-events"),
            Self::DimensionValue => Some("listed-dimensions"),
            Self::UrlParameter => Some("listed-url-parameters"),
            Self::Title => Some("listed-titles"),
        }
    }

    /// The kind of that name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == text)
    }
}
