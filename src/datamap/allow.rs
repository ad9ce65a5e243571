//! What a label does: a name that is a trace of learning is on the site's lists, any other is not.

use super::{BETWEEN, Kind};
use crate::site::{Allowed, AllowedDimension, AllowedEvent, Site};

/// Why a name cannot be let through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unlabelled {
    /// Nothing reads such a parameter, whatever it is called.
    Parameter,
    /// A name of an event that is not let through itself.
    EventFirst,
}

/// Whether what arrives under a name is kept. `is_listed` tells whether the site's policy keeps what
/// is on its lists only, by the step that `Kind::step` names.
pub fn is_kept(site: &Site, kind: Kind, name: &str, is_listed: bool) -> bool {
    if kind == Kind::Parameter {
        return false;
    }
    if !is_listed {
        return true;
    }
    let allowed = &site.settings.allowed;
    let parts: Vec<&str> = name.split(BETWEEN).collect();
    let event = |category: &str, action: &str| {
        allowed.events.iter().find(|it| it.category == category && it.action == action)
    };
    match (kind, parts.as_slice()) {
        (Kind::Event, [category, action]) => {
            event(category, action).is_some() || {
                let declared = |text: &Option<String>, part: &str| text.as_deref() == Some(part);
                let mut rules = site.register.features.iter().flat_map(|it| &it.rules);
                rules.any(|it| declared(&it.category, category) && declared(&it.action, action))
            }
        }
        (Kind::EventName, [category, action, name]) => {
            event(category, action).is_some_and(|it| it.names.iter().any(|it| it == name))
        }
        (Kind::DimensionValue, [id, value]) => {
            let Ok(id) = id.parse::<u16>() else { return false };
            let listed =
                |it: &AllowedDimension| it.id == id && it.values.iter().any(|it| it == value);
            let mut audiences = site.register.audiences.iter();
            match audiences.find(|it| it.dimension == Some(id)) {
                Some(audience) => audience.takes(value),
                None => allowed.dimensions.iter().any(listed),
            }
        }
        (Kind::UrlParameter, [name]) => allowed.url_parameters.iter().any(|it| it == name),
        (Kind::Title, [title]) => allowed.titles.iter().any(|it| it == title),
        _ => false,
    }
}

/// Puts a name on the lists, or takes it off.
///
/// # Errors
/// It cannot be put there.
pub fn allow(lists: &mut Allowed, kind: Kind, name: &str, keep: bool) -> Result<(), Unlabelled> {
    let parts: Vec<&str> = name.split(BETWEEN).collect();
    match (kind, parts.as_slice()) {
        (Kind::Event, [category, action]) => {
            let known = |it: &AllowedEvent| it.category == *category && it.action == *action;
            if !keep {
                lists.events.retain(|it| !known(it));
            } else if !lists.events.iter().any(known) {
                let (category, action) = ((*category).to_owned(), (*action).to_owned());
                lists.events.push(AllowedEvent { category, action, names: Vec::new() });
            }
        }
        (Kind::EventName, [category, action, name]) => {
            let known = |it: &&mut AllowedEvent| it.category == *category && it.action == *action;
            match lists.events.iter_mut().find(known) {
                Some(event) => put(&mut event.names, name, keep),
                None if keep => return Err(Unlabelled::EventFirst),
                None => (),
            }
        }
        (Kind::DimensionValue, [id, value]) => {
            let Ok(id) = id.parse::<u16>() else { return Ok(()) };
            if keep && !lists.dimensions.iter().any(|it| it.id == id) {
                lists.dimensions.push(AllowedDimension { id, values: Vec::new() });
            }
            for dimension in lists.dimensions.iter_mut().filter(|it| it.id == id) {
                put(&mut dimension.values, value, keep);
            }
        }
        (Kind::UrlParameter, [name]) => put(&mut lists.url_parameters, name, keep),
        (Kind::Title, [title]) => put(&mut lists.titles, title, keep),
        _ if keep => return Err(Unlabelled::Parameter),
        _ => (),
    }
    Ok(())
}

fn put(list: &mut Vec<String>, name: &str, keep: bool) {
    if !keep {
        list.retain(|it| it != name);
    } else if !list.iter().any(|it| it == name) {
        list.push(name.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_let_through_is_kept_until_it_is_taken_off() {
        let mut site = Site::example();
        for (kind, name) in [
            (Kind::Event, "Création\u{1f}ajout"),
            (Kind::EventName, "Création\u{1f}ajout\u{1f}qcm"),
            (Kind::DimensionValue, "2\u{1f}college"),
            (Kind::UrlParameter, "onglet"),
            (Kind::Title, "Créer un quiz"),
        ] {
            assert!(!is_kept(&site, kind, name, true), "{name}");
            allow(&mut site.settings.allowed, kind, name, true).unwrap();
            allow(&mut site.settings.allowed, kind, name, true).unwrap();
            assert!(is_kept(&site, kind, name, true), "{name}");
        }
        for (kind, name) in
            [(Kind::EventName, "Création\u{1f}ajout\u{1f}qcm"), (Kind::Title, "Créer un quiz")]
        {
            allow(&mut site.settings.allowed, kind, name, false).unwrap();
            assert!(!is_kept(&site, kind, name, true), "{name}");
        }
        assert_eq!(site.settings.allowed.events.len(), 1);
    }

    #[test]
    fn parameters_and_names_without_their_event_are_not_let_through() {
        let mut lists = Allowed::default();
        assert_eq!(allow(&mut lists, Kind::Parameter, "x", true), Err(Unlabelled::Parameter));
        let name = "a\u{1f}b\u{1f}c";
        assert_eq!(allow(&mut lists, Kind::EventName, name, true), Err(Unlabelled::EventFirst));
        assert_eq!(lists, Allowed::default());
        assert!(!is_kept(&Site::example(), Kind::Parameter, "x", false));
        assert!(is_kept(&Site::example(), Kind::Title, "x", false), "no list, no secret");
    }
}
