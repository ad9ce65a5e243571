//! Once a month is over: deciding what of it others than the site's team may see.

use tracing::{info, warn};

use super::state::State;
use crate::{
    publish::{Cube, Published},
    secrecy::Rules,
    site::{self, DayNumber, FeatureId, Site},
    store::Error,
};

/// Days after a month's end, so that what was late is in it.
const AFTER: DayNumber = 3;

/// Publishes every month that is over and was not decided yet.
pub async fn publish_due(state: &State) {
    for known in state.sites() {
        if let Err(error) = publish_site(state, &known.site).await {
            warn!(%error, site = known.site.id, "figures could not be published; it is tried again");
        }
    }
}

async fn publish_site(state: &State, site: &Site) -> Result<(), Error> {
    let Some(cube) = Cube::of(&site.register) else { return Ok(()) };
    let (today, _) = site::day_and_hour(state.now(), &site.zone());
    for month in state.store.unpublished_months(site.id, today - AFTER).await? {
        let cells = decide(state, site, &cube, month).await?;
        state.store.publish(site.id, month, &cells).await?;
        info!(site = site.id, month = %site::date_of(month), cells = cells.len(), "figures are published");
    }
    Ok(())
}

async fn decide(
    state: &State,
    site: &Site,
    cube: &Cube,
    month: DayNumber,
) -> Result<Vec<(FeatureId, Published)>, Error> {
    let features = site.register.features.iter().map(|feature| feature.id);
    let mut cells = Vec::new();
    for feature in std::iter::once(0).chain(features) {
        let found = state.store.read(site.id, &cube.asks(feature, month)).await?;
        let cube = cube.clone();
        // A national month takes its time: not on the threads that answer hits.
        let decided = actix_web::web::block(move || cube.publish(&found, &Rules::default())).await;
        let published = decided
            .map_err(|error| Error::Refused(error.to_string()))?
            .map_err(|error| Error::Refused(error.to_string()))?;
        cells.extend(published.into_iter().map(|cell| (feature, cell)));
    }
    Ok(cells)
}
