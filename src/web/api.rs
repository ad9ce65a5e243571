//! /index.php?module=API: the Reporting API.

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{Method, StatusCode, header},
    web::{Data, Payload},
};
use tracing::error;

use super::{
    graph::graph,
    manage::{Asker, Managed, app_token, manage},
    segments,
    state::State,
    usage,
};
use crate::{
    collect,
    report::{self, Found, Params, Refusal, Rendered, Value},
    store::{Account, Role},
};

/// Questions are short; reports of many labels still fit.
const LARGEST_BODY: usize = 1 << 20;

/// Questions of one bulk request.
const MOST_QUESTIONS: usize = 250;

/// Answers a question.
pub(super) async fn api(request: HttpRequest, body: Payload, state: Data<State>) -> HttpResponse {
    let query = params(request.query_string().as_bytes());
    let params = if request.method() == Method::POST {
        match super::body::whole(body, LARGEST_BODY).await {
            Ok(body) => query.or(form(&request, &body)),
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
    known(&collect::Params::parse(text))
}

/// A body's parameters, in parts or in one line, which is also what is tried where nothing is said.
fn form(request: &HttpRequest, body: &[u8]) -> Params {
    let kind = request.headers().get(header::CONTENT_TYPE).map_or(&b""[..], |it| it.as_bytes());
    collect::multipart(kind, body).map_or_else(|| params(body), |parts| known(&parts))
}

fn known(pairs: &collect::Params<'_>) -> Params {
    Params::new(pairs.iter().map(|(name, value)| (name.to_owned(), value.to_owned())))
}

fn bearer(request: &HttpRequest) -> Option<String> {
    let value = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
    value.strip_prefix("Bearer ").map(|token| token.trim().to_owned())
}

async fn answer(params: &Params, token: Option<&str>, state: &State) -> Result<Rendered, Refusal> {
    let method = params.get("method").unwrap_or_default();
    // An app that has no token yet asks for one with a password.
    if method == "UsersManager.createAppSpecificTokenAuth" {
        return Ok(report::render_value(&app_token(params, state).await?, params));
    }
    let account = match token {
        // What is published of a public site is for everybody.
        None | Some("anonymous") if method == "Features.getPublished" => {
            Arc::new(Account::of_the_public())
        }
        None | Some("anonymous") => return Err(no_access(params)),
        Some(token) => state.account_of(token).await.ok_or_else(Refusal::bad_token)?,
    };
    if method == "API.getBulkRequest" {
        return bulk(params, &account, state).await;
    }
    one(params, &account, state).await
}

/// Many questions in one: each gets its own answer, or its own refusal.
async fn bulk(params: &Params, account: &Account, state: &State) -> Result<Rendered, Refusal> {
    let urls = params.list("urls");
    if urls.is_empty() {
        return Err(Refusal::missing("urls"));
    }
    if urls.len() > MOST_QUESTIONS {
        return Err(Refusal::new(format!(
            "API.getBulkRequest answers at most {MOST_QUESTIONS} questions at once: please send the others apart."
        )));
    }
    let shared = params.clone().without(&["urls", "method", "format", "callback", "jsoncallback"]);
    let mut answers = Vec::with_capacity(urls.len());
    for url in urls {
        // Some clients send the whole address.
        let query = match url.split_once('?') {
            Some((before, query)) if !before.contains('=') => query,
            _ => url,
        };
        let question = self::params(query.as_bytes())
            .without(&["callback", "jsoncallback"])
            .or(shared.clone())
            .with("format", "json");
        // What names no method asks for nothing; one within another would have no end.
        if question.get("method").is_none_or(|method| method == "API.getBulkRequest") {
            continue;
        }
        let rendered = match own_account(&question, params, state).await {
            Ok(own) => one(&question, own.as_deref().unwrap_or(account), state).await,
            Err(refusal) => Err(refusal),
        };
        let rendered = rendered.unwrap_or_else(|refusal| report::refuse(&refusal, &question));
        let json = serde_json::from_slice::<serde_json::Value>(&rendered.body);
        answers.push(json.as_ref().map_or(Value::Null, Value::from));
    }
    Ok(report::print_value(&Value::List(answers), params))
}

/// Whose the token is that a question has of its own.
async fn own_account(
    question: &Params,
    whole: &Params,
    state: &State,
) -> Result<Option<Arc<Account>>, Refusal> {
    match question.get("token_auth") {
        Some(token) if whole.get("token_auth") != Some(token) => {
            state.account_of(token).await.map(Some).ok_or_else(Refusal::bad_token)
        }
        _ => Ok(None),
    }
}

/// Answers a single question of somebody who is known.
pub(super) async fn one(
    params: &Params,
    account: &Account,
    state: &State,
) -> Result<Rendered, Refusal> {
    let method = params.get("method").unwrap_or_default();
    if method == "ImageGraph.get" {
        return graph(params, account, state).await;
    }
    match manage(method, &Asker { account, params }, state).await? {
        Managed::Value(value) => return Ok(report::render_value(&value, params)),
        Managed::Done => return Ok(report::render_success(params)),
        Managed::Unknown => (),
    }
    let known = state.sites().into_iter().map(|known| known.site.clone());
    let sites: Vec<_> = known.filter(|site| account.may(site.id, Role::View)).collect();
    let mut plan = report::plan(params.clone(), &sites, state.now())?;
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
    if plan.is_marked() {
        for part in &mut plan.parts {
            part.marks = usage::marks(part, state).await?;
        }
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

pub(super) fn respond(rendered: Rendered) -> HttpResponse {
    let status = StatusCode::from_u16(rendered.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = HttpResponse::build(status);
    response.content_type(rendered.content_type).insert_header((header::CACHE_CONTROL, "no-store"));
    if let Some(disposition) = rendered.disposition {
        response.insert_header((header::CONTENT_DISPOSITION, disposition));
    }
    response.body(rendered.body)
}
