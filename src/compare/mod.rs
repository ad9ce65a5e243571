//! A Matomo and PADOQE are asked the same questions: for whoever runs both before switching.

mod ask;
mod figures;
mod options;
mod parity;
mod question;
mod reasons;
mod say;

use anyhow::{Context, Result, bail};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde_json::Value;

use crate::{
    app::{Database, running_server},
    config::Config,
    report,
};

use ask::{Asked, Trouble};
use options::token;
use parity::Comparison;
use question::{KINDS, Report};
use say::{Compared, Parity, Side};

pub use options::{Format, Options};

/// Compares, prints the report, and says whether enough is equal.
///
/// # Errors
/// One of the servers cannot be asked at all; the message names it and what to do.
#[expect(clippy::print_stdout, reason = "the report that was asked for")]
pub async fn compare(
    options: Options,
    load: impl FnOnce(&crate::config::Flags) -> Result<Config>,
) -> Result<bool> {
    let theirs = token(options.token_file.as_deref(), options.token.as_deref())?
        .context("a token of the Matomo is needed: put it into the variable MATOMO_TOKEN, or name its file with --token-file")?;
    let matomo = Asked::new("Matomo", &options.matomo, &theirs)?;
    let ours = token(options.with_token_file.as_deref(), options.with_token.as_deref())?;
    let at_least = options.at_least;
    let format = options.format;
    let found = if let Some(url) = &options.with {
        let ours = ours.context("a token of the PADOQE server is needed: put it into the variable WITH_TOKEN, or name its file with --with-token-file")?;
        let padoqe = Asked::new("PADOQE", url, &ours)?;
        blocking(matomo, padoqe, options).await?
    } else {
        let config = load(&options.flags)?;
        let Some(address) = running_server(&config.data) else {
            bail!(
                "no server runs on the data directory {}: start it, or say where it is with --with URL",
                config.data.display()
            );
        };
        let database = Database::open(&config).await?;
        let token = database.store.new_token("padoqe compare").await?;
        let done = match Asked::new("PADOQE", &format!("http://{address}"), &token) {
            Ok(padoqe) => blocking(matomo, padoqe, options).await,
            Err(error) => Err(error),
        };
        let dropped = database.store.drop_token(&token).await;
        database.close();
        dropped?;
        done?
    };
    match format {
        Format::Text => print!("{}", found.text()),
        Format::Json => println!("{:#}", found.json()),
    }
    let (compared, _) = found.count();
    Ok(compared > 0 && found.share() >= at_least)
}

async fn blocking(matomo: Asked, padoqe: Asked, options: Options) -> Result<Parity> {
    tokio::task::spawn_blocking(move || both(&matomo, &padoqe, &options)).await?
}

/// Asks both everything.
fn both(matomo: &Asked, padoqe: &Asked, options: &Options) -> Result<Parity> {
    let (theirs, their_site) = side(matomo, options.site)?;
    let (ours, our_site) = side(padoqe, options.with_site)?;
    let zone = our_site["timezone"].as_str().unwrap_or("UTC");
    let (first, last) = days(&options.date, zone)?;
    let mut warnings = differing_sites(&their_site, &our_site);
    let today = Timestamp::now().to_zoned(TimeZone::get(zone).unwrap_or(TimeZone::UTC)).date();
    if last >= today {
        warnings.push("today is not over: its figures still change while they are read".to_owned());
    }
    let all = KINDS.map(|kind| question::whole(kind, first, last));
    let mut parity = Parity {
        matomo: theirs,
        padoqe: ours,
        first: first.to_string(),
        last: last.to_string(),
        periods: [all[0].len(), all[1].len(), all[2].len()],
        exempt: our_site["policy"] == "exempt",
        reports: Vec::new(),
        not_compared: Vec::new(),
        warnings,
    };
    let at = first.to_string();
    let known = [("period", "day"), ("date", at.as_str())];
    let theirs = reports(matomo, options.site, &known)?;
    let ours = reports(padoqe, options.with_site, &known)?;
    let requests: usize =
        KINDS.iter().zip(&all).map(|(kind, it)| it.len().div_ceil(question::at_once(*kind))).sum();
    let bar = ProgressBar::new((requests * theirs.len()) as u64)
        .with_style(ProgressStyle::with_template("{bar:40} {pos}/{len}  {eta} left  {msg}")?);
    for report in &theirs {
        bar.set_message(report.name());
        if !ours.contains(report) {
            let why = missing(report);
            parity.not_compared.push((report.name(), why));
            bar.inc(requests as u64);
            continue;
        }
        match one(matomo, padoqe, options, report, &all, &bar) {
            Ok(comparison) => parity.reports.push(Compared {
                report: report.name(),
                lines: comparison.lines().into_iter().collect(),
            }),
            Err(Trouble::Refused(why)) => parity.not_compared.push((report.name(), why)),
            Err(Trouble::Broken(why)) => bail!("{why}"),
        }
    }
    bar.finish_and_clear();
    Ok(parity)
}

