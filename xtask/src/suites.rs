//! The suites of `cargo xtask test`. To add one, write an entry in [`SUITES`]; its function runs the suite as steps
//! and returns what it counted.

use std::path::Path;
use std::process::Command;

use crate::counts::{self, Counts};
use crate::package::{self, Built};
use crate::steps::Steps;
use crate::{Result, checkout, demo, faults, lint, tools};

pub(crate) struct Suite {
    pub(crate) name: &'static str,
    pub(crate) kind: SuiteKind,
}

/// When a suite runs, and what it needs.
pub(crate) enum SuiteKind {
    /// Needs nothing that is built before.
    Alone(fn(&mut Steps) -> Result<Counts>),
    /// Needs the packed npm package and the command-line tool.
    Package(fn(&mut Steps, &Built) -> Result<Counts>),
    /// The same, in a short form, or with `--long` in a long one.
    Scaled(fn(&mut Steps, &Built, Scale) -> Result<Counts>),
    /// Needs the package too, and runs only with `--long`.
    Long(fn(&mut Steps, &Built) -> Result<Counts>),
}

/// How much a suite does that has two forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scale {
    Short,
    Long,
}

pub(crate) const SUITES: &[Suite] = &[
    Suite { name: "lint", kind: SuiteKind::Alone(lint::run) },
    Suite { name: "rust", kind: SuiteKind::Alone(rust) },
    Suite { name: "node", kind: SuiteKind::Package(node) },
    Suite { name: "types", kind: SuiteKind::Package(types) },
    Suite { name: "demo", kind: SuiteKind::Package(demo_check) },
    Suite { name: "faults", kind: SuiteKind::Scaled(faults::run) },
    Suite { name: "soak", kind: SuiteKind::Long(soak) },
];

/// Every test of the workspace, doc tests among them. Those of PostgreSQL start servers of their own.
fn rust(steps: &mut Steps) -> Result<Counts> {
    tools::postgres(steps)?;
    let mut cargo = checkout::cargo();
    cargo.args(["test", "--workspace", "--locked", "--no-fail-fast"]);
    let mut counts = steps.count("cargo test --workspace", &mut cargo, counts::cargo);
    let mut cargo = checkout::cargo();
    cargo.args(["test", "--package", "purlin-tests", "--features", "postgres", "--test", "cases", "--locked"]);
    counts += steps.count("cargo test of the behavior cases, on PostgreSQL", &mut cargo, counts::cargo);
    Ok(counts)
}

/// The tests of the TypeScript runtime and client.
fn node(steps: &mut Steps, _: &Built) -> Result<Counts> {
    tools::postgres(steps)?;
    node_tests(steps, "node --test", |file| !is_long(file) && !is_of_types(file))
}

/// What takes minutes: worker threads that come and go, a schema that changes under a development server.
fn soak(steps: &mut Steps, _: &Built) -> Result<Counts> {
    node_tests(steps, "node --test, the long ones,", is_long)
}

/// The folders with tests for Node.js, and the script that checks their types.
const NODE_PROJECTS: [(&str, &str); 2] = [("node/package", "check"), ("tests/typescript", "typecheck")];

fn node_tests(steps: &mut Steps, label: &str, chosen: fn(&Path) -> bool) -> Result<Counts> {
    let mut counts = Counts::default();
    for folder in NODE_PROJECTS.map(|(folder, _)| checkout::path(folder)) {
        // Named one by one, because Node.js 20 takes folders and no patterns, later ones the reverse.
        let files = checkout::files(&folder, |path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            [".test.mjs", ".test.cjs", ".test.js"].iter().any(|ending| name.ends_with(ending)) && chosen(path)
        });
        if !files.is_empty() {
            package::install(steps, &format!("install the packages of {}", checkout::short(&folder)), &folder)?;
            let mut node = Command::new("node");
            node.args(["--test", "--test-reporter=tap"]).args(files).current_dir(&folder);
            counts += steps.count(&format!("{label} {}", checkout::short(&folder)), &mut node, counts::tap);
        }
    }
    Ok(counts)
}

fn is_long(file: &Path) -> bool {
    is_in(file, "long")
}

/// Returns whether the tests are about what editors show and what types cost.
fn is_of_types(file: &Path) -> bool {
    is_in(file, "editor")
}

fn is_in(file: &Path, folder: &str) -> bool {
    file.components().any(|part| part.as_os_str() == folder)
}

/// The type tests: what must compile, what must not, what editors show, and what the compiler has to do.
fn types(steps: &mut Steps, _: &Built) -> Result<Counts> {
    let mut counts = Counts::default();
    for (name, script) in NODE_PROJECTS {
        let folder = checkout::path(name);
        package::install(steps, &format!("install the packages of {name}"), &folder)?;
        let mut npm = Command::new("npm");
        npm.args(["run", script]).current_dir(folder);
        counts += Counts::one(steps.run(&format!("npm run {script} {name}"), &mut npm).is_ok());
    }
    counts += node_tests(steps, "node --test, for editors,", |file| !is_long(file) && is_of_types(file))?;
    Ok(counts)
}

/// The founding page, driven in a browser.
fn demo_check(steps: &mut Steps, built: &Built) -> Result<Counts> {
    let mut counts = demo::check(steps, built, demo::Database::Sqlite, None)?;
    counts += demo::check(steps, built, demo::Database::Postgres, None)?;
    Ok(counts)
}
