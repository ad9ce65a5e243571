//! DevicePlugins: what browsers say they can play. It is dropped at the door, so the table is empty.

use crate::report::{registry::Report, table::Table};

pub(super) const REPORTS: &[Report] =
    &[Report::new("DevicePlugins", "getPlugin", |_| Ok(Vec::new()), |_| Table::default())
        .of(&["DevicePlugins_Plugin"])];
