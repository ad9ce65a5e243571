//! Load: classes of pupils over many connections, and whether what was acknowledged was counted.

mod hits;
mod outcome;
mod threads;

use std::time::Duration;

use anyhow::{Result, ensure};
use clap::ValueEnum;
use tokio::time::Instant;

pub(crate) use self::{outcome::Tally, threads::Load};
use crate::{
    api::{Api, Days},
    wire::Origin,
};

/// Send hits over many connections, then compare what was acknowledged with what is reported.
///
/// Hits go as the browser's tracker sends them: POST, everything in the address, an empty body.
/// Each connection is a class of 28 pupils with one kind of tablet and, on Linux, an address of its
/// own (127.77.x.y). The site's time zone must be UTC for the count.
#[derive(clap::Args)]
#[command(after_help = "Example: load-tests run --url http://127.0.0.1:8017 --token $TOKEN \
                        --site 1 --connections 512 --seconds 20")]
pub(crate) struct Options {
    /// Address of the server, on this machine.
    #[arg(long)]
    url: String,
    /// Token that may see the site; without it nothing is compared.
    #[arg(long)]
    token: Option<String>,
    /// Number of the site (`idsite`).
    #[arg(long, value_name = "N")]
    site: u32,
    /// Connections kept open, each with one request on its way.
    #[arg(long, default_value_t = 32, value_name = "N")]
    connections: u16,
    /// Seconds that are measured.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// One hit per request, or 50.
    #[arg(long, value_enum, default_value_t = Mode::Single)]
    mode: Mode,
    /// Seconds of load before those that are measured.
    #[arg(long, default_value_t = 2, value_name = "SECONDS")]
    warmup: u64,
    /// Threads of the load generator.
    #[arg(long, default_value_t = 2, value_name = "N")]
    threads: u16,
}

/// How hits are put into requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Mode {
    /// One hit per request.
    Single,
    /// 50 hits per request, as JSON.
    Bulk,
}

/// How often the report is asked while its numbers are still moving.
const POLL: Duration = Duration::from_millis(100);
/// A number that did not move for so long has come to rest.
const REST: Duration = Duration::from_secs(1);
/// The same when it is not the expected one: lost hits are cried only after a long wait.
const LONG_REST: Duration = Duration::from_secs(10);
/// The wait for the report ends here, whatever it says.
const PATIENCE: Duration = Duration::from_secs(120);

/// What the report says once it has come to rest.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Count {
    pub(crate) hits: u64,
    /// From the end of the load until the final number was seen.
    pub(crate) after: Duration,
}

/// Asks `look` again and again until its number is `expected` or more and rests, or rests long.
pub(crate) async fn settled(
    expected: u64,
    mut look: impl AsyncFnMut() -> Result<u64>,
) -> Result<Count> {
    let start = Instant::now();
    let mut count = Count { hits: look().await?, after: start.elapsed() };
    while start.elapsed() < PATIENCE {
        tokio::time::sleep(POLL).await;
        let asked = start.elapsed();
        let hits = look().await?;
        if hits != count.hits {
            count = Count { hits, after: asked };
        }
        let rest = if hits >= expected { REST } else { LONG_REST };
        if asked - count.after >= rest {
            break;
        }
    }
    Ok(count)
}

/// Sends the load and waits for its count; no count without a token.
pub(crate) async fn send_and_count(
    load: &Load,
    api: Option<&Api>,
) -> Result<(Tally, Option<Count>)> {
    let Some(api) = api else { return Ok((load.send().await?, None)) };
    let days = Days::from_today();
    let before = api.counted(load.site, days).await?;
    let tally = load.send().await?;
    let look = async || Ok(api.counted(load.site, days).await?.saturating_sub(before));
    let count = settled(tally.acknowledged, look).await?;
    Ok((tally, Some(count)))
}

/// The subcommand.
pub(crate) async fn command(options: Options) -> Result<()> {
    ensure!(options.connections > 0 && options.threads > 0, "at least one connection and thread");
    let load = Load {
        origin: Origin::parse(&options.url)?,
        site: options.site,
        mode: options.mode,
        connections: options.connections,
        threads: options.threads.min(options.connections),
        warmup: Duration::from_secs(options.warmup),
        duration: Duration::from_secs(options.seconds),
    };
    let api = options.token.map(|token| Api { origin: load.origin.clone(), token });
    let (tally, count) = send_and_count(&load, api.as_ref()).await?;
    print(&load, &tally);
    let Some(count) = count else { return Ok(()) };
    println!("counted       {} ({:.1} s after the load)", count.hits, count.after.as_secs_f64());
    ensure!(
        tally.agrees_with(count.hits),
        "{} hits were acknowledged and {} without an answer, but {} were counted",
        tally.acknowledged,
        tally.unanswered(),
        count.hits
    );
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "a rate for people")]
pub(crate) fn rate(load: &Load, tally: &Tally) -> f64 {
    tally.measured as f64 / load.duration.as_secs_f64()
}

fn print(load: &Load, tally: &Tally) {
    println!("hits/s        {:.0}", rate(load, tally));
    for (name, share) in [("p50", 0.5), ("p95", 0.95), ("p99", 0.99)] {
        println!("{name}           {:.2} ms", tally.percentile(share));
    }
    for (status, answers) in &tally.statuses {
        println!("status {status}    {answers}");
    }
    if tally.broken > 0 {
        println!("broken        {} connections", tally.broken);
    }
    println!("acknowledged  {} (and {} pings)", tally.acknowledged, tally.pings);
    println!("unanswered    {}", tally.unanswered());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_count_is_taken_once_it_rests() {
        let mut answers = [3, 5, 9, 10].into_iter();
        let count = settled(10, async || Ok(answers.next().unwrap_or(10))).await.unwrap();
        assert_eq!(count.hits, 10);
    }
}
