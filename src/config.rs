//! Settings of the server: a file, then the environment, then flags; the last one wins.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

/// The annotated example, which a test loads.
pub const EXAMPLE: &str = include_str!("../padoqe.example.toml");

/// Settings, all of them with a default.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Address and port to listen on.
    pub listen: String,
    /// Folder of everything the server keeps outside PostgreSQL, and of the private PostgreSQL.
    pub data: PathBuf,
    /// A PostgreSQL to use instead of a private one.
    pub database_url: Option<String>,
    /// Folder of PostgreSQL's programs; looked for where it is not given.
    pub pg_bin: Option<PathBuf>,
    /// Country database (mmdb); without it, countries are unknown.
    pub countries: Option<PathBuf>,
    /// Folder of the built tracker (`matomo.js`).
    pub tracker: Option<PathBuf>,
    /// Folder of the demonstration pages, served at /demo; none: not served.
    pub demo: Option<PathBuf>,
    /// Proxies whose X-Forwarded-For is believed: addresses or networks.
    pub trusted_proxies: Vec<String>,
    /// Threads that answer requests; 0: one for each processor.
    pub workers: usize,
    /// Days that visits of `complete` sites are kept for segments.
    pub visit_days: u32,
    /// Months that figures are kept.
    pub months: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8017".to_owned(),
            data: PathBuf::from("data"),
            database_url: None,
            pg_bin: None,
            countries: None,
            tracker: None,
            demo: None,
            trusted_proxies: Vec::new(),
            workers: 0,
            visit_days: 35,
            months: 25,
        }
    }
}

/// What flags say; `None`: not given.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Flags {
    /// Configuration file (TOML); see `padoqe example-config`
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Folder for everything the server keeps [default: data]
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// PostgreSQL 15 or later to use instead of a private one
    #[arg(long, value_name = "URL")]
    pub database_url: Option<String>,
    /// Folder of PostgreSQL's programs, for the private one
    #[arg(long, value_name = "DIR")]
    pub pg_bin: Option<PathBuf>,
}

impl Config {
    /// Joins file, environment and flags. `environment` is passed in so that it can be tested.
    ///
    /// # Errors
    /// The file cannot be read, or a key or variable is unknown or has a wrong value.
    pub fn load(
        flags: &Flags,
        listen: Option<String>,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self> {
        let environment: BTreeMap<String, String> = environment.into_iter().collect();
        let file =
            flags.config.clone().or_else(|| environment.get("PADOQE_CONFIG").map(PathBuf::from));
        let mut config = match &file {
            Some(file) => Self::read(file)?,
            None => Self::default(),
        };
        for (name, value) in &environment {
            if let Some(key) = name.strip_prefix("PADOQE_") {
                config
                    .set(key, value)
                    .with_context(|| format!("the environment variable {name}"))?;
            }
        }
        if let Some(url) = environment.get("DATABASE_URL").filter(|url| !url.is_empty()) {
            config.database_url = Some(url.clone());
        }
        config.listen = listen.unwrap_or(config.listen);
        config.data = flags.data.clone().unwrap_or(config.data);
        config.database_url = flags.database_url.clone().or(config.database_url);
        config.pg_bin = flags.pg_bin.clone().or(config.pg_bin);
        Ok(config)
    }

    fn read(file: &Path) -> Result<Self> {
        let text = fs::read_to_string(file)
            .with_context(|| format!("the configuration file {}", file.display()))?;
        toml::from_str(&text).with_context(|| format!("the configuration file {}", file.display()))
    }

    fn set(&mut self, key: &str, value: &str) -> Result<()> {
        let path = || Some(PathBuf::from(value)).filter(|_| !value.is_empty());
        match key {
            "LISTEN" => value.clone_into(&mut self.listen),
            "DATA" => self.data = PathBuf::from(value),
            "DATABASE_URL" => {
                self.database_url = Some(value.to_owned()).filter(|url| !url.is_empty())
            }
            "PG_BIN" => self.pg_bin = path(),
            "COUNTRIES" => self.countries = path(),
            "TRACKER" => self.tracker = path(),
            "DEMO" => self.demo = path(),
            "TRUSTED_PROXIES" => {
                let entries = value.split(',').map(|entry| entry.trim().to_owned());
                self.trusted_proxies = entries.filter(|entry| !entry.is_empty()).collect();
            }
            "WORKERS" => {
                self.workers =
                    value.parse().with_context(|| format!("`{value}` is no whole number"))?
            }
            "VISIT_DAYS" => {
                self.visit_days =
                    value.parse().with_context(|| format!("`{value}` is no number of days"))?
            }
            "MONTHS" => {
                self.months =
                    value.parse().with_context(|| format!("`{value}` is no number of months"))?
            }
            "CONFIG" | "LOG" => (),
            _ => bail!("is not known: see `padoqe example-config`"),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(environment: &[(&str, &str)], flags: &Flags) -> Result<Config> {
        let environment =
            environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Config::load(flags, None, environment)
    }

    #[test]
    fn the_example_shows_every_key_with_its_default() {
        let config: Config = toml::from_str(EXAMPLE).unwrap();
        assert_eq!(config, Config::default());
        // Commented keys are keys too.
        let uncommented = EXAMPLE.replace("#= ", "");
        let all: toml::Table = toml::from_str(&uncommented).unwrap();
        assert_eq!(all.len(), 11);
        assert!(toml::from_str::<Config>(&uncommented).is_ok());
    }

    #[test]
    fn unknown_keys_are_refused() {
        assert!(toml::from_str::<Config>("lisen = 'x'").unwrap_err().to_string().contains("lisen"));
        let error = load(&[("PADOQE_LISEN", "x")], &Flags::default()).unwrap_err();
        assert!(format!("{error:#}").contains("PADOQE_LISEN"));
    }

    #[test]
    fn flags_win_over_the_environment() {
        let flags = Flags { data: Some("b".into()), ..Flags::default() };
        let config =
            load(&[("PADOQE_DATA", "a"), ("DATABASE_URL", "postgres://x"), ("OTHER", "y")], &flags)
                .unwrap();
        assert_eq!(config.data, PathBuf::from("b"));
        assert_eq!(config.database_url.as_deref(), Some("postgres://x"));
    }
}
