//! The hits of one classroom, written as the browser's tracker writes them.
//!
//! A connection is a class: 28 pupils with one kind of tablet behind one address. Each pupil makes
//! 5 to 40 hits, then another one takes the seat. A hit is exactly one of page view, search,
//! download, outlink or event, so that hits can be compared with counts; pings are told apart.

use std::{fmt::Write, sync::Arc};

use fastrand::Rng;
use hyper::{
    HeaderMap,
    header::{
        ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, CONTENT_TYPE, HeaderValue, ORIGIN, REFERER,
        USER_AGENT,
    },
};
use jiff::Timestamp;

use crate::{
    agents::{AGENTS, Agent},
    query,
};

/// Pupils of a class.
const SEATS: usize = 28;
/// Quizzes that are open to all, each with a page of its own.
const QUIZZES: u32 = 400;
/// The site whose pages are seen.
const SITE: &str = "https://www.quiziniere.com";

/// What was written last, for the count afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// One of the five kinds that reports count.
    Countable,
    /// A heartbeat: lengthens a visit, counts as nothing.
    Ping,
}

struct Pupil {
    id: u64,
    hits_left: u32,
    page_view: u32,
    /// The quiz whose page is open. From a page one gets to the next: a site's pages lead to a few others,
    /// not to any.
    quiz: u32,
    is_new: bool,
}

/// A class and the browser all its pupils have.
pub(crate) struct Classroom {
    site: u32,
    random: Rng,
    seats: Vec<Pupil>,
    headers: Arc<HeaderMap>,
    /// What every hit of this browser ends with.
    tail: String,
}

impl Classroom {
    /// The class of that number; the same number gives the same class and the same hits, but for
    /// the time of day.
    pub(crate) fn new(site: u32, number: u64) -> Self {
        let mut random = Rng::with_seed(number);
        let agent = &AGENTS[random.usize(..AGENTS.len())];
        let seats = (0..SEATS).map(|_| Pupil::new(&mut random)).collect();
        let headers = Arc::new(headers(agent));
        Self { site, random, seats, headers, tail: tail(agent) }
    }

    pub(crate) fn headers(&self) -> Arc<HeaderMap> {
        Arc::clone(&self.headers)
    }

    /// Appends the parameters of the next hit of some pupil.
    pub(crate) fn write_hit(&mut self, out: &mut String) -> Kind {
        let seat = self.random.usize(..SEATS);
        let kind = self.write_action(seat, out);
        let random = self.random.u32(..1_000_000);
        let clock = Timestamp::now().as_second().rem_euclid(86_400);
        let pupil = &mut self.seats[seat];
        let quiz = pupil.quiz;
        // Writing to a String cannot fail.
        write!(
            out,
            "&idsite={}&rec=1&r={random:06}&h={}&m={}&s={}\
             &url=https%3A%2F%2Fwww.quiziniere.com%2Fexercice%2F{quiz}&_id={:016x}&_idn={}\
             &send_image=0&_refts=0&pv_id={:06x}{}",
            self.site,
            clock / 3600,
            clock / 60 % 60,
            clock % 60,
            pupil.id,
            u8::from(pupil.is_new),
            pupil.page_view & 0xff_ffff,
            self.tail,
        )
        .ok();
        pupil.is_new = false;
        pupil.hits_left -= 1;
        if pupil.hits_left == 0 {
            *pupil = Pupil::new(&mut self.random);
        }
        kind
    }

    /// What the hit is: the part that the tracker writes first.
    fn write_action(&mut self, seat: usize, out: &mut String) -> Kind {
        let random = &mut self.random;
        let pupil = &mut self.seats[seat];
        let roll = if pupil.is_new { 0 } else { random.u32(..100) };
        match roll {
            0..55 => {
                pupil.page_view = random.u32(..);
                pupil.quiz = (pupil.quiz + 1) % QUIZZES;
                let quiz = pupil.quiz;
                write!(out, "action_name=Quiz%20{quiz}%20-%20Quizini%C3%A8re").ok();
                if pupil.is_new && random.bool() {
                    out.push_str("&urlref=https%3A%2F%2Fwww.ecolemonecole.fr%2F");
                }
                let [server, paint] = [random.u32(20..400), random.u32(100..2000)];
                write!(out, "&pf_net=12&pf_srv={server}&pf_tfr=4&pf_dm1={paint}").ok();
            }
            55..86 => {
                let name = EVENTS[random.usize(..EVENTS.len())];
                write!(out, "{name}&e_v={}&ca=1", random.u32(2..400)).ok();
            }
            86..91 => {
                let word = WORDS[random.usize(..WORDS.len())];
                write!(out, "search={word}&search_count={}", random.u32(..60)).ok();
            }
            91..94 => {
                write!(out, "download={DOWNLOAD}{}.pdf", pupil.quiz).ok();
            }
            94..96 => out.push_str("link=https%3A%2F%2Fwww.reseau-canope.fr%2F"),
            _ => {
                out.push_str("ping=1");
                return Kind::Ping;
            }
        }
        Kind::Countable
    }
}

