//! `cargo xtask bench`: hands over to `bench/`, a workspace of its own, so that the peers' versions never bind ours.

use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};

use crate::arguments::Arguments;
use crate::{Result, checkout, tools};

pub(crate) fn command(arguments: Arguments) -> Result<ExitCode> {
    tools::node()?;
    let mut node = Command::new("node");
    node.arg(checkout::path("bench/run.mjs"))
        .args(arguments.into_words())
        .env("CARGO_TARGET_DIR", checkout::cargo_target());
    // The benchmarks report their own progress and know their own options: nothing of ours stays in between.
    Err(format!("cannot start node: {}", node.exec()))
}
