//! `cargo xtask regenerate`: writes every checked-in generated client again, or compares it with what would be written.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use crate::arguments::Arguments;
use crate::counts::Counts;
use crate::steps::Steps;
use crate::{Result, checkout};

/// Where generated clients are checked in.
const HOMES: [&str; 4] = ["bench", "client", "examples", "tests"];

pub(crate) fn command(mut arguments: Arguments) -> Result<ExitCode> {
    let check_only = arguments.flag("--check");
    arguments.finish()?;
    let mut steps = Steps::new("regenerate")?;
    let mut cargo = checkout::cargo();
    steps.run("build the command-line tool", cargo.args(["build", "--locked", "--package", "purlin-cli"]))?;
    let cli = checkout::cargo_target().join("debug/purlin");
    let counts = generate(&mut steps, &cli, check_only);
    println!("\n  {counts}");
    Ok(counts.exit_code())
}

/// Runs `purlin generate` in each project that has a checked-in client; counts one check for each.
pub(crate) fn generate(steps: &mut Steps, cli: &Path, check_only: bool) -> Counts {
    let mut counts = Counts::default();
    for project in projects() {
        let mut purlin = Command::new(cli);
        purlin.arg("generate").args(check_only.then_some("--check")).current_dir(&project);
        counts += Counts::one(steps.run(&format!("generate {}", checkout::short(&project)), &mut purlin).is_ok());
    }
    counts
}

/// The folders with a `purlin.toml`; schemas without one are data of tests.
fn projects() -> Vec<PathBuf> {
    let configured = |home| checkout::files(&checkout::path(home), |path| path.ends_with("purlin.toml"));
    HOMES.into_iter().flat_map(configured).filter_map(|file| Some(file.parent()?.to_path_buf())).collect()
}
