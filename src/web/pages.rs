//! Pages for people: login, sites, a site's dashboard.

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse,
    cookie::{Cookie, SameSite, time::Duration},
    http::{StatusCode, header},
    web::{Data, Path, Payload},
};
use tracing::{error, warn};

use super::{
    body, figures,
    state::{KnownSite, State},
    usage,
};
use crate::{
    collect::Params,
    dash::{self, Chosen, Failure, Install, Login, Reader, Refusal, Sites, ask, assets::ASSETS},
    site::SiteId,
    store::{Account, Role},
};

const COOKIE: &str = "padoqe_login";
/// A login form is short.
const LARGEST_FORM: usize = 16 << 10;

/// Who asks, in which language.
pub(super) struct Visitor {
    pub(super) account: Option<Account>,
    pub(super) chosen: Chosen,
    pub(super) query: Params<'static>,
}

impl Visitor {
    pub(super) async fn of(request: &HttpRequest, state: &State) -> Self {
        let query = Params::parse(request.query_string().as_bytes()).into_owned();
        let accepted =
            request.headers().get(header::ACCEPT_LANGUAGE).and_then(|it| it.to_str().ok());
        let chosen = Chosen::from_request(query.get("lang"), accepted);
        let account = match request.cookie(COOKIE) {
            Some(cookie) => state.store.logged_in(cookie.value()).await.unwrap_or_else(|error| {
                warn!(%error, "a login could not be looked up");
                None
            }),
            None => None,
        };
        Self { account, chosen, query }
    }

    /// Whether who is logged in may do with a site what that role may.
    pub(super) fn may(&self, site: SiteId, role: Role) -> bool {
        self.account.as_ref().is_some_and(|account| account.may(site, role))
    }

    /// Whether who is logged in may see a site.
    fn may_see(&self, site: SiteId) -> bool {
        self.may(site, Role::View)
    }

    /// The language that was asked for, to be carried along in an address that has a query.
    pub(super) fn lang_in_query(&self) -> String {
        let lang = self.query.get("lang").and_then(dash::Lang::parse);
        lang.map(|it| format!("&lang={}", it.code())).unwrap_or_default()
    }

    /// The site of `site=`, where whoever is logged in may see it; else what to answer.
    pub(super) async fn site(
        &self,
        request: &HttpRequest,
        state: &State,
    ) -> Result<Arc<KnownSite>, HttpResponse> {
        if self.account.is_none() {
            return Err(to_login(request));
        }
        let id: Option<SiteId> = self.query.get("site").and_then(|it| it.parse().ok());
        let known = match id.filter(|id| self.may_see(*id)) {
            Some(id) => state.site(id).await,
            None => None,
        };
        known.ok_or_else(|| self.fail(state, StatusCode::NOT_FOUND))
    }

    /// A form that was sent from one of our own pages; else what to answer.
    pub(super) async fn form(
        &self,
        request: &HttpRequest,
        payload: Payload,
        largest: usize,
        state: &State,
    ) -> Result<Params<'static>, HttpResponse> {
        if is_foreign(request) {
            return Err(self.fail(state, StatusCode::FORBIDDEN));
        }
        match body::whole(payload, largest).await {
            Ok(form) => Ok(Params::parse(&form).into_owned()),
            Err(status) => Err(self.fail(state, status)),
        }
    }

    pub(super) fn reader(&self) -> Reader {
        Reader {
            user: self.account.as_ref().map(|account| account.login.clone()),
            chosen: self.chosen,
        }
    }

    pub(super) fn fail(&self, state: &State, status: StatusCode) -> HttpResponse {
        let page =
            state.templates.render_failure(Failure { status: status.as_u16() }, &self.reader());
        respond(status, page)
    }
}

pub(super) fn respond(status: StatusCode, page: Result<String, dash::Error>) -> HttpResponse {
    match page {
        Ok(html) => HttpResponse::build(status)
            .content_type("text/html; charset=utf-8")
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"))
            .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .insert_header((header::REFERRER_POLICY, "same-origin"))
            .body(html),
        Err(problem) => {
            error!(error = %problem, "a page could not be rendered");
            HttpResponse::InternalServerError().content_type("text/plain; charset=utf-8").body("This page could not be rendered; the server's log says why.\n")
        }
    }
}

pub(super) fn see_other(place: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, place)).finish()
}

/// To the login page, and back here afterwards.
pub(super) fn to_login(request: &HttpRequest) -> HttpResponse {
    let here = request.uri().path_and_query().map_or("/", |it| it.as_str());
    let next = percent_encoding::utf8_percent_encode(here, percent_encoding::NON_ALPHANUMERIC);
    see_other(&format!("/login?next={next}"))
}

