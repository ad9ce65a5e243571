//! /health: can hits be taken, and reports be answered?

use actix_web::{HttpResponse, http::header, web::Data};
use serde_json::json;

use super::state::State;

/// 200 when all is well; 503 and what is wrong otherwise.
pub(super) async fn health(state: Data<State>) -> HttpResponse {
    let troubles = state.troubles().await;
    let status = if troubles.is_empty() { "ok" } else { "trouble" };
    let body = json!({ "status": status, "troubles": troubles, "counted": state.ingest.counted() });
    let mut answer =
        if troubles.is_empty() { HttpResponse::Ok() } else { HttpResponse::ServiceUnavailable() };
    answer.insert_header((header::CACHE_CONTROL, "no-store")).json(body)
}
