//! A register to look at: the annotated example's.

use crate::{
    dash::{FeatureForm, RegisterPage, SiteName, Told, Tried},
    register::{EXAMPLE, File, KnownEvent, preview},
    site::{Dimension, Register, Scope, Site},
};

fn declared() -> Register {
    let dimension =
        |id| Dimension { id, name: String::new(), scope: Scope::Visit, index: id, active: true };
    let site =
        Site { dimensions: vec![dimension(1), dimension(2), dimension(3)], ..Site::example() };
    File::read(EXAMPLE).unwrap().plan(&site, 20_780).unwrap().register
}

/// The list, with a file that was refused.
pub(in crate::dash) fn register(site: SiteName) -> RegisterPage {
    let register = declared();
    let file = File::of(&register).write();
    let told = Told::Problems(vec![format!("ligne 3, fonctionnalité `{}`", site.name)]);
    RegisterPage { site, register, file, told }
}

/// A form whose rules were tried.
pub(in crate::dash) fn feature_form(site: SiteName) -> FeatureForm {
    let event = |action: &str, name: &str, uses| KnownEvent {
        category: site.name.clone(),
        action: action.into(),
        name: name.into(),
        uses,
    };
    let events = vec![event("ajout", "qcm", 1_204), event("ajout", "", 3), event("a", "b", 9)];
    let mut entry = File::of(&declared()).features.swap_remove(4);
    entry.description = site.name.clone();
    entry.rules[0].category = Some(site.name.clone());
    entry.rules[0].page = Some("/demo/**".into());
    let found = preview(&entry.rules[0], &events, &[]);
    FeatureForm {
        site,
        known: true,
        entry,
        released: "2026-09-01".into(),
        tried: vec![Tried::Found(found)],
        problems: vec!["<script>\"".into()],
        removing: true,
        events,
        days: 30,
        ..FeatureForm::default()
    }
}
