//! The suites of `cargo xtask test`. To add one, write an entry in [`SUITES`]; its function runs the suite as steps
//! and returns what it counted.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::counts::{self, Counts};
use crate::package::{self, Built};
use crate::steps::Steps;
use crate::{Result, checkout, demo, regenerate};

pub(crate) struct Suite {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
}

/// When a suite runs, and what it needs.
pub(crate) enum Kind {
    /// Needs nothing but Cargo.
    Cargo(fn(&mut Steps) -> Result<Counts>),
    /// Needs the packed npm package and the command-line tool.
    Package(fn(&mut Steps, &Built) -> Result<Counts>),
    /// The same, and only with `--long`.
    Long(fn(&mut Steps, &Built) -> Result<Counts>),
}

pub(crate) const SUITES: &[Suite] = &[
    Suite { name: "rust", kind: Kind::Cargo(rust) },
    Suite { name: "clients", kind: Kind::Package(clients) },
    Suite { name: "node", kind: Kind::Package(node) },
    Suite { name: "types", kind: Kind::Package(types) },
    Suite { name: "demo", kind: Kind::Package(demo_check) },
    Suite { name: "soak", kind: Kind::Long(soak) },
];

/// Every test of the workspace, doc tests among them.
fn rust(steps: &mut Steps) -> Result<Counts> {
    let mut cargo = checkout::cargo();
    cargo.args(["test", "--workspace", "--locked", "--no-fail-fast"]);
    counted(steps, "cargo test --workspace", &mut cargo, counts::cargo)
}

/// The checked-in generated clients are what the generator writes today.
fn clients(steps: &mut Steps, built: &Built) -> Result<Counts> {
    Ok(regenerate::generate(steps, &built.cli, true))
}

/// The tests of the TypeScript runtime and client.
fn node(steps: &mut Steps, built: &Built) -> Result<Counts> {
    node_tests(steps, built, "node --test", |file| !is_long(file))
}

/// What takes minutes: worker threads that come and go, clients under load.
fn soak(steps: &mut Steps, built: &Built) -> Result<Counts> {
    node_tests(steps, built, "node --test, the long ones,", is_long)
}

/// The folders with tests for Node.js; each has its own `package.json`.
const NODE_TESTS: [&str; 2] = ["node/package", "tests/typescript"];

fn node_tests(steps: &mut Steps, built: &Built, label: &str, chosen: fn(&Path) -> bool) -> Result<Counts> {
    let mut counts = Counts::default();
    for folder in NODE_TESTS.map(checkout::path) {
        // Named one by one, because Node.js 20 takes folders and no patterns, later ones the reverse.
        let files = checkout::files(&folder, |path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            [".test.mjs", ".test.cjs", ".test.js"].iter().any(|ending| name.ends_with(ending)) && chosen(path)
        });
        if !files.is_empty() {
            package::install(steps, &format!("install the packages of {}", checkout::short(&folder)), &folder)?;
            let mut node = Command::new("node");
            node.args(["--test", "--test-reporter=tap"]).args(files).current_dir(&folder).env("PURLIN_BIN", &built.cli);
            counts += counted(steps, &format!("{label} {}", checkout::short(&folder)), &mut node, counts::tap)?;
        }
    }
    Ok(counts)
}

fn is_long(file: &Path) -> bool {
    file.components().any(|part| part.as_os_str() == "long")
}

/// The type tests: what must compile, and what must not. How they are run is the folder's own `npm run check`.
fn types(steps: &mut Steps, _: &Built) -> Result<Counts> {
    let mut counts = Counts::default();
    for folder in NODE_TESTS.map(checkout::path).iter().filter(|folder| package::has_script(folder, "check")) {
        package::install(steps, &format!("install the packages of {}", checkout::short(folder)), folder)?;
        let mut npm = Command::new("npm");
        npm.args(["run", "check"]).current_dir(folder);
        counts += Counts::one(steps.run(&format!("npm run check {}", checkout::short(folder)), &mut npm).is_ok());
    }
    Ok(counts)
}

/// The founding page, driven in a browser.
fn demo_check(steps: &mut Steps, built: &Built) -> Result<Counts> {
    demo::check(steps, built, None)
}

/// Runs a program whose output says how many checks it ran. A program that fails without counting a failure (it did
/// not compile, it crashed) is one failure.
fn counted(steps: &mut Steps, label: &str, command: &mut Command, read: fn(&str) -> Counts) -> Result<Counts> {
    let mut counts = Counts::default();
    let outcome = steps.step(label, |log| {
        let ended = crate::process::Group::start(command, log)?.wait(crate::steps::LIMIT);
        counts = read(&String::from_utf8_lossy(&fs::read(log).unwrap_or_default()));
        ended
    });
    if outcome.is_err() && counts.failed == 0 {
        counts.failed = 1;
    }
    Ok(counts)
}
