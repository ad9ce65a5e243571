//! A web server's access log, line by line, through the door that a page's hits take.
//!
//! The lines are sent to a server as bulk hits, as Matomo's own importer does: to the one that runs
//! on the data directory, or to one that runs only for the import.

mod line;
mod order;

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use flate2::bufread::MultiGzDecoder;
use http_body_util::{BodyExt, Full};
use hyper::{Request, StatusCode, body::Bytes, client::conn::http1};
use hyper_util::rt::TokioIo;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};
use tokio::net::TcpStream;

use crate::{
    app::{Database, Server, running_server},
    config::Config,
    site::{Site, SiteId},
    store::Store,
};

use line::{LogHit, Skipped, understood};
use order::Order;

/// Hits in one request.
const BULK: usize = 500;

/// What became of the lines.
#[derive(Default)]
struct Summary {
    lines: u64,
    sent: u64,
    skipped: BTreeMap<Skipped, u64>,
}

/// Imports log files for a site and prints what became of them.
///
/// # Errors
/// A file cannot be read, there is no such site, or the server stops answering; what was counted
/// until then stays counted, and the error says how many lines that is.
pub async fn import(config: &Config, files: &[PathBuf], site: SiteId) -> Result<()> {
    match running_server(&config.data) {
        Some(address) => {
            let database = Database::open(config).await?;
            let done = with_token(&database.store, &address, files, site).await;
            database.close();
            done
        }
        None => {
            let server = Server::start(config).await?;
            let done = with_token(server.store(), &server.address, files, site).await;
            server.settle().await;
            server.stop().await;
            done
        }
    }
}

/// Sends with a token that lives as long as the import.
async fn with_token(store: &Store, address: &str, files: &[PathBuf], site: SiteId) -> Result<()> {
    let sites = store.sites().await?;
    let Some(known) = sites.iter().find(|known| known.id == site) else {
        let known: Vec<String> =
            sites.iter().map(|site| format!("{} ({})", site.id, site.name)).collect();
        bail!(
            "there is no site {site}; the sites are: {}",
            if known.is_empty() { "none yet".to_owned() } else { known.join(", ") }
        );
    };
    let token = store.new_token("padoqe import-log").await?;
    let done = send_all(address, &token, files, known).await;
    store.drop_token(&token).await?;
    done
}

#[expect(clippy::print_stdout, reason = "the closing summary")]
async fn send_all(address: &str, token: &str, files: &[PathBuf], site: &Site) -> Result<()> {
    let mut summary = Summary::default();
    let mut door = Door::open(address).await?;
    for file in files {
        send_file(&mut door, token, file, site, &mut summary).await.with_context(|| {
            format!("{} ({} hits were sent before)", file.display(), summary.sent)
        })?;
    }
    println!(
        "{} lines read, {} hits taken (robots that the server recognises among them are set aside)",
        summary.lines, summary.sent
    );
    for (reason, number) in &summary.skipped {
        println!("  {number:>8} skipped: {}", reason.as_str());
    }
    Ok(())
}

async fn send_file(
    door: &mut Door,
    token: &str,
    file: &Path,
    site: &Site,
    summary: &mut Summary,
) -> Result<()> {
    let (mut reader, bar) = open(file)?;
    let mut order = Order::new();
    let mut line = Vec::new();
    loop {
        line.clear();
        if reader.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        summary.lines += 1;
        match understood(&String::from_utf8_lossy(&line)) {
            Ok(hit) => {
                let hits = order.push(hit.time(), hit);
                summary.sent += send_in_bulks(door, token, site, hits).await?;
            }
            Err(reason) => *summary.skipped.entry(reason).or_default() += 1,
        }
    }
    summary.sent += send_in_bulks(door, token, site, order.rest()).await?;
    bar.finish_and_clear();
    Ok(())
}

/// Sends hits, so many in one request; how many were taken.
async fn send_in_bulks(
    door: &mut Door,
    token: &str,
    site: &Site,
    hits: Vec<LogHit>,
) -> Result<u64> {
    let main_url = site.main_url().trim_end_matches('/');
    let mut sent = 0;
    let mut hits = hits.into_iter().map(|hit| hit.into_params(site.id, main_url)).peekable();
    while hits.peek().is_some() {
        sent += door.send(token, hits.by_ref().take(BULK).collect()).await?;
    }
    Ok(sent)
}

/// A plain or gzip file, or standard input, with a bar that shows how far it is read.
fn open(file: &Path) -> Result<(Box<dyn BufRead>, ProgressBar)> {
    let (raw, length): (Box<dyn Read>, Option<u64>) = if file == Path::new("-") {
        (Box::new(io::stdin()), None)
    } else {
        let opened = File::open(file)?;
        let length = opened.metadata()?.len();
        (Box::new(opened), Some(length))
    };
    let bar = match length {
        Some(length) => ProgressBar::new(length).with_style(ProgressStyle::with_template(
            "{bar:40} {bytes}/{total_bytes}  {eta} left",
        )?),
        None => ProgressBar::new_spinner(),
    };
    let mut buffered = BufReader::with_capacity(1 << 16, bar.wrap_read(raw));
    let gzip = buffered.fill_buf()?.starts_with(&[0x1f, 0x8b]);
    let reader: Box<dyn BufRead> = if gzip {
        Box::new(BufReader::new(MultiGzDecoder::new(buffered)))
    } else {
        Box::new(buffered)
    };
    Ok((reader, bar))
}

/// A connection to the server.
struct Door {
    sender: http1::SendRequest<Full<Bytes>>,
    host: String,
}

impl Door {
    async fn open(address: &str) -> Result<Self> {
        let stream = TcpStream::connect(address)
            .await
            .with_context(|| format!("no server answers at {address}"))?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "the connection for the import ended");
            }
        });
        Ok(Self { sender, host: address.to_owned() })
    }

    /// Sends hits; how many were taken.
    async fn send(&mut self, token: &str, hits: Vec<Value>) -> Result<u64> {
        let body = json!({ "requests": hits, "token_auth": token }).to_string();
        let request = Request::post("/matomo.php")
            .header("host", &self.host)
            .header("content-type", "application/json");
        self.sender.ready().await?;
        let answer = self.sender.send_request(request.body(Full::new(Bytes::from(body)))?).await?;
        let status = answer.status();
        let body = answer.into_body().collect().await?.to_bytes();
        if status != StatusCode::OK {
            bail!("the server answered {status}: {}", String::from_utf8_lossy(&body).trim());
        }
        let answer: Value = serde_json::from_slice(&body)?;
        if answer["invalid"].as_u64().unwrap_or(0) > 0 {
            bail!("the server refused {} of the hits", answer["invalid"]);
        }
        Ok(answer["tracked"].as_u64().unwrap_or(0))
    }
}
