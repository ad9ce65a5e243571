//! The bench: the limit of this machine and the server, loaded one after the other in one run.
//!
//! Two cores are shared with the load generator, so a rate alone says little. The ratio to the
//! durable limit, measured minutes apart by the same generator, says how much of what this machine
//! can do the server leaves.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use crate::{
    api::Api,
    load::{self, Count, Load, Mode, Tally},
    server::{Limit, Scratch, Server, admin, free_address},
    wire::Origin,
};

/// Measure the limits of this machine and the server beside each other, at 32 and 512 connections.
///
/// Fails when a hit that was acknowledged is not counted, or is counted twice.
#[derive(clap::Args)]
#[command(after_help = "Example: load-tests bench --server-bin target/release/padoqe --seconds 8")]
pub(crate) struct Options {
    /// The server's binary; without it only the limits are measured.
    #[arg(long, value_name = "PATH")]
    server_bin: Option<PathBuf>,
    /// Seconds measured for each row.
    #[arg(long, default_value_t = 8)]
    seconds: u64,
    /// Seconds of load before those that are measured.
    #[arg(long, default_value_t = 2, value_name = "SECONDS")]
    warmup: u64,
    /// Numbers of connections.
    #[arg(long, value_delimiter = ',', default_values_t = [32, 512], value_name = "N,N")]
    connections: Vec<u16>,
    /// One hit per request, or 50.
    #[arg(long, value_enum, default_value_t = Mode::Single)]
    mode: Mode,
    /// Threads of the load generator.
    #[arg(long, default_value_t = 2, value_name = "N")]
    threads: u16,
    /// Measure everything so many times in turn; the medians of the ratios are printed at the end.
    #[arg(long, default_value_t = 1, value_name = "N")]
    repeat: u32,
    /// Write the same as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

const LIMIT: &str = "limit";
const DURABLE_LIMIT: &str = "limit, durable";
const SERVER: &str = "padoqe";

/// One line of the table.
#[derive(Serialize)]
struct Row {
    connections: u16,
    target: &'static str,
    hits_per_second: f64,
    p50_ms: f64,
    p95_ms: f64,
    p99_ms: f64,
    /// Rate by the durable limit's rate, once that is known.
    ratio: Option<f64>,
    acknowledged: u64,
    unanswered: u64,
    pings: u64,
    counted: Option<u64>,
    counted_after_s: Option<f64>,
    /// Whether every acknowledged hit is counted once.
    right: bool,
}

/// The subcommand.
pub(crate) async fn command(options: Options) -> Result<()> {
    ensure!(options.threads > 0 && !options.connections.contains(&0), "numbers are from 1");
    let mut rows: Vec<Row> = Vec::new();
    print_head();
    for connections in options.connections.iter().copied() {
        for _ in 0..options.repeat {
            let durable = measure_limits(&options, connections, &mut rows).await?;
            if let Some(binary) = &options.server_bin {
                let mut row = measure_server(&options, binary, connections).await?;
                row.ratio = Some(row.hits_per_second / durable);
                print_row(&row);
                rows.push(row);
            }
        }
    }
    if options.repeat > 1 {
        for connections in &options.connections {
            if let Some(ratio) = median_ratio(&rows, *connections) {
                println!(
                    "{connections} connections: ratio to the durable limit {ratio:.2} (median)"
                );
            }
        }
    }
    if let Some(file) = &options.json {
        let text = serde_json::json!({ "seconds": options.seconds, "rows": rows });
        std::fs::write(file, format!("{text:#}\n"))
            .with_context(|| format!("cannot write {}", file.display()))?;
    }
    let right = rows.iter().all(|row| row.right);
    ensure!(right, "what was acknowledged is not what was counted");
    Ok(())
}

/// Both limits; the rate of the durable one.
async fn measure_limits(options: &Options, connections: u16, rows: &mut Vec<Row>) -> Result<f64> {
    let mut durable_rate = 0.0;
    for target in [LIMIT, DURABLE_LIMIT] {
        let scratch = Scratch::new()?;
        let journal = scratch.path("limit");
        let durable = target == DURABLE_LIMIT;
        let server = Limit::start(durable.then_some(journal.as_path()))?;
        let load = options.load(server.origin.clone(), 1, connections);
        let mut row = measure(target, &load, None).await?;
        if durable {
            durable_rate = row.hits_per_second;
            row.ratio = Some(1.0);
        }
        print_row(&row);
        rows.push(row);
    }
    Ok(durable_rate)
}

/// The server on a fresh data directory of its own.
async fn measure_server(options: &Options, binary: &Path, connections: u16) -> Result<Row> {
    let scratch = Scratch::new()?;
    let (mut server, api) = start_server(binary, &scratch).await?;
    let site = create_site(&api).await?;
    let load = options.load(server.origin.clone(), site, connections);
    let row = measure(SERVER, &load, Some(&api)).await?;
    server.check()?;
    server.stop()?;
    Ok(row)
}

/// Starts the server in `scratch` and gets a token.
async fn start_server(binary: &Path, scratch: &Scratch) -> Result<(Server, Api)> {
    let (data, log) = (scratch.path("data"), scratch.path("server.log"));
    let mut server = Server::start(binary, &free_address()?, &data, &log)?;
    let healthy = server.healthy().await;
    healthy.with_context(|| format!("it said: {}", last_words(&log)))?;
    let token = admin(binary, &["token"], &data)?;
    let api = Api { origin: server.origin.clone(), token };
    Ok((server, api))
}

/// A site that keeps everything, in UTC, so that each hit can be told in the report.
pub(crate) async fn create_site(api: &Api) -> Result<u32> {
    let parameters = [
        ("siteName", "Quizinière (charge)"),
        ("urls", "https://www.quiziniere.com"),
        ("timezone", "UTC"),
        ("policy", "complete"),
    ];
    api.create("SitesManager.addSite", &parameters).await
}

/// The end of a log, for an error message.
pub(crate) fn last_words(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<_> = text.lines().collect();
    lines[lines.len().saturating_sub(8)..].join("\n")
}

async fn measure(target: &'static str, load: &Load, api: Option<&Api>) -> Result<Row> {
    let spinner = ProgressBar::new_spinner().with_message(target);
    spinner.set_style(ProgressStyle::with_template("{spinner} {msg}, {elapsed}")?);
    spinner.enable_steady_tick(Duration::from_millis(200));
    let outcome = load::send_and_count(load, api).await;
    spinner.finish_and_clear();
    let (tally, count) = outcome.with_context(|| format!("{target} could not be measured"))?;
    Ok(Row::new(target, load, &tally, count))
}

impl Options {
    fn load(&self, origin: Origin, site: u32, connections: u16) -> Load {
        Load {
            origin,
            site,
            mode: self.mode,
            connections,
            threads: self.threads.min(connections),
            warmup: Duration::from_secs(self.warmup),
            duration: Duration::from_secs(self.seconds),
        }
    }
}

impl Row {
    fn new(target: &'static str, load: &Load, tally: &Tally, count: Option<Count>) -> Self {
        Self {
            connections: load.connections,
            target,
            hits_per_second: load::rate(load, tally),
            p50_ms: tally.percentile(0.5),
            p95_ms: tally.percentile(0.95),
            p99_ms: tally.percentile(0.99),
            ratio: None,
            acknowledged: tally.acknowledged,
            unanswered: tally.unanswered(),
            pings: tally.pings,
            counted: count.map(|count| count.hits),
            counted_after_s: count.map(|count| count.after.as_secs_f64()),
            right: tally.acknowledged > 0
                && count.is_none_or(|count| tally.agrees_with(count.hits)),
        }
    }
}

/// The median of the server's ratios to the durable limit, the lower one of two.
fn median_ratio(rows: &[Row], connections: u16) -> Option<f64> {
    let is_meant = |row: &&Row| row.connections == connections && row.target == SERVER;
    let mut ratios: Vec<_> = rows.iter().filter(is_meant).filter_map(|row| row.ratio).collect();
    ratios.sort_unstable_by(f64::total_cmp);
    ratios.get(ratios.len().saturating_sub(1) / 2).copied()
}

fn print_head() {
    println!(
        "{:>11}  {:<14} {:>8} {:>9} {:>9} {:>9} {:>6} {:>13} {:>13} {:>11} {:>8}",
        "connections",
        "target",
        "hits/s",
        "p50 ms",
        "p95 ms",
        "p99 ms",
        "ratio",
        "acknowledged",
        "counted",
        "unanswered",
        "seen in"
    );
}

fn print_row(row: &Row) {
    let optional = |text: Option<String>| text.unwrap_or_else(|| "–".to_owned());
    println!(
        "{:>11}  {:<14} {:>8.0} {:>9.2} {:>9.2} {:>9.2} {:>6} {:>13} {:>13} {:>11} {:>8}{}",
        row.connections,
        row.target,
        row.hits_per_second,
        row.p50_ms,
        row.p95_ms,
        row.p99_ms,
        optional(row.ratio.map(|ratio| format!("{ratio:.2}"))),
        row.acknowledged,
        optional(row.counted.map(|counted| counted.to_string())),
        row.unanswered,
        optional(row.counted_after_s.map(|seconds| format!("{seconds:.1} s"))),
        if row.right { "" } else { "  WRONG" },
    );
}
