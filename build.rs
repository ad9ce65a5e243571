//! Puts the patterns that recognise browsers beside the compiled code.
//!
//! They come with the pinned crate `ua-parser`, in its folder `uap-core`: nothing is fetched.

use std::{env, fs, path::PathBuf, process::Command};

fn main() {
    println!("cargo::rerun-if-changed=Cargo.lock");
    println!("cargo::rerun-if-changed=migrations");
    println!("cargo::rerun-if-changed=build.rs");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let patterns = package_folder("ua-parser").join("uap-core/regexes.yaml");
    fs::copy(&patterns, out.join("regexes.yaml"))
        .unwrap_or_else(|error| panic!("{}: {error}", patterns.display()));
}

/// Where cargo keeps a package's source.
fn package_folder(name: &str) -> PathBuf {
    let cargo = env::var_os("CARGO").expect("cargo sets CARGO");
    // A first build may not have fetched what other targets need: ask again with the network.
    let ask = |more: &[&str]| {
        let mut command = Command::new(&cargo);
        command.args(["metadata", "--format-version", "1", "--filter-platform"]);
        command.arg(env::var_os("TARGET").expect("cargo sets TARGET")).args(more);
        command.output().expect("cargo metadata runs")
    };
    let output =
        Some(ask(&["--offline"])).filter(|it| it.status.success()).unwrap_or_else(|| ask(&[]));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value =
        serde_json::from_slice(&output.stdout).expect("cargo metadata prints JSON");
    let packages = metadata["packages"].as_array().expect("metadata lists packages");
    let package = packages.iter().find(|package| package["name"] == name);
    let manifest = package.and_then(|package| package["manifest_path"].as_str());
    PathBuf::from(manifest.unwrap_or_else(|| panic!("no package {name} in the dependency tree")))
        .parent()
        .expect("a manifest lies in a folder")
        .to_owned()
}
