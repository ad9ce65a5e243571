//! Search engines, websites, social networks and campaigns, each with what is under it.

use super::super::rows::{Part, below, require_subtable, sub, table, value, visits_and_goals};
use crate::{
    report::{
        labels::{self, Absent, encode},
        need::{By, Need, Row},
        refusal::Refusal,
        scene::{Asked, Scene},
        table::{Cell, Record, Table},
    },
    rollup::subject,
};

const ICONS: &str = "plugins/Morpheus/icons/dist";

/// Under a source is read only where the answer shows it.
fn by(asked: &Asked<'_>) -> By {
    if asked.options.is_deep() { By::SUB } else { By::VALUE }
}

pub(super) fn engine_needs(asked: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    Ok(visits_and_goals(asked, subject::SEARCH_ENGINE, By::SUB))
}

pub(super) fn website_needs(asked: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    Ok(visits_and_goals(asked, subject::WEBSITE, by(asked)))
}

pub(super) fn social_needs(asked: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    Ok(visits_and_goals(asked, subject::SOCIAL, by(asked)))
}

/// Whether a campaign has keywords is known from the keywords only.
pub(super) fn campaign_needs(asked: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    Ok(visits_and_goals(asked, subject::CAMPAIGN, By::SUB))
}

pub(super) fn assistant_needs(asked: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    Ok(visits_and_goals(asked, subject::ASSISTANT, By::VALUE))
}

pub(super) fn engine_parts(asked: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    require_subtable(asked).and_then(|()| engine_needs(asked))
}

pub(super) fn website_parts(asked: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    require_subtable(asked).and_then(|()| website_needs(asked))
}

pub(super) fn social_parts(asked: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    require_subtable(asked).and_then(|()| social_needs(asked))
}

pub(super) fn campaign_parts(asked: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    require_subtable(asked).and_then(|()| campaign_needs(asked))
}

pub(super) fn keywords(scene: &Scene<'_>) -> Table {
    keywords_of(scene, Part::of(scene, 0, 1))
}

pub(super) fn engines(scene: &Scene<'_>) -> Table {
    engines_of(scene, Part::of(scene, 0, 1))
}

pub(super) fn websites(scene: &Scene<'_>) -> Table {
    websites_of(scene, Part::of(scene, 0, 1))
}

pub(super) fn socials(scene: &Scene<'_>) -> Table {
    socials_of(scene, Part::of(scene, 0, 1))
}

pub(super) fn campaigns(scene: &Scene<'_>) -> Table {
    campaigns_of(scene, Part::of(scene, 0, 1))
}

pub(super) fn assistants(scene: &Scene<'_>) -> Table {
    assistants_of(scene, Part::of(scene, 0, 1))
}

pub(super) fn keywords_of(scene: &Scene<'_>, part: Part<'_>) -> Table {
    let absent = Absent::Keyword.text(scene.language());
    let keyword = |row: &Row| Some(sub(row).unwrap_or_else(|| absent.to_owned()));
    table(part.split(keyword), scene.period, |record, keyword, part| {
        let searched = if keyword == absent { "" } else { keyword };
        tell_segment(
            record,
            scene,
            &format!("referrerType==search;referrerKeyword=={}", encode(searched)),
        );
        let under = table(part.split(value), scene.period, |record, engine, _| {
            tell_engine(record, engine, Some(searched));
        });
        record.below = below(&[keyword], under);
    })
}

pub(super) fn engines_of(scene: &Scene<'_>, part: Part<'_>) -> Table {
    let absent = Absent::Keyword.text(scene.language());
    table(part.split(value), scene.period, |record, engine, part| {
        tell_engine(record, engine, None);
        tell_segment(
            record,
            scene,
            &format!("referrerType==search;referrerName=={}", encode(engine)),
        );
        let keyword = |row: &Row| Some(sub(row).unwrap_or_else(|| absent.to_owned()));
        let under = table(part.split(keyword), scene.period, |record, keyword, _| {
            let searched = if keyword == absent { "" } else { keyword };
            if let (_, Some(url)) = labels::engine(engine, Some(searched)) {
                record.tell("url", Cell::text(&url));
            }
        });
        record.below = below(&[engine], under);
    })
}

