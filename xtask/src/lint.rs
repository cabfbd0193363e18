//! The suite `lint`: what needs no test to be seen. Every warning is an error here, and only here, so that a build while
//! one works goes on.

use std::process::Command;

use crate::counts::Counts;
use crate::steps::Steps;
use crate::{Result, checkout, tools};

/// The workspaces of the checkout, by the folder of their manifest.
const WORKSPACES: [&str; 3] = [".", "bench", "fuzz"];

/// The crates with features, and the sets of them that must build beside the default one: none, and each alone.
const FEATURES: [(&str, &[&str]); 2] = [("purlin", &["", "serde", "json"]), ("purlin-query", &["", "serde"])];

pub(crate) fn run(steps: &mut Steps) -> Result<Counts> {
    tools::lints()?;
    let mut counts = Counts::default();
    for folder in WORKSPACES {
        let mut cargo = checkout::cargo();
        cargo.args(["fmt", "--all", "--check"]).current_dir(checkout::path(folder));
        counts += one(steps, &format!("cargo fmt --check {folder}"), &mut cargo);
        // A lock file that lacks a dependency would only be found by whoever measures or fuzzes next.
        let mut cargo = checkout::cargo();
        cargo.args(["metadata", "--locked", "--format-version", "1"]).current_dir(checkout::path(folder));
        counts += one(steps, &format!("cargo metadata --locked {folder}"), &mut cargo);
    }

    let mut cargo = checkout::cargo();
    cargo.args(["clippy", "--workspace", "--all-targets", "--locked", "--", "--deny", "warnings"]);
    counts += one(steps, "cargo clippy", &mut cargo);
    for (package, sets) in FEATURES {
        for features in sets {
            let mut cargo = checkout::cargo();
            cargo.args(["clippy", "--locked", "--package", package, "--no-default-features"]);
            cargo.args(["--features", features, "--", "--deny", "warnings"]);
            let features = if features.is_empty() { "no features" } else { features };
            counts += one(steps, &format!("cargo clippy {package} with {features}"), &mut cargo);
        }
    }

    let mut cargo = checkout::cargo();
    cargo.args(["doc", "--workspace", "--no-deps", "--locked"]).env("RUSTDOCFLAGS", "--deny warnings");
    counts += one(steps, "cargo doc", &mut cargo);
    Ok(counts)
}

fn one(steps: &mut Steps, label: &str, command: &mut Command) -> Counts {
    Counts::one(steps.run(label, command).is_ok())
}
