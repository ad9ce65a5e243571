//! Arguments, logging, runtime; everything else is in the library.

use std::{path::PathBuf, process::ExitCode};

use anyhow::{Context, Result, bail};
use clap::{Args, Parser, Subcommand};
use padoqe::{
    annuaire::Unnamed,
    app::{Database, Server},
    compare,
    config::{Config, EXAMPLE, Flags},
    declare,
    register::{self, Language},
    store::{Store, TokenLine},
};
use tracing_subscriber::EnvFilter;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Audience and feature-usage measurement for public education.
///
/// Pages send hits in Matomo's protocol to /matomo.php; PADOQE takes the identifiers out at the
/// door, counts, and answers dashboards and the Reporting API.
#[derive(Parser)]
#[command(
    version,
    after_help = "Start with:\n  padoqe serve --data ./data\n  padoqe admin token --data ./data\n\nThen point a page's Matomo snippet at http://127.0.0.1:8017/."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server until Ctrl-C or SIGTERM
    ///
    /// Without --database-url it starts a private PostgreSQL of its own in the data directory, on a
    /// socket only, and stops it when it ends.
    Serve {
        /// Address and port to listen on; port 0 takes a free one [default: 127.0.0.1:8017]
        #[arg(long, value_name = "ADDR")]
        listen: Option<String>,
        #[command(flatten)]
        flags: Flags,
    },
    /// Make tokens and accounts, also while the server runs
    #[command(subcommand)]
    Admin(Admin),
    /// Show what a site needs
    #[command(subcommand)]
    Site(SiteCommand),
    /// Declare what a site's features are, in a file that is kept with the site's code
    #[command(subcommand)]
    Features(FeaturesCommand),
    /// Count a web server's access log (combined format, plain or gzip)
    ///
    /// The lines go through the same door as a page's hits: addresses and agents are taken out
    /// before anything is written. If a server runs on the data directory, it does the counting.
    ImportLog(ImportLog),
    /// Take in the French directory of schools, so that reports tell shares of establishments
    ///
    /// FILE is the CSV export of the data set fr-en-annuaire-education of data.education.gouv.fr,
    /// separated by semicolons, UTF-8. Of each establishment its code, name, kind, level, place and
    /// whether it is public and open are kept; phones, mails and everything about people are not read.
    /// It can be taken in again at any time: what did not change stays, and establishments that the
    /// file no longer names are marked closed.
    #[command(
        after_help = "Examples:\n  padoqe import-annuaire fr-en-annuaire-education.csv\n  padoqe import-annuaire --partial academie-de-lyon.csv\n\nThe server may run meanwhile. A line that is not understood is counted with its reason and its\nnumber, the others are taken; where the file itself is not understood, nothing is changed."
    )]
    ImportAnnuaire(ImportAnnuaire),
    /// Ask a Matomo and PADOQE the same questions and print which figures are equal
    ///
    /// For whoever lets pages send to both for a while before switching. Days, whole weeks and whole
    /// months of every report that both have are compared, figure by figure.
    #[command(
        after_help = "Exit status: 0 where enough figures are equal (--at-least), 1 where not, 2 where a server cannot be asked.\n\nExample:\n  MATOMO_TOKEN=… padoqe compare --matomo https://matomo.example.fr --site 3 --with-site 1 --date previous30"
    )]
    Compare(Box<compare::Options>),
    /// Print the annotated example configuration
    ExampleConfig,
}

#[derive(Subcommand)]
enum Admin {
    /// Print a new super-user token as the last line; list tokens, or take one back
    ///
    /// A token lets a program ask for every report, change sites, and send hits of another time. It
    /// is kept hashed and cannot be shown again: keep it where the program's secrets are, give each
    /// program its own, and take it back where it may have been seen.
    #[command(
        after_help = "Examples:\n  padoqe admin token --description 'academy portal'\n  padoqe admin token --list\n  padoqe admin token --revoke 3f9a0c21b7de"
    )]
    Token {
        /// What the token is for; shown by --list
        #[arg(long, value_name = "TEXT", default_value = "padoqe admin token")]
        description: String,
        /// List the tokens there are: name, day it was made, what for
        #[arg(long, conflicts_with_all = ["description", "revoke"])]
        list: bool,
        /// Take back the token of that name (see --list); a running server stops taking it within
        /// seconds
        #[arg(long, value_name = "NAME", conflicts_with = "description")]
        revoke: Option<String>,
        #[command(flatten)]
        flags: Flags,
    },
    /// Make an account that may log in to the dashboards, or give it a new password
    ///
    /// The password is the last line printed; it is kept hashed and cannot be shown again.
    User {
        /// The name to log in with
        name: String,
        #[command(flatten)]
        flags: Flags,
    },
}

