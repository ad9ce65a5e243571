//! A school fortnight and the holidays in between, simulated: who is there (`people`), when
//! (`calendar`), what they do (`features`, `walk`), written down (`script`, `hit`), played (`play`)
//! and counted (`summary`).

mod calendar;
mod features;
mod hit;
mod people;
mod play;
mod script;
mod site;
mod summary;
mod walk;

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use jiff::{Timestamp, civil::Date};

pub use self::{
    calendar::Calendar,
    features::{Feature, Page, Profile, Words},
    hit::{Back, Deed, Hit},
    people::{Class, Person, PersonNumber, Population, School},
    script::{Plan, Script},
    site::register,
};
pub(crate) use self::{
    play::{Played, play},
    site::create as create_site,
    summary::Summary,
};
use crate::{api::Api, wire::Origin};

/// Play three weeks of school through the tracking endpoint: a week, holidays, a week.
///
/// Classes of 25 to 30 pupils behind one address in school hours, teachers at home in the evening,
/// Wednesday afternoons, Sunday evenings. The same seed and start give the same hits; those that
/// would be later than now are left out.
#[derive(clap::Args)]
#[command(after_help = "Example: load-tests fortnight --url http://127.0.0.1:8017 --token $TOKEN")]
pub(crate) struct Options {
    /// Address of the server, on this machine.
    #[arg(long)]
    url: String,
    /// Token of an administrator: times, addresses and browsers of others are sent.
    #[arg(long)]
    token: String,
    /// Number of the site; without it the demonstration site is created.
    #[arg(long, value_name = "N")]
    site: Option<u32>,
    /// Policy of the site that is created.
    #[arg(long, default_value = "exempt", value_name = "NAME", conflicts_with = "site")]
    policy: String,
    /// First day of the three weeks; by default they end today.
    #[arg(long, value_name = "YYYY-MM-DD")]
    start: Option<Date>,
    /// Size: 1 is 24 schools and 400 teachers at home.
    #[arg(long, default_value_t = 1.0)]
    scale: f64,
    /// Another seed, another fortnight.
    #[arg(long, default_value_t = 1, value_name = "N")]
    seed: u64,
    /// Write what was sent as JSON, for a test that compares reports with it.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// The subcommand.
pub(crate) async fn command(options: Options) -> Result<()> {
    ensure!((0.01..=100.0).contains(&options.scale), "the scale is between 0.01 and 100");
    let now = Timestamp::now();
    let start = options.start.map_or_else(|| Calendar::until_today(now), Ok)?;
    let plan = Plan { start, until: now.as_second(), scale: options.scale, seed: options.seed };
    let script = Script::new(&plan)?;
    let summary = Summary::of(&script);
    let api = Api { origin: Origin::parse(&options.url)?, token: options.token };
    let site = match options.site {
        Some(site) => site,
        None => create_site(&api, &options.policy, start).await?,
    };
    let played = play(&script, &api, site, 0, |_| Ok(true)).await?;
    print(site, &summary, played);
    if let Some(file) = &options.json {
        let text = serde_json::json!({
            "site": site,
            "start": plan.start.to_string(),
            "until": plan.until,
            "scale": plan.scale,
            "seed": plan.seed,
            "accepted": played.accepted,
            "refused": played.refused,
            "summary": summary,
        });
        std::fs::write(file, format!("{text:#}\n"))
            .with_context(|| format!("cannot write {}", file.display()))?;
    }
    ensure!(
        played.refused == 0 && played.accepted == summary.sent,
        "{} of {} hits were refused; has site {site} its two goals?",
        summary.sent - played.accepted,
        summary.sent
    );
    Ok(())
}

/// The demonstration site, on a server of this machine.
pub struct Stage {
    api: Api,
    /// The number that the server gave the site.
    pub site: u32,
}

impl Stage {
    /// Creates the site, whose hits begin on a day.
    ///
    /// # Errors
    /// The address is not of this machine, or the server refuses.
    pub async fn set(url: &str, token: &str, start: Date) -> Result<Self> {
        let api = Api { origin: Origin::parse(url)?, token: token.to_owned() };
        let site = create_site(&api, "exempt", start).await?;
        Ok(Self { api, site })
    }

    /// The same site where the server has another address now.
    ///
    /// # Errors
    /// The address is not of this machine.
    pub fn moved(self, url: &str) -> Result<Self> {
        Ok(Self { api: Api { origin: Origin::parse(url)?, ..self.api }, ..self })
    }

    /// Plays all of it through the tracking endpoint.
    ///
    /// # Errors
    /// The server does not answer, or takes less than all of it.
    pub async fn play(&self, script: &Script) -> Result<()> {
        let played = play(script, &self.api, self.site, 0, |_| Ok(true)).await?;
        ensure!(played.refused == 0, "{} hits were refused", played.refused);
        Ok(())
    }
}

fn print(site: u32, summary: &Summary, played: Played) {
    println!(
        "site {site}: {} hits accepted, {} refused, in {:.1} s ({:.0} hits/s)",
        played.accepted,
        played.refused,
        played.took.as_secs_f64(),
        played.rate()
    );
    println!(
        "{} visits by {} visitors: {} page views ({} with a mail address), {} events, {} searches",
        summary.visits,
        summary.visitors,
        summary.page_views,
        summary.with_mail,
        summary.events,
        summary.searches
    );
    println!(
        "goals: {} handed in, {} shared; not counted: {} of robots, {} heartbeats",
        summary.goal_handed_in, summary.goal_shared, summary.robots, summary.pings
    );
    println!("{:<36} {:>7} {:>7} {:>9} {:>9}", "feature", "uses", "visits", "seconds", "median");
    for one in &summary.features {
        let words = [one.category, one.action, one.name];
        let label = words.iter().filter(|word| !word.is_empty()).copied().collect::<Vec<_>>();
        println!(
            "{:<36} {:>7} {:>7} {:>9} {:>9}",
            label.join(" / "),
            one.uses,
            one.visits,
            one.seconds,
            one.median_seconds
        );
    }
}
