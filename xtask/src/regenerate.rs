//! `cargo xtask regenerate`: writes every file that is generated and checked in again, or compares each with what would
//! be written. No test writes one of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::arguments::Arguments;
use crate::counts::Counts;
use crate::steps::Steps;
use crate::{Result, checkout, package};

/// Makes the text of a file.
type Generator = fn() -> String;

/// Files that a crate makes from its own tables.
const FILES: [(&str, Generator); 3] = [
    ("docs/errors.md", purlin_schema::reference::markdown),
    ("node/package/src/codes.ts", purlin_codegen::typescript::codes),
    ("node/package/src/protocol.ts", protocol_file),
];

#[path = "../../node/src/protocol.rs"]
#[allow(dead_code, reason = "the constants are the addon's; the table is what is needed here")]
mod protocol;

/// The runtime's copy of the numbers that it shares with the addon.
fn protocol_file() -> String {
    let mut text = "// Generated from the addon's table by `cargo xtask regenerate`. Do not edit.\n".to_owned();
    for (name, documentation, value) in protocol::TABLE {
        text.push_str(&format!("\n/**{documentation} */\nexport const {name} = {value}\n"));
    }
    text
}

/// Where the schemas of generated clients are.
const HOMES: [&str; 4] = ["client", "examples", "node", "tests"];

/// A project whose clients are not checked in: its tests generate them. Those of `package::CLIENTS_OF_TESTS` are not either.
const NOT_CHECKED_IN: &str = "tests/rename/schema.prisma";

/// Whether files are written or compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Write,
    Check,
}

pub(crate) fn command(mut arguments: Arguments) -> Result<ExitCode> {
    let mode = if arguments.flag("--check") { Mode::Check } else { Mode::Write };
    arguments.finish()?;
    let mut steps = Steps::new("regenerate")?;
    let counts = run(&mut steps, mode)?;
    println!("\n  {counts}");
    Ok(counts.exit_code())
}

/// Writes or compares the files, one check for each table and each schema, and lists those that differ.
pub(crate) fn run(steps: &mut Steps, mode: Mode) -> Result<Counts> {
    let mut cargo = checkout::cargo();
    steps.run("build the command-line tool", cargo.args(["build", "--locked", "--package", "purlin-cli"]))?;
    let cli = checkout::cargo_target().join("debug").join(format!("purlin{}", std::env::consts::EXE_SUFFIX));

    let mut counts = Counts::default();
    let mut differ = Vec::new();
    for (name, text) in FILES {
        let done = steps.step(&format!("generate {name}"), |_| file(&checkout::path(name), &text(), mode));
        if done.is_err() {
            differ.push(PathBuf::from(name));
        }
        counts += Counts::one(done.is_ok());
    }
    for schema in schemas() {
        let mut purlin = package::generate(&cli, &schema);
        purlin.args((mode == Mode::Check).then_some("--check"));
        let done = steps.run_logged(&format!("generate {}", checkout::short(&schema)), &mut purlin);
        counts += Counts::one(done.is_ok());
        if let Err(log) = done {
            let listed = listed(&log);
            let folder = schema.parent().unwrap_or(&schema);
            differ.extend(listed.iter().map(|file| PathBuf::from(checkout::short(&folder.join(file)))));
            if listed.is_empty() {
                differ.push(PathBuf::from(checkout::short(&schema)));
            }
        }
    }
    if !differ.is_empty() && mode == Mode::Check {
        println!("  these files are not what their generators write; `cargo xtask regenerate` writes them:");
        differ.iter().for_each(|path| println!("    {}", path.display()));
    }
    Ok(counts)
}

fn file(path: &Path, text: &str, mode: Mode) -> Result {
    if fs::read_to_string(path).is_ok_and(|existing| existing == text) {
        return Ok(());
    }
    match mode {
        Mode::Check => Err("it is not what its generator writes".to_owned()),
        Mode::Write => fs::write(path, text).map_err(|error| format!("cannot write {}: {error}", path.display())),
    }
}

/// The files that `purlin generate --check` names as out of date: indented lines up to the remedy.
fn listed(output: &str) -> Vec<&str> {
    let mut lines = output.lines().skip_while(|line| !line.ends_with("not what the schema asks for:"));
    lines.next();
    lines.map_while(|line| line.strip_prefix("  ").filter(|file| !file.starts_with("help: "))).collect()
}

/// The schemas that generate one of our clients.
fn schemas() -> Vec<PathBuf> {
    let ours = |path: &Path| {
        path.extension().is_some_and(|ending| ending == "prisma")
            && !package::CLIENTS_OF_TESTS.iter().chain([&NOT_CHECKED_IN]).any(|schema| path.ends_with(schema))
            && fs::read_to_string(path).is_ok_and(|text| text.contains("\"purlin-"))
    };
    HOMES.into_iter().flat_map(|home| checkout::files(&checkout::path(home), ours)).collect()
}

#[cfg(test)]
mod tests {
    use super::listed;

    #[test]
    fn the_files_that_differ_are_read_from_the_report() {
        let report = "error: 2 files are not what the schema asks for:\n  src/db/index.ts\n  src/db/models.ts\n  \
                      help: run `purlin generate`\n";
        assert_eq!(listed(report), ["src/db/index.ts", "src/db/models.ts"]);
        assert!(listed("error: the schema is not valid\n").is_empty());
    }
}
