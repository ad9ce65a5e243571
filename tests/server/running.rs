//! A server of its own for each test, and the few requests that tests make.

use std::{
    fs::File,
    io::{Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;
use tempfile::TempDir;

pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_padoqe");

/// For tests, not for the server, which would call it a wrong setting.
pub(crate) const WRITE_DOCS: &str = "PADOQE_WRITE_DOCS";

/// A running server; its folder is gone with it.
pub(crate) struct Server {
    folder: TempDir,
    child: Child,
    pub(crate) address: String,
    pub(crate) token: String,
    way: Way,
}

/// How a server is started, where that is not as usual.
#[derive(Default)]
pub(crate) struct Way {
    /// A program and its arguments that become the server.
    pub(crate) through: Vec<String>,
    /// A PostgreSQL in place of a private one.
    pub(crate) database: Option<String>,
    /// Variables of the environment.
    pub(crate) environment: Vec<(String, String)>,
}

/// A status and a body.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Server {
    pub(crate) fn start() -> Self {
        Self::start_as(Way::default())
    }

    pub(crate) fn start_as(way: Way) -> Self {
        Self::start_with(way, |_| ())
    }

    /// A server whose data directory is prepared before it starts.
    pub(crate) fn start_with(way: Way, prepare: impl Fn(&Path)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        prepare(&folder.path().join("data"));
        let (child, address) = launch(folder.path(), &way).unwrap_or_else(|log| panic!("{log}"));
        let mut server = Self { folder, child, address, token: String::new(), way };
        server.token = server.admin(&["admin", "token"]);
        server
    }

    /// Tells the private PostgreSQL something behind the server's back.
    pub(crate) fn sql(&self, statement: &str) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let socket = self.data().join("socket");
        let address = format!("host={} user=padoqe dbname=postgres", socket.display());
        runtime.block_on(async {
            let (client, connection) =
                tokio_postgres::connect(&address, tokio_postgres::NoTls).await.unwrap();
            tokio::spawn(connection);
            client.batch_execute(statement).await.unwrap();
        });
    }

    /// Texts that the private PostgreSQL answers.
    pub(crate) fn ask_sql(&self, question: &str) -> Vec<String> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let address =
            format!("host={} user=padoqe dbname=postgres", self.data().join("socket").display());
        runtime.block_on(async {
            let (client, connection) =
                tokio_postgres::connect(&address, tokio_postgres::NoTls).await.unwrap();
            tokio::spawn(connection);
            let rows = client.query(question, &[]).await.unwrap();
            rows.iter().map(|row| row.get(0)).collect()
        })
    }

    /// Everything the server wrote: its data, and its log.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The last line that a command on the same data prints.
    pub(crate) fn admin(&self, arguments: &[&str]) -> String {
        let output = Command::new(BINARY)
            .env_remove(WRITE_DOCS)
            .args(arguments)
            .arg("--data")
            .arg(self.data())
            .args(self.way.database_flag())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).lines().last().unwrap_or_default().to_owned()
    }

    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub(crate) fn start_again(&mut self) {
        self.try_again().unwrap_or_else(|log| panic!("{log}"));
    }

    /// Starts after a kill; the log, where it ends instead.
    pub(crate) fn try_again(&mut self) -> Result<(), String> {
        (self.child, self.address) = launch(self.folder.path(), &self.way)?;
        Ok(())
    }

    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn request(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        let mut request = format!(
            "{method} {target} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n",
            self.address
        );
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        request.push_str(&format!("Content-Length: {}\r\n\r\n", body.len()));
        stream.write_all(request.as_bytes()).unwrap();
        // A server that refuses a body may close before it has all of it.
        stream.write_all(body).ok();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).ok();
        let end = answer.windows(4).position(|it| it == b"\r\n\r\n").expect("an answer has a head");
        let head = String::from_utf8_lossy(&answer[..end]).into_owned();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head, body: answer[end + 4..].to_vec() }
    }

    pub(crate) fn get(&self, target: &str) -> Answer {
        self.request("GET", target, &[], b"")
    }

    /// A hit with the token, at a time and from an address.
    pub(crate) fn hit(&self, parameters: &[(&str, &str)]) -> Answer {
        self.get(&format!("/matomo.php?rec=1&send_image=0&{}", encoded(parameters)))
    }

    /// A question of the API, as JSON.
    pub(crate) fn api(&self, method: &str, parameters: &[(&str, &str)]) -> Value {
        let form = format!(
            "module=API&format=json&method={method}&token_auth={}&{}",
            self.token,
            encoded(parameters)
        );
        self.request(
            "POST",
            "/index.php",
            &[("Content-Type", "application/x-www-form-urlencoded")],
            form.as_bytes(),
        )
        .json()
    }

    pub(crate) fn add_site(&self, parameters: &[(&str, &str)]) -> String {
        let mut all = vec![
            ("siteName", "Essai"),
            ("urls", "https://www.quiziniere.com"),
            ("timezone", "Europe/Paris"),
        ];
        all.extend(parameters);
        self.api("SitesManager.addSite", &all)["value"].as_i64().unwrap().to_string()
    }

    /// Asks until the answer is as wanted, for some seconds.
    pub(crate) fn wait_for(
        &self,
        method: &str,
        parameters: &[(&str, &str)],
        wanted: impl Fn(&Value) -> bool,
    ) -> Value {
        let start = Instant::now();
        loop {
            let answer = self.api(method, parameters);
            if wanted(&answer) {
                return answer;
            }
            assert!(
                start.elapsed() < Duration::from_secs(15),
                "{method} {parameters:?} stays {answer}"
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        Command::new("kill").arg(self.child.id().to_string()).status().ok();
        self.child.wait().ok();
    }
}

impl Way {
    fn database_flag(&self) -> Vec<&str> {
        self.database.iter().flat_map(|url| ["--database-url", url]).collect()
    }
}

/// The process and its address; where it ended, its log.
fn launch(folder: &Path, way: &Way) -> Result<(Child, String), String> {
    let data = folder.join("data");
    std::fs::remove_file(data.join("address")).ok();
    let log = File::options().create(true).append(true).open(folder.join("server.log")).unwrap();
    let mut words = way.through.iter().map(String::as_str).chain([BINARY]);
    let mut child = Command::new(words.next().unwrap())
        .args(words)
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(&data)
        .args(way.database_flag())
        .env_remove(WRITE_DOCS)
        .envs(way.environment.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::null())
        .stdout(log.try_clone().unwrap())
        .stderr(log)
        .spawn()
        .unwrap();
    let start = Instant::now();
    loop {
        if let Ok(address) = std::fs::read_to_string(data.join("address"))
            && address.ends_with('\n')
        {
            return Ok((child, address.trim().to_owned()));
        }
        let log = || std::fs::read_to_string(folder.join("server.log")).unwrap_or_default();
        if child.try_wait().unwrap().is_some() {
            return Err(format!("the server ended: {}", log()));
        }
        assert!(
            start.elapsed() < Duration::from_secs(90),
            "the server does not get ready: {}",
            log()
        );
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Parameters as a query string.
pub(crate) fn encoded(parameters: &[(&str, &str)]) -> String {
    let pair = |(name, value): &(&str, &str)| {
        format!(
            "{name}={}",
            percent_encoding::utf8_percent_encode(value, percent_encoding::NON_ALPHANUMERIC)
        )
    };
    parameters.iter().map(pair).collect::<Vec<_>>().join("&")
}
