//! /matomo.php: request → hits → journal → a picture, or nothing.
#![expect(clippy::disallowed_types, reason = "addresses come in here and die in strip")]

use std::net::{IpAddr, Ipv4Addr};

use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder,
    http::{Method, StatusCode, header},
    web::{Data, Payload},
};
use serde_json::json;

use super::state::{KnownSite, State};
use crate::{
    collect::{
        Arrival, Batch, Hints, Hit, Invalid, Params, Sender, Tracked, client_address, is_bulk,
        multipart, parse_bulk,
    },
    site::day_and_hour,
    strip::{Outcome, Record, strip},
};

/// Bodies of this size and beyond are refused with status 413.
pub(super) const LARGEST_BODY: usize = 20 << 20;

/// A transparent picture of one pixel; clients compare these 43 bytes.
const PICTURE: &[u8; 43] = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\x00\x00\x00!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;";

const GREETING: &str = "<!DOCTYPE html><title>PADOQE</title><p>This is the tracking endpoint of PADOQE, which speaks Matomo's HTTP tracking API. There is nothing to see here.\n";

/// Why nothing was written.
enum Stop {
    Invalid(Invalid),
    /// The journal or the keys cannot be written now.
    Unavailable,
}

impl From<Invalid> for Stop {
    fn from(invalid: Invalid) -> Self {
        Self::Invalid(invalid)
    }
}

