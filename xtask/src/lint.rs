//! `cargo xtask lint`, which is also a suite: what needs no test to be seen. Every warning is an error here, and only
//! here, so that a build while one works goes on.

use std::process::{Command, ExitCode};

use crate::arguments::Arguments;
use crate::counts::Counts;
use crate::regenerate::Mode;
use crate::steps::Steps;
use crate::{Result, checkout, package, regenerate, tools};

/// The workspaces of the checkout, by the folder of their manifest.
const WORKSPACES: [&str; 3] = [".", "bench", "fuzz"];

/// The crates with features, and the sets of them that must build beside the default one: none, and each alone.
const FEATURES: [(&str, &[&str]); 6] = [
    ("purlin", &["", "serde", "json", "typescript", "postgres"]),
    ("purlin-cli", &["", "postgres"]),
    ("purlin-driver", &["", "postgres"]),
    ("purlin-migrate", &["", "postgres"]),
    ("purlin-node", &["postgres"]),
    ("purlin-tests", &["postgres"]),
];

/// The package whose development tools have the formatter and linter of TypeScript.
const TYPESCRIPT_TOOLS: &str = "node/package";

pub(crate) fn command(arguments: Arguments) -> Result<ExitCode> {
    arguments.finish()?;
    let counts = run(&mut Steps::new("lint")?)?;
    println!("\n  {counts}");
    Ok(counts.exit_code())
}

pub(crate) fn run(steps: &mut Steps) -> Result<Counts> {
    tools::lints()?;
    tools::node()?;
    let mut counts = typescript(steps)?;
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
    counts += regenerate::run(steps, Mode::Check)?;
    Ok(counts)
}

/// The layout and the lints of TypeScript, JavaScript and CSS, as `biome.jsonc` sets them.
fn typescript(steps: &mut Steps) -> Result<Counts> {
    let folder = checkout::path(TYPESCRIPT_TOOLS);
    package::install(steps, "install the package's development tools", &folder)?;
    let mut biome = Command::new(folder.join("node_modules/.bin/biome"));
    biome.args(["ci", "--error-on-warnings", "--colors=off", "."]).current_dir(checkout::root());
    Ok(one(steps, "biome ci", &mut biome))
}

fn one(steps: &mut Steps, label: &str, command: &mut Command) -> Counts {
    Counts::one(steps.run(label, command).is_ok())
}
