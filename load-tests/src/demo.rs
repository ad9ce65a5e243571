//! The demonstration: a server with three weeks of school in it, to be looked at.
//!
//! Speaks French to whoever started it: that is who it is for.

use std::{
    fs::{File, OpenOptions},
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, Result};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use crate::{
    api::Api,
    bench::last_words,
    fortnight::{Calendar, Plan, Script, create_site, play},
    server::{Server, admin, asked_to_stop, command as command_of},
};

/// Start a server with a simulated school fortnight in it, and keep it up until Ctrl-C.
///
/// The first start creates a site and a login and plays the fortnight; later ones on the same
/// directory go on with what is there.
#[derive(clap::Args)]
#[command(
    after_help = "Example: load-tests demo --server-bin target/release/padoqe --data demo-data"
)]
pub(crate) struct Options {
    /// The server's binary.
    #[arg(long, value_name = "PATH")]
    server_bin: PathBuf,
    /// The server's data directory; `demo.json` in it remembers the site and the login.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Where the server listens.
    #[arg(long, default_value = "127.0.0.1:8017", value_name = "ADDR")]
    listen: String,
    /// Size of the fortnight: 1 is about 80 000 hits.
    #[arg(long, default_value_t = 1.0)]
    scale: f64,
}

/// The user that is created to log in.
const LOGIN: &str = "demo";
const SEED: u64 = 1;
const DIRECTORY: &str = include_str!("../../demo/annuaire-exemple.csv");

/// What is remembered from one start to the next. The password is that of a throwaway login on a
/// server that only this machine reaches; the file is readable by its owner only.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Memory {
    site: u32,
    login: String,
    password: String,
    start: Date,
    /// Unix seconds: the present of the first start.
    until: i64,
    scale: f64,
    /// Bulk requests that were acknowledged: playing goes on after them.
    played: usize,
    is_complete: bool,
}

/// The subcommand.
pub(crate) async fn command(options: Options) -> Result<()> {
    std::fs::create_dir_all(&options.data)
        .with_context(|| format!("cannot create {}", options.data.display()))?;
    let (stop, mut stopped) = watch::channel(false);
    tokio::spawn(async move {
        asked_to_stop().await;
        // Nobody listens any more when the demonstration is ending anyway.
        stop.send(true).ok();
    });
    let log = options.data.join("server.log");
    let mut server = Server::start(&options.server_bin, &options.listen, &options.data, &log)?;
    let outcome = present(&options, &mut server, &mut stopped, &log).await;
    println!("Arrêt du serveur…");
    let end = server.stop();
    outcome?;
    end?;
    println!("Arrêté. Les données restent dans {}.", options.data.display());
    Ok(())
}

/// From the start of the server to the wish to stop.
async fn present(
    options: &Options,
    server: &mut Server,
    stopped: &mut watch::Receiver<bool>,
    log: &Path,
) -> Result<()> {
    let spinner = ProgressBar::new_spinner().with_message("Démarrage du serveur…");
    spinner.set_style(ProgressStyle::with_template("{spinner} {msg} {elapsed}")?);
    spinner.enable_steady_tick(Duration::from_millis(100));
    let healthy = tokio::select! {
        healthy = server.healthy() => healthy,
        _ = stopped.wait_for(|stop| *stop) => return Ok(()),
    };
    spinner.finish_and_clear();
    healthy.with_context(|| format!("le serveur ne démarre pas :\n{}", last_words(log)))?;

    let file = options.data.join("demo.json");
    let mut memory = match Memory::read(&file)? {
        Some(memory) => memory,
        None => first_start(options, server, &file).await?,
    };
    if !memory.is_complete {
        play_rest(options, server, &mut memory, &file, stopped).await?;
    }
    if *stopped.borrow() {
        return Ok(());
    }
    print_addresses(&server.origin.url(), &memory);
    while !*stopped.borrow() {
        tokio::select! {
            _ = stopped.wait_for(|stop| *stop) => break,
            () = tokio::time::sleep(Duration::from_secs(1)) => {}
        }
        server.check().with_context(|| format!("il a dit :\n{}", last_words(log)))?;
    }
    Ok(())
}

