//! Playing a script through the tracking endpoint, in bulk requests one after the other: the hits
//! of a visitor must arrive in their order.

use std::{
    fmt::Write,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use hyper::Method;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;

use super::script::Script;
use crate::api::Api;

/// Hits of one request, as Matomo's log importer sends them.
pub(crate) const BULK: usize = 200;
/// Longest wait for the answer to one request.
const PATIENCE: Duration = Duration::from_secs(60);

/// What became of the hits.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Played {
    pub(crate) accepted: u64,
    pub(crate) refused: u64,
    pub(crate) took: Duration,
}

impl Played {
    /// Accepted hits per second.
    #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
    pub(crate) fn rate(&self) -> f64 {
        self.accepted as f64 / self.took.as_secs_f64().max(0.001)
    }
}

/// Plays the script from that request on. After each request `go_on` hears how many are done by
/// now and says whether to go on.
pub(crate) async fn play(
    script: &Script,
    api: &Api,
    site: u32,
    first: usize,
    mut go_on: impl FnMut(usize) -> Result<bool>,
) -> Result<Played> {
    let start = Instant::now();
    let bar = ProgressBar::new(script.hits.len().try_into()?);
    let style = "{bar:40} {pos}/{len} hits, {per_sec}, {eta} left";
    bar.set_style(ProgressStyle::with_template(style)?);
    let mut played = Played::default();
    for (number, hits) in script.hits.chunks(BULK).enumerate().skip(first) {
        bar.set_position((number * BULK).try_into()?);
        let mut body = String::with_capacity(hits.len() * 900);
        body.push_str(r#"{"requests":["#);
        for (place, hit) in hits.iter().enumerate() {
            let person = &script.population.people[hit.person];
            let comma = if place == 0 { "" } else { "," };
            // Percent-encoded text holds nothing that JSON would have to escape.
            let query = hit.query(site, person, &script.calendar);
            write!(body, r#"{comma}"?{query}""#)?;
        }
        write!(body, r#"],"token_auth":{}}}"#, Value::from(api.token.as_str()))?;
        let (accepted, refused) = send(api, body).await?;
        played.accepted += accepted;
        played.refused += refused;
        if !go_on(number + 1)? {
            break;
        }
    }
    bar.finish_and_clear();
    played.took = start.elapsed();
    Ok(played)
}

/// Sends one request; how many hits were accepted and refused.
async fn send(api: &Api, body: String) -> Result<(u64, u64)> {
    let (status, bytes) = api.origin.ask(Method::POST, "/matomo.php", body, PATIENCE).await?;
    let text = String::from_utf8_lossy(&bytes);
    ensure!(status.is_success(), "a bulk request was answered {status}: {text}");
    let answer: Value =
        serde_json::from_str(&text).context("a bulk request was not answered with JSON")?;
    let number = |name| answer.get(name).and_then(Value::as_u64);
    let tracked = number("tracked").context("a bulk answer does not say how many it tracked")?;
    Ok((tracked, number("invalid").unwrap_or(0)))
}