/// Only places of this server: a login must not lead elsewhere.
fn local_path(next: Option<&str>) -> &str {
    next.filter(|next| {
        next.starts_with('/') && !next.starts_with("//") && !next.contains(['\\', '\r', '\n'])
    })
    .unwrap_or("/")
}

/// GET /login
pub(super) async fn login_form(request: HttpRequest, state: Data<State>) -> HttpResponse {
    let visitor = Visitor::of(&request, &state).await;
    let next = local_path(visitor.query.get("next"));
    if visitor.account.is_some() {
        return see_other(next);
    }
    let login = Login { user: String::new(), next: next.to_owned(), refused: None };
    respond(StatusCode::OK, state.templates.render_login(&login, &visitor.reader()))
}

/// POST /login
pub(super) async fn login(
    request: HttpRequest,
    payload: Payload,
    state: Data<State>,
) -> HttpResponse {
    let mut visitor = Visitor::of(&request, &state).await;
    let form = match visitor.form(&request, payload, LARGEST_FORM, &state).await {
        Ok(form) => form,
        Err(answer) => return answer,
    };
    if let Some(lang) = form.get("lang") {
        visitor.chosen = Chosen::from_request(Some(lang), None);
    }
    let (user, password) =
        (form.get("user").unwrap_or_default(), form.get("password").unwrap_or_default());
    let next = local_path(form.get("next"));
    let again = |refused| {
        let login = Login { user: user.to_owned(), next: next.to_owned(), refused: Some(refused) };
        respond(StatusCode::UNAUTHORIZED, state.templates.render_login(&login, &visitor.reader()))
    };
    if !state.doorkeeper.lets_try(user, state.now()) {
        return again(Refusal::TooManyAttempts);
    }
    match state.store.log_in(user, password).await {
        Ok(Some(secret)) => {
            state.doorkeeper.forget(user);
            let mut response = see_other(next);
            let secure = request.connection_info().scheme() == "https";
            let cookie = Cookie::build(COOKIE, secret)
                .path("/")
                .http_only(true)
                .same_site(SameSite::Lax)
                .secure(secure)
                .max_age(Duration::hours(12));
            if let Err(problem) = response.add_cookie(&cookie.finish()) {
                error!(error = %problem, "the login cookie could not be set");
            }
            response
        }
        Ok(None) => again(Refusal::WrongPassword),
        Err(problem) => {
            error!(error = %problem, "nobody can log in");
            visitor.fail(&state, StatusCode::SERVICE_UNAVAILABLE)
        }
    }
}

/// POST /logout
pub(super) async fn logout(request: HttpRequest, state: Data<State>) -> HttpResponse {
    let cookie = request.cookie(COOKIE).filter(|_| !is_foreign(&request));
    if let Some(cookie) = cookie
        && let Err(problem) = state.store.log_out(cookie.value()).await
    {
        warn!(error = %problem, "a login could not be ended");
    }
    let mut response = see_other("/login");
    let mut gone = Cookie::new(COOKIE, "");
    gone.set_path("/");
    gone.make_removal();
    response.add_cookie(&gone).ok();
    response
}

/// A form that another site sent; browsers say so.
pub(super) fn is_foreign(request: &HttpRequest) -> bool {
    let header =
        |name: &str| request.headers().get(name).and_then(|it| it.to_str().ok()).map(str::to_owned);
    let told = header("sec-fetch-site").is_some_and(|site| site == "cross-site");
    let origin = header("origin").filter(|origin| origin != "null");
    let host = header("host").unwrap_or_default();
    told || origin
        .is_some_and(|origin| origin.split_once("//").map(|(_, it)| it) != Some(host.as_str()))
}

/// GET /
pub(super) async fn sites(request: HttpRequest, state: Data<State>) -> HttpResponse {
    let visitor = Visitor::of(&request, &state).await;
    if visitor.account.is_none() {
        return to_login(&request);
    }
    let mut cards = Vec::new();
    for known in state.sites().into_iter().filter(|known| visitor.may_see(known.site.id)) {
        match figures::card(&state, &known.site).await {
            Ok(card) => cards.push(card),
            Err(problem) => {
                error!(error = %problem, "the sites' figures could not be read");
                return visitor.fail(&state, StatusCode::SERVICE_UNAVAILABLE);
            }
        }
    }
    // Who is not of a team sees what is published, and lands there where there is one place to land.
    let scopes = visitor.account.iter().flat_map(|account| account.scopes.keys().copied());
    let mut published = Vec::new();
    for id in scopes.filter(|id| !visitor.may_see(*id)) {
        published.extend(state.site(id).await.map(|known| figures::name(&known.site)));
    }
    if let ([only], true) = (published.as_slice(), cards.is_empty()) {
        return see_other(&format!("/published?site={}{}", only.id, visitor.lang_in_query()));
    }
    let sites = Sites { sites: cards, published };
    respond(StatusCode::OK, state.templates.render_sites(&sites, &visitor.reader()))
}

