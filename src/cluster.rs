//! A private PostgreSQL of the server's own, from the installed binaries: the embedded default.
//!
//! It lives in the data directory, listens on a socket only, runs as an unprivileged user where the
//! server was started by root, and stops with the server. Its log says neither statements nor rows.

use std::{
    fs::{self, File, Permissions},
    io,
    os::unix::{
        fs::{PermissionsExt, chown},
        net::UnixStream,
    },
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use nix::{
    sys::signal::{Signal, kill},
    unistd::{Pid, Uid, User},
};
use tracing::{info, warn};

/// Older versions are not supported.
const OLDEST: u32 = 15;
/// How long a start or a stop may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// The name of the socket's file; paths of sockets are at most 107 bytes long.
const SOCKET: &str = ".s.PGSQL.5432";
const LONGEST_SOCKET: usize = 107;

/// A running private cluster.
pub struct Cluster {
    folder: PathBuf,
    socket: PathBuf,
    /// The process, where this server started it.
    child: Option<Child>,
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
        let mut cluster = Self { folder, socket, child: None };
        if cluster.wait_for_another()? {
            info!("using the private PostgreSQL that runs already");
            return Ok(cluster);
        }
        let binaries = find_binaries(binaries)?;
        if !cluster.folder.join("PG_VERSION").exists() {
            cluster.make(&binaries, owner.as_ref())?;
        }
        let begun = Instant::now();
        // After a crash, orphans of the old cluster need a moment to notice that it is gone.
        while let Err(error) = cluster.launch(&binaries, owner.as_ref(), &data) {
            let orphans =
                ["shared memory", "lock file"].iter().any(|word| error.to_string().contains(word));
            if !orphans || begun.elapsed() > PATIENCE {
                return Err(error);
            }
            std::thread::sleep(Duration::from_millis(200));
        }
        Ok(cluster)
    }

    /// The address to connect to.
    pub fn address(&self) -> String {
        format!("host={} user=padoqe dbname=postgres", self.socket.display())
    }

    /// Whether a cluster of this data directory takes connections; waits while one is stopping.
    fn wait_for_another(&self) -> Result<bool> {
        let start = Instant::now();
        while let Some((pid, status)) = self.postmaster() {
            if kill(pid, None).is_err() {
                return Ok(false);
            }
            if status == "ready" && UnixStream::connect(self.socket.join(SOCKET)).is_ok() {
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
    fn postmaster(&self) -> Option<(Pid, String)> {
        let text = fs::read_to_string(self.folder.join("postmaster.pid")).ok()?;
        let pid = text.lines().next()?.trim().parse().ok()?;
        let status = text.lines().nth(7).unwrap_or("starting").trim().to_owned();
        // A number reused by another program after a crash is no cluster, nor is a dead process that
        // nobody has waited for.
        let about = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
        let alive = about.contains("Name:\tpostgres") && !about.contains("State:\tZ");
        alive.then(|| (Pid::from_raw(pid), status))
    }

    fn make(&self, binaries: &Path, owner: Option<&Owner>) -> Result<()> {
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

    fn launch(&mut self, binaries: &Path, owner: Option<&Owner>, data: &Path) -> Result<()> {
        let log_path = data.join("postgres.log");
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
        let mut command = command(&binaries.join("postgres"), owner, true);
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
        let child = self.child.insert(child.context("postgres could not be started")?);
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
                return Ok(());
            }
            if start.elapsed() > PATIENCE {
                bail!("postgres does not get ready: see {}", log_path.display());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Stops the cluster and waits for it, where this server started it.
    pub fn stop(mut self) {
        let Some(mut child) = self.child.take() else { return };
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
