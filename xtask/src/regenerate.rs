//! `cargo xtask regenerate`: writes again what is generated and checked in, every client and the reference of errors, or
//! compares it with what would be written.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use crate::arguments::Arguments;
use crate::counts::Counts;
use crate::steps::Steps;
use crate::{Result, checkout};

/// Where generated clients are checked in.
const HOMES: [&str; 5] = ["bench", "client", "examples", "node", "tests"];

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

/// Runs `purlin generate` for each schema that has a checked-in client, and writes the reference of errors; counts one
/// check for each.
pub(crate) fn generate(steps: &mut Steps, cli: &Path, check_only: bool) -> Counts {
    let mut counts = Counts::one(steps.step(&format!("generate {ERRORS}"), |_| errors(check_only)).is_ok());
    for schema in schemas() {
        let mut purlin = Command::new(cli);
        purlin.arg("generate").args(check_only.then_some("--check")).arg("--schema").arg(&schema);
        // Its own folder, so that the settings of no other project apply.
        purlin.current_dir(schema.parent().unwrap_or(&schema));
        counts += Counts::one(steps.run(&format!("generate {}", checkout::short(&schema)), &mut purlin).is_ok());
    }
    counts
}

/// The reference of errors.
const ERRORS: &str = "docs/errors.md";

fn errors(check_only: bool) -> Result {
    let (path, text) = (checkout::path(ERRORS), purlin_schema::reference::markdown());
    if fs::read_to_string(&path).is_ok_and(|existing| existing == text) {
        return Ok(());
    }
    if check_only {
        return Err(format!("{ERRORS} differs from schema/reference"));
    }
    fs::write(path, text).map_err(|error| format!("cannot write {ERRORS}: {error}"))
}

/// A project whose clients are not checked in: its tests generate them.
const NOT_CHECKED_IN: &str = "tests/rename/schema.prisma";

/// The schemas that generate one of our clients.
fn schemas() -> Vec<PathBuf> {
    let ours = |path: &Path| {
        path.extension().is_some_and(|ending| ending == "prisma")
            && !path.ends_with(NOT_CHECKED_IN)
            && fs::read_to_string(path).is_ok_and(|text| text.contains("\"purlin-"))
    };
    HOMES.into_iter().flat_map(|home| checkout::files(&checkout::path(home), ours)).collect()
}
