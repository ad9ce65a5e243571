//! Resolution: sizes of screens.

use super::rows::{Part, table, value, visits_and_goals};
use crate::{
    report::{
        labels::{encode, unknown},
        need::By,
        registry::Report,
        scene::Scene,
        table::{Cell, Table},
    },
    rollup::subject,
};

pub(super) const REPORTS: &[Report] = &[Report::new(
    "Resolution",
    "getResolution",
    |asked| Ok(visits_and_goals(asked, subject::RESOLUTION, By::VALUE)[..1].to_vec()),
    get,
)
.of(&["Resolution_Resolution"])];

fn get(scene: &Scene<'_>) -> Table {
    let parts = Part::of(scene, 0, usize::MAX).split(|row| Some(value(row).unwrap_or_default()));
    table(parts, scene.period, |record, size, _| {
        if size.is_empty() || size == "unknown" {
            record.label = Some(unknown(scene.language()).to_lowercase());
        }
        record.tell("segment", Cell::text(&format!("resolution=={}", encode(size))));
    })
}