/// One report over all periods.
fn one(
    matomo: &Asked,
    padoqe: &Asked,
    options: &Options,
    report: &Report,
    all: &[Vec<report::Period>],
    bar: &ProgressBar,
) -> Result<Comparison, Trouble> {
    let mut comparison = Comparison::default();
    for (kind, periods) in KINDS.iter().zip(all) {
        for some in periods.chunks(question::at_once(*kind)) {
            let date = question::date(some);
            let mut asked: Vec<(&str, &str)> = vec![
                ("period", kind.name()),
                ("date", &date),
                ("expanded", "1"),
                ("filter_limit", "-1"),
                ("format_metrics", "0"),
            ];
            asked.extend(report.parameters.iter().map(|(name, value)| (&**name, &**value)));
            let ask = |server: &Asked, name: &str, site: u32| {
                let site = site.to_string();
                let all = [&asked[..], &[("idSite", site.as_str())]].concat();
                let answer = server.ask(&report.method, &all).map_err(|trouble| match trouble {
                    Trouble::Refused(why) => Trouble::Refused(format!("{name}: {why}")),
                    broken => broken,
                })?;
                figures::by_period(&answer)
                    .map_err(|why| Trouble::Refused(format!("{name}: {why}")))
            };
            // Each waits for its own answer, so both may work at the same time.
            let (theirs, ours) = std::thread::scope(|scope| {
                let theirs = scope.spawn(|| ask(matomo, "Matomo", options.site));
                let ours = ask(padoqe, "PADOQE", options.with_site);
                let ended = || Trouble::Broken("asking Matomo ended unexpectedly".to_owned());
                (theirs.join().unwrap_or_else(|_| Err(ended())), ours)
            });
            let (mut theirs, mut ours) = (theirs?, ours?);
            for period in some {
                let key = period.key();
                let (a, b) = (theirs.remove(&key), ours.remove(&key));
                comparison.add(period, &a.unwrap_or_default(), &b.unwrap_or_default());
            }
            bar.inc(1);
        }
    }
    Ok(comparison)
}

/// A server's version and site.
fn side(server: &Asked, site: u32) -> Result<(Side, Value)> {
    let version = need(server, "API.getMatomoVersion", &[])?;
    let id = site.to_string();
    let found = match server.ask("SitesManager.getSiteFromId", &[("idSite", &id)]) {
        Ok(Value::Array(mut rows)) if !rows.is_empty() => rows.swap_remove(0),
        Ok(found) if found.get("idsite").is_some() => found,
        Ok(_) => bail!("{} has no site {site}", server.url()),
        Err(why) => bail!("site {site} of {}: {why}", server.url()),
    };
    let version = version["value"].as_str().unwrap_or("(no version)").to_owned();
    let name = found["name"].as_str().unwrap_or_default().to_owned();
    Ok((Side { url: server.url().to_owned(), version, site, name }, found))
}

fn need(server: &Asked, method: &str, parameters: &[(&str, &str)]) -> Result<Value> {
    match server.ask(method, parameters) {
        Ok(answer) => Ok(answer),
        Err(Trouble::Broken(why)) => bail!("{why}"),
        Err(Trouble::Refused(why)) => bail!("{method} of {}: {why}", server.url()),
    }
}

fn reports(server: &Asked, site: u32, known: &[(&str, &str)]) -> Result<Vec<Report>> {
    let id = site.to_string();
    let given = [known, &[("idSites", &id), ("idSite", &id), ("filter_limit", "-1")]].concat();
    let metadata = need(server, "API.getReportMetadata", &given)?;
    question::listed(&metadata)
        .with_context(|| format!("API.getReportMetadata of {} is no list", server.url()))
}

/// The days that `--date` means in the site's zone.
fn days(date: &str, zone: &str) -> Result<(Date, Date)> {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let asked = report::periods("day", date, Timestamp::now().as_second(), &zone)
        .map_err(|refusal| anyhow::anyhow!("--date `{date}`: {}", refusal.message))?;
    match (asked.first(), asked.last()) {
        (Some(first), Some(last)) => Ok((first.first, last.last)),
        _ => bail!("--date `{date}` means no day"),
    }
}

/// Settings that make figures differ whatever is counted.
fn differing_sites(theirs: &Value, ours: &Value) -> Vec<String> {
    let mut res = Vec::new();
    let (a, b) = (theirs["timezone"].as_str(), ours["timezone"].as_str());
    if let (Some(a), Some(b)) = (a, b)
        && a != b
    {
        res.push(format!("the site's time zone is {a} in Matomo and {b} in PADOQE: days begin at different moments"));
    }
    res
}

fn missing(report: &Report) -> String {
    let (module, action) = report.method.split_once('.').unwrap_or((&report.method, ""));
    match report::why_refused(module, action) {
        Some(reason) => format!("PADOQE refuses it: {reason}"),
        None if report.parameters.is_empty() => "PADOQE has no such report".to_owned(),
        None => "PADOQE has no such goal or dimension on this site".to_owned(),
    }
}
