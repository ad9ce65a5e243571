//! The tools that press, measure and demonstrate PADOQE. Each subcommand is a module of its name:
//!
//! - `limit`: what this machine can do at best, so that a measured rate means something;
//! - `run`: load from many connections, and whether every acknowledged hit was counted;
//! - `bench`: the two together, beside each other (`make bench`);
//! - `crash`: load, kill -9, restart, again and again;
//! - `fortnight`: three weeks of school, played through the tracking endpoint;
//! - `national`: a school year of the whole country as rollups, and how fast its reports are;
//! - `demo`: a server with that fortnight in it, to look at (`make demo`).
//!
//! What they share: `wire` (one connection), `api` (the reporting API), `server` (child processes),
//! `agents` (what browsers of schools say they are), `query` (percent-encoding).
//! The program is all of this behind one `main`; it is a library so that the server's own tests can
//! play the same fortnight (`fortnight`) and count it for themselves.
//! Nothing here talks to another machine: `wire::Origin` refuses any address but this one's.

#![expect(clippy::print_stdout, reason = "reports on standard output are what these tools are for")]

mod agents;
mod api;
mod bench;
mod crash;
mod demo;
pub mod fortnight;
mod limit;
mod load;
mod national;
mod query;
mod server;
mod wire;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Press, measure and demonstrate a PADOQE server on this machine.
#[derive(Parser)]
#[command(version, propagate_version = true, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Limit(limit::Options),
    Run(load::Options),
    Bench(bench::Options),
    Crash(crash::Options),
    Fortnight(fortnight::Options),
    Demo(demo::Options),
    National(national::Options),
}

/// What the command line asks for.
pub fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Limit(options) => limit::serve(&options),
        Command::Run(options) => until_interrupted(load::command(options)),
        Command::Bench(options) => until_interrupted(bench::command(options)),
        Command::Crash(options) => until_interrupted(crash::command(options)),
        Command::Fortnight(options) => until_interrupted(fortnight::command(options)),
        Command::National(options) => until_interrupted(national::command(options)),
        Command::Demo(options) => on_one_thread(demo::command(options)),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Runs `work` to its end, or until Ctrl-C or SIGTERM: then what it started is dropped, and so
/// stopped and removed.
fn until_interrupted(work: impl Future<Output = Result<()>>) -> Result<()> {
    on_one_thread(async {
        tokio::select! {
            outcome = work => outcome,
            () = server::asked_to_stop() => anyhow::bail!("interrupted"),
        }
    })
}

fn on_one_thread(work: impl Future<Output = Result<()>>) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let outcome = runtime.block_on(work);
    runtime.shutdown_timeout(std::time::Duration::from_secs(2));
    outcome
}
