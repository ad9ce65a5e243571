//! DevicesDetection: kinds of devices, browsers, systems.

use super::rows::{Part, sub, table, value, visits_and_goals};
use crate::{
    report::{
        labels::{self, DEVICE_TYPES, encode, unknown},
        need::{By, Need, Row},
        refusal::Refusal,
        registry::Report,
        scene::{Asked, Scene},
        table::{Cell, Record, Table},
    },
    rollup::{Shape, subject},
};

const MODULE: &str = "DevicesDetection";
const ICONS: &str = "plugins/Morpheus/icons/dist";

pub(super) const REPORTS: &[Report] = &[
    Report::new(MODULE, "getType", type_needs, types).of(&["DevicesDetection_DeviceType"]),
    Report::new(MODULE, "getBrowsers", browser_needs, browsers)
        .of(&["DevicesDetection_BrowserName"]),
    Report::new(
        MODULE,
        "getBrowserVersions",
        |_| Ok(vec![Need::of(Shape::Visit, subject::BROWSER_VERSION, By::SUB)]),
        browser_versions,
    )
    .of(&["DevicesDetection_BrowserVersion"]),
    Report::new(
        MODULE,
        "getOsFamilies",
        |_| Ok(vec![Need::of(Shape::Visit, subject::OS, By::VALUE)]),
        systems,
    )
    .of(&["DevicesDetection_Os"]),
    Report::new(
        MODULE,
        "getOsVersions",
        |_| Ok(vec![Need::of(Shape::Visit, subject::OS_VERSION, By::SUB)]),
        system_versions,
    )
    .of(&["DevicesDetection_OsVersion"]),
    Report::new(MODULE, "getBrowserEngines", engine_needs, engines)
        .of(&["DevicesDetection_BrowserEngine"]),
    Report::new(MODULE, "getBrand", type_needs, brands).of(&["DevicesDetection_DeviceBrand"]),
    Report::new(MODULE, "getModel", type_needs, models).of(&["DevicesDetection_DeviceModel"]),
];

fn type_needs(asked: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    Ok(visits_and_goals(asked, subject::DEVICE_TYPE, By::VALUE))
}

fn browser_needs(asked: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    Ok(visits_and_goals(asked, subject::BROWSER, By::VALUE))
}

fn engine_needs(_: &Asked<'_>) -> Result<Vec<Need>, Refusal> {
    Ok(vec![Need::of(Shape::Visit, subject::BROWSER, By::VALUE)])
}

fn engines(scene: &Scene<'_>) -> Table {
    let engine = |row: &Row| {
        let known = labels::engine_of(&value(row).unwrap_or_default());
        Some(known.map_or("", |(engine, _)| engine).to_owned())
    };
    let parts = Part::of(scene, 0, usize::MAX).split(engine);
    table(parts, scene.period, |record, engine, part| {
        let browser = part.visits.first().map_or("", |row| row.value.as_str());
        let name = labels::engine_of(browser).map(|(_, name)| name);
        record.label = Some(name.unwrap_or_else(|| unknown(scene.language())).to_owned());
        record.tell("segment", Cell::text(&format!("browserEngine=={engine}")));
    })
}

/// The makers of devices are not kept: all visits are of unknown ones.
fn brands(scene: &Scene<'_>) -> Table {
    let parts = Part::of(scene, 0, 1).split(|_| Some("Unknown".to_owned()));
    table(parts, scene.period, |record, name, _| {
        decorate(record, name, scene, &format!("{ICONS}/brand/{name}.png"));
        record.tell("segment", Cell::text(&format!("deviceBrand=={name}")));
    })
}

/// Models are not kept either; what is left of them is the kind of device.
fn models(scene: &Scene<'_>) -> Table {
    let parts = Part::of(scene, 0, 1).split(|row| Some(value(row).unwrap_or_default()));
    table(parts, scene.period, |record, stored, _| {
        let known = labels::device_type(stored, scene.language());
        record.label = Some(match known {
            Some(kind) => format!("Generic {kind}"),
            None => unknown(scene.language()).to_owned(),
        });
        let segment = match stored {
            "" => "deviceBrand==Unknown;deviceModel==".to_owned(),
            _ => format!(
                "deviceBrand==Unknown;deviceModel=={}",
                encode(&format!("generic {stored}"))
            ),
        };
        record.tell("segment", Cell::text(&segment));
    })
}