/// Answers every request to the tracking endpoint.
pub(super) async fn track(request: HttpRequest, body: Payload, state: Data<State>) -> HttpResponse {
    if is_preflight(&request) {
        return HttpResponse::NoContent()
            .insert_header((header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST"))
            .insert_header((header::ACCESS_CONTROL_ALLOW_HEADERS, "*"))
            .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
            .finish();
    }
    let get = request.method() == Method::GET;
    let body = if get {
        Default::default()
    } else {
        match Box::pin(super::body::whole(body, LARGEST_BODY)).await {
            Ok(body) => body,
            Err(status) => return answer(&request, status).content_type("text/plain; charset=utf-8").body(
                "The body has 20 MiB or more, or could not be read. Send fewer hits in one request; nothing of it was counted.\n",
            ),
        }
    };
    let query = Params::of_hit(request.query_string().as_bytes());
    if !get && is_bulk(&body) {
        // Boxed, like all that is rare: every request is as large as the largest way through here.
        return Box::pin(bulk(&request, &query, &body, &state)).await;
    }
    let params = match multipart(content_type(&request), &body) {
        Some(form) => query.over(form),
        None if is_form(&request) => query.over(Params::of_hit(&body)),
        None => query,
    };
    if params.is_empty() {
        let status = if get { StatusCode::OK } else { StatusCode::BAD_REQUEST };
        return answer(&request, status).content_type("text/html; charset=utf-8").body(GREETING);
    }
    let silent = params.get("send_image") == Some("0");
    let sender = sender(&request, &state);
    match single(&params, &sender, &state).await {
        Ok(()) if silent => answer(&request, StatusCode::NO_CONTENT).finish(),
        Ok(()) => {
            answer(&request, StatusCode::OK).content_type("image/gif").body(PICTURE.as_slice())
        }
        Err(stop) => refusal(&request, &stop, silent),
    }
}

fn is_preflight(request: &HttpRequest) -> bool {
    let asks = [header::ACCESS_CONTROL_REQUEST_HEADERS, header::ACCESS_CONTROL_REQUEST_METHOD];
    request.method() == Method::OPTIONS
        && asks.iter().any(|name| request.headers().contains_key(name))
}

fn is_form(request: &HttpRequest) -> bool {
    const FORM: &[u8] = b"application/x-www-form-urlencoded";
    content_type(request).get(..FORM.len()).is_some_and(|kind| kind.eq_ignore_ascii_case(FORM))
}

fn content_type(request: &HttpRequest) -> &[u8] {
    request.headers().get(header::CONTENT_TYPE).map_or(b"", |kind| kind.as_bytes())
}

async fn single(params: &Params<'_>, sender: &Sender, state: &State) -> Result<(), Stop> {
    let hit = Hit::parse(params)?;
    let trusted = match &hit.token {
        Some(token) => state.knows_token(token).await,
        None => false,
    };
    let known = state.site(hit.site).await.ok_or(Invalid::UnknownSite)?;
    let record = record(hit, params, sender, &known, trusted, state)?;
    state.keep(std::slice::from_ref(&record)).await.map_err(|_| Stop::Unavailable)
}

/// A hit as it is written: stripped, or only counted as dropped.
fn record(
    hit: Hit,
    params: &Params<'_>,
    sender: &Sender,
    known: &KnownSite,
    trusted: bool,
    state: &State,
) -> Result<Record, Stop> {
    if let Tracked::Goal(id, _) = hit.tracked {
        known.site.goal(id).ok_or(Invalid::UnknownGoal)?;
    }
    let site = known.site.id;
    let (today, _) = day_and_hour(state.now(), known.rules.zone());
    state.inventory.note(&known.site, &hit, params, sender, today);
    let arrival = Arrival::new(hit, sender, state.now(), trusted)?;
    let keys = |day| state.keyring.keys(site, day).ok();
    match strip(arrival, &known.rules, &state.atlas, keys)? {
        Some(Outcome::Kept(event, years)) => Ok(Record::Hit(event, years)),
        Some(Outcome::Dropped(day, reason)) => Ok(Record::Dropped { site, day, reason }),
        Some(Outcome::Returned(day, returned)) => Ok(Record::Returned { site, day, returned }),
        None => Err(Stop::Unavailable),
    }
}

async fn bulk(
    request: &HttpRequest,
    query: &Params<'_>,
    body: &[u8],
    state: &State,
) -> HttpResponse {
    let batch = match parse_bulk(body) {
        Ok(batch) => batch,
        Err(number) => {
            let problem = format!(
                "{number} hits in one request are too many; send {} at most. Nothing of it was counted.\n",
                crate::collect::MOST_HITS
            );
            return answer(request, StatusCode::PAYLOAD_TOO_LARGE)
                .content_type("text/plain; charset=utf-8")
                .body(problem);
        }
    };
    let token = query.get("token_auth").map(str::to_owned).or_else(|| batch.token.clone());
    let trusted = match &token {
        Some(token) => state.knows_token(token).await,
        None => false,
    };
    let sender = sender(request, state);
    let Ok((records, invalid)) = read_batch(&batch, token.is_some(), trusted, &sender, state).await
    else {
        return refusal(request, &Stop::Unavailable, true);
    };
    if state.keep(&records).await.is_err() {
        return refusal(request, &Stop::Unavailable, true);
    }
    if batch.silent {
        return answer(request, StatusCode::NO_CONTENT).finish();
    }
    let mut summary =
        json!({ "status": "success", "tracked": records.len(), "invalid": invalid.len() });
    // Only a super user may see which ones: the places tell something of other senders' hits.
    if trusted {
        summary["invalid_indices"] = json!(invalid);
    }
    answer(request, StatusCode::OK).content_type("application/json").body(summary.to_string())
}

/// The records of a batch and the places of its invalid items. One invalid item harms no other.
async fn read_batch(
    batch: &Batch,
    has_token: bool,
    trusted: bool,
    sender: &Sender,
    state: &State,
) -> Result<(Vec<Record>, Vec<usize>), ()> {
    let (mut records, mut invalid) = (Vec::with_capacity(batch.hits.len()), Vec::new());
    for (place, params) in batch.hits.iter().enumerate() {
        let item = async {
            let hit = Hit::parse(params)?;
            let own = match &hit.token {
                Some(token) if !has_token => state.knows_token(token).await,
                _ => trusted,
            };
            let known = state.site(hit.site).await.ok_or(Invalid::UnknownSite)?;
            record(hit, params, sender, &known, own, state)
        };
        match item.await {
            Ok(record) => records.push(record),
            Err(Stop::Invalid(_)) => invalid.push(place),
            Err(Stop::Unavailable) => return Err(()),
        }
    }
    Ok((records, invalid))
}

/// An answer with the headers that browsers of other origins need.
fn answer(request: &HttpRequest, status: StatusCode) -> HttpResponseBuilder {
    let mut builder = HttpResponse::build(status);
    if request.method() == Method::GET {
        builder.insert_header((header::CACHE_CONTROL, "no-store"));
    } else {
        let origin = request.headers().get(header::ORIGIN).cloned();
        builder.insert_header((
            header::ACCESS_CONTROL_ALLOW_ORIGIN,
            origin.unwrap_or(header::HeaderValue::from_static("*")),
        ));
        builder.insert_header((header::ACCESS_CONTROL_ALLOW_CREDENTIALS, "true"));
    }
    builder
}

fn refusal(request: &HttpRequest, stop: &Stop, silent: bool) -> HttpResponse {
    match stop {
        Stop::Unavailable => answer(request, StatusCode::SERVICE_UNAVAILABLE)
            .insert_header((header::RETRY_AFTER, "5"))
            .content_type("text/plain; charset=utf-8")
            .body("Hits cannot be written now: send this one again in a few seconds. Nothing of it was counted.\n"),
        Stop::Invalid(invalid) => {
            let mut body = if silent { Vec::new() } else { PICTURE.to_vec() };
            body.extend(GREETING.as_bytes());
            body.extend(format!("<p>Not counted: {invalid}.\n").as_bytes());
            answer(request, StatusCode::BAD_REQUEST).content_type("text/html; charset=utf-8").body(body)
        }
    }
}

/// What the transport tells of the sender. One look at each header: names that are looked up have
/// to be hashed, and there are more of them than a browser sends.
fn sender(request: &HttpRequest, state: &State) -> Sender {
    let peer = request.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip());
    let mut sender = Sender {
        address: peer,
        agent: String::new(),
        hints: Hints::default(),
        language: String::new(),
        do_not_track: false,
        global_privacy_control: false,
        prefetch: false,
        ignore_cookie: false,
        referer: String::new(),
    };
    let mut forwarded = None;
    for (name, value) in request.headers() {
        let is = |start: &str| value.as_bytes().trim_ascii_start().starts_with(start.as_bytes());
        match name.as_str() {
            "user-agent" => sender.agent = text(value),
            "accept-language" => sender.language = text(value),
            "referer" => sender.referer = text(value),
            "dnt" | "x-do-not-track" => sender.do_not_track |= is("1"),
            "sec-gpc" => sender.global_privacy_control |= is("1"),
            "x-purpose" => sender.prefetch |= is("preview") || is("instant"),
            "x-moz" | "sec-purpose" => sender.prefetch |= is("prefetch"),
            "x-forwarded-for" => forwarded = forwarded.or(value.to_str().ok()),
            "cookie" => sender.ignore_cookie = opted_out(request),
            hint if hint.starts_with("sec-ch-ua") => sender.hints.take(hint, &text(value)),
            _ => (),
        }
    }
    sender.address = client_address(peer, forwarded, &state.trust);
    sender
}

/// The opt-out cookie of this server, or Matomo's.
fn opted_out(request: &HttpRequest) -> bool {
    let theirs = request.cookie("matomo_ignore");
    request.cookie(super::opt_out::COOKIE).is_some()
        || theirs.is_some_and(|it| it.value().contains("ignore"))
}

/// A header's text; what is not UTF-8 in it is replaced.
fn text(value: &header::HeaderValue) -> String {
    String::from_utf8_lossy(value.as_bytes()).into_owned()
}
