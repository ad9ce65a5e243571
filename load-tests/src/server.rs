//! The servers that are measured, as children of these tools: started, waited for, stopped.
//!
//! Dropping one stops it, and what it started; nothing is left behind when a tool fails.

use std::{
    fs::{File, Permissions},
    io::{BufRead, BufReader},
    net::TcpListener,
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use tempfile::TempDir;

use crate::{api::Api, wire::Origin};

/// Longest wait for a server to become healthy: the first start creates a database.
const START: Duration = Duration::from_secs(90);
/// Longest wait for a server to stop when told to.
const STOP: Duration = Duration::from_secs(30);

/// The real server on a data directory.
pub(crate) struct Server {
    child: Child,
    data: PathBuf,
    pub(crate) origin: Origin,
}

impl Server {
    /// Starts `padoqe serve`; what it says goes to `log`. It may not be healthy yet.
    pub(crate) fn start(binary: &Path, listen: &str, data: &Path, log: &Path) -> Result<Self> {
        let log = File::options().create(true).append(true).open(log)?;
        let child = Command::new(binary)
            .args(["serve", "--listen", listen, "--data"])
            .arg(data)
            // Its last words are quoted in our error messages.
            .env("NO_COLOR", "1")
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            // A Ctrl-C in the terminal is for us; we stop the server in our own time.
            .process_group(0)
            .spawn()
            .with_context(|| format!("cannot start {}", binary.display()))?;
        let origin = Origin::parse(&format!("http://{listen}"))?;
        Ok(Self { child, data: data.to_owned(), origin })
    }

    /// Waits until the server says that it is healthy; how long that took.
    pub(crate) async fn healthy(&mut self) -> Result<Duration> {
        let start = Instant::now();
        while start.elapsed() < START {
            if let Some(status) = self.child.try_wait()? {
                bail!("the server ended at once ({status})");
            }
            if Api::is_healthy(&self.origin).await {
                return Ok(start.elapsed());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        bail!("the server was not healthy after {} s", START.as_secs())
    }

    /// Nothing while the server runs, an error once it has ended by itself.
    pub(crate) fn check(&mut self) -> Result<()> {
        match self.child.try_wait()? {
            None => Ok(()),
            Some(status) => bail!("the server ended by itself ({status})"),
        }
    }

    /// Kills the server as a power cut would, and the database it started when `database`.
    pub(crate) fn kill(mut self, database: bool) -> Result<()> {
        if database {
            let postmaster = postmaster(&self.data).context("no postmaster.pid to kill")?;
            kill(postmaster, Signal::SIGKILL).context("cannot kill the postmaster")?;
        }
        self.child.kill()?;
        self.child.wait()?;
        // Its database may live on, as after a real kill; `Leftovers` ends it at the very end.
        Ok(())
    }

    /// Stops the server with SIGTERM and waits for it.
    pub(crate) fn stop(mut self) -> Result<()> {
        let status = stop(&mut self.child)?;
        ensure!(status.success(), "the server ended with {status}");
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Errors here mean that it is gone already, which is what is wanted.
        if stop(&mut self.child).is_ok() {
            return;
        }
        self.child.kill().ok();
        self.child.wait().ok();
        kill_database(&self.data);
    }
}

/// Runs an administration command of the server; the last line of its standard output.
pub(crate) fn admin(binary: &Path, arguments: &[&str], data: &Path) -> Result<String> {
    command(binary, &[&["admin"], arguments].concat(), data)
}

/// The last line that a command of the server prints.
pub(crate) fn command(binary: &Path, arguments: &[&str], data: &Path) -> Result<String> {
    let output = Command::new(binary)
        .args(arguments)
        .arg("--data")
        .arg(data)
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start {}", binary.display()))?;
    let name = arguments.join(" ");
    let complaint = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{name} failed: {}", complaint.trim());
    let text = String::from_utf8(output.stdout)?;
    let last = text.lines().last().map(str::trim).filter(|line| !line.is_empty());
    Ok(last.with_context(|| format!("{name} printed nothing"))?.to_owned())
}

/// The limit server, one of these tools' own subcommands.
pub(crate) struct Limit {
    child: Child,
    pub(crate) origin: Origin,
}

impl Limit {
    pub(crate) fn start(durable: Option<&Path>) -> Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("limit").stdin(Stdio::null()).stdout(Stdio::piped()).process_group(0);
        if let Some(directory) = durable {
            command.arg("--durable").arg(directory);
        }
        let mut child = command.spawn()?;
        let stdout = child.stdout.take().context("the limit server has no output")?;
        let mut line = String::new();
        let read = BufReader::new(stdout).read_line(&mut line);
        let parsed = read.map_err(anyhow::Error::from);
        let origin = parsed.and_then(|_| Origin::parse(&format!("http://{}", line.trim())));
        match origin {
            Ok(origin) => Ok(Self { child, origin }),
            Err(error) => {
                child.kill().ok();
                child.wait().ok();
                Err(error.context("the limit server did not start"))
            }
        }
    }
}

impl Drop for Limit {
    fn drop(&mut self) {
        if stop(&mut self.child).is_err() {
            self.child.kill().ok();
            self.child.wait().ok();
        }
    }
}

/// A directory that is removed at the end, with the database that may still run in it.
pub(crate) struct Scratch {
    directory: TempDir,
}

impl Scratch {
    /// Open to read for all: the server may run its database as another user.
    pub(crate) fn new() -> Result<Self> {
        let directory = tempfile::Builder::new()
            .prefix("padoqe-")
            .permissions(Permissions::from_mode(0o755))
            .tempdir()?;
        Ok(Self { directory })
    }

    /// A path inside it.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        kill_database(&self.path("data"));
    }
}

/// An address with a port that was free a moment ago.
pub(crate) fn free_address() -> Result<String> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string())
}

/// Ends on Ctrl-C or SIGTERM.
pub(crate) async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut interrupt), Ok(mut terminate)) =
        (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        // Without handlers a signal ends the process at once, which is also a way to stop.
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => (),
        _ = terminate.recv() => (),
    }
}

fn stop(child: &mut Child) -> Result<std::process::ExitStatus> {
    if let Some(status) = child.try_wait()? {
        return Ok(status);
    }
    kill(Pid::from_raw(i32::try_from(child.id())?), Signal::SIGTERM)?;
    let start = Instant::now();
    while start.elapsed() < STOP {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    bail!("still running {} s after SIGTERM", STOP.as_secs())
}

/// The process of the private database under a data directory. A file left by a dead one may name
/// a number that belongs to somebody else by now: only a process that lives in the cluster counts.
fn postmaster(data: &Path) -> Option<Pid> {
    let cluster = data.join("postgres");
    let text = std::fs::read_to_string(cluster.join("postmaster.pid")).ok()?;
    let pid = text.lines().next()?.trim().parse().ok().map(Pid::from_raw)?;
    let lives_in = std::fs::read_link(format!("/proc/{pid}/cwd")).ok()?;
    (lives_in == cluster.canonicalize().ok()?).then_some(pid)
}

fn kill_database(data: &Path) {
    if let Some(postmaster) = postmaster(data) {
        // SIGQUIT: PostgreSQL's immediate shutdown, which takes its children along.
        kill(postmaster, Signal::SIGQUIT).ok();
        std::thread::sleep(Duration::from_millis(300));
    }
}
