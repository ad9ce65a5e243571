//! The commands about the file in which features are declared: what it would change, applying it,
//! writing it from what is declared.

use std::{
    fs,
    io::{self, Read},
    path::Path,
};

use anyhow::{Context, Result, bail};

use crate::{
    register::{Change, File, Language, Plan, Problem, say_all},
    site::{self, Site, SiteId},
    store::{RegisterChange, Store},
};

/// Who is noted for changes that a command applies.
const BY_COMMAND: &str = "padoqe features apply";

/// What a file would change: lines, none where nothing.
///
/// # Errors
/// The file cannot be read or is wrong, there is no such site, or the database is away.
pub async fn plan(
    store: &Store,
    site: SiteId,
    file: &Path,
    language: Language,
) -> Result<Vec<String>> {
    let site = known(store, site).await?;
    let (plan, _) = planned(&site, file, language)?;
    Ok(lines(&plan.changes, language))
}

/// Applies a file: lines that say what changed.
///
/// # Errors
/// As of [`plan`], or somebody else changed the register at the same moment.
pub async fn apply(
    store: &Store,
    site: SiteId,
    file: &Path,
    language: Language,
) -> Result<Vec<String>> {
    let site = known(store, site).await?;
    let (plan, day) = planned(&site, file, language)?;
    if plan.register == *site.register {
        return Ok(Vec::new());
    }
    let changes = lines(&plan.changes, Language::Fr);
    let change = RegisterChange { day, login: BY_COMMAND.to_owned(), changes };
    if !store.save_register(site.id, &site.register, &plan.register, &change).await? {
        bail!(
            "the register was changed by somebody else at the same moment: look at the plan again"
        );
    }
    Ok(lines(&plan.changes, language))
}

/// The file that says what is declared.
///
/// # Errors
/// There is no such site, or the database is away.
pub async fn export(store: &Store, site: SiteId) -> Result<String> {
    Ok(File::of(&known(store, site).await?.register).write())
}

fn planned(site: &Site, file: &Path, language: Language) -> Result<(Plan, site::DayNumber)> {
    let (now, zone) = (jiff::Timestamp::now().as_second(), site.zone());
    let (today, _) = site::day_and_hour(now, &zone);
    let refused = |problems: Vec<Problem>| {
        anyhow::anyhow!("{} is refused:\n{}", file.display(), say_all(&problems, language))
    };
    let plan = File::read(&text(file)?).and_then(|it| it.plan(site, today)).map_err(refused)?;
    Ok((plan, today))
}

fn text(file: &Path) -> Result<String> {
    if file == Path::new("-") {
        let mut text = String::new();
        io::stdin().read_to_string(&mut text).context("standard input")?;
        return Ok(text);
    }
    fs::read_to_string(file).with_context(|| format!("the file {}", file.display()))
}

fn lines(changes: &[Change], language: Language) -> Vec<String> {
    changes.iter().map(|it| it.say(language)).collect()
}

async fn known(store: &Store, id: SiteId) -> Result<Site> {
    let sites = store.sites().await?;
    let known: Vec<String> = sites.iter().map(|it| it.id.to_string()).collect();
    let found = sites.into_iter().find(|it| it.id == id);
    found.with_context(|| format!("there is no site {id}: the sites are {}", known.join(", ")))
}
