//! The only actix: requests in, answers out.
//!
//! No request is logged with its address, agent, query, referrer, token or body.

mod api;
mod assets;
mod body;
mod collect;
mod data_map_page;
mod declare;
mod doorkeeper;
mod figures;
mod graph;
mod health;
mod inventory;
mod known;
mod label;
mod manage;
mod names;
mod opt_out;
mod pages;
mod published_page;
mod publishing;
mod register_pages;
mod school_time;
mod segments;
mod state;
mod usage;

use actix_web::{
    guard::{Guard, GuardContext},
    http::Method,
    web::{self, ServiceConfig, resource, route},
};

pub use assets::{Assets, Pinned};
pub use known::{Known, look};
pub use manage::{MANAGED, May};
pub use publishing::publish_due;
pub use state::{KnownSite, Parts, State};

/// Every route.
pub fn routes(config: &mut ServiceConfig) {
    for path in ["/matomo.php", "/piwik.php"] {
        config.service(resource(path).to(collect::track));
    }
    config.service(resource("/index.php").to(api::api));
    config.service(resource("/health").get(health::health));
    // Also by the mark of the content, `/matomo.0123456789abcdef.js`.
    for path in
        ["/{name:matomo|piwik|full|opt-out}.js", "/{name:matomo|piwik}.{mark:[0-9a-f]{16}}.js"]
    {
        config.service(resource(path).get(assets::file));
    }
    config.service(
        resource("/opt-out")
            .route(web::get().to(opt_out::page))
            .route(web::post().to(opt_out::choose)),
    );
    config.service(resource(["/demo", "/demo/{file:.*}"]).get(assets::demo));
    config.service(resource("/").guard(ApiCall).to(api::api));
    config.service(resource("/").get(pages::sites));
    config.service(
        resource("/login")
            .route(web::get().to(pages::login_form))
            .route(web::post().to(pages::login)),
    );
    config.service(resource("/logout").post(pages::logout));
    config.service(resource("/features").get(pages::features));
    config.service(resource("/published").get(published_page::page));
    config.service(resource("/published.csv").get(published_page::csv));
    config.service(resource("/sites/{id}").get(pages::site));
    config.service(resource("/sites/{id}/install").get(pages::install));
    config.service(
        resource("/features/register")
            .route(web::get().to(register_pages::list))
            .route(web::post().to(register_pages::send_file)),
    );
    config.service(
        resource("/features/register/edit")
            .route(web::get().to(register_pages::form))
            .route(web::post().to(register_pages::send_form)),
    );
    config.service(resource("/features/register.toml").get(register_pages::file));
    config.service(
        resource("/data-map")
            .route(web::get().to(data_map_page::page))
            .route(web::post().to(data_map_page::send)),
    );
    config.service(resource("/data-map.csv").get(data_map_page::csv));
    config.service(resource("/static/{file:.*}").get(pages::asset));
    config.default_service(route().to(pages::nothing));
}

/// Clients of the Reporting API may leave `index.php` out.
struct ApiCall;

impl Guard for ApiCall {
    fn check(&self, context: &GuardContext<'_>) -> bool {
        let head = context.head();
        head.method == Method::POST
            || head.uri.query().is_some_and(|query| query.contains("module=API"))
    }
}
