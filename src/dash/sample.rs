//! A school site with believable figures, for tests and for looking at the pages.

use jiff::{
    ToSpan,
    civil::{Date, DateTime, Weekday, date},
};

use crate::{
    school::calendar::same_school_week_last_year,
    site::{date_of, number_of},
};

use super::{
    FeatureRow, Overview, PageRow, Shaded, Share, SiteCard, SiteName, Sites, Step, Totals,
    period::{Asked, Choice, Grain, ask},
    series::{DayCount, Point, regroup},
};

pub(super) fn site() -> SiteName {
    SiteName {
        id: 1,
        name: "Quizinière".to_owned(),
        address: "https://www.quiziniere.com".to_owned(),
    }
}

pub(super) fn now() -> DateTime {
    date(2026, 3, 18).at(15, 20, 0, 0)
}

/// A figure that looks drawn, the same at every run.
fn noise(seed: i64) -> f64 {
    let x = (seed.wrapping_mul(6_364_136_223_846_793_005) as u64).wrapping_add(1_442_695_040_888);
    ((x ^ (x >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 40) as f64 / f64::from(1 << 24)
}

fn visits_of(day: Date) -> u64 {
    let weekday = match day.weekday() {
        Weekday::Saturday => 0.11,
        Weekday::Sunday => 0.19,
        Weekday::Wednesday => 0.62,
        Weekday::Friday => 0.84,
        Weekday::Monday => 0.92,
        _ => 1.0,
    };
    let zones = Shaded::in_period(&Choice::around(Grain::Day, day)).len();
    let holiday = 1.0 - 0.28 * zones as f64;
    let at = i64::from(day.since(date(2000, 1, 1)).map_or(0, |it| it.get_days()));
    (14_800.0 * weekday * holiday * (0.86 + 0.24 * noise(at))) as u64
}

const HOURS: [f64; 24] = [
    0.02, 0.01, 0.0, 0.0, 0.0, 0.02, 0.08, 0.3, 0.86, 1.0, 0.94, 0.9, 0.3, 0.42, 0.95, 0.88, 0.62,
    0.46, 0.4, 0.3, 0.36, 0.26, 0.12, 0.05,
];

fn points(choice: &Choice, step: Step) -> Vec<Point> {
    let mut days = Vec::new();
    let mut day = choice.from;
    while day <= choice.to && day <= now().date() {
        let whole = visits_of(day);
        let visits = if day == now().date() { whole * 6 / 10 } else { whole };
        days.push(DayCount { day, visits, visitors: visits * 83 / 100 });
        day = day.saturating_add(1.day());
    }
    let mut points = regroup(choice, step, &days);
    if step == Step::Hour {
        for (hour, point) in points.iter_mut().enumerate().filter(|(_, it)| it.at <= now()) {
            point.visits = (HOURS[hour] * visits_of(choice.from) as f64 / 9.3) as u64;
            point.visitors = point.visits * 9 / 10;
        }
    }
    points
}

fn totals(choice: &Choice, step: Step, scale: f64) -> Totals {
    let sum = |read: fn(&Point) -> u64| points(choice, step).iter().map(read).sum::<u64>();
    let of = |it: u64, by: f64| (it as f64 * by * scale) as u64;
    let visits = sum(|it| it.visits);
    Totals {
        visits: of(visits, 1.0),
        visitors: Some(of(sum(|it| it.visitors), 1.0)),
        views: of(visits, 6.4),
        uses: of(visits, 3.1),
        seconds: of(visits, 512.0 * scale),
        bounces: of(visits, 0.184),
    }
}

fn moments(visits: u64) -> [[u64; 24]; 7] {
    std::array::from_fn(|day| {
        std::array::from_fn(|hour| {
            let weekday = [0.92, 1.0, 0.62, 1.0, 0.84, 0.11, 0.19][day];
            let weekend = 4 < day;
            let wednesday_off = day == 2 && 12 < hour;
            let home = if (weekend || wednesday_off) && HOURS[hour] > 0.4 { 0.45 } else { 1.0 };
            (HOURS[hour] * weekday * home * visits as f64 / 44.0) as u64
        })
    })
}

fn features(visits: u64) -> Vec<FeatureRow> {
    let row = |category: &str, action: &str, share: f64, each: f64, median: Option<f64>| {
        let with_use = (visits as f64 * share) as u64;
        let uses = (with_use as f64 * each) as u64;
        FeatureRow {
            category: category.to_owned(),
            action: action.to_owned(),
            uses,
            visits: with_use,
            visitors: with_use * 88 / 100,
            median_seconds: median,
            p90_seconds: median.map(|it| it * 3.4),
            total_seconds: median.map(|it| it * 1.5 * uses as f64),
        }
    };
    vec![
        row("Passation", "Répondre à un quiz", 0.412, 1.2, Some(338.0)),
        row("Passation", "Rendre une copie", 0.364, 1.1, None),
        row("Passation", "Entrer par un code", 0.388, 1.04, Some(11.0)),
        row("Passation", "Enregistrer sa voix", 0.041, 2.3, Some(27.0)),
        row("Création", "Question à choix multiple", 0.081, 4.6, Some(44.0)),
        row("Création", "Texte à trous", 0.047, 2.9, Some(95.0)),
        row("Création", "Question audio", 0.012, 1.7, Some(131.0)),
        row("Création", "Question dessin", 0.0062, 1.3, Some(74.0)),
        row("Création", "Publier et partager par code", 0.052, 1.3, None),
        row("Correction", "Corriger une copie", 0.068, 8.1, Some(52.0)),
        row("Correction", "Envoyer les résultats", 0.021, 1.1, None),
        row("Catalogue", "Chercher un quiz", 0.094, 2.2, Some(38.0)),
        row("Catalogue", "Copier un quiz du catalogue", 0.031, 1.4, None),
        row("Aide", "Ouvrir l’aide", 0.0003, 1.0, Some(63.0)),
    ]
}

fn pages(views: u64) -> Vec<PageRow> {
    [
        ("Répondre", "/diffusions/{code}", 0.34, Some(312.0)),
        ("Accueil", "/", 0.19, Some(24.0)),
        ("Mes quiz", "/mes-quiz", 0.09, Some(48.0)),
        ("Créer un quiz", "/quiz/nouveau", 0.075, Some(402.0)),
        ("Copies reçues", "/diffusions/{code}/copies", 0.06, Some(221.0)),
        ("Catalogue des quiz partagés", "/catalogue", 0.052, Some(66.0)),
        ("", "/catalogue/recherche/cycle-3/sciences-et-technologie/le-fonctionnement-du-corps-humain", 0.02, None),
        ("Aide", "/aide", 0.004, Some(81.0)),
    ]
    .map(|(title, address, share, average)| PageRow {
        title: (!title.is_empty()).then(|| title.to_owned()),
        address: format!("www.quiziniere.com{address}"),
        views: (views as f64 * share) as u64,
        visits: (views as f64 * share * 0.7) as u64,
        average_seconds: average,
    })
    .into()
}

fn shares(visits: u64, list: &[(&str, f64)]) -> Vec<Share> {
    list.iter()
        .map(|(label, share)| Share {
            label: (*label).to_owned(),
            visits: (visits as f64 * share) as u64,
        })
        .collect()
}

/// The dashboard of that period.
pub(super) fn overview(period: &str, day: &str) -> Overview {
    let asked = ask(Some(period), Some(day), None, now().date());
    let step = Step::of(&asked.choice);
    let totals = totals(&asked.choice, step, 1.0);
    Overview {
        points: points(&asked.choice, step),
        previous: Some(Totals {
            bounces: totals.bounces * 105 / 100,
            ..self::totals(&asked.choice, step, 0.91)
        }),
        features: features(totals.visits),
        pages: pages(totals.views),
        pages_in_all: 312,
        moments: moments(totals.visits),
        devices: shares(
            totals.visits,
            &[("desktop", 0.52), ("tablet", 0.27), ("smartphone", 0.2), ("", 0.01)],
        ),
        browsers: shares(
            totals.visits,
            &[
                ("Chrome", 0.48),
                ("Firefox", 0.24),
                ("Edge", 0.15),
                ("Safari", 0.12),
                ("unknown", 0.0003),
            ],
        ),
        systems: shares(
            totals.visits,
            &[
                ("Windows", 0.51),
                ("Android", 0.22),
                ("iOS", 0.16),
                ("GNU/Linux", 0.07),
                ("Chrome OS", 0.04),
            ],
        ),
        visitors_are_distinct: false,
        totals,
        last_year: last_year(&asked.choice, step),
        ..empty(asked, step)
    }
}

/// A tenth less than this year.
fn last_year(choice: &Choice, step: Step) -> Vec<Option<u64>> {
    let mut days = Vec::new();
    let mut day = choice.from;
    while day <= choice.to {
        if let Some(same) = same_school_week_last_year(number_of(day)) {
            let visits = visits_of(date_of(same)) * 9 / 10;
            days.push(DayCount { day, visits, visitors: 0 });
        }
        day = day.saturating_add(1.day());
    }
    let mut points = regroup(choice, step, &days);
    if step == Step::Hour {
        let visits = days.iter().map(|it| it.visits).sum::<u64>();
        for (hour, point) in points.iter_mut().enumerate() {
            point.visits = (HOURS[hour] * visits as f64 / 9.3) as u64;
        }
    }
    points.iter().map(|it| Some(it.visits)).collect()
}

/// The dashboard of a site that nobody visits.
pub(super) fn empty(asked: Asked, step: Step) -> Overview {
    Overview {
        site: site(),
        now: now(),
        asked,
        step,
        points: regroup(&asked.choice, step, &[]),
        visitors_are_distinct: false,
        totals: Totals::default(),
        previous: None,
        features: Vec::new(),
        pages: Vec::new(),
        pages_in_all: 0,
        moments: [[0; 24]; 7],
        devices: Vec::new(),
        browsers: Vec::new(),
        systems: Vec::new(),
        shaded: Shaded::in_period(&asked.choice),
        last_year: Vec::new(),
    }
}

pub(super) fn sites() -> Sites {
    let choice = Choice::usual(now().date());
    let days = |by: f64| {
        points(&choice, Step::Day)
            .iter()
            .map(|it| (it.visits as f64 * by) as u64)
            .collect::<Vec<_>>()
    };
    let card = |id, name: &str, address: &str, by| {
        let days = days(by);
        SiteCard {
            site: SiteName { id, name: name.to_owned(), address: address.to_owned() },
            today: days.last().copied().unwrap_or_default(),
            week: days.iter().rev().take(7).sum(),
            days,
        }
    };
    Sites {
        published: Vec::new(),
        sites: vec![
            card(1, "Quizinière", "https://www.quiziniere.com", 1.0),
            card(2, "Quizinière – préproduction", "https://preprod.quiziniere.example", 0.002),
            card(3, "Catalogue", "https://catalogue.example", 0.0),
        ],
    }
}
