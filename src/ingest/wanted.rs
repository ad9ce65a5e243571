//! What sites want beside their rollups.

use std::{collections::HashSet, sync::Arc};

use arc_swap::ArcSwap;

use super::Series;
use crate::site::SiteId;

/// What each site wants; a site that is not in here wants nothing.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Sites whose events are kept for segmented questions.
    pub kept: HashSet<SiteId>,
    /// Sites of which it is counted which page follows which.
    pub transitions: HashSet<SiteId>,
    /// Sites of which it is kept on which days of the school year a visitor came.
    pub recency: HashSet<SiteId>,
    /// Rollups of declared segments.
    pub series: Vec<Series>,
}

/// The same, to be changed while hits are counted.
pub type SharedWanted = Arc<ArcSwap<Wanted>>;
