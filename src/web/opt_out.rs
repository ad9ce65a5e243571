//! /opt-out: where visitors of measured sites refuse to be counted, without script too.
//!
//! The choice is a cookie of this server that holds `1`, the same for everyone: browsers send it with
//! hits where the measured site is of the same registrable domain as this server, or lets cookies of
//! others through. Pages whose script may run use /opt-out.js, which keeps the choice in the page's
//! own storage and needs no cookie.

use actix_web::{
    HttpRequest, HttpResponse,
    cookie::{Cookie, SameSite, time::Duration},
    http::header,
    web::{Data, Payload},
};
use tracing::error;

use super::{body, state::State};
use crate::{
    collect::Params,
    dash::{Chosen, OptOut},
};

/// The name that hits are looked through for.
pub(super) const COOKIE: &str = "padoqe_ignore";
/// Thirteen months: the choice is asked for again no sooner.
const KEPT: Duration = Duration::days(395);
/// The form has one field.
const LARGEST_FORM: usize = 1 << 10;

/// GET /opt-out
pub(super) async fn page(request: HttpRequest, state: Data<State>) -> HttpResponse {
    let asks_not = |name: &str| {
        request.headers().get(name).is_some_and(|it| it.as_bytes().trim_ascii() == b"1")
    };
    let now = if asks_not("dnt") || asks_not("sec-gpc") {
        OptOut::Signal
    } else if request.cookie(COOKIE).is_some() {
        OptOut::Refused
    } else {
        OptOut::Measured
    };
    let query = Params::parse(request.query_string().as_bytes());
    let accepted = request.headers().get(header::ACCEPT_LANGUAGE).and_then(|it| it.to_str().ok());
    let chosen = Chosen::from_request(query.get("lang"), accepted);
    match state.templates.render_opt_out(now, chosen) {
        // No `frame-ancestors`: other sites show this page in theirs.
        Ok(html) => HttpResponse::Ok()
            .content_type("text/html; charset=utf-8")
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .insert_header((
                header::CONTENT_SECURITY_POLICY,
                "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'",
            ))
            .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .insert_header((header::REFERRER_POLICY, "no-referrer"))
            .body(html),
        Err(problem) => {
            error!(error = %problem, "the opt-out page could not be rendered");
            HttpResponse::InternalServerError()
                .content_type("text/plain; charset=utf-8")
                .body("This page could not be rendered; the server's log says why.\n")
        }
    }
}

/// POST /opt-out: keeps the choice, and shows it.
pub(super) async fn choose(request: HttpRequest, payload: Payload) -> HttpResponse {
    let form = match body::whole(payload, LARGEST_FORM).await {
        Ok(form) => Params::parse(&form).into_owned(),
        Err(status) => return HttpResponse::build(status).finish(),
    };
    // Frames of other sites get and send the cookie only where it says so, which needs HTTPS.
    let secure = request.connection_info().scheme() == "https";
    let mut cookie = Cookie::build(COOKIE, "1")
        .path("/")
        .http_only(true)
        .secure(secure)
        .same_site(if secure { SameSite::None } else { SameSite::Lax })
        .max_age(KEPT)
        .finish();
    if form.get("refuse") != Some("1") {
        cookie.make_removal();
    }
    let lang = Params::parse(request.query_string().as_bytes());
    let lang = Chosen::from_request(lang.get("lang"), None).lang.code();
    let mut response = HttpResponse::SeeOther();
    response.insert_header((header::LOCATION, format!("/opt-out?lang={lang}")));
    let mut response = response.finish();
    if let Err(problem) = response.add_cookie(&cookie) {
        error!(error = %problem, "the opt-out could not be kept");
    }
    response
}