/// Creates the site and the login and remembers them.
async fn first_start(options: &Options, server: &Server, file: &Path) -> Result<Memory> {
    println!("Premier démarrage : création du site de démonstration…");
    let api = api(options, server)?;
    let now = Timestamp::now();
    let start = Calendar::until_today(now)?;
    let site = create_site(&api, "exempt", start).await?;
    let password = admin(&options.server_bin, &["user", LOGIN], &options.data)?;
    import_directory(options)?;
    let memory = Memory {
        site,
        login: LOGIN.to_owned(),
        password,
        start,
        until: now.as_second(),
        scale: options.scale,
        played: 0,
        is_complete: false,
    };
    memory.write(file)?;
    Ok(memory)
}

/// The example directory, of which shares of establishments are made.
fn import_directory(options: &Options) -> Result<()> {
    let file = options.data.join("annuaire-exemple.csv");
    std::fs::write(&file, DIRECTORY)?;
    let path = file.to_str().context("the data directory has no name in UTF-8")?;
    command_of(&options.server_bin, &["import-annuaire", path], &options.data)?;
    Ok(std::fs::remove_file(&file)?)
}

fn api(options: &Options, server: &Server) -> Result<Api> {
    let token = admin(&options.server_bin, &["token"], &options.data)?;
    Ok(Api { origin: server.origin.clone(), token })
}

/// Plays what was not played yet; the script is the same as at the first start.
async fn play_rest(
    options: &Options,
    server: &Server,
    memory: &mut Memory,
    file: &Path,
    stopped: &watch::Receiver<bool>,
) -> Result<()> {
    let plan = Plan { start: memory.start, until: memory.until, scale: memory.scale, seed: SEED };
    let script = Script::new(&plan)?;
    println!(
        "Trois semaines d'école passent par le point de collecte : {} actions de {} personnes…",
        script.hits.len(),
        script.population.people.len()
    );
    let api = api(options, server)?;
    let (first, site) = (memory.played, memory.site);
    let remember = |done| {
        memory.played = done;
        memory.write(file)?;
        Ok(!*stopped.borrow())
    };
    let played = play(&script, &api, site, first, remember).await?;
    if *stopped.borrow() {
        println!("Interrompu ; la suite sera jouée au prochain démarrage.");
        return Ok(());
    }
    memory.is_complete = true;
    memory.write(file)?;
    println!(
        "{} actions acceptées en {:.1} s ({:.0} par seconde).",
        played.accepted,
        played.took.as_secs_f64(),
        played.rate()
    );
    if played.refused > 0 {
        println!("Attention : {} actions refusées.", played.refused);
    }
    Ok(())
}

fn print_addresses(url: &str, memory: &Memory) {
    println!();
    println!("La démonstration est prête.");
    println!("  Tableau de bord         {url}/");
    println!("  Pages de démonstration  {url}/demo/");
    println!("  Identifiant             {}", memory.login);
    println!("  Mot de passe            {}", memory.password);
    println!("  Site                    {}", memory.site);
    println!();
    println!("Ctrl-C pour arrêter.");
}

impl Memory {
    /// What an earlier start left, if there was one.
    fn read(file: &Path) -> Result<Option<Self>> {
        if !file.exists() {
            return Ok(None);
        }
        let text = std::fs::read_to_string(file)?;
        let memory = serde_json::from_str(&text)
            .with_context(|| format!("{} cannot be read", file.display()))?;
        Ok(Some(memory))
    }

    /// Replaces the file at once, so that an interruption leaves the old or the new one.
    fn write(&self, file: &Path) -> Result<()> {
        let new = file.with_extension("new");
        let mut options: OpenOptions = File::options();
        let options = options.create(true).write(true).truncate(true).mode(0o600);
        let text = serde_json::to_string_pretty(self)?;
        options.open(&new)?.write_all(text.as_bytes())?;
        std::fs::rename(&new, file)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_read_back() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("demo.json");
        assert_eq!(Memory::read(&file).unwrap(), None);
        let memory = Memory {
            site: 1,
            login: LOGIN.to_owned(),
            password: "mot de passe".to_owned(),
            start: Date::constant(2026, 11, 2),
            until: 1_795_000_000,
            scale: 1.0,
            played: 12,
            is_complete: false,
        };
        memory.write(&file).unwrap();
        assert_eq!(Memory::read(&file).unwrap(), Some(memory));
    }
}
