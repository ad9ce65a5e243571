//! Labels of the data map: what they are of a name, and setting them.

use super::state::State;
use crate::{
    datamap::{self, BETWEEN, Kind, Unlabelled},
    site::{Site, SiteId},
    store::{Error, StoredName},
    strip::Policy,
};

/// What becomes of what arrives under a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label {
    /// Dropped at the door and counted; what every name is at first.
    Protected,
    /// Kept: a trace of learning.
    Trace,
    /// Dropped too, and of no interest.
    Noise,
}

impl Label {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Protected => "protected",
            Self::Trace => "trace",
            Self::Noise => "noise",
        }
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        [Self::Protected, Self::Trace, Self::Noise].into_iter().find(|it| it.as_str() == text)
    }
}

/// What became of a wish to label a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Done,
    /// There is no such name.
    Nothing,
    Shape,
    Parameter,
    EventFirst,
    /// The register lets it through, whatever the lists say.
    Declared,
    /// There are no lists: the policy keeps all of that kind.
    KeepsAll,
}

fn is_listed(site: &Site, kind: Kind) -> bool {
    let steps = Policy::named(site.policy).steps;
    kind.step().is_none_or(|name| steps.iter().any(|step| step.name == name))
}

/// The label of a name.
pub(super) fn of(site: &Site, name: &StoredName) -> Label {
    // What stands behind a shape is looked at name by name at the door, and may be either.
    let kept =
        !name.is_shape && datamap::is_kept(site, name.kind, &name.name, is_listed(site, name.kind));
    match (kept, name.is_noise) {
        (true, _) => Label::Trace,
        (false, true) => Label::Noise,
        (false, false) => Label::Protected,
    }
}

/// A name as people read it.
pub(super) fn shown(name: &StoredName) -> String {
    name.name.replace(BETWEEN, " › ")
}

/// Labels a name. What is labelled a trace goes on the site's lists and is kept from now on.
///
/// # Errors
/// The database is away.
pub(super) async fn set(
    state: &State,
    id: SiteId,
    name: i32,
    label: Label,
) -> Result<Outcome, Error> {
    state.refresh().await?;
    let (Some(known), Some(name)) = (state.site(id).await, state.store.name(id, name).await?)
    else {
        return Ok(Outcome::Nothing);
    };
    let keep = label == Label::Trace;
    if keep && name.is_shape {
        return Ok(Outcome::Shape);
    }
    if !name.is_shape && name.kind != Kind::Parameter && !is_listed(&known.site, name.kind) {
        return Ok(if keep { Outcome::Done } else { Outcome::KeepsAll });
    }
    let mut site = Site::clone(&known.site);
    if !name.is_shape {
        match datamap::allow(&mut site.settings.allowed, name.kind, &name.name, keep) {
            Ok(()) => (),
            Err(Unlabelled::Parameter) => return Ok(Outcome::Parameter),
            Err(Unlabelled::EventFirst) => return Ok(Outcome::EventFirst),
        }
        if datamap::is_kept(&site, name.kind, &name.name, true) != keep {
            return Ok(Outcome::Declared);
        }
    }
    if site.settings != known.site.settings {
        state.store.save_site(&site).await?;
    }
    state.store.set_noise(id, name.id, label == Label::Noise).await?;
    state.refresh().await?;
    Ok(Outcome::Done)
}
