//! A server of the Reporting API, asked over HTTP or HTTPS.

use std::{thread, time::Duration};

use anyhow::{Result, bail};
use serde_json::Value;
use ureq::{
    Agent,
    http::StatusCode,
    tls::{Certificate, RootCerts, TlsConfig},
};

/// A Matomo makes its archives while it is asked: the first answer may take long.
const PATIENCE: Duration = Duration::from_secs(300);

/// A year of a large site's pages.
const LARGEST: u64 = 512 << 20;

/// One of the two servers. The token is in the body of requests alone, and in no message.
pub(super) struct Asked {
    name: &'static str,
    url: String,
    token: String,
    agent: Agent,
}

/// Why there is no answer to a question.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    /// The server does not answer this question; it may answer others.
    #[error("{0}")]
    Refused(String),
    /// No question can be asked of it.
    #[error("{0}")]
    Broken(String),
}

impl Asked {
    /// A server by its address: the folder of its `index.php`, with or without that name.
    ///
    /// # Errors
    /// The address is none of the web.
    pub(super) fn new(name: &'static str, url: &str, token: &str) -> Result<Self> {
        let address = url.trim();
        if !address.starts_with("https://") && !address.starts_with("http://") {
            bail!("the address of {name} must begin with https:// or http://, not be `{address}`");
        }
        if token.is_empty() {
            bail!("the token for {name} is empty");
        }
        let address = address.split(['?', '#']).next().unwrap_or(address).trim_end_matches('/');
        let url = if address.ends_with(".php") {
            address.to_owned()
        } else {
            format!("{address}/index.php")
        };
        let agent = Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            // A token is not carried to where a redirection points.
            .max_redirects(0)
            .http_status_as_error(false)
            .user_agent(concat!("padoqe/", env!("CARGO_PKG_VERSION"), " compare"))
            .tls_config(TlsConfig::builder().root_certs(roots()).build())
            .build()
            .into();
        Ok(Self { name, url, token: token.to_owned(), agent })
    }

    /// The address as it is asked.
    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// The answer to a question; one that could not be carried is asked a second time.
    pub(super) fn ask(&self, method: &str, parameters: &[(&str, &str)]) -> Result<Value, Trouble> {
        self.once(method, parameters)
            .or_else(|trouble| match trouble {
                Once::Again(_) => {
                    thread::sleep(Duration::from_secs(1));
                    self.once(method, parameters)
                }
                other => Err(other),
            })
            .map_err(|trouble| match trouble {
                Once::Final(trouble) => trouble,
                Once::Again(message) => Trouble::Broken(message),
            })
    }

    fn once(&self, method: &str, parameters: &[(&str, &str)]) -> Result<Value, Once> {
        let Self { name, url, .. } = self;
        let form = [
            ("module", "API"),
            ("format", "json"),
            ("method", method),
            ("language", "en"),
            ("token_auth", &self.token),
        ];
        let answer = self.agent.post(url).send_form(form.iter().chain(parameters).copied());
        let mut answer = answer.map_err(|error| {
            Once::Again(self.safe(&format!("{name} at {url}: {}", said(&error))))
        })?;
        let status = answer.status();
        let header = |it: &str| {
            answer.headers().get(it).and_then(|it| it.to_str().ok()).unwrap_or_default().to_owned()
        };
        if status.is_redirection() {
            let to = header("location");
            return Err(Once::broken(format!(
                "{name} at {url} sends on to {to}: give the address that it has now"
            )));
        }
        let html = header("content-type").starts_with("text/html");
        let body = answer.body_mut().with_config().limit(LARGEST).read_to_vec();
        let body = body.map_err(|error| {
            Once::Again(self.safe(&format!("{name} at {url}: {}", said(&error))))
        })?;
        match serde_json::from_slice::<Value>(&body) {
            Ok(value) if value["result"] == "error" => {
                let message = value["message"].as_str().unwrap_or("no reason given");
                Err(Once::Final(self.refused(method, status, message)))
            }
            Ok(value) if status.is_success() => Ok(value),
            _ if status.is_server_error() => Err(Once::Again(format!(
                "{name} at {url} answered HTTP {status} to {method}: its log says why"
            ))),
            _ if html || body.trim_ascii_start().starts_with(b"<") => Err(Once::broken(format!(
                "{name} at {url} answered with a page (HTTP {status}), not with data: is this the folder of its index.php, without a login before it?"
            ))),
            _ => Err(Once::broken(format!(
                "{name} at {url} answered HTTP {status} to {method}, and no JSON"
            ))),
        }
    }

    fn refused(&self, method: &str, status: StatusCode, message: &str) -> Trouble {
        let Self { name, url, .. } = self;
        let message = self.safe(message);
        if message.to_ascii_lowercase().contains("unable to authenticate") {
            return Trouble::Broken(format!(
                "{name} at {url} does not take the token: it is wrong, expired, or of another server ({message})"
            ));
        }
        if status == StatusCode::UNAUTHORIZED {
            return Trouble::Broken(format!(
                "{name} at {url} does not let the token read {method}: {message}"
            ));
        }
        Trouble::Refused(message)
    }

    /// A text of the server's, without the token that it may repeat.
    fn safe(&self, text: &str) -> String {
        text.replace(&self.token, "…").split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// An attempt that failed.
enum Once {
    Again(String),
    Final(Trouble),
}

impl Once {
    fn broken(message: String) -> Self {
        Self::Final(Trouble::Broken(message))
    }
}

/// What went wrong on the way, in the words of who typed the address.
fn said(error: &ureq::Error) -> String {
    match error {
        ureq::Error::HostNotFound => "no such host is known".to_owned(),
        ureq::Error::Timeout(_) => "it does not answer in time".to_owned(),
        ureq::Error::Io(error) if error.kind() == std::io::ErrorKind::ConnectionRefused => {
            "nothing listens there".to_owned()
        }
        other => other.to_string(),
    }
}

/// The certificates that this machine trusts; where it has none, those of Mozilla.
fn roots() -> RootCerts {
    let found = rustls_native_certs::load_native_certs().certs;
    if found.is_empty() {
        return RootCerts::WebPki;
    }
    found.iter().map(|it| Certificate::from_der(it).to_owned()).collect::<Vec<_>>().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_those_of_index_php() {
        for (given, asked) in [
            ("https://m.example.fr", "https://m.example.fr/index.php"),
            (" https://m.example.fr/stats/ ", "https://m.example.fr/stats/index.php"),
            ("http://m.example.fr/index.php?module=CoreHome#x", "http://m.example.fr/index.php"),
        ] {
            assert_eq!(Asked::new("Matomo", given, "t").unwrap().url(), asked);
        }
        let error = |url, token| Asked::new("Matomo", url, token).err().unwrap().to_string();
        assert!(error("m.example.fr", "t").contains("https://"));
        assert!(error("https://m.example.fr", "").contains("empty"));
    }

    #[test]
    fn no_message_repeats_the_token() {
        let asked = Asked::new("Matomo", "https://m.example.fr", "c0ffee").unwrap();
        let trouble = asked.refused("API.get", StatusCode::OK, "no method for c0ffee\n here");
        assert_eq!(trouble.to_string(), "no method for … here");
        let trouble = asked.refused("API.get", StatusCode::UNAUTHORIZED, "view access c0ffee");
        assert!(matches!(&trouble, Trouble::Broken(it) if !it.contains("c0ffee")));
    }
}
