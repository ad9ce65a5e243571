//! The demonstration's fortnight through the real doors, and every report of features and audiences
//! against plain counting of the hits that were generated.

mod counting;
mod interval;
mod reports;
mod table;

use jiff::civil::{Date, date};
use load_tests::fortnight::{Plan, Script, Stage};
use serde_json::Value;

use self::{
    counting::{Counted, Visit},
    reports::{Period, Scene},
    table::{Node, compare},
};
use crate::running::Server;

/// A Monday; the three weeks are over, of one month, without a change of the clocks.
const START: Date = date(2026, 3, 2);
/// From when features count, in days since 1970: 4 October 2024.
const COUNTED_SINCE: i32 = 20_000;

/// The demonstration's own, with releases that were before its first day.
fn register() -> String {
    let register = load_tests::fortnight::register(START).unwrap();
    register.replace("released = 2026-09-01", "released = 2025-09-01")
}

const fn period(kind: &'static str, text: &'static str, first: Date, last: Date) -> Period {
    Period { kind, date: text, first, last }
}

const MARCH: Period = period("month", "2026-03-15", date(2026, 3, 1), date(2026, 3, 31));
const WEEK: Period = period("week", "2026-03-18", date(2026, 3, 16), date(2026, 3, 22));
const FORTNIGHT: Period =
    period("range", "2026-03-02,2026-03-22", date(2026, 3, 2), date(2026, 3, 22));

/// Two days of school; the first week and the last; the month; all of it; some days, of holidays and of school.
const PERIODS: [Period; 7] = [
    period("day", "2026-03-03", date(2026, 3, 3), date(2026, 3, 3)),
    period("day", "2026-03-18", date(2026, 3, 18), date(2026, 3, 18)),
    period("week", "2026-03-04", date(2026, 3, 2), date(2026, 3, 8)),
    WEEK,
    MARCH,
    FORTNIGHT,
    period("range", "2026-03-10,2026-03-17", date(2026, 3, 10), date(2026, 3, 17)),
];

/// An audience and, where the question is about one value only, this.
type Lens = (&'static str, &'static str);

const LENSES: [Lens; 9] = [
    ("", ""),
    ("profil", ""),
    ("academie", ""),
    ("discipline", ""),
    ("appareil", ""),
    ("profil,niveau", ""),
    ("niveau,profil", ""),
    ("profil", "enseignant"),
    ("profil,niveau", "eleve × college"),
];

/// Puts the register's days back: what is applied today would count from today.
fn predate(server: &Server, site: u32) {
    let found =
        server.ask_sql(&format!("select definition::text from register where site = {site}"));
    let mut definition: Value = serde_json::from_str(&found[0]).unwrap();
    for list in ["features", "funnels"] {
        for one in definition[list].as_array_mut().unwrap() {
            one["since"] = COUNTED_SINCE.into();
        }
    }
    let text = definition.to_string().replace('\'', "''");
    server.sql(&format!("update register set definition = '{text}' where site = {site}"));
}

/// A server with the fortnight in it.
fn played(script: &Script) -> (Server, String) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut server = Server::start();
    let url = |server: &Server| format!("http://{}", server.address);
    let stage = runtime.block_on(Stage::set(&url(&server), &server.token, START)).unwrap();
    let site = stage.site.to_string();
    server.api("Features.apply", &[("idSite", &site), ("register", &register())]);
    predate(&server, stage.site);
    server.kill();
    server.start_again();
    let stage = stage.moved(&url(&server)).unwrap();
    runtime.block_on(stage.play(script)).unwrap();
    (server, site)
}

/// Asks one report, and compares all of it.
struct Asker<'a> {
    server: &'a Server,
    site: &'a str,
    figures: usize,
}

impl Asker<'_> {
    fn compare(
        &mut self,
        method: &str,
        period: Period,
        (audience, value): Lens,
        more: &[(&str, &str)],
        nodes: &[Node],
    ) {
        let mut all = vec![
            ("idSite", self.site),
            ("period", period.kind),
            ("date", period.date),
            ("language", "en"),
            ("format_metrics", "0"),
            ("filter_limit", "-1"),
            ("expanded", "1"),
        ];
        let named = [("audience", audience), ("audienceValue", value)];
        all.extend(named.into_iter().filter(|(_, it)| !it.is_empty()));
        all.extend(more);
        let what = format!("{method} {} {} {audience} {value} {more:?}", period.kind, period.date);
        let answer = self.server.api(method, &all);
        self.figures += compare(&answer, nodes, &what);
    }
}

fn scene<'a>(counted: &'a Counted, period: Period, (audience, value): Lens) -> Scene<'a> {
    let is_meant = |it: &&Visit| {
        (period.first..=period.last).contains(&it.day)
            && (value.is_empty() || it.value(audience) == value)
    };
    let visits = counted.visits.iter().filter(is_meant).collect();
    let split = Some(audience).filter(|it| !it.is_empty() && value.is_empty());
    Scene { counted, period, visits, split }
}

