//! The suite `faults`: processes that are killed, disks that fail, other processes that write, callers without mercy and
//! requests that mean harm. One program for each, in `tests/faults`, each with a short and a long form.

use std::fs;
use std::process::Command;

use crate::counts::{self, Counts};
use crate::package::{self, Built};
use crate::steps::Steps;
use crate::suites::Scale;
use crate::{Result, checkout};

const FOLDER: &str = "tests/faults";

/// What the programs are called, in the order in which they run: the quick ones first.
const PROGRAMS: [(&str, &str); 7] = [
    ("kill", "kill a process that writes"),
    ("io-faults", "let the disk fail, once"),
    ("transactions", "crowd the writer"),
    ("addon-fuzz", "call the addon wrongly"),
    ("server-action", "send hostile requests to a server action"),
    ("processes", "write from several processes"),
    ("soak", "keep a server busy"),
];

pub(crate) fn run(steps: &mut Steps, built: &Built, scale: Scale) -> Result<Counts> {
    let folder = checkout::path(FOLDER);
    // npm takes a package of the same version for the same package, so the old one has to go.
    match fs::remove_dir_all(folder.join("node_modules/purlin")) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(format!("cannot remove the old package from {FOLDER}: {error}"));
        }
        _ => {}
    }
    package::install(steps, &format!("install the packages of {FOLDER}"), &folder)?;
    let mut cargo = checkout::cargo();
    cargo.args(["build", "--locked", "--package", "purlin-tests", "--bin", "purlin-faults"]);
    steps.run("build the writer in Rust", &mut cargo)?;

    let mut counts = Counts::default();
    for (program, label) in PROGRAMS {
        let mut node = Command::new("node");
        node.args(["--test-reporter=tap", &format!("{program}.test.mjs")])
            .args((scale == Scale::Long).then_some("--long"))
            .env("PURLIN_BIN", &built.cli)
            .env("PURLIN_FAULTS_BIN", checkout::cargo_target().join("debug/purlin-faults"))
            .current_dir(&folder);
        counts += steps.measure(label, &mut node, counts::tap);
    }
    Ok(counts)
}
