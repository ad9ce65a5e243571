//! A national school year at rollup level: how large it is, and how fast its reports are.
//!
//! No hits are sent: `year.sql` writes the rows that a year of 650 million visits would leave, with
//! values that are drawn. So this tells sizes and times of reports, and nothing of counting.

mod labels;
mod register;

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use hdrhistogram::Histogram;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::{ToSpan, civil::Date};

use crate::{
    api::Api,
    bench::last_words,
    server::{Server, admin, command as command_of},
};

/// Write a national school year as rollups, and ask every report of features for it.
#[derive(clap::Args)]
#[command(
    after_help = "Example: load-tests national --server-bin target/release/padoqe --data national-data\n\nThe whole year takes some ten gigabytes and a quarter of an hour; --weeks 8 --establishments 6000 a minute. A second run on the same directory asks again without writing."
)]
pub(crate) struct Options {
    /// The server's binary.
    #[arg(long, value_name = "PATH")]
    server_bin: PathBuf,
    /// The server's data directory; it must be new, or of an earlier run.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Where the server listens.
    #[arg(long, default_value = "127.0.0.1:8037", value_name = "ADDR")]
    listen: String,
    #[arg(long, default_value_t = 60_000)]
    establishments: u32,
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(6..=200))]
    features: u32,
    #[arg(long, default_value_t = 52, value_parser = clap::value_parser!(u32).range(5..=52))]
    weeks: u32,
    /// How many of the features an active establishment uses; 1 is about a tenth of them.
    #[arg(long, default_value_t = 1.0)]
    density: f64,
    /// Questions of each kind.
    #[arg(long, default_value_t = 40)]
    questions: u32,
}

/// The Monday of the rentrée of the year that is written.
const FIRST: Date = Date::constant(2025, 9, 1);

/// The subcommand.
pub(crate) async fn command(options: Options) -> Result<()> {
    std::fs::create_dir_all(&options.data)
        .with_context(|| format!("cannot create {}", options.data.display()))?;
    let log = options.data.join("server.log");
    let mut server = Server::start(&options.server_bin, &options.listen, &options.data, &log)?;
    let outcome = measure(&options, &mut server, &log).await;
    let end = server.stop();
    outcome?;
    end
}

async fn measure(options: &Options, server: &mut Server, log: &Path) -> Result<()> {
    server.healthy().await.with_context(|| last_words(log))?;
    let token = admin(&options.server_bin, &["token"], &options.data)?;
    let api = Api { origin: server.origin.clone(), token };
    let mark = options.data.join("national.site");
    let site = match std::fs::read_to_string(&mark) {
        Ok(known) => known.trim().parse().context("national.site holds no number")?,
        Err(_) => {
            let site = write(options, &api).await?;
            std::fs::write(&mark, site.to_string())?;
            site
        }
    };
    sizes(options)?;
    ask(options, &api, site).await
}

/// Makes the site, declares its features, and writes the year; the site's number.
async fn write(options: &Options, api: &Api) -> Result<u32> {
    let site = api
        .create("SitesManager.addSite", &[("siteName", "Quizinière"), ("timezone", "Europe/Paris")])
        .await?;
    let number = site.to_string();
    for name in ["Profil", "Niveau", "Académie", "Établissement"] {
        api.create(
            "CustomDimensions.configureNewCustomDimension",
            &[("idSite", &number), ("name", name), ("scope", "visit"), ("active", "1")],
        )
        .await?;
    }
    let register = register::toml(options.features);
    api.call("Features.apply", &[("idSite", &number), ("register", &register)]).await?;
    let directory = tempfile::NamedTempFile::with_suffix(".csv")?;
    std::fs::write(directory.path(), labels::directory(options.establishments))?;
    let path = directory.path().to_str().context("the temporary folder's name is no text")?;
    println!("{}", command_of(&options.server_bin, &["import-annuaire", path], &options.data)?);
    let spinner = ProgressBar::new_spinner().with_message("writing the year as rollups…");
    spinner.set_style(ProgressStyle::with_template("{spinner} {msg} {elapsed}")?);
    spinner.enable_steady_tick(Duration::from_millis(200));
    let begun = Instant::now();
    let variables = [
        format!("site={site}"),
        format!("establishments={}", options.establishments),
        format!("features={}", options.features),
        format!("weeks={}", options.weeks),
        format!("density={}", options.density),
        format!("first={FIRST}"),
    ];
    let sql = tempfile::NamedTempFile::new()?;
    let labels = labels::sql(options.establishments);
    std::fs::write(sql.path(), format!("{labels}{}", include_str!("year.sql")))?;
    let variables = variables.iter().flat_map(|it| ["-v", it.as_str()]);
    let arguments: Vec<&str> = variables.collect();
    psql(options, &arguments, Stdio::from(std::fs::File::open(sql.path())?))?;
    spinner.finish_and_clear();
    println!("written in {} s", begun.elapsed().as_secs());
    Ok(site)
}

