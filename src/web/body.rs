//! Request bodies, whole, up to a size.

use actix_web::{
    http::StatusCode,
    web::{Bytes, BytesMut, Payload},
};
use futures_util::StreamExt;

/// Reads a body that is smaller than `limit` bytes.
///
/// # Errors
/// 413 for a larger one, 400 for one that breaks off.
pub(super) async fn whole(mut payload: Payload, limit: usize) -> Result<Bytes, StatusCode> {
    let mut body = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| StatusCode::BAD_REQUEST)?;
        if body.len() + chunk.len() >= limit {
            return Err(StatusCode::PAYLOAD_TOO_LARGE);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}