#[derive(Subcommand)]
enum SiteCommand {
    /// Print the HTML that a site's pages need, with the hash that browsers check the script by
    ///
    /// The script's name and hash are those of this version: print the snippet again after an
    /// upgrade. Pages that shall follow upgrades by themselves load /matomo.js without a hash.
    Snippet {
        /// Number of the site
        #[arg(value_name = "N")]
        site: u32,
        /// Where pages reach this server, such as https://mesure.example.fr
        #[arg(long, value_name = "URL")]
        server: String,
        #[command(flatten)]
        flags: Flags,
    },
}

/// A feature has a key, a name, a group, an owner, a release date, and rules that say which events or
/// pages are a use of it. Audiences say by whom use is looked at, funnels which features follow each
/// other. The file is written by hand by those who own the features; it is the whole truth: what it
/// does not hold any more is taken out.
#[derive(Subcommand)]
#[command(
    after_help = "Start with:\n  padoqe features example > features.toml\n  padoqe features plan features.toml --site 1\n  padoqe features apply features.toml --site 1"
)]
enum FeaturesCommand {
    /// Say what a file would change, and change nothing
    ///
    /// Ends with 0 where nothing would change, with 2 where something would, with 1 where the file is
    /// wrong: each mistake is told with its line and what to do.
    #[command(
        after_help = "One line for each change: + is new, ~ is different, - is taken out.\n\nIn a pipeline:\n  padoqe features plan features.toml --site 1 || [ $? = 2 ]"
    )]
    Plan(Declared),
    /// Apply a file, and say what changed
    ///
    /// A running server counts by it within seconds. What was counted stays; a rule that changes
    /// counts from now on, and reports mark the day.
    Apply(Declared),
    /// Print what is declared, as a file that `plan` finds no change in
    Export {
        #[command(flatten)]
        of: OfSite,
    },
    /// Print an annotated example
    Example,
}

#[derive(Args)]
struct Declared {
    /// The file (TOML); `-` is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Language of changes and mistakes
    #[arg(long, value_name = "LANG", default_value = "fr", value_parser = ["fr", "en"])]
    lang: String,
    #[command(flatten)]
    of: OfSite,
}

#[derive(Args)]
struct OfSite {
    /// Number of the site
    #[arg(long, value_name = "N")]
    site: u32,
    #[command(flatten)]
    flags: Flags,
}

#[derive(Args)]
struct ImportLog {
    /// Log files, plain or gzip; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Number of the site the log is of
    #[arg(long, value_name = "N")]
    site: u32,
    #[command(flatten)]
    flags: Flags,
}

