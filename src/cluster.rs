//! A private PostgreSQL of the server's own, from the installed binaries: the embedded default.
//!
//! It lives in the data directory, listens on a socket only, runs as an unprivileged user where the
//! server was started by root, and stops with the server; where it dies alone it is started again.
//! Its log says neither statements nor rows.

use std::{
    fs::{self, File, Permissions},
    io,
    os::unix::{
        fs::{PermissionsExt, chown},
        net::UnixStream,
    },
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    thread::JoinHandle,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use nix::{
    sys::signal::{Signal, kill},
    unistd::{Pid, Uid, User},
};
use tracing::{error, info, warn};

/// Older versions are not supported.
const OLDEST: u32 = 15;
/// How long a start or a stop may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// Between two looks at whether it still runs.
const LOOKS_APART: Duration = Duration::from_millis(500);
/// The name of the socket's file; paths of sockets are at most 107 bytes long.
const SOCKET: &str = ".s.PGSQL.5432";
const LONGEST_SOCKET: usize = 107;

/// A running private cluster.
pub struct Cluster {
    socket: PathBuf,
    /// Who starts it again, where this server started it; to drop the sender is to stop it.
    keeper: Option<(Sender<()>, JoinHandle<()>)>,
}

/// Where things are, and how it is started.
struct Place {
    data: PathBuf,
    folder: PathBuf,
    socket: PathBuf,
    binaries: PathBuf,
    owner: Option<Owner>,
}

/// Who the cluster runs as, where that is not the server's own user.
struct Owner {
    name: String,
    uid: u32,
    gid: u32,
}

impl Cluster {
    /// Starts the cluster of a data directory, making it the first time, or joins it where it runs
    /// already. `binaries` names the folder of PostgreSQL's programs; they are looked for otherwise.
    ///
    /// # Errors
    /// PostgreSQL is not installed or too old, or does not start: its log tells why.
    pub fn start(data: &Path, binaries: Option<&Path>) -> Result<Self> {
        let data = fs::canonicalize(data)
            .with_context(|| format!("the data directory {}", data.display()))?;
        let folder = data.join("postgres");
        let owner = owner()?;
        let socket = socket_folder(&data, owner.as_ref())?;
        if wait_for_another(&folder, &socket)? {
            info!("using the private PostgreSQL that runs already");
            return Ok(Self { socket, keeper: None });
        }
        let binaries = find_binaries(binaries)?;
        let place = Place { data, folder, socket: socket.clone(), binaries, owner };
        if !place.folder.join("PG_VERSION").exists() {
            place.make()?;
        }
        let (running, told) = channel();
        let (keep, stop) = channel();
        // The cluster is tied to the thread that starts it: one that lives as long as the server.
        let keeper = std::thread::Builder::new().name("cluster".to_owned()).spawn(move || {
            match place.start() {
                Ok(child) => {
                    let heard = running.send(Ok(())).is_ok();
                    if heard {
                        place.keep(child, &stop);
                    } else {
                        end(child);
                    }
                }
                Err(error) => drop(running.send(Err(error))),
            }
        })?;
        told.recv().context("the private PostgreSQL could not be started")??;
        Ok(Self { socket, keeper: Some((keep, keeper)) })
    }

    /// The address to connect to.
    pub fn address(&self) -> String {
        format!("host={} user=padoqe dbname=postgres", self.socket.display())
    }

    /// Stops the cluster and waits for it, where this server started it.
    pub fn stop(self) {
        let Some((keep, keeper)) = self.keeper else { return };
        drop(keep);
        if keeper.join().is_err() {
            warn!("the private PostgreSQL could not be stopped");
        }
    }
}

impl Place {
    /// Starts it, however long the remains of an old one need to go.
    fn start(&self) -> Result<Child> {
        let begun = Instant::now();
        loop {
            let error = match self.launch() {
                Ok(child) => return Ok(child),
                Err(error) => error,
            };
            // After a crash, orphans of the old cluster need a moment to notice that it is gone.
            let orphans =
                ["shared memory", "lock file"].iter().any(|word| error.to_string().contains(word));
            if !orphans || begun.elapsed() > PATIENCE {
                return Err(error);
            }
            std::thread::sleep(Duration::from_millis(200));
        }
    }

    /// Starts it again whenever it ends, until nobody wants it any more. Hits are taken meanwhile:
    /// the journal keeps them.
    fn keep(&self, child: Child, stop: &Receiver<()>) {
        let mut child = Some(child);
        let mut told = false;
        while stop.recv_timeout(LOOKS_APART) == Err(RecvTimeoutError::Timeout) {
            if let Some(running) = &mut child
                && let Ok(Some(status)) = running.try_wait()
            {
                warn!(%status, "the private PostgreSQL ended: it is started again");
                child = None;
            }
            if child.is_none() {
                match self.start() {
                    Ok(again) => {
                        info!("the private PostgreSQL is back");
                        (child, told) = (Some(again), false);
                    }
                    Err(error) if !told => {
                        error!(
                            error = format!("{error:#}"),
                            "the private PostgreSQL does not start: it is tried again"
                        );
                        told = true;
                    }
                    Err(_) => (),
                }
            }
        }
        if let Some(child) = child {
            end(child);
        }
    }

    fn make(&self) -> Result<()> {
        let (binaries, owner) = (&self.binaries, self.owner.as_ref());
        info!("making the private PostgreSQL");
        if self.folder.exists() {
            // Left over from a start that was cut short: there is no PG_VERSION in it.
            fs::remove_dir_all(&self.folder)?;
        }
        fs::create_dir_all(&self.folder)?;
        fs::set_permissions(&self.folder, Permissions::from_mode(0o700))?;
        if let Some(owner) = owner {
            chown(&self.folder, Some(owner.uid), Some(owner.gid))?;
        }
        let output = command(&binaries.join("initdb"), owner, false)
            .args([
                "--username=padoqe",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C",
                "--no-instructions",
                "-D",
            ])
            .arg(&self.folder)
            .current_dir("/")
            .output()
            .context("initdb could not be started")?;
        if !output.status.success() {
            fs::remove_dir_all(&self.folder).ok();
            bail!("initdb failed: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok(())
    }

    fn launch(&self) -> Result<Child> {
        let log_path = self.data.join("postgres.log");
        let log = File::create(&log_path)?;
        let settings = [
            "listen_addresses=",
            "max_connections=30",
            "shared_buffers=128MB",
            "log_min_error_statement=panic",
            "log_error_verbosity=terse",
            "logging_collector=off",
            "max_wal_size=512MB",
            "checkpoint_completion_target=0.9",
            "wal_compression=on",
            "unix_socket_permissions=0700",
        ];
        let mut command = command(&self.binaries.join("postgres"), self.owner.as_ref(), true);
        command.arg("-D").arg(&self.folder).arg("-k").arg(&self.socket);
        for setting in settings {
            command.args(["-c", setting]);
        }
        let child = command
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn();
        let mut child = child.context("postgres could not be started")?;
        let start = Instant::now();
        loop {
            if let Some(status) = child.try_wait()? {
                let log = fs::read_to_string(&log_path).unwrap_or_default();
                let last: Vec<&str> = log.lines().rev().take(4).collect();
                bail!(
                    "postgres stopped at once ({status}): {}",
                    last.into_iter().rev().collect::<Vec<_>>().join(" / ")
                );
            }
            let text = fs::read_to_string(self.folder.join("postmaster.pid")).unwrap_or_default();
            let own =
                text.lines().next().and_then(|line| line.parse::<u32>().ok()) == Some(child.id());
            if own && text.lines().nth(7).is_some_and(|status| status.trim() == "ready") {
                return Ok(child);
            }
            if start.elapsed() > PATIENCE {
                end(child);
                bail!("postgres does not get ready: see {}", log_path.display());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// Whether a cluster of this data directory takes connections; waits while one is stopping.
fn wait_for_another(folder: &Path, socket: &Path) -> Result<bool> {
    let start = Instant::now();
    while let Some((pid, status)) = postmaster(folder) {
        if kill(pid, None).is_err() {
            return Ok(false);
        }
        if status == "ready" && UnixStream::connect(socket.join(SOCKET)).is_ok() {
            return Ok(true);
        }
        if start.elapsed() > PATIENCE {
            bail!(
                "a PostgreSQL (process {pid}) of this data directory is {status} and does not get ready: stop it, then start again"
            );
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(false)
}

/// The process and the state that `postmaster.pid` tells of.
fn postmaster(folder: &Path) -> Option<(Pid, String)> {
    let text = fs::read_to_string(folder.join("postmaster.pid")).ok()?;
    let pid = text.lines().next()?.trim().parse().ok()?;
    let status = text.lines().nth(7).unwrap_or("starting").trim().to_owned();
    // A number reused by another program after a crash is no cluster, nor is a dead process that
    // nobody has waited for.
    let about = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let alive = about.contains("Name:\tpostgres") && !about.contains("State:\tZ");
    alive.then(|| (Pid::from_raw(pid), status))
}

/// Stops a cluster that this process started, and waits for it.
fn end(mut child: Child) {
    let pid = i32::try_from(child.id()).map(Pid::from_raw);
    // SIGINT is PostgreSQL's fast shutdown: it ends connections and writes everything.
    if pid.is_ok_and(|pid| kill(pid, Signal::SIGINT).is_err()) {
        warn!("the private PostgreSQL could not be told to stop");
    }
    match child.wait() {
        Ok(_) => info!("the private PostgreSQL has stopped"),
        Err(error) => warn!(%error, "the private PostgreSQL could not be waited for"),
    }
}

/// Where the socket goes: the data directory, or, where that path is too long for one, /tmp.
fn socket_folder(data: &Path, owner: Option<&Owner>) -> Result<PathBuf> {
    let near = data.join("socket");
    let folder = if near.as_os_str().len() + SOCKET.len() < LONGEST_SOCKET {
        near
    } else {
        let name = blake3::hash(data.as_os_str().as_encoded_bytes()).to_hex();
        std::env::temp_dir().join(format!("padoqe-{}", name.get(..16).unwrap_or("socket")))
    };
    fs::create_dir_all(&folder)?;
    fs::set_permissions(&folder, Permissions::from_mode(0o700))?;
    if let Some(owner) = owner {
        chown(&folder, Some(owner.uid), Some(owner.gid))?;
    }
    Ok(folder)
}

/// PostgreSQL refuses to run as root: its own user, or nobody, takes its place.
fn owner() -> Result<Option<Owner>> {
    if !Uid::effective().is_root() {
        return Ok(None);
    }
    for name in ["postgres", "nobody"] {
        if let Some(user) = User::from_name(name)? {
            return Ok(Some(Owner {
                name: name.to_owned(),
                uid: user.uid.as_raw(),
                gid: user.gid.as_raw(),
            }));
        }
    }
    bail!(
        "started by root, but there is no user `postgres` or `nobody` to run PostgreSQL as: create one, or start the server as another user"
    )
}

/// A program as the cluster's user. `tied`: it is told to stop where this server dies.
///
/// util-linux's `setpriv` lets the cluster's user reach a data directory below folders that only
/// root may enter: it may search and read, never write, beyond its own files.
fn command(program: &Path, owner: Option<&Owner>, tied: bool) -> Command {
    let setpriv =
        ["/usr/bin/setpriv", "/bin/setpriv"].iter().map(Path::new).find(|path| path.exists());
    let Some(setpriv) = setpriv else {
        let mut command = Command::new(program);
        if let Some(owner) = owner {
            std::os::unix::process::CommandExt::uid(&mut command, owner.uid);
            std::os::unix::process::CommandExt::gid(&mut command, owner.gid);
        }
        return command;
    };
    let mut command = Command::new(setpriv);
    if let Some(owner) = owner {
        command.args([&format!("--reuid={}", owner.name), &format!("--regid={}", owner.gid)]);
        command.args([
            "--clear-groups",
            "--inh-caps=+dac_read_search",
            "--ambient-caps=+dac_read_search",
        ]);
    }
    if tied {
        command.arg("--pdeathsig=INT");
    }
    command.arg("--").arg(program);
    command
}

fn find_binaries(given: Option<&Path>) -> Result<PathBuf> {
    let mut candidates: Vec<PathBuf> = given.map(Path::to_owned).into_iter().collect();
    if given.is_none() {
        let mut installed: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
            .map(|entries| entries.flatten().collect::<Vec<_>>())
            .unwrap_or_default()
            .into_iter()
            .filter_map(|entry| {
                Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin")))
            })
            .collect();
        installed.sort_unstable();
        candidates.extend(installed.into_iter().rev().map(|(_, path)| path));
        let path = std::env::var_os("PATH").unwrap_or_default();
        candidates.extend(std::env::split_paths(&path));
    }
    let mut too_old = None;
    for folder in candidates {
        if !folder.join("postgres").exists() || !folder.join("initdb").exists() {
            continue;
        }
        match version(&folder) {
            Ok(version) if version >= OLDEST => return Ok(folder),
            Ok(version) => too_old = Some(version),
            Err(error) => {
                warn!(%error, folder = %folder.display(), "PostgreSQL's version cannot be told")
            }
        }
    }
    match too_old {
        Some(version) => bail!("PostgreSQL {version} is too old: PADOQE needs {OLDEST} or later"),
        None => bail!(
            "PostgreSQL's server is not installed. Install it with:\n\n    apt-get install postgresql\n\nor name a running one with --database-url, or the folder of its programs with --pg-bin"
        ),
    }
}

fn version(folder: &Path) -> io::Result<u32> {
    let output = Command::new(folder.join("postgres")).arg("--version").output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let major = text.split_whitespace().find_map(|word| word.split('.').next()?.parse().ok());
    major.ok_or_else(|| io::Error::other(format!("`{}`", text.trim())))
}
