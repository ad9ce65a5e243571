//! PADOQE: audience and feature-usage measurement, free of identifiers by construction.
//!
//! The modules stand in the order a hit goes:
//!
//! ```text
//! browser ── web ─▶ collect ─▶ strip ─▶ journal ─▶ session ─▶ rollup ─▶ store ─▶ report ─▶ web / dash
//! ```
//!
//! `collect`, `strip`, `session`, `rollup`, `report` and `dash` take values and return values: no
//! clock, socket, file or database in them. `web` is the only place that knows actix, `store` the
//! only one that knows SQL, `journal` the only one that appends to files. An address or a user
//! agent can be named in `web`, `collect` and `strip`, nowhere else. `tests/layers.rs` holds all
//! this.

pub mod config;

pub mod site;

pub mod school;

pub mod register;

pub mod datamap;

pub mod collect;

pub mod strip;

pub mod keyring;

pub mod journal;

pub mod session;

pub mod rollup;

pub mod ingest;

pub mod cluster;

pub mod store;

pub mod report;

pub mod segment;

pub mod secrecy;

pub mod publish;

pub mod dash;

pub mod picture;

pub mod web;

pub mod app;

pub mod import;

pub mod annuaire;

pub mod declare;

pub mod compare;