#[derive(Args)]
struct ImportAnnuaire {
    /// The CSV file
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The file is an extract: establishments that it does not name stay as they are
    #[arg(long)]
    partial: bool,
    /// Close establishments that the file does not name also where they are more than a tenth
    #[arg(long, conflicts_with = "partial")]
    close_many: bool,
    #[command(flatten)]
    flags: Flags,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let filter = EnvFilter::try_from_env("PADOQE_LOG")
        .unwrap_or_else(|_| EnvFilter::new("info,refinery_core=warn,actix_server=warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(false)
        // A log on a full disk must not end the thread that writes to it.
        .log_internal_errors(false)
        .init();
    let comparing = matches!(cli.command, Command::Compare(_));
    match run(cli.command) {
        Ok(code) => code,
        Err(error) => {
            tracing::error!("{error:#}");
            // As `diff`: 1 says that they differ, 2 that they could not be compared.
            if comparing { ExitCode::from(2) } else { ExitCode::FAILURE }
        }
    }
}

#[expect(clippy::print_stdout, reason = "what commands are asked to print")]
fn run(command: Command) -> Result<ExitCode> {
    let environment = || {
        std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
    };
    let load = |flags: &Flags, listen| Config::load(flags, listen, environment());
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let mut code = ExitCode::SUCCESS;
    match command {
        Command::Serve { listen, flags } => runtime.block_on(serve(&load(&flags, listen)?))?,
        Command::Admin(Admin::Token { description, list, revoke, flags }) => {
            let told =
                runtime.block_on(with_database(&load(&flags, None)?, async |db| match revoke {
                    _ if list => list_tokens(&db.store).await,
                    Some(name) => revoke_token(&db.store, &name).await,
                    None => Ok(db.store.new_token(&description).await?),
                }))?;
            println!("{told}");
        }
        Command::Admin(Admin::User { name, flags }) => {
            let password = runtime.block_on(with_database(&load(&flags, None)?, async |db| {
                Ok(db.store.set_account(&name, true).await?)
            }))?;
            println!("{password}");
        }
        Command::Site(SiteCommand::Snippet { site, server, flags }) => {
            let config = load(&flags, None)?;
            let tracker = padoqe::app::pinned_tracker(&config)?
                .context("the tracker is not built: `make tracker` builds it, or say where it is with PADOQE_TRACKER")?;
            let sites = runtime
                .block_on(with_database(&config, async |db| Ok(db.store.sites().await?)))?;
            if !sites.iter().any(|it| it.id == site) {
                let known: Vec<_> = sites.iter().map(|it| it.id.to_string()).collect();
                anyhow::bail!("there is no site {site}: the sites are {}", known.join(", "));
            }
            print!("{}", snippet(site, server.trim_end_matches('/'), &tracker));
        }
        Command::ImportLog(import) => {
            let config = load(&import.flags, Some("127.0.0.1:0".to_owned()))?;
            runtime.block_on(padoqe::import::import(&config, &import.files, import.site))?;
        }
        Command::Compare(options) => {
            let equal = runtime.block_on(compare::compare(*options, |flags| load(flags, None)))?;
            return Ok(if equal { ExitCode::SUCCESS } else { ExitCode::from(1) });
        }
        Command::ImportAnnuaire(import) => {
            let unnamed = match import {
                ImportAnnuaire { partial: true, .. } => Unnamed::Keep,
                ImportAnnuaire { close_many: true, .. } => Unnamed::CloseAll,
                _ => Unnamed::CloseFew,
            };
            let config = load(&import.flags, None)?;
            runtime.block_on(with_database(&config, async |db| {
                padoqe::annuaire::import(&db.store, &import.file, unnamed).await
            }))?;
        }
        Command::Features(FeaturesCommand::Plan(it)) => {
            let (config, language) = (load(&it.of.flags, None)?, language(&it.lang));
            let changes = runtime.block_on(with_database(&config, async |db| {
                declare::plan(&db.store, it.of.site, &it.file, language).await
            }))?;
            if !changes.is_empty() {
                code = ExitCode::from(CHANGES);
            }
            println!("{}", told(&changes, language));
        }
        Command::Features(FeaturesCommand::Apply(it)) => {
            let (config, language) = (load(&it.of.flags, None)?, language(&it.lang));
            let changes = runtime.block_on(with_database(&config, async |db| {
                declare::apply(&db.store, it.of.site, &it.file, language).await
            }))?;
            println!("{}", told(&changes, language));
        }
        Command::Features(FeaturesCommand::Export { of }) => {
            let config = load(&of.flags, None)?;
            let file = runtime.block_on(with_database(&config, async |db| {
                declare::export(&db.store, of.site).await
            }))?;
            print!("{file}");
        }
        Command::Features(FeaturesCommand::Example) => print!("{}", register::EXAMPLE),
        Command::ExampleConfig => print!("{EXAMPLE}"),
    }
    Ok(code)
}

/// How `features plan` ends where something would change.
const CHANGES: u8 = 2;

fn language(code: &str) -> Language {
    if code == "en" { Language::En } else { Language::Fr }
}

/// Changes as they are printed.
fn told(changes: &[String], language: Language) -> String {
    match language {
        _ if !changes.is_empty() => changes.join("\n"),
        Language::Fr => "Rien ne change.".to_owned(),
        Language::En => "Nothing changes.".to_owned(),
    }
}

fn snippet(site: u32, server: &str, tracker: &padoqe::web::Pinned) -> String {
    let padoqe::web::Pinned { path, integrity } = tracker;
    format!(
        "<script async src=\"{server}{path}\" integrity=\"{integrity}\" crossorigin=\"anonymous\" data-site=\"{site}\"></script>\n\
         <noscript><img src=\"{server}/matomo.php?idsite={site}&amp;rec=1\" alt=\"\" referrerpolicy=\"no-referrer-when-downgrade\"></noscript>\n"
    )
}

async fn list_tokens(store: &Store) -> Result<String> {
    let tokens = store.token_lines().await?;
    if tokens.is_empty() {
        return Ok("There is no token. Make one with: padoqe admin token".to_owned());
    }
    let line = |it: &TokenLine| format!("{}  {} UTC  {}", it.name, it.created, it.description);
    Ok(tokens.iter().map(line).collect::<Vec<_>>().join("\n"))
}

async fn revoke_token(store: &Store, name: &str) -> Result<String> {
    if store.revoke_token(name).await? {
        return Ok(format!("The token {name} is taken back."));
    }
    bail!(
        "there is no token named `{name}`: `padoqe admin token --list` shows their names (a name, not the token itself)"
    )
}

async fn serve(config: &Config) -> Result<()> {
    let server = Server::start(config).await?;
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted.context("cannot wait for Ctrl-C")?,
        _ = terminate.recv() => (),
    }
    tracing::info!("stopping");
    server.stop().await;
    Ok(())
}

async fn with_database<T>(
    config: &Config,
    work: impl AsyncFnOnce(&Database) -> Result<T>,
) -> Result<T> {
    let database = Database::open(config).await?;
    let result = work(&database).await;
    database.close();
    result
}
