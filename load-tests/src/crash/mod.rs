//! The crash test: load, kill -9, restart on the same data, compare; again and again.

mod ledger;
mod load;

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};

use self::{
    ledger::{Verdict, compare},
    load::Round,
};
use crate::{
    api::{Api, Days},
    bench::{create_site, last_words},
    load::settled,
    server::{Scratch, Server, admin, free_address},
};

/// Kill the server in full load, restart it, and check that every acknowledged hit counts once.
///
/// Every second round kills the database that the server started too. Each hit can be told from
/// every other in the report, so that a lost and a doubled one do not hide each other. Hits without
/// an answer may be counted or not. Earlier rounds are looked at again after every restart.
#[derive(clap::Args)]
#[command(after_help = "Example: load-tests crash --server-bin target/release/padoqe --rounds 20")]
pub(crate) struct Options {
    /// The server's binary.
    #[arg(long, value_name = "PATH")]
    server_bin: PathBuf,
    /// How many times the server is killed.
    #[arg(long, default_value_t = 20, value_name = "N")]
    rounds: u32,
    /// Longest load before a kill; it comes at a random moment of the second half.
    #[arg(long, default_value_t = 2.0)]
    seconds: f64,
    /// Connections of the load.
    #[arg(long, default_value_t = 32, value_name = "N")]
    connections: u16,
    /// Hits that share an event name, told apart by their values.
    #[arg(long, default_value_t = 16, value_name = "N",
          value_parser = clap::value_parser!(u32).range(1..=32))]
    per_name: u32,
    /// Decides the moments of the kills.
    #[arg(long, default_value_t = 1, value_name = "N")]
    seed: u64,
}

/// The server between two kills, and what the reports must keep saying.
struct Test<'a> {
    options: &'a Options,
    address: String,
    data: PathBuf,
    log: PathBuf,
    api: Api,
    days: Days,
    /// Every site so far with the count its round ended with.
    settled: Vec<(u32, u64)>,
}

/// The subcommand.
pub(crate) async fn command(options: Options) -> Result<()> {
    ensure!(options.connections > 0 && options.seconds > 0.0, "a load needs connections and time");
    let scratch = Scratch::new()?;
    let (data, log) = (scratch.path("data"), scratch.path("server.log"));
    let address = free_address()?;
    let mut server = start(&options.server_bin, &address, &data, &log).await?;
    let token = admin(&options.server_bin, &["token"], &data)?;
    let api = Api { origin: server.origin.clone(), token };
    let days = Days::from_today();
    let mut test = Test { options: &options, address, data, log, api, days, settled: Vec::new() };
    let mut random = fastrand::Rng::with_seed(options.seed);
    let (mut sum, mut bad_rounds) = (Verdict::default(), 0);
    println!(
        "round  killed               acknowledged  unanswered    counted  lost  doubled  up again"
    );
    for number in 1..=options.rounds {
        let moment = options.seconds * (0.5 + random.f64() / 2.0);
        let verdict;
        (server, verdict) = test.round(server, number, Duration::from_secs_f64(moment)).await?;
        bad_rounds += u32::from(!verdict.is_right());
        sum.acknowledged += verdict.acknowledged;
        sum.unanswered += verdict.unanswered;
        sum.counted += verdict.counted;
        sum.lost += verdict.lost;
        sum.doubled += verdict.doubled;
    }
    server.stop().context("the last, clean stop failed")?;
    let server = start(&options.server_bin, &test.address, &test.data, &test.log).await?;
    let moved = test.moved_counts().await?;
    server.stop()?;
    println!(
        "{} rounds: {} acknowledged, {} unanswered, {} counted, {} lost, {} doubled; after a clean \
         stop {moved} of {} counts had changed",
        options.rounds,
        sum.acknowledged,
        sum.unanswered,
        sum.counted,
        sum.lost,
        sum.doubled,
        test.settled.len()
    );
    ensure!(bad_rounds == 0 && moved == 0, "{bad_rounds} rounds are wrong");
    Ok(())
}

async fn start(binary: &Path, address: &str, data: &Path, log: &Path) -> Result<Server> {
    let mut server = Server::start(binary, address, data, log)?;
    let healthy = server.healthy().await;
    healthy.with_context(|| format!("it said: {}", last_words(log)))?;
    Ok(server)
}

impl Test<'_> {
    /// Load, kill, restart, compare. The server that runs now, and what became of the hits.
    async fn round(
        &mut self,
        server: Server,
        number: u32,
        moment: Duration,
    ) -> Result<(Server, Verdict)> {
        let with_database = number.is_multiple_of(2);
        let site = create_site(&self.api).await?;
        let round = Round {
            origin: server.origin.clone(),
            site,
            number,
            connections: self.options.connections,
            per_name: self.options.per_name,
            end: Instant::now() + moment + Duration::from_secs(2),
        };
        let load = tokio::task::spawn_blocking(move || round.press());
        tokio::time::sleep(moment).await;
        server.kill(with_database)?;
        let ledgers = load.await??;
        let acknowledged = ledgers.iter().map(ledger::Ledger::acknowledged).sum();
        if acknowledged == 0 {
            bail!("round {number}: nothing was acknowledged: {}", last_words(&self.log));
        }

        let restart = Instant::now();
        let server = start(&self.options.server_bin, &self.address, &self.data, &self.log).await?;
        let up_after = restart.elapsed();
        let look = async || self.api.counted(site, self.days).await;
        let count = settled(acknowledged, look).await?;
        let mut verdict = compare(&ledgers, self.api.event_names(site, self.days).await?);
        if count.hits != verdict.counted {
            println!("round {number}: categories say {}, names {}", count.hits, verdict.counted);
            verdict.doubled += count.hits.saturating_sub(verdict.counted);
            verdict.lost += verdict.counted.saturating_sub(count.hits);
        }
        let moved = self.moved_counts().await?;
        verdict.doubled += moved;
        self.settled.push((site, count.hits));
        print_round(number, with_database, &verdict, up_after, moved);
        Ok((server, verdict))
    }

    /// How many earlier rounds are counted otherwise than when they ended.
    async fn moved_counts(&self) -> Result<u64> {
        let mut moved = 0;
        for (site, hits) in &self.settled {
            moved += u64::from(self.api.counted(*site, self.days).await? != *hits);
        }
        Ok(moved)
    }
}

fn print_round(number: u32, database: bool, verdict: &Verdict, up_after: Duration, moved: u64) {
    println!(
        "{number:>5}  {:<19}  {:>12}  {:>10}  {:>9}  {:>4}  {:>7}  {:>6.1} s{}{}",
        if database { "server and database" } else { "server" },
        verdict.acknowledged,
        verdict.unanswered,
        verdict.counted,
        verdict.lost,
        verdict.doubled,
        up_after.as_secs_f64(),
        if moved > 0 { format!("  {moved} earlier counts changed") } else { String::new() },
        if verdict.is_right() { "" } else { "  WRONG" },
    );
}