/// GET /sites/{id}
pub(super) async fn site(request: HttpRequest, id: Path<u32>, state: Data<State>) -> HttpResponse {
    let visitor = Visitor::of(&request, &state).await;
    if visitor.account.is_none() {
        return to_login(&request);
    }
    let Some(known) = state.site(*id).await.filter(|_| visitor.may_see(*id)) else {
        return visitor.fail(&state, StatusCode::NOT_FOUND);
    };
    let today = figures::local(&known.site, state.now()).date();
    let query = |name| visitor.query.get(name);
    let asked = ask(query("period"), query("date"), query("to"), today);
    let page = async {
        if !figures::heard(&state, &known.site).await? {
            let install = Install {
                site: figures::name(&known.site),
                server: server(&request),
                heard: false,
            };
            return Ok(state.templates.render_install(&install, &visitor.reader()));
        }
        let overview = figures::overview(&state, &known.site, asked).await?;
        Ok::<_, crate::store::Error>(state.templates.render_overview(&overview, &visitor.reader()))
    };
    match page.await {
        Ok(page) => respond(StatusCode::OK, page),
        Err(problem) => {
            error!(error = %problem, "a dashboard could not be read");
            visitor.fail(&state, StatusCode::SERVICE_UNAVAILABLE)
        }
    }
}

/// GET /features?site=…
pub(super) async fn features(request: HttpRequest, state: Data<State>) -> HttpResponse {
    let visitor = Visitor::of(&request, &state).await;
    let known = match visitor.site(&request, &state).await {
        Ok(known) => known,
        Err(answer) => return answer,
    };
    let query = |name| visitor.query.get(name);
    let today = figures::local(&known.site, state.now()).date();
    let asked = ask(query("period"), query("date"), query("to"), today);
    let question = usage::Question {
        audience: query("audience").filter(|it| !it.is_empty()),
        value: query("value").filter(|it| !it.is_empty()),
        feature: query("feature").filter(|it| !it.is_empty()),
        by: query("by"),
        lang: visitor.chosen.lang,
        may_declare: visitor.may(known.site.id, Role::Write),
    };
    match usage::page(&state, &known.site, asked, &question).await {
        Ok(page) => {
            respond(StatusCode::OK, state.templates.render_features(&page, &visitor.reader()))
        }
        Err(refusal) => {
            error!(%refusal, "the page of features could not be read");
            visitor.fail(&state, StatusCode::SERVICE_UNAVAILABLE)
        }
    }
}

/// GET /sites/{id}/install
pub(super) async fn install(
    request: HttpRequest,
    id: Path<u32>,
    state: Data<State>,
) -> HttpResponse {
    let visitor = Visitor::of(&request, &state).await;
    if visitor.account.is_none() {
        return to_login(&request);
    }
    let Some(known) = state.site(*id).await.filter(|_| visitor.may_see(*id)) else {
        return visitor.fail(&state, StatusCode::NOT_FOUND);
    };
    let install =
        Install { site: figures::name(&known.site), server: server(&request), heard: true };
    respond(StatusCode::OK, state.templates.render_install(&install, &visitor.reader()))
}

/// The address this server was asked at.
fn server(request: &HttpRequest) -> Option<String> {
    let info = request.connection_info();
    Some(format!("{}://{}", info.scheme(), info.host()))
}

/// GET /static/…
pub(super) async fn asset(request: HttpRequest, state: Data<State>) -> HttpResponse {
    let Some(asset) = ASSETS.iter().find(|asset| asset.path == request.path()) else {
        return nothing(request, state).await;
    };
    let kept = if request.query_string().is_empty() {
        "public, max-age=600"
    } else {
        "public, max-age=31536000, immutable"
    };
    HttpResponse::Ok()
        .content_type(asset.content_type)
        .insert_header((header::CACHE_CONTROL, kept))
        .body(asset.body)
}

/// Anything else.
pub(super) async fn nothing(request: HttpRequest, state: Data<State>) -> HttpResponse {
    Visitor::of(&request, &state).await.fail(&state, StatusCode::NOT_FOUND)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_leads_nowhere_else() {
        for (next, want) in [
            (Some("/sites/1?period=week"), "/sites/1?period=week"),
            (Some("//evil.example/"), "/"),
            (Some("/\\evil.example"), "/"),
            (Some("https://evil.example/"), "/"),
            (None, "/"),
        ] {
            assert_eq!(local_path(next), want, "{next:?}");
        }
    }
}
