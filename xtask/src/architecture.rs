//! What ARCHITECTURE.md says of the crates, compared with their manifests.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::Value;

use crate::checkout;

/// The crates that ship, by their folder; the rest of the workspace may depend on any of them.
const SHIPPED: [&str; 9] = ["schema", "query", "driver", "client", "macros", "codegen", "migrate", "cli", "node"];

/// Foreign crates that bring an outside world in, and the folders that may depend on them.
const WORLDS: [(&str, &[&str]); 5] = [
    ("rusqlite", &["driver", "migrate"]),
    ("clap", &["cli"]),
    ("napi", &["node"]),
    ("tokio", &["driver"]),
    ("sqlx", &["driver"]),
];

/// The dependencies of each shipped crate, without those of its tests: crates of ours by their folder, others by name.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let mut cargo = checkout::cargo();
    cargo.args(["metadata", "--no-deps", "--locked", "--offline", "--format-version", "1"]);
    let output = cargo.output().expect("cargo runs");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo prints JSON");
    let root = checkout::root();
    let folder = |path: &str| {
        let path = std::path::Path::new(path).strip_prefix(&root).ok()?;
        path.to_str().filter(|name| SHIPPED.contains(name)).map(str::to_owned)
    };
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let mut found = BTreeMap::new();
    for package in list(&metadata["packages"]) {
        let manifest = package["manifest_path"].as_str().unwrap_or_default();
        let Some(name) = folder(manifest.trim_end_matches("/Cargo.toml")) else { continue };
        let needed = list(&package["dependencies"]).into_iter().filter(|dependency| dependency["kind"] != "dev");
        let named = needed.map(|dependency| {
            let ours = dependency["path"].as_str().and_then(folder);
            ours.unwrap_or_else(|| dependency["name"].as_str().unwrap_or_default().to_owned())
        });
        found.insert(name, named.collect());
    }
    assert_eq!(found.len(), SHIPPED.len(), "{:?}", found.keys());
    found
}

/// The arrows of the code map: `codegen -> query, schema`, a line for each crate that depends on one of ours.
fn arrows() -> BTreeMap<String, BTreeSet<String>> {
    let text = fs::read_to_string(checkout::path("ARCHITECTURE.md")).expect("the page is there");
    let map = text.split("\n## ").find(|section| section.starts_with("Code map\n")).expect("it has a code map");
    map.lines()
        .filter_map(|line| line.split_once(" -> "))
        .map(|(name, needed)| (name.trim().to_owned(), needed.split(", ").map(|name| name.trim().to_owned()).collect()))
        .collect()
}

#[test]
fn the_code_map_has_the_dependencies_of_the_manifests() {
    let ours = |needed: BTreeSet<String>| -> BTreeSet<String> {
        needed.into_iter().filter(|name| SHIPPED.contains(&name.as_str())).collect()
    };
    let found: BTreeMap<_, _> = dependencies().into_iter().map(|(name, needed)| (name, ours(needed))).collect();
    let found: BTreeMap<_, _> = found.into_iter().filter(|(_, needed)| !needed.is_empty()).collect();
    assert_eq!(arrows(), found, "left is ARCHITECTURE.md, right are the manifests");
}

#[test]
fn only_the_crates_at_the_rim_know_the_outside_world() {
    let found = dependencies();
    for (world, allowed) in WORLDS {
        let users: Vec<&str> =
            found.iter().filter(|(_, needed)| needed.contains(world)).map(|(n, _)| n.as_str()).collect();
        assert_eq!(users, allowed, "crates that depend on {world}");
    }
}

#[test]
fn unsafe_code_is_forbidden_in_every_crate_but_the_addon() {
    for name in SHIPPED {
        let source = checkout::path(name).join("src");
        let root = ["lib.rs", "main.rs"].iter().find_map(|file| fs::read_to_string(source.join(file)).ok());
        let forbids = root.expect("a crate has a root").contains("#![forbid(unsafe_code)]");
        assert_eq!(forbids, name != "node", "{name}");
    }
}
