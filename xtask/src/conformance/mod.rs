//! `cargo xtask conformance`: how far the schema language goes, measured on a folder of schemas that were not written
//! for this project. `docs/conformance.md` says what the numbers mean and which differences are meant.

mod accepted;
mod corpus;
mod course;
mod psl;
mod schemas;
mod scratch;

use std::path::PathBuf;
use std::process::ExitCode;

use crate::Result;
use crate::arguments::Arguments;

/// What a measurement is told.
struct Request {
    corpus: PathBuf,
    verbose: bool,
}

pub(crate) fn command(mut arguments: Arguments) -> Result<ExitCode> {
    let corpus = arguments.option("--corpus")?.ok_or("--corpus DIR is missing")?;
    let request = Request { corpus: PathBuf::from(corpus), verbose: arguments.flag("--verbose") };
    match arguments.rest()?.as_slice() {
        [kind] if kind == "psl" => psl::run(&request),
        [kind] if kind == "schemas" => schemas::run(&request),
        _ => Err("say what to measure: psl or schemas".to_owned()),
    }
}