/// What the tables take.
fn sizes(options: &Options) -> Result<()> {
    let query = "select regexp_replace(relname, '_[0-9]{4}_[0-9]{2}$', '') as \"table\", \
         sum(reltuples)::bigint as \"rows\", pg_size_pretty(sum(pg_total_relation_size(oid))) as size \
         from pg_class where relkind = 'r' and (relname like 'rollup_feature%' or relname like 'rollup_distinct%' or relname = 'label') \
         group by 1 order by 1";
    print!("{}", psql(options, &["-c", query], Stdio::null())?);
    println!(
        "{}",
        psql(
            options,
            &["-Atc", "select 'in all: ' || pg_size_pretty(pg_database_size(current_database()))"],
            Stdio::null()
        )?
        .trim()
    );
    Ok(())
}

/// Runs psql on the server's private database; what it printed.
fn psql(options: &Options, arguments: &[&str], input: Stdio) -> Result<String> {
    let socket = std::fs::canonicalize(options.data.join("socket"))
        .context("the server has no socket in its data directory: give it a shorter path")?;
    let output = Command::new("psql")
        .args(["-X", "-q", "-h"])
        .arg(socket)
        .args(["-U", "padoqe", "-d", "postgres"])
        .args(arguments)
        .stdin(input)
        .output()
        .context("psql is needed: `apt install postgresql-client`")?;
    if !output.status.success() {
        bail!("psql failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// A question, by the name it is told under: method and parameters.
type Question = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

/// Every report, for everyone and by an audience, of a month and of the year.
const QUESTIONS: &[Question] = &[
    ("adoption", "Features.getAdoption", &[]),
    ("adoption by profile", "Features.getAdoption", &[("audience", "profil"), ("flat", "1")]),
    ("adoption by academy", "Features.getAdoption", &[("audience", "academie"), ("flat", "1")]),
    (
        "adoption, one establishment",
        "Features.getAdoption",
        &[("audience", "etablissement"), ("audienceValue", ESTABLISHMENT)],
    ),
    (
        "one feature by establishment",
        "Features.getAdoption",
        &[("feature", "f3"), ("audience", "etablissement"), ("filter_limit", "100")],
    ),
    ("adoption by region", "Features.getAdoption", &[("audience", "academie:region")]),
    (
        "one feature by département",
        "Features.getAdoption",
        &[("feature", "f3"), ("audience", "etablissement:department")],
    ),
    ("reach of a feature", "Features.getReach", &[("feature", "f3"), ("by", "region")]),
    ("frequency", "Features.getFrequency", &[]),
    ("duration", "Features.getDuration", &[]),
    ("duration by level", "Features.getDuration", &[("audience", "niveau"), ("flat", "1")]),
    ("moments", "Features.getMoments", &[("feature", "f1")]),
    ("trend", "Features.getTrend", &[("feature", "f1")]),
    (
        "before and after",
        "Features.getBeforeAfter",
        &[("feature", "f1"), ("compareAt", "2026-01-12")],
    ),
    ("never used", "Features.getNeverUsed", &[]),
    ("together", "Features.getTogether", &[]),
    ("funnels", "Features.getFunnels", &[]),
    ("audience", "Audience.get", &[("audience", "academie")]),
];

/// An establishment of the Ain: `labels::uai(95)`.
const ESTABLISHMENT: &str = "0010001W";

async fn ask(options: &Options, api: &Api, site: u32) -> Result<()> {
    let site = site.to_string();
    let last = FIRST + (i64::from(options.weeks) * 7 - 1).days();
    let year = format!("{FIRST},{last}");
    println!("{:<32} {:>9} {:>9}   {:>9} {:>9}", "", "month p50", "p95", "year p50", "p95");
    for (name, method, parameters) in QUESTIONS {
        let mut columns = Vec::new();
        for (period, dates) in [("month", months(last)), ("range", vec![whole_months(&year, last)])]
        {
            let mut times = Histogram::<u64>::new(3)?;
            for n in 0..options.questions {
                let date = dates.get(n as usize % dates.len().max(1)).map_or("", String::as_str);
                let question = [("idSite", site.as_str()), ("period", period), ("date", date)];
                let question: Vec<_> =
                    question.into_iter().chain(parameters.iter().copied()).collect();
                let begun = Instant::now();
                let answer = api.call(method, &question).await?;
                times.record(u64::try_from(begun.elapsed().as_micros())?)?;
                ensure!(answer.is_array() || answer.is_object(), "{name}: {answer}");
            }
            columns.push([times.value_at_quantile(0.5), times.value_at_quantile(0.95)]);
        }
        let told: Vec<String> = columns
            .iter()
            .map(|pair| pair.map(|micros| format!("{:>6.1} ms", micros as f64 / 1_000.0)).join(" "))
            .collect();
        println!("{name:<32} {}", told.join("   "));
    }
    Ok(())
}

/// A day of each month of the year.
fn months(last: Date) -> Vec<String> {
    let each = FIRST.series(1.month()).take_while(|month| month.last_of_month() <= last);
    each.map(|month| month.to_string()).collect()
}

/// The year, cut to whole months where its end is within one, as large audiences are read by months.
fn whole_months(year: &str, last: Date) -> String {
    match months(last).last().and_then(|month| month.parse::<Date>().ok()) {
        Some(month) => format!("{FIRST},{}", month.last_of_month()),
        None => year.to_owned(),
    }
}
