//! The ceiling: what a server on this machine could reach if it did nothing with a hit.
//!
//! A bare actix handler answers 204 to everything. With `--durable` it first appends the query and
//! the body to a file: one writer thread takes all that wait, writes them at once, calls fdatasync
//! once, answers them all, and starts again at once (back-to-back group commit). No server that
//! acknowledges after a sync can be faster on the same disk, short of preallocating its file.

use std::{
    fs::{File, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, Sender, channel},
};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use anyhow::{Context, Result};
use tokio::sync::oneshot;

/// Serve the ceiling: answer 204 to any request, at once or after it is on disk.
///
/// The first line of standard output is the address listened on. Stops on SIGTERM or Ctrl-C.
#[derive(clap::Args)]
#[command(after_help = "Example: load-tests limit --durable /var/tmp/limit")]
pub(crate) struct Options {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:0", value_name = "ADDR")]
    listen: String,
    /// Append every request to a file in this directory and sync it before answering.
    #[arg(long, value_name = "DIR")]
    durable: Option<PathBuf>,
    /// Worker threads, as many as the server that is compared.
    #[arg(long, default_value_t = 2, value_name = "N")]
    workers: usize,
}

/// Bulk bodies are pressed too, so bodies of 32 MiB pass.
const BODY_LIMIT: usize = 32 << 20;
/// A write is not grown beyond this, so that one commit stays short.
const WRITE_LIMIT: usize = 4 << 20;

/// A request that waits to be on disk.
struct Waiting {
    bytes: Vec<u8>,
    done: oneshot::Sender<()>,
}

/// Runs the server until it is told to stop.
pub(crate) fn serve(options: &Options) -> Result<()> {
    let journal = options.durable.as_deref().map(start_writer).transpose()?;
    actix_web::rt::System::new().block_on(async {
        let server = HttpServer::new(move || {
            let app = App::new().app_data(web::PayloadConfig::new(BODY_LIMIT));
            match &journal {
                None => app.default_service(web::to(answer)),
                Some(journal) => app
                    .app_data(web::Data::new(journal.clone()))
                    .default_service(web::to(answer_when_durable)),
            }
        })
        .workers(options.workers)
        .shutdown_timeout(1)
        .bind(&options.listen)
        .with_context(|| format!("cannot listen on {}", options.listen))?;
        for address in server.addrs() {
            println!("{address}");
        }
        std::io::stdout().flush()?;
        server.run().await.context("the limit server failed")
    })
}

async fn answer(_body: web::Bytes) -> HttpResponse {
    HttpResponse::NoContent().finish()
}

async fn answer_when_durable(
    request: HttpRequest,
    body: web::Bytes,
    journal: web::Data<Sender<Waiting>>,
) -> HttpResponse {
    let query = request.query_string().as_bytes();
    let mut bytes = Vec::with_capacity(query.len() + body.len() + 1);
    bytes.extend_from_slice(query);
    bytes.extend_from_slice(&body);
    bytes.push(b'\n');
    let (done, synced) = oneshot::channel();
    let sent = journal.send(Waiting { bytes, done });
    if sent.is_ok() && synced.await.is_ok() {
        HttpResponse::NoContent().finish()
    } else {
        HttpResponse::ServiceUnavailable().finish()
    }
}

fn start_writer(directory: &Path) -> Result<Sender<Waiting>> {
    std::fs::create_dir_all(directory)?;
    let path = directory.join("journal");
    let file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(&path)
        .with_context(|| format!("cannot open {}", path.display()))?;
    let (sender, receiver) = channel();
    std::thread::Builder::new()
        .name("writer".to_owned())
        .spawn(move || commit_in_groups(file, &receiver))?;
    Ok(sender)
}

/// Ends when the last sender is gone. A failed write answers nobody: the waiting see their channel
/// closed and say 503.
fn commit_in_groups(mut file: File, queue: &Receiver<Waiting>) {
    let mut bytes = Vec::with_capacity(WRITE_LIMIT);
    let mut waiting = Vec::new();
    while let Ok(first) = queue.recv() {
        let mut next = Some(first);
        while let Some(one) = next {
            bytes.extend_from_slice(&one.bytes);
            waiting.push(one.done);
            next = if bytes.len() < WRITE_LIMIT { queue.try_recv().ok() } else { None };
        }
        let committed = file.write_all(&bytes).and_then(|()| file.sync_data());
        bytes.clear();
        for done in waiting.drain(..) {
            if committed.is_ok() {
                // A client that went away has nobody to tell.
                done.send(()).ok();
            }
        }
    }
}
