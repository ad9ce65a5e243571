//! UserLanguage: languages of browsers.

use super::rows::{Part, table, value};
use crate::{
    report::{
        labels,
        need::{By, Need},
        refusal::Refusal,
        registry::Report,
        scene::{Asked, Scene},
        table::{Cell, Table},
    },
    rollup::{Shape, subject},
};

const MODULE: &str = "UserLanguage";

pub(super) const REPORTS: &[Report] = &[
    Report::new(MODULE, "getLanguage", needs, languages).of(&["UserLanguage_Language"]),
    Report::new(MODULE, "getLanguageCode", needs, codes).of(&["UserLanguage_Language"]),
];

fn needs(_: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    Ok(vec![Need::of(Shape::Visit, subject::LANGUAGE, By::VALUE)])
}

/// A language with all its regions.
fn languages(scene: &Scene<'_>) -> Table {
    let base = |row: &_| {
        let code = value(row).unwrap_or_else(|| "xx".to_owned());
        Some(code.split('-').next().unwrap_or_default().to_owned())
    };
    table(Part::of(scene, 0, usize::MAX).split(base), scene.period, |record, code, _| {
        record.label = Some(labels::language(code, scene.language()));
        let segment = format!("languageCode=={code},languageCode=@{code}-");
        record.tell("segment", Cell::text(&segment));
    })
}

fn codes(scene: &Scene<'_>) -> Table {
    let code = |row: &_| Some(value(row).unwrap_or_else(|| "xx".to_owned()));
    table(Part::of(scene, 0, usize::MAX).split(code), scene.period, |record, code, _| {
        record.label = Some(labels::language_with_code(code, scene.language()));
        record.tell("segment", Cell::text(&format!("languageCode=={code}")));
    })
}
