//! What a report is built from: one site, one period, the rows that were read for it.

use super::{
    labels::Language,
    need::Row,
    options::Options,
    params::Params,
    period::{Kind, Period},
    plan::Mark,
};
use crate::site::Site;
use jiff::civil::Date;

/// A question as the reports see it before anything is read.
pub(super) struct Asked<'a> {
    pub(super) params: &'a Params,
    pub(super) options: &'a Options,
    pub(super) site: &'a Site,
    pub(super) kind: Kind,
    /// The day it is on the site.
    pub(super) today: Date,
}

/// The same with the rows of one period, one list per need, in the order of the needs.
pub(super) struct Scene<'a> {
    pub(super) params: &'a Params,
    pub(super) options: &'a Options,
    pub(super) site: &'a Site,
    pub(super) period: &'a Period,
    pub(super) today: Date,
    /// What the site's team wrote down, where the report shows it.
    pub(super) marks: &'a [Mark],
    /// Whether the table will be one of several.
    pub(super) in_map: bool,
    pub(super) rows: Vec<Vec<&'a Row>>,
}

impl<'a> Scene<'a> {
    /// The question behind it.
    pub(super) fn asked(&self) -> Asked<'_> {
        let Self { params, options, site, period, today, .. } = self;
        Asked { params, options, site, kind: period.kind, today: *today }
    }

    /// The rows of the need at that place; none when it was not asked for.
    pub(super) fn rows(&self, need: usize) -> &[&'a Row] {
        self.rows.get(need).map_or(&[], Vec::as_slice)
    }

    pub(super) fn language(&self) -> Language {
        self.options.language
    }
}
