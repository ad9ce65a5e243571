//! What `padoqe compare` is told.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::{config::Flags, site::SiteId};

/// How the report is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// A table for people.
    Text,
    /// For programs.
    Json,
}

/// The two servers, their sites, and the days.
#[derive(clap::Args)]
pub struct Options {
    /// Address of the Matomo: the folder of its index.php
    #[arg(long, value_name = "URL")]
    pub matomo: String,
    /// A token of the Matomo that may view the site; better in the environment or a file
    #[arg(long, value_name = "T", env = "MATOMO_TOKEN", hide_env_values = true)]
    pub token: Option<String>,
    /// File that holds this token
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,
    /// Number of the site in the Matomo
    #[arg(long, value_name = "A")]
    pub site: u32,
    /// Number of the site here
    #[arg(long, value_name = "B")]
    pub with_site: SiteId,
    /// Days to compare, `2026-03-01,2026-03-31`, `previous30` (until yesterday) or one day
    #[arg(long, value_name = "RANGE")]
    pub date: String,
    /// Address of the PADOQE server [default: the one that runs on the data directory]
    #[arg(long, value_name = "URL")]
    pub with: Option<String>,
    /// A token of the PADOQE server [default: one that lives as long as the comparison]
    #[arg(long, value_name = "T", env = "WITH_TOKEN", hide_env_values = true, requires = "with")]
    pub with_token: Option<String>,
    /// File that holds this token
    #[arg(long, value_name = "FILE", requires = "with")]
    pub with_token_file: Option<PathBuf>,
    /// How to print the report
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
    /// Equal figures in a hundred that are enough for exit status 0
    #[arg(long, value_name = "PERCENT", default_value_t = 100.0)]
    pub at_least: f64,
    #[command(flatten)]
    pub flags: Flags,
}

/// The token that a file or a flag holds; the file goes first, because somebody wrote its name.
pub(super) fn token(file: Option<&Path>, given: Option<&str>) -> Result<Option<String>> {
    if let Some(file) = file {
        let text = std::fs::read_to_string(file)
            .with_context(|| format!("the token's file {}", file.display()))?;
        return Ok(Some(text.trim().to_owned()));
    }
    Ok(given.map(|it| it.trim().to_owned()))
}
