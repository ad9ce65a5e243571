//! One keep-alive connection to a server on this machine, and who decides what it says.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use http_body_util::{BodyExt, Full};
use hyper::{
    HeaderMap, Method, Request, Response, StatusCode,
    body::{Bytes, Incoming},
    client::conn::http1::{self, SendRequest},
    header::{CONTENT_TYPE, HOST, HeaderValue},
};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpSocket, TcpStream};

/// The server that is spoken to. Always on this machine.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    authority: String,
    host: HeaderValue,
}

/// A request that is about to be sent.
pub(crate) struct Shot {
    /// Path and query.
    pub(crate) target: String,
    pub(crate) headers: Arc<HeaderMap>,
    pub(crate) body: Bytes,
}

/// Decides what one connection sends and hears what became of it.
pub(crate) trait Source {
    /// The next request; nothing when the load is over.
    fn next(&mut self) -> Option<Shot>;
    /// The answer to the last request. Not called when the connection broke before it came.
    fn answered(&mut self, status: StatusCode, took: Duration);
}

impl Origin {
    /// Reads `http://127.0.0.1:PORT`. Any machine but this one is refused: load is not to be sent
    /// to somebody else's server by a slip of the keyboard.
    pub(crate) fn parse(url: &str) -> Result<Self> {
        let uri: hyper::Uri = url.parse().with_context(|| format!("not an address: {url}"))?;
        let authority = uri.authority().with_context(|| format!("no host in {url}"))?;
        if uri.scheme_str() != Some("http") {
            bail!("{url}: only http:// is spoken here");
        }
        if !matches!(authority.host(), "127.0.0.1" | "localhost") {
            bail!("{url}: only a server on this machine (127.0.0.1) is loaded");
        }
        let authority = format!("127.0.0.1:{}", authority.port_u16().unwrap_or(80));
        let host = HeaderValue::from_str(&authority)?;
        Ok(Self { authority, host })
    }

    /// The address to print and to open.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.authority)
    }

    /// Connects, from one of this machine's 16 million loopback addresses when one is asked for,
    /// so that a class has an address of its own without any forwarding header.
    async fn connect(&self, from: Option<u16>) -> Result<TcpStream> {
        let socket = TcpSocket::new_v4()?;
        if let Some(number) = from {
            let [high, low] = number.to_be_bytes();
            // Only Linux answers to all of 127.0.0.0/8; elsewhere all come from one address.
            socket.bind(format!("127.77.{high}.{low}:0").parse()?).ok();
        }
        let stream = socket.connect(self.authority.parse()?).await?;
        stream.set_nodelay(true)?;
        Ok(stream)
    }

    fn request(&self, shot: Shot) -> Result<Request<Full<Bytes>>> {
        let mut request = Request::new(Full::new(shot.body));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = shot.target.try_into()?;
        *request.headers_mut() = HeaderMap::clone(&shot.headers);
        request.headers_mut().insert(HOST, self.host.clone());
        Ok(request)
    }

    /// Sends what `source` says over one connection until it has no more or the connection breaks.
    pub(crate) async fn drive(&self, from: Option<u16>, source: &mut impl Source) -> Result<()> {
        let stream = TokioIo::new(self.connect(from).await?);
        let (mut sender, connection) = http1::handshake(stream).await?;
        // One task for both halves: waking another one for every answer costs a third of the rate.
        let mut talk = std::pin::pin!(self.converse(&mut sender, source));
        tokio::select! {
            biased;
            outcome = &mut talk => outcome,
            outcome = connection => {
                outcome.context("the connection broke")?;
                talk.await
            }
        }
    }

    async fn converse(
        &self,
        sender: &mut SendRequest<Full<Bytes>>,
        source: &mut impl Source,
    ) -> Result<()> {
        while let Some(shot) = source.next() {
            let request = self.request(shot)?;
            let start = Instant::now();
            sender.ready().await?;
            let response = sender.send_request(request).await?;
            let status = response.status();
            drain(response).await?;
            source.answered(status, start.elapsed());
        }
        Ok(())
    }

    /// One request over a connection of its own: status and body. At most `patience`.
    pub(crate) async fn ask(
        &self,
        method: Method,
        target: &str,
        body: String,
        patience: Duration,
    ) -> Result<(StatusCode, Bytes)> {
        let work = async {
            let stream = TokioIo::new(self.connect(None).await?);
            let (mut sender, connection) = http1::handshake(stream).await?;
            let request = Request::builder()
                .method(method)
                .uri(target)
                .header(HOST, &self.host)
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(Full::new(Bytes::from(body)))?;
            let talk = async {
                let response = sender.send_request(request).await?;
                let status = response.status();
                Ok((status, response.into_body().collect().await?.to_bytes()))
            };
            let mut talk = std::pin::pin!(talk);
            tokio::select! {
                biased;
                outcome = &mut talk => outcome,
                outcome = connection => {
                    outcome.context("the connection broke")?;
                    talk.await
                }
            }
        };
        tokio::time::timeout(patience, work)
            .await
            .with_context(|| format!("no answer within {} s", patience.as_secs()))?
    }
}

/// Reads an answer's body to its end: the connection is free for the next request only then.
async fn drain(response: Response<Incoming>) -> Result<()> {
    let mut body = response.into_body();
    while let Some(frame) = body.frame().await {
        frame?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_loaded() {
        assert_eq!(Origin::parse("http://localhost:81/x").unwrap().url(), "http://127.0.0.1:81");
        assert_eq!(Origin::parse("http://127.0.0.1").unwrap().url(), "http://127.0.0.1:80");
        for url in ["http://www.quiziniere.com", "https://127.0.0.1", "127.0.0.1", ""] {
            assert!(Origin::parse(url).is_err(), "{url}");
        }
    }
}