fn tell_engine(record: &mut Record, engine: &str, keyword: Option<&str>) {
    let (host, url) = labels::engine(engine, keyword);
    if let Some(url) = url {
        record.tell("url", Cell::text(&url));
    }
    if !host.is_empty() {
        let icon = host.replace('/', "_");
        record.tell("logo", Cell::text(&format!("{ICONS}/searchEngines/{icon}.png")));
    }
}

pub(super) fn websites_of(scene: &Scene<'_>, part: Part<'_>) -> Table {
    table(part.split(value), scene.period, |record, host, part| {
        tell_segment(record, scene, &format!("referrerName=={}", encode(host)));
        let under = table(part.split(sub), scene.period, |record, address, _| {
            // Inside a whole tree pages keep their addresses; alone they are paths.
            if !scene.options.expanded {
                record.label = Some(path(address));
                record.tell("url", Cell::text(address));
                tell_segment(record, scene, &format!("referrerUrl=={}", encode(address)));
            }
        });
        record.below = below(&[host], under);
    })
}

/// Path and query of an address; `index` where there is none.
fn path(address: &str) -> String {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let rest = rest.split('#').next().unwrap_or_default();
    let path = match rest.find(['/', '?']) {
        Some(at) => rest.split_at(at).1.trim_start_matches('/'),
        None => "",
    };
    if path.is_empty() { "index".to_owned() } else { path.to_owned() }
}

pub(super) fn socials_of(scene: &Scene<'_>, part: Part<'_>) -> Table {
    table(part.split(value), scene.period, |record, network, part| {
        let host = labels::network(network);
        let segment = format!("referrerType==social;referrerName=={}", encode(network));
        if let Some(host) = host {
            record.tell("url", Cell::text(host));
            record.tell("logo", Cell::text(&format!("{ICONS}/socials/{host}.png")));
        }
        record.tell("segment", Cell::text(&segment));
        let under = table(part.split(sub), scene.period, |record, address, _| {
            if scene.options.flat {
                record.tell("segment", Cell::text(&segment));
            } else if !scene.options.expanded {
                record.tell("url", Cell::text(address));
            }
        });
        record.below = below(&[network], under);
    })
}

pub(super) fn campaigns_of(scene: &Scene<'_>, part: Part<'_>) -> Table {
    table(part.split(value), scene.period, |record, campaign, part| {
        let segment = format!("referrerType==campaign;referrerName=={}", encode(campaign));
        record.tell("segment", Cell::text(&segment));
        let under = table(part.split(sub), scene.period, |record, keyword, _| {
            let own = format!("referrerType==campaign;referrerKeyword=={}", encode(keyword));
            let whole = if scene.options.flat { format!("{segment};{own}") } else { own };
            record.tell("segment", Cell::text(&whole));
        });
        if !under.rows.is_empty() {
            record.below = below(&[campaign], under);
        }
    })
}

pub(super) fn assistants_of(scene: &Scene<'_>, part: Part<'_>) -> Table {
    table(part.split(value), scene.period, |record, assistant, _| {
        let segment = format!("referrerType==ai-assistant;referrerName=={}", encode(assistant));
        record.tell("segment", Cell::text(&segment));
    })
}

/// Flat rows stand for two things at once; most have no segment then.
fn tell_segment(record: &mut Record, scene: &Scene<'_>, segment: &str) {
    if !scene.options.flat {
        record.tell("segment", Cell::text(segment));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_websites_are_shown_as_paths() {
        for (address, want) in [
            ("https://eduscol.education.fr/cid1.html", "cid1.html"),
            ("android-app://com.google.android.gm/", "index"),
            ("http://bruteforce.gr", "index"),
            ("http://sofit-dmd.ru/news.html?id=5", "news.html?id=5"),
            ("http://a.example/b/", "b/"),
        ] {
            assert_eq!(path(address), want);
        }
    }
}