impl Pupil {
    fn new(random: &mut Rng) -> Self {
        Self {
            id: random.u64(..),
            hits_left: random.u32(5..=40),
            page_view: 0,
            quiz: random.u32(..QUIZZES),
            is_new: true,
        }
    }
}

const DOWNLOAD: &str = "https%3A%2F%2Fwww.quiziniere.com%2Ffiches%2F";

/// Already encoded, as they are pushed a million times.
const EVENTS: [&str; 8] = [
    "e_c=R%C3%A9ponse&e_a=reponse-texte&e_n=question",
    "e_c=R%C3%A9ponse&e_a=reponse-audio&e_n=question",
    "e_c=R%C3%A9ponse&e_a=reponse-dessin&e_n=question",
    "e_c=R%C3%A9ponse&e_a=copie-rendue",
    "e_c=Cr%C3%A9ation&e_a=ajout-question&e_n=qcm",
    "e_c=Cr%C3%A9ation&e_a=ajout-question&e_n=texte-a-trous",
    "e_c=Diffusion&e_a=partage&e_n=code",
    "e_c=Correction&e_a=annotation&e_n=texte",
];

const WORDS: [&str; 8] = [
    "fractions",
    "passe%20compose",
    "R%C3%A9volution%20fran%C3%A7aise",
    "verbes",
    "volcan",
    "Pythagore",
    "cellule",
    "pr%C3%A9t%C3%A9rit",
];

fn headers(agent: &Agent) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(USER_AGENT, HeaderValue::from_static(agent.user_agent));
    headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
    headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static("fr-FR,fr;q=0.9,en;q=0.7"));
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip, deflate, br"));
    let form = "application/x-www-form-urlencoded; charset=UTF-8";
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(form));
    headers.insert(ORIGIN, HeaderValue::from_static(SITE));
    headers.insert(REFERER, HeaderValue::from_static(SITE));
    if agent.has_client_hints() {
        headers.insert("sec-ch-ua-mobile", HeaderValue::from_static("?0"));
        let brands = r#""Chromium";v="141", "Not?A_Brand";v="8""#;
        headers.insert("sec-ch-ua", HeaderValue::from_static(brands));
    }
    headers
}

fn tail(agent: &Agent) -> String {
    let hints = if agent.has_client_hints() {
        r#"{"brands":[{"brand":"Chromium","version":"141"}],"mobile":false,"platform":""}"#
    } else {
        "{}"
    };
    let mut tail = String::new();
    query::push(&mut tail, "&uadata", hints);
    tail.push_str("&pdf=1&qt=0&realp=0&wma=0&fla=0&java=0&ag=0&cookie=1");
    query::push(&mut tail, "res", agent.resolution);
    tail
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    fn parameter<'a>(hit: &'a str, name: &str) -> Option<&'a str> {
        hit.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
    }

    fn hits(count: usize) -> Vec<(String, Kind)> {
        let mut class = Classroom::new(3, 7);
        let write = |_| {
            let mut hit = String::new();
            let kind = class.write_hit(&mut hit);
            (hit, kind)
        };
        (0..count).map(write).collect()
    }

    #[test]
    fn a_hit_is_exactly_one_kind_of_action() {
        for (hit, kind) in hits(2_000) {
            let kinds = ["action_name", "search", "download", "link", "e_c", "ping"]
                .iter()
                .filter(|name| parameter(&hit, name).is_some())
                .count();
            assert_eq!(kinds, 1, "{hit}");
            assert_eq!(kind == Kind::Ping, parameter(&hit, "ping").is_some(), "{hit}");
            assert_eq!(parameter(&hit, "idsite"), Some("3"), "{hit}");
            assert!(!hit.contains("&&") && !hit.starts_with('&'), "{hit}");
        }
    }

    #[test]
    fn a_class_has_28_pupils_at_a_time_with_5_to_40_hits_each() {
        let hits = hits(10_000);
        let mut per_pupil = BTreeMap::new();
        for (hit, _) in &hits {
            *per_pupil.entry(parameter(hit, "_id").unwrap()).or_insert(0) += 1;
        }
        assert!(per_pupil.values().all(|hits| *hits <= 40));
        assert!(per_pupil.values().filter(|hits| **hits < 5).count() <= SEATS);
        let first: BTreeSet<_> =
            hits.iter().take(100).filter_map(|(hit, _)| parameter(hit, "_id")).collect();
        assert!(first.len() <= 2 * SEATS, "{}", first.len());
        assert!(per_pupil.keys().all(|id| id.len() == 16));
    }

    #[test]
    fn a_pupil_starts_with_a_page_view() {
        let mut seen = BTreeSet::new();
        for (hit, _) in hits(3_000) {
            if seen.insert(parameter(&hit, "_id").unwrap().to_owned()) {
                assert!(hit.starts_with("action_name="), "{hit}");
            }
        }
    }
}