fn every_report(asker: &mut Asker<'_>, counted: &Counted, period: Period, lens: Lens) {
    let scene = scene(counted, period, lens);
    let mut ask = |method: &str, more: &[(&str, &str)], nodes: Vec<Node>| {
        asker.compare(method, period, lens, more, &nodes);
    };
    ask("Features.getAdoption", &[], scene.adoption());
    // What is not spread out has the same figures: once is enough.
    let is_whole = lens == LENSES[0];
    let spreads = if is_whole { &["", "visit", "day", "days"][..] } else { &["visit", "days"] };
    for spread in spreads.iter().copied() {
        let is_known = spread != "days" || matches!(period.kind, "week" | "month");
        if is_known {
            let more = [("distribution", spread)];
            let more = if spread.is_empty() { &[][..] } else { &more[..] };
            ask("Features.getFrequency", more, scene.frequency(spread));
        }
    }
    if is_whole {
        ask("Features.getDuration", &[], scene.duration(false));
        ask("Features.getTrend", &[("by", "month")], scene.trend("month"));
    }
    ask("Features.getDuration", &[("distribution", "1")], scene.duration(true));
    ask("Features.getMoments", &[], scene.moments());
    ask("Features.getMoments", &[("by", "week")], scene.weeks());
    for step in ["day", "week"] {
        ask("Features.getTrend", &[("by", step)], scene.trend(step));
    }
    ask("Features.getBeforeAfter", &[], scene.before_and_after());
    ask("Features.getTogether", &[], scene.together());
    ask("Features.getFunnels", &[], scene.funnels());
    if scene.split.is_none() {
        let (audience, value) = lens;
        let is_meant = |it: &&Visit| {
            it.day < period.first && (value.is_empty() || it.value(audience) == value)
        };
        let before: Vec<&Visit> = counted.visits.iter().filter(is_meant).collect();
        ask("Features.getNeverUsed", &[], scene.never(&before));
    }
    match lens {
        ("", _) => ask("Features.getRetention", &[], scene.retention(&counted.visits)),
        (audience, "") => ask("Audience.get", &[], scene.audience(audience)),
        _ => (),
    }
}

/// What is under one feature or funnel is the answer where the question names it.
fn named_ones(asker: &mut Asker<'_>, counted: &Counted) {
    for lens in [LENSES[0], LENSES[1]] {
        let scene = scene(counted, FORTNIGHT, lens);
        for feature in &counted.features {
            let more = [("feature", feature.key.as_str())];
            let own = |nodes: Vec<Node>| {
                let own: Vec<Node> =
                    nodes.into_iter().filter(|it| it.name.1 == feature.name).collect();
                let under = own[0].under.clone();
                if under.is_empty() { own } else { under }
            };
            asker.compare("Features.getAdoption", FORTNIGHT, lens, &more, &own(scene.adoption()));
            asker.compare("Features.getTrend", FORTNIGHT, lens, &more, &own(scene.trend("day")));
        }
        for (funnel, node) in counted.funnels.iter().zip(scene.funnels()) {
            let more = [("funnel", funnel.key.as_str())];
            asker.compare("Features.getFunnel", FORTNIGHT, lens, &more, &node.under);
        }
    }
}

/// What needs no period: the register as it was written.
fn declared(asker: &Asker<'_>, counted: &Counted) {
    let ask = |method: &str| {
        asker.server.api(
            method,
            &[
                ("idSite", asker.site),
                ("language", "en"),
                ("expanded", "1"),
                ("filter_limit", "-1"),
            ],
        )
    };
    let features = ask("Features.getFeatures");
    assert_eq!(features.as_array().map(Vec::len), Some(counted.features.len()), "{features}");
    for (row, feature) in features.as_array().unwrap().iter().zip(&counted.features) {
        assert_eq!(
            (&row["key"], &row["name_en"]),
            (&feature.key.as_str().into(), &feature.name.as_str().into())
        );
        assert_eq!(row["released"], feature.released.to_string(), "{row}");
    }
    let audiences = ask("Audience.getAudiences");
    let keys: Vec<_> = audiences.as_array().unwrap().iter().map(|row| &row["key"]).collect();
    let wider = [
        "academie:region",
        "academie:zone",
        "etablissement:department",
        "etablissement:academy",
        "etablissement:region",
        "etablissement:zone",
    ];
    let single = ["profil", "niveau", "discipline", "appareil", "academie", "etablissement"];
    let pairs = ["profil,niveau", "etablissement,profil"];
    assert_eq!(keys, [&single[..], &wider[..], &pairs[..]].concat());
    assert_eq!(audiences[1]["nb_values"], 4, "{audiences}");
}

#[test]
fn every_report_of_the_demonstration_counts_what_plain_counting_counts() {
    let plan = Plan { start: START, until: i64::MAX, scale: 0.06, seed: 3 };
    let script = Script::new(&plan).unwrap();
    let counted = Counted::new(&register(), &script);
    let (server, site) = played(&script);
    let whole = [("idSite", site.as_str()), ("period", MARCH.kind), ("date", MARCH.date)];
    let visits = counted.visits.len();
    server.wait_for("Features.getAdoption", &whole, |rows| rows[0]["nb_active_visits"] == visits);
    let mut asker = Asker { server: &server, site: &site, figures: 0 };
    for (at, period) in PERIODS.into_iter().enumerate() {
        // One period by every audience, each other one whole and by one of them.
        let by = if period.date == WEEK.date { &LENSES[1..] } else { &LENSES[1 + at % 8..][..1] };
        every_report(&mut asker, &counted, period, LENSES[0]);
        for lens in by {
            every_report(&mut asker, &counted, period, *lens);
        }
    }
    named_ones(&mut asker, &counted);
    declared(&asker, &counted);
    // Many figures, and most of them not nothing.
    assert!(asker.figures > 20_000, "{}", asker.figures);
}
