//! The only actix: requests in, answers out.
//!
//! No request is logged with its address, agent, query, referrer, token or body.

mod api;
mod assets;
mod body;
mod collect;
mod health;
mod manage;
mod state;

use actix_web::web::{ServiceConfig, resource, route};

pub use assets::Assets;
pub use state::{KnownSite, Parts, State};

/// Every route.
pub fn routes(config: &mut ServiceConfig) {
    for path in ["/matomo.php", "/piwik.php"] {
        config.service(resource(path).to(collect::track));
    }
    config.service(resource("/index.php").to(api::api));
    config.service(resource("/health").get(health::health));
    for path in ["/matomo.js", "/piwik.js", "/tracker/{file:.*}"] {
        config.service(resource(path).get(assets::file));
    }
    config.service(resource(["/demo", "/demo/{file:.*}"]).get(assets::demo));
    config.default_service(route().to(assets::file));
}