/// Every kind there is has a row, also without visits, where anything is known at all.
fn types(scene: &Scene<'_>) -> Table {
    let stored = |row: &Row| Some(value(row).unwrap_or_default());
    let tongue = scene.language();
    let decorate = |record: &mut Record, stored: &str| {
        let known = labels::device_type(stored, tongue);
        let icon = if known.is_some() { stored.replace(' ', "_") } else { "unknown".to_owned() };
        record.tell("logo", Cell::text(&format!("{ICONS}/devices/{icon}.png")));
        if known.is_some() {
            record.tell("segment", Cell::text(&format!("deviceType=={}", encode(stored))));
        }
        record.label = Some(known.unwrap_or_else(|| unknown(tongue).to_owned()));
    };
    let parts = Part::of(scene, 0, 1).split(stored);
    let missing: Vec<&str> = DEVICE_TYPES
        .iter()
        .map(|(stored, _)| *stored)
        .filter(|stored| !parts.contains_key(*stored))
        .collect();
    let mut table = table(parts, scene.period, |record, stored, _| decorate(record, stored));
    if !table.rows.is_empty() && !scene.in_map {
        for stored in missing {
            let mut record = Record::new(stored, vec![("nb_visits".into(), Cell::Count(0))]);
            decorate(&mut record, stored);
            table.rows.push(record);
        }
    }
    table
}

fn browsers(scene: &Scene<'_>) -> Table {
    let name = |row: &Row| Some(value(row).unwrap_or_else(|| "Unknown".to_owned()));
    table(Part::of(scene, 0, 1).split(name), scene.period, |record, name, _| {
        let code = labels::browser_code(name);
        decorate(record, name, scene, &format!("{ICONS}/browsers/{code}.png"));
        record.tell("segment", Cell::text(&format!("browserCode=={code}")));
    })
}

fn browser_versions(scene: &Scene<'_>) -> Table {
    let parts = Part::of(scene, 0, usize::MAX).split(version);
    table(parts, scene.period, |record, name, part| {
        let (base, version) =
            part.visits.first().map_or(("", ""), |row| (row.value.as_str(), row.sub.as_str()));
        let code = labels::browser_code(base);
        decorate(record, name, scene, &format!("{ICONS}/browsers/{code}.png"));
        let segment = format!("browserCode=={code};browserVersion=={}", encode(version));
        record.tell("segment", Cell::text(&segment));
    })
}

fn systems(scene: &Scene<'_>) -> Table {
    let name = |row: &Row| Some(value(row).unwrap_or_else(|| "Unknown".to_owned()));
    let parts = Part::of(scene, 0, usize::MAX).split(name);
    table(parts, scene.period, |record, name, _| {
        let icon = format!("{ICONS}/os/{}.png", labels::system_code(name));
        decorate(record, name, scene, &icon);
    })
}

fn system_versions(scene: &Scene<'_>) -> Table {
    let parts = Part::of(scene, 0, usize::MAX).split(version);
    table(parts, scene.period, |record, name, part| {
        let (base, version) =
            part.visits.first().map_or(("", ""), |row| (row.value.as_str(), row.sub.as_str()));
        let code = labels::system_code(base);
        decorate(record, name, scene, &format!("{ICONS}/os/{code}.png"));
        let segment =
            format!("operatingSystemCode=={code};operatingSystemVersion=={}", encode(version));
        record.tell("segment", Cell::text(&segment));
    })
}

/// `Firefox 140`, or `Firefox` where the version is not known.
fn version(row: &Row) -> Option<String> {
    let name = value(row).unwrap_or_else(|| "Unknown".to_owned());
    Some(match sub(row) {
        Some(version) => format!("{name} {version}"),
        None => name,
    })
}

fn decorate(record: &mut Record, name: &str, scene: &Scene<'_>, icon: &str) {
    if name == "Unknown" {
        record.label = Some(unknown(scene.language()).to_owned());
    }
    record.tell("logo", Cell::text(icon));
}
