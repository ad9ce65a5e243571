//! /index.php?module=API: the Reporting API.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{Method, StatusCode, header},
    web::{Data, Payload},
};
use tracing::error;

use super::{
    manage::{Managed, manage},
    segments,
    state::State,
};
use crate::{
    collect,
    report::{self, Found, Params, Refusal, Rendered},
};

/// Questions are short; reports of many labels still fit.
const LARGEST_BODY: usize = 1 << 20;

/// Answers a question.
pub(super) async fn api(request: HttpRequest, body: Payload, state: Data<State>) -> HttpResponse {
    let query = params(request.query_string().as_bytes());
    let params = if request.method() == Method::POST {
        match super::body::whole(body, LARGEST_BODY).await {
            Ok(body) => query.or(params(&body)),
            Err(status) => {
                return HttpResponse::build(status).body("the body is too large or broke off\n");
            }
        }
    } else {
        query
    };
    let token = bearer(&request).or_else(|| params.get("token_auth").map(str::to_owned));
    let rendered = match answer(&params, token.as_deref(), &state).await {
        Ok(rendered) => rendered,
        Err(refusal) => report::refuse(&refusal, &params),
    };
    respond(rendered)
}

fn params(text: &[u8]) -> Params {
    let pairs = collect::Params::parse(text);
    Params::new(pairs.iter().map(|(name, value)| (name.to_owned(), value.to_owned())))
}

fn bearer(request: &HttpRequest) -> Option<String> {
    let value = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
    value.strip_prefix("Bearer ").map(|token| token.trim().to_owned())
}

async fn answer(params: &Params, token: Option<&str>, state: &State) -> Result<Rendered, Refusal> {
    let trusted = match token {
        None | Some("anonymous") => false,
        Some(token) if state.knows_token(token).await => true,
        Some(_) => {
            return Err(Refusal::no_access(
                "Unable to authenticate with the provided token. It is either invalid or expired.",
            ));
        }
    };
    let method = params.get("method").unwrap_or_default();
    if !trusted {
        return Err(no_access(params));
    }
    match manage(method, params, state).await? {
        Managed::Value(value) => return Ok(report::render_value(&value, params)),
        Managed::Done => return Ok(report::render_success(params)),
        Managed::Unknown => (),
    }
    let sites: Vec<_> = state.sites().into_iter().map(|known| known.site.clone()).collect();
    let plan = report::plan(params.clone(), &sites, state.now())?;
    let mut found: Vec<Found> = Vec::with_capacity(plan.parts.len());
    for part in &plan.parts {
        let read = match params.get("segment") {
            Some(segment) => segments::read(part, segment, state).await?,
            None => {
                state.store.read(part.site.id, &part.asks).await.map_err(|error| away(&error))?
            }
        };
        found.push(read);
    }
    Ok(report::answer(&plan, &found))
}

/// What is said while the database is away.
pub(super) fn away(error: &crate::store::Error) -> Refusal {
    error!(%error, "a report could not be read");
    Refusal {
        status: 503,
        ..Refusal::new(
            "The database does not answer at the moment. Please try again in a few seconds.",
        )
    }
}

fn no_access(params: &Params) -> Refusal {
    match params.get("idSite") {
        Some(site) => Refusal::no_view(site),
        None => Refusal::no_view_at_all(),
    }
}

fn respond(rendered: Rendered) -> HttpResponse {
    let status = StatusCode::from_u16(rendered.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = HttpResponse::build(status);
    response.content_type(rendered.content_type).insert_header((header::CACHE_CONTROL, "no-store"));
    if let Some(disposition) = rendered.disposition {
        response.insert_header((header::CONTENT_DISPOSITION, disposition));
    }
    response.body(rendered.body)
}
