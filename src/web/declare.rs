//! Changes of a site's register that come over HTTP, from the API and from the screen.

use super::{figures, state::State};
use crate::{
    register::{File, Language, Plan, Problem},
    site::{self, Site, SiteId},
    store::{Error, RegisterChange},
};

/// What became of a wish to change a register.
pub(super) enum Outcome {
    /// It is applied, or, of a plan, could be.
    Fine(Plan),
    Wrong(Vec<Problem>),
    /// Somebody else changed the register meanwhile.
    Overtaken,
}

/// What a file would change.
pub(super) fn plan(state: &State, site: &Site, file: &File) -> Outcome {
    let today = site::number_of(figures::local(site, state.now()).date());
    file.plan(site, today).map_or_else(Outcome::Wrong, Outcome::Fine)
}

/// Applies the file that is made of the register as it is now.
///
/// # Errors
/// The database is away.
pub(super) async fn apply(
    state: &State,
    id: SiteId,
    login: &str,
    file_of: impl FnOnce(&Site) -> Result<File, Vec<Problem>>,
) -> Result<Outcome, Error> {
    // Another process may have applied something a moment ago.
    state.refresh().await?;
    let Some(known) = state.site(id).await else { return Ok(Outcome::Overtaken) };
    let file = match file_of(&known.site) {
        Ok(file) => file,
        Err(problems) => return Ok(Outcome::Wrong(problems)),
    };
    let plan = match plan(state, &known.site, &file) {
        Outcome::Fine(plan) => plan,
        refused => return Ok(refused),
    };
    if plan.register == *known.site.register {
        return Ok(Outcome::Fine(plan));
    }
    let change = RegisterChange {
        day: site::number_of(figures::local(&known.site, state.now()).date()),
        login: login.to_owned(),
        changes: plan.changes.iter().map(|it| it.say(Language::Fr)).collect(),
    };
    let before = &known.site.register;
    if !state.store.save_register(id, before, &plan.register, &change).await? {
        return Ok(Outcome::Overtaken);
    }
    state.refresh().await?;
    Ok(Outcome::Fine(plan))
}
