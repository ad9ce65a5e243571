//! The CNIL's criteria for exempt audience measurement, by the numbers that docs/ give them, each
//! on an exempt site of a real server; and docs/conformite-cnil.md, which is made of what they find.

mod checks;
mod criteria;
mod scene;

use std::panic::{AssertUnwindSafe, catch_unwind};

use criteria::{CRITERIA, Criterion};
use scene::Scene;

use crate::running::WRITE_DOCS;

const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/conformite-cnil.md");
const START: &str = "<!-- critères -->\n";
const END: &str = "<!-- fin des critères -->";

macro_rules! criteria {
    ($($name:ident $number:literal),* $(,)?) => {
        $(
            #[test]
            fn $name() {
                assert!(stringify!($name).starts_with(&format!("cnil_{:02}_", $number)));
                criterion($number).check.expect("it has a test")(&Scene::shared());
            }
        )*

        #[test]
        fn every_criterion_has_its_test_or_says_who_answers() {
            let tested = [$($number),*];
            for criterion in CRITERIA {
                assert_eq!(
                    criterion.check.is_some(),
                    tested.contains(&criterion.number),
                    "CNIL-{:02}", criterion.number
                );
                assert!(criterion.check.is_some() || !criterion.left.is_empty());
            }
            assert!(CRITERIA.iter().map(|it| it.number).eq(1..=21));
        }
    };
}

criteria! {
    cnil_02_nothing_of_campaigns_or_sales_is_kept 2,
    cnil_04_only_listed_interactions_have_names 4,
    cnil_05_agents_are_a_family_and_a_major_version 5,
    cnil_06_referrers_are_hosts 6,
    cnil_07_texts_about_persons_are_written_nowhere 7,
    cnil_08_addresses_are_written_nowhere 8,
    cnil_09_places_are_countries_at_most 9,
    cnil_10_nobody_is_followed_from_site_to_site 10,
    cnil_11_a_day_s_key_is_another_day_s_noise 11,
    cnil_12_nothing_can_be_matched_with_other_data 12,
    cnil_13_outsiders_see_rounded_and_large_figures_only 13,
    cnil_14_nobody_s_way_is_shown 14,
    cnil_15_segments_single_nobody_out 15,
    cnil_16_who_refuses_is_not_counted 16,
    cnil_17_no_cookie_but_the_refusal 17,
    cnil_18_figures_live_25_months_at_most 18,
    cnil_19_durations_were_reviewed_within_a_year 19,
    cnil_20_nothing_goes_elsewhere 20,
    cnil_21_sites_are_apart 21,
}

fn criterion(number: u32) -> &'static Criterion {
    CRITERIA.iter().find(|it| it.number == number).expect("it is listed")
}

/// What every check finds now, as the document tells it.
fn table() -> String {
    let scene = Scene::shared();
    let mut table = "| critère | ce qu’il demande | ce qui le tient | essai | reste à répondre |\n|---|---|---|---|---|\n".to_owned();
    for criterion in CRITERIA {
        let found = match criterion.check {
            None => "aucun".to_owned(),
            Some(check) => {
                let held = catch_unwind(AssertUnwindSafe(|| check(&scene))).is_ok();
                let held = if held { "réussi" } else { "**échoué**" };
                format!("`cnil_{:02}` {held}", criterion.number)
            }
        };
        let left = if criterion.left.is_empty() { "–" } else { criterion.left };
        table.push_str(&format!(
            "| CNIL-{:02} | {} | {} | {found} | {left} |\n",
            criterion.number, criterion.asks, criterion.held
        ));
    }
    table
}

#[test]
fn the_document_tells_what_the_tests_find() {
    let text = std::fs::read_to_string(DOCUMENT).unwrap();
    let (before, rest) = text.split_once(START).unwrap();
    let (written, after) = rest.split_once(END).unwrap();
    let table = table();
    if std::env::var_os(WRITE_DOCS).is_some() {
        std::fs::write(DOCUMENT, format!("{before}{START}{table}{END}{after}")).unwrap();
        return;
    }
    assert_eq!(written, table, "run: PADOQE_WRITE_DOCS=1 cargo test --test server cnil");
    let claims = text.to_lowercase();
    for never in
        ["certifié cnil", "certifié par la cnil", "validé par la cnil", "approuvé par la cnil"]
    {
        assert!(!claims.contains(never), "{never}");
    }
    assert!(claims.contains("d’après notre auto-évaluation"));
}
